//! Records what happens to takes: committed in the store, written to the sidecar, announced as an event.

use std::sync::atomic::Ordering;

use tokio::task::spawn_blocking;

use crate::model::text::sentences;
use crate::model::{FailureKind, Take, TakeId, TakeState};
use crate::segmind::{self, ApiError};
use crate::store::{Exchange, Facts, StoreError};

use super::context::Context;
use super::events::Event;
use super::pauses::Interrupted;
use super::sidecars;

impl Context {
    /// Makes one transition of a take, committed on return.
    pub async fn step(
        &self,
        take: TakeId,
        to: TakeState,
        detail: &str,
        facts: Facts,
    ) -> Result<Take, Interrupted> {
        let (owner, detail) = (self.owner.clone(), detail.to_owned());
        let is_billed = facts.cost.is_some();
        let step = self.keep(move |store| store.step(&owner, take, to, &detail, &facts));
        let stepped = step.await?;
        if is_billed {
            self.events.bill_above_reserve(&stepped);
        }
        if !to.in_flight() {
            // A slot may be free now.
            self.setup.wake.wake();
        }
        self.tell(take);
        if to == TakeState::Rendered || to.settled() {
            self.write_sidecar(take).await;
        }
        Ok(stepped)
    }

    /// Marks a take whose video the provider no longer has.
    pub async fn expire(&self, take: TakeId, why: &str) -> Result<Take, Interrupted> {
        let facts = Facts::error(FailureKind::Stale, why);
        self.step(take, TakeState::Expired, why, facts).await
    }

    /// Marks a take `Unknown` when its submit ended ambiguously, even if another process has since marked it
    /// `NotSent`. `status` is that of the response, if one came.
    pub async fn unclear(&self, take: TakeId, why: &str, status: Option<u16>) -> Result<Take, Interrupted> {
        let question = "The provider's history is asked whether it arrived";
        let facts = Facts {
            http_status: status,
            ..Facts::error(
                FailureKind::Unclear,
                sentences(&[&format!("Sent, but {why}"), question]),
            )
        };
        let (owner, detail) = (self.owner.clone(), why.to_owned());
        let unclear =
            self.keep(
                move |store| match store.step(&owner, take, TakeState::Unknown, &detail, &facts) {
                    Err(StoreError::LostLease { .. }) => store.unclear_late(take, &detail, &facts),
                    other => other,
                },
            );
        let unclear = unclear.await?;
        // A slot may be free now.
        self.setup.wake.wake();
        self.tell(take);
        self.write_sidecar(take).await;
        Ok(unclear)
    }

    /// Marks a take accepted under the provider's id. `None` when another take has that id already: equal bodies
    /// are matched one to one.
    pub async fn accept(
        &self,
        take: TakeId,
        detail: &str,
        facts: Facts,
    ) -> Result<Option<Take>, Interrupted> {
        let (owner, detail) = (self.owner.clone(), detail.to_owned());
        let is_billed = facts.cost.is_some();
        let accepted = self.keep(move |store| {
            let accepted = match store.step(&owner, take, TakeState::Accepted, &detail, &facts) {
                // The process that took the take over does not know the id, which may not be lost.
                Err(StoreError::LostLease { .. }) => store.accept_late(take, &detail, &facts),
                other => other,
            };
            match accepted {
                Err(StoreError::RequestIdTaken { .. }) => Ok(None),
                other => other.map(Some),
            }
        });
        let accepted = accepted.await?;
        self.tell(take);
        if let Some(accepted) = &accepted {
            if is_billed {
                self.events.bill_above_reserve(accepted);
            }
            self.write_sidecar(take).await;
        }
        Ok(accepted)
    }

    /// Accepts a take by the response to its own submit. If another take has the id already, that one was unclear and the
    /// history gave it our id: ours is then looked up there.
    pub async fn accept_own(&self, take: TakeId, detail: &str, facts: Facts) -> Result<Take, Interrupted> {
        match self.accept(take, detail, facts).await? {
            Some(accepted) => Ok(accepted),
            None => self.unclear(take, "its id belongs to an equal take", None).await,
        }
    }

