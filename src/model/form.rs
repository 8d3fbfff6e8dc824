//! The request form: the prompt and parameters being edited. A form may break rules; the takes made from it may not.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::invalid::{Invalid, accepted};
use super::models::Model;
use super::parameters::{Medium, Parameter, TABLE};
use super::price::{Priced, clip_frames};
use super::request::{ApiVersion, Request};
use super::request_words::{AspectRatio, BitrateMode, Resolution, Task};
use super::seconds::Seconds;
use super::seeds::{Seed, SeedList};
use super::template::escape;

/// What the workbench edits and what `rushes gen` reads from its options. References are URLs or paths of local files; a local file
/// is uploaded before a request can be made of it.
///
/// Its JSON says that the prompt may hold variables and snippets. The prompt of a form without that mark was written when
/// there were none, and is read so that nothing in it expands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Form {
    pub prompt: String,
    pub model: Model,
    pub api_version: ApiVersion,
    pub resolution: Resolution,
    pub duration: Seconds,
    pub aspect_ratio: AspectRatio,
    pub generate_audio: bool,
    pub return_last_frame: bool,
    /// As typed: a [`SeedList`] if it is valid.
    pub seeds: String,
    /// Empty when unused.
    pub first_frame: String,
    /// Empty when unused.
    pub last_frame: String,
    pub images: Vec<String>,
    pub videos: Vec<String>,
    pub audios: Vec<String>,
    pub skip_moderation: bool,
    pub bitrate_mode: Option<BitrateMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// The draft that this form finishes, as the provider names it; empty for every other form.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub draft_id: String,
}

/// A first take at the price of a draft: 480p, one new seed.
impl Default for Form {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            model: Model::default(),
            api_version: ApiVersion::V2,
            resolution: Resolution::P480,
            duration: Seconds::default(),
            aspect_ratio: AspectRatio::WIDE,
            generate_audio: true,
            return_last_frame: false,
            seeds: SeedList::one_new().to_string(),
            first_frame: String::new(),
            last_frame: String::new(),
            images: Vec::new(),
            videos: Vec::new(),
            audios: Vec::new(),
            skip_moderation: false,
            bitrate_mode: None,
            task: None,
            draft_id: String::new(),
        }
    }
}

/// A form as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Whether variables and snippets expand.
    #[serde(default)]
    expands: bool,
    #[serde(flatten, with = "Form")]
    form: Form,
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept = Kept {
            expands: true,
            form: self.clone(),
        };
        kept.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Kept { expands, mut form } = Kept::deserialize(deserializer)?;
        if !expands {
            form.prompt = escape(&form.prompt).into_owned();
        }
        Ok(form)
    }
}

impl Form {
    /// The API's defaults.
    pub fn of_api(model: Model) -> Self {
        Self {
            model,
            resolution: model.default_resolution,
            duration: model.default_duration,
            ..Self::default()
        }
    }

    /// The seed field as a list of known length. A field that names sweeps is parsed as a [`SeedList`] and resolved
    /// first; here it is an error.
    pub fn seed_list(&self) -> Result<SeedList, Invalid> {
        let list: SeedList = self.seeds.parse()?;
        let unknown = list.sweeps().next();
        match unknown {
            Some(sweep) => Err(Invalid::SweepToLookUp {
                given: sweep.to_string(),
            }),
            None => Ok(list),
        }
    }

    /// The request for one seed, references as they stand.
    pub fn request(&self, seed: Seed) -> Request {
        let form = Self {
            seeds: SeedList::only(seed).to_string(),
            ..self.clone()
        };
        Request { form, seed }
    }

    /// Makes it ask for a draft that can be finished, by the model that makes those of its model.
    ///
    /// # Errors
    /// The model has no such drafts.
    pub fn make_draft(&mut self) -> Result<(), String> {
        if self.model.finish.is_some() {
            return Ok(());
        }
        let drafts = self.model.drafts.as_deref();
        let model = drafts.and_then(|slug| Model::offered(slug).ok());
        self.model = model.ok_or_else(|| {
            let others = Model::all().into_iter().filter(|model| model.drafts.is_some());
            let others = accepted(others.map(Model::slug));
            format!(
                "{} has no drafts that can be finished later: use {others}, or leave out --draft",
                self.model
            )
        })?;
        let is_offered = self
            .model
            .requestable()
            .any(|resolution| resolution == self.resolution);
        if let (false, Some(first)) = (is_offered, self.model.requestable().next()) {
            self.resolution = first;
        }
        Ok(())
    }

