//! Compares the store with the sandbox's ledger: what must be true whatever happened.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use rushes::model::Take;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::storm::Asked;
use crate::{absurd_bills, drafts};

/// Something that is not as it must be.
pub struct Wrong {
    what: String,
    /// Prompt and seed of the takes that it is about.
    pub of: Option<(String, i64)>,
}

impl Wrong {
    pub fn new(what: String) -> Self {
        Self { what, of: None }
    }

    pub fn of_take(take: &Take, what: String) -> Self {
        Self {
            what,
            of: Some(body_of(&take.body)),
        }
    }

    pub fn sent_too_often(take: i64) -> Self {
        Self::new(format!("take {take} was sent more often than it was queued"))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

struct Audit<'a> {
    wrong: Vec<Wrong>,
    takes: &'a [Value],
    requests: &'a [Value],
}

/// What the storm knows about the takes that were asked for.
pub struct Orders<'a> {
    /// By commands, exactly.
    pub asked: &'a Asked,
    /// By keys in workbenches: at most this many takes, of any prompt.
    pub by_hand: u64,
}

/// Everything that is wrong with the takes that `ls --json` prints, the ledger, and the folder of videos.
/// `committed` is what the store counts as spent, in micro-dollars.
pub fn audit(
    takes: &[Value],
    ledger: &Value,
    orders: &Orders<'_>,
    committed: i64,
    reels: &Path,
) -> Vec<Wrong> {
    let requests = ledger["requests"].as_array().unwrap();
    let mut audit = Audit {
        wrong: Vec::new(),
        takes,
        requests,
    };
    audit.every_take_is_settled();
    audit.every_generation_has_its_take();
    audit.every_take_has_its_generation();
    audit.nothing_was_bought_more_often_than_asked(orders);
    audit.the_account_adds_up(ledger);
    audit.no_money_is_uncounted(ledger, committed);
    audit.no_partial_download_is_left(reels);
    audit.wrong.extend(drafts::audit(takes, audit.requests));
    audit.wrong
}

/// The prompt and the seed; of a final, the name of its draft.
fn body_of(body: &Value) -> (String, i64) {
    if let Some(draft) = drafts::finished_by(body) {
        return (draft.to_owned(), -1);
    }
    let prompt = body["prompt"].as_str().unwrap_or_default().to_owned();
    (prompt, body["seed"].as_i64().unwrap_or(-1))
}

fn micros(amount: &Value) -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let micros = (amount.as_f64().unwrap_or_default() * 1e6).round() as i64;
    micros
}

