//! The public catalogue of models. (Segmind, model catalogue.)

use serde_json::Value;

use super::call::{Call, Purpose};
use super::client::Client;
use super::error::{ApiError, ApiResponse, Stage};

impl Client {
    /// Every model with its parameters. The list is public, so the key is not sent.
    ///
    /// # Errors
    /// The list cannot be had, is no JSON, or has more than [`super::MAX_RESPONSE`] bytes.
    pub async fn models(&self) -> Result<ApiResponse<Value>, ApiError> {
        let call = Call {
            purpose: Purpose::Fetch,
            ..Call::ask(Stage::Models, self.routes().models())
        };
        let reply = self.call(call).await?;
        match reply.good_json() {
            Some(json) => Ok(reply.done(json)),
            None => Err(reply.failed("a list of models")),
        }
    }
}
