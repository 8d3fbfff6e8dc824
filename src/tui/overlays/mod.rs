//! The overlays over the panes, kept on a stack from which Escape removes one at a time.

pub mod confirm;
<<<<<<< HEAD
pub mod difference;
=======
pub mod copies;
>>>>>>> h-files
pub mod entry;
pub mod exchange;
pub mod findings;
pub mod help;
pub mod late;
pub mod menu;
pub mod on_hold;
pub mod opened;
pub mod orphans;
pub mod page;
pub mod palette;
pub mod planner;
pub mod question;
pub mod quitting;
pub mod reconcile;
pub mod reels;
pub mod revisions;
pub mod snippets;
pub mod unsaved;

/// The width of pages and lists; longer lines are hard to read.
const MAX_WIDTH: u16 = 110;
/// The width of questions and the palette.
const MAX_BOX_WIDTH: u16 = 72;
