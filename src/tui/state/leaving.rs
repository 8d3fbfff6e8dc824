//! Why the workbench ends.

use crate::tui::terminal::Signal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    Quit,
    /// Another reel is opened in the same program.
    Reel,
    /// The terminal is gone, or its input ended.
    HungUp,
    Signalled(Signal),
}
