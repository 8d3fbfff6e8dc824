//! Opens a file that the user names, and never waits for a pipe or a device.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Why a file could not be opened.
#[derive(Debug)]
pub enum OpenError {
    Io(io::Error),
    /// A folder, a pipe, a device or the like.
    NotAFile(FileType),
}

/// Opens the regular file at `path`; also returns its size. Its type is checked before it is opened, because opening some
/// devices has side effects, and again afterwards, because it may have been replaced.
///
/// # Errors
/// [`OpenError`], at once: a pipe that nobody writes to is not waited for.
pub fn open_file(path: &Path) -> Result<(File, u64), OpenError> {
    let kind = std::fs::metadata(path).map_err(OpenError::Io)?.file_type();
    if kind.is_file() {
        opened(path)
    } else {
        Err(OpenError::NotAFile(kind))
    }
}

fn opened(path: &Path) -> Result<(File, u64), OpenError> {
    use rustix::fs::OFlags;
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)
        .map_err(OpenError::Io)?;
    let about = file.metadata().map_err(OpenError::Io)?;
    if about.is_file() {
        Ok((file, about.len()))
    } else {
        Err(OpenError::NotAFile(about.file_type()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileTypeExt;

    #[test]
    fn a_pipe_is_not_waited_for_even_when_it_comes_late() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let (answer, looked) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = answer.send((open_file(&pipe), opened(&pipe)));
        });
        // The time-out only ends a test that has failed.
        let looked = looked.recv_timeout(std::time::Duration::from_secs(10));
        let (before, after) = looked.expect("it waits for a writer");
        for refused in [before, after] {
            assert!(matches!(refused, Err(OpenError::NotAFile(kind)) if kind.is_fifo()));
        }
        assert!(matches!(opened(folder.path()), Err(OpenError::NotAFile(kind)) if kind.is_dir()));
    }
}
