//! Who renders: the embedded sandbox, a stand-in at an address, or Segmind with the user's key.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::config::{self, Settings};
use crate::engine::books::Account;
use crate::engine::{self, Published};
use crate::model::key::ApiKey;
use crate::model::{Backend, Expectation, Usd};
use crate::sandbox::{self, Pace, Sandbox, scaled_seconds};
use crate::segmind::{Client, Endpoints, Timeouts};

use super::Failure;
use super::args::Global;
use super::exit::Exit;
use super::house::{House, environment};

/// Play money of a fresh sandbox.
pub(super) const PLAY_MONEY: Usd = Usd::from_micros(100_000_000);
/// History rows of the stand-in are there as soon as its answer is; a slow request gets this long to arrive.
const SANDBOX_CERTAIN: SignedDuration = SignedDuration::from_secs(10);
/// How long a request may hang somewhere before the live history is believed to know all there is.
const LIVE_CERTAIN: SignedDuration = SignedDuration::from_mins(20);

/// A backend that is ready to be worked with.
pub(super) struct Ready {
    pub backend: Backend,
    pub client: Client,
    pub endpoints: Endpoints,
    /// Kept running while we work.
    pub sandbox: Option<Sandbox>,
    pace: f64,
}

/// What the options, the environment and the configured key say, before anything is started.
pub(super) enum Choice {
    Embedded,
    /// A stand-in that somebody else runs.
    StandIn(String, ApiKey),
    Live(Endpoints, ApiKey),
}

/// Chooses; starts nothing but a look at an `--api` on the loopback, whether it says that it is a sandbox.
pub(super) async fn choose(global: &Global, house: &House) -> Result<Choice, Failure> {
    let key = config::find_key(&environment, &house.settings, &house.paths)
        .map_err(|error| Failure::new(Exit::Key, error))?;
    let no_key = || {
        Failure::new(
            Exit::Key,
            "no key is configured: set SEGMIND_API_KEY, or key_command in the settings, or use --sandbox",
        )
    };
    match (&global.api, key) {
        (None, None) if global.live => Err(no_key()),
        (None, _) if global.sandbox => Ok(Choice::Embedded),
        (None, None) => Ok(Choice::Embedded),
        (None, Some(key)) => Ok(Choice::Live(settings_endpoints(&house.settings), key)),
        (Some(origin), key) if global.sandbox => {
            Ok(Choice::StandIn(origin.clone(), key.map_or_else(play_key, Ok)?))
        }
        (Some(origin), Some(key)) => Ok(if !global.live && says_it_is_a_sandbox(origin).await {
            Choice::StandIn(origin.clone(), key)
        } else {
            Choice::Live(Endpoints::at_one(origin), key)
        }),
        (Some(origin), None) if !global.live && is_loopback(origin) => {
            Ok(Choice::StandIn(origin.clone(), play_key()?))
        }
        (Some(_), None) => Err(no_key()),
    }
}

impl Choice {
    /// Who renders.
    pub const fn backend(&self) -> Backend {
        match self {
            Self::Embedded | Self::StandIn(..) => Backend::Sandbox,
            Self::Live(..) => Backend::Live,
        }
    }
}

/// Chooses and makes ready.
pub(super) async fn make_ready(global: &Global, house: &House) -> Result<Ready, Failure> {
    ready_for(choose(global, house).await?, house).await
}

/// Makes the chosen backend ready; the embedded sandbox is started.
pub(super) async fn ready_for(choice: Choice, house: &House) -> Result<Ready, Failure> {
    if let Some(why) = &house.read_only {
        return Err(Failure::new(Exit::Other, why));
    }
    let pace = house.settings.sandbox_speed;
    let backend = choice.backend();
    let (endpoints, key, sandbox) = match choice {
        Choice::Embedded => {
            let sandbox = start_embedded(house, pace).await?;
            let endpoints = Endpoints::stand_in(&sandbox.origin());
            (endpoints, play_key()?, Some(sandbox))
        }
        Choice::StandIn(origin, key) => (Endpoints::stand_in(&origin), key, None),
        Choice::Live(endpoints, key) => (endpoints, key, None),
    };
    let seconds = |s: u64| Duration::from_secs(s);
    let t = &house.settings.timeouts;
    let timeouts = Timeouts {
        connect: seconds(t.connect_s),
        read: seconds(t.read_s),
        overall: seconds(t.overall_s),
    };
    let client = Client::with_clock(endpoints.clone(), key, timeouts, Arc::clone(&house.clock))
        .map_err(|error| Failure::new(Exit::Unreachable, error))?;
    Ok(Ready {
        backend,
        client,
        endpoints,
        sandbox,
        pace,
    })
}

