//! Draws a question with its answers. An answer counts only when the last frame showed the whole question.

use ratatui::layout::Rect;
use ratatui::text::Span;

use super::page::{Page, Spans};
use crate::tui::canvas::{Canvas, Drawn, KeyHint, MAX_BOX_WIDTH, Shown, centred, rows};
use crate::tui::keymap::Action;
use crate::tui::state::{State, distance};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{line_width, row};

#[derive(Debug, Default)]
pub struct Question {
    /// Lines of the details that are scrolled off.
    scroll: usize,
}

impl Question {
    /// Scrolls the details by a page.
    pub fn step(&mut self, action: Action, state: &State) {
        let over = &state.seen.over;
        let page = isize::try_from(over.rows.max(1)).unwrap_or(1);
        let last = usize::from(over.lines.saturating_sub(over.rows));
        let by = distance(action, 0).signum() * page;
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }

    /// Draws the question, the details that fit below it, and the answers.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, question: &str, details: &[String]) -> Drawn {
        let columns = usize::from(area.width.min(MAX_BOX_WIDTH).saturating_sub(4));
        let head = paragraphs(&[question.to_owned()], Role::Accent, columns);
        let details = paragraphs(details, Role::Text, columns);
        let answers = packed(canvas, canvas.hints, columns);
        let count = details.len();
        let wanted = head.len() + count + 1 + answers.len();
        let place = centred(area, MAX_BOX_WIDTH, rows(wanted + 2));
        let room = usize::from(place.height.saturating_sub(2)).saturating_sub(head.len() + answers.len());
        let first = self.scroll.min(count.saturating_sub(room));
        let fits = usize::from(place.height) >= head.len() + answers.len() + 2 && columns > 0;
        let shown = match (fits, count.saturating_sub(first + room)) {
            (false, _) => Shown::Cut,
            (true, 0) => Shown::Whole,
            (true, _) if room == 0 => Shown::Cut,
            (true, _) => Shown::Partly,
        };
        let answers = match shown {
            Shown::Whole => answers,
            Shown::Cut => vec![vec![canvas.ctx.span(Role::Warn, "Enlarge the window to answer.")]],
            Shown::Partly => packed(canvas, &KeyHint::as_shown(canvas.hints, shown), columns),
        };
        let foot = canvas.beyond(first, count, room);
        let inner = canvas.popup("", &foot, place);
        let middle = details.into_iter().skip(first).take(room);
        for (at, line) in head.into_iter().chain(middle).enumerate() {
            canvas.roles(row(inner, at), &line);
        }
        // The answers stay visible however little room there is.
        let above = usize::from(inner.height).saturating_sub(answers.len());
        for (at, spans) in answers.into_iter().enumerate() {
            canvas.line(row(inner, above + at), spans);
        }
        Drawn {
            rows: rows(room),
            lines: rows(count),
            shown,
            ..Drawn::default()
        }
    }
}

/// The answers, on as many rows as they need.
fn packed(canvas: &Canvas<'_>, hints: &[KeyHint], columns: usize) -> Vec<Vec<Span<'static>>> {
    // The spaces after a hint may hang over the edge.
    let wide = |spans: &[Span<'static>]| {
        let text: String = spans.iter().map(|span| span.content.as_ref()).collect();
        line_width(&text.trim_end().to_owned().into())
    };
    let mut rows: Vec<Vec<Span<'static>>> = Vec::new();
    for hint in hints {
        let spans = canvas.keys(std::slice::from_ref(hint));
        match rows.last_mut() {
            Some(last) if wide(&[last.as_slice(), &spans].concat()) <= columns => last.extend(spans),
            _ => rows.push(spans),
        }
    }
    rows
}

fn paragraphs(texts: &[String], role: Role, columns: usize) -> Vec<Spans> {
    let mut page = Page::new("");
    for text in texts {
        page.push("", text, role);
    }
    page.lines(columns)
}
