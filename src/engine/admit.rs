//! From a draft to rows in the line: rules, price and cap first, then local files are uploaded, then every
//! take is committed in one transaction. Nothing here spends money.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::model::draft::is_local;
use crate::model::invalid::Field;
use crate::model::{Backend, Draft, Invalid, PriceTable, Request, Seed, TakeId, Usd};
use crate::segmind::{ApiError, Client, Upload};
use crate::store::{Admission, Cap, Store, StoreError};

const MIB: u64 = 1024 * 1024;

/// What `generate` would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub takes: u32,
    pub each: Usd,
    pub total: Usd,
}

/// Reckons a draft's takes and price.
///
/// # Errors
/// Every rule the draft breaks.
pub fn plan(draft: &Draft, prices: &PriceTable) -> Result<Plan, Vec<Invalid>> {
    let broken = draft.broken_rules();
    if !broken.is_empty() {
        return Err(broken);
    }
    let takes = draft.seed_list().map_err(|invalid| vec![invalid])?.count();
    let each = draft.price_of_one(prices);
    Ok(Plan {
        takes,
        each,
        total: each.times(takes),
    })
}

/// What is to be put into the line.
#[derive(Debug, Clone)]
pub struct Order {
    pub reel_id: String,
    pub backend: Backend,
    pub draft: Draft,
    /// The take this one is promoted, chained or run again from.
    pub parent: Option<TakeId>,
    /// The price of one take.
    pub each: Usd,
    pub cap: Option<Cap>,
}

