//! What stays the same while the workbench runs.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::{LogColumn, Notify};
use crate::engine::Published;
use crate::model::rule::RuleSet;
use crate::model::{Backend, Clock, MoneySettings};
use crate::service::orders::Terms;
use crate::store::Reel;

/// What stays the same while the workbench runs.
#[derive(Clone)]
pub struct Facts {
    pub reel: Reel,
    pub backend: Backend,
    /// The settings about money at the start.
    pub money: MoneySettings,
    /// The maximum number of takes at the provider at once.
    pub in_flight: u32,
    /// How often a take that the provider failed to render is repeated automatically.
    pub repeats: u32,
    pub clock: Arc<dyn Clock>,
    pub zone: TimeZone,
    /// The expected time of a take where the store has none of its own.
    pub published: Published,
    /// Rules of the script that are switched off.
    pub lint_off: RuleSet,
    /// How often timers on screen advance.
    pub tick: std::time::Duration,
    /// When the terminal's bell rings for takes that have ended.
    pub notify: Notify,
    /// Whether a verdict on a take selects the next take without one.
    pub advance: bool,
    /// The columns of the log that the settings choose.
    pub log_columns: Vec<LogColumn>,
}

impl Facts {
    /// What the orders of this session have in common.
    pub fn terms(&self) -> Terms {
        Terms {
            reel_id: self.reel.id.clone(),
            backend: self.backend,
            repeats: self.repeats,
        }
    }
}
