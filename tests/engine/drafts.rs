//! A draft is finished as the very same shot, and paid for once, whatever goes wrong.

use jiff::SignedDuration;
use rushes::engine::admit::{AdmitError, Order};
use rushes::model::take::Draft;
use rushes::model::{FailureKind, Form, Lineage, Take, TakeId, TakeState, Usd};
use rushes::store::{Facts, StoreError};
use serde_json::json;

use crate::crash::{Died, leave};
use crate::test_engine::{Stage, form};
use crate::unknown_outcomes::LOST;

fn draft_form() -> Form {
    Form {
        model: "seedance-2.5-draft-final".parse().unwrap(),
        seeds: "7".to_owned(),
        ..form()
    }
}

/// A saved draft, and nothing else that waits.
async fn saved_draft(stage: &Stage) -> Take {
    let ids = stage.admit_draft(draft_form()).await;
    let (engine, _events) = stage.start();
    let draft = stage.saved(&ids).await.remove(0);
    engine.stop().await;
    draft
}

/// Orders a final of the draft of this name, which is made from the form of `draft`.
async fn order_final(stage: &Stage, draft: &Take, name: &str) -> Result<TakeId, AdmitError> {
    let forms = stage.store.forms(&stage.reel.id);
    let form = Form {
        draft_id: name.to_owned(),
        resolution: "1080p".parse().unwrap(),
        seeds: draft.seed.to_string(),
        ..forms.revision(draft.revision.unwrap()).unwrap().unwrap()
    };
    let order = Order {
        parent: Some((draft.id, Lineage::Finished)),
        ..Order::of(&stage.reel.id, stage.backend, form, vec![draft.seed])
    };
    Ok(stage.setup().admit(order, &|_| {}).await?[0])
}

async fn finish(stage: &Stage, draft: &Take) -> Result<TakeId, AdmitError> {
    order_final(stage, draft, &draft.draft.as_ref().unwrap().id).await
}

/// A second final is refused, because of `by`.
async fn is_refused(stage: &Stage, draft: &Take, by: TakeId) {
    let again = finish(stage, draft).await;
    let state = stage.take(by).state;
    assert!(
        matches!(again, Err(AdmitError::Store(StoreError::AlreadyFinished { by: found })) if found == by),
        "{state}: {again:?}"
    );
}

/// What the sandbox charged in all.
async fn charged(stage: &Stage) -> Usd {
    let charges = stage.ledger().await.into_iter().map(|row| row["charge"].clone());
    let charges = charges.map(|charge| serde_json::from_value::<Usd>(charge).unwrap());
    charges.fold(Usd::ZERO, |sum, charge| sum + charge)
}

