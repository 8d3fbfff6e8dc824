//! Local references: looked at, refused with a next step, completed.

use super::error::MIB;
use super::*;

/// A silent WAV of the given length in milliseconds: 8 kHz, one channel, 8 bits.
fn wav(ms: u32) -> Vec<u8> {
    let count = ms * 8;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + count).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(8000_u32.to_le_bytes());
    wav.extend(8000_u32.to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(b"data");
    wav.extend(count.to_le_bytes());
    wav.resize(wav.len() + count as usize, 128);
    wav
}

/// Opening a pipe that nobody writes to would block forever.
#[test]
fn a_pipe_and_a_folder_are_refused_before_they_are_opened() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.png");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for (path, what) in [(pipe, "a pipe"), (dir.path().to_owned(), "a folder")] {
        let name = path.to_str().unwrap().to_owned();
        let (answer, looked) = std::sync::mpsc::channel();
        let asked = name.clone();
        std::thread::spawn(move || answer.send(look(Model::default(), Parameter::Images, &asked)));
        // The time-out only ends a test that has failed.
        let looked = looked.recv_timeout(std::time::Duration::from_secs(10));
        let error = looked.expect("it waits for a writer").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{name} is {what}, and a reference image must be a picture: give a file or an http(s) URL"
            )
        );
    }
}

/// Somebody may swap a file for a pipe between a look and the next: neither the look nor the reading waits.
#[test]
fn a_file_that_is_swapped_for_a_pipe_while_it_is_looked_at_is_not_waited_for() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("file"), wav(100)).unwrap();
    let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
    assert!(made.unwrap().success());
    std::fs::copy(at("file"), at("sound.wav")).unwrap();
    let stop = AtomicBool::new(false);
    let name = at("sound.wav").to_str().unwrap().to_owned();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for from in ["pipe", "file"].into_iter().cycle() {
                std::fs::hard_link(at(from), at("new")).unwrap();
                std::fs::rename(at("new"), at("sound.wav")).unwrap();
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let (answer, looked) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            loop {
                let look = look(Model::default(), Parameter::Audios, &name).map(drop);
                let both = [look, read(Model::default(), Parameter::Audios, &name).map(drop)];
                if answer.send(both).is_err() {
                    break;
                }
            }
        });
        // The time-out only ends a test that has failed.
        let rounds = std::iter::from_fn(|| looked.recv_timeout(std::time::Duration::from_secs(10)).ok());
        let (mut files, mut pipes, mut count) = (0, 0, 0);
        for both in rounds {
            count += 1;
            for result in both {
                match result {
                    Ok(()) => files += 1,
                    Err(error) if matches!(error.fault, Fault::NotAFile("a pipe")) => pipes += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            // On a busy machine the first swap may come late.
            if count >= 2000 && files > 0 && pipes > 0 {
                break;
            }
        }
        stop.store(true, Ordering::Relaxed);
        // A reader that waits is freed, or the test would never end.
        let _ = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open(at("pipe"));
        assert!(
            count >= 2000,
            "it waits for a writer after {count}; files {files}, pipes {pipes}"
        );
        assert!(files > 0 && pipes > 0, "files {files}, pipes {pipes}");
    });
}

#[test]
fn a_broken_reference_is_refused_with_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let jpeg = include_bytes!("../../../tests/pictures/halves.jpg");
    let cut = include_bytes!("../../../tests/clips/cut.mp4");
    let mut shell = b"\0\0\0\x18ftypheic".to_vec();
    shell.resize(224, 0);
    let cases: [(Parameter, &[u8], &str); 5] = [
        (
            Parameter::Images,
            &jpeg[..jpeg.len() / 2],
            "is damaged (it ends in the middle of the picture) and ",
        ),
        (
            Parameter::FirstFrame,
            &shell,
            "is damaged (there is no picture in it) and ",
        ),
        (
            Parameter::Videos,
            &cut[..600],
            "is damaged (it ends early, after 600 of at least ",
        ),
        (
            Parameter::Videos,
            &cut[..cut.len() - 1],
            "is damaged (it ends early, after ",
        ),
        (
            Parameter::Videos,
            include_bytes!("../../../tests/clips/sound-only.mp4"),
            "is a video file without pictures, ",
        ),
    ];
    for (parameter, bytes, what) in cases {
        let path = dir.path().join("reference");
        std::fs::write(&path, bytes).unwrap();
        let name = path.to_str().unwrap();
        for error in [
            look(Model::default(), parameter, name).map(drop),
            read(Model::default(), parameter, name).map(drop),
        ] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}

