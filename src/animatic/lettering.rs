//! Draws letters of a bitmap font, enlarged by whole numbers, and breaks text into lines that fit.

use unifont::{Glyph, get_glyph};

use crate::media::Color;

use super::canvas::Canvas;
use super::pixels::{index, signed};

/// The height of a letter at scale 1.
pub(super) const HEIGHT: i32 = 16;
const HALF_WIDTH: i32 = 8;

/// The letter, or an empty box for one that the font does not have.
fn glyph(c: char) -> Option<&'static Glyph> {
    get_glyph(c).or_else(|| get_glyph('□'))
}

fn advance(c: char) -> i32 {
    match glyph(c) {
        Some(Glyph::Fullwidth(_)) => 2 * HALF_WIDTH,
        _ => HALF_WIDTH,
    }
}

/// The width in pixels at scale 1.
pub(super) fn width(text: &str) -> i32 {
    text.chars().map(advance).sum()
}

/// Writes a line whose top left corner is at `x`, `y`.
pub(super) fn write(canvas: &mut Canvas, (x, y): (i32, i32), scale: i32, text: &str, color: Color) {
    each_run(text, |column, row, length| {
        let (left, top) = (x + column * scale, y + row * scale);
        canvas.fill((left, top), (length * scale, scale), color);
    });
}

/// Writes a line that the picture shines through, as [`Canvas::tint`] does.
pub(super) fn ghost(
    canvas: &mut Canvas,
    (x, y): (i32, i32),
    scale: i32,
    text: &str,
    (color, part): (Color, u8),
) {
    each_run(text, |column, row, length| {
        let (left, top) = (x + column * scale, y + row * scale);
        canvas.shade((left, top), (length * scale, scale), color, part);
    });
}

/// Calls `draw` with the column, row and length of every unbroken run of set pixels.
fn each_run(text: &str, mut draw: impl FnMut(i32, i32, i32)) {
    let mut left = 0;
    for c in text.chars() {
        if let Some(glyph) = glyph(c) {
            for row in 0..HEIGHT {
                let bits = match glyph {
                    Glyph::Halfwidth(rows) => u16::from(rows[index(row)]) << 8,
                    Glyph::Fullwidth(rows) => rows[index(row)],
                };
                runs(bits, |start, length| draw(left + start, row, length));
            }
        }
        left += advance(c);
    }
}

/// Calls `draw` with the column and length of every run of set bits.
fn runs(bits: u16, mut draw: impl FnMut(i32, i32)) {
    let mut at = 0;
    while at < 16 {
        let rest = bits << at;
        if rest == 0 {
            break;
        }
        let start = at + rest.leading_zeros();
        let length = (bits << start).leading_ones();
        draw(signed(start), signed(length));
        at = start + length;
    }
}

/// Breaks `text` into lines of at most `room` pixels at scale 1: between words, between Chinese characters, and inside
/// a word that is wider than a line.
pub(super) fn wrap(text: &str, room: i32) -> Vec<String> {
    let room = room.max(2 * HALF_WIDTH);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if width(&line) + width(piece.trim_end()) > room && !line.is_empty() {
            lines.push(take(&mut line));
        }
        for c in piece.chars() {
            if width(&line) + advance(c) > room && c != ' ' {
                lines.push(take(&mut line));
            }
            if !(line.is_empty() && c == ' ') {
                line.push(c);
            }
        }
    }
    if !line.trim_end().is_empty() {
        lines.push(take(&mut line));
    }
    lines
}

fn take(line: &mut String) -> String {
    let taken = line.trim_end().to_owned();
    line.clear();
    taken
}

/// What stays on one line: a word with the space after it, or a wide character with the punctuation after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let is_break = match chars.peek() {
            None => true,
            Some((_, next)) => {
                let is_wide = |c: char| advance(c) > HALF_WIDTH;
                let is_stop = matches!(
                    next,
                    '，' | '。' | '、' | '！' | '？' | '；' | '：' | '”' | '）' | '》' | '】'
                );
                (c == ' ' && *next != ' ') || ((is_wide(c) || is_wide(*next)) && *next != ' ' && !is_stop)
            }
        };
        if is_break {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces
}

/// `text`, cut with an ellipsis to at most `room` pixels at scale 1.
pub(super) fn fit(text: &str, room: i32) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut) + advance(c) + advance('…') > room {
            break;
        }
        cut.push(c);
    }
    let mut cut = cut.trim_end().to_owned();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Yuv;
    use proptest::prelude::*;

    #[test]
    fn lines_break_between_words_and_chinese_characters() {
        assert_eq!(wrap("a kite lifts off", 7 * 8), ["a kite", "lifts", "off"]);
        assert_eq!(wrap("湖面，风筝升起。", 5 * 16), ["湖面，风筝", "升起。"]);
        assert_eq!(wrap("extraordinarily", 6 * 8), ["extrao", "rdinar", "ily"]);
        assert_eq!(wrap("   ", 80), Vec::<String>::new());
        assert_eq!(fit("a kite lifts", 8 * 8), "a kite…");
    }

    #[test]
    fn a_letter_is_drawn_as_large_as_asked() {
        let lit = |scale: i32| {
            let mut picture = Yuv::black(64, 64);
            let white = Color {
                y: 235,
                u: 128,
                v: 128,
            };
            write(&mut Canvas::new(&mut picture), (0, 0), scale, "A", white);
            picture.y.iter().map(|y| usize::from(*y == 235)).sum::<usize>()
        };
        assert!(lit(1) > 10);
        assert_eq!(lit(3), lit(1) * 9);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[a-z 湖风]{0,60}", room in 16..300_i32) {
            let lines = wrap(&text, room);
            prop_assert!(lines.iter().all(|line| width(line) <= room));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
