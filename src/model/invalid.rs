//! The rules of a request, one error each: what was given, what is accepted, what to do.

use std::fmt;

use serde_json::Value as Json;

use super::complaint::Complaint;
use super::models::Model;
use super::parameters::Parameter;
use super::request_words::{AspectRatio, Task};
use super::seeds::{Seed, SeedList};

/// Why a request may not be sent. Rules: Segmind, Seedance 2.0 model page, parameter table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    EmptyPrompt,
    UnknownModel {
        given: String,
        accepted: String,
    },
    NotOffered {
        parameter: Parameter,
        /// As written, a word in quotation marks.
        given: String,
        accepted: String,
    },
    NoSeeds,
    NotASeed {
        given: String,
        /// Its place in the list, from 1.
        item: usize,
    },
    NotASweep {
        given: String,
        /// Its place in the list, from 1.
        item: usize,
    },
    SweepToLookUp {
        given: String,
    },
    SeedOutOfRange {
        given: String,
    },
    SeedRangeReversed {
        first: u32,
        last: u32,
    },
    SeedsBeyondMax {
        count: u32,
        first: u32,
    },
    SeedTwice {
        given: u32,
    },
    TooManySeeds {
        given: u32,
    },
    FirstFrameWithImages {
        images: usize,
    },
    /// Of a model whose first frame excludes every reference.
    FirstFrameWithReferences {
        /// How many videos and audios there are.
        references: usize,
    },
    FrameNotAdaptive {
        given: AspectRatio,
    },
    TaskWithoutVideo {
        task: Option<Task>,
        videos: usize,
    },
    LastFrameWithoutFirst,
    /// A response of v1 is the video itself, and names no draft.
    DraftByV1 {
        model: Model,
    },
    /// A draft is to be finished by a model that finishes none.
    NothingToFinish {
        model: Model,
    },
    TooMany {
        parameter: Parameter,
        given: usize,
        most: usize,
    },
    TooManyReferences {
        given: usize,
        most: usize,
    },
    AudioAlone,
    NotAUrl {
        parameter: Parameter,
        given: String,
    },
    NotOfModel {
        parameter: Parameter,
        model: Model,
        /// The models that take it.
        offered_by: String,
    },
    WrongType {
        parameter: Parameter,
        expected: &'static str,
        given: &'static str,
    },
    NotAnObject {
        given: &'static str,
    },
}

