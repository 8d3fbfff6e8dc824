//! Finds a secret in a text that may write it with escapes.
//!
//! A server can repeat a key as `SG_01\u0032…` (JSON), `SG%5F012…` (a URL) or `SG&#95;012…` (HTML), one inside
//! another, or with invisible characters between its letters. Decoding or cleaning such a text later
//! would bring the key back, so it is found before anything is decoded.
//!
//! Nobody knows in which order a reader will undo the escapes, and a wrong order can hide the secret: undone as a
//! URL, `%0123\u0034` loses the digits behind the `%`. So each kind is undone by itself, in every order.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::text::is_shown;

/// How many layers of escapes are undone: JSON in a string of JSON that holds a URL needs three.
const MAX_LAYERS: u32 = 8;

/// The most letters searched in one text, which bounds the effort for endless escapes. What is left then counts as found.
const MAX_EFFORT: usize = 1 << 27;

/// How many letters of a text without escapes are held at a time.
const PIECE: usize = 1 << 16;

/// The most digits of a character reference in HTML.
const MAX_DIGITS: usize = 8;

/// A character of the decoded text, and where it begins and ends in the text as it is written.
#[derive(Clone, Copy, Hash)]
struct Letter {
    char: char,
    at: usize,
    end: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Json,
    Url,
    Html,
}

/// The parts of `text` that spell `secret` once escapes are undone, in order; together with `prefix` where that
/// stands before it. Upper and lower case count as the same.
pub(super) fn spelled(text: &str, prefix: &str, secret: &str) -> Vec<Range<usize>> {
    let mut search = Search {
        prefix: prefix.chars().collect(),
        secret: secret.chars().collect(),
        seen: HashSet::new(),
        hasher: RandomState::new(),
        effort: MAX_EFFORT,
        found: Vec::new(),
    };
    // A secret cannot contain other characters, so each stretch without them is searched by itself. That bounds memory.
    let belongs = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '\\' | '%' | '&' | '#' | ';')
            || !is_shown(c)
            || prefix.contains(c)
            || secret.contains(c)
    };
    let mut start = 0;
    for stretch in text.split(|c| !belongs(c)) {
        search.stretch(stretch, start);
        let end = start + stretch.len();
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
    }
    let mut found = merged(search.found);
    for range in &mut found {
        let unseen = text[range.end..].chars().take_while(|c| !is_shown(*c));
        range.end += unseen.map(char::len_utf8).sum::<usize>();
    }
    found
}

struct Search {
    prefix: Vec<char>,
    secret: Vec<char>,
    /// Hashes of what has been searched of the stretch.
    seen: HashSet<u64>,
    hasher: RandomState,
    effort: usize,
    found: Vec<Range<usize>>,
}

impl Search {
    /// Searches a stretch of the text that begins at `start`.
    fn stretch(&mut self, text: &str, start: usize) {
        let shortest = self.secret.len();
        if text.len() < shortest {
            return;
        }
        let is_plain = |c: char| c.is_ascii() && !matches!(c, '\\' | '%' | '&') && is_shown(c);
        if !text.chars().all(is_plain) {
            self.seen.clear();
            self.look(&letters(text, start), start..start + text.len(), MAX_LAYERS);
            return;
        }
        // Text without escapes is searched in pieces, which overlap by the length of a key.
        for from in (0..text.len()).step_by(PIECE) {
            let to = text.len().min(from + PIECE + self.prefix.len() + shortest);
            let piece = letters(&text[from..to], start + from);
            let found = ranges(&piece, &self.prefix, &self.secret);
            self.found.extend(found);
        }
    }

    /// Looks for the secret in `letters`, which are written at `place`, and in what they are once escapes are undone,
    /// in any order of the kinds.
    fn look(&mut self, letters: &[Letter], place: Range<usize>, layers: u32) {
        if !self.seen.insert(self.hasher.hash_one(letters)) {
            return;
        }
        self.effort = self.effort.saturating_sub(letters.len());
        if self.effort == 0 {
            self.found.push(place);
            return;
        }
        let found = ranges(letters, &self.prefix, &self.secret);
        self.found.extend(found);
        for kind in [Kind::Json, Kind::Url, Kind::Html] {
            if let Some(undone) = undo(kind, letters).filter(|_| layers > 0) {
                self.look(&undone, place.clone(), layers - 1);
            }
        }
    }
}

