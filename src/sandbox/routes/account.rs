//! The account: what is left in it. (Segmind, get-user-credits.)

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::model::Usd;
use crate::sandbox::app::App;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusals::Refusal;

/// `GET /v1/get-user-credits`
pub(in crate::sandbox) async fn credits(State(app): State<Arc<App>>) -> Result<Json<Value>, Refusal> {
    let balance = balance(&app).await?;
    Ok(Json(json!({ "credits": balance, "free-credits": 0.0 })))
}

/// `GET /api/auth/authenticate`, on another host in the SDK (1.3.0, `accounts.current`); its form is not
/// published.
pub(in crate::sandbox) async fn authenticate(State(app): State<Arc<App>>) -> Result<Json<Value>, Refusal> {
    let balance = balance(&app).await?;
    Ok(Json(
        json!({ "username": "sandbox", "email": "sandbox@localhost", "credits": balance }),
    ))
}

async fn balance(app: &App) -> Result<Usd, Refusal> {
    Ok(app.ledger(Ledger::account).await?.balance())
}
