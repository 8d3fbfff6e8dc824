//! Says in one line what is different from what was offered before.

use std::collections::BTreeSet;

use crate::model::models::ModelSpec;

/// What changed, model by model: `seedance-2.5 now has 4k; seedance-3.0 is new`. Empty where nothing did.
pub fn changes(before: &[ModelSpec], now: &[ModelSpec]) -> String {
    let find = |specs: &[ModelSpec], slug: &str| specs.iter().find(|spec| spec.slug == slug).cloned();
    let mut all = Vec::new();
    for spec in now {
        match find(before, &spec.slug) {
            None => all.push(format!("{} is new", spec.slug)),
            Some(old) => {
                let parts = between(&old, spec);
                all.extend((!parts.is_empty()).then(|| format!("{} {}", spec.slug, parts.join(" and "))));
            }
        }
    }
    for old in before {
        if find(now, &old.slug).is_none() {
            all.push(format!("{} is no longer described", old.slug));
        }
    }
    all.join("; ")
}

fn between(old: &ModelSpec, new: &ModelSpec) -> Vec<String> {
    let mut parts = Vec::new();
    if old.retired != new.retired {
        let words = if new.retired {
            "is retired"
        } else {
            "is offered again"
        };
        parts.push(words.to_owned());
    }
    if old.durations != new.durations {
        parts.push(format!("makes {}", new.durations_in_words()));
    }
    let (before, now) = (choices(old), choices(new));
    for (verb, some, others) in [("now has", &now, &before), ("no longer has", &before, &now)] {
        let words: Vec<&str> = some.difference(others).map(String::as_str).collect();
        parts.extend((!words.is_empty()).then(|| format!("{verb} {}", words.join(", "))));
    }
    if old.references != new.references {
        let most = new.references;
        parts.push(format!(
            "takes up to {} images, {} videos and {} audios",
            most.images, most.videos, most.audios
        ));
    }
    if old.default_duration != new.default_duration {
        parts.push(format!("makes {} s unless told otherwise", new.default_duration));
    }
    if old.default_resolution != new.default_resolution {
        parts.push(format!("makes {} unless told otherwise", new.default_resolution));
    }
    let confirmed = |spec: &ModelSpec| spec.finish.as_ref().is_some_and(|finish| finish.confirmed);
    if confirmed(old) != confirmed(new) {
        let words = if confirmed(new) {
            "finishes drafts as rushes knows"
        } else {
            "is no longer known to finish drafts"
        };
        parts.push(words.to_owned());
    }
    let unused = new.unused.iter().filter(|name| !old.unused.contains(name));
    let unused: Vec<&str> = unused.map(String::as_str).collect();
    if !unused.is_empty() {
        parts.push(format!(
            "takes {}, which rushes does not use yet",
            unused.join(", ")
        ));
    }
    parts
}

/// The resolutions, shapes and parameters that a request may have.
fn choices(spec: &ModelSpec) -> BTreeSet<String> {
    let resolutions = spec
        .resolutions
        .iter()
        .map(|(resolution, _)| resolution.to_string());
    let shapes = spec.aspect_ratios.iter().map(ToString::to_string);
    resolutions
        .chain(shapes)
        .chain(spec.parameters.iter().cloned())
        .collect()
}
