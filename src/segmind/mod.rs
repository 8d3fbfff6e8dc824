//! The client of Segmind's API: one method for each call, every known form of response, and a class for every failure.
//!
//! It knows no disk, no database and no terminal, and never repeats a call: the caller decides that from
//! [`ApiError::class`].

mod account;
mod call;
mod client;
mod download;
mod endpoints;
mod error;
mod history;
mod jobs;
mod json;
mod loopback;
mod models;
mod read;
mod refusal;
mod reply;
mod response_body;
mod retry_after;
mod sync_v1;
pub mod tls;
mod transport;
mod upload;
mod wire;

pub use client::{Client, Timeouts};
pub use download::Download;
pub use endpoints::Endpoints;
pub use error::{ApiError, ApiResponse, Class, Stage, WireExchange};
pub use history::{HistoryPage, HistoryRow, HistoryState};
pub use jobs::{Outcome, Status, Video};
pub use refusal::{class_of_a_loss, class_of_a_refusal, kind_of_text};
pub use response_body::{MAX_RESPONSE, MAX_VIDEO};
pub use sync_v1::V1Video;
pub use upload::Upload;
