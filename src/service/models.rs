//! The models on offer as facts with their sources, the same for the command and the workbench.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::model::parameters::Medium;
use crate::model::price::{PerUnit, Priced};
use crate::model::text::{counted, duration};
use crate::model::{AspectRatio, Model, Parameter, PriceTable, Resolution, Seconds};

/// Something that is known of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub value: String,
    /// Who says it.
    pub source: String,
}

/// What a take costs at one resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    pub resolution: Resolution,
    /// `$0.70`; `None` where the price is not known.
    pub price: Option<String>,
    /// The day of the price list.
    pub as_of: Option<Date>,
}

/// The take of which prices are shown: 10 s at 16:9, or what comes nearest.
fn example(model: Model, resolution: Resolution) -> Priced {
    let ten = Seconds::default();
    let is_wide = model.aspect_ratios.contains(&AspectRatio::WIDE);
    Priced {
        model,
        resolution,
        ratio: if is_wide {
            AspectRatio::WIDE
        } else {
            model.aspect_ratios.first().copied().unwrap_or(AspectRatio::WIDE)
        },
        seconds: if model.durations.contains(&ten) {
            ten
        } else {
            model.default_duration
        },
        clip_frames: 0,
    }
}

/// The take that prices are of: `10 s at 16:9`.
pub fn priced_take(model: Model) -> String {
    let example = example(model, model.default_resolution);
    format!("{} s at {}", example.seconds, example.ratio)
}

/// What such a take costs at each resolution.
pub fn costs(model: Model, prices: &PriceTable) -> Vec<Cost> {
    let of = |resolution: Resolution| Cost {
        resolution,
        price: prices
            .price(&example(model, resolution))
            .map(|price| price.amount()),
        as_of: prices.tariff(model, resolution).map(|tariff| tariff.as_of),
    };
    model
        .resolutions
        .iter()
        .map(|(resolution, _)| of(*resolution))
        .collect()
}

/// How old the oldest of these prices is: `87 days old`; `None` where none is known.
pub fn age(costs: &[Cost], today: Date) -> Option<String> {
    let oldest = costs.iter().filter_map(|cost| cost.as_of).min()?;
    Some(days_old(oldest, today))
}

fn days_old(day: Date, today: Date) -> String {
    let days = today.since(day).map_or(0, |span| span.get_days());
    match days {
        1.. => format!("{} old", counted(days.unsigned_abs(), "day")),
        _ => "of today".to_owned(),
    }
}

fn dated(day: Date, today: Date) -> String {
    format!("{day}, {}", days_old(day, today))
}

/// The provider's average wait in words.
pub fn wait(model: Model) -> Option<String> {
    model.published_wait.map(|wait| duration(wait.ms()))
}

/// Everything that is known of a model, with its source.
pub fn facts(model: Model, prices: &PriceTable, today: Date) -> Vec<Fact> {
    let source = |field: &str| {
        model
            .source(field)
            .map_or_else(unknown, |source| source.to_string())
    };
    let fact = |name: &str, field: &str, value: String| Fact {
        name: name.to_owned(),
        value,
        source: source(field),
    };
    let mut facts = Vec::new();
    if model.retired {
        facts.push(fact("retired", "retired", RETIRED.to_owned()));
    }
    let default = format!(" (default {})", model.default_duration);
    facts.push(fact(
        "lengths",
        "durations",
        model.durations_in_words() + &default,
    ));
    let shapes = listed(model.aspect_ratios.iter());
    facts.push(fact("shapes", "aspect_ratios", shapes));
    for (resolution, sizes) in &model.resolutions {
        let in_order = model.aspect_ratios.iter();
        let size = |ratio: &AspectRatio| {
            let (width, height) = sizes.get(ratio)?;
            Some(format!("{width}×{height}"))
        };
        let is_default = *resolution == model.default_resolution;
        let default = if is_default { " (default)" } else { "" };
        facts.push(fact(
            &resolution.to_string(),
            "resolutions",
            listed(in_order.filter_map(size)) + default,
        ));
    }
    facts.push(fact("references", "references", references(model)));
    facts.push(fact("parameters", "parameters", listed(model.parameters.iter())));
    if !model.unused.is_empty() {
        facts.push(fact(
            "not used yet",
            "unused",
            format!("{} (never sent)", listed(model.unused.iter())),
        ));
    }
    for cost in costs(model, prices) {
        facts.push(Fact {
            name: format!("price {}", cost.resolution),
            value: match (cost.price, cost.as_of) {
                (Some(price), Some(day)) => {
                    format!("{price} for {} ({})", priced_take(model), dated(day, today))
                }
                _ => "not known".to_owned(),
            },
            source: price_source(model, prices, cost.resolution).unwrap_or_else(unknown),
        });
    }
    facts.push(match model.published_wait {
        Some(average) => fact(
            "wait",
            "published_wait",
            format!(
                "{} on average ({})",
                duration(average.ms()),
                dated(average.as_of, today)
            ),
        ),
        None => fact("wait", "published_wait", "not known".to_owned()),
    });
    if let Some(drafts) = &model.drafts {
        let how = format!("{drafts} makes drafts that are finished as the very same shot");
        facts.push(fact("drafts", "drafts", how));
    }
    if let Some(finish) = &model.finish {
        let (at, days) = (listed(finish.at.iter()), counted(finish.days, "day"));
        let confirmed = if finish.confirmed {
            "confirmed"
        } else {
            "not confirmed, so nothing is sent live"
        };
        let how = format!("a draft as the very same shot at {at} for {days}; {confirmed}");
        facts.push(fact("finishes", "finish", how));
    }
    if let Some(promotes) = model.promotes {
        let how = format!("a draft again at {}, with its seed", promotes.same_seed_at);
        facts.push(fact("promotes", "promotes", how));
    }
    facts
}

