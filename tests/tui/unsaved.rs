//! Text that cannot be saved: nothing opens over it, and it is kept until it is in the store, in a file, or discarded.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rushes::tui::app::Leaving;
use rushes::tui::jobs::rescue::Unsaved;
use rusqlite::Connection;

use crate::test_workbench::{Desk, Ended, Options, workbench};

/// A store that another program has locked, for as long as this lives.
fn lock(desk: &Desk) -> Connection {
    let other = Connection::open(desk.store.path()).unwrap();
    other.busy_timeout(Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

fn impatient() -> Options {
    Options {
        patience: Duration::from_millis(100),
        ..Options::default()
    }
}

#[test]
fn text_typed_while_the_store_is_locked_is_saved_by_itself_once_it_is_free() {
    workbench(impatient(), |desk| async move {
        desk.press("i ctrl-home");
        let other = lock(&desk);
        desk.write("Locked. ").await;
        desk.sees("Your text is not saved yet").await;
        desk.write("Every key counts. ").await;
        desk.settle_for(Duration::from_millis(300)).await;
        let shown = desk.glass.text();
        assert!(!shown.contains("Problem"), "{shown}");
        assert!(shown.contains("Locked. Every key counts. A light"), "{shown}");
        assert!(shown.contains("Your text is not saved yet"), "{shown}");
        drop(other);
        desk.until("it is saved", |desk| {
            desk.form()
                .prompt
                .starts_with("Locked. Every key counts. A light")
        })
        .await;
        desk.sees_no("Your text is not saved yet").await;
    });
}

#[test]
fn a_text_that_is_not_saved_yet_is_not_replaced_by_the_older_one() {
    workbench(impatient(), |desk| async move {
        desk.press("i ctrl-home");
        let other = lock(&desk);
        desk.write("Newer. ").await;
        desk.press("esc");
        desk.sees("Your text is not saved yet").await;
        desk.send(crossterm::event::Event::FocusGained);
        desk.settle_for(Duration::from_millis(300)).await;
        assert!(
            desk.glass.text().contains("Newer. A light"),
            "{}",
            desk.glass.text()
        );
        drop(other);
        desk.until("it is saved", |desk| {
            desk.form().prompt.starts_with("Newer. A light")
        })
        .await;
    });
}

#[test]
fn a_problem_waits_until_typing_ends_and_takes_no_key() {
    let options = Options {
        patience: Duration::from_millis(500),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        let other = lock(&desk);
        desk.press("g i ctrl-home");
        desk.write("Nothing is lost. ").await;
        desk.sees("No take was queued").await;
        desk.write("Quite. ").await;
        let shown = desk.glass.text();
        assert!(shown.contains("Nothing is lost. Quite. A light"), "{shown}");
        assert!(!shown.contains("Problem"), "{shown}");
        desk.press("esc");
        desk.sees("Problem").await;
        drop(other);
    });
}

/// Types into a store that stays locked beyond the end.
fn left_unsaved(options: Options, text: &'static str) -> Ended {
    let locked = Arc::new(Mutex::new(None));
    let holder = Arc::clone(&locked);
    let ended = workbench(options, |desk| async move {
        desk.press("i ctrl-home");
        desk.settle().await;
        *holder.lock().unwrap() = Some(lock(&desk));
        desk.write(text).await;
        desk.press("esc q");
        desk.settle().await;
    });
    assert_eq!(*ended.leaving.as_ref().unwrap(), Leaving::Quit);
    drop(locked);
    ended
}

/// The files that hold unsaved text.
fn files(ended: &Ended) -> Vec<PathBuf> {
    let found = std::fs::read_dir(ended.folder.path()).unwrap();
    let mut files: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().to_string_lossy().contains("unsaved"));
    files
}

fn again(ended: &Ended) -> Options {
    Options {
        folder: Some(Arc::clone(&ended.folder)),
        ..impatient()
    }
}

const OFFERED: &str = "An earlier session could not save this text";

#[test]
fn unsaved_text_is_offered_by_each_start_until_it_is_used() {
    let first = left_unsaved(impatient(), "Rescued. ");
    assert!(first.desk.form().prompt.is_empty(), "the store never took it");
    let file = files(&first);
    assert_eq!(file.len(), 1, "it is in a file");
    assert_eq!(first.unsaved, Some(Unsaved::File(file[0].clone())));
    let text = std::fs::read_to_string(&file[0]).unwrap();
    assert!(text.contains("Rescued. A lighthouse"), "{text}");
    let second = workbench(again(&first), |desk| async move {
        desk.sees(OFFERED).await;
        desk.press("esc");
        desk.sees_no(OFFERED).await;
        // The text in the store is kept as a revision when the other is used.
        desk.press("i ctrl-home");
        desk.write("Present. ").await;
        desk.press("esc");
        desk.until("it is saved", |desk| desk.form().prompt.starts_with("Present. "))
            .await;
    });
    assert_eq!(files(&second).len(), 1, "Escape loses nothing");
    let third = workbench(again(&second), |desk| async move {
        desk.sees(OFFERED).await;
        desk.sees("Rescued. A lighthouse").await;
        desk.press("enter");
        desk.until("it is the form", |desk| {
            desk.form().prompt.starts_with("Rescued. A light")
        })
        .await;
        desk.sees_no(OFFERED).await;
        let kept = |version| desk.store.forms(&desk.reel_id).revision(version).unwrap();
        let prompts: Vec<String> = (1..=2).filter_map(kept).map(|form| form.prompt).collect();
        assert!(
            prompts.iter().any(|prompt| prompt.starts_with("Present. ")),
            "{prompts:?}"
        );
        desk.press("U");
        desk.sees("Present. ").await;
    });
    assert_eq!(files(&third).len(), 0);
}

#[test]
fn an_offered_text_can_be_kept_beside_the_current_one_or_discarded() {
    for (keys, kept) in [("down enter", true), ("down down enter", false)] {
        let first = left_unsaved(impatient(), "Rescued. ");
        let second = workbench(again(&first), |desk| async move {
            desk.sees(OFFERED).await;
            desk.press(keys);
            desk.sees_no(OFFERED).await;
            desk.settle().await;
            assert!(!desk.glass.text().contains("Rescued."), "{}", desk.glass.text());
            let revision = desk.store.forms(&desk.reel_id).revision(1).unwrap();
            assert_eq!(
                revision.is_some_and(|form| form.prompt.starts_with("Rescued. ")),
                kept
            );
        });
        assert_eq!(files(&second).len(), 0);
    }
}
