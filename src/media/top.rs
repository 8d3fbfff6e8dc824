//! The boxes that stand at the top of a video, one behind the other.

use std::io::{Read, Seek};
use std::path::Path;

use super::boxes::{self, Outline};
use super::error::MediaError;

/// Most boxes at the top of a file; a video has a handful, one in fragments some thousands.
const MAX_BOXES: usize = 1 << 16;

/// A box at the top of a file: where it stands, counted from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) name: [u8; 4],
    /// Where its header begins.
    pub(super) at: u64,
    /// Where its content begins.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Its header gives no length: it goes on to the end of the file.
    pub(super) is_open: bool,
}

/// The outline of the video at `path`, and its boxes. To be called under [`super::guard::guarded`].
pub(super) fn top_boxes(
    path: &Path,
    source: &mut (impl Read + Seek),
) -> Result<(Outline, Vec<Top>), MediaError> {
    let outline = boxes::check(path, source)?;
    let mut found = Vec::new();
    let mut at = 0;
    while at < outline.boxes_end {
        let header = boxes::read_at(source, at, 16).map_err(|source| MediaError::io(path, source))?;
        let Some(one) = boxes::parse(&header, at, outline.length) else {
            return Err(MediaError::damaged(path, "it changed while it was read"));
        };
        if found.len() == MAX_BOXES {
            return Err(MediaError::damaged(path, "it has far too many parts"));
        }
        found.push(Top {
            name: one.name,
            at,
            start: one.start,
            end: one.end,
            is_open: header.starts_with(&[0; 4]),
        });
        at = one.end;
    }
    Ok((outline, found))
}
