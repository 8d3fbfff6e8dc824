//! What a fix must leave behind: its finding gone, no new error, every other byte in its place, every shot there.

use std::collections::BTreeSet;
use std::ops::Range;

use proptest::prelude::*;
use rushes::model::{Form, Rule, RuleSet, Seconds, Severity};
use rushes::script::lint::{Finding, Fix, Fixed, check};
use rushes::script::{Script, Shot, move_boundary, read};

fn found(form: &Form) -> Vec<Finding> {
    check(form, &read(&form.prompt), &RuleSet::NONE)
}

fn errors(form: &Form) -> BTreeSet<Rule> {
    let errors = found(form)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.rule).collect()
}

/// The text without its times.
fn without_times(text: &str, script: &Script) -> String {
    let mut times: Vec<Range<usize>> = script
        .shots
        .iter()
        .flat_map(|shot| shot.written.stamps())
        .map(|stamp| stamp.at.clone())
        .collect();
    times.sort_by_key(|at| at.start);
    let mut rest = String::new();
    let mut last = 0;
    for at in times {
        rest += &text[last..at.start];
        last = at.end;
    }
    rest + &text[last..]
}

/// What is said in each shot, without the times of beats inside it.
fn words(text: &str, script: &Script) -> Vec<String> {
    let rest = |shot: &Shot| {
        let mut words = text[shot.text.clone()].to_owned();
        let beats = shot
            .written
            .beats
            .iter()
            .rev()
            .filter(|beat| beat.at.end <= shot.text.end);
        for beat in beats {
            words.replace_range(beat.at.start - shot.text.start..beat.at.end - shot.text.start, "");
        }
        words.trim().to_owned()
    };
    script.shots.iter().map(rest).collect()
}

/// Ways of writing a heading, in English, Chinese, Korean, Spanish, Japanese and Russian; `{n}`, `{a}` and `{b}` are number,
/// start and end.
const STYLES: [(&str, bool); 15] = [
    ("Shot {n} | {a}s–{b}s\n", false),
    ("({a}-{b}s) ", false),
    ("{a}–{b}s: ", false),
    ("镜头{n}（{a}-{b}秒）：", false),
    ("{a}秒至{b}秒：", false),
    ("[{a}-{b}] Shot {n}: ", true),
    ("Shot {n} ({a}-{b} seconds): ", false),
    ("SCENE {n} — {a} to {b}\n", true),
    ("### Shot {n} | {a}–{b}\n", true),
    ("{a}-{b}초: ", false),
    ("장면 {n} ({a}-{b}초): ", false),
    ("De {a} a {b} segundos: ", false),
    ("Escena {n} ({a}-{b} s): ", false),
    ("{a}秒から{b}秒：", false),
    ("Кадр {n}: {a}-{b} сек\n", false),
];

fn time(ms: u32, clock: bool) -> String {
    let fraction = if ms.is_multiple_of(1000) {
        String::new()
    } else {
        format!(".{}", ms % 1000 / 100)
    };
    if clock {
        format!("{:02}:{:02}{fraction}", ms / 60_000, ms / 1000 % 60)
    } else {
        format!("{}{fraction}", ms / 1000)
    }
}

/// How the author counts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Count {
    /// With pauses and overlaps.
    Loosely,
    /// `0-2`, `3-6`, `7-10`.
    Inclusively,
    /// `1-3`, `4-6`, `7-10`.
    FromOne,
    /// `15-20`, `20-25`.
    Onwards,
}

/// What else is in the text.
const ENDINGS: [&str; 4] = [
    "",
    "\n@Image1 leads, <<<image_2>>> follows.",
    "\nLIGHT\n0-1s: soft\n1-2s: hard\n",
    "\nNo subtitles. Duration: 10 s",
];

/// A script in one style: each shot has a pause before it (in tenths of a second, may be negative) and a length.
fn script() -> impl Strategy<Value = Form> {
    script_with(prop_oneof![3 => Just(""), 1 => prop::sample::select(ENDINGS.to_vec())])
}

