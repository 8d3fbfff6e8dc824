//! Who makes the sandbox's films.

use std::io::Write;

use crate::media::{FilmSource, Picture, Sound, Yuv, encode};
use crate::model::Request;
use crate::model::price::{FPS, pixels};

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

/// Films of the right size and length in which nothing is seen or heard.
pub(super) struct Blank;

impl FilmMaker for Blank {
    fn film(&self, request: &Request, mut out: &mut dyn Write) -> Result<(), FilmError> {
        encode(&mut BlankFilm(request.clone()), &mut out)?;
        Ok(())
    }

    fn last_frame(&self, request: &Request) -> Option<Picture> {
        let (width, height) = pixels(request.resolution, request.aspect_ratio);
        Some(Yuv::black(width, height).picture())
    }
}

struct BlankFilm(Request);

impl FilmSource for BlankFilm {
    fn size(&self) -> (u32, u32) {
        pixels(self.0.resolution, self.0.aspect_ratio)
    }

    fn fps(&self) -> u32 {
        FPS
    }

    fn frames(&self) -> u32 {
        FPS * u32::from(self.0.duration.get())
    }

    fn title(&self) -> &'static str {
        "SANDBOX"
    }

    fn is_cut(&self, _frame: u32) -> bool {
        false
    }

    fn draw(&mut self, _frame: u32, _picture: &mut Yuv) {}

    fn sound(&self) -> Option<Sound> {
        None
    }
}
