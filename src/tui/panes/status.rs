//! The line above the panes and the line below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Ctx;
use crate::model::{Backend, FailureKind, Usd};
use crate::tui::theme::Role;
use crate::tui::widgets::narrow::narrow;
use crate::tui::widgets::text::{draw_line, fit, line_width, paint};

/// What the status line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLine {
    pub reel: String,
    pub backend: Backend,
    /// What keys do now, where they are not commands of a pane: `EDITING`.
    pub mode: Option<&'static str>,
    pub in_flight: usize,
    pub waiting: usize,
    /// Outcomes that only the history can tell.
    pub unknown: usize,
    /// Spent or committed since midnight.
    pub today: Usd,
    pub cap: Option<Usd>,
    /// The cap cannot be read: no live take is sent.
    pub cap_unreadable: bool,
    /// As the provider last told.
    pub balance: Option<Usd>,
    /// Why nothing more is sent.
    pub stopped: Option<FailureKind>,
}

/// A part of the status line; of those that do not fit, the greatest `drops` goes first. One that is gone is empty.
struct Part {
    drops: u8,
    spans: Vec<Span<'static>>,
}

impl Part {
    fn give(&mut self) {
        self.drops = 0;
        self.spans.clear();
    }
}

impl StatusLine {
    /// Draws the line. In a narrow one words are shortened, then left out; the mode, the backend, the reel and what is
    /// wrong stay longest.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        paint(buffer, area, ctx.style(Role::Text));
        paint(buffer, area, ctx.style(Role::Status));
        let room = usize::from(area.width);
        let mut parts = self.parts(ctx, false);
        if joined_width(&parts, 3) > room {
            parts = self.parts(ctx, true);
        }
        narrow(
            &mut parts,
            |part| part.drops,
            Part::give,
            |parts| joined_width(parts, 3) <= room,
        );
        parts.retain(|part| !part.spans.is_empty());
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
        // At the least width the mode and the badge stand whole behind the name.
        let most = if short { 16 } else { 32 };
        let reel = fit(&self.reel, most, ctx.glyphs.ellipsis);
        let mut parts = Vec::new();
        if !short {
            parts.push(part(9, vec![ctx.span(Role::Dim, "rushes")]));
        }
        parts.push(part(0, vec![ctx.span(Role::Title, reel)]));
        parts.push(part(0, vec![self.badge(ctx, short)]));
        if let Some(mode) = self.mode {
            parts.push(part(0, vec![ctx.span(Role::Accent, mode)]));
        }
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
        if let Some(balance) = self.balance.filter(|_| !short) {
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
    let shown = parts.iter().filter(|part| !part.spans.is_empty());
    let words: usize = shown
        .clone()
        .map(|part| line_width(&Line::from(part.spans.clone())))
        .sum();
    1 + words + gap * shown.count().saturating_sub(1)
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

/// The line below the panes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLine {
    /// Most useful first.
    pub keys: Vec<KeyHint>,
}

impl KeyLine {
    /// Draws as many keys as fit; the pinned ones go last.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        paint(buffer, area, ctx.style(Role::Text));
        let room = usize::from(area.width);
        let mut line = Line::from(" ");
        // The later a key stands, the sooner it goes.
        let order = |(n, key): (u8, &KeyHint)| (if key.pinned { 0 } else { n }, Some(key.clone()));
        let mut keys: Vec<(u8, Option<KeyHint>)> = (1..=u8::MAX).zip(&self.keys).map(order).collect();
        let shown = |keys: &[(u8, Option<KeyHint>)]| {
            let keys: Vec<KeyHint> = keys.iter().filter_map(|(_, key)| key.clone()).collect();
            hints(&keys, ctx)
        };
        narrow(
            &mut keys,
            |(order, _)| *order,
            |key| *key = (0, None),
            |keys| line_width(&shown(keys)) < room,
        );
        line.spans.extend(shown(&keys).spans);
        draw_line(buffer, area, line, ctx.glyphs.ellipsis);
    }
}

/// Keys and what they do, two columns apart.
fn hints(keys: &[KeyHint], ctx: &Ctx<'_>) -> Line<'static> {
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
