//! Finds the request in JSON: a body, a take as rushes writes it, or an object that holds a request.

use serde_json::{Map, Value};

use super::{ForeignError, Found, Kind};
use crate::model::parameters::TABLE;
use crate::model::text::one_line;

/// The fields that hold a request, the likeliest first.
const HOLDERS: [&str; 7] = [
    "request",
    "input",
    "data",
    "request_body",
    "body",
    "json",
    "parameters",
];

/// How deep a request may lie in objects that hold it.
const MAX_DEPTH: usize = 5;

/// What says which model is meant.
const MODEL_FIELDS: [&str; 4] = ["model", "model_name", "model_slug", "slug"];

/// Reads one JSON value.
pub(super) fn read(text: &str) -> Result<Found, ForeignError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = values
        .next()
        .ok_or(ForeignError::Empty)?
        .map_err(|error| not_json(&error))?;
    let more = values.by_ref().take(1000).take_while(Result::is_ok).count();
    if more > 0 {
        return Err(ForeignError::Several { count: more + 1 });
    }
    let rest = text.get(values.byte_offset()..).unwrap_or_default();
    if !rest.trim().is_empty() {
        serde_json::from_str::<Value>(text).map_err(|error| not_json(&error))?;
    }
    find(first, Kind::Json)
}

/// The error with its place.
fn not_json(error: &serde_json::Error) -> ForeignError {
    ForeignError::NotJson {
        line: error.line(),
        column: error.column(),
        reason: reason(error),
    }
}

/// What serde says, without the place.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    one_line(reason, 80)
}

/// The request in a value.
pub(super) fn find(value: Value, kind: Kind) -> Result<Found, ForeignError> {
    within(value, kind, 0)
}

fn within(value: Value, kind: Kind, depth: usize) -> Result<Found, ForeignError> {
    match value {
        _ if depth > MAX_DEPTH => Err(ForeignError::NoRequest),
        Value::Object(fields) => in_object(fields, kind, depth),
        Value::Array(mut items) if items.len() == 1 => {
            let only = items.pop().unwrap_or_default();
            within(only, kind, depth + 1)
        }
        Value::Array(items) if items.len() > 1 => Err(ForeignError::Several { count: items.len() }),
        // The provider's history has bodies as text.
        Value::String(text) if depth > 0 => {
            let value = serde_json::from_str(&text).map_err(|_| ForeignError::NoRequest)?;
            within(value, kind, depth + 1)
        }
        _ => Err(ForeignError::NoRequest),
    }
}

fn in_object(mut fields: Map<String, Value>, kind: Kind, depth: usize) -> Result<Found, ForeignError> {
    let is_take = ["reel", "api_version", "request"]
        .iter()
        .all(|name| fields.contains_key(*name));
    let kind = if is_take { Kind::Take } else { kind };
    if !fields.contains_key("prompt") {
        for holder in HOLDERS {
            let Some(held) = fields.get(holder).filter(|held| can_hold(held)).cloned() else {
                continue;
            };
            let Ok(mut found) = within(held, kind, depth + 1) else {
                continue;
            };
            fields.shift_remove(holder);
            take_model_and_version(&mut fields, &mut found);
            if !is_take {
                found.remarks.extend(beside(&fields, holder));
            }
            return Ok(found);
        }
    }
    let is_body = TABLE
        .iter()
        .any(|entry| !entry.wire.is_empty() && fields.contains_key(entry.wire));
    if !is_body {
        return Err(ForeignError::NoRequest);
    }
    let mut found = Found::new(kind, Map::new());
    take_model_and_version(&mut fields, &mut found);
    found.body = fields;
    Ok(found)
}

fn can_hold(value: &Value) -> bool {
    value.is_object() || value.is_array() || value.is_string()
}

/// Takes what the fields say about the model and the API. What lies nearer to the request counts more.
fn take_model_and_version(fields: &mut Map<String, Value>, found: &mut Found) {
    for name in MODEL_FIELDS {
        if fields.get(name).is_some_and(Value::is_string)
            && let Some(Value::String(model)) = fields.shift_remove(name)
        {
            let slug = model.rsplit('/').next().unwrap_or_default();
            found.model.get_or_insert_with(|| slug.to_owned());
        }
    }
    if let Some(Value::String(version)) = fields.shift_remove("api_version") {
        found.version.get_or_insert(version);
    }
}

/// What stands beside the request and is not part of it.
fn beside(fields: &Map<String, Value>, holder: &str) -> Option<String> {
    let names = super::fields::names(fields.keys())?;
    Some(format!("Beside {holder:?} there is {names}, which was left out."))
}
