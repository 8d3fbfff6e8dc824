//! What is said of a take's bill: how far it is off the estimate, and why.

use rushes::model::{AspectRatio, Backend, Take, TakeState, Usd};

use crate::test_store::*;

fn usd(micros: i64) -> Usd {
    Usd::from_micros(micros)
}

/// A live take that was expected to cost 0.706010.
fn billed(cost: i64, change: impl FnOnce(&mut Take)) -> String {
    let mut take = kit().take_in(TakeState::Saved);
    take.backend = Backend::Live;
    take.estimate = Usd::from_micros(706_010);
    take.reserve = Some(usd(720_000));
    take.cost = Some(usd(cost));
    change(&mut take);
    take.bill_in_words().unwrap()
}

#[test]
fn a_bill_says_how_far_it_is_off_and_why() {
    assert_eq!(billed(706_010, |_| ()), "$0.706, as estimated");
    assert_eq!(
        billed(692_000, |_| ()),
        "$0.692, 2.0 % less than estimated: the provider's rate differs from the price list"
    );
    assert_eq!(
        billed(690_000, |take| take.aspect_ratio = AspectRatio::ADAPTIVE),
        "$0.690, 2.3 % less than estimated: the shape was not known before, and the largest was assumed"
    );
    assert_eq!(
        billed(800_000, |_| ()),
        "$0.800, 13.3 % more than estimated: the bill is higher than the price list allows, so the queue was stopped"
    );
    assert_eq!(
        billed(500_000, |take| take.least = Some(usd(420_000))),
        "$0.500, where $0.42 to $0.72 was expected: the price was only known as a range"
    );
    assert_eq!(
        billed(0, |take| take.state = TakeState::Failed),
        "$0.000, because a take that failed is not billed"
    );
}

#[test]
fn a_take_of_the_sandbox_is_free_and_says_what_it_would_cost() {
    let mut take = kit().take_in(TakeState::Saved);
    take.estimate = Usd::from_micros(706_010);
    assert_eq!(take.bill_in_words().as_deref(), Some("free"));
    take.cost = Some(usd(706_010));
    assert_eq!(take.bill_in_words().as_deref(), Some("free (on live $0.706)"));
    assert_eq!(take.estimate_in_words(), "free (on live $0.706 est.)");
    assert_eq!(
        (take.cost_in_money(), take.would_cost()),
        (Some(Usd::ZERO), Some(usd(706_010)))
    );
    take.backend = Backend::Live;
    assert_eq!(
        (take.cost_in_money(), take.would_cost()),
        (Some(usd(706_010)), None)
    );
}
