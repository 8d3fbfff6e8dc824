//! The keymap: which key means what in which context. The user's file changes single lines of the defaults.

mod bindings;
mod declare;
mod key;
mod load;
mod names;
mod table;

pub use bindings::{Found, Keymap};
pub use key::{Chord, Key, NotAKey, key_labels};
pub use load::KeymapError;
pub use table::{Action, Context, Group, PaneId};

#[cfg(test)]
mod tests;
