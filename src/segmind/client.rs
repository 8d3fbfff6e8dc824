//! The client itself: where, with which key, how patiently.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::model::{ApiKey, Clock, FailureKind, SystemClock};

use super::endpoints::{Endpoints, Places};
use super::error::{ApiError, Class};
use super::wire::Wires;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// Between two bytes of an answer, and until its first; not for calls that block while a film renders.
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

/// Speaks to Segmind, or to a stand-in. Cheap to clone; opens nothing before the first call.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    endpoints: Endpoints,
    pub(super) places: Places,
    pub(super) key: ApiKey,
    account: String,
    pub(super) header: HeaderValue,
    pub(super) timeouts: Timeouts,
    pub(super) wires: Wires,
    pub(super) clock: Arc<dyn Clock>,
}

impl Client {
    /// A client of `endpoints`, with the machine's clock.
    ///
    /// # Errors
    /// When an endpoint is no origin, or one that would give the key away: http is for this machine only.
    pub fn new(endpoints: Endpoints, key: ApiKey, timeouts: Timeouts) -> Result<Self, ApiError> {
        Self::with_clock(endpoints, key, timeouts, Arc::new(SystemClock))
    }

    /// A client that reckons waiting times ("reset at …") from `clock`.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_clock(
        endpoints: Endpoints,
        key: ApiKey,
        timeouts: Timeouts,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ApiError> {
        let places = Places::read(&endpoints)?;
        let account = places.account(&endpoints, &key);
        let mut header = HeaderValue::from_str(key.expose()).map_err(|_| {
            let message = "the key holds characters that cannot be sent: copy it anew".to_owned();
            ApiError::untried(Class::FatalForLine, FailureKind::KeyRejected, message)
        })?;
        header.set_sensitive(true);
        Ok(Self(Arc::new(Inner {
            endpoints,
            places,
            account,
            key,
            header,
            timeouts,
            wires: Wires::default(),
            clock,
        })))
    }

    /// Whom it speaks to.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    /// Which account it speaks for: [`ApiKey::account`] of its key at Segmind's own addresses and at a sandbox,
    /// [`ApiKey::account_at`] anywhere else.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.0.account
    }

    pub(super) fn places(&self) -> &Places {
        &self.0.places
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoints", &self.0.endpoints)
            .field("key", &self.0.key)
            .field("timeouts", &self.0.timeouts)
            .finish_non_exhaustive()
    }
}
