//! The numbers in words, rows and bars, the same for the command and the workbench.

use crate::model::text::{counted, one_line, whole_seconds};
use crate::model::{Backend, Usd};
use crate::store::{EstimateError, Key, Section, Sums};

/// The most bars of a histogram.
const MAX_BARS: u64 = 8;
/// Widths of a bar that people count in, in seconds.
const WIDTHS: [u64; 13] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/// The headings of the rows of [`row`], after that of the groups.
pub const HEADINGS: [&str; 7] = [
    "takes",
    "saved",
    "failed",
    "kept",
    "spent",
    "per kept take",
    "per kept s",
];

/// Which of [`HEADINGS`] are left out where there is too little room: the greatest first, and those with 0 never.
pub const DROPS: [u8; HEADINGS.len()] = [0, 4, 3, 1, 0, 2, 5];

/// What a group is called.
pub fn name(key: &Key) -> String {
    match key {
        Key::Day(day) => day.to_string(),
        Key::Reel(name) => one_line(name, 32),
        Key::Sweep(Some(number)) => format!("sweep {number}"),
        Key::Sweep(None) => "no sweep".to_owned(),
        Key::Model(slug) => one_line(slug, 32),
    }
}

/// What the groups beyond those that are shown are called: `12 others`.
pub fn others(count: u64) -> String {
    counted(count, "other")
}

/// The cells of a group: one for each of [`HEADINGS`].
pub fn row(backend: Backend, sums: &Sums) -> [String; HEADINGS.len()] {
    let share = |share: Option<String>| share.unwrap_or_else(|| "-".to_owned());
    [
        sums.takes.to_string(),
        sums.saved.to_string(),
        sums.failed.to_string(),
        sums.kept.to_string(),
        spent(backend, sums),
        share(per_kept(backend, sums).map(|(take, _)| take)),
        share(per_kept(backend, sums).map(|(_, second)| second)),
    ]
}

/// `$4.22`, `$4.22 est.` while a part of it is an estimate, `free (live $2.10)`.
pub fn spent(backend: Backend, sums: &Sums) -> String {
    match backend {
        Backend::Sandbox => format!("free (live {})", sums.would_cost),
        Backend::Live if sums.estimated > Usd::ZERO => format!("{} est.", sums.spent),
        Backend::Live => sums.spent.to_string(),
    }
}

/// What a kept take and a second of it cost; `None` where none is kept, and on the sandbox, where everything is free.
fn per_kept(backend: Backend, sums: &Sums) -> Option<(String, String)> {
    let (take, second) = sums.per_kept_take().zip(sums.per_kept_second())?;
    (backend == Backend::Live).then(|| (take.to_string(), second.precise()))
}

/// The sums of a backend as short phrases.
pub fn phrases(section: &Section) -> Vec<String> {
    let sums = &section.groups.total;
    let spent = match section.backend {
        Backend::Sandbox => spent(Backend::Sandbox, sums),
        Backend::Live if sums.estimated > Usd::ZERO => {
            format!("{} spent, {} of it est.", sums.spent, sums.estimated)
        }
        Backend::Live => format!("{} spent", sums.spent),
    };
    let states = [
        (sums.saved, "saved"),
        (sums.failed, "failed"),
        (sums.cancelled, "cancelled"),
        (sums.open(), "not finished"),
    ];
    let states = states.into_iter().filter(|(count, _)| *count > 0);
    let states: Vec<String> = states.map(|(count, state)| format!("{count} {state}")).collect();
    let mut phrases = vec![
        spent,
        format!("{}: {}", counted(sums.takes, "take"), states.join(", ")),
    ];
    phrases.push(match (sums.kept, per_kept(section.backend, sums)) {
        (0, _) => "none kept".to_owned(),
        (kept, None) => format!("{kept} kept, {} s", sums.kept_seconds),
        (kept, Some((take, second))) => format!(
            "{kept} kept, {} s: {take} a kept take, {second} a kept second",
            sums.kept_seconds
        ),
    });
    phrases.extend(section.estimates.as_ref().map(against_estimates));
    phrases
}

/// `bills against estimates: +0.3% (median), −0.1% to +2.0%, 10 bills`.
fn against_estimates(error: &EstimateError) -> String {
    let bills = counted(error.bills, "bill");
    let [median, least, most] = [error.median, error.least, error.most].map(percent);
    if error.least == error.most {
        return format!("bills against estimates: {median}, {bills}");
    }
    format!("bills against estimates: {median} (median), {least} to {most}, {bills}")
}

