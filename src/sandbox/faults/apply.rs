//! Applies a scripted failure to a request: before it is handled, or to its response.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};

use super::{Effect, Faults, ResetPoint, Strike, fields};
use crate::sandbox::connections::Connection;
use crate::sandbox::refusals::{Refusal, html};

/// The most bytes of a body that are read before a connection is cut.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;
/// A short wait, so that what was sent arrives before the connection ends.
const ARRIVAL: Duration = Duration::from_millis(30);

/// Counts the request against every rule and applies the rule that strikes.
pub(in crate::sandbox) async fn inject(
    State(faults): State<Arc<Faults>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with("/_sandbox/") {
        return next.run(request).await;
    }
    match faults.strike(request.method(), path) {
        Some(strike) => strike_one(&strike, &connection, request, next).await,
        None => next.run(request).await,
    }
}

async fn strike_one(strike: &Strike, connection: &Connection, mut request: Request, next: Next) -> Response {
    if !strike.carry_out {
        tokio::time::sleep(strike.delay).await;
    }
    request.extensions_mut().insert(strike.intent());
    let response = match &strike.effect {
        Effect::Reset(ResetPoint::BeforeBody) => cut(connection),
        Effect::Reset(ResetPoint::AfterBody) => {
            drain(request).await;
            cut(connection)
        }
        Effect::Reset(ResetPoint::AfterAccept) => {
            next.run(request).await;
            cut(connection)
        }
        Effect::Respond { .. } if !strike.carry_out => {
            drain(request).await;
            Response::default()
        }
        _ => next.run(request).await,
    };
    if strike.carry_out {
        tokio::time::sleep(strike.delay).await;
    }
    match &strike.effect {
        Effect::Set(fields) => fields::set(response, fields).await,
        effect => spoil(effect, response),
    }
}

/// Cuts the connection; the response returned here is never sent.
fn cut(connection: &Connection) -> Response {
    connection.cut();
    Response::default()
}

/// Reads the body away, so that the client has sent all of it.
async fn drain(request: Request) {
    let mut body = request.into_body().into_data_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = body.next().await {
        read += chunk.len();
        if read > MAX_BODY_BYTES {
            return;
        }
    }
}

fn spoil(effect: &Effect, mut response: Response) -> Response {
    match effect {
        Effect::Respond {
            status,
            body,
            headers,
        } => {
            let mut scripted = match body {
                None => default_answer(*status),
                Some(text) => {
                    (*status, [(header::CONTENT_TYPE, type_of(text))], text.clone()).into_response()
                }
            };
            scripted.headers_mut().extend(headers.clone());
            scripted
        }
        Effect::Truncate(bytes) => rewrite(response, |stream| cut_off(stream, *bytes)),
        Effect::Shorten(bytes) => shorten(response, *bytes),
        Effect::Empty => {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::empty();
            response
        }
        Effect::ContentType(value) => {
            response.headers_mut().insert(header::CONTENT_TYPE, value.clone());
            response
        }
        Effect::Slow { bytes, every } => rewrite(response, |stream| drip(stream, *bytes, *every)),
        Effect::Delay | Effect::Reset(_) | Effect::Expire(_) | Effect::Fail(_) | Effect::Set(_) => response,
    }
}

/// Gateways respond to 405, 502 and 504 with a page, the API itself with an envelope.
fn default_answer(status: StatusCode) -> Response {
    match status.as_u16() {
        200..400 => status.into_response(),
        405 | 502..=504 => html(status),
        _ => Refusal::documented(status).into_response(),
    }
}

fn type_of(text: &str) -> HeaderValue {
    HeaderValue::from_static(match text.trim_start().bytes().next() {
        Some(b'{' | b'[') => "application/json",
        Some(b'<') => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    })
}

/// Replaces the body but not the announced length.
fn rewrite<S, E>(response: Response, stream: impl FnOnce(axum::body::BodyDataStream) -> S) -> Response
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<axum::BoxError> + 'static,
{
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body_length(&body) {
        parts.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    Response::from_parts(parts, Body::from_stream(stream(body.into_data_stream())))
}

fn body_length(body: &Body) -> Option<u64> {
    use axum::body::HttpBody;
    body.size_hint().exact()
}

fn cut_off(
    stream: axum::body::BodyDataStream,
    bytes: u64,
) -> impl Stream<Item = Result<Bytes, axum::BoxError>> + Send {
    let kept = first_bytes(stream, bytes).map(|chunk| chunk.map_err(axum::BoxError::from));
    let end = futures::stream::once(async {
        tokio::time::sleep(ARRIVAL).await;
        Err("cut off by a scripted fault".into())
    });
    kept.chain(end)
}

fn shorten(response: Response, bytes: u64) -> Response {
    let (mut parts, body) = response.into_parts();
    let promised = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
        .or_else(|| body_length(&body));
    if let Some(promised) = promised {
        parts
            .headers
            .insert(header::CONTENT_LENGTH, promised.min(bytes).into());
    }
    Response::from_parts(
        parts,
        Body::from_stream(first_bytes(body.into_data_stream(), bytes)),
    )
}

fn first_bytes(
    stream: axum::body::BodyDataStream,
    bytes: u64,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    stream.scan(bytes, |left, chunk| {
        let kept = match chunk {
            Ok(_) if *left == 0 => None,
            Ok(chunk) => {
                let most = usize::try_from(*left).unwrap_or(usize::MAX).min(chunk.len());
                *left -= most as u64;
                Some(Ok(chunk.slice(..most)))
            }
            Err(error) => Some(Err(error)),
        };
        futures::future::ready(kept)
    })
}

fn drip(
    stream: axum::body::BodyDataStream,
    bytes: usize,
    every: Duration,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    let pieces = stream.flat_map(move |chunk| {
        let pieces = match chunk {
            Ok(chunk) => (0..chunk.len())
                .step_by(bytes)
                .map(|at| Ok(chunk.slice(at..chunk.len().min(at + bytes))))
                .collect(),
            Err(error) => vec![Err(error)],
        };
        futures::stream::iter(pieces)
    });
    pieces.then(move |piece| async move {
        tokio::time::sleep(every).await;
        piece
    })
}
