//! Finds in an answer how the provider names a draft that it can finish.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::engine::history::matching::sent_at;
use crate::model::models::Finish;
use crate::model::take::Draft;
use crate::model::{Model, Take};
use crate::segmind::WireExchange;

/// The longest name that is kept.
const MAX_NAME: usize = 200;
/// The objects of an answer in which the name may be.
const PLACES: [&str; 5] = ["", "/data", "/output", "/video", "/metrics"];

/// What a request asked for, so far as it decides whether its take is a draft.
pub(in crate::engine) struct Asked<'a> {
    pub(in crate::engine) model: Model,
    pub(in crate::engine) body: &'a Value,
    pub(in crate::engine) sent: Timestamp,
}

impl<'a> Asked<'a> {
    pub(in crate::engine) fn by(take: &'a Take) -> Self {
        Self {
            model: take.model,
            body: &take.body,
            sent: sent_at(take),
        }
    }

    /// How its draft is finished; `None` for a request that asked for none.
    fn finish(&self) -> Option<&Finish> {
        let finish = self.model.finish.as_ref()?;
        (self.body.get(&finish.start) == Some(&Value::Bool(true))).then_some(finish)
    }

    /// The draft that an answer, or a row of the history, names; `None` where it names none, and for a request that asked
    /// for no draft.
    pub(in crate::engine) fn draft(&self, answer: &Value) -> Option<Draft> {
        let finish = self.finish()?;
        let name = PLACES.iter().find_map(|place| {
            let name = answer.pointer(place)?.get(&finish.answer)?;
            name.as_str()
                .map(str::to_owned)
                .or_else(|| name.as_u64().map(|number| number.to_string()))
        })?;
        let is_name = (1..=MAX_NAME).contains(&name.len()) && !name.contains(char::is_control);
        let lasts = SignedDuration::from_hours(24 * i64::from(finish.days));
        Some(Draft {
            id: name,
            expires: self.sent.checked_add(lasts).ok()?,
        })
        .filter(|_| is_name)
    }
}

/// The draft that a response names.
pub(super) fn named_in(take: &Take, exchange: &WireExchange) -> Option<Draft> {
    let answer: Value = serde_json::from_str(exchange.response.as_deref()?).ok()?;
    Asked::by(take).draft(&answer)
}

/// What to say beside `detail` when a draft is rendered that nothing named: then it cannot be finished.
pub(super) fn told(take: &Take, named: Option<&Draft>, detail: String) -> String {
    let is_draft = Asked::by(take).finish().is_some();
    if is_draft && named.is_none() && take.draft.is_none() {
        format!("{detail}; no answer named the draft, so it can be promoted by its seed, but not finished")
    } else {
        detail
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Whatever answers, a response or a row of the history, may name it.
    #[test]
    fn the_name_is_found_where_an_answer_has_it() {
        let model: Model = "seedance-2.5-draft-final".parse().unwrap();
        let field = model.finish.as_ref().unwrap().answer.clone();
        let (asks, plain) = (json!({"draft": true}), json!({"prompt": "a kite"}));
        let asked = |body| Asked {
            model,
            body,
            sent: Timestamp::UNIX_EPOCH,
        };
        for row in [
            json!({"request_id": "r", field.as_str(): "d-1"}),
            json!({"request_id": "r", "output": {field.as_str(): "d-1"}}),
            json!({"data": {field.as_str(): "d-1"}}),
        ] {
            let named = asked(&asks).draft(&row).unwrap();
            assert_eq!(named.id, "d-1");
            assert!(named.expires > Timestamp::UNIX_EPOCH);
            assert_eq!(asked(&plain).draft(&row), None, "it asked for no draft");
        }
        for other in [
            json!({field.as_str(): ""}),
            json!({field.as_str(): "a\nb"}),
            json!([]),
        ] {
            assert_eq!(asked(&asks).draft(&other), None, "{other}");
        }
    }
}
