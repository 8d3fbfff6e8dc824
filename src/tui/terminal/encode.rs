//! Writes changed cells with few bytes: one sequence for all that changes in a style, no colour that a blank does not show,
//! and the shortest way to the next cell.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::tui::graphics::is_placeholder;

/// The modifiers with their SGR parameters. (ECMA-48, 8.3.117.)
const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// What a blank shows besides its background.
const SHOWN_ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    foreground: Color,
    background: Color,
    underline: Color,
    modifiers: Modifier,
}

const PLAIN: Style = Style {
    foreground: Color::Reset,
    background: Color::Reset,
    underline: Color::Reset,
    modifiers: Modifier::empty(),
};

/// Writes the cells, which are in the order of rows and columns, and leaves the terminal's style plain.
///
/// # Errors
/// Those of the writer.
pub fn write_cells<'a>(
    out: &mut impl Write,
    cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
) -> io::Result<()> {
    let mut text = String::with_capacity(256);
    let mut style = PLAIN;
    let mut at = None;
    for (x, y, cell) in cells {
        match at {
            Some((column, row)) if row == y && column == x => {}
            Some((column, row)) if row == y && column < x => {
                put(&mut text, format_args!("\x1b[{}C", Count(x - column)));
            }
            _ => put(&mut text, format_args!("\x1b[{};{}H", y + 1, x + 1)),
        }
        let symbol = cell.symbol();
        let wanted = wanted(cell, style);
        change(&mut text, &mut style, wanted);
        text.push_str(symbol);
        // How far the terminal goes for several characters in one place, as many emoji are, is not known; kitty goes one column
        // for a part of a picture.
        let is_known = symbol.chars().nth(1).is_none() || is_placeholder(symbol);
        let width = u16::try_from(symbol.width()).unwrap_or(u16::MAX);
        at = is_known.then_some((x.saturating_add(width), y));
    }
    if style != PLAIN {
        text.push_str("\x1b[m");
    }
    out.write_all(text.as_bytes())
}

/// A count that is 1 when left out.
struct Count(u16);

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            1 => Ok(()),
            count => count.fmt(f),
        }
    }
}

/// The style that the cell needs: what it does not show stays as it is.
fn wanted(cell: &Cell, now: Style) -> Style {
    let style = Style {
        foreground: cell.fg,
        background: cell.bg,
        underline: cell.underline_color,
        modifiers: cell.modifier,
    };
    let is_blank = cell.symbol() == " " && !cell.modifier.intersects(SHOWN_ON_BLANKS);
    if is_blank && !now.modifiers.intersects(SHOWN_ON_BLANKS) {
        Style {
            background: style.background,
            ..now
        }
    } else {
        style
    }
}

/// Writes what changes the style.
fn change(text: &mut String, now: &mut Style, wanted: Style) {
    if *now == wanted {
        return;
    }
    let mut parameters = Parameters::default();
    if wanted == PLAIN {
        text.push_str("\x1b[m");
        *now = wanted;
        return;
    }
    // What is switched off by one parameter each, as bold and dim are together, is simpler to begin anew.
    if !(now.modifiers - wanted.modifiers).is_empty() {
        parameters.add(format_args!("0"));
        *now = PLAIN;
    }
    for (modifier, code) in MODIFIERS {
        if wanted.modifiers.contains(modifier) && !now.modifiers.contains(modifier) {
            parameters.add(format_args!("{code}"));
        }
    }
    if now.foreground != wanted.foreground {
        parameters.color(30, wanted.foreground);
    }
    if now.background != wanted.background {
        parameters.color(40, wanted.background);
    }
    if now.underline != wanted.underline {
        parameters.color(50, wanted.underline);
    }
    put(text, format_args!("\x1b[{}m", parameters.text));
    *now = wanted;
}

/// The parameters of one sequence.
#[derive(Default)]
struct Parameters {
    text: String,
}

impl Parameters {
    fn add(&mut self, parameter: std::fmt::Arguments<'_>) {
        if !self.text.is_empty() {
            self.text.push(';');
        }
        put(&mut self.text, parameter);
    }

    /// The colour; `base` is 30 for the text, 40 for the background, 50 for the underline.
    fn color(&mut self, base: u8, color: Color) {
        let named = |place: u8| match place {
            _ if base == 50 => Err(place),
            0..8 => Ok(base + place),
            _ => Ok(base + 60 + place - 8),
        };
        let code = match color {
            Color::Reset => Ok(base + 9),
            Color::Black => named(0),
            Color::Red => named(1),
            Color::Green => named(2),
            Color::Yellow => named(3),
            Color::Blue => named(4),
            Color::Magenta => named(5),
            Color::Cyan => named(6),
            Color::Gray => named(7),
            Color::DarkGray => named(8),
            Color::LightRed => named(9),
            Color::LightGreen => named(10),
            Color::LightYellow => named(11),
            Color::LightBlue => named(12),
            Color::LightMagenta => named(13),
            Color::LightCyan => named(14),
            Color::White => named(15),
            Color::Indexed(index) => Err(index),
            Color::Rgb(red, green, blue) => {
                return self.add(format_args!("{};2;{red};{green};{blue}", base + 8));
            }
        };
        match code {
            Ok(code) => self.add(format_args!("{code}")),
            Err(index) => self.add(format_args!("{};5;{index}", base + 8)),
        }
    }
}

