//! Works on one take, from its present state until it is settled or waits again.

use crate::engine::context::Context;
use crate::engine::pauses::Interrupted;
use crate::engine::resolve;
use crate::model::{Take, TakeState};

use super::decide::{Acquired, FirstStep, first_step};
use super::{deliver, poll, submit};

/// Works on `take` until it is settled or back in the queue.
pub(super) async fn work(context: &Context, take: Take, acquired: Acquired) -> Result<(), Interrupted> {
    let mut take = match first_step(take.state, acquired) {
        FirstStep::Send => submit::submit(context, take).await?,
        // The take may have arrived: only the history can tell.
        FirstStep::Unclear => {
            let why = "the program ended before the response arrived";
            context.unclear(take.id, why, None).await?
        }
        FirstStep::GoOn => take,
    };
    // Accepted just now, in response to our own submit.
    let is_fresh = acquired == Acquired::FromQueue && take.state == TakeState::Accepted;
    while !take.state.settled() {
        take = match take.state {
            TakeState::Waiting => return Ok(()),
            TakeState::Unknown => resolve::resolve(context, take, acquired == Acquired::FromQueue).await?,
            TakeState::Accepted | TakeState::Queued | TakeState::Processing => {
                poll::poll(context, take, !is_fresh).await?
            }
            TakeState::Rendered => deliver::deliver(context, take).await?,
            // It was sent above, and every response leads to another state.
            TakeState::Submitting => {
                let why = "the submit ended without a response";
                context.unclear(take.id, why, None).await?
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
