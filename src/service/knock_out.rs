//! The knock-out: takes are compared in pairs, the winner stays, and each loser is ranked below it. Its decisions are kept
//! in the store, so that it goes on later.

use crate::model::text::counted;
use crate::model::{Take, TakeId, TakeState, Verdict};
use crate::store::{Choice, Decision, Filter, Order, Store, StoreError};

use super::problem::{Kind, Problem};
use super::queue::Queue;
use super::ranking::{Standing, goes_on, standing};

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

    /// Which takes are next, or the ranking.
    pub fn standing(&self) -> Standing {
        standing(&self.ids(), &self.decisions)
    }

    /// The takes that lost to this one, in the order of the decisions.
    pub fn beaten_by(&self, id: TakeId) -> Vec<TakeId> {
        let won = self
            .decisions
            .iter()
            .filter(|decision| decision.winner() == Some(id));
        won.filter_map(Decision::loser).collect()
    }
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

/// Notes a decision about the takes that are next, and rejects them where none was kept. Returns what the user should know:
/// that another process was faster, so that nothing was done, or that a file did not follow its verdict.
///
/// # Errors
/// The store cannot be written, so nothing was decided.
pub fn decide(
    queue: &Queue,
    ids: &[TakeId],
    pair: (TakeId, TakeId),
    choice: Choice,
) -> Result<Option<String>, StoreError> {
    let is_next = |decisions: &[Decision]| standing(ids, decisions).next() == Some(pair);
    if !queue.store.decide(ids, pair, choice, is_next)? {
        return Ok(Some(OVERTAKEN.to_owned()));
    }
    Ok(match choice {
        Choice::Neither => queue.follow_verdicts(&[pair.0, pair.1]),
        Choice::Left | Choice::Right => None,
    })
}

/// Takes back the last of the `known` decisions with the verdicts that followed from it, unless another process has changed
/// the decisions. Takes that were judged since keep their verdict. Returns what the user should know, as [`decide`].
///
/// # Errors
/// The store cannot be written, so nothing was taken back.
pub fn take_back(queue: &Queue, ids: &[TakeId], known: &[Decision]) -> Result<Option<String>, StoreError> {
    Ok(match queue.store.take_back(ids, |found| is_same(found, known))? {
        None => Some(OVERTAKEN.to_owned()),
        Some(restored) => queue.follow_verdicts(&restored),
    })
}

/// Gives takes of the ranking that the `known` decisions led to a verdict, which goes when the last of them is taken back.
/// Returns what the user should know, as [`decide`].
///
/// # Errors
/// The store cannot be written, so no verdict was given.
pub fn judge(
    queue: &Queue,
    ids: &[TakeId],
    known: &[Decision],
    (judged, verdict): (&[TakeId], Verdict),
) -> Result<Option<String>, StoreError> {
    let store = &queue.store;
    if !store.judge_ranked(ids, judged, verdict, |found| is_same(found, known))? {
        return Ok(Some(OVERTAKEN.to_owned()));
    }
    Ok(queue.follow_verdicts(judged))
}

/// Makes the `known` decisions history, so that the same takes are compared from the start. Returns what the user should
/// know, as [`decide`].
///
/// # Errors
/// The store cannot be written, so the ranking stays.
pub fn begin_anew(store: &Store, ids: &[TakeId], known: &[Decision]) -> Result<Option<String>, StoreError> {
    let began = store.begin_anew(ids, |found| is_same(found, known))?;
    Ok((!began).then(|| OVERTAKEN.to_owned()))
}

/// Whether the same was decided, whenever it was.
fn is_same(found: &[Decision], known: &[Decision]) -> bool {
    let words = |decision: &Decision| (decision.left, decision.right, decision.choice);
    found.iter().map(words).eq(known.iter().map(words))
}

/// Reads the takes and what was decided about them before. Of takes some of which were rejected in an earlier knock-out,
/// that one goes on.
///
/// # Errors
/// Fewer than two takes can be compared, with the reason; or the store cannot be read.
pub fn open(store: &Store, between: &Between) -> Result<KnockOut, Problem> {
    let takes = takes(store, between)?;
    let mut ids: Vec<TakeId> = takes.iter().map(|take| take.id).collect();
    ids.sort_unstable();
    let earlier = store.knock_outs()?;
    if let Some(earlier) = earlier.iter().find(|earlier| goes_on(earlier, &ids)) {
        return Ok(read(store, &earlier.takes)?);
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
