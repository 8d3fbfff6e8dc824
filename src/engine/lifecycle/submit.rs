//! Sends a claimed take. Its row was committed before, the response is committed after, and what is not certain is
//! never sent again.

use std::time::Duration;

use jiff::SignedDuration;

use crate::engine::context::Context;
use crate::engine::events::Event;
use crate::engine::pauses::Interrupted;
use crate::engine::v1;
use crate::model::pause::{MAX_PAUSE, backoff};
use crate::model::{ApiVersion, Take, TakeState};
use crate::segmind::{ApiError, Class};
use crate::store::Facts;

use super::decide::after_failed_submit;
use super::draft;

const RATE_LIMITED: u16 = 429;
/// The first pause after the provider could not be reached.
const UNREACHABLE_PAUSE: Duration = Duration::from_secs(2);

/// Sends `take`, which is SUBMITTING and leased by us.
pub(super) async fn submit(context: &Context, take: Take) -> Result<Take, Interrupted> {
    let response = match take.api_version {
        ApiVersion::V2 => submit_v2(context, &take).await,
        ApiVersion::V1 => v1::submit(context, &take).await,
    };
    match response {
        Ok(stepped) => stepped,
        Err(error) => {
            context.record_error(take.id, &error).await;
            refused(context, &take, error).await
        }
    }
}

async fn submit_v2(context: &Context, take: &Take) -> Result<Result<Take, Interrupted>, ApiError> {
    if let Err(stop) = context.about_to_send(take.id).await {
        return Ok(Err(stop));
    }
    let submitted = context.setup.client.submit(take.model, &take.body).await?;
    let facts = Facts {
        http_status: submitted.exchange.status,
        draft: draft::named_in(take, &submitted.exchange),
        ..Facts::request(&submitted.value, None)
    };
    // The id first: until it is on disk, a crash would leave an accepted take that nobody knows.
    let accepted = context.accept_own(take.id, "the provider took it", facts).await;
    context.record(take.id, &submitted.exchange).await;
    Ok(accepted)
}

/// Handles a submit that was not accepted.
async fn refused(context: &Context, take: &Take, error: ApiError) -> Result<Take, Interrupted> {
    let facts = Facts {
        http_status: error.status,
        ..Facts::error(error.kind, &error.message)
    };
    match (error.class, after_failed_submit(error.class)) {
        (_, TakeState::Unknown) => context.unclear(take.id, &error.message, error.status).await,
        // Nothing was bought. The queue cannot go on, and the take keeps its place in it.
        (Class::FatalForQueue, waiting) => {
            context.stop_queue(&error).await?;
            context.step(take.id, waiting, &error.message, facts).await
        }
        (_, TakeState::Waiting) => send_later(context, take, &error, facts).await,
        (_, refused) => context.step(take.id, refused, &error.message, facts).await,
    }
}

/// The provider took nothing, or could not be reached: the take goes back into the queue, which waits a while for all
/// processes.
async fn send_later(
    context: &Context,
    take: &Take,
    error: &ApiError,
    facts: Facts,
) -> Result<Take, Interrupted> {
    let (id, backend) = (take.id, take.backend);
    let until = if error.status == Some(RATE_LIMITED) {
        let (asked, detail) = (error.retry_after, error.message.clone());
        let noted = context.keep(move |store| store.queue(backend).note_rate_limit(id, asked, &detail));
        let until = noted.await?;
        context.events.long_wait(context.now(), until);
        until
    } else {
        let tries = context.keep(move |store| store.times_submitted(id)).await?;
        let pause = SignedDuration::try_from(backoff(tries, UNREACHABLE_PAUSE, MAX_PAUSE));
        let until = pause.map_or(context.now(), |pause| context.now() + pause);
        let noted = context.keep(move |store| store.queue(backend).wait_until(until));
        noted.await?;
        until
    };
    context.events.tell(Event::Queue(backend));
    let facts = Facts {
        not_before: Some(until),
        ..facts
    };
    let waiting = TakeState::Waiting;
    context.step(id, waiting, &error.message, facts).await
}
