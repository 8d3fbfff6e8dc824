//! The script while it is written: findings, fixes, the timeline, completion, blank scripts.

use rushes::model::{Backend, Seconds, Usd};

use crate::test_workbench::{Desk, Options, workbench};

pub const LONG: &str = "A kite.\n\nShot 1 | 0s-4s\nWide shot, the kite lifts, static camera.\n\n\
                    Shot 2 | 4s-14s\nClose-up, slow pan over the string.";

pub async fn with_prompt(desk: &Desk, text: &str) {
    desk.press("i ctrl-end");
    for _ in 0..40 {
        desk.press("ctrl-u backspace");
    }
    desk.settle().await;
    desk.send(crossterm::event::Event::Paste(text.to_owned()));
    desk.press("esc");
    desk.settle().await;
    let text = text.to_owned();
    desk.until("the prompt is saved", move |desk| desk.form().prompt == text)
        .await;
}

#[test]
fn a_script_that_is_too_long_is_reported_and_fixed_by_one_key_and_undone() {
    workbench(Options::default(), |desk| async move {
        with_prompt(&desk, LONG).await;
        desk.sees("2 shots to 14 s of 10 s").await;
        desk.sees("F Duration 15 s").await;
        desk.press("F");
        desk.sees("2 shots to 14 s of 15 s").await;
        desk.until("it is saved", |desk| {
            desk.form().duration == Seconds::new(15).unwrap()
        })
        .await;
        desk.press("U");
        desk.sees("2 shots to 14 s of 10 s").await;
        assert_eq!(desk.form().prompt, LONG);
    });
}

#[test]
fn the_findings_are_listed_with_fixes_and_lead_to_their_place() {
    workbench(Options::default(), |desk| async move {
        with_prompt(&desk, LONG).await;
        desk.press("f");
        desk.sees("Findings").await;
        desk.sees("[overrun]").await;
        desk.sees("Squeeze to 10 s").await;
        // The finding, its first fix, its second.
        desk.press("j j enter");
        desk.until("the times are squeezed", |desk| {
            desk.form().prompt.contains("Shot 2 | 2.9s-10s")
        })
        .await;
        desk.sees("2 shots to 10 s of 10 s").await;
        let squeezed = desk.form().prompt;
        assert!(
            squeezed.starts_with("A kite.\n\nShot 1 | 0s-2.9s\nWide shot"),
            "{squeezed}"
        );
        desk.press("U");
        desk.sees("2 shots to 14 s of 10 s").await;
        desk.press("f enter");
        desk.sees("Esc back").await;
        desk.write("@").await;
        desk.until("it went into the place", |desk| {
            desk.form().prompt.contains("Shot 2 | 4s-@14s")
        })
        .await;
    });
}

#[test]
fn having_no_errors_is_reported_when_asked() {
    workbench(Options::default(), |desk| async move {
        desk.press("F");
        desk.sees("Fix: no finding has a fix").await;
        desk.press("f");
        desk.sees("Findings: nothing is wrong with the script").await;
    });
}

#[test]
fn borders_are_moved_on_the_timeline_and_the_text_follows() {
    workbench(Options::default(), |desk| async move {
        with_prompt(&desk, LONG).await;
        desk.press("F t");
        desk.sees("shot 1 | shot 2 at 4 s").await;
        desk.press("l");
        desk.sees("shot 1 | shot 2 at 4.5 s").await;
        desk.until("the text follows", |desk| {
            let prompt = desk.form().prompt;
            prompt.contains("Shot 1 | 0s-4.5s") && prompt.contains("Shot 2 | 4.5s-14s")
        })
        .await;
        desk.press("down l l");
        desk.sees("shot 2 ends at 15 s").await;
        for _ in 0..20 {
            desk.press("up h");
        }
        desk.sees("The boundary cannot move there").await;
        desk.press("esc");
        desk.sees("2 shots to").await;
    });
}

