//! Drafts that the provider can finish as the very same shot: the days that are left, the question, and one final.

use jiff::SignedDuration;
use rushes::engine::Event as News;
use rushes::model::take::Draft;
use rushes::model::{Form, Lineage, Take, TakeId, TakeState};
use rushes::store::Facts;

use crate::takes::OWNER;
use crate::test_workbench::*;

/// A saved take of the model with drafts, named by the provider.
fn saved_draft(desk: &Desk) -> TakeId {
    let form = Form {
        model: "seedance-2.5-draft-final".parse().unwrap(),
        prompt: "A heron lands in the reeds.".to_owned(),
        images: vec!["https://example.com/kite.png".to_owned()],
        videos: vec!["https://example.com/kite.mp4".to_owned()],
        ..Form::default()
    };
    crate::delivered::queue_of(desk, form, &[7]);
    let id = crate::delivered::render(desk);
    let facts = Facts {
        draft: Some(Draft {
            id: "draft-9f2c".to_owned(),
            expires: desk.store.take(id).unwrap().times.submitted.unwrap()
                + SignedDuration::from_hours(7 * 24),
        }),
        ..Facts::default()
    };
    desk.store
        .step(OWNER, id, TakeState::Rendered, "", &facts)
        .unwrap();
    let saved = Facts {
        file: Some("/gone/1.mp4".into()),
        ..Facts::default()
    };
    desk.store.step(OWNER, id, TakeState::Saved, "", &saved).unwrap();
    desk.tell(News::Take(id));
    id
}

/// Promotes take 1 by the first of the ways that are listed; the take that was made.
async fn promote(desk: &Desk) -> Take {
    desk.press("enter");
    desk.sees("Make a 1080p take of take 1").await;
    desk.press("y");
    desk.until("a final", |desk| desk.store.take(TakeId(2)).is_ok())
        .await;
    desk.store.take(TakeId(2)).unwrap()
}

#[test]
fn a_draft_is_finished_as_the_very_same_shot_and_only_once() {
    workbench(Options::default(), |desk| async move {
        let draft = saved_draft(&desk);
        desk.press("4");
        desk.sees("finish within 7 d 0 h").await;
        desk.settle().await;
        desk.press("p");
        desk.sees("Promote take 1").await;
        desk.sees("1080p this very shot, finished").await;
        desk.sees("the draft's and").await;
        // The first of the ways; the others make another clip, by the whole model.
        desk.sees("same seed").await;
        let made = promote(&desk).await;
        assert_eq!(
            (made.parent, made.lineage),
            (Some(draft), Some(Lineage::Finished))
        );
        let body = serde_json::json!({"draft_task_id": "draft-9f2c", "resolution": "1080p"});
        assert_eq!(made.body, body);
        assert_eq!(made.seed.number(), 7);
        // It is not known whether the draft's video counts once more.
        let (least, most) = (made.least.unwrap(), made.reserve.unwrap());
        assert!(least < most, "{least} {most}");
        // The draft says what became of it, and no longer counts down.
        desk.sees("finished as 2").await;
        desk.sees_no("finish within").await;
        desk.press("p");
        desk.sees("Promote take 1").await;
        desk.sees("same seed").await;
        desk.sees_no("this very shot").await;
        desk.press("esc");
        desk.settle().await;
        // A final has no request of its own that could be sent again.
        desk.press("home");
        desk.settle().await;
        desk.press("r");
        desk.sees("is the final of a draft").await;
        // So no key is offered that is refused.
        desk.press("4");
        desk.settle().await;
        let screen = desk.glass.text();
        let keys = screen.lines().last().unwrap();
        assert!(keys.contains("Enter open"), "{keys}");
        for refused in ["u use", "r run again", "p promote"] {
            assert!(!keys.contains(refused), "{keys}");
        }
        // Its prompt is that of its draft.
        assert_eq!(made.prompt(), desk.store.take(draft).unwrap().prompt());
        desk.press("o");
        desk.sees("A heron lands").await;
        desk.press("esc");
        desk.sees_no("A heron lands").await;
        // A final that came to nothing leaves its draft as it was.
        desk.store.cancel(TakeId(2)).unwrap();
        desk.tell(News::Take(TakeId(2)));
        desk.sees("≤7 d").await;
        desk.press("end");
        desk.sees("finish within").await;
        desk.sees_no("finished as 2").await;
    });
}

#[test]
fn a_draft_whose_days_are_over_is_promoted_in_another_way() {
    workbench(Options::default(), |desk| async move {
        saved_draft(&desk);
        desk.press("4");
        desk.sees("finish within 7 d 0 h").await;
        desk.clock.advance(SignedDuration::from_hours(7 * 24));
        desk.tell(News::Take(TakeId(1)));
        desk.sees("can no longer be finished").await;
        desk.settle().await;
        desk.press("p");
        desk.sees("same seed").await;
        desk.sees_no("this very shot").await;
        let made = promote(&desk).await;
        assert_eq!(
            (made.model.slug(), made.lineage),
            ("seedance-2.5", Some(Lineage::Promoted))
        );
        assert_eq!(made.body["seed"], 7);
    });
}

/// The days that are left stand in a column of the Log and on a line of the Monitor, whole at every size; the filter keeps
/// those that have some.
#[test]
fn the_days_that_are_left_are_readable_at_every_size() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        let options = Options {
            size,
            ..Options::default()
        };
        workbench(options, |desk| async move {
            saved_draft(&desk);
            crate::takes::admit(&desk, 11);
            desk.tell(News::Take(TakeId(2)));
            desk.press("4");
            desk.sees("≤7 d").await;
            desk.sees(" finish ").await;
            desk.press("/");
            desk.write("is:finishable").await;
            desk.sees_no(" s11 ").await;
            desk.press("enter");
            desk.sees("finish within 7 d 0 h").await;
            desk.clock.advance(SignedDuration::from_hours(6 * 24 + 1));
            desk.tell(News::Take(TakeId(1)));
            desk.sees("≤23 h").await;
            desk.clock.advance(SignedDuration::from_hours(23));
            desk.tell(News::Take(TakeId(1)));
            desk.sees("No take matches").await;
            desk.press("esc");
            desk.sees(" s11 ").await;
            desk.press("end");
            desk.sees("can no longer be finished").await;
            desk.sees_no("≤").await;
        });
    }
}

/// Two at once and the wall say which of two equal pictures is the draft.
#[test]
fn a_draft_and_its_final_are_told_apart() {
    workbench(Options::default(), |desk| async move {
        saved_draft(&desk);
        desk.press("4");
        desk.sees("finish within").await;
        desk.settle().await;
        desk.press("p");
        desk.sees("this very shot").await;
        promote(&desk).await;
        let id = crate::delivered::render(&desk);
        crate::delivered::save_without_video(&desk, id);
        desk.sees("finished as 2").await;
        desk.settle().await;
        desk.press("home");
        desk.sees("final of draft 1").await;
        desk.press("v down v =");
        desk.sees("draft 480p").await;
        desk.sees("final 1080p").await;
        desk.press("esc");
        desk.sees_no("draft 480p").await;
        desk.press("w");
        desk.sees("draft 480p 10s").await;
        desk.sees("final 1080p 10s").await;
    });
}
