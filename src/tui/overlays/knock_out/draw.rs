//! Draws two takes beside each other or one above the other, and the ranking.

use ratatui::layout::Rect;

use crate::model::seconds::moment;
use crate::model::text::{counted, one_line};
use crate::model::{Take, TakeId};
use crate::service::knock_out::KnockOut;
use crate::service::ranking::Ranking;
use crate::service::shots::of_take;
use crate::service::wall::shape;
use crate::store::Decision;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::choosing::Side;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::page::{Spans, draw_lines};
use crate::tui::panes::{no_picture, wording};
use crate::tui::state::State;
use crate::tui::theme::Role;

use super::pair::Pair;
use super::place::{popup, rooms};

/// Draws the takes that are judged next, with what they are.
pub fn sides(
    knock_out: &KnockOut,
    pair: &Pair,
    takes: &[&Take],
    (canvas, area): (&mut Canvas<'_>, Rect),
    state: &State,
) -> Drawn {
    let Some(first) = takes.first() else {
        return Drawn::default();
    };
    let title = match knock_out.takes.len() {
        2 => "Two takes".to_owned(),
        count => format!(
            "Knock-out of {count} takes · decision {} of at most {}",
            knock_out.decisions.len() + 1,
            knock_out.most_decisions()
        ),
    };
    let inner = canvas.popup(&title, &moment_of(pair, first), popup(area));
    let rooms = rooms(inner, shape(first), takes.len());
    let (columns, rows) = rooms.first().map_or((0, 0), |room| (room.width, room.height));
    let keys = [Action::KeepLeft, Action::KeepRight];
    for ((at, take), room) in takes.iter().enumerate().zip(rooms) {
        let side = [Side::Left, Side::Right][at.min(1)];
        let key = state
            .keymap
            .label(Context::Pair, keys[at.min(1)])
            .unwrap_or_default();
        let picture = Rect {
            height: room.height.saturating_sub(1),
            ..room
        };
        one(take, pair, (side, picture), canvas, state);
        let words = Rect {
            y: room.bottom().saturating_sub(1),
            height: 1.min(room.height),
            ..room
        };
        let mut line = caption(take, &key, canvas);
        if takes.len() == 1 {
            line.push((Role::Warn, ALONE.to_owned()));
        }
        canvas.roles(words, &line);
    }
    Drawn {
        picture: Some((columns, rows.saturating_sub(1))),
        takes: takes.iter().map(|take| take.id).collect(),
        ..Drawn::default()
    }
}

/// What is said of a take that is shown by itself.
const ALONE: &str = "nothing is left to compare it with: keep it or reject it";

/// `shot 2 of 4  0:03.1 of 0:10.0`.
fn moment_of(pair: &Pair, take: &Take) -> String {
    let (at, shots) = (pair.at(), of_take(take));
    let here = shots.iter().take_while(|shot| shot.start_ms <= at).count();
    let time = format!("{} of {}", moment(at), moment(take.duration.ms()));
    match shots.len() {
        0 | 1 => time,
        count => format!("shot {} of {count}  {time}", here.max(1)),
    }
}

/// `h  take 5  s42  red  * #hero`.
fn caption(take: &Take, key: &str, canvas: &Canvas<'_>) -> Spans {
    let glyphs = canvas.ctx.glyphs;
    let value = take.variant.as_deref().map(|value| one_line(value, 24));
    let kind = take
        .draft_or_final()
        .map(|kind| format!("{kind} {}", take.resolution));
    let words = [
        (Role::Key, key.to_owned()),
        (Role::Text, format!("take {}", take.id)),
        (Role::Dim, format!("s{}", take.seed)),
        (Role::Text, value.unwrap_or_default()),
        (Role::Text, kind.unwrap_or_default()),
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
    no_picture::draw(canvas, area, &why, take.file.as_deref());
}

/// Draws the ranking with the decisions that led to it.
pub fn ranking(
    knock_out: &KnockOut,
    ranking: &Ranking,
    scroll: usize,
    (canvas, area): (&mut Canvas<'_>, Rect),
) -> Drawn {
    let title = format!("Ranking of {} takes", knock_out.takes.len());
    let glyphs = canvas.ctx.glyphs;
    let line = |lead: &str, id: TakeId, words: String| -> Spans {
        let take = knock_out.take(id);
        let value = take.and_then(|take| take.variant.as_deref());
        let verdict = take.map(|take| glyphs.verdict(take.verdict).trim().to_owned());
        let parts = [
            (Role::Key, format!("{lead:>4}")),
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
    for place in &ranking.places {
        let words = how_it_fared(knock_out, place.take);
        let shared = if place.is_shared { " =" } else { "." };
        lines.push(line(&format!("{}{shared}", place.number), place.take, words));
    }
    for id in &ranking.rejected {
        lines.push(line("", *id, "rejected on the way".to_owned()));
    }
    if ranking.places.iter().any(|place| place.is_shared) {
        lines.push(Spans::new());
        lines.push(vec![(Role::Dim, SHARED.to_owned())]);
    }
    lines.push(Spans::new());
    lines.push(vec![(
        Role::Heading,
        counted(knock_out.decisions.len() as u64, "decision"),
    )]);
    for decision in &knock_out.decisions {
        lines.push(vec![(Role::Dim, in_words(decision))]);
    }
    Drawn {
        // The winner has the keys.
        takes: ranking.winner().into_iter().collect(),
        ..draw_lines(canvas, area, &title, scroll, |_| lines)
    }
}

/// What was decided about a take: `kept, not 2, 3; 5 was kept`.
fn how_it_fared(knock_out: &KnockOut, id: TakeId) -> String {
    let beaten: Vec<String> = knock_out.beaten_by(id).iter().map(ToString::to_string).collect();
    let kept = (!beaten.is_empty()).then(|| format!("kept, not {}", beaten.join(", ")));
    let others = knock_out.decisions.iter().filter_map(|decision| {
        if decision.is_about_one() {
            return (decision.winner() == Some(id)).then(|| "kept, compared with none".to_owned());
        }
        let winner = decision.winner().filter(|_| decision.loser() == Some(id))?;
        Some(format!("{winner} was kept"))
    });
    kept.into_iter().chain(others).collect::<Vec<_>>().join("; ")
}

/// What a shared place means.
const SHARED: &str = "=  these takes were not compared with each other";

fn in_words(decision: &Decision) -> String {
    match (decision.winner(), decision.loser()) {
        (Some(winner), Some(loser)) => format!("take {winner} was kept, not {loser}"),
        (Some(winner), None) => format!("take {winner} was kept, compared with none"),
        (None, _) if decision.is_about_one() => format!("take {} was rejected", decision.left),
        (None, _) => format!("takes {} and {} were rejected", decision.left, decision.right),
    }
}
