//! A question before something that cannot be taken back. What spends money names the amount.

use crate::model::TakeId;
use crate::store::Admission;

/// What a yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Admit(Box<Admission>),
    MarkNotSent(TakeId),
}

/// A question, and what a yes does.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    pub question: String,
    /// What to know before answering, a line each.
    pub details: Vec<String>,
    /// What the yes is called: `generate`.
    pub yes: &'static str,
    pub then: Intent,
}
