//! Prints what differs between ledger and history.

use serde_json::{Value, json};

use crate::engine::reconcile::{Comparison, Difference};
use crate::model::Take;
use crate::model::text::counted;

use super::super::{Failure, print};

/// Prints every difference, what was imported, and the sums.
pub(super) fn report(comparison: &Comparison, imported: &[Take], json: bool) -> Result<(), Failure> {
    if json {
        for difference in &comparison.differences {
            print::json(&as_json(difference))?;
        }
        for take in imported {
            let id = take.id;
            print::json(&json!({"kind": "adopted", "take": id, "request_id": take.request_id}))?;
        }
        return print::json(&summary(comparison, imported.len()));
    }
    for difference in &comparison.differences {
        let lead = match difference {
            Difference::Elsewhere(elsewhere) => format!("  \"{}\"", elsewhere.prompt(60)),
            _ => String::new(),
        };
        print::line(&format!(
            "{:<9}  {}  {}{lead}",
            difference.word(),
            difference.request_id(),
            difference.sentence()
        ))?;
    }
    for take in imported {
        let id = take.request_id.as_deref().unwrap_or_default();
        print::line(&format!("imported   {id}  as take {}", take.id))?;
    }
    print::line(&totals(comparison))
}

/// Both sums, and whether they agree.
fn totals(comparison: &Comparison) -> String {
    let mut words = vec![format!(
        "{} to {}: {}, log {}, provider {}, difference {}",
        comparison.from,
        comparison.to,
        counted(comparison.requests as u64, "request"),
        comparison.ours.precise(),
        comparison.theirs.precise(),
        (comparison.theirs - comparison.ours).precise()
    )];
    if comparison.others > 0 {
        words.push(format!("{} of other models skipped", comparison.others));
    }
    if comparison.unclear > 0 {
        words.push(format!(
            "{} of unknown outcome being resolved",
            comparison.unclear
        ));
    }
    if comparison.unknown > 0 {
        words.push(format!(
            "it is unknown whether {} arrived",
            counted(comparison.unknown as u64, "take")
        ));
    }
    if !comparison.whole {
        words.push(format!(
            "the history could not be read completely ({} unreadable): missing takes were not checked",
            counted(comparison.unreadable as u64, "row")
        ));
    } else if comparison.agree() {
        words.push("in sync".to_owned());
    }
    let open = comparison.importable().count();
    if open > 0 {
        words.push(format!(
            "{open} made elsewhere: --import all or --import REQUEST_ID imports them"
        ));
    }
    words.join("; ")
}

fn as_json(difference: &Difference) -> Value {
    let mut value = json!({"kind": difference.word(), "request_id": difference.request_id()});
    let more = match difference {
        Difference::Cost {
            take, ours, theirs, ..
        } => json!({"take": take, "ours_usd": ours, "theirs_usd": theirs}),
        Difference::Missing {
            take, state, cost, ..
        } => json!({"take": take, "state": state, "ours_usd": cost}),
        Difference::Bill {
            take, text, counted, ..
        } => {
            json!({"take": take, "text": text, "counted_usd": counted})
        }
        Difference::State {
            take,
            ours,
            theirs,
            recovered,
            repeat_sent,
            ..
        } => json!({
            "take": take, "ours": ours, "theirs": theirs.word(), "taken_up": recovered, "repeat_sent": repeat_sent,
        }),
        Difference::Elsewhere(elsewhere) => json!({
            "model": elsewhere.model, "state": elsewhere.row.state.word(), "theirs_usd": elsewhere.row.cost,
            "created_at": elsewhere.row.created, "prompt": elsewhere.prompt(2000), "like": elsewhere.like,
            "importable": elsewhere.not_yet.is_none(), "not_yet": elsewhere.not_yet.as_ref().map(ToString::to_string),
        }),
    };
    if let (Value::Object(into), Value::Object(more)) = (&mut value, more) {
        into.extend(more);
    }
    value
}

fn summary(comparison: &Comparison, imported: usize) -> Value {
    json!({
        "kind": "summary", "from": comparison.from, "to": comparison.to, "requests": comparison.requests,
        "others": comparison.others, "unreadable": comparison.unreadable, "whole": comparison.whole,
        "unclear": comparison.unclear, "unknown": comparison.unknown, "differences": comparison.differences.len(), "adopted": imported,
        "agree": comparison.agree(), "ours_usd": comparison.ours, "theirs_usd": comparison.theirs,
        "difference_usd": comparison.theirs - comparison.ours,
    })
}
