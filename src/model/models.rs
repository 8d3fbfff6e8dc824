//! The models on offer, as data: what each takes, makes and costs.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::catalogue;
use super::invalid::{Invalid, accepted};
use super::parameters::Medium;
use super::price::Tariff;
use super::reported::Reported;
use super::request_words::{AspectRatio, NotAWord, Resolution, interned};
use super::seconds::Seconds;

/// Width and height in pixels for each aspect ratio.
pub type Shapes = BTreeMap<AspectRatio, (u32, u32)>;

/// What `models.toml` says about a model. The file explains each field.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// The name in the URL: `/v2/{slug}`.
    #[serde(skip)]
    pub slug: String,
    /// As the workbench shows it: `2.0`, `fast`, `mini`.
    #[serde(default)]
    pub label: String,
    /// Shortest first.
    #[serde(deserialize_with = "durations")]
    pub durations: Vec<Seconds>,
    pub aspect_ratios: Vec<AspectRatio>,
    /// Width and height of the output for each shape; the lowest resolution first.
    #[serde(deserialize_with = "resolutions")]
    pub resolutions: Vec<(Resolution, Shapes)>,
    pub default_duration: Seconds,
    pub default_resolution: Resolution,
    pub parameters: Vec<String>,
    pub references: PerKind<usize>,
    reference_seconds: PerKind<(u32, u32)>,
    reference_mib: PerKind<u32>,
    #[serde(default)]
    pub reported: Reported,
    #[serde(default)]
    pub rules: Rules,
    #[serde(default)]
    pub prices: Vec<Tariff>,
    pub published_wait: Option<PublishedWait>,
    pub promotes: Option<Promotes>,
    /// The slug of the model that makes finishable drafts of this one.
    pub drafts: Option<String>,
    pub finish: Option<Finish>,
    /// The provider no longer lists it, or says that it will end.
    #[serde(default)]
    pub retired: bool,
    /// Fields of the request body that the provider takes and this program does not know.
    #[serde(default)]
    pub unused: Vec<String>,
    /// Where each field was said last.
    #[serde(skip)]
    pub sources: BTreeMap<String, Source>,
}

/// Where a fact about a model comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The file that was published with this program.
    BuiltIn,
    /// The provider's catalogue, as it was on that day.
    Catalogue(Date),
    /// The user's `models.toml`.
    User,
    /// Nobody says it of this model; it is taken from the one of this slug.
    Like(&'static str),
}

/// One value for each kind of reference, and for all together where that is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PerKind<T: Default> {
    pub images: T,
    pub videos: T,
    pub audios: T,
    pub total: T,
}

/// Rules of a request in which models differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The prompt may be empty where there is a reference or a frame.
    pub media_without_prompt: bool,
    /// A first frame excludes every reference, not only pictures.
    pub first_frame_alone: bool,
    /// With a first or last frame the shape has to be `adaptive`.
    pub frames_are_adaptive: bool,
}

/// The provider's average from submit to the finished video, mixed over all lengths and sizes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedWait {
    seconds: f64,
    #[serde(deserialize_with = "super::price::day")]
    pub as_of: Date,
}

impl PublishedWait {
    /// In milliseconds.
    pub fn ms(&self) -> u64 {
        let wait = Duration::try_from_secs_f64(self.seconds).unwrap_or_default();
        u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
    }
}

/// How a draft becomes a final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promotes {
    pub same_seed_at: Resolution,
}

/// How a finishable draft becomes a final that is the very same shot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finish {
    /// The field of a draft's request that asks for a draft.
    pub start: String,
    /// The field of the answer that names the draft.
    pub answer: String,
    /// The field of a final's request that names the draft.
    pub id: String,
    /// The resolutions of finals.
    pub at: Vec<Resolution>,
    /// How long a draft can be finished, from when it was sent.
    pub days: u16,
    /// Whether the provider's catalogue or the user says that the fields are right.
    #[serde(default)]
    pub confirmed: bool,
}

