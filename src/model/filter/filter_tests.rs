//! The language of filters: every key, every kind of mistake, completion.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::model::TakeState;

fn only(line: &str) -> Term {
    let terms = Query::read(line)
        .unwrap_or_else(|mistake| panic!("{line}: {mistake}"))
        .terms;
    assert_eq!(terms.len(), 1, "{line}: {terms:?}");
    terms[0].clone()
}

fn number(line: &str) -> (Number, i64, i64) {
    match only(line) {
        Term::Number(number, range) => (number, range.from, range.to),
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn every_key_has_its_kind_of_value() {
    for key in &KEYS {
        for example in key.examples {
            let term = only(example);
            let fits = match key.kind {
                Kind::State => matches!(term, Term::State(_)),
                Kind::Verdict => matches!(term, Term::Verdict(_)),
                Kind::Resolution => matches!(term, Term::Resolution(_)),
                Kind::Model => matches!(term, Term::Model(_)),
                Kind::Backend => matches!(term, Term::Backend(_)),
                Kind::Number(number) => matches!(term, Term::Number(found, _) if found == number),
                Kind::Day => matches!(term, Term::Days(_)),
                Kind::Tag => matches!(term, Term::Tag(_)),
                Kind::Error => matches!(term, Term::Error(_)),
                Kind::Reel => matches!(term, Term::Reel(_)),
                Kind::Is => term == Term::Finishable,
            };
            assert!(fits, "{example}: {term:?}");
        }
        for name in key.aliases.iter().chain([&key.name]) {
            assert_eq!(Key::named(name).unwrap().name, key.name);
        }
        for choice in key.kind.choices() {
            only(&format!("{}:{choice}", key.name));
            only(&format!("{}:{}", key.name.to_uppercase(), choice.to_uppercase()));
        }
    }
}

#[test]
fn numbers_are_compared_as_rows_show_them() {
    for (line, expected) in [
        ("seed:42", (Number::Seed, 42, 42)),
        ("seed:=42", (Number::Seed, 42, 42)),
        ("take:>7", (Number::Take, 8, i64::MAX)),
        ("id:>=7", (Number::Take, 7, i64::MAX)),
        ("sweep:<7", (Number::Sweep, 0, 6)),
        ("rev:<=v7", (Number::Revision, 0, 7)),
        ("dur:5..10", (Number::Duration, 5, 10)),
        ("dur:10s", (Number::Duration, 10, 10)),
        ("dur:..10", (Number::Duration, 0, 10)),
        ("dur:5..", (Number::Duration, 5, i64::MAX)),
        ("cost:>0.5", (Number::Cost, 500_001, i64::MAX)),
        ("cost:>=$0.5", (Number::Cost, 500_000, i64::MAX)),
        ("cost:0.70", (Number::Cost, 695_000, 704_999)),
        ("cost:0", (Number::Cost, 0, 499_999)),
        ("cost:0.703080", (Number::Cost, 703_080, 703_080)),
        ("cost:0.5..1", (Number::Cost, 500_000, 1_000_000)),
        ("time:>120", (Number::Time, 121_000, i64::MAX)),
        ("time:>=120s", (Number::Time, 120_000, i64::MAX)),
        ("time:120", (Number::Time, 120_000, 120_999)),
        ("time:<=1.5", (Number::Time, 0, 1_599)),
        ("time:60..90", (Number::Time, 60_000, 90_999)),
    ] {
        assert_eq!(number(line), expected, "{line}");
    }
}

#[test]
fn days_are_those_of_the_zone() {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    let now: Timestamp = "2026-11-26T20:00:00Z".parse().unwrap();
    let between = |line: &str| match only(line) {
        Term::Days(days) => {
            let (from, before) = days.between(now, &zone);
            (from.map(|at| at.to_string()), before.map(|at| at.to_string()))
        }
        other => panic!("{other:?}"),
    };
    let is = |from: &str, before: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| format!("{text}T16:00:00Z"));
        (some(from), some(before))
    };
    // It is the 27th already.
    for (line, expected) in [
        ("today", is("2026-11-26", "2026-11-27")),
        ("day:today", is("2026-11-26", "2026-11-27")),
        ("YESTERDAY", is("2026-11-25", "2026-11-26")),
        ("day:2026-11-24", is("2026-11-23", "2026-11-24")),
        ("day:11-24", is("2026-11-23", "2026-11-24")),
        ("day:12-24", is("2025-12-23", "2025-12-24")),
        ("day:02-29", is("2024-02-28", "2024-02-29")),
        ("day:>2026-11-24", is("2026-11-24", "")),
        ("day:>=yesterday", is("2026-11-25", "")),
        ("day:<11-24", is("", "2026-11-23")),
        ("day:<=11-24", is("", "2026-11-24")),
        ("day:11-20..11-24", is("2026-11-19", "2026-11-24")),
        // A day that is still to come: the end of what is asked for is that of this year.
        ("day:11-28", is("2025-11-27", "2025-11-28")),
        ("day:>=11-28", is("2025-11-27", "")),
        ("day:<=11-28", is("", "2026-11-28")),
        ("day:<12-01", is("", "2026-11-30")),
        ("day:<=02-29", is("", "2024-02-29")),
        ("day:11-20..11-28", is("2026-11-19", "2026-11-28")),
        ("day:11-20..today", is("2026-11-19", "2026-11-27")),
        // A range over the turn of the year.
        ("day:12-20..01-05", is("2025-12-19", "2026-01-05")),
        ("day:2024-12-20..01-05", is("2024-12-19", "2025-01-05")),
    ] {
        assert_eq!(between(line), expected, "{line}");
    }
    // What no calendar has selects nothing.
    let (from, before) = match only("day:>9999-12-31") {
        Term::Days(days) => days.between(now, &zone),
        other => panic!("{other:?}"),
    };
    assert_eq!((from, before), (Some(Timestamp::MAX), None));
}

