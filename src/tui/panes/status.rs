//! The line above the panes and the line below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Ctx;
use crate::model::{Backend, FailureKind, Usd};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, fit, line_width, paint, row, width, wrap};

/// Rows that news may take at most.
const MOST_ROWS: usize = 4;

/// What the status line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLine {
    pub reel: String,
    pub backend: Backend,
    pub in_flight: usize,
    pub waiting: usize,
    /// Outcomes that only the history can tell.
    pub unknown: usize,
    /// Spent or committed since midnight.
    pub today: Usd,
    pub cap: Option<Usd>,
    /// The settings about money cannot be read: no live take is sent.
    pub cap_unreadable: bool,
    /// As the provider last told.
    pub balance: Option<Usd>,
    /// Why nothing more is sent.
    pub stopped: Option<FailureKind>,
}

/// A part of the status line; of those that do not fit, the greatest `drops` goes first.
struct Part {
    drops: u8,
    spans: Vec<Span<'static>>,
}

impl StatusLine {
    /// Draws the line. In a narrow one words are shortened, then left out; the reel, the backend and what is
    /// wrong stay longest.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        paint(buffer, area, ctx.style(Role::Text));
        paint(buffer, area, ctx.style(Role::Status));
        let room = usize::from(area.width);
        let mut parts = self.parts(ctx, false);
        if joined_width(&parts, 3) > room {
            parts = self.parts(ctx, true);
        }
        while joined_width(&parts, 3) > room {
            let worst = (0..parts.len())
                .filter(|at| parts[*at].drops > 0)
                .max_by_key(|at| parts[*at].drops);
            let Some(worst) = worst else { break };
            parts.remove(worst);
        }
        let mut line = Line::from(" ");
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 {
                line.spans.push(Span::raw("   "));
            }
            line.spans.extend(part.spans);
        }
        draw_line(buffer, area, line, ctx.glyphs.ellipsis);
    }

    fn parts(&self, ctx: &Ctx<'_>, short: bool) -> Vec<Part> {
        let part = |drops: u8, spans: Vec<Span<'static>>| Part { drops, spans };
        let reel = fit(&self.reel, if short { 20 } else { 32 }, ctx.glyphs.ellipsis);
        let mut parts = Vec::new();
        if !short {
            parts.push(part(9, vec![ctx.span(Role::Dim, "rushes")]));
        }
        parts.push(part(0, vec![ctx.span(Role::Title, reel)]));
        parts.push(part(0, vec![self.badge(ctx, short)]));
        if let Some(kind) = self.stopped {
            let text = format!("{} stopped: {}", ctx.glyphs.cross, kind.title());
            parts.push(part(1, vec![ctx.span(Role::Error, text)]));
        }
        if self.unknown > 0 {
            parts.push(part(
                2,
                vec![ctx.span(Role::Unknown, format!("? {} unknown", self.unknown))],
            ));
        }
        let gap = if short { " " } else { "  " };
        let flight = format!("{} in flight{gap}{} waiting", self.in_flight, self.waiting);
        parts.push(part(3, vec![ctx.span(Role::Status, flight)]));
        parts.push(part(4, vec![ctx.span(Role::Money, self.spent(short))]));
        if !short {
            let balance = self.balance.map_or_else(|| "-".to_owned(), |usd| usd.to_string());
            parts.push(part(5, vec![ctx.span(Role::Dim, format!("balance {balance}"))]));
        }
        parts
    }

    fn badge(&self, ctx: &Ctx<'_>, short: bool) -> Span<'static> {
        match self.backend {
            Backend::Live => ctx.span(Role::Live, " LIVE "),
            Backend::Sandbox if short => ctx.span(Role::Sandbox, "SANDBOX"),
            Backend::Sandbox => ctx.span(Role::Sandbox, "SANDBOX, free"),
        }
    }

    fn spent(&self, short: bool) -> String {
        let today = if short { "" } else { "today " };
        match self.cap {
            _ if self.cap_unreadable => format!("{today}{} of ?", self.today),
            Some(cap) => format!("{today}{} of {cap}", self.today),
            None => format!("{today}{}", self.today),
        }
    }
}

