//! The caps of a day, a session, a reel and a sweep: no order of what happens, no clock and no number of processes makes
//! more than they allow, to the micro-dollar, as long as no bill is above its reserve.

use std::collections::HashMap;
use std::sync::{Arc, Barrier};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rushes::model::clock::{ManualClock, start_of_day};
use rushes::model::{Backend, CapLimits, CapScope, Clock, Seed, TakeId, TakeState, Usd};
use rushes::store::{Admission, Caps, Claim, Claimed, Facts, Limits, Refusal, Store, StoreError};

use crate::test_store::*;

fn usd(micros: i64) -> Usd {
    Usd::from_micros(micros)
}

/// What the test knows of a take that was sent.
#[derive(Debug, Clone)]
struct Sent {
    at: Timestamp,
    session: String,
    reel: String,
    sweep: Option<i64>,
    reserve: Usd,
    bill: Option<Usd>,
}

impl Sent {
    fn counts(&self) -> Usd {
        self.bill.unwrap_or(self.reserve)
    }
}

/// By what a cap adds takes up; `None` for a take that it does not count.
type Key<'a> = &'a dyn Fn(&Sent) -> Option<String>;

/// What was sent, reckoned without the store: nothing is above its cap.
fn must_hold(sent: &HashMap<TakeId, Sent>, limits: &CapLimits, zone: &TimeZone, told: &str) {
    let sums = |key: &dyn Fn(&Sent) -> Option<String>| {
        let mut sums: HashMap<String, i64> = HashMap::new();
        for take in sent.values() {
            if let Some(key) = key(take) {
                *sums.entry(key).or_default() += take.counts().micros();
            }
        }
        sums
    };
    let day = |take: &Sent| Some(start_of_day(take.at, zone.clone()).to_string());
    let session = |take: &Sent| Some(take.session.clone());
    let reel = |take: &Sent| Some(take.reel.clone());
    let sweep = |take: &Sent| take.sweep.map(|sweep| sweep.to_string());
    let keys: [(CapScope, Key<'_>); 4] = [
        (CapScope::Day, &day),
        (CapScope::Session, &session),
        (CapScope::Reel, &reel),
        (CapScope::Sweep, &sweep),
    ];
    for (scope, key) in keys {
        let Some(limit) = limits.get(scope) else { continue };
        for (which, sum) in sums(key) {
            assert!(
                sum <= limit.micros(),
                "{told}: {scope} {which}: {sum} of {limit:?}"
            );
        }
    }
}

/// Zones and moments near which a day is an hour shorter or longer, or has no midnight.
const NIGHTS: [(&str, &str); 5] = [
    ("Europe/Berlin", "2026-10-24T20:00:00Z"),
    ("Europe/Berlin", "2026-03-28T21:00:00Z"),
    ("America/New_York", "2026-11-01T02:00:00Z"),
    ("America/Santiago", "2026-09-06T02:00:00Z"),
    ("Pacific/Auckland", "2026-09-26T10:00:00Z"),
];

/// Two thousand orders of one to four takes, in three reels and by four sessions, claimed, billed and failed in any order,
/// while the clock jumps by up to two days to and fro and the caps change.
#[test]
#[allow(clippy::too_many_lines, reason = "one walk with every kind of step")]
fn two_thousand_orders_in_any_sequence_pass_no_cap() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut orders, mut claims, mut refusals) = (0, 0, HashMap::new());
    while orders < 2000 {
        let (zone, begins) = NIGHTS[random.usize(..NIGHTS.len())];
        let (zone, begins) = (TimeZone::get(zone).unwrap(), begins.parse::<Timestamp>().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(begins));
        let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
        let reels = ["one", "two", "three"].map(|name| store.reel(name).unwrap().id);
        let mut limits = CapLimits::default();
        for scope in CapScope::ALL {
            *limits.get_mut(scope) = (random.u32(0..4) > 0).then(|| usd(random.i64(100_000..4_000_000)));
        }
        let caps = |session: u32| Caps::of(limits, zone.clone(), &format!("session {session}"));
        let mut sent: HashMap<TakeId, Sent> = HashMap::new();
        let mut flying: Vec<TakeId> = Vec::new();
        let mut number = 0;
        for _ in 0..200 {
            let jump = random.i64(-48 * 60..48 * 60);
            match random.u32(0..8) {
                0 => clock.advance(SignedDuration::from_mins(jump)),
                1 => clock.advance(SignedDuration::from_secs(jump)),
                2 | 3 => {
                    orders += 1;
                    let seeds: Vec<u32> = (number..number + random.u32(1..5)).collect();
                    number += 5;
                    let reel = &reels[random.usize(..reels.len())];
                    let mut admission = Admission {
                        caps: caps(random.u32(0..4)),
                        ..admission(reel, &seeds)
                    };
                    for take in &mut admission.takes {
                        take.reserve = usd(random.i64(1..500_000)).into();
                    }
                    let asked = admission.most().unwrap();
                    match store.admit(&admission) {
                        Ok(_) => {}
                        Err(StoreError::CapReached {
                            scope,
                            cap,
                            committed,
                            asked: told,
                        }) => {
                            assert_eq!(told, asked);
                            assert!(committed + asked > cap, "seed {seed}: {scope} refuses what fits");
                            *refusals.entry(scope).or_insert(0) += 1;
                        }
                        Err(other) => panic!("seed {seed}: {other:?}"),
                    }
                }
                4..=5 => {
                    let session = random.u32(0..4);
                    let claim = Claim {
                        caps: caps(session),
                        ..claim("me")
                    };
                    let shown = store
                        .queue(Backend::Sandbox)
                        .refusal_of_next(Limits {
                            caps: &claim.caps,
                            prices: None,
                        })
                        .unwrap();
                    match store.claim(&claim).unwrap() {
                        Claimed::Take(take) => {
                            claims += 1;
                            assert_eq!(shown, None, "seed {seed}");
                            let of = Sent {
                                at: clock.now(),
                                session: format!("session {session}"),
                                reel: take.reel.clone(),
                                sweep: take.sweep,
                                reserve: take.reserve.unwrap(),
                                bill: None,
                            };
                            sent.insert(take.id, of);
                            flying.push(take.id);
                        }
                        Claimed::Refused(refusal) => {
                            assert_eq!(shown, Some(refusal), "seed {seed}");
                            let Refusal::CapReached { scope, .. } = refusal else {
                                panic!("seed {seed}: {refusal:?}")
                            };
                            *refusals.entry(scope).or_insert(0) += 1;
                        }
                        Claimed::Nothing => {}
                        other => panic!("seed {seed}: {other:?}"),
                    }
                }
                _ if flying.is_empty() => {}
                _ => {
                    let id = flying.swap_remove(random.usize(..flying.len()));
                    let known = sent.get_mut(&id).unwrap();
                    let (to, bill) = if random.u32(0..4) == 0 {
                        (TakeState::Failed, Usd::ZERO)
                    } else {
                        (TakeState::Rendered, usd(random.i64(0..=known.reserve.micros())))
                    };
                    known.bill = Some(bill);
                    kit_step(&store, id, TakeState::Accepted, &Facts::default());
                    kit_step(&store, id, to, &Facts::bill(Some(bill)));
                }
            }
            must_hold(&sent, &limits, &zone, &format!("seed {seed}"));
        }
    }
    println!("{orders} orders, {claims} takes sent, refused {refusals:?}");
    assert!(claims > 500 && CapScope::ALL.iter().all(|scope| refusals.contains_key(scope)));
}

