//! Values of a program as JSON: constants, what is computed, and how large a value is.

use serde_json::{Value, json};

/// Stands for a value that the program computes. No JSON of a request has such an object.
const COMPUTED: &str = "\u{0}computed";

/// Whether the value is computed, or has a part that is.
pub(super) fn is_computed(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_computed),
        Value::Object(fields) => fields.contains_key(COMPUTED),
        _ => false,
    }
}

/// A value that the program computes.
pub(super) fn computed() -> Value {
    json!({ COMPUTED: true })
}

/// Whether any part of the value is computed, however deep.
pub(super) fn has_computed(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_computed),
        Value::Object(fields) => fields.contains_key(COMPUTED) || fields.values().any(has_computed),
        _ => false,
    }
}

/// The constants, also as JSON writes them: the playground shows both.
pub(super) fn constant(name: &str) -> Option<Value> {
    match name {
        "True" | "true" => Some(true.into()),
        "False" | "false" => Some(false.into()),
        "None" | "null" => Some(Value::Null),
        _ => None,
    }
}

/// How deep a value may be that is copied where a name stands for it: assigned to itself, it would grow without end.
const MAX_DEPTH: usize = 32;

/// About how many bytes the value takes; `None` above `most`, and for one that is too deep to be copied.
pub(super) fn size(value: &Value, most: usize) -> Option<usize> {
    size_within(value, most, 0)
}

fn size_within(value: &Value, most: usize, depth: usize) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    let own = 16 + value.as_str().map_or(0, str::len);
    let mut left = most.checked_sub(own)?;
    let parts: Box<dyn Iterator<Item = (usize, &Value)>> = match value {
        Value::Array(items) => Box::new(items.iter().map(|item| (0, item))),
        Value::Object(fields) => Box::new(fields.iter().map(|(name, value)| (name.len(), value))),
        _ => return Some(own),
    };
    for (name, part) in parts {
        left = left.checked_sub(name)?;
        left -= size_within(part, left, depth + 1)?;
    }
    Some(most - left)
}
