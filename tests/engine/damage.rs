//! Rows that cannot be read, bytes that flip, and a database that is older than the files beside the videos.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use rushes::engine::Event;
use rushes::engine::sidecars::{self, damaged_rows, orphans, rebuild};
use rushes::model::{Backend, Clock, FailureKind, SystemClock, Take, TakeId, TakeState, Usd};
use rushes::store::{Claim, Claimed, Filter, Store, StoreError, StoreOptions};

use crate::test_engine::Stage;

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn database(stage: &Stage) -> PathBuf {
    stage.folder.path().join("rushes.db")
}

fn reels(stage: &Stage) -> PathBuf {
    stage.folder.path().join("reels")
}

/// Writes what no rushes writes, as a broken disk does.
fn scribble(path: &Path, sql: &str) {
    let raw = rusqlite::Connection::open(path).unwrap();
    raw.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
        .unwrap();
    let changed = raw.execute(sql, []).unwrap();
    assert!(changed > 0, "{sql}");
}

type Said = Arc<Mutex<Vec<String>>>;

/// A store as a program opens it, and what it says on the way.
fn opened(path: &Path, reels: &Path) -> Result<(Store, Said), StoreError> {
    let (store, rebuilt) = rebuild::open(path, reels, &clock(), StoreOptions::default())?;
    let said = Said::default();
    said.lock().unwrap().extend(rebuilt.map(|done| done.to_string()));
    let hears = Arc::clone(&said);
    damaged_rows::mend_when_met(&store, reels, move |sentence| {
        hears.lock().unwrap().push(sentence);
    });
    Ok((store, said))
}

/// Reads all of it as log, queue and pages do.
fn read_all(store: &Store) -> Result<Vec<rushes::model::Take>, StoreError> {
    let takes = store.takes(&Filter::all(), 0, 1000)?;
    store.unsettled_takes(None)?;
    for take in &takes {
        store.events(take.id)?;
        store.exchanges(take.id)?;
    }
    for reel in store.reels()? {
        store.forms(&reel.id).edited()?;
    }
    for reel in store.reels()? {
        store.forms(&reel.id).revisions(1000)?;
    }
    store.queue(Backend::Sandbox).state()?;
    store
        .queue(Backend::Sandbox)
        .committed_since(jiff::Timestamp::UNIX_EPOCH)?;
    store.queue(Backend::Sandbox).waiting_money()?;
    store.leases("me").next_end(Backend::Sandbox, "")?;
    Ok(takes)
}

/// Claims as the queue does; nothing is sent.
fn claim(store: &Store) -> Result<Claimed, StoreError> {
    store.claim(&Claim {
        owner: "me".into(),
        account: "0123456789abcdef".into(),
        backend: Backend::Sandbox,
        limit: 4,
        caps: rushes::store::Caps::since(jiff::Timestamp::UNIX_EPOCH, Usd::MAX_BILL),
        prices: None,
        lease: SignedDuration::from_secs(60),
    })
}

/// A stage with saved takes, one that was refused before the provider took it, and one that waits.
async fn with_takes() -> (Stage, Vec<TakeId>) {
    let stage =
        Stage::with_faults("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 4\nstatus = 400").await;
    let mut ids = stage.admit("41, 42, 43, 44").await;
    let (engine, _events) = stage.start();
    stage.settled(&ids).await;
    engine.stop().await;
    ids.extend(stage.admit("45").await);
    (stage, ids)
}

