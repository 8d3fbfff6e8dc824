//! Compares the charges and commitments of live takes with the caps that were in force when they were sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rushes::model::clock::start_of_day;
use rushes::model::{FailureKind, Take, TakeId, TakeState, Usd};
use serde_json::Value;

use crate::audit::Wrong;
use crate::caps::InForce;
use crate::scene::Scene;

/// More takes than a round has.
pub const ALL: u64 = 100_000;

/// What a day's takes cost so far.
#[derive(Default, Clone, Copy)]
struct Day {
    charged: i64,
    committed: i64,
}

/// Everything that was sent although the cap at that time left no room for it. Each take counts for the day on which
/// it was last sent. A bill above the reserve may pass the cap: it counts as the reserve, which had to fit.
fn above_the_cap(
    takes: &[Take],
    sent: &[(i64, Timestamp, TakeId)],
    caps: &[InForce],
    charges: &HashMap<&str, i64>,
) -> Vec<Wrong> {
    let takes: HashMap<TakeId, &Take> = takes.iter().map(|take| (take.id, take)).collect();
    let mut days: BTreeMap<Timestamp, Day> = BTreeMap::new();
    let mut told = BTreeSet::new();
    let mut wrong = Vec::new();
    for (event, at, id) in sent {
        let take = takes[id];
        let date = start_of_day(*at, TimeZone::UTC);
        let day = days.entry(date).or_default();
        let charge = take.request_id.as_deref().and_then(|id| charges.get(id));
        day.charged += charge.copied().unwrap_or(0);
        if take.commits_money() {
            day.committed += take.counted().min(take.may_cost()).micros();
        }
        let cap = caps.iter().rev().find(|cap| cap.after < *event);
        let Some(limit) = cap.and_then(|cap| cap.limit).map(Usd::micros) else {
            continue;
        };
        let Day { charged, committed } = *day;
        if (charged > limit || committed > limit) && told.insert(date) {
            wrong.push(Wrong::of_take(
                take,
                format!(
                    "take {id} was sent under a cap of {limit} micro-dollars: with it the takes of {date} were charged \
                     {charged}, and {committed} is committed for them"
                ),
            ));
        }
    }
    wrong
}

/// What is wrong with the money of a live round, whose figures are noted. In the long form the cap and the stops must
/// have had an effect.
pub fn audit(scene: &mut Scene, takes: &[Take], ledger: &Value, is_short: bool) -> Vec<Wrong> {
    let requests = ledger["requests"].as_array().into_iter().flatten();
    let charge = |request: &Value| {
        #[allow(clippy::cast_possible_truncation)]
        let micros = (request["charge"].as_f64().unwrap_or_default() * 1e6).round() as i64;
        micros
    };
    let charges: HashMap<&str, i64> = requests
        .filter_map(|request| Some((request["request_id"].as_str()?, charge(request))))
        .collect();
    let sent = scene.watch.last_sent();
    let mut wrong = above_the_cap(takes, &sent, &scene.caps, &charges);
    let is_stopped = |take: &&Take| {
        take.state == TakeState::Cancelled
            && take.error_kind == Some(FailureKind::SpendCap)
            && take
                .error
                .as_deref()
                .is_some_and(|why| why.contains("The day's cap of"))
    };
    let said = crate::stderr_audit::about_money(&scene.folders.said());
    scene.stops.extend(said.stops);
    let figures = &mut scene.figures;
    figures.refused_by_cap = said.refused;
    figures.stopped_by_cap += takes.iter().filter(is_stopped).count() as u64;
    let above = takes.iter().filter(|take| take.bill_above_reserve().is_some());
    figures.bills_above = above.count() as u64;
    figures.stops_by_bills = scene.stops.len() as u64;
    if figures.stopped_by_cap == 0 && !is_short {
        wrong.push(Wrong::new("the cap stopped no take in the queue".to_owned()));
    }
    if figures.bills_above > 0 && figures.stops_by_bills == 0 && !is_short {
        wrong.push(Wrong::new(format!(
            "{} bills were above what was reserved, and none of them stopped the queue",
            figures.bills_above
        )));
    }
    wrong
}
