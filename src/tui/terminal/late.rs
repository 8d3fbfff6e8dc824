//! Text that an editor saves after it gave the terminal back: files lent to it are looked at again, so that nothing
//! written into them is lost.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::process::{Pid, test_kill_process};

use super::editor;

/// A file that an editor may still have open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The editor's name.
    pub program: String,
    pub file: PathBuf,
    /// The text that is known to be in it.
    pub known: String,
}

impl Lent {
    /// The text that was written into the file since it was looked at last; `None` while there is none.
    #[must_use]
    pub fn later_text(&self) -> Option<String> {
        let text = editor::read(&self.file, &self.known).ok()?;
        (text != self.known && !text.trim().is_empty()).then_some(text)
    }
}

/// How the files of a reel's prompt begin, up to the number of the process that lends them.
fn prefix(reel_id: &str) -> String {
    // Short, so that a message can name the file; the reel's folder is called by the same digits.
    let digits: String = reel_id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    format!("prompt-{digits}-")
}

/// How the files that this process lends begin.
#[must_use]
pub fn own_prefix(reel_id: &str) -> String {
    format!("{}{}-", prefix(reel_id), std::process::id())
}

/// Marks the file as not written to since it was lent. A file system that cannot is no reason not to edit.
pub fn mark_unwritten(file: &fs::File) {
    let _ = file.set_modified(SystemTime::UNIX_EPOCH);
}

/// Files of a reel's prompt that processes have left behind which are gone now. Those that nobody wrote to are removed.
///
/// # Errors
/// When the folder is there but cannot be read.
pub fn left_behind(folder: &Path, reel_id: &str) -> io::Result<Vec<Lent>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if !is_left(&file, &prefix(reel_id)) {
            continue;
        }
        let modified = fs::metadata(&file).and_then(|facts| facts.modified());
        if modified.is_ok_and(|at| at == SystemTime::UNIX_EPOCH) {
            editor::remove(&file);
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

/// Whether the file begins so and its process is gone.
fn is_left(file: &Path, prefix: &str) -> bool {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let process = name
        .strip_prefix(prefix)
        .and_then(|rest| rest.split_once('-'))
        .and_then(|(number, _)| number.parse().ok())
        .and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        put(format!("{}c.txt", own_prefix(REEL)), "still open");
        put(format!("prompt-99999999-{number}-d.txt"), "another reel's");
        put("prompt-x.txt".to_owned(), "not ours");
        let left = left_behind(folder.path(), REEL).unwrap();
        let files: Vec<&Path> = left.iter().map(|lent| lent.file.as_path()).collect();
        assert_eq!(files, [&written]);
        assert_eq!(left[0].later_text().as_deref(), Some("late"));
        assert!(!unwritten.exists());
        assert!(left_behind(&folder.path().join("none"), REEL).unwrap().is_empty());
    }
}
