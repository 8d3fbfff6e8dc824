//! Finds quotations, and how long each takes to say.

use std::ops::Range;

use crate::script::letters::is_unspaced;

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// The bytes with the marks.
    pub(super) at: Range<usize>,
    /// The bytes between the marks.
    pub(super) inner: Range<usize>,
    /// It is a value of JSON or YAML, and not what somebody says: `"action": "she turns"`.
    pub(super) is_data: bool,
}

/// The longest quotation in bytes: a mark without its pair must not swallow the script.
const MAX_BYTES: usize = 1200;

impl Quote {
    /// Whether it is short enough for what is shown or spoken in the picture, and not the whole prompt.
    pub(super) const fn is_shown(&self) -> bool {
        !self.is_data && self.at.end - self.at.start <= MAX_SHOWN
    }
}

/// The longest quotation that is surely within the picture, in bytes.
const MAX_SHOWN: usize = 120;

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
                        is_data: is_value(text, from),
                    });
                    open = None;
                }
            }
            _ => open = closing(c).map(|close| (at, close)),
        }
    }
    quotes
}

/// How far before a value its key is looked for, in bytes.
const MAX_KEY: usize = 60;

/// Whether a key of JSON or YAML and a colon precede the quotation at `at`.
fn is_value(text: &str, at: usize) -> bool {
    let near = &text[text.floor_char_boundary(at.saturating_sub(MAX_KEY))..at];
    let line = near.rsplit('\n').next().unwrap_or_default();
    let Some(key) = line.trim_end().strip_suffix(':') else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    key.ends_with('"') || key.trim_start_matches([' ', '\t', '-']).chars().all(is_name)
}

const fn closing(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        '«' => Some('»'),
        '„' => Some('“'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

/// How long it takes to say `text`, in milliseconds: a second for 2.5 words, 4.5 Chinese characters, 7 Japanese syllables
/// or 12 Thai letters.
pub(super) fn spoken_ms(text: &str) -> u32 {
    let (mut ms, mut in_word) = (0_u64, false);
    for c in text.chars() {
        let is_wide = is_unspaced(c)
            && !('\u{1100}'..='\u{11ff}').contains(&c)
            && !('\u{ac00}'..='\u{d7af}').contains(&c);
        let is_letter = c.is_alphanumeric();
        ms += match c {
            'ー' | '\u{3040}'..='\u{30ff}' if is_letter => 1000 / 7,
            '\u{e00}'..='\u{eff}' if is_letter => 1000 / 12,
            _ if is_letter && is_wide => 1000 * 2 / 9,
            _ if is_letter && !in_word => 400,
            _ => 0,
        };
        in_word = is_letter && !is_wide || in_word && matches!(c, '\'' | '’');
    }
    u32::try_from(ms).unwrap_or(u32::MAX)
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
        assert_eq!(spoken_ms("我们走吧，快点走啊你"), 1998);
        assert_eq!(spoken_ms("우리는 떠나지 않아"), 1200);
        assert_eq!(spoken_ms("…!"), 0);
    }
}
