//! `POST /v1/{model}`: responds when the video is there. (Segmind, v1 docs.)

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::poll::video_json;
use super::submit::{accept, json_body_of};
use crate::model::{ApiVersion, Usd};
use crate::sandbox::app::App;
use crate::sandbox::drafts;
use crate::sandbox::faults::Intent;
use crate::sandbox::ledger::{Job, JobState, Lookup};
use crate::sandbox::refusals::Refusal;

/// The clock may be moved by hand, so it is read at least this often.
const MAX_SLEEP: Duration = Duration::from_millis(25);

pub(in crate::sandbox) async fn v1(
    State(app): State<Arc<App>>,
    Path(slug): Path<String>,
    intent: Option<Extension<Intent>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let body = json_body_of(&slug, &headers, body).await?;
    let intent = intent.map(|Extension(intent)| intent).unwrap_or_default();
    let is_lost = intent.is_lost;
    let id = accept(&app, body, ApiVersion::V1, intent).await?.request_id;
    if is_lost {
        return Ok(Response::default());
    }
    let job = settled(&app, &id).await?;
    if job.state == JobState::Failed {
        let text = job.error.unwrap_or_default();
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, text));
    }
    deliver(&app, &job).await
}

/// Waits until the job is completed or failed.
async fn settled(app: &App, id: &str) -> Result<Job, Refusal> {
    let mut job = app.job(id, Lookup::Peek).await?;
    while !job.state.is_settled() {
        let left = Duration::try_from(job.ready.duration_since(app.clock.now())).unwrap_or_default();
        tokio::time::sleep(left.clamp(Duration::from_millis(1), MAX_SLEEP)).await;
        if app.clock.now() >= job.ready {
            job = app.job(id, Lookup::Peek).await?;
        }
    }
    Ok(job)
}

async fn deliver(app: &App, job: &Job) -> Result<Response, Refusal> {
    let video = app.video(job).await?;
    let mut response = if app.v1_json {
        let video = video_json(app, job).await?;
        let mut body = json!({
            "request_id": job.request_id,
            "status": job.state.word(),
            "output": video["url"],
            "video": video,
            "seed": job.seed,
        });
        drafts::add_name(&mut body, job.model, &job.body, &job.request_id);
        Json(body).into_response()
    } else {
        let bytes = tokio::fs::read(&video.path).await.map_err(Refusal::internal)?;
        (
            [(header::CONTENT_TYPE, HeaderValue::from_static("video/mp4"))],
            bytes,
        )
            .into_response()
    };
    let id = job.request_id.clone();
    app.ledger(move |ledger, now| ledger.count_result(now, &id))
        .await?;
    response.headers_mut().extend(bill(job));
    Ok(response)
}

/// The headers with which v1 states what v2 states in its body.
fn bill(job: &Job) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let render = job.ready.duration_since(job.starts).as_secs_f64();
    [
        ("x-cost", Some(decimal(job.charge))),
        ("x-remaining-credits", job.remaining.map(decimal)),
        ("x-generation-time", Some(format!("{render:.3}"))),
        ("x-seed-value", job.seed.map(|seed| seed.to_string())),
        ("x-request-id", Some(job.request_id.clone())),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = HeaderValue::from_str(&value?).ok()?;
        Some((HeaderName::from_static(name), value))
    })
}

fn decimal(amount: Usd) -> String {
    json!(amount).to_string()
}
