//! The balance, which is also the free way to check a key. (Segmind, API docs, get-user-credits.)

use crate::model::Usd;

use super::call::Call;
use super::client::Client;
use super::error::{ApiError, ApiResponse, Stage};
use super::read;

impl Client {
    /// What is left on the account; one credit is one dollar.
    pub async fn credits(&self) -> Result<ApiResponse<Usd>, ApiError> {
        let call = Call::ask(Stage::Credits, self.routes().credits());
        let reply = self.call(call).await?;
        let json = reply.good_json().unwrap_or_default();
        match read::first(&json, &["/credits"], read::amount) {
            Some(credits) => Ok(reply.done(credits)),
            None => Err(reply.failed("a number of credits")),
        }
    }
}
