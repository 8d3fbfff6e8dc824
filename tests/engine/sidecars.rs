//! Sidecars: the files beside the videos, and a store that is rebuilt from them.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rushes::engine::sidecars::rebuild::{self, Rebuilt};
use rushes::engine::{Event, sidecars};
use rushes::model::{Clock, SystemClock, Take, TakeState, Verdict};
use rushes::service::orders::Terms;
use rushes::service::{self, Change};
use rushes::store::{Facts, Filter, Store, StoreError, StoreOptions};
use serde_json::Value;

use crate::test_engine::Stage;

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn quick() -> StoreOptions {
    StoreOptions {
        busy_timeout: std::time::Duration::from_millis(200),
    }
}

fn database(stage: &Stage) -> PathBuf {
    stage.folder.path().join("rushes.db")
}

fn reels(stage: &Stage) -> PathBuf {
    stage.folder.path().join("reels")
}

fn of(stage: &Stage, take: &Take) -> Value {
    let path = sidecars::path(&stage.store, &reels(stage), take).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&path), mode(path.parent().unwrap())),
        (0o600, 0o700),
        "{}",
        path.display()
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Closes the stage's store; one elsewhere stands in.
fn close(stage: &mut Stage) {
    let elsewhere = Store::open(&stage.folder.path().join("elsewhere.db"), clock()).unwrap();
    drop(std::mem::replace(&mut stage.store, elsewhere));
}

/// The store's place is opened as a program does at its start.
fn reopen(stage: &mut Stage) -> Result<Option<Rebuilt>, StoreError> {
    close(stage);
    let (store, rebuilt) = rebuild::open(&database(stage), &reels(stage), &clock(), quick())?;
    stage.store = store;
    Ok(rebuilt)
}

