//! The clock of the program: the machine's, or the machine's shifted by a number in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Clock, SystemClock};

/// Names a file with a number of seconds, which may be negative, by which the clock of the program and its sandbox is
/// ahead of the machine's. It is read each time, so that tests can make the clock jump. Not for users.
pub const SHIFT: &str = "RUSHES_CLOCK_SHIFT";

/// The clock that the environment selects.
pub fn clock() -> Arc<dyn Clock> {
    match std::env::var(SHIFT).ok().filter(|file| !file.is_empty()) {
        Some(file) => Arc::new(Shifted(PathBuf::from(file))),
        None => Arc::new(SystemClock),
    }
}

/// The machine's clock, shifted by the number in this file.
struct Shifted(PathBuf);

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(shift(&self.0)).unwrap_or(now)
    }
}

/// How far the file shifts the clock; not at all if it is missing or has no number.
fn shift(file: &Path) -> SignedDuration {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    SignedDuration::from_secs(text.trim().parse().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shift");
        let clock = Shifted(file.clone());
        let ahead = || clock.now().duration_since(Timestamp::now()).as_secs_f64().round();
        for (text, seconds) in [("", 0.0), ("3600\n", 3600.0), ("-60", -60.0), ("soon", 0.0)] {
            std::fs::write(&file, text).unwrap();
            assert!((ahead() - seconds).abs() < 2.0, "{text:?}: {}", ahead());
        }
        std::fs::remove_file(&file).unwrap();
        assert!(ahead().abs() < 2.0);
    }
}