impl Audit<'_> {
    fn say(&mut self, body: &Value, what: String) {
        self.wrong.push(Wrong {
            what,
            of: Some(body_of(body)),
        });
    }

    fn every_take_is_settled(&mut self) {
        for take in self.takes {
            let state = take["state"].as_str().unwrap();
            if !["saved", "failed", "refused", "cancelled", "expired", "not_sent"].contains(&state) {
                self.say(&take["request"], format!("take {} is still {state}", take["id"]));
            }
        }
    }

    /// Accepted generations and takes with a request id match one to one.
    fn every_generation_has_its_take(&mut self) {
        let mut known: HashMap<&str, u64> = HashMap::new();
        for id in self.takes.iter().filter_map(|take| take["request_id"].as_str()) {
            *known.entry(id).or_default() += 1;
        }
        // A blocking request that fails is answered without an id: it is not billed, and its take is REFUSED.
        let is_failed_v1 = |request: &Value| request["version"] == "v1" && request["state"] == "FAILED";
        let mut told_without_id: HashMap<(String, i64), u64> = HashMap::new();
        for take in self.takes {
            if take["state"] == "refused" && take["http_status"] == 422 && take["request_id"].is_null() {
                *told_without_id.entry(body_of(&take["request"])).or_default() += 1;
            }
        }
        for request in self.requests {
            let id = request["request_id"].as_str().unwrap();
            let told = told_without_id.get_mut(&body_of(&request["body"]));
            match (known.get(id), told) {
                (Some(1), _) => {}
                (None, Some(told)) if *told > 0 && is_failed_v1(request) => *told -= 1,
                (None, _) => self.say(
                    &request["body"],
                    format!(
                        "generation {id} ({}, {}) was accepted at {} and no take knows it",
                        request["version"], request["state"], request["created_at"]
                    ),
                ),
                (Some(n), _) => self.say(&request["body"], format!("generation {id} belongs to {n} takes")),
            }
        }
    }

    /// State, bill and video of each take are those of its generation.
    fn every_take_has_its_generation(&mut self) {
        let ledger: HashMap<&str, &Value> = self
            .requests
            .iter()
            .map(|request| (request["request_id"].as_str().unwrap(), request))
            .collect();
        for take in self.takes {
            let (id, state) = (&take["id"], take["state"].as_str().unwrap());
            let Some(request_id) = take["request_id"].as_str() else {
                if ["saved", "failed", "expired"].contains(&state) {
                    self.say(
                        &take["request"],
                        format!("take {id} is {state} and has no generation"),
                    );
                }
                continue;
            };
            let Some(request) = ledger.get(request_id) else {
                self.say(
                    &take["request"],
                    format!("take {id} names {request_id}, which the ledger does not know"),
                );
                continue;
            };
            if body_of(&take["request"]) != body_of(&request["body"]) {
                self.say(
                    &take["request"],
                    format!("take {id} has another body than {request_id}"),
                );
            }
            if cost(take, request) != micros(&request["charge"]) {
                let (cost, charge) = (billed(take), &request["charge"]);
                self.say(
                    &take["request"],
                    format!("take {id} ({state}) says {cost}, was billed {charge}"),
                );
            }
            match (state, request["state"].as_str().unwrap()) {
                ("saved", "COMPLETED") => {
                    if let Err(what) = video_matches_the_ledger(take, request) {
                        self.say(&take["request"], format!("take {id}: {what}"));
                    }
                }
                ("failed", "FAILED") => {}
                (_, there) => {
                    self.say(
                        &take["request"],
                        format!("take {id} is {state}, its generation {there}"),
                    );
                }
            }
        }
    }

    /// A take that was asked for in a workbench was run again from another one, or has a prompt that no command had.
    fn nothing_was_bought_more_often_than_asked(&mut self, orders: &Orders<'_>) {
        let by_command = |prompt: &str| orders.asked.keys().any(|(known, _)| known == prompt);
        let is_final = |body: &Value| drafts::finished_by(body).is_some();
        let is_by_hand = |take: &&Value| {
            !is_final(&take["request"])
                && (!take["parent"].is_null() || !by_command(&body_of(&take["request"]).0))
        };
        let by_hand: Vec<&Value> = self
            .takes
            .iter()
            .filter(is_by_hand)
            .map(|take| &take["request"])
            .collect();
        if by_hand.len() as u64 > orders.by_hand {
            self.wrong.push(Wrong::new(format!(
                "keys asked for {} takes, and there are {} of them",
                orders.by_hand,
                by_hand.len()
            )));
        }
        let counted = |bodies: Vec<&Value>| {
            let mut counts: BTreeMap<(String, i64), u64> = BTreeMap::new();
            for body in bodies {
                *counts.entry(body_of(body)).or_default() += 1;
            }
            counts
        };
        // How often a draft was finished is judged apart from this.
        let bought = self.requests.iter().map(|request| &request["body"]);
        let bought = counted(bought.filter(|body| !is_final(body)).collect());
        let takes = counted(self.takes.iter().map(|take| &take["request"]).collect());
        let by_hand = counted(by_hand);
        for (body, times) in bought {
            let asked = orders.asked.get(&body).unwrap_or(&0) + by_hand.get(&body).unwrap_or(&0);
            let takes = takes.get(&body).copied().unwrap_or(0);
            if times > asked || times > takes {
                self.wrong.push(Wrong {
                    what: format!(
                        "{body:?} was accepted {times} times, asked for {asked} times, {takes} takes"
                    ),
                    of: Some(body),
                });
            }
        }
    }

    fn the_account_adds_up(&mut self, ledger: &Value) {
        let find = |take: &Value| {
            self.requests
                .iter()
                .find(|it| it["request_id"] == take["request_id"])
        };
        let said = |take: &Value| find(take).map_or_else(|| micros(billed(take)), |it| cost(take, it));
        // An absurd bill that counts as one is larger than a sum can be.
        let charged: i128 = self.takes.iter().map(|take| i128::from(said(take))).sum();
        if charged != i128::from(micros(&ledger["charged"])) || micros(&ledger["reserved"]) != 0 {
            let what = format!(
                "the takes cost {charged} micro-dollars, the account was charged {} and holds {} back",
                ledger["charged"], ledger["reserved"]
            );
            self.wrong.push(Wrong::new(what));
        }
    }

    /// A bill that is unknown is counted by what was reserved for it.
    fn no_money_is_uncounted(&mut self, ledger: &Value, committed: i64) {
        if committed < micros(&ledger["charged"]) {
            self.wrong.push(Wrong::new(format!(
                "the store counts {committed} micro-dollars as spent, the account was charged {}",
                ledger["charged"]
            )));
        }
    }

    fn no_partial_download_is_left(&mut self, reels: &Path) {
        let folders = std::fs::read_dir(reels).unwrap().flatten();
        for file in folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten()) {
            let path = file.path();
            if path.extension().is_some_and(|ending| ending == "part") {
                self.wrong.push(Wrong::new(format!("{} is left", path.display())));
            }
        }
    }
}

/// The bill of a take; for one of the sandbox, in its play money.
fn billed(take: &Value) -> &Value {
    match take["backend"].as_str() {
        Some("sandbox") => &take["would_cost_usd"],
        _ => &take["cost_usd"],
    }
}

/// What a take cost; the charge itself if its bill was absurd and the store treated it as it may.
fn cost(take: &Value, request: &Value) -> i64 {
    let said = billed(take).as_f64().map(|_| micros(billed(take)));
    let id = request["request_id"].as_str().unwrap_or_default();
    if absurd_bills::may_say(id, said) {
        micros(&request["charge"])
    } else {
        said.unwrap_or(0)
    }
}

fn video_matches_the_ledger(take: &Value, request: &Value) -> Result<(), String> {
    let file = take["file"].as_str().ok_or("saved without a file")?;
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let noted = take["sha256"].as_str().unwrap_or_default();
    let booked = request["sha256"].as_str().unwrap_or_default();
    if hash == noted && hash == booked {
        Ok(())
    } else {
        Err(format!(
            "{file} has hash {hash}, the store says {noted}, the ledger {booked}"
        ))
    }
}
