//! `POST /v2/{model}`, and accepting for v1 as well. (Segmind, async v2 docs, submit.)

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::json_body;
use crate::model::{ApiVersion, Model};
use crate::sandbox::app::{App, model};
use crate::sandbox::drafts::Final;
use crate::sandbox::faults::Intent;
use crate::sandbox::intake::AcceptedBody;
use crate::sandbox::ledger::{Accepted, Lookup, NewJob};
use crate::sandbox::refusals::Refusal;
use crate::sandbox::{drafts, intake, timing};

/// The most bytes of a submit.
const MAX_BODY_BYTES: usize = 1024 * 1024;

pub(in crate::sandbox) async fn v2(
    State(app): State<Arc<App>>,
    Path(slug): Path<String>,
    intent: Option<Extension<Intent>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let body = json_body_of(&slug, &headers, body).await?;
    let intent = intent.map(|Extension(intent)| intent).unwrap_or_default();
    let order = accept(&app, body, ApiVersion::V2, intent).await?;
    let (origin, id) = (&app.origin, &order.request_id);
    let mut answer = json!({
        "request_id": id,
        "status": "QUEUED",
        "poll_url": format!("{origin}/v1/requests/{id}"),
        "status_url": format!("{origin}/v2/requests/{id}/status"),
        "response_url": format!("{origin}/v2/requests/{id}"),
    });
    drafts::add_name(&mut answer, order.model, &order.body, id);
    Ok(Json(answer))
}

/// The model and the bytes of a submit; the model is checked first.
pub(super) async fn json_body_of(
    slug: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Model, axum::body::Bytes), Refusal> {
    let model = model(slug)?;
    Ok((model, json_body(headers, body, MAX_BODY_BYTES).await?))
}

/// Judges and enters a submit; returns what was entered.
pub(super) async fn accept(
    app: &App,
    (model, bytes): (Model, axum::body::Bytes),
    version: ApiVersion,
    intent: Intent,
) -> Result<AcceptedBody, Refusal> {
    let order = judge(app, model, version, intake::json(&bytes)?).await?;
    let plan = timing::plan(app.pace, model, order.resolution, &order.request_id);
    let (accepted, order) = app
        .ledger(move |ledger, now| {
            let entry = NewJob {
                order: &order,
                plan,
                intent: &intent,
            };
            Ok((ledger.accept(now, &entry)?, order))
        })
        .await?;
    match accepted {
        Accepted::Yes => Ok(order),
        Accepted::NotEnough { balance, need } => {
            let text = format!(
                "Insufficient credits. Your balance is {} credits, this request needs {} credits.",
                balance.precise().trim_start_matches('$'),
                need.precise().trim_start_matches('$'),
            );
            // As recorded runs show.
            let status = match version {
                ApiVersion::V1 => StatusCode::NOT_ACCEPTABLE,
                ApiVersion::V2 => StatusCode::PAYMENT_REQUIRED,
            };
            Err(Refusal::new(status, text))
        }
    }
}

/// Judges a request, that of a final by its draft in the ledger.
async fn judge(app: &App, model: Model, version: ApiVersion, body: Value) -> Result<AcceptedBody, Refusal> {
    let id = intake::fresh_id();
    let Some(name) = drafts::named(model, &body)?.map(str::to_owned) else {
        return intake::read(model, version, &id, body);
    };
    let draft = match drafts::request_id_of(&name).map(str::to_owned) {
        Some(of) => {
            app.ledger(move |ledger, now| ledger.look_up(now, &of, Lookup::Peek))
                .await?
        }
        None => None,
    };
    let order = Final {
        model,
        name: &name,
        draft: draft.as_ref(),
    };
    order.read(version, &id, body, app.clock.now())
}
