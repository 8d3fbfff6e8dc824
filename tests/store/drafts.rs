//! Drafts that the provider can finish: what is kept of them, and that each is finished once.

use rushes::model::take::Draft;
use rushes::model::{Backend, FailureKind, Form, Lineage, Take, TakeId, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts, Filter, Refusal, StoreError};

use crate::test_store::*;

fn draft() -> Draft {
    Draft {
        id: "draft-9f2c".to_owned(),
        expires: start() + jiff::SignedDuration::from_hours(7 * 24),
    }
}

/// A saved draft that the provider has named.
fn saved_draft(kit: &Kit) -> Take {
    let mut admission = kit.admission(&[]);
    admission.form.model = "seedance-2.5-draft-final".parse().unwrap();
    ask_for(&mut admission, &[7]);
    let id = kit.store.admit(&admission).unwrap()[0];
    kit.walk(id, TakeState::Accepted);
    let facts = Facts {
        draft: Some(draft()),
        ..Facts::default()
    };
    kit.store.step("me", id, TakeState::Rendered, "", &facts).unwrap();
    kit.step(id, TakeState::Saved);
    kit.store.take(id).unwrap()
}

fn final_of(kit: &Kit, draft: &Take, backend: Backend) -> Admission {
    let form = Form {
        model: draft.model,
        resolution: "1080p".parse().unwrap(),
        draft_id: draft.draft.as_ref().unwrap().id.clone(),
        ..form()
    };
    let seeds = [draft.seed];
    Admission {
        parent: Some((draft.id, Lineage::Finished)),
        ..Admission::of(&kit.reel.id, backend, form, seeds, DIME, DIME)
    }
}

#[test]
fn a_draft_keeps_its_name_and_its_end() {
    let kit = kit();
    let take = saved_draft(&kit);
    assert_eq!(take.draft, Some(draft()));
    let record = serde_json::to_value(&kit.store.dossier(take.id).unwrap().take).unwrap();
    assert_eq!(record["draft_id"], "draft-9f2c");
    assert_eq!(record["draft_expires"], draft().expires.to_string());
    let other = kit.take_in(TakeState::Saved);
    assert_eq!(other.draft, None);
}

#[test]
fn a_draft_is_finished_once_unless_the_final_came_to_nothing() {
    use TakeState as S;
    let nothing = [S::Failed, S::Refused, S::Cancelled, S::NotSent];
    for state in TakeState::ALL {
        let kit = kit();
        let take = saved_draft(&kit);
        let order = final_of(&kit, &take, Backend::Sandbox);
        let first = kit.store.admit(&order).unwrap()[0];
        let made = kit.store.take(first).unwrap();
        assert_eq!(made.lineage, Some(Lineage::Finished));
        assert_eq!((made.resolution.wire(), made.duration), ("1080p", take.duration));
        assert_eq!(made.body.as_object().unwrap().len(), 2, "{}", made.body);
        kit.walk(first, state);
        match kit.store.admit(&order) {
            Ok(_) => assert!(nothing.contains(&state), "{state}"),
            Err(StoreError::AlreadyFinished { by }) => {
                assert_eq!(by, first);
                assert!(!nothing.contains(&state), "{state}");
                assert_eq!(kit.store.count(&rushes::store::Filter::all()).unwrap(), 2);
            }
            Err(other) => panic!("{other}"),
        }
        // Another provider knows nothing of it.
        kit.store.admit(&final_of(&kit, &take, Backend::Live)).unwrap();
    }
}

/// Log and `ls` share this filter: a draft is found until its days are over, unless a final counts.
#[test]
fn drafts_that_can_still_be_finished_are_found() {
    use TakeState as S;
    let found = |kit: &Kit, line: &str| -> Vec<i64> {
        let takes = kit.store.takes(&Filter::parse(line).unwrap(), 0, 9).unwrap();
        takes.iter().map(|take| take.id.0).collect()
    };
    let nothing = [S::Failed, S::Refused, S::Cancelled, S::NotSent];
    for state in TakeState::ALL {
        let kit = kit();
        kit.take_in(TakeState::Saved);
        let take = saved_draft(&kit);
        for line in ["is:finishable", "finish"] {
            assert_eq!(found(&kit, line), [take.id.0], "{line}");
        }
        let order = final_of(&kit, &take, Backend::Sandbox);
        let made = kit.store.admit(&order).unwrap()[0];
        kit.walk(made, state);
        let is_left = found(&kit, "is:finishable") == [take.id.0];
        assert_eq!(is_left, nothing.contains(&state), "{state}");
    }
    let kit = kit();
    saved_draft(&kit);
    kit.pass(7 * 24 * 3600 - 1);
    assert_eq!(found(&kit, "is:finishable").len(), 1);
    kit.pass(1);
    assert!(found(&kit, "is:finishable").is_empty());
}

