//! `rushes estimate`: the price and time of what would be sent, without sending it.

use serde_json::json;

use crate::model::Backend;
use crate::model::text::duration as in_words;
use crate::service::backend;
use crate::service::money::Room;
use crate::service::orders::Terms;

use super::args::{Estimate, Global};
use super::checks::CheckedForm;
use super::exit::Exit;
use super::{Failure, form, open, print};

pub(super) async fn run(global: &Global, args: &Estimate) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let form = form::for_price(&home, &args.request)?;
    let terms = Terms {
        reel_id: home.reel.id.clone(),
        backend: Backend::Live,
        repeats: home.settings.repeat_failed,
    };
    let snippets = home.store.snippets(&home.reel.id)?;
    let order = terms.of_form(form.clone(), &snippets, None)?;
    let plan = form::plan(&home, &order)?;
    CheckedForm::of(&form, home.settings.lint_off).must_be_usable()?;
    let who = if global.sandbox {
        Backend::Sandbox
    } else {
        Backend::Live
    };
    let published = backend::published(who, home.settings.sandbox_speed);
    let (model, resolution) = (form.model, form.resolution);
    let expected = home.store.expectation(who, &(&form).into(), &*published)?;
    // Takes run side by side up to the limit, so a sweep takes several rounds.
    let rounds = expected.of_rounds(plan.takes(), home.settings.in_flight);
    let (p50, p90) = (rounds.p50_ms, rounds.p90_ms);
    let tariff = home.spending(who).read().prices.tariff(model, resolution);
    let price = tariff.map_or_else(
        || "price unknown".to_owned(),
        |tariff| format!("price of {}", tariff.as_of),
    );
    let basis = format!("{price}, time from {}", expected.basis);
    let (each, all) = (plan.price_of_one(), plan.price_of(plan.takes()));
    // The price is Segmind's even where play money would pay, which no cap limits.
    let payer = backend::would_choose(&global.wanted(), &home).await;
    let room = Room::of(&home, payer, &order.reel_id, &plan);
    let remarks = form::remarks(&home, &order, &plan)?;
    if args.json {
        let value = json!({
            "estimate_usd": all.map(|price| price.estimate), "each_usd": each.map(|price| price.estimate),
            "estimate_min_usd": all.and_then(|price| price.least_of_range()),
            "estimate_max_usd": all.and_then(|price| price.upper()), "takes": plan.takes(),
            "worst_usd": plan.most_of(plan.takes()), "fits": room.as_ref().ok().map(|room| room.fits),
            "seconds": {"p50": seconds(p50), "p90": seconds(p90)}, "basis": basis, "remarks": remarks,
        });
        print::json(&value)?;
    } else {
        print::line(&print::costs(&plan))?;
        for remark in &remarks {
            print::line(remark)?;
        }
        let (p50, p90) = (in_words(p50), in_words(p90));
        print::line(&format!("About {p50}; 90% finish within {p90} ({basis})"))?;
    }
    room?.must_hold(&plan)?;
    Ok(Exit::Ok)
}

#[allow(clippy::cast_precision_loss)]
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}
