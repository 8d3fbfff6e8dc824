//! The first minute: the sample, editing, saving, pasting, the external editor.

use crossterm::event::Event;
use rushes::model::Form;
use rushes::tui::app::{Leaving, SCRIPT};

use crate::test_workbench::{Desk, Options, workbench};

#[test]
fn a_first_start_shows_the_sample_and_g_generates_it_at_once() {
    workbench(Options::default(), |desk| async move {
        desk.sees("A lighthouse at blue hour").await;
        desk.press("g");
        desk.until("a take is queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 1
        })
        .await;
        let take = desk.store.unsettled_takes(None).unwrap().remove(0);
        assert_eq!(take.body["prompt"], SCRIPT.trim_end());
        desk.until("the engine is woken", |desk| desk.log.holds("wake"))
            .await;
        desk.sees("Take 1 is queued").await;
    });
}

#[test]
fn what_is_typed_is_saved_and_quitting_loses_nothing() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("i");
        desk.write("gq? ").await;
        desk.press("esc q");
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
    let form = ended.desk.form();
    assert_eq!(form.prompt, format!("gq? {}", SCRIPT.trim_end()));
}

#[test]
fn a_hang_up_keeps_the_last_letter() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.press("i");
        desk.write("z").await;
        desk.signal(rushes::tui::terminal::Signal::HangUp);
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::HungUp);
    let form = ended.desk.form();
    assert!(form.prompt.starts_with("zA lighthouse"));
}

#[test]
fn a_paste_is_one_step_and_never_runs_commands() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.send(Event::Paste("g\nq\n".into()));
        desk.sees("The pasted text was ignored, because keys are commands here")
            .await;
        desk.press("i");
        desk.send(Event::Paste("Shot 0\r\ng\r\n\x1b".into()));
        desk.sees("Shot 0").await;
        desk.until("it is saved", |desk| {
            desk.form().prompt.starts_with("Shot 0\ng\nA ")
        })
        .await;
        desk.send(Event::Paste("x".repeat(70_000)));
        desk.sees("Not pasted").await;
        desk.sees("Shot 0").await;
        desk.press("esc U");
        desk.sees_no("Shot 0").await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), []);
    });
}

#[test]
fn a_burst_of_keys_is_a_paste() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        for c in "the quick brown fox jumps over the lazy dog".chars() {
            desk.press(if c == ' ' { "space".into() } else { c.to_string() }.as_str());
        }
        desk.sees("The pasted text was ignored, because keys are commands here")
            .await;
        desk.press("i");
        desk.settle().await;
        for c in "dusk\ng".chars() {
            desk.press(if c == '\n' { "enter".into() } else { c.to_string() }.as_str());
        }
        desk.sees("dusk").await;
        desk.press("esc U");
        desk.sees_no("dusk").await;
    });
}

#[test]
fn the_editors_text_is_used_and_its_failure_loses_nothing() {
    let options = Options {
        edited: Some("A kite over the sea".into()),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("e");
        desk.sees("A kite over the sea").await;
        let log = desk.log.all();
        let order: Vec<&str> = log.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(order, ["leave", "edit", "file", "enter"], "{log:?}");
        let file = log[2].trim_start_matches("file ");
        assert!(!std::path::Path::new(file).exists(), "its text is in the form");
        desk.sees_no("lighthouse").await;
    });
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("e");
        desk.sees("The editor returned no text").await;
        desk.press("esc");
        desk.sees("lighthouse").await;
    });
}

#[test]
fn the_end_of_input_leaves_at_once() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("i z");
        desk.close_input();
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::HungUp);
    let form = ended.desk.form();
    assert!(
        form.prompt.starts_with("zA lighthouse"),
        "keys that came with the end count"
    );
}

#[test]
fn a_form_changed_in_another_window_is_shown_and_ones_own_can_be_restored() {
    workbench(Options::default(), |desk| async move {
        desk.press("i ctrl-home");
        desk.write("Mine. ").await;
        desk.press("esc");
        desk.settle().await;
        let is_mine = |desk: &Desk| desk.form().prompt.starts_with("Mine. A light");
        desk.until("it is saved", is_mine).await;
        let theirs = Form {
            prompt: "A kite of theirs.".into(),
            ..Form::default()
        };
        desk.store.forms(&desk.reel_id).save(&theirs).unwrap();
        desk.send(crossterm::event::Event::FocusGained);
        desk.sees("A kite of theirs.").await;
        desk.sees("was changed in another window").await;
        desk.press("U");
        desk.sees("Mine.").await;
        desk.until("mine is saved again", is_mine).await;
    });
}

#[test]
fn what_an_editor_saves_after_it_ended_at_once_is_offered_and_never_lost() {
    let options = Options {
        at_once: true,
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("A lighthouse").await;
        desk.press("e");
        desk.sees("code ended at once and changed nothing").await;
        let log = desk.log.all();
        let file = log.iter().find_map(|line| line.strip_prefix("file ")).unwrap();
        desk.sees("\"code --wait\"").await;
        // Nothing new: the editor opens again.
        desk.press("e");
        desk.until("it was opened again", |desk| {
            desk.log
                .all()
                .iter()
                .filter(|line| line.starts_with("edit "))
                .count()
                == 2
        })
        .await;
        std::fs::write(file, "A kite, written late.\n").unwrap();
        desk.press("e");
        desk.sees("code saved a text after it had closed. Use it?").await;
        desk.press("esc");
        desk.sees("The text stays in").await;
        std::fs::write(file, "A kite, written later still.\n").unwrap();
        desk.send(Event::FocusGained);
        desk.sees("\"A kite, written later still.\"").await;
        desk.press("enter");
        desk.until("it is the prompt", |desk| {
            desk.form().prompt == "A kite, written later still."
        })
        .await;
        desk.press("U");
        desk.sees("A lighthouse").await;
        std::fs::write(file, "Not this.\n").unwrap();
        desk.send(Event::FocusGained);
        desk.sees("\"Not this.\"").await;
        desk.press("down down enter");
        desk.sees("The late text was discarded").await;
        desk.until("its file is gone", |_| !std::path::Path::new(file).exists())
            .await;
        assert!(desk.form().prompt.starts_with("A lighthouse"));
        let log = desk.log.all();
        let files = log.iter().filter_map(|line| line.strip_prefix("file "));
        for other in files.filter(|other| *other != file) {
            std::fs::remove_file(other).unwrap();
        }
    });
}
