//! Notices: they have a place of their own, expire, and ring the bell when the user may be looking elsewhere.

use std::time::Duration;

use crossterm::event::Event;
use rushes::engine::Event as News;
use rushes::model::{Backend, TakeState};

use crate::takes::work;
use crate::test_workbench::{Desk, Options, workbench, workbench_out_of_time};

/// The bell, and the notification that a terminal may show outside of its window.
const BELL: &str = "\\u{7}\\u{1b}]9;rushes: ";

#[test]
fn notices_never_hide_the_keys() {
    for size in [(140, 40), (80, 24), (40, 10)] {
        let options = Options {
            size,
            ..Options::default()
        };
        workbench(options, |desk| async move {
            desk.sees("g generate").await;
            desk.press("Z");
            desk.sees("Z does nothing here").await;
            let text = desk.glass.text();
            let last = text.lines().last().unwrap();
            assert!(last.contains("i edit") || last.contains("Enter edit"), "{text}");
            assert!(
                last.contains("? help") && !last.contains("Z does nothing"),
                "{text}"
            );
        });
    }
}

#[test]
fn notices_expire_after_ten_seconds_and_nothing_wakes_after_that() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.settle().await;
        desk.press("Z");
        desk.settle_for(Duration::from_millis(500)).await;
        desk.let_pass(Duration::from_secs(9)).await;
        assert!(desk.glass.text().contains("Z does nothing here"));
        desk.let_pass(Duration::from_secs(1)).await;
        desk.settle_for(Duration::from_millis(100)).await;
        assert!(
            !desk.glass.text().contains("Z does nothing here"),
            "{}",
            desk.glass.text()
        );
        let before = (desk.frames(), desk.glass.bytes());
        desk.let_pass(Duration::from_hours(1)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
    });
}

/// A take that ends as `state`, while the window has the keys or not.
async fn is_saved(desk: &Desk, state: TakeState) {
    let before = desk.store.unsettled_takes(None).unwrap().len();
    desk.press("g");
    desk.until("one waits", move |desk| {
        desk.store.unsettled_takes(None).unwrap().len() > before
    })
    .await;
    desk.settle().await;
    let on_the_way = [TakeState::Accepted, TakeState::Processing, TakeState::Rendered];
    let states: Vec<TakeState> = on_the_way
        .into_iter()
        .filter(|step| state == TakeState::Saved || *step != TakeState::Rendered)
        .chain([state])
        .collect();
    let id = work(desk, Backend::Sandbox, &states);
    desk.tell(News::Take(id));
}

#[test]
fn a_take_that_ends_is_announced_and_rings_unless_the_window_is_known_to_have_the_focus() {
    workbench(Options::default(), |desk| async move {
        desk.sees("A lighthouse").await;
        is_saved(&desk, TakeState::Saved).await;
        desk.sees("Take 1 is saved").await;
        desk.until("it rang", |desk| {
            desk.log.holds(&format!("{BELL}Take 1 is saved"))
        })
        .await;
        is_saved(&desk, TakeState::Failed).await;
        desk.sees("Take 2 failed").await;
    });
}

#[test]
fn the_focus_of_the_window_is_unknown_after_the_external_editor() {
    let options = Options {
        edited: Some("A kite over the sea".into()),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.send(Event::FocusGained);
        desk.settle().await;
        desk.press("e");
        desk.sees("A kite over the sea").await;
        is_saved(&desk, TakeState::Saved).await;
        desk.until("it rang", |desk| desk.log.holds(BELL)).await;
    });
}

#[test]
fn the_bell_does_not_ring_in_a_window_that_has_the_focus() {
    workbench(Options::default(), |desk| async move {
        desk.send(Event::FocusGained);
        desk.settle().await;
        is_saved(&desk, TakeState::Saved).await;
        desk.sees("Take 1 is saved").await;
        assert!(!desk.log.holds(BELL), "{:?}", desk.log.all());
        desk.send(Event::FocusLost);
        desk.settle().await;
        is_saved(&desk, TakeState::Saved).await;
        desk.until("it rang", |desk| desk.log.holds(BELL)).await;
    });
}
