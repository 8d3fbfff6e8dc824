//! The line: takes up what was left, claims what waits while there is room, and sleeps when there is nothing.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::model::text::sentences;
use crate::model::{Backend, Doubt, Take, TakeId, Usd};
use crate::store::{Claim, Claimed, Store, StoreError};

use super::changes::Changes;
use super::context::{Context, LEASE, Stop};
use super::{Event, work};

/// The cap is looked at again this often: a new day opens it.
const CAPPED: Duration = Duration::from_secs(60);
/// Settings about money that cannot be read are looked at again this often, while takes wait for them.
const UNREADABLE: Duration = Duration::from_secs(10);
/// Leases are renewed this often while something is worked on.
const RENEW: Duration = Duration::from_secs(20);

/// A take whose worker fell over rests this long.
const AFTER_A_FALL: Duration = Duration::from_secs(30);

/// Works until the engine is cancelled; ends when every worker has put its take down. What waits is only sent if it
/// `sends`.
pub(super) async fn run(context: Arc<Context>, sends: bool) {
    let mut workers: JoinSet<TakeId> = JoinSet::new();
    let mut told = Told::default();
    let mut renew_at = Instant::now() + RENEW;
    tokio::spawn(ask_balance(Arc::clone(&context)));
    let following = tokio::spawn(follow_others(Arc::clone(&context)));
    while let Ok(next_look) = fill(&context, &mut workers, &mut told, sends).await {
        if wait(&context, &mut workers, next_look, &mut renew_at)
            .await
            .is_err()
        {
            break;
        }
    }
    while workers.join_next().await.is_some() {}
    let _ = following.await;
}

/// Has the line look again whenever another process has written to the store.
async fn follow_others(context: Arc<Context>) {
    let mut changes = Changes::of(context.setup.store.clone());
    loop {
        tokio::select! {
            biased;
            () = context.cancel.cancelled() => return,
            () = changes.next() => context.nudge.notify_one(),
        }
    }
}

/// The balance of a live account, once at the start; each film's answer tells it anew. That the provider does
/// not say is no trouble: the first submit finds out.
async fn ask_balance(context: Arc<Context>) {
    if context.setup.backend == Backend::Sandbox {
        return;
    }
    let asked = tokio::select! {
        biased;
        () = context.cancel.cancelled() => return,
        asked = context.setup.client.credits() => asked,
    };
    match asked {
        Ok(answer) => context.tell(Event::Balance(answer.value.credits)),
        Err(error) => tracing::info!("the balance is not known: {error}"),
    }
}

/// What was said already, so that it is said once.
#[derive(Default)]
struct Told {
    line_held: Option<HeldBy>,
}

/// What keeps waiting takes from being sent until somebody acts, or the day ends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum HeldBy {
    /// Of this amount.
    Cap(Usd),
    /// Of this take, which is not known.
    Price(TakeId),
    /// Of this take, which costs more now.
    Maximum(TakeId),
    /// For this reason.
    Settings(String),
    /// For this reason.
    Stop(String),
}

/// Starts a worker for everything that can be worked on now. Returns when to look again, if time alone
/// can change anything.
async fn fill(
    context: &Arc<Context>,
    workers: &mut JoinSet<TakeId>,
    told: &mut Told,
    sends: bool,
) -> Result<Option<Duration>, Stop> {
    let (owner, backend) = (context.owner.clone(), context.setup.backend);
    let account = context.setup.client.account().to_owned();
    let left = context
        .keep(move |store| store.leases(&owner).take_over(backend, &account, LEASE))
        .await?;
    for take in left {
        context.tell(Event::Take(take.id));
        start(context, workers, take, work::Origin::Adopted);
    }
    let look = if sends {
        send(context, workers, told).await?
    } else {
        None
    };
    Ok(sooner(look, foreign_work(context).await?))
}

/// The shorter of two pauses, where there are any.
fn sooner(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}

