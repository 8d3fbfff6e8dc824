//! Compares two videos frame by frame. Of each only what its decoder keeps is held.

use std::path::Path;

use crate::model::likeness::Likeness;

use super::cancel::Cancel;
use super::error::{MediaError, VideoProblem};
use super::picture::Picture;
use super::video::{Video, Wanted};

/// A video, and how many bytes its file must have, where that was noted.
pub type Noted<'a> = (&'a Path, Option<u64>);

/// Compares the pictures of two videos in order, in their own size. Where the sizes differ, nothing is decoded, and the numbers
/// of frames are those of the headers.
///
/// It blocks, and stops within one picture when it is cancelled.
///
/// # Errors
/// As for [`Video::open`] and [`Video::next`], of either video.
pub fn compare(first: Noted<'_>, second: Noted<'_>, cancel: &Cancel) -> Result<Likeness, MediaError> {
    let open = |(path, bytes): Noted<'_>| Video::open(path, &Wanted { fit: None, bytes });
    let (mut one, mut other) = (open(first)?, open(second)?);
    let size = |video: &Video| (video.info().width, video.info().height);
    let sizes = (size(&one), size(&other));
    if sizes.0 != sizes.1 {
        return Ok(Likeness {
            frames: (one.info().frames.into(), other.info().frames.into()),
            sizes,
            equal_frames: 0,
            psnr_mean_db: None,
            psnr_min_db: None,
        });
    }
    let (mut frames, mut errors) = ((0, 0), Errors::default());
    loop {
        let pair = (one.next(cancel)?, other.next(cancel)?);
        frames.0 += u64::from(pair.0.is_some());
        frames.1 += u64::from(pair.1.is_some());
        match pair {
            (Some((_, old)), Some((_, new))) => {
                errors.add(squared_error(&old, &new));
            }
            (None, None) => break,
            // The rest of the longer one is only counted.
            _ => {}
        }
    }
    if frames.0.max(frames.1) == 0 {
        return Err(VideoProblem::NoFrame(0).at(first.0));
    }
    Ok(Likeness {
        frames,
        sizes,
        equal_frames: errors.equal,
        psnr_mean_db: errors.mean(),
        psnr_min_db: psnr(errors.worst),
    })
}

/// The mean squared errors of frames.
#[derive(Default)]
struct Errors {
    frames: u64,
    equal: u64,
    sum: f64,
    worst: f64,
}

impl Errors {
    fn add(&mut self, error: f64) {
        self.frames += 1;
        self.equal += u64::from(error <= 0.0);
        self.sum += error;
        self.worst = self.worst.max(error);
    }

    #[expect(clippy::cast_precision_loss, reason = "an average")]
    fn mean(&self) -> Option<f64> {
        psnr(self.sum / self.frames.max(1) as f64)
    }
}

/// The mean of the squared differences of all samples; 0 exactly when the pictures are equal. Pictures of different sizes
/// within one video differ in everything.
#[expect(clippy::cast_precision_loss, reason = "an average")]
fn squared_error(old: &Picture, new: &Picture) -> f64 {
    if (old.width, old.height) != (new.width, new.height) || old.rgb.len() != new.rgb.len() {
        return f64::from(u8::MAX) * f64::from(u8::MAX);
    }
    if old.rgb == new.rgb {
        return 0.0;
    }
    let squares = old.rgb.iter().zip(&new.rgb).map(|(old, new)| {
        let difference = u64::from(old.abs_diff(*new));
        difference * difference
    });
    squares.sum::<u64>() as f64 / old.rgb.len().max(1) as f64
}

/// The peak signal-to-noise ratio of a mean squared error of samples from 0 to 255, in decibels with two decimals; `None`
/// without any error.
fn psnr(error: f64) -> Option<f64> {
    let peak = f64::from(u8::MAX);
    (error > 0.0).then(|| (10.0 * (peak * peak / error).log10() * 100.0).round() / 100.0)
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
