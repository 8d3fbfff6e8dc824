//! A last mark that only says where the script ends, as in `0s: a cat`, `6s: a dog`, `10s: end`.

use super::heading::Heading;
use super::{Shot, WrittenTimes};

/// Words that are no shot.
const ENDS: [&str; 22] = [
    "end",
    "the end",
    "ends",
    "cut",
    "end of clip",
    "end of video",
    "stop",
    "out",
    "ende",
    "fin",
    "fine",
    "fim",
    "конец",
    "结束",
    "結束",
    "完",
    "终",
    "終わり",
    "終了",
    "끝",
    "kết thúc",
    "son",
];

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
    if !is_mark(last) || !is_mark(before) || !ENDS.contains(&words.as_str()) {
        return;
    }
    before.written.end = last.written.start.take();
    before.end = last.start;
    shots.pop();
    headings.pop();
}
