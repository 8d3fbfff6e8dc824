//! Clips of our own, as they are and altered by hand, joined and read again.

use std::fs;

use mp4_atom::{Atom, Ctts, CttsEntry, Decode, Edts, Elst, ElstEntry, Encode, FixedPoint, Moov, Mvex, Stts};
use mp4_atom::{Codec, SttsEntry, Trex};

use super::super::samples::Bars;
use super::super::sound::Sound;
use super::super::write::{VideoSource, encode};
use super::super::yuv::Yuv;
use super::super::{Cancel, Picture, Video, Wanted, inspect};
use super::track::{Track, scaled};
use super::*;

/// Samples of sound that belong to one picture.
const PER_PICTURE: usize = 2000;
const RATE: u32 = 48_000;

/// Moving bars with noise that is never the same, longer or shorter than the pictures.
struct Noise {
    bars: Bars,
    samples: Vec<i16>,
    rate: u32,
}

impl VideoSource for Noise {
    fn size(&self) -> (u32, u32) {
        self.bars.size()
    }
    fn fps(&self) -> u32 {
        24
    }
    fn frames(&self) -> u32 {
        self.bars.frames()
    }
    fn title(&self) -> &'static str {
        "noise"
    }
    fn is_cut(&self, frame: u32) -> bool {
        self.bars.is_cut(frame)
    }
    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        self.bars.draw(frame, picture);
    }
    fn sound(&self) -> Option<Sound> {
        Some(Sound {
            rate: self.rate,
            samples: self.samples.clone(),
        })
    }
}

struct Clips(tempfile::TempDir);

impl Clips {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn silent(&self, name: &str, frames: u32) -> PathBuf {
        Bars::new(64, 48, frames).save(self.0.path(), name)
    }

    /// Pictures with sound that is longer by a number of samples.
    fn noisy(&self, name: &str, frames: u32, longer: i32) -> PathBuf {
        self.at_rate(name, frames, longer, RATE)
    }

