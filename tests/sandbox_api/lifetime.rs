//! Starting, stopping, and several sandboxes over one folder.

use std::sync::Arc;

use futures::future::join_all;
use rushes::model::Usd;
use rushes::sandbox::{Pace, SandboxError};
use serde_json::json;

use super::support::{Bench, form, json_response, usd};

#[tokio::test]
async fn a_taken_port_says_which_and_what_to_do() {
    let bench = Bench::new().await;
    let taken = bench.sandbox.address();
    let (folder, clock) = (Arc::clone(&bench.folder), Arc::clone(&bench.clock));
    let error = Bench::over(folder, clock, |options| options.bind = taken)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, SandboxError::PortTaken { address } if address == taken));
    assert_eq!(
        error.to_string(),
        format!(
            "port {} on 127.0.0.1 is taken: choose another port, or 0 for a free one",
            taken.port()
        )
    );
}

#[tokio::test]
async fn only_the_loopback_and_real_speeds_are_accepted() {
    let bench = Bench::new().await;
    let again = |change: fn(&mut rushes::sandbox::Options)| {
        Bench::over(Arc::clone(&bench.folder), Arc::clone(&bench.clock), change)
    };
    let wide = again(|options| options.bind = "0.0.0.0:0".parse().unwrap())
        .await
        .err()
        .unwrap();
    assert!(matches!(wide, SandboxError::NotLoopback { .. }), "{wide}");
    let speeds: [fn(&mut rushes::sandbox::Options); 3] = [
        |options| options.pace = Pace::Scaled(0.0),
        |options| options.pace = Pace::Scaled(-1.0),
        |options| options.pace = Pace::Scaled(f64::NAN),
    ];
    for speed in speeds {
        let error = again(speed).await.err().unwrap();
        assert!(matches!(error, SandboxError::Speed { .. }), "{error}");
    }
    let file = again(|options| options.faults = Some("/nowhere/faults.toml".into()))
        .await
        .err()
        .unwrap();
    assert!(file.to_string().contains("/nowhere/faults.toml"), "{file}");
}

#[tokio::test]
async fn an_unusable_folder_is_named() {
    let bench = Bench::new().await;
    let file = bench.folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let (folder, clock) = (Arc::clone(&bench.folder), Arc::clone(&bench.clock));
    let error = Bench::over(folder, clock, |options| options.state = file)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&error, SandboxError::State { .. }) && error.to_string().contains("a file"),
        "{error}"
    );
}

#[tokio::test]
async fn jobs_outlive_the_sandbox_that_accepted_them() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    let (folder, clock) = (Arc::clone(&bench.folder), Arc::clone(&bench.clock));
    let old_origin = bench.sandbox.origin();
    bench.sandbox.stop().await;
    let next = Bench::over(folder, clock, |options| options.balance = Usd::ZERO)
        .await
        .unwrap();
    next.finish();
    let (status, result) = next.result(&id).await;
    assert_eq!((status, &result["status"]), (200, &json!("COMPLETED")));
    let url = result["output"].as_str().unwrap();
    assert!(url.starts_with(&next.sandbox.origin()), "{url}");
    assert_eq!(next.client.get(url).send().await.unwrap().status(), 200);
    assert_eq!(
        usd(&next.ledger().await["opening"]).micros(),
        100_000_000,
        "the balance is set once"
    );
    assert!(old_origin == next.sandbox.origin() || next.client.get(old_origin).send().await.is_err());
}

#[tokio::test]
async fn two_sandboxes_share_one_folder_and_one_balance() {
    let one = Bench::with(|options| options.balance = Usd::from_micros(3_000_000)).await;
    let (folder, clock) = (Arc::clone(&one.folder), Arc::clone(&one.clock));
    let two = Bench::over(folder, clock, |_| ()).await.unwrap();
    let sends = (0..10).map(|n| {
        let bench = if n % 2 == 0 { &one } else { &two };
        json_response(bench.post("/v2/seedance-2.0", &form()))
    });
    let responses = join_all(sends).await;
    let accepted: Vec<&str> = responses
        .iter()
        .filter_map(|(_, body)| body["request_id"].as_str())
        .collect();
    let refused = responses.iter().filter(|(status, _)| *status == 402).count();
    assert_eq!((accepted.len(), refused), (4, 6), "three dollars buy four drafts");
    one.finish();
    let (on_one, on_two) = (one.result(accepted[0]).await.1, two.result(accepted[0]).await.1);
    assert_eq!(on_one["status"], "COMPLETED");
    assert_eq!(on_one["metrics"], on_two["metrics"]);
    assert!(
        on_two["output"]
            .as_str()
            .unwrap()
            .starts_with(&two.sandbox.origin())
    );
    assert_eq!(one.ledger().await, two.ledger().await);
}

#[tokio::test]
async fn the_same_video_is_made_once_though_both_sandboxes_are_asked() {
    let one = Bench::new().await;
    let two = Bench::over(Arc::clone(&one.folder), Arc::clone(&one.clock), |_| ())
        .await
        .unwrap();
    let id = one.submit().await;
    one.finish();
    let results = join_all((0..8).map(|n| {
        if n % 2 == 0 {
            one.result(&id)
        } else {
            two.result(&id)
        }
    }))
    .await;
    let (status, first) = &results[0];
    assert_eq!(*status, 200);
    assert!(
        results
            .iter()
            .all(|(_, body)| body["video"]["file_size"] == first["video"]["file_size"])
    );
    let files = std::fs::read_dir(one.folder.path().join("state/files")).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, [format!("{id}.mp4").as_str()]);
}

#[tokio::test]
async fn expired_videos_are_removed_at_the_next_start() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    bench.finish();
    bench.result(&id).await;
    let video = bench.folder.path().join(format!("state/files/{id}.mp4"));
    assert!(video.exists());
    bench.later(8 * 24 * 3600);
    let (folder, clock) = (Arc::clone(&bench.folder), Arc::clone(&bench.clock));
    Bench::over(folder, clock, |_| ()).await.unwrap();
    assert!(!video.exists());
}

#[tokio::test]
async fn stopping_disconnects_clients_that_still_wait() {
    let bench = Bench::new().await;
    let request = bench.post("/v1/seedance-2.0", &form());
    let waiting = tokio::spawn(request.send());
    while bench.accepted().await == 0 {
        tokio::task::yield_now().await;
    }
    let (client, origin) = (bench.client.clone(), bench.sandbox.origin());
    bench.sandbox.stop().await;
    assert!(
        waiting.await.unwrap().is_err(),
        "a blocking request ends with the sandbox"
    );
    let error = client.get(origin).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}
