//! Finds in an answer how the provider names a draft that it can finish.

use jiff::SignedDuration;
use serde_json::Value;

use crate::engine::history::matching::sent_at;
use crate::model::Take;
use crate::model::take::Draft;
use crate::segmind::WireExchange;

/// The longest name that is kept.
const MAX_NAME: usize = 200;
/// The objects of an answer in which the name may be.
const PLACES: [&str; 5] = ["", "/data", "/output", "/video", "/metrics"];

/// The draft that an answer names; `None` where it names none, and for a take that is no draft.
pub(super) fn named_in(take: &Take, exchange: &WireExchange) -> Option<Draft> {
    let finish = take.model.finish.as_ref()?;
    if take.body.get(&finish.start) != Some(&Value::Bool(true)) {
        return None;
    }
    let answer: Value = serde_json::from_str(exchange.response.as_deref()?).ok()?;
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
        expires: sent_at(take).checked_add(lasts).ok()?,
    })
    .filter(|_| is_name)
}
