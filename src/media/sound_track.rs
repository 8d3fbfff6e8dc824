//! Decodes the sound of a video block by block: AAC without another program, everything else with an `ffmpeg` on PATH.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use re_mp4::{Sample, StsdBoxContent, TrakBox};
use rusty_aac::{AacDecoder, AudioSpecificConfig, sample_rate_for_index};

use super::boxes;
use super::cancel::Cancel;
use super::edits;
use super::error::{MediaError, VideoProblem};
use super::ffmpeg::{Ffmpeg, command};
use super::guard::{Worker, guarded};
use super::inspect::{codec, header, track_of};

/// The most bytes of one compressed block. AAC has at most 768 a channel (ISO/IEC 14496-3).
const MAX_BLOCK_BYTES: u64 = 64 << 10;
/// What is asked of ffmpeg: one channel stays one, since making two of it changes its level.
const FFMPEG_SOUND: &str =
    "aresample=async=1:first_pts=0,aformat=sample_rates=48000:channel_layouts=mono|stereo";
/// Bytes of a block that ffmpeg writes.
const FFMPEG_BYTES: usize = 38_400;
/// The mark of the AU format, which says how many channels there are, and its header without remarks.
const AU_MARK: &[u8; 4] = b".snd";
const AU_HEADER: usize = 24;

/// Some decoded sound.
pub(super) struct Block {
    /// Samples a second of each channel.
    pub(super) rate: u32,
    pub(super) channels: u16,
    /// One of each channel after another, full scale is 1.
    pub(super) samples: Vec<f32>,
}

/// The first sound track of a file.
pub(super) struct SoundTrack {
    path: PathBuf,
    source: File,
    codec: String,
    config: Option<AudioSpecificConfig>,
    samples: Vec<Sample>,
    ticks_a_second: u64,
    /// When the first sample is heard, which may be before 0.
    start: i64,
    /// How long the pictures are shown, or the sound where there are none, in milliseconds.
    pub(super) duration_ms: u64,
}

/// Decodes one block after another.
pub(super) trait Blocks {
    /// The next block; `None` after the last one.
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Block>, MediaError>;
    /// When the first block begins, in millionths of a second from the video's start; before 0 if it is hidden.
    fn start(&self) -> i64;
}

impl SoundTrack {
    /// Reads the header of the file; `None` if it has no sound.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, MediaError> {
        let owned = path.to_owned();
        guarded(path, move || Self::read(&owned))
    }

    fn read(path: &Path) -> Result<Option<Self>, MediaError> {
        let mut source = File::open(path).map_err(|source| MediaError::io(path, source))?;
        let (mp4, outline) = header(path, &mut source)?;
        let Some((trak, track)) = track_of(&mp4, *b"soun").filter(|(_, track)| !track.samples.is_empty())
        else {
            return Ok(None);
        };
        if track.timescale == 0 {
            return Err(MediaError::damaged(path, "the clock of its sound has no speed"));
        }
        let ends = track
            .samples
            .iter()
            .map(|sample| sample.offset.saturating_add(sample.size));
        let needs = ends.max().unwrap_or(0);
        if needs > outline.length {
            let has = outline.length;
            return Err(VideoProblem::Truncated { has, needs }.at(path));
        }
        let pictures = track_of(&mp4, *b"vide").map(|(trak, track)| edits::shown_ms(&mp4, trak, track));
        let own = || edits::shown_ms(&mp4, trak, track);
        Ok(Some(Self {
            path: path.to_owned(),
            codec: codec(&trak.mdia.minf.stbl.stsd.contents),
            config: config(trak),
            ticks_a_second: track.timescale,
            start: edits::start_ticks(&mp4, trak, track),
            samples: track.samples.clone(),
            duration_ms: pictures.filter(|ms| *ms > 0).unwrap_or_else(own),
            source,
        }))
    }

    /// Its blocks by the built-in decoder; an error if it is of another kind.
    pub(super) fn built_in(self) -> Result<Aac, MediaError> {
        let Some(config) = self.config else {
            let (codec, why) = (self.codec, "it decodes only AAC-LC".to_owned());
            return Err(VideoProblem::UnsupportedSound { codec, why }.at(&self.path));
        };
        let owned = self.path.clone();
        let mut decoder = AacDecoder::with_config(config);
        let worker = Worker::start(&self.path, move |packet: Vec<u8>| {
            match decoder.decode(&packet, None) {
                Ok(audio) => Ok(Some(Block {
                    rate: audio.sample_rate,
                    channels: audio.channels,
                    samples: audio.samples,
                })),
                Err(rusty_aac::Error::Again | rusty_aac::Error::Eof) => Ok(None),
                Err(error) => {
                    let (codec, why) = ("aac".to_owned(), error.to_string());
                    Err(VideoProblem::UnsupportedSound { codec, why }.at(&owned))
                }
            }
        })?;
        Ok(Aac {
            track: self,
            worker,
            next: 0,
        })
    }
}

