//! Checks the boxes of an MP4 before the parser, which trusts them: is it an MP4, is it whole, are its tables of a sane size.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::error::{MediaError, VideoProblem};

/// The largest movie header that is read; that of a 15 s video has about 20 kB.
const MAX_HEADER_BYTES: u64 = 64 << 20;
/// The most samples that a file may claim in all of its tables; a 15 s video has about 1,100.
const MAX_SAMPLES: u64 = 1 << 18;
/// The most reads and seeks for parsing any header.
const MAX_READS: u64 = 4 << 20;
/// The most for each byte of a header, since a parser that does not go in circles reads each once; and those for
/// what is around the header. A 15 s video takes about 10,000 for 20 kB.
const READS_A_BYTE: u64 = 4;
const READS_AROUND: u64 = 10_000;
const MAX_DEPTH: u32 = 8;
/// The most boxes at the top of a file; a video has a handful, one in fragments some thousands.
const MAX_TOPS: usize = 1 << 16;
/// The most boxes of a header that are kept from the parser; a video has one or two.
const MAX_UNREAD: usize = 1 << 12;

/// A box's name and the place of its content, counted from the start of what is read.
pub(super) struct Found {
    pub(super) name: [u8; 4],
    pub(super) start: u64,
    pub(super) end: u64,
}

/// A box at the top of a file: where it stands, counted from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) name: [u8; 4],
    /// Where its header begins.
    pub(super) at: u64,
    /// Where its content begins.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Its header gives no length: it goes on to the end of the file.
    pub(super) is_open: bool,
}

/// What is at the top level of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Outline {
    /// Bytes of the file.
    pub(super) length: u64,
    /// One behind the other.
    pub(super) tops: Vec<Top>,
    /// Where its boxes end; what follows is not part of the video.
    pub(super) boxes_end: u64,
    /// Bytes of its headers.
    headers: u64,
    /// Where the names of boxes are that the parser must not read.
    unread: Vec<u64>,
    /// How many samples its tables claim.
    samples: u64,
    /// It has a movie header (`moov`).
    has_movie: bool,
    /// It describes pictures as HEIC and AVIF do (`meta`).
    has_items: bool,
}

/// Checks a video's outline.
pub(super) fn check(path: &Path, source: &mut (impl Read + Seek)) -> Result<Outline, MediaError> {
    let outline = outline(path, source)?;
    if outline.has_movie {
        Ok(outline)
    } else {
        Err(VideoProblem::NoHeader.at(path))
    }
}

/// Checks the outline of a HEIC or AVIF picture, which rushes cannot decode.
pub(super) fn check_picture(path: &Path, source: &mut (impl Read + Seek)) -> Result<(), MediaError> {
    let outline = outline(path, source)?;
    if outline.has_items || outline.has_movie {
        Ok(())
    } else {
        Err(MediaError::damaged(path, "there is no picture in it"))
    }
}

fn outline(path: &Path, source: &mut (impl Read + Seek)) -> Result<Outline, MediaError> {
    let io = |source| MediaError::io(path, source);
    let length = source.seek(SeekFrom::End(0)).map_err(io)?;
    let head = read_at(source, 0, length.min(64)).map_err(io)?;
    if head.is_empty() {
        return Err(VideoProblem::Empty.at(path));
    }
    if head.get(4..8) != Some(b"ftyp") {
        return Err(VideoProblem::NotAMovie(looks(&head)).at(path));
    }
    let mut outline = Outline {
        length,
        ..Outline::default()
    };
    let mut at = 0;
    while at < length {
        let header = read_at(source, at, (length - at).min(16)).map_err(io)?;
        let found = match parse(&header, at, length) {
            Some(found) if found.end <= length => found,
            // Programs and transfers leave a few bytes after a whole video.
            found if outline.has_movie && !found.as_ref().is_some_and(is_known) => return Ok(outline),
            found => {
                let needs = found.map_or(at + 8, |found| found.end);
                return Err(VideoProblem::Truncated { has: length, needs }.at(path));
            }
        };
        if matches!(&found.name, b"moov" | b"moof") {
            let size = found.end - found.start;
            if size > MAX_HEADER_BYTES {
                return Err(MediaError::damaged(path, "its header is far too large"));
            }
            let content = read_at(source, found.start, size).map_err(io)?;
            inside(&content, 0, found.start, &mut outline).map_err(|what| MediaError::damaged(path, what))?;
            outline.has_movie |= &found.name == b"moov";
            outline.headers += size;
        }
        if is_unread(found.name) {
            outline.unread.push(at + 4);
        }
        outline.has_items |= &found.name == b"meta";
        if outline.tops.len() == MAX_TOPS {
            return Err(MediaError::damaged(path, "it has far too many parts"));
        }
        outline.tops.push(Top {
            name: found.name,
            at,
            start: found.start,
            end: found.end,
            is_open: header.starts_with(&[0; 4]),
        });
        at = found.end;
        outline.boxes_end = at;
    }
    Ok(outline)
}

