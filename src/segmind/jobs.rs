//! The v2 contract: submit, poll, fetch the result. (Segmind, async v2 docs.)

use bytes::Bytes;
use serde_json::Value;

use crate::model::text::lines;
use crate::model::{FailureKind, Model, Usd};

use super::call::{Call, Purpose};
use super::client::Client;
use super::endpoints::is_usable_id;
use super::error::{Answer, ApiError, Class, Stage};
use super::reply::Reply;
use super::wire::Wire;
use super::{read, refusal};

/// A job that the provider took on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Opaque; escaped wherever it becomes part of an address.
    pub request_id: String,
    pub status: u16,
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    Queued,
    Processing,
    Completed(Metrics),
    Failed { message: String, kind: FailureKind },
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Not done yet.
    Pending,
    Completed(Box<Film>),
    Failed {
        message: String,
        kind: FailureKind,
    },
}

/// A film that exists and is billed.
#[derive(Debug, Clone, PartialEq)]
pub struct Film {
    /// At a public host that needs no key, kept for seven days.
    pub url: String,
    pub cost: Option<Usd>,
    /// What stands in the place of the bill, where that is no amount.
    pub odd_cost: Option<String>,
    /// As the provider reports it, which it does not dependably do.
    pub seed: Option<u32>,
    pub last_frame_url: Option<String>,
    /// In bytes.
    pub file_size: Option<u64>,
    pub content_type: Option<String>,
    pub metrics: Metrics,
}

/// The provider's own measurements; any may be missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metrics {
    /// In seconds.
    pub inference_time: Option<f64>,
    /// In seconds.
    pub queue_time: Option<f64>,
    /// In seconds.
    pub total_time: Option<f64>,
    pub cost: Option<Usd>,
    pub remaining_credits: Option<Usd>,
    /// How often the platform itself tried again.
    pub retry_count: Option<u64>,
}

impl Client {
    /// Buys one film: the one POST that must never go out twice.
    ///
    /// # Errors
    /// [`Class::Repeatable`] only when it is certain that nothing arrived, or on 429;
    /// [`Class::Ambiguous`] whenever the job may exist.
    pub async fn submit(&self, model: Model, body: &Value) -> Result<Answer<Submitted>, ApiError> {
        let json = Bytes::from(body.to_string());
        let call = Call::post(
            Stage::Submit,
            Purpose::Buy,
            Wire::Buy,
            self.places().submit(model),
            json,
        );
        let reply = self.call(call).await?;
        let named = reply
            .good_json()
            .and_then(|json| read::first(&json, &["/request_id", "/id"], read::text));
        match named.filter(|id| is_usable_id(id)) {
            Some(request_id) => {
                let status = reply.status.as_u16();
                Ok(reply.done(Submitted { request_id, status }))
            }
            None => Err(reply.failed("a request_id")),
        }
    }

    /// How far a job has come. A failed job is an `Ok`, whichever code it comes with.
    ///
    /// # Errors
    /// Says nothing about the job itself: a 404 ([`FailureKind::Stale`]) on a young job passes.
    pub async fn status(&self, request_id: &str) -> Result<Answer<Status>, ApiError> {
        check_id(request_id)?;
        let call = Call::ask(Stage::Status, self.places().status(request_id));
        let reply = self.call(call).await?;
        match reply.body.json().and_then(|json| status(&reply, &json)) {
            Some(status) => Ok(reply.done(status)),
            None => Err(reply.failed("a known status")),
        }
    }

    /// What became of a job.
    ///
    /// # Errors
    /// As [`Client::status`].
    pub async fn result(&self, request_id: &str) -> Result<Answer<Outcome>, ApiError> {
        check_id(request_id)?;
        let call = Call::ask(Stage::Result, self.places().result(request_id));
        let reply = self.call(call).await?;
        match reply.body.json().and_then(|json| outcome(&reply, &json)) {
            Some(outcome) => Ok(reply.done(outcome)),
            None => Err(reply.failed("a film's address")),
        }
    }
}

