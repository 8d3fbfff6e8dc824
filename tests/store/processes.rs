//! Several processes on one file: this test binary starts itself again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rushes::model::{SystemClock, TakeId, TakeState};
use rushes::store::{Claim, Claimed, Facts, Refusal, Store};

use crate::claims::most_in_flight;
use crate::test_store::*;

const FILE: &str = "RUSHES_TEST_STORE";
const OWNER: &str = "RUSHES_TEST_OWNER";

/// Starts this binary again for the test of that name alone, which then plays the other process.
fn start_child(test: &str, path: &Path, owner: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("processes::{test}"), "--nocapture"])
        .env(FILE, path)
        .env(OWNER, owner)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// What the other process is told: file and owner. `None` in the test itself.
fn told() -> Option<(PathBuf, String)> {
    let path = PathBuf::from(std::env::var_os(FILE)?);
    Some((path, std::env::var(OWNER).expect("the parent names the owner")))
}

fn open(path: &Path) -> Store {
    Store::open(path, Arc::new(SystemClock)).unwrap()
}

/// The numbers of the takes that the child says it claimed.
fn takes_of(child: Child) -> Vec<i64> {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split_once("claimed "))
        .map(|(_, id)| id.parse().unwrap())
        .collect()
}

#[test]
fn processes_at_once_keep_limit_and_cap_and_never_share_a_take() {
    if let Some((path, name)) = told() {
        return works(&path, &name);
    }
    let kit = kit();
    let takes: Vec<u32> = (0..40).collect();
    kit.admit(&takes);
    let children: Vec<_> = (0..8)
        .map(|n| {
            start_child(
                "processes_at_once_keep_limit_and_cap_and_never_share_a_take",
                &kit.path(),
                &format!("process {n}"),
            )
        })
        .collect();
    let claimed: Vec<i64> = children.into_iter().flat_map(takes_of).collect();
    assert_eq!(claimed.len(), 30, "the cap pays for thirty");
    assert_eq!(
        claimed.iter().collect::<BTreeSet<_>>().len(),
        30,
        "a take was claimed twice"
    );
    assert!(most_in_flight(&kit.path()) <= 2);
    let sent = |id: &i64| kit.store.take(TakeId(*id)).unwrap().state;
    assert!(claimed.iter().all(|id| sent(id) == TakeState::Unknown));
}

fn works(path: &Path, owner: &str) {
    let store = open(path);
    let claim = Claim {
        limit: 2,
        caps: cap(30),
        ..claim(owner)
    };
    loop {
        match store.claim(&claim).unwrap() {
            Claimed::Take(take) => {
                println!("\nclaimed {}", take.id);
                // Out of flight, its price still committed.
                store
                    .step(owner, take.id, TakeState::Unknown, "", &Facts::default())
                    .unwrap();
            }
            Claimed::Full => std::thread::yield_now(),
            Claimed::Refused(Refusal::CapReached { .. }) => return,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_process_killed_right_after_its_claim_leaves_the_take_submitting() {
    if let Some((path, name)) = told() {
        return dies(&path, &name);
    }
    let kit = kit();
    kit.admit(&[1, 2]);
    let claimed = takes_of(start_child(
        "a_process_killed_right_after_its_claim_leaves_the_take_submitting",
        &kit.path(),
        "dead",
    ));
    let take = kit.store.take(TakeId(claimed[0])).unwrap();
    assert_eq!(take.state, TakeState::Submitting);
    let events = kit.store.events(take.id).unwrap();
    let last = events.last().unwrap();
    assert_eq!(
        (last.to, last.owner.as_deref()),
        (TakeState::Submitting, Some("dead"))
    );
    assert_ne!(kit.claim("me").id, take.id);
}

fn dies(path: &Path, owner: &str) {
    let Claimed::Take(take) = open(path).claim(&claim(owner)).unwrap() else {
        panic!("a take is in the queue")
    };
    println!("\nclaimed {}", take.id);
    std::process::abort();
}

#[test]
fn processes_that_open_a_new_store_at_once_all_get_it() {
    if let Some((path, name)) = told() {
        return opens(&path, &name);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/rushes.db");
    let children: Vec<_> = (0..6)
        .map(|n| {
            start_child(
                "processes_that_open_a_new_store_at_once_all_get_it",
                &path,
                &format!("reel {n}"),
            )
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(open(&path).reels().unwrap().len(), 7);
}

fn opens(path: &Path, reel: &str) {
    let store = open(path);
    store.reel(reel).unwrap();
    store.reel("shared").unwrap();
}
