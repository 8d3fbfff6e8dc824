//! Tests of the rules about the timeline.

use super::*;
use crate::model::Form;
use crate::script::lint::Fixed;
use crate::script::lint::kit_tests::{form, found, lasting, messages};
use crate::script::read;

/// Our own sample with the mistake that this project started from: eight shots to 14 s in a take of 10.
const EIGHT: &str = "Two drivers, cold palette.\nShot 1 | 0s–1s\nMedium shot, static camera.\nShot 2 | 1s–2s\nWide \
    shot.\nShot 3 | 2s–3s\nClose-up.\nShot 4 | 3s–4s\nInsert.\nShot 5 | 4s–5s\nMedium shot.\nShot 6 | 5s–7s\n\
    Side tracking shot.\nShot 7 | 7s–9s\nFront tracking shot.\nShot 8 | 9s–14s\nClose-up, static camera.";

fn one(fix: &Fix, form: &Form) -> Form {
    match fix.apply(form) {
        Fixed::One(fixed) => fixed,
        Fixed::Clips(_) => panic!("{fix:?} makes clips"),
    }
}

fn ranges(prompt: &str) -> Vec<(Option<u32>, Option<u32>)> {
    read(prompt)
        .shots
        .iter()
        .map(|shot| (shot.start, shot.end))
        .collect()
}

#[test]
fn a_timeline_beyond_the_take_is_snapped_or_squeezed() {
    let form = form(EIGHT);
    let overrun = found(&form, Rule::Overrun);
    assert_eq!(&EIGHT[overrun[0].span.clone()], "14");
    let labels: Vec<String> = overrun[0].fixes.iter().map(Fix::label).collect();
    assert_eq!(labels, ["Duration 15 s", "Squeeze to 10 s"]);
    let longer = one(&overrun[0].fixes[0], &form);
    assert_eq!((longer.duration.get(), longer.prompt.as_str()), (15, EIGHT));
    let squeezed = one(&overrun[0].fixes[1], &form);
    assert!(
        squeezed.prompt.contains("Shot 6 | 3.6s–5s"),
        "{}",
        squeezed.prompt
    );
    assert!(
        squeezed.prompt.contains("Shot 8 | 6.4s–10s"),
        "{}",
        squeezed.prompt
    );
    assert!(found(&squeezed, Rule::Overrun).is_empty());
    assert!(found(&lasting(EIGHT, 15), Rule::Overrun).is_empty());
}

#[test]
fn a_timeline_beyond_every_take_is_split() {
    let prompt = "Style: cold.\n\nShot 1 (0-8s): a kite, slow pan.\nShot 2 (8-16s): it dives, handheld.\n\
        Shot 3 (16-40s): it lies there, static camera.\n\nNo music.";
    let mut long = form(prompt);
    long.images = vec!["a.png".into()];
    let over = found(&long, Rule::OverCap);
    assert_eq!(over[0].fixes[0], Fix::Split(3));
    assert!(found(&long, Rule::Overrun).is_empty());
    let Fixed::Clips(clips) = over[0].fixes[0].apply(&long) else {
        panic!()
    };
    let prompts: Vec<&str> = clips.iter().map(|clip| clip.prompt.as_str()).collect();
    assert_eq!(
        prompts,
        [
            "Style: cold.\n\nShot 1 (0-8s): a kite, slow pan.\n\nNo music.",
            "Style: cold.\n\nShot 2 (0-8s): it dives, handheld.\n\nNo music.",
            "Style: cold.\n\nShot 3 (0-15s): it lies there, static camera.\n\nNo music.",
        ]
    );
    let lengths: Vec<u8> = clips.iter().map(|clip| clip.duration.get()).collect();
    assert_eq!(lengths, [8, 8, 15]);
    assert!(
        clips
            .iter()
            .all(|clip| clip.images == ["a.png"] && found(clip, Rule::OverCap).is_empty())
    );
    assert!(found(&form("0-15s: a kite, handheld"), Rule::OverCap).is_empty());
}

#[test]
fn a_single_shot_beyond_the_longest_take_is_squeezed_or_given_to_a_model_that_makes_it() {
    let long = form("0-20s: a kite, handheld");
    let over = found(&long, Rule::OverCap);
    let longer: Model = "seedance-2.5".parse().unwrap();
    let twenty = Fix::LongerModel(longer, "20".parse().unwrap());
    assert_eq!(over[0].fixes, [Fix::Squeeze(15_000), twenty]);
    assert_eq!(one(&over[0].fixes[0], &long).prompt, "0-15s: a kite, handheld");
    let taken = one(&over[0].fixes[1], &long);
    assert_eq!((taken.model, taken.duration.get()), (longer, 20));
    assert!(
        over[0]
            .message
            .to_string()
            .contains("use seedance-2.5, which takes 30 s"),
        "{}",
        over[0].message
    );
    let beyond = form("0-40s: a kite, handheld");
    assert_eq!(found(&beyond, Rule::OverCap)[0].fixes, [Fix::Squeeze(15_000)]);
}

