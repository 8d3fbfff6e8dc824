//! What is held back for a take until its bill is there, and what happens when the bill is higher.

use rusqlite::{Connection, Row, named_params};

use crate::model::price::Priced;
use crate::model::{Backend, FailureKind, Price, PriceTable, Seconds, TakeId, Usd};

use super::error::Trouble;
use super::{line, row, take};

/// What is held back of a cap for one take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reserve {
    /// The worst case; `None` where no upper price is known.
    pub most: Option<Usd>,
    /// Frames of reference videos that may be billed.
    pub clip_frames: u32,
    /// The highest price that the user named.
    pub max_price: Option<Usd>,
}

impl Reserve {
    /// For a take of this price. The user's maximum counts where no price is known.
    #[must_use]
    pub fn of(price: Option<Price>, clip_frames: u32, max_price: Option<Usd>) -> Self {
        Self {
            most: price.map(|price| price.most).or(max_price),
            clip_frames,
            max_price,
        }
    }
}

/// An amount that is known exactly.
impl From<Usd> for Reserve {
    fn from(most: Usd) -> Self {
        Self {
            most: Some(most),
            ..Self::default()
        }
    }
}

/// The reserve of a waiting take by the prices in force now, and kept with it; as it is noted without prices.
pub(super) fn renewed(
    connection: &Connection,
    id: TakeId,
    prices: Option<&PriceTable>,
) -> rusqlite::Result<Option<Usd>> {
    let (priced, max_price, noted) = connection
        .prepare_cached(
            "SELECT model, resolution, aspect_ratio, duration, clip_frames, max_price, reserve FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], read)?;
    let Some(prices) = prices else {
        return Ok(noted);
    };
    let now = Reserve::of(prices.price(&priced), priced.clip_frames, max_price).most;
    if now != noted {
        connection
            .prepare_cached("UPDATE takes SET reserve = ?2 WHERE id = ?1")?
            .execute((id.0, now.map(row::estimate)))?;
    }
    Ok(now)
}

/// What the reserve of a take is reckoned from, the highest price that the user named, and the reserve that is noted.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<(Priced, Option<Usd>, Option<Usd>)> {
    let priced = Priced {
        model: row::word(row, "model")?,
        resolution: row::word(row, "resolution")?,
        ratio: row::word(row, "aspect_ratio")?,
        seconds: row::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        clip_frames: row.get("clip_frames")?,
    };
    let max_price = row::usd_if_any(row, "max_price")?;
    Ok((priced, max_price, row::usd_if_any(row, "reserve")?))
}

/// Reckons the reserve of a take from its estimate, where nothing else is known of it.
pub(super) fn from_estimate(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE takes SET
                clip_frames = 361 * coalesce(json_array_length(body, '$.reference_videos'), 0),
                reserve = min(:most, (estimate * (24 * duration + 1
                    + 361 * coalesce(json_array_length(body, '$.reference_videos'), 0)) + 24 * duration - 1)
                    / (24 * duration))
             WHERE id = :id AND reserve IS NULL AND estimate > 0",
        )?
        .execute(named_params! { ":id": id.0, ":most": Usd::MAX_BILL.micros() })
        .map(drop)
}

/// The bill that is noted of a take.
pub(super) fn bill(connection: &Connection, id: TakeId) -> rusqlite::Result<Option<Usd>> {
    connection
        .prepare_cached("SELECT cost FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| row::usd_if_any(row, "cost"))
}

/// Stops the live queue when a bill that was not known `before` lies above the reserve: then no cap can be trusted.
pub(super) fn hold_against_bill(
    connection: &Connection,
    id: TakeId,
    before: Option<Usd>,
) -> Result<(), Trouble> {
    let take = take::one(connection, id)?;
    if take.backend == Backend::Live
        && before != take.cost
        && let Some(why) = take.bill_above_reserve()
    {
        line::stop(connection, take.backend, FailureKind::BillAboveReserve, &why)?;
    }
    Ok(())
}