    /// Every rule the form breaks. A local file is accepted here: its upload gives it a URL.
    pub fn broken_rules(&self) -> Vec<Invalid> {
        let mut broken = self.broken_before_upload();
        broken.extend(self.seed_list().err());
        broken
    }

    /// Whether the provider is asked not to check it; of a final nothing is asked.
    pub const fn skips_moderation(&self) -> bool {
        self.skip_moderation && self.draft_id.is_empty()
    }

    /// The same without the seeds, which a request does not list.
    pub fn broken_before_upload(&self) -> Vec<Invalid> {
        let mut broken = self.broken_when_sent();
        broken.retain(|rule| !matches!(rule, Invalid::NotAUrl { given, .. } if is_local(given)));
        broken
    }

    /// Every rule that would be broken if the form were sent as it is.
    pub(super) fn broken_when_sent(&self) -> Vec<Invalid> {
        if !self.draft_id.is_empty() {
            return self.broken_of_final().into_iter().collect();
        }
        let mut broken = Vec::new();
        let has_media = self.references().next().is_some();
        if self.prompt.trim().is_empty() && !(self.model.rules.media_without_prompt && has_media) {
            broken.push(Invalid::EmptyPrompt);
        }
        if self.model.finish.is_some() && self.api_version == ApiVersion::V1 {
            broken.push(Invalid::DraftByV1 { model: self.model });
        }
        if self.model.durations.is_empty() {
            broken.extend(Model::offered(self.model.slug()).err());
            return broken;
        }
        let sent = TABLE.iter().filter(|entry| !entry.wire.is_empty());
        broken.extend(sent.filter_map(|entry| entry.id.check(self).err()));
        broken.extend(self.broken_references());
        let not_urls = self.references().filter(|(_, url)| !is_http(url));
        broken.extend(not_urls.map(|(parameter, url)| Invalid::NotAUrl {
            parameter,
            given: url.to_owned(),
        }));
        let unoffered = self.unoffered().map(|parameter| {
            let others = Model::all()
                .into_iter()
                .filter(|model| parameter.is_offered_by(*model));
            Invalid::NotOfModel {
                parameter,
                model: self.model,
                offered_by: accepted(others.map(Model::slug)),
            }
        });
        broken.extend(unoffered);
        broken
    }

    /// The rule that a final of a draft breaks: everything but the resolution is the draft's.
    fn broken_of_final(&self) -> Option<Invalid> {
        let Some(finish) = &self.model.finish else {
            return Some(Invalid::NothingToFinish { model: self.model });
        };
        (!finish.at.contains(&self.resolution)).then(|| Invalid::NotOffered {
            parameter: Parameter::Resolution,
            given: format!("{:?}", self.resolution.wire()),
            accepted: accepted(finish.at.iter().map(|resolution| resolution.wire())),
        })
    }