pub(super) fn check_id(request_id: &str) -> Result<(), ApiError> {
    if is_usable_id(request_id) {
        return Ok(());
    }
    let message = format!(
        "{:?} cannot be a request id: nothing was asked",
        lines(request_id, 80)
    );
    Err(ApiError::untried(
        Class::FatalForTake,
        FailureKind::BadParameter,
        message,
    ))
}

/// The stations of a job, under every word seen.
enum Station {
    Queued,
    Processing,
    Completed,
    Failed,
}

/// The station that an answer announces. FAILED comes with 422 (Segmind, Python SDK, `v2`); under any other code
/// that is no success it is not the job's record that speaks.
fn station(reply: &Reply<'_>, json: &Value) -> Option<Station> {
    let word = json.get("status").and_then(read::text)?.to_ascii_uppercase();
    let speaks_for_the_job = reply.status.is_success() || reply.status.as_u16() == 422;
    match word.as_str() {
        "FAILED" | "ERROR" | "CANCELLED" if speaks_for_the_job => Some(Station::Failed),
        "COMPLETED" | "SUCCEEDED" | "SUCCESS" if speaks_for_the_job => Some(Station::Completed),
        "QUEUED" | "IN_QUEUE" | "PENDING" if speaks_for_the_job => Some(Station::Queued),
        "PROCESSING" | "IN_PROGRESS" | "RUNNING" | "STARTED" if speaks_for_the_job => {
            Some(Station::Processing)
        }
        _ => None,
    }
}

fn status(reply: &Reply<'_>, json: &Value) -> Option<Status> {
    Some(match station(reply, json)? {
        Station::Queued => Status::Queued,
        Station::Processing => Status::Processing,
        Station::Completed => Status::Completed(Metrics::of(json)),
        Station::Failed => {
            let (message, kind) = failure(json);
            Status::Failed { message, kind }
        }
    })
}

fn outcome(reply: &Reply<'_>, json: &Value) -> Option<Outcome> {
    match station(reply, json) {
        Some(Station::Queued | Station::Processing) => Some(Outcome::Pending),
        Some(Station::Failed) => {
            let (message, kind) = failure(json);
            Some(Outcome::Failed { message, kind })
        }
        Some(Station::Completed) => film(json).map(Outcome::Completed),
        None if reply.status.is_success() && json.get("status").is_none() => {
            film(json).map(Outcome::Completed)
        }
        None => None,
    }
}

/// The provider's words on a failed job and their kind.
fn failure(json: &Value) -> (String, FailureKind) {
    match read::error_text(json) {
        Some(text) => {
            let kind = refusal::kind_of_text(&text);
            (lines(&text, 2000), kind)
        }
        None => ("the provider gives no reason".to_owned(), FailureKind::Unclear),
    }
}

fn film(json: &Value) -> Option<Box<Film>> {
    let metrics = Metrics::of(json);
    Some(Box::new(Film {
        url: read::film_url(json)?,
        cost: metrics.cost,
        odd_cost: odd_cost(json).filter(|_| metrics.cost.is_none()),
        seed: read::first(json, &["/seed", "/video/seed", "/metrics/seed"], read::seed),
        last_frame_url: read::last_frame_url(json),
        file_size: read::first(json, &["/video/file_size", "/file_size"], read::whole),
        content_type: read::first(json, &["/video/content_type"], read::text),
        metrics,
    }))
}

/// Where the bill stands.
const COST: [&str; 2] = ["/metrics/cost", "/cost"];

/// What stands in the place of the bill, where that is no amount.
pub(super) fn odd_cost(json: &Value) -> Option<String> {
    read::first(json, &COST, read::odd_cost)
}

impl Metrics {
    pub(super) fn of(json: &Value) -> Self {
        let time = |pointer: &str| read::first(json, &[pointer], read::number).filter(|s| *s >= 0.0);
        Self {
            inference_time: time("/metrics/inference_time"),
            queue_time: time("/metrics/queue_time"),
            total_time: time("/metrics/total_time"),
            cost: read::first(json, &COST, read::cost),
            remaining_credits: read::first(json, &["/metrics/remaining_credits"], read::amount),
            retry_count: read::first(json, &["/metrics/retry_count", "/retry_count"], read::whole),
        }
    }
}
