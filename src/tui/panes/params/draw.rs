//! Draws the Parameters pane.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::fields::Painter;
use super::rows::{Row, rows};
use super::state::{ParamsState, Spot};
use crate::model::text::counted;
use crate::model::{Backend, Form, Model, Price};
use crate::tui::canvas::{Canvas, Ctx, Drawn};
use crate::tui::panes::{PaneId, compact};
use crate::tui::script_check::Files;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{fit, line_width, row, width, window};
use crate::tui::widgets::time;

/// What generating would do now, and for how much.
pub struct Offer {
    pub backend: Backend,
    pub takes: u32,
    /// The price that every take has, if they have the same.
    pub each: Option<Price>,
    pub all: Option<Price>,
    /// The ends of the expected time, in milliseconds.
    pub wait: (u64, u64),
    /// When the last take should be saved.
    pub by: Option<Timestamp>,
    /// Why not all takes would be sent, the cap for example.
    pub blocked: Option<Blocked>,
}

/// Why not all takes would be sent.
pub struct Blocked {
    pub why: String,
    /// `: C caps`, the key that helps; shown where nothing has to make room for it.
    pub key: String,
}

/// What is drawn in one frame.
pub struct View<'a> {
    pub state: &'a ParamsState,
    pub files: &'a Files,
    pub offer: Option<Offer>,
    pub ctx: Ctx<'a>,
}

impl View<'_> {
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> Drawn {
        let ctx = &self.ctx;
        let width = usize::from(area.width.saturating_sub(4));
        let height = usize::from(area.height.saturating_sub(2));
        let adding = self.state.edit.as_ref().and_then(|edit| match edit.spot {
            Spot::Item(param, at) if at >= param.items(ctx.form).len() => Some(param),
            _ => None,
        });
        let preview = self.state.preview(ctx.form);
        let typed = preview.as_ref().unwrap_or(ctx.form);
        let rows = rows(ctx.form, typed, width, adding, ctx.glyphs);
        let at_work = self
            .state
            .edit
            .as_ref()
            .map_or(self.state.selected(ctx.form), |edit| edit.spot);
        let selected = rows.iter().position(|row| match at_work {
            Spot::Parameter(param) => row.holds(param),
            Spot::Item(param, at) => *row == Row::Item(param, at),
        });
        // What is wrong with the selected field stays visible with it.
        let last = selected.map(|at| {
            let broken = rows[at + 1..]
                .iter()
                .take_while(|row| matches!(row, Row::Broken(_)));
            at + broken.count()
        });
        let start = window(rows.len(), last, height).min(selected.unwrap_or(usize::MAX));
        // The corners, and a space on each side with a piece of the rule.
        let (foot, foot_note) = self.foot(usize::from(area.width).saturating_sub(5));
        let words = PaneBox {
            note: Line::from(ctx.span(Role::Dim, canvas.beyond(start, rows.len(), height))),
            foot,
            foot_note,
            ..PaneBox::default()
        };
        let (mut drawn, inner) = canvas.pane(PaneId::Parameters, area, words);
        let painter = Painter {
            state: self.state,
            files: self.files,
            at_work,
            typed,
            ctx,
        };
        for (y, content) in rows.iter().skip(start).take(height).enumerate() {
            painter.row(canvas.buffer, row(inner, y), content, &mut drawn);
        }
        drawn
    }

    pub fn draw_compact(&self, canvas: &mut Canvas<'_>, area: Rect) -> Drawn {
        let ctx = &self.ctx;
        let mut parts = vec![vec![ctx.span(Role::Text, in_short(ctx.form))]];
        parts.push(vec![seeds_in_short(ctx)]);
        let room = usize::from(area.width).saturating_sub(compact::taken(PaneId::Parameters, &parts));
        let (foot, price) = self.foot(room);
        parts.extend([foot.spans, price.spans]);
        compact::draw(canvas, area, PaneId::Parameters, parts)
    }

    /// What blocks generating and the price, or the price alone, within the given columns.
    fn foot(&self, room: usize) -> (Line<'static>, Line<'static>) {
        let (ctx, offer) = (&self.ctx, self.offer.as_ref());
        let price = |room| offer.map(|offer| price(offer, room, ctx)).unwrap_or_default();
        let broken = ctx.form.broken_rules().first().map(ToString::to_string);
        let blocked = offer.and_then(|offer| offer.blocked.as_ref());
        let reason = match (&broken, blocked) {
            (Some(broken), _) => Some((broken.as_str(), "")),
            (None, Some(blocked)) => Some((blocked.why.as_str(), blocked.key.as_str())),
            (None, None) => None,
        };
        match reason {
            Some((reason, key)) => {
                let text = fit(reason, 200, ctx.glyphs.ellipsis);
                let mut blocked = Line::from(ctx.span(Role::Error, format!("✗ {text}")));
                let left = room.saturating_sub(line_width(&blocked) + 3);
                let price = price(left);
                if line_width(&price) + width(key) <= left {
                    blocked.push_span(ctx.span(Role::Error, key));
                }
                (blocked, price)
            }
            None => (price(room), Line::default()),
        }
    }
}

