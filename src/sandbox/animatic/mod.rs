//! Draws a request as an animatic: real, playable MP4 with a card for each shot, its caption and its tone.
//!
//! Knows no network and no books; the pictures that came with a request are given to it. The same request with the
//! same pictures gives the same bytes: pictures and tones are drawn in whole numbers. Every frame and the file's title say that it is no Seedance film.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::media::{self, FilmSource, MediaError, Picture, Sound, Yuv};
use crate::model::Request;
use crate::model::price::FPS;

mod attached;
mod bars;
mod camera;
mod canvas;
mod caption;
mod card;
mod cut;
mod dice;
mod figure;
mod framing;
mod inset;
mod layout;
mod palette;
mod place;
mod ridge;
mod scene;
mod shots;
mod text;
mod tone;
mod warp;

pub use attached::{Attached, Given};
use card::Deck;

/// What every frame and the file's title say.
pub const MARK: &str = "SANDBOX animatic, not a Seedance film";

/// A film that was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub bytes: u64,
    /// Of the whole file, in lower-case hexadecimal.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub frames: u32,
    pub duration_ms: u32,
    pub has_sound: bool,
}

/// Why no film was rendered.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox could not render its animatic: {0}")]
pub struct AnimaticError(#[from] MediaError);

/// Writes the request's film: the size of [`Request::pixels`], [`FPS`] frames a second, H.264, and AAC when the request
/// asks for sound. Takes a second or so of one core; holds one picture and the compressed film.
///
/// # Errors
/// When `out` fails.
pub fn render(
    request: &Request,
    attached: &Attached,
    out: &mut impl Write,
) -> Result<Rendered, AnimaticError> {
    let mut film = Film::new(request, attached);
    let mut hashed = Hashed {
        out,
        hash: Sha256::new(),
    };
    let written = media::encode(&mut film, &mut hashed)?;
    let (width, height) = film.size();
    let digest = hashed.hash.finalize();
    Ok(Rendered {
        bytes: written.bytes,
        sha256: hexadecimal(&digest),
        width,
        height,
        frames: written.frames,
        duration_ms: u32::from(request.form.duration.get()) * 1000,
        has_sound: request.form.generate_audio,
    })
}

/// The film's last picture, for a request with `return_last_frame`.
#[must_use]
pub fn last_frame(request: &Request, attached: &Attached) -> Picture {
    let mut film = Film::new(request, attached);
    let (width, height) = film.size();
    let mut picture = Yuv::black(width, height);
    film.draw(film.frames().saturating_sub(1), &mut picture);
    picture.picture()
}

/// The request as a film that can be drawn.
struct Film {
    size: (u32, u32),
    frames: u32,
    has_sound: bool,
    deck: Deck,
}

impl Film {
    fn new(request: &Request, attached: &Attached) -> Self {
        let size = request.pixels();
        let frames = u32::from(request.form.duration.get()) * FPS;
        Self {
            size,
            frames,
            has_sound: request.form.generate_audio,
            deck: Deck::new(request, attached, size, frames),
        }
    }
}

impl FilmSource for Film {
    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn fps(&self) -> u32 {
        FPS
    }

    fn frames(&self) -> u32 {
        self.frames
    }

    fn title(&self) -> &str {
        MARK
    }

    fn is_cut(&self, frame: u32) -> bool {
        self.deck.is_cut(frame)
    }

    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        self.deck.draw(frame, picture);
    }

    fn sound(&self) -> Option<Sound> {
        self.has_sound
            .then(|| tone::sound(&self.deck.notes(), self.frames))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Hashes what passes through.
struct Hashed<'out, W> {
    out: &'out mut W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