/// Starts a worker for every waiting take that may be sent now. Returns when to look again at what waits.
async fn send(
    context: &Arc<Context>,
    workers: &mut JoinSet<TakeId>,
    told: &mut Told,
) -> Result<Option<Duration>, Stop> {
    let backend = context.setup.backend;
    loop {
        if context.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let (by, held) = match claim(context).await? {
            Outcome::Store(Claimed::Take(take)) => {
                told.line_held = None;
                context.tell(Event::Take(take.id));
                start(context, workers, *take, work::Origin::Claimed);
                continue;
            }
            Outcome::Store(Claimed::Nothing) => {
                told.line_held = None;
                return Ok(None);
            }
            Outcome::Store(Claimed::Full) => return Ok(None),
            Outcome::Store(Claimed::NotBefore(when)) => return Ok(Some(until(context.now(), when))),
            Outcome::Store(Claimed::CapReached { spent, cap, next }) => (
                HeldBy::Cap(cap),
                format!(
                    "The day's cap of {cap} holds the line: {spent} is committed and the next take would add \
                     {next}. Raise cap_per_day, or wait until tomorrow."
                ),
            ),
            Outcome::Store(Claimed::NoPrice(take)) => (
                HeldBy::Price(take),
                format!(
                    "Nothing more is sent: a cap is set, and what take {take} may cost is not known. Put the price of \
                     its model into [prices] of the settings, or cancel the take if it still waits."
                ),
            ),
            Outcome::Store(Claimed::TooDear { take, most, allowed }) => (
                HeldBy::Maximum(take),
                format!(
                    "Take {take} is not sent: it may cost {most} by now, and you allowed at most {allowed}. Cancel it, \
                     or generate it again with a higher maximum."
                ),
            ),
            Outcome::Store(Claimed::Stopped(kind, why)) => (
                HeldBy::Stop(why.clone()),
                sentences(&[
                    &format!("The line is stopped ({}): {why}", kind.title()),
                    kind.advice(),
                ]),
            ),
            Outcome::Unreadable(doubt) => (
                HeldBy::Settings(doubt.why.clone()),
                sentences(&[
                    &format!("Live takes are not sent: {}", doubt.why),
                    "Correct the file.",
                ]),
            ),
        };
        let look = match &by {
            HeldBy::Cap(_) | HeldBy::Price(_) | HeldBy::Maximum(_) => Some(CAPPED),
            HeldBy::Settings(_) => Some(UNREADABLE),
            HeldBy::Stop(_) => None,
        };
        if told.line_held.as_ref() != Some(&by) {
            told.line_held = Some(by);
            context.tell(Event::Line(backend));
            context.trouble(held);
        }
        return Ok(look);
    }
}

/// What came of asking for the next take.
enum Outcome {
    Store(Claimed),
    /// A take waits, but the settings about money cannot be read.
    Unreadable(Doubt),
}

/// Claims the next take within the limits of the settings about money; nothing is claimed while those are in doubt.
/// They are read at each attempt: the store may be locked for as long as it takes the user to change them.
async fn claim(context: &Arc<Context>) -> Result<Outcome, Stop> {
    let within = Arc::clone(context);
    context.keep(move |store| claim_once(&within, store)).await
}

fn claim_once(context: &Context, store: &Store) -> Result<Outcome, StoreError> {
    let backend = context.setup.backend;
    let money = context.money();
    if let Some(doubt) = &money.doubt {
        let next = store.queue(backend).next_price()?;
        return Ok(match next {
            Some(_) => Outcome::Unreadable(doubt.clone()),
            None => Outcome::Store(Claimed::Nothing),
        });
    }
    let claim = Claim {
        owner: context.owner.clone(),
        account: context.setup.client.account().to_owned(),
        backend,
        limit: context.setup.in_flight,
        cap: context.cap(&money),
        prices: Some(money.prices),
        lease: LEASE,
    };
    store.claim(&claim).map(Outcome::Store)
}

