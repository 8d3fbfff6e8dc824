//! Reads what has to be known of a video that is to be joined.

use std::fs::File;
use std::path::{Path, PathBuf};

use mp4_atom::{Hdlr, Matrix, Mdhd, Mvhd, Tkhd};

use super::super::boxes;
use super::super::error::{MediaError, VideoProblem};
use super::entry::{PictureEntry, SoundEntry};
use super::error::Fault;
use super::track::Track;
use super::walk::{child, children, descendant, needed};

/// Largest title and the like that is carried over.
const MAX_ABOUT: usize = 1 << 20;

/// A video that can be joined.
#[derive(Debug, Clone)]
pub(in crate::media) struct Part {
    pub(super) path: PathBuf,
    /// Bytes of the file.
    pub(super) length: u64,
    pub(in crate::media) pictures: Track,
    pub(super) picture_entry: PictureEntry,
    pub(super) head: Head,
    pub(super) sound: Option<(Track, SoundEntry)>,
    /// Title and the like, as the file has them.
    pub(super) about: Option<Vec<u8>>,
    pub(super) tracks_left_out: usize,
}

/// How the pictures are put on the screen, and the language of the sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) matrix: Matrix,
    /// In pixels, with the shape of a pixel applied.
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) language: String,
}

impl Part {
    /// Reads the video at `path`. To be called under [`super::super::guard::guarded`].
    pub(in crate::media) fn open(path: &Path) -> Result<Self, Fault> {
        let mut file = File::open(path).map_err(|source| MediaError::io(path, source))?;
        let outline = boxes::check(path, &mut file)?;
        if outline.tops.iter().any(|top| &top.name == b"moof") {
            return Err(fragmented());
        }
        let Some(top) = outline.tops.iter().find(|top| &top.name == b"moov") else {
            return Err(Fault::damaged("it has no movie header"));
        };
        let moov = boxes::read_at(&mut file, top.start, top.end - top.start)
            .map_err(|source| MediaError::io(path, source))?;
        if child(&moov, *b"mvex").is_some() {
            return Err(fragmented());
        }
        let part = Self::read(path, outline.length, &moov)?;
        part.check_whole()?;
        Ok(part)
    }

    fn read(path: &Path, length: u64, moov: &[u8]) -> Result<Self, Fault> {
        let movie: Mvhd = needed(moov)?;
        let traks: Vec<&[u8]> = children(moov)
            .filter(|(name, _)| name == b"trak")
            .map(|(_, body)| body)
            .collect();
        let (trak, pictures) =
            first_of(&traks, *b"vide", movie.timescale)?.ok_or_else(|| VideoProblem::NoVideo.at(path))?;
        let sounding = first_of(&traks, *b"soun", movie.timescale)?;
        let mut used = 1;
        let (mut sound, mut language) = (None, "und".to_owned());
        if let Some((trak, track)) = sounding {
            used += 1;
            language = clock(trak)?.language;
            sound = Some((track, SoundEntry::read(trak)?));
        }
        let head: Tkhd = needed(trak)?;
        Ok(Self {
            path: path.to_owned(),
            length,
            picture_entry: PictureEntry::read(trak)?,
            head: Head {
                matrix: head.matrix,
                width: head.width.integer(),
                height: head.height.integer(),
                language,
            },
            pictures,
            sound,
            about: child(moov, *b"udta")
                .filter(|about| about.len() <= MAX_ABOUT)
                .map(<[u8]>::to_vec),
            tracks_left_out: traks.len() - used,
        })
    }

    /// Checks that every picture and sound lies within the file.
    fn check_whole(&self) -> Result<(), Fault> {
        let sounds = self.sound.iter().flat_map(|(track, _)| &track.samples);
        let samples = self.pictures.samples.iter().chain(sounds);
        let needs = samples
            .map(|sample| sample.offset.saturating_add(u64::from(sample.size)))
            .max();
        match needs {
            Some(needs) if needs > self.length => {
                let has = self.length;
                Err(Fault::Media(
                    VideoProblem::Truncated { has, needs }.at(&self.path),
                ))
            }
            _ => Ok(()),
        }
    }
}

fn fragmented() -> Fault {
    Fault::unjoinable("is fragmented")
}

/// The first track with this handler that holds something.
fn first_of<'a>(
    traks: &[&'a [u8]],
    handler: [u8; 4],
    movie_scale: u32,
) -> Result<Option<(&'a [u8], Track)>, Fault> {
    for trak in traks {
        let mdia = child(trak, *b"mdia").ok_or_else(|| Fault::damaged("a track has no media"))?;
        let handled: [u8; 4] = needed::<Hdlr>(mdia)?.handler.into();
        if handled != handler {
            continue;
        }
        let track = Track::read(trak, clock(trak)?.timescale, movie_scale)?;
        if !track.samples.is_empty() {
            return Ok(Some((trak, track)));
        }
    }
    Ok(None)
}

fn clock(trak: &[u8]) -> Result<Mdhd, Fault> {
    let mdia = descendant(trak, &[b"mdia"]).unwrap_or_default();
    needed(mdia)
}
