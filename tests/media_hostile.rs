//! Damaged and malicious videos: whatever the bytes, each is an error or is decoded, and nothing panics, hangs or takes
//! memory without end.
//!
//! Real files are changed at random. The seed is printed, `RUSHES_FUZZ_SEED` sets it and `RUSHES_FUZZ_CASES` the number
//! of files. They are read by a process of its own, which may have so much memory and no more, since what a parser does
//! to a process that has none left cannot be caught.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use rushes::media::{
    self, Cancel, MediaError, Sound, Thumbnails, Video, VideoProblem, VideoSource, Wanted, Yuv, encode,
    extract, inspect, is_worker_thread, last_frame, probe_sound, probe_video, wave,
};
use rustix::process::{Resource, Rlimit, setrlimit};

/// Says that this process is the one that reads.
const READER: &str = "RUSHES_FUZZ_READER";
const CASES: usize = 300;
/// What the reader may have, in bytes of its address space.
const MEMORY: u64 = 3 << 30;
/// A reader that takes longer than this hangs: a healthy one takes some seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// A small video with sound, as the animatics are encoded.
struct Drawn {
    frames: u32,
    sound: bool,
}

impl VideoSource for Drawn {
    fn size(&self) -> (u32, u32) {
        (48, 32)
    }
    fn fps(&self) -> u32 {
        24
    }
    fn frames(&self) -> u32 {
        self.frames
    }
    fn title(&self) -> &'static str {
        "drawn"
    }
    fn is_cut(&self, frame: u32) -> bool {
        frame.is_multiple_of(5)
    }
    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        for (at, luma) in (0_u32..).zip(&mut picture.y) {
            *luma = u8::try_from((at * 7 + frame * 11) % 200 + 20).unwrap();
        }
    }
    fn sound(&self) -> Option<Sound> {
        let tone = |at: u32| if (at / 50).is_multiple_of(2) { 9000 } else { -9000 };
        self.sound.then(|| Sound {
            rate: 48_000,
            samples: (0..self.frames * 2000).map(tone).collect(),
        })
    }
}

fn originals() -> Vec<(String, Vec<u8>)> {
    let clips = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips");
    let names = ["cut.mp4", "part2.mp4", "sound-only.mp4", "three.m4a"];
    let mut all: Vec<(String, Vec<u8>)> = names
        .iter()
        .map(|name| ((*name).to_owned(), fs::read(clips.join(name)).unwrap()))
        .collect();
    for (frames, sound) in [(12, true), (7, false)] {
        let mut bytes = Vec::new();
        encode(&mut Drawn { frames, sound }, &mut bytes).unwrap();
        // More often than the clips, which need ffmpeg or have no pictures.
        all.extend([(); 5].map(|()| (format!("drawn-{frames}.mp4"), bytes.clone())));
    }
    all
}

/// Boxes that may hold others.
const PARENTS: [&[u8; 4]; 9] = [
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"mvex",
];

/// Where all boxes begin and end, those around others too.
fn boxes(bytes: &[u8], from: usize, to: usize, found: &mut Vec<(usize, usize)>) {
    let mut at = from;
    while at + 8 <= to {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let end = at + size;
        if size < 8 || end > to {
            return;
        }
        found.push((at, end));
        if PARENTS.iter().any(|name| bytes[at + 4..at + 8] == name[..]) {
            boxes(bytes, at + 8, end, found);
        }
        at = end;
    }
}

const HOSTILE: [u32; 12] = [
    0,
    1,
    2,
    7,
    8,
    0xffff,
    0x00ff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_ffff,
    0xea60_ea60,
];

/// The file with one thing changed.
fn mutated(mut bytes: Vec<u8>, random: &mut fastrand::Rng) -> Vec<u8> {
    if bytes.len() < 16 {
        return bytes;
    }
    let mut found = Vec::new();
    boxes(&bytes, 0, bytes.len(), &mut found);
    let any = |random: &mut fastrand::Rng| *random.choice(&found).unwrap_or(&(0, 16));
    match random.u8(0..10) {
        // Bits.
        0 | 1 => {
            let at = random.usize(..bytes.len());
            bytes[at] ^= 1 << random.u8(0..8);
        }
        // A word, such as a count in a table.
        2..=4 => {
            let (start, end) = any(random);
            let at = random.usize(start..end).min(bytes.len() - 4);
            let word = *random.choice(&HOSTILE).unwrap();
            bytes[at..at + 4].copy_from_slice(&word.to_be_bytes());
        }
        // The size of a box.
        5 => {
            let (start, _) = any(random);
            let word = *random.choice(&HOSTILE).unwrap();
            bytes[start..start + 4].copy_from_slice(&word.to_be_bytes());
        }
        6 => bytes.truncate(random.usize(..bytes.len())),
        // One box in the place of another of its size, or over the beginning of a larger one.
        7 => {
            let ((a, a_end), (b, b_end)) = (any(random), any(random));
            let size = (a_end - a).min(b_end - b);
            let (one, other) = (bytes[a..a + size].to_vec(), bytes[b..b + size].to_vec());
            bytes[a..a + size].copy_from_slice(&other);
            bytes[b..b + size].copy_from_slice(&one);
        }
        // A box less, or once more.
        8 => {
            let (start, end) = any(random);
            let one = bytes[start..end].to_vec();
            let with = if random.bool() { one.repeat(2) } else { Vec::new() };
            bytes.splice(start..end, with);
        }
        // Noise in a box.
        _ => {
            let (start, end) = any(random);
            for _ in 0..random.usize(1..30) {
                bytes[random.usize(start..end)] = random.u8(..);
            }
        }
    }
    bytes
}

