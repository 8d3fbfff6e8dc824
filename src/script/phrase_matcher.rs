//! Finds phrases of a list in a text: the longest at each place, whole words only.

use std::collections::HashMap;
use std::ops::Range;

/// Phrases by their first character, the longest first, each with what it stands for.
pub struct PhraseMatcher<T>(HashMap<char, Vec<(&'static str, Vec<T>)>>);

impl<T: Copy> PhraseMatcher<T> {
    /// A phrase may be listed more than once: it then stands for several things.
    pub fn new(phrases: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut by_first: HashMap<char, Vec<(&'static str, Vec<T>)>> = HashMap::new();
        for (phrase, meaning) in phrases {
            let Some(first) = phrase.chars().next() else {
                continue;
            };
            let bucket = by_first.entry(first.to_ascii_lowercase()).or_default();
            match bucket.iter_mut().find(|(known, _)| *known == phrase) {
                Some((_, meanings)) => meanings.push(meaning),
                None => bucket.push((phrase, vec![meaning])),
            }
        }
        for bucket in by_first.values_mut() {
            bucket.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        Self(by_first)
    }

    /// Every phrase in `text`, in order and without overlap; one with several meanings is listed once for each.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, T)> {
        let mut found = Vec::new();
        let mut past = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let starts = at >= past && !(c.is_ascii_alphanumeric() && before.is_ascii_alphanumeric());
            before = c;
            let bucket = starts.then(|| self.0.get(&c.to_ascii_lowercase())).flatten();
            let longest = bucket
                .into_iter()
                .flatten()
                .find_map(|(phrase, meanings)| Some((phrase_end(text, at, phrase)?, meanings)));
            if let Some((end, meanings)) = longest {
                found.extend(meanings.iter().map(|meaning| (at..end, *meaning)));
                past = end;
            }
        }
        found
    }
}

/// Where `phrase` ends if it stands at `at`. Case does not matter, a space of the phrase may be a hyphen and the
/// reverse, and a Latin word must not continue after it.
fn phrase_end(text: &str, at: usize, phrase: &str) -> Option<usize> {
    let is_gap = |c: char| matches!(c, ' ' | '-' | '\u{a0}' | '‑' | '’' | '\'');
    let mut rest = text.get(at..)?.char_indices();
    let mut end = at;
    let mut last = ' ';
    for wanted in phrase.chars() {
        let (offset, c) = rest.next()?;
        if !(c.eq_ignore_ascii_case(&wanted) || is_gap(wanted) && is_gap(c)) {
            return None;
        }
        end = at + offset + c.len_utf8();
        last = c;
    }
    let continues = rest.next().is_some_and(|(_, c)| c.is_ascii_alphanumeric());
    (!(continues && last.is_ascii_alphanumeric())).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found_and_words_stay_whole() {
        let matcher = PhraseMatcher::new([("pan", 1), ("pan left", 2), ("环绕", 3), ("pan", 4)]);
        let found = |text| -> Vec<i32> { matcher.find(text).into_iter().map(|(_, n)| n).collect() };
        assert_eq!(found("a PAN-Left, a pan"), [2, 1, 4]);
        assert!(found("companion, panorama").is_empty());
        assert_eq!(found("镜头环绕人物"), [3]);
    }
}
