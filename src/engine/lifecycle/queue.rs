//! The queue: takes over what was left, claims what waits while there is room, and sleeps when there is nothing to do.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::engine::balance;
use crate::engine::changes::Changes;
use crate::engine::context::{Context, LEASE};
use crate::engine::delivery::partial;
use crate::engine::events::Event;
use crate::engine::pauses::Interrupted;
use crate::model::{Take, TakeId};
use crate::store::Store;

use super::claim::{NextTake, Obstacle, claim};
use super::decide::Acquired;
use super::take;

/// Leases are renewed this often while something is worked on.
const RENEW: Duration = Duration::from_secs(20);
/// Delay before a take whose worker panicked is retried.
const AFTER_PANIC: Duration = Duration::from_secs(30);
/// How soon, and how late at most, the queue looks again at what time alone changes. A clock that is set back cannot
/// hold it up for hours.
const MIN_LOOK: Duration = Duration::from_millis(50);
const MAX_LOOK: Duration = Duration::from_secs(60);

/// Works until the engine stops; ends when every worker has let go of its take. Waiting takes are only sent if it
/// `sends`.
pub(in crate::engine) async fn run(context: Arc<Context>, sends: bool) {
    let mut queue = Queue {
        context: Arc::clone(&context),
        workers: JoinSet::new(),
        told: None,
        renew_at: Instant::now() + RENEW,
    };
    tokio::spawn(balance::ask(Arc::clone(&context)));
    let following = tokio::spawn(follow_others(context));
    while let Ok(next_look) = queue.fill(sends).await {
        if queue.wait(next_look).await.is_err() {
            break;
        }
    }
    while queue.workers.join_next().await.is_some() {}
    let _ = following.await;
}

/// Wakes the queue whenever another process has written to the store.
async fn follow_others(context: Arc<Context>) {
    let mut changes = Changes::of(context.setup.store.clone());
    while context.pauses.unless_stopped(changes.next()).await.is_ok() {
        context.setup.wake.wake();
    }
}

struct Queue {
    context: Arc<Context>,
    workers: JoinSet<TakeId>,
    /// What keeps takes from being sent, and was reported.
    told: Option<Obstacle>,
    /// Outlives a single wait, so that a busy queue renews in time too.
    renew_at: Instant,
}

impl Queue {
    /// Starts a worker for everything that can be worked on now. Returns when to look again, if time alone can change
    /// anything.
    async fn fill(&mut self, sends: bool) -> Result<Option<Duration>, Interrupted> {
        let (owner, backend) = (self.context.owner.clone(), self.context.setup.backend);
        let account = self.context.setup.client.account().to_owned();
        let take_over = move |store: &Store| store.leases(&owner).take_over(backend, &account, LEASE);
        for take in self.context.keep(take_over).await? {
            self.start(take, Acquired::TakenOver);
        }
        let look = if sends { self.send().await? } else { None };
        Ok(sooner(look, self.next_lease_end().await?))
    }

    /// Starts a worker for every waiting take that may be sent now. Returns when to look again at what waits.
    async fn send(&mut self) -> Result<Option<Duration>, Interrupted> {
        loop {
            if self.context.pauses.is_stopped() {
                return Err(Interrupted::Cancelled);
            }
            match claim(&self.context).await? {
                NextTake::Take(take) => {
                    self.told = None;
                    self.start(*take, Acquired::FromQueue);
                }
                NextTake::Nothing => {
                    self.told = None;
                    return Ok(None);
                }
                NextTake::Full => return Ok(None),
                NextTake::NotBefore(when) => return Ok(Some(until(self.context.now(), when))),
                NextTake::Obstacle { obstacle, sentence } => {
                    let look = obstacle.look_again_after();
                    if self.told.as_ref() != Some(&obstacle) {
                        self.told = Some(obstacle);
                        self.context.events.tell(Event::Queue(self.context.setup.backend));
                        self.context.events.problem(sentence);
                    }
                    return Ok(look);
                }
            }
        }
    }

    fn start(&mut self, take: Take, acquired: Acquired) {
        self.context.events.tell(Event::Take(take.id));
        let context = Arc::clone(&self.context);
        self.workers.spawn(async move {
            let id = take.id;
            let work = AssertUnwindSafe(Box::pin(take::work(&context, take, acquired)));
            let ended = work.catch_unwind().await;
            // Another process may have settled it meanwhile, and could not remove what we held.
            remove_partial(&context, id).await;
            match ended {
                Ok(Ok(()) | Err(Interrupted::Cancelled)) => {}
                Ok(Err(Interrupted::NotOurs)) => {
                    context.events.tell(Event::Take(id));
                    let_go(&context, id).await;
                }
                Err(_) => {
                    context.events.problem(format!(
                        "Internal error on take {id} (see the log in the state folder). Nothing is sent again; \
                         retrying in {} s.",
                        AFTER_PANIC.as_secs()
                    ));
                    let_go(&context, id).await;
                }
            }
            id
        });
    }

    /// When the first lease of another process ends: its holder may have died. Everything else that brings work is a
    /// write to the store, which wakes the queue.
    async fn next_lease_end(&self) -> Result<Option<Duration>, Interrupted> {
        let (owner, backend) = (self.context.owner.clone(), self.context.setup.backend);
        let account = self.context.setup.client.account().to_owned();
        let next_end = move |store: &Store| store.leases(&owner).next_end(backend, &account);
        let ends = self.context.keep(next_end).await?;
        Ok(ends.map(|ends| until(self.context.now(), ends)))
    }

    /// Sleeps until it is woken, a worker ends, or the next look or a stop is due; renews leases while workers run.
    async fn wait(&mut self, look: Option<Duration>) -> Result<(), Interrupted> {
        let look_again = async {
            match look {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(look_again);
        loop {
            let is_working = !self.workers.is_empty();
            if is_working && Instant::now() >= self.renew_at {
                self.renew_at = Instant::now() + RENEW;
                let owner = self.context.owner.clone();
                let renew = move |store: &Store| store.leases(&owner).renew(LEASE);
                self.context.keep(renew).await?;
            }
            tokio::select! {
                biased;
                () = self.context.pauses.stopped() => return Err(Interrupted::Cancelled),
                Some(_ended) = self.workers.join_next(), if is_working => return Ok(()),
                () = self.context.setup.wake.woken() => return Ok(()),
                () = &mut look_again => return Ok(()),
                () = tokio::time::sleep_until(self.renew_at), if is_working => {}
            }
        }
    }
}

/// Removes the partial download that a settled take has left behind, even if another process settled the take.
async fn remove_partial(context: &Context, take: TakeId) {
    let reels = context.setup.reels.clone();
    let tidy = move |store: &Store| partial::tidy(store, &reels, take);
    if let Err(error) = context.once(tidy).await {
        tracing::info!("the partial download of take {take} could not be checked: {error}");
    }
}

/// Gives a take's lease back after a rest, if it is still ours, so that a transition that cannot be made is not tried
/// in circles.
async fn let_go(context: &Context, id: TakeId) {
    if context.pauses.rest(AFTER_PANIC).await.is_ok() {
        let owner = context.owner.clone();
        let _ = context.keep(move |store| store.leases(&owner).release(id)).await;
    }
}

/// The shorter of two pauses, where there are any.
fn sooner(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}

fn until(now: Timestamp, when: Timestamp) -> Duration {
    Duration::try_from(when.duration_since(now))
        .unwrap_or_default()
        .clamp(MIN_LOOK, MAX_LOOK)
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