#[test]
fn a_timeline_that_ends_early_is_noted() {
    let early = lasting("0-3s: a kite\n3-6s: it dives", 10);
    let short = found(&early, Rule::ShortTimeline);
    assert_eq!(
        short[0].fixes,
        [Fix::Duration(Seconds::new(6).unwrap()), Fix::Stretch(10_000)]
    );
    let stretched = one(&short[0].fixes[1], &early);
    assert_eq!(stretched.prompt, "0-5s: a kite\n5-10s: it dives");
    let thirteen = lasting("0-6s: a kite, handheld\n6-13s: it dives, handheld", 15);
    assert_eq!(
        found(&thirteen, Rule::ShortTimeline)[0].fixes,
        [Fix::Stretch(15_000)]
    );
    for enough in [
        "0-3s: a kite\n3-9s: it dives",
        "T00:00 - a kite\nT00:03 - it dives",
    ] {
        assert!(found(&form(enough), Rule::ShortTimeline).is_empty(), "{enough}");
    }
}

#[test]
fn gaps_and_late_starts_are_closed_without_moving_the_end() {
    for (rule, prompt, after) in [
        (Rule::Gap, "0-3s: a\n4.5-6s: b", "0-4.5s: a\n4.5-6s: b"),
        (
            Rule::InclusiveSeconds,
            "0-2s: a. 3-6s: b. 7-10s: c.",
            "0-3s: a. 3-7s: b. 7-10s: c.",
        ),
        (
            Rule::InclusiveSeconds,
            "1-3s: a. 4-6s: b. 7-10s: c.",
            "0-3s: a. 3-6s: b. 6-10s: c.",
        ),
        (
            Rule::LateStart,
            "[00:02-00:04] a\n[00:04-00:06] b",
            "[00:00-00:04] a\n[00:04-00:06] b",
        ),
        (
            Rule::LateStart,
            "15-20s: a. 20-25s: b. 25-30s: c.",
            "0-5s: a. 5-10s: b. 10-15s: c.",
        ),
    ] {
        let wrong = lasting(prompt, 15);
        let finding = found(&wrong, rule);
        assert_eq!(finding.len(), 1, "{rule}: {:?}", messages(&wrong));
        assert_eq!(one(&finding[0].fixes[0], &wrong).prompt, after);
    }
    let overlap = form("0-3s: a\n2-6s: b");
    assert_eq!(found(&overlap, Rule::Overlap)[0].fixes, []);
    let clean = "0-3s: a\n3-6s: b\n6-10s: c";
    assert_eq!(messages(&form(clean)), [""; 0]);
}

/// A continuation is as long as its span, and nothing of it is squeezed.
#[test]
fn a_continuation_is_counted_from_zero() {
    let later = lasting("15-20s: a. 20-25s: b. 25-35s: c.", 15);
    assert_eq!(found(&later, Rule::OverCap).len(), 1, "{:?}", messages(&later));
    assert!(
        messages(&later).iter().any(|said| said.contains("is 20 s long")),
        "{:?}",
        messages(&later)
    );
    let fits = lasting("15-20s: a. 20-25s: b.", 15);
    assert_eq!(found(&fits, Rule::LateStart)[0].fixes, [Fix::Shift]);
    let room = lasting("5-10s: a. 10-15s: b.", 15);
    assert_eq!(found(&room, Rule::LateStart)[0].fixes, [Fix::StartAtZero]);
}

#[test]
fn two_clips_in_one_text_are_split() {
    let two = lasting("CLIP 1\n0-5s: a\n5-10s: b\n\nCLIP 2\n0-4s: c\n4-9s: d", 10);
    let finding = &found(&two, Rule::SeveralClips)[0];
    let Fixed::Clips(clips) = finding.fixes[0].apply(&two) else {
        panic!("it is not split")
    };
    let lengths: Vec<u8> = clips.iter().map(|clip| clip.duration.get()).collect();
    assert_eq!(lengths, [10, 10]);
    let prompts: Vec<&str> = clips.iter().map(|clip| clip.prompt.as_str()).collect();
    assert_eq!(prompts, ["CLIP 1\n0-5s: a\n5-10s: b", "CLIP 2\n0-4s: c\n4-9s: d"]);
}

