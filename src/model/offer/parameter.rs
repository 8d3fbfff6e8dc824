//! One parameter of a model in the catalogue, as JSON Schema or as an entry of a list.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model::request_words::interned;

/// The most values of one parameter.
const MAX_VALUES: usize = 128;
/// The longest value, in bytes.
const MAX_LENGTH: usize = 64;

/// A field of the request body, as far as the catalogue describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedParameter {
    pub name: String,
    /// The only values that are accepted, if there are such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_items: Option<i64>,
    /// What a value is, if the catalogue says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ValueKind>,
}

/// What a value of the request body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    Boolean,
    Text,
    /// A number, a list or an object.
    Other,
}

impl ValueKind {
    /// Of JSON Schema's `type`, or of the words that lists of parameters use.
    fn of(schema: &Json) -> Option<Self> {
        let word = first(schema, &["type", "data_type"])?.as_str()?;
        Some(match word.to_ascii_lowercase().as_str() {
            "boolean" | "bool" => Self::Boolean,
            "string" | "text" | "str" => Self::Text,
            _ => Self::Other,
        })
    }
}

impl OfferedParameter {
    /// What `schema` says of the field `name`; `None` if that is no name of a field.
    pub(super) fn read(name: &str, schema: &Json) -> Option<Self> {
        interned(name).ok()?;
        Some(Self {
            name: name.to_owned(),
            values: values(schema),
            least: number(first(schema, &["minimum", "min"])),
            most: number(first(schema, &["maximum", "max"])),
            default: schema.get("default").and_then(word),
            most_items: number(first(schema, &["maxItems", "max_items"])),
            kind: ValueKind::of(schema),
        })
    }
}

/// The first of these that is there and not null.
pub(super) fn first<'j>(json: &'j Json, names: &[&str]) -> Option<&'j Json> {
    let mut found = names.iter().filter_map(|name| json.get(name));
    found.find(|value| !value.is_null())
}

/// Strings and numbers, and of objects their `value`. More than [`MAX_VALUES`] are no choice.
fn values(schema: &Json) -> Vec<String> {
    let listed = first(schema, &["enum", "options", "choices"]).and_then(Json::as_array);
    let listed = listed.filter(|all| all.len() <= MAX_VALUES);
    let mut all: Vec<String> = Vec::new();
    for value in listed.into_iter().flatten() {
        if let Some(word) = word(value.get("value").unwrap_or(value))
            && !all.contains(&word)
        {
            all.push(word);
        }
    }
    all
}

/// A string or a number as text.
fn word(value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= MAX_LENGTH).then_some(text)
}

/// A whole number, also one that is written as text or with a point.
fn number(value: Option<&Json>) -> Option<i64> {
    let value = value?;
    value.as_i64().or_else(|| whole(&word(value)?))
}

/// The whole number of a text such as `10`, `10.0` or `10s`.
pub(super) fn whole(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('s').trim_end();
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok()
}
