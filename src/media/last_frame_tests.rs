//! The last frame of a film, by itself and as PNG.

use mp4_atom::{Decode, Edts, Elst, ElstEntry, Encode, FixedPoint, Moov};

use super::super::samples::Bars;
use super::super::{VideoProblem, frame_at, read_still};
use super::*;

#[test]
fn it_is_the_last_one_and_survives_as_png() {
    let folder = tempfile::tempdir().unwrap();
    for frames in [1, 2, 24, 31] {
        let film = Bars::new(64, 48, frames).save(folder.path(), "film.mp4");
        let last = Video::open(&film, &Wanted::default())
            .unwrap()
            .pictures(&Cancel::new())
            .last()
            .unwrap()
            .unwrap()
            .1;
        assert!(last_frame(&film).unwrap() == last, "{frames} frames");
        let file = folder.path().join("last.png");
        std::fs::write(&file, last_frame_png(&film).unwrap()).unwrap();
        assert!(read_still(&file).unwrap() == last);
    }
}

#[test]
fn what_is_hidden_behind_it_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let film = Bars::new(64, 48, 24).save(folder.path(), "film.mp4");
    let mut bytes = std::fs::read(&film).unwrap();
    let kind = bytes.windows(4).position(|four| four == b"moov").unwrap();
    let mut moov = Moov::decode(&mut &bytes[kind - 4..]).unwrap();
    let entry = ElstEntry {
        segment_duration: u64::from(moov.mvhd.timescale) / 2,
        media_time: Some(0),
        media_rate: FixedPoint::from(1),
    };
    moov.trak[0].edts = Some(Edts {
        elst: Some(Elst { entries: vec![entry] }),
    });
    bytes[kind..kind + 4].copy_from_slice(b"free");
    moov.encode(&mut bytes).unwrap();
    let cut = folder.path().join("cut.mp4");
    std::fs::write(&cut, bytes).unwrap();
    assert!(last_frame(&cut).unwrap() == frame_at(&film, 11 * 1000 / 24).unwrap());
}

#[test]
fn no_film_is_an_error() {
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