/// What a broken disk makes of a row.
const OF_ROWS: [&str; 17] = [
    "UPDATE takes SET state = 'saveD'",
    "UPDATE takes SET verdict = X'ff'",
    "UPDATE takes SET error_kind = 'nonsense'",
    "UPDATE takes SET estimate = -5",
    "UPDATE takes SET cost = -5",
    "UPDATE takes SET reserve = 9000000000000000000",
    "UPDATE takes SET bytes = -1",
    "UPDATE takes SET reel_id = CAST(X'ff' || substr(reel_id, 2) AS TEXT)",
    "UPDATE takes SET reel_id = 'x' || substr(reel_id, 2)",
    "UPDATE events SET to_state = 'waitinG'",
    "UPDATE events SET at = 9000000000000000000",
    "UPDATE exchanges SET millis = -1",
    "UPDATE reels SET created_at = 9000000000000000000",
    "UPDATE reels SET archived_at = 9000000000000000000",
    "UPDATE reels SET file_names = X'ff'",
    "UPDATE reels SET id = 'x' || substr(id, 2)",
    "UPDATE reels SET id = CAST(X'ff' || substr(id, 2) AS TEXT)",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_restored_from_its_sidecar_as_soon_as_it_is_found() {
    let (stage, ids) = with_takes().await;
    let before: Vec<_> = ids.iter().map(|id| stage.take(*id)).collect();
    let saved = before
        .iter()
        .filter(|take| take.state == TakeState::Saved)
        .count();
    assert_eq!(saved, 3, "{before:?}");
    let lost = before
        .iter()
        .find(|take| take.state == TakeState::Refused)
        .unwrap()
        .id;
    let whole = before.iter().find(|take| take.state == TakeState::Saved).unwrap();
    stage.store.reel("another, without takes").unwrap();
    for damage in OF_ROWS {
        let table = damage.split_whitespace().nth(1).unwrap();
        let of_one = match table {
            "takes" => format!("{damage} WHERE id = {}", whole.id),
            "reels" => format!("{damage} WHERE id = '{}'", stage.reel.id),
            _ => format!(
                "{damage} WHERE id = (SELECT min(id) FROM {table} WHERE take_id = {})",
                whole.id
            ),
        };
        let of_one = of_one.replace("X'ff'", "CAST(X'ff' AS TEXT)");
        let events = stage.store.events(whole.id).unwrap();
        let exchanges = stage.store.exchanges(whole.id).unwrap();
        let (store, said) = opened(&database(&stage), &reels(&stage)).unwrap();
        scribble(&database(&stage), &of_one);
        let takes = read_all(&store).unwrap_or_else(|error| panic!("{of_one}: {error}"));
        assert_eq!(takes.len(), ids.len(), "{of_one}");
        let again = store.take(whole.id).unwrap();
        assert_eq!(
            (again.state, again.cost, &again.sha256, again.estimate),
            (TakeState::Saved, whole.cost, &whole.sha256, whole.estimate),
            "{of_one}"
        );
        let told = said.lock().unwrap().join(" ");
        assert!(
            told.contains("1 row") && told.contains("Restored"),
            "{of_one}: {told:?}"
        );
        let without_owners = |events: Vec<rushes::store::TakeEvent>| -> Vec<_> {
            events
                .into_iter()
                .map(|event| (event.at, event.from, event.to))
                .collect()
        };
        assert_eq!(
            without_owners(store.events(whole.id).unwrap()),
            without_owners(events),
            "{of_one}"
        );
        assert_eq!(
            store.exchanges(whole.id).unwrap().len(),
            exchanges.len(),
            "{of_one}"
        );
        assert_eq!(store.recovery().unreadable_rows().unwrap(), []);
    }
    // Without a file beside a video the row is lost, is said to be, and the others are shown.
    std::fs::remove_file(sidecars::path(&stage.store, &reels(&stage), &stage.take(lost)).unwrap()).unwrap();
    let (store, said) = opened(&database(&stage), &reels(&stage)).unwrap();
    scribble(
        &database(&stage),
        &format!("UPDATE takes SET state = 'refuseD' WHERE id = {lost}"),
    );
    let takes = read_all(&store).unwrap();
    assert_eq!(takes.len(), ids.len() - 1);
    let told = said.lock().unwrap().join(" ");
    assert!(
        told.contains(&format!(
            "Lost, because no file beside the videos records it: take {lost}."
        )),
        "{told}"
    );
    let kept = store.recovery().rows_set_aside().unwrap();
    assert_eq!(
        (kept.last().unwrap().take, kept.last().unwrap().restored),
        (Some(lost), false)
    );
    assert_eq!(store.take(lost), Err(StoreError::NoSuchTake(lost)));
    // Its number is not given out again.
    let next = stage.admit("46").await;
    assert!(next[0] > lost && !ids.contains(&next[0]));
}

/// A form comes back from a take that was made of it, the one being edited from the newest; a line whose state is not
/// known stands still.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_form_is_restored_and_a_damaged_queue_stays_stopped() {
    let (stage, _) = with_takes().await;
    let reel = &stage.reel.id;
    let [first, second] = [1, 2].map(|version| stage.store.forms(reel).revision(version).unwrap());
    assert!(first.is_some() && second.is_some() && first != second);
    let edited = rushes::model::Form {
        prompt: "Half a sentence".to_owned(),
        ..crate::test_engine::form()
    };
    stage.store.forms(reel).save(&edited).unwrap();
    stage
        .store
        .queue(Backend::Sandbox)
        .stop(FailureKind::Credits, "402")
        .unwrap();
    let (store, said) = opened(&database(&stage), &reels(&stage)).unwrap();
    scribble(
        &database(&stage),
        "UPDATE forms SET form = json_set(form, '$.resolution', 'nonsense') WHERE revision = 1",
    );
    assert_eq!(store.forms(reel).revision(1).unwrap(), first);
    scribble(
        &database(&stage),
        "UPDATE forms SET form = json_set(form, '$.bitrate_mode', 'nonsense') WHERE revision = 0",
    );
    assert_eq!(store.forms(reel).edited().unwrap(), second);
    let told = said.lock().unwrap().join(" ");
    assert_eq!(
        told.matches("Restored from what else is known: one of forms")
            .count(),
        2,
        "{told}"
    );
    // What could be read of it is kept.
    let raw = rusqlite::Connection::open(database(&stage)).unwrap();
    let sql = "SELECT raw ->> '$.form' ->> '$.prompt' FROM damaged ORDER BY id DESC";
    let kept: String = raw.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, edited.prompt);
    for damage in [
        "stopped_kind = 'nonsense'",
        "rate_since = 9000000000000000000",
        "rate_count = -1",
    ] {
        let (store, _) = opened(&database(&stage), &reels(&stage)).unwrap();
        stage.store.queue(Backend::Sandbox).resume().unwrap();
        scribble(&database(&stage), &format!("UPDATE lines SET {damage}"));
        let claimed = claim(&store).unwrap_or_else(|error| panic!("{damage}: {error}"));
        assert!(
            matches!(claimed, Claimed::Stopped(FailureKind::Storage, _)),
            "{damage}: {claimed:?}"
        );
        let (_, why) = store.queue(Backend::Sandbox).state().unwrap().stopped.unwrap();
        assert!(why.contains("may have been stopped"), "{damage}: {why}");
    }
    // A text of which only the time is damaged stays as it is.
    for damage in ["saved_at = 9000000000000000000", "set_aside = 7"] {
        let (store, _) = opened(&database(&stage), &reels(&stage)).unwrap();
        store.forms(reel).save(&edited).unwrap();
        scribble(&database(&stage), &format!("UPDATE forms SET {damage}"));
        let revisions = store.forms(reel).revisions(100).unwrap();
        assert_eq!(store.recovery().unreadable_rows().unwrap(), []);
        assert_eq!(
            store.forms(reel).edited().unwrap().as_ref(),
            Some(&edited),
            "{damage}"
        );
        assert_eq!(Some(&revisions[0].form), second.as_ref(), "{damage}");
        assert_eq!(store.forms(reel).latest().unwrap(), Some(2), "{damage}");
    }
}

