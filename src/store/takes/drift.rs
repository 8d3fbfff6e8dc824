//! The newest bills of each model, held against the price list; and what the user was told of them.

use rusqlite::Connection;

use crate::model::drift::{Billed, Drift};
use crate::model::{Model, PriceTable, Resolution, Seconds, TakeId};
use crate::store::{Store, StoreError, columns};

/// How many bills are looked at. The estimate follows them long before there are so many.
const MAX_LOOK: u32 = 20;

impl Store {
    /// The prices of models on offer from which several bills in a row are off.
    pub fn drifts(&self, prices: &PriceTable) -> Result<Vec<Drift>, StoreError> {
        self.read(|connection| {
            let mut drifts = Vec::new();
            for model in Model::all() {
                for (resolution, _) in &model.resolutions {
                    let bills = newest(connection, model, *resolution)?;
                    drifts.extend(Drift::of(prices, (model, *resolution), &bills));
                }
            }
            Ok(drifts)
        })
    }

    /// Those of them that the user was not told of yet.
    pub fn untold_drifts(&self, prices: &PriceTable) -> Result<Vec<Drift>, StoreError> {
        let mut untold = Vec::new();
        for drift in self.drifts(prices)? {
            let told = self.setting(&key(&drift))?.and_then(|take| take.parse().ok());
            // A row that goes on is not told of again.
            if told.is_none_or(|take| TakeId(take) < drift.first) {
                untold.push(drift);
            }
        }
        Ok(untold)
    }

    /// Remembers that the user was told of it.
    pub fn drift_told(&self, drift: &Drift) -> Result<(), StoreError> {
        self.set_setting(&key(drift), &drift.newest.0.to_string())
    }
}

fn key(drift: &Drift) -> String {
    format!("price drift told: {} {}", drift.model, drift.resolution)
}

/// Takes whose shape was not known before are left out, and those with a reference video, which have no list price.
pub const NEWEST_BILLS: &str = "SELECT id, aspect_ratio, duration, estimate, listed, cost FROM takes
     WHERE backend = 'live' AND cost > 0 AND listed > 0 AND state = 'saved' AND aspect_ratio <> 'adaptive'
       AND model = ?1 AND resolution = ?2 ORDER BY id DESC LIMIT ?3";

/// The newest bills of a model at a resolution, newest first.
fn newest(connection: &Connection, model: Model, resolution: Resolution) -> rusqlite::Result<Vec<Billed>> {
    let mut statement = connection.prepare_cached(NEWEST_BILLS)?;
    let bills = statement.query_map((model.slug(), resolution.wire(), MAX_LOOK), |row| {
        Ok(Billed {
            take: TakeId(row.get("id")?),
            ratio: columns::word(row, "aspect_ratio")?,
            seconds: columns::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
            estimate: columns::usd(row, "estimate")?,
            listed: columns::usd(row, "listed")?,
            cost: columns::usd(row, "cost")?,
        })
    })?;
    bills.collect()
}
