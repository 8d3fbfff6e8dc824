//! Clears up unclear outcomes from the provider's history: a match is adopted, and "not sent" is said only
//! when the history would certainly show the request.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::model::{FailureKind, Model, Take, TakeState};
use crate::segmind::{ApiError, HistoryRow};
use crate::store::Facts;

use super::context::{Context, Stop};
use super::pages::{self, Pages};
use super::{account, work};

/// Pauses between looks at the history; the last one repeats.
const LOOKS: [u64; 7] = [1, 3, 10, 30, 60, 300, 900];
/// A row may be dated this much before our submit (clocks differ).
const EARLIER: SignedDuration = SignedDuration::from_mins(5);
/// A row may be dated this much after our submit (slow uploads, time-outs).
const LATER: SignedDuration = SignedDuration::from_mins(30);
/// Days are cut differently in different places.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Looks until the history tells what became of `take`.
pub(super) async fn clear_up(context: &Context, take: Take) -> Result<Take, Stop> {
    let mut looks = 0;
    loop {
        let pause = LOOKS[looks.min(LOOKS.len() - 1)];
        looks += 1;
        tokio::select! {
            biased;
            rested = context.rest(Duration::from_secs(pause)) => rested?,
            () = context.ask_now.notified() => {}
        }
        // The user may have decided in the meantime.
        let id = take.id;
        let now = context.keep(move |store| store.take(id)).await?;
        if now.state != TakeState::Unknown {
            return Ok(now);
        }
        if let Some(cleared) = look(context, &take).await? {
            return Ok(cleared);
        }
    }
}

/// One look: `None` while it stays unclear.
async fn look(context: &Context, take: &Take) -> Result<Option<Take>, Stop> {
    let sent = take.times.submitted.unwrap_or(take.created_at);
    let window = match window(context, take, sent).await {
        Ok(window) => window,
        Err(error) => {
            context.record_error(take.id, &error).await;
            return Ok(None);
        }
    };
    for row in window.rows.iter().filter(|row| matches(row, take, sent)) {
        if let Some(adopted) = adopt(context, take, row).await? {
            return Ok(Some(adopted));
        }
    }
    let late_enough = context.now().duration_since(sent) >= context.setup.history_certain_after;
    if !late_enough || !window.whole || could_be_ours(context, take, &window.rows, sent).await? {
        return Ok(None);
    }
    if !account::sees_all_of(context, take) {
        account::leave_to_its_key(context, take.id).await?;
        return Ok(None);
    }
    let why = "The provider's history does not know it: it never arrived and was not billed.";
    let facts = Facts {
        error: Some(why.to_owned()),
        error_kind: Some(FailureKind::Network),
        ..Facts::default()
    };
    context
        .step(take.id, TakeState::NotSent, why, facts)
        .await
        .map(Some)
}

/// Where the film of a take without an id lies, when the history knows it.
pub(super) async fn find_film(context: &Context, take: Take) -> Result<Take, Stop> {
    let sent = take.times.submitted.unwrap_or(take.created_at);
    let rows = match window(context, &take, sent).await {
        Ok(window) => window.rows,
        Err(_) => return Ok(take),
    };
    let found = rows
        .into_iter()
        .find(|row| row.url.is_some() && matches(row, &take, sent));
    let Some(row) = found else { return Ok(take) };
    let facts = Facts {
        output_url: row.url,
        cost: row.cost,
        ..Facts::default()
    };
    context.learn(take.id, facts).await?;
    let id = take.id;
    context.keep(move |store| store.take(id)).await
}

/// Whether a request of nobody's that the history shows may be the take although its body does not match:
/// bodies may come shortened, reshaped or not at all. A different seed or model is certainly another request.
async fn could_be_ours(
    context: &Context,
    take: &Take,
    rows: &[HistoryRow],
    sent: Timestamp,
) -> Result<bool, Stop> {
    for row in rows
        .iter()
        .filter(|row| in_time(row, sent) && !is_certainly_other(row, take))
    {
        let (backend, id) = (take.backend, row.request_id.clone());
        let known = context
            .keep(move |store| store.knows_request(backend, &id))
            .await?;
        if !known {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the row cannot be the take's, however its body may have been reshaped.
pub(super) fn is_certainly_other(row: &HistoryRow, take: &Take) -> bool {
    let known_model = row
        .model_name
        .as_deref()
        .and_then(|name| name.parse::<Model>().ok());
    let other_model = known_model.is_some_and(|model| model != take.model);
    let seed = row.request_body.as_ref().and_then(|body| body.get("seed"));
    let other_seed = seed.is_some_and(|seed| !same_value(seed, &take.seed.number().into()));
    other_model || other_seed
}

/// What the history shows around the time of a submit.
async fn window(context: &Context, take: &Take, sent: Timestamp) -> Result<Pages, ApiError> {
    let from = pages::day(sent.saturating_sub(EARLIER + A_DAY).unwrap_or(sent));
    let to = sent.saturating_add(LATER + A_DAY).unwrap_or(sent);
    let to = pages::day(to.min(context.now()));
    let window = pages::read(&context.setup.client, from, to).await?;
    let exchange = work::exchange(context.now(), &window.first);
    context.record(take.id, Some(exchange)).await;
    Ok(window)
}

/// Whether the row is of the request that `take` sent at `sent`.
pub(super) fn matches(row: &HistoryRow, take: &Take, sent: Timestamp) -> bool {
    let model = row.model_name.as_deref();
    in_time(row, sent)
        && model.is_none_or(|name| name.parse::<Model>().is_ok_and(|named| named == take.model))
        && row
            .request_body
            .as_ref()
            .is_some_and(|body| same_body(body, &take.body))
}

/// Whether the row may be of a submit at `sent`.
pub(super) fn in_time(row: &HistoryRow, sent: Timestamp) -> bool {
    row.created.is_none_or(|at| {
        let after = at.duration_since(sent);
        after >= -EARLIER && after <= LATER
    })
}

/// Whether the history's body is the one we sent: every field that we sent is there with its value. The
/// provider may add fields of its own and write numbers as text.
fn same_body(theirs: &Value, ours: &Value) -> bool {
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return false;
    };
    ours.iter().all(|(name, value)| match theirs.get(name) {
        Some(found) => same_value(found, value),
        None => is_unused(value),
    })
}

fn same_value(a: &Value, b: &Value) -> bool {
    a == b || as_text(a) == as_text(b) || (is_unused(a) && is_unused(b))
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_f64().map(|n| n.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn is_unused(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Makes `row` the take's own, unless another take has it already (equal bodies are matched one to one).
async fn adopt(context: &Context, take: &Take, row: &HistoryRow) -> Result<Option<Take>, Stop> {
    let facts = Facts {
        request_id: Some(row.request_id.clone()),
        cost: row.cost,
        ..Facts::default()
    };
    context.accept(take.id, "found in the history", facts).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_are_the_same_whatever_the_provider_adds_or_leaves_out() {
        let ours = json!({"prompt": "kite", "seed": 7, "reference_images": [], "generate_audio": true});
        assert!(same_body(
            &json!({"prompt": "kite", "seed": "7", "generate_audio": true, "extra": 1}),
            &ours
        ));
        assert!(same_body(
            &json!({"prompt": "kite", "seed": 7.0, "generate_audio": true}),
            &ours
        ));
        for other in [
            json!({"prompt": "kite", "seed": 8, "generate_audio": true}),
            json!({"prompt": "kites", "seed": 7, "generate_audio": true}),
            json!({"prompt": "kite", "seed": 7}),
            json!([]),
        ] {
            assert!(!same_body(&other, &ours), "{other}");
        }
    }
}
