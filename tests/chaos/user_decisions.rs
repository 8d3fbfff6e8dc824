//! Decisions of the user in a calm store.

use std::collections::BTreeSet;

use rushes::model::{Take, TakeState};
use rushes::store::Filter;
use serde_json::Value;

use crate::cap_audit::ALL;
use crate::scene::Scene;

/// The program watches live outcomes for minutes before it decides that nothing was sent. The user checks the provider's
/// ledger and decides at once, for each take that cannot be one of the generations without a take. While one of these is
/// left, the history will show it.
pub fn say_not_sent(scene: &Scene) -> Option<()> {
    let store = scene.folders.store()?;
    let takes = store.takes(&Filter::default(), 0, ALL).ok()?;
    let ledger = scene.server.get("/_sandbox/ledger")?;
    let known: BTreeSet<&str> = takes
        .iter()
        .filter_map(|take| take.request_id.as_deref())
        .collect();
    let nameless: Vec<&Value> = ledger["requests"]
        .as_array()?
        .iter()
        .filter(|request| !known.contains(request["request_id"].as_str().unwrap_or_default()))
        .filter(|request| !is_refused_one(request, &takes))
        .collect();
    for take in takes.iter().filter(|take| take.state == TakeState::Unknown) {
        if !nameless.iter().any(|request| is_body_of(request, take)) {
            store.mark_not_sent(take.id).ok()?;
        }
    }
    Some(())
}

/// A blocking request that failed is answered without an id, and its take is REFUSED.
fn is_refused_one(request: &Value, takes: &[Take]) -> bool {
    request["version"] == "v1"
        && request["state"] == "FAILED"
        && takes
            .iter()
            .any(|take| take.state == TakeState::Refused && is_body_of(request, take))
}

fn is_body_of(request: &Value, take: &Take) -> bool {
    ["prompt", "seed"]
        .iter()
        .all(|field| request["body"][field] == take.body[field])
}
