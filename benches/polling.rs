//! Compares polls and detection lag of the engine's schedule with polling every second.
//!
//! `cargo bench --bench polling` prints, for takes whose times are spread as Segmind's (log-normal around the
//! published average), how many polls each needs and how long after its end it is noticed. Seeded: the same
//! figures every time.

use std::time::Duration;

use rushes::engine::{jittered, poll_interval::Schedule};
use rushes::model::Expectation;

const TAKES: usize = 10_000;
const SEED: u64 = 2026;

struct Figures {
    polls: Vec<f64>,
    lags: Vec<f64>,
}

/// Whole milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few minutes fit"
)]
fn millis(seconds: f64) -> u64 {
    (seconds * 1000.0) as u64
}

fn main() {
    println!("{TAKES} takes, seed {SEED}; polls of a take, and seconds from its end to its notice");
    for (name, median, spread) in [
        ("720p, 189 s", 189.0, 0.25),
        ("480p, 120 s", 120.0, 0.25),
        ("sandbox, 6 s", 6.0, 0.25),
    ] {
        let mut random = fastrand::Rng::with_seed(SEED);
        let times: Vec<f64> = (0..TAKES)
            .map(|_| median * (spread * normal(&mut random)).exp())
            .collect();
        let samples: Vec<u64> = times.iter().take(50).map(|t| millis(*t)).collect();
        let own = Expectation::of_times(samples, "like it").unwrap_or_else(|| Expectation::around(0, ""));
        let wide = Expectation::around(millis(median), "");
        println!("\n{name} (log-normal, sigma {spread})");
        report(
            "schedule, own history",
            run(&times, &mut random, |at| Schedule::around(&own).pause(at)),
        );
        report(
            "schedule, no history",
            run(&times, &mut random, |at| Schedule::around(&wide).pause(at)),
        );
        report(
            "every second",
            run(&times, &mut random, |_| Duration::from_secs(1)),
        );
    }
}

fn run(times: &[f64], random: &mut fastrand::Rng, pause: impl Fn(Duration) -> Duration) -> Figures {
    let mut figures = Figures {
        polls: Vec::new(),
        lags: Vec::new(),
    };
    for end in times {
        let (mut at, mut polls) = (Duration::ZERO, 0.0);
        while at.as_secs_f64() < *end {
            at += jittered(pause(at), random);
            polls += 1.0;
        }
        figures.polls.push(polls);
        figures.lags.push(at.as_secs_f64() - end);
    }
    figures
}

fn report(name: &str, mut figures: Figures) {
    let (polls, lags) = (spread(&mut figures.polls), spread(&mut figures.lags));
    println!(
        "  {name:<22} polls: median {:>5.0}, p90 {:>5.0}   lag: median {:>5.2} s, p90 {:>5.2} s",
        polls.0, polls.1, lags.0, lags.1
    );
}

fn spread(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[values.len() * 9 / 10])
}

/// A standard normal number (Box and Muller).
fn normal(random: &mut fastrand::Rng) -> f64 {
    let (a, b) = (random.f64().max(f64::MIN_POSITIVE), random.f64());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}
