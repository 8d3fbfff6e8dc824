//! The client of Segmind's API: one call a method, every known form of answer read, every failure sorted by
//! what it allows next.
//!
//! Knows no disk, no database and no terminal, and never repeats a call: whether to repeat is decided by
//! those who keep the books, from [`ApiError::class`].

mod account;
mod at_home;
mod body;
mod call;
mod client;
mod download;
mod endpoints;
mod error;
mod history;
mod jobs;
mod json;
mod read;
mod refusal;
mod reply;
mod retry_after;
mod sync_v1;
pub mod tls;
mod transport;
mod upload;
mod wire;

pub use account::Credits;
pub use body::{MOST_ANSWER, MOST_FILM};
pub use client::{Client, Timeouts};
pub use download::{Chunks, Download};
pub use endpoints::Endpoints;
pub use error::{Answer, ApiError, Class, Exchange, Stage};
pub use history::{HistoryPage, HistoryQuery, HistoryRow, HistoryState};
pub use jobs::{Film, Metrics, Outcome, Status, Submitted};
pub use refusal::{class_of_a_loss, class_of_a_refusal, kind_of_text};
pub use sync_v1::{V1Content, V1Film};
pub use upload::Upload;
