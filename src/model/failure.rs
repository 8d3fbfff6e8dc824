//! Why a take failed, by what the user can do about it. The words are those of `error_kind` in JSON.

use super::word_enum::word_enum;

/// Makes the enum of kinds: each has its word in JSON and in the store, its name in a row of the workbench, and what the
/// user can do about it, in one line.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $word:literal, $title:literal, $advice:literal;)+) => {
        word_enum! {
            /// What kind of failure a response reports.
            FailureKind { $($(#[$doc])* $kind = $word),+ }
        }

        impl FailureKind {
            /// Its name in a row of the workbench.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// What the user can do about it, in one line.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$kind => $advice),+ }
            }
        }
    };
}

kinds! {
    InputText = "moderation_input_text", "moderation: prompt",
        "Reword the prompt: names, brands and violence are refused most.";
    InputImage = "moderation_input_image", "moderation: picture",
        "Use a picture without a real person's face.";
    OutputVideo = "moderation_output_video", "moderation: output video",
        "Run it with another seed, or soften the shot that draws the refusal.";
    OutputAudio = "moderation_output_audio", "moderation: output audio",
        "Switch audio off and run it again.";
    Copyright = "moderation_copyright", "moderation: copyright",
        "Remove protected characters, brands and songs from the script.";
    BadParameter = "bad_parameter", "bad parameter",
        "Correct the value that the response names, then run it again.";
    Credits = "credits", "out of credits",
        "Add credits at Segmind, then resume the queue.";
    SpendCap = "spend_cap", "spend cap",
        "Raise the cap, or wait until it resets, then resume the queue.";
    Rate = "rate", "rate limit",
        "The queue waits and continues by itself; if it has stopped, wait a few minutes and resume it.";
    KeyMissing = "key_missing", "no key",
        "Set SEGMIND_API_KEY (or key_command) and start again, or use --sandbox.";
    KeyRejected = "key_rejected", "key rejected",
        "Check the key at Segmind, set SEGMIND_API_KEY again, then resume the queue.";
    Forbidden = "forbidden", "not allowed",
        "Ask the owner of the account to allow this model.";
    ModelUnknown = "model_unknown", "model unknown",
        "Choose another model in Parameters.";
    ModelRetired = "model_retired", "model retired",
        "Choose another model in Parameters.";
    ProviderFault = "provider_fault", "provider fault",
        "Run it again; failures are not billed.";
    Network = "network", "network",
        "Check the network and the address of the API; polling of accepted takes continues by itself.";
    Stale = "stale", "record expired",
        "The provider deletes the record after an hour; reconcile looks the take up in the history.";
    Delivery = "delivery", "delivery",
        "The video is paid for and kept for seven days: resume tries again.";
    Storage = "storage", "storage",
        "Free some space, or make the reel's folder writable; delivery then continues.";
    Unclear = "unclear", "unclear",
        "Open the take to read the provider's response.";
    /// What is not found under this key or at this URL may be found under the one it was sent with.
    OtherKey = "other_key", "another key's",
        "Run `rushes resume` with the key and the URL that it was sent with.";
    /// A take was billed more than was reserved for it, so no cap can be trusted.
    BillAboveReserve = "bill_above_reserve", "bill above reserve",
        "Put the model's current price into [prices] of the settings, then resume the queue.";
    /// The settings about money cannot be read.
    Settings = "settings", "settings unreadable",
        "Correct the named line of the settings file, then try again.";
}

impl FailureKind {
    /// Refused for its content; never repeated automatically.
    pub const fn is_moderation(self) -> bool {
        matches!(
            self,
            Self::InputText | Self::InputImage | Self::OutputVideo | Self::OutputAudio | Self::Copyright
        )
    }

    /// A stop for this reason ends when the user resumes the queue, not when new takes are started.
    pub const fn needs_resuming(self) -> bool {
        matches!(self, Self::Rate | Self::BillAboveReserve)
    }

    /// Nothing else can be sent until the user acts.
    pub const fn stops_the_queue(self) -> bool {
        matches!(
            self,
            Self::Credits | Self::SpendCap | Self::KeyMissing | Self::KeyRejected | Self::BillAboveReserve
        )
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
