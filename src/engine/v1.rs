//! The blocking contract and its special cases. The response to the submit is the video itself, or its URL, and it may
//! name no id. The history's rows of such nameless takes must not be given to equal ones.

use std::path::PathBuf;

use jiff::SignedDuration;
use tokio::fs::File;

use crate::model::text::sentences;
use crate::model::{ApiVersion, FailureKind, Take, TakeState};
use crate::segmind::{ApiError, HistoryRow, HistoryState};
use crate::store::Facts;

use super::blocking::blocking;
use super::context::Context;
use super::delivery::error::Undelivered;
use super::delivery::folder::names;
use super::delivery::partial;
use super::history::matching::{EARLIER, contradicts, is_equal, matches, sent_at};
use super::history::row::bill;
use super::lifecycle::draft::Asked;
use super::ownership;
use super::pauses::Interrupted;
use super::resolve::window::{self, unowned};

/// The status of a response that is the video or its URL.
const ANSWERED: u16 = 200;
/// A take whose folder cannot be written to is tried again after this time.
const AFTER_NO_ROOM: SignedDuration = SignedDuration::from_secs(30);
/// Days begin at different times in different time zones.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Sends `take`, and writes the video into its partial download if the response is the video.
pub(super) async fn submit(context: &Context, take: &Take) -> Result<Result<Take, Interrupted>, ApiError> {
    let (part, mut file) = match empty_partial(context, take).await {
        Ok(part) => part,
        Err(Undelivered::Stopped(stop)) => return Ok(Err(stop)),
        Err(error) => return Ok(hold_back(context, take, &error).await),
    };
    if let Err(stop) = context.about_to_send(take.id).await {
        return Ok(Err(stop));
    }
    let client = &context.setup.client;
    let response = client.generate_v1(take.model, &take.body, &mut file).await;
    if response.is_err() && file.metadata().await.is_ok_and(|meta| meta.len() == 0) {
        // No video arrived. If the empty file stays, it does no harm.
        let _ = tokio::fs::remove_file(&part).await;
    }
    let response = response?;
    let video = response.value;
    if let Err(error) = file.sync_all().await {
        // Keep the id even if the sync failed; delivery finds out what is missing.
        let id = take.id;
        tracing::warn!("the video of take {id} may not be on the disk yet: {error}");
    }
    // All in one transaction, because the provider answers no further question about it.
    let facts = Facts {
        request_id: video.request_id.clone(),
        http_status: Some(ANSWERED),
        cost: video.cost,
        output_url: video.url.clone(),
        ..Facts::default()
    };
    let detail = context.billed(take, "the provider took it", video.odd_cost.as_deref());
    let stepped = match context.accept_own(take.id, &detail, facts).await {
        Ok(accepted) if accepted.state == TakeState::Accepted => rendered(context, take).await,
        other => other,
    };
    context.record(take.id, &response.exchange).await;
    Ok(stepped)
}

/// The partial download that will take the video, emptied.
async fn empty_partial(context: &Context, take: &Take) -> Result<(PathBuf, File), Undelivered> {
    let path = partial::of(&names(context, take).await?.working);
    blocking(move || {
        let file = partial::lock(&path, true)?.ok_or(Undelivered::Elsewhere)?;
        file.set_len(0).map_err(Undelivered::io("cannot write", &path))?;
        Ok((path, File::from_std(file)))
    })
    .await
}

/// The folder cannot be written to, so nothing is sent.
async fn hold_back(context: &Context, take: &Take, error: &Undelivered) -> Result<Take, Interrupted> {
    context.events.problem(sentences(&[
        &format!("Take {} was not sent: {error}", take.id),
        FailureKind::Storage.advice(),
    ]));
    let facts = Facts {
        not_before: context.now().checked_add(AFTER_NO_ROOM).ok(),
        ..Facts::error(FailureKind::Storage, error.to_string())
    };
    let why = "not sent: its folder is not writable";
    context.step(take.id, TakeState::Waiting, why, facts).await
}

