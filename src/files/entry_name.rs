//! Which names an archive's entries may have: relative paths that stay in the folder they are unpacked in.

use std::collections::HashSet;

/// Longest name of an entry, in bytes.
const MAX_NAME: usize = 1024;
/// Longest part of a name between two slashes: what file systems allow.
const MAX_PART: usize = 255;

/// What is wrong with an entry's name, as a phrase: `leaves its folder`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    #[error("has no name")]
    Empty,
    #[error("has an absolute path")]
    Absolute,
    #[error("has a path that leaves its folder")]
    Leaves,
    #[error("has a path with an empty part, a `.` or a backslash")]
    Unclean,
    #[error("has a name that is too long")]
    TooLong,
    #[error("has a name with characters that are not text")]
    NotText,
    #[error("is there twice (upper and lower case count as the same)")]
    Twice,
    #[error("is a file whose name is a folder too")]
    FileAndFolder,
}

/// Checks one name by itself.
pub(super) fn check(name: &str) -> Result<(), BadName> {
    if name.is_empty() {
        return Err(BadName::Empty);
    }
    if name.len() > MAX_NAME || name.split('/').any(|part| part.len() > MAX_PART) {
        return Err(BadName::TooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(BadName::NotText);
    }
    // `C:\file` and `C:file` are absolute elsewhere.
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || name.starts_with('\\') || has_drive {
        return Err(BadName::Absolute);
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        return Err(BadName::Leaves);
    }
    let is_unclean = |part: &str| part.is_empty() || part == "." || part.contains('\\');
    if name.split('/').any(is_unclean) {
        return Err(BadName::Unclean);
    }
    Ok(())
}

/// The names of one archive so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Names {
    /// Checks the name of a file by itself and against all before it.
    pub(super) fn add(&mut self, name: &str) -> Result<(), BadName> {
        check(name)?;
        // Two names that differ in case are one file on some systems.
        let name = name.to_lowercase();
        let folders = name.match_indices('/').map(|(at, _)| &name[..at]);
        for folder in folders {
            if self.files.contains(folder) {
                return Err(BadName::FileAndFolder);
            }
            if !self.folders.contains(folder) {
                self.folders.insert(folder.to_owned());
            }
        }
        if self.folders.contains(&name) {
            return Err(BadName::FileAndFolder);
        }
        if self.files.insert(name) {
            Ok(())
        } else {
            Err(BadName::Twice)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for name in ["video.mp4", "takes/00001-s1.mp4", "a b/c.d", "..a/b..", "夜.txt"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for (name, wrong) in [
            ("", BadName::Empty),
            ("/etc/passwd", BadName::Absolute),
            ("C:\\video.mp4", BadName::Absolute),
            ("\\\\server\\video", BadName::Absolute),
            ("..", BadName::Leaves),
            ("a/../../b", BadName::Leaves),
            ("a\\..\\b", BadName::Leaves),
            ("a//b", BadName::Unclean),
            ("./a", BadName::Unclean),
            ("a/", BadName::Unclean),
            ("a\\b", BadName::Unclean),
            ("a\0b", BadName::NotText),
            ("a\u{1b}[2J", BadName::NotText),
        ] {
            assert_eq!(check(name), Err(wrong), "{name:?}");
        }
        assert_eq!(check(&"a".repeat(256)), Err(BadName::TooLong));
        assert_eq!(check(&"a/".repeat(600)), Err(BadName::TooLong));
    }

    #[test]
    fn no_name_is_there_twice() {
        let mut names = Names::default();
        for name in ["a/b", "a/c", "d"] {
            assert_eq!(names.add(name), Ok(()), "{name}");
        }
        assert_eq!(names.add("a/b"), Err(BadName::Twice));
        assert_eq!(names.add("A/B"), Err(BadName::Twice));
        assert_eq!(names.add("d/e"), Err(BadName::FileAndFolder));
        assert_eq!(names.add("a"), Err(BadName::FileAndFolder));
    }
}
