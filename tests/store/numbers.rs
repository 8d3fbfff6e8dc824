//! The numbers: takes that are written out with their sums, and sums that agree whatever takes are added up by.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rushes::model::clock::start_of_day;
use rushes::model::take::ProviderTimes;
use rushes::model::{Backend, FailureKind, Form, Lineage, Model, Seconds, Take, TakeId, TakeState};
use rushes::model::{Usd, Verdict};
use rushes::store::{
    Admission, Asked, By, Claim, Claimed, EstimateError, Facts, Filter, Groups, Key, Numbers, Reason,
    Section, Sums,
};

use crate::test_store::*;

/// How takes of one order are and end.
struct Order {
    reel_id: String,
    backend: Backend,
    model: &'static str,
    seconds: i64,
    /// Several make a sweep.
    takes: u32,
    /// In micro-dollars.
    estimate: i64,
    parent: Option<(TakeId, Lineage)>,
}

impl Order {
    fn live(reel_id: &str, seconds: i64, takes: u32, estimate: i64) -> Self {
        Self {
            reel_id: reel_id.to_owned(),
            backend: Backend::Live,
            model: "seedance-2.0",
            seconds,
            takes,
            estimate,
            parent: None,
        }
    }

    fn admit(&self, kit: &Kit) -> Vec<TakeId> {
        let form = Form {
            duration: Seconds::new(self.seconds).unwrap(),
            model: self.model.parse::<Model>().unwrap(),
            ..form()
        };
        let seeds = (1..=self.takes).map(|seed| rushes::model::Seed::new(seed).unwrap());
        let (estimate, reserve) = (Usd::from_micros(self.estimate), Usd::from_micros(90_000_000));
        let admission = Admission::of(&self.reel_id, self.backend, form, seeds, estimate, reserve);
        let admission = Admission {
            parent: self.parent,
            ..admission
        };
        kit.store.admit(&admission).unwrap()
    }
}

/// Claims the given take, which must be the next in the queue, and settles it after the given number of seconds with the given bill.
fn end(kit: &Kit, id: TakeId, state: TakeState, seconds: i64, facts: &Facts) {
    let steps = way_to(state);
    for (at, step) in steps.iter().enumerate() {
        if at + 1 == steps.len() {
            kit.pass(seconds);
        }
        let facts = if at + 1 == steps.len() {
            facts.clone()
        } else {
            Facts::default()
        };
        match step {
            TakeState::Submitting => {
                let backend = kit.store.take(id).unwrap().backend;
                let claim = Claim {
                    backend,
                    ..claim("me")
                };
                match kit.store.claim(&claim).unwrap() {
                    Claimed::Take(take) => assert_eq!(take.id, id),
                    other => panic!("take {id} was not claimed: {other:?}"),
                }
            }
            TakeState::Cancelled => drop(kit.store.cancel(id).unwrap()),
            other => drop(kit.store.step("me", id, *other, "", &facts).unwrap()),
        }
    }
}

fn bill(micros: i64) -> Facts {
    Facts::bill(Some(Usd::from_micros(micros)))
}

fn numbers(kit: &Kit, by: By) -> Numbers {
    read(kit, by, &TimeZone::UTC, usize::MAX, None)
}

fn read(kit: &Kit, by: By, zone: &TimeZone, most: usize, reel_id: Option<&str>) -> Numbers {
    let asked = Asked {
        reel_id: reel_id.map(str::to_owned),
        by,
        zone: zone.clone(),
        most,
    };
    kit.store.numbers(&asked).unwrap()
}

fn keys(section: &Section) -> Vec<(Key, Sums)> {
    let groups = section.groups.groups.iter();
    groups.map(|group| (group.key.clone(), group.sums)).collect()
}

