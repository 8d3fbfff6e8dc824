//! Takes one take from wherever it stands until it is settled or waits again.

use crate::engine::context::Context;
use crate::engine::pauses::Stop;
use crate::engine::resolve;
use crate::model::{Take, TakeState};

use super::decide::{FirstStep, Origin, first_step};
use super::{deliver, poll, submit};

/// Works on `take` until it is settled or back in the queue.
pub(super) async fn work(context: &Context, take: Take, origin: Origin) -> Result<(), Stop> {
    let mut take = match first_step(take.state, origin) {
        FirstStep::Send => submit::submit(context, take).await?,
        FirstStep::Unclear => unclear(context, &take, "the program ended before the response came").await?,
        FirstStep::GoOn => take,
    };
    // Accepted just now, in response to our own submit.
    let is_fresh = origin == Origin::Claimed && take.state == TakeState::Accepted;
    while !take.state.settled() {
        take = match take.state {
            TakeState::Waiting => return Ok(()),
            TakeState::Unknown => resolve::resolve(context, take, origin == Origin::Claimed).await?,
            TakeState::Accepted | TakeState::Queued | TakeState::Processing => {
                poll::poll(context, take, !is_fresh).await?
            }
            TakeState::Rendered => deliver::deliver(context, take).await?,
            // It was sent above, and every response led elsewhere.
            TakeState::Submitting => unclear(context, &take, "the submit ended without a response").await?,
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

/// The take may have arrived: only the history can tell.
async fn unclear(context: &Context, take: &Take, why: &str) -> Result<Take, Stop> {
    context.unclear(take.id, why, None).await
}