fn durations<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Seconds>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a list of seconds, or { min = 4, max = 30 }")]
    enum Written {
        List(Vec<Seconds>),
        Range { min: Seconds, max: Seconds },
    }
    let mut all = match Written::deserialize(deserializer)? {
        Written::List(list) => list,
        Written::Range { min, max } => {
            let range = min.get()..=max.get();
            range
                .filter_map(|seconds| Seconds::new(seconds.into()).ok())
                .collect()
        }
    };
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn resolutions<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(Resolution, Shapes)>, D::Error> {
    let all = BTreeMap::<Resolution, Shapes>::deserialize(deserializer)?;
    let mut all: Vec<_> = all.into_iter().collect();
    let area = |(width, height): &(u32, u32)| u64::from(*width) * u64::from(*height);
    all.sort_by_key(|(_, sizes)| sizes.values().map(area).max());
    Ok(all)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::Catalogue(day) => write!(f, "catalogue of {day}"),
            Self::User => f.write_str("your models.toml"),
            Self::Like(slug) => write!(f, "as {slug}"),
        }
    }
}

impl ModelSpec {
    /// Whether the model takes this field of the request body.
    pub fn has(&self, wire: &str) -> bool {
        self.parameters.iter().any(|name| name == wire)
    }

    /// The resolutions that a request may ask for which is no final of a draft, the lowest first.
    pub fn requestable(&self) -> impl Iterator<Item = Resolution> {
        let is_of_finals = |resolution: Resolution| {
            self.finish
                .as_ref()
                .is_some_and(|finish| finish.at.contains(&resolution))
        };
        let all = self.resolutions.iter().map(|(resolution, _)| *resolution);
        all.filter(move |resolution| !is_of_finals(*resolution))
    }

    /// Where a field of it was said last; `None` for one that nobody named.
    pub fn source(&self, field: &str) -> Option<Source> {
        self.sources.get(field).copied()
    }

    /// The shortest offered length of at least `ms` milliseconds.
    pub fn shortest_for(&self, ms: u32) -> Option<Seconds> {
        self.durations.iter().copied().find(|length| length.ms() >= ms)
    }

    /// The longest take, in milliseconds.
    pub fn max_ms(&self) -> u32 {
        self.durations.last().map_or(0, |longest| longest.ms())
    }

    /// The lengths offered, for people: `4, 5 or 6 seconds`; many in a row as `4 to 30 seconds`.
    pub fn durations_in_words(&self) -> String {
        let all = &self.durations;
        match (all.first(), all.last()) {
            (Some(first), Some(last))
                if all.len() > 8 && usize::from(last.get() - first.get()) + 1 == all.len() =>
            {
                format!("{first} to {last} seconds")
            }
            _ => format!("{} seconds", accepted(all.iter().map(ToString::to_string))),
        }
    }

    /// Width and height of the output; `adaptive` is shown as the first shape. `None` for what is not offered.
    pub fn pixels(&self, resolution: Resolution, ratio: AspectRatio) -> Option<(u32, u32)> {
        let shape = match ratio {
            AspectRatio::ADAPTIVE => *self.aspect_ratios.first()?,
            shape => shape,
        };
        self.sizes(resolution)?.get(&shape).copied()
    }

    /// The most pixels that a take may have: with `adaptive` the shape is not known before, so the largest counts.
    pub fn max_pixels(&self, resolution: Resolution, ratio: AspectRatio) -> Option<u32> {
        let area = |(width, height): (u32, u32)| width.saturating_mul(height);
        match ratio {
            AspectRatio::ADAPTIVE => self.sizes(resolution)?.values().copied().map(area).max(),
            shape => self.pixels(resolution, shape).map(area),
        }
    }

    fn sizes(&self, resolution: Resolution) -> Option<&Shapes> {
        let mut all = self.resolutions.iter();
        all.find(|(known, _)| *known == resolution)
            .map(|(_, sizes)| sizes)
    }

    /// Shortest and longest reference of this kind, in milliseconds; a longest of 0 is no limit.
    pub fn reference_ms(&self, medium: Medium) -> (u64, u64) {
        let (least, most) = medium.of(&self.reference_seconds);
        (u64::from(least) * 1000, u64::from(most) * 1000)
    }

