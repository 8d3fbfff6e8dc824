//! What is held back for a take until its bill is there, and what happens when the bill is higher.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::parameters::Medium;
use crate::model::price::{Priced, clip_frames};
use crate::model::{Backend, FailureKind, Price, PriceTable, Seconds, TakeId, Usd};

use super::error::Trouble;
use super::{Claim, Store, StoreError, line, row, take};

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

    /// The price, and the lower maximum that the user named; play money knows none.
    #[must_use]
    pub fn above_maximum(&self, backend: Backend) -> Option<(Usd, Usd)> {
        self.most
            .zip(self.max_price)
            .filter(|(most, allowed)| backend == Backend::Live && most > allowed)
    }
}

impl Store {
    /// What is held back for a take.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be read.
    pub fn reserve(&self, id: TakeId) -> Result<Reserve, StoreError> {
        self.read(|connection| {
            let noted = noted(connection, id).optional()?;
            noted
                .map(|(_, reserve)| reserve)
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
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

/// What the price of a take depends on, and its reserve as it is noted.
fn noted(connection: &Connection, id: TakeId) -> rusqlite::Result<(Priced, Reserve)> {
    connection
        .prepare_cached(
            "SELECT model, resolution, aspect_ratio, duration, clip_frames, max_price, reserve FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], read)
}

/// [`noted`] from a row that has these columns.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<(Priced, Reserve)> {
    let priced = Priced {
        model: row::word(row, "model")?,
        resolution: row::word(row, "resolution")?,
        ratio: row::word(row, "aspect_ratio")?,
        seconds: row::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        clip_frames: row.get("clip_frames")?,
    };
    let reserve = Reserve {
        most: row::usd_if_any(row, "reserve")?,
        clip_frames: priced.clip_frames,
        max_price: row::usd_if_any(row, "max_price")?,
    };
    Ok((priced, reserve))
}

/// The reserve of a take by the prices in force now, and kept with it; as it is noted without prices.
pub(super) fn renewed(
    connection: &Connection,
    id: TakeId,
    prices: Option<&PriceTable>,
) -> rusqlite::Result<Reserve> {
    let (priced, noted) = noted(connection, id)?;
    let Some(prices) = prices else {
        return Ok(noted);
    };
    let now = Reserve::of(prices.price(&priced), priced.clip_frames, noted.max_price);
    if now != noted {
        connection
            .prepare_cached("UPDATE takes SET reserve = ?2 WHERE id = ?1")?
            .execute((id.0, now.most.map(row::estimate)))?;
    }
    Ok(now)
}

/// A take that was sent when no cap was set and no price known, whose bill may yet come: no cap holds against it,
/// unless its price is known by now.
pub(super) fn unknown_on_its_way(connection: &Connection, claim: &Claim) -> rusqlite::Result<Option<TakeId>> {
    let without: Vec<TakeId> = connection
        .prepare_cached(&without_sql())?
        .query_map([claim.backend.word()], |row| row.get(0).map(TakeId))?
        .collect::<Result<_, _>>()?;
    for id in without {
        if renewed(connection, id, claim.prices.as_ref())?.most.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

pub(super) fn without_sql() -> String {
    format!(
        "SELECT id FROM takes
         WHERE state IN ({}) AND backend = ?1 AND cost IS NULL AND reserve IS NULL AND estimate = 0 ORDER BY id",
        row::states(|state| state.commits_money() && !state.settled())
    )
}

/// Reckons the reserve of a take from its estimate, where nothing else is known of it: each reference video counts as
/// the longest that its model takes.
pub(super) fn from_estimate(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    let (priced, _) = noted(connection, id)?;
    let (_, longest_ms) = priced.model.reference_ms(Medium::Video);
    connection
        .prepare_cached(
            "UPDATE takes SET
                clip_frames = :clip * coalesce(json_array_length(body, '$.reference_videos'), 0),
                reserve = min(:most, (estimate * (24 * duration + 1
                    + :clip * coalesce(json_array_length(body, '$.reference_videos'), 0)) + 24 * duration - 1)
                    / (24 * duration))
             WHERE id = :id AND reserve IS NULL AND estimate > 0",
        )?
        .execute(named_params! {
            ":id": id.0, ":most": Usd::MAX_BILL.micros(), ":clip": clip_frames([None], longest_ms),
        })
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
