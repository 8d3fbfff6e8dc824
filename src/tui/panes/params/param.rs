//! The fields of a draft: what each is called, what it can be, and how one value follows another.

use crate::model::invalid::Field;
use crate::model::request::BITRATE_MODES;
use crate::model::{ApiVersion, Draft, Model, Word};

/// A field of the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Param {
    Resolution,
    Duration,
    Ratio,
    Audio,
    ReturnLastFrame,
    Seeds,
    Model,
    Api,
    FirstFrame,
    LastFrame,
    Images,
    Videos,
    Audios,
    SkipModeration,
    Bitrate,
}

const API: [ApiVersion; 2] = [ApiVersion::V2, ApiVersion::V1];

fn bitrates() -> Vec<Option<Word>> {
    let words = BITRATE_MODES.iter().filter_map(|word| word.parse().ok());
    [None].into_iter().chain(words.map(Some)).collect()
}

fn resolutions(draft: &Draft) -> Vec<crate::model::Resolution> {
    draft
        .model
        .resolutions
        .iter()
        .map(|(resolution, _)| *resolution)
        .collect()
}

impl Param {
    /// Every field, in the order shown.
    pub const ALL: [Self; 15] = [
        Self::Resolution,
        Self::Duration,
        Self::Ratio,
        Self::Audio,
        Self::ReturnLastFrame,
        Self::Seeds,
        Self::Model,
        Self::Api,
        Self::FirstFrame,
        Self::LastFrame,
        Self::Images,
        Self::Videos,
        Self::Audios,
        Self::SkipModeration,
        Self::Bitrate,
    ];

    /// The fields to show for `draft`: those of mini only for mini, or when one of them is set.
    #[must_use]
    pub fn shown(draft: &Draft) -> Vec<Self> {
        let keep = |param: &Self| match param {
            Self::SkipModeration => draft.model.has("skip_moderation") || draft.skip_moderation,
            Self::Bitrate => draft.model.has("bitrate_mode") || draft.bitrate_mode.is_some(),
            _ => true,
        };
        Self::ALL.into_iter().filter(keep).collect()
    }

