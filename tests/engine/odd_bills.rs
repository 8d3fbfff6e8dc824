//! Unreadable bills: the reserve stays counted, the text is kept, and sending continues.

use std::time::Duration;

use jiff::Timestamp;
use rushes::engine::Event;
use rushes::model::{Backend, Seed, TakeState, Usd};
use rushes::store::Admission;

use crate::virtual_time::{World, say};

/// A provider that finishes every take at once and bills this, written as it is into its JSON.
async fn billing(bill: &'static str) -> World {
    let mut world = World::start(move |request, date| {
        if request.is("POST") {
            let id = format!(
                "r{}",
                request.body.len() + usize::try_from(request.at.as_millis()).unwrap()
            );
            return say(date, "200 OK", "", &format!("{{\"request_id\":\"{id}\"}}"));
        }
        let metrics = format!("{{\"queue_time\":NaN,\"total_time\":Infinity,\"cost\":{bill}}}");
        if request.line.contains("/status ") {
            return say(
                date,
                "200 OK",
                "",
                &format!("{{\"status\":\"COMPLETED\",\"metrics\":{metrics}}}"),
            );
        }
        if request.is("GET /v2/requests/") {
            let video = "http://127.0.0.1:9/never.mp4";
            let body = format!("{{\"status\":\"COMPLETED\",\"output\":\"{video}\",\"metrics\":{metrics}}}");
            return say(date, "200 OK", "", &body);
        }
        say(date, "200 OK", "", "{\"credits\":100}")
    })
    .await;
    world.backend = Backend::Live;
    world.cap = Some(Usd::from_micros(900_000));
    world
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_bill_is_kept_as_text_and_the_reserve_stays_counted() {
    for (bill, text) in [
        // JSON numbers are read with the precision of a float.
        ("9223372036854.775807", "9223372036854.77"),
        ("\"9223372036854.775807\"", "9223372036854.775807"),
        ("-1", "-1"),
        ("NaN", "NaN"),
        ("\"NaN\"", "NaN"),
        ("Infinity", "Infinity"),
        ("1e999", "1e999"),
        ("\"a lot\"", "a lot"),
    ] {
        let world = billing(bill).await;
        let first = world.admit(1, World::form())[0];
        let (engine, mut events) = world.engine();
        let is_rendered = |id| world.take(id).state == TakeState::Rendered;
        assert!(
            world.comes(Duration::from_mins(10), || is_rendered(first)).await,
            "{bill}: {:?}",
            world.take(first)
        );
        let take = world.take(first);
        assert_eq!(take.cost, None, "{bill}");
        let committed = || {
            world
                .store
                .queue(world.backend)
                .committed_since(Timestamp::UNIX_EPOCH)
        };
        assert_eq!(committed(), Ok(take.may_cost()), "{bill}");
        let way = world.store.events(first).unwrap();
        assert!(
            way.iter().any(|event| event.detail.contains(text)),
            "{bill}: {way:?}"
        );
        let mut said = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let Event::Problem(sentence) = event {
                said.push(sentence);
            }
        }
        assert!(
            said.iter()
                .any(|sentence| sentence.contains(text) && sentence.contains(&take.may_cost().precise())),
            "{bill}: {said:?}"
        );
        // It does not hold up the next one.
        let next = world.admit(1, World::form())[0];
        engine.wake();
        assert!(
            world.comes(Duration::from_mins(10), || is_rendered(next)).await,
            "{bill}"
        );
        engine.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn any_other_bill_counts_in_full() {
    for (bill, micros) in [
        ("0", 0),
        ("0.284162", 284_162),
        ("99999.5", 99_999_500_000),
        ("\"$12.5\"", 12_500_000),
    ] {
        let world = billing(bill).await;
        let id = world.admit(1, World::form())[0];
        let (engine, _events) = world.engine();
        let is_rendered = || world.take(id).state == TakeState::Rendered;
        assert!(world.comes(Duration::from_mins(10), is_rendered).await, "{bill}");
        assert_eq!(world.take(id).cost, Some(Usd::from_micros(micros)), "{bill}");
        engine.stop().await;
    }
}

/// Only the history tells that the take failed, and what it bills for it is no amount.
#[tokio::test(start_paused = true)]
async fn a_failure_with_an_unreadable_bill_is_counted_and_never_repeated_automatically() {
    let mut world = World::start(|request, date| {
        if request.is("POST") {
            return say(date, "200 OK", "", "{\"request_id\":\"only\"}");
        }
        if request.line.contains("request-history") {
            let row = "{\"request_id\":\"only\",\"status\":\"FAILED\",\"error\":\"Internal server error\",\
                       \"credits_deduction\":\"99999999999\"}";
            return say(date, "200 OK", "", &format!("{{\"data\":{row}}}"));
        }
        if request.is("GET /v2/requests/") {
            return say(date, "404 Not Found", "", "{\"error\":\"no such request\"}");
        }
        say(date, "200 OK", "", "{\"credits\":100}")
    })
    .await;
    world.backend = Backend::Live;
    let form = World::form();
    let admission = Admission {
        repeats: 2,
        ..Admission::of(
            &world.reel.id,
            world.backend,
            form,
            [Seed::new(1).unwrap()],
            Usd::from_micros(281_232),
            Usd::from_micros(284_162),
        )
    };
    let id = world.store.admit(&admission).unwrap()[0];
    let (engine, mut events) = world.engine();
    let is_failed = || world.take(id).state == TakeState::Failed;
    assert!(
        world.comes(Duration::from_hours(3), is_failed).await,
        "{:?}",
        world.take(id)
    );
    let take = world.take(id);
    assert_eq!(
        (take.cost, take.error.as_deref()),
        (None, Some("Internal server error"))
    );
    assert_eq!(world.store.repeat_of(id), Ok(None));
    let committed = world
        .store
        .queue(world.backend)
        .committed_since(Timestamp::UNIX_EPOCH);
    assert_eq!(committed, Ok(take.may_cost()));
    let way = world.store.events(id).unwrap();
    assert!(way.last().unwrap().detail.contains("99999999999"), "{way:?}");
    let mut told = false;
    while let Ok(event) = events.try_recv() {
        told |= matches!(event, Event::Problem(said) if said.contains("99999999999"));
    }
    assert!(told);
    engine.stop().await;
}
