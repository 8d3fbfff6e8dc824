//! Moving a selection or a page.

use crate::tui::keymap::Action;

/// The actions that move a selection or a page.
pub const MOVES: &[Action] = &[
    Action::Up,
    Action::Down,
    Action::PageUp,
    Action::PageDown,
    Action::Top,
    Action::Bottom,
];

/// How far a move goes where a page has `rows`.
pub fn distance(action: Action, rows: u16) -> isize {
    const ALL: isize = i32::MAX as isize;
    let page = isize::try_from(rows.max(2) - 1).unwrap_or(1);
    match action {
        Action::Up => -1,
        Action::Down => 1,
        Action::PageUp => -page,
        Action::PageDown => page,
        Action::Top => -ALL,
        _ => ALL,
    }
}

/// The row `by` rows from `at` in a list of `length` rows, or its first or last row.
pub fn stepped(at: usize, by: isize, length: usize) -> usize {
    at.saturating_add_signed(by).min(length.saturating_sub(1))
}
