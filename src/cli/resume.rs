//! `rushes resume`: works until nothing is in flight, here or in a session of its own.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::model::text::counted;
use crate::model::{Backend, FailureKind, Take, TakeState};
use crate::service::home::WhichReel;
use crate::service::{Home, Session, money};

use super::args::{Global, Resume};
use super::exit::{Exit, is_about_money};
use super::{Failure, Leave, background, interrupt, next_event, open, print};

/// An outcome that stays unknown longer than this is left to the user.
const UNCLEAR_WAIT: SignedDuration = SignedDuration::from_mins(45);
/// A video that cannot be saved is tried for this long.
const DELIVERY_WAIT: SignedDuration = SignedDuration::from_mins(30);
/// A take that the provider does not finish is polled for this long.
const RENDER_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// Every run gives takes this long before it leaves them, however old they are.
const MIN_RUN: Duration = Duration::from_mins(3);

pub(super) async fn run(global: &Global, args: &Resume) -> Result<Exit, Failure> {
    if args.background {
        let pid = background::start(global)
            .map_err(|error| Failure::other(format!("cannot start in the background: {error}")))?;
        print::line(&format!(
            "resume continues in the background (process {pid}); `rushes ls` shows its progress"
        ))?;
        return Ok(Exit::Ok);
    }
    if args.detached {
        // A session of its own: the hang-up of the terminal it came from does not reach it.
        rustix::process::setsid()
            .map_err(|error| Failure::other(format!("cannot leave the terminal's session: {error}")))?;
        // `background::start` waits for this word; nothing is printed after it.
        print::line("detached")?;
    }
    let home = open::to_work_in(global, WhichReel::Default)?;
    let session = open::session(global, &home).await?;
    if !args.detached {
        // A user who resumes by hand has read why the queue was stopped.
        session.queue().lift_stop()?;
    }
    if args.release_on_hold {
        let released = session.queue().release_all()?;
        print::complain(&format!("{} on hold released", counted(released as u64, "take")));
    }
    let mut events = session.start();
    let left = tokio::select! {
        biased;
        why = interrupt() => Err(why),
        left = until_nothing_moves(&home, &session, &mut events) => Ok(left),
    };
    session.end().await;
    match left {
        Err(Leave::HungUp) if !args.detached => {
            // A failure is logged, because nobody reads the terminal any more.
            let _ = background::hand_over(global).await;
            Ok(Exit::Interrupted)
        }
        Err(_) => Ok(Exit::Interrupted),
        Ok(left) => {
            let (left, stop) = left?;
            for take in &left {
                print::complain(&print::why(take));
            }
            if without_key(global, args, &home, &session)? {
                return Ok(Exit::Key);
            }
            let waits = left.iter().any(|take| take.state == TakeState::Waiting);
            Ok(match Exit::of_takes(&left) {
                Exit::Key => Exit::Key,
                _ if waits && stop.is_some_and(is_about_money) => Exit::Money,
                exit => exit,
            })
        }
    }
}

/// Whether unsettled live takes need a key; tells the user if so. Only the embedded sandbox ran here.
fn without_key(global: &Global, args: &Resume, home: &Home, session: &Session) -> Result<bool, Failure> {
    if args.detached || global.sandbox || session.backend() == Backend::Live {
        return Ok(false);
    }
    let takes = home.store.unsettled_takes(None)?;
    let live = takes.iter().filter(|take| take.backend == Backend::Live).count() as u64;
    if live > 0 {
        let takes = counted(live, "live take");
        print::complain(&format!(
            "{takes} not finished: set SEGMIND_API_KEY to the key that was used, then run `rushes resume` again"
        ));
    }
    Ok(live > 0)
}

/// Waits until every take is settled or cannot move by itself; returns those, and why none is sent, if so.
async fn until_nothing_moves(
    home: &Home,
    session: &Session,
    events: &mut UnboundedReceiver<Event>,
) -> Result<(Vec<Take>, Option<FailureKind>), Failure> {
    let (backend, account) = (session.backend(), session.client().account());
    let began = Instant::now();
    loop {
        let mut takes = home.store.unsettled_takes(None)?;
        takes.retain(|take| take.backend == backend);
        let stop = money::stop(home, backend, &takes)?;
        let (now, fresh_run) = (home.clock.now(), began.elapsed() < MIN_RUN);
        let age =
            |take: &Take, since: Option<Timestamp>| now.duration_since(since.unwrap_or(take.created_at));
        let moves = |take: &Take| match take.state {
            // Only its own key can settle it; if that was not recorded, this key may be the one.
            _ if take.error_kind == Some(FailureKind::OtherKey)
                && take.account.as_deref().map_or(!fresh_run, |own| own != account) =>
            {
                false
            }
            TakeState::Waiting => stop.is_none() && !take.paused && take.on_hold.is_none(),
            TakeState::Unknown => fresh_run || age(take, take.times.submitted) < UNCLEAR_WAIT,
            // A video that cannot be saved is tried again by the next run.
            TakeState::Rendered => {
                fresh_run || take.error_kind.is_none() || age(take, take.times.rendered) < DELIVERY_WAIT
            }
            // Every run polls a take for a while that the provider never finishes.
            TakeState::Accepted | TakeState::Queued | TakeState::Processing => {
                fresh_run || age(take, take.times.accepted) < RENDER_WAIT
            }
            TakeState::Submitting => true,
            _ => false,
        };
        if !takes.iter().any(moves) {
            return Ok((takes, stop.map(|(kind, _)| kind)));
        }
        next_event(events, Duration::from_secs(2)).await;
    }
}
