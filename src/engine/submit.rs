//! Sends a claimed take: its row was committed before, its answer is committed after, and what is not
//! certain is never sent again.

use std::time::Duration;

use jiff::SignedDuration;

use crate::model::{ApiVersion, FailureKind, Take, TakeState};
use crate::segmind::{ApiError, Class};
use crate::store::Facts;

use super::context::{Context, Stop};
use super::decide::after_failed_submit;
use super::schedule::backoff;
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
    if let Err(stop) = context.still_ours(take.id).await {
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
        Ok(None) => work::unclear(context, take, "its id belongs to an equal take").await,
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
        (_, TakeState::Unknown) => work::unclear(context, take, &error.message).await,
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
    let id = take.id;
    let tries = context.keep(move |store| store.times_submitted(id)).await?;
    let most = Duration::from_secs(if error.kind == FailureKind::Rate { 120 } else { 60 });
    let pause = error
        .retry_after
        .unwrap_or_else(|| backoff(tries, Duration::from_secs(2), most));
    let until = context
        .now()
        .saturating_add(SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_secs(60)));
    let until = until.unwrap_or_else(|_| context.now());
    let backend = context.setup.backend;
    context.keep(move |store| store.slow_line(backend, until)).await?;
    context.tell(Event::Line(backend));
    context
        .step(
            id,
            TakeState::Waiting,
            &error.message,
            Facts {
                not_before: Some(until),
                ..facts
            },
        )
        .await
}

/// Nothing else can be sent until the user acts: said once, for all processes.
pub(super) async fn stop_line(context: &Context, error: &ApiError) -> Result<(), Stop> {
    let (backend, kind, message) = (context.setup.backend, error.kind, error.message.clone());
    context
        .keep(move |store| store.stop_line(backend, kind, &message))
        .await?;
    context.tell(Event::Line(backend));
    Ok(())
}
