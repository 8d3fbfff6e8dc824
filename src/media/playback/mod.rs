//! Plays videos as character cells: which picture is due, and how finely it is drawn so that it fits into the bytes that
//! the connection allows. Who plays has the clock and sends the cells; see `tui::jobs::player` and `rushes play`.

mod pace;
mod parts;
mod quality;
mod span;

pub use pace::Pace;
pub use parts::{Cells, Part, Playback, Step};
pub use quality::Quality;
pub use span::{Span, Speed};
