//! After the storm: nothing goes wrong any more, leases run out, and workers run until nothing is left to do.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rushes::model::{Backend, TakeId};
use serde_json::Value;

use crate::scene::Scene;
use crate::storm::{PAST_A_LEASE, Scale};
use crate::user_decisions;
use crate::waiting::until;

/// The live history shows by then whatever was sent.
const PAST_THE_HISTORY: i64 = 21 * 60;
const PAST_A_VIDEO: i64 = 8 * 24 * 3600;
/// A header may have asked a take to wait for a day.
const PAST_A_WAIT: i64 = 25 * 3600;
/// A store in which takes wait and nothing changes for this long is waiting for a certain time.
const MOVES: Duration = Duration::from_secs(20);
/// A calm store settles in a fraction of this.
const PATIENCE: Duration = Duration::from_secs(420);
/// After this many workers in a row that changed nothing, nothing will change.
const IN_VAIN: u32 = 6;

const SETTLED: [&str; 6] = ["saved", "failed", "refused", "cancelled", "expired", "not_sent"];

/// Works until every take is settled; says what is wrong when that never comes.
pub fn settle(scene: &mut Scene, scale: &Scale) {
    let is_live = scene.folders.backend == Backend::Live;
    scene.clients.kill_all();
    scene.restart_calmly();
    let past = if is_live {
        PAST_THE_HISTORY
    } else {
        2 * PAST_A_LEASE
    };
    scene.jump(past);
    scene.server.make_videos().join().unwrap();
    resume(scene);
    let mut last = BTreeMap::new();
    let mut in_vain = 0;
    let mut moved = (scene.watch.states(), Instant::now());
    let settled = until(PATIENCE, || {
        scene.note_stop();
        let states = scene.watch.states();
        if unsettled(&states) == 0 {
            return Ok(Ok(()));
        }
        // In the long form the program finds out by itself.
        let of = |state: &str| states.get(state).copied().unwrap_or(0);
        if is_live
            && scale.is_short
            && of("unknown") > 0
            && of("unknown") + of("waiting") == unsettled(&states)
        {
            let _ = user_decisions::say_not_sent(scene);
        }
        if states != moved.0 {
            moved = (states.clone(), Instant::now());
        }
        if states.contains_key("waiting") && moved.1.elapsed() > MOVES {
            moved.1 = Instant::now();
            scene.jump(PAST_A_WAIT);
        }
        if scene.clients.living() == 0 {
            in_vain = if states == last { in_vain + 1 } else { 0 };
            if in_vain == IN_VAIN {
                return Ok(Err(states));
            }
            // The user resumes the queue. What else is left is a video that the provider lost: it is given up after a
            // week.
            if !states.contains_key("waiting") || in_vain > 0 {
                scene.jump(PAST_A_VIDEO);
            }
            last = states.clone();
            resume(scene);
        }
        Err(states)
    });
    match settled {
        Ok(Ok(())) => {}
        Ok(Err(states)) => {
            return scene.say_wrong(format!("not settled, and resuming changes nothing: {states:?}"));
        }
        Err(states) => return scene.say_wrong(format!("not settled in time: {states:?}")),
    }
    let ended = until(PATIENCE, || match scene.clients.living() {
        0 => Ok(()),
        living => Err(living),
    });
    if ended.is_err() {
        scene.say_wrong("`resume` does not end although nothing is left to do".to_owned());
    }
}

/// The user resumes everything: takes on hold, paused takes, and a stopped queue.
fn resume(scene: &mut Scene) {
    // A stop that is lifted unseen would be missed.
    scene.note_stop();
    let paused = scene.watch.paused();
    let by_hand = until(Duration::from_secs(20), || {
        let store = scene.folders.store().ok_or("the store cannot be opened")?;
        store
            .queue(scene.folders.backend)
            .resume()
            .map_err(|_| "it cannot be written")?;
        for id in &paused {
            store
                .pause(TakeId(*id), false)
                .map_err(|_| "it cannot be written")?;
        }
        Ok::<(), &str>(())
    });
    if let Err(why) = by_hand {
        scene.say_wrong(format!("nobody can let the queue go on in a calm store: {why}"));
    }
    scene.clients.start(&["resume", "--release-on-hold"]);
}

fn unsettled(states: &BTreeMap<String, u64>) -> u64 {
    let all: u64 = states.values().sum();
    all - SETTLED.iter().filter_map(|state| states.get(*state)).sum::<u64>()
}

/// Every take of the round as `rushes ls` prints it.
pub fn all_takes(scene: &Scene) -> Vec<Value> {
    let output = scene
        .clients
        .command(&["ls", "--json", "--all-reels"])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let takes = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let is_primed = |take: &Value| scene.primed.iter().any(|id| take["id"] == id.0);
    takes.filter(|take| !is_primed(take)).collect()
}
