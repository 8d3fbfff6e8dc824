//! Work off the UI task: [`Jobs::run`] starts each effect, and its result arrives as a message.
//!
//! One worker reads and changes the store in order; everything else runs beside it, so that a slow disk or a hanging
//! clipboard delays nothing. On leaving, ordered work is finished and the rest is dropped.

mod choosing;
mod files;
mod pictures;
mod player;
pub mod rescue;
pub mod saver;
mod sounds;
mod start;
mod stills;
mod store;
mod strips;
mod tools;
mod words;

pub use pictures::Pictures;
pub use player::Player;
pub use start::Jobs;
pub use tools::Tools;
