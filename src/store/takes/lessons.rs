//! What the bills of live takes teach about prices.

use rusqlite::Connection;

use crate::model::{Learned, Lessons, Model, PriceTable, Resolution};
use crate::store::{Store, StoreError, columns};

/// More bills than are needed, because some teach nothing.
const MAX_LOOK: u32 = 40;

impl Store {
    /// What bills have taught about these prices of the models on offer.
    pub fn lessons(&self, prices: &PriceTable) -> Result<Lessons, StoreError> {
        self.read(|connection| {
            let mut lessons = Vec::new();
            for model in Model::all() {
                for (resolution, _) in &model.resolutions {
                    let learned = of(connection, prices, (model, *resolution))?;
                    lessons.extend(learned.map(|learned| (model, *resolution, learned)));
                }
            }
            Ok(lessons.into_iter().collect())
        })
    }
}

/// Takes whose shape was not known before are left out, and those with a reference video, which have no list price.
pub const BILLS: &str =
    "SELECT cost, listed, (SELECT min(at) FROM events WHERE take_id = takes.id) AS made FROM takes
     WHERE backend = 'live' AND cost > 0 AND listed > 0 AND state = 'saved' AND aspect_ratio <> 'adaptive'
       AND model = ?1 AND resolution = ?2 ORDER BY id DESC LIMIT ?3";

/// What the newest bills of a model at a resolution teach about its price: those of takes made since the day of that price.
/// Earlier ones say how far another price list was off.
pub fn of(
    connection: &Connection,
    prices: &PriceTable,
    (model, resolution): (Model, Resolution),
) -> rusqlite::Result<Option<Learned>> {
    let since = prices.tariff(model, resolution).and_then(|tariff| tariff.since());
    let Some(since) = since else { return Ok(None) };
    let mut statement = connection.prepare_cached(BILLS)?;
    let bills = statement.query_map((model.slug(), resolution.wire(), MAX_LOOK), |row| {
        let bill = (columns::usd(row, "cost")?, columns::usd(row, "listed")?);
        Ok((row.get::<_, Option<i64>>("made")?, bill))
    })?;
    let bills = bills.collect::<Result<Vec<_>, _>>()?;
    let of_this_price = bills
        .into_iter()
        .filter(|(made, _)| *made >= Some(since.as_millisecond()));
    Ok(Learned::of(of_this_price.map(|(_, bill)| bill)))
}
