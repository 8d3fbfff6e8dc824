//! How finely pictures are drawn while playing: as finely as their bytes allow, first with fewer colours, then with more of
//! the cells left as they are.

use crate::media::cells::{Depth, Look, Shape};

/// What a byte is worth where there are enough of them.
const MIN_THRIFT: f32 = Look::THRIFT;
/// Above this, next to nothing of the picture would change.
const MAX_THRIFT: f32 = 10_000.0;
/// By how much thrift is eased from one picture to the next.
const EASE: f32 = 1.25;
/// How many pictures must have bytes to spare before more colours are tried.
const SPARE: u32 = 24;

/// How finely the last pictures could be drawn; what was found out holds for the next playing in the same terminal.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// The colours that the terminal has.
    best: Depth,
    depth: Depth,
    thrift: f32,
    /// How many pictures had bytes to spare, one after another.
    spare: u32,
}

impl Quality {
    /// The finest quality, in at most the colours of `best`.
    pub const fn new(best: Depth) -> Self {
        Self {
            best,
            depth: best,
            thrift: MIN_THRIFT,
            spare: 0,
        }
    }

    /// The same quality in at most the colours of `best`.
    #[must_use]
    pub fn again(self, best: Depth) -> Self {
        if self.best == best { self } else { Self::new(best) }
    }

    pub(super) fn look(&self, shape: Shape) -> Look {
        Look {
            shape,
            depth: self.depth,
            is_fast: true,
            thrift: self.thrift,
        }
    }

    /// A picture had `bytes`, which is more than the `allowance`: the next try is drawn less finely. `false` when it cannot be.
    pub(crate) fn lower(&mut self, bytes: usize, allowance: usize) -> bool {
        self.spare = 0;
        if self.depth == Depth::Truecolor {
            self.depth = Depth::Ansi256;
            return true;
        }
        if self.thrift >= MAX_THRIFT || self.depth == Depth::None {
            return false;
        }
        // Four times as many bytes as there may be are more than any step helps against.
        let percent = bytes.saturating_mul(100) / allowance.max(1);
        let over = f32::from(u16::try_from(percent.min(400)).unwrap_or(400)) / 100.0;
        self.thrift = (self.thrift * (over * over).clamp(1.3, 16.0)).min(MAX_THRIFT);
        true
    }

    /// Notes that a picture of `bytes` is sent.
    pub(super) fn ease(&mut self, bytes: usize, allowance: usize) {
        let is_easy = bytes < allowance / 10 * 7;
        if is_easy {
            self.thrift = (self.thrift / EASE).max(MIN_THRIFT);
        }
        self.spare = if is_easy && self.thrift <= MIN_THRIFT {
            self.spare + 1
        } else {
            0
        };
        if self.spare >= SPARE {
            self.depth = self.best;
            self.spare = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_first_then_small_changes_and_both_come_back() {
        let mut quality = Quality::new(Depth::Truecolor);
        let look = |quality: &Quality| quality.look(Shape::Half);
        assert_eq!(look(&quality).depth, Depth::Truecolor);
        assert!(quality.lower(20_000, 10_000));
        assert_eq!(
            (look(&quality).depth, look(&quality).thrift),
            (Depth::Ansi256, MIN_THRIFT)
        );
        assert!(quality.lower(20_000, 10_000));
        let coarse = look(&quality).thrift;
        assert!(coarse > MIN_THRIFT);
        quality.ease(9_000, 10_000);
        assert!(
            (look(&quality).thrift - coarse).abs() < f32::EPSILON,
            "nothing is to spare"
        );
        for _ in 0..SPARE + 20 {
            quality.ease(100, 10_000);
        }
        assert_eq!(
            (look(&quality).depth, look(&quality).thrift),
            (Depth::Truecolor, MIN_THRIFT)
        );
    }

    #[test]
    fn the_next_playing_begins_as_finely_as_the_last_one_could_be_drawn() {
        let mut coarse = Quality::new(Depth::Truecolor);
        assert!(coarse.lower(20_000, 10_000));
        assert_eq!(coarse.clone().again(Depth::Truecolor), coarse);
        assert_eq!(
            coarse.again(Depth::Ansi16),
            Quality::new(Depth::Ansi16),
            "another terminal"
        );
    }

    #[test]
    fn there_is_an_end_to_it() {
        for best in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::Truecolor] {
            let mut quality = Quality::new(best);
            let lowered = (0..1000).take_while(|_| quality.lower(1_000_000, 1)).count();
            assert!(lowered < 10, "{best:?}: {lowered}");
            assert!(quality.look(Shape::Half).thrift <= MAX_THRIFT);
        }
    }
}
