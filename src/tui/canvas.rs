//! The canvas that components draw on, and their report of what they have drawn where.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::glyphs::Glyphs;
use super::graphics::Placed;
use super::panes::PaneId;
use super::panes::params::state::Spot;
use super::state::RowId;
use super::theme::{Role, Theme};
use super::widgets::field::TextField;
use super::widgets::frame::PaneBox;
use super::widgets::picture::DrawnPicture;
use super::widgets::text::{clear, draw_line, paint};
use crate::model::{Form, TakeId};

/// The width of pages and lists; longer lines are hard to read.
pub const MAX_WIDTH: u16 = 110;
/// The width of questions and the palette.
pub const MAX_BOX_WIDTH: u16 = 72;

/// One frame while it is drawn.
pub struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub ctx: Ctx<'a>,
    /// The hints in the key line.
    pub hints: &'a [KeyHint],
    /// The pictures of pixels that were drawn, also those that something was drawn over since.
    pub pictures: Vec<Placed>,
}

impl Canvas<'_> {
    /// Draws a box over what was drawn before and returns the room in it.
    pub fn popup(&mut self, title: &str, foot: &str, area: Rect) -> Rect {
        let area = area.intersection(self.buffer.area);
        clear(self.buffer, area);
        paint(self.buffer, area, self.ctx.style(Role::Popup));
        let popup = PaneBox {
            title: title.to_owned(),
            foot_note: Line::from(self.ctx.span(Role::Dim, foot)),
            focused: true,
            ..PaneBox::default()
        };
        popup.draw(self.buffer, area, self.ctx.theme, self.ctx.glyphs)
    }

    /// Draws the box of a pane with these words in its border; returns the room in it.
    pub fn pane(&mut self, id: PaneId, area: Rect, words: PaneBox) -> (Drawn, Rect) {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(id));
        let pane = PaneBox {
            title: id.title().to_owned(),
            focused: self.ctx.focused,
            ..words
        };
        let inner = pane.draw(self.buffer, area, self.ctx.theme, self.ctx.glyphs);
        (drawn, inner)
    }

    /// Draws a picture in the middle of a place.
    pub fn picture(&mut self, picture: &DrawnPicture, area: Rect) {
        self.pictures.extend(picture.draw(self.buffer, area));
    }

    pub fn line(&mut self, area: Rect, line: impl Into<Line<'static>>) {
        draw_line(self.buffer, area, line.into(), self.ctx.glyphs.ellipsis);
    }

    pub fn text(&mut self, area: Rect, role: Role, text: impl Into<String>) {
        self.line(area, self.ctx.span(role, text));
    }

    /// Draws one row of a list; the selected one is highlighted over its whole width and has a pointer.
    pub fn row(&mut self, area: Rect, is_selected: bool, has_pointer: bool, cells: &[(Role, String)]) {
        if is_selected {
            paint(self.buffer, area, self.ctx.style(Role::Selection));
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
        let spans = line.iter().map(|(role, text)| self.ctx.span(*role, text.clone()));
        self.line(area, spans.collect::<Line<'_>>());
    }

    /// Draws a field that is being typed and returns the place of the caret.
    pub fn field(&mut self, field: &TextField, area: Rect) -> Option<Position> {
        let (style, selection) = (self.ctx.style(Role::Text), self.ctx.style(Role::Selection));
        field.draw(self.buffer, area, style, selection)
    }

    /// How many lines lie above and below those shown; empty when none do.
    pub fn beyond(&self, first: usize, lines: usize, room: usize) -> String {
        self.ctx.glyphs.beyond(first, lines.saturating_sub(first + room))
    }

    /// Keys with their labels.
    pub fn keys(&self, hints: &[KeyHint]) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        for hint in hints {
            spans.push(self.ctx.span(Role::Key, hint.key.clone()));
            spans.push(self.ctx.span(Role::KeyText, format!(" {}   ", hint.label)));
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
    /// Whether this pane has the keys.
    pub focused: bool,
    /// For elapsed times and times of day.
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    pub form: &'a Form,
}

impl Ctx<'_> {
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(self.glyphs.spell(&text.into()), self.style(role))
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

/// A key and the label of what it does now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHint {
    pub key: String,
    pub label: String,
    /// Stays when there is no room for all.
    pub pinned: bool,
    pub unread: Unread,
}

/// What a key does while the question on top is not drawn to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unread {
    /// The same as ever.
    #[default]
    Acts,
    /// An answer: it scrolls the question, and does nothing where the window is too small for that.
    ReadsOn,
    /// It opens the question in a box of its own.
    Asks,
}