/// Whether a video has boxes of this name at its top level.
fn is_known(found: &Found) -> bool {
    const NAMES: [&[u8; 4]; 14] = [
        b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"meta", b"sidx", b"ssix", b"free", b"skip",
        b"wide", b"uuid", b"emsg",
    ];
    NAMES.contains(&&found.name)
}

/// Whether the parser must not read a box of this name: it allocates what these claim as their length. They hold titles,
/// pictures and events, of which nothing is needed here.
const fn is_unread(name: [u8; 4]) -> bool {
    matches!(&name, b"udta" | b"meta" | b"emsg")
}

/// Checks the boxes inside a header, as deep as they hold boxes; `base` is where `content` is in the file. Adds to the
/// outline what the parser must not read, and how many samples there are: the parser keeps them all.
fn inside(content: &[u8], depth: u32, base: u64, outline: &mut Outline) -> Result<(), String> {
    let length = content.len() as u64;
    let mut at = 0;
    while at < length {
        let rest = slice(content, at, length);
        // A box of open length is not allowed here, and sends some parsers into an endless loop.
        let Some(found) = parse(rest, at, at).filter(|found| found.end <= length) else {
            return Err("a box in its header is larger than the one around it".to_owned());
        };
        let body = slice(content, found.start, found.end);
        match &found.name {
            b"trak" | b"mdia" | b"minf" | b"stbl" | b"traf" if depth < MAX_DEPTH => {
                inside(body, depth + 1, base + found.start, outline)?;
            }
            name if is_unread(*name) && outline.unread.len() >= MAX_UNREAD => {
                return Err("its header has far too many parts".to_owned());
            }
            name if is_unread(*name) => outline.unread.push(base + at + 4),
            // version and flags, size of all samples, count of samples
            b"stsz" => outline.count_samples(body, 8)?,
            // version and flags, count of samples
            b"trun" => outline.count_samples(body, 4)?,
            _ => {}
        }
        at = found.end;
    }
    Ok(())
}

impl Outline {
    /// Adds the samples of a table whose count is at `at`.
    fn count_samples(&mut self, table: &[u8], at: usize) -> Result<(), String> {
        self.samples += u64::from(word(table, at).ok_or("a table of samples is cut short")?);
        if self.samples > MAX_SAMPLES {
            return Err(format!("it claims {} samples or more", self.samples));
        }
        Ok(())
    }
}

