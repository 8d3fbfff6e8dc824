//! Disks that are full, read-only or locked by another process. Each test runs itself again in a user and mount
//! namespace, where it may mount small disks. On a machine that cannot do that, they say so on standard error.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rushes::engine::Event;
use rushes::engine::changes::Changes;
use rushes::model::{FailureKind, Form, SystemClock, TakeState};
use rushes::store::{Store, StoreError, StoreOptions};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::test_engine::{Stage, form};

const INSIDE: &str = "RUSHES_TEST_NAMESPACE";

/// Runs the test again where it may mount. True for the run inside; the one outside judges by its end.
fn inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let can = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none"])
        .arg(folder.path())
        .output();
    let why_not = match can {
        Ok(can) if can.status.success() => None,
        Ok(can) => Some(String::from_utf8_lossy(&can.stderr).into_owned()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = why_not {
        // Not by the macro: the harness keeps what that prints of tests that pass.
        writeln!(
            std::io::stderr().lock(),
            "NOT RUN: {test}: no disk can be mounted here (unshare -rm): {}",
            why.trim()
        )
        .unwrap();
        return false;
    }
    let ended = Command::new("unshare")
        .arg("-rm")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        // What it cannot remove, because a disk is mounted there, goes with this folder.
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    false
}

/// A disk of its own, mounted at a folder.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: PathBuf) -> Self {
        std::fs::create_dir_all(&at).unwrap();
        mount(&["-t", "tmpfs", "-o", "size=16m,mode=700", "none"], &at);
        Self(at)
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Leaves about this many bytes of room.
    fn fill(&self, room: usize) {
        let mut ballast = std::fs::File::create(self.ballast()).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(room as u64)).unwrap();
    }

    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn read_only(&self, yes: bool) {
        mount(&["-o", if yes { "remount,ro" } else { "remount,rw" }], &self.0);
    }
}

fn mount(options: &[&str], at: &Path) {
    let mounted = Command::new("mount").args(options).arg(at).output().unwrap();
    assert!(
        mounted.status.success(),
        "{}",
        String::from_utf8_lossy(&mounted.stderr)
    );
}

