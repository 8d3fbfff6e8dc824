//! Snippets: pieces of text of a reel that prompts insert by name.

use std::collections::BTreeMap;

use super::{Store, StoreError, reels};

impl Store {
    /// Every snippet of a reel by its name.
    pub fn snippets(&self, reel_id: &str) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT name, text FROM snippets WHERE reel_id = ?1")?;
            let snippets = statement.query_map([reel_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(snippets.collect::<Result<_, _>>()?)
        })
    }

    /// Gives a snippet another name.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`], [`StoreError::SnippetExists`].
    pub fn rename_snippet(&self, reel_id: &str, from: &str, to: &str) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            reels::must_exist(transaction, reel_id)?;
            let is_taken: bool = transaction.query_row(
                "SELECT count(*) > 0 FROM snippets WHERE reel_id = ?1 AND name = ?2",
                (reel_id, to),
                |row| row.get(0),
            )?;
            if is_taken {
                return Err(StoreError::SnippetExists(to.to_owned()).into());
            }
            transaction.execute(
                "UPDATE snippets SET name = ?3, saved_at = ?4 WHERE reel_id = ?1 AND name = ?2",
                (reel_id, from, to, now.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// Keeps a snippet; an empty text removes it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`].
    pub fn set_snippet(&self, reel_id: &str, name: &str, text: &str) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            reels::must_exist(transaction, reel_id)?;
            if text.is_empty() {
                transaction.execute(
                    "DELETE FROM snippets WHERE reel_id = ?1 AND name = ?2",
                    [reel_id, name],
                )?;
            } else {
                transaction.execute(
                    "INSERT OR REPLACE INTO snippets (reel_id, name, text, saved_at) VALUES (?1, ?2, ?3, ?4)",
                    (reel_id, name, text, now.as_millisecond()),
                )?;
            }
            Ok(())
        })
    }
}