/// The same with one of these endings.
fn script_with(ending: impl Strategy<Value = &'static str>) -> impl Strategy<Value = Form> {
    let shot = (prop_oneof![6 => Just(0_i32), 1 => -9..20_i32], 3..80_u32, 0..8_u8);
    let shots = prop::collection::vec(shot, 1..9);
    let count = prop_oneof![
        6 => Just(Count::Loosely),
        1 => Just(Count::Inclusively),
        1 => Just(Count::FromOne),
        1 => Just(Count::Onwards)
    ];
    (
        0..STYLES.len(),
        shots,
        prop::sample::select(vec![4_i64, 8, 10, 15]),
        count,
        ending,
    )
        .prop_map(|(style, shots, seconds, count, ending)| {
            let (style, clock) = STYLES[style];
            let mut prompt = String::from("Cold light, a hill.\n\n");
            let mut at: i64 = match count {
                Count::Loosely | Count::Inclusively => 0,
                Count::FromOne => 1000,
                Count::Onwards => 15_000,
            };
            for (n, (pause, length, beat)) in shots.iter().enumerate() {
                let whole = i64::from(*length / 10 + 2) * 1000;
                let (start, end) = match count {
                    Count::Loosely => {
                        let start = (at + i64::from(*pause) * 100).max(0);
                        (start, start + i64::from(*length) * 100)
                    }
                    Count::Onwards => (at, at + whole),
                    Count::Inclusively | Count::FromOne => (at, at + whole - 1000),
                };
                let [a, b] = [start, end].map(|ms| time(u32::try_from(ms).unwrap(), clock));
                prompt += &style
                    .replace("{n}", &(n + 1).to_string())
                    .replace("{a}", &a)
                    .replace("{b}", &b);
                prompt += [
                    "a kite lifts, slow pan left",
                    "it dives, handheld",
                    "it lies there, static camera",
                ][n % 3];
                // A beat inside the shot.
                if *beat == 0 && end - start >= 3000 && count == Count::Onwards {
                    let [a, b] = [start + 1000, end - 1000].map(|ms| time(u32::try_from(ms).unwrap(), clock));
                    prompt += &format!(". [{a}-{b}{}] it turns", if clock { "" } else { "s" });
                }
                prompt += "\n";
                at = match count {
                    Count::Inclusively | Count::FromOne => end + 1000,
                    Count::Loosely | Count::Onwards => end,
                };
            }
            prompt += ending;
            Form {
                prompt,
                images: vec!["1.png".to_owned(), "2.png".to_owned()],
                duration: Seconds::new(seconds).unwrap(),
                ..Form::default()
            }
        })
}

/// What must hold after any fix of any finding.
fn each_fix_removes_its_finding(form: &Form) -> Result<(), TestCaseError> {
    let before = errors(form);
    let script = read(&form.prompt);
    for finding in found(form) {
        for fix in &finding.fixes {
            match fix.apply(form) {
                Fixed::One(fixed) => {
                    let end = |form: &Form| read(&form.prompt).end_ms();
                    let fitted = end(form).is_none_or(|end| end <= form.duration.ms());
                    if fix.is_certain(&script) && (fitted || *fix != Fix::Shift) {
                        prop_assert_eq!(end(&fixed), end(form), "{:?}", fix);
                    }
                    if before.is_empty() {
                        prop_assert_eq!(errors(&fixed), BTreeSet::new(), "{:?}: {:?}", fix, fixed.prompt);
                    }
                    let label = fix.label();
                    prop_assert!(
                        !label.is_empty() && label.len() <= 60 && !label.contains('\n'),
                        "{:?}",
                        label
                    );
                    let after = found(&fixed);
                    let left = after.iter().any(|left| left.rule == finding.rule);
                    // A shorter take may still be too long for a very short script, or one that cannot be stretched.
                    let shrinks = matches!(fix, Fix::Duration(_)) && finding.rule == Rule::ShortTimeline;
                    prop_assert!(
                        !left || shrinks,
                        "{:?} leaves {}: {:?}",
                        fix,
                        finding.rule,
                        fixed.prompt
                    );
                    // What is shortened may fit another take, or none: both are one error under two names.
                    let new: Vec<Rule> = errors(&fixed).difference(&before).copied().collect();
                    let moved = |rule: &Rule| matches!(rule, Rule::Overrun | Rule::OverCap);
                    prop_assert!(
                        new.iter()
                            .all(|rule| moved(rule) && (before.iter().any(moved) || *fix == Fix::Retime)),
                        "{:?} makes {:?}: {:?}",
                        fix,
                        new,
                        fixed.prompt
                    );
                }
                Fixed::Clips(clips) => {
                    for clip in &clips {
                        prop_assert_eq!(errors(clip), BTreeSet::new(), "{:?}", clip.prompt);
                        prop_assert!(clip.prompt.starts_with("Cold light, a hill.\n\n"));
                    }
                }
            }
        }
    }
    Ok(())
}

