//! A question before something that cannot be taken back. What spends money names the amount.

use crate::engine::admit::Order;
use crate::model::{Doubt, TakeId};

/// What a yes does.
#[derive(Debug, Clone)]
pub enum Intent {
    /// Puts takes in line, as it was asked.
    Admit(Box<Order>, Ask),
    MarkNotSent(TakeId),
    ImportStrays,
    /// Lets waiting takes go on although the settings about money cannot be read.
    Accept(Doubt),
}

/// How takes came to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Generate,
    /// In the place of held ones, without sound.
    Replace,
    RunAgain {
        take: TakeId,
        /// Its outcome is not known.
        unknown: bool,
    },
    Promote(TakeId),
}

impl Ask {
    /// What the yes is called.
    #[must_use]
    pub fn verb(self) -> String {
        match self {
            Self::Generate | Self::Replace => "generate",
            Self::RunAgain { .. } => "run again",
            Self::Promote(_) => "promote",
        }
        .to_owned()
    }

    /// What to know before answering.
    #[must_use]
    pub fn details(self) -> Option<String> {
        match self {
            Self::Generate | Self::RunAgain { unknown: false, .. } => None,
            Self::Replace => Some("The held ones are cancelled with it.".to_owned()),
            Self::RunAgain { take, .. } => Some(format!(
                "If take {take} did arrive after all, this may bill twice."
            )),
            Self::Promote(_) => Some("Same request, same seed, not guaranteed the same clip.".to_owned()),
        }
    }
}

/// A question, and what a yes does.
#[derive(Debug, Clone)]
pub struct Confirm {
    pub question: String,
    /// What to know before answering, a line each.
    pub details: Vec<String>,
    /// What the yes is called: `generate`.
    pub yes: String,
    pub then: Intent,
}