/// Tenths of a percent with their sign: `+0.1%`, `−12.0%`, `0.0%`.
fn percent(tenths: i64) -> String {
    let sign = match tenths.signum() {
        1 => "+",
        -1 => "−",
        _ => "",
    };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}%", tenths / 10, tenths % 10)
}

/// How many waits lie between two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub from_s: u64,
    /// Not included; `None` for the last bar, which has all longer ones.
    pub to_s: Option<u64>,
    pub takes: u64,
}

/// How long takes took, in bars of equal width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    pub takes: u64,
    /// Half of them took no longer, in milliseconds.
    pub median_ms: u64,
    pub bars: Vec<Bar>,
}

impl Histogram {
    /// The histogram of waits in milliseconds; `None` without any. Those above three times the median share the last bar, so
    /// that one of hours does not hide how the others differ.
    pub fn of(waits_ms: &[u64]) -> Option<Self> {
        let mut waits = waits_ms.to_vec();
        waits.sort_unstable();
        let median_ms = *waits.get(waits.len().checked_sub(1)? / 2)?;
        let seconds: Vec<u64> = waits.iter().map(|ms| whole_seconds(*ms)).collect();
        let (first, last) = (*seconds.first()?, *seconds.last()?);
        let bound = whole_seconds(median_ms).max(1).saturating_mul(3);
        let usual = seconds
            .iter()
            .rfind(|wait| **wait <= bound)
            .copied()
            .unwrap_or(first);
        let spans = |width: u64| usual / width - first / width + 1;
        // One bar is left for those that took longer than usual.
        let fits = |width: &&u64| spans(**width) < MAX_BARS;
        let widest = || usual.div_ceil(MAX_BARS - 2).max(1);
        let width = WIDTHS.iter().find(fits).copied().unwrap_or_else(widest);
        let start = first / width * width;
        let count = spans(width);
        let mut bars: Vec<Bar> = (0..count)
            .map(|at| Bar {
                from_s: start + at * width,
                to_s: Some(start + (at + 1) * width),
                takes: 0,
            })
            .collect();
        let end = start + count * width;
        if last >= end {
            bars.push(Bar {
                from_s: end,
                to_s: None,
                takes: 0,
            });
        }
        for wait in &seconds {
            let at = usize::try_from((wait - start) / width).unwrap_or(usize::MAX);
            let at = at.min(bars.len() - 1);
            bars[at].takes += 1;
        }
        Some(Self {
            takes: waits.len() as u64,
            median_ms,
            bars,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(waits: &[u64]) -> Vec<(u64, Option<u64>, u64)> {
        let histogram = Histogram::of(waits).unwrap();
        let bars = histogram.bars.iter();
        bars.map(|bar| (bar.from_s, bar.to_s, bar.takes)).collect()
    }

    #[test]
    fn bars_have_a_width_that_people_count_in() {
        assert_eq!(Histogram::of(&[]), None);
        assert_eq!(bars(&[250, 900]), [(0, Some(1), 2)]);
        assert_eq!(
            bars(&[61_000, 89_999, 95_000, 130_000]),
            [
                (60, Some(75), 1),
                (75, Some(90), 1),
                (90, Some(105), 1),
                (105, Some(120), 0),
                (120, Some(135), 1)
            ]
        );
    }

    #[test]
    fn a_wait_of_hours_does_not_hide_the_others() {
        let mut waits: Vec<u64> = (0..39).map(|n| 60_000 + n * 1000).collect();
        waits.push(7 * 3_600_000);
        let bars = bars(&waits);
        assert_eq!(bars[0], (60, Some(70), 10));
        assert_eq!(bars.last(), Some(&(100, None, 1)));
    }

    #[test]
    fn every_wait_is_in_one_of_a_few_bars() {
        let seed = fastrand::u64(..);
        let mut random = fastrand::Rng::with_seed(seed);
        for _ in 0..1000 {
            let longest = 1 << random.u32(1..36);
            let count = random.usize(1..80);
            let waits: Vec<u64> = (0..count).map(|_| random.u64(0..longest)).collect();
            let histogram = Histogram::of(&waits).unwrap();
            let sum: u64 = histogram.bars.iter().map(|bar| bar.takes).sum();
            assert_eq!(sum, waits.len() as u64, "seed {seed}");
            assert!(
                histogram.bars.len() as u64 <= MAX_BARS,
                "seed {seed}: {histogram:?}"
            );
            for pair in histogram.bars.windows(2) {
                assert_eq!(pair[0].to_s, Some(pair[1].from_s), "seed {seed}");
            }
        }
    }

    #[test]
    fn percents_have_a_sign() {
        assert_eq!([3, -120, 0].map(percent), ["+0.3%", "−12.0%", "0.0%"]);
    }
}
