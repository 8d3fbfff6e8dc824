//! The v1 contract: one POST that blocks for minutes and answers with the film itself, or with its address.
//! (Segmind, Seedance 2.0 model page, code samples; response headers.)

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::model::{FailureKind, Model, Usd};

use super::body::MOST_FILM;
use super::call::{Call, Head, Purpose};
use super::client::Client;
use super::error::{Answer, ApiError, Class, Stage};
use super::jobs::{Metrics, odd_cost};
use super::read;
use super::wire::Wire;

/// A film as v1 delivers it, and what its headers tell.
#[derive(Debug, Clone, PartialEq)]
pub struct V1Film {
    pub content: V1Content,
    pub cost: Option<Usd>,
    /// What stands in the place of the bill, where that is no amount.
    pub odd_cost: Option<String>,
    pub remaining_credits: Option<Usd>,
    pub request_id: Option<String>,
    pub seed: Option<u32>,
    /// In seconds.
    pub generation_time: Option<f64>,
    pub last_frame_url: Option<String>,
}

/// Where the film is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum V1Content {
    /// At a public host that needs no key.
    Url(String),
    /// Written to the caller's writer, this many bytes.
    Written(u64),
}

/// What the first bytes of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sniffed {
    Film,
    Text,
}

impl Client {
    /// Buys one film and waits for it; a film that comes as bytes is written to `into`, at most
    /// [`MOST_FILM`] of them. As with [`Client::submit`] this must never go out twice; unlike there a lost
    /// answer leaves no id.
    ///
    /// # Errors
    /// As [`Client::submit`]; an empty 200, a common failure, is [`Class::Ambiguous`], and so is a film that
    /// breaks off or cannot be written ([`FailureKind::Storage`]).
    pub async fn generate_v1<W>(
        &self,
        model: Model,
        body: &Value,
        into: &mut W,
    ) -> Result<Answer<V1Film>, ApiError>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let json = Bytes::from(body.to_string());
        let url = self.places().generate_v1(model);
        let call = Call::post(Stage::Submit, Purpose::Buy, Wire::Patient, url, json);
        let mut head = self.open(call).await?;
        if !head.response.status().is_success() {
            return Err(head.whole(Bytes::new()).await.failed("a film"));
        }
        let start = match first_bytes(&mut head).await {
            Ok(start) => start,
            Err(error) => {
                let id = read::header(head.response.headers(), "x-request-id");
                return Err(with_id(head.context.broken(error), id));
            }
        };
        match sniff(&start, head.response.headers()) {
            Sniffed::Film => write_film(head, start, into).await,
            Sniffed::Text => read_address(head, start).await,
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

/// A film is known by its `ftyp` box, text by its first sign; the declared type decides only what is left.
fn sniff(start: &[u8], headers: &HeaderMap) -> Sniffed {
    if start.get(4..8) == Some(b"ftyp") {
        return Sniffed::Film;
    }
    let declared = read::header(headers, "content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_film = declared.starts_with("video/") || declared.starts_with("application/octet-stream");
    match start.trim_ascii_start().first() {
        None | Some(b'{' | b'[' | b'"' | b'<') => Sniffed::Text,
        Some(_) if is_film => Sniffed::Film,
        Some(_) => Sniffed::Text,
    }
}

async fn write_film<W>(mut head: Head<'_>, start: Bytes, into: &mut W) -> Result<Answer<V1Film>, ApiError>
where
    W: AsyncWrite + Unpin + Send + ?Sized,
{
    let mut film = film_of(head.response.headers(), &Value::Null, V1Content::Written(0));
    let lost = match copy(&mut head.response, start, into).await {
        Ok(written) => {
            head.context.exchange.answer = Some(format!("a film of {written} bytes"));
            film.content = V1Content::Written(written);
            return Ok(head.context.done(film));
        }
        Err(Lost::Broken(error)) => head.context.broken(error),
        Err(Lost::TooLarge) => {
            let message = format!(
                "{} sends a film of more than {} MiB",
                head.context.host,
                MOST_FILM >> 20
            );
            head.context
                .error(Class::Ambiguous, FailureKind::Delivery, &message)
        }
        Err(Lost::Unwritable(error)) => {
            let message = format!("the film cannot be written: {error}");
            head.context
                .error(Class::Ambiguous, FailureKind::Storage, &message)
        }
    };
    Err(with_id(lost, film.request_id))
}

/// Why a film that was on its way is not here.
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
        if written > MOST_FILM {
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

async fn read_address(head: Head<'_>, start: Bytes) -> Result<Answer<V1Film>, ApiError> {
    let reply = head.whole(start).await;
    let json = reply.good_json().unwrap_or(Value::Null);
    match read::film_url(&json).or_else(|| read::address(&json)) {
        Some(url) => {
            let film = film_of(&reply.headers, &json, V1Content::Url(url));
            Ok(reply.done(film))
        }
        None => Err(reply.failed("a film or its address")),
    }
}

/// What headers and, for a JSON answer, body tell about the film.
fn film_of(headers: &HeaderMap, json: &Value, content: V1Content) -> V1Film {
    let metrics = Metrics::of(json);
    let cost = read::header_as(headers, "x-cost", read::cost).or(metrics.cost);
    let odd_cost = read::header_as(headers, "x-cost", read::odd_cost).or_else(|| odd_cost(json));
    V1Film {
        content,
        cost,
        odd_cost: odd_cost.filter(|_| cost.is_none()),
        remaining_credits: read::header_as(headers, "x-remaining-credits", read::amount)
            .or(metrics.remaining_credits),
        request_id: read::header(headers, "x-request-id")
            .or_else(|| read::first(json, &["/request_id"], read::text)),
        seed: read::header_as(headers, "x-seed-value", read::seed)
            .or_else(|| read::first(json, &["/seed"], read::seed)),
        generation_time: read::header_as(headers, "x-generation-time", read::number)
            .or(metrics.inference_time),
        last_frame_url: read::last_frame_url(json),
    }
}
