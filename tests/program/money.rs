//! Prices, bills and caps as commands tell them.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Zoned};
use rushes::config::Paths;
use rushes::model::clock::SystemClock;
use rushes::model::{Backend, Expectation, Form, Model, Seed, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts, Store};

use crate::commands::{Server, errors, of_lines, output, records, rushes};
use crate::primed_store::prime;

const KEY: &str = "SG_0123456789abcdef";

fn text(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn set(home: &Path, settings: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/config.toml"), settings).unwrap();
}

fn live(home: &Path, server: &Server, arguments: &[&str]) -> std::process::Output {
    let all = [&["--live", "--api", &server.origin], arguments].concat();
    rushes(home, &all).env("SEGMIND_API_KEY", KEY).output().unwrap()
}

/// Two drafts of four seconds cost 0.284162 dollars each.
const TWO: [&str; 9] = [
    "gen",
    "-y",
    "--json",
    "--duration",
    "4",
    "--seeds",
    "1, 2",
    "--prompt",
    "A kite.",
];

#[test]
fn a_sandbox_take_is_free_wherever_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    set(home, "sandbox_speed = 100.0\n");
    let made = output(
        home,
        &[
            "gen",
            "--prompt",
            "A kite.",
            "--duration",
            "4",
            "--seeds",
            "7",
            "--json",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    let take = &of_lines(&made)[0];
    assert_eq!(take["cost_usd"].as_f64(), Some(0.0));
    assert_eq!(take["would_cost_usd"].as_f64(), Some(0.284_162));
    assert_eq!(take["estimate_usd"].as_f64(), Some(0.284_162));
    assert_eq!(take["wait"]["basis"], "the sandbox's own pace");
    assert!(take["seconds"]["render"].as_f64().is_some(), "{take}");
    let shown = text(&output(home, &["show", "1"]));
    assert!(
        shown.contains("estimate     free (on live $0.284 est.)"),
        "{shown}"
    );
    assert!(shown.contains("cost         free (on live $0.284)"), "{shown}");
    assert!(!shown.contains("at most"), "{shown}");
    let probed = output(home, &["probe", "1", "-y"]);
    let told = errors(&probed);
    assert_eq!(probed.status.code(), Some(0), "{told}");
    assert!(told.contains("with seed 7: it is free on the sandbox."), "{told}");
    assert!(!told.contains('$') && !told.contains(".."), "{told}");
}

#[test]
fn an_estimate_counts_the_extra_frame_and_says_how_old_the_list_is() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let told = text(&output(home, &["estimate", "--seeds", "6 new"]));
    assert!(told.contains("6 × $0.71 = $4.24 est."), "{told}");
    assert!(
        told.contains("The price list is ") && told.contains(" days old (2026-09-01)."),
        "{told}"
    );
    let json = records(home, &["estimate", "--seeds", "6 new", "--json"]).remove(0);
    assert_eq!(json["each_usd"].as_f64(), Some(0.706_010));
    assert_eq!(
        (
            json["estimate_min_usd"].is_null(),
            json["remarks"].as_array().unwrap().len()
        ),
        (true, 1)
    );
    let settings = "[prices.\"seedance-2.0\"]\nusd_per_million_tokens = 7.00\nas_of = 2099-01-01\n";
    set(home, settings);
    let told = text(&output(home, &["estimate", "--seeds", "6 new"]));
    assert!(!told.contains("days old"), "{told}");
}

/// Each cap names itself and its setting, and nothing is sent.
#[test]
fn each_cap_of_the_settings_keeps_live_takes_back() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let server = Server::start(home, "");
    for (setting, cap) in [
        ("cap_per_day", "the day's cap"),
        ("cap_per_session", "the session's cap"),
        ("cap_per_reel", "the reel's cap"),
        ("cap_per_sweep", "the sweep's cap"),
    ] {
        set(home, &format!("{setting} = 0.50\n"));
        let refused = live(home, &server, &TWO);
        assert_eq!(refused.status.code(), Some(4), "{}", errors(&refused));
        let told = errors(&refused);
        assert!(told.contains(&format!("{cap} of $0.50")), "{told}");
        assert!(told.contains(setting), "{told}");
        assert_eq!(records(home, &["ls", "--json"]), Vec::<serde_json::Value>::new());
    }
}

