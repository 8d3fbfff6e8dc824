//! Draws the wall: headings, and for each take its caption and its small pictures.

use ratatui::layout::Rect;

use crate::model::sweep_values::SweepValues;
use crate::model::text::{counted, one_line};
use crate::model::{Take, TakeState, Verdict};
use crate::service::wall::{Scrub, shape};
use crate::store::OrderBy;
use crate::tui::canvas::{Canvas, Drawn, Tiles};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::page::Spans;
use crate::tui::panes::{no_picture, wording};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, width, wrap};
use crate::tui::widgets::time;

use super::state::Wall;
use super::tiles::{caption, first_of_page, tiles};

pub fn draw(wall: &Wall, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    // The status line stays.
    let area = Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(1),
        ..area
    };
    let inner = canvas.popup(&title(wall), &foot(wall), area);
    let room = Rect {
        y: inner.y + 1.min(inner.height),
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let takes = wall.page.as_ref().map_or(&[][..], |page| &page.takes);
    let pictured = takes.first().map_or((16, 9), shape);
    let tiles = match state.pictures.shape() {
        Some(_) => tiles(room, pictured, (wall.tally().takes, wall.columns())),
        None => Tiles::of_text(room),
    };
    let mut drawn = Drawn {
        rows: tiles.down,
        tiles: Some(tiles),
        ..Drawn::default()
    };
    if takes.is_empty() {
        let words = match &wall.page {
            None => "reading the takes",
            Some(_) => "no take is left here",
        };
        unread(wall, canvas, room, words);
        return drawn;
    }
    let first_column = u16::try_from(first_of_page(
        u64::from(wall.column),
        tiles.across,
        u64::from(wall.columns()),
    ))
    .unwrap_or(0);
    let left = room.x + caption(room, tiles) + 1;
    if tiles.has_pictures() {
        heading(wall, canvas, (inner, left), tiles, first_column);
    } else {
        let how = state.key_in(Context::Wall, Action::NextPictureMode);
        canvas.text(row(inner, 0), Role::Dim, format!("pictures are off{how}"));
    }
    let values = SweepValues::of(takes.iter());
    let first = first_of_page(wall.at, tiles.down, wall.tally().takes);
    for at in 0..tiles.down {
        let place = first + u64::from(at);
        let top = room.y + at * tiles.step();
        if place >= wall.tally().takes || top >= room.bottom() {
            break;
        }
        let line = Rect {
            y: top,
            height: tiles.rows.min(room.bottom() - top),
            ..room
        };
        if place == wall.at {
            let gutter = Rect {
                x: room.x.saturating_sub(1),
                width: 1,
                height: 1,
                y: top,
            };
            canvas.text(gutter, Role::Selection, canvas.ctx.glyphs.pointer);
        }
        let Some(take) = wall.row(place) else {
            unread(wall, canvas, line, "reading");
            continue;
        };
        drawn.takes.push(take.id);
        let facts = Facts::of(take, &values.of_take(take), canvas, state);
        if !tiles.has_pictures() {
            facts.draw_line(canvas, line);
            continue;
        }
        let words = Rect {
            width: left - room.x - 1,
            ..line
        };
        facts.draw_beside(canvas, words);
        let pictures = Rect {
            x: left,
            width: room.right().saturating_sub(left),
            ..line
        };
        strip(wall, take, canvas, (pictures, first_column), tiles);
    }
    drawn
}

/// Why there is no take: it is being read, or the reading has failed.
fn unread(wall: &Wall, canvas: &mut Canvas<'_>, area: Rect, words: &str) {
    let (role, words) = match &wall.failure {
        Some(error) => (Role::Error, format!("the takes could not be read: {error}")),
        None => (Role::Placeholder, words.to_owned()),
    };
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let lines = wrap(&words, columns, height, canvas.ctx.glyphs.ellipsis);
    for (y, line) in lines.into_iter().enumerate() {
        canvas.text(row(area, y), role, line);
    }
}

