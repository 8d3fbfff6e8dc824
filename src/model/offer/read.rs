//! Reads the catalogue, in every form that is likely.

use serde_json::Value as Json;

use super::parameter::{OfferedParameter, first};
use super::{FAMILY, MAX_MODELS, Offer, OfferedModel};
use crate::model::request_words::interned;

/// The most parameters of one model.
const MAX_PARAMETERS: usize = 128;
/// The most values of all parameters of all models.
const MAX_VALUES: usize = 10_000;
/// Names of an object's field that holds the list.
const LISTS: [&str; 4] = ["data", "models", "results", "items"];
/// How deep in objects the list may be.
const MAX_DEPTH: usize = 3;
/// Flags that say that a model ends; the first is how the catalogue spells it.
const ENDS: [&str; 5] = [
    "is_depreciated",
    "is_deprecated",
    "deprecated",
    "is_retired",
    "retired",
];

/// The models of the family in the catalogue.
///
/// # Errors
/// Why nothing follows from it: it is no list, or none of a plausible number of such models.
pub fn read(catalogue: &Json) -> Result<Offer, String> {
    let rows = rows(catalogue, MAX_DEPTH).ok_or("it is not a list of models")?;
    let mut models: Vec<OfferedModel> = Vec::new();
    for model in rows.iter().filter_map(model) {
        if models.iter().all(|known| known.slug != model.slug) {
            models.push(model);
        }
        if models.len() > MAX_MODELS {
            return Err(format!("it lists more than {MAX_MODELS} models of Seedance"));
        }
    }
    if models.is_empty() {
        return Err("it lists no model of Seedance".to_owned());
    }
    let parameters = models.iter().filter_map(|model| model.parameters.as_ref().ok());
    let values = parameters.flatten().map(|parameter| parameter.values.len());
    if values.sum::<usize>() > MAX_VALUES {
        return Err(format!("it lists more than {MAX_VALUES} values of parameters"));
    }
    Ok(Offer { models })
}

fn rows(json: &Json, depth: usize) -> Option<&[Json]> {
    match json {
        Json::Array(rows) => Some(rows),
        Json::Object(_) if depth > 0 => LISTS.iter().find_map(|name| rows(json.get(name)?, depth - 1)),
        _ => None,
    }
}

/// The row's model, if it is one of the family.
fn model(row: &Json) -> Option<OfferedModel> {
    let names = ["slug", "name", "model_name"].iter();
    let slug = names
        .filter_map(|name| row.get(name)?.as_str())
        .find(|name| name.starts_with(FAMILY) && interned(name).is_ok())?;
    let is_set = |name: &&str| match row.get(name) {
        Some(Json::Bool(is_set)) => *is_set,
        Some(Json::Number(number)) => number.as_i64() == Some(1),
        Some(Json::String(word)) => word.eq_ignore_ascii_case("true"),
        _ => false,
    };
    Some(OfferedModel {
        slug: slug.to_owned(),
        retired: ENDS.iter().any(is_set),
        parameters: parameters(row.get("parameters_schema")),
    })
}

/// The parameters of a schema, which may be written as text within JSON.
fn parameters(schema: Option<&Json>) -> Result<Vec<OfferedParameter>, String> {
    let unpacked = match schema {
        Some(Json::String(text)) => serde_json::from_str(text).ok(),
        other => other.cloned(),
    };
    let schema = unpacked.unwrap_or_default();
    let schema = first(&schema, &["properties", "parameters"]).unwrap_or(&schema);
    let entries: Vec<(&str, &Json)> = match schema {
        Json::Object(entries) => entries
            .iter()
            .filter(|(_, entry)| entry.is_object())
            .map(|(name, entry)| (name.as_str(), entry))
            .collect(),
        Json::Array(entries) => entries
            .iter()
            .filter_map(|entry| Some((entry.get("name")?.as_str()?, entry)))
            .collect(),
        _ => Vec::new(),
    };
    if entries.len() > MAX_PARAMETERS {
        return Err(format!("its schema has more than {MAX_PARAMETERS} parameters"));
    }
    let read = entries.into_iter();
    let read: Vec<_> = read
        .filter_map(|(name, entry)| OfferedParameter::read(name, entry))
        .collect();
    // Every model takes one: a list without it is something else.
    if read.iter().all(|parameter| parameter.name != "prompt") {
        return Err("its schema lists no parameters of a request".to_owned());
    }
    Ok(read)
}
