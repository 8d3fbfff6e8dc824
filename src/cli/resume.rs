//! `rushes resume`: works until nothing is in flight, here or in a session of its own.

use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::engine::{Engine, Event};
use crate::model::text::counted;
use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};
use crate::store::StoreError;

use super::args::{Global, Resume};
use super::exit::{Exit, is_about_money};
use super::house::House;
use super::{Failure, Leave, backend, background, interrupt, money, print};

/// An outcome that stays unclear longer than this is left to the user.
const UNCLEAR_WAIT: SignedDuration = SignedDuration::from_mins(45);
/// A film that cannot be saved is tried for this long.
const DELIVERY_WAIT: SignedDuration = SignedDuration::from_mins(30);
/// A take that the provider does not finish is asked about for this long.
const RENDER_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// However old they are, every run gives both so long before it leaves them.
const AT_LEAST: Duration = Duration::from_mins(3);

/// Lets go what waits for the user's word, and says how much that is.
fn release_held(house: &House, backend: Backend) -> Result<(), StoreError> {
    let held: Vec<TakeId> = house
        .store
        .queue(backend)
        .takes_on_hold()?
        .iter()
        .map(|take| take.id)
        .collect();
    house.store.release_from_hold(&held)?;
    print::complain(&format!("{} go on", counted(held.len() as u64, "held take")));
    Ok(())
}

pub(super) async fn run(global: &Global, args: &Resume) -> Result<Exit, Failure> {
    if args.background {
        let pid = background::start(global)
            .map_err(|error| Failure::new(Exit::Other, format!("cannot start in the background: {error}")))?;
        print::line(&format!(
            "resume goes on in the background (process {pid}); `rushes ls` shows how far it is"
        ))?;
        return Ok(Exit::Ok);
    }
    if args.detached {
        // A session of its own: the hang-up of the terminal it came from does not reach it.
        rustix::process::setsid().map_err(|error| {
            Failure::new(
                Exit::Other,
                format!("cannot leave the terminal's session: {error}"),
            )
        })?;
        // The word that `background::start` waits for; nothing is printed after it.
        print::line("detached")?;
    }
    let house = House::open_and_offer(global)?;
    let ready = backend::make_ready(global, &house).await?;
    if !args.detached {
        // Whoever asks by hand has read why the line was stopped.
        house
            .store
            .queue(ready.backend)
            .lift_stop()
            .map_err(|error| Failure::new(Exit::Other, error))?;
    }
    if args.release_held {
        release_held(&house, ready.backend).map_err(|error| Failure::new(Exit::Other, error))?;
    }
    let (engine, mut events) = Engine::start(ready.engine(&house));
    let left = tokio::select! {
        biased;
        why = interrupt() => Err(why),
        left = until_nothing_moves(&house, ready.backend, ready.client.account(), &mut events) => Ok(left),
    };
    engine.stop().await;
    if let Some(sandbox) = ready.sandbox {
        sandbox.stop().await;
    }
    match left {
        Err(Leave::HungUp) if !args.detached => {
            // Its failure is logged: nobody reads any more.
            let _ = background::hand_over(global).await;
            Ok(Exit::Interrupted)
        }
        Err(_) => Ok(Exit::Interrupted),
        Ok(left) => {
            let (left, held) = left?;
            for take in &left {
                print::complain(&print::why(take));
            }
            let waits = left.iter().any(|take| take.state == TakeState::Waiting);
            Ok(match Exit::of_takes(&left) {
                Exit::Key => Exit::Key,
                _ if waits && held.is_some_and(is_about_money) => Exit::Money,
                exit => exit,
            })
        }
    }
}

/// Waits until every take is settled or cannot move by itself; returns those, and why none is sent, if so.
async fn until_nothing_moves(
    house: &House,
    backend: Backend,
    account: &str,
    events: &mut tokio::sync::mpsc::UnboundedReceiver<Event>,
) -> Result<(Vec<Take>, Option<FailureKind>), Failure> {
    let other = |error| Failure::new(Exit::Other, error);
    let began = Instant::now();
    loop {
        let mut takes = house.store.unsettled_takes(None).map_err(other)?;
        takes.retain(|take| take.backend == backend);
        let line = house.store.queue(backend).state().map_err(other)?;
        let held = match line.stopped {
            None => money::holds(house, backend, &takes)?,
            stopped => stopped,
        };
        let (now, fresh_run) = (house.clock.now(), began.elapsed() < AT_LEAST);
        let moves = |take: &Take| match take.state {
            // Only its own key brings it on; without a note of it, this one may be it.
            _ if take.error_kind == Some(FailureKind::OtherKey)
                && take.account.as_deref().map_or(!fresh_run, |own| own != account) =>
            {
                false
            }
            TakeState::Waiting => held.is_none() && !take.paused && take.held.is_none(),
            TakeState::Unknown => {
                fresh_run
                    || now.duration_since(take.times.submitted.unwrap_or(take.created_at)) < UNCLEAR_WAIT
            }
            // A film that cannot be saved is tried again by the next run.
            TakeState::Rendered => {
                fresh_run
                    || take.error_kind.is_none()
                    || now.duration_since(take.times.rendered.unwrap_or(take.created_at)) < DELIVERY_WAIT
            }
            // A provider that never tells: every run asks for a while, none for ever.
            TakeState::Accepted | TakeState::Queued | TakeState::Processing => {
                fresh_run || now.duration_since(take.times.accepted.unwrap_or(take.created_at)) < RENDER_WAIT
            }
            TakeState::Submitting => true,
            _ => false,
        };
        if !takes.iter().any(moves) {
            return Ok((takes, held.map(|(kind, _)| kind)));
        }
        let event = tokio::time::timeout(Duration::from_secs(2), events.recv()).await;
        if let Ok(Some(Event::Trouble(sentence))) = event {
            print::complain(&sentence);
        }
    }
}