/// What to know before a request to a model that is retired.
pub const RETIRED: &str = "the provider no longer offers it, so a take of it may be refused";

/// Who says what takes cost at this resolution; nobody where it is not known.
fn price_source(model: Model, prices: &PriceTable, resolution: Resolution) -> Option<String> {
    let tariff = prices.tariff(model, resolution)?;
    if !model.prices.contains(&tariff) {
        return Some("your settings".to_owned());
    }
    model.source("prices").map(|source| source.to_string())
}

/// The source of what nobody says.
fn unknown() -> String {
    "nobody says it".to_owned()
}

fn listed(words: impl Iterator<Item = impl ToString>) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(", ")
}

/// The most reference files of this kind; none where the model has no parameter for them.
fn max_files(model: Model, medium: Medium) -> usize {
    let mut lists = Parameter::all().filter(|parameter| parameter.medium() == Some(medium));
    if lists.any(|parameter| parameter.is_offered_by(model)) {
        medium.of(&model.references)
    } else {
        0
    }
}

/// `9 images of up to 30 MiB, 3 videos of 2 to 15 s and up to 50 MiB, 12 in all`.
fn references(model: Model) -> String {
    let media = [Medium::Image, Medium::Video, Medium::Audio].into_iter();
    let kinds = media
        .filter(|medium| max_files(model, *medium) > 0)
        .map(|medium| {
            let most = max_files(model, medium);
            let mut words = counted(most as u64, medium.noun());
            let (least, longest) = model.reference_ms(medium);
            let length = (longest > 0).then(|| format!("{} to {} s", least / 1000, longest / 1000));
            let size = model.reference_bytes(medium) >> 20;
            let size = (size > 0).then(|| format!("up to {size} MiB"));
            let limits: Vec<String> = length.into_iter().chain(size).collect();
            if !limits.is_empty() {
                words += &format!(" of {}", limits.join(" and "));
            }
            words
        });
    let total = model.references.total;
    let mut all: Vec<String> = kinds.collect();
    if all.is_empty() {
        return "none".to_owned();
    }
    all.extend((total > 0).then(|| format!("{total} in all")));
    all.join(", ")
}

/// The model as one JSON object.
pub fn as_json(model: Model, prices: &PriceTable) -> Value {
    let resolutions: Map<String, Value> = model
        .resolutions
        .iter()
        .map(|(resolution, sizes)| (resolution.to_string(), json!(sizes)))
        .collect();
    let kind = |medium: Medium| {
        let (least, longest) = model.reference_ms(medium);
        json!({
            "most": max_files(model, medium),
            "seconds": (longest > 0).then_some([least / 1000, longest / 1000]),
            "mib": model.reference_bytes(medium) >> 20,
        })
    };
    let sources: Map<String, Value> = model
        .sources
        .iter()
        .map(|(field, source)| (field.clone(), source.to_string().into()))
        .collect();
    json!({
        "slug": model.slug(),
        "label": model.label(),
        "retired": model.retired,
        "durations": model.durations,
        "default_duration": model.default_duration,
        "aspect_ratios": model.aspect_ratios,
        "resolutions": resolutions,
        "default_resolution": model.default_resolution,
        "prices": model.resolutions.iter().map(|(resolution, _)| price(model, prices, *resolution)).collect::<Vec<_>>(),
        "references": {
            "images": kind(Medium::Image),
            "videos": kind(Medium::Video),
            "audios": kind(Medium::Audio),
            "total": model.references.total,
        },
        "parameters": model.parameters,
        "unused": model.unused,
        "promotes": promotes(model),
        "published_wait": model.published_wait.map(|wait| json!({
            "seconds": wait.ms() / 1000,
            "as_of": wait.as_of.to_string(),
        })),
        "sources": sources,
    })
}

/// How drafts become finals; `null` where they do not.
fn promotes(model: Model) -> Value {
    let finish = model.finish.as_ref();
    if model.promotes.is_none() && model.drafts.is_none() && finish.is_none() {
        return Value::Null;
    }
    json!({
        "same_seed_at": model.promotes.map(|promotes| promotes.same_seed_at),
        "drafts": model.drafts,
        "finish_at": finish.map(|finish| &finish.at),
        "finish_days": finish.map(|finish| finish.days),
        "finish_is_confirmed": finish.map(|finish| finish.confirmed),
    })
}

/// The price at one resolution; `null` for what is not known.
fn price(model: Model, prices: &PriceTable, resolution: Resolution) -> Value {
    let example = example(model, resolution);
    let tariff = prices.tariff(model, resolution);
    let (of_tokens, of_second) = match tariff.map(|tariff| tariff.per) {
        Some(PerUnit::MillionTokens(rate)) => (Some(rate), None),
        Some(PerUnit::Second(rate) | PerUnit::SecondOf(_, rate)) => (None, Some(rate)),
        None => (None, None),
    };
    json!({
        "resolution": resolution,
        "per_million_tokens_usd": of_tokens,
        "per_second_usd": of_second,
        "as_of": tariff.map(|tariff| tariff.as_of.to_string()),
        "source": price_source(model, prices, resolution),
        "take": {
            "duration": example.seconds,
            "aspect_ratio": example.ratio,
            "usd": prices.price(&example).map(|price| price.estimate),
        },
    })
}
