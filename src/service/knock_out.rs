//! The knock-out: takes are compared in pairs, the winner stays, and each loser is ranked below it. Its decisions are kept
//! in the store, so that it goes on later.

use std::collections::BTreeSet;

use crate::model::text::counted;
use crate::model::{Take, TakeId, TakeState, Verdict};
use crate::store::{Choice, Decision, Filter, Order, Store, StoreError};

use super::problem::{Kind, Problem};
use super::queue::Queue;

/// The most takes of one knock-out.
pub const MAX_TAKES: usize = 200;

/// Which takes are to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Between {
    /// These, as far as they are saved.
    Takes(Vec<TakeId>),
    /// The saved takes of a sweep that are not rejected.
    Sweep(i64),
    /// This one and its neighbour in its sweep.
    Neighbour(TakeId),
}

/// A knock-out: its takes, and what was decided so far.
#[derive(Debug, Clone, PartialEq)]
pub struct KnockOut {
    /// In the order in which they come up; saved, each with a file.
    pub takes: Vec<Take>,
    /// Oldest first.
    pub decisions: Vec<Decision>,
}

/// Where a knock-out stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// These two are to be compared: the winner so far on the left, and the next one.
    Pair(TakeId, TakeId),
    /// All were compared: the best first, and those that were rejected on the way.
    Ranked {
        ranking: Vec<TakeId>,
        rejected: Vec<TakeId>,
    },
}

impl KnockOut {
    /// The numbers of its takes.
    pub fn ids(&self) -> Vec<TakeId> {
        self.takes.iter().map(|take| take.id).collect()
    }

    pub fn take(&self, id: TakeId) -> Option<&Take> {
        self.takes.iter().find(|take| take.id == id)
    }

    /// How many decisions there are at most: one less than takes.
    pub fn most_decisions(&self) -> usize {
        self.takes.len().saturating_sub(1)
    }

    /// Which pair is next, or the ranking.
    pub fn standing(&self) -> Standing {
        standing(&self.ids(), &self.decisions)
    }

    /// The takes that this one was preferred to, in the order of the decisions.
    pub fn beaten_by(&self, id: TakeId) -> Vec<TakeId> {
        let won = self
            .decisions
            .iter()
            .filter(|decision| decision.winner() == Some(id));
        won.filter_map(Decision::loser).collect()
    }
}

/// Plays the decisions again, over takes in the order in which they come up. A decision about another pair than the one
/// that was next then counts for nothing.
fn standing(order: &[TakeId], decisions: &[Decision]) -> Standing {
    let mut waiting = order.iter().copied();
    let (mut best, mut losers, mut rejected) = (waiting.next(), Vec::new(), Vec::new());
    let mut decisions = decisions.iter();
    while let Some(one) = best.or_else(|| waiting.next()) {
        best = Some(one);
        let Some(other) = waiting.next() else { break };
        let Some(decision) = decisions.find(|decision| (decision.left, decision.right) == (one, other))
        else {
            return Standing::Pair(one, other);
        };
        match decision.winner() {
            Some(winner) if winner == other => {
                losers.push(one);
                best = Some(other);
            }
            Some(_) => losers.push(other),
            None => {
                rejected.extend([one, other]);
                best = None;
            }
        }
    }
    let ranking = best.into_iter().chain(losers.into_iter().rev()).collect();
    Standing::Ranked { ranking, rejected }
}

/// The same takes and their decisions, as they are now.
///
/// # Errors
/// The store cannot be read.
pub fn read(store: &Store, ids: &[TakeId]) -> Result<KnockOut, StoreError> {
    let takes: Result<Vec<Take>, StoreError> = ids.iter().map(|id| store.take(*id)).collect();
    Ok(KnockOut {
        takes: takes?,
        decisions: store.decisions(ids)?,
    })
}

/// What the user is told when another process was faster.
const OVERTAKEN: &str = "Nothing was done: another window has decided about these takes meanwhile, and what it decided is shown now";

/// Notes a decision about the pair that is next, and rejects both takes where neither was kept. Returns what the user should
/// know: that another process was faster, so that nothing was done, or that a file did not follow its verdict.
///
/// # Errors
/// The store cannot be written, so nothing was decided.
pub fn decide(
    queue: &Queue,
    ids: &[TakeId],
    pair: (TakeId, TakeId),
    choice: Choice,
) -> Result<Option<String>, StoreError> {
    let is_next = |decisions: &[Decision]| standing(ids, decisions) == Standing::Pair(pair.0, pair.1);
    if !queue.store.decide(ids, pair, choice, is_next)? {
        return Ok(Some(OVERTAKEN.to_owned()));
    }
    Ok(match choice {
        Choice::Neither => queue.follow_verdicts(&[pair.0, pair.1]),
        Choice::Left | Choice::Right => None,
    })
}

