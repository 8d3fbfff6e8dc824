//! The parameters as rows: what each can be set to, by one key or by typing.

use crate::model::{AspectRatio, BitrateMode, Draft, Model, Resolution, Seconds};

/// One row of Parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameter {
    Resolution,
    Duration,
    Ratio,
    Audio,
    ReturnLastFrame,
    Seed,
    Model,
    FirstFrame,
    LastFrame,
    Images,
    Videos,
    Audios,
    SkipModeration,
    Bitrate,
}

impl Parameter {
    /// Every row, in the order shown.
    pub const ALL: [Self; 14] = [
        Self::Resolution,
        Self::Duration,
        Self::Ratio,
        Self::Audio,
        Self::ReturnLastFrame,
        Self::Seed,
        Self::Model,
        Self::FirstFrame,
        Self::LastFrame,
        Self::Images,
        Self::Videos,
        Self::Audios,
        Self::SkipModeration,
        Self::Bitrate,
    ];

    /// The rows that `draft`'s model has.
    pub fn of(draft: &Draft) -> impl Iterator<Item = Self> {
        let mini = draft.model == Model::Mini;
        Self::ALL
            .into_iter()
            .filter(move |row| mini || !matches!(row, Self::SkipModeration | Self::Bitrate))
    }

    /// As the row is named.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Resolution => "Resolution",
            Self::Duration => "Duration",
            Self::Ratio => "Ratio",
            Self::Audio => "Audio",
            Self::ReturnLastFrame => "Return last frame",
            Self::Seed => "Seed",
            Self::Model => "Model",
            Self::FirstFrame => "First frame",
            Self::LastFrame => "Last frame",
            Self::Images => "Images",
            Self::Videos => "Videos",
            Self::Audios => "Audios",
            Self::SkipModeration => "Skip moderation",
            Self::Bitrate => "Bitrate",
        }
    }

    /// Whether the value is typed, not chosen.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(
            self,
            Self::Seed | Self::FirstFrame | Self::LastFrame | Self::Images | Self::Videos | Self::Audios
        )
    }

    /// The typed value as text; lists are separated by commas.
    #[must_use]
    pub fn text(self, draft: &Draft) -> String {
        match self {
            Self::Seed => draft.seeds.clone(),
            Self::FirstFrame => draft.first_frame.clone(),
            Self::LastFrame => draft.last_frame.clone(),
            Self::Images => draft.images.join(", "),
            Self::Videos => draft.videos.join(", "),
            Self::Audios => draft.audios.join(", "),
            _ => String::new(),
        }
    }

    /// Takes the typed value.
    pub fn set_text(self, draft: &mut Draft, text: &str) {
        let one = text.trim().to_owned();
        let list = || {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.map(str::to_owned).collect()
        };
        match self {
            Self::Seed => draft.seeds = one,
            Self::FirstFrame => draft.first_frame = one,
            Self::LastFrame => draft.last_frame = one,
            Self::Images => draft.images = list(),
            Self::Videos => draft.videos = list(),
            Self::Audios => draft.audios = list(),
            _ => {}
        }
    }

    /// Sets the next (`by` 1) or previous (`by` −1) value; at the ends it stays.
    pub fn step(self, draft: &mut Draft, by: isize) {
        match self {
            Self::Resolution => draft.resolution = stepped(Resolution::ALL, draft.resolution, by),
            Self::Duration => {
                let all: Vec<Seconds> = Seconds::all().collect();
                draft.duration = stepped(&all, draft.duration, by);
            }
            Self::Ratio => draft.aspect_ratio = stepped(AspectRatio::ALL, draft.aspect_ratio, by),
            Self::Audio => draft.generate_audio = !draft.generate_audio,
            Self::ReturnLastFrame => draft.return_last_frame = !draft.return_last_frame,
            Self::Model => {
                draft.model = stepped(Model::ALL, draft.model, by);
                if draft.model != Model::Mini {
                    // Other models refuse them, and their rows are hidden.
                    draft.skip_moderation = false;
                    draft.bitrate_mode = None;
                }
            }
            Self::SkipModeration => draft.skip_moderation = !draft.skip_moderation,
            Self::Bitrate => {
                let all = [None, Some(BitrateMode::Standard), Some(BitrateMode::High)];
                draft.bitrate_mode = stepped(&all, draft.bitrate_mode, by);
            }
            Self::Seed | Self::FirstFrame | Self::LastFrame | Self::Images | Self::Videos | Self::Audios => {}
        }
    }
}

fn stepped<T: PartialEq + Copy>(all: &[T], from: T, by: isize) -> T {
    let at = all.iter().position(|value| *value == from).unwrap_or(0);
    let next = at.saturating_add_signed(by).min(all.len().saturating_sub(1));
    all.get(next).copied().unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stop_at_their_ends_and_stay_legal() {
        for row in Parameter::ALL {
            let mut draft = Draft { prompt: "k".into(), model: Model::Mini, ..Draft::default() };
            for by in [1, 1, 1, 1, 1, 1, 1, 1, -1, -1] {
                row.step(&mut draft, by);
                assert_eq!(draft.broken_rules(), [], "{row:?}");
            }
        }
        let mut draft = Draft::default();
        Parameter::Resolution.step(&mut draft, -1);
        assert_eq!(draft.resolution, Resolution::P480);
    }

    #[test]
    fn a_typed_list_reads_back() {
        let mut draft = Draft::default();
        Parameter::Images.set_text(&mut draft, " a b.png,, https://x/y.png ,");
        assert_eq!(draft.images, ["a b.png", "https://x/y.png"]);
        assert_eq!(Parameter::Images.text(&draft), "a b.png, https://x/y.png");
    }
}
