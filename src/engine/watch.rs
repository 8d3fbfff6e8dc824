//! Polls an accepted take until the provider has rendered or failed it. A failed poll never fails a take.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{FailureKind, Take, TakeState, Usd, pause};
use crate::segmind::{
    ApiError, Class, Exchange, Film, HistoryRow, HistoryState, Outcome, Status, kind_of_text,
};
use crate::store::Facts;

use super::books::{bill, kept_until};
use super::context::{Context, Stop};
use super::schedule::Schedule;
use super::{Event, account, expect, submit, v1, work};

/// After so many answers in a row that were of no use, the history is asked.
const MOST_TRIES: u32 = 5;
/// Records are kept for polling this long (Segmind, async v2 docs, retention).
const RECORDS_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Watches `take`, which the provider has accepted, until its state changes for good. One that was `taken_up` may
/// have been done for long: it is asked about at once.
pub(super) async fn watch(context: &Context, mut take: Take, taken_up: bool) -> Result<Take, Stop> {
    // Only the blocking contract gives no id. An id that came with its answer need not be one to ask for.
    let request_id = match take.request_id.clone() {
        Some(id) if !v1::was_answered(&take) => id,
        _ => {
            return context
                .step(take.id, TakeState::Rendered, v1::RENDERED, Facts::default())
                .await;
        }
    };
    let schedule = Schedule::around(&expect::of_take(context, &take).await?);
    let mut failures = 0;
    let mut asked = None;
    let mut at_once = taken_up;
    loop {
        let pause = match failures {
            0 if std::mem::take(&mut at_once) => Duration::ZERO,
            0 => schedule.pause(elapsed(context.now(), &take)),
            n => pause::between_questions(n, asked.take()),
        };
        context.rest(pause).await?;
        match context.setup.client.status(&request_id).await {
            Ok(answer) => {
                let is_done = matches!(answer.value, Status::Completed(_));
                let tries = failures + 1;
                take = seen(context, take, answer.value, &answer.exchange, tries).await?;
                // Done, and the answer that names the film has not come.
                failures = if is_done { tries } else { 0 };
            }
            Err(error) => {
                failures += 1;
                asked = error.retry_after;
                take = failed_poll(context, take, &error, failures).await?;
            }
        }
        if !matches!(
            take.state,
            TakeState::Accepted | TakeState::Queued | TakeState::Processing
        ) {
            return Ok(take);
        }
    }
}