#[test]
fn a_legal_clip_is_taken_and_a_doubtful_one_only_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    let facts = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        look(Model::default(), Parameter::Videos, path.to_str().unwrap())
    };
    let cut = include_bytes!("../../../tests/clips/cut.mp4");
    let taken = facts(cut).unwrap();
    assert_eq!((taken.millis, taken.doubt), (Some(14_500), None));
    assert_eq!(taken.longest_ms, Some(15_500));
    let mut longer = cut.to_vec();
    let header = longer.windows(4).position(|four| four == b"mvhd").unwrap();
    longer[header + 20..header + 24].copy_from_slice(&17_000_u32.to_be_bytes());
    let seen = facts(&longer).unwrap();
    // The price allows for all that may be charged; the limit is for what is shown.
    assert_eq!((seen.millis, seen.longest_ms), (Some(14_500), Some(17_000)));
    let local = read(Model::default(), Parameter::Videos, path.to_str().unwrap()).unwrap();
    assert_eq!(local.longest_ms, Some(17_000));
    let doubt = seen.doubt.unwrap().to_string();
    assert!(
        doubt.contains("with its sound the file lasts 17 s") && doubt.ends_with(": trim the sound too"),
        "{doubt}"
    );
    let edits = longer.windows(4).position(|four| four == b"edts").unwrap();
    longer[edits..edits + 4].copy_from_slice(b"free");
    let error = facts(&longer).unwrap_err().to_string();
    assert!(error.contains("lasts 15.5 s"), "{error}");
    let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm".to_vec();
    webm.resize(500, 0);
    let doubt = facts(&webm).unwrap().doubt.unwrap().to_string();
    assert!(doubt.contains("not an MP4"), "{doubt}");
}

/// Every reader of these errors sets the next step apart at the last colon.
#[test]
fn every_error_ends_in_its_next_step() {
    let length = |millis| Fault::WrongLength {
        millis,
        accepted: (2000, 15_000),
    };
    let errors = [
        Fault::Damaged("it: ends early".into()),
        Fault::Unreadable(std::io::Error::other("os: gone")),
        Fault::NotAFile("a folder"),
        Fault::WrongKind("image/png".into()),
        Fault::TooLarge {
            bytes: 51 * MIB,
            max: 50 * MIB,
        },
        length(16_400),
        length(900),
    ]
    .map(failed(Parameter::Videos, Path::new("a: b.mp4")));
    let parts: Vec<(String, String)> = errors
        .iter()
        .map(|error| {
            let text = error.to_string();
            let (what, next) = text.rsplit_once(": ").unwrap();
            (what.to_owned(), next.to_owned())
        })
        .collect();
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(what, next)| (what.as_str(), next.as_str()))
        .collect();
    assert_eq!(
        parts,
        [
            (
                "a: b.mp4 is damaged (it: ends early) and cannot be used as a reference video",
                "choose an intact file"
            ),
            (
                "cannot read a: b.mp4 for a reference video (os: gone)",
                "give a readable file or an http(s) URL"
            ),
            (
                "a: b.mp4 is a folder, and a reference video must be a video",
                "give a file or an http(s) URL"
            ),
            (
                "a: b.mp4 is image/png, and a reference video must be a video",
                "choose another file"
            ),
            (
                "a: b.mp4 has 51 MiB, and a reference video may have at most 50 MiB",
                "make it smaller"
            ),
            (
                "a: b.mp4 lasts 16.4 s, and a reference video must last 2 to 15 s",
                "cut it"
            ),
            (
                "a: b.mp4 lasts 0.9 s, and a reference video must last 2 to 15 s",
                "give a longer one"
            ),
        ]
    );
}

#[test]
fn a_sound_is_measured_and_one_too_long_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (short, long) = (dir.path().join("s.wav"), dir.path().join("l.wav"));
    std::fs::write(&short, wav(4000)).unwrap();
    std::fs::write(&long, wav(16_000)).unwrap();
    let facts = look(Model::default(), Parameter::Audios, short.to_str().unwrap()).unwrap();
    assert_eq!((facts.millis, facts.bytes), (Some(4000), 32_044));
    let error = look(Model::default(), Parameter::Audios, long.to_str().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("lasts 16 s, and a reference sound must last 0 to 15 s: cut it"),
        "{error}"
    );
    let error = look(Model::default(), Parameter::Images, short.to_str().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("and a reference image must be a picture: choose another file"),
        "{error}"
    );
    let error = look(Model::default(), Parameter::Images, "/nowhere/at/all.png").unwrap_err();
    assert!(matches!(error.fault, Fault::Unreadable(_)), "{error}");
}
