//! Drafts come back as they were saved, whatever is typed into them.

use proptest::prelude::*;
use rushes::model::{AspectRatio, BitrateMode, Draft, Model, Resolution, Seconds};
use rushes::store::StoreError;

use crate::kit::*;

prop_compose! {
    fn any_draft()(
        prompt in any::<String>(), seeds in any::<String>(), first in "\\PC{0,9}", last in "\\PC{0,9}",
        images in prop::collection::vec(any::<String>(), 0..4),
        videos in prop::collection::vec(any::<String>(), 0..3),
        audios in prop::collection::vec(any::<String>(), 0..3),
        model in prop::sample::select(Model::ALL), resolution in prop::sample::select(Resolution::ALL),
        aspect in prop::sample::select(AspectRatio::ALL),
        seconds in prop::sample::select(Seconds::all().collect::<Vec<_>>()),
        bitrate in prop::option::of(prop::sample::select(BitrateMode::ALL)),
        flags in any::<[bool; 3]>(),
    ) -> Draft {
        Draft {
            prompt, model, resolution, seeds, images, videos, audios,
            duration: seconds, aspect_ratio: aspect, bitrate_mode: bitrate,
            generate_audio: flags[0], return_last_frame: flags[1], skip_moderation: flags[2],
            first_frame: first, last_frame: last, ..Draft::default()
        }
    }
}

#[test]
fn any_draft_comes_back_as_it_was_saved() {
    let kit = kit();
    assert_eq!(kit.store.draft(&kit.reel.id).unwrap(), None);
    proptest!(ProptestConfig::with_cases(64), |(draft in any_draft())| {
        kit.store.save_draft(&kit.reel.id, &draft).unwrap();
        prop_assert_eq!(kit.store.draft(&kit.reel.id).unwrap(), Some(draft));
    });
}

#[test]
fn editing_leaves_the_versions_alone() {
    let kit = kit();
    kit.store.save_draft(&kit.reel.id, &draft()).unwrap();
    assert_eq!(kit.store.latest_version(&kit.reel.id).unwrap(), None);
    kit.admit(&[1]);
    kit.store.save_draft(&kit.reel.id, &Draft::default()).unwrap();
    assert_eq!(kit.store.draft(&kit.reel.id).unwrap(), Some(Draft::default()));
    assert_eq!(kit.store.draft_version(&kit.reel.id, 1).unwrap(), Some(draft()));
    assert_eq!(kit.store.latest_version(&kit.reel.id).unwrap(), Some(1));
    assert_eq!(kit.store.draft_version(&kit.reel.id, 2).unwrap(), None);
}

#[test]
fn a_draft_of_no_reel_is_refused() {
    let kit = kit();
    let refused = StoreError::NoSuchReel("none".into());
    assert_eq!(kit.store.save_draft("none", &draft()), Err(refused));
    assert_eq!(kit.store.draft("none").unwrap(), None);
}
