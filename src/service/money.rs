//! What the money settings allow: how much of an order fits under the cap, and why a waiting take is not sent.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::engine::admit::{Order, Plan};
use crate::model::parameters::SKIPS_MODERATION;
use crate::model::text::{capitalized, sentences};
use crate::model::{
    Backend, Complaint, FailureKind, Lessons, Model, PriceTable, Resolution, Take, TakeState, price,
};
use crate::store::{Allowance, Caps, Limits, Refusal, Reserve, StoreError};

use super::home::Home;
use super::models::RETIRED;
use super::problem::{Kind, Problem};

/// What the caps leave for a plan.
pub struct Room {
    allowance: Allowance,
    /// How many of the plan's takes may be sent.
    pub fits: u32,
}

impl Room {
    /// The room in a reel at this moment. Fails if one take may cost more than the user's maximum, or if the money settings cannot
    /// be read.
    pub fn of(home: &Home, backend: Backend, reel_id: &str, plan: &Plan) -> Result<Self, Problem> {
        let spending = home.spending(backend);
        let money = spending.read();
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
        let caps = Caps::of(money.caps, TimeZone::system(), spending.session());
        let (spent, queued) = home.store.queue(backend).counted(&caps, reel_id)?;
        let allowance = Allowance::of(&caps.limits, &spent, &queued);
        Ok(Self {
            fits: plan.fits(&allowance),
            allowance,
        })
    }

    /// Whether a cap is set and no upper price is known that could be compared with it.
    pub fn needs_a_maximum(&self, plan: &Plan) -> bool {
        !self.allowance.is_without_caps() && plan.most_of_one().is_none()
    }

    /// Why not all of the plan may be sent, and what to do; `None` when all may.
    pub fn refusal(&self, plan: &Plan) -> Option<Complaint> {
        if self.fits >= plan.takes() {
            return None;
        }
        let Some((each, all)) = plan.most_of_one().zip(plan.most_of(plan.takes())) else {
            return Some(Complaint::new(
                "a cap is set, and the price of this model is not known",
                "set the most that one take may cost with --max-price USD",
            ));
        };
        if self.fits == 0 {
            return self
                .allowance
                .no_room(each)
                .or_else(|| self.allowance.no_room(all));
        }
        let standing = self.allowance.refusing(all)?;
        let (fits, takes) = (self.fits, plan.takes());
        Some(Complaint::new(
            format!(
                "{} of {} leaves {}, which is enough for {fits} of {takes} takes",
                standing.scope.cap(),
                standing.limit,
                standing.left()
            ),
            format!("ask for fewer, or {}", standing.scope.advice()),
        ))
    }

    /// Fails unless all of the plan may be sent.
    pub fn must_hold(&self, plan: &Plan) -> Result<(), Problem> {
        self.refusal(plan)
            .map_or(Ok(()), |complaint| Err(refused(complaint)))
    }
}

/// What to know about an order: that its moderation is skipped, whether its model is retired, how old the price list is, what bills have taught, what is not
/// published.
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
    let mut models: Vec<Model> = kinds.iter().map(|(model, _)| *model).collect();
    models.dedup();
    let mut remarks: Vec<String> = models.into_iter().filter_map(retired).collect();
    if order
        .variants
        .iter()
        .any(|variant| variant.form.skips_moderation())
    {
        remarks.insert(0, SKIPS_MODERATION.to_owned());
    }
    remarks.extend(caveat.map(str::to_owned));
    remarks.extend(kinds.into_iter().filter_map(about));
    remarks
}

/// What to know before a request to a model that is retired.
fn retired(model: Model) -> Option<String> {
    let model = Some(model).filter(|model| model.retired)?;
    Some(format!("{model} is retired: {RETIRED}."))
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
    let spending = home.spending(backend);
    let money = spending.read();
    if let Some(doubt) = money.doubt {
        return Ok(Some((FailureKind::Settings, format!("{}.", doubt.why))));
    }
    let caps = Caps::of(money.caps, TimeZone::system(), spending.session());
    let limits = Limits {
        caps: &caps,
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
