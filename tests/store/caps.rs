//! The cap and the reserve: what is billed stays below the cap while no bill is above its reserve.

use rushes::engine::admit::Order;
use rushes::model::price::Tariff;
use rushes::model::{Backend, FailureKind, Form, Lessons, Model, PriceTable, Seed, TakeId, TakeState, Usd};
use rushes::store::recovery::SweepsHere;
use rushes::store::{Admission, Caps, Claim, Claimed, Facts, Limits, Refusal, Reserve, Sidecar, StoreError};

use crate::test_store::*;

fn prices(per_million_tokens: i64) -> PriceTable {
    let mut prices = PriceTable::default();
    let tariff = Tariff::of_million_tokens(
        Usd::from_micros(per_million_tokens),
        jiff::civil::date(2026, 11, 1),
    );
    prices.replace(Model::default(), &[tariff]);
    prices
}

fn bill(micros: i64) -> Facts {
    Facts {
        cost: Some(Usd::from_micros(micros)),
        ..Facts::default()
    }
}

#[test]
fn the_reserve_counts_until_the_bill_is_there() {
    let kit = kit();
    let mut admission = kit.admission(&[1, 2]);
    reserve_each(&mut admission, Usd::from_micros(150_000));
    admission.caps = cap(3);
    kit.store.admit(&admission).unwrap();
    let committed = || {
        kit.store
            .queue(Backend::Sandbox)
            .committed_since(start())
            .unwrap()
            .micros()
    };
    assert_eq!(
        kit.store
            .queue(Backend::Sandbox)
            .waiting_money()
            .unwrap()
            .micros(),
        300_000
    );
    let first = kit.claim("me");
    assert_eq!(
        (first.estimate, first.reserve),
        (DIME, Some(Usd::from_micros(150_000)))
    );
    assert_eq!(committed(), 150_000);
    kit.store.learn(first.id, &bill(140_000)).unwrap();
    assert_eq!(committed(), 140_000);
    reserve_each(&mut admission, Usd::from_micros(10_001));
    let refused = kit.store.admit(&admission);
    assert!(
        matches!(refused, Err(StoreError::CapReached { .. })),
        "{refused:?}"
    );
}

#[test]
fn the_reserve_is_computed_again_with_the_prices_at_the_claim() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    let capped = |rate: i64| Claim {
        caps: cap(7),
        prices: Some(prices(rate)),
        ..claim("me")
    };
    // Ten seconds of form at twice the published rate are above seven dimes.
    let outcome = kit.store.claim(&capped(14_000_000)).unwrap();
    let next = Usd::from_micros(1_412_019);
    assert!(
        matches!(outcome, Claimed::Refused(Refusal::CapReached { next: known, .. }) if known == next),
        "{outcome:?}"
    );
    // No price: nothing is sent under a cap, and everything without one.
    let outcome = kit.store.claim(&capped(0)).unwrap();
    assert_eq!(outcome, Claimed::Refused(Refusal::NoPrice(ids[0])));
    let outcome = kit.store.claim(&capped(3_500_000)).unwrap();
    assert!(matches!(outcome, Claimed::Take(_)), "{outcome:?}");
    let uncapped = Claim {
        caps: rushes::store::Caps::default(),
        ..capped(0)
    };
    let outcome = kit.store.claim(&uncapped).unwrap();
    assert!(matches!(outcome, Claimed::Take(take) if take.reserve.is_none()));
}

/// A video that is edited gives the take its length, whatever the form says: what was reserved for it when it was queued is
/// reserved when it is sent too.
#[test]
fn the_reserve_of_an_edited_video_is_the_same_at_the_claim() {
    let kit = kit();
    let form = Form {
        model: "seedance-2.5".parse().unwrap(),
        videos: vec!["https://example.com/clip.mp4".to_owned()],
        task: "editing".parse().ok(),
        ..form()
    };
    let prices = PriceTable::default();
    let order = Order::of(
        &kit.reel.id,
        Backend::Sandbox,
        form.clone(),
        vec![Seed::new(7).unwrap()],
    );
    let takes = order
        .priced(&prices, &Lessons::default(), |_| Some(30_000))
        .unwrap();
    let admission = Admission {
        takes,
        ..Admission::of(&kit.reel.id, Backend::Sandbox, form, [], DIME, DIME)
    };
    let id = kit.store.admit(&admission).unwrap()[0];
    let queued = kit.store.take(id).unwrap();
    assert_eq!(
        (queued.duration.get(), &queued.body["duration"]),
        (30, &serde_json::json!(30))
    );
    let claim = Claim {
        caps: cap(1000),
        prices: Some(prices),
        ..claim("me")
    };
    let outcome = kit.store.claim(&claim).unwrap();
    assert!(
        matches!(&outcome, Claimed::Take(take) if take.reserve == queued.reserve),
        "{outcome:?}"
    );
    // Two times 30 s and a frame, 0.1065 dollars each second.
    assert_eq!(queued.reserve, Some(Usd::from_micros(6_398_875)));
}

