//! `GET /_sandbox/ledger`: the whole ledger, so that a test can compare it with a client.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::sandbox::app::App;
use crate::sandbox::faults::Faults;
use crate::sandbox::ledger::{Job, Ledger};
use crate::sandbox::refusals::Refusal;

/// Amounts in dollars, times RFC 3339. `opening` is `balance + reserved + charged`. `handed_out` counts every
/// time that a video's URL or bytes were handed out, and is `results + downloads`.
pub(in crate::sandbox) async fn ledger(State(app): State<Arc<App>>) -> Result<Json<Value>, Refusal> {
    let audit = app.ledger(Ledger::audit).await?;
    Ok(Json(json!({
        "balance": audit.account.balance(),
        "reserved": audit.account.reserved,
        "charged": audit.account.charged,
        "opening": audit.account.opening,
        "uploads": { "count": audit.uploads, "bytes": audit.uploaded_bytes },
        "requests": audit.jobs.iter().map(row).collect::<Vec<_>>(),
    })))
}

/// `GET /_sandbox/faults`: how often each rule of the faults file was checked and struck since the start.
pub(in crate::sandbox) async fn faults(State(faults): State<Arc<Faults>>) -> Json<Value> {
    Json(json!({ "faults": faults.counts() }))
}

fn row(job: &Job) -> Value {
    json!({
        "id": job.id,
        "request_id": job.request_id,
        "model": job.model,
        "version": job.version.word(),
        "body": job.body,
        "finishes": job.draft,
        "seed": job.seed,
        "state": job.state.word(),
        "charge": job.charge,
        "reserved": job.reserved,
        "handed_out": job.results + job.downloads,
        "results": job.results,
        "downloads": job.downloads,
        "status_reads": job.status_reads,
        "created_at": job.created.to_string(),
        "ready_at": job.ready.to_string(),
        "completed_at": job.state.is_settled().then(|| job.ready.to_string()),
        "sha256": job.sha256,
        "bytes": job.bytes,
        "error": job.error,
    })
}
