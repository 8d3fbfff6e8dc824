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
        (Certainty::ReferenceVideo, "$0.17 to $0.46")
    );
    assert_eq!(
        (price.if_listed(), price.least_of_range()),
        (None, Some(price.least))
    );
    assert!(price.caveat().unwrap().contains("the reference video may"));
    // A range of prices has another reason.
    let of = Priced {
        model: "seedance-2.5-draft-final".parse().unwrap(),
        clip_frames: 0,
        ..of
    };
    let price = PriceTable::default().price(&of).unwrap();
    assert_eq!(price.certainty, Certainty::Sellers);
    assert!(price.caveat().unwrap().contains("different sellers"));
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
        certainty: Certainty::ReferenceVideo,
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
        with_video: false,
        least: None,
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
const EVERY_CELL: [(&str, &str, &str, [i64; 7]); 38] = [
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
    ("seedance-2.0", "1080p", "every", [1_374_167, 1_714_167, 2_054_167, 2_734_167, 3_414_167, 4_094_167, 5_114_167]),
    ("seedance-2.0", "4k", "every", [5_545_571, 6_917_671, 8_289_771, 11_033_971, 13_778_171, 16_522_371, 20_638_671]),
];

/// The same for seedance-2.5 in whole micro-dollars, for 4 to 30 seconds.
#[rustfmt::skip]
const EVERY_CELL_OF_2_5: [(&str, &str, [i64; 27]); 13] = [
    ("480p", "16:9", [
        430_438, 536_938, 643_438, 749_938, 856_438, 962_938, 1_069_438, 1_175_938, 1_282_438, 1_388_938, 1_495_438,
        1_601_938, 1_708_438, 1_814_938, 1_921_438, 2_027_938, 2_134_438, 2_240_938, 2_347_438, 2_453_938,
        2_560_438, 2_666_938, 2_773_438, 2_879_938, 2_986_438, 3_092_938, 3_199_438,
    ]),
    ("480p", "9:16", [
        430_438, 536_938, 643_438, 749_938, 856_438, 962_938, 1_069_438, 1_175_938, 1_282_438, 1_388_938, 1_495_438,
        1_601_938, 1_708_438, 1_814_938, 1_921_438, 2_027_938, 2_134_438, 2_240_938, 2_347_438, 2_453_938,
        2_560_438, 2_666_938, 2_773_438, 2_879_938, 2_986_438, 3_092_938, 3_199_438,
    ]),
    ("480p", "1:1", [
        411_410, 513_202, 614_994, 716_786, 818_578, 920_370, 1_022_162, 1_123_955, 1_225_747, 1_327_539, 1_429_331,
        1_531_123, 1_632_915, 1_734_707, 1_836_499, 1_938_292, 2_040_084, 2_141_876, 2_243_668, 2_345_460,
        2_447_252, 2_549_044, 2_650_836, 2_752_628, 2_854_421, 2_956_213, 3_058_005,
    ]),
    ("480p", "4:3", [
        422_981, 527_636, 632_291, 736_946, 841_601, 946_256, 1_050_911, 1_155_566, 1_260_221, 1_364_876, 1_469_531,
        1_574_186, 1_678_841, 1_783_496, 1_888_151, 1_992_806, 2_097_461, 2_202_116, 2_306_771, 2_411_426,
        2_516_081, 2_620_736, 2_725_391, 2_830_046, 2_934_701, 3_039_356, 3_144_011,
    ]),
    ("480p", "3:4", [
        422_981, 527_636, 632_291, 736_946, 841_601, 946_256, 1_050_911, 1_155_566, 1_260_221, 1_364_876, 1_469_531,
        1_574_186, 1_678_841, 1_783_496, 1_888_151, 1_992_806, 2_097_461, 2_202_116, 2_306_771, 2_411_426,
        2_516_081, 2_620_736, 2_725_391, 2_830_046, 2_934_701, 3_039_356, 3_144_011,
    ]),
    ("480p", "21:9", [
        430_438, 536_938, 643_438, 749_938, 856_438, 962_938, 1_069_438, 1_175_938, 1_282_438, 1_388_938, 1_495_438,
        1_601_938, 1_708_438, 1_814_938, 1_921_438, 2_027_938, 2_134_438, 2_240_938, 2_347_438, 2_453_938,
        2_560_438, 2_666_938, 2_773_438, 2_879_938, 2_986_438, 3_092_938, 3_199_438,
    ]),
    ("720p", "16:9", [
        965_554, 1_204_454, 1_443_354, 1_682_254, 1_921_154, 2_160_054, 2_398_954, 2_637_854, 2_876_754, 3_115_654,
        3_354_554, 3_593_454, 3_832_354, 4_071_254, 4_310_154, 4_549_054, 4_787_954, 5_026_854, 5_265_754,
        5_504_654, 5_743_554, 5_982_454, 6_221_354, 6_460_254, 6_699_154, 6_938_054, 7_176_954,
    ]),
    ("720p", "9:16", [
        965_554, 1_204_454, 1_443_354, 1_682_254, 1_921_154, 2_160_054, 2_398_954, 2_637_854, 2_876_754, 3_115_654,
        3_354_554, 3_593_454, 3_832_354, 4_071_254, 4_310_154, 4_549_054, 4_787_954, 5_026_854, 5_265_754,
        5_504_654, 5_743_554, 5_982_454, 6_221_354, 6_460_254, 6_699_154, 6_938_054, 7_176_954,
    ]),
    ("720p", "1:1", [
        965_554, 1_204_454, 1_443_354, 1_682_254, 1_921_154, 2_160_054, 2_398_954, 2_637_854, 2_876_754, 3_115_654,
        3_354_554, 3_593_454, 3_832_354, 4_071_254, 4_310_154, 4_549_054, 4_787_954, 5_026_854, 5_265_754,
        5_504_654, 5_743_554, 5_982_454, 6_221_354, 6_460_254, 6_699_154, 6_938_054, 7_176_954,
    ]),
    ("720p", "4:3", [
        971_639, 1_212_045, 1_452_450, 1_692_856, 1_933_261, 2_173_667, 2_414_073, 2_654_478, 2_894_884, 3_135_289,
        3_375_695, 3_616_100, 3_856_506, 4_096_912, 4_337_317, 4_577_723, 4_818_128, 5_058_534, 5_298_939,
        5_539_345, 5_779_751, 6_020_156, 6_260_562, 6_500_967, 6_741_373, 6_981_778, 7_222_184,
    ]),
    ("720p", "3:4", [
        971_639, 1_212_045, 1_452_450, 1_692_856, 1_933_261, 2_173_667, 2_414_073, 2_654_478, 2_894_884, 3_135_289,
        3_375_695, 3_616_100, 3_856_506, 4_096_912, 4_337_317, 4_577_723, 4_818_128, 5_058_534, 5_298_939,
        5_539_345, 5_779_751, 6_020_156, 6_260_562, 6_500_967, 6_741_373, 6_981_778, 7_222_184,
    ]),
    ("720p", "21:9", [
        970_269, 1_210_335, 1_450_402, 1_690_468, 1_930_535, 2_170_601, 2_410_668, 2_650_734, 2_890_801, 3_130_867,
        3_370_934, 3_611_000, 3_851_067, 4_091_133, 4_331_200, 4_571_266, 4_811_333, 5_051_399, 5_291_466,
        5_531_532, 5_771_599, 6_011_665, 6_251_732, 6_491_798, 6_731_865, 6_971_931, 7_211_998,
    ]),
    ("1080p", "every", [
        2_374_883, 2_962_483, 3_550_083, 4_137_683, 4_725_283, 5_312_883, 5_900_483, 6_488_083, 7_075_683,
        7_663_283, 8_250_883, 8_838_483, 9_426_083, 10_013_683, 10_601_283, 11_188_883, 11_776_483, 12_364_083,
        12_951_683, 13_539_283, 14_126_883, 14_714_483, 15_302_083, 15_889_683, 16_477_283, 17_064_883, 17_652_483,
    ]),
];