/// The id under which a take is polled. `None` when its response was the video, although the take stands as accepted
/// only because the program ended in between; an id that came with such a response need not be one to ask for.
pub(super) fn id_to_poll(take: &Take) -> Option<String> {
    let was_answered = take.api_version == ApiVersion::V1 && take.http_status == Some(ANSWERED);
    take.request_id.clone().filter(|_| !was_answered)
}

/// Marks a take rendered whose response was the video.
pub(super) async fn rendered(context: &Context, take: &Take) -> Result<Take, Interrupted> {
    let (to, detail) = (TakeState::Rendered, "rendered: the response was the video");
    context.step(take.id, to, detail, Facts::default()).await
}

/// Whether the video came in the response, so that it exists in the partial download only.
pub(super) fn is_in_response(take: &Take) -> bool {
    take.api_version == ApiVersion::V1 && take.output_url.is_none()
}

/// What the history says about a rendered take without an id: its video's URL, and its request, so that no other take
/// is given that one.
pub(super) async fn find_video(context: &Context, take: &Take) -> Result<Option<Facts>, Interrupted> {
    let Some(window) = window::read_once(context, take).await else {
        return Ok(None);
    };
    let is_its = |row: &&HistoryRow| row.url.is_some() && matches(row, take);
    let rows = unowned(context, take, window.rows.iter().filter(is_its)).await?;
    let its_own = rows.iter().find(|row| row.url == take.output_url);
    Ok(its_own.or(rows.first()).map(|row| Facts {
        output_url: row.url.clone(),
        draft: Asked::by(take).draft(&row.rest),
        ..Facts::request(&row.request_id, bill(row))
    }))
}

/// Whether the provider took `take` without naming an id.
pub(super) const fn is_nameless(take: &Take) -> bool {
    matches!(take.api_version, ApiVersion::V1)
        && matches!(
            take.state,
            TakeState::Accepted | TakeState::Rendered | TakeState::Saved | TakeState::Expired
        )
}

/// Other takes of this account that the provider took, or failed, around the time of a submit without naming an id:
/// some requests of the history are theirs.
pub(super) struct Nameless(Vec<Take>);

impl Nameless {
    pub async fn around(context: &Context, take: &Take) -> Result<Self, Interrupted> {
        use TakeState as S;
        let sent = sent_at(take);
        let since = sent.saturating_sub(EARLIER + A_DAY).unwrap_or(sent);
        let (id, backend) = (take.id, take.backend);
        let nameless = context.keep(move |store| store.nameless_since(backend, since));
        let mut others = nameless.await?;
        others.retain(|other| {
            other.id != id
                && other.api_version == ApiVersion::V1
                && !matches!(other.state, S::Submitting | S::Unknown | S::NotSent)
                && ownership::sees_all_of(&context.setup.client, backend, other)
        });
        Ok(Self(others))
    }

    /// Whether as many equal takes as there are `rows` own one of them, so that none is left for `take`. Refused takes are
    /// excluded: they may have no history row.
    pub fn own_all_of(&self, take: &Take, rows: &[&HistoryRow]) -> bool {
        let has_one = |other: &&Take| rows.iter().any(|row| matches(row, other));
        let is_equal = |other: &&Take| is_equal(other, take) && other.state != TakeState::Refused;
        let equal = self.0.iter().filter(is_equal);
        !rows.is_empty() && rows.len() <= equal.filter(has_one).count()
    }

    /// Whether a failed row may belong to an equal take that was refused, while the row of `take` is not listed yet.
    pub fn may_own_failed(&self, take: &Take, row: &HistoryRow) -> bool {
        let was_refused = |other: &Take| is_equal(other, take) && other.state == TakeState::Refused;
        row.state == HistoryState::Failed && self.0.iter().any(was_refused)
    }

    /// How many of `rows` are the requests of takes with another body, one each: rows that contradict the body of
    /// `take` and do not merely leave parts of it out.
    pub fn count_of_others(&self, take: &Take, rows: &[&HistoryRow]) -> usize {
        let mut left: Vec<_> = rows.iter().filter(|row| contradicts(row, take)).collect();
        let mut found = 0;
        for other in self.0.iter().filter(|other| !is_equal(other, take)) {
            if let Some(at) = left.iter().position(|row| matches(row, other)) {
                left.swap_remove(at);
                found += 1;
            }
        }
        found
    }
}
