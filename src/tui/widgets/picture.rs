//! Draws a picture in cells: two pixels in a half block, or a letter where there are no colours or no half blocks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Rgb, Theme};

/// From dark to bright.
const RAMP: &[u8; 10] = b" .:-=+*#%@";

/// A picture, best as large as the cells it will fill: it is sampled, not filtered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureCells {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl PictureCells {
    /// A picture from rows of red, green, blue; `None` if the bytes are not `width` × `height` pixels, or none.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let pixels = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        (pixels > 0 && rgb.len() == pixels.checked_mul(3)?).then_some(Self { width, height, rgb })
    }

    /// The size in pixels to which a picture should be shrunk to fit into `columns` × `rows`, two pixels to a cell's height.
    pub fn room(width: u32, height: u32, columns: u16, rows: u16) -> (u32, u32) {
        let (most_w, most_h) = (u64::from(columns), u64::from(rows) * 2);
        let (w, h) = (u64::from(width.max(1)), u64::from(height.max(1)));
        let (fit_w, fit_h) = if most_w * h <= most_h * w {
            (most_w, most_w * h / w)
        } else {
            (most_h * w / h, most_h)
        };
        let within = |value: u64, most: u64| u32::try_from(value.max(1).min(most)).unwrap_or(0);
        (within(fit_w, most_w), within(fit_h, most_h))
    }

    /// Draws the picture in the middle of `area` in its aspect ratio; returns its place.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, glyphs: &Glyphs) -> Rect {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return area;
        }
        let (w, h) = Self::room(self.width, self.height, area.width, area.height);
        let columns = u16::try_from(w).unwrap_or(area.width).min(area.width);
        let rows = u16::try_from(h.div_ceil(2))
            .unwrap_or(area.height)
            .min(area.height);
        let place = Rect {
            x: area.x + (area.width - columns) / 2,
            y: area.y + (area.height - rows) / 2,
            width: columns,
            height: rows,
        };
        for y in 0..rows {
            for x in 0..columns {
                let at = |half: u32| self.pixel(u32::from(x), u32::from(y) * 2 + half, w, h);
                let cell = &mut buffer[(place.x + x, place.y + y)];
                let (upper, lower) = (at(0), at(1));
                match (upper.and_then(|p| theme.cell(p)), glyphs.half_blocks) {
                    (Some(fg), true) => {
                        cell.set_symbol("▀").set_style(Style::new().fg(fg));
                        if let Some(bg) = lower.and_then(|p| theme.cell(p)) {
                            cell.set_style(Style::new().bg(bg));
                        }
                    }
                    _ => {
                        cell.set_char(letter(upper, lower));
                    }
                }
            }
        }
        place
    }

    /// The pixel at (`x`, `y`) when the picture is `w` × `h` large.
    fn pixel(&self, x: u32, y: u32, w: u32, h: u32) -> Option<Rgb> {
        if x >= w || y >= h {
            return None;
        }
        let scale = |at: u32, shown: u32, own: u32| u64::from(at) * u64::from(own) / u64::from(shown);
        let index = scale(y, h, self.height) * u64::from(self.width) + scale(x, w, self.width);
        let start = usize::try_from(index).ok()? * 3;
        self.rgb.get(start..start + 3)?.try_into().ok()
    }
}

fn letter(upper: Option<Rgb>, lower: Option<Rgb>) -> char {
    let bright = |rgb: Rgb| {
        let [r, g, b] = rgb.map(usize::from);
        (3 * r + 6 * g + b) / 10
    };
    let (a, b) = (upper.map_or(0, bright), lower.or(upper).map_or(0, bright));
    char::from(RAMP[(usize::midpoint(a, b) * RAMP.len() / 256).min(RAMP.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::{ASCII, UNICODE};
    use crate::tui::theme::{ColorDepth, DEFAULT};

    fn half() -> PictureCells {
        // White above black.
        let rgb = [[255_u8; 6], [0; 6]].concat();
        PictureCells::new(2, 2, rgb).unwrap()
    }

    #[test]
    fn wrong_sizes_are_refused() {
        assert_eq!(PictureCells::new(2, 2, vec![0; 11]), None);
        assert_eq!(PictureCells::new(0, 9, Vec::new()), None);
        assert_eq!(PictureCells::new(u32::MAX, u32::MAX, Vec::new()), None);
    }

    #[test]
    fn shapes_are_kept() {
        assert_eq!(PictureCells::room(1280, 720, 80, 40), (80, 45));
        assert_eq!(PictureCells::room(720, 1280, 80, 20), (22, 40));
        assert_eq!(PictureCells::room(100, 1, 4, 4), (4, 1));
        assert_eq!(PictureCells::room(9, 9, 0, 0), (0, 0));
    }

    #[test]
    fn two_pixels_a_cell_or_one_letter() {
        let area = Rect::new(0, 0, 2, 1);
        let color = Theme::load(DEFAULT, None, ColorDepth::Truecolor).unwrap();
        let mut buffer = Buffer::empty(area);
        assert_eq!(half().draw(&mut buffer, area, &color, &UNICODE), area);
        assert_eq!(buffer[(0, 0)].symbol(), "▀");
        assert_eq!(Some(buffer[(0, 0)].fg), color.cell([255; 3]));
        assert_eq!(Some(buffer[(0, 0)].bg), color.cell([0; 3]));
        let mono = Theme::fallback(ColorDepth::Never);
        let mut buffer = Buffer::empty(area);
        half().draw(&mut buffer, area, &mono, &UNICODE);
        assert_eq!(buffer[(0, 0)].symbol(), "=");
        let mut buffer = Buffer::empty(area);
        half().draw(&mut buffer, area, &color, &ASCII);
        assert_eq!(buffer[(1, 0)].symbol(), "=");
    }
}
