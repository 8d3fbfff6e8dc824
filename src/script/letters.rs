//! Letters of languages that do or do not put spaces between words.

/// Whether words that are written with `c` stand without spaces between them, so that a word may follow at once.
pub(super) const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `c` belongs to a word of a language that has spaces between words.
pub(super) fn is_spaced_letter(c: char) -> bool {
    !is_unspaced(c) && c.is_alphanumeric()
}
