//! Drafts: the one being edited, and every version that takes were made of.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::{BitrateMode, Draft, Seconds};

use super::error::Trouble;
use super::reel::must_exist;
use super::{Store, StoreError, row};

/// The version number of the draft being edited; frozen ones count from 1.
pub(super) const EDITED: i64 = 0;

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

    /// A version that takes were made of.
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
    put(connection, "INSERT", reel_id, newest + 1, draft, now)?;
    Ok(newest + 1)
}

pub(super) fn latest(connection: &Connection, reel_id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT max(version) FROM drafts WHERE reel_id = ?1 AND version > 0")?
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
            ":bitrate_mode": draft.bitrate_mode.map(BitrateMode::wire),
        })
        .map(drop)
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
