//! Reads the history and holds the store against it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::engine::account::sees_all_of;
use crate::engine::{blocking, pages, reconcile, sidecar};
use crate::model::take::FILMS_KEPT;
use crate::model::{ApiVersion, Model, Take, TakeId, TakeState, Usd};
use crate::segmind::{HistoryRow, HistoryState};
use crate::store::{Facts, Store, StoreError};

use super::{Account, BooksError, Comparison, Difference, Elsewhere, MOST_DAYS};

/// A take that was accepted this close to the first midnight may be dated before it.
const EDGE: SignedDuration = SignedDuration::from_hours(1);
/// Records of pending requests are kept this long (Segmind, async v2 docs, retention): an older one has no known end.
const RECORDS_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Compares the last `days` days, today included. Bills are taken over and given-up films taken up on the way;
/// whoever runs the line has to be woken then. Doing it again changes nothing more.
///
/// # Errors
/// When the history or the store cannot be read, or the store cannot be written.
pub async fn compare(account: &Account, now: Timestamp, days: u32) -> Result<Comparison, BooksError> {
    let days = i64::from(days.clamp(1, MOST_DAYS) - 1);
    let to = pages::day(now);
    let from = pages::day(
        now.saturating_sub(SignedDuration::from_hours(24 * days))
            .unwrap_or(now),
    );
    let read = pages::read(&account.client, from, to).await?;
    let account = account.clone();
    let compared = blocking(move || {
        let since = from
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(now, |midnight| midnight.timestamp());
        let mut reading = Reading::begin(&account, now, since)?;
        for row in &read.rows {
            reading.row(row)?;
        }
        if read.whole {
            reading.missing(&read.rows);
        }
        let mut comparison = reading.comparison;
        (comparison.from, comparison.to) = (from, to);
        (comparison.whole, comparison.unreadable) = (read.whole, read.unreadable);
        Ok::<_, StoreError>(comparison)
    })
    .await;
    Ok(compared?)
}

struct Reading<'a> {
    account: &'a Account,
    now: Timestamp,
    since: Timestamp,
    /// Takes that the provider took since then.
    accepted: Vec<Take>,
    /// Takes without an id that a row may be of. Each is found once.
    nameless: Vec<Take>,
    comparison: Comparison,
}

impl<'a> Reading<'a> {
    fn begin(account: &'a Account, now: Timestamp, since: Timestamp) -> Result<Self, StoreError> {
        let (store, backend) = (&account.store, account.backend);
        let a_little_before = since.saturating_sub(EDGE).unwrap_or(since);
        Ok(Self {
            account,
            now,
            since,
            accepted: store.accepted_since(backend, since)?,
            nameless: store.nameless_since(backend, a_little_before)?,
            comparison: Comparison {
                from: pages::day(since),
                to: pages::day(now),
                requests: 0,
                others: 0,
                unreadable: 0,
                whole: false,
                unclear: 0,
                unknown: store.unsettled(backend)?.unknown,
                ours: Usd::ZERO,
                theirs: Usd::ZERO,
                differences: Vec::new(),
            },
        })
    }

