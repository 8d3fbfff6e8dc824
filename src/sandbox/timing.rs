//! Decides how long a generation waits and renders: spread like the real thing, fixed by the request's id.

use std::time::Duration;

use crate::model::{Expectation, Model, Resolution};

/// How fast the sandbox works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// About 6 s for a draft (480p) and 12 s for a final (720p), divided by the number.
    Scaled(f64),
    /// As long as the provider takes.
    Real,
}

impl Pace {
    /// Whether the speed is a positive number.
    pub(super) fn is_usable(self) -> bool {
        match self {
            Self::Scaled(speed) => speed.is_finite() && speed > 0.0,
            Self::Real => true,
        }
    }
}

/// The two phases of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phases {
    pub queue: Duration,
    pub render: Duration,
}

/// Relative width of the spread: nine in ten lie within two thirds and one and a half times the middle.
const SPREAD: f64 = 0.22;

/// The plan of the request with this id: the same id has the same plan.
pub(super) fn plan(pace: Pace, model: Model, resolution: Resolution, request_id: &str) -> Phases {
    let mut random = fastrand::Rng::with_seed(seed_of(request_id));
    let (queue_s, render_s) = middle(pace, model, resolution);
    Phases {
        queue: seconds(queue_s * (0.5 + random.f64())),
        render: seconds(render_s * factor(&mut random)),
    }
}

/// How long a take renders at the sandbox's usual speed, in seconds.
pub fn scaled_seconds(resolution: Resolution) -> f64 {
    if resolution.is_draft() { 6.0 } else { 12.0 }
}

/// Average seconds in the queue and of rendering. The provider's averages (Segmind, model pages) mix all
/// resolutions; we assume a quarter less for a draft and a quarter more for a final.
fn middle(pace: Pace, model: Model, resolution: Resolution) -> (f64, f64) {
    match pace {
        Pace::Scaled(speed) => (0.8 / speed, scaled_seconds(resolution) / speed),
        Pace::Real => {
            let published = Duration::from_millis(Expectation::published(model).p50_ms).as_secs_f64();
            let share = if resolution.is_draft() { 0.75 } else { 1.25 };
            (6.0, published * share - 6.0)
        }
    }
}

/// A log-normal factor of mean 1, its tails cut.
fn factor(random: &mut fastrand::Rng) -> f64 {
    let (a, b) = (1.0 - random.f64(), random.f64());
    let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
    (SPREAD * normal - SPREAD * SPREAD / 2.0).exp().clamp(0.55, 2.0)
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn seed_of(request_id: &str) -> u64 {
    request_id
        .get(..16)
        .and_then(|head| u64::from_str_radix(head, 16).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renders(pace: Pace, model: Model, resolution: Resolution) -> Vec<f64> {
        let mut random = fastrand::Rng::with_seed(11);
        (0..2000)
            .map(|_| format!("{:032x}", random.u128(..)))
            .map(|id| plan(pace, model, resolution, &id))
            .map(|plan| (plan.queue + plan.render).as_secs_f64())
            .collect()
    }

    fn mean(values: &[f64]) -> f64 {
        let count = u32::try_from(values.len()).unwrap();
        values.iter().sum::<f64>() / f64::from(count)
    }

    #[test]
    fn the_same_id_has_the_same_plan_and_others_differ() {
        let plan_of = |id: &str| plan(Pace::Real, Model::default(), Resolution::P480, id);
        let (one, two) = (
            "0123456789abcdef0123456789abcdef",
            "1123456789abcdef0123456789abcdef",
        );
        assert_eq!(plan_of(one), plan_of(one));
        assert_ne!(plan_of(one), plan_of(two));
    }

    #[test]
    fn drafts_take_half_as_long_as_finals_with_a_spread() {
        let drafts = renders(Pace::Scaled(1.0), Model::default(), Resolution::P480);
        let finals = renders(Pace::Scaled(1.0), Model::default(), Resolution::P720);
        assert!((mean(&drafts) - 6.8).abs() < 0.3, "{}", mean(&drafts));
        assert!((mean(&finals) - 12.8).abs() < 0.5, "{}", mean(&finals));
        let spread = |of: &[f64]| {
            of.iter().copied().fold(0.0, f64::max) - of.iter().copied().fold(f64::INFINITY, f64::min)
        };
        assert!(spread(&drafts) > 3.0 && drafts.iter().all(|s| (3.0..14.0).contains(s)));
        let quick = renders(Pace::Scaled(50.0), Model::default(), Resolution::P480);
        assert!((mean(&quick) * 50.0 - mean(&drafts)).abs() < 0.01);
    }

    #[test]
    fn the_real_pace_averages_what_the_provider_publishes() {
        for (model, average) in [
            (Model::default(), 189.3),
            ("seedance-2.0-fast".parse().unwrap(), 116.9),
            ("seedance-2.0-mini".parse().unwrap(), 158.9),
        ] {
            let both = [Resolution::P480, Resolution::P720].map(|r| mean(&renders(Pace::Real, model, r)));
            let found = mean(&both);
            assert!((found - average).abs() < average * 0.03, "{model}: {found}");
        }
    }
}
