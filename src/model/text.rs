//! Text from outside, made safe to show: no control bytes, no unbounded length.
/// `text` on one line: line breaks and tabs become spaces, other control characters, bidirectional overrides
/// and zero-width joints vanish; cut at `most` characters with an ellipsis.
pub fn one_line(text: &str, most: usize) -> String {
    let spaced = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    cut(spaced.filter(|c| is_shown(*c)), most)
}

/// `text` on one line between quotation marks, every letter as it is; cut at `most` characters.
pub fn quoted(text: &str, most: usize) -> String {
    format!("\"{}\"", one_line(text, most))
}

/// `text` with its line breaks kept, other control characters gone; cut at `most` characters.
pub fn lines(text: &str, most: usize) -> String {
    cut(text.chars().filter(|c| *c == '\n' || is_shown(*c)), most)
}

/// JSON without characters that a terminal would interpret: what [`lines`] takes out is written as `\\u…`, so that it
/// reads back unchanged.
pub fn tame_json(json: String) -> String {
    if json.chars().all(|c| is_shown(c) || c == '\n') {
        return json;
    }
    let mut tame = String::with_capacity(json.len());
    for c in json.chars() {
        if is_shown(c) || c == '\n' {
            tame.push(c);
        } else {
            // All of them lie below U+FFFF.
            tame.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    tame
}

/// A value as JSON on one line, as [`tame_json`] writes it.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn json_line(value: &impl serde::Serialize) -> serde_json::Result<String> {
    Ok(format!("{}\n", tame_json(serde_json::to_string(value)?)))
}

/// A file name made of `text`: ASCII letters, digits, `-` and `_`, never empty, never longer than 48.
pub fn file_stem(text: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let joined: String = text.chars().take(200).map(safe).collect();
    let words: Vec<&str> = joined.split('-').filter(|w| !w.is_empty()).collect();
    let mut stem = words.join("-");
    stem.truncate(48);
    if stem.is_empty() {
        "untitled".to_owned()
    } else {
        stem
    }
}

/// Line and column of byte `offset` of `text`, both from 1, the column in characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Milliseconds as seconds with as few decimals as are exact: `3`, `1.5`, `0.04`.
pub fn exact_seconds(ms: impl Into<u64>) -> String {
    let ms = ms.into();
    let exact = format!("{}.{:03}", ms / 1000, ms % 1000);
    exact.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milliseconds as whole seconds, rounded down as a clock shows them.
pub const fn whole_seconds(ms: u64) -> u64 {
    ms / 1000
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether [`one_line`] and [`lines`] keep the character.
pub fn is_shown(c: char) -> bool {
    let invisible =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !invisible
}

fn cut(chars: impl Iterator<Item = char>, most: usize) -> String {
    let mut chars = chars.peekable();
    let mut text: String = chars.by_ref().take(most).collect();
    if chars.peek().is_some() {
        text.pop();
        text.push('…');
    }
    text
}

/// The parts one after the other, each with a full stop unless it ends a sentence; empty ones are left out. Text from
/// outside never runs into ours.
pub fn sentences(parts: &[&str]) -> String {
    let ended = |part: &str| {
        let stop = if part.ends_with(['.', '!', '?', '…']) {
            ""
        } else {
            "."
        };
        format!("{part}{stop}")
    };
    let parts = parts.iter().map(|part| part.trim());
    let ended = parts.filter(|part| !part.is_empty()).map(ended);
    ended.collect::<Vec<_>>().join(" ")
}

/// An error of the file system without its number: `No such file or directory`.
pub fn io_error(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// `42 s`, `6 min 19 s`, `1 h 2 min`: milliseconds as people say them, rounded to seconds.
pub fn duration(ms: u64) -> String {
    let seconds = ms.saturating_add(500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// The text with a capital at its beginning, as a sentence has it.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    first.map_or_else(String::new, |first| {
        format!("{}{}", first.to_uppercase(), chars.as_str())
    })
}

/// `1 take`, `6 takes`.
pub fn counted(n: impl Into<u64>, noun: &str) -> String {
    match n.into() {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// `3.1 MB`: decimal units, as providers and disks count.
pub fn bytes(n: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(unit, _)| n >= *unit) {
        Some((unit, name)) => {
            let tenths = (u128::from(n) * 10 + u128::from(unit) / 2) / u128::from(unit);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{n} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_stays_between_quotation_marks() {
        assert_eq!(quoted("0 सेकंड\nसे 3", 40), "\"0 सेकंड से 3\"");
        assert_eq!(quoted("a \u{202e}kite", 4), "\"a k…\"");
    }

    #[test]
    fn sizes_of_files() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(3_149_000), "3.1 MB");
        assert_eq!(bytes(u64::MAX), "18446744073.7 GB");
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        assert_eq!(line_and_column("镜头\nab", 8), (2, 2));
        assert_eq!(line_and_column("镜头", 3), (1, 2));
        assert_eq!(line_and_column("镜头", 4), (1, 2));
        assert_eq!(line_and_column("a", 99), (1, 2));
        assert_eq!(line_and_column("", 0), (1, 1));
    }

    #[test]
    fn exact_seconds_have_no_needless_decimals() {
        let written = [0_u32, 2000, 4500, 33, 12_040].map(exact_seconds);
        assert_eq!(written, ["0", "2", "4.5", "0.033", "12.04"]);
    }
    use proptest::prelude::*;

    #[test]
    fn control_bytes_and_overrides_vanish() {
        assert_eq!(one_line("a\x1b[31mb\nc\u{202e}d\u{9b}", 99), "a[31mb cd");
        assert_eq!(lines("a\x07\nb\r", 99), "a\nb");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }

    #[test]
    fn sentences_never_run_on_into_each_other() {
        for (parts, text) in [
            (
                &["host answered 429: slow down", "Wait."][..],
                "host answered 429: slow down. Wait.",
            ),
            (
                &["Too many requests!", " ", "", "Wait"],
                "Too many requests! Wait.",
            ),
            (&["cut…", "Wait."], "cut… Wait."),
            (&[""], ""),
        ] {
            assert_eq!(sentences(parts), text);
        }
    }

    #[test]
    fn tame_json_reads_back_as_it_was() {
        let text = "a\x1b[31m\u{9b}b\u{202e}c\u{feff}\u{200b}d\tß💡";
        let tame = tame_json(serde_json::json!([text]).to_string());
        assert!(tame.chars().all(is_shown), "{tame:?}");
        let back: Vec<String> = serde_json::from_str(&tame).unwrap();
        assert_eq!(back, [text]);
    }

    #[test]
    fn file_stems_cannot_leave_their_folder() {
        assert_eq!(file_stem("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_stem("镜头"), "untitled");
    }

    proptest! {
        #[test]
        fn never_a_control_byte_and_never_too_long(text in any::<String>(), most in 1..50_usize) {
            let shown = one_line(&text, most);
            prop_assert!(shown.chars().count() <= most && !shown.chars().any(char::is_control));
        }
    }
}