/// Why nothing was put into the line.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Invalid>),
    #[error("{}: cannot read {}: {error}. Give a readable file or an http(s) address.", field.wire(), path.display())]
    Unreadable {
        field: Field,
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{}: {} is {found}; {} is wanted", field.wire(), path.display(), wanted(*field))]
    WrongKind {
        field: Field,
        path: PathBuf,
        found: String,
    },
    #[error("{}: {} has {} MiB; at most {} MiB are taken", field.wire(), path.display(), bytes.div_ceil(MIB), most / MIB)]
    TooLarge {
        field: Field,
        path: PathBuf,
        bytes: u64,
        most: u64,
    },
    #[error("the upload of {} failed: {error}", path.display())]
    Upload { path: PathBuf, error: Box<ApiError> },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Uploads what is local, then commits one waiting take for each seed of the draft.
///
/// # Errors
/// [`AdmitError`]; nothing was committed then.
pub async fn admit(
    store: &Store,
    client: &Client,
    order: Order,
    random: &mut fastrand::Rng,
) -> Result<Vec<TakeId>, AdmitError> {
    let broken = order.draft.broken_rules();
    if !broken.is_empty() {
        return Err(AdmitError::Invalid(broken));
    }
    let seeds = order
        .draft
        .seed_list()
        .map_err(|invalid| AdmitError::Invalid(vec![invalid]))?
        .draw(random);
    let requests = with_addresses(store, client, &order.draft, &seeds).await?;
    let admission = Admission {
        reel_id: order.reel_id,
        backend: order.backend,
        api_version: order.draft.api_version,
        draft: order.draft,
        requests,
        estimate: order.each,
        parent: order.parent,
        cap: order.cap,
    };
    let store = store.clone();
    let committed = tokio::task::spawn_blocking(move || store.admit(&admission)).await;
    Ok(committed.unwrap_or_else(|died| std::panic::resume_unwind(died.into_panic()))?)
}

/// One request for each seed, local files replaced by the addresses of their uploads.
async fn with_addresses(
    store: &Store,
    client: &Client,
    draft: &Draft,
    seeds: &[Seed],
) -> Result<Vec<Request>, AdmitError> {
    let mut draft = draft.clone();
    let probe = draft.request(Seed::draw(&mut fastrand::Rng::with_seed(0)));
    let read = tokio::task::spawn_blocking(move || local_files(&probe)).await;
    let files = read.unwrap_or_else(|died| std::panic::resume_unwind(died.into_panic()))?;
    for file in files {
        let address = address_of(store, client, &file).await?;
        let path = file.path.to_string_lossy();
        let references = [&mut draft.first_frame, &mut draft.last_frame]
            .into_iter()
            .chain(draft.images.iter_mut())
            .chain(draft.videos.iter_mut())
            .chain(draft.audios.iter_mut());
        for reference in references.filter(|r| **r == path) {
            reference.clone_from(&address);
        }
    }
    let requests: Vec<Request> = seeds.iter().map(|seed| draft.request(*seed)).collect();
    let broken = requests.first().map(Request::broken_rules).unwrap_or_default();
    if broken.is_empty() {
        Ok(requests)
    } else {
        Err(AdmitError::Invalid(broken))
    }
}

/// What is wrong with the draft's local references: missing, unreadable, too large, of another kind. Reads the
/// files, asks nobody, costs nothing.
#[must_use]
pub fn unreadable(draft: &Draft) -> Vec<AdmitError> {
    let probe = draft.request(Seed::draw(&mut fastrand::Rng::with_seed(0)));
    let local = probe.addresses().filter(|(_, reference)| is_local(reference));
    local
        .filter_map(|(field, reference)| read(field, Path::new(reference)).err())
        .collect()
}

struct LocalFile {
    path: PathBuf,
    mime: String,
    bytes: Bytes,
    sha256: String,
}

/// Every local file that the request names, read and checked before any is uploaded.
fn local_files(probe: &Request) -> Result<Vec<LocalFile>, AdmitError> {
    let mut files: Vec<LocalFile> = Vec::new();
    for (field, reference) in probe.addresses().filter(|(_, reference)| is_local(reference)) {
        let path = PathBuf::from(reference);
        if files.iter().all(|known| known.path != path) {
            files.push(read(field, &path)?);
        }
    }
    Ok(files)
}

fn read(field: Field, path: &Path) -> Result<LocalFile, AdmitError> {
    let unreadable = |error| AdmitError::Unreadable {
        field,
        path: path.to_owned(),
        error,
    };
    let at = at_home(path);
    let size = std::fs::metadata(&at).map_err(unreadable)?.len();
    let most = most_bytes(field);
    if size > most {
        return Err(AdmitError::TooLarge {
            field,
            path: path.to_owned(),
            bytes: size,
            most,
        });
    }
    let bytes = std::fs::read(&at).map_err(unreadable)?;
    let found = infer::get(&bytes).map(|kind| kind.mime_type().to_owned());
    match found {
        Some(mime) if mime.starts_with(kind_prefix(field)) => {
            let sha256 = Sha256::digest(&bytes)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            Ok(LocalFile {
                path: path.to_owned(),
                mime,
                bytes: Bytes::from(bytes),
                sha256,
            })
        }
        other => {
            let found = other.unwrap_or_else(|| "of no known kind".to_owned());
            Err(AdmitError::WrongKind {
                field,
                path: path.to_owned(),
                found,
            })
        }
    }
}

/// `~/…` in the user's home, as a shell would have it.
#[must_use]
pub fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Limits of one reference (Segmind, Seedance 2.0 model page, parameter table).
const fn most_bytes(field: Field) -> u64 {
    match field {
        Field::Videos => 50 * MIB,
        Field::Audios => 15 * MIB,
        _ => 30 * MIB,
    }
}

const fn kind_prefix(field: Field) -> &'static str {
    match field {
        Field::Videos => "video/",
        Field::Audios => "audio/",
        _ => "image/",
    }
}

const fn wanted(field: Field) -> &'static str {
    match field {
        Field::Videos => "a video",
        Field::Audios => "a sound file",
        _ => "a picture",
    }
}

/// The address of a file's upload; the same content is uploaded once.
async fn address_of(store: &Store, client: &Client, file: &LocalFile) -> Result<String, AdmitError> {
    // A sandbox at another port does not have what the last one had.
    let origin = &client.endpoints().uploads;
    if let Some(known) = store.upload(origin, &file.sha256)? {
        return Ok(known);
    }
    let failed = |error| AdmitError::Upload {
        path: file.path.clone(),
        error: Box::new(error),
    };
    let upload = Upload {
        mime: file.mime.clone(),
        bytes: file.bytes.clone(),
    };
    let addresses = client
        .upload(std::slice::from_ref(&upload))
        .await
        .map_err(failed)?;
    let address = addresses.value.into_iter().next().unwrap_or_default();
    store.remember_upload(origin, &file.sha256, &address, file.bytes.len() as u64)?;
    Ok(address)
}
