//! Finds text that an editor saved into a file that was lent to it, after it had given the terminal back.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use rustix::process::{Pid, test_kill_process};

use super::lent_file::{self, fingerprint};

/// A file that an editor may still have open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The editor's name.
    pub program: String,
    pub file: PathBuf,
    /// The text that was last read from it.
    pub known: String,
}

impl Lent {
    /// A text that was written into the file since it was last read.
    pub fn later_text(&self) -> Option<String> {
        let text = lent_file::read(&self.file, &self.known).ok()?;
        (text != self.known && !text.trim().is_empty()).then_some(text)
    }
}

/// A text that was written into a lent file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub lent: Lent,
    pub text: String,
}

/// The beginning of the names of a reel's files, before the number of the process that lends them.
fn prefix(reel_id: &str) -> String {
    // Short, so that a message can name the file; the name of the reel's folder has the same digits.
    let digits: String = reel_id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    format!("prompt-{digits}-")
}

/// The beginning of the names of the files that this process lends.
pub fn own_prefix(reel_id: &str) -> String {
    format!("{}{}-", prefix(reel_id), std::process::id())
}

/// The files of a reel that earlier processes left behind. Those that no editor wrote to are removed.
pub fn left_behind(folder: &Path, reel_id: &str) -> io::Result<Vec<Lent>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let file = entry?.path();
        let Some(lent) = lent_by_gone(&file, &prefix(reel_id)) else {
            continue;
        };
        if is_unwritten(&file) || holds(&file, lent) {
            lent_file::remove(&file);
        } else {
            found.push(Lent {
                program: "An editor".to_owned(),
                file,
                known: String::new(),
            });
        }
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(found)
}

fn is_unwritten(file: &Path) -> bool {
    let modified = fs::metadata(file).and_then(|facts| facts.modified());
    modified.is_ok_and(|at| at == SystemTime::UNIX_EPOCH)
}

/// Whether the file has the text with that fingerprint, with or without a line break at its end: `:wq` writes the file even
/// when nothing was changed.
fn holds(file: &Path, fingerprint_of_lent: &str) -> bool {
    let Ok(text) = lent_file::read(file, "\n") else {
        return false;
    };
    let ended = text.strip_suffix('\n').unwrap_or(&text);
    [&*text, ended]
        .into_iter()
        .any(|text| fingerprint(text) == fingerprint_of_lent)
}

/// The fingerprint in the name of a file with this prefix whose process is gone.
fn lent_by_gone<'a>(file: &'a Path, prefix: &str) -> Option<&'a str> {
    let rest = file.file_name()?.to_str()?.strip_prefix(prefix)?;
    let (number, rest) = rest.split_once('-')?;
    let process = Pid::from_raw(number.parse().ok()?)?;
    test_kill_process(process).is_err().then_some(())?;
    // Names of earlier releases have none.
    Some(rest.split_once('-').map_or("", |(lent, _)| lent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::terminal::lent_file::mark_unwritten;

    const REEL: &str = "0123abcdffffffff";

    #[test]
    fn only_written_files_of_processes_that_are_gone_are_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        // A process of our own that has ended: nobody else can have its number yet.
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        let number = gone.id();
        gone.wait().unwrap();
        let put = |name: String, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let written = put(format!("prompt-0123abcd-{number}-a.txt"), "late");
        let unwritten = put(format!("prompt-0123abcd-{number}-b.txt"), "as it was");
        mark_unwritten(&fs::File::options().write(true).open(&unwritten).unwrap());
        for (name, text) in [("d", "as it was"), ("e", "as it was\n"), ("f", "as it was\r\n")] {
            put(
                format!("prompt-0123abcd-{number}-{}-{name}.txt", fingerprint("as it was")),
                text,
            );
        }
        let changed = put(
            format!("prompt-0123abcd-{number}-{}-g.txt", fingerprint("as it was")),
            "late too",
        );
        put(format!("{}c.txt", own_prefix(REEL)), "still open");
        put(format!("prompt-99999999-{number}-d.txt"), "another reel's");
        put("prompt-x.txt".to_owned(), "not ours");
        let left = left_behind(folder.path(), REEL).unwrap();
        let files: Vec<&Path> = left.iter().map(|lent| lent.file.as_path()).collect();
        let mut expected = [&*written, &*changed];
        expected.sort();
        assert_eq!(files, expected);
        let first = files.iter().position(|file| *file == written).unwrap();
        assert_eq!(left[first].later_text().as_deref(), Some("late"));
        assert!(!unwritten.exists());
        assert!(left_behind(&folder.path().join("none"), REEL).unwrap().is_empty());
    }
}
