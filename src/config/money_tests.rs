//! Which mistakes put the settings about money in doubt.

use std::path::Path;

use super::*;
use crate::model::price::PerUnit;
use crate::model::{Model, PriceTable, Resolution};

fn doubt_of(text: &str) -> Option<Doubt> {
    let document = Document::new(Path::new("config.toml"), text.to_owned());
    doubt(&Settings::read(&document).1)
}

#[test]
fn mistakes_about_money_are_told_from_others() {
    for text in [
        "cap_per_day = 0,50",
        "cap_per_day = -5",
        "cap_per_day = \"\"",
        "cap_per_session = -5",
        "cap_per_reel = 0,50",
        "cap_per_sweep = \"ten\"",
        "cap_per_sweep = 1\ncap_per_sweep = 500",
        "cap_per_reels = 1",
        "cap_per_dya = 1",
        "cpa_pre_day = 1",
        "CAP = 1",
        "daily_cap = 1",
        "maximum = 1",
        "mxa = 1",
        "prcie = 1",
        "[pricse.\"seedance-2.0\"]",
        "[lint]\nmax_gap = 1",
        "prices = 5",
        "mouse: true",
        "cap_per_day = 5\ncap_per_day = 500",
        "theme = \"night",
    ] {
        let doubt = doubt_of(text).unwrap_or_else(|| panic!("{text:?} was trusted"));
        assert!(doubt.place.starts_with("config.toml:"), "{doubt:?}");
        assert!(doubt.why.contains("live takes are not sent"), "{doubt:?}");
    }
    for text in [
        "",
        "cap_per_day = 0.5",
        "thme = \"ansi\"",
        "in_flight = \"many\"",
        "in_fligth = 3",
        "mouse = 3",
        "key = \"SG_0123\"",
        "[timeout]\nread_s = 3",
        "[lint]\noff = [\"gapp\"]",
    ] {
        assert_eq!(doubt_of(text), None, "{text:?}");
    }
}

#[test]
fn only_mistakes_in_prices_leave_the_cap_trusted() {
    let price = "[prices.\"seedance-2.0\"]\nusd_per_million_tokens = \"low\"\nas_of = 2026-11-01\n";
    assert!(!doubt_of(price).unwrap().hides_the_cap);
    assert!(
        doubt_of(&format!("cap_per_day = 1,5\n{price}"))
            .unwrap()
            .hides_the_cap
    );
}

#[test]
fn each_change_of_the_file_is_seen_and_a_file_that_is_gone_is_no_wish_for_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::resolve(Some(folder.path()), &|_| None).unwrap();
    let file = MoneyFile::of(&paths);
    let default = Settings::default().caps.day;
    let read = || {
        let read = file.read();
        (read.caps.day, read.doubt.is_some())
    };
    assert_eq!(read(), (default, false));
    std::fs::create_dir_all(&paths.config).unwrap();
    let cents = |micros| Some(crate::model::Usd::from_micros(micros));
    for (text, expected) in [
        ("cap_per_day = 0.1", (cents(100_000), false)),
        ("cap_per_day = 0.2", (cents(200_000), false)),
        ("cap_per_day = 0,2", (default, true)),
        ("", (default, true)),
        ("cap_per_day = \"none\"", (None, false)),
    ] {
        std::fs::write(paths.settings_file(), text).unwrap();
        assert_eq!(read(), expected, "{text}");
    }
    std::fs::remove_file(paths.settings_file()).unwrap();
    assert!(read().1);
}

#[test]
fn a_doubt_that_was_accepted_hides_no_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::resolve(Some(folder.path()), &|_| None).unwrap();
    std::fs::create_dir_all(&paths.config).unwrap();
    std::fs::write(paths.settings_file(), "cap_per_day = 2").unwrap();
    std::fs::write(paths.models_file(), "[a]\ndurations = [1]\n").unwrap();
    let file = MoneyFile::of(&paths);
    let accepted = file.read().doubt.unwrap();
    assert!(!accepted.hides_the_cap, "{accepted:?}");
    // A second mistake behind the first one.
    std::fs::write(
        paths.models_file(),
        "[a]\ndurations = [1]\n[b]\ndurations = [1]\n",
    )
    .unwrap();
    assert_ne!(file.read().doubt.as_ref(), Some(&accepted));
    std::fs::write(paths.models_file(), "[a]\ndurations = [1]\n").unwrap();
    assert_eq!(file.read().doubt.as_ref(), Some(&accepted));
    // The cap is gone.
    std::fs::remove_file(paths.settings_file()).unwrap();
    let now = file.read().doubt.unwrap();
    assert!(now.hides_the_cap && now != accepted, "{now:?}");
}

#[test]
fn a_price_in_the_settings_counts_for_every_resolution() {
    let document = Document::new(
        Path::new("config.toml"),
        "[prices.\"seedance-2.0\"]\nusd_per_million_tokens = 9\nas_of = 2026-11-01\n".to_owned(),
    );
    let mut of_480p = PriceTable::default()
        .tariff(Model::default(), Resolution::P480)
        .unwrap();
    of_480p.resolution = Some(Resolution::P480);
    let mut table = PriceTable::default();
    table.replace(Model::default(), &[of_480p]);
    let (settings, errors) = Settings::of(Ok(&Some(document)), table);
    assert_eq!(errors, []);
    let now = settings
        .prices
        .tariff(Model::default(), Resolution::P480)
        .unwrap();
    assert_eq!(
        now.per,
        PerUnit::MillionTokens(crate::model::Usd::from_micros(9_000_000))
    );
}
