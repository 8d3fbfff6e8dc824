//! How alike two clips are: the verdict of a comparison frame by frame.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Two clips are near when the mean of their frames' differences is not below this, in decibels of PSNR. Frames this alike
/// look equal side by side; it is what an encoder loses. Two clips of one prompt with different seeds are below 25 dB.
pub const NEAR_MEAN_DB: f64 = 35.0;
/// No frame of near clips is below this, in decibels of PSNR: one other picture makes another clip.
pub const NEAR_MIN_DB: f64 = 30.0;

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every frame is equal, pixel by pixel.
    Same,
    /// Nobody sees a difference: see [`NEAR_MEAN_DB`] and [`NEAR_MIN_DB`].
    Near,
    Different,
}

impl Outcome {
    /// What a second clip of it is called: `the same clip`.
    pub const fn clip(self) -> &'static str {
        match self {
            Self::Same => "the same clip",
            Self::Near => "a clip that looks the same",
            Self::Different => "another clip",
        }
    }
}

/// What was measured of two clips, the first one and the second one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    pub frames: (u64, u64),
    /// Width and height in pixels.
    pub sizes: ((u32, u32), (u32, u32)),
    /// How many frames in the same places are equal.
    pub equal_frames: u64,
    /// The PSNR of the mean squared error of all frames that both have, in decibels over red, green and blue; `None` where
    /// all are equal, or the sizes differ.
    pub psnr_mean_db: Option<f64>,
    /// That of the frame that differs most.
    pub psnr_min_db: Option<f64>,
}

impl Likeness {
    /// The verdict.
    pub fn outcome(&self) -> Outcome {
        if self.frames.0 != self.frames.1 || self.sizes.0 != self.sizes.1 {
            return Outcome::Different;
        }
        match (self.psnr_mean_db, self.psnr_min_db) {
            (None, _) if self.equal_frames == self.frames.0 => Outcome::Same,
            (Some(mean), Some(min)) if mean >= NEAR_MEAN_DB && min >= NEAR_MIN_DB => Outcome::Near,
            _ => Outcome::Different,
        }
    }
}

/// `same: all 96 frames are equal`, or what differs.
impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.frames;
        let (one, other) = self.sizes;
        let outcome = match self.outcome() {
            Outcome::Same => return write!(f, "same: all {first} frames are equal"),
            Outcome::Near => "near",
            Outcome::Different => "different",
        };
        write!(f, "{outcome}: ")?;
        if one != other {
            return write!(
                f,
                "{}×{} and {}×{} pixels, which cannot be compared",
                one.0, one.1, other.0, other.1
            );
        }
        if first != second {
            write!(f, "{first} and {second} frames; of those that both have, ")?;
        }
        let both = first.min(second);
        write!(f, "{} of {both} frames are equal", self.equal_frames)?;
        match self.psnr_mean_db.zip(self.psnr_min_db) {
            Some((mean, min)) => write!(f, ", PSNR {mean:.1} dB on average, {min:.1} dB at least"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(frames: (u64, u64), equal_frames: u64, psnr: Option<(f64, f64)>) -> Likeness {
        Likeness {
            frames,
            sizes: ((64, 48), (64, 48)),
            equal_frames,
            psnr_mean_db: psnr.map(|(mean, _)| mean),
            psnr_min_db: psnr.map(|(_, min)| min),
        }
    }

    #[test]
    fn clips_are_near_only_when_no_frame_is_another_picture() {
        assert_eq!(of((24, 24), 24, None).outcome(), Outcome::Same);
        assert_eq!(of((24, 24), 3, Some((41.2, 38.0))).outcome(), Outcome::Near);
        assert_eq!(of((24, 24), 23, Some((36.0, 18.0))).outcome(), Outcome::Different);
        assert_eq!(of((24, 24), 0, Some((34.9, 33.0))).outcome(), Outcome::Different);
        assert_eq!(of((24, 23), 23, None).outcome(), Outcome::Different);
        let other_size = Likeness {
            sizes: ((64, 48), (48, 64)),
            ..of((24, 24), 0, None)
        };
        assert_eq!(other_size.outcome(), Outcome::Different);
        assert_eq!(
            other_size.to_string(),
            "different: 64×48 and 48×64 pixels, which cannot be compared"
        );
    }

    #[test]
    fn what_was_measured_is_told_in_words() {
        assert_eq!(
            of((24, 24), 24, None).to_string(),
            "same: all 24 frames are equal"
        );
        assert_eq!(
            of((24, 24), 3, Some((41.24, 38.0))).to_string(),
            "near: 3 of 24 frames are equal, PSNR 41.2 dB on average, 38.0 dB at least"
        );
        assert_eq!(
            of((24, 23), 23, None).to_string(),
            "different: 24 and 23 frames; of those that both have, 23 of 23 frames are equal"
        );
    }
}
