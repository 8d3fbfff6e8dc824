//! Scripted failures, each kind over real HTTP.

use serde_json::{Value, json};

use super::support::{Bench, form, header, json_response};

fn rule(path: &str, lines: &str) -> String {
    format!("[[fault]]\npath = \"{path}\"\n{lines}\n")
}

async fn video(bench: &Bench) -> String {
    let id = bench.submit().await;
    bench.finish();
    bench.result(&id).await.1["output"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_status_fault_strikes_by_count_and_nothing_is_accepted() {
    let faults = rule(
        "/v2/*",
        "first = 2\nstatus = 429\nheaders = { Retry-After = \"3\" }",
    );
    let bench = Bench::with_faults(&faults).await;
    for _ in 0..2 {
        let response = bench.post("/v2/seedance-2.0", &form()).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), header(&response, "retry-after")),
            (429, "3".to_owned())
        );
        let body: Value = response.json().await.unwrap();
        assert!(body["error"].as_str().unwrap().contains("Rate limit"), "{body}");
    }
    assert_eq!(bench.accepted().await, 0);
    bench.submit().await;
    assert_eq!(bench.accepted().await, 1);
}

#[tokio::test]
async fn documented_codes_have_their_documented_form() {
    let codes = [400, 401, 403, 404, 406, 410, 500];
    let rules = codes
        .iter()
        .zip(1..)
        .map(|(code, nth)| rule("/v2/*", &format!("nth = {nth}\nstatus = {code}")));
    let pages = rule("/v2/*", "nth = 8\nstatus = 502") + &rule("/v2/*", "nth = 9\nstatus = 504");
    let bench = Bench::with_faults(&(rules.collect::<String>() + &pages)).await;
    for code in codes {
        let (status, body) = json_response(bench.post("/v2/seedance-2.0", &form())).await;
        assert_eq!(status, code);
        assert!(body["error"].is_string(), "{body}");
    }
    for code in [502, 504] {
        let response = bench.post("/v2/seedance-2.0", &form()).send().await.unwrap();
        assert_eq!(response.status(), code);
        assert!(header(&response, "content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_gateway_may_give_up_on_a_job_that_exists() {
    let faults = rule(
        "/v1/*",
        "status = 504\nbody = \"<html>Gateway Time-out</html>\"\ncarry_out = true\ndelay_ms = 1",
    );
    let bench = Bench::with_faults(&faults).await;
    let response = bench.post("/v1/seedance-2.0", &form()).send().await.unwrap();
    assert_eq!(response.status(), 504);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert_eq!(response.text().await.unwrap(), "<html>Gateway Time-out</html>");
    assert_eq!(bench.accepted().await, 1);
}

#[tokio::test]
async fn resets_strike_before_or_after_the_job_exists() {
    for (when, accepted) in [("before_body", 0), ("after_body", 0), ("after_accept", 1)] {
        for path in ["/v1/seedance-2.0", "/v2/seedance-2.0"] {
            let bench = Bench::with_faults(&rule(path, &format!("nth = 1\nreset = \"{when}\""))).await;
            let error = bench.post(path, &form()).send().await.unwrap_err();
            assert!(
                !error.is_connect() && !error.is_timeout(),
                "{when} {path}: {error:?}"
            );
            assert_eq!(bench.accepted().await, accepted, "{when} {path}");
        }
    }
}

#[tokio::test]
async fn a_truncated_download_is_shorter_than_announced_and_can_be_resumed() {
    let bench = Bench::with_faults(&rule("/files/*", "nth = 1\ntruncate = 1000")).await;
    let url = video(&bench).await;
    let mut broken = bench.client.get(&url).send().await.unwrap();
    let promised: usize = header(&broken, "content-length").parse().unwrap();
    let mut got = Vec::new();
    let error = loop {
        match broken.chunk().await {
            Ok(Some(chunk)) => got.extend_from_slice(&chunk),
            Ok(None) => panic!("the download ended well"),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert!(
        got.len() == 1000 && promised > 1000,
        "{} of {promised}",
        got.len()
    );
    let rest = bench
        .client
        .get(&url)
        .header("range", "bytes=1000-")
        .send()
        .await
        .unwrap();
    got.extend_from_slice(&rest.bytes().await.unwrap());
    assert_eq!(
        got,
        bench
            .client
            .get(&url)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_shortened_download_announces_its_shorter_length() {
    let bench = Bench::with_faults(&rule("/files/*", "nth = 1\nshorten = 1000")).await;
    let url = video(&bench).await;
    let short = bench.client.get(&url).send().await.unwrap();
    assert_eq!(header(&short, "content-length"), "1000");
    assert_eq!(short.bytes().await.unwrap().len(), 1000);
    assert!(
        bench
            .client
            .get(&url)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .len()
            > 1000
    );
}

#[tokio::test]
async fn empty_wrong_and_slow_bodies() {
    let faults = rule("/files/*", "nth = 1\nempty = true")
        + &rule("/files/*", "nth = 2\ncontent_type = \"text/html\"")
        + &rule("/files/*", "nth = 3\nslow = { bytes = 100000, every_ms = 1 }");
    let bench = Bench::with_faults(&faults).await;
    let url = video(&bench).await;
    let get = || async { bench.client.get(&url).send().await.unwrap() };
    let empty = get().await;
    assert_eq!(
        (empty.status().as_u16(), header(&empty, "content-type")),
        (200, "video/mp4".to_owned())
    );
    assert!(empty.bytes().await.unwrap().is_empty());
    let wrong = get().await;
    assert_eq!(header(&wrong, "content-type"), "text/html");
    let slow = get().await;
    assert_eq!(wrong.bytes().await.unwrap(), slow.bytes().await.unwrap());
}

#[tokio::test]
async fn a_job_can_be_made_to_fail_with_a_given_text() {
    let text = "OutputAudioSensitiveContentDetected: refused";
    let bench = Bench::with_faults(&rule(
        "/v2/*",
        &format!("method = \"POST\"\nnth = 2\nfail = \"{text}\""),
    ))
    .await;
    let (good, bad) = (bench.submit().await, bench.submit().await);
    bench.finish();
    assert_eq!(bench.status(&good).await.0, 200);
    let (status, body) = bench.status(&bad).await;
    assert_eq!(
        (status, &body["status"], &body["error"]),
        (422, &json!("FAILED"), &json!(text))
    );
    let ledger = bench.ledger().await;
    assert_eq!(
        ledger["charged"], ledger["requests"][0]["charge"],
        "the failure is not billed"
    );
    assert_eq!(ledger["requests"][1]["error"], json!(text));
}

#[tokio::test]
async fn records_and_files_can_be_gone() {
    let faults = rule("/v2/requests/*/status", "nth = 1\nexpire = \"record\"")
        + &rule("/files/*", "nth = 1\nexpire = \"file\"")
        + &rule("/v2/*", "method = \"POST\"\nnth = 2\nexpire = \"file\"");
    let bench = Bench::with_faults(&faults).await;
    let url = video(&bench).await;
    let id = url
        .rsplit('/')
        .next()
        .unwrap()
        .trim_end_matches(".mp4")
        .to_owned();
    assert_eq!(
        bench.status(&id).await,
        (404, json!({"error": format!("Request {id} not found")}))
    );
    assert_eq!(
        bench.status(&id).await.0,
        200,
        "one 404 does not mean that the job is gone"
    );
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 404);
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 200);
    let gone = video(&bench).await;
    for _ in 0..2 {
        assert_eq!(bench.client.get(&gone).send().await.unwrap().status(), 404);
    }
}

/// The cost in the text of a completed result, as it was sent.
async fn cost_sent(value: &str) -> String {
    let rules = rule(
        "/v2/requests/*",
        &format!("set = {{ \"metrics.cost\" = {value}, \"metrics.tip\" = 1 }}"),
    );
    let bench = Bench::with_faults(&rules).await;
    let id = bench.submit().await;
    bench.finish();
    let response = bench.get(&format!("/v2/requests/{id}")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    // Everything else is real, and no field is added.
    assert!(
        text.contains(&format!("/files/{id}.mp4")) && !text.contains("tip"),
        "{text}"
    );
    let (_, rest) = text.split_once("\"cost\":").unwrap();
    rest.split([',', '}']).next().unwrap().to_owned()
}

#[tokio::test]
async fn a_field_of_a_response_can_have_another_value() {
    for (value, sent) in [
        ("\"9223372036854.775807\"", "\"9223372036854.775807\""),
        ("-1", "-1"),
        ("nan", "NaN"),
        ("-inf", "-Infinity"),
        ("\"many\"", "\"many\""),
        ("1e300", "1e+300"),
        ("true", "true"),
    ] {
        assert_eq!(cost_sent(value).await, sent);
    }
}

#[tokio::test]
async fn a_response_without_the_field_or_without_json_stays_as_it_is() {
    let faults = rule("/v2/requests/*/status", "set = { \"metrics.cost\" = -1 }")
        + &rule("/files/*", "set = { \"metrics.cost\" = -1 }");
    let bench = Bench::with_faults(&faults).await;
    let id = bench.submit().await;
    let (status, pending) = bench.status(&id).await;
    assert_eq!((status, &pending["metrics"]), (200, &json!({})), "{pending}");
    bench.finish();
    assert_eq!(bench.status(&id).await.1["metrics"]["cost"], json!(-1));
    let url = bench.result(&id).await.1["output"].as_str().unwrap().to_owned();
    let video = bench
        .client
        .get(&url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert!(
        video.starts_with(b"\0\0\0\x18ftyp") && video.len() > 100_000,
        "{}",
        video.len()
    );
}

#[tokio::test]
async fn the_times_of_strikes_are_reported() {
    let bench = Bench::with_faults(&rule("/v2/*", "first = 2\nstatus = 429")).await;
    for _ in 0..3 {
        bench.post("/v2/seedance-2.0", &form()).send().await.unwrap();
    }
    let (_, counts) = json_response(bench.client.get(bench.url("/_sandbox/faults"))).await;
    let rule = &counts["faults"][0];
    let times: Vec<u64> = serde_json::from_value(rule["struck_ms"].clone()).unwrap();
    assert_eq!((rule["seen"].as_u64(), times.len()), (Some(3), 2), "{rule}");
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn a_delay_only_makes_a_response_late_and_the_ledger_stays_right() {
    let bench = Bench::with_faults(&(rule("/v1/**", "delay_ms = 1") + &rule("/**", "status = 500"))).await;
    assert!((bench.credits().await - 100.0).abs() < 1e-9);
    assert_eq!(bench.json("/inference-request/request-history").await.0, 500);
    assert_eq!(bench.accepted().await, 0);
}
