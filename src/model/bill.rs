//! A take's bill in words: what it cost, how far that is off the estimate, and why.

use super::money::Usd;
use super::request_words::AspectRatio;
use super::state::TakeState;
use super::take::{Backend, Take};

impl Take {
    /// What it cost: nothing on the sandbox, whatever that has charged in play money. `None` until it is known.
    pub fn cost_in_money(&self) -> Option<Usd> {
        match self.backend {
            Backend::Sandbox => Some(Usd::ZERO),
            Backend::Live => self.cost,
        }
    }

    /// What a take of the sandbox would have cost on live, once the sandbox has charged it.
    pub fn would_cost(&self) -> Option<Usd> {
        self.cost.filter(|_| self.backend == Backend::Sandbox)
    }

    /// What it was expected to cost: `$0.706 est.`, or `free, on live $0.71 est.`.
    pub fn estimate_in_words(&self) -> String {
        let price = match self.least {
            Some(_) => self.price_in_words(),
            None => format!("{} est.", self.estimate.precise()),
        };
        match self.backend {
            Backend::Sandbox => format!("free (on live {price})"),
            Backend::Live => price,
        }
    }

    /// The bill, with how far it is off the estimate and why; `None` until it is known.
    pub fn bill_in_words(&self) -> Option<String> {
        if self.backend == Backend::Sandbox {
            let would = self.would_cost().filter(|cost| *cost > Usd::ZERO);
            return Some(would.map_or_else(
                || "free".to_owned(),
                |cost| format!("free (on live {})", cost.precise()),
            ));
        }
        let cost = self.cost?;
        let amount = cost.precise();
        Some(match self.why_off(cost) {
            Some(why) => format!("{amount}, {why}"),
            None => amount,
        })
    }

    /// How far this bill is off the estimate, and why.
    fn why_off(&self, cost: Usd) -> Option<String> {
        if cost == Usd::ZERO {
            let failed = matches!(self.state, TakeState::Failed | TakeState::Refused);
            return failed.then(|| "because a take that failed is not billed".to_owned());
        }
        let why = if self.least.is_some() {
            return Some(format!(
                "where {} was expected: the price was only known as a range",
                self.price_in_words()
            ));
        } else if self.bill_above_reserve().is_some() {
            "the bill is higher than the price list allows, so the queue was stopped"
        } else if self.aspect_ratio == AspectRatio::ADAPTIVE {
            "the shape was not known before, and the largest was assumed"
        } else {
            "the provider's rate differs from the price list"
        };
        let off = percent_off(cost, self.estimate)?;
        Some(match off {
            0 => "as estimated".to_owned(),
            tenths => {
                let side = if tenths > 0 { "more" } else { "less" };
                let tenths = tenths.unsigned_abs();
                format!("{}.{} % {side} than estimated: {why}", tenths / 10, tenths % 10)
            }
        })
    }
}

/// How far the bill is off the estimate, in tenths of a percent, rounded half away from zero; `None` without an estimate.
pub fn percent_off(cost: Usd, estimate: Usd) -> Option<i64> {
    let (cost, estimate) = (i128::from(cost.micros()), i128::from(estimate.micros()));
    if estimate <= 0 {
        return None;
    }
    let difference = cost - estimate;
    let tenths = (difference.abs() * 1000 + estimate / 2) / estimate;
    i64::try_from(tenths * difference.signum()).ok()
}
