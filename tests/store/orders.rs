//! The orders of the log: every page, place and next take is where a plain sort puts it.

use rushes::model::{Backend, Take, TakeId, TakeState, Usd, Verdict};
use rushes::store::{Facts, Filter, Order, OrderBy};

use crate::test_store::*;

/// Takes that are alike in many ways, in random states.
fn takes_of(kit: &Kit, random: &mut fastrand::Rng) -> Vec<Take> {
    let states = [
        TakeState::Saved,
        TakeState::Saved,
        TakeState::Saved,
        TakeState::Failed,
        TakeState::Processing,
        TakeState::Cancelled,
    ];
    let mut ids = Vec::new();
    for _ in 0..60 {
        let mut admission = kit.admission(&[]);
        admission.backend = *random.choice(&[Backend::Live, Backend::Sandbox]).unwrap();
        ask_for(
            &mut admission,
            &[*random.choice(&[1, 2, 3, u32::MAX / 2]).unwrap()],
        );
        reserve_each(&mut admission, Usd::from_micros(1_000_000));
        let id = kit.store.admit(&admission).unwrap()[0];
        let state = *random.choice(&states).unwrap();
        if state == TakeState::Saved {
            kit.walk(id, TakeState::Accepted);
            kit.pass(random.i64(1..4));
            let bill = Usd::from_micros(random.i64(0..3) * 100_000);
            let facts = Facts {
                cost: random.bool().then_some(bill),
                ..Facts::default()
            };
            kit.store.step("me", id, TakeState::Rendered, "", &facts).unwrap();
            kit.step(id, TakeState::Saved);
        } else {
            kit.walk(id, state);
        }
        if state == TakeState::Saved {
            let verdict = random.choice(&[Verdict::Circled, Verdict::Rejected, Verdict::None]);
            kit.store.set_verdict(id, *verdict.unwrap()).unwrap();
        }
        ids.push(id);
    }
    ids.iter().map(|id| kit.store.take(*id).unwrap()).collect()
}

/// What rises from row to row.
fn key(by: OrderBy, take: &Take) -> i128 {
    match by {
        OrderBy::Number => 0,
        OrderBy::Seed => take.seed.number().into(),
        OrderBy::Verdict => match take.verdict {
            Verdict::Circled => 0,
            Verdict::None => 1,
            Verdict::Rejected => 2,
        },
        OrderBy::Time => {
            let took = take.took_ms().filter(|_| take.state == TakeState::Saved);
            -took.map_or(-1, i128::from)
        }
        OrderBy::Cost => {
            let estimate = take.state.commits_money().then_some(take.estimate);
            let has_none = take.state.settled() && take.state != TakeState::Saved;
            let cost = match take.backend {
                _ if has_none => None,
                Backend::Sandbox => Some(Usd::ZERO),
                Backend::Live => take.cost.or(estimate),
            };
            -cost.map_or(-1, |cost| i128::from(cost.micros()))
        }
    }
}

fn ids(takes: &[Take]) -> Vec<TakeId> {
    takes.iter().map(|take| take.id).collect()
}

#[test]
fn every_order_is_that_of_a_plain_sort() {
    for seed in 0..4 {
        println!("seed {seed}");
        let mut random = fastrand::Rng::with_seed(seed);
        let kit = kit();
        let mut takes = takes_of(&kit, &mut random);
        // Another reel has no part in it.
        let other = kit.store.reel("other").unwrap();
        kit.store.admit(&admission(&other.id, &[1, 2])).unwrap();
        let filter = Filter::of_reel(&kit.reel.id);
        for by in OrderBy::ALL {
            for newest_first in [true, false] {
                let order = Order { by, newest_first };
                let tie = |take: &Take| if newest_first { -take.id.0 } else { take.id.0 };
                takes.sort_by_key(|take| (key(by, take), tie(take)));
                let sorted = ids(&takes);
                let page = |follow, offset| {
                    let page = kit
                        .store
                        .filtered_page(&filter, order, follow, offset, 7)
                        .unwrap();
                    assert_eq!(page.count, 60);
                    (page.offset, ids(&page.takes))
                };
                for (row, id) in sorted.iter().enumerate() {
                    let place = row as u64;
                    assert_eq!(page(None, place).1, sorted[row..sorted.len().min(row + 7)]);
                    let (offset, shown) = page(Some(*id), 0);
                    assert_eq!(offset, place.saturating_sub(3), "{order:?} {id}");
                    assert!(shown.contains(id), "{order:?} {id}");
                    assert_eq!(kit.store.place_in(&filter, order, *id).unwrap(), Some(place));
                }
                let all = kit.store.takes_in(&filter, order, 0, 100).unwrap();
                assert_eq!(ids(&all), sorted, "{order:?}");
            }
        }
    }
}

/// Behind the last take comes the first; a verdict does not change which take is next.
#[test]
fn the_next_take_without_a_verdict_is_the_next_in_the_order() {
    for seed in 0..4 {
        println!("seed {seed}");
        let mut random = fastrand::Rng::with_seed(seed);
        let kit = kit();
        let mut takes = takes_of(&kit, &mut random);
        let filter = Filter::of_reel(&kit.reel.id);
        let is_unjudged = |take: &Take| take.state == TakeState::Saved && take.verdict == Verdict::None;
        for by in OrderBy::ALL {
            let order = Order::newest_first(by);
            let walked = match by {
                OrderBy::Verdict => OrderBy::Number,
                by => by,
            };
            takes.sort_by_key(|take| (key(walked, take), -take.id.0));
            let next = |after: Option<TakeId>| {
                let found = kit.store.next_unjudged(&filter, order, after).unwrap();
                found.map(|(id, _)| id)
            };
            let first = takes.iter().find(|take| is_unjudged(take)).map(|take| take.id);
            assert!(first.is_some());
            assert_eq!(next(None), first);
            for (row, take) in takes.iter().enumerate() {
                let behind = takes[row + 1..].iter().find(|take| is_unjudged(take));
                let expected = behind.map(|take| take.id).or(first);
                assert_eq!(next(Some(take.id)), expected, "{by} {}", take.id);
            }
        }
    }
}