#[test]
fn a_value_of_another_key_names_that_key() {
    for (line, words) in [
        ("is:circled", "is cannot be \"circled\": write verdict:circled"),
        ("is:kept", "is cannot be \"kept\": write finishable"),
    ] {
        let complaint = Query::read(line).unwrap_err().complaint.to_string();
        assert_eq!(complaint, words);
    }
}

#[test]
fn every_mistake_has_its_place_and_says_what_to_write() {
    for (line, character, given, words) in [
        (
            "kite has:circled",
            6,
            "has:circled",
            "\"has\" is not a key of the filter: write verdict:circled",
        ),
        (
            "colour:red",
            1,
            "colour:red",
            "\"colour\" is not a key of the filter: the keys are state: verdict: take:",
        ),
        (
            "镜头 seeds:7",
            4,
            "seeds:7",
            "\"seeds\" is not a key of the filter: write seed:7",
        ),
        ("sta:saved", 1, "sta:saved", "write state:saved"),
        (
            "a state:",
            3,
            "state:",
            "state needs a value: write one of waiting, submitting",
        ),
        (
            "tag:\"\"",
            1,
            "tag:\"\"",
            "tag needs a value: write a text, such as tag:hero",
        ),
        (
            "state:done",
            1,
            "state:done",
            "state cannot be \"done\": write one of waiting",
        ),
        (
            "verdict:x",
            1,
            "verdict:x",
            "write one of circled, rejected, none",
        ),
        (
            "res:1440p",
            1,
            "res:1440p",
            "res cannot be \"1440p\": write one of 480p, 720p, 1080p, 4k",
        ),
        ("model:big", 1, "model:big", "write one of 2.0, fast, mini"),
        ("backend:x", 1, "backend:x", "write one of sandbox, live"),
        (
            "seed:x",
            1,
            "seed:x",
            "seed cannot be \"x\": write a number such as 7",
        ),
        ("take:-1", 1, "take:-1", "write a number"),
        ("sweep:1.5", 1, "sweep:1.5", "write a number"),
        (
            "seed:99999999999999999999",
            1,
            "seed:99999999999999999999",
            "write a number",
        ),
        ("seed:..", 1, "seed:..", "write a number"),
        (
            "seed:9..7",
            1,
            "seed:9..7",
            "no number is in 9..7: write the smaller number first",
        ),
        ("seed:<0", 1, "seed:<0", "no number is in <0"),
        ("cost:>cheap", 1, "cost:>cheap", "write an amount such as 0.70"),
        ("cost:0.1234567", 1, "cost:0.1234567", "write an amount"),
        ("time:long", 1, "time:long", "write a number of seconds"),
        (
            "day:2026-13-01",
            1,
            "day:2026-13-01",
            "write a day such as 2026-11-24",
        ),
        ("day:30-02", 1, "day:30-02", "write a day"),
    ] {
        let mistake = Query::read(line).unwrap_err();
        assert_eq!((mistake.character, &*mistake.given), (character, given), "{line}");
        assert_eq!(&line[mistake.span.clone()], given, "{line}");
        let said = mistake.to_string();
        assert!(said.contains(words), "{line}: {said}");
        assert!(
            said.starts_with(&format!("At character {character} ({given}): ")),
            "{said}"
        );
    }
    let mistake = Query::read(&"a ".repeat(251)).unwrap_err();
    assert_eq!((mistake.character, mistake.span.clone()), (501, 500..502));
    assert!(mistake.to_string().contains("use fewer words"), "{mistake}");
}

