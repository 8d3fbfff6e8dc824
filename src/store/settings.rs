//! What is kept by a key: where files were uploaded to, and what the program remembers.

use rusqlite::OptionalExtension;

use super::{Store, StoreError, columns};

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Where it was uploaded to.
    pub origin: String,
    /// Of its content.
    pub sha256: String,
}

impl Store {
    /// The URL of a file with this content, if it was uploaded to `origin` before.
    pub fn upload(&self, origin: &str, sha256: &str) -> Result<Option<String>, StoreError> {
        self.lookup(
            "SELECT url FROM uploads WHERE origin = ?1 AND sha256 = ?2",
            [origin, sha256],
        )
    }

    /// What is at `url`, if we uploaded it.
    pub fn uploaded(&self, url: &str) -> Result<Option<Uploaded>, StoreError> {
        self.read(|connection| {
            let uploaded = connection
                .prepare_cached(
                    "SELECT origin, sha256 FROM uploads WHERE url = ?1 ORDER BY uploaded_at DESC",
                )?
                .query_row([url], |row| {
                    Ok(Uploaded {
                        origin: row.get("origin")?,
                        sha256: row.get("sha256")?,
                    })
                });
            Ok(uploaded.optional()?)
        })
    }

    /// Remembers the URL of a file that was uploaded to `origin`.
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
                (origin, sha256, url, columns::count(bytes), now.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// The value kept under `key`.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.lookup("SELECT value FROM settings WHERE key = ?1", [key])
    }

    /// Keeps `value` under `key`.
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