/// Takes of two reels, on two days.
fn evening(kit: &Kit) -> String {
    let neon = kit.reel.id.clone();
    let saved = TakeState::Saved;
    let sweep = Order::live(&neon, 10, 3, 700_000).admit(kit);
    end(kit, sweep[0], saved, 100, &bill(703_000));
    end(kit, sweep[1], saved, 130, &bill(700_000));
    let refused = Facts {
        cost: Some(Usd::ZERO),
        ..Facts::error(FailureKind::OutputAudio, "no")
    };
    end(kit, sweep[2], TakeState::Failed, 50, &refused);
    kit.store.set_verdict(sweep[0], Verdict::Circled).unwrap();
    kit.store.set_verdict(sweep[1], Verdict::Rejected).unwrap();
    // Its bill has not come yet. It is kept because it was promoted.
    let draft = Order::live(&neon, 10, 1, 700_000).admit(kit)[0];
    end(kit, draft, saved, 90, &Facts::default());
    let promotion = Order {
        parent: Some((draft, Lineage::Promoted)),
        ..Order::live(&neon, 10, 1, 1_500_000)
    };
    end(
        kit,
        promotion.admit(kit)[0],
        TakeState::Processing,
        1,
        &Facts::default(),
    );

    kit.pass(24 * 3600);
    let other = kit.store.reel("other").unwrap().id;
    let mini = Order {
        model: "seedance-2.0-mini",
        ..Order::live(&other, 5, 1, 352_000)
    };
    let text = Facts::error(FailureKind::InputText, "no");
    end(kit, mini.admit(kit)[0], TakeState::Refused, 1, &text);
    let kept = mini.admit(kit)[0];
    end(kit, kept, saved, 60, &bill(350_000));
    kit.store.set_verdict(kept, Verdict::Circled).unwrap();
    end(
        kit,
        mini.admit(kit)[0],
        TakeState::Cancelled,
        0,
        &Facts::default(),
    );
    let free = Order {
        backend: Backend::Sandbox,
        ..Order::live(&other, 10, 1, 690_000)
    };
    let free = free.admit(kit)[0];
    end(kit, free, saved, 6, &bill(700_000));
    kit.store.set_verdict(free, Verdict::Circled).unwrap();
    other
}

const NEON: Sums = Sums {
    takes: 5,
    saved: 3,
    failed: 1,
    cancelled: 0,
    kept: 2,
    kept_seconds: 20,
    // $0.703 + $0.70 billed, $0.70 + $1.50 estimated.
    spent: Usd::from_micros(3_603_000),
    estimated: Usd::from_micros(2_200_000),
    would_cost: Usd::ZERO,
};

const OTHER: Sums = Sums {
    takes: 3,
    saved: 1,
    failed: 1,
    cancelled: 1,
    kept: 1,
    kept_seconds: 5,
    spent: Usd::from_micros(350_000),
    estimated: Usd::ZERO,
    would_cost: Usd::ZERO,
};

#[test]
fn takes_that_are_written_out_add_up_as_by_hand() {
    let kit = kit();
    evening(&kit);
    let total = Sums {
        takes: 8,
        saved: 4,
        failed: 2,
        cancelled: 1,
        kept: 3,
        kept_seconds: 25,
        spent: Usd::from_micros(3_953_000),
        estimated: Usd::from_micros(2_200_000),
        would_cost: Usd::ZERO,
    };
    let by_day = numbers(&kit, By::Day);
    assert_eq!(by_day.live.groups.total, total);
    assert_eq!(total.open(), 1);
    // $3.953 over 3 takes, and over 25 s.
    assert_eq!(total.per_kept_take(), Some(Usd::from_micros(1_317_667)));
    assert_eq!(total.per_kept_second(), Some(Usd::from_micros(158_120)));
    let day = |text: &str| Key::Day(text.parse().unwrap());
    assert_eq!(
        keys(&by_day.live),
        [(day("2026-11-23"), OTHER), (day("2026-11-22"), NEON)]
    );
    let by_reel = numbers(&kit, By::Reel);
    assert_eq!(
        keys(&by_reel.live),
        [
            (Key::Reel("neon drive".to_owned()), NEON),
            (Key::Reel("other".to_owned()), OTHER)
        ]
    );
    let by_model = numbers(&kit, By::Model);
    assert_eq!(
        keys(&by_model.live),
        [
            (Key::Model("seedance-2.0".to_owned()), NEON),
            (Key::Model("seedance-2.0-mini".to_owned()), OTHER)
        ]
    );
    let by_sweep = keys(&numbers(&kit, By::Sweep).live);
    let names: Vec<&Key> = by_sweep.iter().map(|(key, _)| key).collect();
    assert_eq!(names, [&Key::Sweep(Some(1)), &Key::Sweep(None)]);
    let sweep = by_sweep[0].1;
    assert_eq!((sweep.takes, sweep.kept, sweep.failed), (3, 1, 1));
    assert_eq!(sweep.spent, Usd::from_micros(1_403_000));
    assert_eq!(by_day.live.waits_ms, [60_000, 90_000, 130_000, 100_000]);
    // +0.4 %, 0 % and −0.6 %.
    let estimates = EstimateError {
        bills: 3,
        median: 0,
        least: -6,
        most: 4,
    };
    assert_eq!(by_day.live.estimates, Some(estimates));
    assert_eq!(
        by_day.live.failures,
        [
            (Reason::Kind(FailureKind::InputText), 1),
            (Reason::Kind(FailureKind::OutputAudio), 1)
        ]
    );
}

