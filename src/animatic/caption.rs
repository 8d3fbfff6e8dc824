//! A card's words in lines and, when there are many, in pages that follow one another.

use super::canvas::Canvas;
use super::layout::{Layout, line_height};
use super::lettering;
use super::palette::Palette;
use super::pixels::index;

/// The shortest time that a page is shown, in frames: one second.
const MIN_PAGE_FRAMES: usize = 24;

/// The words of a card, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caption {
    title: String,
    pages: Vec<Vec<String>>,
    scale: i32,
    frames: usize,
}

impl Caption {
    /// Lays the words out in the largest letters with which they can be shown in the card's time.
    pub(super) fn new(layout: &Layout, title: &str, words: &str, frames: u32) -> Self {
        let has_title = !title.is_empty() && !words.starts_with(title);
        let title = if has_title {
            lettering::fit(title, layout.room() / layout.scale)
        } else {
            String::new()
        };
        let frames = frames as usize;
        let max_pages = (frames / MIN_PAGE_FRAMES).max(1);
        let lines = layout.caption_lines - i32::from(has_title);
        let mut laid = Vec::new();
        let mut scale = layout.scale;
        while scale >= layout.mark_scale {
            let a_page = index(lines * line_height(layout.scale) / line_height(scale));
            let wrapped = lettering::wrap(words, layout.room() / scale);
            let pages = wrapped.len().div_ceil(a_page.max(1)).max(1);
            // Pages are of equal length, so that the last one never has a single word.
            let even = wrapped.len().div_ceil(pages).max(1);
            laid = wrapped.chunks(even).map(<[String]>::to_vec).collect();
            if laid.len() <= max_pages {
                break;
            }
            scale -= 1;
        }
        if laid.len() > max_pages {
            laid.truncate(max_pages);
            if let Some(last) = laid.last_mut().and_then(|page| page.last_mut()) {
                *last = lettering::fit(&format!("{last} ……"), layout.room() / layout.mark_scale);
            }
        }
        Self {
            title,
            pages: laid,
            scale: scale.max(layout.mark_scale),
            frames,
        }
    }

    /// Draws the page that is shown at frame `t`.
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: &Layout, palette: &Palette, t: u32) {
        let mut y = layout.caption;
        if !self.title.is_empty() {
            lettering::write(
                canvas,
                (layout.margin, y),
                layout.scale,
                &self.title,
                palette.accent,
            );
            y += line_height(layout.scale);
        }
        for line in self.page(t) {
            lettering::write(canvas, (layout.margin, y), self.scale, line, palette.ink);
            y += line_height(self.scale);
        }
    }

    fn page(&self, t: u32) -> &[String] {
        let page = t as usize * self.pages.len() / self.frames.max(1);
        self.pages.get(page).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caption(words: &str, frames: u32) -> Caption {
        Caption::new(&Layout::new((864, 496)), "", words, frames)
    }

    #[test]
    fn few_words_are_one_large_page() {
        let few = caption("A kite lifts off.", 48);
        assert_eq!((few.pages.len(), few.scale), (1, 2));
    }

    #[test]
    fn many_words_turn_pages_or_get_smaller() {
        let words = "The kite climbs over the dunes. ".repeat(8);
        let slow = caption(&words, 240);
        assert!(slow.pages.len() > 1 && slow.scale == 2, "{slow:?}");
        assert_ne!(slow.page(0), slow.page(239));
        let quick = caption(&words, 24);
        assert_eq!(quick.scale, 1);
        let shown: usize = quick.pages.iter().flatten().map(|line| line.len() + 1).sum();
        assert!(shown >= words.len(), "all words are shown");
    }

    #[test]
    fn too_many_words_end_in_dots() {
        let flood = caption(&"kite ".repeat(400), 24);
        assert!(flood.pages.concat().last().unwrap().ends_with('…'));
    }

    #[test]
    fn a_title_takes_a_line() {
        let layout = Layout::new((864, 496));
        assert_eq!(Caption::new(&layout, "Dawn", "A kite.", 48).title, "Dawn");
        assert_eq!(Caption::new(&layout, "A kite", "A kite lifts.", 48).title, "");
    }
}
