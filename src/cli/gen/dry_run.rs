//! Shows what would be sent.

use crate::engine::admit::{Order, Plan};
use crate::model::text::tame_json;
use crate::service::Home;

use super::super::{Failure, form, print};

pub(super) fn show(home: &Home, order: &Order, plan: &Plan, json: bool) -> Result<(), Failure> {
    for ((variant, seed), price) in order.takes().zip(plan.each()) {
        let request = variant.form.request(seed);
        let (version, model) = (request.form.api_version, request.form.model);
        if json {
            print::json(&serde_json::json!({
                "model": model, "api_version": version, "reel": home.reel.name, "seed": seed, "variant": variant.value,
                "estimate_usd": price.map(|price| price.estimate),
                "estimate_max_usd": price.map(|price| price.most),
                "estimate_min_usd": price.and_then(|price| price.least_of_range()), "request": request.body(),
            }))?;
        } else {
            let body = serde_json::to_string_pretty(&request.body()).unwrap_or_default();
            let each = price.map_or_else(|| "price unknown".to_owned(), |price| price.in_words());
            print::line(&format!(
                "POST /{}/{}   {each}\n{}",
                version.word(),
                model.slug(),
                tame_json(body)
            ))?;
        }
    }
    if !json {
        for remark in form::remarks(home, order, plan)? {
            print::line(&remark)?;
        }
        print::line(&format!("{}; nothing was sent", print::costs(plan)))?;
    }
    Ok(())
}
