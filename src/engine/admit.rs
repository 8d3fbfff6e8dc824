//! Puts takes into the queue: rules, price and cap are checked first, then local files are uploaded, then all takes are
//! committed in one transaction. Nothing here spends money.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::model::{
    Backend, Doubt, Form, Invalid, MoneySettings, Price, PriceTable, Request, Seed, TakeId, Usd,
};
use crate::segmind::{ApiError, Upload};
use crate::store::{Admission, Cap, Reserve, StoreError};

use super::blocking::blocking;
use super::references::{self, FileError, LocalFile};
use super::reupload::{NotReachable, Unreachable, reachable};
use super::setup::Setup;
use super::sidecars::{self, rebuild::keep_numbers};

/// What `generate` would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub takes: u32,
    /// Of one take; `None` when no price of its model is known.
    pub price: Option<Price>,
    /// The highest price of one take that the user named.
    pub max_price: Option<Usd>,
    /// How often each take may be repeated automatically.
    pub repeats: u32,
}

impl Plan {
    /// The price of one take to show.
    pub fn each(&self) -> Option<Price> {
        let named = self.max_price.map(|most| Price {
            estimate: most,
            most,
            is_at_most: true,
        });
        self.price.or(named)
    }

    /// What one take may cost with all of its repeats; `None` when no upper price is known.
    pub fn most_of_one(&self) -> Option<Usd> {
        let most = self.each()?.most;
        Some(most.times(self.repeats.saturating_add(1)))
    }

    /// How many of the takes fit under `cap` when `committed` is spent or queued; none when no upper price is known.
    pub fn fits(&self, cap: &Cap, committed: Usd) -> u32 {
        self.most_of_one()
            .map_or(0, |each| cap.fits(committed, each, self.takes))
    }
}

/// Counts a form's takes and their price; `clip_ms` says how long a reference video is, if that is known. Fails with
/// every rule that the form breaks.
pub fn plan(
    form: &Form,
    prices: &PriceTable,
    clip_ms: impl Fn(&str) -> Option<u64>,
) -> Result<Plan, Vec<Invalid>> {
    let broken = form.broken_rules();
    if !broken.is_empty() {
        return Err(broken);
    }
    let takes = form.seed_list().map_err(|invalid| vec![invalid])?.count();
    Ok(Plan {
        takes,
        price: prices.price(&form.priced(clip_ms)),
        max_price: None,
        repeats: 0,
    })
}

/// What is to be put into the queue.
#[derive(Debug, Clone)]
pub struct Order {
    pub reel_id: String,
    pub backend: Backend,
    pub form: Form,
    /// Only the first seeds, as many as fit under the cap.
    pub first: Option<u32>,
    /// The take that this one is promoted, chained or repeated from.
    pub parent: Option<TakeId>,
    /// The most that one take may cost, as the user named it.
    pub max_price: Option<Usd>,
    /// How often each may be repeated automatically after a fault of the provider.
    pub repeats: u32,
    /// What is wrong with the money settings, accepted by the user for this session.
    pub accepts: Option<Doubt>,
    /// Takes on hold that are cancelled when these are queued.
    pub replaces: Vec<TakeId>,
}

/// Why nothing was queued.
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
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The money settings cannot be read.
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
    /// From 1, of the files that the form names.
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

/// Called for each file before it is uploaded. A file that was uploaded before is not uploaded again.
pub type Tell<'a> = &'a (dyn Fn(Uploading) + Send + Sync);

