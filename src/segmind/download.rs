//! Downloads finished videos. Their hosts are public and named by responses: the key never goes there.

use std::fmt;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::{Response, StatusCode};
use url::Url;

use crate::model::FailureKind;
use crate::model::text::one_line;

use super::call::{Call, Purpose, host_of, too_large};
use super::client::{Client, Timeouts};
use super::error::{ApiError, Class, Stage};
use super::response_body::MAX_VIDEO;
use super::wire::Wire;
use super::{read, transport};

/// A download under way.
pub struct Download {
    /// Size of the whole file in bytes, even if only its rest is sent.
    pub total: Option<u64>,
    /// The bytes continue where they were asked to; otherwise they begin at the file's first.
    pub resumed: bool,
    /// Ends with an error when the host breaks off or sends more than [`MAX_VIDEO`].
    pub chunks: BoxStream<'static, Result<Bytes, ApiError>>,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Download")
            .field(&self.total)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Begins to download the video at `url`, from byte `from` on if the host allows it, over a client that does not
    /// have the key. 404 and 410 mean that the file is gone ([`Class::FatalForTake`], [`FailureKind::Stale`]); everything
    /// else may pass, because videos are kept for seven days. After a 416, download again from 0.
    pub async fn download(&self, url: &str, from: u64) -> Result<Download, ApiError> {
        let url = video_url(url)?;
        let call = Call {
            stage: Stage::Download,
            purpose: Purpose::Fetch,
            wire: Wire::Fetch,
            url,
            json: None,
            range: (from > 0).then(|| format!("bytes={from}-")),
        };
        let head = self.open(call).await?;
        let range = read::header(head.response.headers(), "content-range");
        let range = range.as_deref().and_then(content_range).unwrap_or_default();
        let is_whole_already = from > 0
            && head.response.status() == StatusCode::RANGE_NOT_SATISFIABLE
            && range.total == Some(from);
        let is_rest = head.response.status() == StatusCode::PARTIAL_CONTENT && range.start == Some(from);
        let is_all = head.response.status() == StatusCode::OK;
        if !is_whole_already && !is_rest && !is_all {
            let reply = head.whole(Bytes::new()).await;
            return Err(reply.failed("the part that was asked for"));
        }
        let total = if is_all {
            head.response.content_length()
        } else {
            range.total
        };
        if total.is_some_and(|total| total > MAX_VIDEO) {
            return Err(head.context.too_large(Class::FatalForTake));
        }
        Ok(Download {
            total,
            resumed: !is_all,
            chunks: if is_whole_already {
                futures::stream::empty().boxed()
            } else {
                chunks(head.response, if is_all { 0 } else { from }, self.0.timeouts)
            },
        })
    }
}

fn video_url(text: &str) -> Result<Url, ApiError> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        let message = format!("{:?} is not a URL of a video", one_line(text, 120));
        ApiError::untried(Class::FatalForTake, FailureKind::Delivery, message)
    })
}

/// What `bytes 5-9/10` or `bytes */10` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct ContentRange {
    start: Option<u64>,
    total: Option<u64>,
}

fn content_range(text: &str) -> Option<ContentRange> {
    let (range, total) = text.strip_prefix("bytes")?.trim_start().split_once('/')?;
    Some(ContentRange {
        start: range
            .split_once('-')
            .and_then(|(start, _)| start.trim().parse().ok()),
        total: total.trim().parse().ok(),
    })
}

fn chunks(response: Response, from: u64, timeouts: Timeouts) -> BoxStream<'static, Result<Bytes, ApiError>> {
    let host = host_of(response.url());
    let failed = |message: String, kind| ApiError::untried(Class::Repeatable, kind, message);
    let start = Some((response, from));
    futures::stream::unfold(start, move |state| {
        let host = host.clone();
        async move {
            let (mut response, so_far) = state?;
            match response.chunk().await {
                Ok(None) => None,
                Ok(Some(chunk)) if so_far + chunk.len() as u64 > MAX_VIDEO => {
                    Some((Err(failed(too_large(&host), FailureKind::Delivery)), None))
                }
                Ok(Some(chunk)) => {
                    let so_far = so_far + chunk.len() as u64;
                    Some((Ok(chunk), Some((response, so_far))))
                }
                Err(error) => {
                    let words = transport::words(&error.without_url(), &host, &timeouts);
                    Some((Err(failed(words, FailureKind::Network)), None))
                }
            }
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_nonsense_is_not() {
        let both = |start, total| Some(ContentRange { start, total });
        assert_eq!(content_range("bytes 5-9/10"), both(Some(5), Some(10)));
        assert_eq!(content_range("bytes 5-9/*"), both(Some(5), None));
        assert_eq!(content_range("bytes */10"), both(None, Some(10)));
        assert_eq!(content_range("lines 1-2/3"), None);
    }
}
