//! The times of takes in Queue and Log: what was expected when they were sent, whatever the form says now.

use jiff::SignedDuration;
use rushes::model::{Backend, TakeState};

use crate::takes::{OWNER, admit, work};
use crate::test_workbench::{Desk, Options, workbench};

/// The rows that show take 1.
fn rows(desk: &Desk) -> Vec<String> {
    let text = desk.glass.text();
    let of_take = text
        .lines()
        .filter(|line| line.contains("s7") || line.contains("seed 7"));
    of_take.map(str::to_owned).collect()
}

fn saved(desk: &Desk, seconds: i64) {
    admit(desk, 7);
    let id = work(desk, Backend::Sandbox, &[TakeState::Accepted]);
    desk.clock.advance(SignedDuration::from_secs(seconds));
    for state in [TakeState::Rendered, TakeState::Saved] {
        let facts = rushes::store::Facts::default();
        desk.store.step(OWNER, id, state, "", &facts).unwrap();
    }
}

/// `18s (−171)` stays when another resolution, length or model is chosen.
#[test]
fn the_figures_of_a_finished_take_stay_when_the_form_changes() {
    let options = Options {
        prepare: Some(|desk| saved(desk, 18)),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.sees("18s (−171)").await;
        let before = rows(&desk);
        desk.press("2");
        desk.settle().await;
        for key in ["l", "l", "j", "l", "l", "j", "l"] {
            desk.press(key);
            desk.settle().await;
            assert_eq!(rows(&desk), before, "after {key}");
        }
        desk.until("the form differs", |desk| {
            desk.form() != rushes::model::Form::default()
        })
        .await;
    });
}

/// Takes of the sandbox are not compared with the provider's averages in a live session.
#[test]
fn a_sandbox_take_keeps_its_own_times_in_a_live_session() {
    let options = Options {
        backend: Backend::Live,
        prepare: Some(|desk| saved(desk, 7)),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("7s (−182)").await;
        let wait = desk.store.take(rushes::model::TakeId(1)).unwrap().wait.unwrap();
        assert_eq!(wait.p50_ms, 189_300);
    });
}

/// It is called late once it has needed longer than nine takes in ten do, and not before.
#[test]
fn a_take_is_late_only_after_the_slowest_tenth_began() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        admit(&desk, 7);
        work(
            &desk,
            Backend::Sandbox,
            &[TakeState::Accepted, TakeState::Processing],
        );
        desk.press("3");
        desk.sees("of 3:09–4:43").await;
        desk.clock.advance(SignedDuration::from_secs(283));
        desk.press("4 3");
        desk.sees("4:43 of 3:09–4:43").await;
        desk.sees_no(", late").await;
        desk.clock.advance(SignedDuration::from_secs(1));
        desk.press("4 3");
        desk.sees("4:44 of 3:09–4:43, late").await;
    });
}
