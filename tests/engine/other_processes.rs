//! Two processes on one store: an idle one takes over in time what the other leaves, and wakes for nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rushes::engine::changes::Changes;
use rushes::engine::{Engine, Setup};
use rushes::model::{Clock, Expectation, Spending, SystemClock, TakeState};
use rushes::store::{Claim, Claimed, Facts, Store};
use tokio::sync::watch;

use crate::test_engine::Stage;

/// How many looks an idle engine is watched for: an hour of them.
const LOOKS: usize = 60;

/// A clock that notes the moments at which the engine looks at it.
#[derive(Default)]
struct Looks(watch::Sender<BTreeSet<tokio::time::Instant>>);

impl Looks {
    fn count(&self) -> usize {
        self.0.borrow().len()
    }

    async fn until(&self, holds: impl Fn(&BTreeSet<tokio::time::Instant>) -> bool) {
        self.0.subscribe().wait_for(|seen| holds(seen)).await.unwrap();
    }
}

impl Clock for Looks {
    fn now(&self) -> jiff::Timestamp {
        self.0
            .send_if_modified(|seen| seen.insert(tokio::time::Instant::now()));
        SystemClock.now()
    }
}

/// Another connection to the stage's store, as another process has it.
fn other(stage: &Stage) -> Store {
    Store::open(stage.store.path(), Arc::new(SystemClock)).unwrap()
}

/// How often the runtime has gone to sleep: once after each time that something woke it.
fn wakes() -> u64 {
    tokio::runtime::Handle::current().metrics().worker_park_count(0)
}

