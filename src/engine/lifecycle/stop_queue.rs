//! Stops the queue when nothing else can be sent until the user acts.

use crate::engine::context::Context;
use crate::engine::events::Event;
use crate::engine::pauses::Stop;
use crate::segmind::ApiError;

/// Stops the queue for all processes.
pub(super) async fn stop_queue(context: &Context, error: &ApiError) -> Result<(), Stop> {
    let (backend, kind, message) = (context.setup.backend, error.kind, error.message.clone());
    context
        .keep(move |store| store.queue(backend).stop(kind, &message))
        .await?;
    context.events.tell(Event::Queue(backend));
    Ok(())
}