#[test]
fn without_a_price_a_cap_needs_a_maximum() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    reserve_each(&mut admission, Reserve::default());
    admission.caps = cap(5);
    assert_eq!(kit.store.admit(&admission), Err(StoreError::PriceUnknown));
    reserve_each(&mut admission, Reserve::of(None, 0, Some(DIME)));
    let id = kit.store.admit(&admission).unwrap()[0];
    assert_eq!(kit.store.take(id).unwrap().reserve, Some(DIME));
    // The maximum outlives the claim's look at the prices.
    let capped = Claim {
        caps: cap(1),
        prices: Some(prices(0)),
        ..claim("me")
    };
    let outcome = kit.store.claim(&capped).unwrap();
    assert!(matches!(outcome, Claimed::Take(take) if take.reserve == Some(DIME)));
}

#[test]
fn a_price_that_rises_above_the_users_maximum_is_not_sent() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    let allowed = Usd::from_micros(750_000);
    admission.backend = Backend::Live;
    for take in &mut admission.takes {
        take.reserve.max_price = Some(allowed);
    }
    let take = kit.store.admit(&admission).unwrap()[0];
    let at = |rate: i64| Claim {
        backend: Backend::Live,
        prices: Some(prices(rate)),
        ..claim("me")
    };
    let most = Usd::from_micros(1_412_019);
    let outcome = kit.store.claim(&at(14_000_000)).unwrap();
    assert_eq!(
        outcome,
        Claimed::Refused(Refusal::TooDear { take, most, allowed })
    );
    let outcome = kit.store.claim(&at(7_000_000)).unwrap();
    assert!(matches!(outcome, Claimed::Take(_)), "{outcome:?}");
}

#[test]
fn no_cap_holds_while_a_take_of_unknown_price_is_in_flight() {
    let kit = kit();
    let mut admission = kit.admission(&[1]);
    reserve_each(&mut admission, Reserve::default());
    admission.takes[0].estimate = Usd::ZERO;
    kit.store.admit(&admission).unwrap();
    let claim_with = |caps: Option<Caps>, rate: i64| {
        let prices = Some(prices(rate));
        kit.store
            .claim(&Claim {
                caps: caps.unwrap_or_default(),
                prices,
                ..claim("me")
            })
            .unwrap()
    };
    let Claimed::Take(sent) = claim_with(None, 0) else {
        panic!("no take")
    };
    let mut admission = kit.admission(&[2]);
    reserve_each(&mut admission, Reserve::of(None, 0, Some(DIME)));
    kit.store.admit(&admission).unwrap();
    assert_eq!(
        claim_with(Some(cap(50)), 0),
        Claimed::Refused(Refusal::NoPrice(sent.id))
    );
    // Once its price is known, it counts.
    let outcome = claim_with(Some(cap(14)), 7_000_000);
    let spent = Usd::from_micros(706_010);
    assert!(
        matches!(outcome, Claimed::Refused(Refusal::CapReached { spent: counted, .. }) if counted == spent),
        "{outcome:?}"
    );
    kit.step(sent.id, TakeState::Accepted);
    kit.store
        .step("me", sent.id, TakeState::Failed, "", &bill(0))
        .unwrap();
    assert!(matches!(claim_with(Some(cap(50)), 0), Claimed::Take(_)));
}

