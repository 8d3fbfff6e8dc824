//! Bills against caps: what is billed stays below the cap, and a bill above its reserve stops the queue.

use std::sync::{Arc, Mutex};

use rushes::engine::Event;
use rushes::model::price::Tariff;
use rushes::model::{
    Backend, Doubt, FailureKind, Model, MoneySettings, MoneySource, PriceTable, Spending, TakeState, Usd,
};
use rushes::store::Facts;

use crate::test_engine::Stage;

/// Settings that a test changes while the engine runs.
struct Till(Mutex<MoneySettings>);

impl MoneySource for Till {
    fn read(&self) -> MoneySettings {
        self.0.lock().unwrap().clone()
    }
}

fn till(cap: &str) -> Arc<Till> {
    Arc::new(Till(Mutex::new(MoneySettings {
        caps: rushes::model::CapLimits::of_day(Usd::parse(cap).ok()),
        prices: PriceTable::default(),
        doubt: None,
    })))
}

/// Half of what the sandbox bills.
fn half_price() -> PriceTable {
    let mut prices = PriceTable::default();
    prices.replace(
        Model::default(),
        &[Tariff::of_million_tokens(
            Usd::parse("3.5").unwrap(),
            jiff::civil::date(2026, 11, 1),
        )],
    );
    prices
}

