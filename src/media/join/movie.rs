//! The joined video: its header, and the media data of its parts behind it.

use std::fs::File;

use mp4_atom::{
    Dinf, Dref, DrefEntry, Elst, ElstEntry, FixedPoint, FourCC, Ftyp, Hdlr, Matrix, Mdhd, Mvhd, Smhd, Tkhd,
    Url, Vmhd,
};

use crate::files::NewFile;

use super::super::copying::{copy_range, write};
use super::super::error::MediaError;
use super::error::{Fault, JoinError};
use super::layout::Layout;
use super::part::Part;
use super::pictures::{self, Pictures};
use super::sounds::{self, Sounds};
use super::tables::{Base, boxed, bytes_of, sample_tables};
use super::track::scaled;

/// Bytes of a box's header whose length is written in 64 bits.
const WIDE_HEADER: u64 = 16;

/// A video made of parts, ready to be written.
pub(super) struct NewMovie {
    parts: Vec<Part>,
    pictures: Pictures,
    sounds: Option<Sounds>,
    layout: Layout,
    /// All that comes before the media data.
    header: Vec<u8>,
}

impl NewMovie {
    /// Joins the parts, which have to agree. A fault comes with the number of its part.
    pub(super) fn of(mut parts: Vec<Part>) -> Result<Self, (usize, Fault)> {
        let pictures = pictures::joined(&mut parts)?;
        let sounds = sounds::joined(&mut parts, &pictures)?;
        let sounding = sounds.iter().flat_map(|sounds| &sounds.rows);
        let layout = Layout::of(pictures.rows.iter().chain(sounding));
        let mut video = Self {
            parts,
            pictures,
            sounds,
            layout,
            header: Vec::new(),
        };
        video.header = video.header().map_err(|fault| (0, fault))?;
        Ok(video)
    }

    /// How many pictures it has.
    pub(super) fn frames(&self) -> u32 {
        u32::try_from(self.pictures.rows.len()).unwrap_or(u32::MAX)
    }

    /// Whether any sound is heard.
    pub(super) fn has_sound(&self) -> bool {
        self.sounds.is_some()
    }

    /// How long its pictures are shown.
    pub(super) fn duration_ms(&self) -> u64 {
        scaled(self.pictures.shown, self.pictures.scale, 1000)
    }

    /// File type, movie header, and the header of the media data. Where the media data begins depends on how long
    /// this is, so it is made twice.
    fn header(&self) -> Result<Vec<u8>, Fault> {
        let brand = |name: &[u8; 4]| FourCC::new(name);
        let kind = self.first()?.picture_entry.kind;
        let file_type = bytes_of(&Ftyp {
            major_brand: brand(b"isom"),
            minor_version: 512,
            compatible_brands: vec![brand(b"isom"), brand(b"iso2"), brand(&kind), brand(b"mp41")],
        })?;
        let mut base = Base {
            layout: &self.layout,
            at: 0,
            is_wide: self.layout.bytes > u64::from(u32::MAX / 2),
        };
        let length = file_type.len() + self.movie(base)?.len();
        base.at = length as u64 + WIDE_HEADER;
        let mut header = file_type;
        header.extend(self.movie(base)?);
        header.extend(1_u32.to_be_bytes());
        header.extend_from_slice(b"mdat");
        header.extend((WIDE_HEADER + self.layout.bytes).to_be_bytes());
        Ok(header)
    }

    fn first(&self) -> Result<&Part, Fault> {
        self.parts
            .first()
            .ok_or_else(|| Fault::damaged("there is nothing to join"))
    }

    /// The `moov` box.
    fn movie(&self, base: Base<'_>) -> Result<Vec<u8>, Fault> {
        let sounding = self.sounds.as_ref().map(|sounds| self.heard_until(sounds));
        let mut boxes = vec![bytes_of(&Mvhd {
            timescale: clock(self.pictures.scale),
            duration: self.pictures.shown.max(sounding.unwrap_or(0)),
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: 3,
            ..Mvhd::default()
        })?];
        boxes.push(self.picture_track(base)?);
        if let (Some(sounds), Some((_, entry))) = (&self.sounds, &self.first()?.sound) {
            boxes.push(self.sound_track(sounds, &entry.raw, base)?);
        }
        if let Some(about) = self.common_about() {
            boxes.push(boxed(*b"udta", &[about])?);
        }
        let boxes: Vec<&[u8]> = boxes.iter().map(Vec::as_slice).collect();
        boxed(*b"moov", &boxes)
    }

    fn picture_track(&self, base: Base<'_>) -> Result<Vec<u8>, Fault> {
        let (pictures, first) = (&self.pictures, self.first()?);
        let head = bytes_of(&Tkhd {
            duration: pictures.shown,
            matrix: first.head.matrix.clone(),
            width: first.head.width.into(),
            height: first.head.height.into(),
            ..track_head(1)
        })?;
        let edits: Vec<ElstEntry> = pictures
            .edits
            .iter()
            .map(|(at, length)| edit(*length, Some(*at)))
            .collect();
        let needs_edits = pictures.edits != [(0, pictures.stored())];
        let edits = if needs_edits {
            edit_list(edits)?
        } else {
            Vec::new()
        };
        let tables = sample_tables(&pictures.rows, &first.picture_entry.raw, base)?;
        let media = media(
            &bytes_of(&media_head(pictures.scale, pictures.stored(), "und"))?,
            &handler(*b"vide", "VideoHandler"),
            &bytes_of(&Vmhd::default())?,
            &tables,
        )?;
        boxed(*b"trak", &[&head, &edits, &media])
    }

