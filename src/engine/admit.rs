//! From a draft to rows in the line: rules, price and cap first, then local files are uploaded, then every
//! take is committed in one transaction. Nothing here spends money.

use std::fmt;
use std::path::PathBuf;

use crate::model::{Backend, Draft, Invalid, PriceTable, Request, Seed, TakeId, Usd};
use crate::segmind::{ApiError, Client, Upload};
use crate::store::{Admission, Cap, Store, StoreError};

use super::blocking::blocking;
use super::files::{self, FileError, LocalFile};

/// What `generate` would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub takes: u32,
    pub each: Usd,
    pub total: Usd,
}

impl Plan {
    /// What it may cost at the most, when every take is repeated as often as it may be.
    #[must_use]
    pub const fn worst(&self, repeats: u32) -> Usd {
        self.total.times(repeats.saturating_add(1))
    }
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
    /// How often each may be repeated by itself after a fault of the provider.
    pub repeats: u32,
    pub cap: Option<Cap>,
    /// Held takes that are cancelled when these come into the line.
    pub replaces: Vec<TakeId>,
}

/// Why nothing was put into the line.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Invalid>),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the upload of {} failed: {error}", path.display())]
    Upload { path: PathBuf, error: Box<ApiError> },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file on its way to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploading {
    /// From 1, of the files that the draft names.
    pub number: usize,
    pub of: usize,
    pub name: String,
    pub bytes: u64,
}

impl fmt::Display for Uploading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, of, name) = (self.number, self.of, &self.name);
        write!(
            f,
            "uploading {number} of {of}: {name}, {} kB",
            self.bytes.div_ceil(1000)
        )
    }
}

/// Hears of each file before it is uploaded; one that was uploaded before is not again, and not told.
pub type Tell<'a> = &'a (dyn Fn(Uploading) + Send + Sync);

/// Uploads what is local, then commits one waiting take for each seed of the draft.
///
/// # Errors
/// [`AdmitError`]; nothing was committed then.
pub async fn admit(
    store: &Store,
    client: &Client,
    order: Order,
    random: &mut fastrand::Rng,
    tell: Tell<'_>,
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
    let requests = with_addresses(store, client, &order.draft, &seeds, tell).await?;
    let admission = Admission {
        reel_id: order.reel_id,
        backend: order.backend,
        api_version: order.draft.api_version,
        draft: order.draft,
        requests,
        estimate: order.each,
        repeats: order.repeats,
        parent: order.parent,
        cap: order.cap,
    };
    let (store, replaces) = (store.clone(), order.replaces);
    Ok(blocking(move || store.admit_instead(&admission, &replaces)).await?)
}

/// One request for each seed, local files replaced by the addresses of their uploads.
async fn with_addresses(
    store: &Store,
    client: &Client,
    draft: &Draft,
    seeds: &[Seed],
    tell: Tell<'_>,
) -> Result<Vec<Request>, AdmitError> {
    let mut draft = draft.clone();
    let probe = draft.request(Seed::draw(&mut fastrand::Rng::with_seed(0)));
    let files = blocking(move || files::read_all(&probe)).await?;
    let of = files.len();
    for (n, file) in files.into_iter().enumerate() {
        let uploading = || {
            let name = file.path.file_name().unwrap_or(file.path.as_os_str());
            tell(Uploading {
                number: n + 1,
                of,
                name: name.to_string_lossy().into_owned(),
                bytes: file.bytes.len() as u64,
            });
        };
        let address = address_of(store, client, &file, &uploading).await?;
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

/// The address of a file's upload; the same content is uploaded once.
async fn address_of(
    store: &Store,
    client: &Client,
    file: &LocalFile,
    uploading: &(dyn Fn() + Sync),
) -> Result<String, AdmitError> {
    // A sandbox at another port does not have what the last one had.
    let origin = &client.endpoints().uploads;
    if let Some(known) = store.upload(origin, &file.sha256)? {
        return Ok(known);
    }
    uploading();
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
