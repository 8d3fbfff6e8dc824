//! The pictures of the first frame: they follow their video into the bin and back, through crashes too.

use std::path::{Path, PathBuf};

use rushes::engine::bin;
use rushes::model::{Form, Take, Verdict};
use rushes::service::{Change, frames};

use crate::bin::{file, judge, queue, reels, sidecar, with_saved};
use crate::test_engine::{form, until};

fn first_frame(take: &Take) -> PathBuf {
    PathBuf::from(frames::first_of(take).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_the_first_frame_follows_its_video_and_is_deleted_with_it() {
    let (stage, ids) = with_saved("7, 8").await;
    let outside = first_frame(&stage.take(ids[0]));
    let name = outside.file_name().unwrap();
    let inside = outside.parent().unwrap().join("bin").join(name);
    judge(&stage, ids[0], Verdict::Rejected);
    assert!(inside.is_file() && !outside.exists());
    judge(&stage, ids[0], Verdict::None);
    assert!(outside.is_file() && !inside.exists());

    // A process that ended before it moved the picture: the next start moves it.
    judge(&stage, ids[0], Verdict::Rejected);
    std::fs::rename(&inside, &outside).unwrap();
    bin::settle_all(&stage.store, &reels(&stage)).unwrap();
    assert!(inside.is_file() && !outside.exists());

    // A file of that name which is not what the video shows is somebody's own.
    let strange = inside.with_file_name("00001-s7-480p-4s-first-2.png");
    std::fs::write(&strange, "of somebody else").unwrap();
    let listed = bin::contents(&stage.store).unwrap();
    let emptied = bin::empty(&stage.store, &reels(&stage), &ids[..1]).unwrap();
    assert_eq!((emptied.takes, emptied.left), (1, vec![]));
    assert_eq!(emptied.bytes + 16, listed[0].bytes);
    assert!(!inside.exists() && strange.is_file());
}

/// It is named in the form as it was before its take was rejected.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_finds_a_picture_on_both_sides_of_the_bin() {
    let (stage, ids) = with_saved("7, 8").await;
    let named = first_frame(&stage.take(ids[0]));
    let other = first_frame(&stage.take(ids[1]));
    let of = |file: &Path, seed: &str| Form {
        first_frame: file.to_str().unwrap().to_owned(),
        seeds: seed.to_owned(),
        ..form()
    };
    judge(&stage, ids[0], Verdict::Rejected);
    assert!(!named.exists());
    let made = stage.admit_draft(of(&named, "9")).await;
    let kept = stage.store.forms(&stage.reel.id);
    let kept = kept
        .revision(stage.take(made[0]).revision.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(
        Path::new(&kept.first_frame),
        named,
        "the form is as it was written"
    );

    // The take that was made from it is not finished: nothing is deleted.
    let emptied = bin::empty(&stage.store, &reels(&stage), &ids[..1]).unwrap();
    assert_eq!((emptied.takes, emptied.left.len()), (0, 1));
    assert!(
        emptied.left[0]
            .1
            .contains("take 3 is not finished and was made from 00001-s7-480p-4s-first.png"),
        "{emptied:?}"
    );
    assert!(file(&stage.take(ids[0])).is_file());
    queue(&stage).change(made[0], Change::Cancel).unwrap();
    let emptied = bin::empty(&stage.store, &reels(&stage), &ids[..1]).unwrap();
    assert_eq!((emptied.takes, emptied.left), (1, vec![]));

    // Then it is gone, and the message says why.
    let order = stage.order(of(&named, "10"), 0);
    let gone = stage
        .admit_under(order, rushes::model::Spending::fixed(None))
        .await
        .unwrap_err();
    assert!(
        gone.to_string()
            .contains("the bin of its take may have been emptied"),
        "{gone}"
    );

    // A form that names it in the bin finds it when it is back.
    judge(&stage, ids[1], Verdict::Rejected);
    let binned = other
        .parent()
        .unwrap()
        .join("bin")
        .join(other.file_name().unwrap());
    judge(&stage, ids[1], Verdict::Circled);
    stage.admit_draft(of(&binned, "11")).await;

    // A folder `bin` of the user's own is no bin of a reel.
    let own = stage.folder.path().join("bin");
    std::fs::create_dir(&own).unwrap();
    std::fs::copy(&other, own.join("kite.png")).unwrap();
    let order = stage.order(of(&stage.folder.path().join("kite.png"), "12"), 0);
    assert!(
        stage
            .admit_under(order, rushes::model::Spending::fixed(None))
            .await
            .is_err()
    );
}

/// The same name on the other side of the bin.
fn across(file: &Path) -> PathBuf {
    let (folder, name) = (file.parent().unwrap(), file.file_name().unwrap());
    if bin::is_binned(file) {
        folder.parent().unwrap().join(name)
    } else {
        folder.join("bin").join(name)
    }
}

/// As another process may leave them that ends at any moment, or that cannot move one of them.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_were_left_behind_follow_their_video_at_the_next_start() {
    let (stage, ids) = with_saved("7").await;
    for verdict in [Verdict::Rejected, Verdict::None] {
        let first = first_frame(&stage.take(ids[0]));
        let second = first.with_file_name("00001-s7-480p-4s-first-2.png");
        std::fs::write(&second, "of somebody else").unwrap();
        judge(&stage, ids[0], verdict);
        let all = [&first, &second];
        for left_behind in [&all[1..], &all[..1], &all] {
            for picture in left_behind {
                std::fs::rename(across(picture), picture).unwrap();
            }
            bin::settle_all(&stage.store, &reels(&stage)).unwrap();
            for picture in all {
                let is = (picture.exists(), across(picture).is_file());
                assert_eq!(is, (false, true), "{verdict:?}: {}", picture.display());
            }
        }
    }
}

/// The row is the last to change, so that whoever ends before leaves a take that the next start still looks at.
#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_moved_before_the_row_says_so() {
    let (stage, ids) = with_saved("7").await;
    for verdict in [Verdict::Rejected, Verdict::None] {
        let before = stage.take(ids[0]);
        let sidecar_file = file(&before).with_extension("json");
        let moving = [
            file(&before).to_owned(),
            before.last_frame_file.clone().unwrap(),
            first_frame(&before),
            sidecar_file,
        ];
        stage.store.set_verdict(ids[0], verdict).unwrap();
        let other = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (store, reels, id) = (stage.store.clone(), reels(&stage), ids[0]);
        let settled = tokio::task::spawn_blocking(move || bin::settle(&store, &reels, id).unwrap());
        until(
            || format!("not all of {moving:?} were moved"),
            async || moving.iter().all(|file| across(file).is_file() && !file.exists()),
        )
        .await;
        let row = "SELECT file FROM takes WHERE id = ?1";
        let noted: String = other.query_row(row, [ids[0].0], |row| row.get(0)).unwrap();
        assert_eq!(Path::new(&noted), file(&before));
        other.execute_batch("COMMIT").unwrap();
        assert!(settled.await.unwrap());
        let after = stage.take(ids[0]);
        assert_eq!(file(&after), across(file(&before)));
        assert_eq!(sidecar(&after)["verdict"], verdict.word());
    }
}

/// All files are where they were when the row cannot be changed.
#[tokio::test(flavor = "multi_thread")]
async fn files_are_moved_back_when_the_row_cannot_be_changed() {
    let (stage, ids) = with_saved("7").await;
    let before = stage.take(ids[0]);
    let first = first_frame(&before);
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER no_move BEFORE UPDATE OF file ON takes BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .unwrap();
    stage.store.set_verdict(ids[0], Verdict::Rejected).unwrap();
    assert!(bin::settle(&stage.store, &reels(&stage), ids[0]).is_err());
    for there in [file(&before), &file(&before).with_extension("json"), &first] {
        assert!(there.is_file() && !across(there).exists(), "{}", there.display());
    }
    assert!(before.last_frame_file.unwrap().is_file());
    raw.execute_batch("DROP TRIGGER no_move").unwrap();
    bin::settle_all(&stage.store, &reels(&stage)).unwrap();
    assert!(across(&first).is_file() && !first.exists());
}