    /// As the row is called. `Return last` is the API's `return_last_frame`: the last picture as a file.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Resolution => "Resolution",
            Self::Duration => "Duration",
            Self::Ratio => "Ratio",
            Self::Audio => "Audio",
            Self::ReturnLastFrame => "Return last",
            Self::Seeds => "Seed",
            Self::Model => "Model",
            Self::Api => "API",
            Self::FirstFrame => "First frame",
            Self::LastFrame => "Last frame",
            Self::Images => "Images",
            Self::Videos => "Videos",
            Self::Audios => "Audios",
            Self::SkipModeration => "Moderation",
            Self::Bitrate => "Bitrate",
        }
    }

    /// What the field is for, in a few words.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Resolution => "480p is a draft, 720p a final",
            Self::Duration => "seconds",
            Self::Ratio => "adaptive follows the references",
            Self::Audio => "sound costs nothing",
            Self::ReturnLastFrame => "the last picture as a file, for a chain",
            Self::Seeds => "7, 42, 100..108 or 6 new",
            Self::Model => "fast and mini cost less",
            Self::Api => "v2 submits and polls, v1 blocks",
            Self::FirstFrame | Self::LastFrame => "a file or an address",
            Self::Images | Self::Videos | Self::Audios => "Enter adds a file or an address",
            Self::SkipModeration => "mini only",
            Self::Bitrate => "mini only",
        }
    }

    /// The values to choose among and which is chosen; none for a field that is typed.
    #[must_use]
    pub fn options(self, draft: &Draft) -> Option<(Vec<String>, usize)> {
        fn words<T: PartialEq + Copy>(
            all: &[T],
            value: T,
            word: impl Fn(T) -> String,
        ) -> Option<(Vec<String>, usize)> {
            let at = all.iter().position(|known| *known == value)?;
            Some((all.iter().map(|value| word(*value)).collect(), at))
        }
        let switch = |on: bool| words(&[true, false], on, |on| if on { "on" } else { "off" }.to_owned());
        match self {
            Self::Resolution => words(&resolutions(draft), draft.resolution, |v| v.to_string()),
            Self::Duration => words(&draft.model.durations, draft.duration, |v| v.to_string()),
            Self::Ratio => words(&draft.model.aspect_ratios, draft.aspect_ratio, |v| v.to_string()),
            Self::Audio => switch(draft.generate_audio),
            Self::ReturnLastFrame => switch(draft.return_last_frame),
            Self::Model => words(&Model::all(), draft.model, |v| v.label().to_owned()),
            Self::Api => words(&API, draft.api_version, |v| v.wire().to_owned()),
            Self::SkipModeration => words(&[false, true], draft.skip_moderation, |skip| {
                if skip { "skip" } else { "on" }.to_owned()
            }),
            Self::Bitrate => words(&bitrates(), draft.bitrate_mode, |mode| {
                mode.map_or("default", Word::wire).to_owned()
            }),
            _ => None,
        }
    }

    /// Puts the value `by` places on among the options, around the end. Typed fields stay.
    pub fn turn(self, draft: &mut Draft, by: isize) {
        fn turned<T: PartialEq + Copy>(all: &[T], value: T, by: isize) -> T {
            let length = isize::try_from(all.len()).unwrap_or(1).max(1);
            let at = all.iter().position(|known| *known == value).unwrap_or(0);
            let next = (isize::try_from(at).unwrap_or(0) + by).rem_euclid(length);
            usize::try_from(next)
                .ok()
                .and_then(|at| all.get(at))
                .copied()
                .unwrap_or(value)
        }
        match self {
            Self::Resolution => draft.resolution = turned(&resolutions(draft), draft.resolution, by),
            Self::Duration => {
                draft.duration = turned(&draft.model.durations, draft.duration, by);
            }
            Self::Ratio => draft.aspect_ratio = turned(&draft.model.aspect_ratios, draft.aspect_ratio, by),
            Self::Audio => draft.generate_audio ^= true,
            Self::ReturnLastFrame => draft.return_last_frame ^= true,
            Self::Model => draft.model = turned(&Model::all(), draft.model, by),
            Self::Api => draft.api_version = turned(&API, draft.api_version, by),
            Self::SkipModeration => draft.skip_moderation ^= true,
            Self::Bitrate => draft.bitrate_mode = turned(&bitrates(), draft.bitrate_mode, by),
            _ => {}
        }
    }

    /// The field as text: the chosen word, what was typed, or a list one a line.
    #[must_use]
    pub fn text(self, draft: &Draft) -> String {
        if let Some((words, at)) = self.options(draft) {
            return words[at].clone();
        }
        match self {
            Self::Seeds => draft.seeds.clone(),
            Self::FirstFrame => draft.first_frame.clone(),
            Self::LastFrame => draft.last_frame.clone(),
            list => list.items(draft).join("\n"),
        }
    }

    /// The references of a list, none for other fields.
    #[must_use]
    pub fn items(self, draft: &Draft) -> &[String] {
        match self {
            Self::Images => &draft.images,
            Self::Videos => &draft.videos,
            Self::Audios => &draft.audios,
            _ => &[],
        }
    }

    /// The list itself, to change.
    pub fn items_mut(self, draft: &mut Draft) -> Option<&mut Vec<String>> {
        match self {
            Self::Images => Some(&mut draft.images),
            Self::Videos => Some(&mut draft.videos),
            Self::Audios => Some(&mut draft.audios),
            _ => None,
        }
    }

    /// Most references of a list, and what the prompt calls one of them.
    #[must_use]
    pub fn list(self, draft: &Draft) -> Option<(usize, &'static str)> {
        let most = draft.model.references;
        match self {
            Self::Images => Some((most.images, "image")),
            Self::Videos => Some((most.videos, "video")),
            Self::Audios => Some((most.audios, "audio")),
            _ => None,
        }
    }

    /// The text that is typed, to change; none for lists and choices.
    pub fn text_mut(self, draft: &mut Draft) -> Option<&mut String> {
        match self {
            Self::Seeds => Some(&mut draft.seeds),
            Self::FirstFrame => Some(&mut draft.first_frame),
            Self::LastFrame => Some(&mut draft.last_frame),
            _ => None,
        }
    }

    /// The field that a broken rule points at; the prompt has a pane of its own.
    #[must_use]
    pub const fn of_rule(field: Field) -> Option<Self> {
        Some(match field {
            Field::Prompt => return None,
            Field::Model => Self::Model,
            Field::AspectRatio => Self::Ratio,
            Field::Duration => Self::Duration,
            Field::Resolution => Self::Resolution,
            Field::FirstFrame => Self::FirstFrame,
            Field::LastFrame => Self::LastFrame,
            Field::Images => Self::Images,
            Field::Videos => Self::Videos,
            Field::Audios => Self::Audios,
            Field::Audio => Self::Audio,
            Field::Seed => Self::Seeds,
            Field::SkipModeration => Self::SkipModeration,
            Field::BitrateMode => Self::Bitrate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_turns_through_all_its_values_and_back() {
        for param in Param::ALL {
            let start = Draft {
                prompt: "k".into(),
                model: "seedance-2.0-mini".parse().unwrap(),
                ..Draft::default()
            };
            let Some((words, _)) = param.options(&start) else {
                continue;
            };
            let mut draft = start.clone();
            let mut seen: Vec<String> = Vec::new();
            for _ in &words {
                seen.push(param.text(&draft));
                if param != Param::Model {
                    assert_eq!(draft.broken_rules(), [], "{param:?}");
                }
                param.turn(&mut draft, 1);
            }
            assert_eq!(draft, start, "{param:?}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), words.len(), "{param:?}");
            param.turn(&mut draft, -1);
            param.turn(&mut draft, 1);
            assert_eq!(draft, start, "{param:?}");
        }
    }

    #[test]
    fn minis_fields_are_shown_for_mini_and_when_they_break_a_rule() {
        let mut draft = Draft::default();
        assert!(!Param::shown(&draft).contains(&Param::SkipModeration));
        draft.skip_moderation = true;
        assert!(Param::shown(&draft).contains(&Param::SkipModeration));
        draft = Draft {
            model: "seedance-2.0-mini".parse().unwrap(),
            ..Draft::default()
        };
        assert_eq!(Param::shown(&draft), Param::ALL);
    }
}
