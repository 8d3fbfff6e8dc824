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
        std::thread::spawn(move || answer.send(look(Model::default(), Parameter::Images, &asked).map(drop)));
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

/// A PNG of one colour.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    let samples = vec![90; width as usize * height as usize];
    writer.write_image_data(&samples).unwrap();
    drop(writer);
    png
}

/// A grey video of a second.
struct Grey(u32, u32);

impl media::VideoSource for Grey {
    fn size(&self) -> (u32, u32) {
        (self.0, self.1)
    }
    fn fps(&self) -> u32 {
        2
    }
    fn frames(&self) -> u32 {
        6
    }
    fn title(&self) -> &'static str {
        "grey"
    }
    fn is_cut(&self, _: u32) -> bool {
        false
    }
    fn draw(&mut self, _: u32, picture: &mut media::Yuv) {
        picture.y.fill(90);
    }
    fn sound(&self) -> Option<media::Sound> {
        None
    }
}

fn mp4(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    media::encode(&mut Grey(width, height), &mut bytes).unwrap();
    bytes
}

/// Bytes that begin like a file of some format.
fn headed(head: &[u8]) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes.resize(head.len() + 400, 0);
    bytes
}

/// Each file is taken, and what is told of it contains the text; nothing is told where that is empty. The file's name says
/// nothing.
fn are_told_of(cases: &[(Parameter, Vec<u8>, &str)]) {
    let dir = tempfile::tempdir().unwrap();
    for (parameter, bytes, expected) in cases {
        let path = dir.path().join("reference");
        std::fs::write(&path, bytes).unwrap();
        let facts = look(Model::default(), *parameter, path.to_str().unwrap()).unwrap();
        let all = facts.refused_elsewhere.iter().chain(&facts.beyond);
        let told: Vec<String> = all.map(ToString::to_string).collect();
        let told = told.join("; ");
        assert_eq!(told.is_empty(), expected.is_empty(), "{told}");
        assert!(told.contains(expected), "{told} has no {expected}");
    }
}

#[test]
fn a_picture_beyond_what_others_report_is_taken_with_its_own_figures() {
    let heic = [
        b"\0\0\0\x18ftypheic".as_slice(),
        &[0; 12],
        b"\0\0\0\x10meta\0\0\0\0\0\0\0\0\0\0\0\x08mdat",
    ]
    .concat();
    let avif = [
        b"\0\0\0\x18ftypavif".as_slice(),
        &[0; 12],
        b"\0\0\0\x10meta\0\0\0\0\0\0\0\0\0\0\0\x08mdat",
    ]
    .concat();
    let image = Parameter::Images;
    are_told_of(&[
        (image, png(300, 750), ""),
        (
            image,
            png(200, 150),
            "has 200×150 pixels, and others report 300 to 6000 a side",
        ),
        (
            Parameter::FirstFrame,
            png(900, 300),
            "is 3.00 times as wide as it is high, and others report 0.4 to 2.5",
        ),
        (
            image,
            heic,
            "is HEIC, which others report as refused: convert it to JPEG",
        ),
        (
            image,
            avif,
            "is AVIF, which others report as refused: convert it to PNG",
        ),
        (
            image,
            headed(b"GIF89a"),
            "is GIF, which others report as refused: convert it to PNG",
        ),
        (
            Parameter::LastFrame,
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
            "is SVG, which others report as refused: convert it to PNG",
        ),
    ]);
}

#[test]
fn a_video_or_sound_beyond_what_others_report_is_taken_with_its_own_figures() {
    let mut opus = b"OggS".to_vec();
    opus.resize(28, 0);
    opus.extend(b"OpusHead");
    let (video, audio) = (Parameter::Videos, Parameter::Audios);
    are_told_of(&[
        (video, mp4(864, 496), ""),
        (
            video,
            mp4(320, 180),
            "has 320×180 pixels, and others report 480p to 1080p",
        ),
        (
            video,
            headed(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"),
            "is WebM, and others report that only MP4 or MOV is accepted: convert it to MP4",
        ),
        (
            video,
            headed(
                b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x23\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x88matroska",
            ),
            "is MKV, and others report that only MP4 or MOV is accepted: convert it to MP4",
        ),
        (
            video,
            headed(b"RIFF\0\0\0\0AVI LIST"),
            "is AVI, and others report that only MP4 or MOV is accepted",
        ),
        (audio, wav(4000), ""),
        (
            audio,
            wav(1200),
            "lasts 1.2 s, and others report 2 s as the least",
        ),
        (
            audio,
            headed(&opus),
            "is Opus, and others report that only MP3 or WAV is accepted: convert it to MP3",
        ),
        (
            audio,
            include_bytes!("../../../tests/clips/three.ogg").to_vec(),
            "is Ogg, and others report that only MP3 or WAV is accepted",
        ),
        (
            audio,
            include_bytes!("../../../tests/clips/three.m4a").to_vec(),
            "is M4A, and others report that only MP3 or WAV is accepted",
        ),
        (
            audio,
            include_bytes!("../../../tests/clips/one.flac").to_vec(),
            "is FLAC, and others report that only MP3 or WAV is accepted",
        ),
    ]);
}

/// Another model has other limits for the same file.
#[test]
fn a_sound_of_twenty_seconds_is_refused_for_one_model_and_fine_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("l.wav");
    std::fs::write(&path, wav(20_000)).unwrap();
    let facts = |slug: &str| {
        look(
            Model::offered(slug).unwrap(),
            Parameter::Audios,
            path.to_str().unwrap(),
        )
    };
    assert!(facts("seedance-2.0").is_err());
    assert_eq!(facts("seedance-2.5").unwrap().beyond, []);
    std::fs::write(&path, wav(31_000)).unwrap();
    assert_eq!(facts("seedance-2.5").unwrap().beyond.len(), 1);
}
