//! Small things kept by a key: what was uploaded where, and what the program remembers.

use rusqlite::OptionalExtension;

use super::{Store, StoreError, row};

impl Store {
    /// The address at which a file of this content lies, if it was uploaded to `origin` before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn upload(&self, origin: &str, sha256: &str) -> Result<Option<String>, StoreError> {
        self.lookup(
            "SELECT url FROM uploads WHERE origin = ?1 AND sha256 = ?2",
            [origin, sha256],
        )
    }

    /// Where the file at `url` was uploaded to, if we uploaded it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn upload_origin(&self, url: &str) -> Result<Option<String>, StoreError> {
        self.lookup(
            "SELECT origin FROM uploads WHERE url = ?1 ORDER BY uploaded_at DESC",
            [url],
        )
    }

    /// Remembers where a file of this content lies that was uploaded to `origin`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remember_upload(
        &self,
        origin: &str,
        sha256: &str,
        url: &str,
        bytes: u64,
    ) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            transaction.execute(
                "INSERT OR REPLACE INTO uploads (origin, sha256, url, bytes, uploaded_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                (origin, sha256, url, row::count(bytes), now.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// What was kept under `key`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.lookup("SELECT value FROM settings WHERE key = ?1", [key])
    }

    /// Keeps `value` under `key`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            transaction.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                [key, value],
            )?;
            Ok(())
        })
    }

    fn lookup(&self, sql: &str, key: impl rusqlite::Params + Copy) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let found = connection
                .prepare_cached(sql)?
                .query_row(key, |row| row.get(0))
                .optional()?;
            Ok(found)
        })
    }
}
