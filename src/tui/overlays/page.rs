//! A page of text to read and scroll: help, a take's exchange with the provider, a problem.

use ratatui::layout::Rect;

use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn, MAX_WIDTH, centred, rows};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, Tone, distance};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, width};
use crate::tui::widgets::wrap;

/// One paragraph of a page, which is wrapped to the width of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRow {
    /// Shown in a column of its own: a key, a time. May be empty.
    pub lead: String,
    pub text: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    pub rows: Vec<PageRow>,
    /// Lines scrolled off at the top.
    pub scroll: usize,
}

impl Page {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            rows: Vec::new(),
            scroll: 0,
        }
    }

    /// Adds a paragraph for each line of `text`.
    pub fn push(&mut self, lead: &str, text: &str, role: Role) {
        self.rows.extend(PageRow::paragraphs(lead, text, role));
    }

    /// Adds a heading with a blank line above.
    pub fn heading(&mut self, text: &str) {
        if !self.rows.is_empty() {
            self.push("", "", Role::Text);
        }
        self.push("", text, Role::Heading);
    }

    /// The lines of the page at a width.
    pub fn lines(&self, columns: usize) -> Vec<Spans> {
        let lead = self.rows.iter().map(|row| width(&row.lead)).max();
        lines(&self.rows, lead.unwrap_or(0), columns)
    }
}

impl PageRow {
    /// A row for each line of `text`, the first one with the lead.
    pub fn paragraphs(lead: &str, text: &str, role: Role) -> impl Iterator<Item = Self> {
        text.split('\n').enumerate().map(move |(at, line)| Self {
            lead: if at == 0 { lead.to_owned() } else { String::new() },
            text: line.to_owned(),
            role,
        })
    }
}

/// The rows at a width, behind a column of `lead` columns, or a third of all.
pub fn lines(rows: &[PageRow], lead: usize, columns: usize) -> Vec<Spans> {
    let lead = lead.min(columns / 3);
    let gap = if lead > 0 { lead + 2 } else { 0 };
    let mut lines = Vec::new();
    for row in rows {
        let indent = if row.role == Role::Heading { 0 } else { gap };
        for (at, part) in wrap::parts(&row.text, columns.saturating_sub(indent)).enumerate() {
            let mut spans: Spans = Vec::new();
            if indent > 0 {
                let text = if at == 0 { row.lead.as_str() } else { "" };
                spans.push((Role::Key, format!("{text:<indent$}")));
            }
            // Drop trailing spaces at a wrap.
            spans.push((row.role, part.trim_end().to_owned()));
            lines.push(spans);
        }
    }
    lines
}

/// How many lines are scrolled off at the top after `action`; before it, `scroll` lines were.
pub fn scrolled(scroll: usize, action: Action, state: &State) -> usize {
    let over = &state.seen.over;
    let last = usize::from(over.lines.saturating_sub(over.rows));
    scroll
        .min(last)
        .saturating_add_signed(distance(action, over.rows))
        .min(last)
}

/// Draws a popup as high as its lines, which `lines` makes for a width, without those that are scrolled off at the top.
pub fn draw_lines(
    canvas: &mut Canvas<'_>,
    area: Rect,
    title: &str,
    scroll: usize,
    lines: impl FnOnce(usize) -> Vec<Spans>,
) -> Drawn {
    let widest = centred(area, MAX_WIDTH, area.height);
    let lines = lines(usize::from(widest.width.saturating_sub(4)));
    let place = centred(area, MAX_WIDTH, rows(lines.len() + 2));
    let room = usize::from(place.height.saturating_sub(2));
    let first = scroll.min(lines.len().saturating_sub(room));
    let foot = canvas.beyond(first, lines.len(), room);
    let inner = canvas.popup(title, &foot, place);
    let shown = lines.iter().skip(first).take(usize::from(inner.height));
    for (at, line) in shown.enumerate() {
        canvas.roles(row(inner, at), line);
    }
    Drawn {
        rows: inner.height,
        lines: rows(lines.len()),
        ..Drawn::default()
    }
}

/// One line in several roles.
pub type Spans = Vec<(Role, String)>;

impl Declare for Page {
    const COMMANDS: &'static [Command<Self>] = &[Command::on(MOVES, |page: &mut Self, action, cx| {
        page.scroll = scrolled(page.scroll, action, cx);
    })];
}

impl Component for Page {
    fn context(&self) -> Context {
        Context::Reader
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Leave,
            Action::Down,
            Action::Up,
            Action::PageDown,
            Action::PageUp,
        ]
    }

    /// The same problem needs no second page.
    fn absorb(&mut self, newer: &dyn Component) -> bool {
        newer
            .downcast::<Self>()
            .is_some_and(|page| page.rows == self.rows)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        draw_lines(canvas, area, &self.title, self.scroll, |columns| {
            self.lines(columns)
        })
    }
}

/// Opens a page that says what happened, why, and what to do now.
pub fn show_problem(cx: &mut Cx, what: &str, error: &Problem) {
    let mut page = Page::new("Problem");
    page.push("", what, Role::Error);
    page.push("", &error.cause(), Role::Text);
    if !error.now.is_empty() {
        page.push("", "", Role::Text);
        page.push("Now:", &error.now, Role::Accent);
    }
    cx.show(page, Tone::Error, format!("{what}: {error}"));
}