fn start(context: &Arc<Context>, workers: &mut JoinSet<TakeId>, take: Take, origin: work::Origin) {
    let context = Arc::clone(context);
    workers.spawn(async move {
        let id = take.id;
        let ended = AssertUnwindSafe(work::work(&context, take, origin))
            .catch_unwind()
            .await;
        // Another process may have settled it meanwhile, and could not dispose of what we held.
        context.tidy(id).await;
        match ended {
            Ok(Ok(()) | Err(Stop::Cancelled)) => {}
            Ok(Err(Stop::NotOurs)) => {
                context.tell(Event::Take(id));
                let_go(&context, id).await;
            }
            Err(_) => recover(&context, id).await,
        }
        id
    });
}

/// A worker that fell over must not strand its take: after a rest it is anybody's.
async fn recover(context: &Arc<Context>, id: TakeId) {
    context.trouble(format!(
        "rushes made a mistake while working on take {id} (the log in the state folder has it). Nothing is sent \
         again; the take is taken up once more in {} s.",
        AFTER_A_FALL.as_secs()
    ));
    let_go(context, id).await;
}

/// Gives a take's lease back, if it is still ours, after a rest, so that a step that cannot be made is not tried
/// in circles.
async fn let_go(context: &Arc<Context>, id: TakeId) {
    if context.rest(AFTER_A_FALL).await.is_ok() {
        let owner = context.owner.clone();
        let _ = context.keep(move |store| store.leases(&owner).release(id)).await;
    }
}

/// When the first lease of another process ends: its holder may have died. Everything else that brings work is a
/// write to the store, which wakes the line.
async fn foreign_work(context: &Arc<Context>) -> Result<Option<Duration>, Stop> {
    let (owner, backend) = (context.owner.clone(), context.setup.backend);
    let account = context.setup.client.account().to_owned();
    let ends = context
        .keep(move |store| store.leases(&owner).next_end(backend, &account))
        .await?;
    Ok(ends.map(|ends| until(context.now(), ends)))
}

/// Sleeps until a nudge, a worker's end, the next look or a stop; renews leases while workers run. When to renew
/// outlives the call, so that a busy line renews in time too.
async fn wait(
    context: &Arc<Context>,
    workers: &mut JoinSet<TakeId>,
    look: Option<Duration>,
    renew_at: &mut Instant,
) -> Result<(), Stop> {
    let look_again = async {
        match look {
            Some(pause) => tokio::time::sleep(pause).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(look_again);
    loop {
        let working = !workers.is_empty();
        if working && Instant::now() >= *renew_at {
            *renew_at = Instant::now() + RENEW;
            let owner = context.owner.clone();
            context
                .keep(move |store| store.leases(&owner).renew(LEASE))
                .await?;
        }
        tokio::select! {
            biased;
            () = context.cancel.cancelled() => return Err(Stop::Cancelled),
            Some(_ended) = workers.join_next(), if working => return Ok(()),
            () = context.nudge.notified() => return Ok(()),
            () = &mut look_again => return Ok(()),
            () = tokio::time::sleep_until(*renew_at), if working => {}
        }
    }
}

fn until(now: Timestamp, when: Timestamp) -> Duration {
    const SHORTEST: Duration = Duration::from_millis(50);
    // Capped, so that a clock set back cannot hold the line for hours.
    const LONGEST: Duration = Duration::from_secs(60);
    Duration::try_from(when.duration_since(now))
        .unwrap_or_default()
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_ends_soon_shortens_a_pause_and_a_pause_is_not_forgotten_for_a_lease() {
        let (short, long) = (Duration::from_secs(5), Duration::from_secs(60));
        for (one, other, sooner_one) in [
            (Some(long), Some(short), Some(short)),
            (Some(short), Some(long), Some(short)),
            (Some(long), None, Some(long)),
            (None, Some(long), Some(long)),
            (None, None, None),
        ] {
            assert_eq!(sooner(one, other), sooner_one);
        }
    }
}