/// Writing into a string does not fail.
fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "any colour must be written")]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style as CellStyle;

    const COLORS: [Color; 8] = [
        Color::Reset,
        Color::Red,
        Color::DarkGray,
        Color::White,
        Color::Indexed(7),
        Color::Indexed(200),
        Color::Rgb(1, 2, 3),
        Color::Rgb(250, 0, 90),
    ];
    /// Each two columns wide, so that none covers half of another.
    const SYMBOLS: [&str; 7] = ["  ", "ab", "▀ ", " é", "漢", "· ", "  "];

    fn random(random: &mut fastrand::Rng, before: &Buffer) -> Buffer {
        let mut next = before.clone();
        for _ in 0..random.usize(..40) {
            let (x, y) = (
                random.u16(..next.area.width / 2) * 2,
                random.u16(..next.area.height),
            );
            let mut style = CellStyle::reset()
                .fg(COLORS[random.usize(..COLORS.len())])
                .bg(COLORS[random.usize(..COLORS.len())]);
            // The reader of the test knows these.
            for modifier in [
                Modifier::BOLD,
                Modifier::UNDERLINED,
                Modifier::REVERSED,
                Modifier::ITALIC,
            ] {
                if random.u8(..4) == 0 {
                    style = style.add_modifier(modifier);
                }
            }
            next.set_string(x, y, SYMBOLS[random.usize(..SYMBOLS.len())], style);
        }
        next
    }

    fn parser(rows: u16, columns: u16) -> vt100::Parser {
        vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)
    }

    fn read(buffer: &Buffer) -> vt100::Parser {
        let mut parser = parser(buffer.area.height, buffer.area.width);
        let blank = Buffer::empty(buffer.area);
        let mut bytes = Vec::new();
        for (x, y, cell) in blank.diff(buffer) {
            // Each cell by itself and from the start.
            write_cells(&mut bytes, std::iter::once((x, y, cell))).unwrap();
        }
        parser.process(&bytes);
        parser
    }

    fn same(one: &vt100::Parser, other: &vt100::Parser) -> bool {
        let (rows, columns) = one.screen().size();
        (0..rows.get()).all(|row| {
            (0..columns.get()).all(|column| {
                let cells = [one, other].map(|parser| parser.screen().cell(row, column).unwrap());
                let is_blank = cells
                    .iter()
                    .all(|cell| matches!(cell.contents(), "" | " ") && !cell.inverse() && !cell.underline());
                let shown = cells.map(|cell| {
                    let contents = if is_blank { "" } else { cell.contents() };
                    let letter = (cell.fgcolor(), cell.bold(), cell.italic());
                    let letter = (!is_blank).then_some(letter);
                    (
                        contents.to_owned(),
                        letter,
                        cell.bgcolor(),
                        cell.inverse(),
                        cell.underline(),
                    )
                });
                shown[0] == shown[1]
            })
        })
    }

    #[test]
    fn frames_that_are_written_as_changes_look_like_those_written_cell_by_cell() {
        let seed = std::env::var("RUSHES_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| fastrand::u64(..));
        println!("RUSHES_SEED={seed}");
        let mut rng = fastrand::Rng::with_seed(seed);
        for _ in 0..30 {
            let mut shown = Buffer::empty(Rect::new(0, 0, 12, 4));
            let mut parser = parser(4, 12);
            for _ in 0..10 {
                let next = random(&mut rng, &shown);
                let mut bytes = Vec::new();
                write_cells(&mut bytes, shown.diff(&next).into_iter()).unwrap();
                parser.process(&bytes);
                assert!(
                    same(&parser, &read(&next)),
                    "{:?}",
                    String::from_utf8_lossy(&bytes)
                );
                shown = next;
            }
        }
    }

    /// Terminals differ in how wide they take these for, so what follows is placed anew.
    #[test]
    fn what_follows_a_symbol_of_several_characters_is_placed_by_its_column() {
        let area = Rect::new(0, 0, 12, 1);
        let mut buffer = Buffer::empty(area);
        buffer.set_string(0, 0, "a☺️b漢c", CellStyle::reset());
        let mut bytes = Vec::new();
        write_cells(&mut bytes, Buffer::empty(area).diff(&buffer).into_iter()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("☺️\x1b[1;4Hb漢c"), "{text:?}");
    }

    #[test]
    fn a_letter_costs_its_way_and_itself() {
        let mut cell = Cell::new("x");
        let written = |cell: &Cell| {
            let mut bytes = Vec::new();
            write_cells(&mut bytes, std::iter::once((2, 4, cell))).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(written(&cell), "\x1b[5;3Hx");
        cell.set_style(
            CellStyle::new()
                .fg(Color::Rgb(1, 2, 3))
                .bg(Color::Red)
                .add_modifier(Modifier::BOLD),
        );
        assert_eq!(written(&cell), "\x1b[5;3H\x1b[1;38;2;1;2;3;41mx\x1b[m");
    }
}
