//! Puts a request into a copy of a video and finds it there again.
//!
//! It stands in a box of its own behind all media data (XMP in MP4: ISO 16684-1, XMP Specification part 3), so no
//! byte of the media data changes and none is moved.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::files::{NewFile, NewFileError};

use super::boxes::{self, Top, read_at};
use super::copying::{CopyError, copy_range, write};
use super::error::MediaError;
use super::guard::guarded;
use super::xmp;

/// The kind of box that holds XMP.
const XMP: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];
/// Largest request that is put into a video. One of the API has some kilobytes.
const MAX_REQUEST: usize = 1 << 20;
/// Largest XMP that is read.
const MAX_PACKET: u64 = 16 << 20;

/// Why a request could not be put into a copy of a video.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(transparent)]
    Target(#[from] NewFileError),
    #[error("this is not a request that can be put into a video: {why}")]
    NotARequest { why: String },
    #[error("the request has {bytes} bytes; up to {MAX_REQUEST} are put into a video")]
    TooLarge { bytes: usize },
    #[error(
        "{} has no end of its last part, and is too large to be given one; \
         rewrite it with ffmpeg -i FILE -c copy NEW first",
        path.display()
    )]
    OpenEnd { path: PathBuf },
}

impl From<CopyError> for EmbedError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Read(error) => error.into(),
            CopyError::Write(error) => error.into(),
        }
    }
}

/// Writes a copy of the video `from` that carries the request, a JSON object, to the new file `to`. A request that
/// was put in earlier is replaced. The media data is copied byte by byte and stays where it is, and `from` is never
/// altered. The prompt in the request becomes the description that other programs show. Returns the copy's size in
/// bytes.
///
/// # Errors
/// [`EmbedError`]; nothing is left at `to` then that was not there before.
pub fn embed(from: &Path, request_json: &str, to: &Path) -> Result<u64, EmbedError> {
    let packet = packet(request_json)?;
    let mut new = NewFile::create(to)?;
    let owned = from.to_owned();
    let (file, steps) = guarded(from, move || {
        let mut file = File::open(&owned).map_err(|source| MediaError::io(&owned, source))?;
        let steps = steps(&owned, &mut file)?;
        Ok((file, steps))
    })?;
    for step in steps {
        match step {
            Step::Copy(range) => copy_range(from, &file, range, &mut new)?,
            Step::Free(bytes) => write(&mut new, &free(bytes))?,
            Step::Length(Some(length)) => write(&mut new, &length.to_be_bytes())?,
            Step::Length(None) => {
                return Err(EmbedError::OpenEnd {
                    path: from.to_owned(),
                });
            }
            Step::Request => write(&mut new, &uuid_box(packet.as_bytes()))?,
        }
    }
    Ok(new.finish()?)
}

/// The request in the video at `path`, as JSON; `None` where there is none.
///
/// # Errors
/// What is wrong with the file, see [`MediaError`]; never a panic.
pub fn extract(path: &Path) -> Result<Option<String>, MediaError> {
    let owned = path.to_owned();
    guarded(path, move || {
        let mut file = File::open(&owned).map_err(|source| MediaError::io(&owned, source))?;
        let outline = boxes::check(&owned, &mut file)?;
        let mut found = None;
        for top in outline.tops {
            found = request_in(&owned, &mut file, top)?.or(found);
        }
        Ok(found)
    })
}

/// The packet for a request.
fn packet(request_json: &str) -> Result<String, EmbedError> {
    let bytes = request_json.len();
    if bytes > MAX_REQUEST {
        return Err(EmbedError::TooLarge { bytes });
    }
    let request: Map<String, Value> =
        serde_json::from_str(request_json).map_err(|error| EmbedError::NotARequest {
            why: error.to_string(),
        })?;
    let prompt = request.get("prompt").and_then(Value::as_str);
    let description = prompt.unwrap_or("The request that this video was made from");
    Ok(xmp::packet(request_json, description))
}

/// What is done to make the copy, in order.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Bytes of the video.
    Copy(Range<u64>),
    /// An earlier request with media data behind it, which must not move: this many bytes become empty room.
    Free(u64),
    /// The length of a box that had none, where 32 bits can hold it.
    Length(Option<u32>),
    Request,
}

fn steps(path: &Path, file: &mut File) -> Result<Vec<Step>, MediaError> {
    let boxes::Outline {
        mut tops,
        boxes_end,
        length,
        ..
    } = boxes::check(path, file)?;
    let mut ours = Vec::new();
    for top in &tops {
        if request_in(path, file, *top).ok().flatten().is_some() {
            ours.push(*top);
        }
    }
    // An index of fragments is found from the end of the file, and says where they lie: it stays the last.
    let index = tops.pop_if(|top| &top.name == b"mfra" && !top.is_open);
    while tops.pop_if(|top| ours.contains(top)).is_some() {}
    let mut steps = Vec::new();
    for top in tops {
        if ours.contains(&top) {
            steps.push(Step::Free(top.end - top.at));
        } else if top.is_open {
            steps.push(Step::Length(u32::try_from(top.end - top.at).ok()));
            steps.push(Step::Copy(top.at + 4..top.end));
        } else {
            steps.push(Step::Copy(top.at..top.end));
        }
    }
    steps.push(Step::Request);
    steps.extend(index.map(|top| Step::Copy(top.at..top.end)));
    // What is part of nothing stays too.
    if boxes_end < length {
        steps.push(Step::Copy(boxes_end..length));
    }
    Ok(steps)
}

/// The request in this box, if it is XMP and has one.
fn request_in(path: &Path, file: &mut File, top: Top) -> Result<Option<String>, MediaError> {
    let io = |source| MediaError::io(path, source);
    let size = top.end - top.start;
    if &top.name != b"uuid" || size > MAX_PACKET || read_at(file, top.start, 16).map_err(io)? != XMP {
        return Ok(None);
    }
    let packet = read_at(file, top.start + 16, size.saturating_sub(16)).map_err(io)?;
    xmp::request(&packet)
        .map_err(|why| MediaError::damaged(path, format!("the request in it cannot be read ({why})")))
}

fn uuid_box(packet: &[u8]) -> Vec<u8> {
    // The request's size was checked: with all that is escaped it stays far below 32 bits.
    let length = u32::try_from(8 + XMP.len() + packet.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &b"uuid"[..], &XMP, packet].concat()
}

/// Room for `bytes` bytes, as a box.
fn free(bytes: u64) -> Vec<u8> {
    let length = u32::try_from(bytes).unwrap_or(u32::MAX);
    let mut room = [&length.to_be_bytes(), &b"free"[..]].concat();
    room.resize(length as usize, 0);
    room
}

#[cfg(test)]
#[path = "embed_tests.rs"]
mod tests;
