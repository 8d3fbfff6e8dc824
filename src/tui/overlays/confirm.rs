//! A question before something that cannot be taken back. What spends money names the amount.

use crate::engine::admit::Order;
use crate::model::TakeId;

/// What a yes does.
#[derive(Debug, Clone)]
pub enum Intent {
    Admit(Box<Order>),
    MarkNotSent(TakeId),
    ImportStrays,
}

/// A question, and what a yes does.
#[derive(Debug, Clone)]
pub struct Confirm {
    pub question: String,
    /// What to know before answering, a line each.
    pub details: Vec<String>,
    /// What the yes is called: `generate`.
    pub yes: &'static str,
    pub then: Intent,
}
