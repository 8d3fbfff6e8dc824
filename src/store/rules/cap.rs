//! The caps: how much may be committed besides what is committed already. Everything that shows or checks a cap asks here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::caps::{CapLimits, CapScope, PerCap};
use crate::model::clock::start_of_day;
use crate::model::{Complaint, Usd};

/// The caps in force, and what decides which takes each of them counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caps {
    pub limits: CapLimits,
    pub day: Day,
    /// The run of the program.
    pub session: String,
}

/// When the day began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// At midnight in this zone, by the clock at the moment of the claim.
    In(TimeZone),
    Since(Timestamp),
}

impl Default for Day {
    fn default() -> Self {
        Self::Since(Timestamp::UNIX_EPOCH)
    }
}

impl Day {
    /// When the day in which `now` lies began.
    pub fn began(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::In(zone) => start_of_day(now, zone.clone()),
            Self::Since(began) => *began,
        }
    }
}

impl Caps {
    /// Only a cap of what is sent since a moment.
    pub fn since(began: Timestamp, limit: Usd) -> Self {
        Self {
            limits: CapLimits::of_day(Some(limit)),
            day: Day::Since(began),
            session: String::new(),
        }
    }

    /// The caps of this session, for days in this zone.
    pub fn of(limits: CapLimits, zone: TimeZone, session: &str) -> Self {
        Self {
            limits,
            day: Day::In(zone),
            session: session.to_owned(),
        }
    }

    pub fn are_set(&self) -> bool {
        self.limits.set().next().is_some()
    }
}

/// How much of one cap is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub scope: CapScope,
    pub limit: Usd,
    /// What was sent costs, or may cost as long as its bill is not known.
    pub spent: Usd,
    /// What waits may cost.
    pub queued: Usd,
}

impl Standing {
    /// What may still be committed; never less than nothing.
    pub fn left(&self) -> Usd {
        (self.limit - self.spent - self.queued).max(Usd::ZERO)
    }

    /// Whether `asked` may be committed too.
    pub fn allows(&self, asked: Usd) -> bool {
        let wanted = [self.spent, self.queued, asked].map(|amount| i128::from(amount.micros()));
        wanted.into_iter().sum::<i128>() <= i128::from(self.limit.micros())
    }

    /// How many of the first takes may be committed too, when each may cost as much as `amounts` say.
    fn fits(&self, amounts: &[Usd]) -> u32 {
        let sums = amounts.iter().scan(Usd::ZERO, |sum, amount| {
            *sum = *sum + *amount;
            Some(*sum)
        });
        let fit = sums.take_while(|sum| self.allows(*sum)).count();
        u32::try_from(fit).unwrap_or(u32::MAX)
    }

    /// `today $3.20 of $10.00`.
    pub fn in_words(&self) -> String {
        format!("{} {} of {}", self.scope.when(), self.spent, self.limit)
    }
}

/// What the caps leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowance(Vec<Standing>);

impl Allowance {
    /// Under these caps, when this is spent and queued.
    pub fn of(limits: &CapLimits, spent: &PerCap<Usd>, queued: &PerCap<Usd>) -> Self {
        let standing = |(scope, limit)| Standing {
            scope,
            limit,
            spent: *spent.get(scope),
            queued: *queued.get(scope),
        };
        Self(limits.set().map(standing).collect())
    }

    /// Whether no cap is set.
    pub const fn is_without_caps(&self) -> bool {
        self.0.is_empty()
    }

    /// Each cap that is set.
    pub fn standings(&self) -> &[Standing] {
        &self.0
    }

    /// The cap that does not let `asked` be committed too, if any; of several, the one that leaves least.
    pub fn refusing(&self, asked: Usd) -> Option<&Standing> {
        let refusing = self.0.iter().filter(|standing| !standing.allows(asked));
        refusing.min_by_key(|standing| standing.left())
    }

    /// How many of the first takes may be committed too, when each may cost as much as `amounts` say.
    pub fn fits(&self, amounts: &[Usd]) -> u32 {
        let each = self.0.iter().map(|standing| standing.fits(amounts));
        let all = || u32::try_from(amounts.len()).unwrap_or(u32::MAX);
        each.min().unwrap_or_else(all)
    }

