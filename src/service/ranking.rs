//! The rules of a knock-out, without the store: which takes are to be judged next, and the ranking that follows.

use std::collections::BTreeMap;

use crate::model::TakeId;
use crate::store::{Decision, EarlierKnockOut};

/// Where a knock-out stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// These two are to be compared: the winner so far, and the next one.
    Pair(TakeId, TakeId),
    /// This one is left and was compared with none, because both takes before it were rejected. It is to be kept or
    /// rejected, so that none wins that nobody has looked at.
    Alone(TakeId),
    /// All were judged.
    Ranked(Ranking),
}

impl Standing {
    /// The takes that the next decision is about, both sides of it; one alone stands on both.
    pub const fn next(&self) -> Option<(TakeId, TakeId)> {
        match self {
            Self::Pair(left, right) => Some((*left, *right)),
            Self::Alone(take) => Some((*take, *take)),
            Self::Ranked(_) => None,
        }
    }
}

/// What came of a knock-out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ranking {
    /// The best first.
    pub places: Vec<Place>,
    /// Those that were rejected on the way, which have no place.
    pub rejected: Vec<TakeId>,
}

/// The place of a take in a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub take: TakeId,
    /// 1 for the best.
    pub number: usize,
    /// Others have the same place, because nothing was decided between them.
    pub is_shared: bool,
}

impl Ranking {
    /// The take that stands before all others.
    pub fn winner(&self) -> Option<TakeId> {
        let first = self.places.first()?;
        (!first.is_shared).then_some(first.take)
    }
}

/// Plays the decisions again, over takes in the order in which they come up. A decision about another pair than the one
/// that was next then counts for nothing.
pub fn standing(order: &[TakeId], decisions: &[Decision]) -> Standing {
    let mut waiting = order.iter().copied();
    let mut decisions = decisions.iter();
    let (mut best, mut lost, mut rejected) = (None, Vec::new(), Vec::new());
    while let Some(one) = best.or_else(|| waiting.next()) {
        let other = match waiting.next() {
            Some(other) => other,
            None if best.is_some() => break,
            None => one,
        };
        let Some(decision) = decisions.find(|decision| (decision.left, decision.right) == (one, other))
        else {
            return if one == other {
                Standing::Alone(one)
            } else {
                Standing::Pair(one, other)
            };
        };
        best = decision.winner();
        lost.extend(decision.loser().zip(best));
        if best.is_none() {
            rejected.extend(decision.takes());
        }
    }
    Standing::Ranked(Ranking {
        places: places(best, &lost),
        rejected,
    })
}

/// The places of the winner and of those that lost, each with the take that it lost to, in the order of the decisions. One
/// stands below the take that it lost to; of two that are as far below the best, nothing is known.
fn places(winner: Option<TakeId>, lost: &[(TakeId, TakeId)]) -> Vec<Place> {
    let mut below = BTreeMap::new();
    // The winner over a take lost later than that take, or never.
    for (loser, winner) in lost.iter().rev() {
        let depth = below.get(winner).map_or(1, |depth| depth + 1);
        below.insert(*loser, depth);
    }
    let mut takes: Vec<(usize, TakeId)> = below.into_iter().map(|(take, depth)| (depth, take)).collect();
    takes.extend(winner.map(|winner| (0, winner)));
    takes.sort_unstable();
    let place = |(depth, take): &(usize, TakeId)| Place {
        take: *take,
        number: 1 + takes.iter().filter(|(other, _)| other < depth).count(),
        is_shared: takes.iter().filter(|(other, _)| other == depth).count() > 1,
    };
    takes.iter().map(place).collect()
}

/// Whether `earlier` goes on when these takes are to be compared: they are its takes, or what is left of them without those
/// that it rejected. `takes` are ascending.
pub fn goes_on(earlier: &EarlierKnockOut, takes: &[TakeId]) -> bool {
    let is_left = |take: &&TakeId| !earlier.rejected.contains(take);
    let left = earlier.takes.iter().filter(is_left);
    earlier.takes == takes || (!takes.is_empty() && left.eq(takes))
}

