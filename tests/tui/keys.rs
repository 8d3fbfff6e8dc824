//! Keys: contexts, chords, overlays, help and palette.

use rushes::tui::Keymap;
use rushes::tui::app::Leaving;
use rushes::tui::keymap::Action;

use crate::test_workbench::{Options, workbench};

#[test]
fn a_wrong_key_is_reported_briefly_with_the_key_of_help() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("Z");
        desk.sees("Z does nothing here · ? help").await;
        desk.press("tab");
        desk.sees_no("Z does nothing here").await;
    });
}

#[test]
fn a_begun_chord_shows_its_continuations_and_escape_cancels_it() {
    workbench(Options::default(), |desk| async move {
        desk.press("y");
        desk.sees("p path").await;
        desk.press("esc");
        desk.sees_no("p path").await;
        desk.press("y Z");
        desk.sees("y Z does nothing here").await;
    });
}

#[test]
fn escape_closes_exactly_one_thing() {
    workbench(Options::default(), |desk| async move {
        desk.press("? :");
        desk.settle().await;
        desk.sees("Write and generate").await;
        desk.press("esc");
        desk.sees_no("Write and generate").await;
        desk.press("z /");
        desk.sees("Enter accept").await;
        desk.press("esc");
        desk.sees_no("Enter accept").await;
        assert!(!desk.glass.text().contains("2 Parameters"), "still zoomed");
        desk.press("esc");
        desk.sees("2 Parameters").await;
    });
}

#[test]
fn the_palette_finds_and_runs_with_the_live_label() {
    let (keymap, errors) = Keymap::patched("k", "[global]\ntoggle_mouse = [\"Z\"]");
    assert_eq!(errors, []);
    let options = Options {
        keymap,
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press(":");
        desk.sees("Commands").await;
        desk.write("mouse").await;
        desk.sees(Action::ToggleMouse.about()).await;
        assert!(
            desk.glass
                .text()
                .lines()
                .any(|line| line.contains(" Z ") && line.contains("mouse"))
        );
        desk.press("enter");
        desk.until("the mouse is taken", |desk| desk.log.holds("mouse true"))
            .await;
        desk.press("Z");
        desk.until("the mouse is given back", |desk| desk.log.holds("mouse false"))
            .await;
    });
}

#[test]
fn every_action_is_reached_by_a_key_or_the_palette() {
    let keymap = Keymap::default();
    for action in Action::ALL {
        let by_key = rushes::tui::keymap::Context::ALL
            .iter()
            .any(|context| keymap.label(*context, *action).is_some());
        // What deletes files has no key by default.
        assert!(by_key || *action == Action::EmptyBin, "{action}");
    }
}

#[test]
fn ctrl_c_closes_one_thing_at_a_time_and_then_quits() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("i ?");
        desk.settle().await;
        desk.press("ctrl-c ctrl-c");
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
    let form = ended.desk.form();
    assert!(form.prompt.starts_with("?A lighthouse"));
}

#[test]
fn escape_and_a_key_that_arrive_together_are_two_keys() {
    workbench(Options::default(), |desk| async move {
        desk.sees("2 Parameters").await;
        // In the prompt Alt-f is the editor's, a word to the right.
        desk.press("i alt-f");
        desk.sees("Esc back").await;
        desk.press("alt-z");
        desk.sees_no("2 Parameters").await;
        desk.press("alt-?");
        desk.sees("Write and generate").await;
        desk.press("esc");
        desk.sees("2 Parameters").await;
    });
}

#[test]
fn suspending_gives_the_terminal_back_and_redraws_everything() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let before = desk.glass.bytes();
        desk.press("ctrl-z");
        desk.until("it went on", |desk| {
            desk.log.all() == ["leave", "suspend", "enter"]
        })
        .await;
        desk.until("all is drawn", |desk| desk.glass.bytes() > before + 1000)
            .await;
        desk.sees("lighthouse").await;
    });
}

#[test]
fn a_resize_is_drawn_at_every_size() {
    workbench(Options::default(), |desk| async move {
        for (width, height) in [(80, 24), (1, 1), (200, 60), (0, 0), (40, 10), (140, 40)] {
            desk.glass.resize(width, height);
            desk.send(crossterm::event::Event::Resize(width, height));
            desk.press("? esc");
            desk.settle().await;
        }
        desk.sees("lighthouse").await;
    });
}

#[test]
fn ctrl_l_redraws_everything_wherever_the_keys_go() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        for place in [
            "esc", "i", "esc :", "esc ?", "esc N", "esc /", "esc f", "esc y", "esc t",
        ] {
            desk.press(place);
            desk.settle().await;
            let (before, shown) = (desk.glass.bytes(), desk.glass.text());
            desk.press("ctrl-l");
            desk.settle().await;
            let written = desk.glass.bytes() - before;
            assert!(written > 1000, "after {place:?} only {written} bytes are drawn");
            assert_eq!(
                desk.glass.text(),
                shown,
                "after {place:?} something else is shown"
            );
        }
        desk.press("esc");
        desk.settle().await;
        assert_eq!(desk.form().prompt, "", "nothing was typed that could be saved");
    });
}

#[test]
fn another_key_for_the_redraw_works_wherever_it_is_no_text() {
    let (keymap, errors) = Keymap::patched("k", "[global]\nredraw = [\"Q\", \"ctrl-r\"]");
    assert_eq!(errors, []);
    let options = Options {
        keymap,
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("i ctrl-home Q");
        desk.sees("QA lighthouse").await;
        for keys in ["ctrl-r", "esc Q", "? Q"] {
            desk.settle().await;
            let before = desk.glass.bytes();
            desk.press(keys);
            desk.settle().await;
            assert!(desk.glass.bytes() > before + 1000, "{keys}");
        }
    });
}
