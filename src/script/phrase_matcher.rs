//! Finds phrases of a list in a text: the longest at each place, whole words only.

use std::collections::HashMap;
use std::ops::Range;

use super::letters::is_spaced_letter;

/// Phrases that begin with the same character, the longest first, each with what it stands for.
type Bucket<T> = Vec<(&'static str, Vec<T>)>;

/// Phrases in lower case, by their first character.
pub struct PhraseMatcher<T> {
    ascii: Vec<Bucket<T>>,
    others: HashMap<char, Bucket<T>>,
}

impl<T: Copy> PhraseMatcher<T> {
    /// A phrase may be listed more than once: it then stands for several things.
    pub fn new(phrases: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut matcher = Self {
            ascii: (0..128).map(|_| Vec::new()).collect(),
            others: HashMap::new(),
        };
        for (phrase, meaning) in phrases {
            let Some(first) = phrase.chars().next().map(folded) else {
                continue;
            };
            let bucket = match matcher.ascii.get_mut(first as usize) {
                Some(bucket) => bucket,
                None => matcher.others.entry(first).or_default(),
            };
            match bucket.iter_mut().find(|(known, _)| *known == phrase) {
                Some((_, meanings)) => meanings.push(meaning),
                None => bucket.push((phrase, vec![meaning])),
            }
        }
        for bucket in matcher.ascii.iter_mut().chain(matcher.others.values_mut()) {
            bucket.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        matcher
    }

    /// Every phrase in `text`, in order and without overlap; one with several meanings is listed once for each.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, T)> {
        let mut found = Vec::new();
        let mut past = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let starts = at >= past && !(is_spaced_letter(c) && is_spaced_letter(before));
            before = c;
            let Some((end, meanings)) = starts.then(|| self.at(text, at)).flatten() else {
                continue;
            };
            found.extend(meanings.iter().map(|meaning| (at..end, *meaning)));
            past = end;
        }
        found
    }

    /// The end of the longest phrase that stands at byte `at` of `text`, and what it stands for. What precedes it does
    /// not matter.
    pub fn at(&self, text: &str, at: usize) -> Option<(usize, &[T])> {
        let first = folded(text.get(at..)?.chars().next()?);
        let bucket = match self.ascii.get(first as usize) {
            Some(bucket) => bucket,
            None => self.others.get(&first)?,
        };
        bucket
            .iter()
            .find_map(|(phrase, meanings)| Some((phrase_end(text, at, phrase)?, meanings.as_slice())))
    }
}

/// The character in lower case.
fn folded(c: char) -> char {
    if c.is_ascii() {
        c.to_ascii_lowercase()
    } else {
        c.to_lowercase().next().unwrap_or(c)
    }
}

/// Where `phrase` ends if it stands at `at`. Case does not matter, a space of the phrase may be a hyphen and the
/// reverse, and a word must not continue after it; a number may follow at once.
fn phrase_end(text: &str, at: usize, phrase: &str) -> Option<usize> {
    let is_gap = |c: char| matches!(c, ' ' | '-' | '\u{a0}' | '‑' | '’' | '\'');
    let mut rest = text.get(at..)?.char_indices();
    let mut end = at;
    let mut last = ' ';
    for wanted in phrase.chars() {
        let (offset, c) = rest.next()?;
        if !(folded(c) == folded(wanted) || is_gap(wanted) && is_gap(c)) {
            return None;
        }
        end = at + offset + c.len_utf8();
        last = c;
    }
    let continues = rest
        .next()
        .is_some_and(|(_, c)| is_spaced_letter(c) && !c.is_ascii_digit());
    (!(continues && is_spaced_letter(last))).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found_and_words_stay_whole() {
        let matcher = PhraseMatcher::new([("pan", 1), ("pan left", 2), ("环绕", 3), ("pan", 4)]);
        let found = |text| -> Vec<i32> { matcher.find(text).into_iter().map(|(_, n)| n).collect() };
        assert_eq!(found("a PAN-Left, a pan"), [2, 1, 4]);
        assert!(found("companion, panorama, pané").is_empty());
        assert_eq!(found("镜头环绕人物"), [3]);
    }

    #[test]
    fn capitals_of_every_alphabet_are_the_same_letter() {
        let matcher = PhraseMatcher::new([("cảnh", 1), ("кадр", 2), ("saniye", 3), ("초", 4)]);
        let found = |text| -> Vec<i32> { matcher.find(text).into_iter().map(|(_, n)| n).collect() };
        assert_eq!(found("CẢNH 1, Кадр 2, SANİYE, 3초부터"), [1, 2, 3, 4]);
        assert!(found("кадров").is_empty());
    }
}
