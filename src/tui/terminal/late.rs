//! Text that an editor saves after it gave the terminal back: files lent to it are looked at again, so that nothing
//! written into them is lost.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::process::{Pid, test_kill_process};
use sha2::{Digest, Sha256};

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
    pub fn later_text(&self) -> Option<String> {
        let text = editor::read(&self.file, &self.known).ok()?;
        (text != self.known && !text.trim().is_empty()).then_some(text)
    }
}

/// A text that was written into a lent file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub lent: Lent,
    pub text: String,
}

/// How the files of a reel's prompt begin, up to the number of the process that lends them.
fn prefix(reel_id: &str) -> String {
    // Short, so that a message can name the file; the reel's folder is called by the same digits.
    let digits: String = reel_id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    format!("prompt-{digits}-")
}

/// How the files that this process lends begin.
pub fn own_prefix(reel_id: &str) -> String {
    format!("{}{}-", prefix(reel_id), std::process::id())
}

/// What tells a lent text from others. The name of its file holds it, so that a later start knows what was lent.
pub fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text);
    let number = digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
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
        let Some(lent) = lent_by_gone(&file, &prefix(reel_id)) else {
            continue;
        };
        if is_unwritten(&file) || holds(&file, lent) {
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

fn is_unwritten(file: &Path) -> bool {
    let modified = fs::metadata(file).and_then(|facts| facts.modified());
    modified.is_ok_and(|at| at == SystemTime::UNIX_EPOCH)
}

/// Whether the file holds the text with that fingerprint, with or without an end of its last line: `:wq` writes the
/// file although nothing was changed.
fn holds(file: &Path, fingerprint_of_lent: &str) -> bool {
    let Ok(text) = editor::read(file, "\n") else {
        return false;
    };
    let ended = text.strip_suffix('\n').unwrap_or(&text);
    [&*text, ended]
        .into_iter()
        .any(|text| fingerprint(text) == fingerprint_of_lent)
}

/// The fingerprint in the name of a file that begins so and whose process is gone.
fn lent_by_gone<'a>(file: &'a Path, prefix: &str) -> Option<&'a str> {
    let rest = file.file_name()?.to_str()?.strip_prefix(prefix)?;
    let (number, rest) = rest.split_once('-')?;
    let process = Pid::from_raw(number.parse().ok()?)?;
    test_kill_process(process).is_err().then_some(())?;
    // Names of earlier versions hold none.
    Some(rest.split_once('-').map_or("", |(lent, _)| lent))
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
