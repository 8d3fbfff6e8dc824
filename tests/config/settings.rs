//! Reading the settings.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rushes::config::located::{Document, nearest};
use rushes::config::{DOCUMENTED_DEFAULT, Depth, Glyphs, Motion, PictureMode, Settings};
use rushes::model::price::PerUnit;
use rushes::model::{Model, Resolution, Rule, RuleSet, Usd};

fn read(text: &str) -> (Settings, Vec<String>) {
    let document = Document::new(Path::new("config.toml"), text.to_owned());
    let (settings, errors) = Settings::read(&document);
    (settings, errors.iter().map(ToString::to_string).collect())
}

/// Every line that begins with one `#` loses it.
fn uncommented(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix('#').unwrap_or(line))
        .collect();
    lines.join("\n")
}

#[test]
fn the_documented_default_is_the_default_commented_or_not() {
    let text = DOCUMENTED_DEFAULT;
    assert_eq!(read(text), (Settings::default(), vec![]));
    assert!(
        text.lines().all(|line| line.is_empty() || line.starts_with('#')),
        "a setting is not commented out"
    );
    let (settings, errors) = read(&uncommented(text));
    assert_eq!(errors, Vec::<String>::new());
    let expected = Settings {
        key_command: Some("pass show segmind".to_owned()),
        ..Settings::default()
    };
    assert_eq!(settings, expected);
}

/// A setting that is added but not documented shows here: the error for a wrong name lists what is accepted.
#[test]
fn the_documented_default_names_every_setting() {
    let text = uncommented(DOCUMENTED_DEFAULT);
    for (section, broken) in [
        ("", "zzzzzzzzzz = 1\n"),
        ("api", "[api]\nzzzzzzzzzz = 1"),
        ("timeouts", "[timeouts]\nzzzzzzzzzz = 1"),
        ("pictures", "[pictures]\nzzzzzzzzzz = 1"),
        ("lint", "[lint]\nzzzzzzzzzz = 1"),
    ] {
        let (_, errors) = read(broken);
        let accepted = errors[0]
            .split("accepted: ")
            .nth(1)
            .unwrap()
            .split(" (")
            .next()
            .unwrap()
            .to_owned();
        for key in accepted.replace(" or ", ", ").split(", ") {
            let is_there = text.lines().any(|line| {
                line.starts_with(&format!("{key} = "))
                    || line == format!("[{key}]")
                    || line.starts_with(&format!("[{key}."))
            });
            assert!(is_there, "{key} of [{section}] is not documented");
        }
    }
}

#[test]
fn every_setting_is_read() {
    let (settings, errors) = read(
        r#"
        theme = "Golden Hour"
        color = 256
        motion = "reduced"
        glyphs = "ascii"
        mouse = true
        in_flight = 1_0
        cap_per_day = 2.505
        key_command = "secret-tool lookup service segmind"
        sandbox_speed = 20
        api = { gateway = "http://127.0.0.1:4000/", uploads = "https://u.example", history = "http://localhost:1" }
        lint = { off = ["gap", "citation-form"] }
        pictures = { mode = "quadrant", bytes_per_second = 2_000, cache_mb = 0 }
        timeouts = { connect_s = 1, read_s = 2, overall_s = 30 }
        [prices]
        "seedance-2.0" = { usd_per_million_tokens = "6.5", as_of = "2026-11-01" }
        seedance-2 = { }
        "#,
    );
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("prices.seedance-2"), "{errors:?}");
    assert_eq!(
        (settings.theme.as_str(), settings.color),
        ("Golden Hour", Depth::Ansi256)
    );
    assert_eq!(
        (settings.motion, settings.glyphs, settings.mouse),
        (Motion::Reduced, Glyphs::Ascii, true)
    );
    assert_eq!(
        (settings.in_flight, settings.caps.day),
        (10, Some(Usd::from_micros(2_505_000)))
    );
    assert_eq!(
        settings.key_command.as_deref(),
        Some("secret-tool lookup service segmind")
    );
    assert!((settings.sandbox_speed - 20.0).abs() < f64::EPSILON);
    assert_eq!(
        settings.lint_off,
        RuleSet::NONE.with(Rule::Gap).with(Rule::CitationForm)
    );
    assert_eq!(settings.pictures.mode, PictureMode::Quadrant);
    assert_eq!(settings.pictures.bytes_per_second, 2000);
    assert_eq!(settings.pictures.cache_mb, 0);
    assert_eq!(settings.api.gateway, "http://127.0.0.1:4000");
    assert_eq!(
        (
            settings.timeouts.connect_s,
            settings.timeouts.read_s,
            settings.timeouts.overall_s
        ),
        (1, 2, 30)
    );
    let rate = settings
        .prices
        .tariff(Model::default(), Resolution::P480)
        .unwrap();
    assert_eq!(
        (rate.per, rate.as_of.to_string().as_str()),
        (PerUnit::MillionTokens(Usd::from_micros(6_500_000)), "2026-11-01")
    );
    assert_eq!(
        settings
            .prices
            .tariff("seedance-2.0-mini".parse().unwrap(), Resolution::P480),
        Settings::default()
            .prices
            .tariff("seedance-2.0-mini".parse().unwrap(), Resolution::P480)
    );
}

