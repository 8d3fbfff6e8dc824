//! Bundles: takes that another home has sent.

use std::sync::Arc;

use jiff::Timestamp;
use rushes::engine::sidecars::bundled::bundle;
use rushes::model::{SystemClock, Usd};
use rushes::service::opening;
use rushes::store::Store;

use crate::test_engine::Stage;

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
