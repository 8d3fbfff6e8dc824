//! What continues a take: promotion in each way, a chain, and the lineage shown from both sides.

use jiff::SignedDuration;
use rushes::model::{Backend, Lineage, Take, TakeId, TakeState};
use rushes::store::Filter;

use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

fn with_provider(backend: Backend) -> Options {
    Options {
        backend,
        provider: Some(Provider::default()),
        ..Options::default()
    }
}

fn takes(desk: &Desk) -> Vec<Take> {
    let mut takes = desk.store.takes(&Filter::default(), 0, 100).unwrap();
    takes.sort_by_key(|take| take.id);
    takes
}

/// Waits until `count` takes are saved.
async fn saved(desk: &Desk, count: usize) {
    let queued = |desk: &Desk| {
        takes(desk)
            .iter()
            .filter(|take| take.state == TakeState::Queued)
            .count()
            > 0
    };
    desk.until("the provider has it", queued).await;
    desk.clock.advance(SignedDuration::from_secs(240));
    desk.until("it is saved", |desk| {
        takes(desk)
            .iter()
            .filter(|take| take.state == TakeState::Saved)
            .count()
            == count
    })
    .await;
    desk.settle().await;
}

/// A saved draft, selected in the log.
async fn draft(desk: &Desk) {
    desk.sees("lighthouse").await;
    desk.press("s");
    desk.sees("SWEEP").await;
    desk.write("7").await;
    desk.sees("seed 7").await;
    desk.press("enter");
    saved(desk, 1).await;
    desk.press("4");
    desk.settle().await;
}

#[test]
fn a_draft_is_promoted_by_each_way_that_its_model_offers() {
    workbench(with_provider(Backend::Live), |desk| async move {
        draft(&desk).await;
        let before = std::fs::read(takes(&desk)[0].file.as_ref().unwrap()).unwrap();
        for (n, keys, told) in [
            (2, "enter", "It is another clip"),
            (3, "j enter", "the first frame are kept"),
            (4, "j j enter", "guides the motion as"),
        ] {
            desk.press("end p");
            desk.sees("Promote take 1").await;
            assert_eq!(takes(&desk).len(), n - 1);
            desk.press(keys);
            desk.sees("Make a 720p take of take 1 for").await;
            desk.sees(told).await;
            assert_eq!(takes(&desk).len(), n - 1, "nothing is sent before the answer");
            desk.press("y");
            desk.until("it is queued", |desk| takes(desk).len() == n).await;
            saved(&desk, n).await;
        }
        let all = takes(&desk);
        for take in &all[1..] {
            assert_eq!(
                (take.parent, take.lineage),
                (Some(TakeId(1)), Some(Lineage::Promoted))
            );
            assert_eq!(take.body["resolution"], "720p");
            assert_eq!(take.seed, all[0].seed);
        }
        assert!(
            all[2].body["first_frame_url"]
                .as_str()
                .unwrap()
                .starts_with("http")
        );
        assert!(
            all[3].body["reference_videos"][0]
                .as_str()
                .unwrap()
                .starts_with("http")
        );
        let after = std::fs::read(all[0].file.as_ref().unwrap()).unwrap();
        assert!(before == after, "the saved video is never altered");
        let sees = desk.glass.text();
        desk.press("end");
        desk.sees("promoted to 2, 3, 4").await;
        desk.press("home");
        desk.sees("from draft 1").await;
        desk.press("o");
        desk.sees("from draft 1").await;
        assert_ne!(sees, desk.glass.text());
    });
}

#[test]
fn a_chain_begins_with_the_last_frame_of_the_take() {
    workbench(with_provider(Backend::Sandbox), |desk| async move {
        draft(&desk).await;
        desk.press("c");
        desk.sees("The form now begins with take 1's last frame").await;
        desk.until("it is saved", |desk| {
            desk.form().first_frame.ends_with("-last.png")
        })
        .await;
        assert!(std::path::Path::new(&desk.form().first_frame).exists());
        // The same picture again is the same file.
        let frame = desk.form().first_frame;
        desk.press("c");
        desk.settle().await;
        assert_eq!(desk.form().first_frame, frame);
        desk.press("g");
        desk.until("it is queued", |desk| takes(desk).len() == 2).await;
        saved(&desk, 2).await;
        let next = &takes(&desk)[1];
        assert_eq!(
            (next.parent, next.lineage),
            (Some(TakeId(1)), Some(Lineage::Chained))
        );
        assert!(next.body["first_frame_url"].as_str().unwrap().starts_with("http"));
        desk.press("home");
        desk.sees("continues 1").await;
        desk.press("end");
        desk.sees("continued by 2").await;
    });
}

#[test]
fn a_take_without_a_video_cannot_be_continued() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.until("one waits", |desk| takes(desk).len() == 1).await;
        desk.press("4");
        desk.settle().await;
        desk.press("c");
        desk.sees("take 1 has no video: it is waiting").await;
    });
}