/// What the sidecar of a final keeps is enough to have it again: its request has no prompt, no length and no seed.
#[test]
fn a_final_is_restored_whole_and_still_counts() {
    let kit = kit();
    let take = saved_draft(&kit);
    let order = final_of(&kit, &take, Backend::Sandbox);
    let id = kit.store.admit(&order).unwrap()[0];
    kit.walk(id, TakeState::Saved);
    let before = kit.store.take(id).unwrap();
    let sidecars: Vec<_> = [take.id, id]
        .map(|id| kit.store.sidecar(id).unwrap())
        .into_iter()
        .map(|sidecar| serde_json::from_value(serde_json::to_value(sidecar).unwrap()).unwrap())
        .collect();
    let restored = crate::test_store::kit();
    let left_out = restored.store.recovery().restore(&sidecars).unwrap();
    assert_eq!(left_out, [None, None]);
    let after = restored.store.take(id).unwrap();
    assert_eq!(
        (after.resolution, after.duration, after.seed, after.body.clone()),
        (before.resolution, before.duration, before.seed, before.body)
    );
    assert_eq!(restored.store.take(TakeId(1)).unwrap().draft, Some(draft()));
    assert!(matches!(
        restored.store.admit(&Admission {
            reel_id: restored.store.reel_of(id).unwrap().id,
            ..order
        }),
        Err(StoreError::AlreadyFinished { .. })
    ));
}

/// The repeat of a final that failed has another parent than the draft; its draft's days count all the same.
#[test]
fn no_final_is_claimed_after_the_days_of_its_draft() {
    let kit = kit();
    let take = saved_draft(&kit);
    let mut order = final_of(&kit, &take, Backend::Sandbox);
    order.repeats = 1;
    let id = kit.store.admit(&order).unwrap()[0];
    let Claimed::Take(first) = kit.store.claim(&claim("me")).unwrap() else {
        panic!("the first is sent")
    };
    assert_eq!(first.id, id);
    kit.store
        .step("me", id, TakeState::Accepted, "", &Facts::default())
        .unwrap();
    let failed = Facts {
        error_kind: Some(FailureKind::ProviderFault),
        cost: Some(Usd::ZERO),
        ..Facts::default()
    };
    kit.store.step("me", id, TakeState::Failed, "", &failed).unwrap();
    let repeat = kit.store.take(TakeId(id.0 + 1)).unwrap();
    assert_eq!((repeat.state, repeat.parent), (TakeState::Waiting, Some(id)));
    kit.pass(8 * 24 * 3600);
    let claimed = kit.store.claim(&claim("me")).unwrap();
    assert!(matches!(claimed, Claimed::Nothing), "{claimed:?}");
    let over = kit.store.take(repeat.id).unwrap();
    assert_eq!(over.state, TakeState::Cancelled);
    assert!(over.error.unwrap().contains("days in which its draft"));
}

/// A final that was made elsewhere has no form; it must still keep its draft from being finished again.
#[test]
fn a_final_without_a_form_is_restored_and_still_counts() {
    let kit = kit();
    let take = saved_draft(&kit);
    let order = final_of(&kit, &take, Backend::Sandbox);
    let id = kit.store.admit(&order).unwrap()[0];
    kit.walk(id, TakeState::Saved);
    let mut sidecars: Vec<serde_json::Value> = [take.id, id]
        .map(|id| serde_json::to_value(kit.store.sidecar(id).unwrap()).unwrap())
        .into();
    let form = sidecars[1].pointer_mut("/rebuild/draft").unwrap();
    assert!(form.is_object());
    *form = serde_json::Value::Null;
    let sidecars: Vec<_> = sidecars
        .into_iter()
        .map(|sidecar| serde_json::from_value(sidecar).unwrap())
        .collect();
    let restored = crate::test_store::kit();
    assert_eq!(
        restored.store.recovery().restore(&sidecars).unwrap(),
        [None, None]
    );
    let after = restored.store.take(id).unwrap();
    assert_eq!(
        (after.resolution, after.seed, after.state),
        (order.form.resolution, take.seed, TakeState::Saved)
    );
    assert!(matches!(
        restored.store.admit(&Admission {
            reel_id: restored.store.reel_of(id).unwrap().id,
            ..order
        }),
        Err(StoreError::AlreadyFinished { .. })
    ));
}

/// The form that a final was made from is a revision, but never the form that is edited.
#[test]
fn the_edited_form_names_no_draft() {
    let kit = kit();
    let take = saved_draft(&kit);
    let order = final_of(&kit, &take, Backend::Sandbox);
    let forms = kit.store.forms(&kit.reel.id);
    forms.save(&order.form).unwrap();
    let edited = forms.edited().unwrap().unwrap();
    assert_eq!(
        (edited.draft_id.as_str(), edited.resolution),
        ("", order.form.resolution)
    );
}

/// A take may wait for days, and what was confirmed when it was queued may not be any more.
#[test]
fn a_live_draft_is_not_claimed_before_its_fields_are_confirmed() {
    let kit = kit();
    let mut draft = kit.admission(&[]);
    draft.backend = Backend::Live;
    draft.form.model = "seedance-2.5-draft-final".parse().unwrap();
    ask_for(&mut draft, &[7]);
    let id = kit.store.admit(&draft).unwrap()[0];
    let live = Claim {
        backend: Backend::Live,
        ..claim("me")
    };
    let outcome = kit.store.claim(&live).unwrap();
    assert_eq!(outcome, Claimed::Refused(Refusal::Unconfirmed(id)));
    assert_eq!(kit.store.take(id).unwrap().state, TakeState::Waiting);
    kit.store.cancel(id).unwrap();
    assert_eq!(kit.store.claim(&live).unwrap(), Claimed::Nothing);
}
