//! 429 responses in every form: no submit and no poll becomes a hot loop, and the queue stops in the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rushes::engine::{Engine, Event};
use rushes::model::{FailureKind, TakeState};

use crate::virtual_time::{World, most_in_a_minute, say};

const SLOW_DOWN: &str = "{\"error\":\"Too many requests\"}";

/// Every form of a header that asks to wait, or that cannot be meant.
const FORMS: [&str; 15] = [
    "",
    "retry-after: 0",
    "retry-after: 0.001",
    "retry-after: 1",
    "retry-after: -5",
    "retry-after: NaN",
    "retry-after: soon",
    "retry-after: 999999999999",
    "retry-after: Wed, 01 Jan 2020 00:00:00 GMT",
    "retry-after: 0\r\nx-rate-limit-reset-at-utc: 0",
    "x-rate-limit-reset-at-utc: 2020-01-01T00:00:00Z",
    "x-rate-limit-reset-at-utc: 2036-01-01T00:00:00Z",
    "x-rate-limit-reset-at-utc: 1577836800",
    "x-rate-limit-reset-at-utc: -1",
    "x-rate-limit-reset-at-utc: inf",
];

fn stopped(world: &World) -> Option<FailureKind> {
    let state = world.store.queue(world.backend).state().unwrap();
    state.stopped.map(|(kind, _)| kind)
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_429_causes_at_most_ten_submits_a_minute_and_stops_the_queue() {
    for form in FORMS {
        let world = World::start(move |_, date| say(date, "429 Too Many Requests", form, SLOW_DOWN)).await;
        world.admit(20, World::form());
        let (engine, mut events) = world.engine();
        let is_over = || stopped(&world).is_some() || world.seen("POST").len() > 60;
        world.comes(Duration::from_mins(30), is_over).await;
        let posts = world.seen("POST");
        let most = most_in_a_minute(&posts);
        assert!(most <= 10, "{form:?}: {most} POSTs within a minute");
        assert_eq!(
            stopped(&world),
            Some(FailureKind::Rate),
            "{form:?}: {} POSTs",
            posts.len()
        );
        assert!(
            (10..=13).contains(&posts.len()),
            "{form:?}: {} POSTs",
            posts.len()
        );
        let mut said = String::new();
        let is_told = async {
            while !said.contains("stopped") {
                if let Some(Event::Problem(sentence)) = events.recv().await {
                    said = sentence;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), is_told)
            .await
            .unwrap();
        assert!(said.contains("429") && said.contains("resume"), "{said}");
        // Nothing more is sent until the user says so.
        assert!(
            !world
                .comes(Duration::from_mins(30), || world.seen("POST").len() > posts.len())
                .await
        );
        engine.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_ten_a_minute_holds_across_processes_restarts_and_resuming() {
    let form = "retry-after: 0";
    let world = World::start(move |_, date| say(date, "429 Too Many Requests", form, SLOW_DOWN)).await;
    world.admit(40, World::form());
    let other = world.other_store();
    for _ in 0..40 {
        // Two processes, ended and started again after a POST, or every few seconds, and a user who resumes at once.
        let engines = [world.setup(&world.store), world.setup(&other)].map(|setup| Engine::start(setup).0);
        let before = world.seen("POST").len();
        world
            .comes(Duration::from_secs(3), || world.seen("POST").len() > before)
            .await;
        for engine in engines {
            engine.stop().await;
        }
        if stopped(&world).is_some() {
            world.store.queue(world.backend).resume().unwrap();
        }
        let most = most_in_a_minute(&world.seen("POST"));
        assert!(most <= 10, "{most} POSTs within a minute");
    }
    assert!(world.seen("POST").len() >= 10);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_longer_than_our_own_wait_is_honoured() {
    let form = "retry-after: 300";
    let world = World::start(move |_, date| say(date, "429 Too Many Requests", form, SLOW_DOWN)).await;
    world.admit(1, World::form());
    let (engine, mut events) = world.engine();
    world
        .comes(Duration::from_mins(12), || world.seen("POST").len() > 3)
        .await;
    let posts = world.seen("POST");
    assert_eq!(posts.len(), 3, "{posts:?}");
    assert!(
        posts
            .windows(2)
            .all(|pair| pair[1].at >= pair[0].at + Duration::from_secs(299))
    );
    let mut told = 0;
    while let Ok(event) = events.try_recv() {
        told += usize::from(matches!(event, Event::Problem(said) if said.contains("asks to wait")));
    }
    assert_eq!(told, 3, "each wait is said once");
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_accepted_submit_ends_the_row_of_429s() {
    let refuses = Arc::new(AtomicBool::new(true));
    let refusing = Arc::clone(&refuses);
    let world = World::start(move |request, date| {
        let refuses = refusing.load(Ordering::Relaxed);
        match (request.is("POST"), refuses) {
            (true, true) => say(date, "429 Too Many Requests", "retry-after: 0", SLOW_DOWN),
            (true, false) => say(
                date,
                "200 OK",
                "",
                &format!("{{\"request_id\":\"r{}\"}}", request.at.as_millis()),
            ),
            (false, _) => say(date, "200 OK", "", "{\"status\":\"PROCESSING\"}"),
        }
    })
    .await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(
        world
            .comes(Duration::from_mins(10), || world.seen("POST").len() == 8)
            .await
    );
    refuses.store(false, Ordering::Relaxed);
    let accepted = |world: &World, id| world.take(id).state == TakeState::Processing;
    assert!(
        world
            .comes(Duration::from_mins(5), || accepted(&world, ids[0]))
            .await
    );
    // The next row starts from zero: eight more stop nothing.
    refuses.store(true, Ordering::Relaxed);
    let before = world.seen("POST").len();
    let next = world.admit(1, World::form());
    engine.wake();
    assert!(
        world
            .comes(Duration::from_mins(10), || world.seen("POST").len() == before + 8)
            .await
    );
    assert_eq!(stopped(&world), None);
    refuses.store(false, Ordering::Relaxed);
    assert!(
        world
            .comes(Duration::from_mins(5), || accepted(&world, next[0]))
            .await
    );
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn polls_that_get_429_do_not_become_a_hot_loop() {
    let world = World::start(move |request, date| {
        if request.is("POST") {
            say(date, "200 OK", "", "{\"request_id\":\"r1\"}")
        } else {
            say(date, "429 Too Many Requests", "retry-after: 0", SLOW_DOWN)
        }
    })
    .await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    world
        .comes(Duration::from_mins(10), || world.seen("GET").len() > 60)
        .await;
    let polls = world.seen("GET").len();
    assert!((5..=40).contains(&polls), "{polls} questions in ten minutes");
    assert_eq!(world.take(ids[0]).state, TakeState::Accepted);
    assert_eq!(stopped(&world), None);
    engine.stop().await;
}