    fn broken_references(&self) -> impl Iterator<Item = Invalid> {
        let (images, videos, audios) = (self.images.len(), self.videos.len(), self.audios.len());
        let (given, most) = (images + videos + audios, self.model.references.total);
        let rules = self.model.rules;
        let has_frame = !self.first_frame.is_empty() || !self.last_frame.is_empty();
        let has_video_for_task = match self.task {
            Some(Task::EDITING) => videos == 1,
            Some(Task::EXTENSION) => videos > 0,
            _ => true,
        };
        let too_many = |parameter: Parameter| {
            let given = parameter.items(self).len();
            let most = parameter
                .medium()
                .map_or(usize::MAX, |medium| medium.of(&self.model.references));
            (
                given > most,
                Invalid::TooMany {
                    parameter,
                    given,
                    most,
                },
            )
        };
        let rules = [
            (
                !self.first_frame.is_empty() && images > 0,
                Invalid::FirstFrameWithImages { images },
            ),
            (
                rules.first_frame_alone && !self.first_frame.is_empty() && videos + audios > 0,
                Invalid::FirstFrameWithReferences {
                    references: videos + audios,
                },
            ),
            (
                rules.frames_are_adaptive && has_frame && self.aspect_ratio != AspectRatio::ADAPTIVE,
                Invalid::FrameNotAdaptive {
                    given: self.aspect_ratio,
                },
            ),
            (
                !has_video_for_task,
                Invalid::TaskWithoutVideo {
                    task: self.task,
                    videos,
                },
            ),
            (
                !self.last_frame.is_empty() && self.first_frame.is_empty(),
                Invalid::LastFrameWithoutFirst,
            ),
            too_many(Parameter::Images),
            too_many(Parameter::Videos),
            too_many(Parameter::Audios),
            (given > most, Invalid::TooManyReferences { given, most }),
            (audios > 0 && images + videos == 0, Invalid::AudioAlone),
        ];
        rules
            .into_iter()
            .filter_map(|(is_broken, rule)| is_broken.then_some(rule))
    }

    /// The parameters that are set and that the model does not take.
    pub fn unoffered(&self) -> impl Iterator<Item = Parameter> {
        Parameter::all().filter(|parameter| !parameter.is_offered_by(self.model) && parameter.is_set(self))
    }

    /// Resets every parameter that the model does not take.
    pub fn reset_unoffered(&mut self) {
        let unoffered: Vec<_> = self.unoffered().collect();
        for parameter in unoffered {
            parameter.reset(self);
        }
    }

    /// Every file and URL that the form names, with the parameter that names it.
    pub fn references(&self) -> impl Iterator<Item = (Parameter, &str)> {
        let frames = [
            (Parameter::FirstFrame, &self.first_frame),
            (Parameter::LastFrame, &self.last_frame),
        ];
        let frames = frames.into_iter().filter(|(_, frame)| !frame.is_empty());
        let lists = Parameter::all().flat_map(|parameter| {
            let items = parameter.items(self).iter();
            items.map(move |item| (parameter, item))
        });
        frames
            .chain(lists)
            .map(|(parameter, reference)| (parameter, reference.as_str()))
    }

    /// The same, mutable.
    pub fn references_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.first_frame, &mut self.last_frame]
            .into_iter()
            .chain(self.images.iter_mut())
            .chain(self.videos.iter_mut())
            .chain(self.audios.iter_mut())
    }

    /// What decides the price of one take; `clip_ms` returns the length of a reference video, if known.
    pub fn priced(&self, clip_ms: impl Fn(&str) -> Option<u64>) -> Priced {
        let (_, longest_ms) = self.model.reference_ms(Medium::Video);
        let clips = self.videos.iter().map(|video| clip_ms(video));
        Priced {
            model: self.model,
            resolution: self.resolution,
            ratio: self.aspect_ratio,
            seconds: self.seconds(clips.clone().next().flatten()),
            clip_frames: clip_frames(clips, longest_ms),
        }
    }

    /// The length of the take, where the first reference video has this length, if it is known. A video that is edited
    /// keeps its length; one whose length is not known may be as long as the longest reference.
    fn seconds(&self, clip_ms: Option<u64>) -> Seconds {
        if self.task != Some(Task::EDITING) {
            return self.duration;
        }
        let (_, longest_ms) = self.model.reference_ms(Medium::Video);
        let seconds = clip_ms.unwrap_or(longest_ms).div_ceil(1000);
        let seconds = i64::try_from(seconds)
            .ok()
            .and_then(|seconds| Seconds::new(seconds).ok());
        seconds.unwrap_or(self.duration)
    }
}

/// Whether a reference is a local file: it has no scheme.
pub fn is_local(reference: &str) -> bool {
    !reference.is_empty() && !reference.contains("://") && !reference.starts_with("data:")
}

/// Whether the text is a URL that the provider can fetch from.
pub fn is_http(text: &str) -> bool {
    let scheme_end = text.find("://").map_or(0, |at| at + 3);
    matches!(
        text[..scheme_end].to_ascii_lowercase().as_str(),
        "http://" | "https://"
    ) && text.len() > scheme_end
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
