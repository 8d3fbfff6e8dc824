//! The whole request of `seedance-2.0`, its rules, and its form on the wire.
//!
//! Source of every field and rule: Segmind, Seedance 2.0 model page, parameter table.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::invalid::{Field, Invalid, accepted};
use super::models::Model;
use super::seconds::Seconds;
use super::seeds::Seed;
use super::word::{AspectRatio, Resolution, Word};

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
    pub const fn wire(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// The values of `bitrate_mode`.
pub const BITRATE_MODES: [&str; 2] = ["standard", "high"];

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
    /// Sent only when on.
    pub skip_moderation: bool,
    /// Sent only when set.
    pub bitrate_mode: Option<Word>,
}

impl Request {
    /// Every rule the request breaks, none when it may be sent.
    pub fn broken_rules(&self) -> Vec<Invalid> {
        let mut broken = Vec::new();
        if self.prompt.trim().is_empty() {
            broken.push(Invalid::EmptyPrompt);
        }
        if self.model.durations.is_empty() {
            broken.extend(Model::offered(self.model.slug()).err());
            return broken;
        }
        broken.extend(self.model.check_duration(self.duration).err());
        broken.extend(self.model.check_resolution(self.resolution.wire()).err());
        broken.extend(self.model.check_aspect_ratio(self.aspect_ratio.wire()).err());
        let (images, videos, audios) = (
            self.reference_images.len(),
            self.reference_videos.len(),
            self.reference_audios.len(),
        );
        let all = images + videos + audios;
        let most = &self.model.references;
        let too_many = |field, given, most| (given > most, Invalid::TooMany { field, given, most });
        let rules = [
            (
                !self.first_frame_url.is_empty() && images > 0,
                Invalid::FirstFrameWithImages { images },
            ),
            (
                !self.last_frame_url.is_empty() && self.first_frame_url.is_empty(),
                Invalid::LastFrameWithoutFirst,
            ),
            too_many(Field::Images, images, most.images),
            too_many(Field::Videos, videos, most.videos),
            too_many(Field::Audios, audios, most.audios),
            (
                all > self.model.most_references,
                Invalid::TooManyReferences {
                    given: all,
                    most: self.model.most_references,
                },
            ),
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
        let optional = [
            (self.skip_moderation, Field::SkipModeration),
            (self.bitrate_mode.is_some(), Field::BitrateMode),
        ];
        broken.extend(optional.into_iter().filter_map(|(is_set, field)| {
            (is_set && !self.model.has(field.wire())).then(|| Invalid::NotOfModel {
                field,
                model: self.model,
                offered_by: accepted(
                    Model::all()
                        .iter()
                        .filter(|model| model.has(field.wire()))
                        .map(|model| model.slug()),
                ),
            })
        }));
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

    /// Width and height of the output; those of a 16:9 draft where the model does not tell.
    pub fn pixels(&self) -> (u32, u32) {
        self.model
            .pixels(self.resolution, self.aspect_ratio)
            .unwrap_or((864, 496))
    }

    /// The JSON body, every documented field written out.
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
            model,
            fields,
            broken: Vec::new(),
        };
        let request = reader.request(random);
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
    model: Model,
    fields: &'a serde_json::Map<String, Value>,
    broken: Vec<Invalid>,
}

impl BodyReader<'_> {
    fn request(&mut self, random: &mut fastrand::Rng) -> Request {
        let model = self.model;
        let resolution = model.default_resolution.unwrap_or(Resolution::P720);
        Request {
            model,
            prompt: self.text(Field::Prompt, ""),
            aspect_ratio: self.word(Field::AspectRatio, AspectRatio::WIDE, |word| {
                model.check_aspect_ratio(word)
            }),
            duration: self.duration(),
            resolution: self.word(Field::Resolution, resolution, |word| model.check_resolution(word)),
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
                .then(|| self.optional(Field::BitrateMode, &BITRATE_MODES))
                .flatten(),
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

    fn word<T>(&mut self, field: Field, default: T, check: impl Fn(&str) -> Result<T, Invalid>) -> T {
        let checked = match self.get(field) {
            None => return default,
            Some(Value::String(text)) => check(&text),
            Some(other) => {
                self.wrong_type(field, "a string", &other);
                return default;
            }
        };
        checked.unwrap_or_else(|invalid| {
            self.broken.push(invalid);
            default
        })
    }

    fn optional(&mut self, field: Field, words: &[&str]) -> Option<Word> {
        self.word(field, None, |text| {
            let known = words.iter().find(|word| **word == text);
            known
                .and_then(|word| word.parse().ok())
                .map(Some)
                .ok_or_else(|| Invalid::NotOffered {
                    field,
                    given: format!("{text:?}"),
                    accepted: accepted(words.iter().copied()),
                })
        })
    }

    fn duration(&mut self) -> Seconds {
        let default = self.model.default_duration.unwrap_or_default();
        let checked = match self.get(Field::Duration) {
            None => return default,
            Some(Value::Number(number)) => match number.as_i64().and_then(|number| Seconds::new(number).ok())
            {
                Some(seconds) => self.model.check_duration(seconds),
                None => Err(self.model.no_duration(number.to_string())),
            },
            Some(other) => {
                self.wrong_type(Field::Duration, "a whole number", &other);
                return default;
            }
        };
        checked.unwrap_or_else(|invalid| {
            self.broken.push(invalid);
            default
        })
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
