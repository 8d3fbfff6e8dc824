//! A screen as text, and the words on it that are drawn in other roles.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Color;
use rushes::tui::theme::{ColorDepth, Role, Theme};
use unicode_width::UnicodeWidthStr;

/// Roles with a ground of their own.
const GROUNDS: [Role; 4] = [Role::Selection, Role::SelectionIdle, Role::CaretLine, Role::Popup];

/// A theme that gives every role a colour of its own, by which [`styled`] knows it again.
pub fn role_theme() -> Theme {
    let mut text = String::from("[roles]\n");
    for (n, role) in Role::ALL.iter().enumerate() {
        let ground = match role {
            Role::Text => ", bg = \"#000000\"".to_owned(),
            role if GROUNDS.contains(role) => format!(", bg = \"#0000{n:02x}\""),
            _ => String::new(),
        };
        let name = role.name();
        writeln!(text, "{name} = {{ fg = \"#00{n:02x}00\"{ground} }}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("roles.toml"), text).unwrap();
    Theme::load("roles", Some(folder.path()), ColorDepth::Truecolor).unwrap()
}

/// The rows of a screen, spaces at their ends cut. Every cell of a picture is shown as the same sign.
pub fn text(buffer: &Buffer) -> String {
    let row = |y: u16| {
        let line: String = cells(buffer, y).map(sign).collect();
        line.trim_end().to_owned() + "\n"
    };
    (0..buffer.area.height).map(row).collect()
}

/// The cells of a row; one that a wide sign covers is left out.
fn cells(buffer: &Buffer, y: u16) -> impl Iterator<Item = &Cell> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let cell = (x < buffer.area.width).then(|| &buffer[(x, y)])?;
        x += u16::try_from(cell.symbol().width().max(1)).unwrap();
        Some(cell)
    })
}

/// The screen, where the cursor is, and for each row the words that are in another role than plain text or a border. A
/// picture is told by its size alone.
pub fn styled(buffer: &Buffer, cursor: Option<Position>) -> String {
    let cursor = cursor.map_or_else(|| "hidden".to_owned(), |at| format!("{},{}", at.x, at.y));
    let mut out = format!("{}--- cursor {cursor}\n", text(buffer));
    for y in 0..buffer.area.height {
        let mut runs: Vec<(String, String)> = Vec::new();
        for cell in cells(buffer, y) {
            let role = role_of(cell);
            match runs.last_mut() {
                Some((last, text)) if *last == role => text.push_str(sign(cell)),
                _ => runs.push((role, sign(cell).to_owned())),
            }
        }
        let plain = [Role::Text, Role::Border, Role::BorderFocus].map(Role::name);
        let told = runs.iter().filter_map(|(role, text)| {
            let text = text.trim();
            if role == PICTURE {
                return Some(format!("{role} {}", text.chars().count()));
            }
            (!text.is_empty() && !plain.contains(&role.as_str())).then(|| format!("{role} \"{text}\""))
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            writeln!(out, "{y:>2} {}", told.join("  ")).unwrap();
        }
    }
    out
}

const PICTURE: &str = "picture";

/// Only pictures have colours that are no role's of [`role_theme`].
fn is_picture(cell: &Cell) -> bool {
    let front = matches!(cell.fg, Color::Rgb(r, _, b) if (r, b) != (0, 0));
    let back = matches!(cell.bg, Color::Rgb(r, g, _) if (r, g) != (0, 0));
    front || back
}

fn sign(cell: &Cell) -> &str {
    if is_picture(cell) { "▀" } else { cell.symbol() }
}

/// The role that the colours of a cell belong to, with that of its ground where it is not the screen's.
fn role_of(cell: &Cell) -> String {
    if is_picture(cell) {
        return PICTURE.to_owned();
    }
    let role = match cell.fg {
        Color::Rgb(0, n, 0) => Role::ALL[usize::from(n)],
        other => panic!("{other} is no role's colour: {:?}", cell.symbol()),
    };
    match cell.bg {
        Color::Rgb(0, 0, 0) => role.name().to_owned(),
        Color::Rgb(0, 0, n) if Role::ALL[usize::from(n)] == role => role.name().to_owned(),
        Color::Rgb(0, 0, n) => format!("{}/{}", role.name(), Role::ALL[usize::from(n)].name()),
        other => panic!("{other} is no role's ground: {:?}", cell.symbol()),
    }
}