/// The characters of `text` that are shown; it begins at `start`.
fn letters(text: &str, start: usize) -> Vec<Letter> {
    let shown = text.char_indices().filter(|(_, char)| is_shown(*char));
    let letter = |(at, char): (usize, char)| Letter {
        char,
        at: start + at,
        end: start + at + char.len_utf8(),
    };
    shown.map(letter).collect()
}

fn ranges<'a>(
    letters: &'a [Letter],
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
            letters[first].at..letters[n + secret.len().max(1) - 1].end
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

/// Undoes one layer of the escapes of one kind. `None` when there are none.
fn undo(kind: Kind, letters: &[Letter]) -> Option<Vec<Letter>> {
    let first = (0..letters.len()).find(|n| escape(kind, &letters[*n..]).is_some())?;
    let mut undone = Vec::with_capacity(letters.len());
    undone.extend_from_slice(&letters[..first]);
    let mut read = first;
    while read < letters.len() {
        let (char, length) = escape(kind, &letters[read..]).unwrap_or((letters[read].char, 1));
        if is_shown(char) {
            let (at, end) = (letters[read].at, letters[read + length - 1].end);
            undone.push(Letter { char, at, end });
        }
        read += length;
    }
    Some(undone)
}

/// The character that an escape at the beginning of `letters` stands for, and how many letters write it.
fn escape(kind: Kind, letters: &[Letter]) -> Option<(char, usize)> {
    let char_at = |n: usize| letters.get(n).map(|letter| letter.char);
    match (kind, char_at(0)?, char_at(1)?) {
        (Kind::Json, '\\', 'u') => Some((code(letters.get(2..6)?, 16)?, 6)),
        (Kind::Json, '\\', 'x') => Some((code(letters.get(2..4)?, 16)?, 4)),
        (Kind::Json, '\\', 'b' | 'f' | 'n' | 'r' | 't') => Some(('\n', 2)),
        (Kind::Json, '\\', char @ ('"' | '\\' | '/')) => Some((char, 2)),
        (Kind::Url, '%', _) => Some((code(letters.get(1..3)?, 16)?, 3)),
        (Kind::Html, '&', '#') => {
            let (start, radix) = match char_at(2)? {
                'x' | 'X' => (3, 16),
                _ => (2, 10),
            };
            let digits = letters[start..].iter().take(MAX_DIGITS);
            let end = start + digits.take_while(|digit| digit.char.is_digit(radix)).count();
            let char = code(&letters[start..end], radix)?;
            Some((char, end + usize::from(char_at(end) == Some(';'))))
        }
        (Kind::Html, '&', 'a') => {
            let name = letters.get(1..5)?.iter().map(|letter| letter.char);
            name.eq("amp;".chars()).then_some(('&', 5))
        }
        _ => None,
    }
}

