//! Who makes the sandbox's films.

use std::io::Write;

use super::animatic;
use crate::media::Picture;
use crate::model::Request;

/// Why a film could not be made.
pub type FilmError = Box<dyn std::error::Error + Send + Sync>;

/// Makes the films. The same request must give the same bytes.
pub trait FilmMaker: Send + Sync + 'static {
    /// Writes the film of `request` as MP4.
    ///
    /// # Errors
    /// When it cannot be made, or `out` fails.
    fn film(&self, request: &Request, out: &mut dyn Write) -> Result<(), FilmError>;

    /// The film's last picture, if the maker can tell.
    fn last_frame(&self, request: &Request) -> Option<Picture>;
}

/// A function makes films as well, but cannot tell their last picture.
impl<F> FilmMaker for F
where
    F: Fn(&Request, &mut dyn Write) -> Result<(), FilmError> + Send + Sync + 'static,
{
    fn film(&self, request: &Request, out: &mut dyn Write) -> Result<(), FilmError> {
        self(request, out)
    }

    fn last_frame(&self, _request: &Request) -> Option<Picture> {
        None
    }
}

/// Draws the scripts as animatics.
pub(super) struct Animatics;

impl FilmMaker for Animatics {
    fn film(&self, request: &Request, mut out: &mut dyn Write) -> Result<(), FilmError> {
        animatic::render(request, &mut out)?;
        Ok(())
    }

    fn last_frame(&self, request: &Request) -> Option<Picture> {
        Some(animatic::last_frame(request))
    }
}
