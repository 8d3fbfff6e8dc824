//! Generations made elsewhere: taken into the log as takes of their own, in one transaction, never by a submit.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::model::{ApiVersion, Backend, Model, RequestSummary, Take, TakeId, TakeState, Usd, Verdict};

use super::error::Trouble;
use super::insert::{self, NewTake};
use super::step::{Facts, Passage, note_event, write_facts};
use super::{Reserve, Store, StoreError, reel, row, take};

/// What the provider's books say of a generation that no take knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreign {
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
    pub state: ForeignState,
    pub error: Option<String>,
    /// What the user should know of it.
    pub note: Option<String>,
    /// The take that it is the outcome of, where one is known.
    pub parent: Option<TakeId>,
    /// When the provider took it.
    pub created: Timestamp,
}

/// How far a foreign generation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForeignState {
    /// The provider is at it.
    Accepted,
    /// Its film lies at the address.
    Rendered { url: String, at: Timestamp },
    /// Its film is not kept any more.
    Expired { at: Timestamp },
    /// It failed, and was billed all the same.
    Failed { at: Timestamp },
}

impl Store {
    /// Makes a take of a foreign generation. It is nobody's: whoever looks next brings its film home.
    ///
    /// # Errors
    /// [`StoreError::RequestIdTaken`] when a take knows it already; [`StoreError::NoSuchReel`]; when the store
    /// cannot be written. Then nothing has changed.
    pub fn adopt_foreign(&self, foreign: &Foreign) -> Result<Take, StoreError> {
        self.write(|transaction, _| {
            reel::must_exist(transaction, &foreign.reel_id)?;
            if let Some(known) = of_request(transaction, foreign.backend, &foreign.request_id)? {
                return Err(StoreError::RequestIdTaken {
                    request_id: foreign.request_id.clone(),
                    other: known,
                }
                .into());
            }
            let id = insert(transaction, foreign)?;
            note_way(transaction, id, foreign)?;
            take::one(transaction, id)
        })
    }

    /// The take that the provider's request belongs to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn take_of_request(&self, backend: Backend, request_id: &str) -> Result<Option<Take>, StoreError> {
        self.read(|connection| match of_request(connection, backend, request_id)? {
            Some(id) => take::one(connection, id).map(Some),
            None => Ok(None),
        })
    }

    /// Every take that the provider took at or after `since`, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accepted_since(&self, backend: Backend, since: Timestamp) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| {
            let found = take::several(
                connection,
                ACCEPTED_SINCE,
                (backend.word(), since.as_millisecond()),
            );
            Ok(found?)
        })
    }

    /// Every take that may have been sent at or after `since` without its outcome or its id being known: those
    /// being sent, unclear or called never sent, and those of the blocking contract, of which a refused one may have
    /// failed at the provider.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn nameless_since(&self, backend: Backend, since: Timestamp) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| {
            let tail = nameless_tail();
            let found = take::several(connection, &tail, (backend.word(), since.as_millisecond()));
            Ok(found?)
        })
    }
}

pub(super) const OF_REQUEST: &str = "SELECT id FROM takes WHERE request_id = ?1 AND backend = ?2";

pub(super) const ACCEPTED_SINCE: &str =
    "WHERE t.id IN (SELECT take_id FROM events WHERE to_state = 'accepted' AND at >= ?2) AND +t.backend = ?1
     ORDER BY t.id";

pub(super) fn nameless_tail() -> String {
    format!(
        "WHERE t.id IN (SELECT take_id FROM events WHERE to_state = 'submitting' AND at >= ?2)
           AND +t.backend = ?1 AND t.request_id IS NULL AND +t.state IN ({}) ORDER BY t.id",
        row::states(|state| state.commits_money() || matches!(state, TakeState::NotSent | TakeState::Refused))
    )
}

fn of_request(
    connection: &Connection,
    backend: Backend,
    request_id: &str,
) -> rusqlite::Result<Option<TakeId>> {
    connection
        .prepare_cached(OF_REQUEST)?
        .query_row((request_id, backend.word()), |row| row.get(0).map(TakeId))
        .optional()
}

fn insert(connection: &Connection, foreign: &Foreign) -> Result<TakeId, Trouble> {
    let new = NewTake {
        id: None,
        reel_id: &foreign.reel_id,
        backend: foreign.backend,
        account: Some(&foreign.account),
        // The history does not say how it was made; a request with an id is asked about by v2.
        api_version: ApiVersion::V2,
        model: foreign.model,
        request: foreign.request.clone(),
        body: foreign.body.to_string(),
        revision: None,
        sweep: None,
        parent: foreign.parent,
        state: foreign.state.state(),
        position: insert::next_place(connection)?,
        estimate: foreign.estimate,
        reserve: Reserve::of_estimate(foreign.estimate, &foreign.request),
        repeats: 0,
        verdict: Verdict::None,
        note: foreign.note.as_deref(),
    };
    let id = insert::insert(connection, &new)?;
    let facts = Facts {
        request_id: Some(foreign.request_id.clone()),
        cost: foreign.cost,
        output_url: match &foreign.state {
            ForeignState::Rendered { url, .. } => Some(url.clone()),
            _ => None,
        },
        error: foreign.error.clone(),
        ..Facts::default()
    };
    write_facts(connection, id, &facts, None)?;
    Ok(id)
}

impl ForeignState {
    const fn state(&self) -> TakeState {
        match self {
            Self::Accepted => TakeState::Accepted,
            Self::Rendered { .. } => TakeState::Rendered,
            Self::Expired { .. } => TakeState::Expired,
            Self::Failed { .. } => TakeState::Failed,
        }
    }
}

/// The way it went elsewhere, at the times that the provider names: what it cost counts on its own day.
fn note_way(connection: &Connection, id: TakeId, foreign: &Foreign) -> rusqlite::Result<()> {
    use TakeState as S;
    let created = foreign.created;
    let mut way = vec![
        (S::Waiting, created, "made elsewhere"),
        (S::Submitting, created, "sent elsewhere"),
        (S::Accepted, created, "found in the provider's history"),
    ];
    let by_history = "by the provider's history";
    match &foreign.state {
        ForeignState::Accepted => {}
        ForeignState::Rendered { at, .. } => way.push((S::Rendered, *at, by_history)),
        ForeignState::Expired { at } => way.extend([
            (S::Rendered, *at, by_history),
            (S::Expired, *at, "its film is not kept any more"),
        ]),
        ForeignState::Failed { at } => way.push((S::Failed, *at, by_history)),
    }
    let mut from = None;
    for (to, at, detail) in way {
        let passage = Passage {
            from,
            to,
            detail,
            owner: None,
        };
        note_event(connection, id, &passage, at)?;
        from = Some(to);
    }
    Ok(())
}
