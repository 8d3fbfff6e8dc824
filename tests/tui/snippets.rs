//! Variables and snippets in the prompt: what is shown, checked and sent.

use rushes::model::{Form, Take};

use crate::test_workbench::{Desk, Options, workbench};

fn queued(desk: &Desk) -> Vec<Take> {
    desk.store.unsettled_takes(None).unwrap()
}

async fn write(desk: &Desk, prompt: &str) {
    desk.press("E i");
    desk.sees("EDITING").await;
    desk.send(crossterm::event::Event::Paste(prompt.to_owned()));
    desk.press("esc");
    desk.until("it is saved", |desk| desk.form().prompt == prompt)
        .await;
}

#[test]
fn a_snippet_is_added_inserted_renamed_and_deleted_from_inside() {
    workbench(Options::default(), |desk| async move {
        write(&desk, "Night. ").await;
        desk.press("I");
        desk.sees("New snippet").await;
        desk.press("enter");
        desk.sees("Name of the snippet").await;
        desk.write("a coat").await;
        desk.press("enter");
        desk.sees("cannot be the name of a snippet").await;
        desk.press("ctrl-u");
        desk.write("coat").await;
        desk.press("enter");
        desk.sees("Text of the snippet coat").await;
        desk.write("a {red|black} coat").await;
        desk.press("enter");
        desk.sees("The snippet coat is kept").await;
        desk.settle().await;
        desk.press("I enter enter");
        desk.until("its call is in the prompt", |desk| {
            desk.form().prompt == "Night. {{coat}}"
        })
        .await;
        desk.sees("makes 2 texts").await;
        desk.press("esc g");
        desk.until("both are queued", |desk| queued(desk).len() == 2)
            .await;
        let prompts: Vec<_> = queued(&desk)
            .iter()
            .map(|take| take.body["prompt"].clone())
            .collect();
        assert_eq!(prompts, ["Night. a red coat", "Night. a black coat"]);
        desk.press("I enter down down enter");
        desk.sees("New name of the snippet coat").await;
        desk.write("cloth").await;
        desk.press("enter");
        desk.sees("is called cloth now").await;
        desk.settle().await;
        desk.press("I enter end enter");
        desk.sees("Delete the snippet cloth?").await;
        desk.press("y");
        desk.sees("The snippet cloth was deleted").await;
        desk.until("it is gone", |desk| {
            desk.store.snippets(&desk.reel_id).unwrap().is_empty()
        })
        .await;
    });
}

#[test]
fn a_circle_of_snippets_is_told_and_nothing_is_sent() {
    workbench(
        Options {
            prepare: Some(|desk| {
                desk.store.set_snippet(&desk.reel_id, "one", "{{two}}").unwrap();
                desk.store.set_snippet(&desk.reel_id, "two", "{{one}}").unwrap();
            }),
            ..Options::default()
        },
        |desk| async move {
            write(&desk, "A {{three}}.").await;
            desk.sees("no snippet \"three\"").await;
            write(&desk, "A {{one}}.").await;
            desk.sees("go round in a circle").await;
            desk.press("g");
            desk.sees("Nothing was sent: the snippets").await;
            desk.press("s");
            desk.sees("SWEEP").await;
            desk.sees_no("Enter accept").await;
            desk.press("enter");
            desk.sees("nothing was sent: the snippets").await;
            assert_eq!(queued(&desk), []);
        },
    );
}

/// The script is checked as it is sent, and a finding points into the text as it is written.
#[test]
fn the_expanded_text_is_checked() {
    workbench(
        Options {
            prepare: Some(|desk| {
                let text = "Shot 1 | 0s–4s\nA kite.\n\nShot 2 | 4s–14s\nA boat.";
                desk.store.set_snippet(&desk.reel_id, "shots", text).unwrap();
            }),
            ..Options::default()
        },
        |desk| async move {
            write(&desk, "{{shots}}").await;
            desk.sees("2 shots to 14 s of 10 s, makes 1 text").await;
            desk.press("f");
            desk.sees("error 1:1").await;
            desk.sees("Duration 15 s").await;
        },
    );
}

/// A request that was sent comes back as it was sent, also when it looks like a template.
#[test]
fn a_sent_request_never_expands() {
    workbench(Options::default(), |desk| async move {
        write(&desk, r"A \{red|black\} sign.").await;
        desk.press("g");
        desk.until("one is queued", |desk| queued(desk).len() == 1).await;
        assert_eq!(queued(&desk)[0].body["prompt"], "A {red|black} sign.");
        desk.press("E 3");
        desk.settle().await;
        desk.press("u");
        desk.until("it is loaded", |desk| {
            desk.form().prompt == r"A \{red|black\} sign."
        })
        .await;
        desk.press("r");
        desk.until("another is queued", |desk| queued(desk).len() == 2)
            .await;
        assert_eq!(queued(&desk)[1].body["prompt"], "A {red|black} sign.");
    });
}

/// A form that an earlier release stored has no mark, and its braces are text.
#[test]
fn the_form_of_an_earlier_release_never_expands() {
    workbench(
        Options {
            prepare: Some(|desk| {
                let form = Form {
                    prompt: "A {red|black} coat.".to_owned(),
                    ..Form::default()
                };
                desk.store.forms(&desk.reel_id).save(&form).unwrap();
                let raw = rusqlite::Connection::open(desk.store.path()).unwrap();
                let changed = raw
                    .execute("UPDATE forms SET form = json_remove(form, '$.expands')", [])
                    .unwrap();
                assert_eq!(changed, 1);
            }),
            ..Options::default()
        },
        |desk| async move {
            desk.sees(r"A \{red|black\} coat.").await;
            desk.press("g");
            desk.until("one is queued", |desk| queued(desk).len() == 1).await;
            assert_eq!(queued(&desk)[0].body["prompt"], "A {red|black} coat.");
        },
    );
}
