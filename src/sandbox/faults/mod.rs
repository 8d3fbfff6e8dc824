//! Scripted failures: a TOML file says which requests fail, when, and how.
//!
//! `docs/sandbox.md` documents the format; a test reads its example.

mod apply;
mod fields;
mod file;
mod pattern;
mod rule;

use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};

pub(super) use apply::inject;
pub(super) use file::load;
pub use file::parse;
pub use rule::Faults;

/// Why a faults file was refused: where, what was found and what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    #[error("{}:{line}:{column}: {message}", file.display())]
    Wrong {
        file: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        message: String,
    },
    #[error("cannot read the faults file {}: {message}", file.display())]
    Unreadable { file: PathBuf, message: String },
}

/// What part of a job has expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expiry {
    Record,
    File,
}

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResetPoint {
    BeforeBody,
    AfterBody,
    AfterAccept,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    /// Nothing but the delay.
    Delay,
    Respond {
        status: StatusCode,
        body: Option<String>,
        headers: HeaderMap,
    },
    Reset(ResetPoint),
    /// The connection ends after this number of bytes, which is smaller than announced.
    Truncate(u64),
    /// Only this number of bytes is announced and sent.
    Shorten(u64),
    Empty,
    ContentType(axum::http::HeaderValue),
    Slow {
        bytes: usize,
        every: Duration,
    },
    Expire(Expiry),
    Fail(String),
    /// Fields of a JSON response, each named by its path with dots, get other values.
    Set(Vec<(String, fields::Field)>),
}

/// A rule's effect as it strikes one request.
#[derive(Debug, Clone)]
pub(super) struct Strike {
    pub effect: Effect,
    pub delay: Duration,
    /// The request is carried out first.
    pub carry_out: bool,
}

/// What a strike asks of the handler.
#[derive(Debug, Clone, Default)]
pub(super) struct Intent {
    /// The job, once accepted, fails with this text.
    pub fail: Option<String>,
    pub expire: Option<Expiry>,
    /// The response will be lost: a blocking request need not wait for its video.
    pub is_lost: bool,
}
