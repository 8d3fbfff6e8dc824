//! The filter of the log: what every term selects, and that no line makes SQL fail or shows more than was meant.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use rushes::model::filter::{KEYS, Query};
use rushes::model::{Backend, FailureKind, Resolution, TakeId, TakeState, Usd, Verdict};
use rushes::store::{Facts, Filter, Order, OrderBy};

use crate::test_store::*;

const NEWEST_FIRST: Order = Order::newest_first(OrderBy::Number);

fn shown(kit: &Kit, line: &str) -> Vec<TakeId> {
    let filter = Filter::parse(line).unwrap();
    let takes = kit.store.takes(&filter, 0, 100).unwrap();
    assert_eq!(kit.store.count(&filter).unwrap(), takes.len() as u64, "{line}");
    let of_reel = kit
        .store
        .takes(&filter.clone().in_reel(&kit.reel.id), 0, 100)
        .unwrap();
    assert_eq!(of_reel, takes, "{line}");
    takes.iter().map(|take| take.id).collect()
}

#[test]
fn every_term_of_a_filter_holds() {
    let kit = kit();
    let saved = kit.take_in(TakeState::Saved).id;
    let refused = kit.take_in(TakeState::Refused).id;
    let mut final_take = kit.admission(&[]);
    final_take.form.resolution = Resolution::P720;
    final_take.form.model = "seedance-2.0-fast".parse().unwrap();
    final_take.form.prompt = "100% wool, under_score and back\\slash. ÉTÉ.".into();
    ask_for(&mut final_take, &[42, 43]);
    let [a, b] = kit.store.admit(&final_take).unwrap()[..] else {
        panic!("two takes were asked for")
    };
    kit.store.set_verdict(b, Verdict::Circled).unwrap();
    kit.store.set_note(saved, "The Look at 0:03").unwrap();
    let failure = Facts {
        error: Some("Output audio refused".into()),
        error_kind: Some(FailureKind::OutputAudio),
        ..Facts::default()
    };
    kit.store.learn(refused, &failure).unwrap();
    for (line, expected) in [
        ("", &[b, a, refused, saved][..]),
        ("seed:42", &[a]),
        ("SEED:42", &[a]),
        ("state:saved", &[saved]),
        ("failed", &[refused]),
        ("res:720p", &[b, a]),
        ("720p", &[b, a]),
        ("480p state:saved", &[saved]),
        ("verdict:circled", &[b]),
        ("sweep:1", &[b, a]),
        ("model:fast", &[b, a]),
        ("model:2.0", &[refused, saved]),
        ("model:seedance-2.0-fast seed:43", &[b]),
        ("backend:sandbox", &[b, a, refused, saved]),
        ("backend:live", &[]),
        ("take:1", &[saved]),
        ("id:2", &[refused]),
        ("KITE", &[refused, saved]),
        ("kite bay seed:7", &[refused, saved]),
        ("kite wool", &[]),
        ("\"look is\"", &[]),
        ("\"state:saved\"", &[]),
        ("\"\" seed:43", &[b]),
        ("\"kite", &[refused, saved]),
        ("audio", &[refused]),
        ("look 0:03", &[saved]),
        ("100%", &[b, a]),
        ("1%0", &[]),
        ("under_score", &[b, a]),
        ("under_s_ore", &[]),
        ("back\\slash", &[b, a]),
        ("ÉTÉ", &[b, a]),
        ("' OR 1=1 --", &[]),
    ] {
        assert_eq!(shown(&kit, line), expected, "{line:?}");
    }
}

/// A store with takes of different kinds, by name.
struct Mixed {
    kit: Kit,
    circled: TakeId,
    rejected: TakeId,
    refused: TakeId,
    waiting: TakeId,
    chinese: TakeId,
}

