//! What ranges of numbers are of, when they are not of seconds: `0-24 frames`, `0-3岁`.

use super::source::{Source, is_blank, is_dash};

/// What ranges of other things than seconds are followed by.
const OTHER_UNITS: [&str; 61] = [
    "frames", "frame", "fps", "fr", "years", "year", "yrs", "months", "weeks", "days", "hours", "hour",
    "hrs", "h", "minutes", "min", "mins", "people", "persons", "times", "points", "goals", "steps", "pages",
    "metres", "meters", "m", "km", "cm", "mm", "feet", "ft", "miles", "percent", "degrees", "age", "ages",
    "floor", "floors", "level", "page", "row", "chapter", "verse", "track", "bar", "bars", "岁", "歲", "歳",
    "才", "층", "层", "楼", "階", "米", "元", "厘米", "毫米", "公里", "℃",
];

/// Whether a unit of something else than time in seconds stands at `i`.
pub(super) fn is_other_unit(source: &Source, i: usize) -> bool {
    let word = source.eat_run(i, 2, |c| is_blank(c) || is_dash(c));
    source.at(word) == Some('%')
        || OTHER_UNITS.iter().any(|unit| {
            source
                .word(word, unit)
                .is_some_and(|end| !source.goes_on(end) || !unit.is_ascii())
        })
}
