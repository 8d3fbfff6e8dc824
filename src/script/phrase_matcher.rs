//! Finds phrases of a list in a text: the longest at each place, whole words only.

use std::ops::Range;

use super::letters::is_spaced_letter;

/// Phrases as a tree of their characters in lower case, so that the work at a place grows with the length of what is found
/// there, and not with the number of phrases.
pub struct PhraseMatcher<T> {
    nodes: Vec<Node<T>>,
    /// A bit for every character up to U+FFFF: whether a phrase begins with it, or with its capital letter.
    begins: Vec<u64>,
}

/// The characters that may follow a beginning of phrases, in order, and what a phrase that ends there stands for.
struct Node<T> {
    next: Vec<(char, usize)>,
    meanings: Vec<T>,
}

impl<T> Node<T> {
    const fn new() -> Self {
        Self {
            next: Vec::new(),
            meanings: Vec::new(),
        }
    }

    fn after(&self, c: char) -> Option<usize> {
        let n = self.next.binary_search_by_key(&c, |(next, _)| *next).ok()?;
        Some(self.next[n].1)
    }
}

impl<T: Copy> PhraseMatcher<T> {
    /// A phrase may be listed more than once: it then stands for several things.
    pub fn new(phrases: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut nodes = vec![Node::new()];
        let mut begins = vec![0_u64; 1024];
        for (phrase, meaning) in phrases {
            let mut at = 0;
            for c in phrase.chars().map(folded) {
                at = match nodes[at].next.binary_search_by_key(&c, |(next, _)| *next) {
                    Ok(n) => nodes[at].next[n].1,
                    Err(n) => {
                        let new = nodes.len();
                        nodes[at].next.insert(n, (c, new));
                        nodes.push(Node::new());
                        new
                    }
                };
            }
            nodes[at].meanings.push(meaning);
        }
        for (c, _) in &nodes[0].next {
            let capitals = c.to_uppercase().next();
            let gaps = if *c == ' ' { GAPS } else { "" };
            for c in [*c].into_iter().chain(capitals).chain(gaps.chars()) {
                if let Some(word) = begins.get_mut(c as usize / 64) {
                    *word |= 1 << (c as usize % 64);
                }
            }
        }
        Self { nodes, begins }
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
    /// not matter. Case does not matter, a space of the phrase may be a hyphen and the reverse, and a word must not continue
    /// after it; a number may follow at once.
    pub fn at(&self, text: &str, at: usize) -> Option<(usize, &[T])> {
        let mut rest = text.get(at..)?.char_indices().peekable();
        let first = rest.peek()?.1 as usize;
        if self
            .begins
            .get(first / 64)
            .is_none_or(|word| word >> (first % 64) & 1 == 0)
        {
            return None;
        }
        let mut node = self.nodes.first()?;
        let mut longest = None;
        while let Some((offset, c)) = rest.next() {
            let Some(next) = node.after(folded(c)) else { break };
            node = &self.nodes[next];
            let goes_on = |next: char| is_spaced_letter(next) && !next.is_ascii_digit();
            let ends = !(is_spaced_letter(c) && rest.peek().is_some_and(|(_, next)| goes_on(*next)));
            if ends && !node.meanings.is_empty() {
                longest = Some((at + offset + c.len_utf8(), node.meanings.as_slice()));
            }
        }
        longest
    }
}

/// What may be between two words beside a space.
const GAPS: &str = "-\u{a0}‑’'";

/// The character in lower case, and one for everything that may be between words.
fn folded(c: char) -> char {
    match c {
        '-' | '\u{a0}' | '‑' | '’' | '\'' => ' ',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => c.to_lowercase().next().unwrap_or(c),
    }
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