/// A session is one run of the program, and a reel is for ever.
#[test]
fn a_session_ends_with_its_run_and_a_reel_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let server = Server::start(home, "");
    prime(home, Backend::Live, Expectation::MIN_TAKES);
    set(home, "cap_per_session = 0.60\ncap_per_reel = 1.20\n");
    for code in [0, 0, 4] {
        let ended = live(home, &server, &TWO);
        assert_eq!(ended.status.code(), Some(code), "{}", errors(&ended));
    }
    let told = errors(&live(home, &server, &TWO));
    assert!(told.contains("the reel's cap of $1.20 leaves $0.06"), "{told}");
}

/// Live takes of ten seconds at 480p that were billed for this.
fn bill(home: &Path, takes: u32, micros: i64) {
    let paths = Paths::resolve(Some(home), &|_| None).unwrap();
    paths.ensure().unwrap();
    let store = Store::open(&paths.database(), Arc::new(SystemClock)).unwrap();
    let (listed, most) = (Usd::from_micros(706_010), Usd::from_micros(900_000));
    let form = Form {
        prompt: "A kite.".to_owned(),
        ..Form::default()
    };
    let seeds = (1..=takes).map(|seed| Seed::new(seed).unwrap());
    let reel = store.reel("main").unwrap();
    let mut admission = Admission::of(&reel.id, Backend::Live, form, seeds, listed, most);
    for take in &mut admission.takes {
        take.listed = Some(listed);
    }
    store.admit(&admission).unwrap();
    for _ in 0..takes {
        let claim = Claim {
            owner: "me".to_owned(),
            account: "0123456789abcdef".to_owned(),
            backend: Backend::Live,
            limit: u32::MAX,
            caps: rushes::store::Caps::default(),
            prices: None,
            lease: SignedDuration::from_mins(1),
        };
        let Claimed::Take(take) = store.claim(&claim).unwrap() else {
            panic!("nothing to claim")
        };
        for state in [TakeState::Accepted, TakeState::Rendered, TakeState::Saved] {
            let facts = Facts::bill(Some(Usd::from_micros(micros)));
            store.step("me", take.id, state, "", &facts).unwrap();
        }
    }
}

#[test]
fn doctor_says_how_old_each_price_is_and_which_bills_are_off() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let found = |check: &str| -> Vec<String> {
        let all = records(home, &["doctor", "--json"]).into_iter();
        all.filter(|finding| finding["check"] == check)
            .map(|finding| finding["found"].as_str().unwrap().to_owned())
            .collect()
    };
    let prices = found("prices");
    assert_eq!(prices.len(), Model::all().len(), "{prices:?}");
    for (model, told) in Model::all().into_iter().zip(&prices) {
        assert!(told.starts_with(&format!("{model}: ")), "{told}");
        for tariff in &model.prices {
            // The day may have changed since.
            let days = i64::from(tariff.age_days(Zoned::now().date()));
            let aged = |days: i64| format!("({}, {days} days old)", tariff.as_of);
            assert!(told.contains(&tariff.in_words()), "{told}");
            assert!(
                told.contains(&aged(days)) || told.contains(&aged(days - 1)),
                "{told}"
            );
        }
    }
    bill(home, 2, 741_311);
    assert_eq!(found("bills"), [""; 0]);
    bill(home, 1, 741_311);
    let bills = found("bills");
    assert_eq!(bills.len(), 1, "{bills:?}");
    assert!(
        bills[0].starts_with(
            "3 bills in a row of seedance-2.0 at 480p are 5.0 % above their estimates: they imply $7.35 per million tokens \
             instead of $7.00."
        ),
        "{bills:?}"
    );
    // What it says can be written into the file that it names, and ends the report.
    let (before, lines) = bills[0].rsplit_once(": prices").unwrap();
    let file = home.join("config/models.toml");
    assert!(
        before.ends_with(&format!("[\"seedance-2.0\"] in {}", file.display())),
        "{before}"
    );
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(&file, format!("[\"seedance-2.0\"]\nprices{lines}\n")).unwrap();
    assert_eq!(found("bills"), [""; 0]);
    assert!(
        found("prices")[0].contains("480p $7.35 per million tokens"),
        "{:?}",
        found("prices")
    );
}
