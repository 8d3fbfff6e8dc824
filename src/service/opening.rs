//! Finds the request of a file: of a take's video or sidecar, a bundle, curl, JSON, or the playground's Python.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::engine::bin::{self, is_binned};
use crate::engine::sidecars::bundled::{self, Bundle, FromBundle};
use crate::engine::sidecars::read_file;
use crate::media;
use crate::model::foreign::{self, Foreign};
use crate::model::text::counted;
use crate::model::{Form, TakeId};
use crate::script::expand::escape;
use crate::store::{Sidecar, Store};

use super::orders::form_of;
use super::problem::{Kind, Problem};

/// A request that was found.
#[derive(Debug, Clone)]
pub struct Opened {
    /// With its prompt escaped: it was sent, so nothing in it expands.
    pub form: Form,
    pub source: Source,
    /// What was left out or changed, in sentences.
    pub remarks: Vec<String>,
}

/// Where a request was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Sidecar(PathBuf),
    /// In the log, by the hash of the video.
    Log(TakeId),
    /// In the metadata of a copy.
    Metadata,
    Bundle(TakeId),
    Text(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sidecar(path) => write!(f, "its sidecar {}", path.display()),
            Self::Log(take) => write!(f, "the log, where it is take {take}"),
            Self::Metadata => write!(f, "the metadata of the copy"),
            Self::Bundle(take) => write!(f, "the bundle, where it is take {take}"),
            Self::Text(kind) => write!(f, "the file, which is {kind}"),
        }
    }
}

/// Reads the request of the file at `path`.
pub fn read(store: &Store, path: &Path) -> Result<Opened, Problem> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(usage(format!("{} is not a file", path.display()), KINDS));
    }
    if media::looks_like_video(path) {
        return of_video(store, path);
    }
    if is_tar(path) {
        return of_bundle(&Bundle::open(path)?);
    }
    let text = read_text(path)?;
    of_text(&text).map_err(|problem| problem.so(format!("{} was not opened", path.display())))
}

/// Reads a request from text: a sidecar, curl, JSON or Python.
pub fn of_text(text: &str) -> Result<Opened, Problem> {
    let found = foreign::read(text).map_err(|error| usage(error.to_string(), ""))?;
    let source = Source::Text(found.kind.noun());
    Ok(opened(found, source))
}

/// Imports the takes of the bundle at `path`; `None` if the file is no tar archive.
pub fn import(store: &Store, reels: &Path, path: &Path) -> Result<Option<FromBundle>, Problem> {
    if !path.is_file() || media::looks_like_video(path) || !is_tar(path) {
        return Ok(None);
    }
    let imported = Bundle::open(path)?.import(store, reels)?;
    for take in &imported.imported {
        if let Err(error) = bin::settle(store, reels, *take) {
            tracing::warn!("take {take} is imported, but {error}");
        }
    }
    Ok(Some(imported))
}

/// What came out of a bundle, in words.
pub fn import_in_words(out: &FromBundle) -> String {
    let takes = |ids: &[TakeId]| counted(ids.len() as u64, "take");
    let mut told = format!("{} imported from the bundle", takes(&out.imported));
    if !out.reels.is_empty() {
        let reels: Vec<String> = out.reels.iter().map(|reel| format!("{reel:?}")).collect();
        told += &format!(" into reel {}", reels.join(", "));
    }
    if !out.known.is_empty() {
        told += &format!(", {} known already", takes(&out.known));
    }
    told += "; nothing was sent";
    if let Some(first) = out.left_out.first() {
        told += &format!("; {} left out ({first})", out.left_out.len());
    }
    told
}

fn of_video(store: &Store, path: &Path) -> Result<Opened, Problem> {
    let sha256 = bundled::hash(path).map_err(|error| unreadable(path, &error))?;
    let beside = path.with_extension("json");
    let mut remarks = Vec::new();
    match read_file(&beside) {
        Some(sidecar) if sidecar.dossier.take.sha256.as_ref() == Some(&sha256) => {
            return of_sidecar(&sidecar, &beside);
        }
        Some(_) => remarks.push(format!(
            "{} belongs to another video and was not used.",
            beside.display()
        )),
        None => {}
    }
    if let Some(take) = store.take_of_sha256(&sha256)? {
        let form = form_of(&take).map_err(|why| usage(why, "write the request anew"))?;
        return Ok(Opened {
            form: escaped(form),
            source: Source::Log(take.id),
            remarks,
        });
    }
    let embedded = media::extract(path).map_err(|error| usage(error.to_string(), ""))?;
    let Some(text) = embedded else {
        return Err(usage(
            format!(
                "{} is not a video of this home: no sidecar is beside it, the log has no video with its SHA-256, and no \
                 request is in its metadata",
                path.display()
            ),
            "put its .json file beside it, or open a bundle that has it",
        ));
    };
    let mut found = opened(
        foreign::read(&text).map_err(|error| usage(error.to_string(), ""))?,
        Source::Metadata,
    );
    found.remarks.extend(remarks);
    Ok(found)
}

fn of_sidecar(sidecar: &Sidecar, path: &Path) -> Result<Opened, Problem> {
    let text = serde_json::to_string(&sidecar.dossier.take).map_err(Problem::because)?;
    let found = foreign::read(&text).map_err(|error| usage(error.to_string(), ""))?;
    Ok(opened(found, Source::Sidecar(path.to_owned())))
}

fn of_bundle(bundle: &Bundle) -> Result<Opened, Problem> {
    let [first, rest @ ..] = &bundle.manifest.takes[..] else {
        return Err(usage("the bundle lists no take", ""));
    };
    let text = bundle.sidecar_text(first)?;
    let found = foreign::read(&String::from_utf8_lossy(&text));
    let mut found = opened(
        found.map_err(|error| usage(error.to_string(), ""))?,
        Source::Bundle(first.id),
    );
    if !rest.is_empty() {
        found.remarks.push(format!(
            "The bundle has {}; the request of the first is opened.",
            counted(rest.len() as u64, "more take")
        ));
    }
    Ok(found)
}

fn opened(found: Foreign, source: Source) -> Opened {
    Opened {
        form: escaped(found.form),
        source,
        remarks: found.remarks,
    }
}

fn escaped(form: Form) -> Form {
    Form {
        prompt: escape(&form.prompt).into_owned(),
        ..form
    }
}

/// What a file may be, for messages.
const KINDS: &str = "give a take's video or sidecar, a bundle, or a file with curl, JSON or Python";

/// Whether the file is a tar archive: the mark is in its first block.
fn is_tar(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 262];
    std::fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && head.ends_with(b"ustar")
}

fn read_text(path: &Path) -> Result<String, Problem> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    let most = foreign::MAX_BYTES as u64 + 1;
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        usage(
            format!("{} is not a file of rushes, and no text", path.display()),
            KINDS,
        )
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let now = if error.kind() == std::io::ErrorKind::NotFound && is_binned(path) {
        "the bin may have been emptied; the request is still in the log, where `u` loads it"
    } else {
        "check the path and its permissions"
    };
    usage(format!("cannot read {}: {error}", path.display()), now)
}

fn usage(why: impl Into<String>, now: impl Into<String>) -> Problem {
    Problem::new(Kind::Usage, why, now)
}
