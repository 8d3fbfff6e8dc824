//! Ranges of waits, their widening, and when takes of a queue are done.

use super::*;

fn class(resolution: Resolution, seconds: i64) -> WaitClass {
    WaitClass {
        model: Model::default(),
        resolution,
        duration: Seconds::new(seconds).unwrap(),
        sound: true,
        referenced: false,
    }
}

fn times(class: WaitClass, count: u64, first_ms: u64) -> Vec<Sample> {
    let sample = |n| Sample {
        class,
        ms: first_ms + n,
    };
    (0..count).map(sample).collect()
}

#[test]
fn a_sweep_takes_as_many_rounds_as_it_needs_slots() {
    let one = Expectation::around(100, "");
    for (takes, slots, middle) in [
        (0, 4, 100),
        (1, 4, 100),
        (4, 4, 100),
        (5, 4, 200),
        (9, 4, 300),
        (3, 0, 300),
    ] {
        assert_eq!(one.of_rounds(takes, slots).p50_ms, middle, "{takes} in {slots}");
    }
}

#[test]
fn a_range_needs_eight_takes() {
    let draft = class(Resolution::P480, 10);
    assert_eq!(Expectation::of_samples(&times(draft, 7, 100), &draft), None);
    let range = Expectation::of_samples(&times(draft, 11, 100), &draft).unwrap();
    assert_eq!((range.p10_ms, range.p50_ms, range.p90_ms), (101, 105, 109));
    assert_eq!(range.basis, "your last 11 takes like it");
}

/// Each step leaves one more property out, the least important first; the model is never left out.
#[test]
fn the_class_is_widened_step_by_step_until_there_are_eight_takes() {
    let wanted = class(Resolution::P480, 10);
    let fast = "seedance-2.0-fast".parse().unwrap();
    let others = [
        ("like it", wanted),
        (
            "of this model, resolution, length and sound",
            WaitClass {
                referenced: true,
                ..wanted
            },
        ),
        (
            "of this model, resolution and length",
            WaitClass {
                sound: false,
                ..wanted
            },
        ),
        ("of this model and resolution", class(Resolution::P480, 5)),
        ("of this model", class(Resolution::P720, 10)),
    ];
    for (at, (words, other)) in others.into_iter().enumerate() {
        let mut samples = times(
            WaitClass {
                model: fast,
                ..wanted
            },
            20,
            9_000,
        );
        // Four of each narrower class are too few together with four of this one, unless the class is wide enough.
        samples.extend(others.iter().take(at).flat_map(|(_, class)| times(*class, 1, 50)));
        samples.extend(times(other, 8, 100));
        let range = Expectation::of_samples(&samples, &wanted).unwrap();
        assert_eq!(range.basis, format!("your last {} takes {words}", 8 + at));
        assert!(range.p90_ms < 9_000);
    }
    let only_fast = times(
        WaitClass {
            model: fast,
            ..wanted
        },
        20,
        9_000,
    );
    assert_eq!(Expectation::of_samples(&only_fast, &wanted), None);
}

#[test]
fn the_newest_takes_count() {
    let draft = class(Resolution::P480, 10);
    let mut samples = times(draft, 50, 100);
    samples.extend(times(draft, 50, 90_000));
    assert!(Expectation::of_samples(&samples, &draft).unwrap().p90_ms < 200);
}

#[test]
fn a_published_average_says_what_it_is() {
    let basis = Expectation::published(Model::default()).basis;
    assert_eq!(
        basis,
        "Segmind's average of 2026-08-19; you have fewer than 8 takes of your own"
    );
}

#[test]
fn seconds_become_milliseconds_whatever_they_are() {
    for (seconds, ms) in [(0.046, 46), (1.0, 1000), (-3.0, 0), (f64::NAN, 0), (0.0004, 0)] {
        assert_eq!(ms_of(seconds), ms, "{seconds}");
    }
}

#[test]
fn takes_are_done_when_a_slot_was_free_for_them() {
    assert_eq!(finish_ms(2, &[], [10, 10, 10]), [10, 10, 20]);
    assert_eq!(finish_ms(2, &[5, 30], [10, 10]), [15, 25]);
    // Three run although there is one slot now.
    assert_eq!(finish_ms(1, &[5, 30, 7], [10]), [40]);
    assert_eq!(finish_ms(0, &[], [10, 10]), [10, 20]);
    assert_eq!(finish_ms(3, &[1], []), [0_u64; 0]);
}
