//! Which moment of a video is due: a span of it, at a speed, once or again and again.

use std::time::Duration;

/// How fast a video is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    Quarter,
    Half,
    #[default]
    Normal,
    Double,
}

impl Speed {
    pub const ALL: [Self; 4] = [Self::Quarter, Self::Half, Self::Normal, Self::Double];

    /// Milliseconds of the video in four milliseconds.
    const fn in_four(self) -> u32 {
        match self {
            Self::Quarter => 1,
            Self::Half => 2,
            Self::Normal => 4,
            Self::Double => 8,
        }
    }

    /// Half as fast; `None` for the slowest.
    #[must_use]
    pub const fn slower(self) -> Option<Self> {
        match self {
            Self::Quarter => None,
            Self::Half => Some(Self::Quarter),
            Self::Normal => Some(Self::Half),
            Self::Double => Some(Self::Normal),
        }
    }

    /// Twice as fast; `None` for the fastest.
    #[must_use]
    pub const fn faster(self) -> Option<Self> {
        match self {
            Self::Quarter => Some(Self::Half),
            Self::Half => Some(Self::Normal),
            Self::Normal => Some(Self::Double),
            Self::Double => None,
        }
    }

    /// `1/4`, `1/2`, `1` or `2`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quarter => "1/4",
            Self::Half => "1/2",
            Self::Normal => "1",
            Self::Double => "2",
        }
    }

    /// How much of the video is played in this time.
    pub fn played(self, time: Duration) -> u64 {
        u64::try_from(time.as_millis())
            .unwrap_or(u64::MAX)
            .saturating_mul(self.in_four().into())
            / 4
    }

    /// How long it takes to play `ms` milliseconds of the video.
    pub fn lasts(self, ms: u64) -> Duration {
        self.of(Duration::from_millis(ms))
    }

    /// How long it takes to play what takes this long at normal speed.
    pub fn of(self, time: Duration) -> Duration {
        time.saturating_mul(4) / self.in_four()
    }
}

/// What is played of a video. Times are in milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where playing begins.
    pub at: u64,
    pub start: u64,
    pub end: u64,
    /// From the end, it goes on at the start.
    pub repeats: bool,
    pub speed: Speed,
}

impl Span {
    /// The moment that is due after so much time, and whether the end has come, at which the last picture stays.
    pub fn due(&self, after: Duration) -> (u64, bool) {
        let ms = self.at.saturating_add(self.speed.played(after));
        let last = self.end.saturating_sub(1).max(self.start);
        let length = self.end.saturating_sub(self.start);
        match ms {
            _ if ms < self.end => (ms, false),
            _ if self.repeats && length > 0 => (self.start + (ms - self.end) % length, false),
            _ => (last, true),
        }
    }

    /// How long it takes from `after` until the end of the span, or until its last picture is replaced by its first.
    pub fn left(&self, after: Duration) -> Duration {
        let (ms, is_over) = self.due(after);
        if is_over {
            Duration::ZERO
        } else {
            self.speed.lasts(self.end - ms)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_span_ends_at_its_last_moment_or_begins_again() {
        let once = Span {
            at: 500,
            start: 0,
            end: 2000,
            repeats: false,
            speed: Speed::Normal,
        };
        let due = |span: Span, after: u64| span.due(ms(after));
        assert_eq!(due(once, 0), (500, false));
        assert_eq!(due(once, 1499), (1999, false));
        assert_eq!(due(once, 1500), (1999, true));
        assert_eq!(once.left(ms(1400)), ms(100));
        let looping = Span {
            start: 400,
            repeats: true,
            ..once
        };
        assert_eq!(due(looping, 1500), (400, false));
        assert_eq!(due(looping, 1500 + 1600 * 3 + 7), (407, false));
        let nothing = Span {
            start: 2000,
            at: 2000,
            ..looping
        };
        assert_eq!(due(nothing, 9), (2000, true));
    }

    #[test]
    fn speeds_halve_and_double_between_a_quarter_and_two() {
        let played = Speed::ALL.map(|speed| speed.played(ms(1000)));
        assert_eq!(played, [250, 500, 1000, 2000]);
        let lasts = Speed::ALL.map(|speed| speed.lasts(500));
        assert_eq!(lasts, [ms(2000), ms(1000), ms(500), ms(250)]);
        for pair in Speed::ALL.windows(2) {
            assert_eq!(
                (pair[0].faster(), pair[1].slower()),
                (Some(pair[1]), Some(pair[0]))
            );
        }
        assert_eq!((Speed::Double.faster(), Speed::Quarter.slower()), (None, None));
    }
}
