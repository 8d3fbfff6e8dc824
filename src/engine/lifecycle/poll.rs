//! Polls an accepted take until the provider has rendered or failed it. A failed poll never fails a take.

use std::time::Duration;

use jiff::SignedDuration;

use crate::engine::context::Context;
use crate::engine::delivery::url::video_facts;
use crate::engine::events::Event;
use crate::engine::history::matching::sent_at;
use crate::engine::history::row::{bill, kept_until};
use crate::engine::ownership;
use crate::engine::pauses::Interrupted;
use crate::engine::v1;
use crate::model::{Expectation, FailureKind, Take, TakeState, Usd, pause};
use crate::segmind::{
    ApiError, Class, HistoryRow, HistoryState, Outcome, Status, WireExchange, kind_of_text,
};
use crate::store::{Facts, Store};

use super::draft::{self, Asked};
use super::poll_interval::Schedule;

/// After this many useless responses in a row, the history is asked.
const MAX_TRIES: u32 = 5;
/// Records are kept for polling this long (Segmind, async v2 docs, retention).
const RECORDS_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Polls `take`, which the provider has accepted, until it is no longer at the provider. A take that was `taken_over`
/// may have finished long ago, so it is polled at once.
pub(super) async fn poll(context: &Context, mut take: Take, taken_over: bool) -> Result<Take, Interrupted> {
    let Some(request_id) = v1::id_to_poll(&take) else {
        return v1::rendered(context, &take).await;
    };
    let schedule = Schedule::around(&expected(context, &take).await?);
    let mut failures = 0;
    let mut asked = None;
    let mut at_once = taken_over;
    loop {
        let pause = match failures {
            0 if std::mem::take(&mut at_once) => Duration::ZERO,
            0 => {
                let elapsed = context.now().duration_since(sent_at(&take));
                schedule.pause(elapsed.try_into().unwrap_or_default())
            }
            n => pause::between_questions(n, asked.take()),
        };
        context.pauses.rest(pause).await?;
        match context.setup.client.status(&request_id).await {
            Ok(response) => {
                let is_done = matches!(response.value, Status::Completed);
                let tries = failures + 1;
                take = seen(context, take, response.value, &response.exchange, tries).await?;
                // The take is done, but the response that names the video has not come yet.
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

async fn expected(context: &Context, take: &Take) -> Result<Expectation, Interrupted> {
    let published = context.setup.published.clone();
    let (backend, class) = (take.backend, take.wait_class());
    let work = move |store: &Store| store.expectation(backend, &class, &*published);
    context.keep(work).await
}

async fn seen(
    context: &Context,
    take: Take,
    status: Status,
    exchange: &WireExchange,
    tries: u32,
) -> Result<Take, Interrupted> {
    let step = |to: TakeState| context.step(take.id, to, to.word(), Facts::default());
    match status {
        Status::Queued if take.state == TakeState::Queued => return Ok(take),
        Status::Processing if take.state == TakeState::Processing => return Ok(take),
        Status::Queued => return step(TakeState::Queued).await,
        _ => context.record(take.id, exchange).await,
    }
    match status {
        Status::Completed => rendered(context, take, tries).await,
        Status::Failed { message, kind } => fail(context, &take, exchange.status, message, kind).await,
        _ => step(TakeState::Processing).await,
    }
}

/// Asks for the URL and the bill of a finished take, for the `tries`th time.
async fn rendered(context: &Context, take: Take, tries: u32) -> Result<Take, Interrupted> {
    let request_id = take.request_id.clone().unwrap_or_default();
    match context.setup.client.result(&request_id).await {
        Ok(response) => {
            context.record(take.id, &response.exchange).await;
            match response.value {
                Outcome::Completed(video) => {
                    if let Some(left) = video.remaining_credits {
                        context.events.tell(Event::Balance(left));
                    }
                    let draft = draft::named_in(&take, &response.exchange);
                    let detail = context.billed(&take, "rendered", video.odd_cost.as_deref());
                    let detail = draft::told(&take, draft.as_ref(), detail);
                    let facts = Facts {
                        draft,
                        ..video_facts(&video)
                    };
                    context.step(take.id, TakeState::Rendered, &detail, facts).await
                }
                Outcome::Failed { message, kind } => {
                    fail(context, &take, response.exchange.status, message, kind).await
                }
                Outcome::Pending if tries > MAX_TRIES => from_history(context, take, false).await,
                Outcome::Pending => Ok(take),
            }
        }
        Err(error) => failed_poll(context, take, &error, tries).await,
    }
}

async fn fail(
    context: &Context,
    take: &Take,
    status: Option<u16>,
    message: String,
    kind: FailureKind,
) -> Result<Take, Interrupted> {
    let facts = Facts {
        http_status: status,
        // Only COMPLETED bills (Segmind, billing).
        cost: Some(Usd::ZERO),
        ..Facts::error(kind, &message)
    };
    context.step(take.id, TakeState::Failed, &message, facts).await
}

async fn failed_poll(
    context: &Context,
    take: Take,
    error: &ApiError,
    failures: u32,
) -> Result<Take, Interrupted> {
    if failures == 1 {
        context.record_error(take.id, error).await;
    }
    if error.class == Class::FatalForQueue && failures == 1 {
        context.stop_queue(error).await?;
    }
    let accepted = take.times.accepted.unwrap_or(take.created_at);
    let age = context.now().duration_since(accepted);
    // A new record may be missing for a moment; an old one is gone, and only the history knows it. A response that stays
    // useless is no reason to ask for ever either.
    let is_gone = age > RECORDS_KEPT && matches!(error.status, Some(404 | 410));
    if is_gone || error.status.is_some() && failures > MAX_TRIES {
        return from_history(context, take, is_gone).await;
    }
    Ok(take)
}

/// Continues a take from its row of the history. A take whose record `is_gone` and that has no row has expired.
async fn from_history(context: &Context, take: Take, is_gone: bool) -> Result<Take, Interrupted> {
    let request_id = take.request_id.clone().unwrap_or_default();
    match context.setup.client.history_one(&request_id).await {
        Ok(response) => match response.value {
            Some(row) => by_row(context, take, &row).await,
            None if is_gone && !ownership::sees_all_of(&context.setup.client, take.backend, &take) => {
                ownership::leave_to_its_key(context, take.id).await
            }
            None if is_gone => {
                let why = "It is no longer in the provider's records or history.";
                context.expire(take.id, why).await
            }
            None => Ok(take),
        },
        Err(error) => {
            context.record_error(take.id, &error).await;
            Ok(take)
        }
    }
}

/// Continues an accepted take from its row of the history.
async fn by_row(context: &Context, take: Take, row: &HistoryRow) -> Result<Take, Interrupted> {
    match (row.state, row.url.as_ref()) {
        (HistoryState::Completed, Some(url)) => {
            let draft = Asked::by(&take).draft(&row.rest);
            let detail = context.billed(
                &take,
                "rendered, according to the history",
                row.odd_cost.as_deref(),
            );
            let detail = draft::told(&take, draft.as_ref(), detail);
            let facts = Facts {
                cost: row.cost,
                output_url: Some(url.clone()),
                draft,
                ..Facts::default()
            };
            context.step(take.id, TakeState::Rendered, &detail, facts).await
        }
        (HistoryState::Failed, _) => {
            let unnamed = || "It failed; the history gives no reason.".to_owned();
            let message = row.error.clone().unwrap_or_else(unnamed);
            let facts = Facts {
                cost: bill(row),
                ..Facts::error(kind_of_text(&message), &message)
            };
            let detail = context.billed(&take, &message, row.odd_cost.as_deref());
            context.step(take.id, TakeState::Failed, &detail, facts).await
        }
        // The history no longer names a video that is gone: only its bill is left.
        (HistoryState::Completed, None) if kept_until(row).is_some_and(|until| until < context.now()) => {
            if row.cost.is_some() {
                context.learn(take.id, Facts::bill(row.cost)).await?;
            }
            let why = "It was rendered, but the provider no longer keeps its video.";
            context.expire(take.id, why).await
        }
        _ => Ok(take),
    }
}
