//! Clears up unclear outcomes from the provider's history: a match is adopted, and "not sent" is said only
//! when the history would certainly show the request.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::time::Instant;

use crate::model::{ApiVersion, FailureKind, Model, Take, TakeState};
use crate::segmind::{ApiError, HistoryRow, HistoryState};
use crate::store::Facts;

use super::books::bill;
use super::context::{Context, Stop};
use super::decide::{AfterLook, Shown, after_look};
use super::pages::{self, Pages};
pub(super) use super::proof::sent_at;
use super::proof::{A_DAY, Watch};
use super::{account, work};

/// Pauses between looks at the history; the last one repeats.
const LOOKS: [u64; 7] = [1, 3, 10, 30, 60, 300, 900];
/// A row may be dated this much before our submit (clocks differ).
pub(super) const EARLIER: SignedDuration = SignedDuration::from_mins(5);
/// A row may be dated this much after our submit (slow uploads, time-outs).
const LATER: SignedDuration = SignedDuration::from_mins(30);
/// Looks until the history tells what became of `take`.
pub(super) async fn clear_up(context: &Context, take: Take, saw_it_sent: bool) -> Result<Take, Stop> {
    let mut looks = 0;
    let mut watch = Watch::new(context.setup.history_certain_after, saw_it_sent);
    loop {
        let usual = Duration::from_secs(LOOKS[looks.min(LOOKS.len() - 1)]);
        looks += 1;
        // As soon as something is certain it is looked at; the tenth more is for the jitter.
        let pause = match watch.certain_in() {
            Duration::ZERO => usual,
            certain_in => usual.min(certain_in.mul_f64(1.12)),
        };
        tokio::select! {
            biased;
            rested = context.rest(pause) => rested?,
            () = context.ask_now.notified() => {}
        }
        // The user may have decided in the meantime.
        let id = take.id;
        let now = context.keep(move |store| store.take(id)).await?;
        if now.state != TakeState::Unknown {
            context.proof_is_due(id, None);
            return Ok(now);
        }
        let cleared = look(context, &take, &mut watch).await?;
        let is_waiting = cleared.is_none() && !watch.is_certain();
        context.proof_is_due(id, is_waiting.then(|| Instant::now() + watch.certain_in()));
        if let Some(cleared) = cleared {
            return Ok(cleared);
        }
    }
}

/// One look: `None` while it stays unclear.
async fn look(context: &Context, take: &Take, watch: &mut Watch) -> Result<Option<Take>, Stop> {
    let sent = sent_at(take);
    let began = Instant::now();
    let window = match window(context, take, sent, watch).await {
        Ok(window) => {
            watch.note(context, take, began, window.first.date).await?;
            window
        }
        Err(error) => {
            context.record_error(take.id, &error).await;
            return Ok(None);
        }
    };
    // By our clock or by the provider's, whichever was right when it was sent.
    let sent_there = sent.saturating_add(watch.off).unwrap_or(sent);
    let is_in_time = |row: &HistoryRow| in_time(row, sent) || in_time(row, sent_there);
    let rows = || window.rows.iter();
    let alike = free(context, take, rows().filter(|row| is_alike(row, take))).await?;
    let id = take.id;
    if context.keep(move |store| store.twin_is_being_sent(id)).await? {
        // Its own answer tells which of the two is its own, and a blocking one may name no id.
        return Ok(None);
    }
    // After that look, since an answer without an id makes a twin nameless.
    let others = nameless_others(context, take, sent).await?;
    // As many of them belong to equal takes that were answered without an id: which, nobody can tell.
    let is_spoken_for = !alike.is_empty() && alike.len() <= nameless_twins(take, &others, &alike);
    // What failed may be the request of an equal take that was refused for it; ours need not be listed yet.
    let has_refused_twin = others
        .iter()
        .any(|other| is_equal(other, take) && other.state == TakeState::Refused);
    let is_doubtful = |row: &HistoryRow| has_refused_twin && row.state == HistoryState::Failed;
    let first = |is_wanted: &dyn Fn(&HistoryRow) -> bool| {
        let mut rows = alike.iter().copied();
        rows.find(|row| !is_spoken_for && is_wanted(row))
    };
    let in_time = first(&|row| !is_doubtful(row) && is_in_time(row));
    let out_of_time = first(&|row| !is_doubtful(row) && !is_in_time(row));
    let failed = first(&is_doubtful);
    let perhaps =
        rows().filter(|row| is_in_time(row) && !is_alike(row, take) && !is_certainly_other(row, take));
    let perhaps = free(context, take, perhaps).await?;
    let of_others = of_others(take, &others, &perhaps);
    let shown = Shown {
        in_time: in_time.is_some(),
        out_of_time: out_of_time.is_some(),
        failed: failed.is_some(),
        // Bodies may come shortened, reshaped or not at all.
        perhaps: is_spoken_for || perhaps.len() > of_others,
        whole: window.whole && clock_was_right(context, sent, watch),
        late_enough: watch.is_certain(),
    };
    let decided = after_look(shown);
    let found = match decided {
        AfterLook::AdoptInTime => in_time,
        AfterLook::AdoptOutOfTime => out_of_time,
        AfterLook::AdoptFailed => failed,
        AfterLook::NotSent | AfterLook::LookAgain => None,
    };
    match (decided, found) {
        (_, Some(row)) => adopt(context, take, row).await,
        // Another account's history shows nothing of it.
        (AfterLook::NotSent, None) if !account::sees_all_of(&context.setup.client, take.backend, take) => {
            account::leave_to_its_key(context, take.id).await?;
            Ok(None)
        }
        (AfterLook::NotSent, None) => not_sent(context, take).await.map(Some),
        _ => Ok(None),
    }
}

