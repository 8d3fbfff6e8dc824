//! The log: pages, filters, exchanges; and the small things kept by a key.

use jiff::SignedDuration;
use rushes::model::Clock;
use rushes::store::{Exchange, Filter};

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
