//! What can lie over the panes, as data on a stack: Escape takes exactly one away.

mod books;
mod confirm;
mod draw;
mod entry;
mod exchange;
mod held;
mod help;
mod menu;
mod page;
mod palette;
mod question;

pub use books::Books;
pub use confirm::{Ask, Confirm, Intent};
pub use draw::{DrawnOverlay, draw};
pub use entry::{Entry, Purpose};
pub use exchange::page as exchange_page;
pub use held::{Held, Remedy};
pub use help::page as help_page;
pub use menu::{Choice, Menu, Pick};
pub use page::{Page, Row};
pub use palette::Palette;
pub use question::Shown;

use super::keymap::Context;

/// One thing over the panes.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Something to read: help, a take's exchange, a problem.
    Page(Page),
    Confirm(Confirm),
    /// How to quit while takes are in flight.
    Quitting,
    Books(Books),
    Held(Held),
    Palette(Palette),
    Entry(Entry),
    Menu(Menu),
    /// The timeline is being edited; so many borders lie before the chosen one. Drawn in the prompt's pane.
    Timeline(usize),
}

impl Overlay {
    /// The keymap's table for it.
    #[must_use]
    pub const fn context(&self) -> Context {
        match self {
            Self::Page(_) => Context::Reader,
            Self::Confirm(_) => Context::Confirm,
            Self::Quitting => Context::Quitting,
            Self::Books(_) => Context::Books,
            Self::Held(_) => Context::Held,
            Self::Palette(_) => Context::Palette,
            Self::Entry(_) => Context::Field,
            Self::Menu(_) => Context::Menu,
            Self::Timeline(_) => Context::Timeline,
        }
    }
}
