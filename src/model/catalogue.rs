//! Reads `models.toml`: the embedded file, and the user's changes to it.

use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::models::ModelSpec;
use super::parameters::Medium;
use super::price::Tariff;
use super::request_words::{AspectRatio, interned};

const EMBEDDED: &str = include_str!("models.toml");

/// What is wrong in the user's file, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueError {
    pub span: Range<usize>,
    pub what: String,
}

/// The models of the embedded file, as it was published with this program.
pub fn embedded() -> &'static [ModelSpec] {
    static SPECS: OnceLock<Vec<ModelSpec>> = OnceLock::new();
    // A test holds that the file has no errors.
    SPECS.get_or_init(|| with("").0)
}

/// A model and everything that the files say about it.
struct Described<'t> {
    spec: ModelSpec,
    table: DeTable<'t>,
}

/// The models of the embedded file with those of the user's text on top, and every error in it. A table with an error
/// leaves its model unchanged; text that is not TOML changes none.
pub fn with(text: &str) -> (Vec<ModelSpec>, Vec<CatalogueError>) {
    let (mut known, mut errors): (Vec<Described>, Vec<CatalogueError>) = (Vec::new(), Vec::new());
    for text in [EMBEDDED, text] {
        let (file, broken) = DeTable::parse_recoverable(text);
        if !broken.is_empty() {
            errors.extend(broken.iter().map(|error| CatalogueError {
                span: error.span().unwrap_or(text.len()..text.len()),
                what: format!("this is not TOML: {}", error.message()),
            }));
            continue;
        }
        let mut tables: Vec<_> = file.into_inner().into_iter().collect();
        tables.sort_by_key(|(slug, _)| slug.span().start);
        for (slug, table) in tables {
            match described(&known, slug.get_ref(), table) {
                Ok(new) => match known.iter_mut().find(|old| old.spec.slug == new.spec.slug) {
                    Some(old) => *old = new,
                    None => known.push(new),
                },
                Err((span, what)) => errors.push(CatalogueError {
                    span: span.unwrap_or(slug.span()),
                    what: format!("{}: {what}", slug.get_ref()),
                }),
            }
        }
    }
    (known.into_iter().map(|model| model.spec).collect(), errors)
}

/// The model with its table on top of what is known about it, or about the model that it is like.
fn described<'t>(
    known: &[Described<'t>],
    slug: &str,
    table: Spanned<DeValue<'t>>,
) -> Result<Described<'t>, (Option<Range<usize>>, String)> {
    let place = table.span();
    interned(slug).map_err(|error| (None, error.to_string()))?;
    let DeValue::Table(mut said) = table.into_inner() else {
        return Err((
            Some(place),
            "this is not a table that describes the model".to_owned(),
        ));
    };
    let find = |slug: &str| known.iter().find(|model| model.spec.slug == slug);
    let base = match said.remove("like") {
        Some(like) => {
            let model = like.get_ref().as_str().and_then(find);
            let missing = || {
                (
                    Some(like.span()),
                    "no model of that name is defined earlier".to_owned(),
                )
            };
            let mut table = model.ok_or_else(missing)?.table.clone();
            table.remove("label");
            // What it costs is not known until it is said.
            table.remove("prices");
            // Another model makes its drafts.
            table.remove("drafts");
            table
        }
        None => find(slug).map_or_else(DeTable::new, |model| model.table.clone()),
    };
    let table = merged(base, said);
    let whole = Spanned::new(place, DeValue::Table(table.clone()));
    let spec = ModelSpec::deserialize(whole.into_deserializer());
    let spec = spec.map_err(|error| (error.span(), error.message().to_owned()))?;
    let spec = complete(spec, slug).map_err(|what| (None, what))?;
    Ok(Described { spec, table })
}

