//! From a draft to rows in the line: rules, price and cap first, then local files are uploaded, then every
//! take is committed in one transaction. Nothing here spends money.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::model::{
    Backend, Clock, Doubt, Draft, Invalid, MoneySettings, Parameter, Price, PriceTable, Request, Seed,
    Spending, TakeId, Usd,
};
use crate::segmind::{ApiError, Client, Upload};
use crate::store::{Admission, Cap, Reserve, Store, StoreError};

use super::blocking::blocking;
use super::files::{self, FileError, LocalFile};
use super::references;

/// What `generate` would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub takes: u32,
    /// Of one take; `None` when no price of its model is known.
    pub price: Option<Price>,
    /// The highest price of one take that the user named.
    pub max_price: Option<Usd>,
    /// How often each take may be repeated by itself.
    pub repeats: u32,
}

impl Plan {
    /// The price of one take to show.
    #[must_use]
    pub fn each(&self) -> Option<Price> {
        let named = self.max_price.map(|most| Price {
            estimate: most,
            most,
            is_at_most: true,
        });
        self.price.or(named)
    }

    /// What one take may cost with all of its repeats; `None` when no upper price is known.
    #[must_use]
    pub fn most_of_one(&self) -> Option<Usd> {
        let most = self.each()?.most;
        Some(most.times(self.repeats.saturating_add(1)))
    }

    /// How many of the takes `cap` leaves room for when `committed` is spent or in line; none when no upper price is
    /// known.
    #[must_use]
    pub fn fits(&self, cap: &Cap, committed: Usd) -> u32 {
        self.most_of_one()
            .map_or(0, |each| cap.fits(committed, each, self.takes))
    }
}

/// Reckons a draft's takes and price; `clip_ms` tells how long a reference video is, where that is known.
///
/// # Errors
/// Every rule the draft breaks.
pub fn plan(
    draft: &Draft,
    prices: &PriceTable,
    clip_ms: impl Fn(&str) -> Option<u64>,
) -> Result<Plan, Vec<Invalid>> {
    let broken = draft.broken_rules();
    if !broken.is_empty() {
        return Err(broken);
    }
    let takes = draft.seed_list().map_err(|invalid| vec![invalid])?.count();
    Ok(Plan {
        takes,
        price: prices.price(&draft.priced(clip_ms)),
        max_price: None,
        repeats: 0,
    })
}

/// What is to be put into the line.
#[derive(Debug, Clone)]
pub struct Order {
    pub reel_id: String,
    pub backend: Backend,
    pub draft: Draft,
    /// Only so many of its seeds, in their order: what the cap leaves room for.
    pub first: Option<u32>,
    /// The take this one is promoted, chained or run again from.
    pub parent: Option<TakeId>,
    /// The most that one take may cost, as the user named it.
    pub max_price: Option<Usd>,
    /// How often each may be repeated by itself after a fault of the provider.
    pub repeats: u32,
    /// What is wrong with the settings about money, accepted by the user for this run.
    pub accepts: Option<Doubt>,
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
    /// A reference that only this machine can read.
    #[error("{} {url} is on this machine, where the provider cannot read it: name the file itself", parameter.wire())]
    Unreachable { parameter: Parameter, url: String },
    /// The settings about money cannot be read.
    #[error("{0}")]
    Money(Doubt),
    /// The price is higher than the user allowed.
    #[error(
        "one take may cost {most}, and you allowed at most {allowed}: raise that maximum, or ask for a shorter or smaller take"
    )]
    TooDear { most: Usd, allowed: Usd },
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

/// What an order is carried out with.
pub struct Resources<'a> {
    pub store: &'a Store,
    pub client: &'a Client,
    pub spending: &'a Spending,
    pub clock: &'a dyn Clock,
}

/// Uploads what is local, then commits one waiting take for each seed of the draft. The settings about money are read
/// before, and once more when the takes are committed.
///
/// # Errors
/// [`AdmitError`]; nothing was committed then.
pub async fn admit(
    with: &Resources<'_>,
    mut order: Order,
    random: &mut fastrand::Rng,
    tell: Tell<'_>,
) -> Result<Vec<TakeId>, AdmitError> {
    let broken = order.draft.broken_rules();
    if !broken.is_empty() {
        return Err(AdmitError::Invalid(broken));
    }
    if let Some(doubt) = order.accepts.clone() {
        with.spending.confirm(doubt);
    }
    money(with.spending).await?;
    let (store, form, parent) = (with.store.clone(), order.draft, order.parent);
    let uploads = with.client.endpoints().uploads.clone();
    order.draft = blocking(move || references::reachable(&store, form, parent, &uploads)).await?;
    let mut seeds = order
        .draft
        .seed_list()
        .map_err(|invalid| AdmitError::Invalid(vec![invalid]))?
        .draw(random);
    if let Some(first) = order.first {
        seeds.truncate(first as usize);
    }
    let (requests, clips) = with_addresses(with.store, with.client, &order.draft, &seeds, tell).await?;
    let money = money(with.spending).await?;
    let priced = order.draft.priced(|clip| clips.get(clip).copied().flatten());
    let price = money.prices.price(&priced);
    let reserve = Reserve::of(price, priced.clip_frames, order.max_price);
    if let Some((most, allowed)) = reserve.above_maximum(order.backend) {
        return Err(AdmitError::TooDear { most, allowed });
    }
    let admission = Admission {
        reel_id: order.reel_id,
        backend: order.backend,
        api_version: order.draft.api_version,
        draft: order.draft,
        requests,
        estimate: price
            .map(|price| price.estimate)
            .or(order.max_price)
            .unwrap_or_default(),
        reserve,
        repeats: order.repeats,
        parent: order.parent,
        cap: Cap::of_day(&money, with.clock.now(), TimeZone::system()),
    };
    let (store, replaces) = (with.store.clone(), order.replaces);
    Ok(blocking(move || store.admit_instead(&admission, &replaces)).await?)
}

/// The settings about money, unless they are in doubt.
async fn money(spending: &Spending) -> Result<MoneySettings, AdmitError> {
    let spending = spending.clone();
    let mut money = blocking(move || spending.read()).await;
    match money.doubt.take() {
        Some(doubt) => Err(AdmitError::Money(doubt)),
        None => Ok(money),
    }
}

/// How long local reference videos are, in milliseconds, where their headers tell it.
type Clips = BTreeMap<String, Option<u64>>;

/// One request for each seed, local files replaced by the addresses of their uploads.
async fn with_addresses(
    store: &Store,
    client: &Client,
    draft: &Draft,
    seeds: &[Seed],
    tell: Tell<'_>,
) -> Result<(Vec<Request>, Clips), AdmitError> {
    let mut draft = draft.clone();
    let probe = draft.request(Seed::default());
    let files = blocking(move || files::read_all(&probe)).await?;
    let of = files.len();
    let clips = files
        .iter()
        .map(|file| (file.path.to_string_lossy().into_owned(), file.longest_ms))
        .collect();
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
        for reference in draft.references_mut().filter(|r| **r == path) {
            reference.clone_from(&address);
        }
    }
    let requests: Vec<Request> = seeds.iter().map(|seed| draft.request(*seed)).collect();
    let broken = requests.first().map(Request::broken_rules).unwrap_or_default();
    if broken.is_empty() {
        Ok((requests, clips))
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
