//! When bills in a row say that a price has moved, what they imply, and what is to be written.

use super::*;
use crate::model::catalogue;

const P480: Resolution = Resolution::P480;

fn day(day: &str) -> Date {
    day.parse().unwrap()
}

fn today() -> Date {
    day("2026-11-27")
}

fn usd(micros: i64) -> Usd {
    Usd::from_micros(micros)
}

/// Bills of ten-second takes, newest first, in thousandths of what the list says; the estimates follow the list.
fn bills(slug: &str, resolution: Resolution, thousandths: &[i64]) -> Option<Drift> {
    let model = Model::offered(slug).unwrap();
    let prices = PriceTable::default();
    let (ratio, seconds) = (AspectRatio::WIDE, Seconds::new(10).unwrap());
    let of = Priced {
        model,
        resolution,
        ratio,
        seconds,
        clip_frames: 0,
    };
    let listed = prices.price(&of).unwrap().listed;
    let billed = |(at, thousandths): (usize, &i64)| Billed {
        take: TakeId(100 - i64::try_from(at).unwrap()),
        ratio,
        seconds,
        estimate: listed,
        listed,
        cost: usd((listed.micros() * thousandths + 500) / 1000),
    };
    let all: Vec<Billed> = thousandths.iter().enumerate().map(billed).collect();
    Drift::of(&prices, (model, resolution), &all)
}

#[test]
fn three_bills_in_a_row_beyond_three_percent_are_a_drift() {
    for (thousandths, count) in [
        (&[1050, 1050][..], None),
        (&[1050, 1050, 1050], Some(3)),
        (&[1031, 1031, 1031, 1031], Some(4)),
        (&[1029, 1029, 1029], None),
        (&[971, 971, 971], None),
        (&[969, 969, 969], Some(3)),
        (&[1050, 1000, 1050, 1050], None),
        (&[1000, 1050, 1050, 1050], None),
        (&[1050, 1050, 1050, 1000, 1050], Some(3)),
        (&[], None),
    ] {
        let drift = bills("seedance-2.0", P480, thousandths);
        assert_eq!(drift.map(|drift| drift.bills), count, "{thousandths:?}");
    }
}

#[test]
fn the_row_says_which_takes_it_begins_and_ends_with() {
    let drift = bills("seedance-2.0", P480, &[1050, 1050, 1050, 1000, 1050]).unwrap();
    assert_eq!((drift.first, drift.newest), (TakeId(98), TakeId(100)));
}

#[test]
fn the_implied_price_is_named_in_the_unit_of_the_list() {
    for (slug, resolution, thousandths, words) in [
        (
            "seedance-2.0",
            "480p",
            [1051, 1051, 1051],
            "3 bills in a row of seedance-2.0 at 480p are 5.1 % above their estimates: they imply $7.36 per million tokens \
             instead of $7.00.",
        ),
        (
            "seedance-2.0",
            "1080p",
            [900, 900, 905],
            "3 bills in a row of seedance-2.0 at 1080p are 9.5 to 10.0 % below their estimates: they imply $0.306 a second \
             instead of $0.34.",
        ),
        (
            "seedance-2.5",
            "480p",
            [1102, 1102, 1102],
            "3 bills in a row of seedance-2.5 at 480p are 10.2 % above their estimates: they imply $0.1174 a second in 16:9 \
             instead of $0.1065.",
        ),
        (
            "seedance-2.0-fast",
            "720p",
            [1050, 900, 1200],
            "3 bills in a row of seedance-2.0-fast at 720p are 10.0 % below to 20.0 % above their estimates: they imply $2.52 \
             to $3.36 per million tokens instead of $2.80.",
        ),
    ] {
        let drift = bills(slug, resolution.parse().unwrap(), &thousandths).unwrap();
        assert_eq!(drift.in_words(), words);
    }
}

