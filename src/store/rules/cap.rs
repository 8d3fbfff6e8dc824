//! The cap: how much may be committed besides what is committed already. Everything that shows or checks a cap asks here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::clock::start_of_day;
use crate::model::{Complaint, MoneySettings, Usd};

/// The most that may be committed since a moment, e.g. since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub limit: Usd,
    pub since: Timestamp,
}

impl Cap {
    /// The cap of the day in which `now` lies, if one is set.
    pub fn of_day(money: &MoneySettings, now: Timestamp, zone: TimeZone) -> Option<Self> {
        Self::of_day_since(money, start_of_day(now, zone))
    }

    /// The cap of the day that began at `midnight`, if one is set.
    pub fn of_day_since(money: &MoneySettings, midnight: Timestamp) -> Option<Self> {
        let limit = money.cap_per_day?;
        let since = midnight;
        Some(Self { limit, since })
    }

    /// What may still be committed; never less than nothing.
    pub fn left(&self, committed: Usd) -> Usd {
        (self.limit - committed).max(Usd::ZERO)
    }

    /// Whether `asked` may be committed too.
    pub fn allows(&self, committed: Usd, asked: Usd) -> bool {
        let wanted = i128::from(committed.micros()) + i128::from(asked.micros());
        wanted <= i128::from(self.limit.micros())
    }

    /// Why not even one take that may cost `each` can be committed too, and what to do.
    pub fn no_room(&self, committed: Usd, each: Usd) -> Complaint {
        let (limit, left) = (self.limit, self.left(committed));
        Complaint::new(
            format!("the day's cap of {limit} leaves {left}, and one take may cost {each}"),
            "raise cap_per_day, or wait until tomorrow",
        )
    }

    /// How many of the first takes may be committed too, when each may cost as much as `amounts` say.
    pub fn fits(&self, committed: Usd, amounts: impl IntoIterator<Item = Usd>) -> u32 {
        let sums = amounts.into_iter().scan(Usd::ZERO, |sum, amount| {
            *sum = *sum + amount;
            Some(*sum)
        });
        let fit = sums.take_while(|sum| self.allows(committed, *sum)).count();
        u32::try_from(fit).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(micros: i64) -> Usd {
        Usd::from_micros(micros)
    }

    #[test]
    fn the_cap_holds_to_the_last_micro_dollar() {
        let cap = Cap {
            limit: usd(100),
            since: Timestamp::UNIX_EPOCH,
        };
        assert!(cap.allows(usd(60), usd(40)) && !cap.allows(usd(61), usd(40)));
        assert!(!cap.allows(usd(i64::MAX), usd(i64::MAX)));
        assert_eq!((cap.left(usd(60)), cap.left(usd(160))), (usd(40), Usd::ZERO));
        for (committed, each, wanted, fits) in [
            (0, 30, 6, 3),
            (10, 30, 3, 3),
            (11, 30, 3, 2),
            (100, 1, 5, 0),
            (101, 0, 5, 0),
            (100, 0, 5, 5),
        ] {
            assert_eq!(
                cap.fits(usd(committed), vec![usd(each); wanted]),
                fits,
                "{committed} {each}"
            );
        }
    }

    /// What fits is allowed, and one more is not.
    #[test]
    fn what_fits_is_the_most_that_is_allowed() {
        let seed = fastrand::u64(..);
        let mut random = fastrand::Rng::with_seed(seed);
        for _ in 0..10_000 {
            let cap = Cap {
                limit: usd(random.i64(0..1000)),
                since: Timestamp::UNIX_EPOCH,
            };
            let committed = usd(random.i64(0..1200));
            let amounts: Vec<Usd> = (0..random.usize(1..9)).map(|_| usd(random.i64(1..300))).collect();
            let fits = cap.fits(committed, amounts.iter().copied()) as usize;
            let is_allowed = |n: usize| {
                let sum = amounts[..n].iter().fold(Usd::ZERO, |sum, amount| sum + *amount);
                cap.allows(committed, sum)
            };
            assert!(
                fits == 0 || is_allowed(fits),
                "seed {seed}: {cap:?} {committed} {amounts:?}"
            );
            assert!(
                fits == amounts.len() || !is_allowed(fits + 1),
                "seed {seed}: {cap:?} {committed} {amounts:?}"
            );
        }
    }
}
