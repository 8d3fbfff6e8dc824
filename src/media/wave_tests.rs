//! Waves of made sounds: silence, tones, clipping, none, and files that are cut off.

use std::path::PathBuf;

use tempfile::TempDir;

use super::super::samples::{Bars, converted};
use super::*;

const RATE: u32 = 48_000;

/// A sine of this amplitude and frequency.
fn sine(amplitude: f64, hertz: f64, ms: u32) -> Vec<i16> {
    let sample = |n: u32| {
        let turn = f64::from(n) * hertz * std::f64::consts::TAU / f64::from(RATE);
        #[expect(clippy::cast_possible_truncation, reason = "within 16 bits")]
        let sample = (amplitude * turn.sin() * 32_767.0) as i16;
        sample
    };
    (0..ms * (RATE / 1000)).map(sample).collect()
}

fn quiet(ms: u32) -> Vec<i16> {
    vec![0; (ms * (RATE / 1000)) as usize]
}

/// A video of 3 s with this sound.
fn video(parts: &[Vec<i16>]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let mut bars = Bars::new(32, 32, 72);
    bars.samples = Some(parts.concat());
    let path = bars.save(folder.path(), "sound.mp4");
    (folder, path)
}

fn measured(parts: &[Vec<i16>], columns: usize) -> Wave {
    let (_folder, path) = video(parts);
    wave_with(&path, columns, &Cancel::new(), "/nowhere/ffmpeg")
        .unwrap()
        .unwrap()
}

#[test]
fn a_tone_has_its_level_in_every_column() {
    let wave = measured(&[sine(0.1, 1000.0, 3000)], 30);
    assert_eq!((wave.duration_ms, wave.columns.len()), (3000, 30));
    for (at, column) in wave.columns.iter().enumerate().skip(2).take(26) {
        assert!((column.rms_dbfs + 23.0).abs() < 1.0, "column {at}: {column:?}");
        assert!(
            (column.max - 0.1).abs() < 0.03 && (column.min + 0.1).abs() < 0.03,
            "column {at}: {column:?}"
        );
    }
    assert!((wave.peak_dbfs + 20.0).abs() < 3.0, "{}", wave.peak_dbfs);
    // A sine of 1 kHz in one channel is as loud as its level, by the K weighting (ITU-R BS.1770, annex 1).
    let lufs = wave.loudness_lufs.unwrap();
    assert!((lufs + 23.0).abs() < 1.0, "{lufs}");
    assert_eq!((wave.silences, wave.clipping), (vec![], vec![]));
}

#[test]
fn silence_is_found_where_it_is() {
    let wave = measured(&[sine(0.3, 440.0, 1000), quiet(1000), sine(0.3, 440.0, 1000)], 3);
    let [silence] = wave.silences[..] else {
        panic!("{:?}", wave.silences);
    };
    assert!(
        silence.start_ms.abs_diff(1000) < 60 && silence.end_ms.abs_diff(2000) < 60,
        "{silence:?}"
    );
    let short = measured(&[sine(0.3, 440.0, 1000), quiet(300), sine(0.3, 440.0, 1700)], 3);
    assert_eq!(short.silences, []);
}

#[test]
fn a_track_of_nothing_is_silent_as_a_whole_and_so_is_what_follows_a_short_one() {
    let wave = measured(&[quiet(3000)], 5);
    let whole = Stretch {
        start_ms: 0,
        end_ms: 3000,
    };
    assert_eq!(wave.silences, [whole]);
    assert_eq!((wave.loudness_lufs, wave.clipping.len()), (None, 0));
    assert!(
        wave.columns.iter().all(|column| column.rms_dbfs < -90.0),
        "{wave:?}"
    );
    let short = measured(&[sine(0.3, 440.0, 1000)], 6);
    let [rest] = short.silences[..] else {
        panic!("{:?}", short.silences);
    };
    assert!(
        rest.start_ms.abs_diff(1000) < 60 && rest.end_ms == 3000,
        "{rest:?}"
    );
}

