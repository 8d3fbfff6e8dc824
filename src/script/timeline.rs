//! When each shot starts and ends, and whether the script fits the length of a take.

use std::ops::Range;

use super::{Script, Shot, Timing, WrittenTimes};
use crate::model::{Model, Seconds};

/// How the shots fit into the length of a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    NoShots,
    /// There are this many shots, and none of them has a time.
    Untimed(usize),
    Fits,
    /// The last shot ends this many milliseconds after the take.
    Over(u32),
    /// The last shot ends this many milliseconds, more than a second, before the take.
    Short(u32),
}

/// How much earlier than the take a script may end without a remark, in milliseconds.
const SLACK_MS: u32 = 1000;
/// A timeline that starts this late continues another take, because none is shorter, in milliseconds.
pub(super) const MIN_CONTINUED_MS: u32 = 4000;
/// A timeline that ends within this fits a take of the usual length as it is, in milliseconds.
const MAX_USUAL_MS: u32 = 15_000;
/// In milliseconds.
const SECOND_MS: u32 = 1000;

impl Script {
    /// Where the last timed shot ends, or starts if its end is unknown, in milliseconds. `None` when no shot is timed.
    pub fn end_ms(&self) -> Option<u32> {
        last_end(&self.shots)
    }

    /// The model's shortest length that the script fits: with room for every timed shot, or the length that the text states
    /// where shots have no times. `None` when neither is known, when no take is long enough, or when there are several
    /// clips.
    pub fn smallest_duration(&self, model: Model) -> Option<Seconds> {
        let is_timed = !self.shots.is_empty() && self.shots.iter().all(|shot| shot.start.is_some());
        match (&self.stated, self.clips.len()) {
            (_, 2..) => None,
            _ if is_timed => self.shortest_take(model),
            (Some(stated), _) => model.shortest_for(stated.ms),
            (None, _) => None,
        }
    }

    /// The model's shortest length that has room for every timed shot.
    pub(super) fn shortest_take(&self, model: Model) -> Option<Seconds> {
        model.shortest_for(self.needed_ms())
    }

    /// Where the timeline starts, in milliseconds, if it is so late that it continues the script of another take, and does not fit
    /// one from 0, as in `15-20s`, `20-25s`, `25-30s`; it is then as long as its span.
    pub fn continues_from(&self) -> Option<u32> {
        let start = self
            .shots
            .first()?
            .start
            .filter(|start| *start >= MIN_CONTINUED_MS)?;
        let follows = |pair: &[Shot]| pair[0].end.is_some() && pair[0].end <= pair[1].start;
        let is_late = self.written_ms() > MAX_USUAL_MS && self.clips.len() == 1;
        (is_late && self.shots.windows(2).all(follows)).then_some(start)
    }

    /// Whether the times count whole seconds inclusively, as in `0-2s`, `3-6s`, `7-10s`.
    pub fn is_inclusive(&self) -> bool {
        let times: Vec<(u32, u32)> = self
            .shots
            .iter()
            .filter_map(|shot| match (&shot.written.start, &shot.written.end) {
                (Some(start), Some(end)) if start.form.is_whole() && end.form.is_whole() => {
                    Some((start.ms, end.ms))
                }
                _ => None,
            })
            .collect();
        times.len() > 1
            && times.len() == self.shots.len()
            && times[0].0 <= SECOND_MS
            && times.iter().all(|(start, end)| start <= end)
            && times.windows(2).all(|pair| pair[1].0 == pair[0].1 + SECOND_MS)
    }

    /// How the script fits into a take of `duration`.
    pub fn fit(&self, duration: Seconds) -> Fit {
        let take = duration.ms();
        if self.shots.is_empty() {
            return Fit::NoShots;
        }
        if self.timing == Timing::None {
            return Fit::Untimed(self.shots.len());
        }
        let written = self.written_ms();
        let needed = if written > take { self.needed_ms() } else { written };
        let is_open = self.shots.last().is_some_and(|shot| shot.end.is_none());
        match needed.cmp(&take) {
            std::cmp::Ordering::Greater => Fit::Over(needed - take),
            _ if !is_open && take.saturating_sub(written) > SLACK_MS => Fit::Short(take - written),
            _ => Fit::Fits,
        }
    }