#[test]
fn the_sandbox_stands_apart_and_costs_nothing() {
    let kit = kit();
    let other = evening(&kit);
    let Numbers { live, sandbox } = numbers(&kit, By::Day);
    let free = Sums {
        takes: 1,
        saved: 1,
        kept: 1,
        kept_seconds: 10,
        would_cost: Usd::from_micros(700_000),
        ..Sums::default()
    };
    assert_eq!(sandbox.groups.total, free);
    assert_eq!(free.per_kept_take(), Some(Usd::ZERO));
    assert_eq!((sandbox.estimates, &sandbox.waits_ms[..]), (None, &[6_000][..]));
    assert_eq!(live.groups.total.would_cost, Usd::ZERO);
    // One reel alone.
    let alone = read(&kit, By::Day, &TimeZone::UTC, usize::MAX, Some(&other));
    assert_eq!(
        (alone.live.groups.total, alone.sandbox.groups.total),
        (OTHER, free)
    );
    assert_eq!(alone.live.waits_ms, [60_000]);
    assert_eq!(alone.live.failures.len(), 1);
}

#[test]
fn a_take_is_kept_by_its_verdict_or_by_a_promotion() {
    let kit = kit();
    let kept = |kit: &Kit| numbers(kit, By::Day).sandbox.groups.total.kept;
    let order = || Order {
        backend: Backend::Sandbox,
        ..Order::live(&kit.reel.id, 10, 1, 100_000)
    };
    let draft = order().admit(&kit)[0];
    end(&kit, draft, TakeState::Saved, 1, &Facts::default());
    assert_eq!(kept(&kit), 0, "nobody has judged it");
    for (lineage, counts) in [
        (Lineage::Repeated, 0),
        (Lineage::Chained, 0),
        (Lineage::Promoted, 1),
    ] {
        let child = Order {
            parent: Some((draft, lineage)),
            ..order()
        };
        let child = child.admit(&kit)[0];
        assert_eq!(kept(&kit), counts, "{lineage:?}");
        end(&kit, child, TakeState::Cancelled, 0, &Facts::default());
        assert_eq!(kept(&kit), 0, "a promotion that was cancelled was none");
    }
    let promotion = Order {
        parent: Some((draft, Lineage::Promoted)),
        ..order()
    };
    let last = promotion.admit(&kit)[0];
    end(&kit, last, TakeState::Saved, 1, &Facts::default());
    assert_eq!(kept(&kit), 1, "the final is not kept by itself");
    kit.store.set_verdict(last, Verdict::Circled).unwrap();
    assert_eq!(kept(&kit), 2);
    kit.store.set_verdict(draft, Verdict::Rejected).unwrap();
    assert_eq!(kept(&kit), 1);
}

#[test]
fn only_the_newest_groups_are_listed_and_the_others_are_added_up() {
    let kit = kit();
    for _ in 0..5 {
        let sweep = Order::live(&kit.reel.id, 10, 2, 100_000).admit(&kit);
        for id in sweep {
            end(&kit, id, TakeState::Saved, 60, &bill(100_000));
        }
        kit.pass(24 * 3600);
    }
    for by in [By::Day, By::Sweep] {
        let Groups {
            groups,
            others,
            of_others,
            total,
        } = read(&kit, by, &TimeZone::UTC, 2, None).live.groups;
        assert_eq!((groups.len(), others), (2, 3), "{by}");
        assert_eq!((groups[0].sums.takes, of_others.takes), (2, 6), "{by}");
        assert_eq!(total.spent, Usd::from_micros(1_000_000), "{by}");
    }
}

fn zones() -> [TimeZone; 4] {
    let zone = |text: &str| TimeZone::posix(text).unwrap();
    [
        TimeZone::UTC,
        zone("CET-1CEST,M3.5.0,M10.5.0/3"),
        zone("NPT-5:45"),
        zone("NZST-12NZDT,M9.5.0,M4.1.0/3"),
    ]
}

