//! Compares a video with its request: its length, and its size in pixels. Pure.

use crate::media::MovieInfo;
use crate::model::seconds::length;
use crate::model::{AspectRatio, Take};

/// A video may be this much longer or shorter than asked for: providers add a frame, and round.
const TOLERANCE_MS: u64 = 500;
/// The key under which the body of an imported generation is kept when it could not be read.
pub const AS_SENT: &str = "as_sent";

/// How long the video of `take` should be; `None` where its request could not be read.
pub fn length_ms(take: &Take) -> Option<u64> {
    let is_read = take.body.get(AS_SENT).is_none();
    is_read.then(|| u64::from(take.duration.ms()))
}

/// Whether `got` milliseconds are close enough to `wanted`.
const fn is_length(got: u64, wanted: Option<u64>) -> bool {
    match wanted {
        Some(wanted) => got.abs_diff(wanted) <= TOLERANCE_MS,
        None => true,
    }
}

/// What is wrong with the video's length, in words.
pub fn wrong_length(got: u64, wanted: Option<u64>) -> Option<String> {
    let wanted = wanted.filter(|_| !is_length(got, wanted))?;
    Some(format!(
        "the video is {} long and {} were asked for",
        length(got),
        length(wanted)
    ))
}

/// The video's header in words, with the usual size if it has another.
pub fn in_words(take: &Take, info: &MovieInfo) -> String {
    let size = (info.width, info.height);
    let is_free = take.aspect_ratio == AspectRatio::ADAPTIVE || take.body.get(AS_SENT).is_some();
    let asked = take.model.pixels(take.resolution, take.aspect_ratio);
    let other = match asked.filter(|asked| *asked != size && !is_free) {
        Some((width, height)) => format!(" ({width}×{height} is usual for it)"),
        None => String::new(),
    };
    format!(
        "{}×{}{other}, {} ms, {} bytes",
        size.0, size.1, info.duration_ms, info.bytes
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_more_is_the_length_and_a_second_less_is_not() {
        for (got, good) in [
            (4000, true),
            (4042, true),
            (4500, true),
            (3500, true),
            (3499, false),
            (5000, false),
        ] {
            assert_eq!(is_length(got, Some(4000)), good, "{got}");
            assert_eq!(wrong_length(got, Some(4000)).is_none(), good, "{got}");
            assert!(is_length(got, None));
        }
        let said = wrong_length(2960, Some(4000)).unwrap();
        assert_eq!(said, "the video is 2.9 s long and 4 s were asked for");
    }
}
