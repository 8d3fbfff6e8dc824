//! The v2 contract: submit, poll, fetch the result. (Segmind, async v2 docs.)

use bytes::Bytes;
use serde_json::Value;

use crate::model::expect::ms_of;
use crate::model::take::ProviderTimes;
use crate::model::text::lines;
use crate::model::{FailureKind, Model, Usd};

use super::call::{Call, Purpose};
use super::client::Client;
use super::endpoints::is_usable_id;
use super::error::{ApiError, ApiResponse, Class, Stage};
use super::reply::Reply;
use super::wire::Wire;
use super::{read, refusal};

/// A longer time in the metrics is none: records are kept for an hour, files for a week.
const MAX_SECONDS: f64 = 604_800.0;

/// How far a job has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    Queued,
    Processing,
    Completed,
    Failed { message: String, kind: FailureKind },
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Not done yet.
    Pending,
    Completed(Box<Video>),
    Failed {
        message: String,
        kind: FailureKind,
    },
}

/// A video that exists and is billed.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    /// At a public host that needs no key, kept for seven days.
    pub url: String,
    pub cost: Option<Usd>,
    /// The bill as it came, if it is no amount.
    pub odd_cost: Option<String>,
    pub last_frame_url: Option<String>,
    /// How long the provider says that it took.
    pub times: ProviderTimes,
    pub remaining_credits: Option<Usd>,
}

impl Client {
    /// Buys one video and returns the request's id. This POST must never go out twice: a failure is
    /// [`Class::Repeatable`] only when it is certain that nothing arrived, or on 429, and [`Class::Ambiguous`] whenever
    /// the job may exist.
    pub async fn submit(&self, model: Model, body: &Value) -> Result<ApiResponse<String>, ApiError> {
        let (url, json) = (self.routes().submit(model), Bytes::from(body.to_string()));
        let call = Call::post(Stage::Submit, Purpose::Buy, Wire::Buy, url, json);
        let reply = self.call(call).await?;
        let json = reply.good_json().unwrap_or_default();
        let id = read::first(&json, &["/request_id", "/id"], read::text);
        match id.filter(|id| is_usable_id(id)) {
            Some(request_id) => Ok(reply.done(request_id)),
            None => Err(reply.failed("a request_id")),
        }
    }

    /// How far a job has come. A failed job is an `Ok`, whichever code it comes with; an error says nothing about the
    /// job itself, because the API may respond 404 for a new job.
    pub async fn status(&self, request_id: &str) -> Result<ApiResponse<Status>, ApiError> {
        check_id(request_id)?;
        let call = Call::ask(Stage::Status, self.routes().status(request_id));
        let reply = self.call(call).await?;
        match reply.body.json().and_then(|json| status(&reply, &json)) {
            Some(status) => Ok(reply.done(status)),
            None => Err(reply.failed("a known status")),
        }
    }

    /// What became of a job; an error says as little as that of [`Client::status`].
    pub async fn result(&self, request_id: &str) -> Result<ApiResponse<Outcome>, ApiError> {
        check_id(request_id)?;
        let call = Call::ask(Stage::Result, self.routes().result(request_id));
        let reply = self.call(call).await?;
        match reply.body.json().and_then(|json| outcome(&reply, &json)) {
            Some(outcome) => Ok(reply.done(outcome)),
            None => Err(reply.failed("a video's URL")),
        }
    }
}

pub(super) fn check_id(request_id: &str) -> Result<(), ApiError> {
    if is_usable_id(request_id) {
        return Ok(());
    }
    let id = lines(request_id, 80);
    let message = format!("{id:?} cannot be a request id: no request was made");
    let kind = FailureKind::BadParameter;
    Err(ApiError::untried(Class::FatalForTake, kind, message))
}

/// Job states.
enum State {
    Queued,
    Processing,
    Completed,
    Failed,
}

/// The state that a response announces, under every spelling Segmind uses. FAILED comes with 422 (Segmind, Python SDK,
/// `v2`); a response with any other code that is no success is not about the job.
fn state(reply: &Reply<'_>, json: &Value) -> Option<State> {
    let word = json.get("status").and_then(read::text)?.to_ascii_uppercase();
    if !reply.status.is_success() && reply.status.as_u16() != 422 {
        return None;
    }
    match word.as_str() {
        "FAILED" | "ERROR" | "CANCELLED" => Some(State::Failed),
        "COMPLETED" | "SUCCEEDED" | "SUCCESS" => Some(State::Completed),
        "QUEUED" | "IN_QUEUE" | "PENDING" => Some(State::Queued),
        "PROCESSING" | "IN_PROGRESS" | "RUNNING" | "STARTED" => Some(State::Processing),
        _ => None,
    }
}

fn status(reply: &Reply<'_>, json: &Value) -> Option<Status> {
    Some(match state(reply, json)? {
        State::Queued => Status::Queued,
        State::Processing => Status::Processing,
        State::Completed => Status::Completed,
        State::Failed => {
            let (message, kind) = failure(json);
            Status::Failed { message, kind }
        }
    })
}

fn outcome(reply: &Reply<'_>, json: &Value) -> Option<Outcome> {
    match state(reply, json) {
        Some(State::Queued | State::Processing) => Some(Outcome::Pending),
        Some(State::Failed) => {
            let (message, kind) = failure(json);
            Some(Outcome::Failed { message, kind })
        }
        Some(State::Completed) => video(json).map(Outcome::Completed),
        None if reply.status.is_success() && json.get("status").is_none() => {
            video(json).map(Outcome::Completed)
        }
        None => None,
    }
}

/// Why a job failed, in the provider's words, and the kind of failure.
fn failure(json: &Value) -> (String, FailureKind) {
    match read::error_text(json) {
        Some(text) => {
            let kind = refusal::kind_of_text(&text);
            (lines(&text, 2000), kind)
        }
        None => ("the provider gives no reason".to_owned(), FailureKind::Unclear),
    }
}

fn video(json: &Value) -> Option<Box<Video>> {
    let (cost, odd_cost) = bill(json);
    Some(Box::new(Video {
        url: read::video_url(json)?,
        cost,
        odd_cost,
        last_frame_url: read::last_frame_url(json),
        times: times(json),
        remaining_credits: read::first(json, &["/metrics/remaining_credits"], read::amount),
    }))
}

/// The provider's own times, in seconds (Segmind, async v2 docs, metrics).
fn times(json: &Value) -> ProviderTimes {
    let millis = |place: &str| {
        let seconds = read::first(json, &[place], read::number)?;
        (0.0..=MAX_SECONDS).contains(&seconds).then(|| ms_of(seconds))
    };
    ProviderTimes {
        queue_ms: millis("/metrics/queue_time"),
        render_ms: millis("/metrics/inference_time"),
    }
}

/// The bill, or what came in its place if that is no amount.
pub(super) fn bill(json: &Value) -> (Option<Usd>, Option<String>) {
    const PLACES: [&str; 2] = ["/metrics/cost", "/cost"];
    match read::first(json, &PLACES, read::cost) {
        None => (None, read::first(json, &PLACES, read::odd_cost)),
        cost => (cost, None),
    }
}
