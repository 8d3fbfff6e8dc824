//! Clips joined, given a request, and read back. The reader of rushes judges videos of its own everywhere, and ffprobe with
//! it where it is installed. Clips that ffmpeg makes are judged by ffprobe and ffmpeg, where these are.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rushes::animatic::{Attached, render};
use rushes::media::{Cancel, JoinError, Picture, Video, Wanted, embed, extract, inspect, join, last_frame};
use rushes::model::{Model, Request};

/// A tone of a tenth of a second begins this long after a video does.
const TONE_AT: f64 = 0.5;
const RATE: f64 = 48_000.0;

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("-version").output().is_ok()
}

struct Bench(tempfile::TempDir);

impl Bench {
    /// `None` where the programs are missing.
    fn new() -> Option<Self> {
        if is_installed("ffmpeg") && is_installed("ffprobe") {
            println!("judged by ffprobe and ffmpeg");
            return Some(Self(tempfile::tempdir().unwrap()));
        }
        println!("not judged: ffmpeg and ffprobe, which make and judge these videos, are not installed");
        None
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn ffmpeg(&self, words: &str) -> Vec<u8> {
        let output = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error"])
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && complaints.is_empty(),
            "{words}: {complaints}"
        );
        output.stdout
    }

    /// A video with pictures that wait for others, and stereo sound that is silent but for the tone.
    fn video(&self, name: &str, seconds: &str, codec: &str) -> PathBuf {
        let tone = format!("if(between(t,{TONE_AT},0.6),0.5*sin(5530*t),0)");
        self.ffmpeg(&format!(
            "-f lavfi -i testsrc2=size=320x240:rate=24:duration={seconds} \
             -f lavfi -i aevalsrc='{tone}|{tone}':s=48000:d={seconds} \
             -c:v {codec} -bf 2 -g 24 -pix_fmt yuv420p -c:a aac -b:a 128k {name}"
        ));
        self.path(name)
    }