/// A sent take that may not have been refused is neither sent again nor left out of the money.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_was_being_sent_when_its_row_was_damaged_counts_and_is_not_sent_again() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("47, 48").await;
    let take = stage.claimed();
    let since = take.times.submitted.unwrap();
    let committed = |store: &Store| store.queue(Backend::Sandbox).committed_since(since).unwrap();
    assert_eq!(committed(&stage.store), take.may_cost());
    let (store, said) = opened(&database(&stage), &reels(&stage)).unwrap();
    scribble(
        &database(&stage),
        &format!("UPDATE takes SET state = 'submittinG' WHERE id = {}", take.id),
    );
    let takes = read_all(&store).unwrap();
    assert_eq!(takes.len(), 1);
    assert_eq!(committed(&store), take.may_cost(), "it still counts");
    let told = said.lock().unwrap().join(" ");
    assert!(
        told.contains("still count: $0.28") && told.contains("rushes reconcile"),
        "{told}"
    );
    let (engine, _events) = stage.start();
    let other = *ids.iter().find(|id| **id != take.id).unwrap();
    stage.settled(&[other]).await;
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 1, "only the other one was sent");
}

/// A lost take that comes back with its sidecar counts once.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_comes_back_after_it_was_lost_counts_once() {
    let stage = Stage::with_faults("").await;
    stage.admit("47").await;
    let take = stage.claimed();
    let since = take.times.submitted.unwrap();
    let committed = |store: &Store| store.queue(Backend::Sandbox).committed_since(since).unwrap();
    let sidecar = stage.store.sidecar(take.id).unwrap();
    let (store, _said) = opened(&database(&stage), &reels(&stage)).unwrap();
    scribble(
        &database(&stage),
        &format!("UPDATE takes SET state = 'submittinG' WHERE id = {}", take.id),
    );
    assert_eq!(read_all(&store).unwrap().len(), 0);
    assert_eq!(committed(&store), take.may_cost());
    assert_eq!(store.recovery().restore_one(&sidecar).unwrap(), None);
    assert_eq!(read_all(&store).unwrap().len(), 1);
    assert_eq!(committed(&store), take.may_cost());
}

