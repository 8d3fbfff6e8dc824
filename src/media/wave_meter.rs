//! Measures sound sample by sample.

use ebur128::{EbuR128, Mode};

use super::wave::{Column, FLOOR_DBFS, MAX_STRETCHES, MIN_SILENCE_MS, SILENT_BELOW_DBFS, Stretch, Wave};

/// A sample of this size, or larger, is at full scale.
const FULL_SCALE: f32 = 0.999;
/// This many samples in a row at full scale count as clipping; a single one may just be loud.
const MIN_CLIPPED: u32 = 3;
/// Clipping that is less than this apart is told as one, in milliseconds.
const MERGED_MS: u64 = 100;
/// The loudness below which nothing counts (ITU-R BS.1770-4, absolute gate).
const GATE_LUFS: f64 = -70.0;

/// What is known of one column so far.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    min: f32,
    max: f32,
    squares: f64,
    samples: u64,
}

pub(super) struct Meter {
    rate: u32,
    channels: u16,
    duration_ms: u64,
    /// Samples of each channel until the end of the video.
    total: i64,
    /// The sample that comes next, by the video's clock; before 0 it is hidden.
    at: i64,
    columns: Vec<Sums>,
    peak: f32,
    loudness: Option<EbuR128>,
    threshold: f32,
    /// The sample after the last one that was not silent.
    quiet_from: i64,
    silences: Vec<Stretch>,
    /// For each channel, how many samples in a row were at full scale.
    at_full_scale: Vec<u32>,
    clipping: Vec<Stretch>,
}

impl Meter {
    /// For sound of this rate and number of channels that begins at `start`, in millionths of a second.
    pub(super) fn new((rate, channels): (u32, u16), start: i64, columns: usize, duration_ms: u64) -> Self {
        let samples =
            |time: i128, second: i128| i64::try_from(time * i128::from(rate) / second).unwrap_or(i64::MAX);
        let loudness = EbuR128::new(u32::from(channels), rate, Mode::I | Mode::HISTOGRAM);
        #[expect(clippy::cast_possible_truncation, reason = "a level")]
        let threshold = 10_f64.powf(SILENT_BELOW_DBFS / 20.0) as f32;
        Self {
            rate,
            channels,
            duration_ms,
            total: samples(i128::from(duration_ms), 1000).max(1),
            at: samples(i128::from(start), 1_000_000),
            columns: vec![Sums::default(); columns.max(1)],
            peak: 0.0,
            loudness: loudness.ok(),
            threshold,
            quiet_from: 0,
            silences: Vec::new(),
            at_full_scale: vec![0; usize::from(channels)],
            clipping: Vec::new(),
        }
    }

    pub(super) const fn is_of(&self, rate: u32, channels: u16) -> bool {
        self.rate == rate && self.channels == channels
    }

    /// The end of the video is reached.
    pub(super) const fn is_over(&self) -> bool {
        self.at >= self.total
    }

    /// Adds samples, one of each channel after another.
    pub(super) fn add(&mut self, samples: &[f32]) {
        let channels = usize::from(self.channels);
        let hidden = usize::try_from(self.at.saturating_neg())
            .unwrap_or(0)
            .min(samples.len() / channels);
        self.at += i64::try_from(hidden).unwrap_or(0);
        let left = usize::try_from(self.total.saturating_sub(self.at)).unwrap_or(0);
        let heard = samples.get(hidden * channels..).unwrap_or_default();
        let heard = &heard[..heard.len().min(left.saturating_mul(channels))];
        let mut rest = heard.chunks_exact(channels);
        while rest.len() > 0 {
            let column = self.column();
            let end = self.start_of(column + 1).max(self.at + 1);
            let here = usize::try_from(end - self.at).unwrap_or(1).min(rest.len());
            self.add_to(column, rest.by_ref().take(here));
        }
        let finite: Vec<f32> = heard.iter().map(|sample| finite(*sample)).collect();
        let measured = self.loudness.as_mut().map(|meter| meter.add_frames_f32(&finite));
        if matches!(measured, Some(Err(_))) {
            self.loudness = None;
        }
    }

