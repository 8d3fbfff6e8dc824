//! Waits for the takes of a call, and reports them.

use std::io::IsTerminal;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::model::text::sentences;
use crate::model::{FailureKind, Take, TakeId, TakeState};
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

/// Runs the engine until the takes of this call need no more waiting, or until it is interrupted, then prints them.
pub(super) async fn wait_and_report(
    global: &Global,
    home: &Home,
    session: &Session,
    ids: &[TakeId],
    report: Report,
    interrupted: impl Future<Output = Leave>,
) -> Result<Exit, Failure> {
    let events = session.start();
    let mut waiting = Waiting {
        home,
        session,
        ids,
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
        Report::Rows => print::takes(&takes, false)?,
        Report::Json => print::takes(&takes, true)?,
        Report::Nothing => {}
    }
    print::ring(home.settings.notify);
    for take in takes.iter().filter(|take| take.state != TakeState::Saved) {
        print::complain(&print::why(take));
    }
    Ok(if interrupted {
        Exit::Interrupted
    } else {
        // The outcome of a repeated take is that of its repeat.
        let repeated: Vec<TakeId> = waiting.repeated()?;
        Exit::of_takes(takes.iter().filter(|take| !repeated.contains(&take.id)))
    })
}

/// The takes of this call.
struct Waiting<'a> {
    home: &'a Home,
    session: &'a Session,
    ids: &'a [TakeId],
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
        let mut takes = Vec::with_capacity(self.ids.len());
        for id in self.ids {
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
            TakeState::Waiting => take.on_hold.is_some() || self.never_arrives(take),
            state => state.settled(),
        }
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

    /// Cancels what was not sent, so that it is not sent later without the user's knowledge. Takes on hold stay: only
    /// the user's word sends them.
    fn cancel_waiting(&self) -> Result<(), Failure> {
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
