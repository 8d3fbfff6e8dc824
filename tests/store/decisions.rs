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
    let restored = kit.store.take_back(&ids, |_| true).unwrap();
    assert_eq!(restored, Some(vec![ids[1]]));
    assert_eq!(verdicts(&kit, &ids), [Verdict::Circled, Verdict::Circled]);
}

/// The winner is circled and the rest rejected; then the decision that made it the winner was wrong after all.
#[test]
fn taking_back_undoes_the_verdicts_that_followed_from_the_decision_and_no_others() {
    let kit = kit();
    let ids = kit.admit(&[1, 2, 3]);
    let store = &kit.store;
    store.set_verdict(ids[2], Verdict::Circled).unwrap();
    store
        .decide(&ids, (ids[0], ids[1]), Choice::Left, |_| true)
        .unwrap();
    store
        .decide(&ids, (ids[0], ids[2]), Choice::Left, |_| true)
        .unwrap();
    let judge = |judged: &[TakeId], verdict| {
        store
            .judge_ranked(&ids, judged, verdict, |found| found.len() == 2)
            .unwrap()
    };
    assert!(judge(&ids[..1], Verdict::Circled));
    assert!(judge(&ids[1..], Verdict::Rejected));
    let [circled, rejected, none] = [Verdict::Circled, Verdict::Rejected, Verdict::None];
    assert_eq!(verdicts(&kit, &ids), [circled, rejected, rejected]);
    // Another process has decided otherwise meanwhile: nothing is judged.
    let stale = store.judge_ranked(&ids, &ids, none, |found| found.len() == 1);
    assert!(!stale.unwrap());
    store.set_verdict(ids[1], circled).unwrap();
    let mut restored = store.take_back(&ids, |_| true).unwrap().unwrap();
    restored.sort_unstable();
    assert_eq!(restored, [ids[0], ids[2]]);
    assert_eq!(
        verdicts(&kit, &ids),
        [none, circled, circled],
        "it was judged since"
    );
    // The decision before has none that followed from it.
    assert_eq!(store.take_back(&ids, |_| true).unwrap(), Some(Vec::new()));
    assert_eq!(store.decisions(&ids).unwrap(), []);
    assert_eq!(store.take_back(&ids, |_| true).unwrap(), Some(Vec::new()));
}

#[test]
fn a_knock_out_that_is_begun_anew_leaves_its_decisions_as_history() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    let store = &kit.store;
    let pair = (ids[0], ids[1]);
    let first = |choice| store.decide(&ids, pair, choice, <[Decision]>::is_empty).unwrap();
    assert!(first(Choice::Neither));
    assert!(
        !store.begin_anew(&ids, <[Decision]>::is_empty).unwrap(),
        "it was overtaken"
    );
    let earlier = store.knock_outs().unwrap();
    assert_eq!(
        (earlier[0].takes.as_slice(), earlier[0].rejected.as_slice()),
        (&ids[..], &ids[..])
    );
    assert!(store.begin_anew(&ids, |found| found.len() == 1).unwrap());
    assert_eq!(
        (store.decisions(&ids).unwrap(), store.knock_outs().unwrap()),
        (vec![], vec![])
    );
    assert_eq!(verdicts(&kit, &ids), [Verdict::Rejected; 2], "verdicts stay");
    // What is history is not taken back.
    assert_eq!(store.take_back(&ids, |_| true).unwrap(), Some(Vec::new()));
    assert!(first(Choice::Right));
    assert_eq!(store.decisions(&ids).unwrap().len(), 1);
    assert_eq!(store.decisions_about(ids[0]).unwrap().len(), 2);
    let earlier = store.knock_outs().unwrap();
    assert_eq!((earlier.len(), earlier[0].rejected.len()), (1, 2));
}