/// Whether the submit's time can be right. If not, the user is told once.
fn clock_was_right(context: &Context, sent: Timestamp, watch: &mut Watch) -> bool {
    let ahead = sent.duration_since(context.now()) - watch.off;
    if ahead <= EARLIER {
        return true;
    }
    if !watch.told_of_the_clock {
        watch.told_of_the_clock = true;
        context.trouble(format!(
            "A take was sent by a clock that was {} min ahead of the provider's: what became of it cannot be told for \
             certain. Set this machine's clock right, and look at the take.",
            ahead.as_mins()
        ));
    }
    false
}

/// Those of `rows` that belong to no take; what failed comes last, since nothing is lost with it.
async fn free<'a>(
    context: &Context,
    take: &Take,
    rows: impl Iterator<Item = &'a HistoryRow>,
) -> Result<Vec<&'a HistoryRow>, Stop> {
    let mut free = Vec::new();
    for row in rows {
        if !is_known(context, take, row).await? {
            free.push(row);
        }
    }
    free.sort_by_key(|row| row.state == HistoryState::Failed);
    Ok(free)
}

/// Other takes of this account that the provider took, or failed, around then without naming an id: requests in the
/// history are theirs.
async fn nameless_others(context: &Context, take: &Take, sent: Timestamp) -> Result<Vec<Take>, Stop> {
    use TakeState as S;
    let since = sent.saturating_sub(EARLIER + A_DAY).unwrap_or(sent);
    let (id, backend) = (take.id, take.backend);
    let mut others = context
        .keep(move |store| store.nameless_since(backend, since))
        .await?;
    others.retain(|other| {
        other.id != id
            && other.api_version == ApiVersion::V1
            && !matches!(other.state, S::Submitting | S::Unknown | S::NotSent)
            && account::sees_all_of(&context.setup.client, backend, other)
    });
    Ok(others)
}

/// How many of `others` are equal to the take and have their request among `rows`. One that was refused counts not:
/// it need not have one.
fn nameless_twins(take: &Take, others: &[Take], rows: &[&HistoryRow]) -> usize {
    let has_one = |other: &&Take| rows.iter().any(|row| matches(row, other, sent_at(other)));
    let equal = others
        .iter()
        .filter(|other| is_equal(other, take) && other.state != TakeState::Refused);
    equal.filter(has_one).count()
}

/// How many of `rows` are the requests of others with another body, one each: those that say something else than the
/// take's body, and do not merely leave it out.
fn of_others(take: &Take, others: &[Take], rows: &[&HistoryRow]) -> usize {
    let mut left: Vec<_> = rows.iter().filter(|row| contradicts(row, take)).collect();
    let mut found = 0;
    for other in others.iter().filter(|other| !is_equal(other, take)) {
        if let Some(at) = left.iter().position(|row| matches(row, other, sent_at(other))) {
            left.swap_remove(at);
            found += 1;
        }
    }
    found
}