#[test]
fn a_square_wave_at_full_scale_is_clipped_and_a_loud_tone_is_not() {
    let square: Vec<i16> = (0..RATE)
        .map(|n| {
            if (n / 120).is_multiple_of(2) {
                i16::MAX
            } else {
                i16::MIN
            }
        })
        .collect();
    let wave = measured(&[sine(0.5, 440.0, 1000), square, sine(0.5, 440.0, 1000)], 10);
    assert!(!wave.clipping.is_empty());
    for clip in &wave.clipping {
        assert!(clip.start_ms > 940 && clip.end_ms < 2060, "{clip:?}");
    }
    assert!(wave.peak_dbfs > -0.1);
}

#[test]
fn no_track_is_no_wave_and_cancelling_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(32, 32, 24).save(folder.path(), "mute.mp4");
    assert_eq!(wave(&path, 10, &Cancel::new()).unwrap(), None);
    let (_folder, path) = video(&[quiet(3000)]);
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(wave(&path, 10, &cancel).unwrap_err().is_cancelled());
}

#[test]
fn a_file_that_is_cut_off_or_gone_says_so() {
    let (folder, path) = video(&[sine(0.3, 440.0, 3000)]);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 500]).unwrap();
    let error = wave(&path, 10, &Cancel::new()).unwrap_err();
    assert!(error.to_string().contains("sound.mp4 ends early"), "{error}");
    let gone = folder.path().join("gone.mp4");
    let error = wave(&gone, 10, &Cancel::new()).unwrap_err();
    assert!(error.to_string().contains("gone.mp4 is not there"), "{error}");
}

#[test]
fn damaged_sound_is_named_where_there_is_no_ffmpeg() {
    let (_folder, path) = video(&[sine(0.3, 440.0, 3000)]);
    let mut bytes = std::fs::read(&path).unwrap();
    // Another object type in the decoder's configuration, which the built-in decoder does not know.
    let at = bytes.windows(4).position(|four| four == b"esds").unwrap();
    let config = bytes[at..]
        .windows(2)
        .position(|two| two[0] == 0x05 && two[1] & 0x7f <= 5)
        .unwrap();
    bytes[at + config + 2] = 17 << 3;
    std::fs::write(&path, bytes).unwrap();
    let error = wave_with(&path, 10, &Cancel::new(), "/nowhere/ffmpeg").unwrap_err();
    assert!(error.to_string().contains("install ffmpeg"), "{error}");
}

/// A reader of a clip that another program made.
#[test]
fn the_sound_of_another_program_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips/three.m4a");
    let wave = wave_with(&path, 8, &Cancel::new(), "/nowhere/ffmpeg")
        .unwrap()
        .unwrap();
    assert!(wave.duration_ms.abs_diff(3000) < 200, "{}", wave.duration_ms);
}

/// Another program's encoder with an edit list that hides its delay, and a codec that only ffmpeg knows.
#[test]
fn other_encoders_and_codecs_are_measured_alike() {
    let parts = [sine(0.3, 440.0, 1000), quiet(1000), sine(0.1, 440.0, 1000)];
    let (_folder, path) = video(&parts);
    for options in [
        &["-c:v", "copy", "-c:a", "aac", "-b:a", "128k"][..],
        &["-c:v", "copy", "-c:a", "aac", "-ac", "2", "-ar", "44100"],
        &["-c:v", "copy", "-c:a", "ac3"],
    ] {
        let Some(other) = converted(&path, options) else {
            continue;
        };
        let wave = wave(&other, 30, &Cancel::new()).unwrap().unwrap();
        // ffmpeg makes one channel quieter by 3 dB when it makes two of it.
        let quieter = if options.contains(&"-ac") { 3.0 } else { 0.0 };
        for (column, dbfs) in [(5, -13.5), (25, -23.0)] {
            let off = wave.columns[column].rms_dbfs - (dbfs - quieter);
            assert!(off.abs() < 1.5, "{options:?}: column {column} is off by {off}");
        }
        assert!(
            wave.columns[15].rms_dbfs < SILENT_BELOW_DBFS,
            "{options:?}: {:?}",
            wave.columns[15]
        );
        let [silence] = wave.silences[..] else {
            panic!("{options:?}: {:?}", wave.silences);
        };
        let off = silence.start_ms.abs_diff(1000).max(silence.end_ms.abs_diff(2000));
        assert!(off < 60, "{options:?}: {silence:?}");
    }
}
