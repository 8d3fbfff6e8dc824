//! Limits of reference files that Segmind does not publish, and that are reported elsewhere: a file beyond one of them gives
//! a warning with its own figures, never a refusal.

use serde::Deserialize;

use super::complaint::Complaint;
use super::format::{Format, conversion};
use super::invalid::accepted;
use super::parameters::Medium;
use super::seconds::length;

/// What `models.toml` says under `reported`. The file explains each field.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reported {
    image_side: Option<(u32, u32)>,
    image_ratio: Option<(f64, f64)>,
    image_formats_refused: Vec<Format>,
    video_lines: Option<(u32, u32)>,
    video_seconds_total: Option<u32>,
    video_formats: Vec<Format>,
    audio_seconds: Option<(u32, u32)>,
    audio_seconds_total: Option<u32>,
    audio_formats: Vec<Format>,
}

/// What was measured of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured<'a> {
    /// As the form names it.
    pub path: &'a str,
    pub medium: Medium,
    /// `image/png`
    pub mime: &'a str,
    /// Width and height, if they are known.
    pub pixels: Option<(u32, u32)>,
    /// How long it lasts, if that is known.
    pub millis: Option<u64>,
}

/// Lengths that differ by so little are equal, in milliseconds: a video of 15 s has one frame more.
const SLACK_MS: u64 = 200;

impl Reported {
    /// What is wrong with the limits themselves.
    pub(super) fn mistake(&self) -> Option<&'static str> {
        let is_reversed = |pair: Option<(u32, u32)>| pair.is_some_and(|(least, most)| least > most);
        [
            ("reported.image_side", is_reversed(self.image_side)),
            (
                "reported.image_ratio",
                self.image_ratio.is_some_and(|(least, most)| least > most),
            ),
            ("reported.video_lines", is_reversed(self.video_lines)),
            ("reported.audio_seconds", is_reversed(self.audio_seconds)),
        ]
        .into_iter()
        .find_map(|(name, is_wrong)| is_wrong.then_some(name))
    }

    /// That the file's format is refused elsewhere, and how it is converted.
    pub fn format(&self, file: &Measured<'_>) -> Option<Complaint> {
        let format = Format::of_mime(file.mime);
        let taken = match file.medium {
            Medium::Image => {
                let refused = format.filter(|format| self.image_formats_refused.contains(format))?;
                let what = format!(
                    "{} is {}, which others report as refused",
                    file.path,
                    refused.name()
                );
                return Some(Complaint::new(what, conversion(file.medium, format, file.path)));
            }
            Medium::Video => &self.video_formats,
            Medium::Audio => &self.audio_formats,
        };
        if taken.is_empty() || format.is_some_and(|format| taken.contains(&format)) {
            return None;
        }
        let name = format.map_or_else(|| file.mime.to_owned(), Format::name);
        let what = format!(
            "{} is {name}, and others report that only {} is accepted",
            file.path,
            accepted(taken.iter().map(|format| format.name()))
        );
        Some(Complaint::new(what, conversion(file.medium, format, file.path)))
    }

    /// Each limit that the file is beyond, with its own figures.
    pub fn beyond(&self, file: &Measured<'_>) -> Vec<Complaint> {
        let found = match file.medium {
            Medium::Image => [self.side(file), self.ratio(file)],
            Medium::Video => [self.lines(file), None],
            Medium::Audio => [self.sound(file), None],
        };
        found.into_iter().flatten().collect()
    }

    fn side(&self, file: &Measured<'_>) -> Option<Complaint> {
        let ((width, height), (least, most)) = file.pixels.zip(self.image_side)?;
        let next = match (width.min(height) < least, width.max(height) > most) {
            (false, false) => return None,
            (true, _) => "use a larger one",
            (false, true) => "make it smaller",
        };
        let what = format!(
            "{} has {width}×{height} pixels, and others report {least} to {most} a side as the limits",
            file.path
        );
        Some(Complaint::new(what, next))
    }

    fn ratio(&self, file: &Measured<'_>) -> Option<Complaint> {
        let ((width, height), (least, most)) = file.pixels.zip(self.image_ratio)?;
        let ratio = f64::from(width) / f64::from(height.max(1));
        if (least..=most).contains(&ratio) {
            return None;
        }
        let what = format!(
            "{} is {ratio:.2} times as wide as it is high, and others report {least} to {most} as the limits",
            file.path
        );
        Some(Complaint::new(what, "crop it"))
    }

    /// A video is of so many lines by its shorter side, or by its pixels, as those of 16:9 have them: in other shapes
    /// providers keep the number of pixels.
    fn lines(&self, file: &Measured<'_>) -> Option<Complaint> {
        let ((width, height), (least, most)) = file.pixels.zip(self.video_lines)?;
        let (lines, pixels) = (width.min(height), u64::from(width) * u64::from(height));
        let of = |lines: u32| u64::from(lines) * u64::from(lines) * 16 / 9;
        let next = if lines < least && pixels < of(least) {
            "use a larger one"
        } else if lines > most && pixels > of(most) * PERCENT_OF_PIXELS / 100 {
            "make it smaller"
        } else {
            return None;
        };
        let what = format!(
            "{} has {width}×{height} pixels, and others report {least}p to {most}p as the limits",
            file.path
        );
        Some(Complaint::new(what, next))
    }

    fn sound(&self, file: &Measured<'_>) -> Option<Complaint> {
        let (millis, (least, most)) = file.millis.zip(self.audio_seconds)?;
        let (limit, next) = if millis + SLACK_MS < u64::from(least) * 1000 {
            (format!("{least} s as the least"), "use a longer one")
        } else if millis > u64::from(most) * 1000 + SLACK_MS {
            (format!("{most} s as the most"), "cut it")
        } else {
            return None;
        };
        let what = format!(
            "{} lasts {}, and others report {limit}",
            file.path,
            length(millis)
        );
        Some(Complaint::new(what, next))
    }

    /// That all reference files of one medium are longer together than is reported. The lengths are in milliseconds; those
    /// that are not known are left out.
    pub fn together(&self, medium: Medium, lengths: &[Option<u64>]) -> Option<Complaint> {
        let (noun, most) = match medium {
            Medium::Video => ("video", self.video_seconds_total?),
            Medium::Audio => ("sound", self.audio_seconds_total?),
            Medium::Image => return None,
        };
        let sum: u64 = lengths.iter().flatten().sum();
        // What is wrong with one sound is told of the sound.
        let is_told = |(_, each): (u32, u32)| lengths.len() == 1 && sum > u64::from(each) * 1000 + SLACK_MS;
        if medium == Medium::Audio && self.audio_seconds.is_some_and(is_told) {
            return None;
        }
        if sum <= u64::from(most) * 1000 + SLACK_MS {
            return None;
        }
        let at_least = if lengths.contains(&None) { "at least " } else { "" };
        let sum = length(sum);
        let (what, next) = match lengths.len() {
            1 => (format!("the reference {noun} is {sum} long"), "cut it"),
            _ => (
                format!("the reference {noun}s are {at_least}{sum} together"),
                "cut them, or attach fewer",
            ),
        };
        Some(Complaint::new(
            format!("{what}, and others report {most} s as the most"),
            next,
        ))
    }
}

/// The shapes of one resolution differ by about this much in their pixels.
const PERCENT_OF_PIXELS: u64 = 101;

#[cfg(test)]
#[path = "reported_tests.rs"]
mod tests;
