//! Sweeps: takes of one action, their progress, their seeds, and the reels and remarks around them.

use rushes::model::{Seed, TakeState, Usd, Verdict};
use rushes::store::{Facts, Filter, NewSweep, Progress, StoreError};

use crate::test_store::*;

fn numbers(seeds: &[Seed]) -> Vec<u32> {
    seeds.iter().map(|seed| seed.number()).collect()
}

#[test]
fn takes_of_one_action_are_a_sweep_and_one_alone_is_none() {
    let kit = kit();
    let alone = kit.admit(&[1])[0];
    let sweep = kit.admit(&[7, 8, 9]);
    assert_eq!(kit.store.take(alone).unwrap().sweep, None);
    let number = kit.store.take(sweep[0]).unwrap().sweep.unwrap();
    let mut paired = kit.admission(&[7, 8]);
    paired.sweep = NewSweep {
        varies: "duration".to_owned(),
        pair: Some(number),
    };
    paired.takes[1].variant = Some("8".to_owned());
    let second = kit.store.admit(&paired).unwrap();
    let rows = kit.store.sweeps(Some(&kit.reel.id), 0, 9).unwrap();
    let of = |row: &rushes::store::SweepRow| (row.sweep.number, row.sweep.varies.clone(), row.sweep.pair);
    assert_eq!(
        rows.iter().map(of).collect::<Vec<_>>(),
        [
            (number + 1, "duration".to_owned(), Some(number)),
            (number, "seed".to_owned(), None)
        ]
    );
    assert_eq!(kit.store.take(second[1]).unwrap().variant.as_deref(), Some("8"));
    assert_eq!(kit.store.sweeps(None, 1, 9).unwrap().len(), 1);
    assert_eq!(kit.store.sweep_row(99), Err(StoreError::NoSuchSweep(99)));
}

#[test]
fn the_progress_counts_each_take_once_and_only_live_money() {
    let kit = kit();
    let ids = kit.admit(&[1, 2, 3, 4]);
    let number = kit.store.take(ids[0]).unwrap().sweep.unwrap();
    for (n, id) in ids.iter().enumerate() {
        if n == 3 {
            kit.store.cancel(*id).unwrap();
            continue;
        }
        kit.claim("me");
        if n == 0 {
            continue;
        }
        let to = [TakeState::Accepted, TakeState::Rendered, TakeState::Saved];
        for state in to {
            let facts = Facts {
                request_id: (state == TakeState::Accepted).then(|| format!("r{n}")),
                cost: (state == TakeState::Rendered).then_some(Usd::from_micros(5)),
                ..Facts::default()
            };
            kit.store.step("me", *id, state, "", &facts).unwrap();
        }
    }
    kit.store.set_verdict(ids[1], Verdict::Circled).unwrap();
    kit.store.set_verdict(ids[2], Verdict::Rejected).unwrap();
    let expected = Progress {
        takes: 4,
        saved: 2,
        cancelled: 1,
        circled: 1,
        rejected: 1,
        ..Progress::default()
    };
    assert_eq!(kit.store.sweep_row(number).unwrap().progress, expected);
}

#[test]
fn the_seeds_of_a_sweep_and_of_its_circled_takes_are_known() {
    let kit = kit();
    let ids = kit.admit(&[9, 7, 8]);
    let number = kit.store.take(ids[0]).unwrap().sweep.unwrap();
    assert_eq!(
        numbers(&kit.store.seeds_of_sweep(number, false).unwrap()),
        [9, 7, 8]
    );
    assert_eq!(
        kit.store.seeds_of_sweep(number, true),
        Err(StoreError::NothingCircled(number))
    );
    kit.store.set_verdict(ids[2], Verdict::Circled).unwrap();
    assert_eq!(numbers(&kit.store.seeds_of_sweep(number, true).unwrap()), [8]);
    assert_eq!(
        kit.store.seeds_of_sweep(99, false),
        Err(StoreError::NoSuchSweep(99))
    );
}

#[test]
fn tags_are_sorted_each_once_and_found() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    let tags = [" hero ", "b roll", "hero", ""].map(str::to_owned);
    kit.store.set_tags(ids[0], &tags).unwrap();
    assert_eq!(kit.store.take(ids[0]).unwrap().tags, ["b roll", "hero"]);
    let found = kit
        .store
        .takes(&Filter::parse("tag:HERO").unwrap(), 0, 9)
        .unwrap();
    assert_eq!(found.iter().map(|take| take.id).collect::<Vec<_>>(), [ids[0]]);
    for bad in ["tag:", "tag:\"\"", "tag:\" \""] {
        assert!(Filter::parse(bad).is_err(), "{bad}");
    }
    kit.store.set_tags(ids[1], &["roll".to_owned()]).unwrap();
    for (line, expected) in [
        ("tag:\"b roll\"", &ids[..1]),
        ("tag:\"B Roll\" tag:hero", &ids[..1]),
        // As it looks while it is typed.
        ("tag:\"b roll", &ids[..1]),
        ("tag:roll", &ids[1..]),
        ("tag:\"b roll\" tag:roll", &[]),
    ] {
        let found = kit.store.takes(&Filter::parse(line).unwrap(), 0, 9).unwrap();
        assert_eq!(
            found.iter().map(|take| take.id).collect::<Vec<_>>(),
            expected,
            "{line}"
        );
    }
}

