//! Drafts that the provider finishes, and their finals, in rounds of the sandbox: live, the provider's fields are not
//! confirmed, and nothing is sent.

use rushes::model::Backend;
use serde_json::Value;

use crate::audit::Wrong;
use crate::figures::count;
use crate::scene::Scene;
use crate::storm::Asked;

/// The prompt of every draft.
const PROMPT: &str = "Shot 1: a lamp";
/// Seeds of one order.
const SEEDS: i64 = 2;
/// A final takes long to draw.
const MAX_FINALS: u64 = 4;

/// Orders drafts now and then, and finals of them. Every draft may be finished at any time, also one that is.
#[derive(Default)]
pub struct Drafts {
    ordered: i64,
    finals: u64,
}

impl Drafts {
    /// Starts `rushes gen --draft` or `rushes promote --how finish`; false when there is nothing to order.
    pub fn order(&mut self, scene: &mut Scene, asked: &mut Asked) -> bool {
        if scene.folders.backend == Backend::Live {
            return false;
        }
        let drafts = scene.watch.drafts();
        match scene.random.choice(drafts).filter(|_| self.finals < MAX_FINALS) {
            Some(draft) => {
                self.finals += 1;
                count(&mut scene.figures.disturbances, "draft to be finished");
                let draft = draft.to_string();
                scene
                    .clients
                    .start(&["promote", &draft, "--how", "finish", "--yes", "--json"]);
            }
            None if self.ordered == 0 => {
                self.ordered += SEEDS;
                count(&mut scene.figures.disturbances, "drafts ordered");
                for seed in 1..=SEEDS {
                    *asked.entry((PROMPT.to_owned(), seed)).or_default() += 1;
                }
                let seeds = format!("1..{SEEDS}");
                scene.clients.start(&[
                    "gen",
                    "--draft",
                    "--model",
                    "2.5-draft",
                    "--yes",
                    "--json",
                    "--reel",
                    "north",
                    "--prompt",
                    PROMPT,
                    "--seeds",
                    &seeds,
                    "--duration",
                    "4",
                    "--no-audio",
                ]);
            }
            None => return false,
        }
        true
    }
}

impl Drafts {
    /// Whether a draft was to be finished, or may be no more.
    pub fn has_struck(&self, scene: &mut Scene) -> bool {
        let may_come =
            self.ordered == 0 || scene.watch.unsettled_drafts() > 0 || !scene.watch.drafts().is_empty();
        scene.folders.backend == Backend::Live || self.finals > 0 || !may_come
    }

    /// After the storm: a draft that has no final is finished, and nobody can finish it again.
    pub fn finish_one(scene: &mut Scene) {
        let now = scene.now();
        let unfinished = scene.watch.unfinished_drafts(now);
        let Some(draft) = unfinished.first().map(ToString::to_string) else {
            return;
        };
        let mut promote = scene
            .clients
            .command(&["promote", &draft, "--how", "finish", "--yes", "--json"]);
        let first = promote.status().unwrap();
        let again = promote.status().unwrap();
        if !first.success() || again.success() {
            scene.say_wrong(format!(
                "the draft {draft} was to be finished once: the first time {first}, the second {again}"
            ));
        }
        count(&mut scene.figures.disturbances, "draft finished in the calm");
    }
}

/// The name of the draft that a body finishes.
pub fn finished_by(body: &Value) -> Option<&str> {
    body["draft_task_id"].as_str()
}

/// Every draft was finished at most once for money, and by the take that was made from it.
pub fn audit(takes: &[Value], requests: &[Value]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let paid = requests.iter().filter(|request| request["state"] == "COMPLETED");
    let mut paid: Vec<&str> = paid.filter_map(|request| finished_by(&request["body"])).collect();
    paid.sort_unstable();
    for pair in paid.windows(2).filter(|pair| pair[0] == pair[1]) {
        wrong.push(Wrong::new(format!(
            "the draft {} was finished more than once",
            pair[0]
        )));
    }
    for take in takes {
        let Some(name) = finished_by(&take["request"]) else {
            continue;
        };
        let parent = takes.iter().find(|other| other["id"] == take["parent"]);
        if parent.is_none_or(|parent| parent["draft_id"] != name) {
            wrong.push(Wrong::new(format!(
                "take {} does not finish the draft that it was made from",
                take["id"]
            )));
        }
    }
    wrong
}
