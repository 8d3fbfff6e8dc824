//! Random numbers that are the same for the same prompt and seed.

use sha2::{Digest, Sha256};

use super::pixels::index;

/// A generator of numbers; the same start gives the same numbers.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A generator that depends on every byte of `words` and on `seed`.
    pub(super) fn new(words: &str, seed: u32) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(words.as_bytes());
        let digest = hash.finalize();
        Self(digest.first_chunk().map_or(0, |start| u64::from_be_bytes(*start)))
    }

    /// A separate generator for the `n`th thing; drawing from it does not change this one.
    pub(super) fn fork(&self, n: u32) -> Self {
        let mut fork = Self(self.0 ^ u64::from(n).wrapping_mul(0xd6e8_feb8_6659_fd93));
        fork.draw();
        fork
    }

    /// Any number, by splitmix64.
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to below `high`; `low` when there is no such number.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::try_from(i64::from(high) - i64::from(low))
            .unwrap_or(0)
            .max(1);
        low.saturating_add(i32::try_from(self.draw() % span).unwrap_or(0))
    }

    /// An index below `count`.
    pub(super) fn pick(&mut self, count: i32) -> usize {
        index(self.between(0, count))
    }

    /// True in `part` of `whole` cases.
    pub(super) fn chance(&mut self, part: i32, whole: i32) -> bool {
        self.between(0, whole) < part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_and_seed_draw_the_same() {
        let draw = |words, seed| Random::new(words, seed).between(0, 1_000_000);
        assert_eq!(draw("kite", 7), draw("kite", 7));
        assert_ne!(draw("kite", 7), draw("kite", 8));
        assert_ne!(draw("kite", 7), draw("kites", 7));
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_its_ends() {
        let mut random = Random::new("", 0);
        let drawn: Vec<i32> = (0..200).map(|_| random.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!(random.between(5, 5), 5);
    }
}
