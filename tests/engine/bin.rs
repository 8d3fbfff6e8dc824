//! The bin: the files of rejected takes, through crashes and on disks that refuse.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rushes::engine::bin::{self, NotMoved};
use rushes::engine::sidecars::{self, orphans, rebuild};
use rushes::model::{SystemClock, Take, TakeId, TakeState, Verdict};
use rushes::service::{Change, Queue};
use rushes::store::{Store, StoreOptions};
use serde_json::Value;

use crate::test_engine::{Stage, until};

pub fn reels(stage: &Stage) -> PathBuf {
    stage.data.join("reels")
}

pub fn queue(stage: &Stage) -> Queue {
    Queue {
        store: stage.store.clone(),
        reels: reels(stage),
        backend: stage.backend,
        spending: stage.setup().spending,
        wake: stage.setup().wake,
    }
}

/// A stage with saved takes of these seeds, each with its last frame as a picture.
pub async fn with_saved(seeds: &str) -> (Stage, Vec<TakeId>) {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit(seeds).await;
    let (engine, _events) = stage.start();
    let takes = stage.saved(&ids).await;
    engine.stop().await;
    for take in takes {
        let stem = file(&take).file_stem().unwrap().to_str().unwrap();
        let picture = file(&take).with_file_name(format!("{stem}-last.png"));
        std::fs::write(&picture, format!("the last frame of take {}", take.id)).unwrap();
        queue(&stage).change(take.id, Change::LastFrame(picture)).unwrap();
    }
    (stage, ids)
}

pub fn judge(stage: &Stage, id: TakeId, verdict: Verdict) -> Option<String> {
    queue(stage).change(id, Change::Verdict(verdict)).unwrap().remark
}

pub fn file(take: &Take) -> &Path {
    take.file.as_deref().unwrap()
}

pub fn sidecar(take: &Take) -> Value {
    serde_json::from_slice(&std::fs::read(file(take).with_extension("json")).unwrap()).unwrap()
}

