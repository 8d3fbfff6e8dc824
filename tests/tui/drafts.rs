//! Drafts that the provider can finish as the very same shot: the days that are left, the question, and one final.

use jiff::SignedDuration;
use rushes::engine::Event as News;
use rushes::model::take::Draft;
use rushes::model::{Form, Lineage, TakeId, TakeState};
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
        desk.press("enter");
        desk.sees("Make a 1080p take of take 1").await;
        desk.press("y");
        desk.until("a final", |desk| desk.store.take(TakeId(2)).is_ok())
            .await;
        let made = desk.store.take(TakeId(2)).unwrap();
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
        // Its prompt is that of its draft.
        assert_eq!(made.prompt(), desk.store.take(draft).unwrap().prompt());
        desk.press("o");
        desk.sees("A heron lands").await;
        desk.press("esc");
        desk.sees_no("A heron lands").await;
        // A final that came to nothing leaves its draft as it was.
        desk.store.cancel(TakeId(2)).unwrap();
        desk.tell(News::Take(TakeId(2)));
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
        desk.press("enter");
        desk.sees("Make a 1080p take of take 1").await;
        desk.press("y");
        desk.until("a final", |desk| desk.store.take(TakeId(2)).is_ok())
            .await;
        let made = desk.store.take(TakeId(2)).unwrap();
        assert_eq!(
            (made.model.slug(), made.lineage),
            ("seedance-2.5", Some(Lineage::Promoted))
        );
        assert_eq!(made.body["seed"], 7);
    });
}
