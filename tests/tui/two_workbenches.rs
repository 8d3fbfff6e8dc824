//! Two workbenches on one reel: neither loses text to the other, and each shows what the other saved.

use std::sync::Arc;

use crate::test_workbench::{Desk, Options, at_desk};

/// Runs two workbenches on one reel, each with a connection of its own, while `user` works at both.
pub fn two_workbenches<F: Future<Output = ()>>(user: impl FnOnce(Desk, Desk) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let options = || Options {
        folder: Some(Arc::clone(&folder)),
        ..Options::default()
    };
    let (given, second) = tokio::sync::oneshot::channel();
    let (done, is_done) = tokio::sync::oneshot::channel::<()>();
    runtime.block_on(async {
        futures::join!(
            at_desk(options(), |first| async move {
                user(first, second.await.unwrap()).await;
                drop(done);
            }),
            at_desk(options(), |second| async move {
                let _ = given.send(second);
                let _ = is_done.await;
            }),
        )
    });
}

const TOLD: &str = "was changed in another window";

async fn saved(desk: &Desk, beginning: &'static str) {
    desk.until(&format!("{beginning:?} is saved"), |desk| {
        desk.form().prompt.starts_with(beginning)
    })
    .await;
}

/// The prompt of a revision.
fn kept(desk: &Desk, version: i64) -> String {
    let kept = desk.store.forms(&desk.reel_id).revision(version).unwrap();
    kept.unwrap_or_else(|| panic!("there is no revision {version}"))
        .prompt
}

#[test]
fn two_workbenches_that_type_at_once_keep_both_texts_and_say_so() {
    two_workbenches(|a, b| async move {
        // A window in which nothing is typed shows what the other one types: both must have begun.
        a.press("i ctrl-home");
        a.settle().await;
        a.write("x").await;
        b.sees("xA light").await;
        b.press("i ctrl-home");
        b.settle().await;
        b.write("BBBB ").await;
        saved(&b, "BBBB xA light").await;
        a.write("AAAA ").await;
        saved(&a, "xAAAA A light").await;
        a.sees(TOLD).await;
        b.write("more ").await;
        saved(&b, "BBBB more xA light").await;
        b.sees(TOLD).await;
        for (version, beginning) in [(1, "BBBB xA light"), (2, "xAAAA A light")] {
            let kept = kept(&b, version);
            assert!(kept.starts_with(beginning), "{version}: {kept:?}");
        }
        b.press("esc");
        b.sees(TOLD).await;
    });
}

#[test]
fn an_overwritten_text_is_listed_and_can_be_restored() {
    two_workbenches(|a, b| async move {
        a.press("i ctrl-home");
        a.write("Mine. ").await;
        saved(&a, "Mine. A light").await;
        b.sees("Mine. A light").await;
        b.press("i ctrl-home");
        b.settle().await;
        b.write("Theirs. ").await;
        b.press("esc");
        saved(&b, "Theirs. ").await;
        a.write("Again. ").await;
        saved(&a, "Mine. Again. A light").await;
        a.press("esc W");
        a.sees("Theirs. ").await;
        a.press("enter");
        saved(&a, "Theirs. ").await;
        a.press("U");
        saved(&a, "Mine. Again. A light").await;
    });
}

#[test]
fn a_window_in_which_nothing_was_typed_shows_the_other_windows_text_also_while_it_is_edited() {
    two_workbenches(|a, b| async move {
        b.press("i ctrl-home");
        b.settle().await;
        a.press("i ctrl-home");
        a.write("First. ").await;
        saved(&a, "First. A light").await;
        b.sees("First. A light").await;
        b.sees(TOLD).await;
        b.write("x").await;
        b.until("both are in one text", |desk| {
            let prompt = desk.form().prompt;
            prompt.contains("First. ") && prompt.contains('x')
        })
        .await;
        assert_eq!(
            b.store.forms(&b.reel_id).revision(1).unwrap(),
            None,
            "nothing collided"
        );
    });
}

/// Each piece that the other window saves arrives by itself: together they are one step back.
#[test]
fn the_previous_text_is_one_undo_away_however_long_the_other_window_types() {
    two_workbenches(|a, b| async move {
        a.press("i ctrl-home");
        a.write("Mine. ").await;
        a.press("esc");
        b.sees("Mine. A light").await;
        b.press("i ctrl-home");
        b.settle().await;
        for piece in ["One ", "Two ", "Three "] {
            b.write(piece).await;
            a.sees(&format!("{piece}Mine.")).await;
        }
        a.press("U");
        saved(&a, "Mine. A light").await;
    });
}
