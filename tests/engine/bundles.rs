//! Bundles: takes that another home has sent.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rushes::engine::sidecars::bundled::bundle;
use rushes::model::{SystemClock, TakeId, Usd};
use rushes::service::opening;
use rushes::store::Store;

use crate::test_engine::Stage;

/// Sweep 1 of another home is not sweep 1 of this one, and take 1 there is no parent of a take here.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_another_home_are_not_taken_for_those_of_this_one() {
    let there = Stage::with_faults("").await;
    let sweep = there.admit("7, 8").await;
    let child = there.admit("9, 10").await;
    let (engine, _events) = there.start();
    let takes = there.saved(&[sweep, child].concat()).await;
    engine.stop().await;
    let with_parent = rusqlite::Connection::open(there.store.path()).unwrap();
    with_parent
        .execute(
            "UPDATE takes SET parent = 1, lineage = 'repeated' WHERE id = 3",
            [],
        )
        .unwrap();
    let takes: Vec<_> = takes
        .iter()
        .map(|take| there.store.take(take.id).unwrap())
        .collect();
    let file = there.folder.path().join("some.tar");
    bundle(&there.store, &takes[1..], &file, Timestamp::now()).unwrap();

    let elsewhere = Stage::with_faults("").await;
    let first = elsewhere.admit("100, 101").await;
    let (engine, _events) = elsewhere.start();
    let first = elsewhere.saved(&first).await;
    engine.stop().await;
    let own = there.folder.path().join("own.tar");
    bundle(&elsewhere.store, &first[..1], &own, Timestamp::now()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let here = Store::open(&home.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let import = |file: &Path| {
        let imported = opening::import(&here, &home.path().join("reels"), file);
        imported.unwrap().unwrap()
    };
    import(&own);
    let imported = import(&file);
    assert_eq!(
        imported.imported,
        [TakeId(2), TakeId(3), TakeId(4)],
        "{:?}",
        imported.left_out
    );
    let seeds = |number| {
        let seeds = here.seeds_of_sweep(number, false).unwrap();
        seeds.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let sweep_of = |id| here.take(TakeId(id)).unwrap().sweep.unwrap();
    assert_eq!((sweep_of(1), seeds(1)), (1, vec!["100".to_owned()]));
    assert_eq!(seeds(sweep_of(2)), ["8"]);
    assert_eq!(seeds(sweep_of(3)), ["9", "10"]);
    assert_eq!(here.take(TakeId(3)).unwrap().parent, None);
    // Where it is known, it is kept.
    let empty = tempfile::tempdir().unwrap();
    let store = Store::open(&empty.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let all = there.folder.path().join("all.tar");
    bundle(&there.store, &takes, &all, Timestamp::now()).unwrap();
    opening::import(&store, &empty.path().join("reels"), &all).unwrap();
    assert_eq!(store.take(TakeId(3)).unwrap().parent, Some(TakeId(1)));
    assert_eq!(store.seeds_of_sweep(1, false).unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_bundle_counts_only_when_its_account_is_used_here() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("7").await;
    let (engine, _events) = stage.start();
    let takes = stage.saved(&ids).await;
    engine.stop().await;
    let committed = |store: &Store| {
        let queue = store.queue(stage.backend);
        queue.committed_since(Timestamp::UNIX_EPOCH).unwrap()
    };
    let paid = committed(&stage.store);
    assert!(paid > Usd::ZERO);
    let file = stage.folder.path().join("one.tar");
    bundle(&stage.store, &takes, &file, Timestamp::now()).unwrap();

    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&home.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let imported = opening::import(&store, &home.path().join("reels"), &file);
    assert_eq!(imported.unwrap().unwrap().imported, ids);
    assert_eq!(committed(&store), Usd::ZERO);
    store.use_account(stage.client().account()).unwrap();
    assert_eq!(committed(&store), paid);
}
