//! Estimates how long a take will take: from the user's own takes like it, or the published average while there are too few.

use serde::{Deserialize, Serialize};

use super::form::Form;
use super::models::Model;
use super::request_words::Resolution;
use super::seconds::Seconds;
use super::text::duration;

/// A guess for a model whose average is not published, in milliseconds.
const UNPUBLISHED_MS: u64 = 180_000;

/// What decides how long a take takes, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitClass {
    pub model: Model,
    pub resolution: Resolution,
    pub duration: Seconds,
    /// Whether it has sound.
    pub sound: bool,
    /// Whether it has a first frame or references.
    pub referenced: bool,
}

impl WaitClass {
    /// How many steps [`Self::is_like`] knows.
    const STEPS: usize = 5;

    /// Whether the two are compared when the last `step` of their properties are left out.
    fn is_like(&self, other: &Self, step: usize) -> bool {
        let alike = [
            self.model == other.model,
            self.resolution == other.resolution,
            self.duration == other.duration,
            self.sound == other.sound,
            self.referenced == other.referenced,
        ];
        alike.iter().take(Self::STEPS - step).all(|is_alike| *is_alike)
    }

    /// What takes have in common that are compared at a step: `like it`, `of this model and resolution`.
    const fn in_words(step: usize) -> &'static str {
        match step {
            0 => "like it",
            1 => "of this model, resolution, length and sound",
            2 => "of this model, resolution and length",
            3 => "of this model and resolution",
            _ => "of this model",
        }
    }
}

impl From<&Form> for WaitClass {
    fn from(form: &Form) -> Self {
        let references = [&form.images, &form.videos, &form.audios];
        Self {
            model: form.model,
            resolution: form.resolution,
            duration: form.duration,
            sound: form.generate_audio,
            referenced: !form.first_frame.is_empty() || references.iter().any(|list| !list.is_empty()),
        }
    }
}

/// How long one saved take needed from submit to saved, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub class: WaitClass,
    pub ms: u64,
}

/// The expected time from submit to saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// One take in ten is quicker, in milliseconds.
    pub p10_ms: u64,
    /// The median, in milliseconds.
    pub p50_ms: u64,
    /// One take in ten is slower, in milliseconds.
    pub p90_ms: u64,
    /// What the range is based on, for people.
    pub basis: String,
}

/// What was expected of a take when it was sent. It stays the same afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub p50_ms: u64,
    pub p90_ms: u64,
    /// What that was based on, for people.
    pub basis: String,
}

impl Wait {
    /// `about 3 min 9 s, 90% within 4 min 43 s (your last 8 takes like it)`, or `under 2 s (the sandbox's own pace)`.
    pub fn in_words(&self) -> String {
        if self.p90_ms < 2000 {
            return format!("under 2 s ({})", self.basis);
        }
        format!(
            "about {}, 90% within {} ({})",
            duration(self.p50_ms),
            duration(self.p90_ms),
            self.basis
        )
    }
}

/// A [`Wait`] as every command prints it, in seconds with three decimals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitRecord {
    pub p50: f64,
    pub p90: f64,
    pub basis: String,
}

#[allow(clippy::cast_precision_loss)]
impl From<&Wait> for WaitRecord {
    fn from(wait: &Wait) -> Self {
        Self {
            p50: wait.p50_ms as f64 / 1000.0,
            p90: wait.p90_ms as f64 / 1000.0,
            basis: wait.basis.clone(),
        }
    }
}

impl From<WaitRecord> for Wait {
    fn from(record: WaitRecord) -> Self {
        Self {
            p50_ms: ms_of(record.p50),
            p90_ms: ms_of(record.p90),
            basis: record.basis,
        }
    }
}

/// Seconds in milliseconds; 0 for what is negative or not a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn ms_of(seconds: f64) -> u64 {
    // A float becomes the nearest number that fits.
    (seconds * 1000.0).round() as u64
}

