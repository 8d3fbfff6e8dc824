//! Every parameter of a request, as one table. The form, the request body, its reading and checking, the Parameters
//! pane and the options of commands are derived from it.
//!
//! A new parameter needs an entry here, a field of [`Form`], and the models that have it in `models.toml`.

use serde_json::{Value as Json, json};

use super::form::Form;
use super::invalid::{Invalid, accepted, wrong_type};
use super::models::{Model, PerKind};
use super::request::ApiVersion;
use super::request_words::{BITRATE_MODES, TASKS};

use Parameter as P;

/// A parameter, by its entry in [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
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
    Seeds,
    ReturnLastFrame,
    SkipModeration,
    BitrateMode,
    Task,
    Model,
    ApiVersion,
}

/// What the program knows of a parameter.
pub struct ParameterEntry {
    pub id: Parameter,
    /// The key in the request body; empty for what the body does not hold.
    pub wire: &'static str,
    /// The name in the workbench; empty for what is edited elsewhere.
    pub label: &'static str,
    /// What it is for, in a few words.
    pub hint: &'static str,
    /// The row of the Parameters pane; the parameters of a row are side by side where there is room.
    pub row: u8,
    pub option: CommandOption,
    pub kind: ParameterKind,
    /// The values that a model offers; none for a typed value.
    pub offered: fn(Model) -> Vec<Json>,
    /// Whether a body holds it only when it differs from a new form's; else for every model that has it.
    pub is_sent_when_set: bool,
    /// Whether two requests that differ in it ask for different content: a refusal of one says nothing of the other.
    pub is_content: bool,
    field: Field,
}

/// How a value is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// One of the values that the model offers.
    Choice,
    /// A text.
    Text,
    /// A file or URL.
    Frame,
    /// Files or URLs.
    References(Medium),
}

/// What a reference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    Image,
    Video,
    Audio,
}

/// How the value is given on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandOption {
    /// Not as an option of its own.
    None,
    /// `--name VALUE`.
    Value {
        name: &'static str,
        placeholder: &'static str,
        help: &'static str,
    },
    /// `--name`, and `--no-name` where it is on by default.
    Switch {
        name: &'static str,
        help: &'static str,
        off: Option<(&'static str, &'static str)>,
    },
}

/// The field of the form that holds a parameter, as JSON: a body takes the same.
#[derive(Clone, Copy)]
pub struct Field {
    get: fn(&Form) -> Json,
    /// Whether the JSON was a value of it.
    set: fn(&mut Form, Json) -> bool,
}

/// The field of this name.
macro_rules! field {
    ($name:ident) => {
        Field {
            get: |form| json!(form.$name),
            set: |form, json| {
                serde_json::from_value(json)
                    .map(|value| form.$name = value)
                    .is_ok()
            },
        }
    };
}

fn list<T: serde::Serialize>(values: impl IntoIterator<Item = T>) -> Vec<Json> {
    values.into_iter().map(|value| json!(value)).collect()
}

const REFERENCE: &str = "Enter adds a file or a URL";

impl ParameterEntry {
    /// A parameter of a request body under this key, or of none.
    const fn new(id: Parameter, wire: &'static str, field: Field) -> Self {
        Self {
            id,
            wire,
            label: "",
            hint: "",
            row: 0,
            option: CommandOption::None,
            kind: ParameterKind::Choice,
            offered: |_| Vec::new(),
            is_sent_when_set: false,
            is_content: false,
            field,
        }
    }

    const fn row(mut self, row: u8, label: &'static str, hint: &'static str) -> Self {
        (self.row, self.label, self.hint) = (row, label, hint);
        self
    }

    const fn option(mut self, name: &'static str, placeholder: &'static str, help: &'static str) -> Self {
        self.option = CommandOption::Value {
            name,
            placeholder,
            help,
        };
        self
    }

    const fn switch(
        mut self,
        name: &'static str,
        help: &'static str,
        off: Option<(&'static str, &'static str)>,
    ) -> Self {
        self.option = CommandOption::Switch { name, help, off };
        self.choice(|_| list([true, false]))
    }

    const fn kind(mut self, kind: ParameterKind) -> Self {
        self.kind = kind;
        self
    }

    const fn choice(mut self, offered: fn(Model) -> Vec<Json>) -> Self {
        self.offered = offered;
        self
    }

    const fn sent_when_set(mut self) -> Self {
        self.is_sent_when_set = true;
        self
    }

