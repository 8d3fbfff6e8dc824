//! A picture made for an area of the screen, and how it is drawn there: as cells, or as marks of pixels.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::media::cells::Grid;
use crate::tui::graphics::{Pixels, Placed};
use crate::tui::theme;

/// A picture that was made for this many cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnPicture(Made);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Made {
    Cells(Grid),
    Pixels(Arc<Pixels>),
}

impl DrawnPicture {
    /// `None` when there are no cells.
    pub fn of_cells(grid: Grid) -> Option<Self> {
        (!grid.is_empty()).then(|| Self(Made::Cells(grid.filled())))
    }

    pub fn of_pixels(pixels: Pixels) -> Self {
        Self(Made::Pixels(Arc::new(pixels)))
    }

    /// Its cells; `None` when it is made of pixels.
    pub fn grid(&self) -> Option<&Grid> {
        match &self.0 {
            Made::Cells(grid) => Some(grid),
            Made::Pixels(_) => None,
        }
    }

    pub fn columns(&self) -> u16 {
        match &self.0 {
            Made::Cells(grid) => grid.columns(),
            Made::Pixels(pixels) => pixels.columns(),
        }
    }

    pub fn rows(&self) -> u16 {
        match &self.0 {
            Made::Cells(grid) => grid.rows(),
            Made::Pixels(pixels) => pixels.rows(),
        }
    }

    /// Draws the picture in the middle of `area`, cut off where it is larger; one of pixels that cannot be cut off is not drawn.
    /// Returns where pixels belong.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect) -> Option<Placed> {
        let place = self.place(area.intersection(buffer.area));
        match &self.0 {
            Made::Cells(grid) => {
                draw_cells(grid, buffer, place);
                None
            }
            Made::Pixels(pixels) => {
                let is_whole = (place.width, place.height) == (pixels.columns(), pixels.rows());
                if place.is_empty() || !(is_whole || pixels.has_placeholders()) {
                    return None;
                }
                for at in place.positions() {
                    pixels.mark(&mut buffer[at], at.x - place.x, at.y - place.y);
                }
                Some(Placed {
                    pixels: Arc::clone(pixels),
                    area: place,
                })
            }
        }
    }

    fn place(&self, area: Rect) -> Rect {
        let (width, height) = (area.width.min(self.columns()), area.height.min(self.rows()));
        Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        }
    }
}

fn draw_cells(grid: &Grid, buffer: &mut Buffer, place: Rect) {
    for (y, line) in place.rows().zip(grid.lines()) {
        for (at, cell) in y.columns().zip(line) {
            let mut style = Style::new();
            style.fg = cell.fg.map(theme::ink);
            style.bg = cell.bg.map(theme::ink);
            let target = &mut buffer[(at.x, at.y)];
            target.set_char(cell.glyph).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Picture;
    use crate::media::cells::{Depth, Look, Shape, draw};
    use crate::tui::graphics::{Graphics, Protocol};
    use ratatui::style::Color;

    /// White above black, twice as wide as high.
    fn half(shape: Shape, depth: Depth) -> DrawnPicture {
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
        DrawnPicture::of_cells(draw(&picture, 2, 1, look)).unwrap()
    }

    #[test]
    fn a_picture_stands_in_the_middle_in_its_colours() {
        let area = Rect::new(0, 0, 4, 3);
        let mut buffer = Buffer::empty(area);
        assert_eq!(half(Shape::Half, Depth::Ansi16).draw(&mut buffer, area), None);
        assert_eq!(buffer[(3, 1)].symbol(), " ");
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
        assert_eq!(DrawnPicture::of_cells(Grid::default()), None);
    }

    #[test]
    fn pixels_are_marked_in_the_middle_and_only_those_with_placeholders_are_cut_off() {
        let picture = Picture {
            width: 2,
            height: 2,
            rgb: vec![9; 12],
        };
        for protocol in [Protocol::Kitty, Protocol::Sixel] {
            let graphics = Graphics::new(protocol, false, Some((10, 20)));
            let drawn = DrawnPicture::of_pixels(Pixels::new(&picture, 4, 2, graphics).unwrap());
            assert_eq!((drawn.columns(), drawn.rows(), drawn.grid()), (4, 2, None));
            let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 4));
            let placed = drawn.draw(&mut buffer, Rect::new(0, 0, 8, 4)).unwrap();
            assert_eq!(placed.area, Rect::new(2, 1, 4, 2));
            assert!(placed.pixels.has(&buffer[(2, 1)]) && !placed.pixels.has(&buffer[(1, 1)]));
            let cut = drawn.draw(&mut buffer, Rect::new(0, 0, 3, 2));
            assert_eq!(cut.is_some(), protocol == Protocol::Kitty);
        }
    }
}