#[test]
fn only_live_bills_above_their_reserve_stop_the_queue() {
    for backend in [Backend::Live, Backend::Sandbox] {
        let kit = kit();
        let mut admission = kit.admission(&[1, 2]);
        admission.backend = backend;
        kit.store.admit(&admission).unwrap();
        let of_backend = Claim {
            backend,
            ..claim("me")
        };
        let Claimed::Take(take) = kit.store.claim(&of_backend).unwrap() else {
            panic!("no take")
        };
        kit.store.learn(take.id, &bill(100_000)).unwrap();
        assert_eq!(kit.store.queue(backend).state().unwrap().stopped, None);
        kit.store.learn(take.id, &bill(100_001)).unwrap();
        let stopped = kit.store.queue(backend).state().unwrap().stopped;
        assert_eq!(stopped.is_some(), backend == Backend::Live, "{stopped:?}");
        if let Some((kind, why)) = stopped {
            assert_eq!(kind, FailureKind::BillAboveReserve);
            assert!(why.starts_with("Take 1 was billed $0.100"), "{why}");
            let outcome = kit.store.claim(&of_backend).unwrap();
            assert!(matches!(outcome, Claimed::Stopped(..)), "{outcome:?}");
        }
    }
}

/// Claims, bills, failures and new prices in any order: as long as no bill is above its reserve, the cap holds.
#[test]
fn no_order_of_claims_and_bills_passes_the_cap() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..6 {
        let kit = kit();
        let caps = cap(random.u32(5..60));
        let mut flying: Vec<TakeId> = Vec::new();
        let mut number = 0;
        for _ in 0..80 {
            match random.u32(0..6) {
                0 => {
                    let seeds: Vec<u32> = (number..number + random.u32(1..4)).collect();
                    number += 4;
                    let mut admission = kit.admission(&seeds);
                    admission.caps = caps.clone();
                    // Over the cap nothing is admitted.
                    let _ = kit.store.admit(&admission);
                }
                1..=3 => {
                    let claim = Claim {
                        caps: caps.clone(),
                        prices: random.bool().then(|| prices(random.i64(0..9_000_000))),
                        ..claim("me")
                    };
                    if let Claimed::Take(take) = kit.store.claim(&claim).unwrap() {
                        flying.push(take.id);
                    }
                }
                _ if flying.is_empty() => {}
                _ => {
                    let id = flying.swap_remove(random.usize(..flying.len()));
                    kit.step(id, TakeState::Accepted);
                    let reserve = kit.store.take(id).unwrap().may_cost().micros();
                    let (to, cost) = if random.u32(0..4) == 0 {
                        (TakeState::Failed, 0)
                    } else {
                        (TakeState::Rendered, random.i64(0..=reserve))
                    };
                    kit.store.step("me", id, to, "", &bill(cost)).unwrap();
                }
            }
            let committed = kit
                .store
                .queue(Backend::Sandbox)
                .committed_since(start())
                .unwrap();
            assert!(
                Some(committed) <= caps.limits.day,
                "seed {seed}: {committed:?} of {caps:?}"
            );
        }
    }
}

/// A take was priced when it was admitted, and sent when its model had no price any more.
#[test]
fn an_estimate_is_no_reserve_while_a_take_is_in_flight() {
    let kit = kit();
    kit.admit(&[1]);
    let without_price = Claim {
        prices: Some(prices(0)),
        ..claim("me")
    };
    let Claimed::Take(sent) = kit.store.claim(&without_price).unwrap() else {
        panic!("no take")
    };
    assert_eq!((sent.estimate, sent.reserve), (DIME, None));
    let mut admission = kit.admission(&[2]);
    reserve_each(&mut admission, Reserve::of(None, 0, Some(DIME)));
    kit.store.admit(&admission).unwrap();
    let capped = Claim {
        caps: cap(50),
        ..without_price
    };
    assert_eq!(
        kit.store.claim(&capped).unwrap(),
        Claimed::Refused(Refusal::NoPrice(sent.id))
    );
}

fn limits(claim: &Claim) -> Limits<'_> {
    Limits {
        caps: &claim.caps,
        prices: claim.prices.as_ref(),
    }
}

