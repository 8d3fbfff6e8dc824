//! Shows what would be sent.

use crate::engine::admit::Plan;
use crate::model::Form;
use crate::model::text::tame_json;
use crate::service::Home;

use super::super::{Failure, print};

pub(super) fn show(home: &Home, form: &Form, plan: Plan, json: bool) -> Result<(), Failure> {
    let seeds = form.seed_list().map_err(Failure::usage)?;
    let price = plan.each();
    for seed in seeds.draw(&mut fastrand::Rng::new()) {
        let request = form.request(seed);
        let line = serde_json::json!({
            "model": request.form.model, "api_version": form.api_version, "reel": home.reel.name,
            "seed": seed, "estimate_usd": price.map(|price| price.estimate),
            "estimate_max_usd": price.map(|price| price.most), "request": request.body(),
        });
        if json {
            print::json(&line)?;
        } else {
            let method = format!("POST /{}/{}", form.api_version.word(), request.form.model.slug());
            let body = serde_json::to_string_pretty(&request.body()).unwrap_or_default();
            let each = price.map_or_else(|| "price unknown".to_owned(), |price| price.words(price.shown()));
            print::line(&format!("{method}   {each}\n{}", tame_json(&body)))?;
        }
    }
    if !json {
        print::line(&format!("{}; nothing was sent", print::costs(plan)))?;
    }
    Ok(())
}
