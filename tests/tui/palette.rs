//! The palette runs the command whose name was typed, or nothing.

use rushes::model::{TakeId, Verdict};

use crate::test_workbench::{Options, workbench};

#[test]
fn a_word_that_is_no_command_runs_nothing_and_says_so() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        desk.press("4");
        desk.settle().await;
        let before = desk.form();
        for query in ["spool", "theme", "spend", "the", "e t"] {
            desk.press(":");
            desk.sees("Commands").await;
            desk.write(query).await;
            desk.press("enter");
            desk.settle().await;
            assert_eq!(
                desk.store.take(TakeId(1)).unwrap().verdict,
                Verdict::None,
                "{query:?}"
            );
            assert!(
                !desk.log.holds("mouse") && !desk.log.holds("suspend"),
                "{query:?} ran a command"
            );
            desk.sees("no command is selected").await;
            desk.press("esc");
            desk.sees_no("Commands").await;
        }
        assert_eq!(desk.form(), before);
    });
}

#[test]
fn a_found_command_that_is_not_selected_is_chosen_with_an_arrow() {
    workbench(Options::default(), |desk| async move {
        desk.sees("2 Parameters").await;
        desk.press(":");
        desk.settle().await;
        desk.write("zm").await;
        desk.sees("Show this pane on the whole screen").await;
        desk.press("enter");
        desk.sees("no command is selected").await;
        desk.press("down enter");
        desk.sees_no("2 Parameters").await;
    });
}
