//! The models on offer, as data: what each takes, makes and costs.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::{OnceLock, PoisonError, RwLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::catalogue;
use super::invalid::{Field, Invalid, accepted};
use super::price::Tariff;
use super::seconds::Seconds;
use super::word::{AspectRatio, NotAWord, Resolution, interned};

/// Everything that `models.toml` says of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelSpec {
    pub slug: String,
    /// As the workbench shows it: `2.0`, `fast`, `mini`.
    pub label: String,
    /// Shortest first.
    pub durations: Vec<Seconds>,
    /// In the order offered.
    pub aspect_ratios: Vec<AspectRatio>,
    /// Width and height of the output for each shape; the coarsest resolution first.
    pub resolutions: Vec<(Resolution, Vec<(AspectRatio, (u32, u32))>)>,
    /// What the API takes where a request does not say.
    pub default_duration: Option<Seconds>,
    pub default_resolution: Option<Resolution>,
    /// The fields of the request body that the model takes.
    pub parameters: Vec<String>,
    /// Most reference files of each kind.
    pub references: PerKind<usize>,
    /// Most reference files of all kinds.
    pub most_references: usize,
    /// Shortest and longest reference, in milliseconds.
    pub reference_ms: PerKind<(u64, u64)>,
    /// Largest reference file, in bytes.
    pub reference_bytes: PerKind<u64>,
    pub tariffs: Vec<Tariff>,
    pub published_wait: Option<PublishedWait>,
    /// The resolution of a final that is made of a draft with the same seed.
    pub promotes_to: Option<Resolution>,
}

/// One value for each kind of reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerKind<T> {
    pub images: T,
    pub videos: T,
    pub audios: T,
}

/// The provider's average from submit to the finished video, mixed over all lengths and sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedWait {
    pub ms: u64,
    pub as_of: Date,
}

impl ModelSpec {
    /// The name in the URL: `/v2/{slug}`.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Whether the model takes this field of the request body.
    pub fn has(&self, wire: &str) -> bool {
        self.parameters.iter().any(|name| name == wire)
    }

    /// The shortest length offered that holds so many milliseconds; `None` when none does.
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

    /// # Errors
    /// [`Invalid::NotOffered`] for a length that the model does not make.
    pub fn check_duration(&self, seconds: Seconds) -> Result<Seconds, Invalid> {
        if self.durations.contains(&seconds) {
            Ok(seconds)
        } else {
            Err(self.no_duration(seconds.to_string()))
        }
    }

    /// The error for a length that the model does not make.
    pub fn no_duration(&self, given: String) -> Invalid {
        Invalid::NotOffered {
            field: Field::Duration,
            given,
            accepted: self.durations_in_words(),
        }
    }

    /// The resolution of this name.
    ///
    /// # Errors
    /// [`Invalid::NotOffered`] for one that the model does not make.
    pub fn check_resolution(&self, word: &str) -> Result<Resolution, Invalid> {
        let all = self.resolutions.iter().map(|(resolution, _)| *resolution);
        one_of(Field::Resolution, word, all, Resolution::wire)
    }

    /// The aspect ratio of this name.
    ///
    /// # Errors
    /// [`Invalid::NotOffered`] for one that the model does not make.
    pub fn check_aspect_ratio(&self, word: &str) -> Result<AspectRatio, Invalid> {
        one_of(
            Field::AspectRatio,
            word,
            self.aspect_ratios.iter().copied(),
            AspectRatio::wire,
        )
    }

    /// Width and height of the output; `adaptive` is shown as the first shape. `None` for what is not offered.
    pub fn pixels(&self, resolution: Resolution, ratio: AspectRatio) -> Option<(u32, u32)> {
        let sizes = self.sizes(resolution);
        let of_ratio = |wanted| sizes.iter().find(|(ratio, _)| *ratio == wanted);
        let size = if ratio == AspectRatio::ADAPTIVE {
            of_ratio(*self.aspect_ratios.first()?)
        } else {
            of_ratio(ratio)
        };
        size.map(|(_, size)| *size)
    }

    /// The most pixels that a take may have: with `adaptive` the shape is not known before, so the largest counts.
    pub fn most_pixels(&self, resolution: Resolution, ratio: AspectRatio) -> Option<u32> {
        let area = |(width, height): (u32, u32)| width.saturating_mul(height);
        if ratio == AspectRatio::ADAPTIVE {
            return self.sizes(resolution).iter().map(|(_, size)| area(*size)).max();
        }
        self.pixels(resolution, ratio).map(area)
    }

    fn sizes(&self, resolution: Resolution) -> &[(AspectRatio, (u32, u32))] {
        let of = self.resolutions.iter().find(|(known, _)| *known == resolution);
        of.map_or(&[], |(_, sizes)| sizes)
    }
}

/// The one of `all` that is called `word`.
fn one_of<T: Copy>(
    field: Field,
    word: &str,
    all: impl Iterator<Item = T> + Clone,
    wire: fn(T) -> &'static str,
) -> Result<T, Invalid> {
    all.clone()
        .find(|one| wire(*one) == word)
        .ok_or_else(|| Invalid::NotOffered {
            field,
            given: format!("{word:?}"),
            accepted: accepted(all.map(wire)),
        })
}

/// A model, by its slug. It can be copied, and knows everything about itself. A model that no file describes any more
/// takes nothing, but its old takes can still be read.
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

    /// From now on these models are on offer, and no others. For the start of the program.
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
    ///
    /// # Errors
    /// [`Invalid::UnknownModel`] with the slugs there are.
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

    /// The word in JSON and in the store: its slug.
    pub fn wire(self) -> &'static str {
        self.slug()
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

/// Any slug names a model: what is written in the log must stay readable.
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
mod tests {
    use super::*;

    #[test]
    fn a_model_that_nobody_offers_is_readable_and_takes_nothing() {
        let gone: Model = "seedance-1.0-pro".parse().unwrap();
        assert_eq!(gone, "seedance-1.0-pro".parse().unwrap());
        assert_eq!((gone.label(), gone.max_ms()), ("seedance-1.0-pro", 0));
        assert!(Model::offered("seedance-1.0-pro").is_err());
        assert!("../x".parse::<Model>().is_err());
    }

    #[test]
    fn many_lengths_in_a_row_are_said_in_short() {
        let of = |lengths: &[i64]| ModelSpec {
            durations: lengths.iter().map(|s| Seconds::new(*s).unwrap()).collect(),
            ..ModelSpec::default()
        };
        assert_eq!(of(&[4, 5, 6, 8]).durations_in_words(), "4, 5, 6 or 8 seconds");
        let long: Vec<i64> = (4..=30).collect();
        assert_eq!(of(&long).durations_in_words(), "4 to 30 seconds");
        assert_eq!(of(&long).shortest_for(15_001), Seconds::new(16).ok());
    }
}
