//! A store that can only be read: a full disk has no room for what SQLite keeps beside an open database.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::model::Clock;
use crate::store::database::schema;
use crate::store::error::of_sql;
use crate::store::{Store, StoreError};

impl Store {
    /// The store as it is now, copied into memory: other programs neither change it nor have to wait for it. Every write
    /// to it fails as on a full disk. It cannot be copied while another program has it open.
    pub fn open_to_read(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(path, &error);
        let mut connection = copy(path).map_err(in_words)?;
        schema::check(&mut connection, path)?;
        schema::run_in_memory(&mut connection, path)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(in_words)?;
        Ok(Self::of(connection, path, clock, true))
    }
}

fn copy(path: &Path) -> rusqlite::Result<Connection> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let memory = format!(
        "file:rushes-{}-{number}?mode=memory&cache=shared",
        std::process::id()
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let uri = flags | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
    let copy = Connection::open_with_flags(&memory, uri)?;
    let original = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_URI)?;
    // With exclusive access SQLite keeps the index of its log in memory, and the log stays as it is.
    original.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    original.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    original.execute("VACUUM INTO ?1", [&memory])?;
    Ok(copy)
}