impl Setup {
    /// Uploads local files, then commits one waiting take for each seed of the form, and wakes the engine. The money
    /// settings are read before, and once more when the takes are committed. Nothing is committed when it fails.
    pub async fn admit(
        &self,
        mut order: Order,
        random: &mut fastrand::Rng,
        tell: Tell<'_>,
    ) -> Result<Vec<TakeId>, AdmitError> {
        let broken = order.form.broken_rules();
        if !broken.is_empty() {
            return Err(AdmitError::Invalid(broken));
        }
        if let Some(doubt) = order.accepts.clone() {
            self.spending.confirm(doubt);
        }
        self.money().await?;
        let (store, form, parent) = (self.store.clone(), order.form, order.parent);
        let uploads = self.client.endpoints().uploads.clone();
        order.form = blocking(move || reachable(&store, form, parent, &uploads)).await?;
        let mut seeds = order
            .form
            .seed_list()
            .map_err(|invalid| AdmitError::Invalid(vec![invalid]))?
            .draw(random);
        if let Some(first) = order.first {
            seeds.truncate(first as usize);
        }
        let (requests, clips) = self.with_urls(&order.form, &seeds, tell).await?;
        let money = self.money().await?;
        let priced = order.form.priced(|clip| clips.get(clip).copied().flatten());
        let price = money.prices.price(&priced);
        let reserve = Reserve::of(price, priced.clip_frames, order.max_price);
        if let Some((most, allowed)) = reserve.above_maximum(order.backend) {
            return Err(AdmitError::TooDear { most, allowed });
        }
        let admission = Admission {
            reel_id: order.reel_id,
            backend: order.backend,
            api_version: order.form.api_version,
            form: order.form,
            requests,
            estimate: price
                .map(|price| price.estimate)
                .or(order.max_price)
                .unwrap_or_default(),
            reserve,
            repeats: order.repeats,
            parent: order.parent,
            cap: Cap::of_day(&money, self.clock.now(), TimeZone::system()),
            replaces: order.replaces,
        };
        let (store, reels) = (self.store.clone(), self.reels.clone());
        let admitted = blocking(move || {
            // The engine does this too when it starts, but the first takes may come earlier.
            keep_numbers(&store, &reels)?;
            let ids = store.admit(&admission)?;
            sidecars::renew(&store, &reels, &admission.replaces);
            Ok::<_, AdmitError>(ids)
        });
        let ids = admitted.await?;
        self.wake.wake();
        Ok(ids)
    }

    /// The money settings, unless they are in doubt.
    async fn money(&self) -> Result<MoneySettings, AdmitError> {
        let spending = self.spending.clone();
        let mut money = blocking(move || spending.read()).await;
        match money.doubt.take() {
            Some(doubt) => Err(AdmitError::Money(doubt)),
            None => Ok(money),
        }
    }

    /// One request for each seed, with local files replaced by the URLs of their uploads.
    async fn with_urls(
        &self,
        form: &Form,
        seeds: &[Seed],
        tell: Tell<'_>,
    ) -> Result<(Vec<Request>, Clips), AdmitError> {
        let mut form = form.clone();
        let probe = form.request(Seed::default());
        let files = blocking(move || references::read_all(&probe)).await?;
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
            let url = self.url_of(&file, &uploading).await?;
            let path = file.path.to_string_lossy();
            for reference in form.references_mut().filter(|r| **r == path) {
                reference.clone_from(&url);
            }
        }
        let requests: Vec<Request> = seeds.iter().map(|seed| form.request(*seed)).collect();
        let broken = requests.first().map(Request::broken_rules).unwrap_or_default();
        if broken.is_empty() {
            Ok((requests, clips))
        } else {
            Err(AdmitError::Invalid(broken))
        }
    }

    /// The URL of a file's upload; the same content is uploaded once.
    async fn url_of(&self, file: &LocalFile, uploading: &(dyn Fn() + Sync)) -> Result<String, AdmitError> {
        // A sandbox at another port does not have the uploads of the last one.
        let origin = &self.client.endpoints().uploads;
        if let Some(known) = self.store.upload(origin, &file.sha256)? {
            return Ok(known);
        }
        uploading();
        let upload = Upload {
            mime: file.mime.clone(),
            bytes: file.bytes.clone(),
        };
        let urls = self.client.upload(std::slice::from_ref(&upload)).await;
        let urls = urls.map_err(|error| AdmitError::Upload {
            path: file.path.clone(),
            error: Box::new(error),
        })?;
        let url = urls.value.into_iter().next().unwrap_or_default();
        let length = file.bytes.len() as u64;
        self.store.remember_upload(origin, &file.sha256, &url, length)?;
        Ok(url)
    }
}

impl From<NotReachable> for AdmitError {
    fn from(error: NotReachable) -> Self {
        match error {
            NotReachable::Reference(error) => error.into(),
            NotReachable::Store(error) => error.into(),
        }
    }
}

/// How long local reference videos are, in milliseconds, if their headers say it.
type Clips = BTreeMap<String, Option<u64>>;