/// Whoever explains why nothing is sent says what a claim finds, before and after the claim has noted new reserves.
#[test]
fn the_reason_that_is_shown_is_that_of_the_claim() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut refused, mut sent) = (0, 0);
    for _ in 0..40 {
        let kit = kit();
        let queue = kit.store.queue(Backend::Live);
        for number in 0..random.u32(1..8) {
            let mut admission = kit.admission(&[number]);
            admission.backend = Backend::Live;
            let maximum =
                |random: &mut fastrand::Rng| random.bool().then(|| Usd::from_micros(random.i64(1..900_000)));
            let noted = random.bool().then_some(DIME);
            admission.takes[0].reserve = Reserve {
                most: noted,
                max_price: maximum(&mut random),
                ..Reserve::default()
            };
            kit.store.admit(&admission).unwrap();
        }
        for _ in 0..12 {
            let claim = Claim {
                backend: Backend::Live,
                caps: if random.bool() {
                    cap(random.u32(1..40))
                } else {
                    Caps::default()
                },
                prices: random.bool().then(|| {
                    prices(random.i64(0..9_000_000).max(1_000_000) * i64::from(random.u32(0..4) > 0))
                }),
                ..claim("me")
            };
            let shown = queue.refusal_of_next(limits(&claim)).unwrap();
            let claimed = kit.store.claim(&claim).unwrap();
            match (&claimed, shown) {
                (Claimed::Refused(refusal), shown) => {
                    assert_eq!(shown, Some(*refusal), "seed {seed}");
                    assert_eq!(
                        queue.refusal_of_next(limits(&claim)).unwrap(),
                        shown,
                        "seed {seed}"
                    );
                    refused += 1;
                }
                (Claimed::Take(_), None) => sent += 1,
                (Claimed::Nothing, None) => {}
                (claimed, shown) => panic!("seed {seed}: {claimed:?} and {shown:?}"),
            }
        }
    }
    assert!(refused > 20 && sent > 20, "{refused} refused, {sent} sent");
}

#[test]
fn asking_why_nothing_is_sent_changes_nothing() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    let other = kit.other();
    let before = other.data_version().unwrap();
    let high = prices(14_000_000);
    let caps = cap(7);
    let limits = Limits {
        caps: &caps,
        prices: Some(&high),
    };
    let queue = kit.store.queue(Backend::Sandbox);
    let refusal = queue.refusal_of_next(limits).unwrap().unwrap();
    assert!(matches!(refusal, Refusal::CapReached { .. }), "{refusal:?}");
    assert_eq!(queue.refusal_of(ids[1], limits).unwrap(), Some(refusal));
    assert_eq!(other.data_version().unwrap(), before);
    assert_eq!(kit.store.reserve(ids[0]).unwrap().most, Some(DIME));
    assert_eq!(
        kit.store.queue(Backend::Live).refusal_of_next(limits).unwrap(),
        None
    );
}

/// A bundle brings a take that somebody else has paid for today.
#[test]
fn a_take_of_another_home_counts_only_when_its_account_is_used_here() {
    let theirs = kit();
    theirs.admit(&[1]);
    let sent = theirs.claim("me");
    theirs.step(sent.id, TakeState::Accepted);
    theirs.step(sent.id, TakeState::Rendered);
    let mut sidecar = theirs.store.sidecar(sent.id).unwrap();
    sidecar.dossier.take.account = Some("0123456789abcdef".to_owned());
    sidecar.dossier.take.request_id = Some("theirs".to_owned());

    let kit = kit();
    let store = &kit.store;
    let committed = || {
        store
            .queue(Backend::Sandbox)
            .committed_since(start())
            .unwrap()
            .micros()
    };
    assert_eq!(
        store
            .recovery()
            .restore_from_bundle(&sidecar, &mut SweepsHere::new()),
        Ok(None)
    );
    assert_eq!(committed(), 0);
    let id = kit.admit(&[2])[0];
    let under = |account: &str| Claim {
        account: account.to_owned(),
        caps: cap(1),
        ..claim("me")
    };
    // With the key of that account, its takes count before a claim is decided.
    let refused = store.claim(&under("0123456789abcdef")).unwrap();
    assert!(
        matches!(refused, Claimed::Refused(Refusal::CapReached { spent: DIME, .. })),
        "{refused:?}"
    );
    assert_eq!(committed(), DIME.micros());

    // Another store, under another key: nobody is in its way.
    let other = self::kit();
    assert_eq!(
        other
            .store
            .recovery()
            .restore_from_bundle(&sidecar, &mut SweepsHere::new()),
        Ok(None)
    );
    other.admit(&[2]);
    let claimed = other.store.claim(&under("1111111111111111")).unwrap();
    assert!(matches!(claimed, Claimed::Take(_)), "{claimed:?}");
    // What was sent from here counts under every key.
    other.admit(&[3]);
    let refused = other.store.claim(&under("2222222222222222")).unwrap();
    assert!(
        matches!(refused, Claimed::Refused(Refusal::CapReached { spent: DIME, .. })),
        "{refused:?}"
    );
    assert_eq!(kit.store.take(id).unwrap().state, TakeState::Waiting);

    // A sidecar of this very home counts, whoever paid, and so does a take whose account is not known.
    for account in [Some("0123456789abcdef".to_owned()), None] {
        let own = self::kit();
        let mut sidecar = sidecar.clone();
        let is_known = account.is_some();
        sidecar.dossier.take.account = account;
        let recovery = own.store.recovery();
        let restored = if is_known {
            recovery.restore_one(&sidecar)
        } else {
            recovery.restore_from_bundle(&sidecar, &mut SweepsHere::new())
        };
        assert_eq!(restored, Ok(None));
        let counted = own.store.queue(Backend::Sandbox).committed_since(start());
        assert_eq!(counted, Ok(DIME));
    }
}

