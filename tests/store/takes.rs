//! A take in the store: queued, claimed, advanced and settled.

use crate::test_store::*;
use std::os::unix::ffi::OsStringExt;

use rushes::model::{
    Backend, FailureKind, Form, IllegalTransition, Lineage, RequestSummary, TakeId, TakeState, Usd,
};
use rushes::store::{Facts, Reserve, StoreError};

#[test]
fn a_take_keeps_all_its_facts_over_a_restart() {
    let kit = kit();
    let id = kit.admit(&[42])[0];
    let claimed = kit.claim("me");
    kit.pass(2);
    let accepted = Facts {
        request_id: Some("f00d".into()),
        http_status: Some(200),
        ..Facts::default()
    };
    kit.store
        .step("me", id, TakeState::Accepted, "200", &accepted)
        .unwrap();
    kit.pass(3);
    kit.step(id, TakeState::Processing);
    kit.pass(60);
    let rendered = Facts {
        cost: Some(Usd::from_micros(703_080)),
        output_url: Some("https://images.segmind.com/a.mp4".into()),
        last_frame_url: Some("https://images.segmind.com/a.png".into()),
        ..Facts::default()
    };
    kit.store
        .step("me", id, TakeState::Rendered, "", &rendered)
        .unwrap();
    kit.pass(5);
    let saved = Facts {
        file: Some("/reels/neon/1.mp4".into()),
        bytes: Some(3_100_000),
        sha256: Some("ab".repeat(32)),
        ..Facts::default()
    };
    let last = kit.store.step("me", id, TakeState::Saved, "", &saved).unwrap();

    let take = kit.other().take(id).unwrap();
    assert_eq!(take, last);
    assert_eq!(claimed.body, form().request(take.seed).body());
    let stages = take.stages();
    assert_eq!((&take.body, take.seed.number()), (&claimed.body, 42));
    assert_eq!((take.reel.as_str(), take.revision), ("neon drive", Some(1)));
    assert_eq!(
        (take.request_id.as_deref(), take.http_status),
        (Some("f00d"), Some(200))
    );
    assert_eq!((take.estimate, take.cost), (DIME, rendered.cost));
    assert_eq!(take.output_url, rendered.output_url);
    assert_eq!(take.last_frame_url, rendered.last_frame_url);
    assert_eq!(
        (take.file, take.bytes, take.sha256),
        (saved.file, saved.bytes, saved.sha256)
    );
    assert_eq!(take.created_at, start());
    assert_eq!((stages.queue, stages.render), (Some(3.0), Some(60.0)));
    assert_eq!((stages.deliver, stages.total), (Some(5.0), Some(70.0)));
}

#[test]
fn each_transition_is_one_event_and_a_refused_one_is_none() {
    use TakeState as S;
    let kit = kit();
    let take = kit.take_in(TakeState::Saved);
    let events = kit.store.events(take.id).unwrap();
    let way: Vec<_> = events
        .iter()
        .map(|event| (event.from, event.to, event.owner.as_deref()))
        .collect();
    assert_eq!(
        way,
        [
            (None, S::Waiting, None),
            (Some(S::Waiting), S::Submitting, Some("me")),
            (Some(S::Submitting), S::Accepted, Some("me")),
            (Some(S::Accepted), S::Rendered, Some("me")),
            (Some(S::Rendered), S::Saved, Some("me")),
        ]
    );
    let refused = kit
        .store
        .step("me", take.id, S::Processing, "", &Facts::default());
    assert!(
        matches!(refused, Err(StoreError::LostLease { .. })),
        "{refused:?}"
    );
    assert_eq!(kit.store.events(take.id).unwrap(), events);
}