/// Whether the row's body holds a field of the take's with another value.
fn contradicts(row: &HistoryRow, take: &Take) -> bool {
    let fields = take.body.as_object().into_iter().flatten();
    let theirs = |name| row.request_body.as_ref().and_then(|body| body.get(name));
    fields.into_iter().any(|(name, ours)| {
        theirs(name).is_some_and(|theirs| !is_unused(theirs) && !same_value(theirs, ours))
    })
}

fn is_equal(one: &Take, other: &Take) -> bool {
    one.model == other.model && one.body == other.body
}

async fn is_known(context: &Context, take: &Take, row: &HistoryRow) -> Result<bool, Stop> {
    let (backend, id) = (take.backend, row.request_id.clone());
    context.keep(move |store| store.knows_request(backend, &id)).await
}

async fn not_sent(context: &Context, take: &Take) -> Result<Take, Stop> {
    let why = "The provider's history does not know it: it never arrived and was not billed.";
    let facts = Facts {
        error: Some(why.to_owned()),
        error_kind: Some(FailureKind::Network),
        ..Facts::default()
    };
    context.step(take.id, TakeState::NotSent, why, facts).await
}

/// What the history tells of a rendered take without an id: where its film lies, and which request it was, so that
/// no other take is given the same.
pub(super) async fn find_film(context: &Context, take: &Take) -> Result<Option<Facts>, Stop> {
    let sent = sent_at(take);
    let mut watch = Watch::new(context.setup.history_certain_after, false);
    let Ok(window) = window(context, take, sent, &mut watch).await else {
        return Ok(None);
    };
    let shown = window.rows.iter();
    let rows = shown.filter(|row| row.url.is_some() && matches(row, take, sent));
    let rows = free(context, take, rows).await?;
    let its_own = rows.iter().find(|row| row.url == take.output_url);
    Ok(its_own.or(rows.first()).map(|row| Facts {
        request_id: Some(row.request_id.clone()),
        output_url: row.url.clone(),
        cost: bill(row),
        ..Facts::default()
    }))
}

/// Whether the row cannot be the take's, however its body may have been reshaped: a different seed or model is
/// certainly another request.
pub(super) fn is_certainly_other(row: &HistoryRow, take: &Take) -> bool {
    let known_model = row
        .model_name
        .as_deref()
        .and_then(|name| Model::offered(name).ok());
    let other_model = known_model.is_some_and(|model| model != take.model);
    let seed = row.request_body.as_ref().and_then(|body| body.get("seed"));
    let other_seed = seed.is_some_and(|seed| !same_value(seed, &take.seed.number().into()));
    other_model || other_seed
}

/// What the history shows around the time of a submit.
async fn window(
    context: &Context,
    take: &Take,
    sent: Timestamp,
    watch: &mut Watch,
) -> Result<Pages, ApiError> {
    let (from, to) = watch.days(context.now(), sent);
    let mut window = pages::read(&context.setup.client, from, to).await?;
    let exchange = work::exchange(context.now(), &window.first);
    context.record(take.id, Some(exchange)).await;
    if let Some(theirs) = window.first.date {
        watch.off = theirs.duration_since(context.now());
    }
    // By the provider's clock other days may be meant: then the next look asks for those.
    window.whole &= watch.days(context.now(), sent) == (from, to);
    Ok(window)
}

/// Whether the row is of the request that `take` sent at `sent`.
pub(super) fn matches(row: &HistoryRow, take: &Take, sent: Timestamp) -> bool {
    in_time(row, sent) && is_alike(row, take)
}

/// Whether model and body are the take's.
fn is_alike(row: &HistoryRow, take: &Take) -> bool {
    let model = row.model_name.as_deref();
    model.is_none_or(|name| name == take.model.slug())
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
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        _ => {
            a == b
                || (is_unused(a) && is_unused(b))
                || as_text(a).is_some_and(|text| as_text(b) == Some(text))
        }
    }
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
        cost: bill(row),
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
            json!({"prompt": "kite", "seed": 7, "generate_audio": true, "reference_images": ["a"]}),
            json!([]),
        ] {
            assert!(!same_body(&other, &ours), "{other}");
        }
        let pictures = |of: &[&str]| json!({"reference_images": of});
        assert!(same_body(&pictures(&["a", "b"]), &pictures(&["a", "b"])));
        for others in [&["a"][..], &["b", "a"], &["a", "c"], &[]] {
            assert!(
                !same_body(&pictures(others), &pictures(&["a", "b"])),
                "{others:?}"
            );
        }
    }
}
