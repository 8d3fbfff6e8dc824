//! Drafts that a model can finish: how they are named, and which finals are made of them.
//!
//! A draft's name follows from the id of its request, and its request is in the ledger, so nothing else is kept of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::bill;
use super::intake::{self, AcceptedBody};
use super::ledger::{Job, JobState};
use super::refusals::Refusal;
use crate::model::models::Finish;
use crate::model::{ApiVersion, Model, Request, Resolution};

/// What a draft's name has before the id of its request.
const PREFIX: &str = "draft-";

/// Adds the draft's name to the answer about a request that makes one.
pub(super) fn add_name(answer: &mut Value, model: Model, body: &Value, request_id: &str) {
    if let Some(finish) = model.finish.as_ref().filter(|finish| starts(finish, body)) {
        answer[&finish.answer] = json!(format!("{PREFIX}{request_id}"));
    }
}

/// The id of the request that made the draft of this name; `None` for a name that no draft has.
pub(super) fn request_id_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)
}

/// The name of the draft that the body asks to finish, if it asks for that.
///
/// # Errors
/// 400 for a field of a wrong type.
pub(super) fn named(model: Model, body: &Value) -> Result<Option<&str>, Refusal> {
    let Some(finish) = &model.finish else {
        return Ok(None);
    };
    let wrong =
        |field: &str, kind: &str| Refusal::bad_request(format!("Invalid parameter: {field} must be {kind}"));
    match &body[&finish.start] {
        Value::Null | Value::Bool(_) => {}
        _ => return Err(wrong(&finish.start, "true or false")),
    }
    match &body[&finish.id] {
        Value::Null => Ok(None),
        Value::String(name) => Ok(Some(name.as_str()).filter(|name| !name.is_empty())),
        _ => Err(wrong(&finish.id, "a text")),
    }
}

/// The final of the draft `name`, which `draft` made.
pub(super) struct Final<'a> {
    pub model: Model,
    pub name: &'a str,
    /// The job whose id the name has, if there is one.
    pub draft: Option<&'a Job>,
}

impl Final<'_> {
    /// Judges the request of a final.
    ///
    /// # Errors
    /// 406 for a draft that cannot be finished now, for another resolution than those of finals, and for every field that is
    /// taken from the draft.
    pub fn read(
        &self,
        version: ApiVersion,
        request_id: &str,
        body: Value,
        now: Timestamp,
    ) -> Result<AcceptedBody, Refusal> {
        let finish = self.model.finish.as_ref();
        let finish = finish.ok_or_else(|| Refusal::internal("the model finishes no drafts"))?;
        let fields = body.as_object().into_iter().flat_map(|fields| fields.keys());
        let surplus: Vec<&str> = fields
            .map(String::as_str)
            .filter(|field| *field != finish.id && *field != "resolution")
            .collect();
        if !surplus.is_empty() {
            return Err(Refusal::not_acceptable(format!(
                "Invalid parameter: {} must not be sent again, it is taken from the draft",
                surplus.join(", ")
            )));
        }
        let resolution = final_resolution(finish, &body)?;
        let draft = self.usable(finish, now)?;
        let mut request = request_of(draft)?;
        request.form.resolution = resolution;
        Ok(AcceptedBody {
            request_id: request_id.to_owned(),
            model: self.model,
            version,
            body,
            draft: Some(draft.request_id.clone()),
            seed: Some(request.seed.number()),
            resolution,
            charge: bill::charge(&request),
            doom: None,
        })
    }

    /// The draft, if it can be finished at `now`.
    fn usable(&self, finish: &Finish, now: Timestamp) -> Result<&Job, Refusal> {
        let refused = |why: &str| {
            Refusal::not_acceptable(format!("Invalid value for {}: {} {why}", finish.id, self.name))
        };
        let is_draft = |job: &&Job| job.model == self.model && starts(finish, &job.body);
        let Some(draft) = self.draft.filter(is_draft) else {
            return Err(refused("names no draft"));
        };
        match draft.state {
            JobState::Completed => {}
            JobState::Failed => return Err(refused("has failed, so there is nothing to finish")),
            JobState::Queued | JobState::Processing => return Err(refused("is not completed yet")),
        }
        let days = SignedDuration::from_hours(24 * i64::from(finish.days));
        match draft.created.saturating_add(days) {
            Ok(until) if until <= now => Err(refused(&format!(
                "has expired on {until}, {} days after it was made",
                finish.days
            ))),
            _ => Ok(draft),
        }
    }
}

/// The request whose video the job gives. That of a final is its draft's at another resolution.
pub(super) fn request_of(job: &Job) -> Result<Request, Refusal> {
    let request = intake::request_of(job.model, &job.shot, job.shot_id());
    let mut request = request.ok_or_else(|| Refusal::internal("the request cannot be read any more"))?;
    if job.draft.is_some()
        && let Some(resolution) = resolution_in(&job.body)
    {
        request.form.resolution = resolution;
    }
    Ok(request)
}

fn final_resolution(finish: &Finish, body: &Value) -> Result<Resolution, Refusal> {
    let resolution = resolution_in(body).filter(|resolution| finish.at.contains(resolution));
    resolution.ok_or_else(|| {
        let offered: Vec<&str> = finish.at.iter().map(|resolution| resolution.wire()).collect();
        Refusal::not_acceptable(format!(
            "Invalid value for resolution: a draft is finished at {}",
            offered.join(" or ")
        ))
    })
}

fn resolution_in(body: &Value) -> Option<Resolution> {
    body["resolution"].as_str()?.parse().ok()
}

/// Whether the body asks for a draft that can be finished.
fn starts(finish: &Finish, body: &Value) -> bool {
    body[&finish.start] == Value::Bool(true)
}
