//! Where a take's files belong: the film, what of it has come so far, and what is known of it.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Take;

/// The film's path in the reel's folder.
pub(super) fn film(reels: &Path, folder: &str, take: &Take) -> PathBuf {
    let name = format!(
        "{:05}-s{}-{}-{}s.mp4",
        take.id.0, take.seed, take.resolution, take.duration
    );
    reels.join(folder).join(name)
}

/// The number of the take that a file of this name belongs to.
pub(super) fn number(name: &str) -> Option<i64> {
    let (digits, rest) = name.split_at_checked(name.find('-')?)?;
    let is_ours = digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with("-s");
    is_ours.then(|| digits.parse().ok()).flatten()
}

/// Makes a reel's folder for its owner alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_our_own_names_only() {
        assert_eq!(number("00012-s7-480p-4s.json"), Some(12));
        assert_eq!(number("123456-s7-480p-4s.mp4.part"), Some(123_456));
        for other in ["12-s7.json", "00012.json", "abcde-s7.json", "-s", "", "00012-x"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