impl Invalid {
    /// What is wrong, and what to do.
    #[expect(clippy::too_many_lines, reason = "one arm for each rule")]
    pub fn complaint(&self) -> Complaint {
        match self {
            Self::EmptyPrompt => Complaint::new("the prompt is empty", "write what the video shows"),
            Self::UnknownModel { given, accepted } => {
                Complaint::new(format!("model {given:?} is not known"), format!("use {accepted}"))
            }
            Self::NotOffered {
                parameter,
                given,
                accepted,
            } => Complaint::new(
                format!("{} {given} is not offered", noun(*parameter)),
                format!("use {accepted}"),
            ),
            Self::NoSeeds => {
                Complaint::new("no seed is given", "write seeds such as 7, 42, 100..108 or 6 new")
            }
            Self::NotASeed { given, item } => Complaint::new(
                format!("{given:?} is not a seed (item {item})"),
                "write a number, 100..108, 6 new, 6 near 42, sweep 3 or circled of sweep 3",
            ),
            Self::NotASweep { given, item } => Complaint::new(
                format!("{given:?} names no sweep (item {item})"),
                "write its number, as in sweep 3 or circled of sweep 3",
            ),
            Self::SweepToLookUp { given } => Complaint::new(
                format!("{given} stands for the seeds of an earlier sweep, which were not looked up"),
                "send it with the sweep planner, or write the seeds themselves",
            ),
            Self::SeedsBeyondMax { count, first } => Complaint::new(
                format!("{count} seeds from {first} go beyond the largest one"),
                format!("start at {} or below, or ask for fewer", Seed::MAX - (count - 1)),
            ),
            Self::SeedOutOfRange { given } => Complaint::new(
                format!("seed {given} is out of range"),
                format!("use 0 to {}, or -1 for a new one", Seed::MAX),
            ),
            Self::SeedRangeReversed { first, last } => Complaint::new(
                format!("seed range {first}..{last} runs backwards"),
                format!("write {last}..{first}"),
            ),
            Self::SeedTwice { given } => Complaint::new(
                format!("seed {given} is twice in the list and would be paid for twice"),
                "remove one",
            ),
            Self::TooManySeeds { given } => Complaint::new(
                format!("{given} seeds are too many for one sweep"),
                format!("use at most {}", SeedList::MAX_TAKES),
            ),
            Self::FirstFrameWithImages { images } => Complaint::new(
                format!("first frame and reference images exclude each other ({images} attached)"),
                "remove one or the other",
            ),
            Self::FirstFrameWithReferences { references } => Complaint::new(
                format!("first frame and references exclude each other ({references} attached)"),
                "remove one or the other",
            ),
            Self::FrameNotAdaptive { given } => Complaint::new(
                format!("with a first or last frame the shape follows the frame, and cannot be {given}"),
                "set the ratio to adaptive, or remove the frame",
            ),
            Self::TaskWithoutVideo { task, videos } => {
                let task = task.map_or("this task", Task::wire);
                let (what, videos) = match videos {
                    0 => ("a reference video", String::new()),
                    more => ("one reference video", format!(", and there are {more}")),
                };
                Complaint::new(
                    format!("{task} needs {what}{videos}"),
                    "attach the video, or choose another task",
                )
            }
            Self::DraftByV1 { model } => Complaint::new(
                format!("by v1, {model} names no draft that could be finished"),
                "use v2",
            ),
            Self::NothingToFinish { model } => Complaint::new(
                format!("{model} finishes no drafts"),
                "promote the draft in another way",
            ),
            Self::LastFrameWithoutFirst => Complaint::new(
                "a last frame needs a first frame",
                "add a first frame, or remove the last",
            ),
            Self::TooMany {
                parameter,
                given,
                most,
            } => Complaint::new(
                format!("{given} {} are too many", noun(*parameter)),
                format!("use at most {most}"),
            ),
            Self::TooManyReferences { given, most } => Complaint::new(
                format!("{given} references in total are too many"),
                format!("use at most {most}"),
            ),
            Self::AudioAlone => Complaint::new(
                "reference audio needs a reference image or video as well",
                "add one, or remove the audio",
            ),
            Self::NotAUrl { parameter, given } => Complaint::new(
                format!("{}: {given:?} is not an http(s) URL", parameter.wire()),
                "use one, or the path of a local file, which rushes uploads",
            ),
            Self::NotOfModel {
                parameter,
                model,
                offered_by,
            } => Complaint::new(
                format!(
                    "{} is offered for {offered_by} only, not for {model}",
                    parameter.wire()
                ),
                "switch it off or change the model",
            ),
            Self::WrongType {
                parameter,
                expected,
                given,
            } => format!("{} must be {expected}, not {given}", parameter.wire()).into(),
            Self::NotAnObject { given } => {
                format!("the request body must be a JSON object, not {given}").into()
            }
        }
    }

    /// The parameter to point at.
    pub const fn parameter(&self) -> Parameter {
        match self {
            Self::EmptyPrompt | Self::NotAnObject { .. } => Parameter::Prompt,
            Self::UnknownModel { .. } | Self::NothingToFinish { .. } => Parameter::Model,
            Self::DraftByV1 { .. } => Parameter::ApiVersion,
            Self::NoSeeds
            | Self::NotASeed { .. }
            | Self::NotASweep { .. }
            | Self::SweepToLookUp { .. }
            | Self::SeedsBeyondMax { .. }
            | Self::SeedOutOfRange { .. }
            | Self::SeedRangeReversed { .. }
            | Self::SeedTwice { .. }
            | Self::TooManySeeds { .. } => Parameter::Seeds,
            Self::FirstFrameWithImages { .. } | Self::FirstFrameWithReferences { .. } => {
                Parameter::FirstFrame
            }
            Self::FrameNotAdaptive { .. } => Parameter::AspectRatio,
            Self::TaskWithoutVideo { .. } => Parameter::Task,
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

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.complaint().fmt(f)
    }
}

impl std::error::Error for Invalid {}

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
