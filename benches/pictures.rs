//! Measures what looking at takes costs: the first still of a saved 480p take, the next frame, a step back, a wall of
//! thumbnails from the cache, as pictures and in cells, and the waveform.
//!
//! `cargo bench --bench pictures` prints the median and the worst of some runs. The takes are animatics of 10 s. The
//! goals on a quiet machine are 60 ms, 20 ms, and 100 ms for the wall of eight takes with five pictures each.

use std::fs::File;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rushes::animatic::{self, Attached};
use rushes::media::cells::{self, Look};
use rushes::media::{Cancel, Thumbnails, Video, Wanted, wave};
use rushes::model::{Model, Request};
use rushes::service::shots::{moments, of_prompt};
use serde_json::json;

const RUNS: usize = 15;
const TAKES: u32 = 8;
const SCRIPT: &str = "A night drive.\nShot 1 | 0s–2s\nMedium shot. Two drivers in the car.\nShot 2 | 2s–4s\nWide shot. She \
                      sits on the door.\nShot 3 | 4s–7s\nTracking shot. Neon blurs behind.\nShot 4 | 7s–10s\nHe says, \
                      \"We never left.\"";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut takes: Vec<(PathBuf, String)> = Vec::new();
    for seed in 0..TAKES {
        let body = json!({
            "prompt": SCRIPT, "duration": 10, "resolution": "480p", "aspect_ratio": "16:9",
            "generate_audio": true, "seed": seed,
        });
        let request = Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(1));
        let request = request.map_err(|invalid| format!("{invalid:?}"))?;
        let path = folder.path().join(format!("{seed}.mp4"));
        let rendered = animatic::render(&request, &Attached::default(), &mut File::create(&path)?)?;
        takes.push((path, rendered.sha256));
    }
    let (cancel, video) = (Cancel::new(), &takes[0].0);
    let wanted = Wanted {
        fit: Some((320, 320)),
        bytes: None,
    };
    let moments = moments(&of_prompt(SCRIPT, 10_000));
    print("first still, at 0 s", || {
        Video::open(video, &wanted)?.at(0, &cancel)?;
        Ok(())
    })?;
    print("first still, at 5.5 s", || {
        Video::open(video, &wanted)?.at(5500, &cancel)?;
        Ok(())
    })?;
    let mut open = Video::open(video, &wanted)?;
    open.at(2000, &cancel)?;
    print("next frame", || {
        open.next(&cancel)?.ok_or("the video is over")?;
        Ok(())
    })?;
    print("frame before, kept", || {
        open.previous(&cancel)?.ok_or("no frame before")?;
        Ok(())
    })?;
    print("frame before, decoded again", || {
        open.at(5500, &cancel)?;
        open.previous(&cancel)?.ok_or("no frame before")?;
        Ok(())
    })?;
    let cache = folder.path().join("cache");
    let make = || {
        let thumbnails = Thumbnails::new(&cache, 200_000_000);
        for (path, sha256) in &takes {
            assert_eq!(
                thumbnails.of(sha256, path, &moments, &cancel)?.len(),
                moments.len()
            );
        }
        Ok(())
    };
    let started = Instant::now();
    make()?;
    println!(
        "{:<32} {:>9.1?}",
        "thumbnails of 8 takes, made",
        started.elapsed()
    );
    let bytes: u64 = std::fs::read_dir(cache.join("thumbnails"))?
        .map(|entry| Ok(entry?.metadata()?.len()))
        .sum::<std::io::Result<u64>>()?;
    println!("{:<32} {:>6} kB", "their files", bytes / 1000);
    print("wall of 8 × 5, from the cache", make)?;
    for (columns, rows) in [(14, 4), (28, 8)] {
        let what = format!("the same, drawn in {columns}×{rows} cells");
        print(&what, || {
            let thumbnails = Thumbnails::new(&cache, 200_000_000);
            for (path, sha256) in &takes {
                for (_, picture) in thumbnails.of(sha256, path, &moments, &cancel)? {
                    black_box(cells::draw(&picture, columns, rows, Look::default()));
                }
            }
            Ok(())
        })?;
    }
    print("waveform of 10 s", || {
        wave(video, 160, &cancel)?.ok_or("no sound")?;
        Ok(())
    })?;
    Ok(())
}

fn print(what: &str, mut run: impl FnMut() -> Outcome<()>) -> Outcome<()> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        run()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    println!(
        "{what:<32} median {:>9.1?}  worst {:>9.1?}",
        times[RUNS / 2],
        times[RUNS - 1]
    );
    Ok(())
}
