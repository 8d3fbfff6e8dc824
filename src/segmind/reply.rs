//! A whole response, and the error that it becomes when it is not what was asked for.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::model::FailureKind;
use crate::model::text::one_line;

use super::call::{CallContext, Head, Purpose};
use super::error::{ApiError, ApiResponse, Class};
use super::response_body::{self, Body, MissingRest};
use super::{read, refusal, retry_after, transport};

/// A response read to its end, or to the limit.
pub(super) struct Reply<'a> {
    context: CallContext<'a>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

impl<'a> Head<'a> {
    /// Reads the rest of the response, after the bytes of `read_already`.
    pub(super) async fn whole(mut self, read_already: Bytes) -> Reply<'a> {
        let mut body = response_body::read(&mut self.response, read_already).await;
        let mut context = self.context;
        body.redact(&context.client.0.key);
        context.tick();
        context.exchange.response = Some(body.kept());
        Reply {
            context,
            status: self.response.status(),
            headers: self.response.headers().clone(),
            body,
        }
    }
}

impl Reply<'_> {
    /// The JSON of a response whose status is a success.
    pub(super) fn good_json(&self) -> Option<Value> {
        self.status.is_success().then(|| self.body.json()).flatten()
    }

    pub(super) fn done<T>(self, value: T) -> ApiResponse<T> {
        self.context.done(value)
    }

    /// The error for a response that is not what was asked for: a refusal by its status, or a success that is unreadable;
    /// `lacks` says what is missing from it.
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
            format!("it redirects to {to:?}, where the key is not sent: correct the URL in the settings")
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
            Some(MissingRest::TooLarge) => {
                format!("with more than {} MiB", response_body::MAX_RESPONSE >> 20)
            }
            Some(MissingRest::Broken(error)) => {
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

    /// What the response itself says is wrong, on one line; empty when it says nothing.
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