/// Sends the next take as a process does that dies afterwards, its lease being that long.
async fn send_and_die(stage: &Stage, lease: SignedDuration) {
    let other = other(stage);
    let client = stage.client();
    let claim = Claim {
        owner: "dead".into(),
        account: client.account().to_owned(),
        backend: stage.backend,
        limit: 4,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease,
    };
    let Claimed::Take(take) = other.claim(&claim).unwrap() else {
        panic!("no take waits")
    };
    let submitted = client.submit(take.model, &take.body).await.unwrap();
    let facts = Facts {
        request_id: Some(submitted.value),
        ..Facts::default()
    };
    other
        .step("dead", take.id, TakeState::Accepted, "", &facts)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_engine_takes_over_the_takes_of_another_process_when_their_lease_ends() {
    let mut stage = Stage::with_faults("").await;
    // It sends nothing itself.
    stage.in_flight = 0;
    let (engine, _events) = stage.start();
    let ids = stage.admit("31").await;
    send_and_die(&stage, SignedDuration::from_secs(2)).await;
    let takes = stage.saved(&ids).await;
    engine.stop().await;
    let events = stage.store.events(ids[0]).unwrap();
    let sent = takes[0].times.submitted.unwrap();
    let taken_over = events
        .iter()
        .find(|event| event.owner.as_deref().is_some_and(|owner| owner != "dead"))
        .unwrap();
    let waited = taken_over.at.duration_since(sent);
    assert!(
        waited >= SignedDuration::from_secs(2) && waited < SignedDuration::from_secs(8),
        "taken over after {waited}"
    );
    assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_engine_sends_takes_that_another_process_queues() {
    let stage = Stage::with_faults("").await;
    let (engine, _events) = stage.start();
    let one = stage.admit("32").await;
    engine.wake();
    stage.saved(&one).await;
    let mut ids = stage.admit("33").await;
    // Not the order of our own connection wakes the engine, but a write of another one.
    other(&stage).set_note(ids[0], "from elsewhere").unwrap();
    stage.settled(&ids).await;
    ids.extend(one);
    stage.saved(&ids).await;
    engine.stop().await;
}

/// While another process holds a take, the engine sleeps until the lease ends.
#[tokio::test(start_paused = true)]
async fn a_second_engine_sleeps_while_nothing_changes() {
    let mut stage = Stage::with_faults("").await;
    stage.in_flight = 0;
    stage.admit("34").await;
    send_and_die(&stage, SignedDuration::from_mins(10)).await;
    let clock = Arc::new(Looks::default());
    let (engine, _events) = Engine::start(Setup {
        store: stage.store.clone(),
        client: stage.client(),
        clock: clock.clone(),
        backend: stage.backend,
        reels: stage.data.join("reels"),
        file_names: "{n}-s{seed}-{res}-{dur}s".parse().unwrap(),
        in_flight: stage.in_flight,
        spending: Spending::fixed(None),
        published: Arc::new(|_, _| Expectation::around(300, "a quick sandbox")),
        on_saved: Arc::new(|_, _| {}),
        history_certain_after: stage.certain_after,
        random: 1,
        wake: rushes::engine::Wake::default(),
    });
    // By then what the start brings with it is over.
    let started = tokio::time::Instant::now() + Duration::from_secs(30);
    clock
        .until(|seen| seen.last().is_some_and(|last| *last > started))
        .await;
    let (began, before) = (tokio::time::Instant::now(), wakes());
    let start = clock.count();
    clock.until(|seen| seen.len() >= start + LOOKS).await;
    // Once a minute, for the clock may be set. Each look reads the store a few times, and each read is one or two
    // wake-ups.
    let (passed, woken) = (began.elapsed().as_secs(), wakes() - before);
    let expected = LOOKS as u64 * 60;
    assert!(
        (expected - 60..=expected + 60).contains(&passed),
        "{LOOKS} looks within {passed} s"
    );
    assert!(woken < LOOKS as u64 * 10, "woken {woken} times by {LOOKS} looks");
    engine.stop().await;
}

/// Our own writes are reported by the system too, and are no change.
#[tokio::test]
async fn only_a_commit_of_another_connection_is_a_change() {
    let stage = Stage::with_faults("").await;
    let other = other(&stage);
    let mut changes = Changes::of(stage.store.clone());
    changes.next().await;
    for round in 0..3 {
        for n in 0..5 {
            stage.store.set_setting("ours", &format!("{round} {n}")).unwrap();
        }
        let ours = tokio::time::timeout(Duration::from_millis(400), changes.next()).await;
        assert!(ours.is_err(), "a write of our own was taken for another's");
        other.set_setting("theirs", &round.to_string()).unwrap();
        let theirs = tokio::time::timeout(Duration::from_secs(20), changes.next()).await;
        assert!(theirs.is_ok(), "a commit of another connection was not noticed");
    }
}

/// A commit is written to the file before others can see it, and only the writing is reported by the system. Here the
/// report comes from a write of our own, and the commit goes through other names of the same files, which nobody
/// watches.
#[tokio::test]
async fn a_commit_that_becomes_visible_after_its_notification_is_noticed() {
    let stage = Stage::with_faults("").await;
    let path = stage.store.path();
    let unwatched = stage.data.join("unwatched");
    std::fs::create_dir(&unwatched).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let name = format!("{}{ending}", path.file_name().unwrap().display());
        std::fs::hard_link(path.with_file_name(&name), unwatched.join(&name)).unwrap();
    }
    let database = unwatched.join(path.file_name().unwrap());
    let other = Store::open(&database, Arc::new(SystemClock)).unwrap();
    let mut changes = Changes::of(stage.store.clone());
    changes.next().await;
    stage.store.set_setting("ours", "1").unwrap();
    let mut next = std::pin::pin!(changes.next());
    let early = tokio::time::timeout(Duration::from_millis(400), &mut next).await;
    assert!(early.is_err(), "a write of our own was taken for another's");
    other.set_setting("theirs", "1").unwrap();
    let late = tokio::time::timeout(Duration::from_secs(20), next).await;
    assert!(
        late.is_ok(),
        "a commit that became visible late was never noticed"
    );
}
