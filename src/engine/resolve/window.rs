//! What the history shows around the time of a submit.

use serde_json::{Value, json};

use crate::engine::context::Context;
use crate::engine::history::matching::{in_time, is_alike, is_certainly_other, sent_at};
use crate::engine::history::pages::{self, Pages};
use crate::engine::pauses::Interrupted;
use crate::model::Take;
use crate::segmind::{ApiError, HistoryRow, HistoryState};

use super::proof::Watch;

/// The most requests of one look at the history that are kept for the log.
const MAX_KEPT: usize = 20;

/// Reads the history around the submit of `take`, and notes how far the provider's clock is ahead of ours.
pub async fn read(context: &Context, take: &Take, watch: &mut Watch) -> Result<Pages, ApiError> {
    let sent = sent_at(take);
    let (from, to) = watch.days(context.now(), sent);
    let mut window = pages::read(&context.setup.client, from, to).await?;
    let mut seen = window.first.clone();
    seen.response = Some(what_matters(&window, take).to_string());
    context.record(take.id, &seen).await;
    if let Some(theirs) = window.first.date {
        watch.off = theirs.duration_since(context.now());
    }
    // By the provider's clock other days may be meant: then the next look asks for those.
    window.whole &= watch.days(context.now(), sent) == (from, to);
    Ok(window)
}

/// What the log keeps of the history: the requests that are this take's or may be. It is the same from look to look until
/// one of them changes.
fn what_matters(window: &Pages, take: &Take) -> Value {
    let may_be_its = |row: &&HistoryRow| {
        let is_near = in_time(row, sent_at(take)) && !is_certainly_other(row, take);
        is_near || is_alike(row, take)
    };
    let one = |row: &HistoryRow| {
        json!({
            "request_id": row.request_id,
            "model": row.model_name,
            "status": row.state.word(),
            "cost": row.cost,
            "created": row.created,
            "request": row.request_body,
            "url": row.url,
            "error": row.error,
        })
    };
    let rows: Vec<Value> = window
        .rows
        .iter()
        .filter(may_be_its)
        .take(MAX_KEPT)
        .map(one)
        .collect();
    json!({
        "all_could_be_read": window.whole,
        "may_be_this_take": rows,
    })
}

/// As [`read`], once and without a proof in mind; `None` when the history cannot be read.
pub async fn read_once(context: &Context, take: &Take) -> Option<Pages> {
    let mut watch = Watch::new(context.setup.history_certain_after, false);
    read(context, take, &mut watch).await.ok()
}

/// Those of `rows` that belong to no take; failed ones come last, since nothing is lost with them.
pub async fn unowned<'a>(
    context: &Context,
    take: &Take,
    rows: impl Iterator<Item = &'a HistoryRow>,
) -> Result<Vec<&'a HistoryRow>, Interrupted> {
    let mut unowned = Vec::new();
    for row in rows {
        let (backend, id) = (take.backend, row.request_id.clone());
        let is_known = move |store: &crate::store::Store| store.take_of_request(backend, &id);
        if context.keep(is_known).await?.is_none() {
            unowned.push(row);
        }
    }
    unowned.sort_by_key(|row| row.state == HistoryState::Failed);
    Ok(unowned)
}
