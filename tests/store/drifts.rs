//! Several bills in a row that are off the price list, and what the user was told of them.

use rushes::model::price::Tariff;
use rushes::model::{Drift, Model, PriceTable, TakeId, TakeState, Usd};
use rushes::store::Facts;

use crate::lessons::billed;
use crate::test_store::*;

/// The take of these lists costs 0.706010 dollars.
const AS_LISTED: i64 = 706_010;
const FIVE_PERCENT_MORE: i64 = 741_311;

fn untold(kit: &Kit) -> Vec<Drift> {
    kit.store.untold_drifts(&PriceTable::default()).unwrap()
}

#[test]
fn the_third_bill_in_a_row_that_is_off_is_told_once() {
    let kit = kit();
    let first = billed(&kit, FIVE_PERCENT_MORE);
    billed(&kit, FIVE_PERCENT_MORE);
    assert_eq!(untold(&kit), []);
    let third = billed(&kit, FIVE_PERCENT_MORE);
    let told = untold(&kit);
    assert_eq!((told.len(), told[0].first, told[0].newest), (1, first, third));
    assert!(told[0].in_words().contains("imply $7.35 per million tokens"));
    kit.store.drift_told(&told[0]).unwrap();
    assert_eq!(untold(&kit), []);
    // The row goes on, and doctor still knows it.
    billed(&kit, FIVE_PERCENT_MORE);
    assert_eq!(untold(&kit), []);
    assert_eq!(kit.store.drifts(&PriceTable::default()).unwrap()[0].bills, 4);
    // A bill as estimated ends it, and another row is news.
    billed(&kit, AS_LISTED);
    assert_eq!(kit.store.drifts(&PriceTable::default()).unwrap(), []);
    for _ in 0..2 {
        billed(&kit, FIVE_PERCENT_MORE);
    }
    assert_eq!(untold(&kit), []);
    billed(&kit, FIVE_PERCENT_MORE);
    assert_eq!(untold(&kit)[0].bills, 3);
}

/// The user has corrected the price: what was billed before was estimated by another list.
#[test]
fn bills_of_a_list_that_was_corrected_are_no_drift() {
    let kit = kit();
    for _ in 0..3 {
        billed(&kit, FIVE_PERCENT_MORE);
    }
    let mut corrected = PriceTable::default();
    let rate = Usd::from_micros(7_350_000);
    let day = "2026-11-22".parse().unwrap();
    corrected.replace(Model::default(), &[Tariff::of_million_tokens(rate, day)]);
    assert_eq!(kit.store.drifts(&corrected).unwrap(), []);
}

#[test]
fn play_money_and_takes_without_a_bill_say_nothing() {
    let kit = kit();
    for _ in 0..4 {
        let id = kit.take_in(TakeState::Rendered).id;
        let bill = Facts::bill(Some(DIME.times(2)));
        kit.store.step("me", id, TakeState::Saved, "", &bill).unwrap();
    }
    for _ in 0..3 {
        billed(&kit, 0);
    }
    assert_eq!(untold(&kit), []);
    assert_eq!(kit.store.take(TakeId(1)).unwrap().cost, Some(DIME.times(2)));
}
