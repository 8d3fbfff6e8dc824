//! Writes the row of a new take, wherever the take comes from.

use rusqlite::{Connection, named_params};

use crate::model::parameters::Medium;
use crate::model::price::{clip_frames, worst_case};
use crate::model::{ApiVersion, Backend, Lineage, Model, RequestSummary, TakeId, TakeState, Usd, Verdict};
use crate::store::columns;

use super::reserve::Reserve;

/// What the row of a take starts with; facts and events follow.
pub struct NewTake<'a> {
    /// `None` for the next number.
    pub id: Option<TakeId>,
    pub reel_id: &'a str,
    pub backend: Backend,
    pub account: Option<&'a str>,
    pub api_version: ApiVersion,
    pub model: Model,
    pub request: RequestSummary,
    /// The whole request, as it is sent.
    pub body: String,
    /// The revision of the form that it was made from.
    pub revision: Option<i64>,
    pub sweep: Option<i64>,
    pub variant: Option<&'a str>,
    /// Left out when there is no such take.
    pub parent: Option<TakeId>,
    pub lineage: Option<Lineage>,
    pub state: TakeState,
    pub position: i64,
    pub estimate: Usd,
    /// By the price list, where it says so.
    pub listed: Option<Usd>,
    /// The least, where only a range of the price is known.
    pub least: Option<Usd>,
    pub reserve: Reserve,
    pub repeats: u32,
    pub verdict: Verdict,
    pub tags: &'a [String],
    pub note: Option<&'a str>,
}

impl Reserve {
    /// For a take of which only the estimate is known: each reference video counts as the longest that its model takes,
    /// or that any model takes if its own is not known any more.
    pub fn of_estimate(estimate: Usd, model: Model, request: &RequestSummary) -> Self {
        let longest = |model: Model| model.reference_ms(Medium::Video).1;
        let longest_ms = match longest(model) {
            0 => Model::all().into_iter().map(longest).max().unwrap_or_default(),
            known => known,
        };
        let clip_frames = clip_frames(std::iter::repeat_n(None, request.reference_videos), longest_ms);
        Self {
            most: worst_case(estimate, request.duration, clip_frames),
            clip_frames,
            max_price: None,
        }
    }
}

pub fn insert(connection: &Connection, new: &NewTake<'_>) -> rusqlite::Result<TakeId> {
    connection
        .prepare_cached(
            "INSERT INTO takes (
                id, reel_id, backend, account, api_version, model, resolution, aspect_ratio, duration, seed, prompt,
                body, draft_version, sweep, variant, parent, lineage, state, position, estimate, reserve, clip_frames, max_price, repeats,
                verdict, tags, note, sound, referenced, listed, estimate_least, finishes
             ) VALUES (
                :id, :reel_id, :backend, :account, :api_version, :model, :resolution, :aspect_ratio, :duration, :seed,
                :prompt, :body, :revision, :sweep, :variant, (SELECT id FROM takes WHERE id = :parent),
                :lineage, :state, :position,
                :estimate, :reserve, :clip_frames, :max_price, :repeats, :verdict, :tags, :note, :sound, :referenced, :listed, :least, :finishes
             )",
        )?
        .insert(named_params! {
            ":id": new.id.map(|id| id.0),
            ":reel_id": new.reel_id,
            ":backend": new.backend.word(),
            ":account": new.account,
            ":api_version": new.api_version.word(),
            ":model": new.model.slug(),
            ":resolution": new.request.resolution.wire(),
            ":aspect_ratio": new.request.aspect_ratio.wire(),
            ":duration": new.request.duration.get(),
            ":seed": new.request.seed.number(),
            ":prompt": new.request.prompt,
            ":body": new.body,
            ":revision": new.revision,
            ":sweep": new.sweep,
            ":variant": new.variant,
            ":parent": new.parent.map(|id| id.0),
            ":lineage": new.lineage.map(Lineage::word),
            ":state": new.state.word(),
            ":position": new.position,
            ":estimate": columns::estimate(new.estimate),
            ":reserve": new.reserve.most.map(columns::estimate),
            ":clip_frames": new.reserve.clip_frames,
            ":max_price": new.reserve.max_price.map(columns::estimate),
            ":repeats": new.repeats,
            ":verdict": new.verdict.word(),
            ":tags": serde_json::json!(new.tags).to_string(),
            ":note": new.note,
            ":listed": new.listed.map(columns::estimate),
            ":least": new.least.map(columns::estimate),
            ":sound": new.request.sound,
            ":referenced": new.request.referenced,
            ":finishes": new.request.finishes,
        })
        .map(TakeId)
}

/// The place behind every take that waits or may come back to wait.
pub fn next_place(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(&next_place_sql())?
        .query_row([], |row| row.get(0))
}

pub fn next_place_sql() -> String {
    let unsettled = columns::states(|state| !state.settled());
    format!("SELECT coalesce(max(position), 0) + 1 FROM takes WHERE state IN ({unsettled})")
}
