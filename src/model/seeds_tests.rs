//! Lists of seeds: what is read, written, drawn and refused.

use super::*;
use proptest::prelude::*;

fn numbers(text: &str) -> Vec<u32> {
    let list: SeedList = text.parse().unwrap();
    list.draw(&mut fastrand::Rng::with_seed(1))
        .into_iter()
        .map(Seed::number)
        .collect()
}

#[test]
fn lists_and_ranges_keep_their_order() {
    assert_eq!(numbers("7, 42,100..103"), [7, 42, 100, 101, 102, 103]);
    assert_eq!(numbers("9..=10，3"), [9, 10, 3]);
    assert_eq!(numbers("0,2147483647"), [0, 2_147_483_647]);
}

#[test]
fn minus_one_and_new_are_drawn_here() {
    assert_eq!(numbers("6 new").len(), 6);
    assert_eq!("-1".parse(), Ok(SeedList::one_new()));
    let drawn = numbers("5, 3 NEW");
    assert_eq!(drawn[0], 5);
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn each_mistake_has_its_own_error() {
    let error = |text: &str| text.parse::<SeedList>().unwrap_err();
    assert_eq!(error(" , "), Invalid::NoSeeds);
    assert_eq!(
        error("7,x"),
        Invalid::NotASeed {
            given: "x".into(),
            item: 2
        }
    );
    assert_eq!(
        error("0 new"),
        Invalid::NotASeed {
            given: "0 new".into(),
            item: 1
        }
    );
    assert_eq!(error("-2"), Invalid::SeedOutOfRange { given: "-2".into() });
    assert_eq!(
        error("2147483648"),
        Invalid::SeedOutOfRange {
            given: "2147483648".into()
        }
    );
    assert_eq!(
        error("99999999999999999999"),
        Invalid::SeedOutOfRange {
            given: "99999999999999999999".into()
        }
    );
    assert_eq!(error("9..3"), Invalid::SeedRangeReversed { first: 9, last: 3 });
    assert_eq!(error("7,5..8"), Invalid::SeedTwice { given: 7 });
    assert_eq!(error("0..200"), Invalid::TooManySeeds { given: 201 });
    assert_eq!(
        error("0..2147483647, 5 new"),
        Invalid::TooManySeeds { given: 2_147_483_653 }
    );
}

const SWEEPS: fn(SweepSeeds) -> Result<Vec<Seed>, String> = |sweep| match sweep {
    SweepSeeds::All(3) => Ok([9, 5, 9].map(Seed).to_vec()),
    SweepSeeds::Circled(3) => Ok(vec![Seed(5)]),
    SweepSeeds::Circled(4) | SweepSeeds::All(5) => Ok(Vec::new()),
    SweepSeeds::All(6) => Ok((0..201).map(Seed).collect()),
    other => Err(format!("{other} does not exist: see rushes ls --sweeps")),
};

fn drawn(text: &str) -> Result<Vec<u32>, String> {
    let list: SeedList = text.parse().unwrap();
    let list = list.resolve(SWEEPS);
    let seeds = list.map(|list| list.draw(&mut fastrand::Rng::with_seed(1)));
    let numbers = |seeds: Vec<Seed>| seeds.into_iter().map(Seed::number).collect();
    seeds.map(numbers).map_err(|error| error.to_string())
}

#[test]
fn spaces_separate_items_and_may_stand_within_one() {
    assert_eq!(numbers("7 42  100 .. 102"), [7, 42, 100, 101, 102]);
    assert_eq!(numbers("7\t42;43"), [7, 42, 43]);
    assert_eq!(numbers("7 3 new").len(), 4);
    assert_eq!(numbers("7 new").len(), 7);
    assert_eq!(numbers("7, new")[0], 7);
    assert_eq!(numbers("-1 7").len(), 2);
    assert_eq!(numbers("3new"), numbers("3 new"));
}

#[test]
fn neighbours_go_upwards_and_never_around_the_end() {
    assert_eq!(numbers("3 near 42, 7"), [42, 43, 44, 7]);
    assert_eq!(numbers("2 near 2147483646"), [2_147_483_646, 2_147_483_647]);
    assert_eq!(
        "3 near 2147483646".parse::<SeedList>().unwrap_err().to_string(),
        "3 seeds from 2147483646 go beyond the largest one: start at 2147483645 or below, or ask for fewer"
    );
    assert_eq!(
        "2 near 42 43".parse::<SeedList>(),
        Err(Invalid::SeedTwice { given: 43 })
    );
}

#[test]
fn sweeps_are_looked_up_and_count_as_none_before() {
    let list: SeedList = "7, Sweep 3, circled of sweep 8".parse().unwrap();
    assert_eq!(list.count(), 1);
    assert_eq!(
        list.sweeps().collect::<Vec<_>>(),
        [SweepSeeds::All(3), SweepSeeds::Circled(8)]
    );
    assert_eq!(list.to_string(), "7, sweep 3, circled of sweep 8");
    assert_eq!(drawn("7 sweep 3"), Ok(vec![7, 9, 5]));
    assert_eq!(drawn("circled of sweep 3 2 near 8"), Ok(vec![5, 8, 9]));
    let list: SeedList = "sweep 3 2 new".parse().unwrap();
    assert_eq!(list.resolve(SWEEPS).unwrap().to_string(), "9, 5, 2 new");
}

#[test]
fn a_sweep_that_gives_no_seeds_says_why() {
    for (text, message) in [
        (
            "circled of sweep 4",
            "sweep 4 has no circled takes: circle the good ones first, or write sweep 4 for all of them",
        ),
        (
            "sweep 5",
            "sweep 5 has no seeds: write the number of a sweep that has takes",
        ),
        ("sweep 77", "sweep 77 does not exist: see rushes ls --sweeps"),
        (
            "9, sweep 3",
            "seed 9 is twice in the list and would be paid for twice: remove one",
        ),
        ("sweep 6", "201 seeds are too many for one sweep: use at most 200"),
    ] {
        assert_eq!(drawn(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn a_mistake_names_its_place_and_what_is_accepted() {
    let accepted = "write a number, 100..108, 6 new, 6 near 42, sweep 3 or circled of sweep 3";
    for (text, given, item) in [
        ("7, six", "six", 2),
        ("7 8 new 0 near 4", "0 near 4", 3),
        ("6 near", "6 near", 1),
        ("6 near, 42", "6 near", 1),
        ("6 near x 1", "6 near x", 1),
        ("-1 new", "-1 new", 1),
        ("100..103 new", "100..103 new", 1),
        ("1 2..x", "x", 2),
    ] {
        let error = text.parse::<SeedList>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{given:?} is not a seed (item {item}): {accepted}")
        );
    }
    for (text, given, item) in [
        ("sweep", "sweep", 1),
        ("7, sweep x", "sweep x", 2),
        ("sweep, 3", "sweep", 1),
        ("sweep -3", "sweep -3", 1),
        ("circled", "circled", 1),
        ("circled of 3", "circled of 3", 1),
        ("circled of sweep", "circled of sweep", 1),
        ("sweep 99999999999999999999", "sweep 99999999999999999999", 1),
    ] {
        let error = text.parse::<SeedList>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{given:?} names no sweep (item {item}): write its number, as in sweep 3 or circled of sweep 3"
            )
        );
    }
}

#[test]
fn a_form_whose_sweeps_were_not_looked_up_cannot_be_sent() {
    let form = crate::model::Form {
        seeds: "sweep 3".into(),
        ..Default::default()
    };
    assert!(matches!(form.seed_list(), Err(Invalid::SweepToLookUp { .. })));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|([0-9]{1,3}|new|near|sweep|circled|of|\\.\\.|-1|[ ,]){0,12}") {
        if let Ok(list) = text.parse::<SeedList>() {
            prop_assert_eq!(list.to_string().parse::<SeedList>(), Ok(list));
        }
    }

    #[test]
    fn what_is_written_reads_back(seeds in prop::collection::btree_set(0..=Seed::MAX, 1..9), fresh in 0..5_u32) {
        let mut text = seeds.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        if fresh > 0 {
            text += &format!(",{fresh} new");
        }
        let list: SeedList = text.parse().unwrap();
        prop_assert_eq!(&list.to_string().parse::<SeedList>().unwrap(), &list);
        let drawn = list.draw(&mut fastrand::Rng::with_seed(7));
        prop_assert_eq!(drawn.len(), list.count() as usize);
        prop_assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len());
    }
}
