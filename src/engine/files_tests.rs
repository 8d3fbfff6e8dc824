//! Local references: looked at, refused with a next step, completed.

use super::*;

/// A silent WAV of so many milliseconds: 8 kHz, one channel, 8 bits.
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

/// A pipe that nobody writes to keeps whoever opens it waiting for ever.
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
        std::thread::spawn(move || answer.send(look(Field::Images, &asked)));
        // The time-out only ends a test that has failed.
        let looked = looked.recv_timeout(std::time::Duration::from_secs(10));
        let error = looked.expect("it waits for a writer").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{name} is {what}, reference_images takes a picture: give a file or an http(s) address")
        );
    }
}

/// Every reader of these errors sets the next step apart at the last colon.
#[test]
fn every_error_ends_in_its_next_step() {
    let path = PathBuf::from("a: b.mp4");
    let field = Field::Videos;
    let length = |millis| FileError::WrongLength {
        field,
        path: path.clone(),
        millis,
        accepted: VIDEO_MS,
    };
    let errors = [
        FileError::Unreadable {
            field,
            path: path.clone(),
            error: std::io::Error::other("os: gone"),
        },
        FileError::NotAFile {
            field,
            path: path.clone(),
            found: "a folder",
        },
        FileError::WrongKind {
            field,
            path: path.clone(),
            found: "image/png".into(),
        },
        FileError::TooLarge {
            field,
            path: path.clone(),
            bytes: 51 * MIB,
            most: 50 * MIB,
        },
        length(16_400),
        length(900),
    ];
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
                "cannot read a: b.mp4 for reference_videos (os: gone)",
                "give a readable file or an http(s) address"
            ),
            (
                "a: b.mp4 is a folder, reference_videos takes a video",
                "give a file or an http(s) address"
            ),
            (
                "a: b.mp4 is image/png, reference_videos takes a video",
                "give another file"
            ),
            (
                "a: b.mp4 has 51 MiB, reference_videos takes at most 50 MiB",
                "make it smaller"
            ),
            (
                "a: b.mp4 lasts 16.4 s, reference_videos takes 2 to 15 s",
                "cut it"
            ),
            (
                "a: b.mp4 lasts 0.9 s, reference_videos takes 2 to 15 s",
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
    let facts = look(Field::Audios, short.to_str().unwrap()).unwrap();
    assert_eq!((facts.millis, facts.bytes), (Some(4000), 32_044));
    let error = look(Field::Audios, long.to_str().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("lasts 16.0 s, reference_audios takes 0 to 15 s: cut it"),
        "{error}"
    );
    let error = look(Field::Images, short.to_str().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("reference_images takes a picture: give another file"),
        "{error}"
    );
    let error = look(Field::Images, "/nowhere/at/all.png").unwrap_err();
    assert!(matches!(error, FileError::Unreadable { .. }), "{error}");
}
