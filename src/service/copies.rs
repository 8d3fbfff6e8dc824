//! Copies for others: takes joined into one video, bundled into an archive, or with their requests embedded. The saved
//! videos are never altered, and no key is in a copy.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::engine::sidecars::bundled::{self, BundleError};
use crate::media::{self, Joined};
use crate::model::{Take, TakeId};
use crate::store::Store;

use super::problem::{Kind, Problem};

/// The saved takes of these numbers, in this order.
pub fn saved_takes(store: &Store, ids: &[TakeId]) -> Result<Vec<Take>, Problem> {
    ids.iter().map(|id| saved_take(store, *id)).collect()
}

/// The saved take of this number.
pub fn saved_take(store: &Store, id: TakeId) -> Result<Take, Problem> {
    let take = store.take(id)?;
    match &take.file {
        None => Err(usage(take.why_no_video(), "choose saved takes")),
        Some(file) if !file.is_file() => Err(usage(
            format!("{} is not there", file.display()),
            "put it back there, or choose other takes",
        )),
        Some(_) => Ok(take),
    }
}

/// Joins the videos of takes, without encoding anything anew, into the new file `to`.
pub fn join(takes: &[Take], to: &Path) -> Result<Joined, Problem> {
    let files: Vec<PathBuf> = takes.iter().filter_map(|take| take.file.clone()).collect();
    media::join(&files, to).map_err(|error| usage(error.to_string(), ""))
}

/// What was joined, in words.
pub fn joined_in_words(joined: &Joined, takes: usize, to: &Path) -> String {
    let sound = if joined.has_sound {
        "with sound"
    } else {
        "without sound"
    };
    let lasts = crate::model::seconds::length(joined.duration_ms);
    let mut told = format!(
        "{takes} takes are joined in {}: {lasts}, {} frames, {sound}, not re-encoded",
        to.display(),
        joined.frames
    );
    if joined.tracks_left_out > 0 {
        told += &format!("; {} other tracks were left out", joined.tracks_left_out);
    }
    told
}

/// Writes takes with their sidecars and prompts into the new archive `to`; returns its size in bytes.
pub fn bundle(store: &Store, takes: &[Take], to: &Path, now: Timestamp) -> Result<u64, Problem> {
    bundled::bundle(store, takes, to, now).map_err(Problem::from)
}

/// Copies the video of a take to the new file `to`, with the request in the copy's metadata; returns its size.
pub fn embed(take: &Take, to: &Path) -> Result<u64, Problem> {
    let Some(file) = &take.file else {
        return Err(usage(take.why_no_video(), "choose a saved take"));
    };
    let request = embedded(take).to_string();
    media::embed(file, &request, to).map_err(|error| usage(error.to_string(), ""))
}

/// The request as it is embedded: what the provider needs to make the take again, and no more.
fn embedded(take: &Take) -> Value {
    let mut request = take.body.clone();
    if let Some(fields) = request.as_object_mut() {
        fields.insert("model".to_owned(), json!(take.model.slug()));
        fields.insert("api_version".to_owned(), json!(take.api_version.word()));
        fields.insert("seed".to_owned(), json!(take.seed.number()));
    }
    request
}

impl From<BundleError> for Problem {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Store(error) => error.into(),
            other => usage(other.to_string(), ""),
        }
    }
}

fn usage(why: impl Into<String>, now: impl Into<String>) -> Problem {
    Problem::new(Kind::Usage, why, now)
}
