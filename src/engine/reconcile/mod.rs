//! Reconciles our ledger with the provider's history: bills are taken over, videos given up are fetched after all, and
//! generations made elsewhere are offered for import. Knows no terminal, and submits nothing.

mod account;
mod compare;
mod comparison;
mod import;

pub use account::Account;
pub use compare::{MAX_DAYS, ReconcileError, compare};
pub use comparison::{Comparison, Difference, Elsewhere};
pub use import::{ImportError, Importer};
