//! Reels from inside: listed, created, opened, archived; requests pasted on the prompt pane.

use std::path::PathBuf;

use crossterm::event::Event;
use jiff::{SignedDuration, Timestamp};
use rushes::model::{Take, TakeState};
use rushes::service::copies;
use rushes::store::Filter;
use rushes::tui::app::Leaving;

use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

#[test]
fn another_reel_is_created_and_opened_and_what_was_typed_is_saved_first() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("i");
        desk.write("Dawn. ").await;
        desk.press("esc L");
        desk.sees("open here").await;
        desk.sees("0 takes").await;
        desk.press("end enter");
        desk.sees("Name of the new reel").await;
        desk.write("day two").await;
        desk.press("enter");
        desk.sees("Reel \"day two\" is created").await;
        desk.press("L");
        desk.sees("New reel").await;
        desk.sees("open here").await;
        // Both were created at the same moment.
        let rows = desk.store.reel_rows(true).unwrap();
        let is_first = rows[0].reel.name == "day two";
        desk.press(if is_first { "k" } else { "j" });
        desk.press("enter");
        desk.sees("what is typed here is saved first").await;
        desk.press("enter");
        desk.let_pass(std::time::Duration::from_millis(200)).await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Reel);
    assert_eq!(ended.unsaved, None);
    assert!(ended.desk.form().prompt.contains("Dawn. "), "it is saved");
    let created = ended.desk.store.reel_named("day two").unwrap();
    assert!(created.is_some());
}

#[test]
fn a_reel_that_another_process_archives_is_said_and_nothing_is_sent() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.store.archive_reel(&desk.reel_id, true).unwrap();
        desk.sees("was archived by another rushes").await;
        desk.press("g");
        desk.sees("is archived").await;
        desk.settle().await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), []);
        desk.press("esc");
        desk.sees("lighthouse").await;
    });
}

#[test]
fn a_pasted_request_is_offered_and_can_be_undone() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let curl = "curl https://api.segmind.com/v2/seedance-2.0 -H 'x-api-key: SG_0123456789abcdef' -d '{\"prompt\": \
                    \"A kite over a beach.\", \"seed\": 42}'";
        desk.send(Event::Paste(curl.to_owned()));
        desk.sees("Load this request into the form?").await;
        desk.sees_no("0123456789abcdef").await;
        desk.press("y");
        desk.sees("A kite over a beach.").await;
        desk.press("U");
        desk.sees("lighthouse").await;
        desk.send(Event::Paste("/nowhere/film.mp4".to_owned()));
        desk.sees("No request was loaded").await;
    });
}

/// Saved takes of these seeds.
async fn saved(desk: &Desk, seeds: &str, count: usize) -> Vec<Take> {
    desk.sees("lighthouse").await;
    desk.press("s");
    desk.sees("SWEEP").await;
    desk.write(seeds).await;
    desk.press("enter");
    let takes = |desk: &Desk| desk.store.takes(&Filter::default(), 0, 100).unwrap();
    let are = move |desk: &Desk, state: TakeState| {
        takes(desk).iter().filter(|take| take.state == state).count() == count
    };
    desk.until("the provider has them", |desk| are(desk, TakeState::Queued))
        .await;
    desk.clock.advance(SignedDuration::from_secs(240));
    desk.until("they are saved", |desk| are(desk, TakeState::Saved))
        .await;
    desk.settle().await;
    let mut takes = takes(desk);
    takes.sort_by_key(|take| take.id);
    takes
}

fn with_provider() -> Options {
    Options {
        provider: Some(Provider::default()),
        ..Options::default()
    }
}

#[test]
fn one_of_the_takes_of_a_pasted_bundle_is_chosen() {
    workbench(with_provider(), |desk| async move {
        let takes = saved(&desk, "7, 42", 2).await;
        let tar: PathBuf = desk.store.path().with_file_name("two.tar");
        copies::bundle(&desk.store, &takes, &tar, Timestamp::UNIX_EPOCH).unwrap();
        desk.press("1 E");
        desk.sees("The form is empty").await;
        desk.send(Event::Paste(tar.display().to_string()));
        desk.sees("Bundle of 2 takes: load one request").await;
        desk.sees("seed 42").await;
        assert!(
            desk.form().prompt.is_empty(),
            "nothing is loaded before the choice"
        );
        desk.press("j enter");
        desk.sees("Load this request into the form?").await;
        desk.sees("it is take 2").await;
        desk.press("y");
        desk.until("it is loaded", |desk| desk.form().seeds == "42").await;
    });
}

#[test]
fn a_path_that_is_pasted_while_the_prompt_is_edited_stays_text() {
    workbench(with_provider(), |desk| async move {
        let video = saved(&desk, "42", 1).await[0].file.clone().unwrap();
        let path = video.display().to_string();
        desk.press("1 E");
        desk.sees("The form is empty").await;
        desk.press("i");
        desk.sees("EDITING").await;
        desk.write("Dusk. ").await;
        // No file with a request: nothing is said.
        desk.send(Event::Paste("/nowhere/film.mp4 ".to_owned()));
        desk.settle().await;
        desk.sees_no("inserted as text").await;
        desk.send(Event::Paste(path.clone()));
        desk.sees("inserted as text").await;
        desk.sees("l load request").await;
        let typed = format!("Dusk. /nowhere/film.mp4 {path}");
        desk.until("it is saved", |desk| desk.form().prompt == typed)
            .await;
        desk.press("esc l");
        desk.sees("Load this request into the form?").await;
        desk.press("n");
        desk.sees_no("Load this request").await;
        assert_eq!(desk.form().prompt, typed, "nothing typed is lost");
        desk.press("i");
        desk.sees("EDITING").await;
        desk.send(Event::Paste(path.clone()));
        desk.sees("inserted as text").await;
        desk.press("esc l");
        desk.sees("Load this request into the form?").await;
        desk.press("y");
        desk.until("it is loaded", |desk| desk.form().seeds == "42").await;
        assert!(!desk.form().prompt.contains("film.mp4"));
        desk.press("U");
        desk.until("it is back", |desk| desk.form().prompt.starts_with(&typed))
            .await;
    });
}

#[test]
fn a_renamed_reel_is_renamed_in_the_files_beside_its_videos() {
    workbench(with_provider(), |desk| async move {
        let video = saved(&desk, "42", 1).await[0].file.clone().unwrap();
        let reel = |_: &Desk| {
            let text = std::fs::read_to_string(video.with_extension("json")).unwrap_or_default();
            text.contains("\"reel\": \"dusk\"")
        };
        assert!(!reel(&desk));
        desk.press("L");
        desk.sees("open here").await;
        desk.press("enter");
        desk.sees("rename it").await;
        desk.press("enter");
        desk.sees("Another name for reel").await;
        desk.write("dusk").await;
        desk.press("enter");
        desk.sees("is now called \"dusk\"").await;
        desk.until("the sidecar has the new name", reel).await;
        desk.until("nothing is left to do", |desk| {
            desk.store.renamed_reels().unwrap().is_empty()
        })
        .await;
    });
}
