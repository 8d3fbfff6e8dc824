//! One take's way, from wherever it stands until it is settled or waits again.

use jiff::Timestamp;

use crate::model::text::sentences;
use crate::model::{FailureKind, Take, TakeState};
use crate::segmind;
use crate::store::{Exchange, Facts};

use super::context::{Context, Stop};
use super::decide::{FirstStep, first_step as first_step_of};
use super::{deliver, reconcile, submit, watch};

/// How a worker came by its take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Claimed from the line: it was never sent.
    Claimed,
    /// Left by another process, or by an earlier run of this one.
    Adopted,
}

/// Works `take` until it is settled or back in the line.
pub(super) async fn work(context: &Context, take: Take, origin: Origin) -> Result<(), Stop> {
    let mut take = first_step(context, take, origin).await?;
    // Accepted in this moment, by the answer to our own submit.
    let fresh = origin == Origin::Claimed && take.state == TakeState::Accepted;
    while !take.state.settled() {
        take = match take.state {
            TakeState::Waiting => return Ok(()),
            TakeState::Unknown => reconcile::clear_up(context, take, origin == Origin::Claimed).await?,
            TakeState::Accepted | TakeState::Queued | TakeState::Processing => {
                watch::watch(context, take, !fresh).await?
            }
            TakeState::Rendered => deliver::deliver(context, take).await?,
            // Sent in first_step; every answer led elsewhere.
            TakeState::Submitting => {
                unclear(context, &take, "the submit ended without an answer", None).await?
            }
            TakeState::Saved
            | TakeState::Failed
            | TakeState::Refused
            | TakeState::Cancelled
            | TakeState::Expired
            | TakeState::NotSent => return Ok(()),
        };
    }
    Ok(())
}

async fn first_step(context: &Context, take: Take, origin: Origin) -> Result<Take, Stop> {
    match first_step_of(take.state, origin) {
        FirstStep::Send => submit::submit(context, take).await,
        FirstStep::Unclear => unclear(context, &take, "the program ended before the answer came", None).await,
        FirstStep::GoOn => Ok(take),
    }
}

/// Puts a take that may have arrived where only the history can bring it on. `status` is that of the response, if
/// one came.
pub(super) async fn unclear(
    context: &Context,
    take: &Take,
    why: &str,
    status: Option<u16>,
) -> Result<Take, Stop> {
    let facts = Facts {
        http_status: status,
        error: Some(sentences(&[
            &format!("Sent, but {why}"),
            "The provider's history is asked whether it arrived",
        ])),
        error_kind: Some(FailureKind::Unclear),
        ..Facts::default()
    };
    context.unclear(take.id, why, facts).await
}

/// The provider's answer in the store's form.
pub(super) fn exchange(at: Timestamp, seen: &segmind::Exchange) -> Exchange {
    Exchange {
        at,
        stage: seen.stage.word().to_owned(),
        method: seen.method.to_owned(),
        path: seen.path.clone(),
        status: seen.status,
        millis: seen.millis,
        answer: seen.answer.clone(),
    }
}
