//! Starts, ends, and whether the script fits the take.

use crate::times;
use rushes::model::{Model, Seconds};
use rushes::script::{Fit, Timing, read};

fn seconds(n: i64) -> Seconds {
    Seconds::new(n).unwrap()
}

/// Start and end of every shot, spread over `duration_ms`.
fn spread(text: &str, duration_ms: u32) -> Vec<(u32, u32)> {
    let spread = read(text).spread(duration_ms);
    spread.into_iter().map(|(_, start, end)| (start, end)).collect()
}

#[test]
fn an_overrun_is_measured_against_the_take() {
    let script = read("Shot 1 | 0s–9s\na\nShot 2 | 9s–14s\nb");
    assert_eq!(script.end_ms(), Some(14_000));
    assert_eq!(script.smallest_duration(Model::default()), Some(seconds(15)));
    assert_eq!(script.fit(seconds(10)), Fit::Over(4000));
    assert_eq!(script.fit(seconds(15)), Fit::Fits);
}

#[test]
fn a_second_of_slack_is_accepted() {
    let script = read("0-3s: a. 3-11s: b.");
    assert_eq!(script.fit(seconds(12)), Fit::Fits);
    assert_eq!(script.fit(seconds(15)), Fit::Short(4000));
    assert_eq!(script.smallest_duration(Model::default()), Some(seconds(12)));
}

#[test]
fn a_script_over_the_maximum_fits_no_duration() {
    let script = read("(0-8s) a\n(8-16s) b");
    assert_eq!(script.smallest_duration(Model::default()), None);
    assert_eq!(script.fit(seconds(15)), Fit::Over(1000));
}

#[test]
fn untimed_shots_fit_anything() {
    let script = read("Shot 1: a. Scene 2: b. Shot 3: c.");
    assert_eq!(script.timing, Timing::None);
    assert_eq!(script.end_ms(), None);
    assert_eq!(script.fit(seconds(4)), Fit::Untimed(3));
    assert_eq!(script.smallest_duration(Model::default()), None);
    let stated = read("A 12-second video. Shot 1: a. Shot 2: b.");
    assert_eq!(stated.smallest_duration(Model::default()), Some(seconds(12)));
    assert_eq!(read("one long take").fit(seconds(4)), Fit::NoShots);
}

#[test]
fn lengths_are_added_up() {
    let script = read("Shot 1 (3s): a. Shot 2 (4.5s): b. Shot 3 (2s): c.");
    assert_eq!(script.timing, Timing::Durations);
    assert_eq!(
        times(&script),
        [
            (1, Some(0), Some(3000)),
            (2, Some(3000), Some(7500)),
            (3, Some(7500), Some(9500))
        ]
    );
}

#[test]
fn a_mark_lasts_until_the_next() {
    let script = read("T00:00 - a\nT00:04 - b\nT00:10 - c");
    assert_eq!(script.timing, Timing::Marks);
    assert_eq!(
        times(&script),
        [
            (1, Some(0), Some(4000)),
            (2, Some(4000), Some(10_000)),
            (3, Some(10_000), None)
        ]
    );
    // The last shot needs some room after its mark.
    assert_eq!(script.fit(seconds(10)), Fit::Over(1));
    assert_eq!(script.smallest_duration(Model::default()), Some(seconds(12)));
    assert_eq!(script.fit(seconds(15)), Fit::Fits);
}

#[test]
fn untimed_shots_share_a_take_evenly() {
    assert_eq!(
        spread("Shot 1: a. Shot 2: b. Shot 3: c. Shot 4: d.", 10_000),
        [(0, 2500), (2500, 5000), (5000, 7500), (7500, 10_000)]
    );
    assert_eq!(spread("no shots", 10_000), []);
}

#[test]
fn untimed_shots_share_the_room_between_timed_ones() {
    let text = "Shot 1 (0-2s): a. Shot 2: b. Shot 3: c. Shot 4 (8-9s): d. Shot 5: e.";
    assert_eq!(
        spread(text, 12_000),
        [
            (0, 2000),
            (2000, 5000),
            (5000, 8000),
            (8000, 9000),
            (9000, 12_000)
        ]
    );
}

#[test]
fn written_times_stay_even_beyond_the_take() {
    assert_eq!(spread("0-9s: a. 9-14s: b.", 10_000), [(0, 9000), (9000, 14_000)]);
    // Those of a continuation count from its start.
    assert_eq!(
        spread("15-20s: a. 20-25s: b.", 10_000),
        [(0, 5000), (5000, 10_000)]
    );
    // Those of a second clip are another take's.
    let two = "CLIP 1\n0-5s: a\n5-10s: b\nCLIP 2\n0-4s: c\n4-8s: d";
    assert_eq!(spread(two, 10_000), [(0, 5000), (5000, 10_000)]);
    assert_eq!(
        spread("T00:00 - a\nT00:04 - b", 10_000),
        [(0, 4000), (4000, 10_000)]
    );
    // A range that runs backwards has no length; it must not panic.
    assert_eq!(spread("Shot 1 (5-3s): a", 10_000), [(5000, 5000)]);
}

#[test]
fn every_kind_of_timing_is_read() {
    assert_eq!(read("0-3s: a").timing, Timing::Ranges);
    assert_eq!(read("Cut 1 (0.0-__s): a").timing, Timing::Ranges);
    assert_eq!(read("Shot 1 (3s): a").timing, Timing::Durations);
    assert_eq!(read("At the 3-second mark a").timing, Timing::Marks);
    assert_eq!(read("").timing, Timing::None);
}