/// What the AAC decoder has to know; `None` if it cannot decode the track.
fn config(trak: &TrakBox) -> Option<AudioSpecificConfig> {
    const LOW_COMPLEXITY: u8 = 2;
    let StsdBoxContent::Mp4a(entry) = &trak.mdia.minf.stbl.stsd.contents else {
        return None;
    };
    let told = &entry.esds.as_ref()?.es_desc.dec_config.dec_specific;
    let sample_rate = sample_rate_for_index(told.freq_index);
    (told.profile == LOW_COMPLEXITY && sample_rate > 0 && told.chan_conf > 0).then_some(AudioSpecificConfig {
        object_type: told.profile,
        sample_rate,
        channels: u16::from(told.chan_conf),
    })
}

/// The blocks of an AAC track.
pub(super) struct Aac {
    track: SoundTrack,
    worker: Worker<Vec<u8>, Option<Block>>,
    next: usize,
}

impl Blocks for Aac {
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Block>, MediaError> {
        let path = &self.track.path;
        while let Some(sample) = self.track.samples.get(self.next) {
            if cancel.is_cancelled() {
                return Err(VideoProblem::Cancelled.at(path));
            }
            if sample.size > MAX_BLOCK_BYTES {
                return Err(MediaError::damaged(path, "a block of sound is far too large"));
            }
            self.next += 1;
            let packet = boxes::read_at(&mut self.track.source, sample.offset, sample.size)
                .map_err(|source| MediaError::io(path, source))?;
            if let Some(block) = self.worker.ask(path, packet)? {
                return Ok(Some(block));
            }
        }
        Ok(None)
    }

    fn start(&self) -> i64 {
        let exact = i128::from(self.track.start) * 1_000_000 / i128::from(self.track.ticks_a_second);
        i64::try_from(exact).unwrap_or(0)
    }
}

/// The blocks that an `ffmpeg` decodes. It begins at the video's start, with silence where there is no sound yet.
pub(super) struct Foreign {
    path: PathBuf,
    ffmpeg: Ffmpeg,
    /// Samples a second and channels, once it has written them.
    format: Option<(u32, u16)>,
    /// The beginning of a sample of all channels whose rest comes next.
    rest: Vec<u8>,
}

impl Foreign {
    /// Starts ffmpeg; without one, `refusal` is the error.
    pub(super) fn start(path: &Path, program: &str, refusal: MediaError) -> Result<Self, MediaError> {
        let mut command = command(program, path, None);
        command.args([
            "-map",
            "0:a:0",
            "-af",
            FFMPEG_SOUND,
            "-c:a",
            "pcm_f32be",
            "-f",
            "au",
            "-",
        ]);
        let ffmpeg = Ffmpeg::start(&mut command, FFMPEG_BYTES).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => refusal,
            _ => MediaError::io(path, error),
        })?;
        Ok(Self {
            path: path.to_owned(),
            ffmpeg,
            format: None,
            rest: Vec::new(),
        })
    }
}

/// The samples a second, the channels, and where the sound begins, by the header of an AU file.
fn au_header(bytes: &[u8]) -> Option<(u32, u16, usize)> {
    let head = bytes.get(..AU_HEADER).filter(|head| head.starts_with(AU_MARK))?;
    let word = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let channels = u16::try_from(word(20)?).ok().filter(|channels| *channels > 0)?;
    Some((word(16)?, channels, usize::try_from(word(4)?).ok()?))
}

impl Blocks for Foreign {
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Block>, MediaError> {
        let Some(piece) = self.ffmpeg.next(&self.path, cancel)? else {
            if self.format.is_some() {
                return Ok(None);
            }
            return Err(self.ffmpeg.ended(&self.path, "it found no sound"));
        };
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(&piece);
        let (rate, channels) = if let Some(format) = self.format {
            format
        } else {
            let header = au_header(&bytes);
            let (rate, channels, start) =
                header.ok_or_else(|| self.ffmpeg.ended(&self.path, "it wrote no sound"))?;
            bytes.drain(..start.min(bytes.len()));
            *self.format.insert((rate, channels))
        };
        let whole = bytes.len() / (4 * usize::from(channels)) * (4 * usize::from(channels));
        self.rest = bytes.split_off(whole);
        let samples = bytes.as_chunks::<4>().0.iter();
        Ok(Some(Block {
            rate,
            channels,
            samples: samples.map(|four| f32::from_be_bytes(*four)).collect(),
        }))
    }

    fn start(&self) -> i64 {
        0
    }
}
