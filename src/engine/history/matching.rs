//! Whether a row of the history is the request of a take. Pure.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::model::{Model, Take};
use crate::segmind::HistoryRow;

/// A row may be dated this much before our submit (clocks differ).
pub const EARLIER: SignedDuration = SignedDuration::from_mins(5);
/// A row may be dated this much after our submit (slow uploads, time-outs).
const LATER: SignedDuration = SignedDuration::from_mins(30);

/// When a take was sent, as far as is known.
pub fn sent_at(take: &Take) -> Timestamp {
    take.times.submitted.unwrap_or(take.created_at)
}

/// Whether the row is the request of `take`.
pub fn matches(row: &HistoryRow, take: &Take) -> bool {
    in_time(row, sent_at(take)) && is_alike(row, take)
}

/// Whether the row may be of a submit at `sent`.
pub fn in_time(row: &HistoryRow, sent: Timestamp) -> bool {
    row.created.is_none_or(|at| {
        let after = at.duration_since(sent);
        after >= -EARLIER && after <= LATER
    })
}

/// Whether model and body are the take's.
pub fn is_alike(row: &HistoryRow, take: &Take) -> bool {
    let model = row.model_name.as_deref();
    model.is_none_or(|name| name == take.model.slug())
        && row
            .request_body
            .as_ref()
            .is_some_and(|body| same_body(body, &take.body))
}

/// Whether the two takes have the same request.
pub fn is_equal(one: &Take, other: &Take) -> bool {
    one.model == other.model && one.body == other.body
}

/// Whether the row cannot be the take's, however its body may have been reshaped: another seed or model is certainly
/// another request.
pub fn is_certainly_other(row: &HistoryRow, take: &Take) -> bool {
    let known_model = row
        .model_name
        .as_deref()
        .and_then(|name| Model::offered(name).ok());
    let other_model = known_model.is_some_and(|model| model != take.model);
    let seed = row.request_body.as_ref().and_then(|body| body.get("seed"));
    let other_seed = seed.is_some_and(|seed| !same_value(seed, &take.seed.number().into()));
    other_model || other_seed
}

/// Whether the row's body holds a field of the take's with another value.
pub fn contradicts(row: &HistoryRow, take: &Take) -> bool {
    let fields = take.body.as_object().into_iter().flatten();
    let theirs = |name| row.request_body.as_ref().and_then(|body| body.get(name));
    fields.into_iter().any(|(name, ours)| {
        theirs(name).is_some_and(|theirs| !is_unused(theirs) && !same_value(theirs, ours))
    })
}

/// Whether the history's body is the one that we sent: every field of ours is there with its value. The provider may
/// add fields of its own and write numbers as text.
fn same_body(theirs: &Value, ours: &Value) -> bool {
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return false;
    };
    ours.iter().all(|(name, value)| match theirs.get(name) {
        Some(found) => same_value(found, value),
        None => is_unused(value),
    })
}

fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        _ => {
            a == b
                || (is_unused(a) && is_unused(b))
                || as_text(a).is_some_and(|text| as_text(b) == Some(text))
        }
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_f64().map(|n| n.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn is_unused(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_are_the_same_whatever_the_provider_adds_or_leaves_out() {
        let ours = json!({"prompt": "kite", "seed": 7, "reference_images": [], "generate_audio": true});
        assert!(same_body(
            &json!({"prompt": "kite", "seed": "7", "generate_audio": true, "extra": 1}),
            &ours
        ));
        assert!(same_body(
            &json!({"prompt": "kite", "seed": 7.0, "generate_audio": true}),
            &ours
        ));
        for other in [
            json!({"prompt": "kite", "seed": 8, "generate_audio": true}),
            json!({"prompt": "kites", "seed": 7, "generate_audio": true}),
            json!({"prompt": "kite", "seed": 7}),
            json!({"prompt": "kite", "seed": 7, "generate_audio": true, "reference_images": ["a"]}),
            json!([]),
        ] {
            assert!(!same_body(&other, &ours), "{other}");
        }
        let pictures = |of: &[&str]| json!({"reference_images": of});
        assert!(same_body(&pictures(&["a", "b"]), &pictures(&["a", "b"])));
        for others in [&["a"][..], &["b", "a"], &["a", "c"], &[]] {
            assert!(
                !same_body(&pictures(others), &pictures(&["a", "b"])),
                "{others:?}"
            );
        }
    }
}