/// The names in a folder, sorted, without folders.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let files = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file());
    let mut names: Vec<String> = files
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_takes_files_move_into_the_bin_and_back() {
    let (stage, ids) = with_saved("7").await;
    let before = stage.take(ids[0]);
    let folder = file(&before).parent().unwrap();
    let outside = names(folder);
    let bytes = std::fs::read(file(&before)).unwrap();
    assert_eq!(judge(&stage, ids[0], Verdict::Rejected), None);
    let binned = stage.take(ids[0]);
    assert_eq!(file(&binned).parent(), Some(&*folder.join("bin")));
    assert_eq!(std::fs::read(file(&binned)).unwrap(), bytes);
    let picture = binned.last_frame_file.as_deref().unwrap();
    assert!(picture.is_file() && picture.parent() == file(&binned).parent());
    assert_eq!(
        (names(folder), names(&folder.join("bin"))),
        (vec![], outside.clone())
    );
    let beside = sidecar(&binned);
    assert_eq!(
        (
            &beside["verdict"],
            beside["file"].as_str(),
            beside["last_frame_file"].as_str()
        ),
        (&"rejected".into(), file(&binned).to_str(), picture.to_str())
    );
    // It is no stranger, and its number is not given out again.
    assert_eq!(orphans::count(&stage.store, &reels(&stage)), Ok(0));

    for verdict in [Verdict::Circled, Verdict::Rejected, Verdict::None] {
        assert_eq!(judge(&stage, ids[0], verdict), None);
    }
    let back = stage.take(ids[0]);
    assert_eq!(
        (&back.file, &back.last_frame_file),
        (&before.file, &before.last_frame_file)
    );
    assert_eq!((names(folder), names(&folder.join("bin"))), (outside, vec![]));
    assert_eq!(sidecar(&back)["verdict"], "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_is_overwritten_on_either_side_of_the_bin() {
    let (stage, ids) = with_saved("7").await;
    let before = stage.take(ids[0]);
    let folder = file(&before).parent().unwrap().to_owned();
    let name = file(&before).file_name().unwrap();
    let in_the_way = folder.join("bin").join(name);
    std::fs::create_dir(folder.join("bin")).unwrap();
    std::fs::write(&in_the_way, "of somebody else").unwrap();
    assert_eq!(judge(&stage, ids[0], Verdict::Rejected), None);
    let binned = stage.take(ids[0]);
    assert_eq!(file(&binned).file_name().unwrap(), "00001-s7-480p-4s-2.mp4");
    std::fs::write(folder.join("00001-s7-480p-4s-2.json"), "{}").unwrap();
    assert_eq!(judge(&stage, ids[0], Verdict::None), None);
    let back = stage.take(ids[0]);
    assert_eq!(file(&back), folder.join("00001-s7-480p-4s-2-2.mp4"));
    assert!(rushes::engine::sidecars::bundled::hash(file(&back)).unwrap() == back.sha256.clone().unwrap());
    assert_eq!(std::fs::read(&in_the_way).unwrap(), b"of somebody else");
    assert_eq!(
        std::fs::read(folder.join("00001-s7-480p-4s-2.json")).unwrap(),
        b"{}"
    );
}

/// Each place where the process may end: the next start finds the file and finishes.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_finishes_what_a_dead_process_began() {
    let (stage, ids) = with_saved("1..4").await;
    let store = &stage.store;
    let before: Vec<Take> = ids.iter().map(|id| stage.take(*id)).collect();
    let folder = file(&before[0]).parent().unwrap().to_owned();
    let in_bin = |take: &Take| folder.join("bin").join(file(take).file_name().unwrap());
    // Nothing was moved yet; the video was moved; all was done but the sidecar; the same on the way back.
    store.set_verdict(ids[0], Verdict::Rejected).unwrap();
    store.set_verdict(ids[1], Verdict::Rejected).unwrap();
    std::fs::create_dir(folder.join("bin")).unwrap();
    std::fs::rename(file(&before[1]), in_bin(&before[1])).unwrap();
    for id in &ids[2..] {
        assert_eq!(judge(&stage, *id, Verdict::Rejected), None);
    }
    store.set_verdict(ids[2], Verdict::None).unwrap();
    store.set_verdict(ids[3], Verdict::None).unwrap();
    std::fs::rename(in_bin(&before[3]), file(&before[3])).unwrap();

    let (engine, _events) = stage.start();
    let is_done = |take: &Take| {
        let wanted = take.verdict == Verdict::Rejected;
        bin::is_binned(file(take)) == wanted && file(take).is_file()
    };
    let counts = || (names(&folder).len(), names(&folder.join("bin")).len());
    until(
        || format!("{:?}", counts()),
        async || counts() == (6, 6) && ids.iter().all(|id| is_done(&stage.take(*id))),
    )
    .await;
    engine.stop().await;
    for (id, old) in ids.iter().zip(&before) {
        let take = stage.take(*id);
        let picture = take.last_frame_file.clone().unwrap();
        assert!(
            picture.is_file() && picture.parent() == file(&take).parent(),
            "{take:?}"
        );
        assert_eq!(
            rushes::engine::sidecars::bundled::hash(file(&take)).ok(),
            old.sha256,
            "{id}"
        );
        assert_eq!(sidecar(&take)["file"].as_str(), file(&take).to_str());
    }
}