fn elapsed(now: Timestamp, take: &Take) -> Duration {
    let since = take.times.submitted.unwrap_or(take.created_at);
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

async fn seen(
    context: &Context,
    take: Take,
    status: Status,
    exchange: &Exchange,
    tries: u32,
) -> Result<Take, Stop> {
    let stage = work::exchange(context.now(), exchange);
    match status {
        Status::Queued if take.state == TakeState::Queued => Ok(take),
        Status::Processing if take.state == TakeState::Processing => Ok(take),
        Status::Queued => {
            context
                .step(take.id, TakeState::Queued, "queued", Facts::default())
                .await
        }
        Status::Processing => {
            context.record(take.id, Some(stage)).await;
            context
                .step(take.id, TakeState::Processing, "processing", Facts::default())
                .await
        }
        Status::Completed(_) => {
            context.record(take.id, Some(stage)).await;
            rendered(context, take, tries).await
        }
        Status::Failed { message, kind } => {
            context.record(take.id, Some(stage)).await;
            fail(context, &take, exchange.status, message, kind).await
        }
    }
}

/// The take is done: asks where the film lies and what it cost, for the `tries`th time.
async fn rendered(context: &Context, take: Take, tries: u32) -> Result<Take, Stop> {
    let request_id = take.request_id.clone().unwrap_or_default();
    match context.setup.client.result(&request_id).await {
        Ok(answer) => {
            let exchange = work::exchange(context.now(), &answer.exchange);
            context.record(take.id, Some(exchange)).await;
            match answer.value {
                Outcome::Completed(film) => {
                    if let Some(left) = film.metrics.remaining_credits {
                        context.tell(Event::Balance(left));
                    }
                    let detail = context.billed(&take, "rendered", film.odd_cost.as_deref());
                    context
                        .step(take.id, TakeState::Rendered, &detail, film_facts(&film))
                        .await
                }
                Outcome::Failed { message, kind } => {
                    fail(context, &take, answer.exchange.status, message, kind).await
                }
                Outcome::Pending if tries > MOST_TRIES => from_history(context, take, false).await,
                Outcome::Pending => Ok(take),
            }
        }
        Err(error) => failed_poll(context, take, &error, tries).await,
    }
}

/// What a finished film tells.
pub(super) fn film_facts(film: &Film) -> Facts {
    Facts {
        http_status: Some(200),
        cost: film.cost,
        output_url: Some(film.url.clone()),
        last_frame_url: film.last_frame_url.clone(),
        ..Facts::default()
    }
}

async fn fail(
    context: &Context,
    take: &Take,
    status: Option<u16>,
    message: String,
    kind: FailureKind,
) -> Result<Take, Stop> {
    let facts = Facts {
        http_status: status,
        error: Some(message.clone()),
        error_kind: Some(kind),
        // Only COMPLETED bills (Segmind, billing).
        cost: Some(Usd::ZERO),
        ..Facts::default()
    };
    context.step(take.id, TakeState::Failed, &message, facts).await
}

async fn failed_poll(context: &Context, take: Take, error: &ApiError, failures: u32) -> Result<Take, Stop> {
    if failures == 1 {
        context.record_error(take.id, error).await;
    }
    if error.class == Class::FatalForLine && failures == 1 {
        submit::stop_line(context, error).await?;
    }
    let old = context
        .now()
        .duration_since(take.times.accepted.unwrap_or(take.created_at))
        > RECORDS_KEPT;
    // A young record may be missing for a moment; an old one is gone, and only the history knows it. Nor is an answer
    // that cannot be used, again and again, a reason to ask for ever.
    let is_gone = old && matches!(error.status, Some(404 | 410));
    if is_gone || error.status.is_some() && failures > MOST_TRIES {
        return from_history(context, take, is_gone).await;
    }
    Ok(take)
}

/// Brings a take on by the history's row of its id; one whose record `is_gone` and that has none is no more.
async fn from_history(context: &Context, take: Take, is_gone: bool) -> Result<Take, Stop> {
    let request_id = take.request_id.clone().unwrap_or_default();
    match context.setup.client.history_one(&request_id).await {
        Ok(answer) => match answer.value {
            Some(row) => by_row(context, take, &row).await,
            None if is_gone && !account::sees_all_of(&context.setup.client, take.backend, &take) => {
                account::leave_to_its_key(context, take.id).await
            }
            None if is_gone => {
                gone(
                    context,
                    &take,
                    "The provider's record and its history no longer know it.",
                )
                .await
            }
            None => Ok(take),
        },
        Err(error) => {
            context.record_error(take.id, &error).await;
            Ok(take)
        }
    }
}

/// What a row of the history makes of an accepted take.
pub(super) async fn by_row(context: &Context, take: Take, row: &HistoryRow) -> Result<Take, Stop> {
    match (row.state, row.url.as_ref()) {
        (HistoryState::Completed, Some(url)) => {
            let facts = Facts {
                cost: row.cost,
                output_url: Some(url.clone()),
                ..Facts::default()
            };
            let detail = context.billed(&take, "rendered, by the history", row.odd_cost.as_deref());
            context.step(take.id, TakeState::Rendered, &detail, facts).await
        }
        (HistoryState::Failed, _) => {
            let message = row
                .error
                .clone()
                .unwrap_or_else(|| "It failed; the history gives no reason.".to_owned());
            let facts = Facts {
                error_kind: Some(kind_of_text(&message)),
                error: Some(message.clone()),
                cost: bill(row),
                ..Facts::default()
            };
            let detail = context.billed(&take, &message, row.odd_cost.as_deref());
            context.step(take.id, TakeState::Failed, &detail, facts).await
        }
        // The film has been gone for so long that the history does not name it any more: only its bill is left.
        (HistoryState::Completed, None) if kept_until(row).is_some_and(|until| until < context.now()) => {
            if let Some(cost) = row.cost {
                let facts = Facts {
                    cost: Some(cost),
                    ..Facts::default()
                };
                context.learn(take.id, facts).await?;
            }
            gone(
                context,
                &take,
                "It was rendered, and its film is not kept any more.",
            )
            .await
        }
        _ => Ok(take),
    }
}

async fn gone(context: &Context, take: &Take, why: &str) -> Result<Take, Stop> {
    let facts = Facts {
        error: Some(why.to_owned()),
        error_kind: Some(FailureKind::Stale),
        ..Facts::default()
    };
    context.step(take.id, TakeState::Expired, why, facts).await
}
