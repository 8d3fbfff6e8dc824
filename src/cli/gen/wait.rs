//! Waits for takes, and reports them.

use std::io::IsTerminal;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::model::text::{capitalized, sentences};
use crate::model::{FailureKind, Take, TakeId, TakeState};
use crate::service::problem::Kind;
use crate::service::{Change, Home, Session, money};
use crate::store::{Facts, StoreError};

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::{Failure, Leave, background, next_event, print};

/// An unknown outcome is waited for this long; then `rushes reconcile` or the next run continues.
const UNCLEAR_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// A rendered video that cannot be saved is waited for this long; the next run tries again.
const DELIVERY_WAIT: SignedDuration = SignedDuration::from_secs(120);
/// An obstacle is looked at again after this time, before the call ends because of it.
const SECOND_LOOK: Duration = Duration::from_secs(1);
/// A take that never reached the API is tried this often before it is cancelled.
const MAX_TRIES: u32 = 3;

/// What is printed of takes that are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    Rows,
    Json,
    /// Nothing, and nothing of their progress either.
    Nothing,
}

impl Report {
    pub const fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Rows }
    }
}

/// The takes that are waited for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Queued<'a> {
    /// This call queued them, and cancels those that it leaves waiting.
    ByThisCall(&'a [TakeId]),
    /// Another call queued it, so it stays as it is.
    ByAnother(TakeId),
}

impl Queued<'_> {
    fn ids(&self) -> &[TakeId] {
        match self {
            Self::ByThisCall(ids) => ids,
            Self::ByAnother(id) => std::slice::from_ref(id),
        }
    }
}

/// Runs the engine until the takes need no more waiting, or until the call is interrupted, then prints them.
pub(super) async fn wait_and_report(
    global: &Global,
    home: &Home,
    session: &Session,
    queued: Queued<'_>,
    report: Report,
    interrupted: impl Future<Output = Leave>,
) -> Result<Exit, Failure> {
    let events = session.start();
    let mut waiting = Waiting {
        home,
        session,
        queued,
        shown: Vec::new(),
        quiet: report != Report::Rows,
    };
    let ended = tokio::select! {
        biased;
        why = interrupted => Ok(Some(why)),
        done = waiting.until_done(events) => done.map(|()| None),
    };
    if matches!(ended, Ok(Some(Leave::HungUp))) {
        // A connection that drops is not the user's decision: what was asked for goes on without it.
        session.end().await;
        if background::hand_over(global).await.is_err() {
            waiting.cancel_waiting()?;
        }
        return Ok(Exit::Interrupted);
    }
    // Whatever went wrong, nothing is left in the queue without the user's knowledge, and the engine ends in order.
    let cancelled = waiting.cancel_waiting();
    session.end().await;
    // Takes may have come back into the queue while the engine ended.
    let cancelled = cancelled.and_then(|()| waiting.cancel_waiting());
    let interrupted = ended?.is_some();
    cancelled?;
    let takes = waiting.read()?;
    match report {
        Report::Rows => print::take_rows(&takes, false)?,
        Report::Json => print::take_records(takes.clone())?,
        Report::Nothing => {}
    }
    print::ring(home.settings.notify);
    let stop = waiting.left_in_the_queue(&takes)?;
    for take in takes.iter().filter(|take| take.state != TakeState::Saved) {
        print::complain(&match &stop {
            Some((_, why)) if take.state == TakeState::Waiting => why.clone(),
            _ => print::why(take),
        });
    }
    Ok(match stop {
        _ if interrupted => Exit::Interrupted,
        Some((exit, _)) => exit,
        None => {
            // The outcome of a repeated take is that of its repeat.
            let repeated: Vec<TakeId> = waiting.repeated()?;
            Exit::of_takes(takes.iter().filter(|take| !repeated.contains(&take.id)))
        }
    })
}

/// The takes that are waited for, and how far they are.
struct Waiting<'a> {
    home: &'a Home,
    session: &'a Session,
    queued: Queued<'a>,
    shown: Vec<(TakeId, TakeState)>,
    quiet: bool,
}

