//! Finds a secret in a text that may write it with escapes.
//!
//! A server can repeat a key as `SG_01\u0032…` (JSON), `SG%5F012…` (a URL) or `SG&#95;012…` (HTML), one inside
//! another, or with invisible characters between its letters. Whoever decodes or cleans such a text later would
//! bring the key back, so it is found before anything is decoded.

use std::ops::Range;

use super::text::is_shown;

/// Escapes inside escapes are undone this often: JSON in a string of JSON that holds a URL needs three.
const MAX_LAYERS: u32 = 8;

/// A character of the decoded text, and where it begins in the text as it is written.
#[derive(Clone, Copy)]
struct Letter {
    char: char,
    at: usize,
}

/// The parts of `text` that spell `secret` once escapes are undone, in order; together with `prefix` where that
/// stands before it. Upper and lower case count as the same.
pub(super) fn spelled(text: &str, prefix: &str, secret: &str) -> Vec<Range<usize>> {
    let (prefix, secret): (Vec<char>, Vec<char>) = (prefix.chars().collect(), secret.chars().collect());
    let mut letters: Vec<Letter> = text
        .char_indices()
        .map(|(at, char)| Letter { char, at })
        .collect();
    let mut found = Vec::new();
    for _ in 0..=MAX_LAYERS {
        letters.retain(|letter| is_shown(letter.char));
        found.extend(ranges(&letters, text.len(), &prefix, &secret));
        if !undo_escapes(&mut letters) {
            break;
        }
    }
    merged(found)
}

fn ranges<'a>(
    letters: &'a [Letter],
    end: usize,
    prefix: &'a [char],
    secret: &'a [char],
) -> impl Iterator<Item = Range<usize>> + 'a {
    let spells = |part: &[Letter], word: &[char]| {
        let same = |(letter, char): (&Letter, &char)| letter.char.eq_ignore_ascii_case(char);
        part.len() == word.len() && part.iter().zip(word).all(same)
    };
    let windows = letters.windows(secret.len().max(1)).enumerate();
    windows
        .filter(move |(_, window)| spells(window, secret))
        .map(move |(n, _)| {
            let before = n.saturating_sub(prefix.len());
            let first = if spells(&letters[before..n], prefix) {
                before
            } else {
                n
            };
            let after = letters.get(n + secret.len()).map_or(end, |next| next.at);
            letters[first].at..after
        })
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

/// Undoes one layer of escapes in place. Returns whether there were any.
fn undo_escapes(letters: &mut Vec<Letter>) -> bool {
    let (mut read, mut write) = (0, 0);
    while read < letters.len() {
        let (char, length) = escape(&letters[read..]).unwrap_or((letters[read].char, 1));
        letters[write] = Letter {
            char,
            at: letters[read].at,
        };
        write += 1;
        read += length;
    }
    letters.truncate(write);
    write < read
}

/// The character that an escape at the beginning of `letters` stands for, and how many letters write it.
fn escape(letters: &[Letter]) -> Option<(char, usize)> {
    let char_at = |n: usize| letters.get(n).map(|letter| letter.char);
    match (char_at(0)?, char_at(1)?) {
        ('\\', 'u') => Some((code(letters, 2, 4, 16)?.0, 6)),
        ('\\', 'x') => Some((code(letters, 2, 2, 16)?.0, 4)),
        ('\\', 'b' | 'f' | 'n' | 'r' | 't') => Some(('\n', 2)),
        ('\\', char @ ('"' | '\\' | '/')) => Some((char, 2)),
        ('%', _) => Some((code(letters, 1, 2, 16)?.0, 3)),
        ('&', '#') => {
            let (start, radix) = match char_at(2)? {
                'x' | 'X' => (3, 16),
                _ => (2, 10),
            };
            let (char, end) = code(letters, start, 8, radix)?;
            Some((char, end + usize::from(char_at(end) == Some(';'))))
        }
        ('&', 'a') => {
            let name = letters.get(1..5)?.iter().map(|letter| letter.char);
            name.eq("amp;".chars()).then_some(('&', 5))
        }
        _ => None,
    }
}

/// The character with the number that up to `most` digits from `start` write, and where they end.
fn code(letters: &[Letter], start: usize, most: usize, radix: u32) -> Option<(char, usize)> {
    let digits = letters.get(start..)?.iter().take(most);
    let digits: Vec<u32> = digits.map_while(|letter| letter.char.to_digit(radix)).collect();
    let number = digits
        .iter()
        .try_fold(0_u32, |sum, digit| sum.checked_mul(radix)?.checked_add(*digit))?;
    // A key is written in ASCII: other characters may stay as they are written.
    let char = char::from_u32(number).filter(char::is_ascii)?;
    (!digits.is_empty()).then_some((char, start + digits.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcd3f";

    fn without(text: &str) -> String {
        let mut rest = text.to_owned();
        for range in spelled(text, "SG_", SECRET).into_iter().rev() {
            rest.replace_range(range, "*");
        }
        rest
    }

    #[test]
    fn the_secret_is_found_under_every_escape() {
        let of_each =
            |form: &dyn Fn(u32) -> String| -> String { SECRET.chars().map(|c| form(u32::from(c))).collect() };
        let json = of_each(&|c| format!("\\u{c:04X}"));
        for written in [
            SECRET.to_owned(),
            SECRET.to_uppercase(),
            json.clone(),
            json.replace('\\', "\\\\"),
            json.replace('\\', "\\\\\\\\"),
            json.replace('\\', "\\u005c"),
            of_each(&|c| format!("%{c:02x}")),
            of_each(&|c| format!("%25{c:02X}")),
            of_each(&|c| format!("\\u0025{c:02x}")),
            of_each(&|c| format!("\\x{c:02x}")),
            of_each(&|c| format!("&#{c};")),
            of_each(&|c| format!("&amp;#x{c:04x};")),
            "01234\\u0035\\u0036789abcd3f".to_owned(),
            "0123\u{200b}4567\t89ab\\ncd3f".to_owned(),
            SECRET.chars().map(|c| format!("{c}\0")).collect(),
        ] {
            for prefix in ["", "SG_", "SG\\u005f", "SG%5F", "SG&#95;"] {
                let text = format!("{{\"a\":\"bad {prefix}{written}!\"}}");
                assert_eq!(without(&text), "{\"a\":\"bad *!\"}", "{text}");
            }
        }
    }

    #[test]
    fn other_text_stays_and_json_stays_json() {
        for text in [
            "",
            "%",
            "\\u00",
            "\\u12",
            "&#;",
            "&#x;",
            "100 % of 0123456789abcd3",
            "a\\nb \\\" %zz &amp; \\ud83d\\udca9",
        ] {
            assert_eq!(without(text), text);
        }
        let body =
            serde_json::json!({"deep": serde_json::json!({"key": format!("SG_{SECRET}")}).to_string()});
        let cleaned: serde_json::Value = serde_json::from_str(&without(&body.to_string())).unwrap();
        assert_eq!(cleaned["deep"], r#"{"key":"*"}"#);
    }

    #[test]
    fn a_key_that_looks_escaped_itself_is_found_as_it_is() {
        let found = spelled("say %41%42\\u0043 again", "", "%41%42\\u0043");
        assert_eq!(found.first(), Some(&(4..16)));
    }

    /// Text that hides escapes in escapes without end costs a bounded effort.
    #[test]
    fn endless_layers_come_to_an_end() {
        let text = format!("%{}30", "25".repeat(200_000));
        assert!(spelled(&text, "SG_", SECRET).is_empty());
    }
}
