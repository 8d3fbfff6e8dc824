//! Puts takes into the queue: rules, price and cap are checked first, then local files are uploaded, then all takes are
//! committed in one transaction. Nothing here spends money.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::model::{
    Backend, Doubt, Form, Invalid, Lessons, Lineage, Model, MoneySettings, Price, PriceTable, Seed, TakeId,
    Usd, Variant,
};
use crate::segmind::{ApiError, Upload};
use crate::store::{Admission, Allowance, Caps, KnownTwins, NewSweep, Ordered, Reserve, StoreError};

use super::blocking::blocking;
use super::references::{self, FileError, LocalFile};
use super::reupload::{NotReachable, Unreachable, reachable};
use super::setup::Setup;
use super::sidecars::{self, rebuild::keep_numbers};

/// What an order would cost now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Of each take, in the order in which they are sent; `None` when no price of its model is known.
    pub prices: Vec<Option<Price>>,
    /// The highest price of one take that the user named.
    pub max_price: Option<Usd>,
    /// How often each take may be repeated automatically.
    pub repeats: u32,
}

impl Plan {
    pub fn takes(&self) -> u32 {
        u32::try_from(self.prices.len()).unwrap_or(u32::MAX)
    }

    /// The price of each take to show. Where none is known, the maximum that the user named counts.
    pub fn each(&self) -> impl Iterator<Item = Option<Price>> {
        let named = self.max_price.map(Price::at_most);
        self.prices.iter().map(move |price| price.or(named))
    }

    /// The price that all takes have, if they have the same.
    pub fn price_of_one(&self) -> Option<Price> {
        let first = self.each().next()?;
        first.filter(|_| self.each().all(|price| price == first))
    }

    /// The price of the first `takes` together, as far as it is known.
    pub fn price_of(&self, takes: u32) -> Option<Price> {
        let first = || self.each().take(takes as usize);
        let sum = first().flatten().reduce(|sum, price| sum + price)?;
        let is_whole = first().all(|price| price.is_some());
        Some(if is_whole {
            sum
        } else {
            sum.and_something_unknown()
        })
    }

    /// What the dearest take may cost with all of its repeats; `None` when an upper price is not known.
    pub fn most_of_one(&self) -> Option<Usd> {
        self.worst()
            .try_fold(Usd::ZERO, |most, each| Some(most.max(each?)))
    }

    /// What the first `takes` may cost with all of their repeats; `None` when an upper price is not known.
    pub fn most_of(&self, takes: u32) -> Option<Usd> {
        let mut first = self.worst().take(takes as usize);
        first.try_fold(Usd::ZERO, |sum, each| Some(sum + each?))
    }

    /// How many of the takes the caps allow. Under a cap, a take whose upper price is not known does not fit.
    pub fn fits(&self, allowance: &Allowance) -> u32 {
        if allowance.is_without_caps() {
            return self.takes();
        }
        let known: Vec<Usd> = self.worst().map_while(|each| each).collect();
        allowance.fits(&known)
    }

    fn worst(&self) -> impl Iterator<Item = Option<Usd>> {
        let times = self.repeats.saturating_add(1);
        self.each().map(move |price| Some(price?.most.times(times)))
    }
}

/// What is to be put into the queue: a take of each variant with each seed.
#[derive(Debug, Clone)]
pub struct Order {
    pub reel_id: String,
    pub backend: Backend,
    /// Kept as a revision.
    pub form: Form,
    /// The form as it is sent, once or with one change each.
    pub variants: Vec<Variant>,
    pub seeds: Vec<Seed>,
    pub sweep: NewSweep,
    /// Only the first takes, as many as fit under the cap.
    pub first: Option<u32>,
    /// The take that these come from, and how.
    pub parent: Option<(TakeId, Lineage)>,
    /// The most that one take may cost, as the user named it.
    pub max_price: Option<Usd>,
    /// How often each may be repeated automatically after a fault of the provider.
    pub repeats: u32,
    /// What is wrong with the money settings, accepted by the user for this session.
    pub accepts: Option<Doubt>,
    /// Takes on hold that are cancelled when these are queued.
    pub replaces: Vec<TakeId>,
    /// They are queued only while there are no other twins of that take than these.
    pub twins: Option<KnownTwins>,
}