/// Columns that only some queries read: the first one that meets the damage puts the row out of the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_column_that_only_the_queue_reads_does_not_stop_it() {
    let stage = Stage::with_faults("").await;
    for damage in [
        "max_price = -5",
        "clip_frames = -1",
        "reserve = -5",
        "not_before = 9000000000000000000",
    ] {
        let ids = stage.admit("49, 50").await;
        let (store, said) = opened(&database(&stage), &reels(&stage)).unwrap();
        scribble(
            &database(&stage),
            &format!("UPDATE takes SET {damage} WHERE id = {}", ids[0]),
        );
        let claimed = claim(&store).unwrap_or_else(|error| panic!("{damage}: {error}"));
        let Claimed::Take(claimed) = claimed else {
            panic!("{damage}: {claimed:?}")
        };
        assert_eq!(claimed.id, ids[1], "{damage}");
        assert_eq!(said.lock().unwrap().len(), 1, "{damage}");
        scribble(
            &database(&stage),
            &format!(
                "UPDATE takes SET lease_until = 9000000000000000000 WHERE id = {}",
                ids[1]
            ),
        );
        let lease = store.leases("other").next_end(Backend::Sandbox, "");
        assert_eq!(lease, Ok(None), "{damage}");
    }
}

/// Whatever byte flips, at most two starts later everything but its row is there again, and nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_byte_anywhere_costs_at_most_its_row() {
    let (stage, ids) = with_takes().await;
    let sound = copy_of(&stage);
    let seed =
        std::env::var("RUSHES_TEST_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("RUSHES_TEST_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    // Most of a small database is zeros, where nothing is written.
    let written: Vec<usize> = (4096..sound.len()).filter(|at| sound[*at] != 0).collect();
    for round in 0..40 {
        let at = match round % 4 {
            0 => random.usize(4096..sound.len()),
            _ => written[random.usize(..written.len())],
        };
        let bit = random.u8(1..=255);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rushes.db");
        let mut bytes = sound.clone();
        bytes[at] ^= bit;
        std::fs::write(&path, bytes).unwrap();
        let mut last = None;
        let takes = (0..3).find_map(|_| {
            let all = opened(&path, &reels(&stage)).and_then(|(store, _)| {
                let takes = read_all(&store)?;
                claim(&store)?;
                Ok(takes)
            });
            all.map_err(|error| last = Some(error)).ok()
        });
        let what = format!("round {round}, byte {at} ^ {bit:#x}");
        let takes = takes.unwrap_or_else(|| panic!("{what}: {last:?}"));
        let known = takes.iter().filter(|take| ids.contains(&take.id)).count();
        assert!(known + 2 >= ids.len(), "{what}: {known} of {} takes", ids.len());
        for take in &takes {
            let was = ids.iter().position(|id| *id == take.id);
            assert!(
                take.state != TakeState::Waiting || was.is_none_or(|at| at == ids.len() - 1),
                "{what}: take {} waits to be sent again",
                take.id
            );
        }
    }
}

