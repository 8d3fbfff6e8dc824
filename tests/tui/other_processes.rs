//! The workbench shows what other processes do to the store, and does not wake up while nothing happens.

use std::time::Duration;

use rushes::model::{Backend, TakeState};
use rushes::store::{Facts, Store};

use crate::takes::{OWNER, work};
use crate::test_workbench::{Desk, Options, workbench, workbench_out_of_time};

/// The desk of another process: another connection to the same database.
fn other(desk: &Desk) -> Desk {
    let mut other = desk.clone();
    other.store = Store::open(desk.store.path(), desk.clock.clone()).unwrap();
    other
}

/// How often the runtime has parked, which it does once after each wake-up.
fn wakes() -> u64 {
    tokio::runtime::Handle::current().metrics().worker_park_count(0)
}

#[test]
fn takes_of_another_process_are_shown_by_an_idle_workbench_and_so_is_their_end() {
    workbench(Options::default(), |desk| async move {
        desk.sees("No take yet").await;
        desk.settle().await;
        let other = other(&desk);
        crate::takes::admit(&other, 7);
        desk.sees("1 waiting").await;
        let id = work(
            &other,
            Backend::Sandbox,
            &[TakeState::Accepted, TakeState::Queued],
        );
        desk.sees("queued").await;
        let failed = Facts {
            error: Some("it failed elsewhere".to_owned()),
            ..Facts::default()
        };
        let stepped = other.store.step(OWNER, id, TakeState::Failed, "", &failed);
        assert_eq!(stepped.unwrap().state, TakeState::Failed);
        desk.sees("failed").await;
        desk.settle().await;
        assert!(!desk.glass.text().contains("queued"), "{}", desk.glass.text());
    });
}

/// Like a damaged row that was set aside and could not be restored.
#[test]
fn a_queued_take_that_vanishes_does_not_end_the_refreshes() {
    workbench(Options::default(), |desk| async move {
        desk.sees("No take yet").await;
        let other = other(&desk);
        crate::takes::admit(&other, 7);
        crate::takes::admit(&other, 8);
        desk.sees("2 waiting").await;
        let raw = rusqlite::Connection::open(desk.store.path()).unwrap();
        raw.execute_batch(
            "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE take_id = 1; DELETE FROM takes WHERE id = 1",
        )
        .unwrap();
        desk.sees("1 waiting").await;
        desk.sees_no("could not be read").await;
        crate::takes::admit(&other, 9);
        desk.sees("2 waiting").await;
    });
}

#[test]
fn an_idle_hour_causes_no_wake_up_even_after_our_own_and_other_writes() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.settle_for(Duration::from_secs(2)).await;
        desk.press("i");
        desk.write("rain ").await;
        let other = other(&desk);
        other.store.set_setting("any", "value").unwrap();
        desk.settle_for(Duration::from_secs(2)).await;
        assert!(desk.form().prompt.contains("rain "));
        let before = (desk.frames(), desk.glass.bytes(), wakes());
        desk.let_pass(Duration::from_hours(1)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), (before.0, before.1));
        let woken = wakes() - before.2;
        assert!(woken < 20, "woken {woken} times in an idle hour");
    });
}

/// Like after the loss of the database's write-ahead log: only the file beside the video knows the take.
#[test]
fn takes_known_only_from_sidecars_are_offered_and_imported_after_a_yes() {
    let wide = Options {
        size: (200, 40),
        ..Options::default()
    };
    workbench(wide, |desk| async move {
        desk.sees("No take yet").await;
        let id = crate::takes::lose_a_take(&desk);
        desk.sees("No take yet").await;
        // While something is typed, no question opens over it.
        desk.press("i");
        desk.settle().await;
        desk.tell(rushes::engine::Event::Orphans(1));
        desk.sees("rushes reconcile --import files").await;
        desk.press("esc");
        desk.settle().await;
        desk.tell(rushes::engine::Event::Orphans(1));
        desk.sees("Import 1 take missing from the database?").await;
        desk.press("y");
        desk.until("the take is there again", |desk| {
            desk.store
                .take(id)
                .is_ok_and(|take| take.state == TakeState::Failed)
        })
        .await;
        desk.sees("1 take was imported").await;
        desk.sees("failed").await;
    });
}
