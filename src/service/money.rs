//! What the money settings allow: how much of an order fits under the cap, and why a waiting take is not sent.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::engine::admit::{Order, Plan};
use crate::model::text::{capitalized, sentences};
use crate::model::{
    Backend, Complaint, FailureKind, Lessons, Model, PriceTable, Resolution, Take, TakeState, Usd, price,
};
use crate::store::{Cap, Limits, Refusal, Reserve, StoreError};

use super::home::Home;
use super::problem::{Kind, Problem};

/// What the cap leaves for a plan.
pub struct Room {
    cap: Option<Cap>,
    /// Spent or queued.
    taken: Usd,
    /// How many of the plan's takes may be sent.
    pub fits: u32,
}

impl Room {
    /// The room at this moment. Fails if one take may cost more than the user's maximum, or if the money settings cannot
    /// be read.
    pub fn of(home: &Home, backend: Backend, plan: &Plan) -> Result<Self, Problem> {
        let money = home.spending(backend).read();
        if let Some(doubt) = money.doubt {
            return Err(Problem::from(doubt).so("nothing was sent"));
        }
        let reserve = |price| Reserve::of(price, 0, plan.max_price).above_maximum(backend);
        if let Some((most, allowed)) = plan.prices.iter().copied().find_map(reserve) {
            return Err(refused(Complaint::new(
                format!("one take may cost {most}, and --max-price allows {allowed}"),
                "raise it, or ask for a shorter or smaller take",
            )));
        }
        let Some(cap) = Cap::of_day(&money, home.clock.now(), TimeZone::system()) else {
            return Ok(Self {
                cap: None,
                taken: Usd::ZERO,
                fits: plan.takes(),
            });
        };
        let committed = home.store.queue(backend).committed_since(cap.since)?;
        let taken = committed + home.store.queue(backend).waiting_money()?;
        Ok(Self {
            cap: Some(cap),
            taken,
            fits: plan.fits(&cap, taken),
        })
    }

    /// Whether a cap is set and no upper price is known that could be compared with it.
    pub fn needs_a_maximum(&self, plan: &Plan) -> bool {
        self.cap.is_some() && plan.most_of_one().is_none()
    }

    /// Why not all of the plan may be sent, and what to do; `None` when all may.
    pub fn refusal(&self, plan: &Plan) -> Option<Complaint> {
        let cap = self.cap.filter(|_| self.fits < plan.takes())?;
        let Some(each) = plan.most_of_one() else {
            return Some(Complaint::new(
                "a cap is set, and the price of this model is not known",
                "set the most that one take may cost with --max-price USD",
            ));
        };
        let (limit, left, takes) = (cap.limit, cap.left(self.taken), plan.takes());
        Some(match self.fits {
            0 => cap.no_room(self.taken, each),
            fits => Complaint::new(
                format!(
                    "the day's cap of {limit} leaves {left}, which is enough for {fits} of {takes} takes"
                ),
                "ask for fewer, raise cap_per_day, or wait until tomorrow",
            ),
        })
    }

    /// Fails unless all of the plan may be sent.
    pub fn must_hold(&self, plan: &Plan) -> Result<(), Problem> {
        self.refusal(plan)
            .map_or(Ok(()), |complaint| Err(refused(complaint)))
    }
}

/// What to know about the price of an order: how old the price list is, what bills have taught, what is not published.
pub fn remarks(
    order: &Order,
    plan: &Plan,
    (prices, lessons): (&PriceTable, &Lessons),
    today: Date,
) -> Vec<String> {
    let mut kinds: Vec<(Model, Resolution)> = Vec::new();
    for variant in &order.variants {
        let kind = (variant.form.model, variant.form.resolution);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let is_mixed = kinds.len() > 1;
    let about = |(model, resolution): (Model, Resolution)| {
        let remark = price::remark(prices, lessons, (model, resolution), today)?;
        Some(if is_mixed {
            format!("{model} {resolution}: {remark}")
        } else {
            remark
        })
    };
    let caveat = plan.price_of(plan.takes()).and_then(|price| price.caveat());
    let remarks = kinds.into_iter().filter_map(about);
    caveat.map(str::to_owned).into_iter().chain(remarks).collect()
}

fn refused(complaint: Complaint) -> Problem {
    Problem::of(Kind::Money, complaint).so("nothing was sent")
}

/// Why nothing is sent, if so.
pub type Stop = Option<(FailureKind, String)>;

/// Why the next waiting one of `takes` is not sent now, if money is the reason.
fn obstacle(home: &Home, backend: Backend, takes: &[Take]) -> Result<Stop, StoreError> {
    let waits = |take: &&Take| take.state == TakeState::Waiting && !take.paused && take.on_hold.is_none();
    let Some(next) = takes.iter().find(waits) else {
        return Ok(None);
    };
    let money = home.spending(backend).read();
    if let Some(doubt) = money.doubt {
        return Ok(Some((FailureKind::Settings, format!("{}.", doubt.why))));
    }
    let limits = Limits {
        cap: Cap::of_day(&money, home.clock.now(), TimeZone::system()),
        prices: Some(&money.prices),
    };
    let refusal = home.store.queue(backend).refusal_of(next.id, limits)?;
    let in_words = |refusal: Refusal| sentences(&[&capitalized(&refusal.complaint().what)]);
    Ok(refusal.map(|refusal| (FailureKind::SpendCap, in_words(refusal))))
}

/// Why none of `takes` is sent now: the queue is stopped, or money is the reason.
pub fn stop(home: &Home, backend: Backend, takes: &[Take]) -> Result<Stop, StoreError> {
    match home.store.queue(backend).state()?.stopped {
        Some((kind, why)) => Ok(Some((kind, format!("the queue is stopped. {why}")))),
        None => obstacle(home, backend, takes),
    }
}
