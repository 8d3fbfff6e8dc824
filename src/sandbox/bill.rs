//! Bills a request: by the price list, which counts as real bills count.

use crate::model::price::Priced;
use crate::model::{AspectRatio, PriceTable, Request, Usd};

/// The bill. Real ones count about 24·s + 1 frames, and so does the price list.
pub(super) fn charge(request: &Request) -> Usd {
    let form = &request.form;
    let shape = match form.aspect_ratio {
        AspectRatio::ADAPTIVE => form.model.aspect_ratios.first().copied(),
        shape => Some(shape),
    };
    let priced = Priced {
        ratio: shape.unwrap_or(AspectRatio::WIDE),
        clip_frames: 0,
        ..form.priced(|_| None)
    };
    // A model without a known price is free here.
    let price = PriceTable::default().price(&priced);
    price.map_or(Usd::ZERO, |price| price.listed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Model, Resolution, Seconds};

    /// Tokens of the output's whole seconds, without the one frame more.
    #[test]
    fn bills_lie_above_the_formula_by_about_one_percent_at_most() {
        for model in Model::all() {
            let offered: Vec<&str> = model.requestable().map(Resolution::wire).collect();
            let cases = [("480p", 4), ("480p", 10), ("720p", 15)];
            for (resolution, seconds) in cases.into_iter().filter(|(at, _)| offered.contains(at)) {
                let body = json!({"prompt": "k", "resolution": resolution, "duration": seconds});
                let request = Request::from_body(model, &body, &mut fastrand::Rng::with_seed(1)).unwrap();
                let price = PriceTable::default().price(&Priced {
                    model,
                    resolution: resolution.parse::<Resolution>().unwrap(),
                    ratio: AspectRatio::WIDE,
                    seconds: Seconds::new(seconds).unwrap(),
                    clip_frames: 0,
                });
                let frames = 24 * seconds;
                let formula = price.unwrap().listed.micros() * frames / (frames + 1);
                let bill = charge(&request).micros();
                assert!(
                    bill > formula && (bill - formula) * 1000 <= formula * 11,
                    "{model} {bill} {formula}"
                );
            }
        }
    }

    #[test]
    fn ten_seconds_of_draft_count_one_frame_more() {
        let body = json!({"prompt": "k", "resolution": "480p"});
        let request = Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(1)).unwrap();
        assert_eq!(charge(&request).micros(), 706_010);
    }
}
