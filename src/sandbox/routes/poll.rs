//! Status, result and the legacy poll of a job. (Segmind, async v2 docs, status and result.)

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::sandbox::app::App;
use crate::sandbox::drafts;
use crate::sandbox::faults::{Expiry, Intent};
use crate::sandbox::ledger::{Job, JobState, Lookup};
use crate::sandbox::refusals::Refusal;

type Scripted = Option<Extension<Intent>>;

/// `GET /v2/requests/{id}/status`
pub(in crate::sandbox) async fn status(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    intent: Scripted,
) -> Result<Response, Refusal> {
    let job = unexpired(&app, &id, Lookup::Status, intent).await?;
    if job.state == JobState::Completed {
        make_ahead(&app, &job);
    }
    let body = match job.state {
        JobState::Completed => json!({
            "status": job.state.word(),
            "request_id": job.request_id,
            "metrics": metrics(&job),
        }),
        JobState::Failed => failure(&job),
        JobState::Queued | JobState::Processing => pending(&app, &job),
    };
    Ok(respond(&job, body))
}

/// `GET /v2/requests/{id}`
pub(in crate::sandbox) async fn result(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    intent: Scripted,
) -> Result<Response, Refusal> {
    let job = unexpired(&app, &id, Lookup::Result, intent).await?;
    let body = outcome(&app, &job).await?;
    Ok(respond(&job, body))
}

/// `GET /v1/requests/{id}`: the result, but a failure is 200 with `error_message` too, which is how
/// the SDK's pollers of `poll_url` read it (SDK 1.3.0, `pixelflows`).
pub(in crate::sandbox) async fn legacy(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    intent: Scripted,
) -> Result<Response, Refusal> {
    let job = unexpired(&app, &id, Lookup::Result, intent).await?;
    let mut body = outcome(&app, &job).await?;
    if job.state == JobState::Failed {
        body["error_message"] = body["error"].clone();
    }
    Ok(Json(body).into_response())
}

async fn unexpired(app: &App, id: &str, lookup: Lookup, intent: Scripted) -> Result<Job, Refusal> {
    if intent.is_some_and(|Extension(intent)| intent.expire == Some(Expiry::Record)) {
        return Err(Refusal::no_record(id));
    }
    app.job(id, lookup).await
}

/// Starts to make the video when its completion is first seen, so that the result is there sooner.
fn make_ahead(app: &Arc<App>, job: &Job) {
    if job.sha256.is_none() {
        let (app, job) = (Arc::clone(app), job.clone());
        // A failure is reported when the video is requested.
        tokio::spawn(async move { app.video(&job).await.is_ok() });
    }
}

async fn outcome(app: &App, job: &Job) -> Result<Value, Refusal> {
    match job.state {
        JobState::Completed => completed(app, job).await,
        JobState::Failed => Ok(failure(job)),
        JobState::Queued | JobState::Processing => Ok(pending(app, job)),
    }
}

fn respond(job: &Job, body: Value) -> Response {
    let status = match job.state {
        JobState::Failed => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    (status, Json(body)).into_response()
}

fn pending(app: &App, job: &Job) -> Value {
    let (origin, id) = (&app.origin, &job.request_id);
    json!({
        "status": job.state.word(),
        "request_id": id,
        "status_url": format!("{origin}/v2/requests/{id}/status"),
        "response_url": format!("{origin}/v2/requests/{id}"),
        "metrics": {},
    })
}

fn failure(job: &Job) -> Value {
    json!({
        "status": job.state.word(),
        "error": job.error,
        "request_id": job.request_id,
        "metrics": times(job),
    })
}

/// The whole response for a completed job; makes the video if necessary.
async fn completed(app: &App, job: &Job) -> Result<Value, Refusal> {
    let video = video_json(app, job).await?;
    let mut answer = json!({
        "status": job.state.word(),
        "request_id": job.request_id,
        "error": null,
        "metrics": metrics(job),
        "output": video["url"],
        "video": video,
        "seed": job.seed,
        "prompt": job.shot["prompt"],
        "timings": { "inference": seconds(job.starts, job.ready) },
    });
    drafts::add_name(&mut answer, job.model, &job.body, &job.request_id);
    Ok(answer)
}

/// The video and its URL, with the last frame if the request asks for it.
pub(super) async fn video_json(app: &App, job: &Job) -> Result<Value, Refusal> {
    let video = app.video(job).await?;
    let mut video = json!({
        "url": app.video_url(job),
        "content_type": "video/mp4",
        "file_name": format!("{}.mp4", job.request_id),
        "file_size": video.bytes,
    });
    if job.wants_last_frame() && app.videos.still(job).await?.is_some() {
        video["last_frame_url"] = json!(format!("{}/files/{}-last.png", app.origin, job.request_id));
    }
    Ok(video)
}

fn metrics(job: &Job) -> Value {
    let mut metrics = times(job);
    metrics.insert("cost".to_owned(), json!(job.charge));
    metrics.insert("remaining_credits".to_owned(), json!(job.remaining));
    Value::Object(metrics)
}

fn times(job: &Job) -> Map<String, Value> {
    [
        ("inference_time", seconds(job.starts, job.ready)),
        ("queue_time", seconds(job.created, job.starts)),
        ("total_time", seconds(job.created, job.ready)),
    ]
    .into_iter()
    .map(|(name, time)| (name.to_owned(), json!(time)))
    .collect()
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    let span: SignedDuration = to.duration_since(from);
    span.as_secs_f64()
}
