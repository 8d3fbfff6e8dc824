//! Reads the body of a response without trusting its length or its depth.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use serde_json::Value;

use crate::model::ApiKey;
use crate::model::text::lines;

use super::json;

/// The most bytes of a response that is not a video.
pub const MAX_RESPONSE: usize = 4 * 1024 * 1024;
/// The most bytes of a video.
pub const MAX_VIDEO: u64 = 512 * 1024 * 1024;
/// The most bytes of a response that are kept for the log.
const MAX_KEPT: usize = 64 * 1024;

/// As much of a response as was read, and why there is no more.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) cut: Option<MissingRest>,
}

/// Why the rest of a response is missing.
#[derive(Debug)]
pub(super) enum MissingRest {
    TooLarge,
    Broken(reqwest::Error),
}

/// Reads up to [`MAX_RESPONSE`] bytes, after those of `head` that are read already.
pub(super) async fn read(response: &mut Response, head: Bytes) -> Body {
    let mut bytes = BytesMut::from(head);
    let cut = loop {
        match response.chunk().await {
            Ok(None) => break None,
            Ok(Some(chunk)) => {
                let room = MAX_RESPONSE - bytes.len();
                bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break Some(MissingRest::TooLarge);
                }
            }
            Err(error) => break Some(MissingRest::Broken(error.without_url())),
        }
    };
    Body {
        bytes: bytes.freeze(),
        cut,
    }
}

impl Body {
    /// Removes the key from a response that repeats it, before anything in it is decoded.
    pub(super) fn redact(&mut self, key: &ApiKey) {
        let text = String::from_utf8_lossy(&self.bytes);
        if let Cow::Owned(clean) = key.redact(&text) {
            self.bytes = Bytes::from(clean);
        }
    }

    /// The response as JSON. Nesting is limited by the parser (128 levels). A response that broke off after its last brace
    /// counts, because it is complete.
    pub(super) fn json(&self) -> Option<Value> {
        if matches!(self.cut, Some(MissingRest::TooLarge)) {
            return None;
        }
        json::parse(&self.bytes)
    }

    /// Nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }

    pub(super) fn is_html(&self) -> bool {
        self.bytes.trim_ascii_start().starts_with(b"<")
    }

    /// The text to keep: no control bytes, at most 64 KiB.
    pub(super) fn kept(&self) -> String {
        let start = &self.bytes[..self.bytes.len().min(MAX_KEPT)];
        let mut text = lines(&String::from_utf8_lossy(start), MAX_KEPT);
        if text.len() > MAX_KEPT - '…'.len_utf8() || start.len() < self.bytes.len() {
            text.truncate(text.floor_char_boundary(MAX_KEPT - '…'.len_utf8()));
            text.push('…');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(bytes: impl Into<Bytes>) -> Body {
        Body {
            bytes: bytes.into(),
            cut: None,
        }
    }

    #[test]
    fn kept_text_is_bounded_in_bytes_and_has_no_control_bytes() {
        let wide = body("é".repeat(100_000)).kept();
        assert!(wide.len() <= MAX_KEPT && wide.ends_with('…'));
        let garbage = body(vec![0xff; 100_000]).kept();
        assert!(garbage.len() <= MAX_KEPT);
        assert_eq!(body("a\x1b[2J\nb").kept(), "a[2J\nb");
    }

    #[test]
    fn deep_nesting_is_no_json() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(body(deep).json(), None);
        assert!(body("[[1]]").json().is_some());
    }
}
