//! What a component draws on: the frame's cells, with the theme and the signs; and what it tells of what it has drawn.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::glyphs::Glyphs;
use super::pane::PaneId;
use super::panes::params::state::Spot;
use super::theme::{Role, Theme};
use super::widgets::field::TextField;
use super::widgets::frame::PaneBox;
use super::widgets::text::{clear, draw_line, paint};
use crate::model::{Form, TakeId};

/// One frame while it is drawn.
pub struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub ctx: Ctx<'a>,
    /// The keys that do something now, as the key line shows them.
    pub hints: &'a [KeyHint],
}

impl Canvas<'_> {
    /// Draws a box over what was drawn before and gives the room in it.
    pub fn popup(&mut self, title: &str, foot: &str, area: Rect) -> Rect {
        let area = area.intersection(self.buffer.area);
        clear(self.buffer, area);
        paint(self.buffer, area, self.ctx.theme.style(Role::Popup));
        let pane = PaneBox {
            title: title.to_owned(),
            foot_note: Line::from(self.span(Role::Dim, foot)),
            focused: true,
            ..PaneBox::default()
        };
        pane.draw(self.buffer, area, self.ctx.theme, self.ctx.glyphs)
    }

    pub fn line(&mut self, area: Rect, spans: Vec<Span<'static>>) {
        draw_line(self.buffer, area, Line::from(spans), self.ctx.glyphs.ellipsis);
    }

    /// Draws one row of a list; a selected one is painted over its whole width and has a pointer.
    pub fn row(&mut self, area: Rect, is_selected: bool, has_pointer: bool, cells: &[(Role, String)]) {
        if is_selected {
            paint(self.buffer, area, self.ctx.theme.style(Role::Selection));
        }
        let pointer = if is_selected && has_pointer {
            self.ctx.glyphs.pointer
        } else {
            " "
        };
        let role = |role: Role| if is_selected { Role::Selection } else { role };
        let mut line = vec![(role(Role::Text), format!("{pointer} "))];
        line.extend(cells.iter().map(|(own, text)| (role(*own), text.clone())));
        self.roles(area, &line);
    }

    /// Draws a line in several roles.
    pub fn roles(&mut self, area: Rect, line: &[(Role, String)]) {
        let spans = line.iter().map(|(role, text)| self.span(*role, text.clone()));
        self.line(area, spans.collect());
    }

    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        let text: String = text.into();
        Span::styled(self.ctx.glyphs.spell(&text), self.ctx.theme.style(role))
    }

    /// Draws a field that is being typed and gives the caret's place.
    pub fn field(&mut self, field: &TextField, area: Rect) -> Option<Position> {
        let theme = self.ctx.theme;
        field.draw(
            self.buffer,
            area,
            theme.style(Role::Text),
            theme.style(Role::Selection),
        )
    }

    /// How many lines lie above and below those shown; empty when all are.
    pub fn beyond(&self, first: usize, lines: usize, room: usize) -> String {
        let below = lines.saturating_sub(first + room);
        let above = (first > 0).then(|| self.ctx.glyphs.above(first));
        let below = (below > 0).then(|| self.ctx.glyphs.below(below));
        above.into_iter().chain(below).collect::<Vec<_>>().join("  ")
    }

    /// Keys and what they do, on one line.
    pub fn keys(&self, hints: &[KeyHint]) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        for hint in hints {
            spans.push(self.span(Role::Key, hint.key.clone()));
            spans.push(self.span(Role::KeyText, format!(" {}   ", hint.label)));
        }
        spans
    }
}

/// A place of at most this size in the middle of `area`.
pub fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (area.width.min(columns), area.height.min(rows));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// What panes and overlays draw with.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    pub theme: &'a Theme,
    pub glyphs: &'a Glyphs,
    /// This pane has the keys.
    pub focused: bool,
    /// For elapsed times and times of day.
    pub now: Timestamp,
    /// Where the user is.
    pub zone: &'a TimeZone,
    pub form: &'a Form,
}

impl Ctx<'_> {
    /// The same for a pane that has the keys or has not.
    pub const fn focused(self, focused: bool) -> Self {
        Self { focused, ..self }
    }

    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.style(role))
    }

    /// The style of the selected row.
    pub fn selection(&self) -> Style {
        self.style(if self.focused {
            Role::Selection
        } else {
            Role::SelectionIdle
        })
    }
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
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            pinned: false,
        }
    }

    /// The same, staying to the last.
    pub fn pinned(self) -> Self {
        Self { pinned: true, ..self }
    }
}

/// What a place on screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Pane(PaneId),
    /// A field of Parameters.
    Spot(Spot),
    /// A row of Queue or Log.
    Take(PaneId, TakeId),
}

impl Target {
    /// The pane in which it lies.
    pub const fn pane(self) -> PaneId {
        match self {
            Self::Pane(pane) | Self::Take(pane, _) => pane,
            Self::Spot(_) => PaneId::Params,
        }
    }
}

/// How much of the question on top a frame showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// No question was drawn, or not all of its first sentence, which names the amount.
    #[default]
    Cut,
    /// The first sentence and the answers were drawn. The rest has to be scrolled into sight.
    Partly,
    /// The question was drawn to its end.
    Whole,
}

/// Where a component has drawn things: mouse, caret, paging and answers go by it. Later hits lie over earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Where the terminal's cursor belongs; hidden when none.
    pub caret: Option<Position>,
    pub hits: Vec<(Rect, Target)>,
    /// Rows that a page has room for.
    pub rows: u16,
    /// Lines that the page has.
    pub lines: u16,
    /// How much of a question was drawn.
    pub shown: Shown,
    /// Columns and rows that there are for a picture.
    pub picture: Option<(u16, u16)>,
}

impl Drawn {
    /// The item at a place of the screen.
    pub fn at(&self, place: Position) -> Option<Target> {
        let hit = self.hits.iter().rev().find(|(area, _)| area.contains(place));
        hit.map(|(_, target)| *target)
    }

    pub(super) fn hit(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.hits.push((area, target));
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.caret = other.caret.or(self.caret);
        self.picture = other.picture.or(self.picture);
        self.hits.extend(other.hits);
    }
}

/// Rows as the `u16` of a frame.
pub fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