#[test]
fn another_length_in_the_text_is_said() {
    let stated = found(&form("A 12-second film of a kite."), Rule::StatedLength);
    assert_eq!(stated[0].fixes, [Fix::Duration("12".parse().unwrap())]);
    for agrees in [
        "A 10-second film of a kite.",
        "A kite hovers for 6 seconds.",
        "0-6s: a\n6-10s: b\nDuration: 10 s",
    ] {
        assert!(found(&form(agrees), Rule::StatedLength).is_empty(), "{agrees}");
    }
}

#[test]
fn a_time_that_runs_backwards_is_turned_round() {
    let empty = found(&form("0-4s: a\n4-4s: b"), Rule::ReversedRange);
    assert_eq!(
        empty[0].message.what,
        "shot 2 has no length: it starts and ends at 4 s"
    );
    let wrong = form("0-3s: a\n6-3s: b");
    let finding = found(&wrong, Rule::ReversedRange);
    assert_eq!(finding[0].fixes, [Fix::Retime]);
    assert_eq!(one(&Fix::Retime, &wrong).prompt, "0-3s: a\n3-6s: b");
    let still = form("0-3s: a\n3-3s: b");
    assert_eq!(found(&still, Rule::ReversedRange)[0].fixes, []);
}

#[test]
fn lengths_have_no_gaps() {
    let lengths = lasting("Shot 1 (4s): a kite. Shot 2 (4s): it dives.", 8);
    assert_eq!(messages(&lengths), [""; 0]);
    let long = lasting("Shot 1 (4s): a kite. Shot 2 (8s): it dives, handheld.", 8);
    let squeezed = one(&Fix::Squeeze(8000), &long);
    assert_eq!(
        squeezed.prompt,
        "Shot 1 (2.7s): a kite. Shot 2 (5.3s): it dives, handheld."
    );
    assert_eq!(
        ranges(&squeezed.prompt),
        [(Some(0), Some(2700)), (Some(2700), Some(8000))]
    );
}

#[test]
fn a_last_mark_gets_room_too() {
    let marks = form("T00:00 - a kite\nT00:10 - it dives");
    assert_eq!(found(&marks, Rule::Overrun).len(), 1);
    let squeezed = one(&Fix::Squeeze(10_000), &marks);
    assert_eq!(squeezed.prompt, "T00:00 - a kite\nT00:09.1 - it dives");
    assert!(found(&squeezed, Rule::Overrun).is_empty());
}

#[test]
fn numbers_count_on() {
    let wrong = form("Shot 1: a kite\nShot 3: it dives\nShot 3: it lands");
    let finding = &found(&wrong, Rule::ShotNumbers)[0];
    let fixed = one(&finding.fixes[0], &wrong);
    assert_eq!(fixed.prompt, "Shot 1: a kite\nShot 2: it dives\nShot 3: it lands");
    assert!(found(&fixed, Rule::ShotNumbers).is_empty());
    for ranged in [
        "SHOT 1: a kite\nSHOT 3-4: it dives\nSHOT 6: it lands",
        "Cut 1: a kite\nCut 3: it dives\nCut 1: it lands",
    ] {
        let offered = found(&form(ranged), Rule::ShotNumbers);
        assert!(
            offered.iter().all(|finding| finding.fixes.is_empty()),
            "{ranged}: {offered:?}"
        );
    }
    for counts in ["Shot 05: a kite\nScene 06: it dives", "0-3s: a\n3-6s: b"] {
        assert!(found(&form(counts), Rule::ShotNumbers).is_empty(), "{counts}");
    }
}

#[test]
fn the_longest_take_is_the_models() {
    use crate::model::{Model, catalogue};
    let long = "[long]\nlike = \"seedance-2.0\"\ndurations = { min = 4, max = 30 }";
    let (specs, _) = catalogue::with(long);
    let model = Model::of(specs.last().unwrap().clone());
    let form = |prompt: &str| Form {
        model,
        ..form(prompt)
    };
    let overrun = found(&form("0-12s: a kite\n12-23s: it dives"), Rule::Overrun);
    assert_eq!(overrun[0].fixes[0], Fix::Duration("23".parse().unwrap()));
    let over = form("0-12s: a kite\n12-28s: it dives\n28-34s: it lands");
    let cap = &found(&over, Rule::OverCap)[0];
    assert!(
        cap.message.what.contains("a take lasts at most 30 s"),
        "{}",
        cap.message
    );
    let Fixed::Clips(clips) = cap.fixes[0].apply(&over) else {
        panic!("it is not split")
    };
    let lengths: Vec<u8> = clips.iter().map(|clip| clip.duration.get()).collect();
    assert_eq!(lengths, [28, 6]);
}