/// Everything that is in the database now.
fn copy_of(stage: &Stage) -> Vec<u8> {
    let raw = rusqlite::Connection::open(database(stage)).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(raw);
    std::fs::read(database(stage)).unwrap()
}

/// Puts an older database in the place of the stage's.
fn put_back(stage: &mut Stage, older: Vec<u8>) {
    let elsewhere = Store::open(&stage.folder.path().join("elsewhere.db"), clock()).unwrap();
    drop(std::mem::replace(&mut stage.store, elsewhere));
    for ending in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(database(stage).with_extension(ending));
    }
    std::fs::write(database(stage), older).unwrap();
    let (store, _) = opened(&database(stage), &reels(stage)).unwrap();
    stage.store = store;
}

/// The response was lost and then the database's last moments, in which the take had been sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_of_unknown_outcome_is_not_sent_again_from_an_older_database() {
    let mut stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n\
         [[fault]]\npath = \"/inference-request/**\"\nfirst = 1\nstatus = 502\n",
    )
    .await;
    let ids = stage.admit("54").await;
    let older = copy_of(&stage);
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.state == TakeState::Unknown).await;
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 1);
    put_back(&mut stage, older);
    assert_eq!(stage.take(ids[0]).state, TakeState::Waiting);
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 1, "it was sent a second time");
    let way = stage.way(ids[0]);
    assert_eq!(way[1..3], [TakeState::Submitting, TakeState::Unknown], "{way:?}");
}

/// The file beside the video is written before the take is sent: when the program is killed in between, and the
/// database loses that moment, only the history can tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_only_its_sidecar_knows_as_in_flight_is_looked_up_and_not_sent() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("55").await;
    let older = copy_of(&stage);
    let sent = stage.claimed();
    sidecars::write(&stage.store, &reels(&stage), sent.id).unwrap();
    put_back(&mut stage, older);
    let (engine, _events) = stage.start();
    let takes = stage.wait(&ids, |take| take.state != TakeState::Waiting).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Unknown);
    assert_eq!(takes[0].error_kind, Some(FailureKind::Unclear));
    assert_eq!(takes[0].times.submitted, sent.times.submitted);
    assert_eq!(stage.ledger().await.len(), 0);

    // A rebuilt database knows it from the same file.
    put_back(&mut stage, Vec::new());
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
}

