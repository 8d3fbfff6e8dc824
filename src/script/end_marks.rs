//! A last mark that only says where the script ends, as in `0s: a cat`, `6s: a dog`, `10s: end`.

use super::heading::Heading;
use super::languages;
use super::{Shot, WrittenTimes};

/// Further words that are no shot when they are all that follows a mark.
const MARKS: [&str; 6] = ["ends", "cut", "end of clip", "end of video", "stop", "out"];

/// Makes the time of such a mark the end of the shot before it.
pub(super) fn apply(text: &str, headings: &mut Vec<Heading>, shots: &mut Vec<Shot>) {
    let [.., before, last] = &mut shots[..] else {
        return;
    };
    let words = text.get(last.text.clone()).unwrap_or_default();
    let words = words.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_mark = |shot: &Shot| {
        matches!(
            shot.written,
            WrittenTimes {
                start: Some(_),
                end: None,
                length: None,
                open: false,
                ..
            }
        )
    };
    if !is_mark(last) || !is_mark(before) || !is_end(&words) {
        return;
    }
    before.written.end = last.written.start.take();
    before.end = last.start;
    shots.pop();
    headings.pop();
}

/// Whether these words in lower case only say that the script ends.
fn is_end(words: &str) -> bool {
    MARKS.contains(&words) || languages::words(|language| language.ends).any(|end| end == words)
}