    fn sound_track(&self, sounds: &Sounds, entry: &[u8], base: Base<'_>) -> Result<Vec<u8>, Fault> {
        let head = bytes_of(&Tkhd {
            duration: self.heard_until(sounds),
            volume: 1.into(),
            matrix: Matrix::default(),
            ..track_head(2)
        })?;
        let ticks = |sound: u64| scaled(sound, sounds.scale, self.pictures.scale);
        let mut edits = Vec::new();
        if sounds.silence > 0 {
            edits.push(edit(ticks(sounds.silence), None));
        }
        let end = ticks(sounds.silence + sounds.heard);
        edits.push(edit(end - ticks(sounds.silence), Some(sounds.hidden)));
        let needs_edits = sounds.silence > 0 || sounds.hidden > 0 || sounds.heard != sounds.stored();
        let edits = if needs_edits {
            edit_list(edits)?
        } else {
            Vec::new()
        };
        let tables = sample_tables(&sounds.rows, entry, base)?;
        let media = media(
            &bytes_of(&media_head(
                sounds.scale,
                sounds.stored(),
                &self.first()?.head.language,
            ))?,
            &handler(*b"soun", "SoundHandler"),
            &bytes_of(&Smhd::default())?,
            &tables,
        )?;
        boxed(*b"trak", &[&head, &edits, &media])
    }

    /// When the sound is over, in ticks of the video.
    fn heard_until(&self, sounds: &Sounds) -> u64 {
        scaled(sounds.silence + sounds.heard, sounds.scale, self.pictures.scale)
    }

    /// Title and the like, where all parts have the same.
    fn common_about(&self) -> Option<&[u8]> {
        let about = self.parts.first()?.about.as_deref()?;
        let is_common = self.parts.iter().all(|part| part.about.as_deref() == Some(about));
        is_common.then_some(about)
    }

    /// Writes the video, copying the media data piece by piece.
    ///
    /// # Errors
    /// [`JoinError`]: a part that cannot be read any more or has changed, or a full disk.
    pub(super) fn write(&self, new: &mut NewFile) -> Result<(), JoinError> {
        write(new, &self.header)?;
        // Spans of one part stand together.
        for spans in self.layout.spans.chunk_by(|one, other| one.part == other.part) {
            let Some(part) = spans.first().and_then(|span| self.parts.get(span.part)) else {
                continue;
            };
            let file = reopened(part)?;
            for span in spans {
                copy_range(&part.path, &file, span.start..span.end, new)?;
            }
        }
        Ok(())
    }
}

fn reopened(part: &Part) -> Result<File, MediaError> {
    let io = |source| MediaError::io(&part.path, source);
    let file = File::open(&part.path).map_err(io)?;
    if file.metadata().map_err(io)?.len() == part.length {
        Ok(file)
    } else {
        Err(MediaError::damaged(&part.path, "it changed while it was joined"))
    }
}

/// A clock's speed, which was bounded when it was read.
fn clock(scale: u64) -> u32 {
    u32::try_from(scale).unwrap_or(u32::MAX)
}

fn track_head(track_id: u32) -> Tkhd {
    Tkhd {
        track_id,
        enabled: true,
        in_movie: true,
        ..Tkhd::default()
    }
}

fn media_head(scale: u64, duration: u64, language: &str) -> Mdhd {
    Mdhd {
        timescale: clock(scale),
        duration,
        language: language.to_owned(),
        ..Mdhd::default()
    }
}

fn handler(kind: [u8; 4], name: &str) -> Hdlr {
    Hdlr {
        handler: FourCC::from(kind),
        name: name.to_owned(),
    }
}

fn edit(length: u64, start: Option<u64>) -> ElstEntry {
    ElstEntry {
        segment_duration: length,
        media_time: start,
        media_rate: FixedPoint::from(1),
    }
}

fn edit_list(entries: Vec<ElstEntry>) -> Result<Vec<u8>, Fault> {
    boxed(*b"edts", &[&bytes_of(&Elst { entries })?])
}

/// The `mdia` box, whose samples lie in this file.
fn media(head: &[u8], handler: &Hdlr, kind: &[u8], tables: &[u8]) -> Result<Vec<u8>, Fault> {
    let here = bytes_of(&Dinf {
        dref: Dref {
            entries: vec![DrefEntry::Url(Url::default())],
        },
    })?;
    let inner = boxed(*b"minf", &[kind, &here, tables])?;
    boxed(*b"mdia", &[head, &bytes_of(handler)?, &inner])
}
