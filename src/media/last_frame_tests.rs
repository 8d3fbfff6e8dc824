//! The last frame of a video, by itself and as PNG.

use mp4_atom::{Decode, Edts, Elst, ElstEntry, Encode, FixedPoint, Moov};

use super::super::samples::Bars;
use super::super::{VideoProblem, frame_at, read_still};
use super::*;

#[test]
fn it_is_the_last_one_and_survives_as_png() {
    let folder = tempfile::tempdir().unwrap();
    for frames in [1, 2, 24, 31] {
        let video = Bars::new(64, 48, frames).save(folder.path(), "video.mp4");
        let last = Video::open(&video, &Wanted::default())
            .unwrap()
            .pictures(&Cancel::new())
            .last()
            .unwrap()
            .unwrap()
            .1;
        assert!(last_frame(&video).unwrap() == last, "{frames} frames");
        let file = folder.path().join("last.png");
        std::fs::write(&file, last_frame_png(&video).unwrap()).unwrap();
        assert!(read_still(&file).unwrap() == last);
    }
}

#[test]
fn what_is_hidden_behind_it_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 24).save(folder.path(), "video.mp4");
    let cut = edited(&video, 0, 12);
    assert!(last_frame(&cut).unwrap() == frame_at(&video, 11 * 1000 / 24).unwrap());
}

/// A clip cut without decoding keeps the pictures since the key picture before the cut.
#[test]
fn what_is_hidden_before_the_beginning_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Bars::new(64, 48, 24).save(folder.path(), "whole.mp4");
    let cut = edited(&whole, 5, 12);
    let shown = |at: u64| frame_at(&cut, at).unwrap();
    let stored = |frame: u64| frame_at(&whole, frame * 1000 / 24).unwrap();
    assert!(shown(0) == stored(5));
    assert!(shown(3 * 1000 / 24 + 1) == stored(8));
    assert!(shown(u64::MAX) == stored(16));
    assert!(super::super::first_frame(&cut).unwrap() == stored(5));
    let mut video = Video::open(&cut, &Wanted::default()).unwrap();
    let all: Vec<_> = video.pictures(&Cancel::new()).collect::<Result<_, _>>().unwrap();
    let (times, pictures): (Vec<u64>, Vec<_>) = all.into_iter().unzip();
    assert_eq!((times.first(), times.len()), (Some(&0), 12));
    assert!(pictures[11] == stored(16));
}

/// A copy that shows `length` frames from the frame `first` on.
fn edited(video: &Path, first: u64, length: u64) -> std::path::PathBuf {
    let mut bytes = std::fs::read(video).unwrap();
    let kind = bytes.windows(4).position(|four| four == b"moov").unwrap();
    let mut moov = Moov::decode(&mut &bytes[kind - 4..]).unwrap();
    let own = u64::from(moov.trak[0].mdia.mdhd.timescale);
    let entry = ElstEntry {
        segment_duration: length * u64::from(moov.mvhd.timescale) / 24,
        media_time: Some(first * own / 24),
        media_rate: FixedPoint::from(1),
    };
    moov.trak[0].edts = Some(Edts {
        elst: Some(Elst { entries: vec![entry] }),
    });
    bytes[kind..kind + 4].copy_from_slice(b"free");
    moov.encode(&mut bytes).unwrap();
    let cut = video.with_file_name(format!("cut-{first}-{length}.mp4"));
    std::fs::write(&cut, bytes).unwrap();
    cut
}

#[test]
fn no_video_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.mp4");
    std::fs::write(&path, "not found").unwrap();
    assert!(matches!(
        last_frame_png(&path),
        Err(MediaError::Read {
            problem: VideoProblem::NotAMovie(_),
            ..
        })
    ));
}
