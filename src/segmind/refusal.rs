//! Classifies refusals: their kind, from status code and error text, and what they allow next.
//!
//! Sources: Segmind, API docs, error codes; Segmind's study of Seedance 2.0 failures; ByteDance's code words.

use crate::model::FailureKind;

use super::call::Purpose;
use super::error::Class;

/// What a refused call allows next.
///
/// For a POST that buys, a 4xx means that nothing was bought, except for those that leave it open (408, 409, 425, 499).
/// A redirect means the same: its server did not accept the request. Everything else but 429 is unclear. For a request
/// that only asks, only a mistake in the request itself is final: a 403 or 404 may pass, because a new job can be
/// answered with 404 at first.
pub(super) fn class(purpose: Purpose, status: u16, kind: FailureKind) -> Class {
    let stops = purpose != Purpose::Fetch && kind.stops_the_queue();
    match (purpose, status) {
        (_, 429) => Class::Repeatable,
        (Purpose::Buy, 408 | 409 | 425 | 499) => Class::Ambiguous,
        (_, 400..=499) if stops => Class::FatalForQueue,
        (Purpose::Buy, 300..=499) => Class::FatalForTake,
        (Purpose::Buy, _) => Class::Ambiguous,
        (Purpose::Ask, 400 | 405 | 406 | 410 | 413..=415 | 422) => Class::FatalForTake,
        (Purpose::Upload, 408 | 409 | 425 | 499) => Class::Repeatable,
        (Purpose::Upload, 400..=499) => Class::FatalForTake,
        (Purpose::Fetch, 404 | 410) => Class::FatalForTake,
        _ => Class::Repeatable,
    }
}

/// How to treat a failed submit, from its status code and error text.
pub fn class_of_a_refusal(status: u16, text: &str) -> Class {
    class(Purpose::Buy, status, kind(Purpose::Buy, status, text))
}

/// How to treat a submit without a usable response; `is_unsent` when no byte of it can have left.
pub const fn class_of_a_loss(is_unsent: bool) -> Class {
    Purpose::Buy.after_a_loss(is_unsent)
}

/// The kind of a refusal: by its code if that leaves no doubt, else by its text.
pub(super) fn kind(purpose: Purpose, status: u16, text: &str) -> FailureKind {
    use FailureKind as K;
    if purpose == Purpose::Fetch {
        return match status {
            404 | 410 => K::Stale,
            _ => K::Delivery,
        };
    }
    let by_text = kind_of_text(text);
    match status {
        401 if has(text, &["missing"]) => K::KeyMissing,
        401 => K::KeyRejected,
        402 if by_text == K::SpendCap => K::SpendCap,
        402 => K::Credits,
        403 if by_text.stops_the_queue() => by_text,
        403 => K::Forbidden,
        404 if purpose == Purpose::Buy => K::ModelUnknown,
        404 => K::Stale,
        405 => K::Unclear,
        410 if purpose == Purpose::Buy => K::ModelRetired,
        410 => K::Stale,
        429 => K::Rate,
        400 | 406 | 413..=415 if by_text == K::Unclear && !(status == 406 && text.is_empty()) => {
            K::BadParameter
        }
        500.. if matches!(by_text, K::Unclear | K::Rate | K::Stale) || by_text.stops_the_queue() => {
            K::ProviderFault
        }
        _ => by_text,
    }
}

/// The kind of a refusal by its text alone.
pub fn kind_of_text(text: &str) -> FailureKind {
    if let Some(kind) = moderation_phrase(text) {
        return kind;
    }
    let found = SORTED.iter().find(|(_, words)| has(text, words));
    found.map_or(FailureKind::Unclear, |(kind, _)| *kind)
}

