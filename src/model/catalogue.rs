//! Reads the layers that describe the models: the embedded `models.toml`, what the provider's catalogue changes, and the
//! user's `models.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::invalid::accepted;
use super::models::{ModelSpec, Source};
use super::parameters::Medium;
use super::price::Tariff;
use super::request_words::{AspectRatio, Resolution, interned};

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

/// A model and everything that the layers say about it.
struct Described<'t> {
    spec: ModelSpec,
    table: DeTable<'t>,
}

/// What the provider's catalogue changes, in the form of `models.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProviderLayer {
    pub text: String,
    /// The day on which the catalogue was read.
    pub day: Date,
    /// What of the catalogue is not in the text, and why.
    pub left_out: Vec<String>,
}

/// The models on offer, and what was wrong in the layers over the embedded one.
#[derive(Debug, Clone, Default)]
pub struct OnOffer {
    pub specs: Vec<ModelSpec>,
    /// Errors of the user's text.
    pub errors: Vec<CatalogueError>,
    /// What of the catalogue does not count, and why.
    pub left_out: Vec<String>,
}

/// The models of the embedded file with those of the user's text on top, and every error in it. A table with an error
/// leaves its model unchanged; text that is not TOML changes none.
pub fn with(text: &str) -> (Vec<ModelSpec>, Vec<CatalogueError>) {
    let all = layered(&ProviderLayer::default(), text);
    (all.specs, all.errors)
}

/// The same with the provider's layer between the two.
pub fn layered(provider: &ProviderLayer, user: &str) -> OnOffer {
    let mut known: Vec<Described> = Vec::new();
    let mut all = OnOffer {
        left_out: provider.left_out.clone(),
        ..OnOffer::default()
    };
    let layers = [
        (Source::BuiltIn, EMBEDDED),
        (Source::Catalogue(provider.day), provider.text.as_str()),
        (Source::User, user),
    ];
    for (source, text) in layers {
        let errors = laid_over(&mut known, source, text);
        if matches!(source, Source::Catalogue(_)) {
            all.left_out.extend(errors.into_iter().map(|error| error.what));
        } else {
            all.errors.extend(errors);
        }
    }
    all.specs = known.into_iter().map(|model| model.spec).collect();
    all
}