/// Two lines with the same time are two shots, before a split as well as after it.
#[test]
fn shots_with_the_same_time_stay_apart() {
    let prompt = "Cold light.\n\n(0.2-0.8s) a kite lifts\n(0.2-0.8s) it dives\n(0.2-0.8s) it lies there\n";
    let form = Form {
        prompt: prompt.to_owned(),
        ..Form::default()
    };
    let script = read(prompt);
    assert_eq!(
        words(prompt, &script),
        ["a kite lifts", "it dives", "it lies there"]
    );
    let Fixed::Clips(clips) = Fix::Split(0).apply(&form) else {
        panic!("no clips")
    };
    let split = clips
        .iter()
        .flat_map(|clip| words(&clip.prompt, &read(&clip.prompt)));
    assert_eq!(split.collect::<Vec<_>>(), words(prompt, &script));
}

/// The text after `rushes lint --fix`: every fix of the text that is certain, each once.
fn certainly_fixed(form: &Form) -> Form {
    let mut form = form.clone();
    let mut done: Vec<Fix> = Vec::new();
    loop {
        let script = read(&form.prompt);
        let fixes = found(&form).into_iter().flat_map(|finding| finding.fixes);
        let mut fixes =
            fixes.filter(|fix| fix.is_certain(&script) && fix.word().is_some() && !done.contains(fix));
        let made = fixes.find_map(|fix| match fix.apply(&form) {
            Fixed::One(better) if better.prompt != form.prompt => Some((fix, better)),
            _ => None,
        });
        let Some((fix, better)) = made else { return form };
        form = better;
        done.push(fix);
    }
}

/// How many shots start before the one before has ended, in whatever order their times are written.
fn overlaps(form: &Form) -> usize {
    let shots = read(&form.prompt).shots;
    let overlaps = |pair: &&[Shot]| pair[0].end.max(pair[0].start) > pair[1].start.min(pair[1].end);
    shots.windows(2).filter(overlaps).count()
}

/// Words after the shots that tell no time.
const TIMELESS: [&str; 4] = [
    "",
    "\n35 mm film, 24 fps, 2 kites, take 3, 16:9.",
    "\n1. Soft light.\n2. No text.",
    "\n总共3只风筝，画面4K。",
];

/// Words after the shots that tell a time within them.
const TELLING: [&str; 12] = [
    "\nBlack from 1 to 3 seconds.",
    "\nSOUND: wind 0-1s, birds 1-3s",
    "\nMusic: 0–1 piano, 1–2 drums.",
    "\n\nVersion 2:\n0-1s: a kite\n1-2s: it dives",
    "\nAt 1s a bell rings.",
    "\nA bell rings at 1.",
    "\nThe bell [0:01] rings.",
    "\n第1秒钟声响起。",
    "\n--- 1 second black ---",
    "\nBlack for one second.",
    "\nEach shot lasts 1 s.",
    "\nТишина до 1.",
];

