//! One call from its address to its answer, with what it may cost to repeat it.

use std::borrow::Cow;
use std::time::Instant;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response};
use url::Url;

use crate::model::text::one_line;
use crate::model::{ApiKey, FailureKind};

use super::client::Client;
use super::error::{Answer, ApiError, Class, Exchange, Stage};
use super::reply::Reply;
use super::wire::Wire;
use super::{retry_after, transport};

/// What repeating a call would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Buy a film a second time.
    Buy,
    /// Nothing: a question.
    Ask,
    /// Store a file a second time, free of charge.
    Upload,
    /// Nothing, and no key is involved.
    Fetch,
}

impl Purpose {
    /// What a call allows next of which no usable answer came.
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
    /// A POST's JSON; a GET has none.
    pub(super) json: Option<Bytes>,
    /// Of a download that goes on where it stopped.
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

/// An answer of which the head is here and the body is not.
pub(super) struct Head<'a> {
    pub(super) context: Context<'a>,
    pub(super) response: Response,
}

/// What is needed to speak of a call afterwards.
pub(super) struct Context<'a> {
    pub(super) client: &'a Client,
    pub(super) purpose: Purpose,
    pub(super) host: String,
    pub(super) exchange: Exchange,
    started: Instant,
}

impl Client {
    /// Makes the call and reads the whole answer.
    pub(super) async fn call(&self, call: Call) -> Result<Reply<'_>, ApiError> {
        let head = self.open(call).await?;
        Ok(head.whole(Bytes::new()).await)
    }

    /// Makes the call and reads the answer's head.
    pub(super) async fn open(&self, call: Call) -> Result<Head<'_>, ApiError> {
        let method = if call.json.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut context = Context {
            client: self,
            purpose: call.purpose,
            host: host_of(&call.url),
            exchange: Exchange {
                stage: call.stage,
                method: if call.json.is_some() { "POST" } else { "GET" },
                path: one_line(&path_of(&call.url), 2000),
                status: None,
                date: None,
                millis: 0,
                answer: None,
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

impl Context<'_> {
    pub(super) fn tick(&mut self) {
        self.exchange.millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    }

    /// The connection failed, before or after the answer's head.
    pub(super) fn broken(mut self, error: reqwest::Error) -> ApiError {
        self.tick();
        let error = error.without_url();
        let is_unsent = self.exchange.status.is_none() && transport::is_unsent(&error);
        let message = transport::words(&error, &self.host, &self.client.0.timeouts);
        if is_unsent && transport::is_elsewhere(&error) {
            return self.error(Class::FatalForLine, FailureKind::BadParameter, &message);
        }
        let class = self.purpose.after_a_loss(is_unsent);
        self.error(class, FailureKind::Network, &message)
    }

    /// An error of this call.
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

    /// A value of this call.
    pub(super) fn done<T>(mut self, value: T) -> Answer<T> {
        self.tick();
        Answer {
            value,
            exchange: self.exchange,
        }
    }
}

/// An answer may repeat the key to us; from here on it must not travel further.
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

/// Host and, where it is not the usual one, port.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the address");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