/// `live: 6 × $0.71 = $4.24 est.  1:35–2:50, by 14:31`. Where that is too wide, the range is left out, then the price of one,
/// then the backend, and the time when the last take is done at the very last.
fn price(offer: &Offer, room: usize, ctx: &Ctx<'_>) -> Line<'static> {
    let unknown = || ("price unknown".to_owned(), "price unknown".to_owned());
    let (all, all_live) = offer
        .all
        .map_or_else(unknown, |price| (price.in_words(), price.amount()));
    let each = match (offer.each, offer.all) {
        (Some(price), _) => format!("{} {} {} = ", offer.takes, ctx.glyphs.times, price.amount()),
        (None, Some(_)) => format!("{} = ", counted(offer.takes, "take")),
        (None, None) => format!("{} {} ? = ", offer.takes, ctx.glyphs.times),
    };
    let (badge, whole, short) = match offer.backend {
        Backend::Live => (
            ctx.span(Role::Live, "live"),
            ctx.span(Role::Money, format!(": {each}{all}")),
            ctx.span(Role::Money, all),
        ),
        Backend::Sandbox => (
            ctx.span(Role::Sandbox, "sandbox"),
            ctx.span(
                Role::Text,
                format!(": {}, free (live {all_live})", counted(offer.takes, "take")),
            ),
            ctx.span(Role::Text, format!("free (live {all_live})")),
        ),
    };
    let wait = time::range(offer.wait.0, offer.wait.1, ctx.glyphs);
    let wait = ctx.span(Role::Dim, format!("  {wait}"));
    let by = |before: &str| {
        let at = offer.by.map(|by| time::of_day(by, by, ctx.zone));
        ctx.span(
            Role::Dim,
            at.map_or_else(String::new, |at| format!("{before}by {at}")),
        )
    };
    let widest_first = [
        vec![badge.clone(), whole.clone(), wait, by(", ")],
        vec![badge.clone(), whole, by(", ")],
        vec![badge, Span::raw(": "), short.clone(), by(", ")],
        vec![short, by(", ")],
        vec![by("")],
    ];
    let mut lines = widest_first.into_iter().map(Line::from);
    let fits = lines.find(|line| line_width(line) <= room);
    fits.unwrap_or_else(|| Line::from(by("")))
}

fn in_short(form: &Form) -> String {
    let mut words = vec![
        form.resolution.to_string(),
        format!("{}s", form.duration),
        form.aspect_ratio.to_string(),
    ];
    if form.generate_audio {
        words.push("audio".to_owned());
    }
    if form.skips_moderation() {
        words.push("moderation skipped".to_owned());
    }
    if form.model != Model::default() {
        words.push(form.model.label().to_owned());
    }
    let references = form.images.len() + form.videos.len() + form.audios.len();
    if references > 0 {
        words.push(counted(references as u64, "ref"));
    }
    words.join(" ")
}

fn seeds_in_short(ctx: &Ctx<'_>) -> Span<'static> {
    match ctx.form.seed_list() {
        Ok(list) => ctx.span(Role::Text, counted(list.count(), "seed")),
        Err(_) => ctx.span(Role::Error, format!("{} seeds", ctx.glyphs.cross)),
    }
}
