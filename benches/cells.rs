//! Prints the milliseconds and bytes of a 480p picture in cells, for each shape and depth at two sizes.

// A bench prints, and one that cannot be set up must stop with an error.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use rushes::animatic::{self, Attached};
use rushes::media::cells::{Canvas, Depth, Look, Shape, encode};
use rushes::media::{Picture, frame_at};
use rushes::model::{Model, Request};
use serde_json::json;

/// Each figure is the fastest of this many runs.
const TRIES: usize = 20;

/// A picture of an animatic, with grain as of a camera.
fn picture() -> Picture {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("video.mp4");
    let prompt = "Shot 1 | 0s–4s\nWide shot, pan right. She sits on the door, he leans on the fender.";
    let body =
        json!({"prompt": prompt, "duration": 4, "resolution": "480p", "generate_audio": false, "seed": 42});
    let request = Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(0));
    let mut file = std::fs::File::create(&path).expect("a file");
    let request = request.expect("a legal request");
    animatic::render(&request, &Attached::default(), &mut file).expect("rendered");
    let mut picture = frame_at(&path, 2000).expect("a picture");
    let mut grain = fastrand::Rng::with_seed(7);
    for sample in &mut picture.rgb {
        *sample = sample.saturating_add(grain.u8(0..24));
    }
    picture
}

fn fastest(mut work: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..TRIES).map(once).fold(f64::INFINITY, f64::min)
}

fn main() {
    let picture = picture();
    println!("{}×{}", picture.width, picture.height);
    for (columns, rows) in [(80, 22), (120, 40)] {
        let scale = fastest(|| drop(black_box(Canvas::of(black_box(&picture), columns, rows))));
        println!("{columns}×{rows}: scaled in {scale:.1} ms");
        let canvas = Canvas::of(&picture, columns, rows);
        for depth in [Depth::Truecolor, Depth::Ansi256, Depth::Ansi16, Depth::None] {
            for shape in [Shape::Half, Shape::Quadrant, Shape::Sextant, Shape::Ascii] {
                let figures = [false, true].map(|is_fast| {
                    let thrift = Look::THRIFT;
                    let look = Look {
                        shape,
                        depth,
                        is_fast,
                        thrift,
                    };
                    let ms = fastest(|| drop(black_box(canvas.draw(black_box(look)))));
                    (ms, encode(&canvas.draw(look)).len())
                });
                let [(best, bytes), (fast, fast_bytes)] = figures;
                println!(
                    "  {depth:<10} {shape:<9} {best:5.1} ms {bytes:6} bytes   fast {fast:5.1} ms {fast_bytes:6} bytes",
                    depth = format!("{depth:?}"),
                    shape = format!("{shape:?}"),
                );
            }
        }
    }
}
