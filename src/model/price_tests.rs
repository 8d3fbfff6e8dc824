//! Prices by the published formula, and by the user's own tariffs.

use super::*;

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
    PriceTable::default().price(&of).unwrap().listed.micros()
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
fn the_price_counts_one_frame_more_and_the_worst_case_is_rounded_up() {
    let of = of(Model::default(), Resolution::P480, AspectRatio::WIDE, 4);
    let price = PriceTable::default().price(&of).unwrap();
    assert_eq!((price.estimate.micros(), price.most.micros()), (284_162, 284_162));
    assert_eq!(
        (price.listed, price.certainty),
        (price.estimate, Certainty::Estimate)
    );
    assert_eq!(price.in_words(), "$0.28 est.");
    // What only an earlier release has estimated, without that frame.
    assert_eq!(
        worst_case(Usd::from_micros(281_232), of.seconds, 0),
        Some(price.most)
    );
    assert_eq!(worst_case(Usd::ZERO, of.seconds, 0), None);
    assert_eq!(worst_case(Usd::MAX, of.seconds, 361), Some(Usd::MAX_BILL));
}

/// Neither the rate nor what is counted is published: 97 frames of output at 59 % of the rate, or these and 61 of the clip at
/// the whole one.
#[test]
fn with_a_reference_video_the_price_is_a_range() {
    assert_eq!(clip_frames([Some(4000), None], 15_000), 97 + 361);
    let of = Priced {
        clip_frames: clip_frames([Some(2500)], 15_000),
        ..of(Model::default(), Resolution::P480, AspectRatio::WIDE, 4)
    };
    let price = PriceTable::default().price(&of).unwrap();
    assert_eq!((price.least.micros(), price.most.micros()), (167_655, 462_861));
    assert_eq!(
        (price.certainty, price.in_words().as_str()),
        (Certainty::Range, "$0.17 to $0.46")
    );
    assert_eq!(
        (price.if_listed(), price.least_of_range()),
        (None, Some(price.least))
    );
    assert!(
        price
            .caveat()
            .unwrap()
            .contains("No price with a reference video is published")
    );
}

#[test]
fn a_sum_is_as_sure_as_its_least_sure_part() {
    let table = PriceTable::default();
    let plain = table
        .price(&of(mini(), Resolution::P480, AspectRatio::WIDE, 10))
        .unwrap();
    let range = Price {
        least: Usd::from_micros(100_000),
        most: Usd::from_micros(900_000),
        certainty: Certainty::Range,
        ..plain
    };
    let at_most = Price::at_most(Usd::from_micros(500_000));
    for (sum, words) in [
        (plain + plain, "$0.35 est."),
        (plain + range, "$0.28 to $1.08"),
        (plain + at_most, "at most $0.68"),
        (range + at_most, "at most $1.40"),
        (plain.and_something_unknown(), "at least $0.18"),
        (plain + plain.and_something_unknown(), "at least $0.35"),
    ] {
        assert_eq!(sum.in_words(), words);
    }
    assert_eq!((plain + plain).about(), "about $0.35");
    assert_eq!(plain.and_something_unknown().upper(), None);
}

#[test]
fn a_price_list_says_its_age_after_sixty_days_and_what_bills_teach() {
    let table = PriceTable::default();
    let kind = (mini(), Resolution::P480);
    let day = |text: &str| -> Date { text.parse().unwrap() };
    let taught = |ratio: i64| -> Lessons {
        let bill = (Usd::from_micros(ratio), Usd::from_micros(1_000_000));
        let learned = Learned::of([bill; 12]).unwrap();
        [(kind.0, kind.1, learned)].into_iter().collect()
    };
    for (today, lessons, words) in [
        ("2026-11-11", Lessons::default(), None),
        ("2026-09-01", Lessons::default(), None),
        (
            "2026-11-12",
            Lessons::default(),
            Some("The price list is 61 days old (2026-09-12)."),
        ),
        ("2026-11-11", taught(1_000_000), None),
        (
            "2026-11-11",
            taught(1_004_000),
            Some("Your last 12 bills run 0.4 % above the price list."),
        ),
        (
            "2027-09-12",
            taught(980_000),
            Some("The price list is 365 days old (2026-09-12); your last 12 bills run 2.0 % below it."),
        ),
    ] {
        assert_eq!(
            remark(&table, &lessons, kind, day(today)).as_deref(),
            words,
            "{today}"
        );
    }
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
    assert_eq!(table.price(&of).unwrap().estimate.micros(), 201_717);
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
        (3_414_167, 3_414_167)
    );
    assert_eq!(price(Resolution::P480), {
        let of = of(mini(), Resolution::P480, AspectRatio::ADAPTIVE, 10);
        PriceTable::default().price(&of).unwrap()
    });
}

