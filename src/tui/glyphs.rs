//! The signs drawn beside words and around panes, in Unicode and in ASCII, each one column wide.

use crate::model::{TakeState, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    pub top_left: &'static str,
    pub top_right: &'static str,
    pub bottom_left: &'static str,
    pub bottom_right: &'static str,
    pub horizontal: &'static str,
    pub vertical: &'static str,
    pub ellipsis: &'static str,
    /// Between the ends of a range.
    pub dash: &'static str,
    pub minus: &'static str,
    pub times: &'static str,
    pub check: &'static str,
    pub cross: &'static str,
    pub warn: &'static str,
    /// Before the selected row.
    pub pointer: &'static str,
    /// Before a marked row.
    pub mark: &'static str,
    /// Before a row whose takes are folded under it, or shown.
    pub folded: &'static str,
    pub unfolded: &'static str,
    /// Between parts of one line.
    pub dot: &'static str,
    more_above: &'static str,
    more_below: &'static str,
    /// The done part of a bar.
    pub bar_full: &'static str,
    pub bar_rest: &'static str,
    /// Whether half blocks can be drawn.
    pub half_blocks: bool,
    states: [&'static str; TakeState::ALL.len()],
    circled: &'static str,
    rejected: &'static str,
}

/// For every terminal with a UTF-8 locale.
pub const UNICODE: Glyphs = Glyphs {
    top_left: "╭",
    top_right: "╮",
    bottom_left: "╰",
    bottom_right: "╯",
    horizontal: "─",
    vertical: "│",
    ellipsis: "…",
    dash: "–",
    minus: "−",
    times: "×",
    check: "✓",
    cross: "✗",
    warn: "!",
    pointer: "›",
    mark: "+",
    folded: "▸",
    unfolded: "▾",
    dot: "·",
    more_above: "↑",
    more_below: "↓",
    bar_full: "━",
    bar_rest: "─",
    half_blocks: true,
    states: ["○", "↑", "?", "●", "●", "●", "↓", "✓", "✗", "✗", "–", "!", "–"],
    circled: "*",
    rejected: "-",
};

/// For terminals that show ASCII only.
pub const ASCII: Glyphs = Glyphs {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    horizontal: "-",
    vertical: "|",
    ellipsis: "~",
    dash: "-",
    minus: "-",
    times: "x",
    check: "+",
    cross: "x",
    warn: "!",
    pointer: ">",
    mark: "+",
    folded: ">",
    unfolded: "v",
    dot: "|",
    more_above: "^",
    more_below: "v",
    bar_full: "=",
    bar_rest: "-",
    half_blocks: false,
    states: ["o", "^", "?", "@", "@", "@", "v", "+", "x", "x", "-", "!", "-"],
    circled: "*",
    rejected: "-",
};

impl Glyphs {
    /// Unicode where the locale is UTF-8, else ASCII. The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides, as
    /// in C.
    pub fn for_locale(env: &dyn Fn(&str) -> Option<String>) -> &'static Self {
        let mut names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
        let locale = names.find_map(|name| env(name).filter(|value| !value.is_empty()));
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") {
            &UNICODE
        } else {
            &ASCII
        }
    }

    /// The sign of a state. Some states share one; the word beside it tells them apart.
    pub fn state(&self, state: TakeState) -> &'static str {
        let at = TakeState::ALL.iter().position(|known| *known == state);
        at.map_or(" ", |at| self.states[at])
    }

    pub const fn verdict(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::None => " ",
            Verdict::Circled => self.circled,
            Verdict::Rejected => self.rejected,
        }
    }

    /// `↑3  ↓6`: how many rows lie above and below those shown. ASCII has words, because `v6` would read as a revision.
    pub fn beyond(&self, above: usize, below: usize) -> String {
        let parts = [
            (above, self.more_above, "above"),
            (below, self.more_below, "below"),
        ];
        let shown = parts.into_iter().filter(|(n, ..)| *n > 0);
        let words = shown.map(|(n, arrow, word)| {
            if self.half_blocks {
                format!("{arrow}{n}")
            } else {
                format!("{n} {word}")
            }
        });
        words.collect::<Vec<_>>().join("  ")
    }

    /// `text` with the signs of the program's own sentences replaced by those of this set.
    pub fn spell(&self, text: &str) -> String {
        if self.half_blocks {
            return text.to_owned();
        }
        let mut spelled = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '…' => spelled.push_str(self.ellipsis),
                '–' | '−' => spelled.push_str(self.dash),
                '×' => spelled.push_str(self.times),
                '✓' => spelled.push_str(self.check),
                '✗' => spelled.push_str(self.cross),
                '·' => spelled.push_str(self.dot),
                '→' => spelled.push('>'),
                '▶' => spelled.push('>'),
                '≤' => spelled.push_str("<="),
                '½' => spelled.push_str("1/2"),
                '¼' => spelled.push_str("1/4"),
                other => spelled.push(other),
            }
        }
        spelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn all(glyphs: &Glyphs) -> Vec<&'static str> {
        let mut all = vec![
            glyphs.top_left,
            glyphs.top_right,
            glyphs.bottom_left,
            glyphs.bottom_right,
            glyphs.horizontal,
            glyphs.vertical,
            glyphs.ellipsis,
            glyphs.dash,
            glyphs.minus,
            glyphs.times,
            glyphs.check,
            glyphs.cross,
            glyphs.warn,
            glyphs.pointer,
            glyphs.mark,
            glyphs.folded,
            glyphs.unfolded,
            glyphs.dot,
            glyphs.more_above,
            glyphs.more_below,
            glyphs.bar_full,
            glyphs.bar_rest,
        ];
        all.extend(glyphs.states);
        all.extend([glyphs.circled, glyphs.rejected]);
        all
    }

    #[test]
    fn every_sign_is_one_column_and_ascii_is_ascii() {
        for glyph in all(&UNICODE) {
            assert_eq!((glyph.width(), glyph.chars().count()), (1, 1), "{glyph}");
        }
        for glyph in all(&ASCII) {
            assert!(glyph.is_ascii() && glyph.len() == 1, "{glyph}");
        }
        assert!(ASCII.spell("6 × $0.70 · 1–2 → …").is_ascii());
    }

    #[test]
    fn the_locale_chooses() {
        let chosen = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect();
            *Glyphs::for_locale(&move |name| {
                pairs
                    .iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.clone())
            })
        };
        assert_eq!(chosen(&[("LANG", "de_AT.UTF-8")]), UNICODE);
        assert_eq!(chosen(&[("LC_ALL", "C"), ("LANG", "de_AT.UTF-8")]), ASCII);
        assert_eq!(chosen(&[]), ASCII);
    }
}