fn mixed() -> Mixed {
    let kit = kit();
    let of = |seed: u32, prompt: &str, resolution: Resolution| {
        let mut admission = kit.admission(&[]);
        admission.form.prompt = prompt.into();
        admission.form.resolution = resolution;
        ask_for(&mut admission, &[seed]);
        kit.store.admit(&admission).unwrap()[0]
    };
    let finish = |id: TakeId, seconds: i64| {
        let id = kit.walk(id, TakeState::Rendered);
        kit.pass(seconds);
        kit.step(id, TakeState::Saved);
        id
    };
    let circled = finish(
        of(13_896_165, "A red kite over a 100% grey beach.", Resolution::P480),
        90,
    );
    kit.store.set_verdict(circled, Verdict::Circled).unwrap();
    kit.store.set_note(circled, "her look at 0:03 is right").unwrap();
    kit.store
        .set_tags(circled, &["hero".into(), "b roll".into()])
        .unwrap();
    kit.pass(24 * 3600);
    let rejected = finish(
        of(42, "under_score and \"quotes\" and back\\slash", Resolution::P720),
        200,
    );
    kit.store.set_verdict(rejected, Verdict::Rejected).unwrap();
    let refused = kit.walk(of(7, "Saved by the bell.", Resolution::P480), TakeState::Refused);
    let failure = Facts {
        error: Some("the words were not liked".into()),
        error_kind: Some(FailureKind::OutputAudio),
        ..Facts::default()
    };
    kit.store.learn(refused, &failure).unwrap();
    let waiting = of(99, "A lighthouse.", Resolution::P480);
    kit.store.pause(waiting, true).unwrap();
    let chinese = of(100, "镜头一：夜晚的霓虹街道。", Resolution::P480);
    Mixed {
        kit,
        circled,
        rejected,
        refused,
        waiting,
        chinese,
    }
}

#[test]
fn a_word_finds_what_the_row_shows_and_what_was_written() {
    let Mixed {
        kit,
        circled,
        rejected,
        refused,
        waiting,
        chinese,
    } = mixed();
    for (line, expected) in [
        ("saved", &[refused, rejected, circled][..]),
        ("SAV", &[refused, rejected, circled]),
        ("state:saved", &[rejected, circled]),
        ("\"saved\"", &[refused]),
        ("circled", &[circled]),
        ("rejected", &[rejected]),
        ("13896165", &[circled]),
        ("s13896165", &[circled]),
        ("1389", &[circled]),
        ("720p", &[rejected]),
        ("paused", &[waiting]),
        ("failed", &[refused]),
        ("moderation", &[refused]),
        ("liked", &[refused]),
        ("hero", &[circled]),
        ("roll", &[circled]),
        ("v1", &[circled]),
        ("0:03", &[circled]),
        ("霓虹街", &[chinese]),
        ("霓虹", &[chinese]),
        ("夜", &[chinese]),
        ("雨", &[]),
        ("ki", &[circled]),
        ("%", &[circled]),
        ("100%", &[circled]),
        ("_", &[rejected]),
        ("r_s", &[rejected]),
        ("rxs", &[]),
        ("\\", &[rejected]),
        ("k\\s", &[rejected]),
        ("\"quotes\" and", &[rejected]),
        ("and\" \"qu", &[]),
        ("kite OR lighthouse", &[]),
        ("kite NOT beach", &[]),
        ("kit*", &[]),
        ("NEAR(red kite)", &[]),
        ("kite red beach", &[circled]),
    ] {
        assert_eq!(shown(&kit, line), expected, "{line}");
    }
}

/// One line for each key of the table, with the takes that it shows.
#[test]
fn every_key_selects_by_what_it_names() {
    let Mixed {
        kit,
        circled,
        rejected,
        refused,
        waiting,
        chinese,
    } = mixed();
    let all = [chinese, waiting, refused, rejected, circled];
    let other = kit.store.reel("night shift").unwrap();
    let elsewhere = kit.store.admit(&admission(&other.id, &[5])).unwrap()[0];
    let cases = [
        ("state:paused", &[waiting][..]),
        ("state:waiting", &[elsewhere, chinese, waiting]),
        ("verdict:circled", &[circled]),
        ("take:2", &[rejected]),
        ("seed:42", &[rejected]),
        ("seed:>1000", &[circled]),
        ("sweep:1", &[]),
        ("rev:2", &[rejected]),
        ("res:720p", &[rejected]),
        (
            "dur:10",
            &[elsewhere, chinese, waiting, refused, rejected, circled],
        ),
        ("dur:<10", &[]),
        (
            "model:2.0",
            &[elsewhere, chinese, waiting, refused, rejected, circled],
        ),
        ("backend:live", &[]),
        ("tag:HERO", &[circled]),
        ("tag:\"b roll\"", &[circled]),
        ("tag:her", &[]),
        (
            "cost:0",
            &[elsewhere, chinese, waiting, refused, rejected, circled],
        ),
        ("cost:>0.5", &[]),
        ("time:>120", &[rejected]),
        ("time:<=120", &[refused, circled]),
        ("error:\"output audio\"", &[refused]),
        ("error:liked", &[refused]),
        ("error:kite", &[]),
        ("reel:NIGHT", &[elsewhere]),
        ("reel:%", &[]),
        (
            "day:>2000-01-01",
            &[elsewhere, chinese, waiting, refused, rejected, circled],
        ),
        // Drafts have tests of their own.
        ("is:finishable", &[]),
    ];
    for key in &KEYS {
        let prefix = format!("{}:", key.name);
        assert!(
            cases.iter().any(|(line, _)| line.starts_with(&prefix)),
            "{}",
            key.name
        );
    }
    for (line, expected) in cases {
        let filter = Filter::parse(line).unwrap();
        let takes = kit.store.takes(&filter, 0, 100).unwrap();
        let ids: Vec<TakeId> = takes.iter().map(|take| take.id).collect();
        assert_eq!(ids, expected, "{line}");
        let in_reel = kit.store.count(&filter.in_reel(&kit.reel.id)).unwrap();
        let here = expected.iter().filter(|id| all.contains(id)).count() as u64;
        let is_of_reels = line.starts_with("reel:");
        assert_eq!(
            in_reel,
            if is_of_reels { expected.len() as u64 } else { here },
            "{line}"
        );
    }
}

