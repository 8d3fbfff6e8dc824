//! A picture encoded for the terminal's own graphics, and the marks of its cells.

use std::sync::atomic::{AtomicU32, Ordering};

use image::{DynamicImage, RgbImage};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Rect, Size};
use ratatui::style::Color;
use ratatui::widgets::Widget;
use ratatui_image::Image;
use ratatui_image::protocol::Protocol as Encoded;
use ratatui_image::protocol::iterm2::Iterm2;
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::protocol::sixel::Sixel;

use super::protocol::{Graphics, Protocol};
use crate::media::cells::Ink;
use crate::media::{Picture, resize, shrink};
use crate::tui::theme;

/// The character in whose place kitty draws a cell of a picture. Its colour names the picture, and the marks behind it name the
/// row and the column. (Kitty, "Unicode placeholders".)
const PLACEHOLDER: char = '\u{10EEEE}';
/// The most rows and columns for which kitty has marks.
const MAX_MARKS: u16 = 297;
/// The longest side of a picture of sixels, which take long to encode.
const MAX_SIXEL_SIDE: u32 = 1600;
/// The height of a band of sixels: a terminal fills the last one.
const BAND: u32 = 6;

/// A picture encoded for an area of the terminal. Two are equal only if they are the same encoding.
#[derive(Debug, Clone)]
pub struct Pixels {
    id: u32,
    graphics: Graphics,
    columns: u16,
    rows: u16,
    /// What makes the terminal know the picture, or draw it where the cursor is.
    data: String,
    /// Kitty's marks of rows and columns.
    marks: Vec<char>,
}

impl PartialEq for Pixels {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Pixels {}

impl Pixels {
    /// Encodes `picture` for as many of `columns` × `rows` cells as its shape allows; `None` when there is no room or it cannot
    /// be encoded.
    pub fn new(picture: &Picture, columns: u16, rows: u16, graphics: Graphics) -> Option<Self> {
        let room = (columns.min(MAX_MARKS), rows.min(MAX_MARKS));
        let (pixels, size) = fit((picture.width, picture.height), room, graphics)?;
        let id = next_id();
        let in_tmux = graphics.in_tmux;
        let (data, marks) = match graphics.protocol {
            Protocol::Kitty => kitty(image(&shrink(picture, pixels.0, pixels.1))?, size, id, in_tmux)?,
            Protocol::Iterm => {
                let image = image(&shrink(picture, pixels.0, pixels.1))?;
                let (width, height) = (image.width(), image.height());
                let data = Iterm2::new(image, size, in_tmux).ok()?.data;
                // In cells, so that a terminal whose pixels are smaller than it reports shows it as large.
                let cells = format!("width={};height={}", size.width, size.height);
                let data = data.replacen(&format!("width={width}px;height={height}px"), &cells, 1);
                (data, Vec::new())
            }
            Protocol::Sixel => {
                let image = image(&resize(picture, pixels.0, pixels.1))?;
                (Sixel::new(image, size, in_tmux).ok()?.data, Vec::new())
            }
        };
        Some(Self {
            id,
            graphics,
            columns: size.width,
            rows: size.height,
            data,
            marks,
        })
    }

    pub const fn columns(&self) -> u16 {
        self.columns
    }

    pub const fn rows(&self) -> u16 {
        self.rows
    }

    /// What makes the terminal know the picture; where it has no placeholders, that draws it at the cursor.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Whether the terminal draws it where the cells of [`Self::mark`] are written, and may be covered in part.
    pub fn has_placeholders(&self) -> bool {
        self.graphics.protocol == Protocol::Kitty
    }

    /// What makes the terminal forget the picture.
    pub fn forgetting(&self) -> String {
        let sequence = format!("\x1b_Ga=d,d=I,i={},q=2\x1b\\", self.id);
        if self.graphics.in_tmux {
            format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
        } else {
            sequence
        }
    }

    /// Marks a cell as that of this column and row of the picture.
    pub fn mark(&self, cell: &mut Cell, column: u16, row: u16) {
        let mark = |at: u16| self.marks.get(usize::from(at));
        let symbol = std::iter::once(&PLACEHOLDER).chain(mark(row)).chain(mark(column));
        cell.set_symbol(&symbol.collect::<String>());
        cell.fg = color(self.id);
    }

    /// Whether the cell was marked as one of this picture.
    pub fn has(&self, cell: &Cell) -> bool {
        is_placeholder(cell.symbol()) && cell.fg == color(self.id)
    }