    fn probe(&self, path: &Path, stream: &str, field: &str) -> String {
        let output = Command::new("ffprobe")
            .args([
                "-v",
                "error",
                "-count_frames",
                "-select_streams",
                stream,
                "-show_entries",
            ])
            .args([&format!("stream={field}"), "-of", "default=nw=1:nk=1"])
            .arg(path)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && complaints.is_empty(),
            "{}: {complaints}",
            path.display()
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn number(&self, path: &Path, stream: &str, field: &str) -> f64 {
        self.probe(path, stream, field).parse().unwrap()
    }

    /// When the tones of a video begin, in seconds, by the times that the video gives its sound.
    fn tones(&self, path: &Path) -> Vec<f64> {
        let sound = self.ffmpeg(&format!(
            "-i {} -vn -af aresample=async=1:min_hard_comp=0.005:first_pts=0 -ac 1 -ar 48000 -f s16le -",
            path.display()
        ));
        let samples: Vec<i16> = sound
            .chunks_exact(2)
            .map(|two| i16::from_le_bytes([two[0], two[1]]))
            .collect();
        let mut tones: Vec<f64> = Vec::new();
        for (at, sample) in (0_u32..).zip(samples) {
            let at = f64::from(at) / RATE;
            if sample.unsigned_abs() > 3000 && tones.last().is_none_or(|last| at - last > 0.3) {
                tones.push(at);
            }
        }
        tones
    }
}

/// A video with sound that rushes draws itself, with every picture of it.
fn own_video(bench: &Bench, seconds: u32, seed: u32) -> (PathBuf, Vec<Picture>) {
    let body = serde_json::json!({
        "prompt": "A kite climbs over the dunes.", "duration": seconds, "resolution": "480p", "aspect_ratio": "1:1",
        "generate_audio": true, "seed": seed,
    });
    let mut random = fastrand::Rng::with_seed(1);
    let request = Request::from_body(Model::default(), &body, &mut random).unwrap();
    let path = bench.path(&format!("own-{seed}.mp4"));
    render(
        &request,
        &Attached::default(),
        &mut fs::File::create(&path).unwrap(),
    )
    .unwrap();
    let pictures = pictures(&path);
    (path, pictures)
}

fn pictures(path: &Path) -> Vec<Picture> {
    let mut video = Video::open(path, &Wanted::default()).unwrap();
    let cancel = Cancel::new();
    let frames = video.pictures(&cancel);
    frames.map(|frame| frame.unwrap().1).collect()
}

#[test]
fn videos_of_our_own_are_joined_and_get_a_request_on_every_machine() {
    let bench = Bench(tempfile::tempdir().unwrap());
    let (one, first) = own_video(&bench, 4, 7);
    let (two, second) = own_video(&bench, 5, 8);
    let hashes = || [&one, &two].map(|path| fs::read(path).unwrap());
    let before = hashes();
    let both = bench.path("both.mp4");
    let told = join(&[one.clone(), two.clone()], &both).unwrap();
    let copy = bench.path("copy.mp4");
    embed(&both, "{\"prompt\":\"A kite.\"}", &copy).unwrap();
    assert!(before == hashes(), "what is joined is not altered");
    assert_eq!(extract(&both).unwrap(), None);
    assert_eq!(
        extract(&copy).unwrap().as_deref(),
        Some("{\"prompt\":\"A kite.\"}")
    );
    for video in [&both, &copy] {
        let info = inspect(video).unwrap();
        assert_eq!((info.frames, info.duration_ms), (216, 9000));
        assert_eq!((info.frames, info.duration_ms), (told.frames, told.duration_ms));
        assert!(info.audio_codec.as_deref() == Some("aac") && told.has_sound);
        let shown = pictures(video);
        assert!(
            shown.iter().eq(first.iter().chain(&second)),
            "every picture is as it was in its own video"
        );
        assert_eq!(last_frame(video).unwrap(), second[second.len() - 1]);
    }
    if !is_installed("ffprobe") {
        return println!("judged by the reader of rushes; ffprobe is not installed");
    }
    for video in [&both, &copy] {
        assert_eq!(bench.probe(video, "v:0", "nb_read_frames"), "216");
        assert!((bench.number(video, "v:0", "duration") - 9.0).abs() < 0.001);
    }
    println!("judged by the reader of rushes and by ffprobe");
}

fn joined(bench: &Bench, parts: &[&PathBuf]) -> PathBuf {
    let videos: Vec<PathBuf> = parts.iter().map(|path| (*path).clone()).collect();
    let before: Vec<Vec<u8>> = videos.iter().map(|path| fs::read(path).unwrap()).collect();
    let to = bench.path(&format!("joined-{}.mp4", fastrand::u32(..)));
    join(&videos, &to).unwrap();
    assert_eq!(
        before,
        videos
            .iter()
            .map(|path| fs::read(path).unwrap())
            .collect::<Vec<_>>()
    );
    // Every picture and sound decodes without a complaint.
    bench.ffmpeg(&format!("-i {} -f null -", to.display()));
    to
}

#[test]
fn videos_are_joined_as_others_read_them() {
    let Some(bench) = Bench::new() else { return };
    let parts = [
        bench.video("a.mp4", "2.5", "libx264"),
        bench.video("b.mp4", "1.7", "libx264"),
        bench.video("c.mp4", "1.2", "libx264"),
    ];
    let [a, b, c] = &parts;
    let all = bench.ffmpeg("-i a.mp4 -f rawvideo -pix_fmt rgb24 -");
    let last = all.rchunks(320 * 240 * 3).next().unwrap();
    assert!(difference(&last_frame(a).unwrap().rgb, last) < 4);
    // Cut without decoding: an edit list hides pictures and sound from before the cut.
    bench.ffmpeg("-ss 0.3 -i a.mp4 -c copy cut.mp4");
    let cut = &bench.path("cut.mp4");
    for videos in [vec![a, b, c, a], vec![a, cut, b], vec![cut, cut, a]] {
        let video = joined(&bench, &videos);
        let sum = |field: &str| -> f64 { videos.iter().map(|path| bench.number(path, "v:0", field)).sum() };
        assert!((bench.number(&video, "v:0", "nb_frames") - sum("nb_frames")).abs() < 0.5);
        let seen = bench.number(&video, "v:0", "nb_read_frames");
        assert!(
            (seen - sum("nb_read_frames")).abs() < 0.5,
            "what is hidden stays hidden"
        );
        let ours: u32 = videos.iter().map(|path| inspect(path).unwrap().frames).sum();
        assert_eq!(inspect(&video).unwrap().frames, ours);
        let lengths: Vec<f64> = videos.iter().map(|path| shown_seconds(path)).collect();
        let whole: f64 = lengths.iter().sum();
        assert!((shown_seconds(&video) - whole).abs() < 1.0 / 24.0, "{whole}");
        assert!(
            (bench.number(&video, "v:0", "duration") - whole).abs() < 1.0 / 24.0,
            "{whole}"
        );
        // Each part's tone is as far behind the part's beginning as in its own video.
        let tones = bench.tones(&video);
        assert_eq!(tones.len(), videos.len(), "{tones:?}");
        let mut start = 0.0;
        for ((path, length), tone) in videos.iter().zip(&lengths).zip(tones) {
            let own = bench.tones(path)[0];
            let off = tone - start - own;
            assert!(off.abs() <= 1024.0 / RATE, "{} is off by {off} s", path.display());
            start += length;
        }
    }
}

fn shown_seconds(path: &Path) -> f64 {
    let ms = u32::try_from(inspect(path).unwrap().duration_ms).unwrap();
    f64::from(ms) / 1000.0
}

/// Mean difference of two pictures' samples.
fn difference(one: &[u8], other: &[u8]) -> u64 {
    assert_eq!(one.len(), other.len());
    let sum: u64 = one
        .iter()
        .zip(other)
        .map(|(one, other)| u64::from(one.abs_diff(*other)))
        .sum();
    sum / one.len() as u64
}

#[test]
fn hevc_is_joined_and_gives_its_last_picture() {
    let Some(bench) = Bench::new() else { return };
    let words = "-f lavfi -i testsrc2=size=320x240:rate=24:duration=1 -c:v libx265 -x265-params log-level=none \
                 -pix_fmt yuv420p -tag:v hvc1";
    bench.ffmpeg(&format!("{words} h.mp4"));
    let video = bench.path("h.mp4");
    let both = joined(&bench, &[&video, &video]);
    assert_eq!(bench.probe(&both, "v:0", "codec_name,nb_read_frames"), "hevc\n48");
    let all = bench.ffmpeg("-i h.mp4 -f rawvideo -pix_fmt rgb24 -");
    let last = all.rchunks(320 * 240 * 3).next().unwrap();
    for path in [&video, &both] {
        assert!(
            difference(&last_frame(path).unwrap().rgb, last) < 2,
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_command_in_the_error_joins_them_all_the_same() {
    let Some(bench) = Bench::new() else { return };
    let large = bench.video("large video's.mp4".replace(' ', "_").as_str(), "1", "libx264");
    bench.ffmpeg("-f lavfi -i testsrc2=size=160x120:rate=30:duration=0.5 -pix_fmt yuv420p small.mp4");
    let to = bench.path("both.mp4");
    let error = join(&[large, bench.path("small.mp4")], &to).unwrap_err();
    let JoinError::Differ {
        command, difference, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(difference.first, "is 320x240 and has sound");
    assert_eq!(difference.second, "is 160x120 and has no sound");
    let ran = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(
        ran.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let info = inspect(&to).unwrap();
    assert_eq!(
        (info.width, info.height, info.frames, info.fps),
        (320, 240, 36, 24.0)
    );
    assert_eq!(info.audio_codec.as_deref(), Some("aac"));
}

#[test]
fn a_copy_with_a_request_is_the_same_video() {
    let Some(bench) = Bench::new() else { return };
    let video = bench.video("a.mp4", "1", "libx264");
    let copy = bench.path("copy.mp4");
    let request = "{\"prompt\":\"A <kite> & a dune\",\"seed\":42}";
    embed(&video, request, &copy).unwrap();
    assert_eq!(extract(&copy).unwrap().as_deref(), Some(request));
    for stream in ["v:0", "a:0"] {
        let fields = "codec_name,nb_frames,nb_read_frames,duration,start_time";
        assert_eq!(
            bench.probe(&video, stream, fields),
            bench.probe(&copy, stream, fields)
        );
    }
    let hash = |name: &str| bench.ffmpeg(&format!("-i {name} -c copy -f md5 -"));
    assert_eq!(hash("a.mp4"), hash("copy.mp4"));
}