/// The worst case of a finishable draft, whose price is a range; its final costs what 1080p costs.
#[rustfmt::skip]
const EVERY_CELL_OF_DRAFTS: [(&str, &str, [i64; 27]); 1] = [
    ("480p", "every", [
        396_083, 494_083, 592_083, 690_083, 788_083, 886_083, 984_083, 1_082_083, 1_180_083, 1_278_083, 1_376_083,
        1_474_083, 1_572_083, 1_670_083, 1_768_083, 1_866_083, 1_964_083, 2_062_083, 2_160_083, 2_258_083,
        2_356_083, 2_454_083, 2_552_083, 2_650_083, 2_748_083, 2_846_083, 2_944_083,
    ]),
];

/// The shape, or all of the model's.
fn shapes(model: Model, ratio: &str) -> Vec<AspectRatio> {
    match ratio {
        "every" => {
            let all = model.aspect_ratios.iter().copied();
            all.filter(|ratio| *ratio != AspectRatio::ADAPTIVE).collect()
        }
        one => vec![one.parse().unwrap()],
    }
}

#[test]
fn every_cell_of_the_price_list_comes_out() {
    let table = PriceTable::default();
    let mut cells = 0;
    let mut holds = |model: &str, resolution: &str, ratio: &str, seconds: i64, micros: i64| {
        let model: Model = model.parse().unwrap();
        for shape in shapes(model, ratio) {
            let of = of(model, resolution.parse().unwrap(), shape, seconds);
            let price = table.price(&of).unwrap();
            let listed = price.listed.micros();
            assert_eq!(listed, micros, "{model} {resolution} {shape} {seconds} s");
            assert_eq!(price.estimate, price.listed);
            // Half a micro-dollar more at most.
            assert!((0..=1).contains(&(price.most.micros() - micros)));
            cells += 1;
        }
    };
    for (model, resolution, ratio, amounts) in EVERY_CELL {
        for (seconds, micros) in [4, 5, 6, 8, 10, 12, 15].into_iter().zip(amounts) {
            holds(model, resolution, ratio, seconds, micros);
        }
    }
    for (resolution, ratio, amounts) in EVERY_CELL_OF_2_5 {
        for (seconds, micros) in (4..=30).zip(amounts) {
            holds("seedance-2.5", resolution, ratio, seconds, micros);
        }
    }
    let finals = EVERY_CELL_OF_2_5
        .iter()
        .filter(|(resolution, ..)| *resolution == "1080p");
    for (resolution, ratio, amounts) in EVERY_CELL_OF_DRAFTS.iter().chain(finals) {
        for (seconds, micros) in (4..=30).zip(amounts) {
            holds("seedance-2.5-draft-final", resolution, ratio, seconds, *micros);
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

/// With a reference video, seedance-2.5 has a lower rate of its own; whether the frames of the reference are billed is not
/// known.
#[test]
fn a_lower_rate_with_a_video_is_the_least() {
    let model: Model = "seedance-2.5".parse().unwrap();
    let price = |resolution: &str, clip_ms: u64| {
        let of = Priced {
            clip_frames: clip_frames([Some(clip_ms)], 30_000),
            ..of(model, resolution.parse().unwrap(), AspectRatio::WIDE, 10)
        };
        let price = PriceTable::default().price(&of).unwrap();
        assert_eq!(price.certainty, Certainty::ReferenceVideo);
        (price.least.micros(), price.estimate.micros(), price.most.micros())
    };
    // 241 frames at 0.0637 a second; at 0.1065; and 241 + 97 at 0.1065: it may be that the lower rate does not count.
    assert_eq!(price("480p", 4000), (639_654, 1_069_438, 1_499_875));
    // 241 + 721 frames at 0.1065.
    assert_eq!(price("480p", 30_000), (639_654, 1_069_438, 4_268_875));
    // No rate with a video is published at 1080p.
    assert_eq!(price("1080p", 4000), (3_481_285, 5_900_483, 8_275_367));
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

/// What the provider's catalogue adds has no price that anybody published, and no other spelling makes a resolution cheaper.
#[test]
fn a_resolution_that_only_a_catalogue_added_has_no_price_and_a_spelling_changes_none() {
    let shapes = |resolution: &str| {
        let shapes =
            ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"].map(|ratio| format!("\"{ratio}\" = [1920, 1080]"));
        format!("resolutions.\"{resolution}\" = {{ {} }}\n", shapes.join(", "))
    };
    let model = |slug: &str, resolution: &str| {
        let text = format!("[\"{slug}\"]\n{}", shapes(resolution));
        let (specs, errors) = crate::model::catalogue::with(&text);
        assert_eq!(errors, []);
        Model::of(specs.into_iter().find(|spec| spec.slug == slug).unwrap())
    };
    let price = |model: Model, resolution: &str| {
        let of = of(model, resolution.parse().unwrap(), AspectRatio::WIDE, 10);
        PriceTable::default().price(&of).map(|price| price.most)
    };
    assert_eq!(price(model("seedance-2.0-fast", "1080p"), "1080p"), None);
    assert!(price(model("seedance-2.0-fast", "1080p"), "720p").is_some());
    let whole = model("seedance-2.0", "4K");
    assert_eq!(price(whole, "4K"), price(whole, "4k"));
    assert!(price(whole, "4k").is_some());
}
