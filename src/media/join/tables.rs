//! Writes the tables of a joined track.

use mp4_atom::{
    Co64, Ctts, CttsEntry, Encode, Stco, Stsc, StscEntry, Stss, Stsz, StszSamples, Stts, SttsEntry,
};

use super::error::Fault;
use super::layout::Layout;
use super::track::Sample;

/// A sample of the joined video.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The number of the part that it is taken from.
    pub(super) part: usize,
    /// The sample as it is in its part.
    pub(super) sample: Sample,
    /// Ticks until the next one is decoded.
    pub(super) duration: u64,
    /// Ticks from when it is decoded to when it is shown.
    pub(super) shift: i64,
}

/// Where the media data lies in the joined video.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) layout: &'a Layout,
    /// Where the media data begins.
    pub(super) at: u64,
    /// Places need more than 32 bits.
    pub(super) is_wide: bool,
}

/// A box of this kind with these contents.
pub(super) fn boxed(kind: [u8; 4], contents: &[&[u8]]) -> Result<Vec<u8>, Fault> {
    let length: usize = contents.iter().map(|content| content.len()).sum();
    let length = u32::try_from(length + 8).map_err(|_| Fault::unjoinable("makes the header too large"))?;
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend(kind);
    for content in contents {
        bytes.extend_from_slice(content);
    }
    Ok(bytes)
}

/// The bytes of one of the library's boxes.
pub(super) fn bytes_of(atom: &impl Encode) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    atom.encode(&mut bytes)
        .map_err(|error| Fault::unjoinable(format!("gives tables that cannot be written ({error})")))?;
    Ok(bytes)
}

/// The `stbl` box of a track with these samples, all of which have the format `entry`.
pub(super) fn sample_tables(rows: &[Row], entry: &[u8], base: Base<'_>) -> Result<Vec<u8>, Fault> {
    // No version, no flags, one entry.
    let format = boxed(*b"stsd", &[&[0; 4], &1_u32.to_be_bytes(), entry])?;
    let mut tables = vec![format, bytes_of(&times(rows)?)?];
    if rows.iter().any(|row| row.shift != 0) {
        tables.push(bytes_of(&shifts(rows))?);
    }
    if rows.iter().any(|row| !row.sample.is_sync) {
        tables.push(bytes_of(&syncs(rows))?);
    }
    let (runs, offsets) = chunks(rows, base);
    tables.push(bytes_of(&runs)?);
    let sizes = rows.iter().map(|row| row.sample.size).collect();
    tables.push(bytes_of(&Stsz {
        samples: StszSamples::Different { sizes },
    })?);
    tables.push(if base.is_wide {
        bytes_of(&Co64 { entries: offsets })?
    } else {
        let entries: Result<Vec<u32>, _> = offsets.into_iter().map(u32::try_from).collect();
        let entries = entries.map_err(|_| Fault::unjoinable("makes the video too large"))?;
        bytes_of(&Stco { entries })?
    });
    let tables: Vec<&[u8]> = tables.iter().map(Vec::as_slice).collect();
    boxed(*b"stbl", &tables)
}

fn times(rows: &[Row]) -> Result<Stts, Fault> {
    let mut entries: Vec<SttsEntry> = Vec::new();
    for row in rows {
        let delta = u32::try_from(row.duration)
            .map_err(|_| Fault::unjoinable("has a clock too fast for what it is joined with"))?;
        match entries.last_mut() {
            Some(run) if run.sample_delta == delta => run.sample_count += 1,
            _ => entries.push(SttsEntry {
                sample_count: 1,
                sample_delta: delta,
            }),
        }
    }
    Ok(Stts { entries })
}

fn shifts(rows: &[Row]) -> Ctts {
    let mut entries: Vec<CttsEntry> = Vec::new();
    for row in rows {
        match entries.last_mut() {
            Some(run) if run.sample_offset == row.shift => run.sample_count += 1,
            _ => entries.push(CttsEntry {
                sample_count: 1,
                sample_offset: row.shift,
            }),
        }
    }
    Ctts { entries }
}

fn syncs(rows: &[Row]) -> Stss {
    let numbered = (1_u32..).zip(rows);
    let entries = numbered
        .filter(|(_, row)| row.sample.is_sync)
        .map(|(number, _)| number);
    Stss {
        entries: entries.collect(),
    }
}

/// Chunks as the parts have them, split where something in between is not copied.
fn chunks(rows: &[Row], base: Base<'_>) -> (Stsc, Vec<u64>) {
    let (mut counts, mut offsets): (Vec<u32>, Vec<u64>) = (Vec::new(), Vec::new());
    let mut last: Option<(usize, u32, u64)> = None;
    for row in rows {
        let place = base.layout.place(row.part, row.sample.offset);
        match (last, counts.last_mut()) {
            (Some((part, chunk, end)), Some(count))
                if (part, chunk, end) == (row.part, row.sample.chunk, place) =>
            {
                *count += 1;
            }
            _ => {
                counts.push(1);
                offsets.push(base.at + place);
            }
        }
        last = Some((row.part, row.sample.chunk, place + u64::from(row.sample.size)));
    }
    let mut entries: Vec<StscEntry> = Vec::new();
    for (chunk, count) in (1_u32..).zip(counts) {
        if entries.last().is_none_or(|run| run.samples_per_chunk != count) {
            entries.push(StscEntry {
                first_chunk: chunk,
                samples_per_chunk: count,
                sample_description_index: 1,
            });
        }
    }
    (Stsc { entries }, offsets)
}
