//! Models whose fields nobody has seen at the provider: nothing is sent that costs money.

use rushes::engine::admit::{AdmitError, Order};
use rushes::model::{Backend, Form, Model};

use crate::test_engine::{Stage, form};

#[tokio::test]
async fn a_live_draft_is_not_queued_before_its_fields_are_confirmed() {
    let stage = Stage::with_faults("").await;
    let model: Model = "seedance-2.5-draft-final".parse().unwrap();
    let seeds = || vec![rushes::model::Seed::new(7).unwrap()];
    let draft = Form { model, ..form() };
    let finished = Form {
        draft_id: "draft-1".to_owned(),
        resolution: "1080p".parse().unwrap(),
        ..draft.clone()
    };
    for form in [&draft, &finished] {
        let order = Order::of(&stage.reel.id, Backend::Live, form.clone(), seeds());
        let error = stage.setup().admit(order, &|_| {}).await.unwrap_err();
        assert!(
            matches!(error, AdmitError::Unconfirmed(of) if of == model),
            "{error}"
        );
    }
    let order = Order::of(&stage.reel.id, Backend::Sandbox, draft, seeds());
    let ids = stage.setup().admit(order, &|_| {}).await.unwrap();
    assert_eq!(ids.len(), 1, "the sandbox costs nothing");
}
