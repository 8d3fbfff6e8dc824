//! Says in one line what is different from what was offered before.

use crate::model::Resolution;
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
                all.extend((!parts.is_empty()).then(|| format!("{} {}", spec.slug, parts.join(", "))));
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
        parts.push(
            if new.retired {
                "is retired"
            } else {
                "is offered again"
            }
            .to_owned(),
        );
    }
    if old.durations != new.durations {
        parts.push(format!("makes {}", new.durations_in_words()));
    }
    let resolutions =
        |spec: &ModelSpec| -> Vec<Resolution> { spec.resolutions.iter().map(|(name, _)| *name).collect() };
    parts.extend(list("", &resolutions(old), &resolutions(new)));
    parts.extend(list("the shape ", &old.aspect_ratios, &new.aspect_ratios));
    parts.extend(list("", &old.parameters, &new.parameters));
    let unused: Vec<&str> = new
        .unused
        .iter()
        .filter(|name| !old.unused.contains(name))
        .map(String::as_str)
        .collect();
    if !unused.is_empty() {
        parts.push(format!(
            "takes {}, which rushes does not use yet",
            unused.join(" and ")
        ));
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
    parts
}

/// What a list has more and what it has less than before.
fn list<T: PartialEq + std::fmt::Display>(noun: &str, old: &[T], new: &[T]) -> Vec<String> {
    let words = |all: &[T], others: &[T]| {
        let missing = all.iter().filter(|one| !others.contains(one));
        missing.map(ToString::to_string).collect::<Vec<_>>().join(" and ")
    };
    let parts = [("now has", words(new, old)), ("no longer has", words(old, new))];
    let parts = parts.into_iter().filter(|(_, words)| !words.is_empty());
    parts
        .map(|(verb, words)| format!("{verb} {noun}{words}"))
        .collect()
}
