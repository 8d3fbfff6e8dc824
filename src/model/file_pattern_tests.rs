//! Patterns of file names: what they make, what they refuse, and that every name is safe.

use proptest::prelude::*;

use super::*;

fn facts(reel: &str) -> FileFacts<'_> {
    FileFacts {
        reel,
        number: TakeId(118),
        seed: Seed::new(42).unwrap(),
        resolution: Resolution::P480,
        duration: Seconds::new(10).unwrap(),
        model: "seedance-2.0".parse().unwrap(),
        sweep: None,
        revision: Some(12),
        date: Date::constant(2026, 11, 26),
    }
}

fn name(pattern: &str, reel: &str) -> String {
    FilePattern::parse(pattern).unwrap().name(&facts(reel))
}

#[test]
fn a_name_has_the_fields_of_its_pattern() {
    for (pattern, wanted) in [
        (FilePattern::DEFAULT, "neon-drive-00118-s42-480p-10s"),
        ("{n}-s{seed}-{res}-{dur}s", "00118-s42-480p-10s"),
        (
            "{date} {model} v{revision} {{{n}}}",
            "2026-11-26 seedance-2.0 v12 {00118}",
        ),
        ("{reel}_{sweep}_{n}", "neon-drive_00118"),
        ("{sweep}-{n}", "00118"),
        ("{n}-{sweep}", "00118"),
        ("镜头 {n}", "镜头 00118"),
    ] {
        assert_eq!(name(pattern, "neon-drive"), wanted, "{pattern}");
        assert_eq!(FilePattern::parse(pattern).unwrap().to_string(), pattern);
    }
}

#[test]
fn names_are_safe_on_every_file_system() {
    for (pattern, reel, wanted) in [
        ("{reel}-{n}", "../../etc/passwd", "etc-passwd-00118"),
        ("{reel}.{n}", "a:b*c?\u{202e}\u{7}\n", "a-b-c----.00118"),
        ("{n}{reel}", "end. . .", "00118end.-.-"),
        ("{n}{reel}", "...", "00118"),
        (".{reel}-{n}", "", "00118"),
        ("COM{n}", "", "_COM00118"),
        ("con.{n}", "", "_con.00118"),
        ("{{{n}", "", "{00118"),
    ] {
        let made = name(pattern, reel);
        assert_eq!(made, wanted, "{pattern} {reel}");
    }
    let long = name(FilePattern::DEFAULT, &"风筝".repeat(100));
    assert!(
        long.len() <= 120 && long.ends_with("-00118-s42-480p-10s"),
        "{long}"
    );
}

#[test]
fn a_mistake_names_what_is_accepted() {
    let error = |pattern: &str| FilePattern::parse(pattern).unwrap_err().to_string();
    assert_eq!(
        error("{n}-{colour}"),
        "the pattern has no field {colour}: use {reel}, {n}, {seed}, {res}, {dur}, {model}, {sweep}, {revision} or {date}"
    );
    assert_eq!(
        error("{n}-{seed"),
        "a brace is left open at \"{seed\": close it, or write {{ for a brace in the name"
    );
    assert_eq!(
        error("{reel}-s{seed}"),
        "the pattern lacks {n}, the take's number, so that two takes could have one name: add {n}"
    );
    assert_eq!(error("{n}{n}"), "the pattern names {n} more than once: keep one");
    assert_eq!(
        error("takes/{n}"),
        "'/' cannot stand in a file's name: write - or _ instead"
    );
    assert_eq!(
        error(&format!("{}{{n}}", "a".repeat(61))),
        "the pattern has 61 bytes of its own text: use at most 60"
    );
    assert!(error("").contains("lacks {n}"));
}

proptest! {
    #[test]
    fn every_name_is_safe_and_has_the_number(
        pattern in "(\\{(reel|seed|res|dur|model|sweep|revision|date)\\}|[-_. a]|\\{\\{|é){0,12}\\{n\\}(\\{reel\\}|[-_. ]|\\{model\\}|\\}\\}){0,5}",
        reel in any::<String>(), number in 1..i64::MAX, sweep: Option<i64>, seed in 0..=Seed::MAX,
    ) {
        let pattern = FilePattern::parse(&pattern).unwrap();
        let facts = FileFacts { number: TakeId(number), sweep, seed: Seed::new(seed).unwrap(), ..facts(&reel) };
        let name = pattern.name(&facts);
        prop_assert!(name.len() <= FilePattern::MAX_NAME && name.contains(&format!("{number:05}")), "{}", name);
        prop_assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']), "{}", name);
        prop_assert!(!name.chars().any(is_forbidden), "{}", name);
    }

    #[test]
    fn any_pattern_is_read_or_refused(pattern in "\\PC{0,20}|[{}nrel]{0,12}") {
        let _ = FilePattern::parse(&pattern);
    }
}