#[test]
fn quotes_keep_words_together() {
    assert_eq!(only("tag:\"B Roll\""), Term::Tag("b roll".to_owned()));
    assert_eq!(only("tag:\"b roll"), Term::Tag("b roll".to_owned()));
    assert_eq!(
        only("\"state:saved now\""),
        Term::Text("state:saved now".to_owned())
    );
    assert_eq!(only("a\"b"), Term::Word("a\"b".to_owned()));
    assert_eq!(only("0:03"), Term::Word("0:03".to_owned()));
    assert_eq!(Query::read("\"\" \" \" ").unwrap().terms, []);
    assert_eq!(Query::read("kite kite\tkite\u{0}").unwrap().terms.len(), 1);
    let of = |arguments: &[&str]| {
        let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
        Query::of_arguments(&arguments).unwrap().terms
    };
    assert_eq!(of(&["tag:b roll"]), [Term::Tag("b roll".to_owned())]);
    assert_eq!(of(&["night drive"]), of(&["night", "drive"]));
    assert_eq!(of(&["seed:7 kite"]), of(&["seed:7", "kite"]));
    assert_eq!(
        of(&["error:output audio"]),
        [Term::Error("output audio".to_owned())]
    );
}

#[test]
fn a_word_means_what_the_row_shows() {
    let row = RowWord::of;
    assert_eq!(row("SAVED").states, [Shown::State(TakeState::Saved)]);
    assert_eq!(row("sent").states, [Shown::State(TakeState::NotSent)]);
    assert_eq!(row("hold").states, [Shown::OnHold]);
    let failures = [
        TakeState::Failed,
        TakeState::Refused,
        TakeState::Expired,
        TakeState::NotSent,
    ];
    assert_eq!(row("failed").states, failures.map(Shown::State));
    assert_eq!(row("circ").verdicts.len(), 1);
    assert_eq!(row("480p").resolution.unwrap().wire(), "480p");
    assert_eq!((row("10s").duration, row("v12").revision), (Some(10), Some(12)));
    assert_eq!(row("moderation").failures.len(), 5);
    assert_eq!(row("mini").models.len(), 1);
    assert_eq!(row("2").models, [], "a number is a take or a seed");
    assert!(row("11-24").days.is_some());
    let has = |word: &str, seed: i64| {
        let row = row(word);
        row.seeds
            .iter()
            .any(|range| (range.from..=range.to).contains(&seed))
    };
    assert!(has("13896165", 13_896_165) && has("138", 13_896_165) && has("s42", 42) && has("0", 0));
    assert!(!has("13896166", 13_896_165) && !has("0", 7) && !has("x42", 42) && !has("42949672950", 42));
    assert_eq!(row("zeppelin"), RowWord::default());
}

#[test]
fn keys_and_values_are_completed() {
    let found = |line: &str| {
        let found = complete(line, line.len())?;
        Some((line[found.span].to_owned(), found.candidates))
    };
    let candidates = |line: &str| found(line).map(|(_, candidates)| candidates).unwrap_or_default();
    assert_eq!(candidates("st"), ["state:"]);
    assert_eq!(candidates("kite ST"), ["state:"]);
    assert_eq!(candidates("").len(), KEYS.len() + 3);
    assert_eq!(candidates("state:").len(), Shown::all().count());
    assert_eq!(
        found("state:sa"),
        Some(("sa".to_owned(), vec!["saved".to_owned()]))
    );
    assert_eq!(candidates("state:saved"), [""; 0]);
    assert_eq!(candidates("yes"), ["yesterday"]);
    assert_eq!(candidates("seed:"), [""; 0]);
    assert_eq!(candidates("\"st"), [""; 0]);
    assert_eq!(complete("st kite", 2).unwrap().candidates, ["state:"]);
    assert!(help(" ").unwrap().contains("state: verdict:"));
    assert_eq!(help("kite"), None);
}

proptest! {
    #[test]
    fn no_line_panics_and_every_mistake_is_in_it(line in "(\\PC|[:\" .<>=-]|[a-z]{1,8}:|[0-9]{1,20}){0,24}", caret in 0..60_usize) {
        match Query::read(&line) {
            Ok(query) => {
                for term in &query.terms {
                    if let Term::Word(word) = term {
                        RowWord::of(word);
                    }
                }
            }
            Err(mistake) => {
                prop_assert!(!line[mistake.span.clone()].is_empty());
                prop_assert!(mistake.complaint.next.is_some());
            }
        }
        if let Some(found) = complete(&line, caret) {
            prop_assert!(line.get(found.span.clone()).is_some() && !found.candidates.is_empty());
        }
    }

    #[test]
    fn what_is_completed_can_be_completed_further_or_read(start in "[a-z]{0,3}") {
        for one in complete(&start, start.len()).map(|found| found.candidates).unwrap_or_default() {
            let values = complete(&one, one.len()).map(|found| found.candidates).unwrap_or_default();
            for value in values {
                let line = format!("{one}{value}");
                prop_assert!(Query::read(&line).is_ok());
            }
        }
    }
}
