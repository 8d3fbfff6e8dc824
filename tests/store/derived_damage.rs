//! Damage in what is derived from a take, which must never cost the take itself.

use rushes::model::{Take, TakeId, TakeState};
use rusqlite::Connection;

use crate::test_store::*;

/// A saved take, with a connection that may damage its rows.
fn saved() -> (Kit, Take, Connection) {
    let kit = kit();
    let take = kit.take_in(TakeState::Saved);
    let raw = Connection::open(kit.store.path()).unwrap();
    raw.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    (kit, take, raw)
}

/// Mends, and demands that the take is as before and that nothing was set aside.
fn must_be_whole(kit: &Kit, before: &Take, damage: &str) {
    let mended = kit.store.recovery().mend_rows(&|_| None).unwrap();
    assert!(mended.iter().all(|row| row.restored), "{damage}: {mended:?}");
    assert_eq!(kit.store.take(before.id).unwrap(), *before, "{damage}");
    assert_eq!(kit.store.recovery().rows_set_aside().unwrap(), [], "{damage}");
    assert_eq!(kit.store.recovery().unreadable_rows().unwrap(), [], "{damage}");
}

#[test]
fn a_damaged_row_of_the_log_costs_no_take() {
    let (kit, take, raw) = saved();
    for damage in [
        "DELETE FROM log",
        "UPDATE log SET created = NULL",
        "UPDATE log SET submitted = 9223372036854775807",
        "UPDATE log SET reel_id = 'another'",
    ] {
        raw.execute_batch(damage).unwrap();
        must_be_whole(&kit, &take, damage);
    }
}

#[test]
fn a_damaged_lesson_of_a_take_costs_no_take_and_stops_no_claim() {
    let (kit, take, raw) = saved();
    for damage in [
        "UPDATE takes SET sample_ms = -1",
        "UPDATE takes SET listed = -5",
        "UPDATE takes SET sound = 7",
        "UPDATE takes SET referenced = 7",
    ] {
        raw.execute_batch(damage).unwrap();
        let found = kit.store.recovery().unreadable_rows().unwrap();
        assert_eq!(found.first().and_then(|row| row.take), Some(take.id), "{damage}");
        must_be_whole(&kit, &take, damage);
    }
    let next: TakeId = kit.admit(&[9])[0];
    assert_eq!(kit.claim("me").id, next);
}
