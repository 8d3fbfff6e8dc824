//! Draws a request as an animatic: a playable MP4 with a card for each shot, its caption and its tone.
//!
//! The caller passes in the attached pictures; this module uses neither network nor database. The same request
//! with the same pictures gives the same bytes on every machine, because pictures and tones are drawn in whole numbers.
//! Every frame and the file's title say that it is not a Seedance video.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::media::{self, MediaError, Picture, Sound, VideoSource, Yuv};
use crate::model::Request;
use crate::model::price::FPS;
use crate::model::text::hex;

mod attached_pictures;
mod camera_path;
mod canvas;
mod caption;
mod card_frame;
mod data_words;
mod deck;
mod figure;
mod framing;
mod layout;
mod lettering;
mod palette;
mod picture_effects;
mod picture_insets;
mod pixels;
mod random;
mod scene;
mod setting;
mod shot_cards;
mod skyline;
mod sound;
mod transitions;

pub use attached_pictures::{Attached, Given};
pub use framing::{Framing, framing};

use deck::Deck;

/// What every frame and the file's title say.
pub const MARK: &str = "SANDBOX animatic, not a Seedance film";

/// A rendered animatic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub bytes: u64,
    /// The hash of the whole file in lower-case hexadecimal digits.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub frames: u32,
    pub duration_ms: u32,
    pub has_sound: bool,
}

/// Why no animatic was rendered.
#[derive(Debug, thiserror::Error)]
#[error("the animatic could not be rendered: {0}")]
pub struct AnimaticError(#[from] MediaError);

/// Writes the request's animatic: the size of [`Request::pixels`], [`FPS`] frames a second, H.264, and AAC when the request asks
/// for sound. It takes about a second of one core and keeps one picture and the compressed video in memory.
pub fn render(
    request: &Request,
    attached: &Attached,
    out: &mut impl Write,
) -> Result<Rendered, AnimaticError> {
    write(&mut Animatic::new(request, attached), request, out)
}

/// As [`render`], with some rows of the pictures a little lighter, which no eye sees; `light` decides which.
pub fn render_lit(
    request: &Request,
    attached: &Attached,
    light: u64,
    out: &mut impl Write,
) -> Result<Rendered, AnimaticError> {
    let mut animatic = Animatic {
        light: Some(light),
        ..Animatic::new(request, attached)
    };
    write(&mut animatic, request, out)
}

fn write(
    animatic: &mut Animatic,
    request: &Request,
    out: &mut impl Write,
) -> Result<Rendered, AnimaticError> {
    let mut hashed = Hashed {
        out,
        hash: Sha256::new(),
    };
    let written = media::encode(animatic, &mut hashed)?;
    let (width, height) = animatic.size();
    let digest = hashed.hash.finalize();
    Ok(Rendered {
        bytes: written.bytes,
        sha256: hex(&digest),
        width,
        height,
        frames: written.frames,
        duration_ms: u32::from(request.form.duration.get()) * 1000,
        has_sound: request.form.generate_audio,
    })
}

/// The animatic's last frame, for a request with `return_last_frame`.
pub fn last_frame(request: &Request, attached: &Attached) -> Picture {
    let mut animatic = Animatic::new(request, attached);
    let (width, height) = animatic.size();
    let mut picture = Yuv::black(width, height);
    animatic.draw(animatic.frames().saturating_sub(1), &mut picture);
    picture.picture()
}

/// The request as a video that can be drawn.
struct Animatic {
    size: (u32, u32),
    frames: u32,
    has_sound: bool,
    deck: Deck,
    /// Which rows are lighter.
    light: Option<u64>,
}

impl Animatic {
    fn new(request: &Request, attached: &Attached) -> Self {
        let size = request.pixels();
        let frames = u32::from(request.form.duration.get()) * FPS;
        Self {
            size,
            frames,
            has_sound: request.form.generate_audio,
            deck: Deck::new(request, attached, size, frames),
            light: None,
        }
    }
}

impl VideoSource for Animatic {
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
        if let Some(light) = self.light {
            lighten(picture, light);
        }
    }

    fn sound(&self) -> Option<Sound> {
        self.has_sound
            .then(|| sound::sound(&self.deck.notes(), self.frames))
    }
}

/// Makes the rows lighter whose bits are set in `light`, the first one again for the 65th row.
fn lighten(picture: &mut Yuv, light: u64) {
    for (at, row) in picture.y.chunks_mut(picture.width.max(1) as usize).enumerate() {
        if light >> (at % 64) & 1 == 1 {
            for luma in row {
                *luma = luma.saturating_add(LIGHTER);
            }
        }
    }
}

/// How much lighter these rows are, in steps of luma.
const LIGHTER: u8 = 2;

/// Hashes what is written through it.
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
