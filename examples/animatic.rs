//! Renders one animatic: `animatic OUT.mp4 [RESOLUTION RATIO SECONDS on|off SEED [PROMPT]]`.

use std::fs::File;
use std::io::BufWriter;

use color_eyre::eyre::{Result, eyre};
use rushes::model::{Model, Request};
use rushes::sandbox::animatic;
use serde_json::json;

const PROMPT: &str = "A night drive in a red convertible.\n\
    Shot 1 | 0s–2s\nMedium shot, static camera. Two drivers in the parked car, in profile, cold faces, dark tones.\n\
    Shot 2 | 2s–4s\nWide shot. She sits on the door, he leans on the fender. Hard cut.\n\
    Shot 3 | 4s–9s\nSide tracking shot at the speed of the car. Neon blurs behind.\n\
    Shot 4 | 9s–14s\nFront tracking shot. He says, \"We never left.\"";

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &'static str| given.get(at).map_or(default, String::as_str).to_owned();
    let body = json!({
        "resolution": word(1, "480p"),
        "aspect_ratio": word(2, "16:9"),
        "duration": word(3, "5").parse::<i64>()?,
        "generate_audio": word(4, "on") == "on",
        "seed": word(5, "42").parse::<u32>()?,
        "prompt": word(6, PROMPT),
    });
    let request = Request::from_body(Model::Standard, &body, &mut fastrand::Rng::with_seed(0))
        .map_err(|broken| eyre!("{broken:?}"))?;
    let mut out = BufWriter::new(File::create(word(0, "animatic.mp4"))?);
    let rendered = animatic::render(&request, &mut out)?;
    println!("{rendered:?}");
    Ok(())
}
