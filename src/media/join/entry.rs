//! What a decoder has to know about a track: its sample entry, kept as it stands in the file.

use mp4_atom::{Audio, Decode, Esds, Pasp, Visual};

use super::error::Fault;
use super::walk::{child, children, decode_body, decoded, descendant};

/// Bytes of a sample entry's own fields before its boxes, for pictures.
const VISUAL_FIELDS: usize = 78;
/// Largest description of a sound. Its decoder follows what is nested in it.
const MAX_ESDS: usize = 4096;
/// Where a sample entry says in which file its samples lie.
const REFERENCE: std::ops::Range<usize> = 6..8;
/// How AAC is numbered in MP4, as MPEG-4 and as the three profiles of MPEG-2. (ISO/IEC 14496-1, object types.)
const AAC: [u8; 4] = [0x40, 0x66, 0x67, 0x68];

/// How pictures are encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PictureEntry {
    /// `avc1`, `avc3`, `hvc1` or `hev1`.
    pub(super) kind: [u8; 4],
    /// Pixels.
    pub(super) size: (u16, u16),
    /// The decoder's configuration record, with the parameter sets.
    pub(super) config: Vec<u8>,
    /// Width and height of one pixel to each other.
    pub(super) shape: (u32, u32),
    /// The whole entry, as a box.
    pub(super) raw: Vec<u8>,
}

/// How sound is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SoundEntry {
    /// One of [`AAC`].
    pub(super) object_type: u8,
    /// AAC's own configuration. Where it is missing, `rate` and `channels` take its place.
    pub(super) config: Vec<u8>,
    /// Samples a second, as the file says.
    pub(super) rate: u16,
    pub(super) channels: u16,
    /// The whole entry, as a box.
    pub(super) raw: Vec<u8>,
}

impl PictureEntry {
    /// Reads the entry of a `trak` box.
    pub(super) fn read(trak: &[u8]) -> Result<Self, Fault> {
        let (kind, body) = only_entry(trak)?;
        let record: &[u8; 4] = match &kind {
            b"avc1" | b"avc3" => b"avcC",
            b"hvc1" | b"hev1" => b"hvcC",
            other => {
                let name = four(*other);
                return Err(Fault::unjoinable(format!(
                    "has pictures in {name}, and only H.264 and HEVC are joined"
                )));
            }
        };
        let visual = Visual::decode(&mut &body[..])
            .map_err(|error| Fault::damaged(format!("its picture format cannot be read ({error})")))?;
        let boxes = body.get(VISUAL_FIELDS..).unwrap_or_default();
        let config = child(boxes, *record)
            .ok_or_else(|| Fault::damaged(format!("its pictures have no {} box", four(*record))))?;
        let shape = decoded::<Pasp>(boxes)?.map_or((1, 1), |pasp| reduced(pasp.h_spacing, pasp.v_spacing));
        Ok(Self {
            kind,
            size: (visual.width, visual.height),
            config: config.to_owned(),
            shape,
            raw: own_entry(trak, kind, body)?,
        })
    }
}

impl SoundEntry {
    /// Reads the entry of a `trak` box.
    pub(super) fn read(trak: &[u8]) -> Result<Self, Fault> {
        let (kind, body) = only_entry(trak)?;
        if &kind != b"mp4a" {
            let name = four(kind);
            return Err(Fault::unjoinable(format!(
                "has sound in {name}, and only AAC is joined"
            )));
        }
        let mut rest = body;
        let audio = Audio::decode(&mut rest)
            .map_err(|error| Fault::damaged(format!("its sound format cannot be read ({error})")))?;
        // QuickTime keeps it one level deeper.
        let esds = child(rest, *b"esds")
            .or_else(|| descendant(rest, &[b"wave", b"esds"]))
            .ok_or_else(|| Fault::damaged("its sound has no esds box"))?;
        if esds.len() > MAX_ESDS {
            return Err(Fault::damaged(
                "its sound has a description that is far too large",
            ));
        }
        let stream = decode_body::<Esds>(esds)?.es_desc.dec_config;
        let object_type = stream.object_type_indication;
        if !AAC.contains(&object_type) {
            return Err(Fault::unjoinable(format!(
                "has sound of the kind {object_type:#04x}, and only AAC is joined"
            )));
        }
        Ok(Self {
            object_type,
            config: stream
                .dec_specific
                .map(|specific| specific.raw)
                .unwrap_or_default(),
            rate: audio.sample_rate.integer(),
            channels: audio.channel_count,
            raw: own_entry(trak, kind, body)?,
        })
    }
}

/// The one entry that all samples of the track have. (ISO/IEC 14496-12, sample description box.)
fn only_entry(trak: &[u8]) -> Result<([u8; 4], &[u8]), Fault> {
    let stsd = descendant(trak, &[b"mdia", b"minf", b"stbl", b"stsd"])
        .ok_or_else(|| Fault::damaged("a track does not say how it is encoded"))?;
    // Version, flags and the count of entries come first.
    let mut entries = children(stsd.get(8..).unwrap_or_default());
    let first = entries.next();
    if entries.next().is_some() {
        return Err(Fault::unjoinable("changes its codec parameters on the way"));
    }
    first.ok_or_else(|| Fault::damaged("a track does not say how it is encoded"))
}

/// The entry as a box whose samples lie in the same file.
fn own_entry(trak: &[u8], kind: [u8; 4], body: &[u8]) -> Result<Vec<u8>, Fault> {
    let reference = body
        .get(REFERENCE)
        .map(|two| usize::from(two[0]) << 8 | usize::from(two[1]));
    if let Some(dref) = descendant(trak, &[b"mdia", b"minf", b"dinf", b"dref"]) {
        let mut files = children(dref.get(8..).unwrap_or_default());
        let wanted = reference.and_then(|number| files.nth(number.checked_sub(1)?));
        // The last bit of its flags says that it is this file.
        let is_here = wanted.is_none_or(|(_, body)| body.get(3).is_some_and(|flags| flags & 1 == 1));
        if !is_here {
            return Err(Fault::unjoinable(
                "keeps its pictures or its sound in another file",
            ));
        }
    }
    let mut body = body.to_owned();
    if let Some(two) = body.get_mut(REFERENCE) {
        two.copy_from_slice(&[0, 1]);
    }
    let length = u32::try_from(body.len() + 8)
        .map_err(|_| Fault::damaged("a track has a format description that is far too large"))?;
    let mut raw = length.to_be_bytes().to_vec();
    raw.extend(kind);
    raw.extend(body);
    Ok(raw)
}

/// The name of a kind of box, as text.
pub(super) fn four(name: [u8; 4]) -> String {
    name.escape_ascii().to_string()
}

fn reduced(one: u32, other: u32) -> (u32, u32) {
    if one == 0 || other == 0 {
        return (1, 1);
    }
    let (mut a, mut b) = (one, other);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    (one / a, other / a)
}
