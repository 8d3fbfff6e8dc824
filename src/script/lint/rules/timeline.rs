//! Rules about the timeline: gaps and overlaps, and whether it fits the take.

use std::ops::Range;

use crate::model::invalid::accepted;
use crate::model::text::quoted;
use crate::model::{Complaint, Model, Rule, Seconds};
use crate::script::{Fit, Shot, Timing};

use crate::script::lint::{Fix, Look, seconds, split_clips, text_fixes};

/// How long a take may continue after its last shot, in milliseconds.
const MAX_SLACK_MS: u32 = 1000;

pub(super) fn check(look: &mut Look<'_>) {
    if look.script.clips.len() > 1 {
        several_clips(look);
    } else {
        ends(look);
    }
    order(look);
    numbers(look);
    stated(look);
    unread(look);
}

/// Says that the text has the scripts of several clips.
fn several_clips(look: &mut Look<'_>) {
    let clips = split_clips::groups(look.script, look.form.model.max_ms()).len();
    let Some(second) = look
        .script
        .clips
        .get(1)
        .and_then(|clip| look.script.shots.get(clip.start))
    else {
        return;
    };
    let message = Complaint::new(
        format!(
            "the times start again at 0: these are the scripts of {} clips",
            look.script.clips.len()
        ),
        "make a take of each",
    );
    let fixes = (clips <= split_clips::MAX_CLIPS).then_some(Fix::Split(clips));
    look.add(
        Rule::SeveralClips,
        start_of(second),
        message,
        fixes.into_iter().collect(),
    );
}

/// Compares the length that the text states with the take's.
fn stated(look: &mut Look<'_>) {
    let take = look.form.duration;
    let Some(stated) = look.script.stated.clone() else {
        return;
    };
    let is_meant = look.is_meant(stated.at.start) && !is_shown_within(look.text, stated.at.end);
    if stated.ms == take.ms() || look.script.clips.len() > 1 || !is_meant {
        return;
    }
    // A take of the stated length would be too short for the timeline.
    let end = look.script.end_ms().filter(|end| *end > stated.ms);
    if let Some(end) = end {
        let what = format!(
            "the text says {}, but its timeline ends at {}",
            seconds(stated.ms),
            seconds(end)
        );
        look.add(
            Rule::StatedLength,
            stated.at,
            Complaint::new(what, "change one of them"),
            Vec::new(),
        );
        return;
    }
    let what = format!(
        "the text says {}, but the duration is {take} s",
        seconds(stated.ms)
    );
    let exact = look
        .form
        .model
        .shortest_for(stated.ms)
        .filter(|length| length.ms() == stated.ms);
    let next = match exact {
        Some(length) => format!("set the duration to {length} s, or change the text"),
        None => "change one of them".to_owned(),
    };
    let fixes = exact.map(Fix::Duration).into_iter().collect();
    look.add(Rule::StatedLength, stated.at, Complaint::new(what, next), fixes);
}