fn joined_width(parts: &[Part], gap: usize) -> usize {
    let words: usize = parts
        .iter()
        .map(|part| line_width(&Line::from(part.spans.clone())))
        .sum();
    1 + words + gap * parts.len().saturating_sub(1)
}

/// A key and what it does now. Both come from the live keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHint {
    pub key: String,
    pub label: String,
    /// Stays when others go for want of room.
    pub pinned: bool,
}

impl KeyHint {
    /// A key that may go for want of room.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            pinned: false,
        }
    }

    /// The same, staying to the last.
    #[must_use]
    pub fn pinned(self) -> Self {
        Self { pinned: true, ..self }
    }
}

/// One line of news, in place of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    /// [`Role::Ok`], [`Role::Warn`], [`Role::Error`] or [`Role::Text`].
    pub role: Role,
}

impl Notice {
    fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        let sign = match self.role {
            Role::Ok => ctx.glyphs.check,
            Role::Warn => ctx.glyphs.warn,
            Role::Error => ctx.glyphs.cross,
            _ => "",
        };
        let lead = if sign.is_empty() {
            " ".to_owned()
        } else {
            format!(" {sign} ")
        };
        let room = usize::from(area.width).saturating_sub(width(&lead) + 1);
        let lines = wrap(
            &ctx.glyphs.spell(&self.text),
            room,
            MOST_ROWS,
            ctx.glyphs.ellipsis,
        );
        let above = u16::try_from(lines.len())
            .unwrap_or(1)
            .saturating_sub(1)
            .min(area.y);
        for (n, text) in lines.into_iter().enumerate() {
            let place = Rect {
                y: area.y - above,
                height: area.height + above,
                ..area
            };
            let lead = if n == 0 {
                lead.clone()
            } else {
                " ".repeat(width(&lead))
            };
            let place = row(place, n);
            for at in place.positions() {
                buffer[at].reset();
            }
            paint(buffer, place, ctx.style(Role::Text));
            let line = Line::from(ctx.span(self.role, format!("{lead}{text}")));
            draw_line(buffer, place, line, ctx.glyphs.ellipsis);
        }
    }
}

/// The line below the panes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLine {
    /// Most useful first.
    pub keys: Vec<KeyHint>,
    /// Shown before the keys.
    pub notice: Option<Notice>,
}

impl KeyLine {
    /// Draws news, if any, and as many keys as fit; the pinned ones go last. Long news grow upward, over the panes.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        if let Some(notice) = &self.notice {
            notice.draw(buffer, area, ctx);
            return;
        }
        paint(buffer, area, ctx.style(Role::Text));
        let room = usize::from(area.width);
        let mut line = Line::from(" ");
        let mut keys = self.keys.clone();
        while 1 + line_width(&hints(&keys, ctx)) > room {
            match keys.iter().rposition(|key| !key.pinned) {
                Some(last) => {
                    keys.remove(last);
                }
                None => break,
            }
        }
        line.spans.extend(hints(&keys, ctx).spans);
        draw_line(buffer, area, line, ctx.glyphs.ellipsis);
    }
}

/// Keys and what they do, two columns apart.
pub(super) fn hints(keys: &[KeyHint], ctx: &Ctx<'_>) -> Line<'static> {
    let mut spans = Vec::with_capacity(keys.len() * 4);
    for (n, hint) in keys.iter().enumerate() {
        if n > 0 {
            spans.push(Span::raw("  "));
        }
        spans.push(ctx.span(Role::Key, hint.key.clone()));
        spans.push(ctx.span(Role::KeyText, format!(" {}", hint.label)));
    }
    Line::from(spans)
}
