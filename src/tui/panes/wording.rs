//! The words for states, prices and times, the same in every pane.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::bill::percent_off;
pub use crate::model::text::bytes;
use crate::model::text::one_line;
use crate::model::{Backend, Take, TakeState, Usd};
use crate::store::SweepRow;
use crate::tui::canvas::Ctx;
use crate::tui::glyphs::Glyphs;
use crate::tui::state::State;
use crate::tui::widgets::time;

/// When the video of a take was deleted from the bin: `14:22`.
pub fn deleted_at(take: &Take, now: Timestamp, zone: &TimeZone) -> Option<String> {
    Some(time::of_day(take.emptied_at?, now, zone))
}

/// What a take that is not billed may cost: `$0.71`, `$0.42 to $1.34`, or `free` on the sandbox.
pub fn may_cost(take: &Take) -> String {
    match take.backend {
        Backend::Sandbox => "free".to_owned(),
        Backend::Live => take.price_in_words().trim_end_matches(" est.").to_owned(),
    }
}

/// What the value of a take in a sweep is shortened to where there is little room.
pub const SHORT_VALUE: usize = 8;

/// `sweep 9`, and `4 of 6 saved · $2.11 · 1 circled`.
pub fn sweep(row: &SweepRow, glyphs: &Glyphs) -> (String, String) {
    let progress = &row.progress;
    let mut words = vec![
        format!("{} of {} saved", progress.saved, progress.takes),
        sweep_cost(row),
    ];
    let counts = [
        (progress.failed, "failed"),
        (progress.cancelled, "cancelled"),
        (progress.circled, "circled"),
        (progress.rejected, "rejected"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    words.extend(counts.map(|(count, what)| format!("{count} {what}")));
    if row.sweep.varies != "seed" {
        words.push(one_line(&row.sweep.varies, 30));
    }
    words.extend(row.sweep.pair.map(|pair| format!("seeds of sweep {pair}")));
    words.retain(|word| !word.is_empty());
    (
        format!("sweep {}", row.sweep.number),
        words.join(&format!(" {} ", glyphs.dot)),
    )
}

/// `first by 14:02, last by 14:09`: when the first and the last take of a sweep are expected that are not saved yet.
pub fn done(state: &State, row: &SweepRow, ctx: &Ctx<'_>) -> Option<String> {
    let (first, last) = state.sweep_finish(row.sweep.number)?;
    let (first, last) = (
        time::of_day(first, first, ctx.zone),
        time::of_day(last, last, ctx.zone),
    );
    Some(if first == last {
        format!("done by {last}")
    } else {
        format!("first by {first}, last by {last}")
    })
}

/// `$2.11`, `$2.11 est.`, `free`.
fn sweep_cost(row: &SweepRow) -> String {
    let progress = &row.progress;
    if row
        .members
        .iter()
        .all(|member| member.backend == Backend::Sandbox)
    {
        "free".to_owned()
    } else if progress.is_estimate {
        format!("{} est.", progress.cost)
    } else {
        progress.cost.to_string()
    }
}

/// `#hero #"b roll" "her look is right"`: a tag of several words is in quotes, as the filter reads it.
pub fn remarks(take: &Take) -> String {
    let mut words: Vec<String> = take
        .tags
        .iter()
        .map(|tag| {
            let quote = if tag.contains(char::is_whitespace) {
                "\""
            } else {
                ""
            };
            format!("#{quote}{}{quote}", one_line(tag, 40))
        })
        .collect();
    let note = take
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty());
    words.extend(note.map(|note| format!("\"{}\"", one_line(note, 300))));
    words.join(" ")
}

/// `finish within 6 d 23 h`: how long a draft can still be finished as the same shot.
pub fn finishable(take: &Take, now: Timestamp) -> Option<String> {
    let left = time::between(now, take.draft.as_ref()?.expires);
    Some(if left == 0 {
        "can no longer be finished".to_owned()
    } else {
        format!("finish within {}", days(left))
    })
}

/// `≤6 d`: the same where there is little room, in whole days, hours or minutes; nothing when it is too late.
pub fn finishable_in_short(take: &Take, now: Timestamp) -> Option<String> {
    let minutes = time::between(now, take.draft.as_ref()?.expires) / 60_000;
    Some(match (minutes / 1440, minutes / 60, minutes) {
        (0, 0, 0) => return None,
        (0, 0, minutes) => format!("≤{minutes} m"),
        (0, hours, _) => format!("≤{hours} h"),
        (days, ..) => format!("≤{days} d"),
    })
}

/// `480p 10s`.
pub fn size(take: &Take) -> String {
    format!("{} {}s", take.resolution, take.duration)
}

/// `480p 10s`, and of drafts and their finals which they are: `draft 480p 10s`, `final 1080p 10s`.
pub fn kind_and_size(take: &Take) -> String {
    let kind = take.draft_or_final().map(|kind| format!("{kind} "));
    format!("{}{}", kind.unwrap_or_default(), size(take))
}

/// Why a take has no video, `422 bad parameter`; `None` unless it ended without one.
pub fn failure(take: &Take) -> Option<String> {
    if !take.state.settled() || take.state == TakeState::Saved {
        return None;
    }
    let kind = take.error_kind.map(|kind| kind.title().to_owned());
    let said = take.error.as_deref().map(|error| one_line(error, 300));
    let reason = kind.or(said).unwrap_or_default();
    // 200 is the status of a poll that reports the failure.
    let status = take.http_status.filter(|status| *status != 200);
    Some(match status {
        Some(status) => format!("{status} {reason}").trim_end().to_owned(),
        None => reason,
    })
}

/// `6 d 23 h`, below a day `23 h 59 m`.
pub fn days(millis: u64) -> String {
    let minutes = millis / 60_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else {
        format!("{hours} h {minutes} m")
    }
}

/// `+0.1%`: how far the bill is off the estimate; `None` without an estimate.
pub fn off_by(cost: Usd, estimate: Usd, glyphs: &Glyphs) -> Option<String> {
    let off = percent_off(cost, estimate)?;
    let sign = match off.signum() {
        0 => "",
        1 => "+",
        _ => glyphs.minus,
    };
    let tenths = off.unsigned_abs();
    Some(format!("{sign}{}.{}%", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::UNICODE;

    #[test]
    fn bills_are_held_against_estimates() {
        let off = |cost, estimate| off_by(Usd::from_micros(cost), Usd::from_micros(estimate), &UNICODE);
        assert_eq!(off(703_000, 703_080).as_deref(), Some("0.0%"));
        assert_eq!(off(702_000, 703_080).as_deref(), Some("−0.2%"));
        assert_eq!(off(1_100_000, 1_000_000).as_deref(), Some("+10.0%"));
        assert_eq!(off(1, 0), None);
    }

    #[test]
    fn days_count_down() {
        assert_eq!(days(7 * 86_400_000 - 1), "6 d 23 h");
        assert_eq!(days(86_399_999), "23 h 59 m");
        assert_eq!(days(0), "0 h 0 m");
    }
}
