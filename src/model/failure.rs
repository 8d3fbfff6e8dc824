//! Why a take failed, sorted by what helps. The words are those of `error_kind` in JSON.

use std::fmt;
use std::str::FromStr;

/// What kind of failure an answer tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    InputText,
    InputImage,
    OutputVideo,
    OutputAudio,
    Copyright,
    BadParameter,
    Credits,
    SpendCap,
    Rate,
    KeyMissing,
    KeyRejected,
    Forbidden,
    ModelUnknown,
    ModelRetired,
    ProviderFault,
    Network,
    Stale,
    Delivery,
    Storage,
    Unclear,
    /// What is not found under this key, or at this address, may be found under the one it was sent with.
    OtherKey,
    /// A take was billed more than was reserved for it, so that no cap can be trusted.
    BillAboveReserve,
    /// The settings about money cannot be read.
    Settings,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [Self; 23] = [
        Self::InputText,
        Self::InputImage,
        Self::OutputVideo,
        Self::OutputAudio,
        Self::Copyright,
        Self::BadParameter,
        Self::Credits,
        Self::SpendCap,
        Self::Rate,
        Self::KeyMissing,
        Self::KeyRejected,
        Self::Forbidden,
        Self::ModelUnknown,
        Self::ModelRetired,
        Self::ProviderFault,
        Self::Network,
        Self::Stale,
        Self::Delivery,
        Self::Storage,
        Self::Unclear,
        Self::OtherKey,
        Self::BillAboveReserve,
        Self::Settings,
    ];

    /// The word in JSON and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InputText => "moderation_input_text",
            Self::InputImage => "moderation_input_image",
            Self::OutputVideo => "moderation_output_video",
            Self::OutputAudio => "moderation_output_audio",
            Self::Copyright => "moderation_copyright",
            Self::BadParameter => "bad_parameter",
            Self::Credits => "credits",
            Self::SpendCap => "spend_cap",
            Self::Rate => "rate",
            Self::KeyMissing => "key_missing",
            Self::KeyRejected => "key_rejected",
            Self::Forbidden => "forbidden",
            Self::ModelUnknown => "model_unknown",
            Self::ModelRetired => "model_retired",
            Self::ProviderFault => "provider_fault",
            Self::Network => "network",
            Self::Stale => "stale",
            Self::Delivery => "delivery",
            Self::Storage => "storage",
            Self::Unclear => "unclear",
            Self::OtherKey => "other_key",
            Self::BillAboveReserve => "bill_above_reserve",
            Self::Settings => "settings",
        }
    }

    /// As the workbench names it in a row.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::InputText => "moderation: prompt",
            Self::InputImage => "moderation: picture",
            Self::OutputVideo => "moderation: output video",
            Self::OutputAudio => "moderation: output audio",
            Self::Copyright => "moderation: copyright",
            Self::BadParameter => "bad parameter",
            Self::Credits => "out of credits",
            Self::SpendCap => "spend cap",
            Self::Rate => "rate limit",
            Self::KeyMissing => "no key",
            Self::KeyRejected => "key rejected",
            Self::Forbidden => "not allowed",
            Self::ModelUnknown => "model unknown",
            Self::ModelRetired => "model retired",
            Self::ProviderFault => "provider fault",
            Self::Network => "network",
            Self::Stale => "record expired",
            Self::Delivery => "delivery",
            Self::Storage => "storage",
            Self::Unclear => "unclear",
            Self::OtherKey => "another key's",
            Self::BillAboveReserve => "bill above reserve",
            Self::Settings => "settings unreadable",
        }
    }

    /// What the user can do about it, in one line.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::InputText => "Reword the prompt: names, brands and violence are refused most.",
            Self::InputImage => "Use a picture without a real person's face.",
            Self::OutputVideo => "Run it with another seed, or soften the shot that draws the refusal.",
            Self::OutputAudio => "Switch audio off and run it again.",
            Self::Copyright => "Take protected characters, brands and songs out of the script.",
            Self::BadParameter => "Correct the value that the answer names, then run it again.",
            Self::Credits => "Add credits at Segmind, then resume the line.",
            Self::SpendCap => "Raise the cap, or wait until it resets, then resume the line.",
            Self::Rate => {
                "The queue waits and goes on by itself; if it has stopped, wait a few minutes and resume it."
            }
            Self::KeyMissing => "Set SEGMIND_API_KEY (or key_command) and start again, or use --sandbox.",
            Self::KeyRejected => "Check the key at Segmind, set SEGMIND_API_KEY anew, then resume the line.",
            Self::Forbidden => "Ask the owner of the account to allow this model.",
            Self::ModelUnknown => "Choose another model in Parameters.",
            Self::ModelRetired => "Choose another model in Parameters.",
            Self::ProviderFault => "Run it again; failures are not billed.",
            Self::Network => "Check the network; takes that were accepted are polled on by themselves.",
            Self::Stale => "The record is gone after an hour; reconcile looks it up in the history.",
            Self::Delivery => "The film is paid for and kept for seven days: resume tries again.",
            Self::Storage => "Make room or allow writing in the reel's folder; delivery then goes on.",
            Self::Unclear => "Open the take to read the provider's answer.",
            Self::OtherKey => "Run `rushes resume` with the key and address that it was sent with.",
            Self::BillAboveReserve => {
                "Put the model's present price into [prices] of the settings, then resume the queue."
            }
            Self::Settings => "Correct the line of the settings file that is named, then try again.",
        }
    }

    /// Refused for its content; never repeated by itself.
    #[must_use]
    pub const fn is_moderation(self) -> bool {
        matches!(
            self,
            Self::InputText | Self::InputImage | Self::OutputVideo | Self::OutputAudio | Self::Copyright
        )
    }

    /// A stop for it is over when the user resumes the queue, not when new takes are started.
    #[must_use]
    pub const fn needs_resuming(self) -> bool {
        matches!(self, Self::Rate | Self::BillAboveReserve)
    }

    /// Nothing else can be sent until the user acts.
    #[must_use]
    pub const fn stops_the_line(self) -> bool {
        matches!(
            self,
            Self::Credits | Self::SpendCap | Self::KeyMissing | Self::KeyRejected | Self::BillAboveReserve
        )
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for FailureKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or(())
    }
}

impl serde::Serialize for FailureKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> serde::Deserialize<'de> for FailureKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse()
            .map_err(|()| serde::de::Error::custom(format_args!("{word:?} is not a kind of failure")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_every_kind_has_advice() {
        for kind in FailureKind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
            assert!(kind.advice().ends_with('.'), "{kind}");
        }
    }
}
