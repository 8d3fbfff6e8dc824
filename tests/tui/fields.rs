//! One-line fields: typing replaces their text, an open one is visible, and no key leaks out of it.

use rushes::model::TakeId;

use crate::test_workbench::{Desk, Options, workbench};

/// A take in the log, selected there.
async fn with_a_take(desk: &Desk) {
    desk.press("g");
    desk.queued(1).await;
    desk.press("4");
    desk.settle().await;
}

#[test]
fn typing_replaces_a_prefilled_value_and_an_arrow_or_end_keeps_it() {
    workbench(Options::default(), |desk| async move {
        desk.sees("1 new").await;
        desk.open_seeds().await;
        desk.press("6 enter");
        desk.until("the seed is 6", |desk| desk.form().seeds == "6").await;
        desk.open_seeds().await;
        desk.press("end");
        desk.write(", 9").await;
        desk.press("enter");
        desk.until("9 was added", |desk| desk.form().seeds == "6, 9")
            .await;
        desk.open_seeds().await;
        desk.press("left 1 enter");
        desk.until("the caret moved", |desk| desk.form().seeds == "6, 19")
            .await;
        desk.open_seeds().await;
        desk.press("backspace enter");
        desk.sees("no seed is given").await;
    });
}

#[test]
fn a_bad_value_keeps_its_field_open_in_sight_and_no_key_becomes_a_command() {
    for size in [(140, 40), (80, 24)] {
        let options = Options {
            size,
            ..Options::default()
        };
        workbench(options, |desk| async move {
            with_a_take(&desk).await;
            desk.open_seeds().await;
            desk.press("ctrl-u");
            desk.write("9..3").await;
            for key in ["enter", "enter", "4", "n", "x", "enter", "g"] {
                desk.press(key);
                desk.settle().await;
            }
            desk.sees("9..34nxg").await;
            // The error stays beside the field, not only until the next key.
            desk.sees("34nxg\" is not a seed").await;
            desk.sees("TYPING").await;
            assert_eq!(desk.store.take(TakeId(1)).unwrap().note, None);
            assert_eq!(desk.store.unsettled_takes(None).unwrap().len(), 1);
            desk.press("ctrl-u");
            desk.write("7, 8").await;
            desk.press("enter");
            desk.until("it is corrected", |desk| desk.form().seeds == "7, 8")
                .await;
            desk.sees_no("TYPING").await;
        });
    }
}

#[test]
fn a_number_key_gives_a_pane_the_keys_and_types_nothing() {
    workbench(Options::default(), |desk| async move {
        desk.sees("A lighthouse").await;
        let before = desk.form();
        desk.press("4 1 4");
        desk.settle().await;
        desk.press("tab tab tab 4");
        desk.settle().await;
        desk.press("1");
        desk.settle().await;
        assert!(
            desk.glass.text().contains("g generate"),
            "a key starts editing:\n{}",
            desk.glass.text()
        );
        assert_eq!(desk.form(), before);
        desk.press("enter");
        desk.sees("EDITING").await;
        desk.press("esc");
        desk.sees_no("EDITING").await;
    });
}

#[test]
fn enter_on_a_choice_lists_its_values_and_changes_none_by_itself() {
    workbench(Options::default(), |desk| async move {
        desk.sees("Duration").await;
        let before = desk.form();
        desk.press("2");
        desk.settle().await;
        desk.press("down");
        desk.settle().await;
        desk.press("enter");
        desk.settle().await;
        assert_eq!(desk.form(), before, "Enter raised the duration");
        desk.sees("CHOOSING").await;
        desk.press("down enter");
        desk.until("the next longer one", |desk| desk.form().duration.get() == 12)
            .await;
        desk.sees_no("CHOOSING").await;
        let longer = desk.form();
        desk.press("enter");
        desk.settle().await;
        desk.press("esc");
        desk.settle().await;
        assert_eq!(desk.form(), longer);
    });
}

#[test]
fn a_note_and_a_filter_are_replaced_by_what_is_typed() {
    workbench(Options::default(), |desk| async move {
        with_a_take(&desk).await;
        for note in ["her look", "too dark"] {
            desk.press("n");
            desk.settle().await;
            desk.write(note).await;
            desk.press("enter");
            desk.until("the note is kept", |desk| {
                desk.store.take(TakeId(1)).unwrap().note.as_deref() == Some(note)
            })
            .await;
            desk.settle().await;
        }
        for filter in ["seed:42", "480p"] {
            desk.press("/");
            desk.settle().await;
            desk.write(filter).await;
            desk.press("enter");
            desk.sees(&format!("/{filter} ")).await;
        }
    });
}

#[test]
fn leaving_the_filter_keeps_the_take_selected() {
    workbench(Options::default(), |desk| async move {
        for seed in [11, 12, 13] {
            crate::takes::admit(&desk, seed);
        }
        desk.tell(rushes::engine::Event::Take(TakeId(1)));
        desk.settle().await;
        desk.press("4 /");
        desk.write("seed:11").await;
        desk.press("enter");
        desk.sees("take 1  seed 11").await;
        desk.press("esc");
        desk.sees_no("/seed:11").await;
        desk.settle().await;
        desk.sees("take 1  seed 11").await;
        // A filter that the take does not match shows the first that does.
        desk.press("/");
        desk.write("seed:12").await;
        desk.sees("take 2  seed 12").await;
    });
}

#[test]
fn the_seed_field_takes_the_seeds_of_an_earlier_sweep() {
    workbench(Options::default(), |desk| async move {
        desk.type_seeds("7, 42").await;
        desk.press("g");
        desk.until("they are queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 2
        })
        .await;
        desk.type_seeds("sweep 1, 9").await;
        desk.until("the seeds are there", |desk| desk.form().seeds == "7, 42, 9")
            .await;
        desk.type_seeds("sweep 8").await;
        desk.sees("there is no sweep 8").await;
        desk.type_seeds("3").await;
        desk.until("another list is taken", |desk| desk.form().seeds == "3")
            .await;
    });
}
