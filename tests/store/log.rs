//! The log: pages, filters, exchanges, samples; and the small things kept by a key.

use jiff::SignedDuration;
use proptest::prelude::*;
use rushes::model::{Backend, Clock, FailureKind, Model, Resolution, Seconds, TakeId, TakeState, Verdict};
use rushes::store::{Exchange, Facts, Filter, FilterError};

use crate::test_store::*;

pub fn exchange(response: &str) -> Exchange {
    Exchange {
        at: start(),
        stage: "submit".into(),
        method: "POST".into(),
        path: "/v2/seedance-2.0".into(),
        status: Some(200),
        millis: 412,
        response: Some(response.into()),
        times: 1,
    }
}

fn shown(kit: &Kit, line: &str) -> Vec<TakeId> {
    let filter = Filter::parse(line).unwrap();
    let takes = kit.store.takes(&filter, 0, 100).unwrap();
    assert_eq!(kit.store.count(&filter).unwrap(), takes.len() as u64, "{line}");
    let of_reel = kit
        .store
        .takes(&filter.clone().in_reel(&kit.reel.id), 0, 100)
        .unwrap();
    assert_eq!(of_reel, takes, "{line}");
    takes.iter().map(|take| take.id).collect()
}

#[test]
fn pages_are_newest_first_and_do_not_overlap() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    let mut expected = Vec::new();
    for seed in 0..10 {
        expected.extend(kit.admit(&[seed]));
        kit.store.admit(&admission(&other.id, &[seed])).unwrap();
    }
    expected.reverse();
    let filter = Filter::of_reel(&kit.reel.id);
    let mut pages = Vec::new();
    for (offset, length) in [(0, 4), (4, 4), (8, 2), (12, 0)] {
        let page = kit.store.takes(&filter, offset, 4).unwrap();
        assert_eq!(page.len(), length);
        pages.extend(page.iter().map(|take| take.id));
    }
    assert_eq!(pages, expected);
    assert_eq!(kit.store.count(&filter).unwrap(), 10);
    assert_eq!(kit.store.count(&Filter::all()).unwrap(), 20);
    assert_eq!(kit.store.takes(&Filter::all(), 0, u64::MAX).unwrap().len(), 20);
}

#[test]
fn every_term_of_a_filter_holds() {
    let kit = kit();
    let saved = kit.take_in(TakeState::Saved).id;
    let refused = kit.take_in(TakeState::Refused).id;
    let mut final_take = kit.admission(&[]);
    final_take.form.resolution = Resolution::P720;
    final_take.form.model = "seedance-2.0-fast".parse().unwrap();
    final_take.form.prompt = "100% wool, under_score and back\\slash. ÉTÉ.".into();
    ask_for(&mut final_take, &[42, 43]);
    let [a, b] = kit.store.admit(&final_take).unwrap()[..] else {
        panic!("two takes were asked for")
    };
    kit.store.set_verdict(b, Verdict::Circled).unwrap();
    kit.store.set_note(saved, "The Look at 0:03").unwrap();
    let failure = Facts {
        error: Some("Output audio refused".into()),
        error_kind: Some(FailureKind::OutputAudio),
        ..Facts::default()
    };
    kit.store.learn(refused, &failure).unwrap();
    for (line, expected) in [
        ("", &[b, a, refused, saved][..]),
        ("seed:42", &[a]),
        ("SEED:42", &[a]),
        ("state:saved", &[saved]),
        ("failed", &[refused]),
        ("res:720p", &[b, a]),
        ("720p", &[b, a]),
        ("480p state:saved", &[saved]),
        ("verdict:circled", &[b]),
        ("sweep:1", &[b, a]),
        ("model:fast", &[b, a]),
        ("model:2.0", &[refused, saved]),
        ("model:seedance-2.0-fast seed:43", &[b]),
        ("backend:sandbox", &[b, a, refused, saved]),
        ("backend:live", &[]),
        ("take:1", &[saved]),
        ("id:2", &[refused]),
        ("KITE", &[refused, saved]),
        ("kite bay seed:7", &[refused, saved]),
        ("kite wool", &[]),
        ("\"look is\"", &[]),
        ("\"state:saved\"", &[]),
        ("\"\" seed:43", &[b]),
        ("\"kite", &[refused, saved]),
        ("audio", &[refused]),
        ("look 0:03", &[saved]),
        ("100%", &[b, a]),
        ("1%0", &[]),
        ("under_score", &[b, a]),
        ("under_s_ore", &[]),
        ("back\\slash", &[b, a]),
        ("ÉTÉ", &[b, a]),
        ("' OR 1=1 --", &[]),
    ] {
        assert_eq!(shown(&kit, line), expected, "{line:?}");
    }
}

#[test]
fn a_filter_that_cannot_be_read_says_what_is_accepted() {
    let shown = |line: &str| Filter::parse(line).unwrap_err().to_string();
    assert_eq!(
        shown("kite colour:red"),
        "a filter has no key \"colour\": use seed:42, state:saved, res:720p or 720p, verdict:circled, \
         sweep:9, tag:hero, tag:\"b roll\", model:fast, backend:live, take:118, failed, or words to look for"
    );
    assert_eq!(shown("seed:x"), "seed:x is not a filter: seed must be a number");
    assert_eq!(
        shown("res:1080p"),
        "res:1080p is not a filter: res must be one of 480p, 720p"
    );
    assert_eq!(
        shown("model:big"),
        "model:big is not a filter: model must be one of 2.0, fast, mini"
    );
    for line in [
        "seed:",
        "take:-1",
        "state:done",
        "verdict:x",
        "backend:x",
        "sweep:1.5",
    ] {
        assert!(
            matches!(Filter::parse(line), Err(FilterError::BadValue { .. })),
            "{line}"
        );
    }
    assert_eq!(Filter::parse(&"a ".repeat(251)), Err(FilterError::TooLong));
}