    fn store(&self) -> &'a Store {
        &self.account.store
    }

    fn row(&mut self, row: &HistoryRow) -> Result<(), StoreError> {
        let Some(model) = model(row) else {
            self.comparison.others += 1;
            return Ok(());
        };
        self.comparison.requests += 1;
        let theirs = bill(row);
        self.comparison.theirs = self.comparison.theirs + theirs.unwrap_or_default();
        let known = self
            .store()
            .take_of_request(self.account.backend, &row.request_id)?;
        let take = match known {
            Some(take) => Some(take),
            None => match self.named(row)? {
                Some(take) => Some(take),
                None => self.arrived_after_all(row)?,
            },
        };
        if let Some(take) = take {
            self.known(&take, row, theirs)
        } else {
            self.unknown(model, row);
            Ok(())
        }
    }

    /// The take of the blocking contract that this row is of; it learns its id.
    fn named(&mut self, row: &HistoryRow) -> Result<Option<Take>, StoreError> {
        let is_its = |take: &Take| {
            take.api_version == ApiVersion::V1
                // Another account's requests are not shown here.
                && sees_all_of(&self.account.client, self.account.backend, take)
                && matches!(
                    take.state,
                    TakeState::Accepted | TakeState::Rendered | TakeState::Saved | TakeState::Expired
                )
                && reconcile::matches(row, take, reconcile::sent_at(take))
        };
        let Some(at) = self.nameless.iter().position(is_its) else {
            return Ok(None);
        };
        let take = self.nameless.remove(at);
        let facts = Facts {
            request_id: Some(row.request_id.clone()),
            ..Facts::default()
        };
        match self.learn(take.id, &facts) {
            // Another process was quicker: then the row is known.
            Err(StoreError::RequestIdTaken { other, .. }) => self.store().take(other).map(Some),
            learned => learned.map(|()| Some(take)),
        }
    }

    /// The take that was called never sent and that this row is of: it arrived after all. It is accepted and its cost
    /// counts from now on; whoever runs the line brings its video home.
    fn arrived_after_all(&mut self, row: &HistoryRow) -> Result<Option<Take>, StoreError> {
        let matching = |take: &Take| reconcile::matches(row, take, reconcile::sent_at(take));
        // An equal take that is being cleared up will find this row by itself.
        if self.nameless.iter().any(|take| is_open(take) && matching(take)) {
            return Ok(None);
        }
        let is_its = |take: &Take| {
            take.state == TakeState::NotSent
                && sees_all_of(&self.account.client, self.account.backend, take)
                && matching(take)
        };
        let Some(at) = self.nameless.iter().position(is_its) else {
            return Ok(None);
        };
        let take = self.nameless.remove(at);
        let facts = Facts {
            request_id: Some(row.request_id.clone()),
            cost: bill(row),
            ..Facts::default()
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
            taken_up: true,
            repeat_sent: None,
        });
        Ok(Some(accepted))
    }

    /// Keeps what the books tell of a take, beside its film too.
    fn learn(&self, take: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.store().learn(take, facts)?;
        self.write_sidecar(take);
        Ok(())
    }

    fn write_sidecar(&self, take: TakeId) {
        if let Err(error) = sidecar::write(self.store(), &self.account.reels, take) {
            // The store has it, and the next thing learnt writes it anew.
            tracing::warn!("what the books tell of take {take} is not beside its film: {error}");
        }
    }

    /// A row that a take knows: its bill and its end are held against the take's.
    fn known(&mut self, take: &Take, row: &HistoryRow, theirs: Option<Usd>) -> Result<(), StoreError> {
        let ours = take.cost;
        self.comparison.ours = self.comparison.ours + theirs.or(ours).unwrap_or_default();
        if let Some(theirs) = theirs.filter(|theirs| ours != Some(*theirs)) {
            let facts = Facts {
                cost: Some(theirs),
                ..Facts::default()
            };
            self.learn(take.id, &facts)?;
            // One that is on its way had no bill to keep, and a failure without one costs nothing anyway.
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
        self.end(take, row)
    }

    fn end(&mut self, take: &Take, row: &HistoryRow) -> Result<(), StoreError> {
        use HistoryState as H;
        use TakeState as S;
        let given_up = take.state.may_be_taken_up();
        // A film that is gone after its days is no contradiction.
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
        let (mut taken_up, mut repeat_sent) = (false, None);
        if row.state == H::Completed && given_up && is_kept {
            let facts = Facts {
                output_url: row.url.clone(),
                ..Facts::default()
            };
            let detail = "the provider's books show its film";
            taken_up = match self.store().take_up(take.id, detail, &facts) {
                Ok(up) => {
                    repeat_sent = up.repeat_sent;
                    true
                }
                Err(error) if error.is_about_the_take() => false,
                Err(error) => return Err(error),
            };
        }
        self.comparison.differences.push(Difference::State {
            take: take.id,
            request_id: row.request_id.clone(),
            ours: take.state,
            theirs: row.state,
            taken_up,
            repeat_sent,
        });
        Ok(())
    }

    /// A row that no take knows.
    fn unknown(&mut self, model: Model, row: &HistoryRow) {
        let is_open = |take: &&Take| is_open(take);
        let matching = |take: &&Take| reconcile::matches(row, take, reconcile::sent_at(take));
        if self.nameless.iter().filter(is_open).any(|take| matching(&take)) {
            // It is being cleared up, and will find this row by itself.
            self.comparison.unclear += 1;
            return;
        }
        if row.state == HistoryState::Failed && bill(row) == Some(Usd::ZERO) {
            // Nothing was billed, and there is no film.
            return;
        }
        let maybe = self.nameless.iter().filter(is_open).find(|take| {
            reconcile::in_time(row, reconcile::sent_at(take)) && !reconcile::is_certainly_other(row, take)
        });
        let young = row
            .created
            .is_some_and(|at| self.now.duration_since(at) < RECORDS_KEPT);
        let held = match (maybe, row.state) {
            (Some(take), _) => Some(format!(
                "it may be take {}, whose outcome is unknown: clear that up first",
                take.id
            )),
            (None, HistoryState::Pending) if !young => {
                Some("its end is not known: look again later".to_owned())
            }
            _ => None,
        };
        let like = self
            .nameless
            .iter()
            .position(|take| take.state == TakeState::NotSent && matching(&take));
        // One for one: the next equal row is another generation.
        let like = like.map(|at| self.nameless.remove(at).id);
        self.comparison
            .differences
            .push(Difference::Elsewhere(Box::new(Elsewhere {
                model,
                like,
                held,
                row: row.clone(),
            })));
    }

    /// Takes that the history ought to show and does not.
    fn missing(&mut self, rows: &[HistoryRow]) {
        let shown: BTreeSet<&str> = rows.iter().map(|row| row.request_id.as_str()).collect();
        let first = self.since.saturating_add(EDGE).unwrap_or(self.since);
        let last = self
            .now
            .saturating_sub(self.account.certain_after)
            .unwrap_or(self.now);
        for take in &self.accepted {
            let in_window = take.times.accepted.is_some_and(|at| at >= first && at <= last);
            let Some(request_id) = take.request_id.as_ref().filter(|id| !shown.contains(id.as_str())) else {
                continue;
            };
            if in_window
                && take.commits_money()
                && sees_all_of(&self.account.client, self.account.backend, take)
            {
                self.comparison.ours = self.comparison.ours + take.cost.unwrap_or_default();
                self.comparison.differences.push(Difference::Missing {
                    take: take.id,
                    request_id: request_id.clone(),
                    state: take.state,
                    cost: take.cost,
                });
            }
        }
    }
}

