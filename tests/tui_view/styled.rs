//! A screen as text, with its styles beside it in few words.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

/// The words of a screen, spaces at the ends of lines cut.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer).into_iter().map(|row| row + "\n").collect()
}

fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y| {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        line.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect()
}

/// The screen, then for each row its runs of style as `letter` and `columns`, then what the letters mean.
/// Cells of pictures are one style: their colours are not what a screen is about.
pub fn styled(buffer: &Buffer, caret: Option<Position>) -> String {
    let mut legend: Vec<String> = Vec::new();
    let mut map = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in 0..buffer.area.width {
            let style = name(&buffer[(x, y)]);
            let letter = legend
                .iter()
                .position(|known| *known == style)
                .unwrap_or_else(|| {
                    legend.push(style);
                    legend.len() - 1
                });
            match runs.last_mut() {
                Some((last, count)) if *last == letter => *count += 1,
                _ => runs.push((letter, 1)),
            }
        }
        let words: Vec<String> = runs
            .iter()
            .map(|(letter, n)| format!("{}{n}", sign(*letter)))
            .collect();
        map += &format!("{y:>2} {}\n", words.join(" "));
    }
    let meanings: Vec<String> = legend
        .iter()
        .enumerate()
        .map(|(n, style)| format!("{} {style}", sign(n)))
        .collect();
    let caret = caret.map_or_else(|| "none".to_owned(), |at| format!("{},{}", at.x, at.y));
    format!(
        "{}---\ncaret {caret}\n{map}---\n{}",
        text(buffer),
        meanings.join("\n")
    )
}

fn sign(letter: usize) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[letter])
}

fn name(cell: &Cell) -> String {
    if cell.symbol() == "▀" {
        return "picture".to_owned();
    }
    format!("{} on {} {:?}", cell.fg, cell.bg, cell.modifier)
}
