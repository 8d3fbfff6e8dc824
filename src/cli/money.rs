//! What the settings about money allow, as commands see it: a doubt or a cap that is reached ends with exit code 4.

use jiff::tz::TimeZone;

use crate::engine::admit::Plan;
use crate::model::{Backend, FailureKind, MoneySettings, Take, TakeState, Usd};
use crate::store::{Cap, Reserve};

use super::Failure;
use super::exit::Exit;
use super::house::House;

/// The settings about money, unless they cannot be read.
pub(super) fn readable(house: &House, backend: Backend) -> Result<MoneySettings, Failure> {
    let money = house.spending(backend).read();
    match &money.doubt {
        None => Ok(money),
        Some(doubt) => Err(Failure::new(Exit::Money, format!("nothing was sent: {doubt}"))),
    }
}

/// What the cap leaves for a plan.
pub(super) struct Room {
    cap: Option<Cap>,
    /// Spent, or in line.
    taken: Usd,
    /// How many of the plan's takes may be sent.
    pub fits: u32,
}

impl Room {
    /// The room at this moment; an amount that is not known to stay below the user's maximum is an error.
    pub fn of(house: &House, backend: Backend, plan: Plan) -> Result<Self, Failure> {
        let money = readable(house, backend)?;
        let other = |error| Failure::new(Exit::Other, error);
        let reserve = Reserve::of(plan.price, 0, plan.max_price);
        if let Some((most, allowed)) = reserve.above_maximum(backend) {
            let message = format!(
                "nothing was sent: one take may cost {most}, and --max-price allows {allowed}: raise it, or ask for a \
                 shorter or smaller take"
            );
            return Err(Failure::new(Exit::Money, message));
        }
        let Some(cap) = Cap::of_day(&money, house.clock.now(), TimeZone::system()) else {
            return Ok(Self {
                cap: None,
                taken: Usd::ZERO,
                fits: plan.takes,
            });
        };
        let committed = house
            .store
            .queue(backend)
            .committed_since(cap.since)
            .map_err(other)?;
        let taken = committed + house.store.queue(backend).waiting_money().map_err(other)?;
        Ok(Self {
            cap: Some(cap),
            taken,
            fits: plan.fits(&cap, taken),
        })
    }

    /// Whether a cap is set that no amount can be held against, because no upper price is known.
    pub fn needs_a_maximum(&self, plan: Plan) -> bool {
        self.cap.is_some() && plan.most_of_one().is_none()
    }

    /// Why not all of the plan may be sent, and what to do; `None` when all may.
    pub fn refusal(&self, plan: Plan) -> Option<String> {
        let cap = self.cap.filter(|_| self.fits < plan.takes)?;
        let Some(each) = plan.most_of_one() else {
            return Some(
                "a cap is set, and the price of this model is not known: name the most that one take may cost with \
                 --max-price USD"
                    .to_owned(),
            );
        };
        let (limit, left, takes) = (cap.limit, cap.left(self.taken), plan.takes);
        Some(match self.fits {
            0 => cap.no_room(self.taken, each),
            fits => format!(
                "the day's cap of {limit} leaves {left}, which is enough for {fits} of {takes} takes: ask for fewer, \
                 raise cap_per_day, or wait until tomorrow"
            ),
        })
    }

    /// Fails with exit code 4 unless all of the plan may be sent.
    pub fn must_hold(&self, plan: Plan) -> Result<(), Failure> {
        match self.refusal(plan) {
            None => Ok(()),
            Some(why) => Err(Failure::new(Exit::Money, format!("nothing was sent: {why}"))),
        }
    }
}

/// Why the next waiting one of `takes` is not sent now, if money is the reason.
pub(super) fn holds(
    house: &House,
    backend: Backend,
    takes: &[Take],
) -> Result<Option<(FailureKind, String)>, Failure> {
    let waits = |take: &&Take| take.state == TakeState::Waiting && !take.paused && take.held.is_none();
    let Some(next) = takes.iter().find(waits) else {
        return Ok(None);
    };
    let money = house.spending(backend).read();
    if let Some(doubt) = money.doubt {
        return Ok(Some((FailureKind::Settings, format!("{}.", doubt.why))));
    }
    let other = |error| Failure::new(Exit::Other, error);
    let reserve = house.store.reserve(next.id).map_err(other)?;
    if let Some((most, allowed)) = reserve.above_maximum(backend) {
        let why = format!(
            "Take {} may cost {most} by now, and you allowed at most {allowed}.",
            next.id
        );
        return Ok(Some((FailureKind::SpendCap, why)));
    }
    let Some(cap) = Cap::of_day(&money, house.clock.now(), TimeZone::system()) else {
        return Ok(None);
    };
    let committed = house
        .store
        .queue(backend)
        .committed_since(cap.since)
        .map_err(other)?;
    if cap.allows(committed, next.may_cost()) {
        return Ok(None);
    }
    let next = next.reserve.map_or_else(
        || "the price of the next take is not known".to_owned(),
        |most| format!("the next take may cost {most}"),
    );
    let (limit, left) = (cap.limit, cap.left(committed));
    let why = format!("The day's cap of {limit} leaves {left}, and {next}.");
    Ok(Some((FailureKind::SpendCap, why)))
}
