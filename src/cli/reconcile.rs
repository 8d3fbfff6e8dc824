//! `rushes reconcile`: clears up unknown outcomes, then holds the provider's books against the store.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use crate::engine::books::{self, Account, BooksError, CannotAdopt, Comparison, Difference, Elsewhere};
use crate::engine::{Engine, Event, strays};
use crate::model::text::counted;
use crate::model::{FailureKind, Take, TakeId, TakeState};
use crate::store::StoreError;

use super::args::{Global, Reconcile};
use super::backend::{self, Ready};
use super::exit::{Exit, is_about_money};
use super::house::House;
use super::{Failure, interrupt, print};

/// Imports what only the files beside the films tell of, instead of a request.
const FILES: &str = "files";
/// Unknown outcomes are waited for this long; what is not clear then stays for the next time.
const UNCLEAR_WAIT: Duration = Duration::from_secs(20);
/// A proof that is due within this time is waited for: two minutes of watching, and the looks before and after.
const PROOF_WAIT: Duration = Duration::from_mins(3);
/// Films that came to light are fetched for this long; `rushes resume` goes on.
const DELIVERY_WAIT: Duration = Duration::from_secs(180);

pub(super) async fn run(global: &Global, args: &Reconcile) -> Result<Exit, Failure> {
    let (house, args) = match args.adopt.iter().position(|word| word == FILES) {
        None => (House::open_and_offer(global)?, args.clone()),
        Some(at) => {
            let house = House::open_and_warn(global)?;
            let imported = strays::import(&house.store, &house.paths.reels()).map_err(store_failure)?;
            print::complain(&imported.to_string());
            let mut args = args.clone();
            args.adopt.remove(at);
            (house, args)
        }
    };
    let args = &args;
    let ready = backend::make_ready(global, &house).await?;
    // Nothing that waits is sent by this: it only brings home and compares.
    let (engine, events) = Engine::bring_home(ready.engine(&house));
    let mut work = Work {
        house: &house,
        ready: &ready,
        engine: &engine,
        events,
    };
    let ended = tokio::select! {
        biased;
        _ = interrupt() => Ok(Exit::Interrupted),
        ended = work.all(args) => ended,
    };
    engine.stop().await;
    if let Some(sandbox) = ready.sandbox {
        sandbox.stop().await;
    }
    ended
}

struct Work<'a> {
    house: &'a House,
    ready: &'a Ready,
    engine: &'a Engine,
    events: UnboundedReceiver<Event>,
}

