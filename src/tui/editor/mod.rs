//! The prompt's editor, a wrapper of the text area's lines and history.
//!
//! The text area edits by code point, undoes by character, keeps control bytes, does not wrap lines and paints its own
//! cursor. This editor moves by grapheme cluster, undoes by word, and uses the terminal's cursor.

mod draw;
mod edits;
mod keys;
mod moves;
mod steps;
mod text;

pub use draw::Mark;
pub use edits::KeyOutcome;
pub use text::{Editor, MAX_CHARACTERS};

#[cfg(test)]
mod tests;
