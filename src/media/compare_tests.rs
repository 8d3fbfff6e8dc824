//! Videos are told apart frame by frame, and what cannot be read is said.

use std::path::PathBuf;

use tempfile::TempDir;

use super::super::samples::Bars;
use super::*;
use crate::model::likeness::Outcome;

fn of(first: &Path, second: &Path) -> Result<Likeness, MediaError> {
    compare((first, None), (second, None), &Cancel::new())
}

fn bars(folder: &TempDir, name: &str, size: (u32, u32), frames: u32) -> PathBuf {
    Bars::new(size.0, size.1, frames).save(folder.path(), name)
}

/// The bars of 24 frames on lighter grounds.
fn lighter(folder: &TempDir, lighter: u8) -> PathBuf {
    let mut bars = Bars::new(64, 48, 24);
    bars.lighter = lighter;
    bars.save(folder.path(), &format!("lighter-{lighter}.mp4"))
}

#[test]
fn equal_videos_are_the_same_and_others_are_measured() {
    let folder = tempfile::tempdir().unwrap();
    let one = bars(&folder, "one.mp4", (64, 48), 24);
    let copy = folder.path().join("copy.mp4");
    std::fs::copy(&one, &copy).unwrap();
    let same = of(&one, &copy).unwrap();
    assert_eq!(
        (same.outcome(), same.equal_frames, same.frames),
        (Outcome::Same, 24, (24, 24))
    );
    assert_eq!((same.psnr_mean_db, same.psnr_min_db), (None, None));

    let slightly = lighter(&folder, 2);
    let near = of(&one, &slightly).unwrap();
    assert_eq!(near.outcome(), Outcome::Near, "{near}");
    assert!(near.psnr_min_db <= near.psnr_mean_db, "{near}");

    let much = lighter(&folder, 60);
    let different = of(&one, &much).unwrap();
    assert_eq!(different.outcome(), Outcome::Different, "{different}");
    assert!(different.psnr_mean_db.unwrap() < 20.0, "{different}");
}

#[test]
fn another_length_or_size_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let one = bars(&folder, "one.mp4", (64, 48), 24);
    let longer = bars(&folder, "longer.mp4", (64, 48), 30);
    for (pair, frames) in [((&one, &longer), (24, 30)), ((&longer, &one), (30, 24))] {
        let likeness = of(pair.0, pair.1).unwrap();
        assert_eq!(
            (likeness.outcome(), likeness.frames),
            (Outcome::Different, frames)
        );
        assert_eq!(likeness.equal_frames, 24, "what both have: {likeness}");
    }
    let wide = bars(&folder, "wide.mp4", (96, 48), 24);
    let likeness = of(&one, &wide).unwrap();
    assert_eq!(likeness.sizes, ((64, 48), (96, 48)));
    assert_eq!(
        (likeness.outcome(), likeness.frames),
        (Outcome::Different, (24, 24))
    );
}

#[test]
fn what_cannot_be_read_is_named_and_cancelling_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let one = bars(&folder, "one.mp4", (64, 48), 24);
    let whole = std::fs::read(&one).unwrap();
    let cut = folder.path().join("cut.mp4");
    std::fs::write(&cut, &whole[..whole.len() - 100]).unwrap();
    let gone = folder.path().join("gone.mp4");
    for (bad, words) in [(&cut, "ends early"), (&gone, "is not there")] {
        for error in [of(&one, bad).unwrap_err(), of(bad, &one).unwrap_err()] {
            let text = error.to_string();
            assert!(
                text.contains(words) && text.contains(bad.to_str().unwrap()),
                "{text}"
            );
        }
    }
    let noted = Some(whole.len() as u64 + 1);
    let changed = compare((&one, None), (&one, noted), &Cancel::new()).unwrap_err();
    assert!(
        changed.to_string().contains("were saved: it was changed since"),
        "{changed}"
    );
    let cancel = Cancel::new();
    cancel.cancel();
    let ended = compare((&one, None), (&one, None), &cancel).unwrap_err();
    assert!(ended.is_cancelled(), "{ended}");
}