impl Work<'_> {
    async fn all(&mut self, args: &Reconcile) -> Result<Exit, Failure> {
        self.clear_up().await?;
        let account = self.ready.account(self.house);
        let now = self.house.clock.now();
        let comparison = books::compare(&account, now, args.days).await.map_err(failure)?;
        books::note_compared(&account, now).map_err(store_failure)?;
        let adopted = self.adopt(&account, &comparison, &args.adopt)?;
        let mut followed: Vec<TakeId> = adopted.iter().map(|take| take.id).collect();
        followed.extend(taken_up(&comparison));
        self.fetch(&followed).await?;
        report(&comparison, &adopted, args.json)?;
        self.tell_of_bills()?;
        self.exit(&followed)
    }

    /// Waits until no outcome is unknown, or for a while: longer where that is enough for a proof.
    async fn clear_up(&mut self) -> Result<(), Failure> {
        self.engine.check_unknown();
        let began = Instant::now();
        let mut is_told = false;
        loop {
            let unknown = self.unknown()?;
            if unknown.is_empty() {
                return Ok(());
            }
            let elapsed = began.elapsed();
            let proofs = unknown.iter().filter_map(|take| self.engine.proof_in(take.id));
            match within_reach(elapsed, proofs) {
                None if elapsed >= UNCLEAR_WAIT => return Ok(()),
                Some(left) if !is_told && elapsed + left > UNCLEAR_WAIT => {
                    is_told = true;
                    print::complain(&waiting_for_proof(unknown.len(), left));
                }
                _ => {}
            }
            self.next_event().await;
        }
    }

    fn unknown(&self) -> Result<Vec<Take>, Failure> {
        let mut takes = self.house.store.unsettled_takes(None).map_err(store_failure)?;
        takes.retain(|take| take.backend == self.ready.backend && take.state == TakeState::Unknown);
        Ok(takes)
    }

    /// An event, or a moment later the clock, may have changed something.
    async fn next_event(&mut self) {
        let event = tokio::time::timeout(Duration::from_millis(500), self.events.recv()).await;
        if let Ok(Some(Event::Trouble(sentence))) = event {
            print::complain(&sentence);
        }
    }

    fn adopt(
        &self,
        account: &Account,
        comparison: &Comparison,
        asked: &[String],
    ) -> Result<Vec<Take>, Failure> {
        let chosen = chosen(account, comparison, asked)?;
        let prices = self.house.spending(account.backend).read().prices;
        let adopter = account.adopter(self.house.reel.id.clone(), prices);
        let adopted = adopter.adopt_all(chosen, self.house.clock.now());
        adopted.map_err(|error| match error {
            CannotAdopt::Store(error) => store_failure(error),
            held @ CannotAdopt::Held { .. } => Failure::new(Exit::Usage, held),
        })
    }

    /// Waits until the films that came to light are home, or for a while.
    async fn fetch(&mut self, ids: &[TakeId]) -> Result<(), Failure> {
        if ids.is_empty() {
            return Ok(());
        }
        self.engine.wake();
        let until = Instant::now() + DELIVERY_WAIT;
        while Instant::now() < until {
            let takes = self.takes(ids)?;
            if takes.iter().all(|take| take.state.settled()) {
                return Ok(());
            }
            self.next_event().await;
        }
        Ok(())
    }

    /// A bill of the history that is above what was reserved for its take has stopped the queue.
    fn tell_of_bills(&self) -> Result<(), Failure> {
        let line = self
            .house
            .store
            .queue(self.ready.backend)
            .state()
            .map_err(store_failure)?;
        if let Some((kind @ FailureKind::BillAboveReserve, why)) = line.stopped {
            print::complain(&format!("{why} The queue is stopped: {}", kind.advice()));
        }
        Ok(())
    }

    fn takes(&self, ids: &[TakeId]) -> Result<Vec<Take>, Failure> {
        let takes: Result<Vec<Take>, StoreError> = ids.iter().map(|id| self.house.store.take(*id)).collect();
        takes.map_err(store_failure)
    }

    fn exit(&self, followed: &[TakeId]) -> Result<Exit, Failure> {
        let unknown = self.unknown()?;
        for take in &unknown {
            print::complain(&print::still_unknown(take, self.engine.proof_in(take.id)));
        }
        // A film whose seven days are over is a record of money, not a failure of today.
        let left: Vec<Take> = self
            .takes(followed)?
            .into_iter()
            .filter(|take| !take.state.settled())
            .collect();
        for take in &left {
            print::complain(&print::why(take));
        }
        Ok(Exit::of_takes(unknown.iter().chain(&left)))
    }
}

/// How long until the last proof that is waited for.
fn within_reach(elapsed: Duration, proofs: impl Iterator<Item = Duration>) -> Option<Duration> {
    proofs.filter(|left| elapsed + *left <= PROOF_WAIT).max()
}

/// Why the command does not end yet.
fn waiting_for_proof(unknown: usize, left: Duration) -> String {
    format!(
        "It is unknown whether {} arrived. The history is watched for {} s more, until what it does not show never \
         arrived for certain; Ctrl-C leaves that to the next time.",
        counted(unknown as u64, "take"),
        left.as_secs() + 1
    )
}

/// Takes whose film was given up and is fetched now.
fn taken_up(comparison: &Comparison) -> impl Iterator<Item = TakeId> {
    comparison
        .differences
        .iter()
        .filter_map(|difference| match difference {
            Difference::State {
                take, taken_up: true, ..
            } => Some(*take),
            _ => None,
        })
}

/// What is to be adopted; a request that is asked for by name must be there.
fn chosen<'c>(
    account: &Account,
    comparison: &'c Comparison,
    asked: &[String],
) -> Result<Vec<&'c Elsewhere>, Failure> {
    if asked.iter().any(|name| name == "all") {
        return Ok(comparison.adoptable().collect());
    }
    let mut chosen = Vec::new();
    for name in asked {
        let found = comparison
            .differences
            .iter()
            .find_map(|difference| match difference {
                Difference::Elsewhere(elsewhere) if elsewhere.row.request_id == *name => Some(&**elsewhere),
                _ => None,
            });
        let known = account
            .store
            .take_of_request(account.backend, name)
            .map_err(store_failure)?;
        match (found, known) {
            (Some(elsewhere), _) => chosen.push(elsewhere),
            (None, Some(take)) => print::complain(&format!("request {name} is take {} already", take.id)),
            (None, None) => {
                return Err(Failure::new(
                    Exit::Usage,
                    format!(
                        "the history of these days shows no request {name:?} made elsewhere: see `rushes reconcile`"
                    ),
                ));
            }
        }
    }
    Ok(chosen)
}

