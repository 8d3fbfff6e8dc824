//! What all routes share, and their paths.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::faults::{self, Faults};
use super::ledger::{Job, JobState, Ledger, LedgerError, Lookup};
use super::refusals::{Refusal, html};
use super::videos::{VideoFile, Videos};
use super::{Pace, auth, routes};
use crate::model::{Clock, Model};

/// What all routes share.
pub(super) struct App {
    pub ledger: Ledger,
    pub videos: Videos,
    pub assets: PathBuf,
    pub pace: Pace,
    pub v1_json: bool,
    pub clock: Arc<dyn Clock>,
    /// `http://127.0.0.1:PORT`
    pub origin: String,
}

impl App {
    /// Runs `work` on the ledger, on a thread for blocking work.
    pub async fn ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger, Timestamp) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (ledger, now) = (self.ledger.clone(), self.clock.now());
        let done = tokio::task::spawn_blocking(move || work(&ledger, now));
        Ok(done.await.map_err(Refusal::internal)??)
    }

    /// The job of this id, or 404 when it is unknown or expired for what is asked.
    pub async fn job(&self, request_id: &str, lookup: Lookup) -> Result<Job, Refusal> {
        let id = request_id.to_owned();
        let found = self
            .ledger(move |ledger, now| ledger.look_up(now, &id, lookup))
            .await?;
        found.ok_or_else(|| Refusal::no_record(request_id))
    }

    /// The video of a completed job, made now if necessary.
    pub async fn video(&self, job: &Job) -> Result<VideoFile, Refusal> {
        let video = self.videos.video(job).await?;
        if video.is_new {
            let (id, made) = (job.request_id.clone(), video.clone());
            self.ledger(move |ledger, now| ledger.video_made(now, &id, &made.sha256, made.bytes))
                .await?;
        }
        Ok(video)
    }

    /// The video's URL on this sandbox.
    pub fn video_url(&self, job: &Job) -> Option<String> {
        (job.state == JobState::Completed).then(|| format!("{}/files/{}.mp4", self.origin, job.request_id))
    }
}

/// Every path of the API on one origin. (Segmind, API reference; SDK 1.3.0 for the paths only it uses.)
pub(super) fn router(app: Arc<App>, faults: Faults) -> Router {
    let keyed = Router::new()
        .route("/v2/{model}", post(routes::submit::v2))
        .route("/v2/requests/{id}/status", get(routes::poll::status))
        .route("/v2/requests/{id}", get(routes::poll::result))
        .route("/v1/requests/{id}", get(routes::poll::legacy))
        .route("/v1/get-user-credits", get(routes::account::credits))
        .route("/v1/{model}", post(routes::blocking::v1))
        .route("/api/auth/authenticate", get(routes::account::authenticate))
        .route("/inference-request/request-history", get(routes::history::list))
        .route(
            "/inference-request/request-history/{id}",
            get(routes::history::one),
        )
        .route(
            "/inference-request/generations",
            get(routes::history::generations),
        )
        .route(
            "/inference-request/recent-generations",
            get(routes::history::recent),
        )
        .route("/upload-asset", post(routes::upload::upload))
        .route_layer(from_fn(auth::require_key));
    let open = Router::new()
        .route("/files/{name}", get(routes::files::video))
        .route("/assets/{name}", get(routes::files::asset))
        .route("/inference-model-information/list", get(routes::catalogue::list))
        .route("/_sandbox/ledger", get(routes::audit::ledger))
        // The former name.
        .route("/_sandbox/books", get(routes::audit::ledger));
    let faults = Arc::new(faults);
    let routes = keyed
        .merge(open)
        .method_not_allowed_fallback(|| async { html(StatusCode::METHOD_NOT_ALLOWED) })
        .fallback(|| async { Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response() })
        .layer(DefaultBodyLimit::disable());
    let routes = if faults.is_empty() {
        routes
    } else {
        routes.layer(from_fn_with_state(Arc::clone(&faults), faults::inject))
    };
    let counts = Router::new()
        .route("/_sandbox/faults", get(routes::audit::faults))
        .with_state(faults);
    let clock = Arc::clone(&app.clock);
    routes
        .with_state(app)
        .merge(counts)
        .layer(map_response(move |response| {
            std::future::ready(dated(clock.as_ref(), response))
        }))
}

/// Adds the date of the response, by the sandbox's own clock.
fn dated(clock: &dyn Clock, mut response: Response) -> Response {
    if let Some(date) = rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&clock.now())
        .ok()
        .and_then(|text| HeaderValue::try_from(text).ok())
    {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The model a path names, or 404.
pub(super) fn model(slug: &str) -> Result<Model, Refusal> {
    Model::offered(slug).map_err(|_| Refusal::new(StatusCode::NOT_FOUND, format!("Model {slug} not found")))
}
