//! The shots of a take as its request's script has them: when each is shown, which moments stand for them, and which of
//! them should have been heard.

use crate::media::{MAX_MOMENTS, Stretch};
use crate::model::Take;
use crate::script;
use crate::script::lint::speaking;

/// Somebody can say a word in this time, in milliseconds: a shot that sounds longer than this is not silent.
const WORD_MS: u64 = 250;

/// One shot of a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeShot {
    /// As written in the script.
    pub number: u32,
    /// Milliseconds from the start of the take.
    pub start_ms: u64,
    pub end_ms: u64,
    /// Somebody speaks in it.
    pub speaks: bool,
}

impl TakeShot {
    /// Its beginning, middle and end, as shots of the same number.
    pub const fn thirds(&self) -> [Self; 3] {
        let third = (self.end_ms - self.start_ms) / 3;
        let (first, second) = (self.start_ms + third, self.end_ms - third);
        [
            Self {
                end_ms: first,
                ..*self
            },
            Self {
                start_ms: first,
                end_ms: second,
                ..*self
            },
            Self {
                start_ms: second,
                ..*self
            },
        ]
    }

    /// The moment whose picture stands for the shot.
    pub const fn middle_ms(&self) -> u64 {
        u64::midpoint(self.start_ms, self.end_ms)
    }
}

/// The shots of a take by the prompt of its request: at the written times, evenly where there are none, and without what
/// lies beyond the end of the take. A prompt without shots is one shot.
pub fn of_take(take: &Take) -> Vec<TakeShot> {
    of_prompt(take.prompt().unwrap_or_default(), take.duration.ms())
}

/// The same for a prompt, expanded as it is sent, and a length in milliseconds.
pub fn of_prompt(prompt: &str, duration_ms: u32) -> Vec<TakeShot> {
    let script = script::read(prompt);
    let whole = u64::from(duration_ms);
    let spoken = speaking(prompt, &script);
    let spread = script.spread(duration_ms);
    let shots = spread
        .iter()
        .zip(&spoken)
        .map(|((shot, start, end), speaks)| TakeShot {
            number: shot.number,
            start_ms: u64::from(*start),
            end_ms: u64::from(*end).min(whole),
            speaks: *speaks,
        });
    let shots: Vec<TakeShot> = shots.filter(|shot| shot.start_ms < shot.end_ms).collect();
    if !shots.is_empty() {
        return shots;
    }
    vec![TakeShot {
        number: 1,
        start_ms: 0,
        end_ms: whole,
        speaks: spoken.contains(&true),
    }]
}

/// The moments whose pictures stand for a take, in milliseconds: its first picture, then the middle of each shot; of a
/// single shot also the middles of its first and last third, so that a wall shows it without decoding it anew. Of more
/// shots than there are thumbnails, the first ones.
pub fn moments(shots: &[TakeShot]) -> Vec<u64> {
    let middles = shots.iter().map(TakeShot::middle_ms);
    let thirds = match shots {
        [only] => {
            let [first, _, last] = only.thirds();
            vec![first.middle_ms(), last.middle_ms()]
        }
        _ => Vec::new(),
    };
    let all = std::iter::once(0).chain(middles).chain(thirds);
    all.take(MAX_MOMENTS).collect()
}

/// The shots in which somebody should speak and nothing is heard: what is not silent of them is shorter than a word.
/// `silences` are those of the take's [`crate::media::Wave`], in order.
pub fn silent_dialogue(shots: &[TakeShot], silences: &[Stretch]) -> Vec<TakeShot> {
    let heard_ms = |shot: &TakeShot| {
        let within = silences.iter().map(|silence| {
            let (from, to) = (
                silence.start_ms.max(shot.start_ms),
                silence.end_ms.min(shot.end_ms),
            );
            to.saturating_sub(from)
        });
        (shot.end_ms - shot.start_ms).saturating_sub(within.sum())
    };
    let is_silent = |shot: &&TakeShot| shot.speaks && heard_ms(shot) < WORD_MS;
    shots.iter().filter(is_silent).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMED: &str = "A night drive.\nShot 1 | 0s–2s\nTwo drivers in the car.\nShot 2 | 2s–4s\nShe sits on the \
                         door.\nShot 3 | 4s–9s\nHe says, \"We never left.\"";

    fn times(prompt: &str, ms: u32) -> Vec<(u32, u64, u64)> {
        let shots = of_prompt(prompt, ms);
        shots
            .iter()
            .map(|shot| (shot.number, shot.start_ms, shot.end_ms))
            .collect()
    }

    #[test]
    fn shots_are_where_the_script_has_them() {
        assert_eq!(
            times(TIMED, 10_000),
            [(1, 0, 2000), (2, 2000, 4000), (3, 4000, 9000)]
        );
        let untimed = "Shot 1: a kite.\nShot 2: a dune.\nShot 3: the sea.\nShot 4: night.";
        assert_eq!(
            times(untimed, 4000),
            [(1, 0, 1000), (2, 1000, 2000), (3, 2000, 3000), (4, 3000, 4000)]
        );
        assert_eq!(times("A kite over the dunes.", 5000), [(1, 0, 5000)]);
    }

    #[test]
    fn what_lies_beyond_the_take_is_left_out() {
        assert_eq!(times(TIMED, 4000), [(1, 0, 2000), (2, 2000, 4000)]);
        assert_eq!(times(TIMED, 5000)[2], (3, 4000, 5000));
        let backwards = "Shot 1 | 9s–3s\nA kite.";
        assert_eq!(times(backwards, 5000), [(1, 0, 5000)]);
    }

    #[test]
    fn the_first_picture_and_the_middle_of_each_shot_stand_for_a_take() {
        assert_eq!(moments(&of_prompt(TIMED, 10_000)), [0, 1000, 3000, 6500]);
        let many = "Shot 1 | 0s-1s\nA.\n".repeat(300);
        assert!(moments(&of_prompt(&many, 10_000)).len() <= MAX_MOMENTS);
    }

    #[test]
    fn dialogue_that_nobody_hears_is_found() {
        let shots = of_prompt(TIMED, 10_000);
        let speaks: Vec<bool> = shots.iter().map(|shot| shot.speaks).collect();
        assert_eq!(speaks, [false, false, true]);
        let silence = |start_ms, end_ms| Stretch { start_ms, end_ms };
        let silent = |silences: &[Stretch]| -> Vec<u32> {
            silent_dialogue(&shots, silences)
                .iter()
                .map(|shot| shot.number)
                .collect()
        };
        assert_eq!(silent(&[silence(0, 10_000)]), [3], "nobody speaks in the others");
        assert_eq!(silent(&[silence(3900, 6000), silence(6100, 8950)]), [3]);
        assert_eq!(silent(&[silence(4000, 8000)]), [0; 0]);
        assert_eq!(silent(&[]), [0; 0]);
        let whole = of_prompt("He says, \"We never left.\"", 4000);
        assert_eq!(silent_dialogue(&whole, &[silence(0, 4000)]), whole);
    }
}