impl Order {
    /// A take of the form as it stands with each seed.
    pub fn of(reel_id: &str, backend: Backend, form: Form, seeds: Vec<Seed>) -> Self {
        Self {
            reel_id: reel_id.to_owned(),
            backend,
            variants: vec![Variant::plain(form.clone())],
            form,
            seeds,
            sweep: NewSweep::default(),
            first: None,
            parent: None,
            max_price: None,
            repeats: 0,
            accepts: None,
            replaces: Vec::new(),
            twins: None,
        }
    }

    /// The takes with their prices, as they are put into the queue.
    ///
    /// # Errors
    /// [`AdmitError::TooDear`] when one may cost more than the user's maximum.
    pub fn priced(
        &self,
        prices: &PriceTable,
        lessons: &Lessons,
        clip_ms: impl Fn(&str) -> Option<u64>,
    ) -> Result<Vec<Ordered>, AdmitError> {
        let mut takes = Vec::new();
        for variant in &self.variants {
            let priced = variant.form.priced(&clip_ms);
            let price = prices.price_taught(&priced, lessons);
            let reserve = Reserve::of(price, priced.clip_frames, self.max_price);
            if let Some((most, allowed)) = reserve.above_maximum(self.backend) {
                return Err(AdmitError::TooDear { most, allowed });
            }
            let estimate = price.map(|price| price.estimate).or(self.max_price);
            // A video that is edited keeps its length, which is that of the take.
            let form = Form {
                duration: priced.seconds,
                ..variant.form.clone()
            };
            takes.extend(self.seeds.iter().map(|seed| Ordered {
                request: form.request(*seed),
                variant: variant.value.clone(),
                estimate: estimate.unwrap_or_default(),
                listed: price.and_then(|price| price.if_listed()),
                least: price.and_then(|price| price.least_of_range()),
                reserve,
            }));
        }
        takes.truncate(self.first.map_or(usize::MAX, |first| first as usize));
        Ok(takes)
    }

    fn forms_mut(&mut self) -> impl Iterator<Item = &mut Form> {
        let variants = self.variants.iter_mut().map(|variant| &mut variant.form);
        std::iter::once(&mut self.form).chain(variants)
    }

    /// The takes in the order in which they are sent: each variant with each seed.
    pub fn takes(&self) -> impl Iterator<Item = (&Variant, Seed)> {
        let with_seeds = |variant| self.seeds.iter().map(move |seed| (variant, *seed));
        self.variants.iter().flat_map(with_seeds)
    }

    /// What it costs by these prices; `clip_ms` says how long a reference video is, if that is known.
    pub fn plan(
        &self,
        prices: &PriceTable,
        lessons: &Lessons,
        clip_ms: impl Fn(&str) -> Option<u64>,
    ) -> Plan {
        let price = |variant: &Variant| prices.price_taught(&variant.form.priced(&clip_ms), lessons);
        let prices = self.variants.iter().map(price);
        let seeds = self.seeds.len();
        let mut prices: Vec<_> = prices
            .flat_map(|price| std::iter::repeat_n(price, seeds))
            .collect();
        prices.truncate(self.first.map_or(usize::MAX, |first| first as usize));
        Plan {
            prices,
            max_price: self.max_price,
            repeats: self.repeats,
        }
    }
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
    /// A final is to be made of a draft that another provider or another account has, or that is not the parent's.
    #[error("the draft belongs to another provider or another key")]
    ForeignDraft,
    /// How the model makes and finishes drafts is not known for sure.
    #[error("how {0} makes and finishes drafts is not confirmed")]
    Unconfirmed(Model),
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
    /// A final goes where its draft is: to the same provider, with the same key.
    async fn drafts_are_ours(&self, order: &Order) -> Result<(), AdmitError> {
        let mut names = order.variants.iter().map(|variant| &variant.form.draft_id);
        let Some(name) = names.find(|name| !name.is_empty()).cloned() else {
            return Ok(());
        };
        let Some((parent, _)) = order.parent else {
            return Err(AdmitError::ForeignDraft);
        };
        let store = self.store.clone();
        let take = blocking(move || store.take(parent)).await?;
        let is_its = take.draft.is_some_and(|draft| draft.id == name);
        let is_here = take.backend == order.backend && take.account.as_deref() == Some(self.client.account());
        if is_its && is_here {
            return Ok(());
        }
        Err(AdmitError::ForeignDraft)
    }

