//! Prices by the published formula, and by the user's own tariffs.

use super::*;

fn fast() -> Model {
    "seedance-2.0-fast".parse().unwrap()
}

fn mini() -> Model {
    "seedance-2.0-mini".parse().unwrap()
}

fn of(model: Model, resolution: Resolution, ratio: AspectRatio, seconds: i64) -> Priced {
    Priced {
        model,
        resolution,
        ratio,
        seconds: Seconds::new(seconds).unwrap(),
        clip_frames: 0,
    }
}

fn price(model: Model, resolution: Resolution, ratio: AspectRatio, seconds: i64) -> i64 {
    let of = of(model, resolution, ratio, seconds);
    PriceTable::default().price(&of).unwrap().estimate.micros()
}

#[test]
fn the_published_prices_a_second_come_out() {
    let cases = [
        (Model::default(), Resolution::P480, 703_080),
        (Model::default(), Resolution::P720, 1_512_000),
        (fast(), Resolution::P480, 281_232),
        (fast(), Resolution::P720, 604_800),
        (mini(), Resolution::P480, 175_770),
        (mini(), Resolution::P720, 378_000),
    ];
    for (model, resolution, micros) in cases {
        assert_eq!(
            price(model, resolution, AspectRatio::WIDE, 10),
            micros,
            "{model} {resolution}"
        );
    }
    assert_eq!(
        price(Model::default(), Resolution::P480, AspectRatio::WIDE, 4),
        281_232
    );
    assert_eq!(
        price(Model::default(), Resolution::P720, AspectRatio::WIDE, 15),
        2_268_000
    );
}

#[test]
fn adaptive_is_priced_as_the_dearest_shape() {
    let model = Model::default();
    for (resolution, _) in &model.resolutions {
        let dearest = model
            .aspect_ratios
            .iter()
            .map(|r| price(model, *resolution, *r, 5))
            .max();
        assert_eq!(Some(price(model, *resolution, AspectRatio::ADAPTIVE, 5)), dearest);
    }
}

/// A bill of 24·s + 1 frames: 0.2841615 for 4 s of form.
#[test]
fn the_worst_case_counts_one_frame_more_and_is_rounded_up() {
    let of = of(Model::default(), Resolution::P480, AspectRatio::WIDE, 4);
    let price = PriceTable::default().price(&of).unwrap();
    assert_eq!((price.estimate.micros(), price.most.micros()), (281_232, 284_162));
    assert!(!price.is_at_most);
    assert_eq!(worst_case(price.estimate, of.seconds, 0), Some(price.most));
    assert_eq!(worst_case(Usd::ZERO, of.seconds, 0), None);
    assert_eq!(worst_case(Usd::MAX, of.seconds, 361), Some(Usd::MAX_BILL));
}

#[test]
fn reference_videos_count_in_full_in_the_worst_case() {
    assert_eq!(clip_frames([Some(4000), None], 15_000), 97 + 361);
    let of = Priced {
        clip_frames: clip_frames([Some(2500)], 15_000),
        ..of(Model::default(), Resolution::P480, AspectRatio::WIDE, 4)
    };
    let price = PriceTable::default().price(&of).unwrap();
    // 97 frames of output and 61 of the clip.
    assert_eq!((price.shown().micros(), price.is_at_most), (462_861, true));
}

fn a_day(per: PerUnit) -> Tariff {
    Tariff {
        resolution: None,
        per,
        as_of: jiff::civil::date(2026, 11, 1),
    }
}

#[test]
fn a_tariff_that_is_missing_or_nothing_is_no_price() {
    let of = of(mini(), Resolution::P480, AspectRatio::WIDE, 10);
    let mut table = PriceTable::default();
    table.replace(mini(), &[a_day(PerUnit::MillionTokens(Usd::ZERO))]);
    assert_eq!(
        (table.tariff(mini(), Resolution::P480), table.price(&of)),
        (None, None)
    );
    table.replace(mini(), &[]);
    assert_eq!(table.price(&of), None);
}

#[test]
fn a_users_tariff_takes_the_place_of_the_published_one() {
    let mut table = PriceTable::default();
    table.replace(
        mini(),
        &[a_day(PerUnit::MillionTokens(Usd::from_micros(2_000_000)))],
    );
    let tariff = table.tariff(mini(), Resolution::P480).unwrap();
    assert_eq!(tariff.as_of, jiff::civil::date(2026, 11, 1));
    let of = of(mini(), Resolution::P480, AspectRatio::WIDE, 10);
    assert_eq!(table.price(&of).unwrap().estimate.micros(), 200_880);
}

#[test]
fn a_flat_price_counts_seconds_and_holds_for_its_resolution_only() {
    let mut table = PriceTable::default();
    let flat = Tariff {
        resolution: Some(Resolution::P720),
        ..a_day(PerUnit::Second(Usd::from_micros(340_000)))
    };
    table.replace(
        mini(),
        &[flat, a_day(PerUnit::MillionTokens(Usd::from_micros(1_750_000)))],
    );
    let price = |resolution| {
        table
            .price(&of(mini(), resolution, AspectRatio::ADAPTIVE, 10))
            .unwrap()
    };
    // A frame more is a 24th of a second.
    assert_eq!(
        (
            price(Resolution::P720).estimate.micros(),
            price(Resolution::P720).most.micros()
        ),
        (3_400_000, 3_414_167)
    );
    assert_eq!(price(Resolution::P480), {
        let of = of(mini(), Resolution::P480, AspectRatio::ADAPTIVE, 10);
        PriceTable::default().price(&of).unwrap()
    });
}
