//! What a call returns besides its value: the exchange, and the class of a failure.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::FailureKind;

/// What a failure allows next. For the POST that buys a video the difference is money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The same call may be made again. For the POST that buys: it is certain that nothing was bought.
    Repeatable,
    /// The POST may have arrived and may be billed: only the history can tell. Never for a GET.
    Ambiguous,
    /// The same call would fail again, others need not. For a GET this says nothing about the take itself.
    FatalForTake,
    /// No call will succeed until the user acts: key, credits, spend cap.
    FatalForQueue,
}

/// What a call was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    Submit,
    Status,
    Result,
    Download,
    History,
    Upload,
    Credits,
    Models,
}

impl Stage {
    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Status => "status",
            Self::Result => "result",
            Self::Download => "download",
            Self::History => "history",
            Self::Upload => "upload",
            Self::Credits => "credits",
            Self::Models => "models",
        }
    }
}

/// One call as it went over the wire, fit to be kept and shown: no key, no control bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireExchange {
    pub stage: Stage,
    pub method: &'static str,
    /// Path and query, without the host.
    pub path: String,
    /// `None` when no response came.
    pub status: Option<u16>,
    /// The provider's own time, from the `Date` of the response.
    pub date: Option<Timestamp>,
    /// From the start of the call to its last byte, or to the response's head for a download.
    pub millis: u64,
    /// The response's text, at most 64 KiB; for a video its size.
    pub response: Option<String>,
}

/// The value of a call, and the exchange that brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiResponse<T> {
    pub value: T,
    pub exchange: WireExchange,
}

/// Why a call failed, in words that a user can act on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    pub class: Class,
    pub kind: FailureKind,
    /// `None` when no response came.
    pub status: Option<u16>,
    pub message: String,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// An id from the response's headers. After an ambiguous submit it may be the job's or only the gateway's own: look
    /// it up in the history, never trust it.
    pub request_id: Option<String>,
    /// `None` when nothing was tried.
    pub exchange: Option<Box<WireExchange>>,
}

impl ApiError {
    /// A failure before anything was tried.
    pub(super) fn untried(class: Class, kind: FailureKind, message: String) -> Self {
        Self {
            class,
            kind,
            status: None,
            message,
            retry_after: None,
            request_id: None,
            exchange: None,
        }
    }
}