/// Whether what has the stated length is shown on a screen within the picture: `a 20-second clip on her phone`.
fn is_shown_within(text: &str, at: usize) -> bool {
    const NEAR: usize = 60;
    const SCREENS: [&str; 10] = [
        "phone",
        "tv",
        "television",
        "screen",
        "laptop",
        "tablet",
        "billboard",
        "monitor",
        "手机",
        "电视",
    ];
    let near = &text[at..text.floor_char_boundary(at + NEAR)];
    let clause = near
        .split(['.', ',', ';', '\n', '。', '，'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let is_on = [
        " on the ",
        " on a ",
        " on her ",
        " on his ",
        " on their ",
        "plays on",
        "在",
    ]
    .iter()
    .any(|on| clause.contains(on));
    is_on && SCREENS.iter().any(|screen| clause.contains(screen))
}

/// Says that there are times in the text that no shot was read from.
fn unread(look: &mut Look<'_>) {
    if let Some(at) = look.script.unread.clone() {
        let time = quoted(look.text.get(at.clone()).unwrap_or_default(), 40);
        let message = Complaint::new(
            format!("{time} looks like the time of a shot, but was not read as one"),
            "begin a line with each time, as in `0-3s: …`",
        );
        look.add(Rule::UnreadTimes, at, message, Vec::new());
    }
}

/// The bytes of the time at which a shot ends, or of its heading.
fn end_of(shot: &Shot) -> Range<usize> {
    let written = &shot.written;
    let stamp = written
        .end
        .as_ref()
        .or(written.length.as_ref())
        .or(written.start.as_ref());
    stamp.map_or_else(|| shot.heading.clone(), |stamp| stamp.at.clone())
}

/// The bytes of the time at which a shot starts, or of its heading.
fn start_of(shot: &Shot) -> Range<usize> {
    let written = &shot.written;
    let stamp = written.start.as_ref().or(written.length.as_ref());
    stamp.map_or_else(|| shot.heading.clone(), |stamp| stamp.at.clone())
}

/// Compares the timeline's end with the take's.
fn ends(look: &mut Look<'_>) {
    let script = look.script;
    let Some(end) = script.end_ms() else { return };
    let Some(last) = script
        .shots
        .iter()
        .rev()
        .find(|shot| shot.end.max(shot.start) == Some(end))
    else {
        return;
    };
    let from = script.continues_from();
    let what_ends = match from {
        Some(start) => format!("the timeline is {} long", seconds(end.saturating_sub(start))),
        None => format!("the timeline ends at {}", seconds(end)),
    };
    let (span, take, model) = (end_of(last), look.form.duration, look.form.model);
    let holds = script.shortest_take(model);
    match (script.fit(take), holds) {
        (Fit::Over(_), None) => {
            let max_ms = model.max_ms();
            let clips = split_clips::groups(script, max_ms).len();
            let can_split = (2..=split_clips::MAX_CLIPS).contains(&clips);
            let longer = Model::all().into_iter().find_map(|model| {
                let length = script.shortest_take(model)?;
                Some((model, length))
            });
            let mut fixes = vec![Fix::Squeeze(max_ms)];
            if can_split {
                fixes.insert(0, Fix::Split(clips));
            }
            fixes.extend(longer.map(|(model, length)| Fix::LongerModel(model, length)));
            let mut ways: Vec<String> = Vec::new();
            ways.extend(can_split.then(|| format!("split it into {clips} clips")));
            ways.push("squeeze it".to_owned());
            ways.extend(
                longer.map(|(model, _)| {
                    format!("use {}, which takes {}", model.slug(), seconds(model.max_ms()))
                }),
            );
            let next = accepted(ways.into_iter());
            let what = format!("{what_ends}, and a take lasts at most {}", seconds(max_ms));
            look.add(Rule::OverCap, span, Complaint::new(what, next), fixes);
        }
        (Fit::Over(_), Some(holds)) => {
            let message = Complaint::new(
                match from {
                    Some(_) => format!("{what_ends}, the take {take} s"),
                    None => format!("{what_ends}, the take at {take} s"),
                },
                format!("set the duration to {holds} s, or squeeze it"),
            );
            look.add(
                Rule::Overrun,
                span,
                message,
                vec![Fix::Duration(holds), Fix::Squeeze(look.take_ms())],
            );
        }
        // Shots without times may fill the rest.
        (Fit::Short(by), holds) if script.shots.iter().all(|shot| shot.start.is_some()) => {
            short(look, span, end, by, holds);
        }
        _ => {}
    }
}

fn short(look: &mut Look<'_>, span: Range<usize>, end: u32, by: u32, holds: Option<Seconds>) {
    let take = look.form.duration;
    let stretch = Fix::Stretch(look.take_ms());
    let shorter = holds.filter(|holds| *holds < take);
    let fixes = match shorter {
        Some(holds) if holds.ms() <= end + MAX_SLACK_MS => vec![Fix::Duration(holds), stretch],
        Some(holds) => vec![stretch, Fix::Duration(holds)],
        None => vec![stretch],
    };
    let next = match shorter {
        Some(holds) => format!("set the duration to {holds} s, or stretch it"),
        None => "no shorter duration holds it, so stretch it if the end should not be empty".to_owned(),
    };
    let what = format!(
        "the timeline ends at {}, {} before the take",
        seconds(end),
        seconds(by)
    );
    look.add(Rule::ShortTimeline, span, Complaint::new(what, next), fixes);
}

/// Finds late starts, gaps, overlaps and ranges that run backwards.
fn order(look: &mut Look<'_>) {
    let script = look.script;
    if script.timing == Timing::None {
        return;
    }
    let is_inclusive = script.is_inclusive();
    if is_inclusive {
        inclusive(look);
    }
    for clip in &script.clips {
        let shots = &script.shots[clip.clone()];
        if !is_inclusive {
            late(look, shots);
        }
        between(look, shots, is_inclusive);
    }
}

/// Notes that the times count whole seconds inclusively.
fn inclusive(look: &mut Look<'_>) {
    let Some(second) = look.script.shots.get(1) else {
        return;
    };
    let message = Complaint::new(
        "the times count each second inclusively, so that a second seems to be missing between the shots",
        "end each shot where the next one starts",
    );
    look.add(
        Rule::InclusiveSeconds,
        start_of(second),
        message,
        vec![Fix::CloseGaps],
    );
}

/// Finds a first shot that does not start at 0.
fn late(look: &mut Look<'_>, shots: &[Shot]) {
    let Some((shot, start)) = shots
        .first()
        .and_then(|shot| Some((shot, shot.start?)))
        .filter(|(_, start)| *start > 0)
    else {
        return;
    };
    let continues = look.script.continues_from().is_some();
    let what = if continues {
        format!(
            "the times start at {}, as if they continued another take",
            seconds(start)
        )
    } else {
        format!("the first shot starts at {}", seconds(start))
    };
    // Where the take has room for the times as they are written, it may be meant to begin before the first shot.
    let overruns = look.script.end_ms().is_some_and(|end| end > look.take_ms());
    let (next, fix) = if continues && overruns {
        ("count the times from 0", Fix::Shift)
    } else {
        ("start at 0", Fix::StartAtZero)
    };
    look.add(
        Rule::LateStart,
        start_of(shot),
        Complaint::new(what, next),
        vec![fix],
    );
}

/// Finds gaps, overlaps and ranges that run backwards in the shots of one clip.
fn between(look: &mut Look<'_>, shots: &[Shot], is_inclusive: bool) {
    let mut latest: Option<u32> = None;
    // A gap beside a range that runs backwards may not be one.
    let runs_backwards = |shot: &Shot| shot.end.is_some_and(|end| Some(end) < shot.start);
    let closes: Vec<Fix> = if shots.iter().any(runs_backwards) {
        Vec::new()
    } else {
        vec![Fix::CloseGaps]
    };
    for shot in shots {
        let (Some(start), number) = (shot.start, shot.number) else {
            continue;
        };
        // A range that runs backwards is turned round first.
        let begins = shot.end.map_or(start, |end| end.min(start));
        if let Some(before) = latest {
            if begins > before && !is_inclusive {
                let message = Complaint::new(
                    format!("nothing happens from {} to {}", seconds(before), seconds(begins)),
                    format!("close the gap before shot {number}"),
                );
                look.add(Rule::Gap, start_of(shot), message, closes.clone());
            } else if start < before {
                let what = format!(
                    "shot {number} starts at {}, before the previous shot ends at {}",
                    seconds(start),
                    seconds(before)
                );
                let message = Complaint::new(what, "re-time it");
                look.add(Rule::Overlap, start_of(shot), message, Vec::new());
            }
        }
        if let Some(end) = shot.end.filter(|end| *end <= start && !is_inclusive) {
            let what = if end == start {
                format!(
                    "shot {number} has no length: it starts and ends at {}",
                    seconds(end)
                )
            } else {
                format!(
                    "shot {number} ends at {}, but starts at {}",
                    seconds(end),
                    seconds(start)
                )
            };
            let message = Complaint::new(what, "correct its end");
            look.add(Rule::ReversedRange, end_of(shot), message, vec![Fix::Retime]);
        }
        let end = shot.end.map_or(start, |end| end.max(start));
        latest = Some(latest.map_or(
            end,
            |latest| if shot.end.is_some() { end } else { latest.max(end) },
        ));
    }
}

/// Finds a shot whose number is not one more than the number before.
fn numbers(look: &mut Look<'_>) {
    let mut expected = text_fixes::first_number(look.script);
    for shot in &look.script.shots {
        if let Some(at) = shot
            .written
            .number
            .clone()
            .filter(|_| shot.number != expected && shot.number != 1)
        {
            let what = format!("shot {} is where shot {expected} is expected", shot.number);
            let message = Complaint::new(what, "renumber the shots");
            look.add(Rule::ShotNumbers, at, message, vec![Fix::Renumber]);
            return;
        }
        expected = shot.last_number.saturating_add(1);
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
