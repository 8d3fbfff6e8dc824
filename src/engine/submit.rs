//! Sends a claimed take: its row was committed before, its answer is committed after, and what is not
//! certain is never sent again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::pause::{MAX_PAUSE, backoff};
use crate::model::{ApiVersion, Take, TakeState};
use crate::segmind::{ApiError, Class};
use crate::store::Facts;

use super::context::{Context, Stop};
use super::decide::after_failed_submit;
use super::{Event, v1, work};

/// Sends `take`, which is SUBMITTING and leased by us.
pub(super) async fn submit(context: &Context, take: Take) -> Result<Take, Stop> {
    let answer = match take.api_version {
        ApiVersion::V2 => submit_v2(context, &take).await,
        ApiVersion::V1 => v1::generate(context, &take).await,
    };
    match answer {
        Ok(stepped) => stepped,
        Err(error) => {
            context.record_error(take.id, &error).await;
            refused(context, &take, error).await
        }
    }
}

async fn submit_v2(context: &Context, take: &Take) -> Result<Result<Take, Stop>, ApiError> {
    if let Err(stop) = context.about_to_send(take.id).await {
        return Ok(Err(stop));
    }
    let submitted = context.setup.client.submit(take.model, &take.body).await?;
    let facts = Facts {
        request_id: Some(submitted.value.request_id.clone()),
        http_status: Some(submitted.value.status),
        ..Facts::default()
    };
    // The id first: until it is on disk, a crash would leave an accepted take that nobody knows.
    let accepted = context.accept(take.id, "the provider took it", facts).await;
    context
        .record(take.id, Some(work::exchange(context.now(), &submitted.exchange)))
        .await;
    Ok(match accepted {
        Ok(Some(accepted)) => Ok(accepted),
        // An unclear take with the same body was given our id by the history: ours is then looked up there.
        Ok(None) => work::unclear(context, take, "its id belongs to an equal take", None).await,
        Err(stop) => Err(stop),
    })
}

/// What a submit that was not accepted leads to.
async fn refused(context: &Context, take: &Take, error: ApiError) -> Result<Take, Stop> {
    let facts = Facts {
        http_status: error.status,
        error: Some(error.message.clone()),
        error_kind: Some(error.kind),
        ..Facts::default()
    };
    match (error.class, after_failed_submit(error.class)) {
        (_, TakeState::Unknown) => work::unclear(context, take, &error.message, error.status).await,
        // Nothing was bought: it is the line that cannot go on, and the take keeps its place in it.
        (Class::FatalForLine, waiting) => {
            stop_line(context, &error).await?;
            context.step(take.id, waiting, &error.message, facts).await
        }
        (_, TakeState::Waiting) => send_later(context, take, &error, facts).await,
        (_, refused) => context.step(take.id, refused, &error.message, facts).await,
    }
}

/// Nothing arrived: back into the line, which waits a while for all processes.
async fn send_later(context: &Context, take: &Take, error: &ApiError, facts: Facts) -> Result<Take, Stop> {
    const RATE_LIMITED: u16 = 429;
    let until = if error.status == Some(RATE_LIMITED) {
        let (id, backend) = (take.id, take.backend);
        let (asked, detail) = (error.retry_after, error.message.clone());
        let until = context
            .keep(move |store| store.queue(backend).note_rate_limit(id, asked, &detail))
            .await?;
        context.tell_of_wait(until);
        until
    } else {
        unreachable_until(context, take).await?
    };
    context.tell(Event::Line(context.setup.backend));
    context
        .step(
            take.id,
            TakeState::Waiting,
            &error.message,
            Facts {
                not_before: Some(until),
                ..facts
            },
        )
        .await
}

/// The provider could not be reached: until when the line waits for all processes.
async fn unreachable_until(context: &Context, take: &Take) -> Result<Timestamp, Stop> {
    let (id, backend) = (take.id, context.setup.backend);
    let tries = context.keep(move |store| store.times_submitted(id)).await?;
    let pause = backoff(tries, Duration::from_secs(2), MAX_PAUSE);
    let until = SignedDuration::try_from(pause).map_or(context.now(), |pause| context.now() + pause);
    context
        .keep(move |store| store.queue(backend).wait_until(until))
        .await?;
    Ok(until)
}

/// Nothing else can be sent until the user acts: said once, for all processes.
pub(super) async fn stop_line(context: &Context, error: &ApiError) -> Result<(), Stop> {
    let (backend, kind, message) = (context.setup.backend, error.kind, error.message.clone());
    context
        .keep(move |store| store.queue(backend).stop(kind, &message))
        .await?;
    context.tell(Event::Line(backend));
    Ok(())
}