/// Garbage over the first pages, as a broken disk leaves it.
fn scribble(path: &Path) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(&[0x5a; 4096]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_has_its_sidecar_from_the_moment_the_provider_accepts_it() {
    let stage = Stage::with_faults("[[fault]]\npath = \"/files/*\"\nfirst = 1\nstatus = 503").await;
    let ids = stage.admit("61").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.request_id.is_some()).await;
    engine.stop().await;
    let take = stage.take(ids[0]);
    let early = of(&stage, &take);
    assert_eq!(early["request_id"].as_str(), take.request_id.as_deref());
    assert_eq!(early["request"], take.body);
    assert_eq!(early["account"].as_str(), take.account.as_deref());

    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let take = &takes[0];
    assert_eq!(take.state, TakeState::Saved, "{take:?}");
    let late = of(&stage, take);
    let mut printed = serde_json::to_value(stage.store.dossier(take.id).unwrap()).unwrap();
    for (name, value) in printed.as_object_mut().unwrap() {
        assert_eq!(late[name], *value, "{name}");
    }
    assert_eq!(late["rebuild"]["reel"]["name"], "test");
    assert_eq!(
        late["rebuild"]["draft"]["prompt"],
        "A kite lifts over a grey beach."
    );

    // Video, sidecar, and nothing else.
    let folder = take.file.as_ref().unwrap().parent().unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["00001-s61-480p-4s.json", "00001-s61-480p-4s.mp4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sidecar_that_cannot_be_written_fails_no_take_and_is_reported_once() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("62").await;
    let take = stage.take(ids[0]);
    // A folder in the file's place: not even root can put a file there.
    let path = sidecars::path(&stage.store, &reels(&stage), &take).unwrap();
    std::fs::create_dir_all(path.join("in the way")).unwrap();
    let (engine, mut events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved);
    assert_eq!(takes[0].error, None);
    let mut said = 0;
    while let Ok(event) = events.try_recv() {
        if let Event::Problem(sentence) = event {
            assert!(sentence.contains(path.to_str().unwrap()), "{sentence}");
            said += 1;
        }
    }
    assert_eq!(said, 1);
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_str().unwrap().starts_with('.')
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Saved ones with their verdicts, one at the provider, one waiting: after the loss the first two are there, the
/// second is downloaded, and the third is not sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_is_set_aside_and_rebuilt_without_sending_anything() {
    let mut stage = Stage::with_faults("").await;
    let saved = stage.admit("63, 64").await;
    let (engine, _events) = stage.start();
    stage.settled(&saved).await;
    engine.stop().await;
    stage.store.set_verdict(saved[0], Verdict::Circled).unwrap();
    stage.store.set_note(saved[0], "the good one").unwrap();
    sidecars::write(&stage.store, &reels(&stage), saved[0]).unwrap();
    stage.in_flight = 1;
    let left = stage.admit("65, 66").await;
    let (engine, _events) = stage.start();
    stage.wait(&left[..1], |take| take.request_id.is_some()).await;
    engine.stop().await;
    let waits = stage.take(left[1]);
    assert_eq!(waits.state, TakeState::Waiting, "{waits:?}");
    let before: Vec<Take> = saved.iter().chain(&left[..1]).map(|id| stage.take(*id)).collect();
    let sent_before = stage.ledger().await.len();

    close(&mut stage);
    scribble(&database(&stage));
    let damaged = std::fs::read(database(&stage)).unwrap();
    let rebuilt = reopen(&mut stage).unwrap().expect("it was damaged");
    let said = rebuilt.to_string();
    let kept = rebuilt.kept.clone().unwrap();
    assert!(
        said.contains(kept.to_str().unwrap()) && said.contains("3 takes") && said.contains("history"),
        "{said}"
    );
    assert_eq!(std::fs::read(&kept).unwrap(), damaged);
    assert_eq!((rebuilt.takes, rebuilt.left_out), (3, Vec::<String>::new()));
    assert_eq!(stage.store.count(&Filter::all()).unwrap(), 3);
    for old in &before {
        let new = stage.take(old.id);
        assert_eq!(
            Take {
                sweep: old.sweep,
                revision: old.revision,
                ..new.clone()
            },
            Take {
                not_before: None,
                ..old.clone()
            }
        );
        assert_eq!((new.sweep, new.revision), (old.sweep, old.revision));
    }
    let reel = stage.store.reel("test").unwrap();
    assert_eq!(reel, stage.reel, "the reel keeps its id and folder");
    assert_eq!(
        stage.store.forms(&reel.id).edited().unwrap().unwrap().seeds,
        "65, 66"
    );

    stage.in_flight = 4;
    let (engine, _events) = stage.start();
    let home = stage.settled(&left[..1]).await;
    assert_eq!(home[0].state, TakeState::Saved, "{:?}", home[0]);
    assert_eq!(stage.ledger().await.len(), sent_before);
    let takes: Vec<Take> = saved.iter().chain(&left[..1]).map(|id| stage.take(*id)).collect();
    stage.ledger_agrees(&takes).await;
    // A new take gets a number that none of the lost ones had.
    let new = stage.admit("67").await;
    engine.wake();
    assert!(new[0].0 > left[1].0, "{new:?}");
    assert_eq!(stage.settled(&new).await[0].state, TakeState::Saved);
    engine.stop().await;
    assert_eq!(reopen(&mut stage).unwrap(), None, "it is sound now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_store_is_rebuilt_and_a_first_start_says_nothing() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("68").await;
    let (engine, _events) = stage.start();
    stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(reopen(&mut stage).unwrap(), None);
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(database(&stage).with_extension(ending));
    }
    // A second file that is none of ours, and one that is no JSON.
    let video = stage.take(ids[0]).file;
    let folder = video
        .as_ref()
        .map_or_else(|| reels(&stage), |f| f.parent().unwrap().to_owned());
    std::fs::write(folder.join("00009-s1-480p-4s.json"), "[".repeat(100_000)).unwrap();
    std::fs::write(folder.join("notes.json"), "{}").unwrap();
    let rebuilt = reopen(&mut stage).unwrap().unwrap();
    assert_eq!(
        (rebuilt.takes, rebuilt.left_out.len(), rebuilt.kept),
        (1, 1, None)
    );
    assert_eq!(stage.take(ids[0]).state, TakeState::Saved);

    let fresh = tempfile::tempdir().unwrap();
    let path = fresh.path().join("rushes.db");
    let (_store, rebuilt) = rebuild::open(&path, &fresh.path().join("reels"), &clock(), quick()).unwrap();
    assert_eq!(rebuilt, None);
}

/// Many sidecars, copied from that of a real take, beside a database that is gone.
async fn lost(seed: &str, copies: i64) -> Stage {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit(seed).await;
    let (engine, _events) = stage.start();
    let take = stage.settled(&ids).await.remove(0);
    engine.stop().await;
    close(&mut stage);
    let path = take.file.unwrap().with_extension("json");
    let mut text: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for id in 2..=copies {
        text["id"] = id.into();
        text["request_id"] = format!("copy-{id}").into();
        let copy = path.with_file_name(format!("{id:05}-s{seed}-480p-4s.json"));
        std::fs::write(copy, text.to_string()).unwrap();
    }
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(database(&stage).with_extension(ending));
    }
    stage
}

