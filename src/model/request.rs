//! The whole request of `seedance-2.0`, its rules, and its form on the wire.
//!
//! Source of every field and rule: Segmind, Seedance 2.0 model page, parameter table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::invalid::{Field, Invalid};
use super::seeds::Seed;

/// Most reference images in one request.
pub const MOST_IMAGES: usize = 9;
/// Most reference videos in one request.
pub const MOST_VIDEOS: usize = 3;
/// Most reference audios in one request.
pub const MOST_AUDIOS: usize = 3;
/// Most references of all kinds in one request.
pub const MOST_REFERENCES: usize = 12;

/// Makes an enum of wire words: `ALL`, `wire()`, `FromStr`, `Display` and serde as that word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order it is offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is sent.
            #[must_use]
            pub const fn wire(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = Invalid;
            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::ALL.iter().copied().find(|v| v.wire() == text)
                    .ok_or_else(|| Invalid::$error { given: text.to_owned() })
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> { text.parse() }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self { value.wire() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.wire()) }
        }
    };
}

words! {
    /// A model of the family; all take the same parameters.
    Model, UnknownModel { Standard = "seedance-2.0", Fast = "seedance-2.0-fast", Mini = "seedance-2.0-mini" }
}
words! {
    /// Draft (480p) or final (720p).
    Resolution, UnknownResolution { P480 = "480p", P720 = "720p" }
}
words! {
    /// The picture's shape; `adaptive` lets the provider follow the references.
    AspectRatio, UnknownAspectRatio {
        Wide = "16:9", Tall = "9:16", Square = "1:1", Landscape = "4:3", Portrait = "3:4", Cinema = "21:9",
        Adaptive = "adaptive",
    }
}
words! {
    /// Offered by the mini model only.
    BitrateMode, UnknownBitrateMode { Standard = "standard", High = "high" }
}

impl Model {
    /// The name in the address: `/v2/{slug}`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        self.wire()
    }

    /// As the workbench shows it: `2.0`, `fast`, `mini`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Standard => "2.0",
            Self::Fast => "fast",
            Self::Mini => "mini",
        }
    }
}

/// Which contract a take is sent by: v2 submits and polls, v1 blocks until the film is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum ApiVersion {
    V1,
    #[default]
    V2,
}

impl ApiVersion {
    /// `v1` or `v2`, as in the address.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// A length that the API offers, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct Seconds(u8);

impl Seconds {
    /// Every length offered.
    pub const LEGAL: [u8; 7] = [4, 5, 6, 8, 10, 12, 15];
    /// The API's own default.
    pub const TEN: Self = Self(10);

    /// # Errors
    /// [`Invalid::IllegalDuration`] for a length that is not offered.
    pub fn new(seconds: i64) -> Result<Self, Invalid> {
        u8::try_from(seconds)
            .ok()
            .filter(|s| Self::LEGAL.contains(s))
            .map(Self)
            .ok_or_else(|| Invalid::IllegalDuration {
                given: seconds.to_string(),
            })
    }

    /// Every length offered, shortest first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::LEGAL.into_iter().map(Self)
    }

    /// Whole seconds.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Seconds {
    type Error = Invalid;
    fn try_from(seconds: i64) -> Result<Self, Invalid> {
        Self::new(seconds)
    }
}