/// The price of every model, resolution, shape and length of the list, in micro-dollars: width × height × (24 · s + 1) ÷ 1024
/// tokens at the model's rate, reckoned without this program (7.00, 2.80 and 1.75 dollars a million; 4, 5, 6, 8, 10, 12 and 15 s).
#[rustfmt::skip]
const EVERY_CELL: [(&str, &str, &str, [i64; 7]); 36] = [
    ("seedance-2.0", "480p", "16:9", [284_162, 354_470, 424_778, 565_394, 706_010, 846_626, 1_057_550]),
    ("seedance-2.0", "480p", "9:16", [284_162, 354_470, 424_778, 565_394, 706_010, 846_626, 1_057_550]),
    ("seedance-2.0", "480p", "1:1", [271_600, 338_800, 406_000, 540_400, 674_800, 809_200, 1_010_800]),
    ("seedance-2.0", "480p", "4:3", [279_239, 348_329, 417_419, 555_599, 693_779, 831_959, 1_039_229]),
    ("seedance-2.0", "480p", "3:4", [279_239, 348_329, 417_419, 555_599, 693_779, 831_959, 1_039_229]),
    ("seedance-2.0", "480p", "21:9", [284_162, 354_470, 424_778, 565_394, 706_010, 846_626, 1_057_550]),
    ("seedance-2.0", "720p", "16:9", [611_100, 762_300, 913_500, 1_215_900, 1_518_300, 1_820_700, 2_274_300]),
    ("seedance-2.0", "720p", "9:16", [611_100, 762_300, 913_500, 1_215_900, 1_518_300, 1_820_700, 2_274_300]),
    ("seedance-2.0", "720p", "1:1", [611_100, 762_300, 913_500, 1_215_900, 1_518_300, 1_820_700, 2_274_300]),
    ("seedance-2.0", "720p", "4:3", [614_951, 767_104, 919_257, 1_223_563, 1_527_868, 1_832_174, 2_288_633]),
    ("seedance-2.0", "720p", "3:4", [614_951, 767_104, 919_257, 1_223_563, 1_527_868, 1_832_174, 2_288_633]),
    ("seedance-2.0", "720p", "21:9", [614_084, 766_022, 917_960, 1_221_837, 1_525_714, 1_829_590, 2_285_405]),
    ("seedance-2.0-fast", "480p", "16:9", [113_665, 141_788, 169_911, 226_157, 282_404, 338_650, 423_020]),
    ("seedance-2.0-fast", "480p", "9:16", [113_665, 141_788, 169_911, 226_157, 282_404, 338_650, 423_020]),
    ("seedance-2.0-fast", "480p", "1:1", [108_640, 135_520, 162_400, 216_160, 269_920, 323_680, 404_320]),
    ("seedance-2.0-fast", "480p", "4:3", [111_696, 139_332, 166_968, 222_240, 277_512, 332_784, 415_692]),
    ("seedance-2.0-fast", "480p", "3:4", [111_696, 139_332, 166_968, 222_240, 277_512, 332_784, 415_692]),
    ("seedance-2.0-fast", "480p", "21:9", [113_665, 141_788, 169_911, 226_157, 282_404, 338_650, 423_020]),
    ("seedance-2.0-fast", "720p", "16:9", [244_440, 304_920, 365_400, 486_360, 607_320, 728_280, 909_720]),
    ("seedance-2.0-fast", "720p", "9:16", [244_440, 304_920, 365_400, 486_360, 607_320, 728_280, 909_720]),
    ("seedance-2.0-fast", "720p", "1:1", [244_440, 304_920, 365_400, 486_360, 607_320, 728_280, 909_720]),
    ("seedance-2.0-fast", "720p", "4:3", [245_980, 306_842, 367_703, 489_425, 611_147, 732_870, 915_453]),
    ("seedance-2.0-fast", "720p", "3:4", [245_980, 306_842, 367_703, 489_425, 611_147, 732_870, 915_453]),
    ("seedance-2.0-fast", "720p", "21:9", [245_634, 306_409, 367_184, 488_735, 610_285, 731_836, 914_162]),
    ("seedance-2.0-mini", "480p", "16:9", [71_040, 88_617, 106_194, 141_348, 176_502, 211_656, 264_387]),
    ("seedance-2.0-mini", "480p", "9:16", [71_040, 88_617, 106_194, 141_348, 176_502, 211_656, 264_387]),
    ("seedance-2.0-mini", "480p", "1:1", [67_900, 84_700, 101_500, 135_100, 168_700, 202_300, 252_700]),
    ("seedance-2.0-mini", "480p", "4:3", [69_810, 87_082, 104_355, 138_900, 173_445, 207_990, 259_807]),
    ("seedance-2.0-mini", "480p", "3:4", [69_810, 87_082, 104_355, 138_900, 173_445, 207_990, 259_807]),
    ("seedance-2.0-mini", "480p", "21:9", [71_040, 88_617, 106_194, 141_348, 176_502, 211_656, 264_387]),
    ("seedance-2.0-mini", "720p", "16:9", [152_775, 190_575, 228_375, 303_975, 379_575, 455_175, 568_575]),
    ("seedance-2.0-mini", "720p", "9:16", [152_775, 190_575, 228_375, 303_975, 379_575, 455_175, 568_575]),
    ("seedance-2.0-mini", "720p", "1:1", [152_775, 190_575, 228_375, 303_975, 379_575, 455_175, 568_575]),
    ("seedance-2.0-mini", "720p", "4:3", [153_738, 191_776, 229_814, 305_891, 381_967, 458_044, 572_158]),
    ("seedance-2.0-mini", "720p", "3:4", [153_738, 191_776, 229_814, 305_891, 381_967, 458_044, 572_158]),
    ("seedance-2.0-mini", "720p", "21:9", [153_521, 191_506, 229_490, 305_459, 381_428, 457_398, 571_351]),
];

