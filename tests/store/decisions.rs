//! Decisions between two takes: one about each pair, however many processes decide, and verdicts in the same transaction.

use rushes::model::{TakeId, Verdict};
use rushes::store::{Choice, Decision};

use crate::test_store::*;

fn verdicts(kit: &Kit, ids: &[TakeId]) -> Vec<Verdict> {
    ids.iter()
        .map(|id| kit.store.take(*id).unwrap().verdict)
        .collect()
}

#[test]
fn of_many_processes_that_decide_about_one_pair_one_counts_and_one_takes_it_back() {
    let kit = kit();
    let ids = kit.admit(&[1, 2, 3]);
    let pair = (ids[0], ids[1]);
    let all_at_once = |work: &(dyn Fn(&rushes::store::Store, usize) -> bool + Sync)| {
        let done: Vec<bool> = std::thread::scope(|scope| {
            let start = |n| {
                let store = kit.other();
                scope.spawn(move || work(&store, n))
            };
            let threads: Vec<_> = (0..6).map(start).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        done.into_iter().filter(|done| *done).count()
    };
    let decided = all_at_once(&|store, n| {
        let choice = [Choice::Left, Choice::Right, Choice::Neither][n % 3];
        store.decide(&ids, pair, choice, <[Decision]>::is_empty).unwrap()
    });
    assert_eq!(decided, 1);
    let kept = kit.store.decisions(&ids).unwrap();
    assert_eq!(kept.len(), 1);
    let rejected = if kept[0].choice == Choice::Neither {
        [Verdict::Rejected, Verdict::Rejected, Verdict::None]
    } else {
        [Verdict::None; 3]
    };
    assert_eq!(verdicts(&kit, &ids), rejected);
    kit.store
        .decide(&ids, (ids[0], ids[2]), Choice::Left, |_| true)
        .unwrap();
    let taken_back = all_at_once(&|store, _| {
        let is_known = |found: &[Decision]| found.len() == 2;
        store.take_back(&ids, is_known).unwrap().is_some()
    });
    assert_eq!(taken_back, 1);
    assert_eq!(kit.store.decisions(&ids).unwrap(), kept);
}

#[test]
fn taking_back_restores_no_verdict_that_was_given_since() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    kit.store.set_verdict(ids[1], Verdict::Circled).unwrap();
    let pair = (ids[0], ids[1]);
    assert!(kit.store.decide(&ids, pair, Choice::Neither, |_| true).unwrap());
    assert_eq!(verdicts(&kit, &ids), [Verdict::Rejected; 2]);
    kit.store.set_verdict(ids[0], Verdict::Circled).unwrap();
    let last = kit.store.take_back(&ids, |_| true).unwrap().unwrap();
    assert_eq!((last.left, last.right), pair);
    assert_eq!(verdicts(&kit, &ids), [Verdict::Circled, Verdict::Circled]);
}
