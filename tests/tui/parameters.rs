//! Parameters that differ between models: long lists of lengths, and skipping the moderation.

use rushes::model::{Backend, Form, Usd};

use crate::test_workbench::*;

fn with_model(desk: &Desk, model: &str) {
    let form = Form {
        prompt: "Shot 1 | 0s-10s\nA kite lifts off.".to_owned(),
        model: model.parse().unwrap(),
        ..Form::default()
    };
    desk.store.forms(&desk.reel_id).save(&form).unwrap();
}

fn row(desk: &Desk, name: &str) -> String {
    let screen = desk.glass.text();
    let line = screen.lines().find(|line| line.contains(name));
    line.map(str::to_owned).unwrap_or_default()
}

/// Where a model takes every second, the length is a number with steps; Enter lists them all.
#[test]
fn a_long_list_of_lengths_is_a_number_with_steps() {
    let options = Options {
        prepare: Some(|desk| with_model(desk, "seedance-2.5")),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("[10]  4 to 30 s").await;
        desk.press("2 j l l");
        desk.sees("[12]  4 to 30 s").await;
        desk.press("h");
        desk.sees("[11]  4 to 30 s").await;
        desk.press("enter");
        desk.sees("11 s").await;
        desk.press("end enter");
        desk.sees("[30]  4 to 30 s").await;
        // Behind the last comes the first.
        desk.press("l");
        desk.sees("[4]  4 to 30 s").await;
    });
}

#[test]
fn skipping_the_moderation_is_explained_once() {
    workbench(Options::default(), |desk| async move {
        desk.sees("Unmoderated").await;
        let is_on = |desk: &Desk| row(desk, "Unmoderated").contains("[on]");
        desk.press("2 end k l");
        desk.sees("Skip the provider's moderation?").await;
        desk.press("n");
        desk.sees_no("Skip the provider's moderation?").await;
        desk.settle().await;
        assert!(!is_on(&desk), "{}", desk.glass.text());
        desk.press("l");
        desk.sees("Skip the provider's moderation?").await;
        desk.settle().await;
        desk.press("y");
        desk.until("the moderation is skipped", is_on).await;
        desk.press("l");
        desk.until("the moderation is not skipped", |desk| !is_on(desk))
            .await;
        // It was agreed to in this session.
        desk.press("l");
        desk.until("the moderation is skipped", is_on).await;
        desk.sees_no("Skip the provider's moderation?").await;
    });
}

/// Whoever pays for a take is told once more that the provider does not check it.
#[test]
fn skipping_the_moderation_is_said_where_it_is_paid_for() {
    let options = Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(20_000_000)),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("Unmoderated").await;
        desk.press("2 end k l");
        desk.sees("Skip the provider's moderation?").await;
        desk.settle().await;
        desk.press("y");
        desk.until("the moderation is skipped", |desk| {
            row(desk, "Unmoderated").contains("[on]")
        })
        .await;
        desk.press("g");
        desk.sees("The provider is asked not to check prompt").await;
        desk.press("n");
        desk.sees_no("The provider is asked not to check prompt").await;
        desk.press("s");
        desk.sees("The provider is asked not to check prompt").await;
        desk.press("esc");
        desk.sees_no("The provider is asked not to check prompt").await;
        // The line of Parameters while another pane has the room.
        desk.resize(80, 24);
        desk.press("4");
        desk.sees("moderation skipped").await;
    });
}
