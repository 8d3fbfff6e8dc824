//! The part of a request that takes are listed, found and compared by.

use std::str::FromStr;

use serde_json::Value;

use super::expect::WaitClass;
use super::parameters::TABLE;
use super::request::Request;
use super::request_words::{AspectRatio, Resolution};
use super::seconds::Seconds;
use super::seeds::Seed;

/// What the queue and the log show and filter by, whatever the provider calls its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSummary {
    pub prompt: String,
    pub resolution: Resolution,
    pub aspect_ratio: AspectRatio,
    pub duration: Seconds,
    pub seed: Seed,
    pub reference_videos: usize,
    pub sound: bool,
    /// Whether it has a first frame or references.
    pub referenced: bool,
    /// The draft that it finishes, as the provider names it.
    pub finishes: Option<String>,
}

impl From<&Request> for RequestSummary {
    fn from(request: &Request) -> Self {
        let form = &request.form;
        Self {
            prompt: form.prompt.clone(),
            resolution: form.resolution,
            aspect_ratio: form.aspect_ratio,
            duration: form.duration,
            seed: request.seed,
            reference_videos: form.videos.len(),
            sound: form.generate_audio,
            referenced: WaitClass::from(form).referenced,
            finishes: Some(form.draft_id.clone()).filter(|id| !id.is_empty()),
        }
    }
}

impl RequestSummary {
    /// Reads a body that was sent before; `None` when one of these fields is missing or has an unknown value.
    pub fn of_body(body: &Value) -> Option<Self> {
        Some(Self {
            prompt: body["prompt"].as_str()?.to_owned(),
            resolution: word(body, "resolution")?,
            aspect_ratio: word(body, "aspect_ratio")?,
            duration: Seconds::new(body["duration"].as_i64()?).ok()?,
            seed: Seed::new(u32::try_from(body["seed"].as_i64()?).ok()?).ok()?,
            reference_videos: references(body, "reference_videos"),
            sound: body["generate_audio"].as_bool().unwrap_or(true),
            referenced: body["first_frame_url"]
                .as_str()
                .is_some_and(|url| !url.is_empty())
                || ["reference_images", "reference_videos", "reference_audios"]
                    .iter()
                    .any(|field| references(body, field) > 0),
            finishes: None,
        })
    }
}

fn references(body: &Value, field: &str) -> usize {
    body[field].as_array().map_or(0, Vec::len)
}

fn word<T: FromStr>(body: &Value, field: &str) -> Option<T> {
    body[field].as_str()?.parse().ok()
}

/// Whether two bodies ask for the same content: everything is equal but seed, length and size.
pub fn is_same_content(one: &Value, other: &Value) -> bool {
    let mut content = TABLE.iter().filter(|entry| entry.is_content);
    content.all(|entry| one[entry.wire] == other[entry.wire])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Form;

    #[test]
    fn a_body_gives_the_same_summary_as_the_request_that_it_was_made_from() {
        let form = Form {
            prompt: "A kite.".into(),
            videos: vec!["https://example.org/a.mp4".into()],
            ..Form::default()
        };
        let request = form.request(Seed::new(7).unwrap());
        let mut body = request.body();
        assert_eq!(RequestSummary::of_body(&body), Some((&request).into()));
        body["duration"] = "ten".into();
        assert_eq!(RequestSummary::of_body(&body), None);
        assert_eq!(RequestSummary::of_body(&Value::Null), None);
    }
}
