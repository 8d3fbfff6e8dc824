//! Bundles: takes with their videos, sidecars and prompts in one archive, and their import into another home.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::file_names;
use crate::files::{self, Archive, ArchiveError, Content, Limits, write_archive};
use crate::model::form::is_local;
use crate::model::text::{file_stem, hex, tame_json};
use crate::model::{Take, TakeId};
use crate::store::recovery::SweepsHere;
use crate::store::{Reel, Sidecar, Store, StoreError};

use super::{rebuild, write};

/// The name of the list of takes in a bundle.
pub const MANIFEST: &str = "manifest.json";
const FORMAT: u32 = 1;
const LIMITS: Limits = Limits {
    entries: 2000,
    entry_bytes: 8 << 30,
};
/// The largest manifest or sidecar that is read, in bytes.
const MAX_TEXT: u64 = 16 << 20;

/// What a bundle contains. Every name is that of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub rushes_bundle: u32,
    pub made_at: Timestamp,
    pub takes: Vec<BundledTake>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct BundledTake {
    pub id: TakeId,
    pub reel: String,
    pub seed: crate::model::Seed,
    pub sha256: Option<String>,
    pub video: String,
    pub sidecar: String,
    pub prompt: String,
    #[serde(default)]
    pub last_frame: Option<String>,
}

/// Why takes could not be put into a bundle, or taken from one.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{} is a tar archive, but not a bundle of rushes: {why}", path.display())]
    NoBundle { path: PathBuf, why: String },
    #[error("take {0} has no video to put into a bundle")]
    NoVideo(TakeId),
    #[error("the record of take {take} cannot be written: {why}")]
    Record { take: TakeId, why: String },
}