impl Ready {
    /// Whose books are compared.
    pub fn account(&self, house: &House) -> Account {
        Account {
            store: house.store.clone(),
            client: self.client.clone(),
            backend: self.backend,
            reels: house.paths.reels(),
            certain_after: self.certain_after(),
        }
    }

    /// After this long the history certainly shows a request that arrived.
    const fn certain_after(&self) -> SignedDuration {
        match self.backend {
            Backend::Sandbox => SANDBOX_CERTAIN,
            Backend::Live => LIVE_CERTAIN,
        }
    }

    /// The engine's setup on this backend.
    pub fn engine(&self, house: &House) -> engine::Setup {
        engine::Setup {
            store: house.store.clone(),
            client: self.client.clone(),
            clock: Arc::clone(&house.clock),
            backend: self.backend,
            reels: house.paths.reels(),
            in_flight: house.settings.in_flight,
            spending: house.spending(self.backend),
            published: self.published(),
            history_certain_after: self.certain_after(),
            random: fastrand::u64(..),
        }
    }

    /// Expected times where there is no history.
    pub fn published(&self) -> Published {
        published(self.backend, self.pace)
    }
}

/// Expected times where there is no history: the stand-in's own pace, or the provider's averages.
pub(super) fn published(backend: Backend, pace: f64) -> Published {
    match backend {
        Backend::Live => Arc::new(|model, _| Expectation::published(model)),
        Backend::Sandbox => Arc::new(move |_, resolution| {
            let millis = Duration::try_from_secs_f64(scaled_seconds(resolution) / pace)
                .unwrap_or(Duration::from_secs(6));
            Expectation::around(
                u64::try_from(millis.as_millis()).unwrap_or(6000),
                "the sandbox's own pace",
            )
        }),
    }
}

/// Who would render, without asking for the key itself: a command that sends nothing needs none.
pub(super) async fn would_choose(global: &Global, house: &House) -> Backend {
    let has_key = environment("SEGMIND_API_KEY").is_some_and(|key| !key.trim().is_empty())
        || house.settings.key_command.is_some()
        || house.paths.key_file().exists();
    let is_sandbox = match &global.api {
        _ if global.sandbox => true,
        _ if global.live => false,
        None => !has_key,
        Some(origin) => !has_key && is_loopback(origin) || says_it_is_a_sandbox(origin).await,
    };
    if is_sandbox {
        Backend::Sandbox
    } else {
        Backend::Live
    }
}

/// The key that every sandbox answers to.
fn play_key() -> Result<ApiKey, Failure> {
    ApiKey::new(sandbox::KEY).map_err(|error| Failure::new(Exit::Key, error))
}

fn settings_endpoints(settings: &Settings) -> Endpoints {
    Endpoints {
        gateway: settings.api.gateway.clone(),
        uploads: settings.api.uploads.clone(),
        history: settings.api.history.clone(),
        stand_in: false,
    }
}

async fn start_embedded(house: &House, pace: f64) -> Result<Sandbox, Failure> {
    let options = sandbox::Options {
        state: house.paths.sandbox(),
        bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
        pace: Pace::Scaled(pace),
        faults: None,
        v1_json: false,
        clock: Arc::clone(&house.clock),
        balance: PLAY_MONEY,
    };
    sandbox::start(options)
        .await
        .map_err(|error| Failure::new(Exit::Other, error))
}

/// Whether the address is this machine's.
fn is_loopback(origin: &str) -> bool {
    reqwest::Url::parse(origin).is_ok_and(|url| crate::model::origin::is_loopback(&url))
}

/// A loopback address may be a way to Segmind for money: only a server that shows a sandbox's books is
/// taken for one.
async fn says_it_is_a_sandbox(origin: &str) -> bool {
    if !is_loopback(origin) {
        return false;
    }
    let books = format!("{}/_sandbox/books", origin.trim_end_matches('/'));
    let Ok(client) = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_certs_merge(crate::segmind::tls::bundled_roots())
        .build()
    else {
        return false;
    };
    let Ok(answer) = client.get(books).send().await else {
        return false;
    };
    let books: Option<serde_json::Value> = answer.json().await.ok();
    books.is_some_and(|books| books.get("requests").is_some_and(serde_json::Value::is_array))
}