/// A script with mistakes of every kind: it may start late, run backwards, have gaps and overlaps, and tell moments in its words or
/// after its shots.
fn muddled_script() -> impl Strategy<Value = Form> {
    let shot = (
        prop_oneof![5 => Just(0_i32), 2 => -3..4_i32],
        1..7_i32,
        0..8_u8,
        0..8_u8,
    );
    let shots = prop::collection::vec(shot, 2..6);
    let start = prop_oneof![4 => Just(0_i32), 2 => 1..20_i32];
    (
        0..STYLES.len(),
        start,
        shots,
        prop_oneof![
            prop::sample::select(TIMELESS.to_vec()),
            prop::sample::select(TELLING.to_vec())
        ],
    )
        .prop_map(|(style, start, shots, ending)| {
            let (style, clock) = STYLES[style];
            let mut prompt = String::from("Cold light, a hill.\n\n");
            let mut at = start;
            for (n, (pause, length, backwards, moment)) in shots.iter().enumerate() {
                let (mut from, mut to) = ((at + pause).max(0), (at + pause).max(0) + length);
                at = to;
                if *backwards == 0 {
                    std::mem::swap(&mut from, &mut to);
                }
                let [a, b] = [from, to].map(|seconds| time(u32::try_from(seconds * 1000).unwrap(), clock));
                prompt += &style
                    .replace("{n}", &(n + 1).to_string())
                    .replace("{a}", &a)
                    .replace("{b}", &b);
                prompt += "a kite lifts, slow pan left";
                if *moment == 0 {
                    prompt += &format!(". At {}s a bell rings", from.min(to) + 1);
                }
                prompt += "\n";
            }
            prompt += ending;
            Form {
                prompt,
                duration: Seconds::new(15).unwrap(),
                ..Form::default()
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn certain_fixes_settle_at_once_and_make_no_overlap(form in muddled_script()) {
        let fixed = certainly_fixed(&form);
        prop_assert_eq!(&certainly_fixed(&fixed).prompt, &fixed.prompt, "from {:?}", form.prompt);
        prop_assert!(overlaps(&fixed) <= overlaps(&form), "{:?} from {:?}", fixed.prompt, form.prompt);
        let (before, after) = (read(&form.prompt), read(&fixed.prompt));
        prop_assert_eq!(without_times(&fixed.prompt, &after), without_times(&form.prompt, &before));
        // What the words say of a moment stays true.
        let times = || before.shots.iter().flat_map(|shot| [shot.start, shot.end]).flatten();
        let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
        let seconds = |at: usize| form.prompt[at + 3..].split('s').next()?.parse::<u32>().ok();
        let mut moments = form.prompt.match_indices("At ").filter_map(|(at, _)| seconds(at));
        let is_told = moments.any(|second| second * 1000 < last || first > 0);
        let tells = TELLING.iter().any(|ending| form.prompt.ends_with(ending)) && last > 1000;
        if is_told || tells {
            prop_assert_eq!(&fixed.prompt, &form.prompt);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_fixed_script_has_no_findings(form in script()) {
        each_fix_removes_its_finding(&form)?;
    }

    #[test]
    fn retiming_changes_only_times(form in script_with(Just("")), to in 3000..15_000_u32) {
        let script = read(&form.prompt);
        let rest = without_times(&form.prompt, &script);
        for fix in [
            Fix::Retime,
            Fix::Squeeze(to),
            Fix::Stretch(to),
            Fix::CloseGaps,
            Fix::StartAtZero,
            Fix::Shift,
        ] {
            let Fixed::One(fixed) = fix.apply(&form) else { return Err(TestCaseError::fail("clips")) };
            let again = read(&fixed.prompt);
            prop_assert_eq!(again.shots.len(), script.shots.len(), "{:?}", fixed.prompt);
            prop_assert_eq!(without_times(&fixed.prompt, &again), rest.clone());
        }
    }

    #[test]
    fn a_scaled_timeline_ends_where_it_should(form in script_with(Just("")), to in 3000..15_000_u32) {
        let Fixed::One(fixed) = Fix::Squeeze(to).apply(&form) else { return Err(TestCaseError::fail("clips")) };
        prop_assert_eq!(read(&fixed.prompt).end_ms(), Some(to), "{:?}", fixed.prompt);
    }

    #[test]
    fn splitting_loses_no_shot(form in script_with(Just(""))) {
        let script = read(&form.prompt);
        let Fixed::Clips(clips) = Fix::Split(0).apply(&form) else { return Err(TestCaseError::fail("one")) };
        let mut split = Vec::new();
        for clip in &clips {
            let part = read(&clip.prompt);
            prop_assert_eq!(part.shots[0].start, Some(0), "{:?}", clip.prompt);
            prop_assert!(part.end_ms().unwrap() <= 15_000, "{:?}", clip.prompt);
            split.extend(words(&clip.prompt, &part));
        }
        prop_assert_eq!(split, words(&form.prompt, &script));
    }

    #[test]
    fn a_moved_border_moves_nothing_else(form in script_with(Just("")), boundary in 0..9_usize, halves in -8..8_i64) {
        let script = read(&form.prompt);
        if let Some(moved) = move_boundary(&form.prompt, &script, boundary, halves * 500) {
            let again = read(&moved);
            prop_assert_eq!(without_times(&moved, &again), without_times(&form.prompt, &script));
            for (n, (old, new)) in script.shots.iter().zip(&again.shots).enumerate() {
                if n != boundary {
                    prop_assert_eq!(old.end, new.end, "{:?}", moved);
                }
                if n != boundary + 1 {
                    prop_assert_eq!(old.start, new.start);
                }
            }
            let length = |n: usize| again.shots.get(n).map_or(500, |shot| shot.end.unwrap() - shot.start.unwrap());
            prop_assert!(length(boundary) >= 500 && length(boundary + 1) >= 500, "{moved:?}");
        }
    }
}
