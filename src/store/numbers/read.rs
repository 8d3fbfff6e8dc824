//! Reads all numbers at one moment.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::model::Backend;
use crate::store::{SqlOrRule, Store, StoreError};

use super::estimates::{self, EstimateError};
use super::failures::{self, Reason};
use super::groups::{self, By, Groups};
use super::waits;

/// Which numbers are read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// One reel, by its id; `None` for all.
    pub reel_id: Option<String>,
    pub by: By,
    /// Where days begin.
    pub zone: TimeZone,
    /// The most groups of a backend; what the others add up to is one more.
    pub most: usize,
}

/// The numbers of one backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub backend: Backend,
    pub groups: Groups,
    /// The most frequent first.
    pub failures: Vec<(Reason, u64)>,
    pub estimates: Option<EstimateError>,
    /// Milliseconds from submit to saved, of the newest thousand saved takes.
    pub waits_ms: Vec<u64>,
}

/// The numbers: live takes apart from those of the sandbox, which cost nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    pub live: Section,
    pub sandbox: Section,
}

impl Store {
    /// The numbers at this moment. They are read over a connection of their own, since that takes long where there are
    /// many takes.
    pub fn numbers(&self, asked: &Asked) -> Result<Numbers, StoreError> {
        self.another()?.read(|connection| {
            let moment = connection.unchecked_transaction()?;
            Ok(Numbers {
                live: section(&moment, Backend::Live, asked)?,
                sandbox: section(&moment, Backend::Sandbox, asked)?,
            })
        })
    }
}

fn section(connection: &Connection, backend: Backend, asked: &Asked) -> Result<Section, SqlOrRule> {
    let of = (backend, asked.reel_id.as_deref());
    Ok(Section {
        backend,
        groups: groups::groups(connection, of, asked.by, &asked.zone, asked.most)?,
        failures: failures::failures(connection, of)?,
        estimates: estimates::error(connection, of)?,
        waits_ms: waits::waits(connection, of)?,
    })
}