/// The longest line that is taken is also one that SQL takes.
#[test]
fn the_longest_filter_can_be_run() {
    let kit = kit();
    kit.admit(&[1]);
    assert_eq!(shown(&kit, &"a ".repeat(250)), [TakeId(1)]);
}

#[test]
fn any_filter_is_read_or_refused_and_what_is_read_can_be_run() {
    let kit = kit();
    kit.admit(&[1]);
    let words = "(\\PC{0,6}|seed:[0-9]{0,20}|state:[a-z]{0,6}|failed|%|_|\\\\|'|\")( \\PC{0,4}){0,3}";
    proptest!(ProptestConfig::with_cases(256), |(line in words)| {
        if let Ok(filter) = Filter::parse(&line) {
            prop_assert!(kit.store.takes(&filter, 0, 9).unwrap().len() <= 1);
        }
    });
}

#[test]
fn exchanges_come_back_in_order_with_bounded_responses() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    let lost = Exchange {
        status: None,
        response: None,
        ..exchange("")
    };
    let long = exchange(&"é".repeat(40_000));
    for each in [&exchange("{}"), &lost, &long] {
        kit.store.record(id, each).unwrap();
    }
    let kept = kit.store.exchanges(id).unwrap();
    assert_eq!(kept[..2], [exchange("{}"), lost]);
    assert_eq!(kept[2].response.as_deref(), Some(&*"é".repeat(32_768)));
}

#[test]
fn an_exchange_that_comes_again_is_kept_once_with_the_newer_time() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    let looked = |response: &str| Exchange {
        at: kit.clock.now(),
        stage: "history".into(),
        ..exchange(response)
    };
    for response in ["[]", "[]", "[]", "[1]", "[]"] {
        kit.pass(10);
        kit.store.record_again(id, &looked(response)).unwrap();
    }
    kit.store.record_again(id, &exchange("[]")).unwrap();
    let kept = kit.store.exchanges(id).unwrap();
    let told: Vec<_> = kept.iter().map(|e| (e.stage.as_str(), e.times)).collect();
    assert_eq!(
        told,
        [("history", 3), ("history", 1), ("history", 1), ("submit", 1)]
    );
    let apart = kept[1].at.duration_since(kept[0].at);
    assert_eq!(apart.as_secs(), 10, "the first has the time of its last look");
}

#[test]
fn samples_are_the_newest_saved_takes_alike() {
    let kit = kit();
    for seconds in [10, 20, 30] {
        let id = kit.take_in(TakeState::Rendered).id;
        kit.pass(seconds);
        kit.step(id, TakeState::Saved);
    }
    let backwards = kit.take_in(TakeState::Rendered).id;
    kit.pass(-5);
    kit.step(backwards, TakeState::Saved);
    let failed = kit.take_in(TakeState::Processing).id;
    kit.step(failed, TakeState::Failed);
    let samples = |backend, resolution, most| {
        kit.store
            .samples(backend, Model::default(), resolution, Seconds::default(), most)
            .unwrap()
    };
    assert_eq!(
        samples(Backend::Sandbox, Resolution::P480, 9),
        [30_000, 20_000, 10_000]
    );
    assert_eq!(samples(Backend::Sandbox, Resolution::P480, 2), [30_000]);
    assert_eq!(samples(Backend::Sandbox, Resolution::P720, 9), [0_u64; 0]);
    assert_eq!(samples(Backend::Live, Resolution::P480, 9), [0_u64; 0]);
}

#[test]
fn another_connections_write_changes_the_data_version() {
    let kit = kit();
    let other = kit.other();
    let before = kit.store.data_version().unwrap();
    kit.admit(&[1]);
    assert_eq!(kit.store.data_version().unwrap(), before);
    other.set_setting("theme", "ansi").unwrap();
    assert_ne!(kit.store.data_version().unwrap(), before);
}

#[test]
fn settings_and_uploads_are_kept_by_their_keys() {
    let kit = kit();
    assert_eq!(kit.store.setting("theme").unwrap(), None);
    for theme in ["ansi", "night"] {
        kit.store.set_setting("theme", theme).unwrap();
        assert_eq!(kit.other().setting("theme").unwrap().as_deref(), Some(theme));
    }
    let sha256 = "cd".repeat(32);
    let (here, there) = ("http://127.0.0.1:1", "http://127.0.0.1:2");
    let at = |origin: &str| kit.store.upload(origin, &sha256).unwrap();
    assert_eq!(at(here), None);
    let url = "http://127.0.0.1:1/assets/a.png";
    kit.store.remember_upload(here, &sha256, url, 9).unwrap();
    assert_eq!((at(here).as_deref(), at(there)), (Some(url), None));
}

#[test]
fn reels_are_made_once_and_have_folders_of_their_own() {
    let kit = kit();
    let again = kit.other().reel("neon drive").unwrap();
    assert_eq!(again, kit.reel);
    let twin = kit.store.reel("Neon/Drive").unwrap();
    assert_ne!((&twin.id, &twin.folder), (&kit.reel.id, &kit.reel.folder));
    assert!(twin.folder.starts_with("neon-drive-") && !twin.folder.contains('/'));
    kit.pass(SignedDuration::from_hours(1).as_secs());
    let names: Vec<_> = kit
        .store
        .reels()
        .unwrap()
        .into_iter()
        .map(|reel| reel.name)
        .collect();
    assert_eq!(names, ["Neon/Drive", "neon drive"]);
}
