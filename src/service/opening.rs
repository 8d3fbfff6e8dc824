//! Finds the request of a file: of a take's video or sidecar, a bundle, curl, JSON, or the playground's Python.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::engine::bin::{self, is_binned};
use crate::engine::sidecars::bundled::{self, Bundle, BundledTake, FromBundle};
use crate::engine::sidecars::read_file;
use crate::media;
use crate::model::foreign::{self, Foreign};
use crate::model::text::counted;
use crate::model::{Form, Seed, TakeId};
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

/// What was found in a file.
#[derive(Debug, Clone)]
pub enum Found {
    Request(Box<Opened>),
    /// It is a bundle with the requests of these takes.
    Choice(Vec<InBundle>),
}

/// A take in a bundle, to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InBundle {
    pub take: TakeId,
    pub seed: Seed,
    /// As it was sent.
    pub prompt: String,
}

/// The request of the file at `path`, or the takes to choose from when it is a bundle of several and no take is named.
pub fn find(store: &Store, path: &Path, take: Option<TakeId>) -> Result<Found, Problem> {
    if take.is_none() && is_bundle(path) {
        let bundle = Bundle::open(path)?;
        if bundle.manifest.takes.len() > 1 {
            let takes = bundle.manifest.takes.iter();
            return Ok(Found::Choice(
                takes
                    .map(|one| in_bundle(&bundle, one))
                    .collect::<Result<_, _>>()?,
            ));
        }
    }
    read(store, path, take).map(|opened| Found::Request(Box::new(opened)))
}

fn in_bundle(bundle: &Bundle, one: &BundledTake) -> Result<InBundle, Problem> {
    Ok(InBundle {
        take: one.id,
        seed: one.seed,
        prompt: bundle.prompt_text(one)?,
    })
}

/// Reads the request of the file at `path`; of a bundle, that of this take, or else of the first.
pub fn read(store: &Store, path: &Path, take: Option<TakeId>) -> Result<Opened, Problem> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(usage(format!("{} is not a file", path.display()), KINDS));
    }
    if is_bundle(path) {
        return of_bundle(&Bundle::open(path)?, take);
    }
    if take.is_some() {
        return Err(usage(
            format!(
                "{} is not a bundle, so it has no takes to choose from",
                path.display()
            ),
            "leave out --take",
        ));
    }
    if media::looks_like_video(path) {
        return of_video(store, path);
    }
    let text = read_text(path)?;
    of_text(&text).map_err(|problem| problem.so(format!("{} was not opened", path.display())))
}

/// Whether the file may have a request: a video, a bundle, or a sidecar.
pub fn may_have_request(path: &Path) -> bool {
    media::looks_like_video(path) || is_bundle(path) || read_file(path).is_some()
}

/// Reads a request from text: a sidecar, curl, JSON or Python.
pub fn of_text(text: &str) -> Result<Opened, Problem> {
    let found = foreign::read(text).map_err(|error| usage(error.to_string(), ""))?;
    let source = Source::Text(found.kind.noun());
    Ok(opened(found, source))
}

/// Imports the takes of the bundle at `path`; `None` if the file is no tar archive.
pub fn import(store: &Store, reels: &Path, path: &Path) -> Result<Option<FromBundle>, Problem> {
    if !path.is_file() || !is_bundle(path) {
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

fn of_bundle(bundle: &Bundle, take: Option<TakeId>) -> Result<Opened, Problem> {
    let takes = &bundle.manifest.takes;
    let chosen = match take {
        None => takes
            .first()
            .ok_or_else(|| usage("the bundle lists no take", ""))?,
        Some(take) => takes.iter().find(|one| one.id == take).ok_or_else(|| {
            usage(
                format!("the bundle has no take {take}"),
                format!("choose one of its takes: {}", listed(takes)),
            )
        })?,
    };
    let text = bundle.sidecar_text(chosen)?;
    let found = foreign::read(&String::from_utf8_lossy(&text));
    let mut found = opened(
        found.map_err(|error| usage(error.to_string(), ""))?,
        Source::Bundle(chosen.id),
    );
    if take.is_none() && takes.len() > 1 {
        found.remarks.push(format!(
            "The bundle has {}: {}. The request of take {} is opened; --take N opens another one.",
            counted(takes.len() as u64, "take"),
            listed(takes),
            chosen.id
        ));
    }
    Ok(found)
}

/// `1 (seed 7), 2 (seed 8)`.
fn listed(takes: &[BundledTake]) -> String {
    let named = takes.iter().take(MAX_LISTED);
    let named: Vec<String> = named
        .map(|one| format!("{} (seed {})", one.id, one.seed))
        .collect();
    let more = match takes.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    named.join(", ") + &more
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

/// Most takes of a bundle that a message names.
const MAX_LISTED: usize = 20;

/// Whether the file is a tar archive, which only a bundle is: the mark is in its first block.
fn is_bundle(path: &Path) -> bool {
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
