//! A simple fuzzer: clean scripts are cut, doubled, swapped and sprinkled. Reader, checks and fixes must accept the
//! result. The seed is printed, and `RUSHES_FUZZ_SEED` sets it.

use rushes::model::{Form, Rule, RuleSet};
use rushes::script::lint::{Fix, Fixed, MAX_OF_A_RULE, check};
use rushes::script::{move_boundary, read};

use crate::clean_scripts::corpus;

const ROUNDS: usize = 3000;

const SPRINKLES: [&str; 28] = [
    "\\n", "\n", "__", "【", "】", "{", "}", "\"", "“", "”", "(", "）", "0-", "-3s", "15:00", "00:0", ":",
    "99999s", "Shot ", "镜头", "@图片", "image 99", "@", "9:16", "4K", "subtitle", "\u{301}", "🎬",
];

/// The text with one thing changed.
fn mutated(text: &str, others: &[(String, String)], random: &mut fastrand::Rng) -> String {
    let at = |random: &mut fastrand::Rng| text.floor_char_boundary(random.usize(0..=text.len()));
    let (mut from, mut to) = (at(random), at(random));
    if from > to {
        std::mem::swap(&mut from, &mut to);
    }
    match random.u8(0..6) {
        0 => format!("{}{}", &text[..from], &text[to..]),
        1 => format!("{}{}", &text[..to], &text[from..]),
        2 => format!("{}{}", &text[from..], &text[..to]),
        3 => {
            let (_, other) = &others[random.usize(0..others.len())];
            format!(
                "{}{}",
                &text[..from],
                &other[other.floor_char_boundary(random.usize(0..=other.len()))..]
            )
        }
        4 => format!("{}{}{}", &text[..from], random.u32(0..20), &text[from..]),
        _ => format!(
            "{}{}{}",
            &text[..from],
            SPRINKLES[random.usize(0..SPRINKLES.len())],
            &text[from..]
        ),
    }
}

/// Reads, checks, and applies every fix that is offered and some that are not.
fn exercise(prompt: String) {
    let form = Form {
        prompt,
        ..Form::default()
    };
    let script = read(&form.prompt);
    let findings = check(&form, &script, &RuleSet::NONE);
    let order: Vec<_> = findings
        .iter()
        .map(|finding| (finding.severity, finding.span.start))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    let mut fixes: Vec<Fix> = vec![
        Fix::Retime,
        Fix::Squeeze(4000),
        Fix::Stretch(15_000),
        Fix::CloseGaps,
        Fix::StartAtZero,
        Fix::Shift,
        Fix::Split(0),
        Fix::Renumber,
        Fix::NormaliseReferences,
        Fix::ReplaceNewlines,
    ];
    for finding in findings {
        assert!(form.prompt.get(finding.span.clone()).is_some(), "{finding:?}");
        assert!(!finding.message.to_string().contains('\n'), "{finding:?}");
        fixes.extend(finding.fixes);
    }
    fixes.dedup();
    for fix in fixes {
        assert!(!fix.label().is_empty());
        match fix.apply(&form) {
            Fixed::One(fixed) => {
                let _ = read(&fixed.prompt);
            }
            Fixed::Clips(clips) => assert!(!clips.is_empty()),
        }
    }
    for boundary in 0..script.shots.len().min(4) {
        for by in [-500, 500] {
            let _ = move_boundary(&form.prompt, &script, boundary, by);
        }
    }
}

/// With work that grows quadratically, this test would not end.
#[test]
fn a_megabyte_of_anything_is_checked_and_fixed() {
    for piece in [
        "0-9s: a ",
        "Shot 1 (0-3s): __ \n",
        "__ ",
        "【",
        "【a/b】",
        "{",
        "[",
        "\"",
        "“a”says ",
        "\\n",
        "image 1 (image 2) ",
        "@图片1的",
        "pan left tilt up ",
        "no subtitles ",
        "9:16 ",
        "4K",
        "T00:01 - a\n",
        "Batman ",
        "a",
        " ",
    ] {
        println!("{piece:?}");
        exercise(piece.repeat(100_000 / piece.len()));
        let form = Form {
            prompt: piece.repeat(1_000_000 / piece.len()),
            ..Form::default()
        };
        let findings = check(&form, &read(&form.prompt), &RuleSet::NONE);
        assert!(findings.len() <= MAX_OF_A_RULE * Rule::ALL.len(), "{piece:?}");
    }
}

#[test]
fn mutated_scripts_are_read_checked_and_fixed() {
    let given = std::env::var("RUSHES_FUZZ_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| fastrand::u64(..));
    println!("RUSHES_FUZZ_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let corpus = corpus();
    for _ in 0..ROUNDS {
        let (_, start) = &corpus[random.usize(0..corpus.len())];
        let mut text = start.clone();
        for _ in 0..random.usize(1..8) {
            text = mutated(&text, &corpus, &mut random);
        }
        exercise(text);
    }
}
