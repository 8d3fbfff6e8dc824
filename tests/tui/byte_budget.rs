//! The bytes sent over a slow connection: none while nothing changes, few for a key, few for a second.

use std::time::Duration;

use rushes::model::{Backend, TakeState};
use rushes::tui::expiry::{NEWS_STAY, REST};
use rushes::tui::throttle::BETWEEN_FRAMES;

use crate::delivered::saved_sweep;
use crate::sweeps::sweep;
use crate::takes::work;
use crate::test_workbench::{Options, workbench, workbench_out_of_time};

#[test]
fn an_idle_hour_draws_nothing_and_writes_nothing() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.settle().await;
        let before = (desk.frames(), desk.glass.bytes());
        assert!(before.0 >= 1 && before.1 > 100);
        desk.let_pass(Duration::from_hours(1)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
    });
}

#[test]
fn a_keystroke_at_the_end_of_the_text_takes_at_most_fifty_bytes() {
    typing_takes_at_most("i ctrl-end", 50);
}

/// Every letter that follows on the row moves with each key. A word that wraps repaints the next row as well, which is
/// more, and rare.
#[test]
fn a_keystroke_before_the_rest_of_a_row_stays_under_a_hundred_bytes() {
    typing_takes_at_most("i ctrl-home down", 99);
}

#[test]
fn moving_through_the_log_sends_a_pointer_and_the_monitor_follows_when_it_rests() {
    let options = Options {
        size: (120, 40),
        ..Options::default()
    };
    workbench_out_of_time(options, |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &(1..=30).collect::<Vec<u32>>(), 30);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.press("enter");
        desk.sees(" s30 ").await;
        desk.press("down");
        desk.settle_for(REST * 2).await;
        desk.sees("take 30  seed 30").await;
        let mut costs = Vec::new();
        for _ in 0..20 {
            let before = desk.glass.bytes();
            desk.press("j");
            desk.settle().await;
            costs.push(desk.glass.bytes() - before);
        }
        // Most keys move the pointer; one in ten or so turns a page.
        let pointers = costs.iter().filter(|bytes| (1..60).contains(*bytes)).count();
        assert!(pointers >= 17, "{costs:?}");
        assert!(costs.iter().sum::<u64>() < 20 * 300, "{costs:?}");
        desk.sees("take 30  seed 30").await;
        desk.settle_for(REST * 2).await;
        desk.sees("take 10  seed 10").await;
    });
}

fn typing_takes_at_most(place: &str, limit: u64) {
    let place = place.to_owned();
    workbench(Options::default(), |desk| async move {
        desk.press(&place);
        desk.settle().await;
        // The first letter also marks the form as edited.
        desk.press("z");
        desk.settle().await;
        let mut most = 0;
        for letter in ["a", "b", "c", "d", "e"] {
            let before = desk.glass.bytes();
            desk.press(letter);
            desk.settle().await;
            most = most.max(desk.glass.bytes() - before);
        }
        assert!((1..=limit).contains(&most), "{most} bytes for a keystroke");
    });
}

#[test]
fn a_second_with_four_takes_in_flight_stays_under_its_budget_and_the_clock_stops_with_them() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.press("g g g g");
        desk.until("four wait", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 4
        })
        .await;
        let ids = [(); 4].map(|()| {
            work(
                &desk,
                Backend::Sandbox,
                &[TakeState::Accepted, TakeState::Processing],
            )
        });
        desk.press("tab");
        desk.tell(rushes::engine::Event::Take(ids[0]));
        desk.settle_for(Duration::from_millis(300)).await;
        let (before, frames) = (desk.glass.bytes(), desk.frames());
        for _ in 0..30 {
            desk.clock.advance(jiff::SignedDuration::from_secs(1));
            desk.let_pass(Duration::from_secs(1)).await;
        }
        let (bytes, drawn) = (desk.glass.bytes() - before, desk.frames() - frames);
        assert!((29..=62).contains(&drawn), "{drawn} frames in 30 seconds");
        assert!(bytes > 30 && bytes < 30 * 150, "{bytes} bytes in 30 seconds");
        for id in ids {
            desk.store
                .step(
                    "a stand-in",
                    id,
                    TakeState::Failed,
                    "",
                    &rushes::store::Facts::default(),
                )
                .unwrap();
        }
        desk.tell(rushes::engine::Event::Take(ids[0]));
        // The notice of their end also expires once.
        desk.settle_for(NEWS_STAY + Duration::from_secs(2)).await;
        let before = (desk.frames(), desk.glass.bytes());
        desk.let_pass(Duration::from_mins(10)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
    });
}

#[test]
fn a_terminal_that_does_not_read_gets_no_frame_and_later_only_the_newest() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.press("i ctrl-home");
        desk.settle().await;
        desk.reads(false);
        let before = (desk.frames(), desk.glass.bytes());
        for _ in 0..50 {
            desk.press("z");
            desk.let_pass(BETWEEN_FRAMES * 2).await;
        }
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
        desk.reads(true);
        desk.sees(&"z".repeat(50)).await;
        assert_eq!(desk.frames(), before.0 + 1);
    });
}

#[test]
fn a_terminal_that_does_not_read_prevents_nobody_from_quitting() {
    for leave in ["ctrl-c", "a signal", "the end of input"] {
        let ended = workbench(Options::default(), |desk| async move {
            desk.settle().await;
            desk.reads(false);
            desk.press("i z");
            match leave {
                "ctrl-c" => desk.press("esc ctrl-c"),
                "a signal" => desk.signal(rushes::tui::terminal::Signal::Quit),
                _ => desk.close_input(),
            }
        });
        assert!(ended.leaving.is_ok(), "{leave}");
    }
}

#[test]
fn a_flood_of_notices_is_drawn_at_the_rate_of_the_throttle() {
    workbench_out_of_time(Options::default(), |desk| async move {
        desk.settle().await;
        let before = desk.frames();
        for i in 0..1000_u64 {
            desk.tell(rushes::engine::Event::Progress {
                take: rushes::model::TakeId(1),
                bytes: i,
                total: None,
            });
            desk.let_pass(Duration::from_millis(1)).await;
        }
        let drawn = desk.frames() - before;
        let pace = u64::try_from(1000 / BETWEEN_FRAMES.as_millis()).unwrap() + 1;
        assert!(
            (pace / 2..=pace).contains(&drawn),
            "{drawn} frames in a second, at most {pace}"
        );
    });
}

#[test]
fn moving_in_the_wall_sends_a_pointer_and_no_picture() {
    let options = Options {
        size: (120, 40),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &(1..=5).collect::<Vec<u32>>());
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home w");
        desk.sees("1 of 5").await;
        desk.sees_no("reading the pictures").await;
        desk.settle().await;
        let mut costs = Vec::new();
        for key in ["j", "j", "l", "j", "k", "h", "j", "end", "home", "l"] {
            let before = desk.glass.bytes();
            desk.press(key);
            desk.settle().await;
            costs.push(desk.glass.bytes() - before);
        }
        assert!(costs.iter().all(|bytes| (1..300).contains(bytes)), "{costs:?}");
        println!("bytes for each key in the wall: {costs:?}");
        // A verdict that goes on to the next take costs little more.
        let before = desk.glass.bytes();
        desk.press("*");
        desk.sees("1 circled").await;
        desk.settle().await;
        let cost = desk.glass.bytes() - before;
        assert!(cost < 600, "{cost} bytes for a verdict");
    });
}
