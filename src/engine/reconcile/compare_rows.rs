//! Compares our ledger with the provider's history, row by row, and takes over the provider's bills and outcomes.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::engine::blocking::blocking;
use crate::engine::history::matching::{in_time, is_certainly_other, matches, sent_at};
use crate::engine::history::pages;
use crate::engine::history::row::{bill, kept_until};
use crate::engine::lifecycle::draft::Asked;
use crate::engine::ownership::{sees_account, sees_all_of};
use crate::engine::setup::Setup;
use crate::engine::{sidecars, v1};
use crate::model::take::commits_money;
use crate::model::{Backend, Complaint, Model, Take, TakeId, TakeState, Usd};
use crate::segmind::{ApiError, HistoryRow, HistoryState};
use crate::store::{Facts, Store, StoreError};

use super::comparison::{Comparison, Difference, Elsewhere};

/// The most days that the history covers (Segmind, request history docs).
pub const MAX_DAYS: u32 = 31;
/// A take that was accepted this close to the first midnight may be dated before it.
const EDGE: SignedDuration = SignedDuration::from_hours(1);
/// Records of pending requests are kept this long (Segmind, async v2 docs, retention): an older one has no known end.
const RECORDS_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How many accepted takes are read at a time.
const ACCEPTED_AT_ONCE: u32 = 500;

/// Why nothing could be reconciled.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error("the provider's history cannot be read: {0}")]
    Api(#[from] ApiError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Compares the last `days` days, today included. Bills are taken over and given-up videos recovered on the way; the
/// engine has to be woken then. Doing it again changes nothing more.
pub async fn compare(setup: &Setup, now: Timestamp, days: u32) -> Result<Comparison, ReconcileError> {
    let days = i64::from(days.clamp(1, MAX_DAYS) - 1);
    let to = pages::day(now);
    let from = now.saturating_sub(SignedDuration::from_hours(24 * days));
    let from = pages::day(from.unwrap_or(now));
    let (store, backend) = (setup.store.clone(), setup.backend);
    let slim = |rows| without_known_bodies(store.clone(), backend, rows);
    let read = pages::read_with::<ReconcileError, _>(&setup.client, from, to, slim).await?;
    let setup = setup.clone();
    let compared = blocking(move || {
        let midnight = from.to_zoned(TimeZone::UTC);
        let since = midnight.map_or(now, |midnight| midnight.timestamp());
        let mut reconciler = Reconciler::begin(&setup, now, since)?;
        for row in &read.rows {
            reconciler.row(row)?;
        }
        if read.whole {
            reconciler.missing(&read.rows)?;
        }
        let mut comparison = reconciler.comparison;
        (comparison.from, comparison.to) = (from, to);
        (comparison.whole, comparison.unreadable) = (read.whole, read.unreadable);
        Ok::<_, StoreError>(comparison)
    })
    .await;
    Ok(compared?)
}

/// The rows of one page, where those of requests that we know have no body: it is only compared while a row belongs to
/// no take, and a month of bodies would fill the memory.
async fn without_known_bodies(
    store: Store,
    backend: Backend,
    mut rows: Vec<HistoryRow>,
) -> Result<Vec<HistoryRow>, ReconcileError> {
    blocking(move || {
        for row in &mut rows {
            if store.knows_request(backend, &row.request_id)? {
                row.request_body = None;
            }
        }
        Ok(rows)
    })
    .await
}

struct Reconciler<'a> {
    setup: &'a Setup,
    now: Timestamp,
    since: Timestamp,
    /// Takes without an id that may own a row. Each is found once.
    nameless: Vec<Take>,
    comparison: Comparison,
}

impl<'a> Reconciler<'a> {
    fn begin(setup: &'a Setup, now: Timestamp, since: Timestamp) -> Result<Self, StoreError> {
        let (store, backend) = (&setup.store, setup.backend);
        let a_little_before = since.saturating_sub(EDGE).unwrap_or(since);
        Ok(Self {
            setup,
            now,
            since,
            nameless: store.nameless_since(backend, a_little_before)?,
            comparison: Comparison {
                from: pages::day(since),
                to: pages::day(now),
                requests: 0,
                others: 0,
                unreadable: 0,
                whole: false,
                unclear: 0,
                unknown: store.queue(backend).unsettled()?.unknown,
                ours: Usd::ZERO,
                theirs: Usd::ZERO,
                differences: Vec::new(),
            },
        })
    }

