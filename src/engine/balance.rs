//! Asks for the balance of a live account: at the start, and when the user looks. Each result of a take names it too.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::Backend;

use super::context::Context;
use super::events::Event;

/// The provider is not asked more often than this.
const PAUSE: Duration = Duration::from_secs(60);

/// Asks for the balance, unless it was asked for within the last minute. A failure is not reported, because the next submit
/// meets it too.
pub(super) async fn ask(context: Arc<Context>) {
    let is_free = context.setup.backend == Backend::Sandbox;
    if is_free || !context.balance_asked.may(Instant::now(), PAUSE) {
        return;
    }
    let credits = context.setup.client.credits();
    match context.pauses.unless_stopped(credits).await {
        Ok(Ok(response)) => context.events.tell(Event::Balance(response.value)),
        Ok(Err(error)) => tracing::info!("the balance is not known: {error}"),
        Err(_) => {}
    }
}
