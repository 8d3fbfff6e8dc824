//! What the workbench shows, each pane drawn from plain data for one frame.
//!
//! A pane knows the model, themes and widgets. It knows no store, no keys and no loop; drawing changes nothing
//! and answers where things were drawn.

mod compact;
mod layout;
mod log;
mod monitor;
mod notice;
mod params;
mod prompt;
mod queue;
mod screen;
mod status;
mod wording;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

pub use layout::{Form, Layout, Slot, layout};
pub use log::{Filter, LogPane, LogRow};
pub use monitor::{MonitorPane, MovieFacts, Shown};
pub use notice::Notice;
pub use params::{Change, Offer, Param, ParamsPane, ParamsState, Spot};
pub use prompt::{Finding, PromptPane};
pub use queue::{QueuePane, QueueRow, Stopped};
pub use screen::Panes;
pub use status::{KeyHint, KeyLine, StatusLine};
pub use wording::state_word;

use crate::model::{Draft, TakeId};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Role, Theme};

/// The five panes, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaneId {
    Prompt,
    Params,
    Queue,
    Log,
    Monitor,
}

impl PaneId {
    /// Every pane.
    pub const ALL: [Self; 5] = [Self::Prompt, Self::Params, Self::Queue, Self::Log, Self::Monitor];

    /// 1 to 5, as the user calls it.
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize + 1
    }

    /// Number and name, as in the border.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Prompt => "1 Prompt",
            Self::Params => "2 Parameters",
            Self::Queue => "3 Queue",
            Self::Log => "4 Log",
            Self::Monitor => "5 Monitor",
        }
    }
}

/// What every pane draws with.
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
    pub draft: &'a Draft,
}

impl Ctx<'_> {
    /// The same for a pane that has the keys or has not.
    #[must_use]
    pub const fn focused(self, focused: bool) -> Self {
        Self { focused, ..self }
    }

    fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.style(role))
    }

    /// The style of the selected row.
    fn selection(&self) -> Style {
        self.style(if self.focused {
            Role::Selection
        } else {
            Role::SelectionIdle
        })
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

/// Where things were drawn: mouse and caret go by it. Later hits lie over earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Where the terminal's cursor belongs; hidden when none.
    pub caret: Option<Position>,
    pub hits: Vec<(Rect, Target)>,
    /// What lies over the panes stays above this row: below it are the news and the keys.
    pub floor: u16,
}

impl Drawn {
    /// What lies at a place.
    #[must_use]
    pub fn at(&self, place: Position) -> Option<Target> {
        let hit = self.hits.iter().rev().find(|(area, _)| area.contains(place));
        hit.map(|(_, target)| *target)
    }

    fn hit(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.hits.push((area, target));
        }
    }

    fn join(&mut self, other: Self) {
        self.caret = other.caret.or(self.caret);
        self.hits.extend(other.hits);
    }
}
