//! The prompt and parameters being edited. A draft may break rules; the takes made of it may not.

use serde::{Deserialize, Serialize};

use super::invalid::Invalid;
use super::models::Model;
use super::price::{Price, PriceTable, Priced, clip_frames};
use super::request::{ApiVersion, Request};
use super::seconds::Seconds;
use super::seeds::{Seed, SeedList};
use super::word::{AspectRatio, Resolution, Word};

/// What the workbench edits and what `rushes gen` is told. References are addresses or paths of local files;
/// a local file is uploaded before a request can be made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub prompt: String,
    pub model: Model,
    pub api_version: ApiVersion,
    pub resolution: Resolution,
    pub duration: Seconds,
    pub aspect_ratio: AspectRatio,
    pub generate_audio: bool,
    pub return_last_frame: bool,
    /// As typed: a [`SeedList`] when it is in order.
    pub seeds: String,
    /// Empty when unused.
    pub first_frame: String,
    /// Empty when unused.
    pub last_frame: String,
    pub images: Vec<String>,
    pub videos: Vec<String>,
    pub audios: Vec<String>,
    pub skip_moderation: bool,
    pub bitrate_mode: Option<Word>,
}

/// A first take at the price of a draft: 480p, one new seed.
impl Default for Draft {
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
        }
    }
}

impl Draft {
    /// The seed field as a list.
    ///
    /// # Errors
    /// What is wrong with the field as typed.
    pub fn seed_list(&self) -> Result<SeedList, Invalid> {
        self.seeds.parse()
    }

    /// The request for one seed, references as they stand.
    #[must_use]
    pub fn request(&self, seed: Seed) -> Request {
        Request {
            model: self.model,
            prompt: self.prompt.clone(),
            aspect_ratio: self.aspect_ratio,
            duration: self.duration,
            resolution: self.resolution,
            first_frame_url: self.first_frame.clone(),
            last_frame_url: self.last_frame.clone(),
            reference_images: self.images.clone(),
            reference_videos: self.videos.clone(),
            reference_audios: self.audios.clone(),
            generate_audio: self.generate_audio,
            seed,
            return_last_frame: self.return_last_frame,
            skip_moderation: self.skip_moderation,
            bitrate_mode: self.bitrate_mode,
        }
    }

    /// Every rule the draft breaks. A local file is in order here: it becomes an address by its upload.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<Invalid> {
        let seeds = self.seed_list();
        let probe = self.request(Seed::draw(&mut fastrand::Rng::with_seed(0)));
        let mut broken = probe.broken_rules();
        broken.retain(|rule| !matches!(rule, Invalid::NotAUrl { given, .. } if is_local(given)));
        broken.extend(seeds.err());
        broken
    }

    /// What decides the price of one take; `clip_ms` tells how long a reference video is, where that is known.
    #[must_use]
    pub fn priced(&self, clip_ms: impl Fn(&str) -> Option<u64>) -> Priced {
        Priced {
            model: self.model,
            resolution: self.resolution,
            ratio: self.aspect_ratio,
            seconds: self.duration,
            clip_frames: clip_frames(
                self.videos.iter().map(|video| clip_ms(video)),
                self.model.reference_ms.videos.1,
            ),
        }
    }

    /// The price of one take, when the length of no reference video is known; `None` when no price is known.
    #[must_use]
    pub fn price_of_one(&self, prices: &PriceTable) -> Option<Price> {
        prices.price(&self.priced(|_| None))
    }
}

/// Whether a reference is meant as a local file: it names no scheme.
#[must_use]
pub fn is_local(reference: &str) -> bool {
    !reference.is_empty() && !reference.contains("://") && !reference.starts_with("data:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_draft_lacks_only_its_prompt() {
        assert_eq!(Draft::default().broken_rules(), [Invalid::EmptyPrompt]);
    }

    #[test]
    fn local_files_are_in_order_but_data_addresses_are_not() {
        let mut draft = Draft {
            prompt: "k".into(),
            first_frame: "stills/a b.png".into(),
            ..Draft::default()
        };
        assert_eq!(draft.broken_rules(), []);
        draft.first_frame = "data:image/png;base64,AA".into();
        assert!(matches!(draft.broken_rules()[..], [Invalid::NotAUrl { .. }]));
    }

    #[test]
    fn one_price_for_each_seed() {
        let draft = Draft {
            seeds: "7, 42, 100..103".into(),
            ..Draft::default()
        };
        let n = draft.seed_list().unwrap().count();
        assert_eq!(
            draft
                .price_of_one(&PriceTable::default())
                .unwrap()
                .estimate
                .times(n)
                .to_string(),
            "$4.22"
        );
    }
}
