//! Playback on real files: pictures in step, bytes within the allowance, failures in place of the picture.

use std::fs;

use super::*;
use crate::media::cells::Depth;
use crate::media::samples::Bars;

fn part(file: &Path) -> Part {
    Part {
        file: file.to_owned(),
        bytes: None,
        columns: 40,
        rows: 12,
        shown: Grid::default(),
    }
}

fn open(files: &[&Path]) -> Playback {
    let parts = files.iter().map(|file| part(file)).collect();
    Playback::open(parts, Shape::Half, Quality::new(Depth::Truecolor))
}

fn times(step: &Step) -> Vec<u64> {
    step.parts.iter().map(|part| part.as_ref().unwrap().0).collect()
}

#[test]
fn two_videos_are_shown_in_step_and_the_shorter_one_stays_at_its_last_picture() {
    let folder = tempfile::tempdir().unwrap();
    let long = Bars::new(64, 48, 48).save(folder.path(), "long.mp4");
    let short = Bars::new(64, 48, 24).save(folder.path(), "short.mp4");
    let mut playback = open(&[&long, &short]);
    assert_eq!((playback.length(), playback.has_failed()), (2000, false));
    let cancel = Cancel::new();
    let mut at = |ms| playback.at(ms, usize::MAX, &cancel);
    assert_eq!(times(&at(500).unwrap()), [500, 500]);
    assert_eq!(at(510), None, "the same pictures are due");
    assert_eq!(times(&at(1500).unwrap()), [1500, 958]);
    assert_eq!(times(&at(0).unwrap()), [0, 0], "the loop begins again");
    cancel.cancel();
    assert_eq!(playback.at(700, usize::MAX, &cancel), None);
}

#[test]
fn bytes_stay_within_the_allowance_and_a_picture_that_is_shown_takes_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = Bars::new(256, 160, 48).save(folder.path(), "bars.mp4");
    let cancel = Cancel::new();
    let play = |allowance: usize| -> (usize, usize) {
        let mut playback = open(&[&file]);
        let first = playback.at(0, usize::MAX, &cancel).unwrap();
        let bytes = (1..48).map(|frame| {
            let step = playback.at(frame * 1000 / 24, allowance, &cancel);
            step.unwrap().bytes
        });
        (first.bytes, bytes.max().unwrap())
    };
    let (_, free) = play(usize::MAX);
    let (first, most) = play(300);
    assert!(first > 300 && free > 300, "{first} {free}");
    assert!(most <= 300, "{most}");
    let mut playback = open(&[&file]);
    let Ok((_, grid)) = playback.at(0, usize::MAX, &cancel).unwrap().parts.remove(0) else {
        panic!("there is a picture");
    };
    let shown = Part {
        shown: grid,
        ..part(&file)
    };
    let mut playback = playback.again(vec![shown], Shape::Half, Quality::new(Depth::Truecolor));
    assert_eq!(playback.at(0, usize::MAX, &cancel).unwrap().bytes, 0);
}

#[test]
fn a_video_that_cannot_be_read_is_a_reason_and_the_other_one_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let good = Bars::new(64, 48, 24).save(folder.path(), "good.mp4");
    let (empty, cut) = (folder.path().join("empty.mp4"), folder.path().join("cut.mp4"));
    fs::write(&empty, "").unwrap();
    let whole = fs::read(&good).unwrap();
    fs::write(&cut, &whole[..whole.len() - 300]).unwrap();
    let gone = folder.path().join("gone.mp4");
    let cancel = Cancel::new();
    for (file, why) in [
        (&empty, "is empty"),
        (&cut, "ends early"),
        (&gone, "is not there"),
    ] {
        let mut playback = open(&[file]);
        assert!(playback.has_failed(), "{why}");
        let step = playback.at(0, 9999, &cancel).unwrap();
        assert!(
            step.parts[0].as_ref().unwrap_err().contains(why),
            "{:?}",
            step.parts[0]
        );
        assert_eq!((playback.at(0, 9999, &cancel), playback.length()), (None, 0));
        let mut playback = open(&[&good, file]);
        assert!(!playback.has_failed());
        let step = playback.at(500, 9999, &cancel).unwrap();
        assert!(step.parts[0].is_ok());
        assert!(
            step.parts[1].as_ref().unwrap_err().contains(why),
            "{:?}",
            step.parts[1]
        );
    }
}