    const fn content(mut self) -> Self {
        self.is_content = true;
        self
    }
}

/// Every parameter, in the order of the request body.
pub static TABLE: [ParameterEntry; 17] = [
    ParameterEntry::new(P::Prompt, "prompt", field!(prompt))
        .kind(ParameterKind::Text)
        .content(),
    ParameterEntry::new(P::AspectRatio, "aspect_ratio", field!(aspect_ratio))
        .row(2, "Ratio", "adaptive follows the references")
        .option("aspect", "A", "The picture's shape")
        .choice(|model| list(&model.aspect_ratios)),
    ParameterEntry::new(P::Duration, "duration", field!(duration))
        .row(1, "Duration", "seconds")
        .option(
            "duration",
            "N",
            "Length in seconds: each model has its own, see `rushes models`",
        )
        .choice(|model| list(&model.durations)),
    ParameterEntry::new(P::Resolution, "resolution", field!(resolution))
        .row(0, "Resolution", "480p is a draft")
        .option("resolution", "R", "How fine the picture is")
        .choice(|model| list(model.requestable())),
    ParameterEntry::new(P::FirstFrame, "first_frame_url", field!(first_frame))
        .row(7, "First frame", "a file or a URL")
        .option("first-frame", "X", "The first frame: a file or a URL")
        .kind(ParameterKind::Frame)
        .content(),
    ParameterEntry::new(P::LastFrame, "last_frame_url", field!(last_frame))
        .row(7, "Last frame", "a file or a URL")
        .option("last-frame", "X", "The last frame: a file or a URL")
        .kind(ParameterKind::Frame)
        .content(),
    ParameterEntry::new(P::Images, "reference_images", field!(images))
        .row(8, "Images", REFERENCE)
        .option(
            "image",
            "X",
            "A reference image: a file or a URL; may be given again",
        )
        .kind(ParameterKind::References(Medium::Image))
        .content(),
    ParameterEntry::new(P::Videos, "reference_videos", field!(videos))
        .row(8, "Videos", REFERENCE)
        .option("video", "X", "A reference video; may be given again")
        .kind(ParameterKind::References(Medium::Video))
        .content(),
    ParameterEntry::new(P::Audios, "reference_audios", field!(audios))
        .row(8, "Audios", REFERENCE)
        .option("audio-ref", "X", "A reference sound; may be given again")
        .kind(ParameterKind::References(Medium::Audio))
        .content(),
    ParameterEntry::new(P::Audio, "generate_audio", field!(generate_audio))
        .row(3, "Audio", "sound costs nothing")
        .switch("audio", "Generate sound", Some(("no-audio", "Generate no sound")))
        .content(),
    // The form lists several; each request has one of them.
    ParameterEntry::new(P::Seeds, "seed", field!(seeds))
        .row(5, "Seed", "7, 42, 100..108 or 6 new")
        .option("seeds", "LIST", "Seeds: 7,42,100..108 or \"6 new\"; -1 draws one")
        .kind(ParameterKind::Text),
    ParameterEntry::new(P::ReturnLastFrame, "return_last_frame", field!(return_last_frame))
        .row(4, "Return last", "the last frame as a picture, for a chain")
        .switch("return-last-frame", "Ask for the last frame as a picture", None),
    ParameterEntry::new(P::SkipModeration, "skip_moderation", field!(skip_moderation))
        .row(9, "Unmoderated", "skips the moderation")
        .switch("skip-moderation", "Skip the provider's moderation", None)
        .sent_when_set()
        .content(),
    ParameterEntry::new(P::BitrateMode, "bitrate_mode", field!(bitrate_mode))
        .row(9, "Bitrate", "high makes larger files")
        .option("bitrate-mode", "B", "The video's bitrate")
        .choice(|_| list([None, Some(BITRATE_MODES[0]), Some(BITRATE_MODES[1])]))
        .sent_when_set(),
    ParameterEntry::new(P::Task, "task", field!(task))
        .row(10, "Task", "editing and extension need a video")
        .option("task", "T", "What is made of the references")
        .choice(|_| list(std::iter::once(None).chain(TASKS.map(Some))))
        .sent_when_set()
        .content(),
    ParameterEntry::new(P::Model, "", field!(model))
        .row(6, "Model", "fast and mini cost less")
        .option("model", "M", "The model")
        .choice(|_| list(Model::all())),
    ParameterEntry::new(P::ApiVersion, "", field!(api_version))
        .row(4, "API", "v2 submits and polls, v1 blocks")
        .option(
            "api-version",
            "V",
            "The API's contract: v2 submits and polls, v1 blocks",
        )
        .choice(|_| list([ApiVersion::V2, ApiVersion::V1])),
];