#[test]
fn an_archived_reel_is_not_listed_and_takes_nothing() {
    let kit = kit();
    kit.admit(&[1]);
    kit.store.archive_reel(&kit.reel.id, true).unwrap();
    assert_eq!(kit.store.reel_rows(false).unwrap(), []);
    let row = &kit.store.reel_rows(true).unwrap()[0];
    assert_eq!((row.takes, row.unsettled), (1, 1));
    let name = kit.reel.name.clone();
    assert_eq!(
        kit.store.admit(&kit.admission(&[2])),
        Err(StoreError::ReelArchived(name))
    );
    kit.store.archive_reel(&kit.reel.id, false).unwrap();
    assert_eq!(kit.admit(&[2]).len(), 1);
}

#[test]
fn a_reel_is_renamed_unless_another_has_the_name() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    assert_eq!(
        kit.store.rename_reel(&other.id, &kit.reel.name),
        Err(StoreError::ReelExists(kit.reel.name.clone()))
    );
    kit.store.rename_reel(&other.id, "night").unwrap();
    let renamed = kit.store.reel_named("night").unwrap().unwrap();
    assert_eq!((renamed.id, renamed.folder), (other.id, other.folder));
    assert_eq!(kit.store.reel_named("other").unwrap(), None);
}

#[test]
fn snippets_belong_to_their_reel_and_an_empty_one_is_removed() {
    let kit = kit();
    kit.store.set_snippet(&kit.reel.id, "look", "grainy").unwrap();
    let other = kit.store.reel("other").unwrap();
    assert!(kit.store.snippets(&other.id).unwrap().is_empty());
    assert_eq!(kit.store.snippets(&kit.reel.id).unwrap()["look"], "grainy");
    kit.store.set_snippet(&kit.reel.id, "rain", "heavy").unwrap();
    assert_eq!(
        kit.store.rename_snippet(&kit.reel.id, "rain", "look"),
        Err(StoreError::SnippetExists("look".to_owned()))
    );
    kit.store.rename_snippet(&kit.reel.id, "rain", "storm").unwrap();
    kit.store.set_snippet(&kit.reel.id, "storm", "").unwrap();
    kit.store.set_snippet(&kit.reel.id, "look", "").unwrap();
    assert!(kit.store.snippets(&kit.reel.id).unwrap().is_empty());
}

#[test]
fn the_folded_log_has_one_place_for_each_sweep_and_loads_only_what_is_open() {
    let kit = kit();
    let (a, first, b, second) = (
        kit.admit(&[1])[0],
        kit.admit(&[7, 8]),
        kit.admit(&[2])[0],
        kit.admit(&[9, 10, 11]),
    );
    let other = kit.store.reel("other").unwrap();
    kit.store.admit(&admission(&other.id, &[5])).unwrap();
    let (reel, number) = (&kit.reel.id, |id| kit.store.take(id).unwrap().sweep.unwrap());
    let (first_number, second_number) = (number(first[0]), number(second[0]));
    let open = std::collections::BTreeSet::from([first_number]);
    let page = |offset, limit| {
        let groups = kit.store.groups(reel, &open, offset, limit).unwrap();
        let group = |group: &rushes::store::Group| {
            let takes: Vec<_> = group.takes.iter().map(|take| take.id).collect();
            (group.sweep.as_ref().map(|row| row.sweep.number), takes)
        };
        groups.iter().map(group).collect::<Vec<_>>()
    };
    let all = [
        (Some(second_number), vec![]),
        (None, vec![b]),
        (Some(first_number), vec![first[1], first[0]]),
        (None, vec![a]),
    ];
    assert_eq!(page(0, 9), all);
    assert_eq!(page(1, 2), all[1..3]);
    assert_eq!(kit.store.count_groups(reel).unwrap(), 4);
    let places = [second[1], b, first[0], a].map(|id| kit.store.group_of(reel, id).unwrap());
    assert_eq!(places, [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(kit.store.group_of_sweep(reel, first_number).unwrap(), Some(2));
    assert_eq!(kit.store.group_of(&other.id, a).unwrap(), None);
    // Its members are known even while it is folded.
    let folded = &kit.store.groups(reel, &open, 0, 1).unwrap()[0];
    let members: Vec<_> = folded
        .sweep
        .as_ref()
        .unwrap()
        .members
        .iter()
        .map(|member| member.id)
        .collect();
    assert_eq!(members, second);
}

#[test]
fn sweeps_are_found_by_their_takes() {
    let kit = kit();
    let (first, second) = (kit.admit(&[7, 8]), kit.admit(&[9, 10]));
    kit.store.set_tags(first[1], &["hero".to_owned()]).unwrap();
    let found = |words: &str| {
        let filter = Filter::parse(words).unwrap().in_reel(&kit.reel.id);
        let rows = kit.store.sweeps_with(&filter, 0, 9).unwrap();
        rows.iter().map(|row| row.sweep.number).collect::<Vec<_>>()
    };
    let number = |id| kit.store.take(id).unwrap().sweep.unwrap();
    assert_eq!(found(""), [number(second[0]), number(first[0])]);
    assert_eq!(found("tag:hero"), [number(first[0])]);
    assert_eq!(
        found(&format!("sweep:{}", number(second[0]))),
        [number(second[0])]
    );
    assert!(found("tag:villain").is_empty());
}
