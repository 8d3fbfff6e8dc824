//! Puts the fields of a found request into a form, and tells what does not fit.

use serde_json::{Map, Value};

use super::{Foreign, Found, Kind, key};
use crate::model::clean::clean;
use crate::model::form::is_http;
use crate::model::parameters::{Parameter, TABLE};
use crate::model::text::one_line;
use crate::model::{ApiVersion, Model, Request, SeedList};

/// The longest prompt that is taken, in characters: as many as the workbench edits.
const MAX_PROMPT: usize = 60_000;

/// The most different keys that are looked for in the texts.
const MAX_KEYS: usize = 32;

/// The most names that a remark lists.
const MAX_NAMES: usize = 12;

/// The form, and every remark.
pub(super) fn foreign(found: Found) -> Foreign {
    let Found {
        kind,
        mut body,
        model,
        version,
        mut keys,
        mut remarks,
    } = found;
    take_keys(&mut body, &mut keys);
    keys.sort();
    keys.dedup();
    keys.truncate(MAX_KEYS);
    for value in body.values_mut() {
        redact(value, &keys, 0);
    }
    let model = named_model(model.map(|slug| key::redacted(&slug, &keys)), &mut remarks);
    let draws_seed = body.get("seed").is_some_and(|seed| number(seed) == Some(-1));
    if draws_seed {
        body.shift_remove("seed");
    }
    remarks.extend(missing(model, &body, draws_seed));
    remarks.extend(unknown(&mut body, kind));
    correct(&mut body, &mut remarks);
    let body = Value::Object(body);
    let (request, broken) = Request::readable_part(model, &body, &mut fastrand::Rng::with_seed(0));
    let mut form = request.form;
    if draws_seed {
        form.seeds = SeedList::one_new().to_string();
    }
    for rule in broken {
        let parameter = rule.parameter();
        let instead = match parameter.shown(&form) {
            empty if empty.is_empty() => "nothing".to_owned(),
            shown => one_line(&shown, 40),
        };
        let rule = sentence(&one_line(&rule.to_string(), 300));
        remarks.push(format!("{rule} The form has {instead} instead."));
    }
    match (version.as_deref(), kind) {
        (Some("v1"), Kind::Take) => form.api_version = ApiVersion::V1,
        (Some("v1"), _) => remarks.push(
            "It is written for v1 of the API, which blocks until the video is there: the form has v2, which polls."
                .to_owned(),
        ),
        _ => {}
    }
    if !keys.is_empty() {
        remarks.insert(0, "The key in it was left out: rushes uses your own.".to_owned());
    }
    let remarks = remarks
        .iter()
        .map(|remark| one_line(&key::redacted(remark, &keys), 400))
        .collect();
    Foreign { form, kind, remarks }
}

/// Removes the fields that hold a key.
fn take_keys(body: &mut Map<String, Value>, keys: &mut Vec<String>) {
    let names: Vec<String> = body
        .keys()
        .filter(|name| key::is_key_name(name))
        .cloned()
        .collect();
    for name in names {
        let value = body.shift_remove(&name);
        let value = value.as_ref().and_then(Value::as_str);
        keys.extend(value.and_then(key::key_in));
    }
}

/// Takes keys out of every text, as deep as it matters: the fields that a form has hold texts and lists of them.
fn redact(value: &mut Value, keys: &[String], depth: usize) {
    match value {
        Value::String(text) => *text = key::redacted(text, keys),
        Value::Array(items) if depth < 2 => {
            for item in items {
                redact(item, keys, depth + 1);
            }
        }
        _ => {}
    }
}

/// The model of this slug; that of a new form where none is named, or one that is not on offer.
fn named_model(slug: Option<String>, remarks: &mut Vec<String>) -> Model {
    let model = Model::default();
    let Some(slug) = slug else {
        remarks.push(format!("It names no model: the form has {model}."));
        return model;
    };
    Model::offered(&slug).unwrap_or_else(|error| {
        let error = sentence(&one_line(&error.to_string(), 300));
        remarks.push(format!("{error} The form has {model}."));
        model
    })
}

/// The parameters that matter for the clip and are not given: the API has a default for each.
fn missing(model: Model, body: &Map<String, Value>, draws_seed: bool) -> Option<String> {
    const TOLD: [Parameter; 5] = [
        Parameter::AspectRatio,
        Parameter::Duration,
        Parameter::Resolution,
        Parameter::Audio,
        Parameter::Seeds,
    ];
    let of_api = Request::readable_part(model, &Value::Null, &mut fastrand::Rng::with_seed(0))
        .0
        .form;
    let is_missing = |parameter: &Parameter| {
        let is_drawn = *parameter == Parameter::Seeds && draws_seed;
        !is_drawn && body.get(parameter.wire()).is_none_or(Value::is_null)
    };
    let told = TOLD.into_iter().filter(is_missing);
    let told: Vec<String> = told
        .map(|parameter| {
            format!(
                "{} {}",
                parameter.label().to_lowercase(),
                parameter.shown(&of_api)
            )
        })
        .collect();
    let list = list(&told)?;
    Some(format!("What it does not say has the API's default: {list}."))
}

