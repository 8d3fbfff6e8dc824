//! The rules of a request, one error each: what was given, what is accepted, what to do.

use serde_json::Value as Json;

use super::models::Model;
use super::parameters::Parameter;
use super::seeds::{Seed, SeedList};

/// Why a request may not be sent. Rules: Segmind, Seedance 2.0 model page, parameter table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("the prompt is empty: write what the video shows")]
    EmptyPrompt,
    #[error("model {given:?} is not known: use {accepted}")]
    UnknownModel { given: String, accepted: String },
    #[error("{} {given} is not offered: use {accepted}", noun(*parameter))]
    NotOffered {
        parameter: Parameter,
        /// As written, a word in quotation marks.
        given: String,
        accepted: String,
    },
    #[error("no seed is given: write seeds such as 7, 42, 100..108 or 6 new")]
    NoSeeds,
    #[error(
        "{given:?} is not a seed (item {item}): write a number, 100..108, 6 new, 6 near 42, sweep 3 or circled of sweep 3"
    )]
    NotASeed {
        given: String,
        /// Its place in the list, from 1.
        item: usize,
    },
    #[error("{given:?} names no sweep (item {item}): write its number, as in sweep 3 or circled of sweep 3")]
    NotASweep {
        given: String,
        /// Its place in the list, from 1.
        item: usize,
    },
    #[error(
        "{given} stands for the seeds of an earlier sweep, which were not looked up: write the seeds themselves"
    )]
    SweepToLookUp { given: String },
    #[error("seed {given} is out of range: use 0 to {}, or -1 for a new one", Seed::MAX)]
    SeedOutOfRange { given: String },
    #[error("seed range {first}..{last} runs backwards: write {last}..{first}")]
    SeedRangeReversed { first: u32, last: u32 },
    #[error(
        "{count} seeds from {first} go beyond the largest one: start at {} or below, or ask for fewer",
        Seed::MAX - (count - 1)
    )]
    SeedsBeyondMax { count: u32, first: u32 },
    #[error("seed {given} is twice in the list and would be paid for twice: remove one")]
    SeedTwice { given: u32 },
    #[error(
        "{given} seeds are too many for one sweep: use at most {}",
        SeedList::MAX_TAKES
    )]
    TooManySeeds { given: u32 },
    #[error(
        "first frame and reference images exclude each other ({images} attached): remove one or the other"
    )]
    FirstFrameWithImages { images: usize },
    #[error("a last frame needs a first frame: add a first frame, or remove the last")]
    LastFrameWithoutFirst,
    #[error("{given} {} are too many: use at most {most}", noun(*parameter))]
    TooMany {
        parameter: Parameter,
        given: usize,
        most: usize,
    },
    #[error("{given} references in total are too many: use at most {most}")]
    TooManyReferences { given: usize, most: usize },
    #[error("a reference audio needs a reference image or video beside it: add one, or remove the audio")]
    AudioAlone,
    #[error("{}: {given:?} is not an http(s) URL: give one, or a local file where rushes uploads it", parameter.wire())]
    NotAUrl { parameter: Parameter, given: String },
    #[error("{} is offered for {offered_by} only, not for {model}: switch it off or change the model", parameter.wire())]
    NotOfModel {
        parameter: Parameter,
        model: Model,
        /// The models that take it.
        offered_by: String,
    },
    #[error("{} must be {expected}, not {given}", parameter.wire())]
    WrongType {
        parameter: Parameter,
        expected: &'static str,
        given: &'static str,
    },
    #[error("the request body must be a JSON object, not {given}")]
    NotAnObject { given: &'static str },
}

impl Invalid {
    /// The parameter to point at.
    pub const fn parameter(&self) -> Parameter {
        match self {
            Self::EmptyPrompt | Self::NotAnObject { .. } => Parameter::Prompt,
            Self::UnknownModel { .. } => Parameter::Model,
            Self::NoSeeds
            | Self::NotASeed { .. }
            | Self::NotASweep { .. }
            | Self::SweepToLookUp { .. }
            | Self::SeedsBeyondMax { .. }
            | Self::SeedOutOfRange { .. }
            | Self::SeedRangeReversed { .. }
            | Self::SeedTwice { .. }
            | Self::TooManySeeds { .. } => Parameter::Seeds,
            Self::FirstFrameWithImages { .. } => Parameter::FirstFrame,
            Self::LastFrameWithoutFirst => Parameter::LastFrame,
            Self::TooManyReferences { .. } => Parameter::Images,
            Self::AudioAlone => Parameter::Audios,
            Self::NotOffered { parameter, .. }
            | Self::TooMany { parameter, .. }
            | Self::NotOfModel { parameter, .. }
            | Self::NotAUrl { parameter, .. }
            | Self::WrongType { parameter, .. } => *parameter,
        }
    }
}

/// The parameter in a sentence.
fn noun(parameter: Parameter) -> String {
    parameter.wire().replace('_', " ")
}

/// The error for a parameter of another type.
pub(super) fn wrong_type(parameter: Parameter, expected: &'static str, given: &Json) -> Invalid {
    Invalid::WrongType {
        parameter,
        expected,
        given: kind(given),
    }
}

/// What JSON it is, for people.
pub(super) const fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

/// `a, b or c`.
pub(crate) fn accepted<T: Into<String>>(values: impl Iterator<Item = T>) -> String {
    let all: Vec<String> = values.map(Into::into).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => all.concat(),
    }
}