/// What the advice says can be written, and counts then.
#[test]
fn what_is_to_be_written_is_read_back_and_ends_the_report() {
    for (slug, resolution) in [
        ("seedance-2.0", "480p"),
        ("seedance-2.0", "1080p"),
        ("seedance-2.0-mini", "720p"),
        ("seedance-2.5", "720p"),
        ("seedance-2.5", "1080p"),
    ] {
        let resolution: Resolution = resolution.parse().unwrap();
        let drift = bills(slug, resolution, &[1100, 1100, 1100]).unwrap();
        let advice = drift.full_advice(today(), "models.toml");
        let (before, lines) = advice.split_once(": ").unwrap();
        assert_eq!(
            before,
            format!("If the price page agrees, write under [\"{slug}\"] in models.toml")
        );
        assert!(
            drift
                .advice(today())
                .contains(&drift.corrected(today()).unwrap().in_toml())
        );
        let (specs, errors) = catalogue::with(&format!("[\"{slug}\"]\n{lines}\n"));
        assert_eq!(errors, [], "{lines}");
        let model = Model::offered(slug).unwrap();
        let spec = specs.into_iter().find(|spec| spec.slug == slug).unwrap();
        let mut prices = PriceTable::default();
        prices.replace(model, &spec.prices);
        let corrected = prices.tariff(model, resolution).unwrap();
        assert_eq!(
            (corrected.per.rate(), corrected.as_of),
            (drift.agreed.unwrap(), today())
        );
        // The other prices of the model stay.
        for (other, _) in model.resolutions.iter().filter(|(other, _)| *other != resolution) {
            let before = PriceTable::default().tariff(model, *other);
            assert_eq!(prices.tariff(model, *other), before, "{slug} {other}");
        }
        let (ratio, seconds) = (AspectRatio::WIDE, Seconds::new(10).unwrap());
        let of = Priced {
            model,
            resolution,
            ratio,
            seconds,
            clip_frames: 0,
        };
        let old = PriceTable::default().price(&of).unwrap().listed;
        let bill = Billed {
            take: TakeId(1),
            ratio,
            seconds,
            estimate: old,
            listed: old,
            cost: old.times(2),
        };
        assert!(Drift::of(&PriceTable::default(), (model, resolution), &[bill; 3]).is_some());
        assert_eq!(Drift::of(&prices, (model, resolution), &[bill; 3]), None);
    }
}

#[test]
fn bills_that_disagree_give_nothing_to_write() {
    let drift = bills("seedance-2.0", P480, &[1040, 1100, 1200]).unwrap();
    let advice = "They agree on no price: compare the price page with models.toml.";
    assert_eq!(drift.advice(today()), advice);
    assert_eq!(drift.full_advice(today(), "models.toml"), advice);
}

/// The settings have one price for each model, which hides those of `models.toml`.
#[test]
fn a_price_of_the_settings_is_corrected_there() {
    let model = Model::default();
    let mut prices = PriceTable::default();
    prices.replace(
        model,
        &[Tariff::of_million_tokens(usd(7_000_000), day("2026-11-01"))],
    );
    let bill = Billed {
        take: TakeId(1),
        ratio: AspectRatio::WIDE,
        seconds: Seconds::new(10).unwrap(),
        estimate: usd(706_010),
        listed: usd(706_010),
        cost: usd(741_311),
    };
    let drift = Drift::of(&prices, (model, P480), &[bill; 3]).unwrap();
    assert_eq!(
        drift.full_advice(today(), "models.toml"),
        "If the price page agrees, write usd_per_million_tokens = 7.35 and as_of = 2026-11-27 under \
         [prices.\"seedance-2.0\"] in config.toml."
    );
}

#[test]
fn amounts_of_any_size_do_no_harm() {
    let model = Model::default();
    for cost in [1, i64::MAX] {
        let bill = Billed {
            take: TakeId(1),
            ratio: AspectRatio::WIDE,
            seconds: Seconds::new(10).unwrap(),
            estimate: usd(706_010),
            listed: usd(706_010),
            cost: usd(cost),
        };
        let drift = Drift::of(&PriceTable::default(), (model, P480), &[bill; 20]).unwrap();
        assert!(drift.in_words().starts_with("20 bills in a row"));
    }
    assert_eq!(Drift::of(&PriceTable::default(), (model, P480), &[]), None);
}

#[test]
fn a_price_has_an_age_in_days() {
    let tariff = Tariff::of_million_tokens(usd(7_000_000), day("2026-09-28"));
    assert_eq!((tariff.age_days(today()), tariff.is_old(today())), (60, false));
    assert!(tariff.is_old(day("2026-11-28")));
    assert_eq!(tariff.age_days(day("2026-01-01")), 0);
    let words: Vec<String> = Model::offered("seedance-2.5")
        .unwrap()
        .prices
        .iter()
        .map(Tariff::in_words)
        .collect();
    assert_eq!(words[0], "480p $0.1065 a second in 16:9");
    assert_eq!(words[2], "1080p $0.5876 a second");
    assert_eq!(words[3], "480p $0.0637 a second in 16:9 with a reference video");
}
