//! Draws two takes beside each other or one above the other, and the ranking.

use ratatui::layout::Rect;

use crate::media::cells;
use crate::model::text::{counted, one_line, tenths};
use crate::model::{Take, TakeId};
use crate::service::knock_out::KnockOut;
use crate::service::shots::of_take;
use crate::service::wall::shape;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::choosing::Side;
use crate::tui::keymap::Action;
use crate::tui::overlays::page::{Spans, draw_lines};
use crate::tui::panes::wording;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{fit, row, width, wrap};

use super::pair::Pair;

/// Draws the two takes with what they are.
pub fn pair(
    knock_out: &KnockOut,
    pair: &Pair,
    takes: [&Take; 2],
    (canvas, area): (&mut Canvas<'_>, Rect),
    state: &State,
) -> Drawn {
    // The status line stays.
    let area = Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(1),
        ..area
    };
    let title = match knock_out.takes.len() {
        2 => "Two takes".to_owned(),
        count => format!(
            "Knock-out of {count} takes · decision {} of at most {}",
            knock_out.decisions.len() + 1,
            knock_out.most_decisions()
        ),
    };
    let inner = canvas.popup(&title, &place(pair, takes[0]), area);
    let halves = split(inner, shape(takes[0]));
    let keys = [Action::KeepLeft, Action::KeepRight];
    for (at, (side, half)) in [Side::Left, Side::Right].into_iter().zip(halves).enumerate() {
        let key = state
            .keymap
            .label(crate::tui::keymap::Context::Pair, keys[at])
            .unwrap_or_default();
        let picture = Rect {
            height: half.height.saturating_sub(1),
            ..half
        };
        one(takes[at], pair, (side, picture), canvas, state);
        let words = Rect {
            y: half.bottom().saturating_sub(1),
            height: 1.min(half.height),
            ..half
        };
        canvas.roles(words, &caption(takes[at], &key, canvas));
    }
    let room = halves[0];
    Drawn {
        picture: Some((room.width, room.height.saturating_sub(1))),
        takes: takes.map(|take| take.id).to_vec(),
        ..Drawn::default()
    }
}

/// `shot 2 of 4  3.1 s of 10.0 s`.
fn place(pair: &Pair, take: &Take) -> String {
    let (at, shots) = (pair.at(), of_take(take));
    let here = shots.iter().take_while(|shot| shot.start_ms <= at).count();
    let time = format!("{} s of {} s", tenths(at), take.duration);
    match shots.len() {
        0 | 1 => time,
        count => format!("shot {} of {count}  {time}", here.max(1)),
    }
}

/// The two halves, beside each other or one above the other: as the pictures are larger. Each has a row for its caption.
fn split(inner: Rect, shape: (u32, u32)) -> [Rect; 2] {
    let across = inner.width.saturating_sub(2) / 2;
    let down = inner.height / 2;
    let cells = |columns: u16, rows: u16| {
        let (columns, rows) = cells::fit(shape, columns, rows.saturating_sub(1));
        u32::from(columns) * u32::from(rows)
    };
    if cells(across, inner.height) >= cells(inner.width, down) {
        let half = Rect {
            width: across,
            ..inner
        };
        let other = Rect {
            x: inner.right() - across,
            ..half
        };
        [half, other]
    } else {
        let half = Rect {
            height: down,
            ..inner
        };
        let other = Rect {
            y: inner.bottom() - down,
            ..half
        };
        [half, other]
    }
}

/// `h  take 5  s42  red  * #hero`.
fn caption(take: &Take, key: &str, canvas: &Canvas<'_>) -> Spans {
    let glyphs = canvas.ctx.glyphs;
    let value = take.variant.as_deref().map(|value| one_line(value, 24));
    let words = [
        (Role::Key, key.to_owned()),
        (Role::Text, format!("take {}", take.id)),
        (Role::Dim, format!("s{}", take.seed)),
        (Role::Text, value.unwrap_or_default()),
        (Role::Circled, glyphs.verdict(take.verdict).trim().to_owned()),
        (Role::Dim, wording::remarks(take)),
    ];
    let mut line = Spans::new();
    for (role, text) in words.into_iter().filter(|(_, text)| !text.is_empty()) {
        line.push((role, text));
        line.push((Role::Text, "  ".to_owned()));
    }
    line
}

/// The picture of one take, or why there is none.
fn one(take: &Take, pair: &Pair, (side, area): (Side, Rect), canvas: &mut Canvas<'_>, state: &State) {
    let why = match pair.shown(side, take.id) {
        _ if state.pictures.shape().is_none() => {
            format!("pictures are off{}", state.key_of(Action::NextPictureMode))
        }
        _ if take.file.is_none() => take.why_no_video(),
        Some(Ok(picture)) => {
            canvas.picture(picture, area);
            return;
        }
        Some(Err(why)) => why.clone(),
        None => "reading the video".to_owned(),
    };
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let ellipsis = canvas.ctx.glyphs.ellipsis;
    let lines = wrap(&fit(&why, 400, ellipsis), columns, height, ellipsis);
    let top = (height - lines.len()) / 2;
    for (y, line) in lines.into_iter().enumerate() {
        let left = " ".repeat((columns - width(&line)) / 2);
        canvas.text(row(area, top + y), Role::Dim, format!("{left}{line}"));
    }
}

/// Draws the ranking with the decisions that led to it.
pub fn ranking(
    knock_out: &KnockOut,
    (ranking, rejected): (&[TakeId], &[TakeId]),
    scroll: usize,
    canvas: &mut Canvas<'_>,
    area: Rect,
) -> Drawn {
    let title = format!("Ranking of {} takes", knock_out.takes.len());
    let glyphs = canvas.ctx.glyphs;
    let line = |lead: &str, id: TakeId, words: String| -> Spans {
        let take = knock_out.take(id);
        let value = take.and_then(|take| take.variant.as_deref());
        let verdict = take.map(|take| glyphs.verdict(take.verdict).trim().to_owned());
        let parts = [
            (Role::Key, format!("{lead:>3}")),
            (Role::Text, format!("take {id}")),
            (
                Role::Dim,
                take.map_or_else(String::new, |take| format!("s{}", take.seed)),
            ),
            (
                Role::Text,
                value.map_or_else(String::new, |value| one_line(value, 24)),
            ),
            (Role::Circled, verdict.unwrap_or_default()),
            (Role::Dim, words),
        ];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        parts.map(|(role, text)| (role, format!("{text}  "))).collect()
    };
    let mut lines: Vec<Spans> = Vec::new();
    for (at, id) in ranking.iter().enumerate() {
        let beaten: Vec<String> = knock_out.beaten_by(*id).iter().map(ToString::to_string).collect();
        let words = match beaten.len() {
            0 => String::new(),
            _ => format!("preferred to {}", beaten.join(", ")),
        };
        lines.push(line(&format!("{}.", at + 1), *id, words));
    }
    for id in rejected {
        lines.push(line("", *id, "rejected on the way".to_owned()));
    }
    lines.push(Spans::new());
    lines.push(vec![(
        Role::Heading,
        counted(knock_out.decisions.len() as u64, "decision"),
    )]);
    for decision in &knock_out.decisions {
        let words = match decision.winner() {
            Some(winner) => format!("take {winner} was kept, not {}", decision.other(winner)),
            None => format!("takes {} and {} were rejected", decision.left, decision.right),
        };
        lines.push(vec![(Role::Dim, words)]);
    }
    Drawn {
        // The winner has the keys.
        takes: ranking.first().copied().into_iter().collect(),
        ..draw_lines(canvas, area, &title, scroll, |_| lines)
    }
}
