//! Claims the next waiting take within the limits of the settings, or says why it is not sent.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::engine::context::{Context, LEASE};
use crate::engine::pauses::Interrupted;
use crate::model::text::sentences;
use crate::model::{CapScope, Doubt, Take, TakeId, Usd};
use crate::store::{self, Caps, Claim, Refusal, Store, StoreError};

/// How often the cap is checked again: a new day resets it.
const CAPPED: Duration = Duration::from_secs(60);
/// How often unreadable money settings are read again while takes wait for them.
const UNREADABLE: Duration = Duration::from_secs(10);

/// What came of asking for the next take.
pub(super) enum NextTake {
    Take(Box<Take>),
    Nothing,
    /// As many takes as allowed are at the provider.
    Full,
    NotBefore(Timestamp),
    Obstacle {
        obstacle: Obstacle,
        /// What the user is told.
        sentence: String,
    },
}

/// What keeps waiting takes from being sent until the user acts, or the day ends. Reported again only when it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The cap of this amount.
    Cap(CapScope, Usd),
    /// The price of this take is not known.
    Price(TakeId),
    /// This take costs more now than the user allowed.
    Maximum(TakeId),
    /// How the drafts of this take's model are made is not confirmed.
    Unconfirmed(TakeId),
    /// The money settings cannot be read, for this reason.
    Settings(String),
    /// The queue is stopped, for this reason.
    Stop(String),
}

impl Obstacle {
    /// When the obstacle may have disappeared by itself.
    pub const fn look_again_after(&self) -> Option<Duration> {
        match self {
            Self::Cap(..) | Self::Price(_) | Self::Maximum(_) | Self::Unconfirmed(_) => Some(CAPPED),
            Self::Settings(_) => Some(UNREADABLE),
            Self::Stop(_) => None,
        }
    }
}

/// Claims the next take. The settings are read at each attempt: the store may be locked for as long as the user needs
/// to change them.
pub(super) async fn claim(context: &Arc<Context>) -> Result<NextTake, Interrupted> {
    let within = Arc::clone(context);
    context.keep(move |store| claim_once(&within, store)).await
}

fn claim_once(context: &Context, store: &Store) -> Result<NextTake, StoreError> {
    let backend = context.setup.backend;
    let money = context.setup.spending.read();
    if let Some(doubt) = money.doubt {
        let ready = store.queue(backend).unsettled()?.ready;
        return Ok(if ready == 0 {
            NextTake::Nothing
        } else {
            unreadable(&doubt)
        });
    }
    let claim = Claim {
        owner: context.owner.clone(),
        account: context.setup.client.account().to_owned(),
        backend,
        limit: context.setup.in_flight,
        caps: Caps::of(money.caps, TimeZone::system(), context.setup.spending.session()),
        prices: Some(money.prices),
        lease: LEASE,
    };
    store
        .claim_expecting(&claim, &*context.setup.published)
        .map(in_words)
}

fn unreadable(doubt: &Doubt) -> NextTake {
    NextTake::Obstacle {
        obstacle: Obstacle::Settings(doubt.why.clone()),
        sentence: sentences(&[
            &format!("Live takes are not sent: {}", doubt.why),
            "Correct the file.",
        ]),
    }
}

fn in_words(claimed: store::Claimed) -> NextTake {
    use store::Claimed as From;
    let (obstacle, sentence) = match claimed {
        From::Take(take) => return NextTake::Take(take),
        From::Nothing => return NextTake::Nothing,
        From::Full => return NextTake::Full,
        From::NotBefore(when) => return NextTake::NotBefore(when),
        From::Refused(refusal) => (of_refusal(&refusal), refusal.in_sentences()),
        From::Stopped(kind, why) => (
            Obstacle::Stop(why.clone()),
            sentences(&[
                &format!("The queue is stopped ({}): {why}", kind.title()),
                kind.advice(),
            ]),
        ),
    };
    NextTake::Obstacle { obstacle, sentence }
}

const fn of_refusal(refusal: &Refusal) -> Obstacle {
    match refusal {
        Refusal::CapReached { scope, cap, .. } => Obstacle::Cap(*scope, *cap),
        Refusal::NoPrice(take) => Obstacle::Price(*take),
        Refusal::TooDear { take, .. } => Obstacle::Maximum(*take),
        Refusal::Unconfirmed(take) => Obstacle::Unconfirmed(*take),
    }
}