#[test]
fn days_are_those_on_which_takes_were_sent() {
    let Mixed { kit, circled, .. } = mixed();
    let count = |line: &str| {
        let filter = Filter::parse(line).unwrap().in_zone(TimeZone::UTC);
        kit.store.count(&filter).unwrap()
    };
    let first = start().to_zoned(TimeZone::UTC).date();
    let second = first.tomorrow().unwrap();
    assert_eq!((count("yesterday"), count("today")), (1, 4));
    assert_eq!(
        (count(&format!("day:{first}")), count(&format!("day:{second}"))),
        (1, 4)
    );
    let month_and_day = first.strftime("%m-%d").to_string();
    let filter = Filter::parse(&month_and_day).unwrap().in_zone(TimeZone::UTC);
    assert_eq!(kit.store.takes(&filter, 0, 9).unwrap()[0].id, circled);
}

/// A bill counts, else the estimate of what may still cost; nothing costs in the sandbox.
#[test]
fn costs_are_those_that_the_row_shows() {
    let kit = kit();
    let live = |seed: u32| {
        let mut admission = kit.admission(&[]);
        admission.backend = Backend::Live;
        ask_for(&mut admission, &[seed]);
        kit.store.admit(&admission).unwrap()[0]
    };
    let (billed, sent, waits) = (live(1), live(2), live(3));
    let billed = kit.walk(billed, TakeState::Saved);
    let sent = kit.walk(sent, TakeState::Accepted);
    let bill = Facts {
        cost: Some(Usd::from_micros(703_080)),
        ..Facts::default()
    };
    kit.store.learn(billed, &bill).unwrap();
    let ids = |line: &str| shown(&kit, line);
    assert_eq!(ids("cost:0.70"), [billed]);
    assert_eq!(ids("cost:0.1"), [sent], "its estimate is a dime");
    assert_eq!(ids("cost:<1"), [sent, billed], "take {waits} costs nothing yet");
}

/// What is derived from takes and events follows every change of them.
#[test]
fn the_log_follows_every_change() {
    let Mixed { kit, circled, .. } = mixed();
    let find = |line: &str| shown(&kit, line);
    kit.store.set_note(circled, "").unwrap();
    assert_eq!(find("look"), []);
    kit.store.set_note(circled, "a darker one").unwrap();
    assert_eq!(find("darker"), [circled]);
    kit.store.set_verdict(circled, Verdict::None).unwrap();
    assert_eq!(find("verdict:circled"), []);
    kit.store.set_tags(circled, &[]).unwrap();
    assert_eq!((find("hero"), find("tag:hero")), (vec![], vec![]));
    let raw = rusqlite::Connection::open(kit.store.path()).unwrap();
    raw.execute(
        "UPDATE events SET at = at - 1000000 WHERE take_id = ?1 AND to_state = 'submitting'",
        [circled.0],
    )
    .unwrap();
    assert_eq!(kit.store.take(circled).unwrap().took_ms(), Some(1_090_000));
    assert_eq!(find("time:1090"), [circled]);
    raw.execute(
        "UPDATE takes SET prompt = 'A balloon.' WHERE id = ?1",
        [circled.0],
    )
    .unwrap();
    assert_eq!((find("balloon"), find("beach")), (vec![circled], vec![]));
    let count = |table: &str| {
        raw.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap()
    };
    let before = (count("takes"), count("log"));
    assert_eq!(before.0, before.1);
    kit.store.recovery().mend_rows(&|_| None).unwrap();
    assert_eq!(find("balloon"), [circled], "made again");
    raw.execute_batch("DELETE FROM events; DELETE FROM exchanges; DELETE FROM takes;")
        .unwrap();
    assert_eq!((count("log"), count("remarks")), (0, 0));
}

