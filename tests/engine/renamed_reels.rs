//! The sidecars of renamed reels: what is tried again, and what is finished.

use rushes::engine::sidecars::renamed::rename;

use crate::bin::{file, reels, sidecar, with_saved};

#[tokio::test(flavor = "multi_thread")]
async fn a_sidecar_that_cannot_be_read_is_tried_again() {
    let (stage, ids) = with_saved("7, 8").await;
    let store = &stage.store;
    let beside = file(&stage.take(ids[0])).with_extension("json");
    let aside = beside.with_extension("aside");
    std::fs::rename(&beside, &aside).unwrap();
    // A link to itself: not even root can read it.
    std::os::unix::fs::symlink(&beside, &beside).unwrap();
    store.rename_reel(&stage.reel.id, "dusk").unwrap();
    let left = rename(store, &reels(&stage)).unwrap();
    assert_eq!((left.len(), left[0].takes, left[0].first.0), (1, 1, ids[0]));
    let told = left[0].in_words();
    assert!(
        told.contains("00001-s7-480p-4s.json cannot be read") && told.contains("tries again"),
        "{told}"
    );
    std::fs::remove_file(&beside).unwrap();
    std::fs::rename(&aside, &beside).unwrap();
    assert_eq!(rename(store, &reels(&stage)), Ok(vec![]));
    for id in ids {
        assert_eq!(sidecar(&stage.take(id))["reel"], "dusk");
    }
    assert_eq!(store.renamed_reels(), Ok(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_the_user_deleted_is_finished_and_one_on_a_missing_disk_is_not() {
    let (stage, ids) = with_saved("7").await;
    let store = &stage.store;
    let folder = file(&stage.take(ids[0])).parent().unwrap().to_owned();
    let disk = stage.folder.path().join("disk");
    std::fs::rename(&folder, &disk).unwrap();
    let elsewhere = stage.folder.path().join("unplugged");
    std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
    store.rename_reel(&stage.reel.id, "dusk").unwrap();
    let left = rename(store, &reels(&stage)).unwrap();
    let told = left[0].in_words();
    assert!(
        told.contains("is not there") && told.contains("Connect its disk") && !told.contains("writing"),
        "{told}"
    );
    // The whole folder of the reels is not there.
    let all = reels(&stage);
    std::fs::rename(&all, all.with_extension("away")).unwrap();
    assert_eq!(rename(store, &all).unwrap().len(), 1);
    std::fs::rename(all.with_extension("away"), &all).unwrap();

    std::fs::remove_file(&folder).unwrap();
    assert_eq!(rename(store, &all), Ok(vec![]));
    assert_eq!(store.renamed_reels(), Ok(vec![]));
    assert!(!folder.exists(), "no folder was made in its place");
}
