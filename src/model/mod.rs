//! The domain as pure types: requests, seeds, prices, takes, money.
//!
//! It does not depend on disk, network or terminal, so everything can be tested by calling it.

pub mod bill;
pub mod caps;
pub mod catalogue;
pub mod child;
pub mod clean;
pub mod clock;
pub mod complaint;
pub mod difference;
mod escaped;
pub mod expect;
pub mod failure;
pub mod family;
pub mod file_pattern;
pub mod filter;
pub mod foreign;
pub mod form;
pub mod format;
pub mod invalid;
pub mod key;
pub mod learned;
pub mod likeness;
pub mod lineage;
pub mod models;
pub mod money;
pub mod origin;
pub mod parameters;
pub mod pause;
pub mod price;
pub mod reported;
pub mod request;
pub mod request_words;
pub mod rule;
pub mod seconds;
pub mod seeds;
pub mod spending;
pub mod state;
pub mod summary;
pub mod sweep_values;
pub mod take;
pub mod template;
pub mod text;
pub mod variant;
mod word_enum;

pub use caps::{CapLimits, CapScope, PerCap};
pub use clock::{Clock, SystemClock};
pub use complaint::Complaint;
pub use expect::{Expectation, Sample, Wait, WaitClass};
pub use failure::FailureKind;
pub use form::Form;
pub use invalid::Invalid;
pub use key::ApiKey;
pub use learned::{Learned, Lessons};
pub use lineage::Lineage;
pub use models::{Model, ModelSpec};
pub use money::Usd;
pub use origin::Origin;
pub use parameters::Parameter;
pub use price::{Price, PriceTable};
pub use request::{ApiVersion, Request};
pub use request_words::{AspectRatio, BitrateMode, Resolution, Task};
pub use rule::{Rule, RuleSet, Severity};
pub use seconds::Seconds;
pub use seeds::{Seed, SeedList, SweepSeeds};
pub use spending::{Doubt, MoneySettings, MoneySource, Spending};
pub use state::{IllegalTransition, TakeState};
pub use summary::RequestSummary;
pub use take::{Backend, Take, TakeId, Times, Verdict};
pub use variant::Variant;
pub(crate) use word_enum::word_enum;

#[cfg(test)]
mod golden_tests;
