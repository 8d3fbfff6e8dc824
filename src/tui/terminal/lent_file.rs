//! The file that is lent to an editor: written, read back and removed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

const MAX_BYTES: u64 = 1 << 20;

/// Why the editor returned no text.
#[derive(Debug, thiserror::Error)]
pub enum EditorError {
    #[error(
        "$VISUAL or $EDITOR is not a command line ({given:?}): set it to a program such as `nano` or `code -w`"
    )]
    NotACommand { given: String },
    #[error(
        "{program} could not be started ({source}): set $VISUAL or $EDITOR to an editor that is installed"
    )]
    NotStarted { program: String, source: io::Error },
    #[error("{program} ended with {status}: the prompt stays as it was")]
    Failed { program: String, status: ExitStatus },
    #[error(
        "the text could not be written for the editor ({0}): make room or allow writing in the state folder"
    )]
    File(#[from] io::Error),
    #[error("the text is longer than 1 MiB and stays in {}: the prompt stays as it was", .file.display())]
    TooLong { file: PathBuf },
    #[error("the text could not be read back ({source}): look for it in {}", .file.display())]
    Unread { file: PathBuf, source: io::Error },
}

pub fn remove(file: &Path) {
    if let Err(error) = fs::remove_file(file) {
        tracing::warn!("{} could not be removed: {error}", file.display());
    }
}

/// Identifies a lent text. It is part of the file's name, so that a later start knows what was lent.
pub fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text);
    let number = digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

/// Marks the file as not written to since it was lent, if the file system allows it.
pub fn mark_unwritten(file: &fs::File) {
    let _ = file.set_modified(SystemTime::UNIX_EPOCH);
}

/// Creates a file with the text. tempfile makes it readable for the user alone.
pub fn write(folder: &Path, prefix: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(&format!("{prefix}{}-", fingerprint(text)))
        .suffix(".txt")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    mark_unwritten(file.as_file());
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

/// The text of a lent file that held `before`.
pub fn read(file: &Path, before: &str) -> Result<String, EditorError> {
    let unread = |source| EditorError::Unread {
        file: file.to_owned(),
        source,
    };
    if fs::metadata(file).map_err(unread)?.len() > MAX_BYTES {
        return Err(EditorError::TooLong {
            file: file.to_owned(),
        });
    }
    let edited = String::from_utf8_lossy(&fs::read(file).map_err(unread)?).replace("\r\n", "\n");
    // Editors end the last line, which a prompt does not need.
    Ok(edited
        .strip_suffix('\n')
        .filter(|_| !before.ends_with('\n'))
        .unwrap_or(&edited)
        .to_owned())
}