impl Waiting<'_> {
    async fn until_done(&mut self, mut events: UnboundedReceiver<Event>) -> Result<(), Failure> {
        loop {
            let takes = self.read()?;
            self.show(&takes);
            if takes.iter().all(|take| self.is_done(take)) {
                return Ok(());
            }
            if self.queue_is_held_up(&takes)? {
                // The settings may be in the middle of being saved: one look decides nothing.
                tokio::time::sleep(SECOND_LOOK).await;
                if self.queue_is_held_up(&self.read()?)? {
                    return Ok(());
                }
                continue;
            }
            next_event(&mut events, Duration::from_secs(1)).await;
        }
    }

    /// The takes that were asked for, each followed by its repeats.
    fn read(&self) -> Result<Vec<Take>, Failure> {
        let store = &self.home.store;
        let ids = self.queued.ids();
        let mut takes = Vec::with_capacity(ids.len());
        for id in ids {
            let mut next = Some(*id);
            while let Some(id) = next {
                takes.push(store.take(id)?);
                next = store.repeat_of(id)?;
            }
        }
        Ok(takes)
    }

    /// The takes that were repeated.
    fn repeated(&self) -> Result<Vec<TakeId>, Failure> {
        let mut repeated = Vec::new();
        for take in self.read()? {
            repeated.extend(self.home.store.repeat_of(take.id)?.map(|_| take.id));
        }
        Ok(repeated)
    }

    /// Whether this call has no more to wait for the take.
    fn is_done(&self, take: &Take) -> bool {
        let now = self.home.clock.now();
        let since = |time: Option<jiff::Timestamp>| now.duration_since(time.unwrap_or(take.created_at));
        match take.state {
            TakeState::Unknown => since(take.times.submitted) > UNCLEAR_WAIT,
            TakeState::Rendered => take.error_kind.is_some() && since(take.times.rendered) > DELIVERY_WAIT,
            TakeState::Waiting => take.on_hold.is_some() || self.is_paused(take) || self.never_arrives(take),
            state => state.settled(),
        }
    }

    /// Whether another call's take is paused. This call's own is paused by its user, who lets it go on.
    fn is_paused(&self, take: &Take) -> bool {
        take.paused && matches!(self.queued, Queued::ByAnother(_))
    }

    fn never_arrives(&self, take: &Take) -> bool {
        match take.error_kind {
            Some(FailureKind::Network) => {
                let tries = self.home.store.times_submitted(take.id);
                tries.is_ok_and(|tries| tries >= MAX_TRIES)
            }
            Some(FailureKind::Storage) => true,
            _ => false,
        }
    }

    /// Whether the queue is stopped, or money holds it up, and nothing of ours is on its way.
    fn queue_is_held_up(&self, takes: &[Take]) -> Result<bool, Failure> {
        let is_on_its_way = |take: &Take| !self.is_done(take) && take.state != TakeState::Waiting;
        if takes.iter().any(is_on_its_way) {
            return Ok(false);
        }
        Ok(money::stop(self.home, self.session.backend(), takes)?.is_some())
    }

    /// Why another call's take still waits, and the exit code for it; `None` when none does.
    fn left_in_the_queue(&self, takes: &[Take]) -> Result<Option<(Exit, String)>, Failure> {
        let waits = takes.iter().find(|take| take.state == TakeState::Waiting);
        let (Queued::ByAnother(_), Some(take)) = (self.queued, waits) else {
            return Ok(None);
        };
        if take.on_hold.is_some() {
            return Ok(Some((Exit::Other, print::why(take))));
        }
        let stays = format!("take {} stays in the queue", take.id);
        if take.paused {
            let why = "It is paused, and nothing else is sent for it. Let it go on in the workbench, then run this again";
            return Ok(Some((Exit::Other, sentences(&[&stays, why]))));
        }
        let stop = money::stop(self.home, self.session.backend(), takes)?;
        let exit = stop
            .as_ref()
            .map_or(Exit::Other, |(kind, _)| Exit::of_kind(Kind::of_failure(*kind)));
        let why = stop
            .map(|(_, why)| capitalized(&why))
            .or_else(|| take.error.clone());
        Ok(Some((exit, sentences(&[&stays, &why.unwrap_or_default()]))))
    }

    /// Cancels what this call did not send, so that it is not sent later without the user's knowledge. Takes on hold stay:
    /// only the user's word sends them.
    fn cancel_waiting(&self) -> Result<(), Failure> {
        if matches!(self.queued, Queued::ByAnother(_)) {
            return Ok(());
        }
        let takes = self.read()?;
        // The takes are cancelled even if the reason why they were not sent is unknown.
        let why = money::stop(self.home, self.session.backend(), &takes).unwrap_or_default();
        let waits = |take: &&Take| take.state == TakeState::Waiting && take.on_hold.is_none();
        for take in takes.iter().filter(waits) {
            // A take that a 429 sent back is cancelled for the stop, not for its own response.
            let has_own_reason = |kind: &FailureKind| *kind != FailureKind::Rate;
            if let (Some((kind, why)), None) = (&why, take.error_kind.filter(has_own_reason)) {
                let facts = Facts::error(*kind, sentences(&["Not sent", why]));
                self.home.store.learn(take.id, &facts)?;
            }
            match self.session.queue().change(take.id, Change::Cancel) {
                // Another process may just have claimed it: then it is left alone.
                Ok(_) | Err(StoreError::IllegalTransition { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Prints a line on standard error for each change of state, if that is a terminal.
    fn show(&mut self, takes: &[Take]) {
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        for take in takes {
            if !self.shown.contains(&(take.id, take.state)) {
                self.shown.push((take.id, take.state));
                print::note(&format!("take {}  seed {}  {}", take.id, take.seed, take.state));
            }
        }
    }
}
