//! The terminal: its modes, signals and output, the clipboard and the external editor.
//!
//! The loop uses it through [`Host`], which tests replace.

pub mod clipboard;
pub mod editor;
mod encode;
pub mod host;
pub mod late;
pub mod leaving;
pub mod lent_file;
mod meter;
pub mod modes;
pub mod outlet;
pub mod quiet;
pub mod signals;
pub mod watch;

pub use clipboard::{Clipboard, SystemClipboard};
pub use host::{Host, RealHost};
pub use meter::Meter;
pub use outlet::Out;
pub use quiet::{Bracketed, Quiet};
pub use signals::Signal;
