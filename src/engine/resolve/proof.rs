//! When a history that does not show a request proves that it never arrived.
//!
//! This machine's wall clock is not trusted: it may jump. Time counts by the provider's own clock (the `Date` of its
//! responses) and, while this process watches, by a monotonic clock as well.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::engine::context::Context;
use crate::engine::history::matching::{EARLIER, sent_at};
use crate::engine::history::pages::day;
use crate::engine::pauses::Interrupted;
use crate::model::Take;

/// A request whose sender is gone is on its way for less than this. Every process watches an outcome for this long
/// before it concludes "not sent".
const ON_ITS_WAY: Duration = Duration::from_mins(2);
/// Days begin at different times in different time zones.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// The longest span of the history that is asked for (Segmind, request history docs: at most 31 days).
const MAX_SPAN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One unknown outcome being watched.
pub struct Watch {
    certain_after: Duration,
    /// This process sent it, so no time has passed before it began to watch.
    saw_it_sent: bool,
    /// When it began, or when it looked last.
    looked: Instant,
    /// How much was missing for the proof at that moment.
    lacks: Duration,
    first: Option<First>,
    /// How far the provider's clock is ahead of ours, as its last response said.
    pub off: SignedDuration,
    pub told_of_the_clock: bool,
}

/// The first look of this process.
struct First {
    at: Instant,
    /// The provider's time then, where it names it.
    date: Option<Timestamp>,
    /// How long the outcome had been watched before, by the provider's clock.
    before: Duration,
}

impl Watch {
    pub fn new(certain_after: SignedDuration, saw_it_sent: bool) -> Self {
        let certain_after = Duration::try_from(certain_after).unwrap_or_default();
        Self {
            certain_after,
            saw_it_sent,
            looked: Instant::now(),
            lacks: certain_after,
            first: None,
            off: SignedDuration::ZERO,
            told_of_the_clock: false,
        }
    }

    /// How long until a request that arrived is certainly shown.
    pub fn certain_in(&self) -> Duration {
        self.lacks.saturating_sub(self.looked.elapsed())
    }

    /// Whether the last look was late enough to show a request that arrived.
    pub const fn is_certain(&self) -> bool {
        self.lacks.is_zero()
    }

    /// Notes a look that began at `at` and at which the provider's clock showed `date`.
    pub async fn note(
        &mut self,
        context: &Context,
        take: &Take,
        at: Instant,
        date: Option<Timestamp>,
    ) -> Result<(), Interrupted> {
        if self.first.is_none() {
            let before = match date {
                Some(date) => self.watched_before(context, take, date).await?,
                None => Duration::ZERO,
            };
            self.first = Some(First { at, date, before });
        }
        self.looked = at;
        self.lacks = self.lacking(at, date);
        Ok(())
    }

    fn lacking(&self, at: Instant, date: Option<Timestamp>) -> Duration {
        let Some(first) = &self.first else {
            return self.certain_after;
        };
        let watched = at.saturating_duration_since(first.at);
        let watched = match (first.date, date) {
            // Neither clock alone: a jump of either proves nothing.
            (Some(first), Some(date)) => watched.min(between(first, date)),
            // Without the provider's clock only the whole time will do.
            _ => return self.certain_after.saturating_sub(watched),
        };
        let in_all = self.certain_after.saturating_sub(first.before + watched);
        let by_us = self.certain_after.min(ON_ITS_WAY).saturating_sub(watched);
        in_all.max(by_us)
    }

    /// How long any process had watched the outcome when the provider's clock showed `date`.
    async fn watched_before(
        &self,
        context: &Context,
        take: &Take,
        date: Timestamp,
    ) -> Result<Duration, Interrupted> {
        // By our clock, and by our clock corrected by today's difference: the later time is the safe one.
        let sent = sent_at(take);
        let sent_there = sent.saturating_add(self.off).unwrap_or(sent);
        let since = if self.saw_it_sent {
            date
        } else {
            sent.max(sent_there).min(date)
        };
        let id = take.id;
        let since = context.keep(move |store| store.asked_since(id, since)).await?;
        Ok(between(since, date))
    }

    /// The days in which a request sent at `sent` may lie, by the provider's clock: until today, since ours may
    /// have been behind when it was sent.
    pub fn days(&self, now: Timestamp, sent: Timestamp) -> (Date, Date) {
        let plus = |time: Timestamp, by: SignedDuration| time.saturating_add(by).unwrap_or(time);
        let now = plus(now, self.off);
        let from = plus(sent.min(now), -(EARLIER + A_DAY));
        (day(from), day(plus(from, MAX_SPAN).min(now)))
    }
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTAIN: SignedDuration = SignedDuration::from_mins(20);

    fn noon() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    /// A watch whose first look was at noon, `before` minutes after the take was first asked about.
    fn watch(before: u64, date: Option<Timestamp>) -> Watch {
        let mut watch = Watch::new(CERTAIN, false);
        let before = Duration::from_mins(before);
        watch.first = Some(First {
            at: watch.looked,
            date,
            before,
        });
        watch
    }

    /// What is missing when our clock went on by `ours` minutes and the provider's by `theirs`.
    fn lacks(watch: &Watch, ours: u64, theirs: i64) -> u64 {
        let at = watch.looked + Duration::from_mins(ours);
        let date = noon() + SignedDuration::from_mins(theirs);
        watch.lacking(at, Some(date)).as_secs() / 60
    }

    #[test]
    fn time_counts_by_both_clocks_and_a_jump_of_either_proves_nothing() {
        let fresh = watch(0, Some(noon()));
        assert_eq!(lacks(&fresh, 0, 0), 20);
        assert_eq!(lacks(&fresh, 3, 3), 17);
        assert_eq!(lacks(&fresh, 3, 28), 17, "the provider's clock jumped");
        assert_eq!(lacks(&fresh, 28, 3), 17, "the machine slept, or a cache answered");
        assert_eq!(lacks(&fresh, 20, 20), 0);
        assert_eq!(lacks(&fresh, 20, -5), 20, "the provider's clock was set back");
    }

    #[test]
    fn what_was_watched_before_is_watched_for_two_minutes_more() {
        let old = watch(23, Some(noon()));
        assert_eq!(lacks(&old, 0, 0), 2);
        assert_eq!(lacks(&old, 1, 1), 1);
        assert_eq!(lacks(&old, 2, 2), 0);
        assert_eq!(lacks(&watch(10, Some(noon())), 2, 2), 8);
    }

    #[test]
    fn without_the_providers_clock_the_whole_time_is_watched() {
        let dateless = watch(23, None);
        assert_eq!(lacks(&dateless, 2, 2), 18);
        let at = dateless.looked + Duration::from_mins(20);
        assert_eq!(dateless.lacking(at, None), Duration::ZERO);
    }
}
