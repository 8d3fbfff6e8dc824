//! The bin in the workbench: a rejected take's file moves there, and the palette's command empties it.

use jiff::SignedDuration;
use rushes::engine::bin::is_binned;
use rushes::model::{TakeId, TakeState, Verdict};

use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

/// A saved take, selected in the log.
async fn saved(desk: &Desk) {
    desk.sees("lighthouse").await;
    desk.press("g");
    let is = |state: TakeState| {
        move |desk: &Desk| desk.store.take(TakeId(1)).is_ok_and(|take| take.state == state)
    };
    desk.until("the provider has it", is(TakeState::Queued)).await;
    desk.clock.advance(SignedDuration::from_secs(240));
    desk.until("it is saved", is(TakeState::Saved)).await;
    desk.press("4");
    desk.settle().await;
}

#[test]
fn a_rejected_take_is_binned_and_emptied_only_after_a_question() {
    let options = Options {
        provider: Some(Provider::default()),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        saved(&desk).await;
        let take = || desk.store.take(TakeId(1)).unwrap();
        let was = take().file.unwrap();
        desk.press("-");
        let in_bin = |desk: &Desk| {
            let take = desk.store.take(TakeId(1)).unwrap();
            take.file.is_some_and(|file| is_binned(&file))
        };
        desk.until("it is in the bin", in_bin).await;
        desk.settle().await;
        desk.press("-");
        desk.until("it is back", |desk| !in_bin(desk)).await;
        assert_eq!(take().file.as_ref(), Some(&was));
        desk.settle().await;
        desk.press("-");
        desk.until("it is in the bin again", in_bin).await;
        desk.settle().await;
        let binned = take().file.unwrap();

        desk.press(":");
        desk.write("empty bin").await;
        desk.press("enter");
        desk.sees("Delete 1 video of a rejected take").await;
        desk.sees("for good?").await;
        desk.press("n");
        desk.sees_no("for good?").await;
        assert!(binned.is_file());
        desk.press(":");
        desk.write("empty bin").await;
        desk.press("enter");
        desk.sees("for good?").await;
        desk.press("y");
        desk.sees("1 video was deleted").await;
        assert!(!binned.exists());
        assert_eq!((take().file, take().verdict), (None, Verdict::Rejected));
        desk.sees("the video was deleted from the bin").await;
        desk.sees("R same seed").await;
        desk.sees("no picture (deleted)").await;
        desk.press(":");
        desk.write("empty bin").await;
        desk.press("enter");
        desk.sees("The bin of this reel is empty").await;
        // What needs the video says so.
        desk.press("b");
        desk.sees("was deleted from the bin at").await;
    });
}

/// The engine moves the video then, and says so: the Monitor shows it where it is.
#[test]
fn a_take_that_is_rejected_on_its_way_is_shown_in_the_bin() {
    let options = Options {
        provider: Some(Provider::default()),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("g");
        let take = |desk: &Desk| desk.store.take(TakeId(1));
        desk.until("the provider has it", |desk| {
            take(desk).is_ok_and(|take| take.state == TakeState::Queued)
        })
        .await;
        desk.press("4");
        desk.settle().await;
        desk.press("-");
        desk.until("it is rejected", |desk| {
            take(desk).unwrap().verdict == Verdict::Rejected
        })
        .await;
        desk.clock.advance(SignedDuration::from_secs(240));
        desk.until("it is in the bin", |desk| {
            take(desk).unwrap().file.is_some_and(|file| is_binned(&file))
        })
        .await;
        desk.sees("/bin/00001-s").await;
        desk.sees_no("cannot be read").await;
    });
}

#[test]
fn a_video_that_is_gone_is_told_and_the_verdict_kept() {
    let options = Options {
        provider: Some(Provider::default()),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        saved(&desk).await;
        std::fs::remove_file(desk.store.take(TakeId(1)).unwrap().file.unwrap()).unwrap();
        desk.press("-");
        desk.sees("Take 1 is rejected, but its video").await;
        assert_eq!(desk.store.take(TakeId(1)).unwrap().verdict, Verdict::Rejected);
    });
}
