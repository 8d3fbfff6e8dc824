//! Says in plain words what serde says about a file of models.

use crate::model::text::one_line;

use super::located::nearest;

/// How much of the accepted words is listed, in characters.
const MAX_LIST: usize = 120;

/// A mistake in a table, as serde words it, for the reader: `unknown field "durationss"`, and the word that was probably meant.
/// What is worded in another way stays as it is.
pub(super) fn plain(what: &str) -> (String, Option<String>) {
    let (model, mistake) = what.split_once(": ").unwrap_or(("", what));
    let in_model = |mistake: String| match model {
        "" => mistake,
        model => format!("{model}: {mistake}"),
    };
    for (kind, accepted) in [("unknown field ", "expected "), ("unknown variant ", "expected ")] {
        let Some((given, known)) = mistake.strip_prefix(kind).and_then(|rest| rest.split_once(", ")) else {
            continue;
        };
        let given = given.trim_matches('`');
        let known: Vec<&str> = known
            .trim_start_matches(accepted)
            .split('`')
            .skip(1)
            .step_by(2)
            .collect();
        let meant = nearest(given, known.iter().copied()).map(str::to_owned);
        let list = if meant.is_some() || known.is_empty() {
            String::new()
        } else {
            format!("; accepted: {}", one_line(&known.join(", "), MAX_LIST))
        };
        return (in_model(format!("{kind}{given:?}{list}")), meant);
    }
    if let Some(field) = mistake.strip_prefix("missing field ") {
        return (
            in_model(format!("{:?} is missing", field.trim_matches('`'))),
            None,
        );
    }
    let typed = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|kind| mistake.strip_prefix(kind));
    match typed.and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((found, expected)) => (
            in_model(format!("{} is not {}", thing(found), type_of(expected))),
            None,
        ),
        None => (what.to_owned(), None),
    }
}

/// What serde found, as in `string "7.00"`.
fn thing(found: &str) -> String {
    let kinds = [
        ("string ", "the text "),
        ("integer ", ""),
        ("floating point ", ""),
        ("boolean ", ""),
    ];
    let named = kinds
        .iter()
        .find_map(|(kind, word)| Some(format!("{word}{}", found.strip_prefix(kind)?.trim_matches('`'))));
    named.unwrap_or_else(|| match found {
        "map" => "a table".to_owned(),
        "sequence" => "a list".to_owned(),
        other => other.to_owned(),
    })
}

/// What serde expected, as in `f64`.
fn type_of(expected: &str) -> &str {
    match expected {
        "f32" | "f64" => "a number",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            "a whole number in its range"
        }
        "a string" | "a borrowed string" | "string" => "a text in quotation marks",
        "a sequence" => "a list",
        "a map" | "map" => "a table",
        "a boolean" => "true or false",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serdes_words_are_said_in_plain_ones() {
        for (said, plain_words, meant) in [
            (
                "m: unknown field `durationss`, expected one of `label`, `durations`",
                "m: unknown field \"durationss\"",
                Some("durations"),
            ),
            (
                "m: unknown field `zzz`, expected `label` or `prices`",
                "m: unknown field \"zzz\"; accepted: label, prices",
                None,
            ),
            ("m: missing field `label`", "m: \"label\" is missing", None),
            (
                "m: invalid type: string \"7.00\", expected f64",
                "m: the text \"7.00\" is not a number",
                None,
            ),
            (
                "m: invalid type: integer `3`, expected a string",
                "m: 3 is not a text in quotation marks",
                None,
            ),
            (
                "m: invalid value: integer `300`, expected u8",
                "m: 300 is not a whole number in its range",
                None,
            ),
            (
                "m: invalid type: map, expected a sequence",
                "m: a table is not a list",
                None,
            ),
            ("m: 480q is no resolution", "m: 480q is no resolution", None),
        ] {
            assert_eq!(
                plain(said),
                (plain_words.to_owned(), meant.map(str::to_owned)),
                "{said}"
            );
        }
    }
}
