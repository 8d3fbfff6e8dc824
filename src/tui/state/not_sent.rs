//! Why waiting takes are not sent.

use super::State;
use crate::model::{Doubt, FailureKind};
use crate::store::Refusal;
use crate::tui::keymap::{Action, Context};

/// Why no waiting take is sent until the user acts or the day ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent<'a> {
    /// The queue is stopped.
    Stopped(FailureKind, &'a str),
    /// The settings about money cannot be read.
    Doubt(&'a Doubt),
    /// The price of the next take is the reason.
    Price(&'a Refusal),
}

impl State {
    /// Why the waiting takes are not sent; `None` when they are, or when none waits.
    pub fn why_not_sent(&self) -> Option<NotSent<'_>> {
        if let Some((kind, why)) = &self.takes.queue_state.stopped {
            return Some(NotSent::Stopped(*kind, why));
        }
        if let Some(doubt) = self.doubt_that_blocks() {
            return Some(NotSent::Doubt(doubt));
        }
        let refusal = self.money.refusal.as_ref();
        refusal
            .filter(|_| self.takes.unsettled.ready > 0)
            .map(NotSent::Price)
    }

    /// `; C changes the cap`, after the reason why a cap lets nothing be sent; empty when no key does that.
    pub fn cap_key(&self) -> String {
        let key = self.keymap.label(Context::Global, Action::Caps);
        key.map_or_else(String::new, |key| format!("; {key} changes the cap"))
    }

    /// Why the settings about money cannot be read, while takes wait because of it.
    pub fn doubt_that_blocks(&self) -> Option<&Doubt> {
        self.money.doubt().filter(|_| self.takes.unsettled.ready > 0)
    }
}

impl NotSent<'_> {
    /// In a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Stopped(kind, _) => kind.title(),
            Self::Doubt(_) => FailureKind::Settings.title(),
            Self::Price(refusal) => refusal.title(),
        }
    }

    /// Why, and what to do, in sentences.
    pub fn in_words(self, state: &State) -> String {
        match self {
            Self::Stopped(..) => "The queue is stopped: waiting takes are not sent.".to_owned(),
            Self::Doubt(_) => {
                "The settings about money cannot be read: waiting takes are not sent.".to_owned()
            }
            Self::Price(refusal @ Refusal::CapReached { .. }) => {
                format!(
                    "{}{}.",
                    refusal.in_sentences().trim_end_matches('.'),
                    state.cap_key()
                )
            }
            Self::Price(refusal) => refusal.in_sentences(),
        }
    }
}
