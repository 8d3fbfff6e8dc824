//! What is reserved for a take until its bill is known, and what happens when the bill is higher.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::price::Priced;
use crate::model::{Backend, FailureKind, Price, PriceTable, Seconds, TakeId, Usd};
use crate::store::queue::stop::stop;
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::{lessons, read};

/// What a cap holds back for one take.
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
    /// For a take of this price. Where no price is known, the user's maximum counts.
    pub fn of(price: Option<Price>, clip_frames: u32, max_price: Option<Usd>) -> Self {
        Self {
            most: price.map(|price| price.most).or(max_price),
            clip_frames,
            max_price,
        }
    }

    /// The price and the lower maximum that the user named; play money has no maximum.
    pub fn above_maximum(&self, backend: Backend) -> Option<(Usd, Usd)> {
        self.most
            .zip(self.max_price)
            .filter(|(most, allowed)| backend == Backend::Live && most > allowed)
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

impl Store {
    /// What is reserved for a take.
    pub fn reserve(&self, id: TakeId) -> Result<Reserve, StoreError> {
        self.read(|connection| {
            let noted = noted(connection, id).optional()?;
            noted
                .map(|(_, reserve)| reserve)
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }
}

/// What the price of a take depends on, and its reserve as it is noted.
fn noted(connection: &Connection, id: TakeId) -> rusqlite::Result<(Priced, Reserve)> {
    connection
        .prepare_cached(
            "SELECT model, resolution, aspect_ratio, duration, clip_frames, max_price, reserve FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], read_row)
}

/// [`noted`] from a row that has these columns.
pub fn read_row(row: &Row<'_>) -> rusqlite::Result<(Priced, Reserve)> {
    let priced = Priced {
        model: columns::word(row, "model")?,
        resolution: columns::word(row, "resolution")?,
        ratio: columns::word(row, "aspect_ratio")?,
        seconds: columns::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        clip_frames: row.get("clip_frames")?,
    };
    let reserve = Reserve {
        most: columns::usd_if_any(row, "reserve")?,
        clip_frames: priced.clip_frames,
        max_price: columns::usd_if_any(row, "max_price")?,
    };
    Ok((priced, reserve))
}

/// The reserve of a take by these prices; without prices, as it is noted.
pub fn by_prices(
    connection: &Connection,
    id: TakeId,
    prices: Option<&PriceTable>,
) -> rusqlite::Result<Reserve> {
    let (priced, noted) = noted(connection, id)?;
    let Some(prices) = prices else { return Ok(noted) };
    let learned = lessons::of(connection, prices, (priced.model, priced.resolution))?;
    let price = prices.price(&priced).map(|price| price.taught(learned.as_ref()));
    Ok(Reserve::of(price, priced.clip_frames, noted.max_price))
}

/// Notes the reserve of a take by the prices in force now.
pub fn renew(connection: &Connection, id: TakeId, prices: Option<&PriceTable>) -> rusqlite::Result<()> {
    let (_, noted) = noted(connection, id)?;
    let now = by_prices(connection, id, prices)?;
    if now != noted {
        connection
            .prepare_cached("UPDATE takes SET reserve = ?2 WHERE id = ?1")?
            .execute((id.0, now.most.map(columns::estimate)))?;
    }
    Ok(())
}

/// Takes whose bill may yet come, and that were sent when no cap was set and no price was known. No cap can hold until
/// their prices are known.
pub fn unknown_in_flight(connection: &Connection, backend: Backend) -> rusqlite::Result<Vec<TakeId>> {
    connection
        .prepare_cached(&unknown_sql())?
        .query_map([backend.word()], |row| row.get(0).map(TakeId))?
        .collect()
}

fn unknown_sql() -> String {
    format!(
        "SELECT id FROM takes
         WHERE state IN ({}) AND backend = ?1 AND cost IS NULL AND reserve IS NULL ORDER BY id",
        columns::states(|state| state.commits_money() && !state.settled())
    )
}

/// The bill of a take, as far as it is known.
pub fn bill(connection: &Connection, id: TakeId) -> rusqlite::Result<Option<Usd>> {
    connection
        .prepare_cached("SELECT cost FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| columns::usd_if_any(row, "cost"))
}

/// Stops the live queue when a bill that is not the one known `before` is higher than the reserve: no cap can be
/// trusted then.
pub fn stop_if_exceeded(connection: &Connection, id: TakeId, before: Option<Usd>) -> Result<(), SqlOrRule> {
    let take = read::one(connection, id)?;
    if take.backend == Backend::Live
        && before != take.cost
        && let Some(why) = take.bill_above_reserve()
    {
        stop(connection, take.backend, FailureKind::BillAboveReserve, &why)?;
    }
    Ok(())
}
