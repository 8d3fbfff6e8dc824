//! The terminal's side of the workbench: its modes, signals, quiet drawing, clipboard and the external editor.
//!
//! Knows nothing of takes. The loop reaches it through [`Host`], so that a test can stand in for it.

pub mod clipboard;
pub mod editor;
pub mod host;
pub mod late;
pub mod modes;
pub mod outlet;
pub mod quiet;
pub mod signals;
pub mod watch;

pub use clipboard::{Clipboard, SystemClipboard};
pub use host::{Host, RealHost};
pub use outlet::Out;
pub use quiet::{Bracketed, Quiet};
pub use signals::Signal;
