//! A row that cannot be read: what it is, and what can still be read of it.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use crate::model::text::hex;
use crate::model::{TakeId, Usd};

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The table it is from.
    pub source: String,
    /// The take that it is, or belongs to.
    pub take: Option<TakeId>,
    pub why: String,
    /// Whether the row, or one that replaces it, is in its table again.
    pub restored: bool,
    /// What a lost take that may have been sent still counts as.
    pub counted: Option<Usd>,
}

/// A row that cannot be read, where it was found.
pub struct DamagedRow {
    pub table: &'static str,
    /// Its number in the table.
    pub number: i64,
    pub why: String,
}

impl DamagedRow {
    /// The take that the row is, or belongs to.
    pub fn take(&self, connection: &Connection) -> Option<TakeId> {
        match self.table {
            "takes" => Some(TakeId(self.number)),
            "events" | "exchanges" | "decided_verdicts" => {
                self.column(connection, "take_id").as_i64().map(TakeId)
            }
            _ => None,
        }
    }

    /// One column as far as it can be read; what is not text is given in hexadecimal digits.
    fn column(&self, connection: &Connection, name: &str) -> Value {
        let sql = format!("SELECT {name} FROM {} WHERE rowid = ?1", self.table);
        let value = connection.query_row(&sql, [self.number], |row| {
            Ok(match row.get_ref(0)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => text.into(),
                    Err(_) => serde_json::json!({ "hex": hex(bytes) }),
                },
            })
        });
        value.unwrap_or_else(|error| serde_json::json!({ "unreadable": error.to_string() }))
    }

    /// All columns.
    pub fn raw(&self, connection: &Connection) -> rusqlite::Result<Map<String, Value>> {
        let names: Vec<String> = connection
            .prepare(&format!("SELECT name FROM pragma_table_info('{}')", self.table))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let columns = names.into_iter().map(|name| {
            let value = self.column(connection, &name);
            (name, value)
        });
        Ok(columns.collect())
    }
}

/// A text as far as it can be read.
pub fn text(raw: &Map<String, Value>, name: &str) -> String {
    match &raw[name] {
        Value::String(text) => text.clone(),
        Value::Object(broken) => {
            let digits = broken.get("hex").and_then(Value::as_str).unwrap_or_default();
            let bytes: Vec<u8> = digits
                .as_bytes()
                .chunks(2)
                .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "_")
        }
        _ => String::new(),
    }
}
