//! `rushes reconcile`: resolves unknown outcomes, then compares our ledger with the provider's history.

mod report;

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use crate::engine::Event;
use crate::engine::reconcile::{Comparison, Difference, Elsewhere};
use crate::model::text::counted;
use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};
use crate::service::home::WhichReel;
use crate::service::{Home, Session};

use super::args::{Global, Reconcile};
use super::exit::Exit;
use super::{Failure, interrupt, next_event, open, print};

/// Imports the takes that only their sidecars know, instead of a request.
const FILES: &str = "files";
/// Unknown outcomes are waited for this long; those that are still unknown stay for the next time.
const UNCLEAR_WAIT: Duration = Duration::from_secs(20);
/// A proof that is due within this time is waited for: two minutes of watching, and the looks before and after.
const PROOF_WAIT: Duration = Duration::from_mins(3);
/// What an event did not announce is looked at again after this time.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Videos that were recovered are downloaded for this long; `rushes resume` continues.
const DELIVERY_WAIT: Duration = Duration::from_secs(180);

pub(super) async fn run(global: &Global, args: &Reconcile) -> Result<Exit, Failure> {
    let mut args = args.clone();
    let from_files = args.import.iter().position(|word| word == FILES);
    let home = match from_files {
        None => open::to_work_in(global, WhichReel::Default)?,
        Some(_) => open::to_write_in(global, WhichReel::Default)?,
    };
    if let Some(at) = from_files {
        args.import.remove(at);
        let imported = home.queue(Backend::Sandbox).import_orphans()?;
        print::complain(&imported.to_string());
    }
    let session = open::session(global, &home).await?;
    // Nothing that waits is sent by this command.
    let mut work = Work {
        events: session.start_finishing(),
        home: &home,
        session: &session,
    };
    let ended = tokio::select! {
        biased;
        _ = interrupt() => Ok(Exit::Interrupted),
        ended = work.all(&args) => ended,
    };
    session.end().await;
    ended
}

struct Work<'a> {
    home: &'a Home,
    session: &'a Session,
    events: UnboundedReceiver<Event>,
}

impl Work<'_> {
    async fn all(&mut self, args: &Reconcile) -> Result<Exit, Failure> {
        self.resolve().await?;
        let comparison = self.session.reconcile(args.days).await?;
        let imported = self.import(&comparison, &args.import).await?;
        let mut followed: Vec<TakeId> = imported.iter().map(|take| take.id).collect();
        followed.extend(comparison.recovered());
        self.fetch(&followed).await?;
        report::report(&comparison, &imported, args.json)?;
        self.tell_of_bills()?;
        self.exit(&followed)
    }

    /// Waits until no outcome is unknown, or for a while: longer where that is enough for a proof.
    async fn resolve(&mut self) -> Result<(), Failure> {
        self.session.check_unknown();
        let began = Instant::now();
        let mut is_told = false;
        loop {
            let unknown = self.unknown()?;
            if unknown.is_empty() {
                return Ok(());
            }
            let elapsed = began.elapsed();
            let proofs = unknown.iter().filter_map(|take| self.session.proof_in(take.id));
            match within_reach(elapsed, proofs) {
                None if elapsed >= UNCLEAR_WAIT => return Ok(()),
                Some(left) if !is_told && elapsed + left > UNCLEAR_WAIT => {
                    is_told = true;
                    print::complain(&waiting_for_proof(unknown.len(), left));
                }
                _ => {}
            }
            next_event(&mut self.events, LOOK_AGAIN).await;
        }
    }

    fn unknown(&self) -> Result<Vec<Take>, Failure> {
        let mut takes = self.home.store.unsettled_takes(None)?;
        takes.retain(|take| take.backend == self.session.backend() && take.state == TakeState::Unknown);
        Ok(takes)
    }

    async fn import(&self, comparison: &Comparison, asked: &[String]) -> Result<Vec<Take>, Failure> {
        let chosen = self.chosen(comparison, asked)?;
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let prices = self.home.spending(self.session.backend()).read().prices;
        let reel_id = self.home.reel.id.clone();
        Ok(self.session.import(reel_id, prices, chosen).await?)
    }

    /// What is to be imported; a request that is asked for by name must exist.
    fn chosen(&self, comparison: &Comparison, asked: &[String]) -> Result<Vec<Elsewhere>, Failure> {
        if asked.iter().any(|name| name == "all") {
            return Ok(comparison.importable().cloned().collect());
        }
        let mut chosen = Vec::new();
        for name in asked {
            let found = comparison
                .differences
                .iter()
                .find_map(|difference| match difference {
                    Difference::Elsewhere(elsewhere) if elsewhere.row.request_id == *name => Some(elsewhere),
                    _ => None,
                });
            let known = self.home.store.take_of_request(self.session.backend(), name)?;
            match (found, known) {
                (Some(elsewhere), _) => chosen.push((**elsewhere).clone()),
                (None, Some(take)) => {
                    print::complain(&format!("request {name} is already take {}", take.id));
                }
                (None, None) => {
                    return Err(Failure::usage(format!(
                        "the history of these days shows no request {name:?} made elsewhere: see `rushes reconcile`"
                    )));
                }
            }
        }
        Ok(chosen)
    }

    /// Waits for a while until the recovered videos are saved.
    async fn fetch(&mut self, ids: &[TakeId]) -> Result<(), Failure> {
        if ids.is_empty() {
            return Ok(());
        }
        let until = Instant::now() + DELIVERY_WAIT;
        while Instant::now() < until {
            let takes = self.takes(ids)?;
            if takes.iter().all(|take| take.state.settled()) {
                return Ok(());
            }
            next_event(&mut self.events, LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// A bill of the history that is above what was reserved for its take has stopped the queue.
    fn tell_of_bills(&self) -> Result<(), Failure> {
        let queue = self.home.store.queue(self.session.backend()).state()?;
        if let Some((kind @ FailureKind::BillAboveReserve, why)) = queue.stopped {
            print::complain(&format!("{why} The queue is stopped: {}", kind.advice()));
        }
        Ok(())
    }

    fn takes(&self, ids: &[TakeId]) -> Result<Vec<Take>, Failure> {
        let takes: Result<Vec<Take>, _> = ids.iter().map(|id| self.home.store.take(*id)).collect();
        Ok(takes?)
    }

    fn exit(&self, followed: &[TakeId]) -> Result<Exit, Failure> {
        let unknown = self.unknown()?;
        for take in &unknown {
            print::complain(&print::still_unknown(take, self.session.proof_in(take.id)));
        }
        // A video whose seven days are over is a record of money, not a failure of today.
        let mut left = self.takes(followed)?;
        left.retain(|take| !take.state.settled());
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
        "It is unknown whether {} arrived. The history is watched for another {} s; what it does not show by then never \
         arrived. Ctrl-C leaves that to the next run.",
        counted(unknown as u64, "take"),
        left.as_secs() + 1
    )
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
