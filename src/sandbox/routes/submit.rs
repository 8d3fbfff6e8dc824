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
use crate::sandbox::faults::Intent;
use crate::sandbox::ledger::{Accepted, NewJob};
use crate::sandbox::refusals::Refusal;
use crate::sandbox::{intake, timing};

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
    let id = accept(&app, body, ApiVersion::V2, intent).await?;
    let origin = &app.origin;
    Ok(Json(json!({
        "request_id": id,
        "status": "QUEUED",
        "poll_url": format!("{origin}/v1/requests/{id}"),
        "status_url": format!("{origin}/v2/requests/{id}/status"),
        "response_url": format!("{origin}/v2/requests/{id}"),
    })))
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

/// Judges and enters a submit; returns the job's id.
pub(super) async fn accept(
    app: &App,
    (model, bytes): (Model, axum::body::Bytes),
    version: ApiVersion,
    intent: Intent,
) -> Result<String, Refusal> {
    let order = intake::read(model, version, &intake::fresh_id(), intake::json(&bytes)?)?;
    let plan = timing::plan(app.pace, model, order.resolution, &order.request_id);
    let id = order.request_id.clone();
    let accepted = app
        .ledger(move |ledger, now| {
            ledger.accept(
                now,
                &NewJob {
                    order: &order,
                    plan,
                    intent: &intent,
                },
            )
        })
        .await?;
    match accepted {
        Accepted::Yes => Ok(id),
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
