//! What is added up of several takes, and the one definition of each figure.

use std::ops::Add;

use rusqlite::Row;

use crate::model::{Backend, TakeState, Usd, Verdict};
use crate::store::columns;

/// What several takes of one backend add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    pub takes: u64,
    pub saved: u64,
    /// Settled without a video, and not cancelled.
    pub failed: u64,
    pub cancelled: u64,
    /// Saved takes that were circled, or not judged and promoted.
    pub kept: u64,
    /// The seconds of these.
    pub kept_seconds: u64,
    /// Bills, and estimates of what was sent and is not billed yet. A sandbox spends nothing.
    pub spent: Usd,
    /// How much of what was spent is an estimate.
    pub estimated: Usd,
    /// What takes of the sandbox would have cost.
    pub would_cost: Usd,
}

impl Sums {
    /// Takes that are not settled.
    pub const fn open(&self) -> u64 {
        self.takes
            .saturating_sub(self.saved + self.failed + self.cancelled)
    }

    /// What one kept take cost; `None` where none was kept.
    pub fn per_kept_take(&self) -> Option<Usd> {
        divided(self.spent, self.kept)
    }

    /// What one second of the kept takes cost; `None` where none was kept.
    pub fn per_kept_second(&self) -> Option<Usd> {
        divided(self.spent, self.kept_seconds)
    }
}

/// The amount for one of `parts`, rounded to the nearest micro-dollar.
fn divided(amount: Usd, parts: u64) -> Option<Usd> {
    let parts = i64::try_from(parts).ok().filter(|parts| *parts > 0)?;
    Some(Usd::from_micros(
        amount.micros().saturating_add(parts / 2) / parts,
    ))
}

impl Add for Sums {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            takes: self.takes + other.takes,
            saved: self.saved + other.saved,
            failed: self.failed + other.failed,
            cancelled: self.cancelled + other.cancelled,
            kept: self.kept + other.kept,
            kept_seconds: self.kept_seconds + other.kept_seconds,
            spent: self.spent + other.spent,
            estimated: self.estimated + other.estimated,
            would_cost: self.would_cost + other.would_cost,
        }
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Add::add)
    }
}

/// Settled without a video, and not cancelled.
pub const fn is_failure(state: TakeState) -> bool {
    state.settled() && !matches!(state, TakeState::Saved | TakeState::Cancelled)
}

/// The columns that [`read`] reads, as aggregates over rows of `takes`.
pub fn columns() -> String {
    let saved = TakeState::Saved;
    let cancelled = TakeState::Cancelled;
    let (circled, unjudged) = (Verdict::Circled, Verdict::None);
    let failures = columns::states(is_failure);
    let committing = columns::states(|state| crate::model::take::commits_money(state, None));
    // CASE does not look for promotions where the verdict decides.
    let kept = format!(
        "CASE WHEN state <> '{saved}' THEN 0 WHEN verdict = '{circled}' THEN 1 WHEN verdict <> '{unjudged}' THEN 0
         ELSE EXISTS (SELECT 1 FROM takes final WHERE final.parent = takes.id
            AND final.lineage IN ('promoted', 'finished') AND final.state <> '{cancelled}') END"
    );
    let unbilled = format!("iif(cost IS NULL AND state IN ({committing}), estimate, 0)");
    format!(
        "count(*) AS takes,
         sum(state = '{saved}') AS saved,
         sum(state IN ({failures})) AS failed,
         sum(state = '{cancelled}') AS cancelled,
         sum({kept}) AS kept,
         sum(iif({kept}, duration, 0)) AS kept_seconds,
         sum({unbilled}) AS unbilled,
         sum(coalesce(cost, 0)) + sum({unbilled}) AS amount,
         min(coalesce(cost, estimate)) AS least,
         max(coalesce(cost, estimate)) AS most"
    )
}

/// Reads [`columns`]. An amount that no version of rushes writes is an error.
pub fn read(row: &Row<'_>, backend: Backend) -> rusqlite::Result<Sums> {
    columns::usd_if_any(row, "least")?;
    columns::usd_if_any(row, "most")?;
    let count = |name| row.get::<_, i64>(name).map(i64::unsigned_abs);
    let money = |name| row.get(name).map(Usd::from_micros);
    let counts = Sums {
        takes: count("takes")?,
        saved: count("saved")?,
        failed: count("failed")?,
        cancelled: count("cancelled")?,
        kept: count("kept")?,
        kept_seconds: count("kept_seconds")?,
        ..Sums::default()
    };
    let amount = money("amount")?;
    Ok(match backend {
        Backend::Live => Sums {
            spent: amount,
            estimated: money("unbilled")?,
            ..counts
        },
        Backend::Sandbox => Sums {
            would_cost: amount,
            ..counts
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_the_nearest_micro_dollar() {
        let sums = |spent, kept, kept_seconds| Sums {
            spent: Usd::from_micros(spent),
            kept,
            kept_seconds,
            ..Sums::default()
        };
        let shares = |sums: Sums| {
            let micros = |share: Option<Usd>| share.map(Usd::micros);
            (micros(sums.per_kept_take()), micros(sums.per_kept_second()))
        };
        assert_eq!(shares(sums(1_000_000, 3, 30)), (Some(333_333), Some(33_333)));
        assert_eq!(shares(sums(2_000_000, 3, 8)), (Some(666_667), Some(250_000)));
        assert_eq!(shares(sums(5, 0, 0)), (None, None));
        assert_eq!(shares(sums(0, 2, 20)), (Some(0), Some(0)));
    }
}