    /// The picture as text to print. Afterwards the cursor is at the start of the line below it.
    pub fn printed(&self) -> String {
        if !self.has_placeholders() {
            // Where the cursor is after the picture differs from terminal to terminal.
            let (room, rows) = ("\n".repeat(self.rows.into()), self.rows);
            return format!("{room}\x1b[{rows}A\x1b7{}\x1b8\x1b[{rows}B", self.data);
        }
        let [_, red, green, blue] = self.id.to_be_bytes();
        let lines = (0..self.rows).map(|row| {
            let mut line = format!("\x1b[38;2;{red};{green};{blue}m");
            for column in 0..self.columns {
                let mut cell = Cell::EMPTY;
                self.mark(&mut cell, column, row);
                line.push_str(cell.symbol());
            }
            line + "\x1b[m\n"
        });
        std::iter::once(self.data.clone()).chain(lines).collect()
    }
}

/// Whether a cell shows a part of a picture.
pub fn is_placeholder(symbol: &str) -> bool {
    symbol.starts_with(PLACEHOLDER)
}

fn color(id: u32) -> Color {
    let [_, red, green, blue] = id.to_be_bytes();
    theme::ink(Ink::Rgb([red, green, blue]))
}

/// A number of 24 bits that is unique in this process. The first follows from the process's own number, so that those of two
/// processes in one window rarely meet.
fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(2_654_435_761) >> 8;
    let id = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) & 0x00ff_ffff;
    id.max(1)
}

fn image(picture: &Picture) -> Option<DynamicImage> {
    RgbImage::from_raw(picture.width, picture.height, picture.rgb.clone()).map(DynamicImage::ImageRgb8)
}

/// The largest size in pixels at which a picture keeps its shape within the given cells, and the cells that it then fills.
fn fit(
    (width, height): (u32, u32),
    (columns, rows): (u16, u16),
    graphics: Graphics,
) -> Option<((u32, u32), Size)> {
    let cell = (
        u32::from(graphics.cell.0.max(1)),
        u32::from(graphics.cell.1.max(1)),
    );
    let mut room = (u32::from(columns) * cell.0, u32::from(rows) * cell.1);
    let is_sixel = graphics.protocol == Protocol::Sixel;
    if is_sixel {
        room = (
            room.0.min(MAX_SIXEL_SIDE),
            room.1.min(MAX_SIXEL_SIDE) / BAND * BAND,
        );
    }
    if width == 0 || height == 0 || room.0 == 0 || room.1 == 0 {
        return None;
    }
    let (w, h) = (u64::from(width), u64::from(height));
    let by = |side: u64, room: u32, other: u64| u32::try_from(side * u64::from(room) / other).ok();
    let mut pixels = if w * u64::from(room.1) > h * u64::from(room.0) {
        (room.0, by(h, room.0, w)?.max(1))
    } else {
        (by(w, room.1, h)?.max(1), room.1)
    };
    if is_sixel {
        pixels.1 = (pixels.1 / BAND * BAND).max(BAND);
    }
    let cells = |pixels: u32, cell: u32| u16::try_from(pixels.div_ceil(cell)).ok();
    let size = Size::new(cells(pixels.0, cell.0)?, cells(pixels.1, cell.1)?);
    Some((pixels, size))
}

