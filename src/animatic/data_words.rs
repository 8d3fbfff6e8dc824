//! What a shot that is written as JSON shows: the values, without keys and brackets.

/// The values of `"key": "value"` in `words`, or the words themselves where there are none.
pub(super) fn of(words: &str) -> String {
    let mut values: Vec<String> = Vec::new();
    // The first mark may close the time before: `", "shot": …`.
    let mut rest = words.trim_start().strip_prefix("\",").unwrap_or(words);
    while let Some(open) = rest.find('"') {
        let (before, quoted) = rest.split_at(open);
        let mut ends = quoted.match_indices('"').skip(1).map(|(at, _)| at);
        let Some(close) = ends.find(|at| !quoted[..*at].ends_with('\\')) else {
            break;
        };
        if before.trim_end().ends_with(':') {
            values.push(quoted[1..close].replace("\\\"", "\"").replace("\\n", " "));
        }
        rest = &quoted[close + 1..];
    }
    let is_data = words.contains("\":") && !values.is_empty();
    if is_data {
        values.join(". ")
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_shown_by_its_values() {
        assert_eq!(
            of(r#"", "shot": "wide of a kiln", "move": "slow \"push\" in"},"#),
            "wide of a kiln. slow \"push\" in"
        );
        for words in ["He says: \"Go.\" A kite.", "a kite", "\"a kite", ""] {
            assert_eq!(of(words), words);
        }
    }
}