/// The character with the number that all of `digits` write.
fn code(digits: &[Letter], radix: u32) -> Option<char> {
    let number = digits.iter().try_fold(0_u32, |sum, digit| {
        sum.checked_mul(radix)?.checked_add(digit.char.to_digit(radix)?)
    })?;
    // A key is written in ASCII: other characters that are shown may stay as they are written.
    let is_needed = |c: &char| c.is_ascii() || !is_shown(*c);
    char::from_u32(number)
        .filter(is_needed)
        .filter(|_| !digits.is_empty())
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
            "01234\\u200b\\u200B56789abcd3f".to_owned(),
            "0123\u{200b}4567\t89ab\\ncd3f".to_owned(),
            SECRET.chars().map(|c| format!("{c}\0")).collect(),
        ] {
            for prefix in ["", "SG_", "SG\\u005f", "SG%5F", "SG&#95;"] {
                let text = format!("{{\"a\":\"bad {prefix}{written}!\"}}");
                assert_eq!(without(&text), "{\"a\":\"bad *!\"}", "{text}");
            }
        }
    }

    /// What stands before the key can look like the beginning of an escape that takes the key's letters.
    #[test]
    fn the_secret_is_found_behind_the_beginning_of_an_escape() {
        for (text, clean) in [
            (r#"{"m":"?k=%0123456789abcd3\u0066"}"#, r#"{"m":"?k=%*"}"#),
            (r#"{"m":"?k=%0123456789abcd3&#102;"}"#, r#"{"m":"?k=%*"}"#),
            (r#"{"m":"\\u0123456789abcd3\u0066"}"#, r#"{"m":"\\u*"}"#),
            (r#"{"m":"&#0123456789abcd3\u0066"}"#, r#"{"m":"&#*"}"#),
        ] {
            assert_eq!(without(text), clean, "{text}");
        }
        // Where the text before it can be read as the key's first letter too, that goes with it.
        let text = r"&#x78;2#=k\&#117;005&#99;\\&amp;#2&#92;u0065587&#97;&#97;9681cce187";
        assert!(
            matches!(spelled(text, "SG_", "e587aa9681cce187")[..], [Range { start: ..=34, end }] if end == text.len()),
            "{text}"
        );
        let found = spelled(r#"{"m":"%1\u00634567890123456d"}"#, "SG_", "c4567890123456d");
        assert_eq!(found, vec![Range { start: 8, end: 28 }]);
    }

    /// One way to write a character for certain, and the character before it was written so.
    fn encoded(kind: Kind, text: &str, random: &mut fastrand::Rng) -> String {
        let mut all = String::new();
        for c in text.chars() {
            let code = u32::from(c);
            let must = matches!(
                (kind, c),
                (Kind::Json, '"' | '\\') | (Kind::Url, '%') | (Kind::Html, '&')
            );
            if !must && random.u8(..4) > 0 {
                all.push(c);
                continue;
            }
            all += &match kind {
                Kind::Json if must && random.bool() => format!("\\{c}"),
                Kind::Json => format!("\\u{code:04x}"),
                Kind::Url => format!("%{code:02X}"),
                Kind::Html if must && random.bool() => "&amp;".to_owned(),
                Kind::Html if random.bool() => format!("&#{code};"),
                Kind::Html => format!("&#x{code:x};"),
            };
        }
        all
    }

    /// Any nesting of the three encodings of a text with a key in it loses the key and nothing else. Only letters that could be the
    /// beginning of an escape may go with the key, where they stand right before it.
    #[test]
    fn every_nesting_of_the_encodings_loses_the_key_and_nothing_else() {
        let seed = fastrand::u64(..);
        println!("seed {seed}");
        let mut random = fastrand::Rng::with_seed(seed);
        let text = |random: &mut fastrand::Rng| -> String {
            let letters = [
                '%', '\\', '&', '#', ';', 'u', 'x', '"', ' ', '=', 'k', '2', '5', '~',
            ];
            let length = random.usize(..12);
            let drawn: String = (0..length)
                .map(|_| letters[random.usize(..letters.len())])
                .collect();
            // Which of two backslashes belongs to the letter behind them depends on the order of reading.
            drawn.trim_end_matches('\\').to_owned()
        };
        for _ in 0..3000 {
            let key: String = (0..16).map(|_| random.char('0'..='9')).collect();
            let key: String = key
                .chars()
                .map(|c| if random.bool() { c } else { random.char('a'..='f') })
                .collect();
            let head = if random.bool() { "SG_" } else { "" };
            let is_apart = random.bool();
            let before = text(&mut random);
            let mut parts = [
                if is_apart { format!("{before}=") } else { before },
                format!("{head}{key}"),
                format!("~{}", text(&mut random)),
            ];
            for _ in 0..random.u8(..4) {
                let kind = [Kind::Json, Kind::Url, Kind::Html][random.usize(..3)];
                parts = parts.map(|part| encoded(kind, &part, &mut random));
            }
            let whole = parts.concat();
            let start = parts[0].len();
            let found = spelled(&whole, "SG_", &key);
            let end = start + parts[1].len();
            let is_exact = matches!(found[..], [ref one] if one.end == end && (one.start == start || !is_apart && one.start < start));
            assert!(is_exact, "{whole} with {key}: {found:?} is not {start}..{end}");
        }
    }

    #[test]
    fn the_secret_is_found_anywhere_in_a_long_text() {
        for at in [0, PIECE - 20, PIECE - 8, PIECE, PIECE + 1, 3 * PIECE] {
            let (before, after) = ("x".repeat(at), "y".repeat(PIECE));
            let text = format!("{before}SG_{SECRET}{after}");
            let found = Range {
                start: at,
                end: at + 19,
            };
            assert_eq!(spelled(&text, "SG_", SECRET), vec![found]);
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
