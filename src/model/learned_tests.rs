//! What bills teach, as properties: the estimate follows them, and what a cap counts never becomes smaller.

use proptest::prelude::*;

use super::*;
use crate::model::PriceTable;
use crate::model::price::{Price, Priced};
use crate::model::{AspectRatio, Seconds};

fn usd(micros: i64) -> Usd {
    Usd::from_micros(micros)
}

fn bills(ratios: &[i64]) -> Option<Learned> {
    // Of a list price of a dollar, in millionths.
    Learned::of(ratios.iter().map(|ratio| (usd(*ratio), usd(1_000_000))))
}

#[test]
fn five_bills_teach_and_four_do_not() {
    assert_eq!(bills(&[1_004_000; 4]), None);
    let learned = bills(&[1_004_000; 5]).unwrap();
    assert_eq!(
        (learned.bills, learned.difference_in_words().unwrap()),
        (5, "0.4 % above".to_owned())
    );
    let below = bills(&[980_000; 7]).unwrap().difference_in_words();
    assert_eq!(below.as_deref(), Some("2.0 % below"));
    assert_eq!(bills(&[1_000_400; 5]).unwrap().difference_in_words(), None);
}

#[test]
fn the_newest_bills_count_and_mistakes_do_not() {
    // The newest are first: older ones are not looked at.
    let mut ratios = vec![1_000_000; 20];
    ratios.extend([1_900_000; 30]);
    assert_eq!(bills(&ratios).unwrap().high, Ratio::ONE);
    // A free one, and ones of thousands of dollars.
    assert_eq!(bills(&[0, -5, 2_000_001, i64::MAX, 1_000_000]), None);
    let learned = bills(&[
        0,
        9_000_000_000,
        1_010_000,
        1_010_000,
        1_010_000,
        1_010_000,
        1_010_000,
    ]);
    assert_eq!(learned.unwrap().bills, 5);
    assert_eq!(Learned::of([(usd(1), Usd::ZERO); 9]), None);
}

fn listed() -> impl Strategy<Value = Price> {
    let videos = prop_oneof![Just(0_u32), 1..2000_u32];
    let models = prop::sample::select(Model::all());
    let resolutions = prop::sample::select(vec![Resolution::P480, Resolution::P720]);
    (
        models,
        resolutions,
        prop::sample::select(vec![4_i64, 5, 6, 8, 10, 12, 15]),
        videos,
    )
        .prop_filter_map("no price", |(model, resolution, seconds, clip_frames)| {
            let of = Priced {
                model,
                resolution,
                ratio: AspectRatio::WIDE,
                seconds: Seconds::new(seconds).unwrap(),
                clip_frames,
            };
            PriceTable::default().price(&of)
        })
}

proptest! {
    #[test]
    fn what_a_cap_counts_never_becomes_smaller_and_covers_every_bill_that_was_seen(
        price in listed(),
        ratios in prop::collection::vec(1..2_500_000_i64, 0..30),
    ) {
        let seen: Vec<(Usd, Usd)> = ratios
            .iter()
            .map(|ratio| (usd(i64::try_from(i128::from(price.listed.micros()) * i128::from(*ratio) / 1_000_000).unwrap()), price.listed))
            .collect();
        let learned = Learned::of(seen.iter().copied());
        let taught = price.taught(learned.as_ref());
        prop_assert!(taught.most >= price.most, "{taught:?} {price:?}");
        prop_assert!(taught.estimate <= taught.most);
        prop_assert!(taught.least <= taught.most);
        prop_assert_eq!(taught.listed, price.listed);
        if learned.is_some() {
            let is_credible = |(bill, listed): &&(Usd, Usd)| bill.micros() <= 2 * listed.micros();
            let newest: Vec<_> = seen.iter().filter(is_credible).take(MAX_BILLS).collect();
            for (bill, _) in &newest {
                prop_assert!(*bill <= taught.most, "{bill:?} is above {taught:?}");
            }
            let (low, high) = (newest.iter().map(|(bill, _)| *bill).min(), newest.iter().map(|(bill, _)| *bill).max());
            // Rounding up adds a micro-dollar, and the share another.
            prop_assert!(taught.estimate + usd(3) >= low.unwrap());
            prop_assert!(taught.estimate <= high.unwrap() + usd(3));
        } else {
            prop_assert_eq!(taught, price);
        }
    }

    /// A range holds what the published rate, and the one lower rate that is published for another model, can make of it.
    #[test]
    fn a_range_is_never_upside_down_and_adds_up(prices in prop::collection::vec(listed(), 1..9)) {
        let sum = prices.iter().copied().reduce(|sum, price| sum + price).unwrap();
        for price in prices.iter().chain([&sum]) {
            prop_assert!(price.least <= price.estimate && price.estimate <= price.most, "{price:?}");
        }
        let total: Usd = prices.iter().map(|price| price.most).sum();
        prop_assert_eq!(sum.most, total);
        let is_range = prices.iter().any(|price| price.least_of_range().is_some());
        prop_assert_eq!(sum.least_of_range().is_some(), is_range);
    }
}
