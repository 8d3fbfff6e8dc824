//! Measures, cuts, wraps and draws text by its width in columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::text::one_line;

/// The width of `text` in columns.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` from outside as one clean line of at most `most` columns.
pub fn fit(text: &str, most: usize, ellipsis: &str) -> String {
    // A bound on characters, some of which have no width, keeps a huge text cheap.
    let clean = one_line(text, most.saturating_mul(4).saturating_add(64));
    cut(&clean, most, ellipsis)
}

/// The beginning of `text` in at most `most` columns, with `ellipsis` where something is cut off.
pub fn cut(text: &str, most: usize, ellipsis: &str) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let kept = taken(text.graphemes(true), most.saturating_sub(ellipsis.width()));
    let tail = if most >= ellipsis.width() { ellipsis } else { "" };
    format!("{}{tail}", kept.concat())
}

/// The end of `text`, the important part of a path or URL, in at most `most` columns.
pub fn cut_start(text: &str, most: usize, ellipsis: &str) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut kept = taken(text.graphemes(true).rev(), most.saturating_sub(ellipsis.width()));
    kept.reverse();
    let head = if most >= ellipsis.width() { ellipsis } else { "" };
    format!("{head}{}", kept.concat())
}

/// The first of the clusters that fit into `room` columns.
fn taken<'a>(clusters: impl Iterator<Item = &'a str>, room: usize) -> Vec<&'a str> {
    let mut used = 0;
    let fits = |cluster: &&str| {
        used += cluster.width();
        used <= room
    };
    clusters.take_while(fits).collect()
}

/// `text` padded with spaces to `columns`, before it when `right` aligned.
pub fn pad(text: &str, columns: usize, right: bool) -> String {
    let spaces = " ".repeat(columns.saturating_sub(text.width()));
    if right {
        format!("{spaces}{text}")
    } else {
        format!("{text}{spaces}")
    }
}

/// `text` in at most `most` lines of at most `columns`, broken at spaces where possible.
pub fn wrap(text: &str, columns: usize, most: usize, ellipsis: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    if columns == 0 || most == 0 {
        return Vec::new();
    }
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let gap = usize::from(!lines[last].is_empty());
        if lines[last].width() + gap + word.width() <= columns {
            if gap == 1 {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        } else if lines.len() == most {
            let rest = format!("{} {word}", lines[last]);
            lines[last] = cut(&rest, columns, ellipsis);
            if width(&lines[last]) < columns && !lines[last].ends_with(ellipsis) {
                lines[last].push_str(ellipsis);
            }
            return lines;
        } else if gap == 0 {
            lines[last] = cut(word, columns, ellipsis);
        } else {
            lines.push(cut(word, columns, ellipsis));
        }
    }
    lines
}

pub fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| span.content.width()).sum()
}

/// A styled line cut to `most` columns, with `ellipsis` where something is cut off.
pub fn cut_line(line: Line<'static>, most: usize, ellipsis: &str) -> Line<'static> {
    if line_width(&line) <= most {
        return line;
    }
    let mut left = most;
    let mut spans = Vec::new();
    for span in line.spans {
        let columns = span.content.width();
        if columns < left {
            left -= columns;
            spans.push(span);
        } else {
            let text = format!(
                "{}{ellipsis}",
                cut(&span.content, left.saturating_sub(ellipsis.width()), "")
            );
            spans.push(Span::styled(cut(&text, left, ""), span.style));
            break;
        }
    }
    Line::from(spans)
}

/// Draws one line at the top of `area`, cut at its right edge.
pub fn draw_line(buffer: &mut Buffer, area: Rect, line: Line<'static>, ellipsis: &str) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let line = cut_line(line, usize::from(area.width), ellipsis);
    buffer.set_line(area.x, area.y, &line, area.width);
}

/// Gives all of `area` a style.
pub fn paint(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area.intersection(buffer.area), style);
}

/// Removes what was drawn in `area` before.
pub fn clear(buffer: &mut Buffer, area: Rect) {
    for place in area.intersection(buffer.area).positions() {
        buffer[place].reset();
    }
}

/// Row `index` of `area`, empty when `area` has no such row.
pub fn row(area: Rect, index: usize) -> Rect {
    match u16::try_from(index) {
        Ok(index) if index < area.height => Rect::new(area.x, area.y + index, area.width, 1),
        _ => Rect::new(area.x, area.y, 0, 0),
    }
}

/// The first of `length` rows to show so that `selected` is among the `height` that fit.
pub fn window(length: usize, selected: Option<usize>, height: usize) -> usize {
    let last_start = length.saturating_sub(height);
    let wanted = selected.map_or(0, |at| (at + 1).saturating_sub(height));
    wanted.min(last_start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_are_never_halved() {
        assert_eq!(cut("镜头一二", 5, "…"), "镜头…");
        assert_eq!(cut("镜头一二", 4, "…"), "镜…");
        assert_eq!(cut("镜头", 4, "…"), "镜头");
        assert_eq!(cut("ab", 0, "…"), "");
        assert_eq!(cut_start("/a/b/film.mp4", 9, "…"), "…film.mp4");
    }

    #[test]
    fn a_window_holds_the_selected_row() {
        assert_eq!(window(10, Some(0), 3), 0);
        assert_eq!(window(10, Some(5), 3), 3);
        assert_eq!(window(10, Some(9), 3), 7);
        assert_eq!(window(2, Some(1), 5), 0);
        assert_eq!(window(2, None, 0), 0);
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 7, 5, "…"), ["one two", "three"]);
        assert_eq!(wrap("one two three", 7, 1, "…"), ["one tw…"]);
        assert_eq!(wrap("abcdefghij", 4, 2, "…"), ["abc…"]);
        assert_eq!(wrap("one", 0, 2, "…"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_cut_is_too_wide(text in any::<String>(), most in 0..40_usize) {
            let spans = Line::from(vec![Span::raw(text.clone()), Span::raw("b"), Span::raw(text.clone())]);
            prop_assert!(fit(&text, most, "…").width() <= most);
            prop_assert!(cut_start(&one_line(&text, 99), most, "…").width() <= most);
            prop_assert!(line_width(&cut_line(spans, most, "…")) <= most);
            prop_assert!(wrap(&text, most, 3, "…").iter().all(|line| line.width() <= most));
        }
    }
}