/// From every state to every state: the store allows what the model allows, and a refusal changes nothing.
#[test]
fn only_legal_transitions_are_made() {
    let kit = kit();
    let has_owner = |state: &TakeState| !state.settled() && *state != TakeState::Waiting;
    for from in TakeState::ALL.into_iter().filter(has_owner) {
        for to in TakeState::ALL {
            let before = kit.take_in(from);
            let id = before.id;
            let bill = Facts {
                cost: Some(DIME),
                ..Facts::default()
            };
            let outcome = kit.store.step("me", id, to, "", &bill);
            if from.may_become(to) {
                assert_eq!(outcome.unwrap().state, to, "{from} to {to}");
            } else {
                let step = IllegalTransition { from, to };
                assert_eq!(outcome, Err(StoreError::IllegalTransition(id, step)));
                assert_eq!(kit.store.take(id).unwrap(), before);
            }
            if to == TakeState::Waiting && from.may_become(to) {
                kit.store.cancel(id).unwrap();
            }
        }
    }
}

#[test]
fn a_successful_transition_clears_the_previous_error() {
    let kit = kit();
    let take = kit.take_in(TakeState::Submitting);
    let unclear = Facts {
        error: Some("timed out".into()),
        error_kind: Some(FailureKind::Network),
        ..Facts::default()
    };
    let unknown = kit
        .store
        .step("me", take.id, TakeState::Unknown, "", &unclear)
        .unwrap();
    assert_eq!(
        (unknown.error.as_deref(), unknown.error_kind),
        (Some("timed out"), Some(FailureKind::Network))
    );
    kit.step(take.id, TakeState::Accepted);
    let accepted = kit.store.take(take.id).unwrap();
    assert_eq!((accepted.error, accepted.error_kind), (None, None));
}

#[test]
fn a_later_bill_is_recorded_without_a_transition() {
    let kit = kit();
    let take = kit.take_in(TakeState::Saved);
    let events = kit.store.events(take.id).unwrap();
    for micros in [700_000, 703_080] {
        let bill = Facts {
            cost: Some(Usd::from_micros(micros)),
            ..Facts::default()
        };
        kit.store.learn(take.id, &bill).unwrap();
        assert_eq!(kit.store.take(take.id).unwrap().cost, bill.cost);
    }
    assert_eq!(kit.store.events(take.id).unwrap(), events);
}

#[test]
fn takes_of_one_sweep_share_a_number_and_one_revision() {
    let kit = kit();
    let look = |id: TakeId| {
        let take = kit.store.take(id).unwrap();
        (take.sweep, take.revision)
    };
    let first: Vec<_> = kit.admit(&[1, 2, 3]).into_iter().map(look).collect();
    assert_eq!(first, [(Some(1), Some(1)); 3]);
    assert_eq!(look(kit.admit(&[4])[0]), (None, Some(1)));
    assert_eq!(look(kit.admit(&[5, 6])[1]), (Some(2), Some(1)));

    let changed = Form {
        prompt: "Another kite.".into(),
        ..form()
    };
    let mut admission = kit.admission(&[]);
    admission.form = changed.clone();
    ask_for(&mut admission, &[9]);
    assert_eq!(look(kit.store.admit(&admission).unwrap()[0]), (None, Some(2)));
    assert_eq!(kit.store.forms(&kit.reel.id).latest().unwrap(), Some(2));
    assert_eq!(kit.store.forms(&kit.reel.id).revision(1).unwrap(), Some(form()));
    assert_eq!(kit.store.forms(&kit.reel.id).revision(2).unwrap(), Some(changed));
}

#[test]
fn an_admission_over_the_cap_admits_nothing() {
    let kit = kit();
    kit.admit(&[1]);
    kit.claim("me");
    kit.admit(&[2, 3]);
    let mut admission = kit.admission(&[4, 5]);
    admission.caps = cap(4);
    assert_eq!(
        kit.store.admit(&admission),
        Err(StoreError::CapReached {
            scope: rushes::model::CapScope::Day,
            cap: DIME.times(4),
            committed: DIME.times(3),
            asked: DIME.times(2)
        })
    );
    assert_eq!(kit.store.unsettled_takes(None).unwrap().len(), 3);
    admission.caps = cap(5);
    assert_eq!(kit.store.admit(&admission).unwrap().len(), 2);
}