/// Waits until the engine says something with these words in it.
async fn hears(events: &mut UnboundedReceiver<Event>, words: &str) -> String {
    let listen = async {
        loop {
            match events.recv().await.unwrap() {
                Event::Problem(said) if said.contains(words) => return said,
                _ => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(40), listen)
        .await
        .unwrap_or_else(|_| panic!("never said: {words}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_pauses_delivery_and_room_lets_it_go_on() {
    if !inside("storage::a_full_disk_pauses_delivery_and_room_lets_it_go_on") {
        return;
    }
    // With room for the facts of the take but not for the video, and for nothing at all.
    for room in [8192, 0] {
        let stage = Stage::with_faults("").await;
        let disk = Disk::mount(stage.data.join("reels"));
        disk.fill(room);
        let ids = stage.admit("81").await;
        let (engine, mut events) = stage.start();
        let takes = stage
            .wait(&ids, |take| take.error_kind == Some(FailureKind::Storage))
            .await;
        assert_eq!(takes[0].state, TakeState::Rendered, "{room}");
        let said = hears(&mut events, "not yet saved").await;
        assert!(
            said.contains("No space left") && said.contains("Free some space"),
            "{said}"
        );
        disk.make_room();
        let takes = stage.settled(&ids).await;
        assert_eq!(
            (takes[0].state, takes[0].error.as_deref()),
            (TakeState::Saved, None),
            "{room}"
        );
        assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1);
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_reel_folder_pauses_delivery_until_it_can_be_written() {
    if !inside("storage::a_read_only_reel_folder_pauses_delivery_until_it_can_be_written") {
        return;
    }
    let stage = Stage::with_faults("").await;
    let disk = Disk::mount(stage.data.join("reels"));
    disk.read_only(true);
    let ids = stage.admit("82").await;
    let (engine, mut events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::Storage))
        .await;
    assert_eq!(takes[0].state, TakeState::Rendered);
    let said = hears(&mut events, "not yet saved").await;
    assert!(
        said.contains("Read-only") && said.contains("folder writable"),
        "{said}"
    );
    disk.read_only(false);
    stage.saved(&ids).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_database_sends_nothing_and_loses_nothing() {
    if !inside("storage::a_full_disk_under_the_database_sends_nothing_and_loses_nothing") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(folder.path().join("data"));
    let slow = "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\ndelay_ms = 1500";
    let stage = Stage::at(folder, disk.0.clone(), slow).await;

    // The form: said, and the one before it is still there.
    let saved = |text: &str| {
        let form = Form {
            prompt: text.repeat(20_000),
            ..form()
        };
        stage.store.forms(&stage.reel.id).save(&form)
    };
    saved("first ").unwrap();
    disk.fill(0);
    let full = StoreError::DiskFull(stage.store.path().to_owned());
    assert_eq!(saved("second "), Err(full.clone()));
    assert!(full.to_string().contains("make room"), "{full}");
    let kept = stage.store.forms(&stage.reel.id).edited().unwrap().unwrap();
    assert!(kept.prompt.starts_with("first "));
    disk.make_room();
    saved("second ").unwrap();

    // Before the claim: what cannot be written down is not sent.
    let ids = stage.admit("83").await;
    disk.fill(0);
    let (engine, mut events) = stage.start();
    hears(&mut events, "is full").await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Waiting);
    assert!(stage.ledger().await.is_empty());
    disk.make_room();
    let takes = stage.saved(&ids).await;

    // Between the request and its response: the id is kept in memory until it can be written.
    let second = stage.admit("84").await;
    engine.wake();
    stage
        .wait(&second, |take| take.state == TakeState::Submitting)
        .await;
    disk.fill(0);
    hears(&mut events, "is full").await;
    assert_eq!(stage.take(second[0]).state, TakeState::Submitting);
    assert_eq!(stage.ledger().await.len(), 2);
    disk.make_room();
    let mut all = stage.settled(&second).await;
    assert_eq!(all[0].state, TakeState::Saved, "{:?}", all[0]);
    assert_eq!(stage.store.times_submitted(second[0]).unwrap(), 1);
    all.extend(takes);
    stage.ledger_agrees(&all).await;
    engine.stop().await;
}

#[test]
fn a_read_only_database_is_named_with_what_to_do() {
    if !inside("storage::a_read_only_database_is_named_with_what_to_do") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(folder.path().join("data"));
    let path = disk.0.join("rushes.db");
    let store = Store::open(&path, Arc::new(SystemClock)).unwrap();
    store.reel("neon").unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    disk.read_only(true);
    let error = Store::open(&path, Arc::new(SystemClock)).unwrap_err();
    assert_eq!(error, StoreError::ReadOnly(path.clone()));
    assert!(error.to_string().contains("--home"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    disk.read_only(false);
    let store = Store::open(&path, Arc::new(SystemClock)).unwrap();
    assert_eq!(store.reels().unwrap().len(), 1);
}

/// As on a system without inotify: a look now and then stands in for it.
#[test]
fn a_store_that_cannot_be_watched_is_checked_now_and_then() {
    if !inside("storage::a_store_that_cannot_be_watched_is_checked_now_and_then") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let open = || Store::open(&path, Arc::new(SystemClock)).unwrap();
    let (store, other) = (open(), open());
    std::fs::write("/proc/sys/user/max_inotify_instances", "0").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut changes = Changes::of(store);
        changes.next().await;
        let began = tokio::time::Instant::now();
        let writes = async {
            // The paused clock moves once the first look has ended.
            tokio::time::sleep(Duration::from_secs(1)).await;
            other.reel("neon").unwrap();
        };
        tokio::join!(changes.next(), writes);
        let waited = began.elapsed();
        assert!(
            waited > Duration::from_secs(1) && waited < Duration::from_secs(10),
            "{waited:?}"
        );
    });
}

/// Another process that has the write lock until it is told to release it.
struct Holder(Child, Lines<BufReader<ChildStdout>>);

impl Holder {
    fn of(database: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "storage::a_database_that_another_process_holds_loses_nothing",
            ])
            .arg("--nocapture")
            .env("RUSHES_TEST_LOCKS", database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("it is locked")));
        // Its end writes to the pipe, which must still be there.
        Self(child, lines)
    }

    fn let_go(mut self) {
        self.0.stdin.take().unwrap().write_all(b"go\n").unwrap();
        self.1.for_each(drop);
        assert!(self.0.wait().unwrap().success());
    }
}

fn locks(path: &Path) {
    let raw = rusqlite::Connection::open(path).unwrap();
    raw.execute_batch("BEGIN IMMEDIATE; UPDATE reels SET name = 'half'")
        .unwrap();
    println!("it is locked");
    let mut word = [0];
    std::io::stdin().read_exact(&mut word).unwrap();
    raw.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_process_holds_loses_nothing() {
    if let Some(path) = std::env::var_os("RUSHES_TEST_LOCKS") {
        return locks(Path::new(&path));
    }
    let mut stage =
        Stage::with_faults("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\ndelay_ms = 1000").await;
    let path = stage.store.path().to_owned();
    let quick = StoreOptions {
        busy_timeout: Duration::from_millis(300),
    };
    stage.store = Store::open_with(&path, Arc::new(SystemClock), quick).unwrap();
    // Before the claim.
    let ids = stage.admit("85").await;
    let holder = Holder::of(&path);
    let (engine, mut events) = stage.start();
    let said = hears(&mut events, "is locked").await;
    assert!(said.contains("try again"), "{said}");
    assert!(stage.ledger().await.is_empty());
    holder.let_go();
    // Between the request and its response.
    stage.wait(&ids, |take| take.state == TakeState::Submitting).await;
    let holder = Holder::of(&path);
    hears(&mut events, "is locked").await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Submitting);
    holder.let_go();
    stage.saved(&ids).await;
    assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1);
    engine.stop().await;
}