/// Another process, which runs the test of that name as far as it opens the store.
fn opens(stage: &Stage, test: &str) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("sidecars::{test}"), "--nocapture"])
        .env("RUSHES_TEST_OPENS", stage.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn open_and_tell(folder: &Path) {
    let options = StoreOptions {
        busy_timeout: std::time::Duration::from_secs(40),
    };
    let (store, rebuilt) = rebuild::open(
        &folder.join("rushes.db"),
        &folder.join("reels"),
        &clock(),
        options,
    )
    .unwrap();
    let takes = store.count(&Filter::all()).unwrap();
    println!("sees {takes}, rebuilt {}", rebuilt.is_some());
}

fn names_of_the_database(stage: &Stage) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(stage.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("rushes.db"))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_killed_is_repeated_by_the_next_start() {
    const TAKES: i64 = 1500;
    if let Some(folder) = std::env::var_os("RUSHES_TEST_OPENS") {
        return open_and_tell(Path::new(&folder));
    }
    let mut stage = lost("72", TAKES).await;
    let mut child = opens(&stage, "a_rebuild_that_is_killed_is_repeated_by_the_next_start");
    // The first sign of a database, by whatever name.
    while names_of_the_database(&stage).is_empty() {
        assert_eq!(child.try_wait().unwrap(), None);
        tokio::task::yield_now().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reopen(&mut stage).unwrap();
    assert_eq!(stage.store.count(&Filter::all()).unwrap(), TAKES as u64);
    let next = stage.admit("73").await;
    assert!(next[0].0 > TAKES, "{next:?}");
    close(&mut stage);
    assert_eq!(names_of_the_database(&stage), ["rushes.db"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_all_see_the_whole_rebuilt_store() {
    if let Some(folder) = std::env::var_os("RUSHES_TEST_OPENS") {
        return open_and_tell(Path::new(&folder));
    }
    let stage = lost("74", 600).await;
    let children: Vec<_> = (0..4)
        .map(|_| {
            opens(
                &stage,
                "processes_that_start_together_all_see_the_whole_rebuilt_store",
            )
        })
        .collect();
    let said: Vec<String> = children
        .into_iter()
        .map(|child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
        .collect();
    assert!(said.iter().all(|said| said.contains("sees 600,")), "{said:?}");
    let rebuilders = said.iter().filter(|said| said.contains("rebuilt true"));
    assert_eq!(rebuilders.count(), 1, "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leftover_write_ahead_log_and_an_empty_file_do_not_spoil_the_new_database() {
    let mut stage = lost("75", 3).await;
    std::fs::write(database(&stage), "").unwrap();
    std::fs::write(
        stage.folder.path().join("rushes.db-wal"),
        "of a database that is gone",
    )
    .unwrap();
    let rebuilt = reopen(&mut stage).unwrap().unwrap();
    assert_eq!((rebuilt.takes, rebuilt.left_out), (3, Vec::<String>::new()));
    assert_eq!(stage.store.count(&Filter::all()).unwrap(), 3);
    close(&mut stage);
    let kept = names_of_the_database(&stage);
    assert!(
        kept.iter()
            .any(|name| name.starts_with("rushes.db.corrupt-") && name.ends_with("-wal")),
        "{kept:?}"
    );
}

#[test]
fn a_lost_store_whose_sidecars_are_all_unusable_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let reels = folder.path().join("reels");
    std::fs::create_dir_all(reels.join("one")).unwrap();
    std::fs::write(reels.join("one/00007-s1-480p-4s.json"), "{").unwrap();
    let (_store, rebuilt) =
        rebuild::open(&folder.path().join("rushes.db"), &reels, &clock(), quick()).unwrap();
    let rebuilt = rebuilt.expect("there was something to bring back");
    assert_eq!((rebuilt.takes, rebuilt.left_out.len()), (0, 1));
    assert!(rebuilt.to_string().contains("1 file was left out"), "{rebuilt}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reel_behind_a_symbolic_link_is_restored_too() {
    let mut stage = lost("76", 2).await;
    let reel = std::fs::read_dir(reels(&stage))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let elsewhere = stage.folder.path().join("with more room");
    std::fs::rename(&reel, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &reel).unwrap();
    assert_eq!(reopen(&mut stage).unwrap().unwrap().takes, 2);
}

/// Releases before this one took names of any length.
#[tokio::test(flavor = "multi_thread")]
async fn reels_whose_long_names_begin_alike_are_all_restored() {
    let mut stage = lost("78", 2).await;
    let folder = std::fs::read_dir(reels(&stage)).unwrap().next().unwrap();
    let files = std::fs::read_dir(folder.unwrap().path()).unwrap();
    let sidecars = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension() == Some("json".as_ref()));
    for path in sidecars {
        let mut text: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let id = text["id"].as_u64().unwrap();
        let reel = &mut text["rebuild"]["reel"];
        reel["id"] = format!("{id:032x}").into();
        reel["folder"] = format!("long-{id}").into();
        reel["name"] = format!("{}{id}", "n".repeat(90)).into();
        let folder = reels(&stage).join(format!("long-{id}"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(path.file_name().unwrap()), text.to_string()).unwrap();
        std::fs::remove_file(path).unwrap();
    }
    let rebuilt = reopen(&mut stage).unwrap().unwrap();
    assert_eq!((rebuilt.takes, &rebuilt.left_out[..]), (2, &[][..]));
    let names: Vec<String> = stage
        .store
        .reels()
        .unwrap()
        .into_iter()
        .map(|reel| reel.name)
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.chars().count() <= 80), "{names:?}");
}

/// A copy of the database is put back that does not know the last takes: their numbers stay theirs.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_older_store_assigns_no_take_number_again() {
    let mut stage = Stage::with_faults("").await;
    let old = stage.folder.path().join("backup.db");
    rusqlite::Connection::open(database(&stage))
        .unwrap()
        .execute("VACUUM INTO ?1", [old.to_str().unwrap()])
        .unwrap();
    let ids = stage.admit("77, 78").await;
    let (engine, _events) = stage.start();
    stage.settled(&ids).await;
    engine.stop().await;
    close(&mut stage);
    std::fs::rename(&old, database(&stage)).unwrap();
    assert_eq!(reopen(&mut stage).unwrap(), None);
    stage.reel = stage.store.reel("test").unwrap();
    let (engine, _events) = stage.start();
    tokio::time::timeout(std::time::Duration::from_secs(40), async {
        // No signal tells of it: it is looked at again.
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
        while stage.store.recovery().last_number().unwrap() < ids[1] {
            tick.tick().await;
        }
    })
    .await
    .unwrap();
    let new = stage.admit("79").await;
    engine.wake();
    assert!(new[0] > ids[1], "{new:?}");
    stage.settled(&new).await;
    engine.stop().await;
}

/// Pages in the middle: opening does not notice, the run that reads them does, and the next start looks.
#[tokio::test(flavor = "multi_thread")]
async fn damage_found_during_a_run_is_repaired_at_the_next_start() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("70").await;
    let (engine, _events) = stage.start();
    stage.settled(&ids).await;
    engine.stop().await;
    // The schema is far from the middle then.
    for hundreds in 1..=5 {
        stage.admit(&format!("{hundreds}000..{hundreds}199")).await;
    }
    reopen(&mut stage).unwrap();
    let path = database(&stage);
    rusqlite::Connection::open(&path)
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    close(&mut stage);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();

    assert_eq!(reopen(&mut stage).unwrap(), None, "the start reads little");
    let all = stage.store.takes(&Filter::all(), 0, 1000);
    assert!(matches!(all, Err(StoreError::Corrupt { .. })), "{all:?}");
    let rebuilt = reopen(&mut stage).unwrap().expect("the run left word");
    assert_eq!(rebuilt.takes, 1);
    assert_eq!(stage.store.takes(&Filter::all(), 0, 1000).unwrap().len(), 1);
    assert_eq!(reopen(&mut stage).unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_that_another_process_has_open_is_not_moved() {
    if let Some(path) = std::env::var_os("RUSHES_TEST_HOLDS") {
        return hold(Path::new(&path));
    }
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("71").await;
    let (engine, _events) = stage.start();
    stage.settled(&ids).await;
    engine.stop().await;
    reopen(&mut stage).unwrap();
    let path = database(&stage);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "sidecars::a_damaged_store_that_another_process_has_open_is_not_moved",
        ])
        .arg("--nocapture")
        .env("RUSHES_TEST_HOLDS", &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("it is open")));
    // Ours is closed before the damage: its end would write into the file.
    close(&mut stage);
    scribble(&path);
    let damaged = std::fs::read(&path).unwrap();
    let error = reopen(&mut stage).unwrap_err();
    assert_eq!(error, StoreError::DamagedAndOpen(path.clone()));
    assert!(error.to_string().contains("nothing was moved"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), damaged);

    child.stdin.take().unwrap().write_all(b"end\n").unwrap();
    child.wait().unwrap();
    // The child's end may have left its log in the file's place; it is damaged all the same.
    scribble(&path);
    assert_eq!(reopen(&mut stage).unwrap().unwrap().takes, 1);
}

fn hold(path: &Path) {
    let store = Store::open(path, clock()).unwrap();
    store.reel("held").unwrap();
    println!("it is open");
    let mut word = [0];
    std::io::stdin().read_exact(&mut word).unwrap();
    // As a process that is killed: nothing is written on the way out.
    std::process::exit(i32::from(store.path().as_os_str().is_empty()));
}

/// A take that a 429 sent back, whose sidecar still says that it is being sent, and that is on hold now.
fn sent_back_and_on_hold(stage: &Stage) -> Take {
    let take = stage.claimed();
    sidecars::write(&stage.store, &reels(stage), take.id).unwrap();
    let waiting = stage.store.step(
        "dead",
        take.id,
        TakeState::Waiting,
        "slow down",
        &Facts::default(),
    );
    waiting.unwrap();
    let raw = rusqlite::Connection::open(database(stage)).unwrap();
    raw.execute(
        "UPDATE takes SET hold = 'moderation_output_audio' WHERE id = ?1",
        [take.id.0],
    )
    .unwrap();
    assert_eq!(of(stage, &take)["state"], "submitting");
    take
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_take_is_cancelled_in_its_sidecar_however_it_was_cancelled() {
    let stage = Stage::with_faults("").await;
    stage.admit("1..3").await;
    let take = sent_back_and_on_hold(&stage);
    let queue = service::Queue {
        store: stage.store.clone(),
        reels: reels(&stage),
        backend: stage.backend,
        spending: stage.setup().spending,
        wake: stage.setup().wake,
    };
    let others = stage.admit("9").await;
    queue
        .change(others[0], Change::CancelOnHold(vec![others[0], take.id]))
        .unwrap();
    assert_eq!(of(&stage, &take)["state"], "cancelled");

    let replaced = sent_back_and_on_hold(&stage);
    let terms = Terms {
        reel_id: stage.store.reel("main").unwrap().id,
        backend: stage.backend,
        repeats: 0,
    };
    let order = terms
        .without_sound(&stage.take(replaced.id), "7".to_owned(), vec![replaced.id])
        .unwrap();
    stage.admit_under(order, stage.setup().spending).await.unwrap();
    assert_eq!(of(&stage, &replaced)["state"], "cancelled");
}