async fn settled(stage: &Stage, id: TakeId) -> Take {
    let (engine, _events) = stage.start();
    let take = stage.settled(&[id]).await.remove(0);
    engine.stop().await;
    take
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_finished_as_the_same_shot_at_1080p() {
    let stage = Stage::with_faults("").await;
    let draft = saved_draft(&stage).await;
    assert_eq!(draft.body["draft"], json!(true));
    let named = Draft {
        id: format!("draft-{}", draft.request_id.as_deref().unwrap()),
        expires: draft.times.submitted.unwrap() + SignedDuration::from_hours(7 * 24),
    };
    assert_eq!(draft.draft, Some(named.clone()));

    let id = finish(&stage, &draft).await.unwrap();
    let last = settled(&stage, id).await;
    assert_eq!(last.state, TakeState::Saved, "{last:?}");
    assert_eq!(
        last.body,
        json!({"draft_task_id": named.id, "resolution": "1080p"})
    );
    assert_eq!(
        (last.parent, last.lineage),
        (Some(draft.id), Some(Lineage::Finished))
    );
    assert_eq!((last.seed, &last.draft), (draft.seed, &None));
    // It has no prompt of its own.
    assert!(draft.prompt().is_some_and(|prompt| !prompt.is_empty()));
    assert_eq!(last.prompt(), draft.prompt());
    let info = rushes::media::inspect(last.file.as_ref().unwrap()).unwrap();
    assert_eq!((info.width, info.height, info.frames), (1920, 1080, 96));
    // 4 s and one frame at 0.5876 dollars a second.
    assert_eq!(last.cost, Some(Usd::from_micros(2_374_883)));
    let takes = [stage.take(draft.id), stage.take(id)];
    stage.ledger_agrees(&takes).await;
    is_refused(&stage, &draft, id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_final_is_refused_while_the_first_may_be_paid_for() {
    let stage = Stage::with_faults("").await;
    let draft = saved_draft(&stage).await;
    // A final for each way to come to nothing, the first of which never leaves the queue.
    let waiting = finish(&stage, &draft).await.unwrap();
    is_refused(&stage, &draft, waiting).await;
    stage.store.cancel(waiting).unwrap();
    for way in [
        &[TakeState::Unknown, TakeState::NotSent][..],
        &[TakeState::Refused],
        &[
            TakeState::Accepted,
            TakeState::Queued,
            TakeState::Processing,
            TakeState::Failed,
        ],
    ] {
        let id = finish(&stage, &draft).await.unwrap();
        assert_eq!(stage.claimed().id, id);
        for to in way {
            is_refused(&stage, &draft, id).await;
            stage.store.step("dead", id, *to, "", &Facts::default()).unwrap();
        }
    }
    let id = finish(&stage, &draft).await.unwrap();
    let last = settled(&stage, id).await;
    assert_eq!(last.state, TakeState::Saved, "{last:?}");
    is_refused(&stage, &draft, id).await;
    stage.ledger_agrees(&[stage.take(draft.id), last]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_that_the_provider_failed_may_be_made_again() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\nfail = \"Internal error, try again\"\n",
    )
    .await;
    let draft = saved_draft(&stage).await;
    let first = finish(&stage, &draft).await.unwrap();
    let failed = settled(&stage, first).await;
    assert_eq!(failed.state, TakeState::Failed, "{failed:?}");
    let second = finish(&stage, &draft).await.unwrap();
    let saved = settled(&stage, second).await;
    assert_eq!(saved.state, TakeState::Saved, "{saved:?}");
    assert_eq!(charged(&stage).await, draft.cost.unwrap() + saved.cost.unwrap());
    stage.ledger_agrees(&[draft, failed, saved]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_the_provider_does_not_know_is_refused_and_costs_nothing() {
    let stage = Stage::with_faults("").await;
    let draft = saved_draft(&stage).await;
    let unknown = format!("draft-{}", "0".repeat(32));
    let foreign = order_final(&stage, &draft, &unknown).await;
    assert!(matches!(foreign, Err(AdmitError::ForeignDraft)), "{foreign:?}");
    // The provider has forgotten it.
    let named = Facts {
        draft: Some(Draft {
            id: unknown.clone(),
            expires: draft.draft.as_ref().unwrap().expires,
        }),
        ..Facts::default()
    };
    stage.store.learn(draft.id, &named).unwrap();
    let id = order_final(&stage, &draft, &unknown).await.unwrap();
    let refused = settled(&stage, id).await;
    assert_eq!(
        (refused.state, refused.error_kind),
        (TakeState::Refused, Some(FailureKind::BadParameter)),
        "{refused:?}"
    );
    assert!(
        refused.error.as_ref().unwrap().contains("names no draft"),
        "{refused:?}"
    );
    assert_eq!(charged(&stage).await, draft.cost.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_continues_a_final_that_a_crashed_one_left_and_pays_once() {
    for died in Died::ALL {
        let stage = Stage::with_faults("").await;
        let draft = saved_draft(&stage).await;
        let id = finish(&stage, &draft).await.unwrap();
        leave(&stage, died).await;
        is_refused(&stage, &draft, id).await;
        let (end, jobs) = match died {
            Died::BeforeSending => (TakeState::NotSent, 1),
            _ => (TakeState::Saved, 2),
        };
        let last = settled(&stage, id).await;
        assert_eq!(last.state, end, "{died:?}: {last:?}");
        assert_eq!(stage.ledger().await.len(), jobs, "{died:?}");
        stage.ledger_agrees(&[draft, last]).await;
    }
}

/// A draft whose submit is lost is found again with its name, so it can still be finished.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_learns_the_name_of_a_draft_that_a_crashed_one_left() {
    for died in [Died::BeforeTheResponse, Died::AfterTheResponse] {
        let stage = Stage::with_faults("").await;
        let ids = stage.admit_draft(draft_form()).await;
        leave(&stage, died).await;
        let draft = settled(&stage, ids[0]).await;
        assert_eq!(draft.state, TakeState::Saved, "{died:?}: {draft:?}");
        let id = finish(&stage, &draft).await.unwrap();
        let last = settled(&stage, id).await;
        assert_eq!(last.state, TakeState::Saved, "{died:?}: {last:?}");
        assert_eq!(stage.ledger().await.len(), 2, "{died:?}");
        stage.ledger_agrees(&[draft, last]).await;
    }
}

/// The provider forgets requests after an hour; the answer to the submit has named the draft.
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_record_is_gone_keeps_its_name() {
    let stage =
        Stage::with_faults("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nexpire = \"record\"\n")
            .await;
    let draft = saved_draft(&stage).await;
    let id = finish(&stage, &draft).await.unwrap();
    let last = settled(&stage, id).await;
    assert_eq!(last.state, TakeState::Saved, "{last:?}");
    stage.ledger_agrees(&[draft, last]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_to_a_draft_or_its_final_is_never_paid_for_twice() {
    for lost in LOST {
        let fault = format!("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\n{lost}");
        let stage = Stage::with_faults(&fault).await;
        let draft = saved_draft(&stage).await;
        let id = finish(&stage, &draft).await.unwrap();
        let (engine, _events) = stage.start();
        stage
            .wait(&[id], |take| stage.way(take.id).contains(&TakeState::Unknown))
            .await;
        is_refused(&stage, &draft, id).await;
        let last = stage.settled(&[id]).await.remove(0);
        engine.stop().await;
        assert_eq!(last.state, TakeState::Saved, "{lost}: {last:?}");
        for take in [draft.id, id] {
            assert_eq!(stage.store.times_submitted(take).unwrap(), 1, "{lost}");
        }
        stage.ledger_agrees(&[draft, last]).await;
    }
}

/// The days of a draft may end while its final waits: sent then, it would be refused, or be another shot.
#[tokio::test(flavor = "multi_thread")]
async fn a_final_that_waited_too_long_is_not_sent() {
    let stage = Stage::with_faults("").await;
    let draft = saved_draft(&stage).await;
    let id = finish(&stage, &draft).await.unwrap();
    let over = Facts {
        draft: draft.draft.clone().map(|named| Draft {
            expires: named.expires - SignedDuration::from_hours(8 * 24),
            ..named
        }),
        ..Facts::default()
    };
    stage.store.learn(draft.id, &over).unwrap();
    let last = settled(&stage, id).await;
    assert_eq!(last.state, TakeState::Cancelled, "{last:?}");
    assert!(
        last.error.as_ref().unwrap().contains("days in which its draft"),
        "{last:?}"
    );
    assert_eq!(stage.store.times_submitted(id).unwrap(), 0);
    assert_eq!(charged(&stage).await, draft.cost.unwrap());
    stage.ledger_agrees(&[draft, last]).await;
}