    /// Keeps facts about a take that we hold, without a transition.
    pub async fn learn(&self, take: TakeId, facts: Facts) -> Result<(), Interrupted> {
        let owner = self.owner.clone();
        let is_billed = facts.cost.is_some();
        let learned = self.keep(move |store| {
            store.learn_owned(&owner, take, &facts)?;
            store.take(take)
        });
        let learned = learned.await?;
        if is_billed {
            self.events.bill_above_reserve(&learned);
        }
        self.tell(take);
        Ok(())
    }

    /// Stops the queue for all processes, because nothing can be sent until the user acts.
    pub async fn stop_queue(&self, error: &ApiError) -> Result<(), Interrupted> {
        let (backend, kind, message) = (self.setup.backend, error.kind, error.message.clone());
        let stop = self.keep(move |store| store.queue(backend).stop(kind, &message));
        stop.await?;
        self.events.tell(Event::Queue(backend));
        Ok(())
    }

    /// What the log says of a transition that comes with a bill. A bill that is no amount is kept there as text and
    /// reported: what was reserved for the take stays counted.
    pub fn billed(&self, take: &Take, detail: &str, odd_cost: Option<&str>) -> String {
        let Some(odd) = odd_cost else {
            return detail.to_owned();
        };
        self.events.problem(format!(
            "Take {} is billed {odd:?}, which is not an amount of money. {} stays counted for it. Look at the bill at \
             Segmind.",
            take.id,
            take.counted().precise()
        ));
        format!("{detail}; billed {odd:?}, which is not an amount: what was reserved stays counted")
    }

    /// Call this directly before a take is sent. The sidecar says first that it is sent: if the database loses its
    /// last moments, the take is not sent again. Fails if we no longer hold the take.
    pub async fn about_to_send(&self, take: TakeId) -> Result<Take, Interrupted> {
        self.write_sidecar(take).await;
        self.still_ours(take).await
    }

    /// The take as it stands, if we still hold it.
    pub async fn still_ours(&self, take: TakeId) -> Result<Take, Interrupted> {
        let owner = self.owner.clone();
        self.keep(move |store| store.owned_take(&owner, take)).await
    }

    /// Writes what is known of the take beside its video. The store has it already, so a failure is only reported,
    /// once until it works again.
    pub async fn write_sidecar(&self, take: TakeId) {
        let (store, reels) = (self.setup.store.clone(), self.setup.reels.clone());
        let written = spawn_blocking(move || sidecars::write(&store, &reels, take)).await;
        let Ok(Err(error)) = written else {
            self.sidecars_fail.store(false, Ordering::Relaxed);
            return;
        };
        if !self.sidecars_fail.swap(true, Ordering::Relaxed) {
            self.events.problem(format!(
                "What is known of take {take} is in the database but not in a file beside the video: {error}. Make \
                 room or allow writing there, so that a lost database can be rebuilt."
            ));
        }
    }

    /// Keeps a response of the provider for the log. A failure is only logged, because no take is lost by it.
    pub async fn record(&self, take: TakeId, seen: &segmind::WireExchange) {
        // The history is asked until it is certain, mostly with the same response.
        let is_repeated = seen.stage == segmind::Stage::History;
        let exchange = Exchange {
            at: self.now(),
            stage: seen.stage.word().to_owned(),
            method: seen.method.to_owned(),
            path: seen.path.clone(),
            status: seen.status,
            millis: seen.millis,
            response: seen.response.clone(),
            times: 1,
        };
        let kept = self.once(move |store| {
            if is_repeated {
                store.record_again(take, &exchange)
            } else {
                store.record(take, &exchange)
            }
        });
        if let Err(error) = kept.await {
            tracing::warn!("an exchange of take {take} was not kept: {error}");
        }
    }

    /// Keeps what a failed call left behind.
    pub async fn record_error(&self, take: TakeId, error: &ApiError) {
        if let Some(exchange) = &error.exchange {
            self.record(take, exchange).await;
        }
    }

    fn tell(&self, take: TakeId) {
        self.events.tell(Event::Take(take));
    }
}