#[test]
fn words_are_completed_one_after_the_other() {
    workbench(Options::default(), |desk| async move {
        desk.press("i ctrl-end");
        desk.write(" Slow pu").await;
        desk.press("tab");
        desk.sees("Slow push in").await;
        desk.write(", pan").await;
        desk.press("tab");
        desk.sees("[pan left]").await;
        desk.press("tab");
        desk.sees("[pan right]").await;
        desk.press("backtab");
        desk.until("the first again", |desk| {
            desk.form().prompt.ends_with("Slow push in, pan left")
        })
        .await;
        // Each completion is undone by itself.
        for after in ["pan right", "pan left", "pan"] {
            desk.press("ctrl-z");
            desk.until("one completion less", |desk| {
                desk.form().prompt.ends_with(&format!("Slow push in, {after}"))
            })
            .await;
        }
        desk.write("qqq").await;
        desk.press("tab");
        desk.sees("Nothing to complete").await;
    });
}

#[test]
fn a_blank_script_is_undone_in_one_step() {
    workbench(Options::default(), |desk| async move {
        with_prompt(&desk, "x").await;
        desk.press("i backspace esc");
        desk.until("it is empty", |desk| desk.form().prompt.is_empty())
            .await;
        desk.press("N");
        desk.sees("shots and seconds").await;
        desk.press("ctrl-u");
        desk.write("21").await;
        desk.press("enter");
        desk.sees("Type shots and seconds").await;
        desk.press("ctrl-u");
        desk.write("4 in 8").await;
        desk.press("enter");
        desk.sees("4 shots to 8 s of 8 s").await;
        desk.until("it is saved", |desk| {
            desk.form().prompt.starts_with("Shot 1 | 0s–2s\n")
        })
        .await;
        desk.press("ctrl-z");
        desk.until("it is empty again", |desk| desk.form().prompt.is_empty())
            .await;
    });
}

#[test]
fn errors_block_live_takes_until_they_are_overridden_deliberately() {
    let live = Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(10_000_000)),
        ..Options::default()
    };
    workbench(live, |desk| async move {
        with_prompt(&desk, LONG).await;
        desk.press("g");
        desk.sees("for about $").await;
        desk.sees("✗ ").await;
        desk.sees("y send anyway").await;
        desk.press("n F");
        desk.settle().await;
        desk.press("g");
        desk.sees("y generate").await;
        desk.sees_no("send anyway").await;
    });
}

#[test]
fn a_fix_of_times_that_are_told_elsewhere_is_left_to_the_author() {
    workbench(Options::default(), |desk| async move {
        with_prompt(
            &desk,
            "Shot 1 (0-3s): a kite, pan.\nShot 2 (5-9s): it dives, tilt up.\nAt 4s a bell rings.",
        )
        .await;
        desk.press("F");
        desk.sees("every fix needs a choice").await;
        desk.press("f");
        desk.sees("Close the gaps, but \"4s\" in line 3 leaves doubt about the times")
            .await;
        desk.press("j enter");
        desk.until("the gap is closed", |desk| {
            desk.form().prompt.starts_with("Shot 1 (0-5s)")
        })
        .await;
    });
}

#[test]
fn a_script_that_is_too_long_is_split_and_nothing_of_it_is_lost() {
    workbench(Options::default(), |desk| async move {
        let script: String = (0..4)
            .map(|n| {
                format!(
                    "Shot {} | {}s-{}s\nWide shot, static camera, hill {n}.\n\n",
                    n + 1,
                    n * 7,
                    n * 7 + 7
                )
            })
            .collect();
        with_prompt(&desk, script.trim_end()).await;
        // Whether a script is split is the author's choice.
        desk.press("F");
        desk.sees("every fix needs a choice").await;
        desk.press("f");
        desk.sees("Split into 2 clips").await;
        desk.press("j enter");
        desk.sees("Split this script into 2 clips?").await;
        desk.sees("reel night-drive; clip 2 becomes the form of").await;
        desk.sees("night-drive-clip-2").await;
        desk.sees("L reels").await;
        desk.press("y");
        desk.sees("Clip 1 of 2 is here").await;
        desk.until("the first clip is saved", |desk| {
            !desk.form().prompt.contains("hill 3")
        })
        .await;
        let second = desk.store.reel("night-drive-clip-2").unwrap();
        let (first, second) = (
            desk.form(),
            desk.store.forms(&second.id).edited().unwrap().unwrap(),
        );
        for n in 0..4 {
            let hill = format!("hill {n}");
            assert!(
                first.prompt.contains(&hill) != second.prompt.contains(&hill),
                "{hill}"
            );
        }
        desk.press("U");
        desk.until("it is whole again", move |desk| {
            desk.form().prompt == script.trim_end()
        })
        .await;
    });
}