    fn at_rate(&self, name: &str, frames: u32, longer: i32, rate: u32) -> PathBuf {
        let mut random = fastrand::Rng::with_seed(u64::from(frames) << 8 | u64::from(name.as_bytes()[0]));
        let count = i32::try_from(frames as usize * PER_PICTURE).unwrap() + longer;
        let mut video = Noise {
            bars: Bars::new(64, 48, frames),
            samples: (0..count).map(|_| random.i16(-9000..9000)).collect(),
            rate,
        };
        let mut bytes = Vec::new();
        encode(&mut video, &mut bytes).unwrap();
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A copy with another header, which stands behind the media data.
    fn altered(&self, from: &Path, name: &str, change: impl FnOnce(&mut Moov)) -> PathBuf {
        let mut bytes = fs::read(from).unwrap();
        let kind = bytes.windows(4).position(|four| four == b"moov").unwrap();
        let mut moov = Moov::decode(&mut &bytes[kind - 4..]).unwrap();
        change(&mut moov);
        bytes[kind..kind + 4].copy_from_slice(b"free");
        moov.encode(&mut bytes).unwrap();
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn joined(&self, videos: &[&PathBuf]) -> (PathBuf, Joined) {
        let videos: Vec<PathBuf> = videos.iter().map(|path| (*path).clone()).collect();
        let to = self.path(&format!("joined-{}.mp4", fastrand::u32(..)));
        let joined = join(&videos, &to).unwrap();
        (to, joined)
    }

    fn refused(&self, videos: &[&PathBuf]) -> String {
        let videos: Vec<PathBuf> = videos.iter().map(|path| (*path).clone()).collect();
        let to = self.path("refused.mp4");
        let error = join(&videos, &to).unwrap_err();
        assert!(!to.exists());
        error.to_string()
    }

    fn nothing_is_left_over(&self) {
        let names = fs::read_dir(self.0.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert_eq!(names.filter(|name| name.starts_with('.')).count(), 0);
    }
}

fn pictures(path: &Path) -> Vec<Picture> {
    Video::open(path, &Wanted::default())
        .unwrap()
        .pictures(&Cancel::new())
        .map(|frame| frame.unwrap().1)
        .collect()
}

/// The bytes of each sample of a track, and when it is decoded.
fn samples(path: &Path, track: &Track) -> Vec<(u64, Vec<u8>)> {
    let file = fs::read(path).unwrap();
    let mut decoded = 0;
    let sample = |sample: &super::track::Sample| {
        let at = usize::try_from(sample.offset).unwrap();
        let when = decoded;
        decoded += sample.duration;
        (when, file[at..at + sample.size as usize].to_vec())
    };
    track.samples.iter().map(sample).collect()
}

/// When a video plays a sample, in 48000ths of a second from its beginning: by its one shown piece.
fn heard(track: &Track, when: u64) -> i64 {
    let piece = track.pieces[0];
    scaled(when, track.scale, 48_000).cast_signed() - scaled(piece.start, track.scale, 48_000).cast_signed()
        + scaled(piece.at, track.scale, 48_000).cast_signed()
}

/// Checks that each part's sound begins with its pictures, by what a frame of its sound holds: `hidden` samples of
/// the part are not heard.
fn in_step(joined: &Path, parts: &[(&PathBuf, u64, u64)]) {
    let video = Part::open(joined).unwrap();
    let (track, _) = video.sound.as_ref().unwrap();
    let all = samples(joined, track);
    let mut start = 0;
    for (path, frames, hidden) in parts {
        let part = Part::open(path).unwrap();
        let (sound, _) = part.sound.as_ref().unwrap();
        // One from the middle: at the edges frames may be left out.
        let mut own = samples(path, sound);
        for (when, _) in &mut own {
            *when = scaled(*when, sound.scale, 48_000);
        }
        let (when, bytes) = &own[own.len() / 2];
        let expected = (start + when - hidden).cast_signed();
        let same = all.iter().filter(|(_, other)| other == bytes);
        // A video that is there twice has its sound there twice.
        let off = same
            .map(|(when, _)| heard(track, *when) - expected)
            .min_by_key(|off| off.abs())
            .expect("its sound is there");
        assert!(off.abs() <= 2, "{} is off by {off} samples", path.display());
        // Nothing of it is missing for longer than a frame.
        let first = own.iter().find(|(when, _)| *when >= *hidden + 512).unwrap();
        assert!(
            all.iter().any(|(_, other)| *other == first.1),
            "{}",
            path.display()
        );
        start += frames * PER_PICTURE as u64;
    }
    let mut gaps = all.windows(2).map(|two| two[1].0 - two[0].0);
    assert!(gaps.all(|gap| gap > 0));
}

fn edits(entries: &[(u64, Option<u64>)]) -> Edts {
    let entry = |(segment_duration, media_time): &(u64, Option<u64>)| ElstEntry {
        segment_duration: *segment_duration,
        media_time: *media_time,
        media_rate: FixedPoint::from(1),
    };
    Edts {
        elst: Some(Elst {
            entries: entries.iter().map(entry).collect(),
        }),
    }
}

fn ticks_a_picture(moov: &Moov) -> u64 {
    u64::from(moov.trak[0].mdia.mdhd.timescale / 24)
}

#[test]
fn pictures_of_all_parts_are_there_as_they_were() {
    let videos = Clips::new();
    let (a, b) = (videos.silent("a.mp4", 13), videos.silent("b.mp4", 24));
    let before = [&a, &b].map(|path| fs::read(path).unwrap());
    let (to, joined) = videos.joined(&[&a, &b, &a]);
    assert_eq!(
        (joined.frames, joined.has_sound, joined.tracks_left_out),
        (50, false, 0)
    );
    assert_eq!(joined.bytes, to.metadata().unwrap().len());
    let info = inspect(&to).unwrap();
    assert_eq!(
        (info.frames, info.duration_ms, joined.duration_ms),
        (50, 2083, 2083)
    );
    assert_eq!((info.width, info.height, info.fps), (64, 48, 24.0));
    let expected = [pictures(&a), pictures(&b), pictures(&a)].concat();
    assert!(pictures(&to) == expected);
    assert_eq!(before, [&a, &b].map(|path| fs::read(path).unwrap()));
    // The header comes first, and no edit list is needed.
    let bytes = fs::read(&to).unwrap();
    let at = |name: &[u8]| bytes.windows(4).position(|four| four == name);
    assert!(at(b"ftyp") < at(b"moov") && at(b"moov") < at(b"mdat"));
    assert_eq!(at(b"elst"), None);
    assert!(bytes.windows(4).any(|four| four == b"bars"), "the title is kept");
    videos.nothing_is_left_over();
}

#[test]
fn sound_stays_in_step_over_many_seams() {
    let videos = Clips::new();
    let parts = [
        videos.noisy("a.mp4", 30, 0),
        videos.noisy("b.mp4", 25, 5000),
        videos.noisy("c.mp4", 31, -9000),
        videos.noisy("d.mp4", 24, 300),
        videos.noisy("e.mp4", 29, -700),
    ];
    let (to, joined) = videos.joined(&parts.each_ref());
    assert!(joined.has_sound);
    let lengths = [30, 25, 31, 24, 29];
    let expected: Vec<(&PathBuf, u64, u64)> =
        parts.iter().zip(lengths).map(|(path, n)| (path, n, 0)).collect();
    in_step(&to, &expected);
    let info = inspect(&to).unwrap();
    assert_eq!(u64::from(info.frames), lengths.iter().sum::<u64>());
    assert!(
        info.duration_ms.abs_diff(139 * 1000 / 24) <= 1,
        "{}",
        info.duration_ms
    );
    // And once more with what was joined.
    let (again, joined) = videos.joined(&[&to, &parts[0], &to]);
    assert_eq!(joined.frames, 139 + 30 + 139);
    in_step(&again, &[(&parts[0], 30, 0)]);
    let part = Part::open(&again).unwrap();
    assert_eq!(part.pictures.pieces.len(), 1);
}

#[test]
fn what_an_edit_list_hides_stays_hidden() {
    let videos = Clips::new();
    let a = videos.noisy("a.mp4", 24, 0);
    let whole = videos.noisy("b.mp4", 30, 0);
    // The first 10 pictures and the last 2 are hidden, and as much sound.
    let b = videos.altered(&whole, "cut.mp4", |moov| {
        let tick = ticks_a_picture(moov);
        let shown = 18 * u64::from(moov.mvhd.timescale) / 24;
        moov.trak[0].edts = Some(edits(&[(shown, Some(10 * tick))]));
        let tick = u64::from(moov.trak[1].mdia.mdhd.timescale / 24);
        moov.trak[1].edts = Some(edits(&[(shown, Some(10 * tick))]));
    });
    let (to, joined) = videos.joined(&[&a, &b, &a]);
    assert_eq!((joined.frames, joined.duration_ms), (78, 2750));
    assert_eq!(inspect(&to).unwrap().duration_ms, 2750);
    in_step(
        &to,
        &[(&a, 24, 0), (&b, 18, 10 * PER_PICTURE as u64), (&a, 24, 0)],
    );
    let part = Part::open(&to).unwrap();
    let tick = part.pictures.scale / 24;
    let shown: Vec<_> = part
        .pictures
        .pieces
        .iter()
        .map(|piece| (piece.start / tick, piece.length / tick))
        .collect();
    assert_eq!(shown, [(0, 24), (34, 18), (54, 24)]);
    // What was joined so can be joined again.
    let (again, joined) = videos.joined(&[&to, &b]);
    assert_eq!((joined.frames, joined.duration_ms), (108, 3500));
    in_step(&again, &[(&a, 24, 0), (&b, 18, 10 * PER_PICTURE as u64)]);
}

#[test]
fn pictures_that_wait_for_others_join_with_those_that_do_not() {
    let videos = Clips::new();
    let plain = videos.noisy("a.mp4", 24, 0);
    let waiting = videos.altered(&plain, "waiting.mp4", |moov| {
        let tick = ticks_a_picture(moov);
        let shift = i64::try_from(2 * tick).unwrap();
        moov.trak[0].mdia.minf.stbl.ctts = Some(Ctts {
            entries: vec![CttsEntry {
                sample_count: 24,
                sample_offset: shift,
            }],
        });
        moov.trak[0].edts = Some(edits(&[(u64::from(moov.mvhd.timescale), Some(2 * tick))]));
    });
    assert_eq!(inspect(&waiting).unwrap().duration_ms, 1000);
    // The first is sound before its pictures come, without an edit list.
    let late = videos.altered(&waiting, "late.mp4", |moov| moov.trak[0].edts = None);
    for order in [[&plain, &waiting], [&waiting, &plain], [&waiting, &waiting]] {
        let (to, joined) = videos.joined(&order);
        assert_eq!((joined.frames, joined.duration_ms), (48, 2000));
        in_step(&to, &[(order[0], 24, 0), (order[1], 24, 0)]);
        let part = Part::open(&to).unwrap();
        let piece = part.pictures.pieces[0];
        assert_eq!(part.pictures.pieces.len(), 1, "one edit is enough");
        assert_eq!(
            (piece.start, piece.length),
            (part.pictures.scale / 12, part.pictures.scale * 2)
        );
        let ends = |samples: &[super::track::Sample]| samples.iter().all(|sample| sample.shift > 0);
        assert!(ends(&part.pictures.samples));
    }
    let (to, joined) = videos.joined(&[&plain, &late]);
    assert_eq!((joined.frames, joined.duration_ms), (48, 2000));
    in_step(&to, &[(&plain, 24, 0), (&late, 24, 2 * PER_PICTURE as u64)]);
}

#[test]
fn clocks_of_another_speed_are_brought_together() {
    let videos = Clips::new();
    let a = videos.noisy("a.mp4", 24, 0);
    let b = videos.altered(&a, "fast.mp4", |moov| {
        let mdia = &mut moov.trak[0].mdia;
        mdia.mdhd.timescale = 24_000;
        mdia.minf.stbl.stts = Stts {
            entries: vec![SttsEntry {
                sample_count: 24,
                sample_delta: 1000,
            }],
        };
    });
    let (to, joined) = videos.joined(&[&a, &b]);
    assert_eq!((joined.frames, joined.duration_ms), (48, 2000));
    in_step(&to, &[(&a, 24, 0), (&b, 24, 0)]);
    assert!(pictures(&to) == [pictures(&a), pictures(&a)].concat());
}

#[test]
fn videos_that_do_not_agree_are_named_with_what_differs() {
    let videos = Clips::new();
    let a = videos.silent("a.mp4", 3);
    let large = Bars::new(128, 96, 3).save(videos.0.path(), "large.mp4");
    let error = videos.refused(&[&a, &a, &large]);
    assert!(error.contains("a.mp4 is 64x48, "), "{error}");
    assert!(
        error.contains("large.mp4 is 128x96: videos are joined as they are only"),
        "{error}"
    );
    assert!(error.contains("ffmpeg: ffmpeg -n -i "), "{error}");
    assert!(
        error.contains("scale=64:48") && error.contains("concat=n=3:v=1:a=0[v]'"),
        "{error}"
    );
    assert!(error.contains("refused.mp4"), "{error}");

    let noisy = videos.noisy("noisy.mp4", 24, 0);
    let error = videos.refused(&[&noisy, &a]);
    assert!(
        error.contains("noisy.mp4 has sound, ") && error.contains("a.mp4 has no sound: "),
        "{error}"
    );
    assert!(
        error.contains("anullsrc=r=48000:cl=stereo,atrim=duration=0.125[a1]"),
        "{error}"
    );

    let slow = videos.at_rate("slow.mp4", 24, 0, 44_100);
    let error = videos.refused(&[&noisy, &slow]);
    assert!(
        error.contains("has sound at 48000 Hz, ") && error.contains("has sound at 44100 Hz"),
        "{error}"
    );

    let other = videos.altered(&a, "other.mp4", |moov| {
        let Codec::Avc1(avc) = &mut moov.trak[0].mdia.minf.stbl.stsd.codecs[0] else {
            panic!("it is H.264");
        };
        avc.avcc.picture_parameter_sets[0].push(0x80);
    });
    let error = videos.refused(&[&a, &other]);
    assert!(error.contains("a.mp4 has the H.264 parameters "), "{error}");

    let turned = videos.altered(&a, "turned.mp4", |moov| {
        let matrix = &mut moov.trak[0].tkhd.matrix;
        (matrix.a, matrix.b, matrix.c, matrix.d) = (0, 0x1_0000, -0x1_0000, 0);
    });
    assert!(videos.refused(&[&a, &turned]).contains("is turned or placed by"));
    videos.nothing_is_left_over();
}

#[test]
fn what_cannot_be_joined_is_said() {
    let videos = Clips::new();
    let a = videos.silent("a.mp4", 3);
    let to = videos.path("b.mp4");
    assert!(matches!(
        join(std::slice::from_ref(&a), &to),
        Err(JoinError::TooFew { given: 1 })
    ));
    let there = join(&[a.clone(), a.clone()], &a).unwrap_err();
    assert!(there.to_string().contains("a.mp4 is there already"), "{there}");

    let fragmented = videos.altered(&a, "fragmented.mp4", |moov| {
        moov.mvex = Some(Mvex {
            trex: vec![Trex::default()],
            ..Mvex::default()
        });
    });
    let error = videos.refused(&[&a, &fragmented]);
    assert!(
        error.contains("fragmented.mp4 is fragmented, so it cannot be joined as it is; re-encode"),
        "{error}"
    );
    let clips = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips");
    let error = videos.refused(&[&a, &clips.join("part2.mp4")]);
    assert!(
        error.contains("part2.mp4 has pictures in mp4v, and only H.264 and HEVC"),
        "{error}"
    );
    let error = videos.refused(&[&a, &clips.join("three.m4a")]);
    assert!(error.contains("three.m4a has no picture track"), "{error}");
    let fast = videos.altered(&a, "fast.mp4", |moov| {
        moov.trak[0].edts = Some(edits(&[(0, Some(0))]));
        moov.trak[0].edts.as_mut().unwrap().elst.as_mut().unwrap().entries[0].media_rate =
            FixedPoint::from(2);
    });
    assert!(
        videos
            .refused(&[&a, &fast])
            .contains("fast.mp4 plays a part of itself at another speed")
    );
    let middle = videos.altered(&a, "middle.mp4", |moov| {
        moov.trak[0].mdia.minf.stbl.stss.as_mut().unwrap().entries = vec![2];
    });
    assert!(
        videos
            .refused(&[&a, &middle])
            .contains("does not begin with a picture that decoding")
    );
    let short = videos.path("short.mp4");
    let bytes = fs::read(&a).unwrap();
    fs::write(&short, &bytes[..bytes.len() - 9]).unwrap();
    assert!(videos.refused(&[&a, &short]).contains("short.mp4 ends early"));
    fs::write(&short, "{\"error\":1}").unwrap();
    assert!(
        videos
            .refused(&[&short, &a])
            .contains("short.mp4 is not an MP4 video but a JSON response")
    );
    assert!(
        videos
            .refused(&[&a, &videos.path("gone.mp4")])
            .contains("gone.mp4")
    );
    videos.nothing_is_left_over();
}

/// Headers that lie: whatever they say, there is an error or a video, soon, and no panic.
#[test]
fn damaged_headers_do_no_harm() {
    let videos = Clips::new();
    let a = videos.noisy("a.mp4", 24, 0);
    let bytes = fs::read(&a).unwrap();
    let kind = |name: &[u8; 4]| bytes.windows(4).position(|four| four == name).unwrap();
    let header = kind(b"moov")..kind(b"mdat");
    let mut random = fastrand::Rng::with_seed(11);
    let bad = videos.path("bad.mp4");
    let to = videos.path("to.mp4");
    for round in 0..300 {
        let mut bytes = bytes.clone();
        for _ in 0..random.usize(1..5) {
            bytes[random.usize(header.clone())] = match random.u8(0..3) {
                0 => 0xff,
                1 => 0,
                _ => random.u8(..),
            };
        }
        fs::write(&bad, &bytes).unwrap();
        match join(&[a.clone(), bad.clone()], &to) {
            Ok(joined) => {
                assert!(joined.bytes < bytes.len() as u64 * 3, "round {round}");
                fs::remove_file(&to).unwrap();
            }
            Err(error) => assert!(error.to_string().contains("bad.mp4"), "round {round}: {error}"),
        }
        assert!(!to.exists(), "round {round}");
    }
    assert_eq!(Stts::KIND.as_ref(), b"stts");
}
