//! Reconciles our ledger with the provider's history: bills are taken over, videos given up are fetched after all, and
//! generations made elsewhere are offered for import. Knows no terminal, and submits nothing.

mod compare_rows;
mod comparison;
mod due;
mod import;

pub use compare_rows::{MAX_DAYS, ReconcileError, compare};
pub use comparison::{Comparison, Difference, Elsewhere};
pub use due::{is_due, note_reconciled};
pub use import::{ImportError, Importer};
