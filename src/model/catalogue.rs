//! Reads `models.toml`: the embedded file, and the user's changes to it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::de::DeTable;

use super::models::{ModelSpec, PerKind, PublishedWait};
use super::money::Usd;
use super::price::{PerUnit, Tariff};
use super::seconds::Seconds;
use super::word::{AspectRatio, Resolution, interned};

const EMBEDDED: &str = include_str!("models.toml");

/// What is wrong in a file of models, and the bytes where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueError {
    pub span: Range<usize>,
    pub what: String,
    /// The text is not TOML, so none of it counts.
    pub is_syntax: bool,
}

/// The models of the embedded file, as it was published with this program.
pub fn embedded() -> &'static [ModelSpec] {
    static SPECS: OnceLock<Vec<ModelSpec>> = OnceLock::new();
    // A test holds that it has no errors.
    SPECS.get_or_init(|| patched(&[], EMBEDDED).0)
}

/// `base` with the tables of `text` on top, and every error in it; a table with an error leaves its model as it was.
pub fn patched(base: &[ModelSpec], text: &str) -> (Vec<ModelSpec>, Vec<CatalogueError>) {
    let mut specs = base.to_vec();
    let (table, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        let error = |error: &toml::de::Error| CatalogueError {
            span: error.span().unwrap_or(text.len()..text.len()),
            what: format!("this is not TOML: {}", error.message()),
            is_syntax: true,
        };
        return (specs, broken.iter().map(error).collect());
    }
    let mut tables: Vec<_> = table.into_inner().into_iter().collect();
    tables.sort_by_key(|(slug, _)| slug.span().start);
    let mut errors = Vec::new();
    for (slug, table) in tables {
        let at = slug.span();
        let changed = Patch::deserialize(table.into_deserializer())
            .map_err(|error| (error.span().unwrap_or(at.clone()), error.message().to_owned()))
            .and_then(|patch| patch.apply(&specs, slug.get_ref()).map_err(|what| (at, what)));
        match changed {
            Ok(changed) => match specs.iter_mut().find(|spec| spec.slug == changed.slug) {
                Some(known) => *known = changed,
                None => specs.push(changed),
            },
            Err((span, what)) => errors.push(CatalogueError {
                span,
                what: format!("{}: {what}", slug.get_ref()),
                is_syntax: false,
            }),
        }
    }
    (specs, errors)
}

/// One table of the file: what it says of a model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    like: Option<String>,
    label: Option<String>,
    durations: Option<Durations>,
    aspect_ratios: Option<Vec<AspectRatio>>,
    default_duration: Option<Seconds>,
    default_resolution: Option<Resolution>,
    parameters: Option<Vec<String>>,
    references: Option<References>,
    reference_seconds: Option<ReferenceSeconds>,
    reference_mib: Option<ReferenceMib>,
    prices: Option<Vec<Tariff>>,
    published_wait: Option<Wait>,
    promotes: Option<Promotes>,
    resolutions: Option<BTreeMap<Resolution, BTreeMap<AspectRatio, (u32, u32)>>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of seconds, or { min = 4, max = 30 }")]
