//! The sound of a take as a picture, with what should be known of it in words: loudness, clipping, silence, and dialogue that
//! nobody hears.

use crate::media::{self, Cancel, Stretch, Wave};
use crate::model::Take;
use crate::model::seconds::moment;
use crate::model::text::counted;

use super::problem::{Kind, Problem};
use super::shots::{self, TakeShot, silent_dialogue};

/// How finely the sound is measured: more columns than a terminal has.
const COLUMNS: usize = 512;
/// Most stretches of silence that are named.
const MAX_NAMED: usize = 3;

/// The sound of a take.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub wave: Wave,
    pub shots: Vec<TakeShot>,
}

/// Measures the sound of a saved take; `None` if its video has none. It blocks, for some tenths of a second.
///
/// # Errors
/// The take has no video; the video is gone, cut off or damaged; its sound cannot be decoded; it was cancelled.
pub fn of_take(take: &Take, cancel: &Cancel) -> Result<Option<Heard>, Problem> {
    let file = take.file.as_ref();
    let file = file.ok_or_else(|| Problem::new(Kind::Usage, take.why_no_video(), "choose a saved take"))?;
    let wave = media::wave(file, COLUMNS, cancel);
    let wave = wave.map_err(|error| Problem::new(Kind::Other, error.to_string(), ""))?;
    Ok(wave.map(|wave| Heard {
        wave,
        shots: shots::of_take(take),
    }))
}

impl Heard {
    /// When shots begin after the first one, in milliseconds.
    pub fn cuts(&self) -> impl Iterator<Item = u64> {
        self.shots
            .iter()
            .map(|shot| shot.start_ms)
            .filter(|start| *start > 0)
    }

    /// `loudness -18.3 LUFS, peak -1.2 dBFS, silent 0:07.0 to 0:10.0`.
    pub fn facts(&self) -> String {
        let wave = &self.wave;
        let Some(loudness) = wave.loudness_lufs else {
            return "silent throughout".to_owned();
        };
        let mut facts = vec![
            format!("loudness {loudness:.1} LUFS"),
            format!("peak {:.1} dBFS", wave.peak_dbfs),
        ];
        let named = wave.silences.iter().take(MAX_NAMED);
        let mut silences: Vec<String> = named
            .map(|Stretch { start_ms, end_ms }| format!("{} to {}", moment(*start_ms), moment(*end_ms)))
            .collect();
        let more = wave.silences.len().saturating_sub(MAX_NAMED);
        silences.extend((more > 0).then(|| format!("{more} more")));
        if !silences.is_empty() {
            facts.push(format!("silent {}", silences.join(" and ")));
        }
        facts.join(", ")
    }

    /// What is wrong, worst first: `shot 2 has dialogue and its sound is silent`, `clips at 0:03.2`.
    pub fn flaws(&self) -> Vec<String> {
        let silent = silent_dialogue(&self.shots, &self.wave.silences);
        let mut flaws: Vec<String> = silent
            .iter()
            .map(|shot| format!("shot {} has dialogue and its sound is silent", shot.number))
            .collect();
        if let Some(first) = self.wave.clipping.first() {
            let at = moment(first.start_ms);
            flaws.push(match self.wave.clipping.len() {
                1 => format!("clips at {at}"),
                places => format!("clips in {}, first at {at}", counted(places as u64, "place")),
            });
        }
        flaws
    }

    /// All of it in one line.
    pub fn in_words(&self) -> String {
        let mut words = self.flaws();
        words.push(self.facts());
        words.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(silences: &[(u64, u64)], clipping: &[(u64, u64)], loudness_lufs: Option<f64>) -> Heard {
        let stretches = |all: &[(u64, u64)]| {
            let all = all.iter();
            all.map(|(start_ms, end_ms)| Stretch {
                start_ms: *start_ms,
                end_ms: *end_ms,
            })
            .collect()
        };
        let script = "Shot 1 | 0s-4s\nA kite over the bay.\nShot 2 | 4s-9s\nHe says, \"We never left.\"";
        Heard {
            wave: Wave {
                duration_ms: 9000,
                columns: Vec::new(),
                peak_dbfs: -1.23,
                loudness_lufs,
                silences: stretches(silences),
                clipping: stretches(clipping),
            },
            shots: shots::of_prompt(script, 9000),
        }
    }

    #[test]
    fn loudness_silence_and_clipping_are_told_in_words() {
        let plain = heard(&[], &[], Some(-18.34));
        assert_eq!(plain.in_words(), "loudness -18.3 LUFS, peak -1.2 dBFS");
        assert_eq!(plain.cuts().collect::<Vec<_>>(), [4000]);
        let flawed = heard(
            &[(0, 600), (3900, 9000)],
            &[(1250, 1300), (2000, 2100)],
            Some(-9.0),
        );
        assert_eq!(
            flawed.in_words(),
            "shot 2 has dialogue and its sound is silent; clips in 2 places, first at 0:01.2; loudness -9.0 LUFS, \
             peak -1.2 dBFS, silent 0:00.0 to 0:00.6 and 0:03.9 to 0:09.0"
        );
        let silent = heard(&[(0, 9000)], &[], None);
        assert_eq!(
            silent.in_words(),
            "shot 2 has dialogue and its sound is silent; silent throughout"
        );
        let many: Vec<(u64, u64)> = (0..5).map(|at| (at * 1000, at * 1000 + 600)).collect();
        assert!(
            heard(&many, &[], Some(-20.0))
                .facts()
                .ends_with("0:02.0 to 0:02.6 and 2 more")
        );
    }
}
