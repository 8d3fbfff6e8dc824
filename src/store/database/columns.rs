//! Converts columns to the model's types and back: words, times, money, counts.

use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::types::{FromSql, Type};
use rusqlite::{Row, RowIndex};
use serde::de::DeserializeOwned;

use crate::model::{ApiVersion, TakeState, Usd};

/// The error of a column with a value that no version of rushes writes.
fn unreadable(row: &Row<'_>, column: impl RowIndex, found: &str) -> rusqlite::Error {
    let index = column.idx(row.as_ref()).unwrap_or_default();
    let name = row.as_ref().column_name(index).unwrap_or_default();
    let message = format!("column {name} holds {found}");
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, message.into())
}

/// The error of damage that is not about one column.
pub fn damage(what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, what.into())
}

/// A column read as `T` and converted by `make`, which returns `None` for a value that it does not know.
pub fn made<T, U>(
    row: &Row<'_>,
    column: impl RowIndex,
    make: impl FnOnce(T) -> Option<U>,
) -> rusqlite::Result<U>
where
    T: FromSql + Clone + std::fmt::Debug,
{
    let value: T = row.get(column)?;
    make(value.clone()).ok_or_else(|| unreadable(row, column, &format!("{value:?}")))
}

/// [`made`] for a column that may be NULL.
pub fn made_if_any<T, U>(
    row: &Row<'_>,
    column: impl RowIndex,
    make: impl FnOnce(T) -> Option<U>,
) -> rusqlite::Result<Option<U>>
where
    T: FromSql + Clone + std::fmt::Debug,
{
    made(row, column, |value: Option<T>| match value {
        None => Some(None),
        Some(value) => make(value).map(Some),
    })
}

/// A word of one of the model's enums.
pub fn word<T: FromStr>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    word_if_any(row, column)?.ok_or_else(|| unreadable(row, column, "NULL"))
}

/// A word, if there is one.
pub fn word_if_any<T: FromStr>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| {
        text.parse()
            .map_err(|_| unreadable(row, column, &format!("{text:?}")))
    })
    .transpose()
}

/// A value that is kept as JSON.
pub fn json<T: DeserializeOwned>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| unreadable(row, column, &format!("JSON that does not fit: {error}")))
}

/// `v1` or `v2`.
pub fn api_version(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<ApiVersion> {
    made(row, column, |text: String| {
        [ApiVersion::V1, ApiVersion::V2]
            .into_iter()
            .find(|version| version.word() == text)
    })
}

/// A time.
pub fn time(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Timestamp> {
    made(row, column, |ms: i64| Timestamp::from_millisecond(ms).ok())
}

/// A time, if there is one.
pub fn time_if_any(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Timestamp>> {
    made_if_any(row, column, |ms: i64| Timestamp::from_millisecond(ms).ok())
}

/// An amount that a take may cost.
pub fn usd(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Usd> {
    made(row, column, price_of_take)
}

/// An amount that a take may cost, if there is one.
pub fn usd_if_any(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Usd>> {
    made_if_any(row, column, price_of_take)
}

fn price_of_take(micros: i64) -> Option<Usd> {
    Some(Usd::from_micros(micros)).filter(|amount| amount.is_bill())
}

/// A sum of what takes may cost, from the columns `total`, `least` and `most`. An amount in it that no version of rushes writes is an
/// error.
pub fn total(row: &Row<'_>) -> rusqlite::Result<Usd> {
    usd_if_any(row, "least")?;
    usd_if_any(row, "most")?;
    row.get("total").map(Usd::from_micros)
}

/// A bill as SQL keeps it. An amount that no take can be billed is left out, so that no sum overflows.
pub fn bill(amount: Option<Usd>) -> Option<i64> {
    amount.filter(|amount| amount.is_bill()).map(Usd::micros)
}

/// An estimate as SQL keeps it, at most what a take can be billed.
pub fn estimate(amount: Usd) -> i64 {
    amount.min(Usd::MAX_BILL).micros()
}

/// A count as SQL keeps it.
pub fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The states of which `which` is true, as the inside of an SQL `IN (…)`.
pub fn states(which: impl Fn(TakeState) -> bool) -> String {
    let states = TakeState::ALL.into_iter().filter(|state| which(*state));
    let words: Vec<String> = states.map(|state| format!("'{state}'")).collect();
    words.join(",")
}