fn kit_step(store: &Store, id: TakeId, to: TakeState, facts: &Facts) {
    store.step("me", id, to, "", facts).unwrap();
}

/// Eight workers with connections of their own claim at once, four of them in a session each and four in one together.
#[test]
fn eight_workers_at_once_pass_no_cap() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    for reel in [&kit.reel.id, &other.id] {
        for sweep in 0..6_u32 {
            let seeds: Vec<u32> = (sweep * 10..sweep * 10 + 8).collect();
            kit.store.admit(&admission(reel, &seeds)).unwrap();
        }
    }
    let limits = CapLimits {
        day: Some(DIME.times(61)),
        session: Some(DIME.times(9)),
        reel: Some(DIME.times(40)),
        sweep: Some(DIME.times(7)),
    };
    let barrier = Arc::new(Barrier::new(8));
    let workers = (0..8).map(|n| {
        let (store, barrier) = (kit.other(), Arc::clone(&barrier));
        std::thread::spawn(move || {
            let session = format!("session {}", n.min(4));
            let owner = format!("worker {n}");
            let claim = Claim {
                caps: Caps::of(limits, TimeZone::UTC, &session),
                ..claim(&owner)
            };
            barrier.wait();
            let mut sent = Vec::new();
            loop {
                match store.claim(&claim).unwrap() {
                    Claimed::Take(take) => {
                        let facts = Facts::bill(Some(DIME));
                        store
                            .step(&owner, take.id, TakeState::Accepted, "", &facts)
                            .unwrap();
                        sent.push((take, session.clone()));
                    }
                    Claimed::Refused(_) => return sent,
                    other => panic!("{other:?}"),
                }
            }
        })
    });
    let workers: Vec<_> = workers.collect();
    let sent: Vec<_> = workers
        .into_iter()
        .flat_map(|worker| worker.join().unwrap())
        .collect();
    let sent: HashMap<TakeId, Sent> = sent
        .into_iter()
        .map(|(take, session)| {
            let of = Sent {
                at: kit.now(),
                session,
                reel: take.reel.clone(),
                sweep: take.sweep,
                reserve: DIME,
                bill: Some(DIME),
            };
            (take.id, of)
        })
        .collect();
    must_hold(&sent, &limits, &TimeZone::UTC, "eight at once");
    // Five sessions of nine dimes each are less than the day's sixty-one, and all of it was used.
    assert_eq!(sent.len(), 45);
}

