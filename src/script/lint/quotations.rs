//! Finds quotations, and how long each takes to say.

use std::ops::Range;

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// The bytes with the marks.
    pub(super) at: Range<usize>,
    /// The bytes between the marks.
    pub(super) inner: Range<usize>,
}

/// The longest quotation in bytes: a mark without its pair must not swallow the script.
const MAX_BYTES: usize = 1200;

/// Every quotation, in order, without nesting.
pub(super) fn quotes(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match open {
            Some((from, close)) if at - from <= MAX_BYTES && !matches!(c, '\n' if close == '"') => {
                if c == close {
                    let inner = from + text[from..].chars().next().map_or(1, char::len_utf8)..at;
                    quotes.push(Quote {
                        at: from..at + c.len_utf8(),
                        inner,
                    });
                    open = None;
                }
            }
            _ => open = closing(c).map(|close| (at, close)),
        }
    }
    quotes
}

const fn closing(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

/// How long it takes to say `text`, in milliseconds: a second for 2.5 words or 3 Chinese characters.
pub(super) fn spoken_ms(text: &str) -> u32 {
    let (mut words, mut characters, mut in_word) = (0_u64, 0_u64, false);
    for c in text.chars() {
        let is_wide = ('\u{2e80}'..='\u{9fff}').contains(&c) && c.is_alphanumeric();
        let is_latin = c.is_alphanumeric() && !is_wide;
        characters += u64::from(is_wide);
        words += u64::from(is_latin && !in_word);
        in_word = is_latin || in_word && matches!(c, '\'' | '’');
    }
    u32::try_from(words * 400 + characters * 1000 / 3).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_all_kinds_pair_up() {
        let text = "He says \"go\". 她说：“走吧。” An inch is 12\" wide.\nShe: 「好」";
        let inner: Vec<&str> = quotes(text).into_iter().map(|quote| &text[quote.inner]).collect();
        assert_eq!(inner, ["go", "走吧。", "好"]);
    }

    #[test]
    fn words_and_characters_take_their_time() {
        assert_eq!(spoken_ms("We don't leave, not tonight."), 2000);
        assert_eq!(spoken_ms("我们走吧，快点"), 2000);
        assert_eq!(spoken_ms("…!"), 0);
    }
}
