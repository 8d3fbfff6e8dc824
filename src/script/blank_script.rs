//! Writes an empty script to be filled in.

use crate::model::text::exact_seconds;

/// A script of `shots` empty shots of equal length in `seconds`: `Shot 1 | 0s–2s` and an empty line for the text. There
/// is at least one shot, and none is shorter than half a second.
pub fn blank_script(shots: u32, seconds: u32) -> String {
    let halves = seconds.max(1).saturating_mul(2);
    let shots = shots.clamp(1, halves);
    let border = |n: u32| exact_seconds(u64::from(halves) * u64::from(n) / u64::from(shots) * 500);
    let shot = |n: u32| format!("Shot {} | {}s–{}s\n\n", n + 1, border(n), border(n + 1));
    (0..shots).map(shot).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::script::read;

    #[test]
    fn the_shots_share_the_time() {
        assert_eq!(
            blank_script(3, 10),
            "Shot 1 | 0s–3s\n\nShot 2 | 3s–6.5s\n\nShot 3 | 6.5s–10s\n\n"
        );
        assert_eq!(blank_script(0, 4), "Shot 1 | 0s–4s\n\n");
    }

    proptest! {
        #[test]
        fn a_fresh_script_reads_back(shots in 1..20_u32, seconds in 4..=15_u32) {
            let script = read(&blank_script(shots, seconds));
            prop_assert_eq!(script.shots.len(), shots.min(seconds * 2) as usize);
            prop_assert_eq!(script.end_ms(), Some(seconds * 1000));
            let mut end = Some(0);
            for shot in &script.shots {
                prop_assert_eq!(shot.start, end);
                prop_assert!(shot.end >= shot.start.map(|start| start + 500));
                end = shot.end;
            }
        }
    }
}
