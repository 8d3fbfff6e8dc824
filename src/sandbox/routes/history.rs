//! The request history, and the lists that only the SDK asks for. (Segmind, SDK 1.3.0, `generations`.)

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::app::App;
use crate::sandbox::ledger::{Job, JobFilter, JobState, Lookup, Page};
use crate::sandbox::refusals::Refusal;

/// The longest window, in days.
const MAX_DAYS: i32 = 31;
/// The window when no dates are given, in days.
const DEFAULT_DAYS: i32 = 7;

#[derive(Debug, Deserialize)]
pub(in crate::sandbox) struct Asked {
    page: Option<String>,
    per_page: Option<String>,
    #[serde(alias = "start_date")]
    from_date: Option<String>,
    #[serde(alias = "end_date")]
    to_date: Option<String>,
    model_name: Option<String>,
    status: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
}

/// `GET /inference-request/request-history`
pub(in crate::sandbox) async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Refusal> {
    let filter = asked.filter(app.clock.now())?;
    let page = read(&app, filter.clone()).await?;
    Ok(Json(paged(&filter, &page, |job| row(&app, job))))
}

/// `GET /inference-request/request-history/{id}`: of any age.
pub(in crate::sandbox) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let job = app.job(&id, Lookup::Peek).await?;
    Ok(Json(row(&app, &job)))
}

/// `GET /inference-request/generations`: what produced an output.
pub(in crate::sandbox) async fn generations(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Refusal> {
    let mut filter = asked.filter(app.clock.now())?;
    filter.status = Some(JobState::Completed.word().to_owned());
    let page = read(&app, filter.clone()).await?;
    Ok(Json(paged(&filter, &page, |job| generation(&app, job))))
}

/// `GET /inference-request/recent-generations`: of one model.
pub(in crate::sandbox) async fn recent(
    state: State<Arc<App>>,
    asked: Query<Asked>,
) -> Result<Json<Value>, Refusal> {
    if asked.model_name.as_deref().is_none_or(str::is_empty) {
        return Err(Refusal::bad_request("model_name is required"));
    }
    generations(state, asked).await
}

async fn read(app: &App, filter: JobFilter) -> Result<Page, Refusal> {
    app.ledger(move |ledger, now| ledger.history(now, &filter)).await
}

fn paged(filter: &JobFilter, page: &Page, row: impl Fn(&Job) -> Value) -> Value {
    json!({
        "data": page.jobs.iter().map(row).collect::<Vec<_>>(),
        "page": filter.page,
        "per_page": filter.per_page,
        "total": page.total,
        "total_pages": page.total.div_ceil(u64::from(filter.per_page)),
    })
}

fn row(app: &App, job: &Job) -> Value {
    let settled = job.state.is_settled();
    json!({
        "request_id": job.request_id,
        "model_name": job.model,
        "model_status": if settled { job.state.word() } else { "PENDING" },
        "credits_deduction": job.charge,
        "request_body": job.body.to_string(),
        "generation_url": app.video_url(job),
        "latency_ms": settled.then(|| latency_ms(job)),
        "model_created": job.created.to_string(),
        "model_updated": if settled { job.ready } else { job.created }.to_string(),
        "error": job.error,
    })
}

fn generation(app: &App, job: &Job) -> Value {
    json!({
        "request_id": job.request_id,
        "model_name": job.model,
        "generation_url": app.video_url(job),
        "status": job.state.word(),
        "credits_deduction": job.charge,
        "latency_ms": latency_ms(job),
        "prompt": job.shot["prompt"],
        "parameters": job.body,
        "created_at": job.created.to_string(),
    })
}

fn latency_ms(job: &Job) -> i128 {
    job.ready.duration_since(job.created).as_millis()
}

impl Asked {
    fn filter(self, now: Timestamp) -> Result<JobFilter, Refusal> {
        let (from, to) = window(self.from_date.as_deref(), self.to_date.as_deref(), now)?;
        let not_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(JobFilter {
            from,
            to,
            model_name: not_empty(self.model_name),
            status: choice(
                "status",
                not_empty(self.status),
                &["COMPLETED", "FAILED", "PENDING"],
            )?,
            order: match choice("sort_by", not_empty(self.sort_by), &SORTS.map(|(name, _)| name))? {
                Some(given) => SORTS.iter().find(|(name, _)| *name == given),
                None => SORTS.first(),
            }
            .map_or("created", |(_, sql)| sql),
            ascending: choice("sort_order", not_empty(self.sort_order), &["asc", "desc"])?
                .is_some_and(|order| order == "asc"),
            page: number("page", self.page.as_deref(), 1, u32::MAX)?,
            per_page: number("per_page", self.per_page.as_deref(), 20, 100)?,
        })
    }
}

/// What a page can be sorted by, and the SQL for it. (Segmind, SDK, `generations.history`, `sort_by`.)
const SORTS: [(&str, &str); 3] = [
    ("model_created", "created"),
    ("model_name", "model"),
    (
        "credits_deduction",
        "CASE outcome WHEN 'completed' THEN price ELSE 0 END",
    ),
];

fn choice(name: &str, given: Option<String>, accepted: &[&str]) -> Result<Option<String>, Refusal> {
    match given {
        Some(text) if !accepted.contains(&text.as_str()) => Err(Refusal::bad_request(format!(
            "{name} must be one of {}",
            accepted.join(", ")
        ))),
        other => Ok(other),
    }
}

fn number(name: &str, given: Option<&str>, default: u32, most: u32) -> Result<u32, Refusal> {
    let Some(text) = given else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Refusal::bad_request(format!("{name} must be a number from 1 to {most}")))
}

/// The days from `from` to `to`, both included, in UTC, as timestamps; the second is excluded.
fn window(from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<(Timestamp, Timestamp), Refusal> {
    let date = |name: &str, text: Option<&str>| match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => Date::strptime("%Y-%m-%d", text)
            .map(Some)
            .map_err(|_| Refusal::bad_request(format!("{name} must be a date such as 2026-10-01"))),
    };
    let today = now.to_zoned(TimeZone::UTC).date();
    let to = date("to_date", to)?.unwrap_or(today);
    let from = date("from_date", from)?.unwrap_or_else(|| to.saturating_sub(DEFAULT_DAYS.days()));
    let days = to.since(from).map_or(i32::MAX, |span| span.get_days());
    if !(0..=MAX_DAYS).contains(&days) {
        return Err(Refusal::bad_request(format!(
            "from_date and to_date must be in order and at most {MAX_DAYS} days apart"
        )));
    }
    let midnight = |date: Date| {
        date.to_zoned(TimeZone::UTC)
            .map(|moment| moment.timestamp())
            .map_err(|_| Refusal::bad_request("the dates are out of range"))
    };
    Ok((midnight(from)?, midnight(to.saturating_add(1.day()))?))
}