#[test]
fn the_page_is_around_the_take_that_is_followed() {
    let kit = kit();
    let ids: Vec<TakeId> = (0..30).flat_map(|seed| kit.admit(&[seed])).collect();
    let filter = Filter::parse("dur:10").unwrap().in_reel(&kit.reel.id);
    let page = |follow: Option<TakeId>, offset: u64| {
        let page = kit
            .store
            .filtered_page(&filter, NEWEST_FIRST, follow, offset, 10)
            .unwrap();
        assert_eq!(page.count, 30);
        let same = kit.store.takes(&filter, page.offset, 10).unwrap();
        assert_eq!(page.takes, same, "{follow:?} {offset}");
        page.offset
    };
    assert_eq!((page(None, 0), page(None, 25)), (0, 25));
    // The newest take is the first row.
    for (row, id) in ids.iter().rev().enumerate() {
        let offset = page(Some(*id), 3);
        assert_eq!(offset, (row as u64).saturating_sub(5));
    }
    assert_eq!(page(Some(TakeId(999)), 3), 3);
    let older = kit.store.takes_before(&filter, ids[3], 2).unwrap();
    assert_eq!(
        older.iter().map(|take| take.id).collect::<Vec<_>>(),
        [ids[2], ids[1]]
    );
}

/// The longest lines that are taken are also ones that SQL takes.
#[test]
fn the_longest_filter_can_be_run() {
    let kit = kit();
    kit.admit(&[1]);
    assert_eq!(shown(&kit, &"a ".repeat(250)), [TakeId(1)]);
    let different: String = (0..250)
        .map(|n| format!("{} ", char::from_u32(0x4e00 + n).unwrap()))
        .collect();
    assert_eq!(shown(&kit, &different), []);
    assert_eq!(shown(&kit, &"镜".repeat(500)), []);
    assert_eq!(shown(&kit, &"%".repeat(500)), []);
}

#[test]
fn a_line_with_a_mistake_shows_nothing() {
    let Mixed { kit, .. } = mixed();
    for line in [
        "has:circled",
        "kite state:",
        "seed:x",
        "cost:>",
        "day:soon",
        "colour:",
    ] {
        assert!(Query::read(line).is_err(), "{line}");
        let filter = Filter::of_line(line).in_reel(&kit.reel.id);
        assert_eq!(kit.store.count(&filter).unwrap(), 0, "{line}");
    }
}

fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
    let keyed = (
        key,
        "(>|>=|<|<=|=)?([0-9]{0,20}(\\.\\.)?[0-9]{0,4}|\\PC{0,6}|\"[^\"]{0,6}\"|today|saved)",
    )
        .prop_map(|(key, value)| format!("{key}:{value}"));
    let piece = prop_oneof![
        3 => "\\PC{0,6}",
        2 => any::<String>(),
        2 => "[%_\\\\'\"*^():+-]{1,4}",
        1 => "(AND|OR|NOT|NEAR|note|rowid|镜头|夜|0:03|11-24|s42|480p|failed|today)",
        4 => keyed,
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.join(" "))
}

#[test]
fn no_text_makes_sql_fail_and_more_words_never_show_more() {
    let Mixed { kit, .. } = mixed();
    proptest!(ProptestConfig::with_cases(512), |(first in line(), second in line())| {
        let count = |line: &str| {
            let filter = Filter::of_line(line).in_reel(&kit.reel.id);
            let page = kit.store.filtered_page(&filter, NEWEST_FIRST, Some(TakeId(2)), 0, 9).unwrap();
            prop_assert_eq!(page.count, kit.store.count(&filter).unwrap());
            prop_assert_eq!(page.count, page.takes.len() as u64);
            Ok(page.count)
        };
        let (one, both) = (count(&first)?, count(&format!("{first} {second}"))?);
        // An open quote takes in what follows, and a reel widens what is looked at.
        if !first.contains('"') && !format!("{first} {second}").to_lowercase().contains("reel:") {
            prop_assert!(both <= one, "{:?} {:?}", first, second);
        }
    });
}

/// The reference in the documents is made from the table of keys.
#[test]
fn the_documents_have_the_table_of_keys() {
    let table = rushes::model::filter::reference();
    let documents = include_str!("../../docs/keys.md");
    assert!(documents.contains(&table), "docs/keys.md must contain:\n{table}");
}
