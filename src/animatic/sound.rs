//! The sound of an animatic: a soft chord for each card and a blip at each cut. Whole numbers only.

use crate::media::Sound;
use crate::model::price::FPS;

const RATE: u32 = 48_000;
const SAMPLES_A_FRAME: u32 = RATE / FPS;
/// A2, C3, D3, E3, G3 and A3 in thousandths of a hertz: any two of them sound well together.
const SCALE: [u32; 6] = [110_000, 130_813, 146_832, 164_814, 195_998, 220_000];
const BLIP: u32 = 1_320_000;
const BLIP_SAMPLES: u32 = RATE / 20;
const ATTACK: u32 = RATE / 6;
const RELEASE: u32 = RATE / 5;

/// One card's tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note {
    /// First frame.
    pub(super) from: u32,
    /// The frame after the last one.
    pub(super) to: u32,
    /// The step of the scale.
    pub(super) step: usize,
}

/// The sound of the whole video.
pub(super) fn sound(notes: &[Note], frames: u32) -> Sound {
    let mut samples = vec![0; (frames * SAMPLES_A_FRAME) as usize];
    for note in notes {
        let (start, end) = (
            (note.from * SAMPLES_A_FRAME) as usize,
            (note.to * SAMPLES_A_FRAME) as usize,
        );
        if let Some(part) = samples.get_mut(start..end) {
            play(note, part);
        }
    }
    Sound { rate: RATE, samples }
}

fn play(note: &Note, samples: &mut [i16]) {
    let root = SCALE[note.step % SCALE.len()];
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let voices = [(root, 11), (root / 2 * 3, 6), (root * 2, 4), (root * 2 + 700, 3)];
    for (at, sample) in (0_u32..).zip(samples) {
        let mut chord = 0;
        for (pitch, loud) in voices {
            chord += sine(pitch, at) * loud;
        }
        // In 1/1024. The chord's sum stays below a fifth of what a sample can hold.
        let swell = (at.min(ATTACK) * 1024 / ATTACK).min((length - at).min(RELEASE) * 1024 / RELEASE);
        let mut sum = chord / 128 * i32::try_from(swell).unwrap_or(0) / 1024;
        if at < BLIP_SAMPLES {
            let left = i32::try_from((BLIP_SAMPLES - at) * 1024 / BLIP_SAMPLES).unwrap_or(0);
            sum += sine(BLIP, at) / 5 * left / 1024 * left / 1024;
        }
        *sample = i16::try_from(sum.clamp(-32_768, 32_767)).unwrap_or(0);
    }
}

/// A wave from -32768 to 32768 of a pitch in thousandths of a hertz. Parabolas replace the sine.
fn sine(pitch: u32, at: u32) -> i32 {
    // The position within the period, in 1/65536.
    let turns = u64::from(pitch) * u64::from(at) * 65_536 / (u64::from(RATE) * 1000);
    let along = i32::try_from(turns % 65_536).unwrap_or(0);
    let half = along % 32_768;
    let arch = half * (32_768 - half) / 8192;
    if along < 32_768 { arch } else { -arch }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes() -> [Note; 2] {
        [
            Note {
                from: 0,
                to: 48,
                step: 0,
            },
            Note {
                from: 48,
                to: 96,
                step: 3,
            },
        ]
    }

    fn loudness(samples: &[i16]) -> i32 {
        samples.iter().map(|s| i32::from(*s).abs()).max().unwrap_or(0)
    }

    #[test]
    fn a_blip_marks_each_cut_and_the_chord_is_soft() {
        let sound = sound(&notes(), 96);
        assert_eq!(sound.samples.len(), 4 * 48_000);
        let at = |second: usize, part: usize| &sound.samples[second * 48_000 + part..][..1000];
        for cut in [0, 2] {
            assert!(loudness(at(cut, 0)) > 4000, "the cut at {cut} s is not heard");
        }
        let chord = loudness(at(1, 0));
        assert!((2000..8000).contains(&chord), "{chord}");
    }

    #[test]
    fn each_card_sounds_different() {
        let sound = sound(&notes(), 96);
        assert_ne!(sound.samples[30_000..40_000], sound.samples[126_000..136_000]);
    }
}
