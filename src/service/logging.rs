//! The log file: one for each day in the state folder. Its failures are silent, because the screen belongs to the user.

use std::fs::{DirEntry, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Days of logs that are kept.
const MAX_DAYS: usize = 7;

/// Starts logging into `folder`. Without a writable folder there is no log; no take needs it.
pub(super) fn start(folder: &Path) {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(Mutex::new(Daily::new(folder)))
        .log_internal_errors(false)
        .with_ansi(false)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .finish();
    // A second start in one process keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes into the file of the day. A line that cannot be written is dropped; the next one is tried again.
struct Daily {
    folder: PathBuf,
    day: String,
    file: Option<File>,
}

impl Daily {
    fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            day: String::new(),
            file: None,
        }
    }

    fn write_on(&mut self, day: String, line: &[u8]) {
        if self.day != day {
            self.file = None;
        }
        if self.file.is_none() {
            let path = self.folder.join(format!("rushes.{day}.log"));
            let mut options = OpenOptions::new();
            options.create(true).append(true).mode(0o600);
            self.file = options.open(path).ok();
            remove_old(&self.folder);
            self.day = day;
        }
        if let Some(file) = &mut self.file {
            let _ = file.write_all(line);
        }
    }
}

impl Write for Daily {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        self.write_on(day, line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Removes all but the newest logs.
fn remove_old(folder: &Path) {
    let is_log = |entry: &DirEntry| {
        let name = entry.file_name();
        name.to_str()
            .and_then(|name| name.strip_prefix("rushes.")?.strip_suffix(".log"))
            .is_some_and(|day| day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut logs: Vec<PathBuf> = entries.filter(is_log).map(|entry| entry.path()).collect();
    logs.sort();
    for log in logs.iter().rev().skip(MAX_DAYS) {
        let _ = std::fs::remove_file(log);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_day_has_its_file_and_the_oldest_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rushes.notes.log"), "mine").unwrap();
        let mut log = Daily::new(folder.path());
        for day in 1..=9 {
            log.write_on(format!("2026-11-{day:02}"), b"one\n");
            log.write_on(format!("2026-11-{day:02}"), b"two\n");
        }
        let mut kept: Vec<String> = (3..=9)
            .map(|day| format!("rushes.2026-11-{day:02}.log"))
            .collect();
        kept.push("rushes.notes.log".to_owned());
        assert_eq!(names(folder.path()), kept);
        let text = std::fs::read_to_string(folder.path().join("rushes.2026-11-09.log")).unwrap();
        assert_eq!(text, "one\ntwo\n");
    }

    #[test]
    fn a_line_that_cannot_be_written_is_dropped_and_later_ones_are_kept() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("state");
        let mut log = Daily::new(&folder);
        assert_eq!(log.write(b"lost\n").unwrap(), 5);
        std::fs::create_dir(&folder).unwrap();
        log.write_on("2026-11-01".to_owned(), b"kept\n");
        let text = std::fs::read_to_string(folder.join("rushes.2026-11-01.log")).unwrap();
        assert_eq!(text, "kept\n");
    }
}
