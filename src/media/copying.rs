//! Copies stretches of a video into a new file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use crate::files::{NewFile, NewFileError};

use super::error::MediaError;

/// Bytes that are copied at once.
const PIECE: u64 = 256 * 1024;

/// Why a stretch was not copied.
#[derive(Debug)]
pub(super) enum CopyError {
    Read(MediaError),
    Write(NewFileError),
}

/// Writes the bytes in `range` of the file, which is called `path`.
pub(super) fn copy_range(
    path: &Path,
    mut file: &File,
    range: Range<u64>,
    new: &mut NewFile,
) -> Result<(), CopyError> {
    let io = |source| CopyError::Read(MediaError::io(path, source));
    file.seek(SeekFrom::Start(range.start)).map_err(io)?;
    let mut left = range.end.saturating_sub(range.start);
    let mut piece = Vec::new();
    while left > 0 {
        piece.clear();
        let read = file.take(left.min(PIECE)).read_to_end(&mut piece).map_err(io)?;
        if read == 0 {
            let changed = MediaError::damaged(path, "it became shorter while it was copied");
            return Err(CopyError::Read(changed));
        }
        write(new, &piece)?;
        left -= read as u64;
    }
    Ok(())
}

/// Writes these bytes.
pub(super) fn write(new: &mut NewFile, bytes: &[u8]) -> Result<(), CopyError> {
    let written = new.out().write_all(bytes);
    written.map_err(|source| CopyError::Write(new.failed(source)))
}