/// Nobody can say whether these takes were sent, so the user decides. The others are sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_take_whose_file_cannot_be_used_is_paused_and_reported() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("56, 57, 58").await;
    let file = |take: &Take| sidecars::path(&stage.store, &reels(&stage), take).unwrap();
    let [broken, newer, sound] = [0, 1, 2].map(|at| stage.take(ids[at]));
    std::fs::create_dir_all(file(&broken).parent().unwrap()).unwrap();
    std::fs::write(file(&broken), "{\"id\": 1, \"sta").unwrap();
    let mut form = serde_json::to_value(stage.store.sidecar(newer.id).unwrap()).unwrap();
    form["rebuild"]["form"] = 999.into();
    let event = form["events"][0].clone();
    form["events"].as_array_mut().unwrap().push(event);
    std::fs::write(file(&newer), form.to_string()).unwrap();
    let (engine, mut events) = stage.start();
    stage.saved(&[sound.id]).await;
    engine.stop().await;
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Problem(sentence) = event {
            told.push(sentence);
        }
    }
    assert_eq!(told.len(), 2, "{told:?}");
    for (take, told) in [&broken, &newer].into_iter().zip(&told) {
        let now = stage.take(take.id);
        assert!(now.state == TakeState::Waiting && now.paused, "{now:?}");
        assert_eq!(now.error.as_ref(), Some(told));
        assert!(told.contains(file(take).to_str().unwrap()), "{told}");
    }
    assert!(told[1].contains("newer rushes"), "{told:?}");
    // The user releases one: it is sent, and its file is written again.
    stage.store.pause(broken.id, false).unwrap();
    let (engine, mut events) = stage.start();
    engine.wake();
    while !matches!(events.recv().await.unwrap(), Event::Problem(_)) {}
    stage.store.pause(broken.id, false).unwrap();
    engine.wake();
    stage.saved(&[broken.id, sound.id]).await;
    engine.stop().await;
}

/// As after `rm rushes.db-wal`: the database is one of a moment ago, in which takes wait that were bought since.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_lost_its_last_writes_sends_nothing_twice_and_imports_unknown_takes() {
    let mut stage = Stage::with_faults("").await;
    let known = stage.admit("51, 52").await;
    let older = copy_of(&stage);
    let unknown = stage.admit("53").await;
    let all: Vec<TakeId> = known.iter().chain(&unknown).copied().collect();
    let (engine, _events) = stage.start();
    stage.saved(&all).await;
    engine.stop().await;
    let before: Vec<_> = all.iter().map(|id| stage.take(*id)).collect();

    put_back(&mut stage, older);
    assert_eq!(stage.take(known[0]).state, TakeState::Waiting);

    let (engine, mut events) = stage.start();
    let takes = stage.settled(&known).await;
    let strays = async {
        loop {
            if let Event::Orphans(takes) = events.recv().await.unwrap() {
                return takes;
            }
        }
    };
    let offered = tokio::time::timeout(std::time::Duration::from_secs(20), strays)
        .await
        .unwrap();
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 3, "nothing was sent twice");
    assert_eq!(takes, before[..2]);
    assert_eq!(offered, 1);
    assert_eq!(orphans::count(&stage.store, &reels(&stage)).unwrap(), 1);
    assert_eq!(
        stage.store.take(unknown[0]),
        Err(StoreError::NoSuchTake(unknown[0]))
    );

    // The form that is being edited is the user's.
    let mine = rushes::model::Form {
        prompt: "Something that I am writing.".to_owned(),
        ..crate::test_engine::form()
    };
    stage.store.forms(&stage.reel.id).save(&mine).unwrap();
    let imported = orphans::import(&stage.store, &reels(&stage)).unwrap();
    assert_eq!(
        (imported.takes, imported.unsettled, imported.left_out),
        (1, 0, vec![])
    );
    assert_eq!(stage.take(unknown[0]).sha256, before[2].sha256);
    assert_eq!(stage.store.forms(&stage.reel.id).edited().unwrap(), Some(mine));
    assert_eq!(orphans::count(&stage.store, &reels(&stage)).unwrap(), 0);
    let takes: Vec<_> = all.iter().map(|id| stage.take(*id)).collect();
    stage.ledger_agrees(&takes).await;
}