/// Takes back the last of the `known` decisions, unless another process has changed them. Where it rejected both takes, they
/// have the verdicts from before again, unless they were judged since. Returns what the user should know, as [`decide`].
///
/// # Errors
/// The store cannot be written, so nothing was taken back.
pub fn take_back(queue: &Queue, ids: &[TakeId], known: &[Decision]) -> Result<Option<String>, StoreError> {
    let words = |decision: &Decision| (decision.left, decision.right, decision.choice);
    let is_known = |found: &[Decision]| found.iter().map(words).eq(known.iter().map(words));
    Ok(match queue.store.take_back(ids, is_known)? {
        None => Some(OVERTAKEN.to_owned()),
        Some(last) if last.choice == Choice::Neither => queue.follow_verdicts(&[last.left, last.right]),
        Some(_) => None,
    })
}

/// Reads the takes and what was decided about them before. Of takes some of which were rejected in an earlier knock-out,
/// that one goes on.
///
/// # Errors
/// Fewer than two takes can be compared, with the reason; or the store cannot be read.
pub fn open(store: &Store, between: &Between) -> Result<KnockOut, Problem> {
    let takes = takes(store, between)?;
    let ids: BTreeSet<TakeId> = takes.iter().map(|take| take.id).collect();
    for earlier in store.knock_outs()? {
        let decisions = store.decisions(&earlier)?;
        let rejected: BTreeSet<TakeId> = decisions
            .iter()
            .filter(|decision| decision.choice == Choice::Neither)
            .flat_map(|decision| [decision.left, decision.right])
            .collect();
        let all: BTreeSet<TakeId> = earlier.iter().copied().collect();
        let left: BTreeSet<TakeId> = all.difference(&rejected).copied().collect();
        let is_same = all == ids || (!rejected.is_empty() && left == ids);
        if is_same {
            let takes = all.iter().map(|id| store.take(*id)).collect::<Result<_, _>>()?;
            return Ok(KnockOut { takes, decisions });
        }
    }
    match takes.len() {
        0 | 1 => Err(too_few(store, between, takes.first())),
        count if count > MAX_TAKES => Err(Problem::new(
            Kind::Usage,
            format!(
                "a knock-out has at most {MAX_TAKES} takes, and these are {}",
                counted(count as u64, "take")
            ),
            "mark fewer",
        )),
        _ => Ok(KnockOut {
            takes,
            decisions: Vec::new(),
        }),
    }
}

/// The takes that can be compared, by number.
fn takes(store: &Store, between: &Between) -> Result<Vec<Take>, StoreError> {
    let is_shown = |take: &Take| take.state == TakeState::Saved && take.file.is_some();
    let in_filter = |filter: &Filter| store.takes_in(filter, Order::default(), 0, 1 << 20);
    let mut takes = match between {
        Between::Takes(ids) => in_filter(&Filter::of_takes(ids))?,
        Between::Sweep(number) => {
            let mut takes = in_filter(&Filter::of_sweep(*number))?;
            takes.retain(|take| take.verdict != Verdict::Rejected);
            takes
        }
        Between::Neighbour(id) => {
            let take = store.take(*id)?;
            let mut all = match take.sweep {
                Some(number) => in_filter(&Filter::of_sweep(number))?,
                None => vec![take],
            };
            all.retain(|take| take.id == *id || (is_shown(take) && take.verdict != Verdict::Rejected));
            let at = all.iter().position(|take| take.id == *id).unwrap_or(0);
            let first = if at + 1 < all.len() {
                at
            } else {
                at.saturating_sub(1)
            };
            all.into_iter().skip(first).take(2).collect()
        }
    };
    takes.retain(is_shown);
    Ok(takes)
}

/// Why there are not two takes, and what to do.
fn too_few(store: &Store, between: &Between, only: Option<&Take>) -> Problem {
    let why = match between {
        Between::Takes(ids) => format!(
            "two saved takes are needed, and of the {} {} saved",
            counted(ids.len() as u64, "chosen take"),
            if only.is_some() { "one is" } else { "none is" }
        ),
        Between::Sweep(number) => format!(
            "two saved takes are needed, and sweep {number} has {} that is not rejected",
            if only.is_some() { "one" } else { "none" }
        ),
        Between::Neighbour(id) => match store.take(*id) {
            Ok(take) if take.file.is_none() => take.why_no_video(),
            Ok(take) if take.sweep.is_some() => format!("its sweep has no other saved take beside take {id}"),
            _ => format!("take {id} is in no sweep, so it has no neighbour"),
        },
    };
    Problem::new(Kind::Usage, why, "mark the takes to compare")
}

