//! Scripted failures: a TOML file says which requests go wrong, when, and how.
//!
//! ```toml
//! seed = 7                      # for probabilities, 0 unless given
//!
//! [[fault]]                     # the first two submits are turned away
//! method = "POST"               # any method unless given
//! path = "/v2/*"                # * stands for a part of the path, ** for any number of parts
//! first = 2                     # or nth = 3, nth = [1, 4], every = 5, probability = 0.2; always unless given
//! status = 429
//! headers = { Retry-After = "1" }
//!
//! [[fault]]                     # the third is accepted, but its answer is lost
//! method = "POST"
//! path = "/v2/*"
//! nth = 3
//! reset = "after_accept"        # or before_body, after_body: then nothing was accepted
//!
//! [[fault]]                     # a gateway that gives up on a job which exists
//! method = "POST"
//! path = "/v1/*"
//! nth = 1
//! status = 504
//! body = "<html>504 Gateway Time-out</html>"
//! carry_out = true              # the request takes its effect, only its answer is replaced
//!
//! [[fault]]                     # a job that is accepted and then fails
//! method = "POST"
//! path = "/v2/*"
//! nth = 5
//! fail = "OutputAudioSensitiveContentDetected: the output audio was refused"
//!
//! [[fault]]                     # a job whose record is gone from the start; "file" for its film
//! method = "POST"
//! path = "/v2/*"
//! nth = 6
//! expire = "record"
//!
//! [[fault]]                     # one status read that finds nothing
//! path = "/v2/requests/*/status"
//! nth = 4
//! expire = "record"
//!
//! [[fault]]                     # a download that breaks off after 1000 bytes
//! path = "/files/*"
//! nth = 1
//! truncate = 1000
//!
//! [[fault]]                     # a download that is too short, and does not say so
//! path = "/files/*"
//! nth = 2
//! shorten = 1000
//!
//! [[fault]]                     # half of all downloads drip
//! path = "/files/*"
//! probability = 0.5
//! slow = { bytes = 65536, every_ms = 20 }
//!
//! [[fault]]                     # an empty 200
//! path = "/v1/seedance-2.0"
//! empty = true
//!
//! [[fault]]                     # the right bytes under the wrong type
//! path = "/files/*"
//! nth = 7
//! content_type = "text/html"
//!
//! [[fault]]                     # fields that the JSON response has are given other values; nan is written NaN
//! path = "/v2/requests/*"
//! nth = 8
//! set = { "metrics.cost" = "9223372036854.775807", "video.file_size" = nan }
//!
//! [[fault]]                     # just late; with carry_out the delay comes after the effect
//! name = "sluggish history"     # for the reader of this file and of the counts
//! path = "/inference-request/**"
//! delay_ms = 300
//! ```
//!
//! Each rule counts the requests that fit its method and path, whether or not it strikes; counts are kept by
//! each sandbox for itself and start anew with it. Of several rules that would strike, the first in the file
//! does. A rule says one thing that goes wrong (`status`, `reset`, `truncate`, `shorten`, `empty`,
//! `content_type`, `slow`, `expire`, `fail`, `set`); `delay_ms` may stand with any of them or alone. `status` may have
//! `body`, `content_type` and `headers`; without a body it answers what the API's docs say for the code.
//! The books (`/_sandbox/…`) never go wrong; `GET /_sandbox/faults` tells how often each rule was looked at and
//! struck, and `struck_ms` at which milliseconds since the sandbox started, by a clock that never jumps: the newest
//! thousand of them.

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

/// What of a job is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expiry {
    Record,
    File,
}

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cut {
    BeforeBody,
    AfterBody,
    AfterAccept,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    /// Nothing but the delay.
    Delay,
    Answer {
        status: StatusCode,
        body: Option<String>,
        headers: HeaderMap,
    },
    Reset(Cut),
    /// The connection ends after so many bytes, fewer than were promised.
    Truncate(u64),
    /// Only so many bytes are promised and sent.
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
    /// The request takes its effect first.
    pub carry_out: bool,
}

/// What a strike asks of the handler that it reaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Intent {
    /// The job, once accepted, fails with this text.
    pub fail: Option<String>,
    pub expire: Option<Expiry>,
    /// The answer will be lost: a blocking request need not wait for its film.
    pub is_lost: bool,
}
