//! The chaos test: real processes against a real sandbox, scripted faults, jumping clocks, and `kill -9` at any
//! point; afterwards the store must agree with the sandbox's ledger. Besides the kills there are locked
//! databases, full disks, an upgrade of the program, 429 storms, absurd bills, and two workbenches whose terminals
//! stop reading or are lost.
//!
//! Every third seed spends live money, which the sandbox takes as well: its clients have a key, and the settings a cap
//! of the day. The cap is lowered while takes are in the queue, leaves room again each new day, and is lifted after the rage; an
//! absurd bill stops the queue until somebody resumes it. The audit then also holds each day's charges and commitments
//! against the cap that was in force when each take was sent. The store of every round already knows quick takes of
//! days ago, so that polls come quickly; they are told apart by their ids.
//!
//! | variable | meaning |
//! |---|---|
//! | `RUSHES_CHAOS_SEED` | what the storm is drawn from; a failing run prints it; a multiple of three is live |
//! | `RUSHES_CHAOS` | takes of a round (20 unless given) |
//! | `RUSHES_CHAOS_KILLS` | rounds are added, each with the next seed, until this many processes were killed |
//!
//! The long form: `RUSHES_CHAOS=200 RUSHES_CHAOS_KILLS=2000 cargo test --test chaos -- --nocapture`.
//!
//! The outcome is the same in every run, the timing is the machine's: a seed draws the same faults, prompts and
//! choices again, not the same interleaving.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_wrap,
    reason = "a test may stop where it fails; what is seen from outside of processes has no signal to wait for"
)]

mod absurd_bills;
mod audit;
mod calm;
mod cap_audit;
mod caps;
mod clients;
mod disk;
mod disturbance;
mod drafts;
mod faults;
mod figures;
mod folders;
mod hand_over;
mod locks;
#[path = "../common/primed_store.rs"]
mod primed_store;
mod random_keys;
mod rate_limits;
mod scale;
mod scene;
mod schedule;
mod server;
mod stderr_audit;
mod storm;
mod terminal;
mod upgrade;
mod user_decisions;
mod waiting;
mod watch;
mod workbenches;

use figures::Figures;
use storm::{Scale, Storm};

/// The test runs itself again under this name: as a terminal, and where disks can be mounted.
const TEST: &str = "the_store_and_the_ledger_agree_after_the_storm";

#[test]
fn the_store_and_the_ledger_agree_after_the_storm() {
    if terminal::is_one() || disk::ran_inside(TEST) {
        return;
    }
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap_or_else(|_| panic!("{name}={text}")))
    };
    let first = number("RUSHES_CHAOS_SEED").unwrap_or_else(|| fastrand::u64(0..1_000_000));
    let wanted = number("RUSHES_CHAOS_KILLS").unwrap_or(0);
    let scale = match number("RUSHES_CHAOS") {
        None => Scale::SHORT,
        Some(takes) => Scale::long(usize::try_from(takes).unwrap()),
    };
    let mut all = Figures::default();
    for seed in first.. {
        println!("RUSHES_CHAOS_SEED={seed}");
        let figures = Storm::new(seed, scale, TEST).blow();
        println!("{figures}");
        let was_one = figures.killed() > 0 && figures.accepted > 0 && !figures.faults.is_empty();
        assert!(was_one, "it was no storm");
        all.add(&figures);
        if all.killed() >= wanted {
            break;
        }
    }
    if all.rounds > 1 {
        println!("in all:\n{all}");
    }
}
