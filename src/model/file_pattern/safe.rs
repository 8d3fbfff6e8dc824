//! What may stand in a file's name on every file system.

use super::FilePattern;
use crate::model::text::is_shown;

/// Whether some file system, or some program that is given the name, takes the character for something else.
pub(super) fn is_forbidden(c: char) -> bool {
    !is_shown(c) || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// The text of a name or word, with `-` for what may not stand in a file's name.
pub(super) fn words(text: &str) -> String {
    let safe = |c: char| {
        if is_forbidden(c) || c.is_whitespace() {
            '-'
        } else {
            c
        }
    };
    text.chars().map(safe).take(200).collect()
}

/// A name that no system hides, refuses, or takes for an option or a device.
pub(super) fn safe(name: &str) -> String {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let is_edge = |c: char| c == '.' || c.is_whitespace();
    let name = name.trim_end_matches(is_edge);
    let name = name.trim_start_matches(|c: char| c == '-' || is_edge(c));
    let first = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_device = DEVICES.contains(&first.trim_end_matches(|c: char| c.is_ascii_digit()));
    if !is_device && !name.is_empty() {
        return name.to_owned();
    }
    // The underscore must not make it too long.
    let end = name.floor_char_boundary(FilePattern::MAX_NAME - 1);
    format!("_{}", name.get(..end).unwrap_or_default())
}
