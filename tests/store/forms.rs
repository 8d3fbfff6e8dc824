//! Forms come back as they were saved, whatever is typed into them.

use proptest::prelude::*;
use rushes::model::{Form, Model, Resolution};
use rushes::store::StoreError;

use crate::test_store::*;

prop_compose! {
    fn any_draft()(
        prompt in any::<String>(), seeds in any::<String>(), first in "\\PC{0,9}", last in "\\PC{0,9}",
        images in prop::collection::vec(any::<String>(), 0..4),
        videos in prop::collection::vec(any::<String>(), 0..3),
        audios in prop::collection::vec(any::<String>(), 0..3),
        model in prop::sample::select(Model::all()), resolution in prop::sample::select(vec![Resolution::P480, Resolution::P720]),
        aspect in prop::sample::select(Model::default().aspect_ratios.clone()),
        seconds in prop::sample::select(Model::default().durations.clone()),
        bitrate in prop::option::of(prop::sample::select(vec!["standard".parse().unwrap(), "high".parse().unwrap()])),
        flags in any::<[bool; 3]>(),
    ) -> Form {
        Form {
            prompt, model, resolution, seeds, images, videos, audios,
            duration: seconds, aspect_ratio: aspect, bitrate_mode: bitrate,
            generate_audio: flags[0], return_last_frame: flags[1], skip_moderation: flags[2],
            first_frame: first, last_frame: last, ..Form::default()
        }
    }
}

#[test]
fn any_draft_comes_back_as_it_was_saved() {
    let kit = kit();
    assert_eq!(kit.store.forms(&kit.reel.id).edited().unwrap(), None);
    proptest!(ProptestConfig::with_cases(64), |(form in any_draft())| {
        kit.store.forms(&kit.reel.id).save(&form).unwrap();
        prop_assert_eq!(kit.store.forms(&kit.reel.id).edited().unwrap(), Some(form));
    });
}

#[test]
fn editing_leaves_the_revisions_alone() {
    let kit = kit();
    kit.store.forms(&kit.reel.id).save(&form()).unwrap();
    assert_eq!(kit.store.forms(&kit.reel.id).latest().unwrap(), None);
    kit.admit(&[1]);
    kit.store.forms(&kit.reel.id).save(&Form::default()).unwrap();
    assert_eq!(
        kit.store.forms(&kit.reel.id).edited().unwrap(),
        Some(Form::default())
    );
    assert_eq!(kit.store.forms(&kit.reel.id).revision(1).unwrap(), Some(form()));
    assert_eq!(kit.store.forms(&kit.reel.id).latest().unwrap(), Some(1));
    assert_eq!(kit.store.forms(&kit.reel.id).revision(2).unwrap(), None);
}

#[test]
fn a_form_without_a_reel_is_refused() {
    let kit = kit();
    let refused = StoreError::NoSuchReel("none".into());
    assert_eq!(kit.store.forms("none").save(&form()), Err(refused));
    assert_eq!(kit.store.forms("none").edited().unwrap(), None);
}

fn prompt(text: &str) -> Form {
    Form {
        prompt: text.to_owned(),
        ..Form::default()
    }
}

#[test]
fn saving_over_the_known_form_keeps_no_revision() {
    let kit = kit();
    let (store, reel) = (&kit.store, &kit.reel.id);
    assert_eq!(store.forms(reel).save_over(None, &prompt("a")).unwrap(), None);
    assert_eq!(
        store
            .forms(reel)
            .save_over(Some(&prompt("a")), &prompt("b"))
            .unwrap(),
        None
    );
    // What is there already collides with nothing.
    assert_eq!(store.forms(reel).save_over(None, &prompt("b")).unwrap(), None);
    assert_eq!(store.forms(reel).edited().unwrap(), Some(prompt("b")));
    assert_eq!(store.forms(reel).revisions(9).unwrap(), []);
}

#[test]
fn another_windows_form_is_kept_as_a_revision_before_it_is_overwritten() {
    let kit = kit();
    let (store, reel) = (&kit.store, &kit.reel.id);
    store.forms(reel).save(&prompt("known")).unwrap();
    kit.admit(&[1]);
    store.forms(reel).save(&prompt("another's")).unwrap();
    for _ in 0..2 {
        let found = store
            .forms(reel)
            .save_over(Some(&prompt("known")), &prompt("own"))
            .unwrap()
            .expect("the other's text");
        assert_eq!((found.version, found.form), (2, prompt("another's")));
        assert_eq!(store.forms(reel).edited().unwrap(), Some(prompt("own")));
        // The same text once more is the same revision.
        store.forms(reel).save(&prompt("another's")).unwrap();
    }
    let versions = store.forms(reel).revisions(9).unwrap();
    assert_eq!(
        versions.iter().map(|kept| kept.version).collect::<Vec<_>>(),
        [2, 1]
    );
    assert_eq!(versions[0].form, prompt("another's"));
    // No take was made of it, and its number is not given out again.
    assert_eq!(store.forms(reel).latest().unwrap(), Some(1));
    kit.admit(&[2]);
    assert_eq!(
        store.forms(reel).latest().unwrap(),
        Some(1),
        "the same draft as before"
    );
    assert_eq!(store.forms(reel).keep(&prompt("third")).unwrap(), 3);
    assert_eq!(store.forms(reel).revisions(1).unwrap()[0].form, prompt("third"));
}

#[test]
fn nothing_is_saved_in_a_reel_that_does_not_exist() {
    let kit = kit();
    let refused = StoreError::NoSuchReel("none".into());
    assert_eq!(
        kit.store.forms("none").save_over(None, &form()),
        Err(refused.clone())
    );
    assert_eq!(kit.store.forms("none").keep(&form()), Err(refused));
}

/// Keys that a newer rushes wrote are kept, and those that an older one did not write have their defaults.
#[test]
fn a_form_of_another_version_is_read_and_loses_nothing() {
    let kit = kit();
    kit.store.forms(&kit.reel.id).save(&prompt("a")).unwrap();
    kit.admit(&[1]);
    let raw = rusqlite::Connection::open(kit.path()).unwrap();
    raw.execute(
        "UPDATE forms SET form = json_set(form, '$.camera_fixed', json('[1]'))",
        [],
    )
    .unwrap();
    raw.execute(
        "UPDATE forms SET form = json_remove(form, '$.seeds', '$.images')",
        [],
    )
    .unwrap();
    assert_eq!(kit.store.forms(&kit.reel.id).edited().unwrap(), Some(prompt("a")));
    assert_eq!(kit.store.forms(&kit.reel.id).revision(1).unwrap(), Some(form()));
    kit.store.forms(&kit.reel.id).save(&prompt("b")).unwrap();
    assert_eq!(kit.store.forms(&kit.reel.id).edited().unwrap(), Some(prompt("b")));
    let kept = "SELECT count(*) FROM forms WHERE form ->> '$.camera_fixed' = '[1]'";
    assert_eq!(raw.query_row(kept, [], |row| row.get::<_, i64>(0)).unwrap(), 2);
}