impl From<Seconds> for u8 {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

impl FromStr for Seconds {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let number = text.parse().map_err(|_| Invalid::IllegalDuration {
            given: text.to_owned(),
        })?;
        Self::new(number)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One generation as it will be sent. An unused address is an empty string, as on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub model: Model,
    pub prompt: String,
    pub aspect_ratio: AspectRatio,
    pub duration: Seconds,
    pub resolution: Resolution,
    pub first_frame_url: String,
    pub last_frame_url: String,
    pub reference_images: Vec<String>,
    pub reference_videos: Vec<String>,
    pub reference_audios: Vec<String>,
    pub generate_audio: bool,
    pub seed: Seed,
    pub return_last_frame: bool,
    /// Mini only; sent only when on.
    pub skip_moderation: bool,
    /// Mini only; sent only when set.
    pub bitrate_mode: Option<BitrateMode>,
}

impl Request {
    /// Every rule the request breaks, none when it may be sent.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<Invalid> {
        let mut broken = Vec::new();
        if self.prompt.trim().is_empty() {
            broken.push(Invalid::EmptyPrompt);
        }
        let (images, videos, audios) = (
            self.reference_images.len(),
            self.reference_videos.len(),
            self.reference_audios.len(),
        );
        let all = images + videos + audios;
        let rules = [
            (
                !self.first_frame_url.is_empty() && images > 0,
                Invalid::FirstFrameWithImages { images },
            ),
            (
                !self.last_frame_url.is_empty() && self.first_frame_url.is_empty(),
                Invalid::LastFrameWithoutFirst,
            ),
            (images > MOST_IMAGES, Invalid::TooManyImages { given: images }),
            (videos > MOST_VIDEOS, Invalid::TooManyVideos { given: videos }),
            (audios > MOST_AUDIOS, Invalid::TooManyAudios { given: audios }),
            (all > MOST_REFERENCES, Invalid::TooManyReferences { given: all }),
            (audios > 0 && images + videos == 0, Invalid::AudioAlone),
        ];
        broken.extend(
            rules
                .into_iter()
                .filter_map(|(is_broken, rule)| is_broken.then_some(rule)),
        );
        broken.extend(
            self.addresses()
                .filter(|(_, url)| !is_http(url))
                .map(|(field, url)| Invalid::NotAUrl {
                    field,
                    given: url.to_owned(),
                }),
        );
        if self.model != Model::Mini {
            let mini_only = [
                (self.skip_moderation, Field::SkipModeration),
                (self.bitrate_mode.is_some(), Field::BitrateMode),
            ];
            broken.extend(mini_only.into_iter().filter_map(|(set, field)| {
                set.then_some(Invalid::MiniOnly {
                    field,
                    model: self.model,
                })
            }));
        }
        broken
    }

    /// Every address the request names, with its field.
    pub fn addresses(&self) -> impl Iterator<Item = (Field, &str)> {
        let frames = [
            (Field::FirstFrame, &self.first_frame_url),
            (Field::LastFrame, &self.last_frame_url),
        ];
        let lists = [
            (Field::Images, &self.reference_images),
            (Field::Videos, &self.reference_videos),
            (Field::Audios, &self.reference_audios),
        ];
        frames
            .into_iter()
            .filter(|(_, url)| !url.is_empty())
            .map(|(field, url)| (field, url.as_str()))
            .chain(
                lists
                    .into_iter()
                    .flat_map(|(field, urls)| urls.iter().map(move |url| (field, url.as_str()))),
            )
    }

    /// The JSON body, every documented field written out.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({
            "prompt": self.prompt,
            "aspect_ratio": self.aspect_ratio.wire(),
            "duration": self.duration.get(),
            "resolution": self.resolution.wire(),
            "first_frame_url": self.first_frame_url,
            "last_frame_url": self.last_frame_url,
            "reference_images": self.reference_images,
            "reference_videos": self.reference_videos,
            "reference_audios": self.reference_audios,
            "generate_audio": self.generate_audio,
            "seed": self.seed.number(),
            "return_last_frame": self.return_last_frame,
        });
        if self.skip_moderation {
            body["skip_moderation"] = Value::Bool(true);
        }
        if let Some(mode) = self.bitrate_mode {
            body["bitrate_mode"] = mode.wire().into();
        }
        body
    }

    /// Reads a body as the API would: a missing field takes the API's default, an unknown one is passed over.
    /// A seed of −1 is drawn from `random`.
    ///
    /// # Errors
    /// Every rule that the body breaks, types first.
    pub fn from_body(model: Model, body: &Value, random: &mut fastrand::Rng) -> Result<Self, Vec<Invalid>> {
        let Value::Object(fields) = body else {
            return Err(vec![Invalid::NotAnObject { given: kind(body) }]);
        };
        let mut reader = BodyReader {
            fields,
            broken: Vec::new(),
        };
        let request = reader.request(model, random);
        let mut broken = reader.broken;
        broken.extend(request.broken_rules());
        if broken.is_empty() {
            Ok(request)
        } else {
            Err(broken)
        }
    }
}

/// Whether the text is an address that the provider can fetch from.
#[must_use]
pub fn is_http(text: &str) -> bool {
    let scheme_end = text.find("://").map_or(0, |at| at + 3);
    matches!(
        text[..scheme_end].to_ascii_lowercase().as_str(),
        "http://" | "https://"
    ) && text.len() > scheme_end
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Reads fields one by one and keeps what was wrong with each.
struct BodyReader<'a> {
    fields: &'a serde_json::Map<String, Value>,
    broken: Vec<Invalid>,
}