/// What skipping the moderation means.
pub const SKIPS_MODERATION: &str = "The provider is asked not to check prompt, references and the finished video. You answer for what is \
     made: its terms hold all the same, and an account that breaks them may be closed.";

impl Parameter {
    /// Every parameter, in the order of the request body.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.id)
    }

    /// What the program knows of it.
    pub fn entry(self) -> &'static ParameterEntry {
        &TABLE[self as usize]
    }

    /// The key in the request body, or the name of what the body does not hold.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::ApiVersion => "api_version",
            sent => sent.entry().wire,
        }
    }

    /// Those that the Parameters pane shows for `form`, row by row: the ones that its model takes, and the ones that
    /// are set.
    pub fn rows(form: &Form) -> Vec<Vec<Self>> {
        let mut shown: Vec<&ParameterEntry> = TABLE
            .iter()
            .filter(|entry| {
                entry.id.has_row() && (entry.id.is_offered_by(form.model) || entry.id.is_set(form))
            })
            .collect();
        shown.sort_by_key(|entry| entry.row);
        let rows = shown.chunk_by(|one, next| one.row == next.row);
        rows.map(|row| row.iter().map(|entry| entry.id).collect())
            .collect()
    }

    /// Whether the Parameters pane shows it; the prompt has a pane of its own.
    pub fn has_row(self) -> bool {
        !self.entry().label.is_empty()
    }

    /// The name of its row.
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// Its value as JSON.
    pub fn json(self, form: &Form) -> Json {
        (self.entry().field.get)(form)
    }

    /// The values that the model offers; one that it does not offer comes first while it is chosen.
    fn values(self, form: &Form) -> Vec<Json> {
        let (mut all, now) = ((self.entry().offered)(form.model), self.json(form));
        if !all.is_empty() && !all.contains(&now) {
            all.insert(0, now);
        }
        all
    }

    /// The values to choose among, as the workbench shows them, and which is chosen; none for a typed value.
    pub fn choices(self, form: &Form) -> Option<(Vec<String>, usize)> {
        let (all, now) = (self.values(form), self.json(form));
        let at = all.iter().position(|value| *value == now)?;
        Some((all.iter().map(|value| self.in_words(value)).collect(), at))
    }

    /// Chooses the value at this index, if there is one.
    pub fn choose(self, form: &mut Form, at: usize) {
        if let Some(value) = self.values(form).into_iter().nth(at) {
            (self.entry().field.set)(form, value);
        }
    }

    /// Chooses the value that is `by` places further, wrapping around. A typed value stays.
    pub fn turn(self, form: &mut Form, by: isize) {
        let Some((all, at)) = self.choices(form) else {
            return;
        };
        let next = (at.cast_signed() + by).rem_euclid(all.len().cast_signed());
        self.choose(form, next.cast_unsigned());
    }

    /// The value as the workbench shows it; a list one a line.
    pub fn shown(self, form: &Form) -> String {
        self.in_words(&self.json(form))
    }

    fn in_words(self, value: &Json) -> String {
        let model = value.as_str().filter(|_| self == P::Model);
        let model = model.and_then(|slug| slug.parse::<Model>().ok());
        model.map_or_else(|| word(value), |model| model.label().to_owned())
    }

    /// The words for the values that the model offers: `a, b or c`.
    pub fn accepted(self, model: Model) -> String {
        accepted((self.entry().offered)(model).iter().map(word))
    }

    /// Sets the value that is written on the command line.
    pub fn write(self, form: &mut Form, text: &str) -> Result<(), Invalid> {
        let offered = (self.entry().offered)(form.model);
        // A model may be named as the workbench shows it.
        let is_named = |value: &&Json| word(value) == text || self.in_words(value) == text;
        let value = match offered.iter().find(is_named) {
            Some(value) => value.clone(),
            None if offered.is_empty() => text.into(),
            None => return Err(self.not_offered(form.model, text)),
        };
        (self.entry().field.set)(form, value);
        Ok(())
    }

    /// Sets the value of a request body.
    pub fn read(self, form: &mut Form, json: &Json) -> Result<(), Invalid> {
        let wrong = |expected, json| Err(wrong_type(self, expected, json));
        let value = match (self.json(form), json) {
            (Json::Array(_), Json::Array(items)) => {
                if let Some(other) = items.iter().find(|item| !item.is_string()) {
                    return wrong("a list of strings", other);
                }
                items.iter().filter(|item| *item != "").cloned().collect()
            }
            (Json::Array(_), other) => return wrong("a list of strings", other),
            (Json::Bool(_), other) if !other.is_boolean() => return wrong("true or false", other),
            (Json::Number(_), other) if !other.is_number() => return wrong("a whole number", other),
            (Json::String(_) | Json::Null, other) if !other.is_string() => return wrong("a string", other),
            _ => json.clone(),
        };
        let offered = (self.entry().offered)(form.model);
        if !offered.is_empty() && !offered.contains(&value) {
            return Err(self.not_offered(form.model, &word(&value)));
        }
        (self.entry().field.set)(form, value);
        Ok(())
    }

    pub fn check(self, form: &Form) -> Result<(), Invalid> {
        let (offered, value) = ((self.entry().offered)(form.model), self.json(form));
        if offered.is_empty() || offered.contains(&value) {
            return Ok(());
        }
        Err(self.not_offered(form.model, &word(&value)))
    }

    fn not_offered(self, model: Model, given: &str) -> Invalid {
        match self {
            P::Model => Invalid::UnknownModel {
                given: given.to_owned(),
                accepted: self.accepted(model),
            },
            P::Duration => Invalid::NotOffered {
                parameter: self,
                given: given.to_owned(),
                accepted: model.durations_in_words(),
            },
            _ => Invalid::NotOffered {
                parameter: self,
                given: format!("{given:?}"),
                accepted: self.accepted(model),
            },
        }
    }

    /// Whether its value differs from a new form's.
    pub fn is_set(self, form: &Form) -> bool {
        self.json(form) != self.json(&Form::default())
    }

    /// Resets it to the value of a new form.
    pub fn reset(self, form: &mut Form) {
        (self.entry().field.set)(form, self.json(&Form::default()));
    }

    /// The references of a list, none for others.
    pub fn items(self, form: &Form) -> &[String] {
        self.medium().map_or(&[], |medium| medium.items(form))
    }

    /// The references of a list, mutable.
    pub fn items_mut(self, form: &mut Form) -> Option<&mut Vec<String>> {
        Some(match self.medium()? {
            Medium::Image => &mut form.images,
            Medium::Video => &mut form.videos,
            Medium::Audio => &mut form.audios,
        })
    }

    /// The typed text, mutable.
    pub fn text_mut(self, form: &mut Form) -> Option<&mut String> {
        match self {
            P::Seeds => Some(&mut form.seeds),
            P::FirstFrame => Some(&mut form.first_frame),
            P::LastFrame => Some(&mut form.last_frame),
            _ => None,
        }
    }

    /// Whether a request to `model` may set it.
    pub fn is_offered_by(self, model: Model) -> bool {
        let wire = self.entry().wire;
        wire.is_empty() || model.has(wire)
    }

    /// Whether its value is a file or URL, or a list of them.
    pub fn is_reference(self) -> bool {
        matches!(
            self.entry().kind,
            ParameterKind::Frame | ParameterKind::References(_)
        )
    }

    /// The medium of a list of references.
    pub fn medium(self) -> Option<Medium> {
        match self.entry().kind {
            ParameterKind::References(medium) => Some(medium),
            _ => None,
        }
    }

    /// The medium of its files: frames are pictures.
    pub fn file_medium(self) -> Medium {
        self.medium().unwrap_or(Medium::Image)
    }
}

/// The word for a value on the command line; a list one a line.
fn word(value: &Json) -> String {
    match value {
        Json::Null => "default".to_owned(),
        Json::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(word).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

impl Medium {
    /// What the prompt calls one: `image`, `video` or `audio`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }

    /// The references of this medium that the form names.
    pub fn items(self, form: &Form) -> &[String] {
        match self {
            Self::Image => &form.images,
            Self::Video => &form.videos,
            Self::Audio => &form.audios,
        }
    }

    /// The value for this medium.
    pub fn of<T: Copy + Default>(self, each: &PerKind<T>) -> T {
        match self {
            Self::Image => each.images,
            Self::Video => each.videos,
            Self::Audio => each.audios,
        }
    }
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