#[test]
fn every_cell_of_the_price_list_comes_out() {
    let table = PriceTable::default();
    let mut cells = 0;
    for (model, resolution, ratio, amounts) in EVERY_CELL {
        for (seconds, micros) in [4, 5, 6, 8, 10, 12, 15].into_iter().zip(amounts) {
            let of = of(
                model.parse().unwrap(),
                resolution.parse().unwrap(),
                ratio.parse().unwrap(),
                seconds,
            );
            let price = table.price(&of).unwrap();
            assert_eq!(
                price.listed.micros(),
                micros,
                "{model} {resolution} {ratio} {seconds} s"
            );
            assert_eq!(price.estimate, price.listed);
            // Half a micro-dollar more at most.
            assert!((0..=1).contains(&(price.most.micros() - micros)));
            cells += 1;
        }
    }
    let offered: usize = Model::all()
        .iter()
        .map(|model| model.resolutions.len() * (model.aspect_ratios.len() - 1) * model.durations.len())
        .sum();
    assert_eq!(
        cells, offered,
        "a model, resolution, shape or length is missing in the table"
    );
}

/// Those that are published by the second, whatever the shape, of models and resolutions that a user's own file adds: 1080p
/// and 4k of 2.0, and 1080p of 2.5. A frame more is a 24th of a second.
#[test]
fn prices_by_the_second_come_out() {
    let seconds = |dollars: i64| a_day(PerUnit::Second(Usd::from_micros(dollars)));
    for (rate, length, micros) in [
        (340_000, 4, 1_374_167),
        (340_000, 10, 3_414_167),
        (340_000, 15, 5_114_167),
        (1_372_100, 4, 5_545_571),
        (1_372_100, 10, 13_778_171),
        (587_600, 10, 5_900_483),
        (587_600, 30, 17_652_483),
        (106_500, 30, 3_199_438),
        (238_900, 5, 1_204_454),
    ] {
        let mut table = PriceTable::default();
        table.replace(mini(), &[seconds(rate)]);
        for ratio in [AspectRatio::WIDE, AspectRatio::ADAPTIVE] {
            let of = of(mini(), Resolution::P720, ratio, length);
            assert_eq!(
                table.price(&of).unwrap().listed.micros(),
                micros,
                "{rate} {length}"
            );
        }
    }
}