    /// Why not even one take that may cost `each` can be committed too, and what to do; `None` when it can.
    pub fn no_room(&self, each: Usd) -> Option<Complaint> {
        let standing = self.refusing(each)?;
        let (cap, limit, left) = (standing.scope.cap(), standing.limit, standing.left());
        Some(Complaint::new(
            format!("{cap} of {limit} leaves {left}, and one take may cost {each}"),
            standing.scope.advice(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(micros: i64) -> Usd {
        Usd::from_micros(micros)
    }

    fn day(limit: i64, spent: i64) -> Allowance {
        let limits = CapLimits::of_day(Some(usd(limit)));
        let spent = PerCap {
            day: usd(spent),
            ..PerCap::default()
        };
        Allowance::of(&limits, &spent, &PerCap::default())
    }

    #[test]
    fn the_cap_holds_to_the_last_micro_dollar() {
        let allows = |spent, asked| day(100, spent).refusing(usd(asked)).is_none();
        assert!(allows(60, 40) && !allows(61, 40));
        assert!(!allows(i64::MAX, i64::MAX));
        let left = |spent| day(100, spent).standings()[0].left();
        assert_eq!((left(60), left(160)), (usd(40), Usd::ZERO));
        for (committed, each, wanted, fits) in [
            (0, 30, 6, 3),
            (10, 30, 3, 3),
            (11, 30, 3, 2),
            (100, 1, 5, 0),
            (101, 0, 5, 0),
            (100, 0, 5, 5),
        ] {
            let amounts = vec![usd(each); wanted];
            assert_eq!(day(100, committed).fits(&amounts), fits, "{committed} {each}");
        }
        assert_eq!(Allowance::default().fits(&[usd(9); 4]), 4);
    }

    /// What fits is allowed by every cap, and one more is refused by one that says so.
    #[test]
    fn what_fits_is_the_most_that_every_cap_allows() {
        let seed = fastrand::u64(..);
        let mut random = fastrand::Rng::with_seed(seed);
        for _ in 0..10_000 {
            let mut limits = CapLimits::default();
            let (mut spent, mut queued) = (PerCap::default(), PerCap::default());
            for scope in CapScope::ALL {
                *limits.get_mut(scope) = random.bool().then(|| usd(random.i64(0..1000)));
                *spent.get_mut(scope) = usd(random.i64(0..1200));
                *queued.get_mut(scope) = usd(random.i64(0..200));
            }
            let allowance = Allowance::of(&limits, &spent, &queued);
            let amounts: Vec<Usd> = (0..random.usize(1..9)).map(|_| usd(random.i64(1..300))).collect();
            let fits = allowance.fits(&amounts) as usize;
            let sum = |n: usize| amounts[..n].iter().fold(Usd::ZERO, |sum, amount| sum + *amount);
            let refusing = |n: usize| allowance.refusing(sum(n));
            assert!(
                fits == 0 || refusing(fits).is_none(),
                "seed {seed}: {allowance:?} {amounts:?}"
            );
            if fits < amounts.len() {
                let by = refusing(fits + 1);
                assert!(by.is_some(), "seed {seed}: {allowance:?} {amounts:?}");
                let least = allowance
                    .standings()
                    .iter()
                    .filter(|other| !other.allows(sum(fits + 1)));
                assert_eq!(by.map(Standing::left), least.map(Standing::left).min());
            }
        }
    }

    #[test]
    fn a_reached_cap_is_named_with_its_setting() {
        let limits = CapLimits {
            reel: Some(usd(2_000_000)),
            ..CapLimits::of_day(Some(usd(9_000_000)))
        };
        let spent = PerCap {
            reel: usd(1_500_000),
            ..PerCap::default()
        };
        let allowance = Allowance::of(&limits, &spent, &PerCap::default());
        assert_eq!(
            allowance.no_room(usd(700_000)).unwrap().to_string(),
            "the reel's cap of $2.00 leaves $0.50, and one take may cost $0.70: raise cap_per_reel"
        );
        assert_eq!(allowance.no_room(usd(500_000)), None);
    }
}