    fn store(&self) -> &'a Store {
        &self.setup.store
    }

    fn row(&mut self, row: &HistoryRow) -> Result<(), StoreError> {
        let known = self
            .store()
            .take_of_request(self.setup.backend, &row.request_id)?;
        // A take stays ours when its model is no longer offered.
        let Some(model) = known.as_ref().map(|take| take.model).or_else(|| model(row)) else {
            self.comparison.others += 1;
            return Ok(());
        };
        self.comparison.requests += 1;
        let theirs = bill(row);
        self.comparison.theirs = self.comparison.theirs + theirs.unwrap_or_default();
        let mut take = known;
        if take.is_none() {
            take = self.nameless(row)?;
        }
        if take.is_none() {
            take = self.arrived_after_all(row)?;
        }
        if let Some(take) = take {
            return self.known(&take, row, theirs);
        }
        self.unknown(model, row);
        Ok(())
    }

    /// Whether a take that is not found in this history is certainly not there.
    fn sees(&self, take: &Take) -> bool {
        sees_all_of(&self.setup.client, self.setup.backend, take)
    }

    /// The nameless take of the blocking contract that owns this row; it learns its id.
    fn nameless(&mut self, row: &HistoryRow) -> Result<Option<Take>, StoreError> {
        let is_its = |take: &Take| v1::is_nameless(take) && self.sees(take) && matches(row, take);
        let Some(at) = self.nameless.iter().position(is_its) else {
            return Ok(None);
        };
        let take = self.nameless.remove(at);
        let facts = Facts::request(&row.request_id, None);
        match self.learn(take.id, &facts) {
            // Another process was quicker: then the row is known.
            Err(StoreError::RequestIdTaken { other, .. }) => self.store().take(other).map(Some),
            learned => learned.map(|()| Some(take)),
        }
    }

    /// The take marked as never sent that owns this row: it arrived after all. It is accepted, its cost counts from now
    /// on, and the engine downloads its video.
    fn arrived_after_all(&mut self, row: &HistoryRow) -> Result<Option<Take>, StoreError> {
        let matching = |take: &Take| matches(row, take);
        // An equal take that is being resolved will find this row by itself.
        if self.nameless.iter().any(|take| is_open(take) && matching(take)) {
            return Ok(None);
        }
        let is_its = |take: &Take| take.state == TakeState::NotSent && self.sees(take) && matching(take);
        let Some(at) = self.nameless.iter().position(is_its) else {
            return Ok(None);
        };
        let take = self.nameless.remove(at);
        let facts = Facts {
            draft: Asked::by(&take).draft(&row.rest),
            ..Facts::request(&row.request_id, bill(row))
        };
        let detail = "found in the provider's history after all";
        let accepted = match self.store().accept_late(take.id, detail, &facts) {
            Ok(accepted) => accepted,
            // Another process was quicker: then the row is known.
            Err(StoreError::RequestIdTaken { other, .. }) => return self.store().take(other).map(Some),
            Err(error) if error.is_about_the_take() => return Ok(None),
            Err(error) => return Err(error),
        };
        self.write_sidecar(take.id);
        self.comparison.differences.push(Difference::State {
            take: take.id,
            request_id: row.request_id.clone(),
            ours: take.state,
            theirs: row.state,
            recovered: true,
            repeat_sent: None,
        });
        Ok(Some(accepted))
    }

    /// Keeps what the history says of a take, in its sidecar too.
    fn learn(&self, take: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.store().learn(take, facts)?;
        self.write_sidecar(take);
        Ok(())
    }

    fn write_sidecar(&self, take: TakeId) {
        if let Err(error) = sidecars::write(self.store(), &self.setup.reels, take) {
            // The store has it, and the next change writes the sidecar anew.
            tracing::warn!("what the history says of take {take} is not in its sidecar: {error}");
        }
    }

    /// Compares bill and outcome of a row with those of its take.
    fn known(&mut self, take: &Take, row: &HistoryRow, theirs: Option<Usd>) -> Result<(), StoreError> {
        let draft = Asked::by(take).draft(&row.rest).filter(|_| take.draft.is_none());
        if draft.is_some() {
            let facts = Facts {
                draft,
                ..Facts::default()
            };
            self.learn(take.id, &facts)?;
        }
        let ours = take.cost;
        self.comparison.ours = self.comparison.ours + theirs.or(ours).unwrap_or_default();
        if let Some(theirs) = theirs.filter(|theirs| ours != Some(*theirs)) {
            self.learn(take.id, &Facts::bill(Some(theirs)))?;
            // A take on its way had no bill to keep, and a failure without one costs nothing anyway.
            let on_its_way = ours.is_none() && !take.state.settled();
            if !on_its_way && ours.unwrap_or_default() != theirs {
                self.comparison.differences.push(Difference::Cost {
                    take: take.id,
                    request_id: row.request_id.clone(),
                    ours,
                    theirs,
                });
            }
        }
        if let (HistoryState::Completed | HistoryState::Failed, None, Some(text)) =
            (row.state, take.cost, &row.odd_cost)
        {
            self.comparison.differences.push(Difference::Bill {
                take: take.id,
                request_id: row.request_id.clone(),
                text: text.clone(),
                counted: take.counted(),
            });
        }
        self.outcome(take, row)
    }

    fn outcome(&mut self, take: &Take, row: &HistoryRow) -> Result<(), StoreError> {
        use HistoryState as H;
        use TakeState as S;
        let given_up = take.state.may_be_recovered();
        // A video that is gone after its days is no contradiction.
        let is_kept = row.url.is_some() && kept_until(row).is_none_or(|until| until > self.now);
        let contradicts = match row.state {
            H::Completed => {
                take.state == S::Failed
                    || take.state == S::Expired && is_kept && take.times.rendered.is_none()
            }
            H::Failed => matches!(take.state, S::Saved | S::Rendered | S::Expired),
            H::Pending => false,
        };
        if !contradicts {
            return Ok(());
        }
        let (mut recovered, mut repeat_sent) = (false, None);
        if row.state == H::Completed && given_up && is_kept {
            let facts = Facts {
                output_url: row.url.clone(),
                ..Facts::default()
            };
            let detail = "the provider's history shows its video";
            match self.store().revive(take.id, detail, &facts) {
                Ok(revived) => {
                    self.write_sidecar(take.id);
                    (recovered, repeat_sent) = (true, revived.repeat_sent);
                }
                Err(error) if error.is_about_the_take() => {}
                Err(error) => return Err(error),
            }
        }
        self.comparison.differences.push(Difference::State {
            take: take.id,
            request_id: row.request_id.clone(),
            ours: take.state,
            theirs: row.state,
            recovered,
            repeat_sent,
        });
        Ok(())
    }

    /// Offers a row that belongs to no take for import.
    fn unknown(&mut self, model: Model, row: &HistoryRow) {
        let is_open = |take: &&Take| is_open(take);
        let matching = |take: &&Take| matches(row, take);
        if self.nameless.iter().filter(is_open).any(|take| matching(&take)) {
            // It is being resolved, and will find this row by itself.
            self.comparison.unclear += 1;
            return;
        }
        if row.state == HistoryState::Failed && bill(row) == Some(Usd::ZERO) {
            // Nothing was billed, and there is no video.
            return;
        }
        let mut open = self.nameless.iter().filter(is_open);
        let maybe = open.find(|take| in_time(row, sent_at(take)) && !is_certainly_other(row, take));
        let is_young = |at: Timestamp| self.now.duration_since(at) < RECORDS_KEPT;
        let young = row.created.is_some_and(is_young);
        let not_yet = match (maybe, row.state) {
            (Some(take), _) => Some(Complaint::new(
                format!("it may be take {}, whose outcome is unknown", take.id),
                "resolve that first",
            )),
            (None, HistoryState::Pending) if !young => {
                Some(Complaint::new("its end is not known", "look again later"))
            }
            _ => None,
        };
        let is_like = |take: &Take| take.state == TakeState::NotSent && matching(&take);
        let like = self.nameless.iter().position(is_like);
        // One to one: the next equal row is another generation.
        let like = like.map(|at| self.nameless.remove(at).id);
        let row = row.clone();
        let elsewhere = Box::new(Elsewhere {
            model,
            like,
            not_yet,
            row,
        });
        self.comparison.differences.push(Difference::Elsewhere(elsewhere));
    }

    /// Adds takes that the history should show and does not. They are read a few at a time, and others use the store
    /// meanwhile.
    fn missing(&mut self, rows: &[HistoryRow]) -> Result<(), StoreError> {
        let shown: BTreeSet<&str> = rows.iter().map(|row| row.request_id.as_str()).collect();
        let first = self.since.saturating_add(EDGE).unwrap_or(self.since);
        let last = self.now.saturating_sub(self.setup.history_certain_after);
        let last = last.unwrap_or(self.now);
        let (client, backend) = (&self.setup.client, self.setup.backend);
        // No take has the number 0.
        let mut after = (first, TakeId(0));
        loop {
            let accepted = self
                .store()
                .accepted_after(backend, after, last, ACCEPTED_AT_ONCE)?;
            let Some(end) = accepted.last() else {
                return Ok(());
            };
            after = (end.at, end.take);
            for one in accepted {
                let Some(request_id) = one.request_id.filter(|id| !shown.contains(id.as_str())) else {
                    continue;
                };
                if commits_money(one.state, one.cost) && sees_account(client, backend, one.account.as_deref())
                {
                    self.comparison.ours = self.comparison.ours + one.cost.unwrap_or_default();
                    self.comparison.differences.push(Difference::Missing {
                        take: one.take,
                        request_id,
                        state: one.state,
                        cost: one.cost,
                    });
                }
            }
        }
    }
}

/// Whether it is still unknown what became of the take's submit.
const fn is_open(take: &Take) -> bool {
    matches!(take.state, TakeState::Submitting | TakeState::Unknown)
}

/// Which of our models made the row; a row without a name may be ours.
fn model(row: &HistoryRow) -> Option<Model> {
    match row.model_name.as_deref() {
        None => Some(Model::default()),
        Some(name) => Model::offered(name).ok(),
    }
}
