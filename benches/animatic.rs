//! Measures how long it takes to render an animatic, and to find a picture in one.

// A bench that cannot be set up must stop with an error.
#![allow(clippy::expect_used)]

use std::hint::black_box;
use std::io::sink;

use criterion::{Criterion, criterion_group, criterion_main};
use rushes::animatic::{self, Attached};
use rushes::media::{frame_at, shrink};
use rushes::model::{Model, Request};
use serde_json::json;

const PROMPT: &str = "A night drive.\n\
    Shot 1 | 0s–2s\nMedium shot, static camera. Two drivers in the parked car.\n\
    Shot 2 | 2s–5s\nWide shot, pan right. She sits on the door, he leans on the fender.\n\
    Shot 3 | 5s–10s\nSide tracking shot at the speed of the car. Neon blurs behind.";

fn request(resolution: &str) -> Request {
    let body = json!({
        "prompt": PROMPT, "duration": 10, "resolution": resolution, "generate_audio": true, "seed": 42,
    });
    Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(0)).expect("a legal request")
}

fn render(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("animatic 10 s with sound");
    group.sample_size(10);
    for resolution in ["480p", "720p"] {
        let request = request(resolution);
        group.bench_function(resolution, |bencher| {
            bencher.iter(|| {
                animatic::render(black_box(&request), &Attached::default(), &mut sink()).expect("rendered")
            });
        });
    }
}

fn frames(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("video.mp4");
    let mut file = std::fs::File::create(&path).expect("a file");
    animatic::render(&request("480p"), &Attached::default(), &mut file).expect("rendered");
    criterion.bench_function("first frame of 480p", |bencher| {
        bencher.iter(|| frame_at(&path, 0).expect("a picture"));
    });
    let picture = frame_at(&path, 0).expect("a picture");
    criterion.bench_function("480p picture to 80 x 44", |bencher| {
        bencher.iter(|| shrink(black_box(&picture), 80, 44));
    });
}

criterion_group!(benches, render, frames);
criterion_main!(benches);
