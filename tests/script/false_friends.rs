//! Text that looks like a shot but is not one.

use crate::{shown, times};
use rushes::script::{Timing, read};

#[test]
fn false_friends_are_no_shots() {
    let friends = [
        "A key of a block:\nSHOT:\n  camera: pan\nSOUND:\n  wind",
        "shot: close-up, lens: 35mm",
        "Filmed at 120fps on 35mm, 24-30fps in the dark",
        "a 9:16 frame, later 16:9 or 4:3",
        "9:16-16:9 crops",
        "Paris in 1990-2000",
        "1990-2000: a decade",
        "the 1990-2000s look",
        "a woman of 20-25 years",
        "2-3 people wait, 3-4 words on a sign",
        "2-3 people: a crowd",
        "15s",
        "A clip of 15 seconds.",
        "Total: 0-15 seconds. Duration (0-15s)",
        "【时长】0-15秒",
        "he waits 2-3 seconds, then 2-3 seconds later he goes",
        "停留2-3秒后切换",
        "2-3 seconds of silence",
        "Use the footage from 124.66–125.8s as it is",
        "124.66–125.8s: the old film",
        "[124.66–125.8s] of the old film",
        "Take Video 1 (3-5s) and @Video2 [0-2s]",
        "open 9:00-17:30: the shop",
        "on 2024-11-22 and 08-15-2000, v1.2-3s, $3-5, f/2.8-4, 5-10%",
        "As in Shot 2 the light is low. See scene 3, and panel 4.",
        "Shots 1-3 are one take",
        "cut 2 times; part 1 of it; a screenshot 1: of a two-shot 2: here",
        "Scene 2 continues",
    ];
    for text in friends {
        assert_eq!(shown(text), [""; 0], "{text}");
        assert_eq!(read(text).timing, Timing::None, "{text}");
    }
}

#[test]
fn false_friends_beside_real_shots_change_nothing() {
    let text = "9:16, 120fps, 1990-2000, girl of 20-25 years, 15s, from 124.66–125.8s of the film\n\
        0-3s: 2-3 people wait (2-3 minutes), 16:9 on a screen, 3-4 words\n\
        3-6s: Video 1 (3-5s) runs, 124.66–125.8s: as filmed, 35mm\n";
    assert_eq!(
        times(&read(text)),
        [(1, Some(0), Some(3000)), (2, Some(3000), Some(6000))]
    );
}

#[test]
fn a_cue_inside_a_shot_is_no_shot() {
    let text = "Shot 1 (0-5s): a boat; at the 2-second mark a wave (2-3s) hits.\nShot 2 (5-9s): calm";
    assert_eq!(
        times(&read(text)),
        [(1, Some(0), Some(5000)), (2, Some(5000), Some(9000))]
    );
}

#[test]
fn a_second_layer_over_the_same_times_is_no_shot() {
    let text = "0-3s: reeds\n3-6s: a heron\nSound:\n0-3s: wind\n3-6s: wings";
    assert_eq!(
        times(&read(text)),
        [(1, Some(0), Some(3000)), (2, Some(3000), Some(6000))]
    );
}

#[test]
fn dialogue_times_under_a_numbered_shot_are_no_shots() {
    let text = "【镜号1】0-3秒\n画面：芦苇\n【台词】[00s-02s] 你好\n【镜号2】3-5秒\n画面：白鹭\n【台词】[03s-06s] 再见";
    assert_eq!(
        times(&read(text)),
        [(1, Some(0), Some(3000)), (2, Some(3000), Some(5000))]
    );
}

#[test]
fn scenes_round_numbered_shots_are_sections() {
    let text =
        "Scene 1: harbour\nShot 1 (0-3s): reeds\nShot 2 (3-6s): heron\nScene 2: town\nShot 3 (6-9s): tram";
    let numbers: Vec<u32> = read(text).shots.iter().map(|shot| shot.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let text = "Scene 1: harbour. 0-3s: reeds. 3-6s: heron. Scene 2: town. 6-9s: tram. 9-12s: bell.";
    assert_eq!(read(text).shots.len(), 4);
}