/// Lays the tables of `text` over what is known, and returns what is wrong in it.
fn laid_over<'t>(known: &mut Vec<Described<'t>>, source: Source, text: &'t str) -> Vec<CatalogueError> {
    let (file, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        let syntax = broken.iter().map(|error| CatalogueError {
            span: error.span().unwrap_or(text.len()..text.len()),
            what: format!("this is not TOML: {}", error.message()),
        });
        return syntax.collect();
    }
    let mut errors = Vec::new();
    let mut tables: Vec<_> = file.into_inner().into_iter().collect();
    tables.sort_by_key(|(slug, _)| slug.span().start);
    for (slug, table) in tables {
        match described(known, source, slug.get_ref(), table) {
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
    errors
}

/// The model with its table on top of what is known about it, or about the model that it is like.
fn described<'t>(
    known: &[Described<'t>],
    source: Source,
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
    let (base, mut sources) = match said.remove("like") {
        Some(like) => {
            let model = like.get_ref().as_str().and_then(find);
            let missing = || {
                (
                    Some(like.span()),
                    "no model of that name is defined earlier".to_owned(),
                )
            };
            let model = model.ok_or_else(missing)?;
            let mut table = model.table.clone();
            // What it costs and how long it takes is not known until it is said, and another model makes its drafts.
            for own in ["label", "prices", "published_wait", "retired", "unused", "drafts"] {
                table.remove(own);
            }
            // What is confirmed of one model's fields says nothing of another's.
            if let Some(DeValue::Table(finish)) = table.get_mut("finish").map(Spanned::get_mut) {
                finish.remove("confirmed");
            }
            (table, taken_over(&model.spec, source))
        }
        None => find(slug).map_or_else(
            || (DeTable::new(), BTreeMap::new()),
            |model| (model.table.clone(), model.spec.sources.clone()),
        ),
    };
    let own_prices = said
        .get("prices")
        .map(Spanned::span)
        .filter(|_| source == Source::User);
    sources.extend(said.keys().map(|field| (field.get_ref().to_string(), source)));
    let table = merged(base, said);
    sources.retain(|field, _| table.contains_key(field.as_str()));
    let whole = Spanned::new(place, DeValue::Table(table.clone()));
    let spec = ModelSpec::deserialize(whole.into_deserializer());
    let spec = spec.map_err(|error| (error.span(), error.message().to_owned()))?;
    let mut spec = complete(spec, slug).map_err(|what| (None, what))?;
    if let Some(place) = own_prices {
        let known = find(slug).map_or(&[][..], |model| &model.spec.prices);
        add_prices(&mut spec, known).map_err(|what| (Some(place), what))?;
    }
    spec.sources = sources;
    Ok(Described { spec, table })
}

/// Adds the prices that were `known` before to the user's own, where those say nothing. A row of the user's for a resolution
/// that the model does not have is a mistake; the provider may retire one that a built-in row is for.
fn add_prices(spec: &mut ModelSpec, known: &[Tariff]) -> Result<(), String> {
    // The user takes all prices away.
    if spec.prices.is_empty() {
        return Ok(());
    }
    let made: Vec<String> = spec
        .resolutions
        .iter()
        .map(|(resolution, _)| resolution.to_string())
        .collect();
    // The provider may write `4K`.
    let is_made = |resolution: &Resolution| {
        made.iter()
            .any(|made| made.eq_ignore_ascii_case(resolution.wire()))
    };
    let mut named = spec.prices.iter().filter_map(|tariff| tariff.resolution);
    if let Some(resolution) = named.find(|resolution| !is_made(resolution)) {
        return Err(format!(
            "prices has a row for {resolution}, which the model does not make, or not any more: write one for {}",
            accepted(made.iter().map(String::as_str))
        ));
    }
    let is_said = |own: &[Tariff], other: &Tariff| own.iter().any(|own| is_for_the_same(own, other));
    let mut rest: Vec<Tariff> = known
        .iter()
        .filter(|other| !is_said(&spec.prices, other))
        .copied()
        .collect();
    // A row for every resolution replaces those for single ones.
    let all: Vec<bool> = spec
        .prices
        .iter()
        .filter(|own| own.resolution.is_none())
        .map(|own| own.with_video)
        .collect();
    rest.retain(|other| !all.contains(&other.with_video));
    spec.prices.extend(rest);
    Ok(())
}

/// Where the facts come from that a model takes over from `other`.
fn taken_over(other: &ModelSpec, source: Source) -> BTreeMap<String, Source> {
    let from = match interned(&other.slug) {
        // The embedded file says of each of its models what is true of it.
        Ok(slug) if source != Source::BuiltIn => Source::Like(slug),
        _ => source,
    };
    other.sources.keys().map(|field| (field.clone(), from)).collect()
}

/// `base` with `said` on top, tables within tables too. `false` takes away what `base` says; without that it says nothing,
/// because every flag is `false` until it is set.
fn merged<'t>(mut base: DeTable<'t>, said: DeTable<'t>) -> DeTable<'t> {
    for (key, value) in said {
        let (span, value) = (value.span(), value.into_inner());
        let value = match (base.remove(&key).map(Spanned::into_inner), value) {
            (Some(DeValue::Table(base)), DeValue::Table(said)) => DeValue::Table(merged(base, said)),
            (None, DeValue::Boolean(false)) => continue,
            (Some(base), DeValue::Boolean(false)) if !matches!(base, DeValue::Boolean(_)) => continue,
            (_, value) => value,
        };
        base.insert(key, Spanned::new(span, value));
    }
    base
}

/// Fields of the request that every model must take: the price depends on them, or they are how a take is known.
pub(super) const REQUIRED: [&str; 5] = ["prompt", "aspect_ratio", "duration", "resolution", "seed"];

/// Whether two tariffs are for the same requests.
fn is_for_the_same(one: &Tariff, other: &Tariff) -> bool {
    let name = |tariff: &Tariff| {
        tariff
            .resolution
            .map(|resolution| resolution.wire().to_ascii_lowercase())
    };
    one.with_video == other.with_video && name(one) == name(other)
}

/// A tariff for a resolution that another one is for.
fn twice(prices: &[Tariff]) -> Option<&Tariff> {
    let is_twice =
        |(at, tariff): &(usize, &Tariff)| prices[..*at].iter().any(|other| is_for_the_same(other, tariff));
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
