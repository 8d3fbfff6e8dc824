//! What the bills of live takes teach about prices.

use rusqlite::Connection;

use crate::model::{Learned, Lessons, Model, Resolution};
use crate::store::{Store, StoreError, columns};

/// More bills than are needed, because some teach nothing.
const MAX_LOOK: u32 = 40;

impl Store {
    /// What bills have taught about the models on offer.
    pub fn lessons(&self) -> Result<Lessons, StoreError> {
        self.read(|connection| {
            let mut lessons = Vec::new();
            for model in Model::all() {
                for (resolution, _) in &model.resolutions {
                    let learned = of(connection, model, *resolution)?;
                    lessons.extend(learned.map(|learned| (model, *resolution, learned)));
                }
            }
            Ok(lessons.into_iter().collect())
        })
    }
}

/// Takes whose shape was not known before are left out, and those with a reference video, which have no list price.
pub const BILLS: &str = "SELECT cost, listed FROM takes
     WHERE backend = 'live' AND cost > 0 AND listed > 0 AND state = 'saved' AND aspect_ratio <> 'adaptive'
       AND model = ?1 AND resolution = ?2 ORDER BY id DESC LIMIT ?3";

/// What the newest bills of a model at a resolution teach.
pub fn of(
    connection: &Connection,
    model: Model,
    resolution: Resolution,
) -> rusqlite::Result<Option<Learned>> {
    let mut statement = connection.prepare_cached(BILLS)?;
    let bills = statement.query_map((model.slug(), resolution.wire(), MAX_LOOK), |row| {
        Ok((columns::usd(row, "cost")?, columns::usd(row, "listed")?))
    })?;
    Ok(Learned::of(bills.collect::<Result<Vec<_>, _>>()?))
}
