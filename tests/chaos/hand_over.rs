//! The hand-over after an upgrade: a workbench with a take at the provider loses its terminal after its program's file
//! was replaced. A process without a terminal must take over the take.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::figures::count;
use crate::random_keys;
use crate::scene::Scene;
use crate::server::FAST;
use crate::storm::PAST_A_LEASE;
use crate::terminal;
use crate::waiting::until;
use crate::workbenches::{BOUND, REEL};

/// A workbench sends what it was asked for within this.
const SENDS: Duration = Duration::from_secs(30);
/// It is asked again after this.
const AGAIN: Duration = Duration::from_secs(4);
/// Another process works on the takes within this time.
const TAKEN_OVER: Duration = Duration::from_secs(20);

/// The states of a take at the provider.
const AT_THE_PROVIDER: [&str; 3] = ["accepted", "queued", "processing"];

/// Nothing else happens meanwhile: no other process, no faults, and takes that last long enough.
pub fn lose_it(scene: &mut Scene, test: &str) {
    scene.clients.kill_all();
    scene.server.speed = 1;
    scene.restart_calmly();
    // Takes in flight have no owner any more, which makes room.
    scene.jump(2 * PAST_A_LEASE);
    let videos = scene.server.make_videos();
    scene.note_stop();
    if let Some(store) = scene.folders.store() {
        let _ = store.queue(scene.folders.backend).resume();
    }
    let controls = scene.random.bool();
    let arguments = [scene.clients.options(), vec!["--reel", REEL]].concat();
    let started = terminal::start(test, &scene.folders, &arguments, controls);
    let Some((pid, child, mut orders)) = started else {
        videos.join().unwrap();
        return scene.say_wrong("no workbench could be started on a calm store".to_owned());
    };
    scene.clients.take_in_workbench(pid, child);
    let mut pressed: Option<Instant> = None;
    let sent = until(SENDS, || {
        // The workbench hears nothing before its first frame.
        if pressed.is_none_or(|at| at.elapsed() > AGAIN) {
            for key in random_keys::GENERATE {
                let _ = writeln!(orders, "{}", terminal::keys(key));
            }
            scene.figures.asked_by_hand += 1;
            pressed = Some(Instant::now());
        }
        if taken_by(scene, pid) > 0 { Ok(()) } else { Err(()) }
    });
    if sent.is_ok() {
        scene.upgrade();
        scene.clients.lose_terminal(pid);
        is_taken_over(scene, pid, controls);
    } else {
        count(
            &mut scene.figures.disturbances,
            "last link not lost, nothing was sent",
        );
    }
    videos.join().unwrap();
    scene.server.speed = FAST;
}

fn is_taken_over(scene: &mut Scene, pid: u32, controls: bool) {
    count(&mut scene.figures.disturbances, "link lost after an upgrade");
    let how = if controls { "with" } else { "without" };
    let ended = until(BOUND, || if scene.clients.runs(pid) { Err(()) } else { Ok(()) });
    if ended.is_err() {
        return scene.say_wrong(format!(
            "workbench {pid} still ran {} s after its terminal was gone {how} a signal, and after an upgrade",
            BOUND.as_secs()
        ));
    }
    let taken_over = until(TAKEN_OVER, || {
        let owned = scene.watch.owned();
        let by_a_successor = owned.iter().any(|(owner, _)| scene.clients.is_detached(*owner));
        let states = scene.watch.states();
        let left: u64 = AT_THE_PROVIDER
            .iter()
            .filter_map(|state| states.get(*state))
            .sum();
        if by_a_successor || left == 0 {
            Ok(())
        } else {
            Err(left)
        }
    });
    if let Err(left) = taken_over {
        scene.say_wrong(format!(
            "{left} takes at the provider were not handed over when a workbench lost its terminal {how} a signal \
             after an upgrade"
        ));
    }
}

/// How many takes at the provider the process works on.
fn taken_by(scene: &mut Scene, pid: u32) -> usize {
    let owned = scene.watch.owned().into_iter();
    owned
        .filter(|(owner, state)| *owner == pid && AT_THE_PROVIDER.contains(&state.as_str()))
        .count()
}
