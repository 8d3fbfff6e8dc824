//! Emptying the form, a new script, and what differs between a take and the form.

use rushes::model::Form;

use crate::scripts::with_prompt;
use crate::test_workbench::{Desk, Options, workbench};

fn waiting(desk: &Desk) -> usize {
    desk.store.unsettled_takes(None).unwrap().len()
}

#[test]
fn the_form_is_emptied_without_a_question_and_undo_brings_it_back() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("E");
        desk.sees("The form is empty: U undo").await;
        desk.until("it is saved", |desk| desk.form() == Form::default())
            .await;
        desk.press("E");
        desk.sees("The form is empty already").await;
        desk.press("U");
        desk.sees("lighthouse").await;
        desk.until("it is back", |desk| desk.form().prompt.contains("lighthouse"))
            .await;
    });
}

/// The example is replaced by two keys, and the cursor stands where the first shot is written.
#[test]
fn a_new_script_replaces_the_old_one_and_is_undone_in_one_step() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("N enter");
        desk.sees("EDITING").await;
        desk.write("A kite.").await;
        desk.until("it is written into the first shot", |desk| {
            desk.form().prompt.starts_with("Shot 1 | 0s–2s\nA kite.\n")
        })
        .await;
        assert!(!desk.form().prompt.contains("lighthouse"));
        desk.press("esc N");
        desk.settle().await;
        desk.write("2 in 8").await;
        desk.press("enter");
        desk.until("the duration follows", |desk| desk.form().duration.get() == 8)
            .await;
        desk.press("esc U");
        desk.until("both are back", |desk| {
            desk.form().duration.get() == 10 && desk.form().prompt.contains("A kite.")
        })
        .await;
    });
}

#[test]
fn what_differs_is_told_word_by_word_with_a_remark() {
    workbench(Options::default(), |desk| async move {
        desk.press("E i");
        desk.sees("EDITING").await;
        desk.write("A red coat in the rain.").await;
        desk.press("esc g");
        desk.until("one waits", |desk| waiting(desk) == 1).await;
        desk.press("i ctrl-home ctrl-right ctrl-right");
        desk.send(crossterm::event::Event::Paste(" wool".to_owned()));
        desk.press("esc 3");
        desk.sees("3 Queue").await;
        desk.settle().await;
        desk.press("d");
        desk.sees("From take 1 to the form").await;
        desk.sees("things changed: prompt and seed").await;
        desk.sees("{+wool +}").await;
        desk.press("esc");
        desk.sees_no("From take 1").await;
        assert_eq!(waiting(&desk), 1);
    });
}

#[test]
fn a_script_that_was_never_sent_stays_a_revision_when_another_takes_its_place() {
    workbench(Options::default(), |desk| async move {
        for (text, key) in [("A kite over the bay.", "E"), ("A lamp in the snow.", "N")] {
            with_prompt(&desk, text).await;
            desk.press(key);
            if key == "N" {
                desk.sees("shots and seconds").await;
                desk.press("enter");
            }
            desk.until("it is a revision", move |desk| {
                let revisions = desk.store.forms(&desk.reel_id).revisions(10).unwrap();
                revisions.iter().any(|revision| revision.form.prompt == text)
            })
            .await;
            desk.press("esc");
            desk.settle().await;
        }
    });
}

/// What a form with variables would send is compared: the variant with the take's own text, even while its seeds cannot be
/// read.
#[test]
fn a_form_with_variables_is_compared_as_it_would_be_sent() {
    workbench(Options::default(), |desk| async move {
        desk.press("E i");
        desk.sees("EDITING").await;
        desk.write("A {red|black} coat.").await;
        desk.press("esc s");
        desk.sees("Sweep").await;
        desk.write("42").await;
        desk.press("enter");
        desk.until("two wait", |desk| waiting(desk) == 2).await;
        for (take, text) in [(2, "black"), (1, "red")] {
            let sent = desk.store.take(rushes::model::TakeId(take)).unwrap().body["prompt"].clone();
            assert_eq!(sent, format!("A {text} coat."));
        }
        desk.press("4");
        desk.settle().await;
        desk.press("d");
        desk.sees("to the form").await;
        desk.settle().await;
        let shown = desk.glass.text();
        assert!(!shown.contains("{+") && !shown.contains("[-"), "{shown}");
        desk.press("esc j");
        desk.rest().await;
        desk.press("d");
        desk.sees("to the form").await;
        desk.settle().await;
        let shown = desk.glass.text();
        assert!(!shown.contains("{+") && !shown.contains("[-"), "{shown}");
    });
}

#[test]
fn revisions_say_what_differs_and_none_is_listed_twice() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let form = |prompt: &str, seconds: &str| {
            let mut form = Form {
                prompt: prompt.to_owned(),
                ..Form::default()
            };
            rushes::model::Parameter::Duration
                .write(&mut form, seconds)
                .unwrap();
            form
        };
        let forms = desk.store.forms(&desk.reel_id);
        for (prompt, seconds) in [
            ("A red coat in the rain.", "5"),
            ("A red wool coat in the rain.", "5"),
            ("A red wool coat in the rain.", "8"),
            ("A red coat in the rain.", "5"),
        ] {
            forms.keep(&form(prompt, seconds)).unwrap();
        }
        desk.press("W");
        desk.sees("Revisions").await;
        desk.settle().await;
        let shown = desk.glass.text();
        let row = |version: &str| {
            shown
                .lines()
                .find(|line| line.contains(version))
                .map(str::to_owned)
        };
        assert!(
            row("v4 11-22").unwrap().contains("without wool, duration 8"),
            "{shown}"
        );
        assert!(row("v3 11-22").unwrap().contains("duration 5 → 8"), "{shown}");
        assert!(row("v2 11-22").unwrap().contains("A red wool coat"), "{shown}");
        assert_eq!(row("v1 11-22"), None, "it is v4: {shown}");
    });
}

/// The refusal of a key stays when the next one arrived together with it.
#[test]
fn a_refusal_stays_until_the_next_key_that_arrives_alone() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("4");
        desk.settle().await;
        for key in ["*", "j"] {
            desk.send(crossterm::event::Event::Key(crate::test_workbench::event_of(key)));
        }
        desk.sees("the log shows no take").await;
        desk.settle().await;
        assert!(desk.glass.text().contains("the log shows no take"));
        desk.press("j");
        desk.sees_no("the log shows no take").await;
    });
}
