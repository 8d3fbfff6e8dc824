//! Drafts: the one being edited, every version that takes were made of, and texts that were set aside.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::{Draft, Seconds, Word};

use super::error::Trouble;
use super::reel::must_exist;
use super::{Store, StoreError, row};

/// The version number of the draft being edited; frozen ones count from 1.
pub(super) const EDITED: i64 = 0;

/// Another workbench's text that a save found in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overwritten {
    /// The revision that it is kept as.
    pub version: i64,
    pub draft: Draft,
}

/// A draft that never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub version: i64,
    pub at: Timestamp,
    pub draft: Draft,
}

impl Store {
    /// The draft being edited, if one was ever saved.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn draft(&self, reel_id: &str) -> Result<Option<Draft>, StoreError> {
        self.draft_version(reel_id, EDITED)
    }

    /// Saves the draft being edited.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`]; when the store cannot be written.
    pub fn save_draft(&self, reel_id: &str, draft: &Draft) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            must_exist(transaction, reel_id)?;
            Ok(put(
                transaction,
                "INSERT OR REPLACE",
                reel_id,
                EDITED,
                draft,
                now,
            )?)
        })
    }

    /// Saves the draft being edited by one who knows what the store holds. What it holds besides that was written by
    /// another workbench: it is kept as a revision first.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`]; when the store cannot be written.
    pub fn save_draft_after(
        &self,
        reel_id: &str,
        known: Option<&Draft>,
        draft: &Draft,
    ) -> Result<Option<Overwritten>, StoreError> {
        self.write(|transaction, now| {
            must_exist(transaction, reel_id)?;
            let found = get(transaction, reel_id, EDITED)?;
            let foreign = found.filter(|found| Some(found) != known && found != draft);
            let overwritten = foreign
                .map(|foreign| {
                    set_aside(transaction, reel_id, &foreign, now).map(|version| Overwritten {
                        version,
                        draft: foreign,
                    })
                })
                .transpose()?;
            put(transaction, "INSERT OR REPLACE", reel_id, EDITED, draft, now)?;
            Ok(overwritten)
        })
    }

    /// Keeps a draft as a revision of which no take was made; gives its number.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`]; when the store cannot be written.
    pub fn keep_draft(&self, reel_id: &str, draft: &Draft) -> Result<i64, StoreError> {
        self.write(|transaction, now| {
            must_exist(transaction, reel_id)?;
            set_aside(transaction, reel_id, draft, now)
        })
    }

    /// The newest revisions of a reel's draft, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn revisions(&self, reel_id: &str, limit: u32) -> Result<Vec<Revision>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM drafts WHERE reel_id = ?1 AND version > 0 ORDER BY version DESC LIMIT ?2",
            )?;
            let revisions = statement.query_map((reel_id, limit), read_revision)?;
            Ok(revisions.collect::<Result<_, _>>()?)
        })
    }

    /// A version that takes were made of, or that was set aside.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn draft_version(&self, reel_id: &str, version: i64) -> Result<Option<Draft>, StoreError> {
        self.read(|connection| Ok(get(connection, reel_id, version)?))
    }

    /// The newest version that takes were made of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn latest_version(&self, reel_id: &str) -> Result<Option<i64>, StoreError> {
        self.read(|connection| Ok(latest(connection, reel_id)?))
    }
}

/// Keeps `draft` as a version that never changes; the newest one if it is the same.
pub(super) fn freeze(
    connection: &Connection,
    reel_id: &str,
    draft: &Draft,
    now: Timestamp,
) -> Result<i64, Trouble> {
    let newest = latest(connection, reel_id)?.unwrap_or(EDITED);
    if newest > EDITED && get(connection, reel_id, newest)?.as_ref() == Some(draft) {
        return Ok(newest);
    }
    let next = last(connection, reel_id)? + 1;
    put(connection, "INSERT", reel_id, next, draft, now)?;
    Ok(next)
}

/// Keeps `draft` as a revision of which no take was made; the last one of all if it is the same.
fn set_aside(connection: &Connection, reel_id: &str, draft: &Draft, now: Timestamp) -> Result<i64, Trouble> {
    let last = last(connection, reel_id)?;
    if last > EDITED && get(connection, reel_id, last)?.as_ref() == Some(draft) {
        return Ok(last);
    }
    put(connection, "INSERT", reel_id, last + 1, draft, now)?;
    connection
        .prepare_cached("UPDATE drafts SET set_aside = 1 WHERE reel_id = ?1 AND version = ?2")?
        .execute((reel_id, last + 1))?;
    Ok(last + 1)
}

