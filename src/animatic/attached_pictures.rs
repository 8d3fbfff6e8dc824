//! Reads the pictures that are attached to a request.

use std::path::PathBuf;

use crate::media::{Picture, StillError, read_still};
use crate::model::Request;

/// An attached picture; `None` when it cannot be read, and its name is shown instead.
pub type Given = Option<Picture>;

/// The pictures that an animatic shows; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached {
    /// The outer option is `None` when the request has no first frame.
    pub first: Option<Given>,
    /// The same for the last frame.
    pub last: Option<Given>,
    /// In the order in which the prompt counts them, from 1.
    pub images: Vec<Given>,
}

impl Attached {
    /// Reads the request's pictures, each from the file that `find` names for its reference, and never from the
    /// network. Also returns why a file could not be read.
    pub fn read(request: &Request, find: impl Fn(&str) -> Option<PathBuf>) -> (Self, Vec<StillError>) {
        let mut unreadable = Vec::new();
        let mut given = |reference: &String| -> Given {
            match find(reference).map(|path| read_still(&path))? {
                Ok(picture) => Some(picture),
                Err(error) => {
                    unreadable.push(error);
                    None
                }
            }
        };
        let mut frame = |reference: &String| (!reference.is_empty()).then(|| given(reference));
        let (first, last) = (frame(&request.form.first_frame), frame(&request.form.last_frame));
        let images = request.form.images.iter().map(given).collect();
        (Self { first, last, images }, unreadable)
    }
}