/// Removes the fields that no parameter has.
fn unknown(body: &mut Map<String, Value>, kind: Kind) -> Vec<String> {
    let mut remarks = Vec::new();
    let is_imported = kind == Kind::Take && body.shift_remove("as_sent").is_some();
    if is_imported {
        remarks.push(
            "Parts of the request could not be read when the take was imported: check the form.".to_owned(),
        );
    }
    let is_known = |name: &str| {
        TABLE
            .iter()
            .any(|entry| !entry.wire.is_empty() && entry.wire == name)
    };
    if let Some(names) = names(body.keys().filter(|name| !is_known(name))) {
        remarks.push(format!("No parameter is called {names}: left out."));
    }
    body.retain(|name, _| is_known(name));
    remarks
}

/// Makes of the known fields what the API takes: numbers of texts, lists of single texts, and only URLs as references.
fn correct(body: &mut Map<String, Value>, remarks: &mut Vec<String>) {
    for entry in TABLE.iter().filter(|entry| !entry.wire.is_empty()) {
        let Some(value) = body.get_mut(entry.wire) else {
            continue;
        };
        match entry.id {
            Parameter::Prompt => correct_prompt(value, remarks),
            Parameter::Seeds | Parameter::Duration => {
                if let Some(number) = number(value) {
                    *value = number.into();
                }
            }
            id if id.is_reference() => correct_references(id, value, remarks),
            _ => match value.as_str() {
                Some("true" | "True") => *value = true.into(),
                Some("false" | "False") => *value = false.into(),
                _ => {}
            },
        }
    }
}

/// The number in a number or a text, if it is whole.
fn number(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

fn correct_prompt(value: &mut Value, remarks: &mut Vec<String>) {
    let Some(text) = value.as_str() else { return };
    let cleaned = clean(text, MAX_PROMPT);
    // Line breaks of other systems and tabs are nothing to tell.
    let breaks = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let breaks = breaks.replace('\t', " ");
    if cleaned.chars().count() == MAX_PROMPT && cleaned != breaks {
        remarks.push(format!("The prompt was cut after {MAX_PROMPT} characters."));
    } else if cleaned != breaks {
        remarks.push("Invisible characters were taken out of the prompt.".to_owned());
    }
    *value = cleaned.into();
}

/// Keeps only URLs: a local file that a text from elsewhere names must not be uploaded.
fn correct_references(parameter: Parameter, value: &mut Value, remarks: &mut Vec<String>) {
    let is_list = parameter.medium().is_some();
    let mut left_out = Vec::new();
    let mut keeps = |text: &str| {
        let keeps = text.is_empty() || is_http(text);
        if !keeps {
            left_out.push(one_line(text, 60));
        }
        keeps
    };
    match value {
        Value::String(text) => {
            let kept = if keeps(text) {
                std::mem::take(text)
            } else {
                String::new()
            };
            *value = if is_list { vec![kept].into() } else { kept.into() };
        }
        Value::Array(items) => {
            items.retain(|item| item.as_str().is_none_or(&mut keeps));
            // A frame that is given as a list of one.
            if let (false, [Value::String(only)]) = (is_list, items.as_mut_slice()) {
                *value = std::mem::take(only).into();
            }
        }
        _ => {}
    }
    if let Some(names) = names(left_out.iter()) {
        let field = parameter.wire();
        remarks.push(format!(
            "{field} names {names}, which is not a URL: left out. Add the file yourself if you have it."
        ));
    }
}

/// Some names in quotation marks; `None` when there are none.
pub(super) fn names<'n>(all: impl Iterator<Item = &'n String>) -> Option<String> {
    let mut all: Vec<String> = all.map(|name| format!("{:?}", one_line(name, 60))).collect();
    let more = all.len().saturating_sub(MAX_NAMES);
    all.truncate(MAX_NAMES);
    if more > 0 {
        all.push(format!("{more} more"));
    }
    list(&all)
}

/// `a, b and c`; `None` for an empty list.
fn list(all: &[String]) -> Option<String> {
    match all.split_last()? {
        (last, []) => Some(last.clone()),
        (last, rest) => Some(format!("{} and {last}", rest.join(", "))),
    }
}

/// The text as a sentence: it begins with a capital letter, unless a name begins it, and ends with a full stop.
fn sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let is_word = !first.contains(['_', ':', '"']);
    let mut chars = text.chars();
    match chars.next().filter(|_| is_word) {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => format!("{text}."),
    }
}