/// A take as another home puts it into a bundle, paid from this account.
fn of_another_home(number: i64, account: &str) -> Sidecar {
    let theirs = kit();
    let sent = theirs.take_in(TakeState::Rendered);
    let mut sidecar = theirs.store.sidecar(sent.id).unwrap();
    let take = &mut sidecar.dossier.take;
    take.id = TakeId(number);
    take.account = Some(account.to_owned());
    take.request_id = Some(format!("theirs-{number}"));
    sidecar
}

/// As after an upgrade: no setting remembers the accounts.
fn forget_accounts(kit: &Kit) {
    let raw = rusqlite::Connection::open(kit.path()).unwrap();
    raw.execute("DELETE FROM settings WHERE key LIKE 'account %'", [])
        .unwrap();
}

/// What this home has sent tells which accounts are its own, also when no setting remembers them.
#[test]
fn an_account_that_a_take_of_this_home_was_sent_with_counts() {
    let committed = |kit: &Kit| {
        let queue = kit.store.queue(Backend::Sandbox);
        queue.committed_since(start()).unwrap().micros() / DIME.micros()
    };
    let upgraded = kit();
    let own = upgraded.take_in(TakeState::Accepted);
    forget_accounts(&upgraded);
    let rebuilt = kit();
    let mut sidecar = upgraded.store.sidecar(own.id).unwrap();
    sidecar.dossier.take.request_id = Some("ours".to_owned());
    assert_eq!(rebuilt.store.recovery().restore(&[sidecar]), Ok(vec![None]));
    for kit in [upgraded, rebuilt] {
        assert_eq!(committed(&kit), 1);
        let recovery = kit.store.recovery();
        // Takes of another home do not vouch for each other.
        for number in [900, 901] {
            let stranger = of_another_home(number, "1111111111111111");
            assert_eq!(
                recovery.restore_from_bundle(&stranger, &mut SweepsHere::new()),
                Ok(None)
            );
        }
        assert_eq!(committed(&kit), 1);
        let known = of_another_home(902, ACCOUNT);
        assert_eq!(
            recovery.restore_from_bundle(&known, &mut SweepsHere::new()),
            Ok(None)
        );
        assert_eq!(committed(&kit), 2);
    }
}

/// Its price is not known here, and it is in flight: neither its estimate nor its reserve is in the sum.
#[test]
fn a_stranger_in_flight_changes_nothing_of_what_is_spent() {
    let kit = kit();
    let stranger = of_another_home(900, "1111111111111111");
    assert_eq!(
        kit.store
            .recovery()
            .restore_from_bundle(&stranger, &mut SweepsHere::new()),
        Ok(None)
    );
    let raw = rusqlite::Connection::open(kit.path()).unwrap();
    raw.execute("UPDATE takes SET reserve = NULL", []).unwrap();
    let next = kit.admit(&[2])[0];
    let prices = prices(7_000_000);
    let limits = Limits {
        caps: &Caps::since(start(), Usd::from_micros(1)),
        prices: Some(&prices),
    };
    let refusal = kit.store.queue(Backend::Sandbox).refusal_of(next, limits);
    let Ok(Some(Refusal::CapReached { spent, .. })) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!(spent, Usd::ZERO);
}