/// The clocks go back on 2026-10-25: that day has 25 hours, from 22:00 to 23:00 UTC.
#[test]
fn a_day_of_twenty_five_hours_is_one_day() {
    let kit = kit();
    let [_, cet, ..] = zones();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for sent in [
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    ] {
        kit.clock.advance(at(sent).duration_since(kit.now()));
        let id = Order::live(&kit.reel.id, 10, 1, 100_000).admit(&kit)[0];
        end(&kit, id, TakeState::Processing, 0, &Facts::default());
    }
    let days: Vec<(String, u64)> = keys(&read(&kit, By::Day, &cet, 9, None).live)
        .into_iter()
        .map(|(key, sums)| match key {
            Key::Day(day) => (day.to_string(), sums.takes),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        days,
        [
            ("2026-10-26".to_owned(), 1),
            ("2026-10-25".to_owned(), 4),
            ("2026-10-24".to_owned(), 1)
        ]
    );
}

/// A take that was sent twice counts on the day of the second time, as it does for the cap.
#[test]
fn a_take_counts_on_the_day_on_which_it_was_sent_last() {
    let kit = kit();
    let id = Order::live(&kit.reel.id, 10, 1, 100_000).admit(&kit)[0];
    let claim = Claim {
        backend: Backend::Live,
        ..claim("me")
    };
    assert!(matches!(kit.store.claim(&claim).unwrap(), Claimed::Take(_)));
    kit.step(id, TakeState::Waiting);
    kit.pass(24 * 3600);
    end(&kit, id, TakeState::Processing, 0, &Facts::default());
    let day = start_of_day(kit.now(), TimeZone::UTC);
    let committed = kit.store.queue(Backend::Live).committed_since(day).unwrap();
    assert_eq!(committed, Usd::from_micros(90_000_000), "its reserve");
    let by_day = keys(&numbers(&kit, By::Day).live);
    assert_eq!(by_day.len(), 1);
    assert_eq!(by_day[0].0, Key::Day("2026-11-23".parse().unwrap()));
}

/// One order of takes: its reel, backend, model, length, takes, and for each how it ends.
#[derive(Debug, Clone)]
struct Drawn {
    reel: usize,
    is_live: bool,
    is_mini: bool,
    seconds: i64,
    ends: Vec<(usize, i64, usize)>,
    minutes: i64,
    is_promotion: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let ends = prop::collection::vec((0..TakeState::ALL.len(), 0..900_000_i64, 0..3_usize), 1..4);
    let which = (0..3_usize, any::<bool>(), any::<bool>(), 4..=6_i64);
    (which, ends, 0..3000_i64, any::<bool>()).prop_map(
        |((reel, is_live, is_mini, seconds), ends, minutes, is_promotion)| Drawn {
            reel,
            is_live,
            is_mini,
            seconds,
            ends,
            minutes,
            is_promotion,
        },
    )
}

fn make(kit: &Kit, drawn: &Drawn, promoted: &mut Option<TakeId>) {
    kit.clock.advance(SignedDuration::from_mins(drawn.minutes));
    let reel = kit
        .store
        .reel(["neon drive", "other", "third"][drawn.reel])
        .unwrap();
    let order = Order {
        reel_id: reel.id,
        backend: if drawn.is_live {
            Backend::Live
        } else {
            Backend::Sandbox
        },
        model: if drawn.is_mini {
            "seedance-2.0-mini"
        } else {
            "seedance-2.0"
        },
        seconds: drawn.seconds,
        takes: u32::try_from(drawn.ends.len()).unwrap(),
        estimate: 400_000,
        parent: promoted
            .filter(|_| drawn.is_promotion)
            .map(|parent| (parent, Lineage::Promoted)),
    };
    for (id, (state, cost, verdict)) in order.admit(kit).into_iter().zip(&drawn.ends) {
        // A take that goes on waiting would be claimed instead of the next one.
        let state = Some(TakeState::ALL[*state]).filter(|state| *state != TakeState::Waiting);
        let state = state.unwrap_or(TakeState::Cancelled);
        let has_bill = cost % 3 > 0 && state.settled() && state != TakeState::Cancelled;
        let facts = if has_bill { bill(*cost) } else { Facts::default() };
        end(kit, id, state, cost % 200, &facts);
        let verdict = [Verdict::None, Verdict::Circled, Verdict::Rejected][*verdict];
        kit.store.set_verdict(id, verdict).unwrap();
        *promoted = Some(id);
    }
}

/// The same sums, take by take.
fn by_take(takes: &[Take], backend: Backend) -> Sums {
    let promoted: BTreeSet<TakeId> = takes
        .iter()
        .filter(|take| take.lineage == Some(Lineage::Promoted) && take.state != TakeState::Cancelled)
        .filter_map(|take| take.parent)
        .collect();
    let mut sums = Sums::default();
    for take in takes.iter().filter(|take| take.backend == backend) {
        sums.takes += 1;
        sums.saved += u64::from(take.state == TakeState::Saved);
        sums.cancelled += u64::from(take.state == TakeState::Cancelled);
        let is_open = !take.state.settled();
        let failed = !is_open && !matches!(take.state, TakeState::Saved | TakeState::Cancelled);
        sums.failed += u64::from(failed);
        let is_kept = match take.verdict {
            Verdict::Circled => true,
            Verdict::None => promoted.contains(&take.id),
            Verdict::Rejected => false,
        };
        if is_kept && take.state == TakeState::Saved {
            sums.kept += 1;
            sums.kept_seconds += u64::from(take.duration.get());
        }
        let estimate = Usd::from_micros(if take.cost.is_none() && take.commits_money() {
            take.estimate.micros()
        } else {
            0
        });
        let amount = take.cost.unwrap_or_default() + estimate;
        match backend {
            Backend::Live => {
                sums.spent = sums.spent + amount;
                sums.estimated = sums.estimated + estimate;
            }
            Backend::Sandbox => sums.would_cost = sums.would_cost + amount,
        }
    }
    sums
}

/// The takes of a day, by the rule of the cap's day.
fn days(takes: &[Take], backend: Backend, zone: &TimeZone) -> BTreeSet<Timestamp> {
    let of_backend = takes.iter().filter(|take| take.backend == backend);
    let sent = of_backend.map(|take| take.times.submitted.unwrap_or(take.created_at));
    sent.map(|sent| start_of_day(sent, zone.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn the_groups_add_up_to_the_total_whatever_they_are(
        orders in prop::collection::vec(drawn(), 0..6), zone in 0..4_usize, most in 0..4_usize,
    ) {
        let kit = kit();
        let mut promoted = None;
        for order in &orders {
            make(&kit, order, &mut promoted);
        }
        let takes = kit.store.takes(&Filter::all(), 0, 1000).unwrap();
        let zone = zones()[zone].clone();
        for by in By::ALL {
            let whole = read(&kit, by, &zone, usize::MAX, None);
            let cut = read(&kit, by, &zone, most, None);
            for (whole, cut) in [(whole.live, cut.live), (whole.sandbox, cut.sandbox)] {
                let total = by_take(&takes, whole.backend);
                prop_assert_eq!(whole.groups.total, total);
                let sum: Sums = whole.groups.groups.iter().map(|group| group.sums).sum();
                prop_assert_eq!(sum, total, "by {}", by);
                let shown: Sums = cut.groups.groups.iter().map(|group| group.sums).sum();
                prop_assert_eq!(shown + cut.groups.of_others, total, "by {}", by);
                let count = whole.groups.groups.len();
                prop_assert_eq!(cut.groups.groups.len(), count.min(most));
                prop_assert_eq!(cut.groups.others, count.saturating_sub(most) as u64);
                prop_assert_eq!(&cut.groups.groups[..], &whole.groups.groups[..count.min(most)]);
                let failed: u64 = whole.failures.iter().map(|(_, takes)| takes).sum();
                prop_assert_eq!(failed, total.failed);
                if by == By::Day {
                    prop_assert_eq!(count, days(&takes, whole.backend, &zone).len());
                }
            }
        }
    }
}

/// The provider's own times teach what to expect; the page tells what the user has waited.
#[test]
fn waits_last_until_the_take_was_saved_whatever_the_provider_says_of_its_part() {
    let kit = kit();
    let ids = kit.admit(&[1]);
    let times = ProviderTimes {
        queue_ms: Some(46),
        render_ms: Some(996),
    };
    let facts = Facts { times, ..bill(7) };
    end(&kit, ids[0], TakeState::Saved, 30, &facts);
    let numbers = numbers(&kit, By::Day);
    assert_eq!(
        [&numbers.live.waits_ms[..], &numbers.sandbox.waits_ms[..]].concat(),
        [30_000]
    );
}
