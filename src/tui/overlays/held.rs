//! What to do with takes that are held back because their prompt was refused twice.

use std::collections::BTreeSet;

use crate::model::{FailureKind, Take, TakeId};

/// The one change that helps against a kind of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A parameter: the same takes without sound, put in line in their place.
    AudioOff,
    /// The request comes into the draft without its pictures.
    DropPicture,
    /// The request comes into the draft, its prompt to be reworded.
    EditPrompt,
}

/// Held takes of one request, which differ in nothing but their seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub kind: FailureKind,
    /// In line order; the first one stands for their request.
    pub takes: Vec<Take>,
    pub remedy: Remedy,
}

impl Held {
    /// The held takes among `queue` that share the request of the first, one of each seed: what is made in their
    /// place is then made of one request, a take for a take. None when nothing is held.
    #[must_use]
    pub fn first_of(queue: &[Take]) -> Option<Self> {
        let first = queue.iter().find(|take| take.held.is_some())?;
        let kind = first.held?;
        let mut seeds = BTreeSet::new();
        let mut is_like =
            |take: &&Take| take.held == Some(kind) && is_same_request(take, first) && seeds.insert(take.seed);
        let flag = |name: &str| first.body.get(name).and_then(serde_json::Value::as_bool);
        let remedy = match kind {
            FailureKind::OutputAudio if flag("generate_audio") != Some(false) => Remedy::AudioOff,
            FailureKind::InputImage => Remedy::DropPicture,
            _ => Remedy::EditPrompt,
        };
        Some(Self {
            kind,
            takes: queue.iter().filter(|take| is_like(take)).cloned().collect(),
            remedy,
        })
    }

    /// Their numbers.
    #[must_use]
    pub fn ids(&self) -> Vec<TakeId> {
        self.takes.iter().map(|take| take.id).collect()
    }

    /// The cause, and how many are held.
    #[must_use]
    pub fn question(&self) -> String {
        let held = match self.takes.len() {
            1 => "1 take waits".to_owned(),
            n => format!("{n} takes wait"),
        };
        format!(
            "This prompt was refused twice ({}): {held} held back, not sent. What now?",
            self.kind.title()
        )
    }
}

/// Whether two takes would be sent alike but for their seed.
fn is_same_request(one: &Take, other: &Take) -> bool {
    let but_seed = |take: &Take| {
        let mut body = take.body.clone();
        body.as_object_mut().and_then(|fields| fields.remove("seed"));
        body
    };
    (one.backend, one.api_version, one.model) == (other.backend, other.api_version, other.model)
        && but_seed(one) == but_seed(other)
}

impl Remedy {
    /// As its key names it.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::AudioOff => "audio off, again",
            Self::DropPicture => "drop the picture",
            Self::EditPrompt => "edit the prompt",
        }
    }

    /// What it will do.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::AudioOff => {
                "Audio off: they are cancelled, and new ones with the same seeds without sound take their place."
            }
            Self::DropPicture => {
                "Drop the picture: the request comes into the draft without it; these stay held until you cancel them."
            }
            Self::EditPrompt => {
                "Edit: the request comes into the draft to be reworded; these stay held until you cancel them."
            }
        }
    }
}
