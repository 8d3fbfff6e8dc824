//! Why the workbench ends.

use crate::tui::terminal::Signal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    Quit,
    /// The terminal is gone, or its input ended.
    HungUp,
    Signalled(Signal),
}
