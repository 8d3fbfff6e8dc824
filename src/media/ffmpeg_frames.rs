//! Decodes pictures with an `ffmpeg` on PATH: HEVC, 10 bits, interlaced, and whatever else it knows.
//!
//! It gives as many pictures a second as the video has on average, so that the time of a picture is known by its number.

use std::io;
use std::path::{Path, PathBuf};

use super::cancel::Cancel;
use super::error::{MediaError, VideoProblem};
use super::ffmpeg::{Ffmpeg, command};
use super::inspect::MovieInfo;
use super::picture::{Picture, fit};
use super::video::{Decode, Fit, Shown};

/// Thousandths of a picture a second that are asked for at most.
const MAX_RATE: u64 = 240_000;
/// Up to this many pictures are skipped by reading; beyond that, ffmpeg is started again.
const MAX_READ_OVER: u64 = 48;
/// How many pictures earlier to try where the last picture should be and is not.
const TRIES: u64 = 3;

pub(super) struct FfmpegFrames {
    path: PathBuf,
    codec: String,
    /// Of the pictures that it writes.
    size: (u32, u32),
    /// Thousandths of a picture a second.
    rate: u64,
    /// How many pictures there are.
    count: u64,
    program: String,
    /// Why the built-in decoder gave up.
    refusal: Option<MediaError>,
    running: Option<Ffmpeg>,
    /// The picture that it writes next.
    next: u64,
    /// The picture that is shown next.
    wanted: u64,
    /// It has written a picture.
    has_written: bool,
    /// No picture was shown since the last seek.
    is_sought: bool,
}

impl FfmpegFrames {
    pub(super) fn new(
        path: &Path,
        info: &MovieInfo,
        room: Fit,
        program: &str,
        refusal: Option<MediaError>,
    ) -> Self {
        let own = (info.width, info.height);
        let rate = thousandths(info.fps).clamp(1, MAX_RATE);
        let count = (u128::from(info.duration_ms) * u128::from(rate) + 500_000) / 1_000_000;
        Self {
            path: path.to_owned(),
            codec: info.video_codec.clone(),
            size: room.map_or(own, |room| fit(own, room)),
            rate,
            count: u64::try_from(count)
                .unwrap_or(u64::MAX)
                .clamp(1, u64::from(info.frames.max(1)) * 100),
            program: program.to_owned(),
            refusal,
            running: None,
            next: 0,
            wanted: 0,
            has_written: false,
            is_sought: false,
        }
    }

    fn ms(&self, number: u64) -> u64 {
        number.saturating_mul(1_000_000) / self.rate
    }

    /// The picture that is shown at `ms`.
    fn number(&self, ms: u64) -> u64 {
        let before = (u128::from(ms) + 1) * u128::from(self.rate) - 1;
        u64::try_from(before / 1_000_000)
            .unwrap_or(u64::MAX)
            .min(self.count - 1)
    }

    fn start(&mut self) -> Result<Ffmpeg, MediaError> {
        // A little before the picture, so that no rounding passes it; there is none in between.
        let quarter = 250_000_000 / self.rate;
        let from = (u128::from(self.next) * 1_000_000_000 / u128::from(self.rate))
            .saturating_sub(u128::from(quarter));
        let from = (self.next > 0).then(|| u64::try_from(from).unwrap_or(u64::MAX));
        let ((width, height), rate) = (self.size, self.rate);
        let filters = format!(
            "yadif=deint=interlaced,fps=fps={rate}/1000:start_time=0,scale={width}:{height}:flags=area"
        );
        let mut command = command(&self.program, &self.path, from);
        command.args([
            "-map", "0:v:0", "-vf", &filters, "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ]);
        Ffmpeg::start(&mut command, self.bytes()).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.refused(),
            _ => MediaError::io(&self.path, error),
        })
    }

    /// The video has only this many pictures; the last of them is shown next.
    fn end_at(&mut self, count: u64) {
        self.count = count;
        (self.next, self.wanted) = (count - 1, count - 1);
    }

    fn bytes(&self) -> usize {
        self.size.0 as usize * self.size.1 as usize * 3
    }

    /// The error where there is no ffmpeg.
    fn refused(&mut self) -> MediaError {
        self.refusal.take().unwrap_or_else(|| {
            let why =
                "it decodes only H.264 of 8 bits that is not interlaced, and there is no ffmpeg on PATH";
            VideoProblem::Unsupported {
                codec: self.codec.clone(),
                why: why.to_owned(),
            }
            .at(&self.path)
        })
    }

    /// The next picture that it writes; `None` at its end.
    fn read(&mut self, cancel: &Cancel) -> Result<Option<Picture>, MediaError> {
        let mut running = if let Some(running) = self.running.take() {
            running
        } else {
            self.has_written = false;
            self.start()?
        };
        let piece = match running.next(&self.path, cancel) {
            Err(error) if error.is_cancelled() => {
                self.running = Some(running);
                return Err(error);
            }
            piece => piece?,
        };
        match piece.filter(|rgb| rgb.len() == self.bytes()) {
            Some(rgb) => {
                self.running = Some(running);
                self.has_written = true;
                self.next += 1;
                let (width, height) = self.size;
                Ok(Some(Picture { width, height, rgb }))
            }
            None if self.has_written => Ok(None),
            None => Err(running.ended(&self.path, "it found no picture there")),
        }
    }
}

impl Decode for FfmpegFrames {
    fn seek(&mut self, ms: u64) {
        self.wanted = self.number(ms);
        self.is_sought = true;
        let is_ahead = self.wanted >= self.next && self.wanted - self.next <= MAX_READ_OVER;
        if self.running.is_none() || !is_ahead {
            self.running = None;
            self.next = self.wanted;
        }
    }

    fn next(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        let mut tries = TRIES;
        while self.next < self.count {
            let number = self.next;
            let read = self.read(cancel);
            let is_near_the_end = number > 0 && number + TRIES >= self.count;
            match read {
                Ok(Some(picture)) if number >= self.wanted => {
                    self.wanted = number + 1;
                    self.is_sought = false;
                    return Ok(Some((self.ms(number), picture)));
                }
                Ok(Some(_)) => {}
                // The header may speak of more pictures than there are: then the last one was asked for.
                Ok(None) if self.is_sought && tries > 0 && number > 0 => {
                    tries -= 1;
                    self.end_at(number);
                }
                Err(error) if is_near_the_end && self.is_sought && tries > 0 && !error.is_cancelled() => {
                    tries -= 1;
                    self.end_at(number);
                }
                Ok(None) => self.next = self.count,
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn lead_in(&self, ms: u64) -> u64 {
        self.ms(self.number(ms).saturating_sub(MAX_READ_OVER / 2))
    }

    fn begins(&self, ms: u64) -> u64 {
        self.ms(self.number(ms))
    }

    #[cfg(test)]
    fn held(&self) -> usize {
        // One waits, and one is being read.
        if self.running.is_some() { 2 } else { 0 }
    }
}

/// A rate that has at most three decimals, in thousandths.
fn thousandths(fps: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is above zero, and what is too large becomes the largest"
    )]
    let rate = (fps * 1000.0).round() as u64;
    rate
}
