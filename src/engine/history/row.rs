//! What a row of the history says about money and time.

use jiff::{SignedDuration, Timestamp};

use crate::model::Usd;
use crate::model::take::VIDEOS_KEPT;
use crate::segmind::{HistoryRow, HistoryState};

/// What the provider bills for the row, once it is known: a failure costs nothing (Segmind, billing), unless the row
/// itself says otherwise.
pub fn bill(row: &HistoryRow) -> Option<Usd> {
    match row.state {
        HistoryState::Completed => row.cost,
        HistoryState::Failed => row.cost.or_else(|| row.odd_cost.is_none().then_some(Usd::ZERO)),
        HistoryState::Pending => None,
    }
}

/// Until when the row's video is kept at least.
pub fn kept_until(row: &HistoryRow) -> Option<Timestamp> {
    finished(row)?.checked_add(VIDEOS_KEPT).ok()
}

/// When the row's request had ended.
pub fn finished(row: &HistoryRow) -> Option<Timestamp> {
    let latency = i64::try_from(row.latency_ms.unwrap_or(0)).unwrap_or(0);
    row.created?
        .checked_add(SignedDuration::from_millis(latency))
        .ok()
}