    /// Largest reference file of this kind, in bytes.
    pub fn reference_bytes(&self, medium: Medium) -> u64 {
        u64::from(medium.of(&self.reference_mib)) << 20
    }
}

/// A model, by its slug. A model that no file describes any more accepts no request, but its old takes can still be read.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Model(&'static ModelSpec);

/// The models on offer, in their order, and those that only old takes name.
#[derive(Default)]
struct Known {
    offered: Vec<Model>,
    former: Vec<Model>,
}

fn known() -> &'static RwLock<Known> {
    static KNOWN: OnceLock<RwLock<Known>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let offered = catalogue::embedded().iter().cloned().map(Model::of).collect();
        RwLock::new(Known {
            offered,
            former: Vec::new(),
        })
    })
}

impl Model {
    /// A model that is kept for as long as the program runs.
    pub fn of(spec: ModelSpec) -> Self {
        Self(Box::leak(Box::new(spec)))
    }

    /// Replaces the models on offer. To be called when the program starts.
    pub fn offer(specs: Vec<ModelSpec>) {
        let mut known = known().write().unwrap_or_else(PoisonError::into_inner);
        known.offered = specs.into_iter().map(Self::of).collect();
    }

    /// Every model on offer.
    pub fn all() -> Vec<Self> {
        let known = known().read().unwrap_or_else(PoisonError::into_inner);
        known.offered.clone()
    }

    /// The model on offer of this slug.
    pub fn offered(slug: &str) -> Result<Self, Invalid> {
        let all = Self::all();
        all.iter()
            .copied()
            .find(|model| model.slug == slug)
            .ok_or_else(|| Invalid::UnknownModel {
                given: slug.to_owned(),
                accepted: accepted(all.iter().map(|model| model.slug())),
            })
    }

    /// The longest take that any model makes, in milliseconds.
    pub fn max_ms_of_all() -> u32 {
        Self::all().iter().map(|model| model.max_ms()).max().unwrap_or(0)
    }

    /// The name in the URL: `/v2/{slug}`.
    pub fn slug(self) -> &'static str {
        &self.0.slug
    }

    /// As the workbench shows it: `2.0`, `fast`, `mini`.
    pub fn label(self) -> &'static str {
        &self.0.label
    }
}

/// The first model on offer.
impl Default for Model {
    fn default() -> Self {
        let first = Self::all().first().copied();
        first.unwrap_or_else(|| Self::of(ModelSpec::default()))
    }
}

/// Any slug names a model, so that the log stays readable.
impl FromStr for Model {
    type Err = NotAWord;
    fn from_str(slug: &str) -> Result<Self, NotAWord> {
        if let Ok(offered) = Self::offered(slug) {
            return Ok(offered);
        }
        let slug = interned(slug)?;
        let mut known = known().write().unwrap_or_else(PoisonError::into_inner);
        if let Some(former) = known.former.iter().find(|model| model.slug == slug) {
            return Ok(*former);
        }
        let former = Self::of(ModelSpec {
            slug: slug.to_owned(),
            label: slug.to_owned(),
            ..ModelSpec::default()
        });
        known.former.push(former);
        Ok(former)
    }
}

impl Deref for Model {
    type Target = ModelSpec;
    fn deref(&self) -> &ModelSpec {
        self.0
    }
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

impl Eq for Model {}

impl PartialOrd for Model {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Model {
    fn cmp(&self, other: &Self) -> Ordering {
        self.slug.cmp(&other.slug)
    }
}

impl std::hash::Hash for Model {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.slug.hash(state);
    }
}

impl TryFrom<String> for Model {
    type Error = NotAWord;
    fn try_from(slug: String) -> Result<Self, NotAWord> {
        slug.parse()
    }
}

impl From<Model> for &'static str {
    fn from(model: Model) -> Self {
        model.slug()
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Model({:?})", self.slug())
    }
}

#[cfg(test)]
#[path = "models_tests.rs"]
mod tests;
