//! The text that a template expands to, and where each byte of it comes from.

use std::ops::Range;

/// A text as it is sent, with its origin in the prompt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expanded {
    pub text: String,
    /// They follow each other and cover the whole text.
    pub pieces: Vec<Piece>,
    /// Where in the text the characters are that the user escaped, so that they stand for themselves.
    pub escaped: Vec<usize>,
}

/// Bytes of the text, and the bytes of the prompt that they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: Range<usize>,
    pub source: Range<usize>,
    /// Whether the prompt has just these bytes there. If not, they come from a snippet, whose call is the source, or are
    /// an escaped character.
    pub is_exact: bool,
}

impl Expanded {
    /// Adds a piece at the end.
    pub(super) fn push(&mut self, text: &str, source: Range<usize>, is_exact: bool) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        let continues = |last: &&mut Piece| {
            let is_next = is_exact && last.is_exact && last.source.end == source.start;
            is_next || !is_exact && !last.is_exact && last.source == source
        };
        match self.pieces.last_mut().filter(continues) {
            Some(last) => (last.text.end, last.source.end) = (end, source.end),
            None => self.pieces.push(Piece {
                text: start..end,
                source,
                is_exact,
            }),
        }
    }

    /// The bytes of the prompt that these bytes of the text come from: where a finding in the text is shown. Only the
    /// empty range has an empty answer, and what comes from a snippet is its whole call.
    pub fn source_of(&self, range: &Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.source_start(range.start);
            return at..at;
        }
        let start = self.source_start(range.start);
        start..self.source_end(range.end).max(start)
    }

    /// Whether the prompt has just these bytes in one place, so that a change of the text can be made there too.
    pub fn is_exact(&self, range: &Range<usize>) -> bool {
        let first = self.piece_after(range.start);
        let piece = self.pieces.get(first).or_else(|| self.pieces.last());
        piece.is_some_and(|piece| {
            piece.is_exact && piece.text.start <= range.start && range.end <= piece.text.end
        })
    }

    /// The number of the piece that holds the byte at `at`.
    fn piece_after(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.text.end <= at)
    }

    fn source_start(&self, at: usize) -> usize {
        match self.pieces.get(self.piece_after(at)) {
            Some(piece) if piece.is_exact => piece.source.start + (at - piece.text.start),
            Some(piece) => piece.source.start,
            None => self.pieces.last().map_or(0, |piece| piece.source.end),
        }
    }

    fn source_end(&self, end: usize) -> usize {
        match self.pieces.get(self.piece_after(end.saturating_sub(1))) {
            Some(piece) if piece.is_exact => piece.source.start + (end - piece.text.start),
            Some(piece) => piece.source.end,
            None => self.pieces.last().map_or(0, |piece| piece.source.end),
        }
    }
}
