//! Draws the Monitor's box: picture, stills, facts, and the place in the video in its border.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::component::Monitor;
use super::place::{Needs, Places, places};
use super::{facts, summary};
use crate::media::Speed;
use crate::model::Take;
use crate::tui::canvas::{Canvas, Ctx, Drawn, rows};
use crate::tui::keymap::{Action, PaneId};
use crate::tui::panes::sound::SoundStrip;
use crate::tui::panes::{no_picture, probed, wording};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{row as row_of, width, wrap};

/// Rows in which it is said why a video cannot be shown.
const REASON_ROWS: u16 = 4;

impl Monitor {
    /// `▶ shot 2 of 4  0:03.1 of 0:10.0  ½×`; nothing where there is no video.
    fn progress(&self, state: &State, columns: usize, ctx: &Ctx<'_>) -> Line<'static> {
        let Ok(here) = self.position(state) else {
            return Line::default();
        };
        let take = here.take.id;
        let lead = match (self.player.plays(take), self.player.repeats(take)) {
            (true, true) => "▶ loop ",
            (true, false) => "▶ ",
            _ => "",
        };
        let speed = match self.player.speed {
            Speed::Quarter => "  ¼×",
            Speed::Half => "  ½×",
            Speed::Normal => "",
            Speed::Double => "  2×",
        };
        let words = here.words(columns.saturating_sub(width(lead) + width(speed)));
        let role = if lead.is_empty() { Role::Dim } else { Role::Accent };
        Line::from(ctx.span(role, format!("{lead}{words}{speed}")))
    }

    pub(super) fn draw_full(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let (ctx, shown) = (canvas.ctx, state.monitored());
        let (take, sweep) = (
            shown.and_then(|row| row.take()),
            shown.and_then(|row| row.sweep()),
        );
        let words = PaneBox {
            note: Line::from(
                sweep.map_or_else(|| summary::name(take, &ctx), |row| summary::sweep_name(row, &ctx)),
            ),
            // The corners, a space on both sides and a piece of the rule.
            foot_note: self.progress(state, usize::from(area.width.saturating_sub(7)), &ctx),
            ..PaneBox::default()
        };
        let (mut drawn, inner) = canvas.pane(PaneId::Monitor, area, words);
        if let Some(row) = sweep {
            let lines = facts::sweep_facts(row, usize::from(inner.width), &ctx);
            write(canvas, inner, lines);
            return drawn;
        }
        let Some(take) = take else {
            canvas.text(row_of(inner, 0), Role::Placeholder, summary::nothing(state));
            return drawn;
        };
        let picture = self.picture(take).filter(|_| state.pictures.shape().is_some());
        let position = self.position(state).ok();
        let needs = Needs {
            aspect: aspect(take),
            rows: match picture {
                _ if take.file.is_none() => Some(1),
                Some(Ok(picture)) => Some(picture.rows()),
                Some(Err(_)) => Some(REASON_ROWS),
                None => None,
            },
            below: state
                .pictures
                .shape()
                .map_or(0, |_| SoundStrip::rows(inner, take)),
            shots: position
                .as_ref()
                .map_or(0, |here| u16::try_from(here.shots.len()).unwrap_or(u16::MAX)),
            lines: rows(self.lines(take, state, (inner.width, 1), &ctx).len()),
        };
        let places = places(inner, &needs);
        drawn.picture = Some(places.wanted);
        drawn.sound = !places.below.is_empty();
        self.sound.draw(canvas, places.below, take);
        drawn.stills = (!places.stills.is_empty()).then_some(places.still);
        self.draw_picture(canvas, &places, take, state);
        if let Some(here) = &position {
            self.strip.draw(canvas, &places, take, here.shot());
        }
        let room = (places.facts.width, places.facts.height);
        write(canvas, places.facts, self.lines(take, state, room, &ctx));
        drawn
    }

    fn draw_picture(&self, canvas: &mut Canvas<'_>, places: &Places, take: &Take, state: &State) {
        let area = places.picture;
        let why = match self.picture(take) {
            _ if state.pictures.shape().is_none() => {
                format!("pictures are off{}", state.key_of(Action::NextPictureMode))
            }
            Some(Ok(picture)) => {
                canvas.picture(picture, area);
                return;
            }
            Some(Err(why)) => why.clone(),
            None if take.file.is_some() => "reading the video".to_owned(),
            None => format!("no picture ({})", take.state_in_words()),
        };
        no_picture::draw(canvas, area, &why, take.file.as_deref());
    }

    /// The lines about the take, wrapped to the columns; there may be more of them than rows.
    fn lines(
        &self,
        take: &Take,
        state: &State,
        (columns, rows): (u16, u16),
        ctx: &Ctx<'_>,
    ) -> Vec<Line<'static>> {
        let movie = self
            .pictured_of(take)
            .and_then(|pictured| pictured.movie.as_ref());
        let room = usize::from(columns);
        let chain = facts::chain(take, state, room, ctx);
        let children = facts::children(take, state);
        let size = (room, usize::from(rows));
        let mut lines = facts::lines(take, children, chain, movie, size, ctx);
        lines.extend(probed::line(take, state, ctx));
        if let Some(at) = wording::deleted_at(take, ctx.now, ctx.zone) {
            let how = state.key_of(Action::RunSame);
            let text = format!("the video was deleted from the bin {at}{how}");
            let wrapped = wrap(&text, room, 2, ctx.glyphs.ellipsis).into_iter();
            lines.splice(0..0, wrapped.map(|line| Line::from(ctx.span(Role::Warn, line))));
        }
        lines
    }
}

fn write(canvas: &mut Canvas<'_>, area: Rect, lines: Vec<Line<'static>>) {
    for (y, line) in lines.into_iter().enumerate().take(usize::from(area.height)) {
        canvas.line(row_of(area, y), line);
    }
}

/// Width and height of the pictures that were asked for; 16 by 9 where the model chooses.
fn aspect(take: &Take) -> (u32, u32) {
    let ratio = take.body.get("aspect_ratio").and_then(|ratio| ratio.as_str());
    let parsed = ratio.and_then(|ratio| {
        let (width, height) = ratio.split_once(':')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    });
    parsed
        .filter(|(width, height)| (1..1000).contains(width) && (1..1000).contains(height))
        .unwrap_or((16, 9))
}