/// The newest version that takes were made of.
pub(super) fn latest(connection: &Connection, reel_id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT max(version) FROM drafts WHERE reel_id = ?1 AND version > 0 AND set_aside = 0",
        )?
        .query_row([reel_id], |row| row.get(0))
}

/// The highest number given out; the one of the draft being edited when there is none.
fn last(connection: &Connection, reel_id: &str) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT coalesce(max(version), 0) FROM drafts WHERE reel_id = ?1")?
        .query_row([reel_id], |row| row.get(0))
}

pub(super) fn get(connection: &Connection, reel_id: &str, version: i64) -> rusqlite::Result<Option<Draft>> {
    connection
        .prepare_cached("SELECT * FROM drafts WHERE reel_id = ?1 AND version = ?2")?
        .query_row((reel_id, version), read)
        .optional()
}

pub(super) fn put(
    connection: &Connection,
    verb: &str,
    reel_id: &str,
    version: i64,
    draft: &Draft,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(&format!(
            "{verb} INTO drafts (
                reel_id, version, saved_at, prompt, model, api_version, resolution, duration, aspect_ratio,
                generate_audio, return_last_frame, seeds, first_frame, last_frame, images, videos, audios,
                skip_moderation, bitrate_mode
             ) VALUES (
                :reel_id, :version, :saved_at, :prompt, :model, :api_version, :resolution, :duration,
                :aspect_ratio, :generate_audio, :return_last_frame, :seeds, :first_frame, :last_frame,
                :images, :videos, :audios, :skip_moderation, :bitrate_mode
             )"
        ))?
        .execute(named_params! {
            ":reel_id": reel_id,
            ":version": version,
            ":saved_at": now.as_millisecond(),
            ":prompt": draft.prompt,
            ":model": draft.model.wire(),
            ":api_version": draft.api_version.wire(),
            ":resolution": draft.resolution.wire(),
            ":duration": draft.duration.get(),
            ":aspect_ratio": draft.aspect_ratio.wire(),
            ":generate_audio": draft.generate_audio,
            ":return_last_frame": draft.return_last_frame,
            ":seeds": draft.seeds,
            ":first_frame": draft.first_frame,
            ":last_frame": draft.last_frame,
            ":images": list_text(&draft.images),
            ":videos": list_text(&draft.videos),
            ":audios": list_text(&draft.audios),
            ":skip_moderation": draft.skip_moderation,
            ":bitrate_mode": draft.bitrate_mode.map(Word::wire),
        })
        .map(drop)
}

/// A whole row, the one being edited too.
pub(super) fn read_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    row::made(row, "set_aside", |flag: i64| matches!(flag, 0 | 1).then_some(()))?;
    Ok(Revision {
        version: row.get("version")?,
        at: row::time(row, "saved_at")?,
        draft: read(row)?,
    })
}

/// Makes up for when the draft was saved, and whether takes were made of it, where its content can be read. False where
/// it cannot.
pub(super) fn mend_frame(connection: &Connection, rowid: i64, now: Timestamp) -> rusqlite::Result<bool> {
    let mut content = connection.prepare("SELECT * FROM drafts WHERE rowid = ?1")?;
    if content
        .query_row([rowid], |row| Ok((row.get::<_, i64>("version")?, read(row)?)))
        .is_err()
    {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "UPDATE drafts SET saved_at = ?2, set_aside = version > 0 AND NOT EXISTS
                (SELECT 1 FROM takes WHERE reel_id = drafts.reel_id AND draft_version = drafts.version)
             WHERE rowid = ?1",
        )?
        .execute((rowid, now.as_millisecond()))?;
    Ok(true)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        prompt: row.get("prompt")?,
        model: row::word(row, "model")?,
        api_version: row::api_version(row, "api_version")?,
        resolution: row::word(row, "resolution")?,
        duration: row::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        aspect_ratio: row::word(row, "aspect_ratio")?,
        generate_audio: row.get("generate_audio")?,
        return_last_frame: row.get("return_last_frame")?,
        seeds: row.get("seeds")?,
        first_frame: row.get("first_frame")?,
        last_frame: row.get("last_frame")?,
        images: list(row, "images")?,
        videos: list(row, "videos")?,
        audios: list(row, "audios")?,
        skip_moderation: row.get("skip_moderation")?,
        bitrate_mode: row::word_if_any(row, "bitrate_mode")?,
    })
}

fn list_text(items: &[String]) -> String {
    serde_json::Value::from(items).to_string()
}

fn list(row: &Row<'_>, column: &str) -> rusqlite::Result<Vec<String>> {
    row::made(row, column, |text: String| serde_json::from_str(&text).ok())
}