/// `Wall of sweep 9 · 6 of 8 saved · 2 circled · 1 rejected`.
fn title(wall: &Wall) -> String {
    let tally = wall.tally();
    let mut words = vec![
        format!("Wall of {}", wall.name()),
        match tally.takes {
            takes if takes == tally.saved => counted(takes, "take"),
            takes => format!("{} of {takes} saved", tally.saved),
        },
    ];
    let counts = [(tally.circled, "circled"), (tally.rejected, "rejected")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    words.extend(counts.map(|(count, what)| format!("{count} {what}")));
    if wall.order.by != OrderBy::Number {
        words.push(format!("by {}", wall.order.by));
    }
    words.join(" · ")
}

/// Which moment is shown, and the place of the row.
fn foot(wall: &Wall) -> String {
    let moment = match wall.scrub {
        Scrub::Early => "[ beginning ]  ",
        Scrub::Middle => "",
        Scrub::Late => "[ end ]  ",
    };
    match wall.tally().takes {
        0 => String::new(),
        takes => format!("{moment}{} of {takes}", wall.at + 1),
    }
}

/// The headings of the columns; the selected one has a pointer.
fn heading(
    wall: &Wall,
    canvas: &mut Canvas<'_>,
    (inner, left): (Rect, u16),
    tiles: Tiles,
    first_column: u16,
) {
    let columns = wall.columns();
    let glyphs = canvas.ctx.glyphs;
    for at in 0..tiles.across {
        let column = first_column + at;
        if column >= columns {
            break;
        }
        let is_selected = column == wall.column;
        let pointer = if is_selected { glyphs.pointer } else { " " };
        let word = if tiles.columns > 8 { "shot " } else { "" };
        let place = Rect {
            x: left + at * (tiles.columns + 1),
            width: tiles.columns,
            height: 1.min(inner.height),
            y: inner.y,
        };
        let place = place.intersection(inner);
        let line = [
            (Role::Selection, pointer.to_owned()),
            (Role::Dim, format!("{word}{}", column + 1)),
        ];
        canvas.roles(place, &line);
    }
    let hidden = columns.saturating_sub(first_column + tiles.across);
    if hidden > 0 || first_column > 0 {
        let words = format!("{} of {columns} shots", tiles.across.min(columns - first_column));
        let place = Rect {
            width: (left - inner.x).saturating_sub(1),
            ..row(inner, 0)
        };
        canvas.text(place, Role::Dim, words);
    }
}

/// What is said of a take: number, seed and verdict, then what tells it from others, then its state.
struct Facts {
    /// Mark and verdict, where there are any.
    signs: Spans,
    name: Spans,
    /// Each is a line of its own beside pictures; those that are empty are left out.
    more: Vec<(Role, String)>,
    /// How large it is, the last of them beside pictures.
    size: (Role, String),
    /// Why it ended without a video, which is said in place of the pictures where these are drawn.
    failure: Option<(Role, String)>,
}

/// The columns of the signs and of a take's name where rows are lines.
const SIGNS: usize = 4;
const NAME: usize = 14;

impl Facts {
    fn of(take: &Take, value: &str, canvas: &Canvas<'_>, state: &State) -> Self {
        let glyphs = canvas.ctx.glyphs;
        let verdict = match take.verdict {
            Verdict::Circled => Role::Circled,
            Verdict::Rejected => Role::Rejected,
            Verdict::None => Role::Text,
        };
        let is_marked = state.takes.marks.contains_key(&take.id);
        let mark = if is_marked { glyphs.mark } else { "" };
        let signs = [
            (Role::Accent, mark),
            (verdict, glyphs.verdict(take.verdict).trim()),
        ];
        let signs = signs.into_iter().filter(|(_, sign)| !sign.is_empty());
        let name = [
            (Role::Text, format!("{} ", take.id)),
            (Role::Dim, format!("s{} ", take.seed)),
        ];
        let more = [
            (Role::Text, value.to_owned()),
            progress(take, canvas, state),
            (Role::Dim, wording::remarks(take)),
        ];
        let more = more.into_iter().filter(|(_, text)| !text.is_empty());
        Self {
            signs: signs.map(|(role, sign)| (role, format!("{sign} "))).collect(),
            name: name.to_vec(),
            more: more.map(|(role, text)| (role, one_line(&text, 200))).collect(),
            size: (Role::Dim, wording::kind_and_size(take)),
            failure: wording::failure(take).map(|why| (Role::Dim, why)),
        }
    }

    /// Draws the caption of a row of pictures.
    fn draw_beside(self, canvas: &mut Canvas<'_>, area: Rect) {
        let more = self.more.into_iter().chain([self.size]);
        let name = [self.signs, self.name].concat();
        let lines = std::iter::once(name).chain(more.map(|one| vec![one]));
        for (y, line) in lines.enumerate().take(usize::from(area.height)) {
            canvas.roles(row(area, y), &line);
        }
    }

    /// Draws all of it in one line.
    fn draw_line(self, canvas: &mut Canvas<'_>, area: Rect) {
        let gap = |columns: usize| (Role::Text, " ".repeat(columns));
        let mut line = Spans::new();
        for (spans, columns) in [(self.signs, SIGNS), (self.name, NAME)] {
            let taken: usize = spans.iter().map(|(_, text)| width(text)).sum();
            line.extend(spans);
            line.push(gap(columns.saturating_sub(taken)));
        }
        line.push(self.size);
        for one in self.more.into_iter().chain(self.failure) {
            line.extend([gap(2), one]);
        }
        canvas.roles(row(area, 0), &line);
    }
}

/// How far a take is that is not saved: `● processing 0:42`; empty for a saved one.
fn progress(take: &Take, canvas: &Canvas<'_>, state: &State) -> (Role, String) {
    let role = Role::of_state(take.state);
    if take.state == TakeState::Saved && take.emptied_at.is_none() {
        return (role, String::new());
    }
    let mut words = format!(
        "{} {}",
        canvas.ctx.glyphs.state(take.state),
        take.state_in_words()
    );
    if let Some((bytes, total)) = state.takes.arriving.get(&take.id) {
        match total.filter(|total| *total > 0) {
            Some(total) => words += &format!(" {}%", bytes.saturating_mul(100) / total),
            None => words += &format!(" {}", wording::bytes(*bytes)),
        }
    } else if let Some(sent) = take.times.submitted.filter(|_| take.state.in_flight()) {
        words += &format!(" {}", time::clock(time::between(sent, canvas.ctx.now)));
    }
    (role, words)
}

/// The pictures of a row, or why there are none.
fn strip(wall: &Wall, take: &Take, canvas: &mut Canvas<'_>, (area, first_column): (Rect, u16), tiles: Tiles) {
    let strip = wall.strips.get(&take.id);
    let strip = strip.filter(|strip| {
        let (look, is_there) = (strip.key.look, take.file.is_some());
        is_there && (look.columns, look.rows) == (tiles.columns, tiles.rows)
    });
    let why = match strip.map(|strip| &strip.pictures) {
        Some(Ok(pictures)) => {
            let shown = pictures.iter().skip(usize::from(first_column));
            for (at, picture) in (0..tiles.across).zip(shown) {
                let place = Rect {
                    x: area.x + at * (tiles.columns + 1),
                    width: tiles.columns,
                    ..area
                };
                canvas.picture(picture, place.intersection(area));
            }
            return;
        }
        Some(Err(why)) => why.clone(),
        None if take.file.is_some() => "reading the pictures".to_owned(),
        None => match wording::failure(take) {
            Some(failure) if take.emptied_at.is_none() => {
                format!("no picture: {} {failure}", take.state_in_words())
            }
            _ if take.emptied_at.is_some() => "its video was deleted from the bin".to_owned(),
            _ => format!("no picture yet: {}", take.state_in_words()),
        },
    };
    let room = (usize::from(area.width), usize::from(area.height));
    let lines = no_picture::lines(&why, take.file.as_deref(), room, canvas.ctx.glyphs.ellipsis);
    for (y, line) in lines.into_iter().enumerate() {
        canvas.text(row(area, y), Role::Dim, line);
    }
}
