//! `rushes estimate`: price and time of what would be sent, sending nothing.

use serde_json::json;

use crate::engine::expect::expectation;
use crate::model::Backend;

use super::args::{Estimate, Global};
use super::exit::Exit;
use super::house::House;
use super::{Failure, backend, draft, print};

pub(super) fn run(global: &Global, args: &Estimate) -> Result<Exit, Failure> {
    let house = House::open_and_warn(global)?;
    let draft = draft::for_price(&house, &args.request)?;
    let prices = &house.settings.prices;
    let plan = draft::plan(&house, &draft)?;
    let who = if global.sandbox {
        Backend::Sandbox
    } else {
        Backend::Live
    };
    let published = backend::published(who, house.settings.sandbox_speed);
    let expected = expectation(
        &house.store,
        &published,
        who,
        draft.model,
        draft.resolution,
        draft.duration,
    )
    .map_err(|error| Failure::new(Exit::Other, error))?;
    // Takes run side by side up to the limit, so a sweep takes as many rounds as it needs slots.
    let all = expected.of_rounds(plan.takes, house.settings.in_flight);
    let (p50, p90) = (all.p50_ms, all.p90_ms);
    let repeats = house.settings.repeat_failed;
    let rate = prices.rate(draft.model);
    let basis = format!("price of {}, time from {}", rate.as_of, expected.basis);
    if args.json {
        let value = json!({
            "estimate_usd": plan.total, "each_usd": plan.each, "takes": plan.takes,
            "worst_usd": plan.worst(repeats),
            "seconds": {"p50": seconds(p50), "p90": seconds(p90)}, "basis": basis,
        });
        print::json(&value)?;
    } else {
        print::line(&print::costs(plan, repeats))?;
        print::line(&format!(
            "{:.0} s, {:.0} s at the most in nine of ten ({basis})",
            seconds(p50),
            seconds(p90)
        ))?;
    }
    Ok(Exit::Ok)
}

#[allow(clippy::cast_precision_loss)]
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}
