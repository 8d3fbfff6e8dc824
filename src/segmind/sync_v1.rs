//! The v1 contract: one POST that blocks for minutes and returns the video itself, or its URL.
//! (Segmind, Seedance 2.0 model page, code samples; response headers.)

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::model::{FailureKind, Model, Usd};

use super::call::{Call, Head, Purpose};
use super::client::Client;
use super::error::{ApiError, ApiResponse, Class, Stage};
use super::jobs::bill;
use super::read;
use super::response_body::MAX_VIDEO;
use super::wire::Wire;

/// A video as v1 delivers it.
#[derive(Debug, Clone, PartialEq)]
pub struct V1Video {
    /// At a public host that needs no key; `None` when the response was the video, which was written to the caller.
    pub url: Option<String>,
    pub cost: Option<Usd>,
    /// The bill as it came, if it is no amount.
    pub odd_cost: Option<String>,
    pub request_id: Option<String>,
}

/// What the first bytes of a response are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sniffed {
    Video,
    Text,
}

impl Client {
    /// Buys one video and waits for it; one that comes as bytes is written to `into`, at most [`MAX_VIDEO`] of them. As
    /// with [`Client::submit`] this must never go out twice, but here a lost response leaves no id. An empty 200, a
    /// common failure, is [`Class::Ambiguous`], and so is a video that breaks off or cannot be written
    /// ([`FailureKind::Storage`]).
    pub async fn generate_v1<W>(
        &self,
        model: Model,
        body: &Value,
        into: &mut W,
    ) -> Result<ApiResponse<V1Video>, ApiError>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let json = Bytes::from(body.to_string());
        let url = self.routes().generate_v1(model);
        let call = Call::post(Stage::Submit, Purpose::Buy, Wire::Patient, url, json);
        let mut head = self.open(call).await?;
        if !head.response.status().is_success() {
            return Err(head.whole(Bytes::new()).await.failed("a video"));
        }
        let start = match first_bytes(&mut head).await {
            Ok(start) => start,
            Err(error) => {
                let id = read::header(head.response.headers(), "x-request-id");
                return Err(with_id(head.context.broken(error), id));
            }
        };
        match sniff(&start, head.response.headers()) {
            Sniffed::Video => write_video(head, start, into).await,
            Sniffed::Text => read_url(head, start).await,
        }
    }
}

/// Enough of the body to tell what it is.
async fn first_bytes(head: &mut Head<'_>) -> Result<Bytes, reqwest::Error> {
    const ENOUGH: usize = 64;
    let mut start = BytesMut::new();
    while start.trim_ascii_start().len() < ENOUGH && start.len() < 16 * ENOUGH {
        match head.response.chunk().await? {
            Some(chunk) => start.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok(start.freeze())
}

/// A video is recognized by its `ftyp` box, text by its first character; the declared type decides the rest.
fn sniff(start: &[u8], headers: &HeaderMap) -> Sniffed {
    if start.get(4..8) == Some(b"ftyp") {
        return Sniffed::Video;
    }
    let declared = read::header(headers, "content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_video = declared.starts_with("video/") || declared.starts_with("application/octet-stream");
    match start.trim_ascii_start().first() {
        None | Some(b'{' | b'[' | b'"' | b'<') => Sniffed::Text,
        Some(_) if is_video => Sniffed::Video,
        Some(_) => Sniffed::Text,
    }
}

async fn write_video<W>(
    mut head: Head<'_>,
    start: Bytes,
    into: &mut W,
) -> Result<ApiResponse<V1Video>, ApiError>
where
    W: AsyncWrite + Unpin + Send + ?Sized,
{
    let video = video_of(head.response.headers(), &Value::Null, None);
    let lost = match copy(&mut head.response, start, into).await {
        Ok(written) => {
            head.context.exchange.response = Some(format!("a video of {written} bytes"));
            return Ok(head.context.done(video));
        }
        Err(Lost::Broken(error)) => head.context.broken(error),
        Err(Lost::TooLarge) => head.context.too_large(Class::Ambiguous),
        Err(Lost::Unwritable(error)) => {
            let message = format!("the video cannot be written: {error}");
            head.context
                .error(Class::Ambiguous, FailureKind::Storage, &message)
        }
    };
    Err(with_id(lost, video.request_id))
}

/// Why a video was lost on its way.
enum Lost {
    Broken(reqwest::Error),
    TooLarge,
    Unwritable(std::io::Error),
}

async fn copy<W>(response: &mut Response, start: Bytes, into: &mut W) -> Result<u64, Lost>
where
    W: AsyncWrite + Unpin + Send + ?Sized,
{
    let mut written = 0_u64;
    let mut next = Some(start);
    while let Some(chunk) = next {
        written += chunk.len() as u64;
        if written > MAX_VIDEO {
            return Err(Lost::TooLarge);
        }
        into.write_all(&chunk).await.map_err(Lost::Unwritable)?;
        next = response.chunk().await.map_err(Lost::Broken)?;
    }
    into.flush().await.map_err(Lost::Unwritable)?;
    Ok(written)
}

fn with_id(error: ApiError, request_id: Option<String>) -> ApiError {
    ApiError { request_id, ..error }
}

async fn read_url(head: Head<'_>, start: Bytes) -> Result<ApiResponse<V1Video>, ApiError> {
    let reply = head.whole(start).await;
    let json = reply.good_json().unwrap_or_default();
    match read::video_url(&json).or_else(|| read::url(&json)) {
        Some(url) => {
            let video = video_of(&reply.headers, &json, Some(url));
            Ok(reply.done(video))
        }
        None => Err(reply.failed("a video or its URL")),
    }
}

/// What headers and, for a JSON response, body tell about the video.
fn video_of(headers: &HeaderMap, json: &Value, url: Option<String>) -> V1Video {
    let (cost, odd_cost) = bill(json);
    let cost = read::header_as(headers, "x-cost", read::cost).or(cost);
    let odd_cost = read::header_as(headers, "x-cost", read::odd_cost).or(odd_cost);
    V1Video {
        url,
        cost,
        odd_cost: odd_cost.filter(|_| cost.is_none()),
        request_id: read::header(headers, "x-request-id")
            .or_else(|| read::first(json, &["/request_id"], read::text)),
    }
}
