//! What is wrong and what to do about it: two parts that stay apart until they are shown.

use std::fmt;

/// Displayed as "what: next", or as "what" alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// What to do about it, if there is advice.
    pub next: Option<String>,
}

impl Complaint {
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            next: Some(next.into()),
        }
    }
}

/// A complaint without advice.
impl From<String> for Complaint {
    fn from(what: String) -> Self {
        Self { what, next: None }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.next.as_ref().map_or(Ok(()), |next| write!(f, ": {next}"))
    }
}