/// The decisions about a take in words, oldest first: `kept, not 5`.
pub fn in_words(id: TakeId, decisions: &[Decision]) -> Vec<String> {
    let one = |decision: &Decision| {
        let other = decision.other(id);
        match decision.winner() {
            Some(winner) if winner == id => format!("kept, not {other}"),
            Some(_) => format!("{other} was kept"),
            None => format!("rejected, with {other}"),
        }
    };
    decisions.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each take is better the greater its number, unless `rejects` holds both.
    fn played(order: &[i64], rejects: &[i64]) -> (Vec<Decision>, Standing) {
        let mut decisions = Vec::new();
        loop {
            let order: Vec<TakeId> = order.iter().copied().map(TakeId).collect();
            let standing = standing(&order, &decisions);
            let Standing::Pair(left, right) = standing else {
                return (decisions, standing);
            };
            let choice = if rejects.contains(&left.0) && rejects.contains(&right.0) {
                Choice::Neither
            } else if left.0 > right.0 {
                Choice::Left
            } else {
                Choice::Right
            };
            decisions.push(Decision {
                at: jiff::Timestamp::UNIX_EPOCH,
                left,
                right,
                choice,
                before: (Verdict::None, Verdict::None),
            });
        }
    }

    #[test]
    fn the_winner_stays_and_losers_are_ranked_below_whom_they_lost_to() {
        let (decisions, standing) = played(&[2, 1, 4, 3], &[]);
        assert_eq!(decisions.len(), 3);
        let ids = |list: &[i64]| list.iter().copied().map(TakeId).collect::<Vec<_>>();
        assert_eq!(
            standing,
            Standing::Ranked {
                ranking: ids(&[4, 3, 2, 1]),
                rejected: Vec::new()
            }
        );
        let (_, standing) = played(&[1, 2, 4, 3], &[1, 2]);
        assert_eq!(
            standing,
            Standing::Ranked {
                ranking: ids(&[4, 3]),
                rejected: ids(&[1, 2])
            }
        );
        let (_, standing) = played(&[1, 2], &[1, 2]);
        assert_eq!(
            standing,
            Standing::Ranked {
                ranking: Vec::new(),
                rejected: ids(&[1, 2])
            }
        );
    }

    #[test]
    fn a_decision_about_a_pair_that_was_not_next_ranks_nobody() {
        let order: Vec<TakeId> = (1..=3).map(TakeId).collect();
        let decision = |left, right, choice| Decision {
            at: jiff::Timestamp::UNIX_EPOCH,
            left: TakeId(left),
            right: TakeId(right),
            choice,
            before: (Verdict::None, Verdict::None),
        };
        // Two windows decided about the first pair.
        let twice = [decision(1, 2, Choice::Left), decision(1, 2, Choice::Right)];
        assert_eq!(standing(&order, &twice), Standing::Pair(TakeId(1), TakeId(3)));
        let on = [twice[0], twice[1], decision(1, 3, Choice::Right)];
        let ranking = vec![TakeId(3), TakeId(1), TakeId(2)];
        let rejected = Vec::new();
        assert_eq!(standing(&order, &on), Standing::Ranked { ranking, rejected });
    }

    proptest! {
        #[test]
        fn the_best_wins_with_one_decision_less_than_takes(seed in any::<u64>(), count in 2..30_i64) {
            let mut order: Vec<i64> = (1..=count).collect();
            fastrand::Rng::with_seed(seed).shuffle(&mut order);
            let (decisions, standing) = played(&order, &[]);
            prop_assert_eq!(decisions.len() + 1, order.len());
            let Standing::Ranked { ranking, rejected } = standing else { panic!() };
            prop_assert_eq!(ranking[0], TakeId(count));
            prop_assert!(rejected.is_empty());
            // Nobody stands above whom it lost to, and nobody is missing.
            for decision in &decisions {
                let winner = decision.winner().unwrap();
                let loser = decision.loser().unwrap();
                let place = |id| ranking.iter().position(|one| *one == id).unwrap();
                prop_assert!(place(winner) < place(loser));
            }
            prop_assert_eq!(ranking.len(), order.len());
        }
    }
}
