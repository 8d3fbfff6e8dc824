//! The balance, which is also the free way to check a key. (Segmind, API docs, get-user-credits.)

use serde_json::Value;

use crate::model::Usd;

use super::call::Call;
use super::client::Client;
use super::error::{Answer, ApiError, Stage};
use super::read;

/// What is left on the account. One credit is one dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credits {
    pub credits: Usd,
    pub free: Usd,
}

impl Client {
    /// The balance.
    ///
    /// # Errors
    /// A key that is missing or rejected is [`super::Class::FatalForLine`].
    pub async fn credits(&self) -> Result<Answer<Credits>, ApiError> {
        let reply = self
            .call(Call::ask(Stage::Credits, self.places().credits()))
            .await?;
        match reply.good_json().as_ref().and_then(credits) {
            Some(credits) => Ok(reply.done(credits)),
            None => Err(reply.failed("a number of credits")),
        }
    }
}

fn credits(json: &Value) -> Option<Credits> {
    let free = read::first(json, &["/free-credits", "/free_credits"], read::amount);
    Some(Credits {
        credits: read::first(json, &["/credits"], read::amount)?,
        free: free.unwrap_or(Usd::ZERO),
    })
}
