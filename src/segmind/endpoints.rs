//! The hosts of the API. Every keyed URL is built from these and never taken from a response: a response must not be
//! able to send the key elsewhere.

use crate::model::origin::{self, Origin};
use crate::model::{ApiKey, FailureKind, Model};

use super::error::{ApiError, Class};

/// The three origins of the API, as written in settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    pub gateway: String,
    pub uploads: String,
    pub history: String,
    /// A sandbox: the same one wherever it listens this time.
    pub stand_in: bool,
}

impl Endpoints {
    /// Segmind's own.
    pub fn live() -> Self {
        Self {
            gateway: origin::GATEWAY.to_owned(),
            uploads: origin::UPLOADS.to_owned(),
            history: origin::HISTORY.to_owned(),
            stand_in: false,
        }
    }

    /// All three at one origin.
    pub fn at_one(origin: &str) -> Self {
        let origin = origin.trim_end_matches('/').to_owned();
        Self {
            gateway: origin.clone(),
            uploads: origin.clone(),
            history: origin,
            stand_in: false,
        }
    }

    /// A sandbox, which serves all three.
    pub fn stand_in(origin: &str) -> Self {
        Self {
            stand_in: true,
            ..Self::at_one(origin)
        }
    }
}

/// The parsed origins, and the URL of every call.
#[derive(Debug, Clone)]
pub(super) struct Routes {
    gateway: Origin,
    uploads: Origin,
    history: Origin,
}

impl Routes {
    pub(super) fn read(endpoints: &Endpoints) -> Result<Self, ApiError> {
        let read = |name: &str, text: &str| {
            Origin::parse(text).map_err(|bad| {
                let message = format!("{name} of the API: {bad}");
                ApiError::untried(Class::FatalForQueue, FailureKind::BadParameter, message)
            })
        };
        Ok(Self {
            gateway: read("gateway", &endpoints.gateway)?,
            uploads: read("uploads", &endpoints.uploads)?,
            history: read("history", &endpoints.history)?,
        })
    }

    /// The account whose requests `key` sends and sees here. At another URL than Segmind's own, the same key may belong to
    /// another account or to none, so a request that is not found there proves nothing about Segmind.
    pub(super) fn account(&self, endpoints: &Endpoints, key: &ApiKey) -> String {
        let is_at = |ours: &Origin, text: &str| Origin::parse(text).is_ok_and(|own| own == *ours);
        if endpoints.stand_in
            || is_at(&self.gateway, origin::GATEWAY) && is_at(&self.history, origin::HISTORY)
        {
            return key.account();
        }
        key.account_at(&[self.gateway.at(&[]).as_str(), self.history.at(&[]).as_str()])
    }

    pub(super) fn submit(&self, model: Model) -> url::Url {
        self.gateway.at(&["v2", model.slug()])
    }

    pub(super) fn generate_v1(&self, model: Model) -> url::Url {
        self.gateway.at(&["v1", model.slug()])
    }

    pub(super) fn result(&self, id: &str) -> url::Url {
        self.gateway.at(&["v2", "requests", id])
    }

    pub(super) fn status(&self, id: &str) -> url::Url {
        self.gateway.at(&["v2", "requests", id, "status"])
    }

    pub(super) fn credits(&self) -> url::Url {
        self.gateway.at(&["v1", "get-user-credits"])
    }

    pub(super) fn upload(&self) -> url::Url {
        self.uploads.at(&["upload-asset"])
    }

    pub(super) fn history(&self) -> url::Url {
        self.history.at(&["inference-request", "request-history"])
    }

    pub(super) fn models(&self) -> url::Url {
        self.history.at(&["inference-model-information", "list"])
    }

    pub(super) fn history_one(&self, id: &str) -> url::Url {
        self.history.at(&["inference-request", "request-history", id])
    }
}

/// Whether an id can be one segment of a path. Ids are opaque: anything printable except dot segments, which no escaping
/// can protect.
pub(super) fn is_usable_id(id: &str) -> bool {
    const MAX_LENGTH: usize = 200;
    let is_dots = matches!(id, "." | "..");
    !id.is_empty() && id.len() <= MAX_LENGTH && !is_dots && !id.chars().any(char::is_control)
}
