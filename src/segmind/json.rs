//! Reads JSON, even if it contains numbers that JSON does not know (`NaN`, `Infinity`, `1e999`).

use serde_json::Value;

/// The JSON of `bytes`. A bare token outside of strings that is a number only to other languages becomes a string
/// with its text, so that one odd field does not make a whole response unreadable.
pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes)
        .ok()
        .or_else(|| serde_json::from_slice(&with_odd_numbers_quoted(bytes)?).ok())
}

/// `None` when there is nothing to quote.
fn with_odd_numbers_quoted(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut quoted = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    let mut is_changed = false;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => length_of_string(rest),
            _ => rest.iter().take_while(|byte| is_part_of_token(**byte)).count(),
        };
        let (token, after) = rest.split_at(length.max(1));
        if *first != b'"' && is_odd_number(token) {
            quoted.push(b'"');
            quoted.extend_from_slice(token);
            quoted.push(b'"');
            is_changed = true;
        } else {
            quoted.extend_from_slice(token);
        }
        rest = after;
    }
    is_changed.then_some(quoted)
}

/// The string that `bytes` begin with, both quotation marks included; all of them when it has no end.
fn length_of_string(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = bytes.iter().skip(1).position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        byte => *byte == b'"',
    });
    end.map_or(bytes.len(), |end| end + 2)
}

const fn is_part_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Whether other languages take the token for a number, and JSON does not.
fn is_odd_number(token: &[u8]) -> bool {
    let is_number = str::from_utf8(token).is_ok_and(|token| token.parse::<f64>().is_ok());
    is_number && serde_json::from_slice::<Value>(token).is_err()
}

/// Whether the text is what [`parse`] makes of a number that is not finite: it says nothing.
pub(super) fn is_not_finite(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| !number.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_numbers_become_text_outside_of_strings_only() {
        for (text, value) in [
            (r#"{"a":NaN}"#, json!({"a": "NaN"})),
            (
                r#"{"a": [NaN, -Infinity ,Infinity,1e999, nan], "b":"NaN, \" NaN"}"#,
                json!({"a": ["NaN", "-Infinity", "Infinity", "1e999", "nan"], "b": "NaN, \" NaN"}),
            ),
            (r#"{"NaN":1,"x\\":NaN}"#, json!({"NaN": 1, "x\\": "NaN"})),
            ("NaN", json!("NaN")),
            (
                r#"{"a":true,"b":null,"c":1.5e3}"#,
                json!({"a": true, "b": null, "c": 1.5e3}),
            ),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(value), "{text}");
        }
        for text in [
            "",
            "{",
            "nothing",
            r#"{"a":NaN"#,
            r#"{"a":nothing}"#,
            "\"NaN",
            "<html>NaN</html>",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            parse(&bytes);
        }

        #[test]
        fn what_json_can_read_is_read_as_it_is(text in "\\PC{0,40}", number in any::<f64>()) {
            let json = json!({"text": text, "number": number}).to_string();
            prop_assert_eq!(parse(json.as_bytes()), serde_json::from_str(&json).ok());
        }
    }
}
