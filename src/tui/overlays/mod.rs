//! What can lie over the panes, on a stack: Escape takes exactly one away.

pub mod confirm;
pub mod entry;
pub mod exchange;
pub mod findings;
pub mod help;
pub mod late;
pub mod menu;
pub mod on_hold;
pub mod page;
pub mod palette;
pub mod question;
pub mod quitting;
pub mod reconcile;
pub mod revisions;
pub mod strays;
pub mod unsaved;

/// Widest page or list; longer lines are hard to read.
const WIDEST: u16 = 110;
/// Widest question or palette.
const WIDEST_BOX: u16 = 72;