/// `base` with `said` on top, tables within tables too. `false` takes away what `base` says.
fn merged<'t>(mut base: DeTable<'t>, said: DeTable<'t>) -> DeTable<'t> {
    for (key, value) in said {
        let (span, value) = (value.span(), value.into_inner());
        let value = match (base.remove(&key).map(Spanned::into_inner), value) {
            (Some(DeValue::Table(base)), DeValue::Table(said)) => DeValue::Table(merged(base, said)),
            (Some(base), DeValue::Boolean(false)) if !matches!(base, DeValue::Boolean(_)) => continue,
            (_, value) => value,
        };
        base.insert(key, Spanned::new(span, value));
    }
    base
}

/// Fields of the request that every model must take: the price depends on them, or they are how a take is known.
const REQUIRED: [&str; 5] = ["prompt", "aspect_ratio", "duration", "resolution", "seed"];

/// A tariff for a resolution that another one is for.
fn twice(prices: &[Tariff]) -> Option<&Tariff> {
    let is_twice = |(at, tariff): &(usize, &Tariff)| {
        prices[..*at]
            .iter()
            .any(|other| (other.resolution, other.with_video) == (tariff.resolution, tariff.with_video))
    };
    prices.iter().enumerate().find(is_twice).map(|(_, tariff)| tariff)
}

/// The model, if its parts fit together.
fn complete(mut spec: ModelSpec, slug: &str) -> Result<ModelSpec, String> {
    slug.clone_into(&mut spec.slug);
    if spec.label.is_empty() {
        slug.clone_into(&mut spec.label);
    }
    let shapes = spec.aspect_ratios.iter();
    for ratio in shapes.filter(|ratio| **ratio != AspectRatio::ADAPTIVE) {
        let lacks = |resolution| {
            spec.pixels(resolution, *ratio)
                .is_none_or(|(width, height)| width * height == 0)
        };
        if let Some((resolution, _)) = spec.resolutions.iter().find(|(resolution, _)| lacks(*resolution)) {
            return Err(format!("resolutions.{resolution} has no pixels for {ratio}"));
        }
    }
    let lacks = |field: &&&str| !spec.parameters.iter().any(|known| known == **field);
    if let Some(field) = REQUIRED.iter().find(lacks) {
        return Err(format!("parameters lacks {field}, on which the price depends"));
    }
    if let Some(tariff) = twice(&spec.prices) {
        let of = tariff.resolution.map_or_else(
            || "every resolution".to_owned(),
            |resolution| resolution.to_string(),
        );
        return Err(format!("prices has two for {of}"));
    }
    let (_, longest) = spec.reference_ms(Medium::Video);
    if spec.references.videos > 0 && longest == 0 {
        return Err("reference_seconds gives no length for videos, on which the price depends".to_owned());
    }
    if let Some(limit) = spec.reported.mistake() {
        return Err(format!("{limit}: the first of the two is above the second"));
    }
    let has = |wanted| {
        spec.resolutions
            .iter()
            .any(|(resolution, _)| *resolution == wanted)
    };
    let rules = [
        ("durations is empty", spec.durations.is_empty()),
        ("aspect_ratios is empty", spec.aspect_ratios.is_empty()),
        (
            "default_resolution is not one of its resolutions",
            !has(spec.default_resolution),
        ),
        (
            "default_duration is not one of its durations",
            !spec.durations.contains(&spec.default_duration),
        ),
        (
            "finish.at is not a list of some of its resolutions",
            spec.finish.as_ref().is_some_and(|finish| {
                finish.at.is_empty()
                    || finish.at.len() == spec.resolutions.len()
                    || !finish.at.iter().all(|at| has(*at))
            }),
        ),
        (
            "finish has a field without a name, or one that the model has already",
            spec.finish.as_ref().is_some_and(|finish| {
                [&finish.start, &finish.id, &finish.answer]
                    .iter()
                    .any(|name| name.is_empty() || spec.has(name))
            }),
        ),
        (
            "promotes.same_seed_at is not one of its resolutions",
            spec.promotes.is_some_and(|promotes| !has(promotes.same_seed_at)),
        ),
    ];
    match rules.into_iter().find(|(_, is_broken)| *is_broken) {
        Some((what, _)) => Err(what.to_owned()),
        None => Ok(spec),
    }
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
