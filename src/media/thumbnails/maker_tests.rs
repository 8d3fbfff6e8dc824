//! Thumbnails from the cache and made anew.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use sha2::{Digest, Sha256};

use super::*;
use crate::media::samples::Bars;

const MAX: u64 = 1 << 20;

struct Stage {
    folder: TempDir,
    video: PathBuf,
    sha256: String,
}

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(640, 360, 24).save(folder.path(), "bars.mp4");
    let sha256 = hex(&Sha256::digest(fs::read(&video).unwrap()));
    Stage {
        folder,
        video,
        sha256,
    }
}

impl Stage {
    fn thumbnails(&self) -> Thumbnails {
        Thumbnails::new(&self.folder.path().join("cache"), MAX)
    }

    fn kept(&self) -> PathBuf {
        self.folder
            .path()
            .join("cache/thumbnails")
            .join(format!("{}.png", self.sha256))
    }

    fn of(&self, moments: &[u64]) -> Result<Vec<Shown>, MediaError> {
        self.thumbnails()
            .of(&self.sha256, &self.video, moments, &Cancel::new())
    }
}

#[test]
fn they_are_made_once_and_then_read_without_the_video() {
    let stage = stage();
    let moments = [0, 900, 500, 500];
    let made = stage.of(&moments).unwrap();
    let times: Vec<u64> = made.iter().map(|(ms, _)| *ms).collect();
    assert_eq!(times, [0, 875, 500, 500]);
    assert!(
        made.iter()
            .all(|(_, picture)| (picture.width, picture.height) == (320, 180))
    );
    assert_ne!(made[0].1, made[1].1);
    fs::remove_file(&stage.video).unwrap();
    assert_eq!(stage.of(&moments).unwrap(), made);
    assert_eq!(
        stage.thumbnails().cached(&stage.sha256, &[500]).unwrap(),
        made[2..3]
    );
    assert_eq!(
        stage.thumbnails().cached(&stage.sha256, &[0, 1]),
        None,
        "another moment"
    );
}

#[test]
fn what_is_damaged_or_missing_is_made_again() {
    let stage = stage();
    let made = stage.of(&[0, 500]).unwrap();
    let whole = fs::read(stage.kept()).unwrap();
    for broken in [&whole[..whole.len() / 2], b"", b"no picture"] {
        fs::write(stage.kept(), broken).unwrap();
        assert_eq!(stage.of(&[0, 500]).unwrap(), made);
        assert_eq!(fs::read(stage.kept()).unwrap(), whole);
    }
    fs::remove_dir_all(stage.folder.path().join("cache")).unwrap();
    assert_eq!(stage.of(&[0, 500]).unwrap(), made);
}

#[test]
fn many_at_once_make_them_once_each_and_agree() {
    let stage = stage();
    let shared = stage.thumbnails();
    let others = [stage.thumbnails(), stage.thumbnails()];
    let all: Vec<Vec<Shown>> = std::thread::scope(|scope| {
        let runs: Vec<_> = [&shared, &shared, &shared, &others[0], &others[1]]
            .into_iter()
            .map(|thumbnails| {
                scope.spawn(|| thumbnails.of(&stage.sha256, &stage.video, &[0, 500], &Cancel::new()))
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap().unwrap()).collect()
    });
    assert!(all.iter().all(|one| *one == all[0]));
    let kept = fs::read_dir(stage.folder.path().join("cache/thumbnails")).unwrap();
    assert_eq!(kept.count(), 1, "nothing half written is left");
}

#[test]
fn another_file_is_not_kept_under_the_hash() {
    let stage = stage();
    Bars::new(64, 48, 24).save(stage.folder.path(), "bars.mp4");
    let error = stage.of(&[0]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("bars.mp4 is not the file that was saved"),
        "{error}"
    );
    assert!(!stage.kept().exists());
    let unnamed = stage
        .thumbnails()
        .of("../../etc", &stage.video, &[0], &Cancel::new());
    assert_eq!(unnamed.unwrap().len(), 1, "without a hash they are made");
    fs::remove_file(&stage.video).unwrap();
    let error = stage.of(&[0]).unwrap_err();
    assert!(error.to_string().contains("bars.mp4 is not there"), "{error}");
}

#[test]
fn a_cache_that_cannot_be_written_harms_nothing() {
    let stage = stage();
    fs::write(stage.folder.path().join("cache"), "in the way").unwrap();
    let thumbnails = stage.thumbnails();
    let of = || thumbnails.of(&stage.sha256, &stage.video, &[0, 500], &Cancel::new());
    assert_eq!(of().unwrap(), of().unwrap());
    assert!(thumbnails.trouble().unwrap().contains("cache/thumbnails"));
    assert_eq!(thumbnails.clone().trouble(), None, "told once");
}

#[test]
fn making_them_can_be_cancelled() {
    let stage = stage();
    let cancel = Cancel::new();
    cancel.cancel();
    let error = stage
        .thumbnails()
        .of(&stage.sha256, &stage.video, &[0, 500], &cancel)
        .unwrap_err();
    assert!(error.is_cancelled());
    assert!(!stage.kept().exists());
    assert_eq!(stage.of(&[0, 500]).unwrap().len(), 2);
}