#[test]
fn an_admission_for_an_unknown_parent_or_reel_is_refused_as_a_whole() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    admission.parent = Some((TakeId(99), Lineage::Repeated));
    assert_eq!(
        kit.store.admit(&admission),
        Err(StoreError::NoSuchTake(TakeId(99)))
    );
    let mut admission = kit.admission(&[1]);
    admission.reel_id = "none".into();
    assert_eq!(
        kit.store.admit(&admission),
        Err(StoreError::NoSuchReel("none".into()))
    );
    assert_eq!(kit.store.forms(&kit.reel.id).latest().unwrap(), None);
    assert_eq!(kit.store.admit(&kit.admission(&[])).unwrap(), []);
}

#[test]
fn a_value_that_makes_no_sense_is_not_read() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    admission.takes[0].estimate = Usd::from_micros(-1);
    let error = kit.store.admit(&admission).unwrap_err();
    assert!(matches!(error, StoreError::Unfit { .. }), "{error:?}");
    assert!(error.to_string().contains("estimate >= 0"), "{error}");
    let nowhere = Facts {
        file: Some(std::ffi::OsString::from_vec(vec![0xff]).into()),
        ..Facts::default()
    };
    let take = kit.take_in(TakeState::Rendered);
    let error = kit
        .store
        .step("me", take.id, TakeState::Saved, "", &nowhere)
        .unwrap_err();
    assert!(matches!(error, StoreError::PathNotText(_)), "{error:?}");
    assert_eq!(kit.store.take(take.id).unwrap(), take);
}

#[test]
fn money_is_the_bill_where_known_else_the_reserve() {
    let kit = kit();
    let now = || {
        kit.store
            .queue(Backend::Sandbox)
            .committed_since(start())
            .unwrap()
            .micros()
    };
    let waiting = kit.take_in(TakeState::Waiting);
    assert_eq!(now(), 0);
    kit.store.cancel(waiting.id).unwrap();
    for state in TakeState::ALL {
        let before = now();
        let take = kit.take_in(state);
        // What a failure costs is not known until it has a bill, if only of nothing.
        let expected = if take.commits_money() { 100_000 } else { 0 };
        assert_eq!(now() - before, expected, "{state}");
        let bill = Facts {
            cost: Some(Usd::from_micros(70_000)),
            ..Facts::default()
        };
        kit.store.learn(take.id, &bill).unwrap();
        // A bill counts, however the take ended.
        let was_sent = kit.store.times_submitted(take.id).unwrap() > 0;
        let billed = if was_sent { 70_000 } else { 0 };
        assert_eq!(now() - before, billed, "{state}");
        if state == TakeState::Waiting {
            kit.store.cancel(take.id).unwrap();
        }
    }
    assert_eq!(
        kit.store.queue(Backend::Live).committed_since(start()).unwrap(),
        Usd::ZERO
    );
}

#[test]
fn money_counts_from_when_a_take_was_last_sent() {
    let kit = kit();
    kit.admit(&[1]);
    kit.pass(3600);
    let id = kit.claim("me").id;
    let since = |seconds: i64| {
        let since = start() + jiff::SignedDuration::from_secs(seconds);
        kit.store.queue(Backend::Sandbox).committed_since(since).unwrap()
    };
    assert_eq!((since(3600), since(3601)), (DIME, Usd::ZERO));
    kit.step(id, TakeState::Waiting);
    assert_eq!(since(0), Usd::ZERO);
    kit.pass(3600);
    kit.claim("me");
    assert_eq!(since(3601), DIME);
}

/// A model that no file describes any more says nothing about its videos: each may be as long as any model takes.
#[test]
fn reference_videos_of_a_removed_model_are_reserved_at_their_maximum_length() {
    let body = serde_json::json!({
        "prompt": "a kite", "resolution": "480p", "aspect_ratio": "16:9", "duration": 10, "seed": 7,
        "reference_videos": ["https://images.segmind.com/a.mp4", "https://images.segmind.com/b.mp4"],
    });
    let request = RequestSummary::of_body(&body).unwrap();
    let reserved =
        |slug: &str| Reserve::of_estimate(Usd::from_micros(1_000_000), slug.parse().unwrap(), &request);
    let (known, removed) = (reserved("seedance-2.0"), reserved("removed-from-the-file"));
    // The longest of any model is 30 s.
    assert_eq!((known.clip_frames, removed.clip_frames), (2 * 361, 2 * 721));
    assert!(known.most < removed.most);
}
