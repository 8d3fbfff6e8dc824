//! One call from its address to its answer, with what it may cost to repeat it.

use std::time::Instant;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use url::Url;

use crate::model::FailureKind;
use crate::model::text::one_line;

use super::body::{self, Body, Cut};
use super::client::Client;
use super::error::{Answer, ApiError, Class, Exchange, Stage};
use super::wire::Wire;
use super::{read, refusal, retry_after, transport};

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
    const fn after_a_loss(self, is_unsent: bool) -> Class {
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

/// An answer read to its end, or to its bound.
pub(super) struct Reply<'a> {
    context: Context<'a>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
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
            Ok(response) => {
                context.exchange.status = Some(response.status().as_u16());
                context.tick();
                Ok(Head { context, response })
            }
            Err(error) => Err(context.broken(error)),
        }
    }
}

impl<'a> Head<'a> {
    /// Reads the rest of the answer, after the bytes of `read_already`.
    pub(super) async fn whole(mut self, read_already: Bytes) -> Reply<'a> {
        let body = body::read(&mut self.response, read_already).await;
        let mut context = self.context;
        context.tick();
        context.exchange.answer = Some(context.client.0.key.redact(&body.kept()));
        Reply {
            context,
            status: self.response.status(),
            headers: self.response.headers().clone(),
            body,
        }
    }
}

impl Context<'_> {
    fn tick(&mut self) {
        self.exchange.millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    }

    /// The connection failed, before or after the answer's head.
    pub(super) fn broken(mut self, error: reqwest::Error) -> ApiError {
        self.tick();
        let error = error.without_url();
        let is_unsent = self.exchange.status.is_none() && transport::is_unsent(&error);
        let class = self.purpose.after_a_loss(is_unsent);
        let message = transport::words(&error, &self.host, &self.client.0.timeouts);
        self.error(class, FailureKind::Network, &message)
    }

    /// An error of this call, its words cleaned of the key.
    pub(super) fn error(self, class: Class, kind: FailureKind, message: &str) -> ApiError {
        ApiError {
            class,
            kind,
            status: self.exchange.status,
            message: self.client.0.key.redact(message),
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

impl Reply<'_> {
    /// A JSON answer with a code that says all is well.
    pub(super) fn good_json(&self) -> Option<Value> {
        self.status.is_success().then(|| self.body.json()).flatten()
    }

    pub(super) fn done<T>(self, value: T) -> Answer<T> {
        self.context.done(value)
    }

    /// The error for an answer that is not what was asked for: a refusal by its code, or a good code over
    /// something unreadable, of which `lacks` says what was looked for.
    pub(super) fn failed(self, lacks: &str) -> ApiError {
        if self.status.is_success() {
            self.unreadable(lacks)
        } else {
            self.refused()
        }
    }

    fn refused(self) -> ApiError {
        let text = self.reason();
        let code = self.status.as_u16();
        let kind = refusal::kind(self.context.purpose, code, &text);
        let class = refusal::class(self.context.purpose, code, kind);
        let reason = if self.status.is_redirection() {
            let to = read::header(&self.headers, "location").unwrap_or_default();
            format!("it redirects to {to:?}, where the key is not sent: correct the address in the settings")
        } else {
            text
        };
        let message = match reason.as_str() {
            "" => format!("{} answered {}", self.context.host, self.status),
            reason => format!("{} answered {}: {reason}", self.context.host, self.status),
        };
        self.error(class, kind, &message)
    }

    fn unreadable(self, lacks: &str) -> ApiError {
        let text = self.reason();
        let what = match &self.body.cut {
            Some(Cut::TooLarge) => format!("with more than {} MiB", body::MOST_ANSWER >> 20),
            Some(Cut::Broken(error)) => {
                let words = transport::words(error, &self.context.host, &self.context.client.0.timeouts);
                format!("and broke off: {words}")
            }
            None if self.body.is_blank() => "with an empty body".to_owned(),
            None if self.body.is_html() => format!("with an HTML page ({text})"),
            None if text.is_empty() => format!("without {lacks}"),
            None => format!("without {lacks}: {text}"),
        };
        let message = format!("{} answered {} {what}", self.context.host, self.status.as_u16());
        let class = self.context.purpose.after_a_loss(false);
        let kind = match refusal::kind_of_text(&text) {
            _ if self.context.purpose == Purpose::Fetch => FailureKind::Delivery,
            FailureKind::Unclear => FailureKind::ProviderFault,
            known => known,
        };
        self.error(class, kind, &message)
    }

    fn error(self, class: Class, kind: FailureKind, message: &str) -> ApiError {
        let now = self.context.client.0.clock.now();
        ApiError {
            retry_after: retry_after::wait(&self.headers, now),
            request_id: read::header(&self.headers, "x-request-id"),
            ..self.context.error(class, kind, &one_line(message, 500))
        }
    }

    /// What the answer itself says is wrong, on one line; empty when it says nothing.
    fn reason(&self) -> String {
        if self.body.is_html() {
            return read::html_title(&self.body.bytes);
        }
        let text = match self.body.json() {
            Some(json) => read::error_text(&json).unwrap_or_default(),
            None if self.status.is_success() => String::new(),
            None => String::from_utf8_lossy(&self.body.bytes[..self.body.bytes.len().min(2000)]).into_owned(),
        };
        one_line(text.trim(), 400)
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
