//! One call, from its URL to its response, with what it may cost to repeat it.

use std::borrow::Cow;
use std::time::Instant;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response};
use url::Url;

use crate::model::text::one_line;
use crate::model::{ApiKey, FailureKind};

use super::client::Client;
use super::error::{ApiError, ApiResponse, Class, Stage, WireExchange};
use super::reply::Reply;
use super::response_body::MAX_VIDEO;
use super::wire::Wire;
use super::{retry_after, transport};

/// What a call is for, and so what repeating it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Repeating it would buy a second video.
    Buy,
    /// Repeating it does no harm.
    Ask,
    /// Repeating it would store a file a second time, free of charge.
    Upload,
    /// Repeating it does no harm, and no key is involved.
    Fetch,
}

impl Purpose {
    /// What is allowed next when no usable response came.
    pub(super) const fn after_a_loss(self, is_unsent: bool) -> Class {
        match self {
            Self::Buy if !is_unsent => Class::Ambiguous,
            _ => Class::Repeatable,
        }
    }
}

/// A call to be made.
pub(super) struct Call {
    pub(super) stage: Stage,
    pub(super) purpose: Purpose,
    pub(super) wire: Wire,
    pub(super) url: Url,
    /// `None` for a GET.
    pub(super) json: Option<Bytes>,
    /// Of a download that continues where it stopped.
    pub(super) range: Option<String>,
}

impl Call {
    /// A keyed GET.
    pub(super) fn ask(stage: Stage, url: Url) -> Self {
        Self {
            stage,
            purpose: Purpose::Ask,
            wire: Wire::Ask,
            url,
            json: None,
            range: None,
        }
    }

    /// A keyed POST of JSON that goes out at most once.
    pub(super) fn post(stage: Stage, purpose: Purpose, wire: Wire, url: Url, json: Bytes) -> Self {
        Self {
            stage,
            purpose,
            wire,
            url,
            json: Some(json),
            range: None,
        }
    }
}

/// A response whose head has been read and whose body has not.
pub(super) struct Head<'a> {
    pub(super) context: CallContext<'a>,
    pub(super) response: Response,
}

/// What a call's errors and its exchange are made from.
pub(super) struct CallContext<'a> {
    pub(super) client: &'a Client,
    pub(super) purpose: Purpose,
    pub(super) host: String,
    pub(super) exchange: WireExchange,
    started: Instant,
}

impl Client {
    /// Makes the call and reads the whole response.
    pub(super) async fn call(&self, call: Call) -> Result<Reply<'_>, ApiError> {
        let head = self.open(call).await?;
        Ok(head.whole(Bytes::new()).await)
    }

    /// Makes the call and reads the response's head.
    pub(super) async fn open(&self, call: Call) -> Result<Head<'_>, ApiError> {
        let (method, word) = match call.json {
            Some(_) => (Method::POST, "POST"),
            None => (Method::GET, "GET"),
        };
        let mut context = CallContext {
            client: self,
            purpose: call.purpose,
            host: host_of(&call.url),
            exchange: WireExchange {
                stage: call.stage,
                method: word,
                path: one_line(&path_of(&call.url), 2000),
                status: None,
                date: None,
                millis: 0,
                response: None,
            },
            started: Instant::now(),
        };
        let wire = match self.0.wires.get(call.wire, &call.url, &self.0.timeouts) {
            Ok(wire) => wire,
            Err(error) => return Err(context.broken(error)),
        };
        let mut request = wire.request(method, call.url);
        if call.purpose != Purpose::Fetch {
            request = request.header("x-api-key", self.0.header.clone());
        }
        if let Some(range) = call.range {
            request = request.header("range", range);
        }
        if let Some(json) = call.json {
            request = request.header("content-type", "application/json").body(json);
        }
        match request.send().await {
            Ok(mut response) => {
                redact_headers(response.headers_mut(), &self.0.key);
                context.exchange.status = Some(response.status().as_u16());
                context.exchange.date = retry_after::date(response.headers());
                context.tick();
                Ok(Head { context, response })
            }
            Err(error) => Err(context.broken(error)),
        }
    }
}

impl CallContext<'_> {
    pub(super) fn tick(&mut self) {
        self.exchange.millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    }

    /// The connection failed, before or after the response's head.
    pub(super) fn broken(mut self, error: reqwest::Error) -> ApiError {
        self.tick();
        let error = error.without_url();
        let is_unsent = self.exchange.status.is_none() && transport::is_unsent(&error);
        let message = transport::words(&error, &self.host, &self.client.0.timeouts);
        if is_unsent && transport::is_elsewhere(&error) {
            return self.error(Class::FatalForQueue, FailureKind::BadParameter, &message);
        }
        let class = self.purpose.after_a_loss(is_unsent);
        self.error(class, FailureKind::Network, &message)
    }

    pub(super) fn error(self, class: Class, kind: FailureKind, message: &str) -> ApiError {
        ApiError {
            class,
            kind,
            status: self.exchange.status,
            message: message.to_owned(),
            retry_after: None,
            request_id: None,
            exchange: Some(Box::new(self.exchange)),
        }
    }

    /// The host sends more than a video may have.
    pub(super) fn too_large(self, class: Class) -> ApiError {
        let message = too_large(&self.host);
        self.error(class, FailureKind::Delivery, &message)
    }

    pub(super) fn done<T>(mut self, value: T) -> ApiResponse<T> {
        self.tick();
        ApiResponse {
            value,
            exchange: self.exchange,
        }
    }
}

/// A response may repeat the key: it must not get any further.
fn redact_headers(headers: &mut HeaderMap, key: &ApiKey) {
    for value in headers.values_mut() {
        let Ok(text) = value.to_str() else { continue };
        if let Cow::Owned(clean) = key.redact(text)
            && let Ok(clean) = HeaderValue::from_str(&clean)
        {
            *value = clean;
        }
    }
}

/// The host, and the port unless it is the usual one.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the host");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

pub(super) fn too_large(host: &str) -> String {
    format!("{host} sends a video of more than {} MiB", MAX_VIDEO >> 20)
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