/// The process ended while it moved the video, and then the database was lost too.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_comes_back_with_what_is_in_the_bin() {
    let (mut stage, ids) = with_saved("1..3").await;
    let before: Vec<Take> = ids.iter().map(|id| stage.take(*id)).collect();
    let folder = file(&before[0]).parent().unwrap().to_owned();
    judge(&stage, ids[0], Verdict::Rejected);
    judge(&stage, ids[1], Verdict::Rejected);
    bin::empty(&stage.store, &reels(&stage), &ids[1..2]).unwrap();
    let was_emptied = stage.take(ids[1]).emptied_at;
    assert!(was_emptied.is_some());
    let moved = folder.join("bin").join(file(&before[2]).file_name().unwrap());
    std::fs::rename(file(&before[2]), &moved).unwrap();

    let path = stage.data.join("rushes.db");
    let elsewhere = Store::open(&stage.data.join("elsewhere.db"), Arc::new(SystemClock)).unwrap();
    stage.store = elsewhere;
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    let clock: Arc<dyn rushes::model::Clock> = Arc::new(SystemClock);
    let (store, rebuilt) = rebuild::open(&path, &reels(&stage), &clock, StoreOptions::default()).unwrap();
    let rebuilt = rebuilt.unwrap();
    assert_eq!((rebuilt.takes, rebuilt.left_out), (3, Vec::<String>::new()));
    stage.store = store;
    assert_eq!(
        stage.store.reel("test").unwrap(),
        stage.reel,
        "the bin is no reel"
    );
    let rejected = stage.take(ids[0]);
    assert_eq!(
        (rejected.verdict, bin::is_binned(file(&rejected))),
        (Verdict::Rejected, true)
    );
    assert!(file(&rejected).is_file());
    let emptied = stage.take(ids[1]);
    assert_eq!(
        (emptied.file, emptied.emptied_at, emptied.state),
        (None, was_emptied, TakeState::Saved)
    );
    assert_eq!(file(&stage.take(ids[2])), moved, "found where it was moved to");
    bin::settle_all(&stage.store, &reels(&stage)).unwrap();
    assert_eq!(stage.take(ids[2]).file, before[2].file);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_kept_where_the_file_cannot_be_moved_and_the_user_is_told() {
    let (stage, ids) = with_saved("7, 8").await;
    let before = stage.take(ids[0]);
    let folder = file(&before).parent().unwrap().to_owned();
    // A file in the place of the folder: not even root can move a video there.
    std::fs::write(folder.join("bin"), "a file").unwrap();
    let told = judge(&stage, ids[0], Verdict::Rejected).unwrap();
    let stays = format!(
        "Take 1 is rejected, but its video stays at {}: ",
        file(&before).display()
    );
    assert!(told.starts_with(&stays) && told.contains("next start"), "{told}");
    let kept = stage.take(ids[0]);
    assert_eq!((kept.verdict, &kept.file), (Verdict::Rejected, &before.file));
    assert_eq!(sidecar(&kept)["verdict"], "rejected");
    assert_eq!(bin::contents(&stage.store).unwrap(), []);
    std::fs::remove_file(folder.join("bin")).unwrap();
    assert_eq!(bin::settle_all(&stage.store, &reels(&stage)), Ok(vec![ids[0]]));
    assert!(bin::is_binned(file(&stage.take(ids[0]))));

    let missing = stage.take(ids[1]);
    std::fs::remove_file(file(&missing)).unwrap();
    let told = judge(&stage, ids[1], Verdict::Rejected).unwrap();
    assert!(
        told.starts_with("Take 2 is rejected, but its video /") && told.contains("no file was moved"),
        "{told}"
    );
    assert_eq!(stage.take(ids[1]).verdict, Verdict::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bin_on_another_disk_is_named() {
    let elsewhere = Path::new("/dev/shm");
    let (stage, ids) = with_saved("7").await;
    let take = stage.take(ids[0]);
    let device = |path: &Path| path.metadata().ok().map(|about| about.dev());
    let Ok(other) = tempfile::tempdir_in(elsewhere) else {
        return;
    };
    if device(other.path()) == device(file(&take)) {
        return;
    }
    let bin = file(&take).with_file_name("bin");
    std::os::unix::fs::symlink(other.path(), &bin).unwrap();
    let told = judge(&stage, ids[0], Verdict::Rejected).unwrap();
    assert!(told.contains("must be on one disk"), "{told}");
    assert_eq!(stage.take(ids[0]).file, take.file);
    assert_eq!(names(other.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn emptying_deletes_only_what_the_store_has_in_the_bin_as_rejected() {
    let (stage, ids) = with_saved("1..5").await;
    let store = &stage.store;
    for id in &ids[..4] {
        judge(&stage, *id, Verdict::Rejected);
    }
    let takes: Vec<Take> = ids.iter().map(|id| stage.take(*id)).collect();
    let bin_folder = file(&takes[0]).parent().unwrap().to_owned();
    let strange = bin_folder.join("00009-s9-480p-4s.mp4");
    std::fs::write(&strange, "no take's").unwrap();
    // The second was replaced by something else, the third is circled meanwhile, the fourth was deleted by hand.
    std::fs::write(file(&takes[1]), "another film").unwrap();
    std::fs::remove_file(file(&takes[3])).unwrap();
    let listed = bin::contents(store).unwrap();
    assert_eq!(
        listed.iter().map(|one| one.is_missing).collect::<Vec<_>>(),
        [false, false, false, true]
    );
    let size = |path: &Path| path.metadata().unwrap().len();
    let expected = size(file(&takes[0]))
        + size(takes[0].last_frame_file.as_deref().unwrap())
        + size(takes[3].last_frame_file.as_deref().unwrap());
    judge(&stage, ids[2], Verdict::Circled);

    let emptied = bin::empty(store, &reels(&stage), &ids).unwrap();
    assert_eq!((emptied.takes, emptied.bytes), (2, expected));
    let left: Vec<TakeId> = emptied.left.iter().map(|(take, _)| *take).collect();
    assert_eq!(left, [ids[1], ids[2], ids[4]]);
    assert!(
        emptied.left[0].1.contains("is not the video that was saved"),
        "{emptied:?}"
    );
    assert_eq!(std::fs::read(file(&takes[1])).unwrap(), b"another film");
    assert_eq!(std::fs::read(&strange).unwrap(), b"no take's");
    assert!(file(&stage.take(ids[2])).is_file() && file(&takes[4]).is_file());
    let gone = stage.take(ids[0]);
    assert_eq!(
        (&gone.file, &gone.last_frame_file, gone.verdict),
        (&None, &None, Verdict::Rejected)
    );
    assert!(gone.emptied_at.is_some() && gone.why_no_video().contains("was deleted from the bin at 20"));
    // The request stays beside the other videos, and in the bin only what is still there.
    let kept = sidecars::path(store, &reels(&stage), &gone).unwrap();
    assert_eq!(kept.parent(), bin_folder.parent());
    let kept: Value = serde_json::from_slice(&std::fs::read(kept).unwrap()).unwrap();
    assert_eq!((&kept["file"], &kept["request"]), (&Value::Null, &gone.body));
    assert_eq!(
        kept["rebuild"]["emptied_at"].as_str().map(|at| &at[..2]),
        Some("20")
    );
    assert!(!file(&takes[0]).with_extension("json").exists());
    assert_eq!(orphans::count(store, &reels(&stage)), Ok(0));
    // Circling it later moves nothing, and it stays deleted.
    assert_eq!(judge(&stage, ids[0], Verdict::Circled), None);
    assert_eq!(stage.take(ids[0]).emptied_at, gone.emptied_at);
}

/// Between the look and the deletion another window or process may have circled the take.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_is_circled_at_the_last_moment_keeps_its_files() {
    let (stage, ids) = with_saved("7").await;
    judge(&stage, ids[0], Verdict::Rejected);
    let video = file(&stage.take(ids[0])).to_owned();
    stage.store.set_verdict(ids[0], Verdict::Circled).unwrap();
    let deleted = stage.store.delete_files(ids[0], &video, || -> Result<(), ()> {
        panic!("the files of a circled take were deleted")
    });
    assert_eq!(deleted, Ok(None));
    stage.store.set_verdict(ids[0], Verdict::Rejected).unwrap();
    let elsewhere = video.with_file_name("elsewhere.mp4");
    let deleted = stage.store.delete_files(ids[0], &elsewhere, || Ok::<(), ()>(()));
    assert_eq!(deleted, Ok(None));
    assert_eq!(stage.take(ids[0]).emptied_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_folder_that_is_not_there_counts_as_unplugged() {
    let (stage, ids) = with_saved("7").await;
    judge(&stage, ids[0], Verdict::Rejected);
    let folder = file(&stage.take(ids[0])).parent().unwrap().to_owned();
    std::fs::rename(&folder, folder.with_file_name("unplugged")).unwrap();
    let emptied = bin::empty(&stage.store, &reels(&stage), &ids).unwrap();
    assert_eq!((emptied.takes, emptied.left.len()), (0, 1));
    assert!(emptied.left[0].1.contains("connect its disk"), "{emptied:?}");
    assert_eq!(stage.take(ids[0]).emptied_at, None);
    assert!(matches!(
        bin::settle(&stage.store, &reels(&stage), ids[0]),
        Ok(false)
    ));
    stage.store.set_verdict(ids[0], Verdict::None).unwrap();
    let error = bin::settle(&stage.store, &reels(&stage), ids[0]).unwrap_err();
    assert!(matches!(error, NotMoved::Missing(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_is_rejected_before_it_is_saved_goes_into_the_bin() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("7").await;
    assert_eq!(judge(&stage, ids[0], Verdict::Rejected), None);
    let (engine, _events) = stage.start();
    let is_binned = |take: &Take| take.file.as_deref().is_some_and(bin::is_binned);
    let takes = stage.wait(&ids, is_binned).await;
    engine.stop().await;
    assert!(file(&takes[0]).is_file());
    assert_eq!(sidecar(&stage.take(ids[0]))["verdict"], "rejected");
}

/// Whatever the user changes of a take is in its sidecar at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_sidecar_follows_every_change() {
    let (stage, ids) = with_saved("7").await;
    let picture = file(&stage.take(ids[0])).with_file_name("picked.png");
    std::fs::write(&picture, "a picture").unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for (change, name) in [
        (Change::Verdict(Verdict::Circled), "verdict"),
        (Change::Note("her look".to_owned()), "note"),
        (Change::Tags(words(&["hero"])), "tags"),
        (Change::AddTags(words(&["b roll"])), "tags"),
        (Change::LastFrame(picture), "last_frame_file"),
        (Change::Verdict(Verdict::Rejected), "file"),
        (Change::Verdict(Verdict::None), "file"),
    ] {
        let take = queue(&stage).change(ids[0], change.clone()).unwrap().take;
        let record = serde_json::to_value(stage.store.dossier(take.id).unwrap()).unwrap();
        assert_eq!(sidecar(&take)[name], record[name], "{change:?}");
        assert!(!record[name].is_null(), "{change:?}");
    }
}

/// A pattern that begins with the seed makes names that look like the working name of another take.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_begins_with_the_seed_tells_no_number() {
    let mut stage = Stage::with_faults("").await;
    stage
        .store
        .name_files(&stage.reel.id, Some("{seed}-s{n}-{res}-{dur}s"))
        .unwrap();
    let ids = stage.admit("12345, 2123456789").await;
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
    let name = stage.take(ids[0]);
    assert_eq!(file(&name).file_name().unwrap(), "12345-s00001-480p-4s.mp4");
    // The store knows them, and gives no number away.
    rebuild::keep_numbers(&stage.store, &reels(&stage)).unwrap();
    assert_eq!(stage.store.recovery().last_number(), Ok(TakeId(2)));
    assert_eq!(orphans::count(&stage.store, &reels(&stage)), Ok(0));
    // Without a store, the sidecars tell.
    let path = stage.data.join("rushes.db");
    stage.store = Store::open(&stage.data.join("elsewhere.db"), Arc::new(SystemClock)).unwrap();
    assert_eq!(orphans::count(&stage.store, &reels(&stage)), Ok(2));
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    let clock: Arc<dyn rushes::model::Clock> = Arc::new(SystemClock);
    let (store, rebuilt) = rebuild::open(&path, &reels(&stage), &clock, StoreOptions::default()).unwrap();
    assert_eq!(rebuilt.unwrap().takes, 2);
    assert_eq!(store.recovery().last_number(), Ok(TakeId(102)));
    assert_eq!(store.take(ids[0]).unwrap().seed, name.seed);
}

/// A damaged row of a take under a name of the user's is restored from its sidecar.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_restored_whatever_its_files_are_called() {
    let stage = Stage::with_faults("").await;
    stage.store.name_files(&stage.reel.id, Some("take {n}")).unwrap();
    let ids = stage.admit("7").await;
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
    judge(&stage, ids[0], Verdict::Rejected);
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.pragma_update(None, "ignore_check_constraints", true).unwrap();
    raw.execute("UPDATE takes SET state = 'saveD' WHERE id = ?1", [ids[0].0])
        .unwrap();
    drop(raw);
    let mended = sidecars::damaged_rows::mend(&stage.store, &reels(&stage)).unwrap();
    assert_eq!(mended.iter().map(|row| row.restored).collect::<Vec<_>>(), [true]);
    let back = stage.take(ids[0]);
    assert_eq!((back.state, back.verdict), (TakeState::Saved, Verdict::Rejected));
    assert!(bin::is_binned(file(&back)) && file(&back).is_file());
}
