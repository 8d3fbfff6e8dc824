//! The client itself: its hosts, its key, its time-outs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::model::{ApiKey, Clock, FailureKind, SystemClock};

use super::endpoints::{Endpoints, Routes};
use super::error::{ApiError, Class};
use super::wire::Wires;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection is established, TLS included.
    pub connect: Duration,
    /// Between two bytes of a response, and until its first; not for calls that block while a video renders.
    pub read: Duration,
    /// For a whole call; a download may take as long as bytes arrive.
    pub overall: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_mins(1),
            overall: Duration::from_mins(15),
        }
    }
}

/// Calls Segmind or a stand-in. Cheap to clone; opens nothing before the first call.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    endpoints: Endpoints,
    routes: Routes,
    pub(super) key: ApiKey,
    account: String,
    pub(super) header: HeaderValue,
    pub(super) timeouts: Timeouts,
    pub(super) wires: Wires,
    pub(super) clock: Arc<dyn Clock>,
}

impl Client {
    /// A client with the machine's clock. Fails when an endpoint is no origin, or one that would give the key away: http is
    /// for this machine only.
    pub fn new(endpoints: Endpoints, key: ApiKey, timeouts: Timeouts) -> Result<Self, ApiError> {
        Self::with_clock(endpoints, key, timeouts, Arc::new(SystemClock))
    }

    /// [`Client::new`] with the clock from which waiting times ("reset at …") are calculated.
    pub fn with_clock(
        endpoints: Endpoints,
        key: ApiKey,
        timeouts: Timeouts,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ApiError> {
        let routes = Routes::read(&endpoints)?;
        let account = routes.account(&endpoints, &key);
        let mut header = HeaderValue::from_str(key.expose()).map_err(|_| {
            let message = "the key contains characters that cannot be sent: copy it again".to_owned();
            ApiError::untried(Class::FatalForQueue, FailureKind::KeyRejected, message)
        })?;
        header.set_sensitive(true);
        Ok(Self(Arc::new(Inner {
            endpoints,
            routes,
            account,
            key,
            header,
            timeouts,
            wires: Wires::default(),
            clock,
        })))
    }

    pub fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    /// The account of its key: [`ApiKey::account`] at Segmind's own URLs and at a sandbox, [`ApiKey::account_at`] anywhere
    /// else.
    pub fn account(&self) -> &str {
        &self.0.account
    }

    pub(super) fn routes(&self) -> &Routes {
        &self.0.routes
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = (&self.0.endpoints, &self.0.key, &self.0.timeouts);
        f.debug_tuple("Client").field(&shown).finish_non_exhaustive()
    }
}
