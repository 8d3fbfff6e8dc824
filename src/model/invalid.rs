//! One error for each rule of a request: what was given, what is accepted, what to do.

use super::models::Model;
use super::seeds::{Seed, SeedList};

/// A field of the request, under its name on the wire; tells the workbench where to point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Model,
    Prompt,
    AspectRatio,
    Duration,
    Resolution,
    FirstFrame,
    LastFrame,
    Images,
    Videos,
    Audios,
    Audio,
    Seed,
    SkipModeration,
    BitrateMode,
}

impl Field {
    /// The field's name in the request body.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Prompt => "prompt",
            Self::AspectRatio => "aspect_ratio",
            Self::Duration => "duration",
            Self::Resolution => "resolution",
            Self::FirstFrame => "first_frame_url",
            Self::LastFrame => "last_frame_url",
            Self::Images => "reference_images",
            Self::Videos => "reference_videos",
            Self::Audios => "reference_audios",
            Self::Audio => "generate_audio",
            Self::Seed => "seed",
            Self::SkipModeration => "skip_moderation",
            Self::BitrateMode => "bitrate_mode",
        }
    }
}

impl Field {
    /// The field's name in a sentence.
    fn noun(self) -> String {
        self.wire().replace('_', " ")
    }
}

/// Why a request may not be sent. Rules: Segmind, Seedance 2.0 model page, parameter table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("the prompt is empty: write what the film shows")]
    EmptyPrompt,
    #[error("model {given:?} is not known: use {accepted}")]
    UnknownModel { given: String, accepted: String },
    #[error("{} {given} is not offered: use {accepted}", field.noun())]
    NotOffered {
        field: Field,
        /// As written, a word in quotation marks.
        given: String,
        accepted: String,
    },
    #[error("no seed is given: write seeds such as 7, 42, 100..108 or 6 new")]
    NoSeeds,
    #[error("{given:?} is not a seed: write a number, a range such as 100..108, or 6 new")]
    NotASeed { given: String },
    #[error("seed {given} is out of range: use 0 to {}, or -1 for a new one", Seed::MAX)]
    SeedOutOfRange { given: String },
    #[error("seed range {first}..{last} runs backwards: write {last}..{first}")]
    SeedRangeReversed { first: u32, last: u32 },
    #[error("seed {given} stands twice in the list and would be paid for twice: remove one")]
    SeedTwice { given: u32 },
    #[error("{given} seeds are too many for one sweep: use at most {}", SeedList::MOST)]
    TooManySeeds { given: u32 },
    #[error(
        "first frame and reference images exclude each other ({images} attached): remove one or the other"
    )]
    FirstFrameWithImages { images: usize },
    #[error("a last frame needs a first frame: add a first frame, or remove the last")]
    LastFrameWithoutFirst,
    #[error("{given} {} are too many: use at most {most}", field.noun())]
    TooMany { field: Field, given: usize, most: usize },
    #[error("{given} references in all are too many: use at most {most}")]
    TooManyReferences { given: usize, most: usize },
    #[error("a reference audio needs a reference image or video beside it: add one, or remove the audio")]
    AudioAlone,
    #[error("{}: {given:?} is not an http(s) address: give a URL, or a local file where rushes uploads it", field.wire())]
    NotAUrl { field: Field, given: String },
    #[error("{} is offered for {offered_by} only, not for {model}: switch it off or change the model", field.wire())]
    NotOfModel {
        field: Field,
        model: Model,
        /// The models that take it.
        offered_by: String,
    },
    #[error("{} must be {expected}, not {given}", field.wire())]
    WrongType {
        field: Field,
        expected: &'static str,
        given: String,
    },
    #[error("the request body must be a JSON object, not {given}")]
    NotAnObject { given: &'static str },
}

impl Invalid {
    /// The field to point at.
    pub const fn field(&self) -> Field {
        match self {
            Self::EmptyPrompt | Self::NotAnObject { .. } => Field::Prompt,
            Self::UnknownModel { .. } => Field::Model,
            Self::NoSeeds
            | Self::NotASeed { .. }
            | Self::SeedOutOfRange { .. }
            | Self::SeedRangeReversed { .. }
            | Self::SeedTwice { .. }
            | Self::TooManySeeds { .. } => Field::Seed,
            Self::FirstFrameWithImages { .. } => Field::FirstFrame,
            Self::LastFrameWithoutFirst => Field::LastFrame,
            Self::TooManyReferences { .. } => Field::Images,
            Self::AudioAlone => Field::Audios,
            Self::NotOffered { field, .. }
            | Self::TooMany { field, .. }
            | Self::NotOfModel { field, .. }
            | Self::NotAUrl { field, .. }
            | Self::WrongType { field, .. } => *field,
        }
    }
}

/// `a, b or c`.
pub(super) fn accepted<T: Into<String>>(values: impl Iterator<Item = T>) -> String {
    let all: Vec<String> = values.map(Into::into).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => all.concat(),
    }
}
