//! The provider's history read to its end, page by page.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::segmind::{ApiError, Client, HistoryRow, WireExchange};

/// The most pages that are read at a time.
const MAX_PAGES: u32 = 100;

/// What the history shows of some days.
pub struct Pages {
    /// Each request once.
    pub rows: Vec<HistoryRow>,
    /// Every page was read to the end, and every row could be read.
    pub whole: bool,
    /// Rows that could not be read.
    pub unreadable: usize,
    /// The first page's request and response.
    pub first: WireExchange,
}

/// The day of a moment, as the history counts days.
pub fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// Every request from one day to another, both included, at most 31 days. It does not select by model, because the names
/// that the history uses for models are not certain enough.
pub async fn read(client: &Client, from: Date, to: Date) -> Result<Pages, ApiError> {
    read_with(client, from, to, |rows| std::future::ready(Ok(rows))).await
}

/// [`read`], where `slim` makes the rows of each page smaller before they are kept.
pub async fn read_with<E: From<ApiError>, S>(
    client: &Client,
    from: Date,
    to: Date,
    slim: impl Fn(Vec<HistoryRow>) -> S,
) -> Result<Pages, E>
where
    S: Future<Output = Result<Vec<HistoryRow>, E>>,
{
    let response = client.history(1, from, to).await?;
    let mut pages = Pages {
        rows: Vec::new(),
        whole: false,
        unreadable: 0,
        first: response.exchange,
    };
    let mut found = response.value;
    let mut places = HashMap::new();
    let mut page = 1;
    // Only an empty page proves that there are no more.
    while found.listed > 0 {
        pages.unreadable += found.unreadable;
        for row in slim(found.rows).await? {
            pages.add(row, &mut places);
        }
        if page == MAX_PAGES {
            return Ok(pages);
        }
        page += 1;
        found = client.history(page, from, to).await?.value;
    }
    pages.whole = pages.unreadable == 0;
    Ok(pages)
}

impl Pages {
    /// Adds a row; a request with several outputs may lie across two pages.
    fn add(&mut self, row: HistoryRow, places: &mut HashMap<String, usize>) {
        let known = places.get(&row.request_id).and_then(|at| self.rows.get_mut(*at));
        if let Some(known) = known {
            known.fill_from(row);
        } else {
            places.insert(row.request_id.clone(), self.rows.len());
            self.rows.push(row);
        }
    }
}
