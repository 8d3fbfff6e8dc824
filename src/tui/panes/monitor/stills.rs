//! The stills of a take's shots in the Monitor: one of each, from the cache, with the one marked that is shown large.

use ratatui::layout::Rect;

use super::place::Places;
use crate::model::Take;
use crate::service::shots::TakeShot;
use crate::tui::canvas::Canvas;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, Message, Stills, StillsWanted};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{clear, paint};

/// What was asked for, and what came.
#[derive(Default)]
pub(super) struct Strip {
    shown: Option<Stills>,
    asked: Option<StillsWanted>,
}

impl Strip {
    /// The request for the stills that are shown.
    pub(super) fn asked(&self) -> Option<&StillsWanted> {
        self.shown.as_ref().map(|stills| &stills.asked)
    }

    /// Takes the stills that were asked for.
    pub(super) fn receive(&mut self, message: &Message) -> bool {
        let Message::Stills(stills) = message else {
            return false;
        };
        if self.asked.as_ref() == Some(&stills.asked) {
            self.shown = Some((**stills).clone());
        }
        true
    }

    /// Asks for the stills of the take in this size, unless they are there.
    pub(super) fn want(&mut self, take: &Take, shots: &[TakeShot], (columns, rows): (u16, u16), cx: &mut Cx) {
        let (Some(file), Some(way)) = (take.file.clone(), cx.pictures.way()) else {
            return;
        };
        let wanted = StillsWanted {
            take: take.id,
            sha256: take.sha256.clone().unwrap_or_default(),
            file,
            moments: shots.iter().map(TakeShot::middle_ms).collect(),
            columns,
            rows,
            way,
        };
        if self.asked.as_ref() != Some(&wanted) {
            self.asked = Some(wanted.clone());
            cx.run(Effect::Stills(wanted));
        }
    }

    /// Draws them from left to right; of more than there is room for, those around the chosen one.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, places: &Places, take: &Take, chosen: usize) {
        let of_take = self.shown.as_ref().filter(|stills| stills.asked.take == take.id);
        let Some(Ok(pictures)) = of_take.map(|stills| &stills.pictures) else {
            return;
        };
        let visible = usize::from(places.visible);
        let first = chosen
            .saturating_sub(visible / 2)
            .min(pictures.len().saturating_sub(visible));
        let (width, height) = places.still;
        for (at, still) in pictures.iter().enumerate().skip(first).take(visible) {
            let place = u16::try_from(at - first).unwrap_or(u16::MAX);
            let area = Rect {
                x: places.stills.x + place % places.across.max(1) * (width + 1),
                y: places.stills.y + place / places.across.max(1) * height,
                width,
                height,
            };
            canvas.picture(still, area);
            label(canvas, area, at, at == chosen);
        }
    }
}

/// The number of the shot in the corner of its still.
fn label(canvas: &mut Canvas<'_>, area: Rect, at: usize, is_chosen: bool) {
    let (text, role) = if is_chosen {
        (
            format!("{}{}", canvas.ctx.glyphs.pointer, at + 1),
            Role::Selection,
        )
    } else {
        (format!("{}", at + 1), Role::Dim)
    };
    let width = u16::try_from(text.chars().count()).unwrap_or(1).min(area.width);
    let corner = Rect {
        width,
        height: 1,
        ..area
    };
    clear(canvas.buffer, corner);
    paint(canvas.buffer, corner, canvas.ctx.style(Role::Text));
    canvas.text(corner, role, text);
}
