//! Draws the cells of a picture into the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::media::cells::Grid;
use crate::tui::theme;

/// A picture that was made for this many cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureCells(Grid);

impl PictureCells {
    /// `None` when there are no cells.
    pub fn new(grid: Grid) -> Option<Self> {
        (!grid.is_empty()).then(|| Self(grid.filled()))
    }

    pub const fn grid(&self) -> &Grid {
        &self.0
    }

    /// Draws the picture in the middle of `area`, cut off where it is larger; returns its place.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect) -> Rect {
        let area = area.intersection(buffer.area);
        let (width, height) = (area.width.min(self.0.columns()), area.height.min(self.0.rows()));
        let place = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        for (y, line) in place.rows().zip(self.0.lines()) {
            for (at, cell) in y.columns().zip(line) {
                let mut style = Style::new();
                style.fg = cell.fg.map(theme::ink);
                style.bg = cell.bg.map(theme::ink);
                let target = &mut buffer[(at.x, at.y)];
                target.set_char(cell.glyph).set_style(style);
            }
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Picture;
    use crate::media::cells::{Depth, Look, Shape, draw};
    use ratatui::style::Color;

    /// White above black, twice as wide as high.
    fn half(shape: Shape, depth: Depth) -> PictureCells {
        let picture = Picture {
            width: 2,
            height: 2,
            rgb: [[255_u8; 6], [0; 6]].concat(),
        };
        let look = Look {
            shape,
            depth,
            ..Look::default()
        };
        PictureCells::new(draw(&picture, 2, 1, look)).unwrap()
    }

    #[test]
    fn a_picture_stands_in_the_middle_in_its_colours() {
        let area = Rect::new(0, 0, 4, 3);
        let mut buffer = Buffer::empty(area);
        let place = half(Shape::Half, Depth::Ansi16).draw(&mut buffer, area);
        assert_eq!(place, Rect::new(1, 1, 2, 1));
        let cell = &buffer[(1, 1)];
        let colours = (cell.symbol(), cell.fg, cell.bg);
        assert!(
            matches!(
                colours,
                ("▀", Color::White, Color::Black) | ("▄", Color::Black, Color::White)
            ),
            "{colours:?}"
        );
        assert_eq!(buffer[(0, 0)].symbol(), " ");
    }

    #[test]
    fn letters_have_the_colours_of_the_theme() {
        let area = Rect::new(0, 0, 2, 1);
        let mut buffer = Buffer::empty(area);
        half(Shape::Sextant, Depth::None).draw(&mut buffer, area);
        let cell = &buffer[(0, 0)];
        assert_eq!(
            (cell.symbol(), cell.fg, cell.bg),
            ("P", Color::Reset, Color::Reset)
        );
    }

    #[test]
    fn a_picture_is_cut_off_by_a_smaller_place() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        for area in [Rect::new(0, 0, 9, 9), Rect::new(5, 5, 9, 9), Rect::default()] {
            half(Shape::Half, Depth::Truecolor).draw(&mut buffer, area);
        }
        assert_ne!(buffer[(0, 0)].symbol(), " ");
        assert_eq!(PictureCells::new(Grid::default()), None);
    }
}
