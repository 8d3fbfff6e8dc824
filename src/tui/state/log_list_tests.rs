//! The selection of the log while groups come, fold and are not loaded.

use super::*;
use crate::model::{Backend, TakeId, TakeState, Usd, Verdict};
use crate::store::{Member, Progress, Sweep};

fn member(id: i64) -> Member {
    Member {
        id: TakeId(id),
        state: TakeState::Saved,
        verdict: Verdict::None,
        backend: Backend::Sandbox,
        estimate: Usd::ZERO,
        cost: None,
        is_paused: false,
        is_repeated: false,
    }
}

/// A folded sweep.
fn sweep(number: i64, takes: &[i64]) -> Group {
    let members: Vec<Member> = takes.iter().map(|id| member(*id)).collect();
    let sweep = Sweep {
        number,
        reel: "main".to_owned(),
        varies: "seed".to_owned(),
        pair: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let progress = Progress::of(&members);
    Group {
        sweep: Some(SweepRow {
            sweep,
            progress,
            members,
        }),
        takes: Vec::new(),
    }
}

fn selected(log: &LogList) -> (u64, Option<RowId>) {
    (log.at, log.selection().map(|row| row.id()))
}

#[test]
fn the_same_row_stays_selected_and_at_the_top_the_newest() {
    let mut log = LogList::default();
    log.replace(
        (&Listing::default(), 0),
        (5, 2),
        vec![sweep(2, &[4, 5]), sweep(1, &[1, 2, 3])],
        &BTreeSet::new(),
        true,
    );

    assert_eq!(selected(&log), (0, Some(RowId::Sweep(2))));
    log.step(1);
    assert_eq!(selected(&log), (1, Some(RowId::Sweep(1))));
    log.replace(
        (&Listing::default(), 0),
        (7, 3),
        vec![sweep(3, &[6, 7]), sweep(2, &[4, 5]), sweep(1, &[1, 2, 3])],
        &BTreeSet::new(),
        true,
    );
    assert_eq!(selected(&log), (2, Some(RowId::Sweep(1))));
    log.step(-9);
    log.replace(
        (&Listing::default(), 0),
        (8, 4),
        vec![
            sweep(4, &[8, 9]),
            sweep(3, &[6, 7]),
            sweep(2, &[4, 5]),
            sweep(1, &[1]),
        ],
        &BTreeSet::new(),
        true,
    );
    assert_eq!(selected(&log), (0, Some(RowId::Sweep(4))));
    // A take that is folded away is found under its sweep.
    log.select(RowId::Take(TakeId(4)));
    assert_eq!(selected(&log), (2, Some(RowId::Sweep(2))));
}

#[test]
fn a_step_beyond_what_is_loaded_goes_on_in_groups() {
    let mut log = LogList::default();
    let groups: Vec<Group> = (0..10).map(|n| sweep(100 - n, &[n])).collect();
    log.replace(
        (&Listing::default(), 0),
        (900, 900),
        groups,
        &BTreeSet::new(),
        true,
    );

    log.step(9);
    assert_eq!(selected(&log).0, 9);
    log.step(3);
    assert_eq!(selected(&log), (12, None));
    log.step(i64::from(i32::MAX));
    assert_eq!(selected(&log), (899, None));
    log.step(-i64::from(i32::MAX));
    assert_eq!(selected(&log).0, 0);
}