#[test]
fn a_reel_or_sweep_at_its_cap_lets_others_go_first() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    let mine = kit.admit(&[1, 2, 3]);
    let theirs = kit.store.admit(&admission(&other.id, &[4])).unwrap();
    let with = |limits: CapLimits| Claim {
        caps: Caps::of(limits, TimeZone::UTC, "here"),
        ..claim("me")
    };
    let reel = with(CapLimits {
        reel: Some(DIME.times(2)),
        ..CapLimits::default()
    });
    let mut claimed = Vec::new();
    let refusal = loop {
        match kit.store.claim(&reel).unwrap() {
            Claimed::Take(take) => claimed.push(take.id),
            Claimed::Refused(refusal) => break refusal,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(claimed, [mine[0], mine[1], theirs[0]]);
    assert!(
        matches!(refusal, Refusal::CapReached { scope: CapScope::Reel, spent, .. } if spent == DIME.times(2)),
        "{refusal:?}"
    );
    assert_eq!(
        refusal.in_sentences(),
        "Waiting takes are not sent: the reel's cap of $0.20 leaves $0.00, and the next take may cost $0.10. Raise \
         cap_per_reel."
    );
    // The cap of a session is shared by all: nobody goes first.
    let session = with(CapLimits {
        session: Some(DIME.times(3)),
        ..CapLimits::default()
    });
    let refused = kit.store.claim(&session).unwrap();
    assert!(
        matches!(
            refused,
            Claimed::Refused(Refusal::CapReached {
                scope: CapScope::Session,
                ..
            })
        ),
        "{refused:?}"
    );
    let elsewhere = Claim {
        caps: Caps {
            session: "another run".to_owned(),
            ..session.caps
        },
        ..claim("me")
    };
    assert!(matches!(kit.store.claim(&elsewhere).unwrap(), Claimed::Take(take) if take.id == mine[2]));
}

#[test]
fn a_take_that_goes_first_waits_for_its_own_time_nevertheless() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    let mine = kit.admit(&[1, 2]);
    let later = kit.store.admit(&admission(&other.id, &[4])).unwrap()[0];
    let limits = CapLimits {
        reel: Some(DIME),
        ..CapLimits::default()
    };
    let reel = Claim {
        caps: Caps::of(limits, TimeZone::UTC, "here"),
        ..claim("me")
    };
    let until = kit.clock.now() + SignedDuration::from_mins(5);
    let raw = rusqlite::Connection::open(kit.store.path()).unwrap();
    raw.execute(
        "UPDATE takes SET not_before = ?2 WHERE id = ?1",
        (later.0, until.as_millisecond()),
    )
    .unwrap();
    assert!(matches!(kit.store.claim(&reel).unwrap(), Claimed::Take(take) if take.id == mine[0]));
    // The second take of this reel is over its cap, and the take of the other reel has to wait.
    let claimed = kit.store.claim(&reel).unwrap();
    assert!(
        matches!(claimed, Claimed::NotBefore(time) if time == until),
        "{claimed:?}"
    );
    kit.pass(301);
    assert!(matches!(kit.store.claim(&reel).unwrap(), Claimed::Take(take) if take.id == later));
}

/// Midnight is that of the moment in which the take is claimed, wherever the clock was before.
#[test]
fn the_day_begins_at_midnight_where_the_user_is() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let folder = tempfile::tempdir().unwrap();
    // The night in which three o'clock comes twice.
    let clock = Arc::new(ManualClock::at("2026-10-24T21:59:59Z".parse().unwrap()));
    let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
    let reel = store.reel("one").unwrap().id;
    store.admit(&admission(&reel, &[1, 2, 3, 4])).unwrap();
    let limits = CapLimits::of_day(Some(DIME));
    let sends = |passes: i64| {
        clock.advance(SignedDuration::from_secs(passes));
        let claim = Claim {
            caps: Caps::of(limits, zone.clone(), "here"),
            ..claim("me")
        };
        matches!(store.claim(&claim).unwrap(), Claimed::Take(_))
    };
    assert!(sends(0) && !sends(0));
    // A second later it is midnight, and a day of 25 hours begins.
    assert!(sends(1) && !sends(24 * 3600 + 3599));
    assert!(sends(1));
    // The clock goes back over two midnights: all of it counts.
    assert!(!sends(-48 * 3600));
}

#[test]
fn one_take_alone_is_held_to_the_cap_of_a_sweep_too() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    admission.caps.limits.sweep = Some(usd(99_999));
    let refused = kit.store.admit(&admission);
    assert!(
        matches!(
            refused,
            Err(StoreError::CapReached {
                scope: CapScope::Sweep,
                ..
            })
        ),
        "{refused:?}"
    );
    admission.caps.limits.sweep = Some(DIME);
    kit.store.admit(&admission).unwrap();
    let seed = admission.takes[0].request.seed;
    assert_eq!(seed, Seed::new(1).unwrap());
}
