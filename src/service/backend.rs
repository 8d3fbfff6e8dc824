//! Chooses the provider: the embedded sandbox, a sandbox at a URL, or Segmind with the user's key.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{self, Settings};
use crate::engine::Published;
use crate::model::key::ApiKey;
use crate::model::{Backend, Expectation};
use crate::sandbox;
use crate::segmind::Endpoints;

use super::home::{Home, environment};
use super::problem::{Kind, Problem};

/// What the options ask for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The origin that everything for the API is sent to.
    pub api: Option<String>,
    pub sandbox: bool,
    pub live: bool,
}

/// The chosen provider, before anything is started.
pub enum Choice {
    Embedded(ApiKey),
    /// A sandbox that is already running.
    Sandbox(String, ApiKey),
    Live(Endpoints, ApiKey),
}

impl Choice {
    pub const fn backend(&self) -> Backend {
        match self {
            Self::Embedded(_) | Self::Sandbox(..) => Backend::Sandbox,
            Self::Live(..) => Backend::Live,
        }
    }
}

/// The provider, by the options and by whether there is a key.
enum Who {
    Embedded,
    Sandbox(String),
    Live(Endpoints),
    /// Segmind, but there is no key.
    NoKey,
}

/// Decides. Starts nothing, but asks a server on the loopback whether it is a sandbox.
async fn decide(wanted: &Wanted, settings: &Settings, has_key: bool) -> Who {
    let Some(origin) = &wanted.api else {
        return match (wanted.sandbox, has_key, wanted.live) {
            (true, ..) => Who::Embedded,
            (_, true, _) => Who::Live(configured(settings)),
            (.., true) => Who::NoKey,
            _ => Who::Embedded,
        };
    };
    let is_sandbox = match (wanted.sandbox, wanted.live) {
        (true, _) => true,
        (_, true) => false,
        _ if has_key => says_it_is_a_sandbox(origin).await,
        _ => is_loopback(origin),
    };
    match (is_sandbox, has_key) {
        (true, _) => Who::Sandbox(origin.clone()),
        (false, true) => Who::Live(Endpoints::at_one(origin)),
        (false, false) => Who::NoKey,
    }
}

/// Chooses by options, environment and configured key.
pub async fn choose(wanted: &Wanted, home: &Home) -> Result<Choice, Problem> {
    let play_key = || ApiKey::new(sandbox::KEY).map_err(|bad| Problem::of(Kind::Key, bad.complaint()));
    let key = config::find_key(&environment, &home.settings, &home.paths)?;
    match (decide(wanted, &home.settings, key.is_some()).await, key) {
        (Who::Embedded, _) => Ok(Choice::Embedded(play_key()?)),
        (Who::Sandbox(origin), key) => Ok(Choice::Sandbox(origin, key.map_or_else(play_key, Ok)?)),
        (Who::Live(endpoints), Some(key)) => Ok(Choice::Live(endpoints, key)),
        (Who::Live(_) | Who::NoKey, _) => Err(Problem::new(
            Kind::Key,
            "no key is configured",
            "set SEGMIND_API_KEY, or key_command in the settings, or use --sandbox",
        )),
    }
}

/// Which provider would be chosen, without reading the key: a command that sends nothing needs none.
pub async fn would_choose(wanted: &Wanted, home: &Home) -> Backend {
    let has_key = environment(ApiKey::VARIABLE).is_some_and(|key| !key.trim().is_empty())
        || home.settings.key_command.is_some()
        || home.paths.key_file().exists();
    match decide(wanted, &home.settings, has_key).await {
        Who::Embedded | Who::Sandbox(_) => Backend::Sandbox,
        Who::Live(_) | Who::NoKey => Backend::Live,
    }
}

/// Expected times where there is no history: the sandbox's own pace, or the provider's averages.
pub fn published(backend: Backend, pace: f64) -> Published {
    match backend {
        Backend::Live => Arc::new(|model, _| Expectation::published(model)),
        Backend::Sandbox => Arc::new(move |_, resolution| {
            let pace = Duration::try_from_secs_f64(sandbox::scaled_seconds(resolution) / pace);
            let millis = pace.unwrap_or(Duration::from_secs(6));
            let millis = u64::try_from(millis.as_millis()).unwrap_or(6000);
            Expectation::around(millis, "the sandbox's own pace")
        }),
    }
}

/// Where the settings say that the API is.
pub fn configured(settings: &Settings) -> Endpoints {
    Endpoints {
        gateway: settings.api.gateway.clone(),
        uploads: settings.api.uploads.clone(),
        history: settings.api.history.clone(),
        stand_in: false,
    }
}

fn is_loopback(origin: &str) -> bool {
    reqwest::Url::parse(origin).is_ok_and(|url| crate::model::origin::is_loopback(&url))
}

/// A loopback URL may lead to Segmind and cost money: only a server that shows a sandbox's ledger is a sandbox.
async fn says_it_is_a_sandbox(origin: &str) -> bool {
    if !is_loopback(origin) {
        return false;
    }
    let ledger = format!("{}/_sandbox/books", origin.trim_end_matches('/'));
    let Ok(client) = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_certs_merge(crate::segmind::tls::bundled_roots())
        .build()
    else {
        return false;
    };
    let Ok(response) = client.get(ledger).send().await else {
        return false;
    };
    let ledger: Option<serde_json::Value> = response.json().await.ok();
    ledger.is_some_and(|ledger| ledger.get("requests").is_some_and(serde_json::Value::is_array))
}