impl BodyReader<'_> {
    fn request(&mut self, model: Model, random: &mut fastrand::Rng) -> Request {
        Request {
            model,
            prompt: self.text(Field::Prompt, ""),
            aspect_ratio: self.word(Field::AspectRatio, AspectRatio::Wide),
            duration: self.duration(),
            resolution: self.word(Field::Resolution, Resolution::P720),
            first_frame_url: self.text(Field::FirstFrame, ""),
            last_frame_url: self.text(Field::LastFrame, ""),
            reference_images: self.list(Field::Images),
            reference_videos: self.list(Field::Videos),
            reference_audios: self.list(Field::Audios),
            generate_audio: self.flag("generate_audio", Field::Audio, true),
            seed: self.seed(random),
            return_last_frame: self.flag("return_last_frame", Field::LastFrame, false),
            skip_moderation: self.flag("skip_moderation", Field::SkipModeration, false),
            bitrate_mode: self
                .fields
                .contains_key("bitrate_mode")
                .then(|| self.word(Field::BitrateMode, BitrateMode::Standard)),
        }
    }

    fn wrong_type(&mut self, field: Field, expected: &'static str, value: &Value) {
        self.broken.push(Invalid::WrongType {
            field,
            expected,
            given: kind(value).to_owned(),
        });
    }

    fn get(&self, field: Field) -> Option<Value> {
        self.fields.get(field.wire()).filter(|v| !v.is_null()).cloned()
    }

    fn text(&mut self, field: Field, default: &str) -> String {
        match self.get(field) {
            None => default.to_owned(),
            Some(Value::String(text)) => text,
            Some(other) => {
                self.wrong_type(field, "a string", &other);
                default.to_owned()
            }
        }
    }

    fn word<T: FromStr<Err = Invalid> + Copy>(&mut self, field: Field, default: T) -> T {
        match self.get(field) {
            None => default,
            Some(Value::String(text)) => text.parse().unwrap_or_else(|invalid| {
                self.broken.push(invalid);
                default
            }),
            Some(other) => {
                self.wrong_type(field, "a string", &other);
                default
            }
        }
    }

    fn duration(&mut self) -> Seconds {
        match self.get(Field::Duration) {
            None => Seconds::TEN,
            Some(Value::Number(number)) => number
                .as_i64()
                .ok_or_else(|| Invalid::IllegalDuration {
                    given: number.to_string(),
                })
                .and_then(Seconds::new)
                .unwrap_or_else(|invalid| {
                    self.broken.push(invalid);
                    Seconds::TEN
                }),
            Some(other) => {
                self.wrong_type(Field::Duration, "a whole number", &other);
                Seconds::TEN
            }
        }
    }

    fn seed(&mut self, random: &mut fastrand::Rng) -> Seed {
        const API_DEFAULT: i64 = 42;
        let number = match self.get(Field::Seed) {
            None => Some(API_DEFAULT),
            Some(Value::Number(number)) => number.as_i64(),
            Some(other) => {
                self.wrong_type(Field::Seed, "a whole number", &other);
                Some(API_DEFAULT)
            }
        };
        if number == Some(-1) {
            return Seed::draw(random);
        }
        let legal = number
            .and_then(|n| u32::try_from(n).ok())
            .and_then(|n| Seed::new(n).ok());
        legal.unwrap_or_else(|| {
            let given = self.fields.get("seed").map_or_else(String::new, Value::to_string);
            self.broken.push(Invalid::SeedOutOfRange { given });
            Seed::draw(random)
        })
    }

    fn flag(&mut self, name: &str, field: Field, default: bool) -> bool {
        match self.fields.get(name).cloned() {
            None | Some(Value::Null) => default,
            Some(Value::Bool(flag)) => flag,
            Some(other) => {
                self.wrong_type(field, "true or false", &other);
                default
            }
        }
    }

    fn list(&mut self, field: Field) -> Vec<String> {
        match self.get(field) {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::String(url) if url.is_empty() => None,
                    Value::String(url) => Some(url.clone()),
                    other => {
                        self.wrong_type(field, "a list of strings", other);
                        None
                    }
                })
                .collect(),
            Some(other) => {
                self.wrong_type(field, "a list of strings", &other);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