    /// Uploads local files, then commits one waiting take for each variant and seed, and wakes the engine. The money
    /// settings are read before, and once more when the takes are committed. Nothing is committed when it fails.
    pub async fn admit(&self, mut order: Order, tell: Tell<'_>) -> Result<Vec<TakeId>, AdmitError> {
        // Forms of earlier releases may name files by relative paths.
        order.forms_mut().for_each(references::anchor);
        for variant in &order.variants {
            let broken = variant.form.broken_rules();
            if !broken.is_empty() {
                return Err(AdmitError::Invalid(broken));
            }
        }
        let is_unconfirmed = |form: &Form| form.model.finish.as_ref().is_some_and(|finish| !finish.confirmed);
        if order.backend == Backend::Live
            && let Some(variant) = order
                .variants
                .iter()
                .find(|variant| is_unconfirmed(&variant.form))
        {
            return Err(AdmitError::Unconfirmed(variant.form.model));
        }
        self.drafts_are_ours(&order).await?;
        if let Some(doubt) = order.accepts.clone() {
            self.spending.confirm(doubt);
        }
        self.money().await?;
        if order.parent.is_none() && !order.form.first_frame.is_empty() {
            // A form that begins with the last frame of a take continues it.
            let (store, frame) = (self.store.clone(), order.form.first_frame.clone());
            let continued = blocking(move || store.take_of_last_frame(&frame)).await?;
            order.parent = continued.map(|take| (take, Lineage::Chained));
        }
        let parent = order.parent.map(|(parent, _)| parent);
        for form in order.forms_mut() {
            let (store, uploads) = (self.store.clone(), self.client.endpoints().uploads.clone());
            let named = std::mem::take(form);
            *form = blocking(move || reachable(&store, named, parent, &uploads)).await?;
        }
        let clips = self.upload(&mut order, tell).await?;
        let money = self.money().await?;
        let (store, prices) = (self.store.clone(), money.prices.clone());
        let lessons = blocking(move || store.lessons(&prices)).await?;
        let clip_ms = |clip: &str| clips.get(clip).copied().flatten();
        let takes = order.priced(&money.prices, &lessons, clip_ms)?;
        let admission = Admission {
            reel_id: order.reel_id,
            backend: order.backend,
            form: order.form,
            takes,
            sweep: order.sweep,
            repeats: order.repeats,
            parent: order.parent,
            caps: Caps::of(money.caps, TimeZone::system(), self.spending.session()),
            replaces: order.replaces,
            twins: order.twins,
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

    /// Uploads the local files that the order names, and puts the URLs into its variants; the form keeps the files.
    async fn upload(&self, order: &mut Order, tell: Tell<'_>) -> Result<Clips, AdmitError> {
        let Some(probe) = order.variants.first() else {
            return Ok(Clips::new());
        };
        // A sweep varies no reference.
        let probe = probe.form.request(Seed::default());
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
            let references = order
                .variants
                .iter_mut()
                .flat_map(|variant| variant.form.references_mut());
            for reference in references.filter(|reference| **reference == path) {
                reference.clone_from(&url);
            }
        }
        let requests = order
            .variants
            .iter()
            .map(|variant| variant.form.request(Seed::default()));
        let broken = requests
            .map(|request| request.broken_rules())
            .find(|broken| !broken.is_empty());
        broken.map_or(Ok(clips), |broken| Err(AdmitError::Invalid(broken)))
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