/// Writes a bundle of saved takes to the new file `to`; returns its size in bytes.
pub fn bundle(store: &Store, takes: &[Take], to: &Path, now: Timestamp) -> Result<u64, BundleError> {
    let mut used = BTreeSet::new();
    let (mut listed, mut texts, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for take in takes {
        let file = take.file.clone().ok_or(BundleError::NoVideo(take.id))?;
        let mut stem = stem(&file);
        if !used.insert(stem.to_lowercase()) {
            stem = format!("{stem}-{}", take.id);
            used.insert(stem.to_lowercase());
        }
        let picture = take.last_frame_file.clone().filter(|file| file.is_file());
        let ending = picture.as_ref().and_then(|file| file.extension()?.to_str());
        let last_frame = ending.map(|ending| format!("takes/{stem}-last.{ending}"));
        let one = BundledTake {
            id: take.id,
            reel: take.reel.clone(),
            seed: take.seed,
            sha256: take.sha256.clone(),
            video: format!("takes/{stem}.mp4"),
            sidecar: format!("takes/{stem}.json"),
            prompt: format!("takes/{stem}.txt"),
            last_frame: last_frame.clone(),
        };
        texts.push((one.sidecar.clone(), record(store, take.id, &one)?));
        texts.push((one.prompt.clone(), take.prompt().unwrap_or_default().to_owned()));
        files.push((one.video.clone(), file));
        files.extend(last_frame.zip(picture));
        listed.push(one);
    }
    let manifest = Manifest {
        rushes_bundle: FORMAT,
        made_at: now,
        takes: listed,
    };
    let text = serde_json::to_string_pretty(&manifest).map(|text| tame_json(text) + "\n");
    let text = text.map_err(|error| BundleError::NoBundle {
        path: to.to_owned(),
        why: error.to_string(),
    })?;
    let mut entries = vec![(MANIFEST, Content::Bytes(text.as_bytes()))];
    entries.extend(
        texts
            .iter()
            .map(|(name, text)| (name.as_str(), Content::Bytes(text.as_bytes()))),
    );
    entries.extend(
        files
            .iter()
            .map(|(name, path)| (name.as_str(), Content::File(path))),
    );
    Ok(write_archive(to, &entries, now)?)
}

/// The take's sidecar, without the paths of this machine.
fn record(store: &Store, take: TakeId, names: &BundledTake) -> Result<String, BundleError> {
    let mut sidecar = store.sidecar(take)?;
    sidecar.dossier.take.file = last_part(&names.video);
    sidecar.dossier.take.last_frame_file = names.last_frame.as_deref().and_then(last_part);
    if let Some(form) = &mut sidecar.rebuild.form {
        for reference in form.references_mut() {
            if is_local(reference) {
                *reference = reference.rsplit('/').next().unwrap_or_default().to_owned();
            }
        }
    }
    let text = serde_json::to_string_pretty(&sidecar).map_err(|error| BundleError::Record {
        take,
        why: error.to_string(),
    })?;
    Ok(tame_json(text) + "\n")
}

/// The file's name within its folder.
fn last_part(name: &str) -> Option<PathBuf> {
    name.rsplit('/').next().map(PathBuf::from)
}

fn stem(file: &Path) -> String {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("take");
    let safe = |c: char| {
        if matches!(c, '\\' | ':') || c.is_control() {
            '-'
        } else {
            c
        }
    };
    stem.chars().map(safe).collect()
}

/// A bundle that was opened and whose entries were all checked.
pub struct Bundle {
    archive: Archive,
    path: PathBuf,
    pub manifest: Manifest,
}

/// What came out of a bundle.
#[derive(Debug, Default)]
pub struct FromBundle {
    pub imported: Vec<TakeId>,
    /// The names of the reels that these are in now.
    pub reels: BTreeSet<String>,
    /// Takes that this home has already.
    pub known: Vec<TakeId>,
    /// Takes that could not be imported, each with why.
    pub left_out: Vec<String>,
}

impl Bundle {
    /// Opens the bundle at `path`.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        let archive = Archive::open(path, LIMITS)?;
        let no_bundle = |why: String| BundleError::NoBundle {
            path: path.to_owned(),
            why,
        };
        let text = archive.read(MANIFEST, MAX_TEXT);
        let text = text.map_err(|error| no_bundle(error.to_string()))?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|error| no_bundle(format!("its {MANIFEST}: {error}")))?;
        if manifest.rushes_bundle > FORMAT {
            return Err(no_bundle("a newer rushes wrote it".to_owned()));
        }
        if manifest.takes.is_empty() {
            return Err(no_bundle("it lists no take".to_owned()));
        }
        Ok(Self {
            archive,
            path: path.to_owned(),
            manifest,
        })
    }

    /// The sidecar of a take in it, as text.
    pub fn sidecar_text(&self, take: &BundledTake) -> Result<Vec<u8>, BundleError> {
        Ok(self.archive.read(&take.sidecar, MAX_TEXT)?)
    }

    /// The prompt of a take in it, as it was sent.
    pub fn prompt_text(&self, take: &BundledTake) -> Result<String, BundleError> {
        let text = self.archive.read(&take.prompt, MAX_TEXT)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Imports the takes that this home does not have: their videos are copied into the folders of their reels, and no
    /// file is overwritten. A reel of this home that has the name of theirs and no take yet becomes theirs. Nothing that
    /// is imported can be sent.
    pub fn import(&self, store: &Store, reels: &Path) -> Result<FromBundle, BundleError> {
        let mut out = FromBundle::default();
        let rows = store.reel_rows(false)?;
        let empty: Vec<Reel> = rows
            .into_iter()
            .filter(|row| row.takes == 0)
            .map(|row| row.reel)
            .collect();
        let mut sweeps = SweepsHere::new();
        for take in &self.manifest.takes {
            match self.import_one(store, reels, &empty, &mut sweeps, take) {
                Ok(true) => {
                    out.imported.push(take.id);
                    out.reels.insert(store.reel_of(take.id)?.name);
                }
                Ok(false) => out.known.push(take.id),
                Err(Left::Out(why)) => out.left_out.push(format!("take {}: {why}", take.id)),
                Err(Left::Failed(error)) => return Err(error.into()),
            }
        }
        rebuild::keep_numbers(store, reels)?;
        Ok(out)
    }

    fn import_one(
        &self,
        store: &Store,
        reels: &Path,
        empty: &[Reel],
        sweeps: &mut SweepsHere,
        listed: &BundledTake,
    ) -> Result<bool, Left> {
        let text = self
            .archive
            .read(&listed.sidecar, MAX_TEXT)
            .map_err(Left::because)?;
        let mut sidecar: Sidecar = serde_json::from_slice(&text).map_err(Left::because)?;
        let record = &sidecar.dossier.take;
        let sha256 = record
            .sha256
            .clone()
            .ok_or_else(|| Left::because("its video has no hash"))?;
        let id = record.id;
        match store.take(id) {
            Ok(there) if there.sha256.as_ref() == Some(&sha256) => return Ok(false),
            Ok(_) => {
                return Err(Left::because(
                    "this home has another take of that number: `rushes open` its video or sidecar instead",
                ));
            }
            Err(StoreError::NoSuchTake(_)) => {}
            Err(error) => return Err(Left::Failed(error)),
        }
        let reel = &mut sidecar.rebuild.reel;
        let known = store.reels().map_err(Left::Failed)?;
        let same = known.into_iter().find(|known| known.id == reel.id);
        let named = || empty.iter().find(|empty| empty.name == reel.name).cloned();
        match same.or_else(named) {
            Some(known) => *reel = known,
            None => {
                reel.folder = format!(
                    "{}-{}",
                    file_stem(&reel.name),
                    file_stem(&reel.id).get(..8).unwrap_or("0")
                );
            }
        }
        let folder = reels.join(&reel.folder);
        file_names::make_folder(&folder).map_err(Left::because)?;
        let (video, is_new) = self.take_out(&listed.video, &folder, Some(&sha256))?;
        let picture = listed.last_frame.as_deref();
        let picture = picture.and_then(|name| self.take_out(name, &folder, None).ok());
        let picture = picture.map(|(file, _)| file);
        sidecar.dossier.take.file = Some(video.clone());
        sidecar.dossier.take.last_frame_file.clone_from(&picture);
        if let Some(why) = store
            .recovery()
            .restore_from_bundle(&sidecar, sweeps)
            .map_err(Left::Failed)?
        {
            let copied = picture.iter().chain(is_new.then_some(&video));
            for file in copied {
                let _ = std::fs::remove_file(file);
            }
            return Err(Left::Out(why));
        }
        if let Err(error) = write(store, reels, id) {
            tracing::warn!("the sidecar of take {id} is not written yet: {error}");
        }
        Ok(true)
    }

    /// Copies an entry into `folder` under its own last name; a file with the wanted hash that is there already is used.
    fn take_out(&self, name: &str, folder: &Path, sha256: Option<&str>) -> Result<(PathBuf, bool), Left> {
        let last = name.rsplit('/').next().unwrap_or(name);
        let to = folder.join(last);
        if sha256.is_some_and(|sha256| hash(&to).is_ok_and(|there| there == sha256)) {
            return Ok((to, false));
        }
        self.archive.copy(name, &to).map_err(Left::because)?;
        match (sha256, hash(&to)) {
            (Some(wanted), Ok(found)) if wanted != found => {
                let _ = std::fs::remove_file(&to);
                Err(Left::because(format!(
                    "the video {name} in {} is not the one that was saved: its SHA-256 differs",
                    self.path.display()
                )))
            }
            (_, Err(error)) => Err(Left::because(error)),
            (_, Ok(_)) => Ok((to, true)),
        }
    }
}

/// Why one take is not imported.
enum Left {
    Out(String),
    Failed(StoreError),
}

impl Left {
    #[allow(clippy::needless_pass_by_value, reason = "errors are passed as they come")]
    fn because(why: impl ToString) -> Self {
        Self::Out(why.to_string())
    }
}

/// The SHA-256 of a file, in hexadecimal digits.
pub fn hash(path: &Path) -> io::Result<String> {
    Ok(hex(&files::sha256(std::fs::File::open(path)?)?.1))
}
