//! Rules about the timeline: gaps and overlaps, and whether it fits the take.

use std::ops::Range;

use crate::model::invalid::accepted;
use crate::model::{Complaint, Model, Rule, Seconds};
use crate::script::{Fit, Shot, Timing};

use crate::script::lint::{Fix, Look, seconds, split_clips, text_fixes};

/// How long a take may continue after its last shot, in milliseconds.
const MAX_SLACK_MS: u32 = 1000;

pub(super) fn check(look: &mut Look<'_>) {
    ends(look);
    order(look);
    numbers(look);
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
    let (span, take, model) = (end_of(last), look.form.duration, look.form.model);
    let holds = script.smallest_duration(model);
    match (script.fit(take), holds) {
        (Fit::Over(_), None) => {
            let max_ms = model.max_ms();
            let clips = split_clips::groups(script, max_ms).len();
            let can_split = (2..=split_clips::MAX_CLIPS).contains(&clips);
            let longer = Model::all().into_iter().find_map(|model| {
                let length = script.smallest_duration(model)?;
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
            let what = format!(
                "the timeline ends at {}, and a take lasts at most {}",
                seconds(end),
                seconds(max_ms)
            );
            look.add(Rule::OverCap, span, Complaint::new(what, next), fixes);
        }
        (Fit::Over(_), Some(holds)) => {
            let message = Complaint::new(
                format!("the timeline ends at {}, the take at {take} s", seconds(end)),
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
    let first = script.shots.first().and_then(|shot| Some((shot, shot.start?)));
    if let Some((shot, start)) = first.filter(|(_, start)| *start > 0) {
        let message = Complaint::new(
            format!("the first shot starts at {}", seconds(start)),
            "start at 0",
        );
        look.add(Rule::LateStart, start_of(shot), message, Vec::new());
    }
    let mut latest: Option<u32> = None;
    for shot in &script.shots {
        let (Some(start), number) = (shot.start, shot.number) else {
            continue;
        };
        if let Some(before) = latest {
            if start > before {
                let message = Complaint::new(
                    format!("nothing happens from {} to {}", seconds(before), seconds(start)),
                    format!("close the gap before shot {number}"),
                );
                look.add(Rule::Gap, start_of(shot), message, Vec::new());
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
        if let Some(end) = shot.end.filter(|end| *end <= start) {
            let what = format!(
                "shot {number} ends at {}, but starts at {}",
                seconds(end),
                seconds(start)
            );
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
        if let Some(at) = shot.written.number.clone().filter(|_| shot.number != expected) {
            let what = format!("shot {} is where shot {expected} is expected", shot.number);
            let message = Complaint::new(what, "renumber the shots");
            look.add(Rule::ShotNumbers, at, message, vec![Fix::Renumber]);
            return;
        }
        expected = expected.saturating_add(1);
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