fn report(comparison: &Comparison, adopted: &[Take], json: bool) -> Result<(), Failure> {
    if json {
        for difference in &comparison.differences {
            print::json(&as_json(difference))?;
        }
        for take in adopted {
            let id = take.id;
            print::json(&json!({"kind": "adopted", "take": id, "request_id": take.request_id}))?;
        }
        return print::json(&summary(comparison, adopted.len()));
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
    for take in adopted {
        let id = take.request_id.as_deref().unwrap_or_default();
        print::line(&format!("adopted    {id}  as take {}", take.id))?;
    }
    print::line(&totals(comparison))
}

/// Both sums, and whether the books agree.
fn totals(comparison: &Comparison) -> String {
    let mut words = vec![format!(
        "{} to {}: {}, {} here, {} there, difference {}",
        comparison.from,
        comparison.to,
        counted(comparison.requests as u64, "request"),
        comparison.ours.precise(),
        comparison.theirs.precise(),
        (comparison.theirs - comparison.ours).precise()
    )];
    if comparison.others > 0 {
        words.push(format!("{} of other models passed over", comparison.others));
    }
    if comparison.unclear > 0 {
        words.push(format!(
            "{} of unknown outcome being cleared up",
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
            "the history could not be read whole ({} unreadable): what is missing in it is not told",
            counted(comparison.unreadable as u64, "row")
        ));
    } else if comparison.agree() {
        words.push("the books agree".to_owned());
    }
    let open = comparison.adoptable().count();
    if open > 0 {
        words.push(format!(
            "{open} made elsewhere: --adopt all or --adopt REQUEST_ID takes them in"
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
            taken_up,
            repeat_sent,
            ..
        } => json!({
            "take": take, "ours": ours, "theirs": theirs.word(), "taken_up": taken_up, "repeat_sent": repeat_sent,
        }),
        Difference::Elsewhere(elsewhere) => json!({
            "model": elsewhere.model, "state": elsewhere.row.state.word(), "theirs_usd": elsewhere.row.cost,
            "created_at": elsewhere.row.created, "prompt": elsewhere.prompt(2000), "like": elsewhere.like,
            "adoptable": elsewhere.held.is_none(), "held": elsewhere.held,
        }),
    };
    if let (Value::Object(into), Value::Object(more)) = (&mut value, more) {
        into.extend(more);
    }
    value
}

fn summary(comparison: &Comparison, adopted: usize) -> Value {
    json!({
        "kind": "summary", "from": comparison.from, "to": comparison.to, "requests": comparison.requests,
        "others": comparison.others, "unreadable": comparison.unreadable, "whole": comparison.whole,
        "unclear": comparison.unclear, "unknown": comparison.unknown, "differences": comparison.differences.len(), "adopted": adopted,
        "agree": comparison.agree(), "ours_usd": comparison.ours, "theirs_usd": comparison.theirs,
        "difference_usd": comparison.theirs - comparison.ours,
    })
}

fn failure(error: BooksError) -> Failure {
    let exit = match &error {
        BooksError::Api(api) => match api.kind {
            FailureKind::KeyMissing | FailureKind::KeyRejected => Exit::Key,
            kind if is_about_money(kind) => Exit::Money,
            _ => Exit::Unreachable,
        },
        BooksError::Store(_) => Exit::Other,
    };
    Failure::new(exit, error)
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn store_failure(error: StoreError) -> Failure {
    Failure::new(Exit::Other, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_that_two_minutes_of_watching_bring_is_waited_for_and_one_in_twenty_is_not() {
        let reach = |elapsed: u64, proofs: &[u64]| {
            let proofs = proofs.iter().map(|seconds| Duration::from_secs(*seconds));
            within_reach(Duration::from_secs(elapsed), proofs).map(|left| left.as_secs())
        };
        assert_eq!(reach(1, &[120]), Some(120));
        assert_eq!(reach(100, &[30, 20]), Some(30));
        assert_eq!(reach(1, &[120, 1140]), Some(120));
        assert_eq!(reach(1, &[1140]), None);
        assert_eq!(reach(181, &[0]), None);
        assert_eq!(reach(1, &[]), None);
    }
}
