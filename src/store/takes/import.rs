//! Imports generations that were made elsewhere: each becomes a take in one transaction, and nothing is sent.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use crate::model::take::Draft;
use crate::model::{
    ApiVersion, Backend, Lineage, Model, RequestSummary, Take, TakeId, TakeState, Usd, Verdict,
};
use crate::store::{SqlOrRule, Store, StoreError, reels};

use super::events::{self, Transition};
use super::facts::{self, Facts};
use super::insert::{self, NewTake};
use super::lookup::of_request;
use super::read;
use super::reserve::Reserve;

/// A generation of the provider's history that belongs to no take.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub reel_id: String,
    pub backend: Backend,
    /// [`crate::model::ApiKey::account`] of the key that it was made with.
    pub account: String,
    pub request_id: String,
    pub model: Model,
    pub request: RequestSummary,
    /// The whole request, as far as it is known.
    pub body: Value,
    pub estimate: Usd,
    pub cost: Option<Usd>,
    /// How the provider names it, if it is a draft that can be finished.
    pub draft: Option<Draft>,
    pub state: ImportState,
    pub error: Option<String>,
    /// What the user should know of it.
    pub note: Option<String>,
    /// The take that this generation belongs to, where one is known.
    pub parent: Option<TakeId>,
    /// When the provider accepted it.
    pub created: Timestamp,
}

/// How far an imported generation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportState {
    /// It is still at the provider.
    Accepted,
    /// Its video is at this URL.
    Rendered { url: String, at: Timestamp },
    /// Its video is not kept any more.
    Expired { at: Timestamp },
    /// It failed, and was billed all the same.
    Failed { at: Timestamp },
}

impl ImportState {
    const fn state(&self) -> TakeState {
        match self {
            Self::Accepted => TakeState::Accepted,
            Self::Rendered { .. } => TakeState::Rendered,
            Self::Expired { .. } => TakeState::Expired,
            Self::Failed { .. } => TakeState::Failed,
        }
    }
}

impl Store {
    /// Makes a take of a generation that was made elsewhere. Nobody has its lease: the next worker downloads its video.
    pub fn import(&self, import: &Import) -> Result<Take, StoreError> {
        self.write(|transaction, _| {
            reels::must_exist(transaction, &import.reel_id)?;
            if let Some(known) = of_request(transaction, import.backend, &import.request_id)? {
                return Err(StoreError::RequestIdTaken {
                    request_id: import.request_id.clone(),
                    other: known,
                }
                .into());
            }
            let id = insert(transaction, import)?;
            insert_events(transaction, id, import)?;
            read::one(transaction, id)
        })
    }
}

fn insert(connection: &Connection, import: &Import) -> Result<TakeId, SqlOrRule> {
    let new = NewTake {
        id: None,
        reel_id: &import.reel_id,
        backend: import.backend,
        account: Some(&import.account),
        // The history does not say how it was made; a request with an id is asked about by v2.
        api_version: ApiVersion::V2,
        model: import.model,
        request: import.request.clone(),
        body: import.body.to_string(),
        revision: None,
        sweep: None,
        variant: None,
        parent: import.parent,
        lineage: import.parent.map(|_| Lineage::Repeated),
        state: import.state.state(),
        position: insert::next_place(connection)?,
        estimate: import.estimate,
        listed: None,
        least: None,
        reserve: Reserve::of_estimate(import.estimate, import.model, &import.request),
        repeats: 0,
        verdict: Verdict::None,
        tags: &[],
        note: import.note.as_deref(),
    };
    let id = insert::insert(connection, &new)?;
    let facts = Facts {
        output_url: match &import.state {
            ImportState::Rendered { url, .. } => Some(url.clone()),
            _ => None,
        },
        error: import.error.clone(),
        draft: import.draft.clone(),
        ..Facts::request(&import.request_id, import.cost)
    };
    facts::write(connection, id, &facts, None)?;
    Ok(id)
}

/// The transitions that it made elsewhere, at the times that the provider names: its cost counts on its own day.
fn insert_events(connection: &Connection, id: TakeId, import: &Import) -> rusqlite::Result<()> {
    use TakeState as S;
    let created = import.created;
    let mut steps = vec![
        (S::Waiting, created, "made elsewhere"),
        (S::Submitting, created, "sent elsewhere"),
        (S::Accepted, created, "found in the provider's history"),
    ];
    let by_history = "by the provider's history";
    match &import.state {
        ImportState::Accepted => {}
        ImportState::Rendered { at, .. } => steps.push((S::Rendered, *at, by_history)),
        ImportState::Expired { at } => steps.extend([
            (S::Rendered, *at, by_history),
            (S::Expired, *at, "the provider no longer keeps its video"),
        ]),
        ImportState::Failed { at } => steps.push((S::Failed, *at, by_history)),
    }
    let mut from = None;
    for (to, at, detail) in steps {
        events::insert(connection, id, &Transition::new(from, to, detail), at)?;
        from = Some(to);
    }
    Ok(())
}
