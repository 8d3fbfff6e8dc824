//! Draws the status line above the panes and the key line below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{Backend, CapScope, TakeState, Usd};
use crate::store::Standing;
use crate::tui::canvas::{Ctx, KeyHint};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::narrow::narrow;
use crate::tui::widgets::text::{draw_line, fit, line_width, paint};

/// A part of the status line. When not all fit, the one with the greatest `drops` is left out first.
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

/// Draws the status line. Where it is narrow, words are shortened and then left out; the mode, the backend and the reel are
/// always shown.
pub fn draw_status(
    state: &State,
    mode: Option<&'static str>,
    buffer: &mut Buffer,
    area: Rect,
    ctx: &Ctx<'_>,
) {
    paint(buffer, area, ctx.style(Role::Text));
    paint(buffer, area, ctx.style(Role::Status));
    let room = usize::from(area.width);
    let mut parts = parts(state, mode, ctx, false);
    if joined_width(&parts, 3) > room {
        parts = self::parts(state, mode, ctx, true);
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

fn parts(state: &State, mode: Option<&'static str>, ctx: &Ctx<'_>, short: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut push = |drops, role, text: String| {
        let spans = vec![ctx.span(role, text)];
        parts.push(Part { drops, spans });
    };
    let queue = &state.takes.queue;
    if !short {
        push(9, Role::Dim, "rushes".to_owned());
    }
    // At the minimum width, the mode and the badge still fit after the name.
    let most = if short { 16 } else { 32 };
    push(
        0,
        Role::Title,
        fit(&state.facts.reel.name, most, ctx.glyphs.ellipsis),
    );
    let (role, badge) = match state.facts.backend {
        Backend::Live => (Role::Live, " LIVE "),
        Backend::Sandbox if short => (Role::Sandbox, "SANDBOX"),
        Backend::Sandbox => (Role::Sandbox, "SANDBOX, free"),
    };
    push(0, role, badge.to_owned());
    if let Some(mode) = mode {
        push(0, Role::Accent, mode.to_owned());
    }
    if let Some((kind, _)) = &state.takes.queue_state.stopped {
        push(
            1,
            Role::Error,
            format!("{} stopped: {}", ctx.glyphs.cross, kind.title()),
        );
    }
    if state.quits_when_done {
        push(1, Role::Warn, "quits when done".to_owned());
    }
    let unknown = queue.count(|state| state == TakeState::Unknown);
    if unknown > 0 {
        push(2, Role::Unknown, format!("? {unknown} unknown"));
    }
    let (gap, in_flight) = (if short { " " } else { "  " }, queue.count(TakeState::in_flight));
    let waiting = queue.waiting_in_words().join(gap);
    push(3, Role::Status, format!("{in_flight} in flight{gap}{waiting}"));
    push(4, Role::Money, spent(state, short));
    let balance = state.balance.filter(|_| state.is_live() && !short);
    if let Some(balance) = balance {
        push(5, Role::Dim, format!("balance {}", balance.left));
    }
    parts
}

/// What was spent or committed today, and the cap. Another cap is shown instead where it leaves less.
fn spent(state: &State, short: bool) -> String {
    let label = |when: &str| if short { String::new() } else { format!("{when} ") };
    let today = if state.is_live() {
        state.money.today
    } else {
        Usd::ZERO
    };
    if state.money.doubt().is_some_and(|doubt| doubt.hides_the_cap) {
        return format!("{}{today} of ?", label("today"));
    }
    let allowance = state.allowance();
    // A sweep is not made yet.
    let made = |standing: &&Standing| standing.scope != CapScope::Sweep;
    match allowance
        .standings()
        .iter()
        .filter(made)
        .min_by_key(|standing| standing.left())
    {
        Some(cap) if cap.scope == CapScope::Day => format!("{}{today} of {}", label("today"), cap.limit),
        Some(cap) => format!("{} {} of {}", cap.scope.when(), cap.spent, cap.limit),
        None => format!("{}{today}", label("today")),
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

/// Draws as many keys as fit, the pinned ones in any case.
pub fn draw_keys(keys: &[KeyHint], buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
    paint(buffer, area, ctx.style(Role::Text));
    let room = usize::from(area.width);
    let mut line = Line::from(" ");
    let order = |(n, key): (u8, &KeyHint)| (if key.pinned { 0 } else { n }, Some(key.clone()));
    let mut keys: Vec<(u8, Option<KeyHint>)> = (1..=u8::MAX).zip(keys).map(order).collect();
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

/// Keys with their labels, two columns apart.
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
