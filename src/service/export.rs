//! Writes takes for a bookkeeper: a row of CSV for each, or the JSON that `ls --json` prints.
//!
//! Takes are read and written a few at a time, so that a long log does not fill the memory.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::tz::TimeZone;

use crate::files::{NewFile, NewFileError};
use crate::model::take::TakeRecord;
use crate::model::text::{json_line, lines};
use crate::model::{Backend, Take, TakeId, Usd};
use crate::store::{Filter, Store, StoreError};

use super::problem::{Kind, Problem};

/// Takes read at a time.
const PAGE: u64 = 500;
/// All amounts are in this currency.
const CURRENCY: &str = "USD";

/// How takes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A heading, then a row for each take.
    Csv,
    /// An object on each line.
    Json,
}

/// Which takes are written, and how.
#[derive(Debug, Clone)]
pub struct Export {
    pub filter: Filter,
    pub format: Format,
    /// Of the local times.
    pub zone: TimeZone,
}

/// The columns of CSV.
pub const COLUMNS: [&str; 23] = [
    "take",
    "date_utc",
    "date_local",
    "reel",
    "sweep",
    "revision",
    "model",
    "resolution",
    "seconds",
    "seed",
    "backend",
    "state",
    "estimate",
    "bill",
    "would_cost",
    "currency",
    "request_id",
    "account",
    "file",
    "verdict",
    "note",
    "value",
    "tags",
];

/// Why an export has ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Write(#[from] io::Error),
}

impl Export {
    /// Writes the takes, oldest first; returns how many there were.
    ///
    /// # Errors
    /// The store cannot be read, or `out` cannot be written to.
    pub fn write(&self, store: &Store, out: &mut impl Write) -> Result<u64, ExportError> {
        let mut out = BufWriter::new(out);
        let count = match self.format {
            Format::Csv => {
                let mut table = csv::Writer::from_writer(&mut out);
                table.write_record(COLUMNS).map_err(of_csv)?;
                let row = |take: &Take| Ok(table.write_record(self.row(take)).map_err(of_csv)?);
                let count = self.each(store, row)?;
                table.flush()?;
                count
            }
            Format::Json => self.each(store, |take| {
                let line = json_line(&TakeRecord::from(take)).map_err(io::Error::from)?;
                Ok(out.write_all(line.as_bytes())?)
            })?,
        };
        out.flush()?;
        Ok(count)
    }

    /// Writes the takes into the new file `to`, which is never overwritten; returns how many there were.
    ///
    /// # Errors
    /// As for [`Export::write`]; or there is such a file already.
    pub fn write_file(&self, store: &Store, to: &Path) -> Result<u64, Problem> {
        let refused = |error: NewFileError| Problem::new(Kind::Usage, error.to_string(), "");
        let mut file = NewFile::create(to).map_err(refused)?;
        let count = match self.write(store, file.out()) {
            Ok(count) => count,
            Err(ExportError::Store(error)) => return Err(error.into()),
            Err(ExportError::Write(error)) => return Err(refused(file.failed(error))),
        };
        file.finish().map_err(refused)?;
        Ok(count)
    }

    fn each(
        &self,
        store: &Store,
        mut write: impl FnMut(&Take) -> Result<(), ExportError>,
    ) -> Result<u64, ExportError> {
        let (mut count, mut last) = (0, TakeId(0));
        loop {
            let page = store.takes_after(&self.filter, last, PAGE)?;
            let Some(take) = page.last() else {
                return Ok(count);
            };
            last = take.id;
            count += page.len() as u64;
            page.iter().try_for_each(&mut write)?;
        }
    }

    /// The cells of a take. What a take of the sandbox would have cost has a column of its own.
    fn row(&self, take: &Take) -> [String; COLUMNS.len()] {
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        let amount = |amount: Option<Usd>| amount.map_or_else(String::new, Usd::decimal);
        let (estimate, bill, would_cost) = match take.backend {
            Backend::Live => (Some(take.estimate), take.cost, None),
            Backend::Sandbox => (
                Some(Usd::ZERO),
                Some(Usd::ZERO),
                take.cost
                    .or_else(|| take.commits_money().then_some(take.estimate))
                    .or(Some(Usd::ZERO)),
            ),
        };
        let sent = take.times.submitted.unwrap_or(take.created_at);
        let file = take.file.as_ref().map(|file| file.display().to_string());
        [
            take.id.to_string(),
            format!("{sent:.0}"),
            sent.to_zoned(self.zone.clone())
                .strftime("%Y-%m-%d %H:%M:%S %:z")
                .to_string(),
            text(&take.reel),
            number(take.sweep),
            number(take.revision),
            text(take.model.slug()),
            take.resolution.to_string(),
            take.duration.to_string(),
            take.seed.number().to_string(),
            take.backend.to_string(),
            take.state.to_string(),
            amount(estimate),
            amount(bill),
            amount(would_cost),
            CURRENCY.to_owned(),
            text(take.request_id.as_deref().unwrap_or_default()),
            text(take.account.as_deref().unwrap_or_default()),
            text(file.as_deref().unwrap_or_default()),
            take.verdict.to_string(),
            text(take.note.as_deref().unwrap_or_default()),
            text(take.variant.as_deref().unwrap_or_default()),
            text(&take.tags.join(", ")),
        ]
    }
}

/// The failure to write that is the reason; a row has no other one.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text that a spreadsheet shows and never calculates: an apostrophe is put before one that begins as a formula does.
/// Control characters but line breaks are left out.
fn text(text: &str) -> String {
    let shown = lines(text, usize::MAX);
    let begins_formula = |c: char| "=+-@＝＋－＠".contains(c);
    if shown.trim_start().starts_with(begins_formula) {
        format!("'{shown}")
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for (given, shown) in [
            ("=1+1", "'=1+1"),
            ("+49 170", "'+49 170"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'=1"),
            ("\n =1", "'\n =1"),
            ("＝1", "'＝1"),
            ("her look = right", "her look = right"),
            ("two\nlines", "two\nlines"),
            ("\u{1b}[2Jred", "[2Jred"),
            ("", ""),
        ] {
            assert_eq!(text(given), shown, "{given:?}");
        }
    }
}