impl Expectation {
    /// How many of the user's own takes a range needs.
    pub const MIN_TAKES: usize = 8;
    /// The most takes that a range is made of; the newest count.
    const MAX_TAKES: usize = 50;

    /// The range of takes like these, from `samples` of which the newest are first. While there are too few, one property
    /// after the other is left out; `None` when even takes of the model are too few.
    pub fn of_samples(samples: &[Sample], class: &WaitClass) -> Option<Self> {
        (0..WaitClass::STEPS).find_map(|step| {
            let alike = samples.iter().filter(|sample| sample.class.is_like(class, step));
            let times: Vec<u64> = alike.take(Self::MAX_TAKES).map(|sample| sample.ms).collect();
            Self::of_times(times, WaitClass::in_words(step))
        })
    }

    /// The range of these times (milliseconds, in any order) of takes that are alike in what `like` says; `None` below
    /// [`Self::MIN_TAKES`].
    pub fn of_times(mut sorted: Vec<u64>, like: &str) -> Option<Self> {
        if sorted.len() < Self::MIN_TAKES {
            return None;
        }
        sorted.sort_unstable();
        let last = sorted.len() - 1;
        Some(Self {
            p10_ms: sorted[last * 10 / 100],
            p50_ms: sorted[last * 50 / 100],
            p90_ms: sorted[(last * 90).div_ceil(100)],
            basis: format!("your last {} takes {like}", sorted.len()),
        })
    }

    /// The provider's published average, which mixes all lengths and sizes: half and one and a half times it make
    /// the range.
    pub fn published(model: Model) -> Self {
        let few = Self::MIN_TAKES;
        match model.published_wait {
            Some(wait) => Self::around(
                wait.ms(),
                &format!(
                    "Segmind's average of {}; you have fewer than {few} takes of your own",
                    wait.as_of
                ),
            ),
            None => Self::around(
                UNPUBLISHED_MS,
                &format!("a guess; no average is published, and you have fewer than {few} takes of your own"),
            ),
        }
    }

    /// The range for all of `takes` when `slots` of them are rendered at the same time.
    pub fn of_rounds(&self, takes: u32, slots: u32) -> Self {
        let rounds = u64::from(takes.div_ceil(slots.max(1)).max(1));
        Self {
            p10_ms: self.p10_ms.saturating_mul(rounds),
            p50_ms: self.p50_ms.saturating_mul(rounds),
            p90_ms: self.p90_ms.saturating_mul(rounds),
            basis: self.basis.clone(),
        }
    }

    /// Half to one and a half times `middle_ms`.
    pub fn around(middle_ms: u64, basis: &str) -> Self {
        Self {
            p10_ms: middle_ms / 2,
            p50_ms: middle_ms,
            p90_ms: middle_ms.saturating_mul(3) / 2,
            basis: basis.to_owned(),
        }
    }
}

impl From<Expectation> for Wait {
    fn from(expected: Expectation) -> Self {
        Self {
            p50_ms: expected.p50_ms,
            p90_ms: expected.p90_ms,
            basis: expected.basis,
        }
    }
}

/// When takes that wait are done, in their order, in milliseconds from now, when `slots` takes are rendered at a time.
/// `running` has what the takes at the provider still need, `waiting` what each of the others needs.
pub fn finish_ms(slots: u32, running: &[u64], waiting: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let slots = slots.max(1) as usize;
    let mut busy: Vec<u64> = running.to_vec();
    busy.sort_unstable();
    // More may run than there are slots now: only the last of them make room.
    let surplus = busy.len().saturating_sub(slots);
    busy.drain(..surplus);
    busy.resize(slots, 0);
    let done = waiting.into_iter().map(|needs| {
        let next = busy.iter_mut().min();
        next.map_or(needs, |free| {
            *free = free.saturating_add(needs);
            *free
        })
    });
    done.collect()
}

#[cfg(test)]
#[path = "expect_tests.rs"]
mod tests;