    /// Every shot of the first clip with a start and an end in milliseconds, for a take of `duration_ms`. Written times stay,
    /// even after the take's end, unless they continue another take; shots without times share the room between them evenly.
    pub fn spread(&self, duration_ms: u32) -> Vec<(Shot, u32, u32)> {
        let shots = self
            .clips
            .first()
            .map_or(&self.shots[..], |clip| &self.shots[clip.clone()]);
        let mut starts: Vec<Option<u32>> = shots.iter().map(|shot| shot.start).collect();
        let last = last_end(shots).unwrap_or(0);
        let earlier = self.continues_from().filter(|_| last > duration_ms).unwrap_or(0);
        let whole = duration_ms.max(last);
        let mut n = 0;
        while n < starts.len() {
            let before = n.checked_sub(1).and_then(|last| shots[last].end.or(starts[last]));
            let run = starts[n..].iter().take_while(|start| start.is_none()).count();
            if run > 0 {
                let from = before.unwrap_or(0);
                let to = starts.get(n + run).copied().flatten().unwrap_or(whole);
                // A shot whose end is unknown shares the room with those after it.
                let open = n.checked_sub(1).is_some_and(|last| shots[last].end.is_none());
                share(&mut starts[n..n + run], from, to.max(from), open);
            }
            n += run.max(1);
        }
        let ends = starts.iter().skip(1).copied().chain([Some(whole)]);
        let timed = shots.iter().zip(&starts).zip(ends);
        timed
            .map(|((shot, start), next)| {
                let start = start.unwrap_or(0);
                let end = shot.end.or(next).unwrap_or(whole).max(start);
                (
                    shot.clone(),
                    start.saturating_sub(earlier),
                    end.saturating_sub(earlier),
                )
            })
            .collect()
    }

    /// The room that the timed shots need: less than where they end if they continue another take.
    fn needed_ms(&self) -> u32 {
        self.written_ms()
            .saturating_sub(self.continues_from().unwrap_or(0))
    }

    /// Where the timed shots end; a shot without an end needs a millisecond.
    fn written_ms(&self) -> u32 {
        let need = |shot: &Shot| {
            shot.end.max(
                shot.start
                    .map(|start| start.saturating_add(u32::from(shot.end.is_none()))),
            )
        };
        self.shots.iter().filter_map(need).max().unwrap_or(0)
    }
}

/// Where the last of these shots ends, or starts if its end is unknown, in milliseconds.
fn last_end(shots: &[Shot]) -> Option<u32> {
    shots.iter().filter_map(|shot| shot.end.max(shot.start)).max()
}

/// Spreads `starts` evenly from `from` to `to`; when `open`, the shot before takes the first share.
fn share(starts: &mut [Option<u32>], from: u32, to: u32, open: bool) {
    let first = usize::from(open);
    let parts = (starts.len() + first) as u64;
    for (n, start) in starts.iter_mut().enumerate() {
        let offset = u64::from(to - from) * (n + first) as u64 / parts;
        *start = Some(from + u32::try_from(offset).unwrap_or(u32::MAX));
    }
}

/// Fills in the times that are not written: starts from the lengths before, ends from the next start.
pub(super) fn resolve(shots: &mut [Shot], clips: &[Range<usize>]) -> Timing {
    let mut clock = Some(0_u32);
    for (n, shot) in shots.iter_mut().enumerate() {
        if clips.binary_search_by_key(&n, |clip| clip.start).is_ok() {
            clock = Some(0);
        }
        if let (None, Some(length)) = (&shot.written.start, &shot.written.length) {
            shot.start = clock;
            shot.end = clock.map(|start| start.saturating_add(length.ms));
        }
        clock = shot.end;
    }
    for n in 1..shots.len() {
        let next = shots[n].start;
        let open = &mut shots[n - 1];
        if open.end.is_none() && open.start.is_some() {
            open.end = next.filter(|next| Some(*next) >= open.start);
        }
    }
    let has = |kind: fn(&WrittenTimes) -> bool| shots.iter().any(|shot| kind(&shot.written));
    if has(|w| w.start.is_some() && (w.end.is_some() || w.open)) {
        Timing::Ranges
    } else if has(|w| w.length.is_some()) {
        Timing::Durations
    } else if has(|w| w.start.is_some()) {
        Timing::Marks
    } else {
        Timing::None
    }
}