/// Code words first, then phrases, the most specific ones first.
#[rustfmt::skip]
const SORTED: [(FailureKind, &[&str]); 15] = {
    use FailureKind as K;
    [
        // ByteDance uses PolicyViolation for content that others own.
        (K::Copyright, &["policyviolation", "copyright", "intellectual property"]),
        (K::InputText, &["inputtextsensitive", "inputtextrisk"]),
        (K::InputImage, &["inputimagesensitive", "inputvideosensitive", "privacyinformation", "inputimagerisk"]),
        (K::OutputVideo, &["outputvideosensitive", "outputvideorisk"]),
        (K::OutputAudio, &["outputaudiosensitive", "outputaudiorisk"]),
        (K::InputImage, &["real person", "real-person", "real human", "human face"]),
        (K::Credits, &["insufficient credit", "not enough credit", "insufficient balance", "out of credits"]),
        (K::SpendCap, &[
            "spend cap", "spending cap", "spend limit", "spending limit", "budget limit", "monthly budget",
            "team budget",
        ]),
        (K::Rate, &["rate limit", "ratelimit", "too many requests"]),
        (K::KeyRejected, &["invalid_token", "api key is invalid or may have expired"]),
        (K::ModelRetired, &["deprecated", "has been retired", "is retired", "no longer available"]),
        (K::BadParameter, &[
            "first frame", "last frame", "first_frame", "last_frame", "duration", "resolution", "aspect_ratio",
            "aspect ratio", "invalid", "must be", "required", "unsupported", "not supported", "parameter",
            "is empty", "cannot be empty", "not allowed",
        ]),
        (K::Stale, &["stale", "expired", "not found"]),
        (K::ProviderFault, &["internal", "timed out", "timeout", "unavailable", "overloaded", "try again"]),
        (K::Network, &["failed to download", "could not fetch", "failed to fetch"]),
    ]
};

/// Refusals in plain words: a word for what was looked at, together with a word of refusal.
fn moderation_phrase(text: &str) -> Option<FailureKind> {
    use FailureKind as K;
    const LOOKED_AT: [(FailureKind, &[&str]); 6] = [
        (K::Copyright, &["copyright"]),
        (K::OutputAudio, &["output audio", "generated audio", "audio"]),
        (K::OutputVideo, &["output", "generated video"]),
        (K::InputText, &["input text", "prompt", "text"]),
        (K::InputImage, &["image", "picture", "frame"]),
        (K::OutputVideo, &["video"]),
    ];
    let refuses = [
        "sensitive",
        "moderation",
        "content policy",
        "inappropriate",
        "unsafe",
    ];
    let code_words = ["sensitivecontent", "policyviolation"];
    if !has(text, &refuses) || has(text, &code_words) {
        return None;
    }
    let found = LOOKED_AT.iter().find(|(_, words)| has(text, words));
    found.map(|(kind, _)| *kind)
}

/// Whether `text` contains any of `words`, which are in lower case.
fn has(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind as K;

    #[test]
    fn the_kind_is_read_from_the_text() {
        for (text, kind) in [
            ("InputTextSensitiveContentDetected", K::InputText),
            ("Your prompt was flagged by our moderation", K::InputText),
            (
                "The input text may contain sensitive information for a video",
                K::InputText,
            ),
            (
                "InputImageSensitiveContentDetected.PrivacyInformation",
                K::InputImage,
            ),
            ("The first frame may show a real person", K::InputImage),
            (
                "The request failed because the input image may be unsafe",
                K::InputImage,
            ),
            ("OutputVideoSensitiveContentDetected: try again", K::OutputVideo),
            ("The generated video did not pass moderation", K::OutputVideo),
            ("OutputAudioSensitiveContentDetected", K::OutputAudio),
            ("The output audio was considered sensitive", K::OutputAudio),
            (
                "OutputVideoSensitiveContentDetected.PolicyViolation",
                K::Copyright,
            ),
            ("the result may violate copyright", K::Copyright),
            ("Insufficient credits: balance 0.1, need 1.5", K::Credits),
            ("team spend cap reached", K::SpendCap),
            ("invalid duration 7", K::BadParameter),
            (
                "reference images cannot be used with a first frame",
                K::BadParameter,
            ),
            ("last frame needs a first frame", K::BadParameter),
            ("stale request", K::Stale),
            ("Internal server error", K::ProviderFault),
            ("Polling timed out", K::ProviderFault),
            ("", K::Unclear),
            ("something else", K::Unclear),
        ] {
            assert_eq!(kind_of_text(text), kind, "{text}");
        }
    }

    /// Only a code that is about every call stops the queue.
    #[test]
    fn no_words_make_a_server_error_stop_the_queue() {
        for text in ["Insufficient credits", "spend cap", "invalid_token"] {
            assert_eq!(kind(Purpose::Buy, 500, text), K::ProviderFault, "{text}");
        }
        assert_eq!(class(Purpose::Buy, 500, K::Credits), Class::Ambiguous);
        assert_eq!(class(Purpose::Fetch, 401, K::KeyRejected), Class::Repeatable);
    }
}