impl KeyHint {
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            pinned: false,
            unread: Unread::default(),
        }
    }

    /// The hints as they are true while this much of the question on top is drawn.
    pub fn as_shown(hints: &[Self], shown: Shown) -> Vec<Self> {
        if shown == Shown::Whole {
            return hints.to_vec();
        }
        let mut now: Vec<Self> = Vec::with_capacity(hints.len());
        for hint in hints {
            let label = match (hint.unread, shown) {
                (Unread::Acts, _) => hint.label.as_str(),
                (Unread::Asks, _) => "ask first",
                (Unread::ReadsOn, Shown::Cut) => continue,
                (Unread::ReadsOn, _) if now.iter().any(|one| one.unread == Unread::ReadsOn) => continue,
                (Unread::ReadsOn, _) => "read on",
            };
            now.push(Self {
                label: label.to_owned(),
                ..hint.clone()
            });
        }
        now
    }
}

/// What a place on screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Pane(PaneId),
    /// A field of Parameters.
    Spot(Spot),
    /// A row of Queue or Log.
    Take(PaneId, TakeId),
    /// The row of a sweep in Queue or Log.
    Sweep(PaneId, i64),
}

impl Target {
    /// The row of a list that it names.
    pub const fn row(self) -> Option<RowId> {
        match self {
            Self::Take(_, id) => Some(RowId::Take(id)),
            Self::Sweep(_, number) => Some(RowId::Sweep(number)),
            Self::Pane(_) | Self::Spot(_) => None,
        }
    }

    /// A row of a pane's list.
    pub const fn of_row(pane: PaneId, row: RowId) -> Self {
        match row {
            RowId::Take(id) => Self::Take(pane, id),
            RowId::Sweep(number) => Self::Sweep(pane, number),
        }
    }

    pub const fn pane(self) -> PaneId {
        match self {
            Self::Pane(pane) | Self::Take(pane, _) | Self::Sweep(pane, _) => pane,
            Self::Spot(_) => PaneId::Parameters,
        }
    }
}

/// How much of the question on top a frame showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Not even all of its first sentence, which names the amount.
    #[default]
    Cut,
    /// The first sentence and the answers; the rest has to be scrolled into view.
    Partly,
    /// All of it, to its end.
    Whole,
}

/// How a wall is divided: the cells of a small picture, and how many of them are visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiles {
    pub columns: u16,
    pub rows: u16,
    /// Visible beside each other.
    pub across: u16,
    /// Visible one below the other.
    pub down: u16,
}

impl Tiles {
    /// Rows of text without pictures, as many as fit.
    pub fn of_text(room: Rect) -> Self {
        Self {
            columns: 0,
            rows: 1,
            across: 0,
            down: room.height.max(1),
        }
    }

    pub const fn has_pictures(self) -> bool {
        self.across > 0
    }

    /// From the top of a take's row to the top of the next; between pictures, a row is blank.
    pub const fn step(self) -> u16 {
        self.rows + self.has_pictures() as u16
    }
}

/// Where a component has drawn things, for the mouse, the caret, paging and answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Where the terminal's cursor belongs.
    pub caret: Option<Position>,
    /// Later ones lie over earlier ones.
    pub hits: Vec<(Rect, Target)>,
    /// Rows that a page has room for.
    pub rows: u16,
    /// Lines that the page has.
    pub lines: u16,
    /// The lines of a page at which its sections begin.
    pub sections: Vec<u16>,
    /// How much of a question was drawn.
    pub shown: Shown,
    /// The takes that keys judge or decide about here, as far as they were drawn.
    pub takes: Vec<TakeId>,
    /// Columns and rows that are free for a picture.
    pub picture: Option<(u16, u16)>,
    /// How the small pictures of a wall were laid out.
    pub tiles: Option<Tiles>,
    /// The sound of the selected take has room.
    pub sound: bool,
    /// Columns and rows that each of several stills of a take has.
    pub stills: Option<(u16, u16)>,
}

impl Drawn {
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
        self.sound |= other.sound;
        self.stills = other.stills.or(self.stills);
        self.hits.extend(other.hits);
    }
}

/// What the last frame showed, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Every pane shown, with its border.
    pub panes: Vec<(PaneId, Rect)>,
    /// What was drawn in the panes.
    pub drawn: Drawn,
    /// What was drawn of the topmost overlay.
    pub over: Drawn,
    /// How many overlays there were.
    pub overlays: usize,
    /// The row below the overlays, where the news and the keys are.
    pub floor: u16,
    /// The terminal is too small for panes: only that was drawn.
    pub too_small: bool,
    /// The pictures of pixels.
    pub pictures: Vec<Placed>,
}

/// Rows as the `u16` of a frame.
pub fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
