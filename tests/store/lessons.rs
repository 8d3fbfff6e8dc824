//! What bills teach about prices, and what a cap counts then.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use rushes::model::price::Tariff;
use rushes::model::{Backend, Lessons, Model, PriceTable, Resolution, TakeId, TakeState, Usd};
use rushes::store::{Admission, Caps, Claim, Claimed, Facts};

use crate::test_store::*;

/// A draft of ten seconds by the price list: 864 × 496 × 241 ÷ 1024 tokens at 7 dollars a million.
const LISTED: Usd = Usd::from_micros(706_010);

/// Puts a live take into the queue, and claims it with the prices in force.
fn sent(kit: &Kit, caps: Caps) -> Result<TakeId, Claimed> {
    let mut admission = Admission {
        backend: Backend::Live,
        ..kit.admission(&[7])
    };
    for take in &mut admission.takes {
        (take.estimate, take.listed) = (LISTED, Some(LISTED));
    }
    let id = kit.store.admit(&admission).unwrap()[0];
    let claim = Claim {
        backend: Backend::Live,
        prices: Some(PriceTable::default()),
        caps,
        ..claim("me")
    };
    match kit.store.claim(&claim).unwrap() {
        Claimed::Take(take) if take.id == id => Ok(id),
        other => Err(other),
    }
}

/// Sends a take that is saved for this bill.
pub fn billed(kit: &Kit, micros: i64) -> TakeId {
    let id = sent(kit, Caps::default()).unwrap();
    let bill = Facts::bill(Some(Usd::from_micros(micros)));
    kit.step(id, TakeState::Accepted);
    for state in [TakeState::Rendered, TakeState::Saved] {
        kit.store.step("me", id, state, "", &bill).unwrap();
    }
    // A bill above the reserve stops the queue.
    kit.store.queue(Backend::Live).resume().unwrap();
    id
}

fn reserve(kit: &Kit, id: TakeId) -> Option<i64> {
    kit.store.reserve(id).unwrap().most.map(Usd::micros)
}

#[test]
fn five_bills_above_the_list_raise_what_a_cap_counts() {
    let kit = kit();
    for _ in 0..5 {
        let id = billed(&kit, 720_130);
        assert_eq!(reserve(&kit, id), Some(706_010));
    }
    let lessons = kit.store.lessons(&PriceTable::default()).unwrap();
    let learned = lessons.of(Model::default(), Resolution::P480).unwrap();
    assert_eq!(learned.difference_in_words().as_deref(), Some("2.0 % above"));
    assert_eq!(lessons.of(Model::default(), Resolution::P720), None);
    let id = sent(&kit, Caps::default()).unwrap();
    // No bill that was seen would be above it.
    assert!((720_130..720_140).contains(&reserve(&kit, id).unwrap()));
    // Five bills and this reserve leave less than one more take, which by the list would still fit.
    let caps = Caps::since(start(), Usd::from_micros(5 * 720_130 + 720_140 + 706_010));
    assert!(matches!(sent(&kit, caps), Err(Claimed::Refused(_))));
}

/// Bills of an earlier price list say nothing about a new one, on which a cap then counts as it stands.
#[test]
fn bills_from_before_the_day_of_a_price_teach_nothing_about_it() {
    let kit = kit();
    for _ in 0..5 {
        billed(&kit, 720_130);
    }
    let rate = Usd::from_micros(7_000_000);
    let priced_on = |day| {
        let mut prices = PriceTable::default();
        prices.replace(Model::default(), &[Tariff::of_million_tokens(rate, day)]);
        prices
    };
    let today = start().to_zoned(TimeZone::UTC).date();
    let learned = |day| {
        let lessons = kit.store.lessons(&priced_on(day)).unwrap();
        lessons
            .of(Model::default(), Resolution::P480)
            .map(|learned| learned.bills)
    };
    assert_eq!(learned(today), Some(5), "the day itself counts");
    let tomorrow = today.tomorrow().unwrap();
    assert_eq!(learned(tomorrow), None);
    let mut admission = Admission {
        backend: Backend::Live,
        ..kit.admission(&[8])
    };
    for take in &mut admission.takes {
        (take.estimate, take.listed) = (LISTED, Some(LISTED));
    }
    let id = kit.store.admit(&admission).unwrap()[0];
    let claim = Claim {
        backend: Backend::Live,
        prices: Some(priced_on(tomorrow)),
        ..claim("me")
    };
    assert!(matches!(kit.store.claim(&claim).unwrap(), Claimed::Take(_)));
    assert_eq!(reserve(&kit, id), Some(706_010));
    kit.step(id, TakeState::Accepted);
    // Five bills of its own are needed, and older ones do not fill them up.
    kit.clock.advance(SignedDuration::from_hours(24));
    for _ in 0..4 {
        billed(&kit, 713_070);
    }
    assert_eq!(learned(tomorrow), None);
    billed(&kit, 713_070);
    assert_eq!(learned(tomorrow), Some(5));
    assert_eq!(learned(today), Some(10));
}

#[test]
fn bills_below_the_list_leave_what_a_cap_counts() {
    let kit = kit();
    for _ in 0..6 {
        billed(&kit, 600_000);
    }
    let id = sent(&kit, Caps::default()).unwrap();
    assert_eq!(reserve(&kit, id), Some(706_010));
    let lessons = kit.store.lessons(&PriceTable::default()).unwrap();
    let of = rushes::model::price::Priced {
        clip_frames: 0,
        ..form().priced(|_| None)
    };
    let price = PriceTable::default().price_taught(&of, &lessons).unwrap();
    assert_eq!((price.estimate.micros(), price.most.micros()), (600_001, 706_010));
}

/// The provider asks for thousands of dollars for one take: that is no price, and the next take is not held back by it.
#[test]
fn an_absurd_bill_teaches_nothing() {
    let kit = kit();
    for _ in 0..9 {
        billed(&kit, 9_000_000_000);
    }
    assert_eq!(
        kit.store.lessons(&PriceTable::default()).unwrap(),
        Lessons::default()
    );
    let id = sent(&kit, Caps::default()).unwrap();
    assert_eq!(reserve(&kit, id), Some(706_010));
}

#[test]
fn sandbox_bills_and_failures_teach_nothing() {
    let kit = kit();
    for _ in 0..9 {
        let id = kit.take_in(TakeState::Rendered).id;
        let bill = Facts::bill(Some(DIME.times(2)));
        kit.store.step("me", id, TakeState::Saved, "", &bill).unwrap();
    }
    assert_eq!(
        kit.store.lessons(&PriceTable::default()).unwrap(),
        Lessons::default()
    );
}