/// A result that is no hang, and whose error names the file.
fn checked<T>(what: &str, result: Result<T, MediaError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(MediaError::Read { path, problem }) => {
            assert!(!matches!(problem, VideoProblem::Endless), "{what} hangs");
            assert!(path.ends_with("hostile.mp4"), "{what}: {}", path.display());
            None
        }
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Does with the file all that can be done with it. Returns whether a picture was decoded.
fn exercise(path: &Path, folder: &Path, random: &mut fastrand::Rng) -> bool {
    let mut has_shown = false;
    let cancel = Cancel::new();
    let wanted = Wanted {
        fit: random.bool().then_some((20, 20)),
        bytes: None,
    };
    checked("inspect", inspect(path));
    if let Some(mut video) = checked("open", Video::open(path, &wanted)) {
        for _ in 0..12 {
            let step = match random.u8(0..4) {
                0 => video.previous(&cancel),
                1 => {
                    video.seek(random.u64(..2000));
                    video.next(&cancel)
                }
                _ => video.next(&cancel),
            };
            let shown = checked("a step", step).flatten();
            if let Some((_, picture)) = shown {
                has_shown = true;
                let pixels = u64::from(picture.width) * u64::from(picture.height);
                assert!(pixels > 0 && pixels <= media::MAX_PIXELS && picture.rgb.len() as u64 == pixels * 3);
            }
        }
    }
    if let Some(wave) = checked("wave", wave(path, 40, &cancel)).flatten() {
        assert_eq!(wave.columns.len(), 40);
        assert!(
            wave.columns
                .iter()
                .all(|column| column.rms_dbfs.is_finite() && column.min <= column.max)
        );
        assert!(
            wave.silences
                .iter()
                .all(|silence| silence.start_ms <= silence.end_ms)
        );
    }
    checked("last frame", last_frame(path));
    checked(
        "thumbnails",
        Thumbnails::new(folder, 1 << 20).of("", path, &[0, 500], &cancel),
    );
    let _ = extract(path);
    let _ = probe_video(path, File::open(path).unwrap());
    let _ = probe_sound(path, "audio/m4a", File::open(path).unwrap());
    has_shown
}

/// The reader's part, in a process of its own.
fn read_mutated(seed: u64, cases: usize) {
    let limit = Rlimit {
        current: Some(MEMORY),
        maximum: Some(MEMORY),
    };
    setrlimit(Resource::As, limit).unwrap();
    // A panic of a parser is caught and becomes an error.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !is_worker_thread() {
            usual(info);
        }
    }));
    let originals = originals();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.mp4");
    let mut shown = 0;
    for case in 0..cases {
        // Each case can be repeated alone.
        let mut random = fastrand::Rng::with_seed(seed.wrapping_add(case as u64));
        let (name, original) = random.choice(&originals).unwrap();
        let mut bytes = original.clone();
        for _ in 0..random.usize(1..4) {
            bytes = mutated(bytes, &mut random);
        }
        fs::write(&path, &bytes).unwrap();
        println!(
            "RUSHES_FUZZ_SEED={} RUSHES_FUZZ_CASES=1 is {name}",
            seed.wrapping_add(case as u64)
        );
        shown += usize::from(exercise(&path, folder.path(), &mut random));
    }
    println!("{shown} of {cases} showed a picture");
    let is_far = cases < 100 || (shown > cases / 20 && shown < cases * 19 / 20);
    assert!(
        is_far,
        "nearly all or nearly none of the files are damaged beyond reading"
    );
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_hostile_video_is_an_error_or_a_picture_and_nothing_else() {
    let seed = number("RUSHES_FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..));
    let cases = number("RUSHES_FUZZ_CASES").and_then(|cases| usize::try_from(cases).ok());
    let cases = cases.unwrap_or(CASES);
    if std::env::var_os(READER).is_some() {
        read_mutated(seed, cases);
        return;
    }
    println!("RUSHES_FUZZ_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let said = folder.path().join("said");
    let out = File::create(&said).unwrap();
    let mut reader = Command::new(std::env::current_exe().unwrap())
        .args([
            "a_hostile_video_is_an_error_or_a_picture_and_nothing_else",
            "--exact",
            "--nocapture",
        ])
        .env(READER, "1")
        .env("RUSHES_FUZZ_SEED", seed.to_string())
        .env("RUSHES_FUZZ_CASES", cases.to_string())
        // Without ffmpeg: what another program does with the file is not what is tested.
        .env("PATH", folder.path())
        .stderr(out.try_clone().unwrap())
        .stdout(out)
        .spawn()
        .unwrap();
    let id = rustix::process::Pid::from_child(&reader);
    let (send, ended) = mpsc::channel();
    let waiting = std::thread::spawn(move || send.send(reader.wait().unwrap()));
    let status = ended.recv_timeout(PATIENCE);
    if status.is_err() {
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    }
    waiting.join().unwrap().unwrap();
    let said = fs::read_to_string(&said).unwrap();
    let last: Vec<&str> = said.lines().rev().take(30).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    assert!(status.is_ok_and(|status| status.success()), "{}", last.join("\n"));
    assert_eq!(said.matches("RUSHES_FUZZ_CASES=1").count(), cases);
}