/// Kitty's sequence for the picture, which it scales to its cells, and its marks. `ratatui-image` gives both only as cells.
fn kitty(image: DynamicImage, size: Size, id: u32, in_tmux: bool) -> Option<(String, Vec<char>)> {
    let marks = size.width.max(size.height);
    let column = Rect::new(0, 0, 1, marks);
    let encoded = Kitty::new(image, column.as_size(), id, in_tmux, true).ok()?;
    let mut cells = Buffer::empty(column);
    Image::new(&Encoded::Kitty(encoded)).render(column, &mut cells);
    let (sequence, _) = cells[(0, 0)].symbol().split_once(PLACEHOLDER)?;
    let placed = format!("U=1,c={},r={},", size.width, size.height);
    let mark = |y: u16| cells[(0, y)].symbol().split_once(PLACEHOLDER)?.1.chars().next();
    let all: Option<Vec<char>> = (0..marks).map(mark).collect();
    Some((sequence.replacen("U=1,", &placed, 1), all?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Picture {
        let rgb = (0..width * height)
            .flat_map(|n| [(n % 251) as u8, 40, 90])
            .collect();
        Picture { width, height, rgb }
    }

    fn pixels(protocol: Protocol, in_tmux: bool) -> Pixels {
        let graphics = Graphics::new(protocol, in_tmux, Some((10, 20)));
        Pixels::new(&picture(96, 54), 20, 10, graphics).unwrap()
    }

    #[test]
    fn a_picture_keeps_its_shape_in_the_cells_of_the_terminal() {
        let of = |protocol, room, cell| fit((864, 496), room, Graphics::new(protocol, false, cell)).unwrap();
        assert_eq!(
            of(Protocol::Kitty, (60, 30), Some((10, 20))),
            ((600, 344), Size::new(60, 18))
        );
        assert_eq!(
            of(Protocol::Kitty, (60, 10), Some((10, 20))),
            ((348, 200), Size::new(35, 10))
        );
        // A terminal fills the last band of sixels, which must not reach the next row.
        assert_eq!(
            of(Protocol::Sixel, (60, 30), Some((10, 20))),
            ((600, 342), Size::new(60, 18))
        );
        assert_eq!(
            of(Protocol::Sixel, (60, 10), None),
            ((271, 156), Size::new(34, 10))
        );
        for (room, size) in [((0, 5), (9, 9)), ((5, 0), (9, 9)), ((5, 5), (0, 9))] {
            assert_eq!(fit(size, room, Graphics::new(Protocol::Kitty, false, None)), None);
        }
        // Very wide and very high ones.
        for size in [(4000, 1), (1, 4000)] {
            for protocol in [Protocol::Kitty, Protocol::Sixel] {
                let (_, cells) = fit(size, (7, 5), Graphics::new(protocol, false, None)).unwrap();
                assert!(cells.width.min(cells.height) >= 1 && cells.width <= 7 && cells.height <= 5);
            }
        }
    }

    #[test]
    fn kitty_is_told_the_cells_and_has_a_mark_for_each() {
        let pixels = pixels(Protocol::Kitty, false);
        let (data, id) = (pixels.data(), pixels.id);
        assert!(data.starts_with("\x1b_Gq=2,"), "{data:.80}");
        assert!(
            data.contains(&format!("i={id},a=T,U=1,c=20,r=6,f=32,o=z,t=d,s=96,v=54,")),
            "{data:.80}"
        );
        assert!(data.ends_with("\x1b\\"), "{data}");
        assert_eq!((pixels.columns(), pixels.rows()), (20, 6));
        let mut cells: Vec<Cell> = Vec::new();
        for (row, column) in (0..6).flat_map(|row| (0..20).map(move |column| (row, column))) {
            let mut cell = Cell::EMPTY;
            pixels.mark(&mut cell, column, row);
            assert!(pixels.has(&cell) && !cells.contains(&cell), "{column} {row}");
            cells.push(cell);
        }
        // Those of the first two in Kitty's table.
        assert_eq!(cells[1].symbol(), "\u{10EEEE}\u{305}\u{30D}");
        assert_eq!(pixels.forgetting(), format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\"));
        let printed = pixels.printed();
        assert!(printed.starts_with(data) && printed.lines().count() == 6);
    }

    #[test]
    fn others_draw_at_the_cursor_in_so_many_cells() {
        let iterm = pixels(Protocol::Iterm, false);
        assert!(
            iterm.data().contains(";width=20;height=6;doNotMoveCursor=1:"),
            "{:.200}",
            iterm.data()
        );
        let sixel = pixels(Protocol::Sixel, false);
        assert!(sixel.data().contains("\x1bP"), "{:.80}", sixel.data());
        let mut cell = Cell::EMPTY;
        sixel.mark(&mut cell, 3, 4);
        assert!(sixel.has(&cell) && !iterm.has(&cell) && !sixel.has(&Cell::EMPTY));
    }

    #[test]
    fn in_tmux_every_sequence_is_wrapped() {
        for protocol in [Protocol::Kitty, Protocol::Iterm, Protocol::Sixel] {
            let pixels = pixels(protocol, true);
            assert!(pixels.data().starts_with("\x1bPtmux;\x1b\x1b"), "{protocol:?}");
            assert!(pixels.data().ends_with("\x1b\\"), "{protocol:?}");
        }
        let forgetting = pixels(Protocol::Kitty, true).forgetting();
        assert!(forgetting.starts_with("\x1bPtmux;\x1b\x1b_G") && forgetting.ends_with("\x1b\x1b\\\x1b\\"));
    }

    #[test]
    fn a_picture_is_equal_to_itself_alone() {
        let one = pixels(Protocol::Kitty, false);
        assert_eq!(one, one.clone());
        assert_ne!(one, pixels(Protocol::Kitty, false));
    }
}
