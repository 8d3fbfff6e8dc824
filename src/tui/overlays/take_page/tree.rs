//! JSON as an indented tree: a line for each value, nested values below their names.

use serde_json::Value;

/// Columns by which what is nested is indented.
const INDENT: usize = 2;

/// The tree in lines. Text keeps its line breaks. It is quoted only where it could be taken for another kind of value.
pub fn tree(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    match value {
        Value::Object(_) | Value::Array(_) if !is_empty(value) => inside(value, 0, &mut lines),
        scalar => lines.extend(text_of(scalar).lines().map(str::to_owned)),
    }
    lines
}

fn inside(value: &Value, indent: usize, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                one(&format!("{name}:"), value, indent, lines);
            }
        }
        Value::Array(items) => {
            for item in items {
                one("-", item, indent, lines);
            }
        }
        _ => {}
    }
}

/// A value after its name, or below it where it does not fit into one line.
fn one(name: &str, value: &Value, indent: usize, lines: &mut Vec<String>) {
    let before = " ".repeat(indent);
    if matches!(value, Value::Object(_) | Value::Array(_)) && !is_empty(value) {
        lines.push(format!("{before}{name}"));
        return inside(value, indent + INDENT, lines);
    }
    let text = text_of(value);
    if text.contains('\n') {
        lines.push(format!("{before}{name}"));
        let deeper = " ".repeat(indent + INDENT);
        lines.extend(text.lines().map(|line| format!("{deeper}{line}")));
    } else {
        lines.push(format!("{before}{name} {text}"));
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether nobody can take the text for a number, `true`, `null`, a list or nothing at all.
fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && text.trim() == text && serde_json::from_str::<Value>(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_values_stand_below_their_names() {
        let value = json!({
            "status": "COMPLETED",
            "seed": 7,
            "metrics": {"cost": 0.28, "queue": null},
            "images": ["https://one", {"url": "https://two"}],
            "none": [],
            "prompt": "Shot 1\nA kite.",
            "text": "7",
            "blank": " ",
        });
        let expected = [
            "status: COMPLETED",
            "seed: 7",
            "metrics:",
            "  cost: 0.28",
            "  queue: null",
            "images:",
            "  - https://one",
            "  -",
            "    url: https://two",
            "none: []",
            "prompt:",
            "  Shot 1",
            "  A kite.",
            "text: \"7\"",
            "blank: \" \"",
        ];
        assert_eq!(tree(&value), expected);
        assert_eq!(tree(&json!("gateway timeout")), ["gateway timeout"]);
        assert_eq!(tree(&json!([])), ["[]"]);
    }
}