    fn add_to<'a>(&mut self, column: usize, frames: impl Iterator<Item = &'a [f32]>) {
        let mut sums = self.columns.get(column).copied().unwrap_or_default();
        for frame in frames {
            let mut loudest = 0_f32;
            for (channel, sample) in frame.iter().enumerate() {
                let sample = finite(*sample);
                sums.min = sums.min.min(sample);
                sums.max = sums.max.max(sample);
                sums.squares += f64::from(sample) * f64::from(sample);
                let size = sample.abs();
                loudest = loudest.max(size);
                if size < FULL_SCALE {
                    self.at_full_scale[channel] = 0;
                } else {
                    self.at_full_scale[channel] += 1;
                    if self.at_full_scale[channel] >= MIN_CLIPPED {
                        self.clipped();
                    }
                }
            }
            sums.samples += frame.len() as u64;
            self.peak = self.peak.max(loudest);
            if loudest >= self.threshold {
                self.end_silence(self.at);
                self.quiet_from = self.at + 1;
            }
            self.at += 1;
        }
        if let Some(slot) = self.columns.get_mut(column) {
            *slot = sums;
        }
    }

    /// The column of the sample that comes next.
    fn column(&self) -> usize {
        let exact = i128::from(self.at) * self.columns.len() as i128 / i128::from(self.total);
        usize::try_from(exact).unwrap_or(0).min(self.columns.len() - 1)
    }

    /// The first sample of a column.
    fn start_of(&self, column: usize) -> i64 {
        let columns = self.columns.len() as i128;
        let exact = (column as i128 * i128::from(self.total) + columns - 1) / columns;
        i64::try_from(exact).unwrap_or(i64::MAX)
    }

    fn ms(&self, sample: i64) -> u64 {
        let exact = i128::from(sample.max(0)) * 1000 / i128::from(self.rate);
        u64::try_from(exact).unwrap_or(u64::MAX).min(self.duration_ms)
    }

    fn end_silence(&mut self, end: i64) {
        let (start_ms, end_ms) = (self.ms(self.quiet_from), self.ms(end));
        if end_ms - start_ms.min(end_ms) >= MIN_SILENCE_MS && self.silences.len() < MAX_STRETCHES {
            self.silences.push(Stretch { start_ms, end_ms });
        }
    }

    /// The sample that comes next is clipped, as are those before it.
    fn clipped(&mut self) {
        let start_ms = self.ms(self.at - i64::from(MIN_CLIPPED - 1));
        let end_ms = self.ms(self.at + 1).max(start_ms + 1);
        let is_full = self.clipping.len() >= MAX_STRETCHES;
        match self.clipping.last_mut() {
            Some(last) if start_ms <= last.end_ms + MERGED_MS => last.end_ms = last.end_ms.max(end_ms),
            _ if is_full => {}
            _ => self.clipping.push(Stretch { start_ms, end_ms }),
        }
    }

    pub(super) fn finish(mut self) -> Wave {
        self.end_silence(self.total);
        let loudness = self
            .loudness
            .as_ref()
            .and_then(|meter| meter.loudness_global().ok());
        Wave {
            duration_ms: self.duration_ms,
            columns: self.columns.iter().map(Sums::column).collect(),
            peak_dbfs: dbfs(f64::from(self.peak)),
            loudness_lufs: loudness.filter(|lufs| lufs.is_finite() && *lufs > GATE_LUFS),
            silences: self.silences,
            clipping: self.clipping,
        }
    }
}

impl Sums {
    fn column(&self) -> Column {
        #[expect(clippy::cast_precision_loss, reason = "an average")]
        let mean = self.squares / self.samples.max(1) as f64;
        Column {
            min: self.min,
            max: self.max,
            rms_dbfs: dbfs(mean.sqrt()),
        }
    }
}

/// A level in decibels of full scale.
fn dbfs(level: f64) -> f64 {
    if level > 0.0 {
        (20.0 * level.log10()).max(FLOOR_DBFS)
    } else {
        FLOOR_DBFS
    }
}

/// A damaged file may decode to what is no number.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-16.0, 16.0)
    } else {
        0.0
    }
}