/// Whether it is not known yet what became of the take's submit.
const fn is_open(take: &Take) -> bool {
    matches!(take.state, TakeState::Submitting | TakeState::Unknown)
}

/// Which of our models the row is of; one that is not named may be ours.
fn model(row: &HistoryRow) -> Option<Model> {
    match row.model_name.as_deref() {
        None => Some(Model::default()),
        Some(name) => Model::offered(name).ok(),
    }
}

/// What the provider bills for the row, once it is known: a failure costs nothing (Segmind, billing), unless the row
/// itself says otherwise.
pub(in crate::engine) fn bill(row: &HistoryRow) -> Option<Usd> {
    match row.state {
        HistoryState::Completed => row.cost,
        HistoryState::Failed => row.cost.or_else(|| row.odd_cost.is_none().then_some(Usd::ZERO)),
        HistoryState::Pending => None,
    }
}

/// Until when the row's film is kept, counted from its start at the least.
pub(in crate::engine) fn kept_until(row: &HistoryRow) -> Option<Timestamp> {
    finished(row)?.checked_add(FILMS_KEPT).ok()
}

/// When the row's request had ended.
pub(super) fn finished(row: &HistoryRow) -> Option<Timestamp> {
    let latency = i64::try_from(row.latency_ms.unwrap_or(0)).unwrap_or(0);
    row.created?
        .checked_add(SignedDuration::from_millis(latency))
        .ok()
}