/// Reads the header of the box at `at`; `end` is where a box of open length would end.
pub(super) fn parse(header: &[u8], at: u64, end: u64) -> Option<Found> {
    let short = u64::from(word(header, 0)?);
    let name = header.get(4..8)?.try_into().ok()?;
    let (head, size) = match short {
        0 => (8, end.checked_sub(at)?),
        1 => (
            16,
            u64::from(word(header, 8)?) << 32 | u64::from(word(header, 12)?),
        ),
        size => (8, size),
    };
    (size >= head).then_some(())?;
    Some(Found {
        name,
        start: at + head,
        end: at.checked_add(size)?,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

pub(super) fn slice(bytes: &[u8], start: u64, end: u64) -> &[u8] {
    let range = usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
    bytes.get(range).unwrap_or_default()
}

/// At most `size` bytes from `at`.
pub(super) fn read_at(source: &mut (impl Read + Seek), at: u64, size: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(at))?;
    source.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file that fails after a number of reads, for a parser that may loop, and in which the boxes that it must not read are
/// called free space.
pub(super) struct Limited<R> {
    file: R,
    left: u64,
    /// Where the next byte is in the file.
    at: u64,
    /// In order.
    unread: Vec<u64>,
}

impl<R> Limited<R> {
    /// With as many reads as the headers of this outline need.
    pub(super) fn new(file: R, outline: &Outline) -> Self {
        let needed = outline
            .headers
            .saturating_mul(READS_A_BYTE)
            .saturating_add(READS_AROUND);
        Self {
            file,
            left: needed.min(MAX_READS),
            at: 0,
            unread: outline.unread.clone(),
        }
    }

    fn spend(&mut self) -> std::io::Result<()> {
        let spent = || std::io::Error::other("its tables form a loop");
        self.left = self.left.checked_sub(1).ok_or_else(spent)?;
        Ok(())
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.spend()?;
        let read = self.file.read(into)?;
        let (start, end) = (self.at, self.at + read as u64);
        let from = self.unread.partition_point(|name| name + 4 <= start);
        for name in self.unread.iter().skip(from).take_while(|name| **name < end) {
            for (byte, letter) in (*name..).zip(b"free") {
                let here = byte
                    .checked_sub(start)
                    .and_then(|here| usize::try_from(here).ok());
                if let Some(slot) = here.and_then(|here| into.get_mut(..read)?.get_mut(here)) {
                    *slot = *letter;
                }
            }
        }
        self.at = end;
        Ok(read)
    }
}

impl<R: Seek> Seek for Limited<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.spend()?;
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// What a file that is not an MP4 seems to be.
fn looks(head: &[u8]) -> &'static str {
    let known: [(&[u8], &str); 5] = [
        (b"\x1a\x45\xdf\xa3", "a Matroska or WebM video"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"RIFF", "a WebP picture, AVI video or WAV sound"),
        (b"%PDF", "a PDF document"),
    ];
    if let Some((_, looks)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return looks;
    }
    match head.trim_ascii_start().first() {
        Some(b'<') => "a web page or an XML response",
        Some(b'{' | b'[') => "a JSON response",
        _ if head
            .iter()
            .all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) =>
        {
            "plain text"
        }
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_video_is_called_by_its_name() {
        for (head, expected) in [
            ("<!DOCTYPE html><html>", "a web page or an XML response"),
            ("\n  {\"error\":\"expired\"}", "a JSON response"),
            ("404 page not found", "plain text"),
            ("\u{1}\u{2}\u{3}\u{4}", "something else"),
        ] {
            assert_eq!(looks(head.as_bytes()), expected);
        }
    }

    #[test]
    fn an_endless_reader_is_stopped() {
        for (headers, most) in [(0, READS_AROUND), (1000, 14_000), (u64::MAX, MAX_READS)] {
            let outline = Outline {
                headers,
                ..Outline::default()
            };
            let mut circling = Limited::new(std::io::Cursor::new([0; 4]), &outline);
            let seeks =
                std::iter::repeat_with(|| circling.seek(SeekFrom::Start(0))).take_while(Result::is_ok);
            assert_eq!(seeks.count() as u64, most);
        }
    }

    /// However the parser reads, it does not see the name of such a box.
    #[test]
    fn what_the_parser_must_not_read_is_called_free() {
        let bytes = b"....udta....meta..".to_vec();
        for piece in 1..bytes.len() {
            let outline = Outline {
                unread: vec![4, 12],
                ..Outline::default()
            };
            let mut file = Limited::new(std::io::Cursor::new(bytes.clone()), &outline);
            let mut read = Vec::new();
            let mut some = vec![0; piece];
            while let Ok(n @ 1..) = file.read(&mut some) {
                read.extend_from_slice(&some[..n]);
            }
            assert_eq!(read, b"....free....free..", "in pieces of {piece}");
        }
        let mut found = Outline::default();
        let trak = b"\0\0\0\x18trak\0\0\0\x08udta\0\0\0\x08meta";
        inside(trak, 0, 100, &mut found).unwrap();
        assert_eq!(found.unread, [112, 120]);
    }

    #[test]
    fn a_box_of_open_length_inside_the_header_is_refused() {
        let inside = |content: &[u8]| inside(content, 0, 0, &mut Outline::default());
        assert!(inside(b"\0\0\0\x08free").is_ok());
        assert!(inside(b"\0\0\0\0free").is_err());
        assert!(inside(b"\0\0\0\x18trak\0\0\0\0what\0\0\0\0\0\0\0\0").is_err());
    }

    #[test]
    fn a_table_that_claims_millions_of_samples_is_not_read() {
        let claim = |counts: &[u32]| {
            let mut outline = Outline::default();
            let mut inside = |count: &u32| {
                let mut table = vec![0, 0, 0, 20];
                table.extend(b"stsz");
                table.extend([0, 0, 0, 0, 0, 0, 0, 1]);
                table.extend(count.to_be_bytes());
                inside(&table, 0, 0, &mut outline)
            };
            counts.iter().try_for_each(&mut inside)
        };
        assert!(claim(&[240, 470]).is_ok());
        assert!(claim(&[u32::MAX]).unwrap_err().contains("4294967295"));
        // The parser keeps the samples of all tables.
        assert!(claim(&[100_000; 2]).is_ok());
        assert!(claim(&[100_000; 3]).unwrap_err().contains("300000"));
    }
}