enum Durations {
    List(Vec<Seconds>),
    Range { min: Seconds, max: Seconds },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct References {
    images: usize,
    videos: usize,
    audios: usize,
    total: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceSeconds {
    videos: (u32, u32),
    audios: (u32, u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceMib {
    images: u32,
    videos: u32,
    audios: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    seconds: f64,
    as_of: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Promotes {
    same_seed_at: Resolution,
}

impl Patch {
    /// The model with what the table says on top of what is known of it, or of the one that it is like.
    fn apply(self, known: &[ModelSpec], slug: &str) -> Result<ModelSpec, String> {
        interned(slug).map_err(|error| error.to_string())?;
        let find = |slug: &str| known.iter().find(|spec| spec.slug == slug).cloned();
        let mut spec = match &self.like {
            Some(like) => {
                find(like).ok_or_else(|| format!("there is no model {like:?} above it to be like"))?
            }
            None => find(slug).unwrap_or_default(),
        };
        slug.clone_into(&mut spec.slug);
        if let Some(label) = self.label {
            spec.label = label;
        } else if self.like.is_some() || spec.label.is_empty() {
            slug.clone_into(&mut spec.label);
        }
        if let Some(durations) = self.durations {
            spec.durations = match durations {
                Durations::List(list) => list,
                Durations::Range { min, max } => (min.get()..=max.get())
                    .filter_map(|seconds| Seconds::new(seconds.into()).ok())
                    .collect(),
            };
            spec.durations.sort_unstable();
            spec.durations.dedup();
        }
        if let Some(resolutions) = self.resolutions {
            spec.resolutions = resolutions
                .into_iter()
                .map(|(resolution, sizes)| (resolution, sizes.into_iter().collect()))
                .collect();
        }
        if let Some(references) = self.references {
            spec.most_references = references.total;
            spec.references = PerKind {
                images: references.images,
                videos: references.videos,
                audios: references.audios,
            };
        }
        if let Some(seconds) = self.reference_seconds {
            let ms = |(least, most): (u32, u32)| (u64::from(least) * 1000, u64::from(most) * 1000);
            spec.reference_ms = PerKind {
                images: (0, 0),
                videos: ms(seconds.videos),
                audios: ms(seconds.audios),
            };
        }
        if let Some(mib) = self.reference_mib {
            spec.reference_bytes = PerKind {
                images: u64::from(mib.images) << 20,
                videos: u64::from(mib.videos) << 20,
                audios: u64::from(mib.audios) << 20,
            };
        }
        if let Some(wait) = self.published_wait {
            let ms =
                std::time::Duration::try_from_secs_f64(wait.seconds).map_err(|error| error.to_string())?;
            spec.published_wait = Some(PublishedWait {
                ms: u64::try_from(ms.as_millis()).unwrap_or(u64::MAX),
                as_of: day(&wait.as_of)?,
            });
        }
        if let Some(promotes) = self.promotes {
            spec.promotes_to = Some(promotes.same_seed_at);
        }
        spec.aspect_ratios = self.aspect_ratios.unwrap_or(spec.aspect_ratios);
        spec.parameters = self.parameters.unwrap_or(spec.parameters);
        spec.tariffs = self.prices.unwrap_or(spec.tariffs);
        spec.default_duration = self.default_duration.or(spec.default_duration);
        spec.default_resolution = self.default_resolution.or(spec.default_resolution);
        complete(spec)
    }
}

/// The model, if nothing is missing that a request or a price needs.
fn complete(mut spec: ModelSpec) -> Result<ModelSpec, String> {
    let lists = [
        ("durations", spec.durations.is_empty()),
        ("aspect_ratios", spec.aspect_ratios.is_empty()),
        ("resolutions", spec.resolutions.is_empty()),
        ("parameters", spec.parameters.is_empty()),
    ];
    if let Some((name, _)) = lists.into_iter().find(|(_, is_empty)| *is_empty) {
        return Err(format!(
            "{name} is missing; say it, or say `like = \"seedance-2.0\"`"
        ));
    }
    for (resolution, _) in &spec.resolutions {
        let shapes = spec
            .aspect_ratios
            .iter()
            .filter(|ratio| **ratio != AspectRatio::ADAPTIVE);
        for ratio in shapes {
            if spec
                .pixels(*resolution, *ratio)
                .is_none_or(|(width, height)| width == 0 || height == 0)
            {
                return Err(format!("resolutions.{resolution} has no pixels for {ratio}"));
            }
        }
    }
    let area = |sizes: &[(AspectRatio, (u32, u32))]| {
        sizes
            .iter()
            .map(|(_, (w, h))| u64::from(*w) * u64::from(*h))
            .max()
    };
    spec.resolutions.sort_by_key(|(_, sizes)| area(sizes));
    let is_offered = |wanted| {
        spec.resolutions
            .iter()
            .any(|(resolution, _)| Some(*resolution) == wanted)
    };
    if !is_offered(spec.default_resolution) {
        return Err("default_resolution is none of its resolutions".to_owned());
    }
    if spec.promotes_to.is_some() && !is_offered(spec.promotes_to) {
        return Err("promotes.same_seed_at is none of its resolutions".to_owned());
    }
    if !spec
        .default_duration
        .is_some_and(|length| spec.durations.contains(&length))
    {
        return Err("default_duration is none of its durations".to_owned());
    }
    Ok(spec)
}

/// A price as the file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    resolution: Option<Resolution>,
    per_million_tokens: Option<f64>,
    per_second: Option<f64>,
    as_of: toml::value::Datetime,
}

impl<'de> Deserialize<'de> for Tariff {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let price = Price::deserialize(deserializer)?;
        let amount = |dollars: f64| {
            Usd::from_json_number(dollars)
                .filter(|amount| amount.is_bill())
                .ok_or_else(|| format!("{dollars} is not a price in dollars"))
        };
        let per = match (price.per_million_tokens, price.per_second) {
            (Some(dollars), None) => amount(dollars).map(PerUnit::MillionTokens),
            (None, Some(dollars)) => amount(dollars).map(PerUnit::Second),
            _ => Err("a price is either per_million_tokens or per_second".to_owned()),
        };
        let tariff = per.and_then(|per| {
            Ok(Self {
                resolution: price.resolution,
                per,
                as_of: day(&price.as_of)?,
            })
        });
        tariff.map_err(serde::de::Error::custom)
    }
}

fn day(written: &toml::value::Datetime) -> Result<Date, String> {
    let text = written.to_string();
    text.parse()
        .map_err(|_| format!("{text} is not a day such as 2026-08-10"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_has_no_errors() {
        let (specs, errors) = patched(&[], EMBEDDED);
        assert_eq!(errors, []);
        let slugs: Vec<&str> = specs.iter().map(|spec| spec.slug.as_str()).collect();
        assert_eq!(slugs, ["seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"]);
        let sizes: Vec<&str> = specs[2]
            .resolutions
            .iter()
            .map(|(resolution, _)| resolution.wire())
            .collect();
        assert_eq!(sizes, ["480p", "720p"]);
    }

    #[test]
    fn a_table_changes_a_model_or_adds_one() {
        let text = "[\"seedance-2.5\"]\nlike = \"seedance-2.0\"\ndurations = { min = 4, max = 30 }\n\
                    [\"seedance-2.0-fast\"]\nlabel = \"quick\"\n";
        let (specs, errors) = patched(embedded(), text);
        assert_eq!(errors, []);
        assert_eq!(specs[1].label, "quick");
        assert_eq!(specs[1].tariffs, embedded()[1].tariffs);
        assert_eq!(
            (specs[3].label.as_str(), specs[3].max_ms()),
            ("seedance-2.5", 30_000)
        );
    }

    #[test]
    fn each_error_has_its_place_and_leaves_its_model_as_it_was() {
        for (text, at, what) in [
            ("[a]\ndurations = [1]", "a", "aspect_ratios is missing"),
            ("[a]\nlike = \"b\"", "a", "no model \"b\""),
            ("[\"seedance-2.0\"]\nlabl = \"x\"", "labl", "unknown field `labl`"),
            (
                "[\"seedance-2.0\"]\ndurations = [0]",
                "[0]",
                "expected a list of seconds",
            ),
            (
                "[\"seedance-2.0\"]\ndurations = [4]",
                "\"seedance-2.0\"",
                "default_duration",
            ),
            (
                "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = -1, as_of = 2026-01-01 }]",
                "{ per_million_tokens = -1, as_of = 2026-01-01 }",
                "not a price",
            ),
            (
                "[\"seedance-2.0\"]\nprices = [{ as_of = 2026-01-01 }]",
                "{ as_of = 2026-01-01 }",
                "either per_million",
            ),
            (
                "[\"seedance-2.0\"]\naspect_ratios = [\"2:1\"]",
                "\"seedance-2.0\"",
                "no pixels for 2:1",
            ),
            ("[\"seedance-2.0\"\n", "\n", "this is not TOML"),
        ] {
            let (specs, errors) = patched(embedded(), text);
            assert_eq!(specs, embedded(), "{text}");
            assert_eq!(errors.len(), 1, "{text}: {errors:?}");
            assert!(errors[0].what.contains(what), "{text}: {errors:?}");
            assert!(text[errors[0].span.clone()].contains(at), "{text}: {errors:?}");
        }
    }
}
