//! Asks the provider for the present URL of a video.

use crate::engine::context::Context;
use crate::segmind::{Outcome, Video};
use crate::store::Facts;

/// The URL of the request's video, and what else the provider says of it.
pub async fn url_of(context: &Context, request_id: &str) -> Option<Facts> {
    let client = &context.setup.client;
    let Ok(response) = client.result(request_id).await else {
        // The record is gone after an hour; the history still names the file.
        let row = client.history_one(request_id).await.ok()?.value?;
        return Some(Facts {
            output_url: Some(row.url?),
            ..Facts::default()
        });
    };
    match response.value {
        Outcome::Completed(video) => Some(video_facts(&video)),
        _ => None,
    }
}

/// The facts of a finished video.
pub fn video_facts(video: &Video) -> Facts {
    Facts {
        http_status: Some(200),
        cost: video.cost,
        times: video.times,
        output_url: Some(video.url.clone()),
        last_frame_url: video.last_frame_url.clone(),
        ..Facts::default()
    }
}
