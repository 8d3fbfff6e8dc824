//! Variables and snippets: what expands, what stays text, and where it comes from.

use proptest::prelude::*;

use super::*;

fn snippets(all: &[(&str, &str)]) -> Snippets {
    all.iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn template(prompt: &str, all: &[(&str, &str)]) -> Template {
    Template::read(prompt, &snippets(all)).unwrap()
}

/// The text of every choice, in order.
fn texts(prompt: &str, all: &[(&str, &str)]) -> Vec<String> {
    let template = template(prompt, all);
    let texts: Vec<_> = template
        .choices()
        .map(|choice| template.expand(&choice).text)
        .collect();
    assert_eq!(template.combinations(), Some(texts.len() as u64));
    texts
}

fn error(prompt: &str, all: &[(&str, &str)]) -> String {
    Template::read(prompt, &snippets(all)).unwrap_err().to_string()
}

#[test]
fn the_first_variable_is_the_slowest() {
    assert_eq!(
        texts("{ red | black } coat, {day|night|}", &[]),
        [
            "red coat, day",
            "red coat, night",
            "red coat, ",
            "black coat, day",
            "black coat, night",
            "black coat, "
        ]
    );
}

#[test]
fn variables_have_names_alternatives_and_places() {
    let template = template(
        "a {x|y}, {coat=red|black} {{extra}} {coat = red|black}{p|q}",
        &[("extra", "{m|n}")],
    );
    let shown: Vec<_> = template
        .variables()
        .iter()
        .map(|v| (v.name.as_str(), v.span.clone()))
        .collect();
    assert_eq!(
        shown,
        [("1", 2..7), ("coat", 9..25), ("3", 26..35), ("4", 54..59)]
    );
    assert_eq!(template.variables()[1].alternatives, ["red", "black"]);
    assert_eq!(template.variables()[2].snippet.as_deref(), Some("extra"));
    assert_eq!(template.combinations(), Some(16));
    let choice = template.choose(Choice::default(), "coat", "black").unwrap();
    assert_eq!(template.expand(&choice).text, "a x, black m blackp");
    assert_eq!(template.chosen(&choice)[1], ("coat", "black"));
    let error = |variable, value| {
        template
            .choose(Choice::default(), variable, value)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error("hat", "red"),
        "the prompt has no variable \"hat\", it has 1, coat, 3, 4: `{coat=red|black}` names one"
    );
    assert_eq!(
        error("coat", "blue"),
        "variable coat has no alternative \"blue\": it has red, black"
    );
}

#[test]
fn every_other_brace_is_text() {
    for text in [
        "{colour} and {{unknown}} and {}",
        "{\"camera\": {\"angle\": \"low\"}} | cut",
        "a { b | c",
        "a | b } c { d",
        "\\frac and a\\b and a \\| b",
        "{{a b}} {{}} {{{{",
    ] {
        let template = template(text, &[]);
        assert!(template.is_plain(), "{text}");
        assert_eq!(template.expand(&Choice::default()).text, text);
        assert_eq!(template.choices().count(), 1);
        assert_eq!(escape(text) == text, !text.contains("{{unknown}}"), "{text}");
    }
    assert_eq!(texts("{a|{b|c}}", &[]), ["{a|b}", "{a|c}"]);
    assert_eq!(texts("{{a|b}}", &[]), ["{a}", "{b}"]);
    assert_eq!(texts("{go {{unknown}}|stay}", &[]), ["go {{unknown}}", "stay"]);
}

#[test]
fn a_backslash_makes_braces_and_bars_literal() {
    assert_eq!(
        texts(r"\{a|b\} {x\|y|\{z\}} \\{", &[]),
        [r"{a|b} x|y \{", r"{a|b} {z} \{"]
    );
    assert_eq!(
        template(r"{a\|b|c}", &[]).variables()[0].alternatives,
        ["a|b", "c"]
    );
    assert_eq!(escape("{a|b} \\{"), "\\{a|b\\} \\\\{");
}

#[test]
fn snippets_nest_and_hold_variables() {
    let all = [
        ("lead", "a {coat=red|black} coat"),
        ("who", "{{lead}} walks"),
        ("day", "noon"),
    ];
    assert_eq!(
        texts("{{who}}, then {{ lead }} at {{day}}", &all),
        [
            "a red coat walks, then a red coat at noon",
            "a black coat walks, then a black coat at noon"
        ]
    );
    // A variable within an alternative that is not taken gives no further choices.
    assert_eq!(
        texts("{ {{lead}} | nobody } {x|y}", &all),
        [
            "a red coat x",
            "a red coat y",
            "a black coat x",
            "a black coat y",
            "nobody x",
            "nobody y"
        ]
    );
    assert_eq!(texts("{nobody|{{lead}}}, {{lead}}", &all).len(), 4);
}

#[test]
fn a_mistake_is_an_error_with_a_place_and_a_next_step() {
    let circle = [("a", "x {{b}}"), ("b", "{y|{{a}}}"), ("own", "{{own}}")];
    assert_eq!(
        error("{{a}}", &circle),
        "the snippets a → b → a go round in a circle: remove one of these calls"
    );
    assert_eq!(
        error("{{own}}", &circle),
        "the snippets own → own go round in a circle: remove one of these calls"
    );
    let found = Template::read("see {{b}}", &snippets(&circle)).unwrap_err();
    assert_eq!(
        (found.span(), found.to_string().contains("b → a → b")),
        (4..9, true)
    );
    assert!(texts("no call of a", &circle).len() == 1);
    for prompt in ["{c=a|b} {c=a|d}", "{a|b} {1=a|b}", "{2=a|b} {a|b}"] {
        assert!(
            error(prompt, &[]).contains("different alternatives: rename one"),
            "{prompt}"
        );
    }
    assert!(
        error("{a|b| a }", &[]).starts_with("variable 1 offers \"a\" twice, which would be paid for twice")
    );
}

#[test]
fn snippets_cannot_grow_without_bounds() {
    let doubling: Vec<(String, String)> = (0..12)
        .map(|n| {
            (
                format!("s{n}"),
                format!("{{{{s{}}}}}{{{{s{}}}}}", n + 1, n + 1).repeat(8),
            )
        })
        .collect();
    let all: Snippets = doubling
        .into_iter()
        .chain([("s12".to_owned(), "x".to_owned())])
        .collect();
    let error = Template::read("{{s0}}", &all).unwrap_err();
    assert!(matches!(error, ExpandError::TooLong { .. }), "{error}");
    let deep: Snippets = (0..40)
        .map(|n| (format!("s{n}"), format!("{{{{s{}}}}}", n + 1)))
        .collect();
    let error = Template::read("{{s0}}", &deep).unwrap_err();
    assert!(matches!(error, ExpandError::TooDeep { .. }), "{error}");
    let many = template(&"{a|b}".repeat(70), &[]);
    assert_eq!((many.combinations(), many.choices().take(3).count()), (None, 3));
    let hostile = ["{", "{{", "{a|", "{{a}} {", "\\{", "{x {{a}}"].map(|text| text.repeat(100_000));
    for text in hostile {
        assert!(Template::read(&text, &Snippets::new()).is_ok());
    }
}

#[test]
fn a_finding_is_shown_at_its_place_in_the_prompt() {
    let all = [("lead", "an image 7 man")];
    let prompt = r"\{ {day|night}: {{lead}} runs";
    let template = template(prompt, &all);
    let night = template.expand(&template.choose(Choice::default(), "1", "night").unwrap());
    assert_eq!(night.text, "{ night: an image 7 man runs");
    let source = |words: &str| {
        let at = night.text.find(words).unwrap();
        let range = at..at + words.len();
        (&prompt[night.source_of(&range)], night.is_exact(&range))
    };
    assert_eq!(source("night"), ("night", true));
    assert_eq!(source("igh"), ("igh", true));
    assert_eq!(source("image 7"), ("{{lead}}", false));
    assert_eq!(source("man runs"), ("{{lead}} runs", false));
    assert_eq!(source("{"), ("\\{", false));
    assert_eq!(source("runs"), ("runs", true));
    assert_eq!(night.source_of(&(0..0)), 0..0);
    assert_eq!(
        night.source_of(&(night.text.len()..night.text.len())),
        prompt.len()..prompt.len()
    );
}

/// Texts with many braces, bars, backslashes and calls.
fn braced() -> impl Strategy<Value = String> {
    "([{}|\\\\= ]|\\{\\{(a|b|c|q)\\}\\}|[ab1é镜]|\\{x=|\\PC){0,60}"
}

proptest! {
    #[test]
    fn plain_text_is_returned_unchanged(text in braced()) {
        let Ok(template) = Template::read(&text, &Snippets::new()) else { return Ok(()) };
        if template.is_plain() {
            prop_assert_eq!(&template.expand(&Choice::default()).text, &text);
        }
        prop_assert_eq!(template.is_plain(), template.expand(&Choice::default()).text == text && template.variables().is_empty());
    }

    #[test]
    fn every_map_covers_the_text_and_never_runs_back(
        text in braced(), a in braced(), b in braced(), c in "[^{}]{0,9}",
    ) {
        let all = snippets(&[("a", &a.replace("{{a}}", "")), ("b", &b), ("c", &c)]);
        let Ok(template) = Template::read(&text, &all) else { return Ok(()) };
        let mut seen = std::collections::BTreeSet::new();
        for choice in template.choices().take(40) {
            let is_new = seen.insert(format!("{:?}", template.chosen(&choice)));
            prop_assert!(is_new);
            let expanded = template.expand(&choice);
            let (mut end, mut source) = (0, 0..0);
            for piece in &expanded.pieces {
                prop_assert_eq!(piece.text.start, end);
                prop_assert!(piece.source.start >= source.start && piece.source.end >= source.end);
                prop_assert!(piece.source.end <= text.len());
                if piece.is_exact {
                    prop_assert_eq!(&expanded.text[piece.text.clone()], &text[piece.source.clone()]);
                }
                (end, source) = (piece.text.end, piece.source.clone());
            }
            prop_assert_eq!(end, expanded.text.len());
            for (from, _) in expanded.text.char_indices() {
                let all = expanded.source_of(&(from..expanded.text.len()));
                prop_assert!(text.get(all).is_some());
            }
        }
    }

    #[test]
    fn escaped_text_expands_to_itself(text in braced()) {
        let all = snippets(&[("a", "one"), ("b", "{x|y}"), ("c", "")]);
        let template = Template::read(&escape(&text), &all).unwrap();
        prop_assert!(template.variables().is_empty());
        prop_assert_eq!(template.expand(&Choice::default()).text, text);
    }
}