/// The decisions about a take in words, oldest first: `kept, not 5`.
pub fn in_words(id: TakeId, decisions: &[Decision]) -> Vec<String> {
    let one = |decision: &Decision| {
        let other = decision.other(id);
        match (decision.is_about_one(), decision.winner()) {
            (true, Some(_)) => "kept, compared with none".to_owned(),
            (true, None) => "rejected, compared with none".to_owned(),
            (false, Some(winner)) if winner == id => format!("kept, not {other}"),
            (false, Some(_)) => format!("{other} was kept"),
            (false, None) => format!("rejected, with {other}"),
        }
    };
    decisions.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Choice;
    use proptest::prelude::*;

    fn decision(left: i64, right: i64, choice: Choice) -> Decision {
        Decision {
            at: jiff::Timestamp::UNIX_EPOCH,
            left: TakeId(left),
            right: TakeId(right),
            choice,
        }
    }

    fn ids(list: &[i64]) -> Vec<TakeId> {
        list.iter().copied().map(TakeId).collect()
    }

    /// Each take is better the greater its number, unless `rejects` holds both.
    fn played(order: &[i64], rejects: &[i64]) -> (Vec<Decision>, Ranking) {
        let mut decisions = Vec::new();
        loop {
            let (left, right) = match standing(&ids(order), &decisions) {
                Standing::Ranked(ranking) => return (decisions, ranking),
                standing => standing.next().unwrap(),
            };
            let choice = if rejects.contains(&left.0) && rejects.contains(&right.0) {
                Choice::Neither
            } else if left.0 >= right.0 {
                Choice::Left
            } else {
                Choice::Right
            };
            decisions.push(decision(left.0, right.0, choice));
        }
    }

    /// `1 4, 2= 2, 2= 3`.
    fn told(ranking: &Ranking) -> String {
        let one = |place: &Place| {
            let shared = if place.is_shared { "=" } else { "" };
            format!("{}{shared} {}", place.number, place.take)
        };
        let places: Vec<String> = ranking.places.iter().map(one).collect();
        places.join(", ")
    }

    #[test]
    fn losers_stand_below_whom_they_lost_to_and_share_a_place_where_nothing_was_decided() {
        let (decisions, ranking) = played(&[2, 1, 4, 3], &[]);
        assert_eq!(decisions.len(), 3);
        assert_eq!(told(&ranking), "1 4, 2= 2, 2= 3, 4 1");
        assert_eq!(told(&played(&[4, 3, 2, 1], &[]).1), "1 4, 2= 1, 2= 2, 2= 3");
        assert_eq!(told(&played(&[1, 2, 3, 4], &[]).1), "1 4, 2 3, 3 2, 4 1");
        let (_, ranking) = played(&[1, 2, 4, 3], &[1, 2]);
        assert_eq!(
            (told(&ranking).as_str(), ranking.rejected),
            ("1 4, 2 3", ids(&[1, 2]))
        );
        let (_, ranking) = played(&[1, 2], &[1, 2]);
        assert_eq!((told(&ranking).as_str(), ranking.rejected), ("", ids(&[1, 2])));
    }

    /// Takes 3 and 6 were the best of theirs and were rejected: of those that lost to them, none is better.
    #[test]
    fn nobody_has_won_where_the_best_are_rejected_and_nothing_was_decided_between_the_rest() {
        let (_, ranking) = played(&[3, 1, 5, 6, 2, 7], &[3, 5, 6, 7]);
        assert_eq!(told(&ranking), "1= 1, 1= 2");
        assert_eq!(ranking.winner(), None);
        let (_, ranking) = played(&[3, 1, 5], &[3, 5]);
        assert_eq!(ranking.winner(), Some(TakeId(1)));
    }

    #[test]
    fn one_that_was_compared_with_none_is_judged_alone() {
        let order = ids(&[1, 2, 3]);
        let both = decision(1, 2, Choice::Neither);
        assert_eq!(standing(&order, &[both]), Standing::Alone(TakeId(3)));
        let after = |choice| match standing(&order, &[both, decision(3, 3, choice)]) {
            Standing::Ranked(ranking) => (told(&ranking), ranking.rejected),
            other => panic!("{other:?}"),
        };
        assert_eq!(after(Choice::Left), ("1 3".to_owned(), ids(&[1, 2])));
        assert_eq!(after(Choice::Neither), (String::new(), ids(&[1, 2, 3])));
        // There is another one to compare it with.
        let four = ids(&[1, 2, 3, 4]);
        assert_eq!(standing(&four, &[both]), Standing::Pair(TakeId(3), TakeId(4)));
    }

    #[test]
    fn a_decision_about_a_pair_that_was_not_next_ranks_nobody() {
        let order = ids(&[1, 2, 3]);
        // Two windows decided about the first pair.
        let twice = [decision(1, 2, Choice::Left), decision(1, 2, Choice::Right)];
        assert_eq!(standing(&order, &twice), Standing::Pair(TakeId(1), TakeId(3)));
        let on = [twice[0], twice[1], decision(1, 3, Choice::Right)];
        let Standing::Ranked(ranking) = standing(&order, &on) else {
            panic!("all are ranked")
        };
        assert_eq!(told(&ranking), "1 3, 2 1, 3 2");
    }

    #[test]
    fn a_knock_out_goes_on_with_all_of_its_takes_or_without_those_that_it_rejected() {
        let earlier = EarlierKnockOut {
            takes: ids(&[1, 2, 3, 4]),
            rejected: ids(&[2, 1]),
        };
        let goes_on = |takes: &[i64]| goes_on(&earlier, &ids(takes));
        assert!(goes_on(&[1, 2, 3, 4]) && goes_on(&[3, 4]));
        assert!(!goes_on(&[2, 3, 4]) && !goes_on(&[3]) && !goes_on(&[]));
    }

    proptest! {
        #[test]
        fn the_best_wins_with_one_decision_less_than_takes(seed in any::<u64>(), count in 2..30_i64) {
            let mut order: Vec<i64> = (1..=count).collect();
            fastrand::Rng::with_seed(seed).shuffle(&mut order);
            let (decisions, ranking) = played(&order, &[]);
            prop_assert_eq!(decisions.len() + 1, order.len());
            prop_assert_eq!(ranking.winner(), Some(TakeId(count)));
            prop_assert!(ranking.rejected.is_empty());
            // Nobody stands above whom it lost to, and nobody is missing.
            for decision in &decisions {
                let place = |id| ranking.places.iter().find(|place| place.take == id).unwrap().number;
                prop_assert!(place(decision.winner().unwrap()) < place(decision.loser().unwrap()));
            }
            prop_assert_eq!(ranking.places.len(), order.len());
        }

        /// However many are rejected, none wins that was not looked at, and each take has a place or is rejected.
        #[test]
        fn every_take_was_judged(seed in any::<u64>(), count in 2..20_i64) {
            let mut random = fastrand::Rng::with_seed(seed);
            let order = ids(&(1..=count).collect::<Vec<_>>());
            let mut decisions = Vec::new();
            let ranking = loop {
                let (left, right) = match standing(&order, &decisions) {
                    Standing::Ranked(ranking) => break ranking,
                    standing => standing.next().unwrap(),
                };
                let choice = [Choice::Left, Choice::Right, Choice::Neither][random.usize(..3)];
                decisions.push(decision(left.0, right.0, choice));
            };
            prop_assert!(decisions.len() < order.len());
            for take in &order {
                prop_assert!(decisions.iter().any(|decision| decision.takes().contains(take)));
                let is_placed = ranking.places.iter().any(|place| place.take == *take);
                prop_assert!(is_placed != ranking.rejected.contains(take));
            }
        }
    }
}