#[test]
fn a_rule_that_is_not_known_leaves_the_others_off() {
    let (settings, errors) = read("[lint]\noff = [\"gap\", \"overun\", 7]");
    assert_eq!(settings.lint_off, RuleSet::NONE.with(Rule::Gap));
    assert!(
        errors[0].starts_with("config.toml:2:15: lint.off is \"overun\""),
        "{errors:?}"
    );
    assert!(errors[0].contains("did you mean \"overrun\"?"), "{errors:?}");
    assert!(errors[1].starts_with("config.toml:2:25:"), "{errors:?}");
    assert_eq!(errors.len(), 2);
}

#[test]
fn no_limit_must_be_stated_explicitly() {
    assert_eq!(read("cap_per_day = \"none\"").0.caps.day, None);
    assert_eq!(read("cap_per_day = 0").0.caps.day, Some(Usd::ZERO));
    assert_eq!(
        read("cap_per_day = \"no\"").0.caps.day,
        Settings::default().caps.day
    );
}

#[test]
fn one_error_leaves_the_rest_of_the_file_in_force() {
    let (settings, errors) =
        read("theme = \"amber\"\nmouse = maybe\nmotion = \"of\"\n[timeouts]\nread_s = 7\n");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].starts_with("config.toml:2:"), "{errors:?}");
    assert!(errors[1].contains("did you mean \"off\"?"), "{errors:?}");
    assert_eq!((settings.theme.as_str(), settings.timeouts.read_s), ("amber", 7));
    assert_eq!((settings.mouse, settings.motion), (false, Motion::Full));
}

#[test]
fn nothing_of_a_broken_line_is_used() {
    for text in [
        "cap_per_day = 99 9",
        "cap_per_day = 99.9.9",
        "cap_per_day = \"99\nmouse = true",
        "cap_per_day = 99 = 1",
    ] {
        let (settings, errors) = read(text);
        assert_eq!(settings.caps.day, Settings::default().caps.day, "{text}");
        assert!(
            errors.iter().all(|error| error.contains("this is not TOML")) && !errors.is_empty(),
            "{errors:?}"
        );
    }
    let (settings, errors) = read("cap_per_day = 5\ncap_per_day = 500\n");
    assert_eq!(
        (settings.caps.day, errors.len()),
        (Some(Usd::from_micros(5_000_000)), 1),
        "the first one counts"
    );
}

#[test]
fn a_missing_file_is_no_error_but_an_unreadable_one_is() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(home.path());
    assert_eq!(Settings::load(&paths), (Settings::default(), vec![]));
    fs::write(paths.settings_file(), "mouse = true").unwrap();
    assert!(Settings::load(&paths).0.mouse);
    for (bytes, words) in [
        (vec![0xff, 0xfe], "not UTF-8"),
        (vec![b'#'; 1 << 21], "larger than 128 KiB"),
    ] {
        fs::write(paths.settings_file(), bytes).unwrap();
        let (settings, errors) = Settings::load(&paths);
        assert_eq!(settings, Settings::default());
        let message = errors[0].to_string();
        assert!(
            message.contains(words) && message.contains("config.toml") && message.contains("defaults"),
            "{message}"
        );
    }
    fs::remove_file(paths.settings_file()).unwrap();
    fs::create_dir(paths.settings_file()).unwrap();
    assert_eq!(Settings::load(&paths).1.len(), 1);
}

#[test]
fn the_nearest_word_is_near() {
    let words = ["truecolor", "auto", "never", "16", "256"];
    assert_eq!(nearest("TrueColour", words), Some("truecolor"));
    assert_eq!(nearest("atuo", words), Some("auto"));
    assert_eq!(nearest("265", words), Some("256"));
    assert_eq!(nearest("purple", words), None);
    assert_eq!(nearest("", words), None);
    assert_eq!(nearest("x", []), None);
}

proptest! {
    /// Whatever a file holds: no panic, and every error lies within the file.
    #[test]
    fn any_text_is_read(text in "(theme|mouse|color|in_flight|\\[api\\]|\\[|=|\"|'|\\{|\\}|\n|#|[0-9.-]|true|é|\\PC){0,40}") {
        let (_, errors) = read(&text);
        for error in errors {
            let line: usize = error.split(':').nth(1).unwrap().parse().unwrap();
            prop_assert!(line >= 1 && line <= text.matches('\n').count() + 1, "{error} in {text:?}");
        }
    }

    #[test]
    fn a_good_file_reads_back(mouse in any::<bool>(), in_flight in 1..=100_u32, cents in 0..1_000_000_i64, read_s in 1..=3600_u64) {
        let text = format!(
            "mouse = {mouse}\nin_flight = {in_flight}\ncap_per_day = {}.{:02}\n[timeouts]\nread_s = {read_s}\n",
            cents / 100, cents % 100
        );
        let (settings, errors) = read(&text);
        prop_assert!(errors.is_empty(), "{errors:?}");
        let expected = (mouse, in_flight, Some(Usd::from_micros(cents * 10_000)), read_s);
        prop_assert_eq!((settings.mouse, settings.in_flight, settings.caps.day, settings.timeouts.read_s), expected);
    }
}