async fn live_stage(faults: &str) -> Stage {
    let mut stage = Stage::with_faults(faults).await;
    stage.backend = Backend::Live;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_billed_stays_below_the_cap() {
    let mut stage = live_stage("").await;
    stage.in_flight = 20;
    stage.cap = Usd::parse("1.13").ok();
    let ids = stage.admit("1..5").await;
    let (engine, mut events) = stage.start();
    stage.wait(&ids[..3], |take| take.state == TakeState::Saved).await;
    loop {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            assert!(sentence.contains("cap of $1.13"), "{sentence}");
            break;
        }
    }
    engine.stop().await;
    let billed: Usd = ids.iter().filter_map(|id| stage.take(*id).cost).sum();
    // Four estimates would fit, four bills do not.
    assert!(billed <= stage.cap.unwrap(), "{billed:?}");
    assert_eq!(stage.ledger().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_above_its_reserve_is_reported_and_stops_the_queue() {
    let mut stage = live_stage("").await;
    stage.in_flight = 1;
    let ids = stage.admit("1, 2").await;
    let till = till("10");
    till.0.lock().unwrap().prices = half_price();
    let (engine, mut events) = stage.start_under(Spending::of(till));
    stage.wait(&ids[..1], |take| take.state == TakeState::Saved).await;
    loop {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            assert!(
                sentence.contains("was billed $0.284") && sentence.contains("$0.142"),
                "{sentence}"
            );
            break;
        }
    }
    engine.stop().await;
    let stopped = stage.store.queue(Backend::Live).state().unwrap().stopped.unwrap();
    assert_eq!(stopped.0, FailureKind::BillAboveReserve);
    assert_eq!(stage.take(ids[1]).state, TakeState::Waiting);
    // The user has read it and goes on: the same bill learnt again stops nothing.
    stage.store.queue(Backend::Live).resume().unwrap();
    let again = Facts {
        cost: stage.take(ids[0]).cost,
        ..Facts::default()
    };
    stage.store.learn(ids[0], &again).unwrap();
    assert_eq!(stage.store.queue(Backend::Live).state().unwrap().stopped, None);
    // A later bill of the history that is higher still does.
    let more = Facts {
        cost: Usd::parse("5").ok(),
        ..Facts::default()
    };
    stage.store.learn(ids[0], &more).unwrap();
    assert!(
        stage
            .store
            .queue(Backend::Live)
            .state()
            .unwrap()
            .stopped
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_settings_stop_waiting_takes_until_they_are_corrected() {
    let stage = live_stage("").await;
    let till = till("10");
    till.0.lock().unwrap().doubt = Some(Doubt {
        place: "config.toml:3".to_owned(),
        why: "config.toml:3:1: cap_per_day is ten".to_owned(),
        hides_the_cap: true,
    });
    let ids = stage.admit("1").await;
    let (engine, mut events) = stage.start_under(Spending::of(till.clone()));
    loop {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            assert!(sentence.contains("config.toml:3"), "{sentence}");
            break;
        }
    }
    assert_eq!(stage.take(ids[0]).state, TakeState::Waiting);
    assert_eq!(stage.ledger().await.len(), 0);
    // Another mistake is said as well.
    till.0.lock().unwrap().doubt = Some(Doubt {
        place: "config.toml:8".to_owned(),
        why: "config.toml:8:1: a price is cheap".to_owned(),
        hides_the_cap: false,
    });
    engine.wake();
    loop {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            assert!(sentence.contains("config.toml:8"), "{sentence}");
            break;
        }
    }
    till.0.lock().unwrap().doubt = None;
    engine.wake();
    stage.saved(&ids).await;
    engine.stop().await;
}

/// Waits for the next sentence that says this.
async fn said(events: &mut tokio::sync::mpsc::UnboundedReceiver<Event>, what: &str) {
    let told = async {
        loop {
            match events.recv().await.unwrap() {
                Event::Problem(sentence) if sentence.contains(what) => return,
                _ => {}
            }
        }
    };
    let patience = std::time::Duration::from_secs(60);
    assert!(
        tokio::time::timeout(patience, told).await.is_ok(),
        "{what:?} was never said"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_prices_and_caps_apply_to_the_next_take() {
    let mut stage = live_stage("").await;
    stage.in_flight = 1;
    let ids = stage.admit("1, 2, 3").await;
    let till = till("10");
    let (engine, mut events) = stage.start_under(Spending::of(till.clone()));
    stage
        .wait(&ids[..1], |take| take.state != TakeState::Waiting)
        .await;
    till.0.lock().unwrap().caps.day = Usd::parse("0.57").ok();
    // Two takes of $0.284 fit, a third does not.
    said(&mut events, "cap of $0.57 leaves").await;
    assert_eq!(stage.ledger().await.len(), 2);
    assert_eq!(stage.take(ids[2]).state, TakeState::Waiting);
    // At twice the price the third does not fit below a higher cap either.
    {
        let mut money = till.0.lock().unwrap();
        money.caps.day = Usd::parse("1").ok();
        money.prices.replace(
            Model::default(),
            &[Tariff::of_million_tokens(
                Usd::parse("14").unwrap(),
                jiff::civil::date(2026, 11, 1),
            )],
        );
    }
    engine.wake();
    said(&mut events, "the next take may cost $0.57").await;
    till.0.lock().unwrap().prices = PriceTable::default();
    engine.wake();
    stage.wait(&ids, |take| take.state == TakeState::Saved).await;
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 3);
}

/// Settings that change while the store is locked: the lock begins with the first look and ends with the second.
struct LockedMeanwhile {
    database: std::path::PathBuf,
    lock: Mutex<Option<rusqlite::Connection>>,
    looks: std::sync::atomic::AtomicU32,
}

impl MoneySource for LockedMeanwhile {
    fn read(&self) -> MoneySettings {
        let look = self.looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let mut lock = self.lock.lock().unwrap();
        *lock = (look == 0).then(|| {
            let other = rusqlite::Connection::open(&self.database).unwrap();
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            other
        });
        MoneySettings {
            caps: rushes::model::CapLimits::of_day(Usd::parse(if look == 0 { "10" } else { "0.01" }).ok()),
            prices: PriceTable::default(),
            doubt: None,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_waits_for_the_store_reads_the_settings_again() {
    let stage = live_stage("").await;
    let ids = stage.admit("1").await;
    let source = Arc::new(LockedMeanwhile {
        database: stage.data.join("rushes.db"),
        lock: Mutex::default(),
        looks: std::sync::atomic::AtomicU32::default(),
    });
    let (engine, mut events) = stage.start_under(Spending::of(source));
    said(&mut events, "cap of $0.01 leaves").await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Waiting);
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 0);
}
