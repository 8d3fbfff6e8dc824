//! What can only be seen from inside: query plans, work done per query, a full disk.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, StatementStatus};

use super::ledger::Which;
use super::log::{derived, folded, pages};
use super::numbers::{estimates, failures, groups, waits};
use super::queue::{claim, content, leases, next, on_hold, rate_limits, repeats};
use super::takes::{chain, drift, facts, insert, lessons, lookup, read, remark, waits as expected_waits};
use super::*;
use crate::model::clock::ManualClock;
use crate::model::{Backend, Form, Model, Seed, Usd};

const TAKES: u64 = 100_000;
/// The takes of a day.
const DAY: Which<'_> = Which::Since(jiff::Timestamp::UNIX_EPOCH);

struct Full {
    _folder: tempfile::TempDir,
    store: Store,
    reel: Reel,
}

fn open() -> Full {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at("2026-11-22T12:00:00Z".parse().unwrap()));
    let store = Store::open(&folder.path().join("rushes.db"), clock).unwrap();
    let reel = store.reel("neon").unwrap();
    Full {
        _folder: folder,
        store,
        reel,
    }
}

fn admission(reel: &Reel, prompt: &str) -> Admission {
    let form = Form {
        prompt: prompt.to_owned(),
        ..Form::default()
    };
    Admission::of(
        &reel.id,
        Backend::Live,
        form,
        [Seed::new(7).unwrap()],
        Usd::from_micros(703_080),
        Usd::from_micros(703_080),
    )
}

/// A hundred thousand takes over two years, saved but for the last hundred, which wait.
fn full_store() -> Full {
    let full = open();
    let id = full.store.admit(&admission(&full.reel, "A kite.")).unwrap()[0];
    let connection = full.store.lock();
    without_triggers(&connection, |connection| connection.execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {TAKES})
             INSERT INTO takes (id, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed,
                                prompt, draft_version, state, position,
                                estimate, body)
             SELECT i, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt,
                    draft_version,
                    iif(i > {TAKES} - 100, 'waiting', 'saved'), i, estimate, body
             FROM n, takes WHERE id = {id};
             UPDATE takes SET state = 'saved' WHERE id = {id};
             INSERT INTO events (take_id, at, from_state, to_state, detail)
             SELECT id, 1730000000000 + 630000 * id, NULL, 'waiting', '' FROM takes;
             INSERT INTO events (take_id, at, from_state, to_state, detail)
             SELECT id, 1730000000001 + 630000 * id, 'waiting', 'submitting', '' FROM takes
             WHERE state = 'saved';
             INSERT INTO events (take_id, at, from_state, to_state, detail)
             SELECT id, 1730000090000 + 630000 * id, 'rendered', 'saved', '' FROM takes WHERE state = 'saved';
             UPDATE takes SET sample_ms = 89999 WHERE state = 'saved';
             COMMIT;"
        )))
        .unwrap();
    drop(connection);
    full
}

/// What the triggers would do for each row is done for all of them at the end.
fn without_triggers(
    connection: &Connection,
    fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let triggers: Vec<(String, String)> = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('takes', 'events')",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (name, _) in &triggers {
        connection.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    fill(connection)?;
    derived::rebuild(connection)?;
    triggers
        .iter()
        .try_for_each(|(_, sql)| connection.execute_batch(sql))
}

/// The steps of the plan, joined.
fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=statement.parameter_count() {
        statement
            .raw_bind_parameter(parameter, rusqlite::types::Null)
            .unwrap();
    }
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>("detail").unwrap());
    }
    steps.join("\n")
}

fn condition(filter: &Filter) -> String {
    filter.to_sql(Timestamp::UNIX_EPOCH).sql
}

/// Every query that runs often, by name.
fn hot_queries(reel: &Reel) -> Vec<(&'static str, String)> {
    let page = |filter: Filter| read::select(&pages::page_sql(&condition(&filter)));
    vec![
        ("page of a reel", page(Filter::of_reel(&reel.id))),
        (
            "page of a reel, filtered",
            page(
                Filter::parse("seed:7 state:saved res:480p")
                    .unwrap()
                    .in_reel(&reel.id),
            ),
        ),
        ("takes of a reel", pages::COUNT_OF_REEL.to_owned()),
        ("folded log", folded::GROUPS.to_owned()),
        ("folded log: place", folded::COUNT_AFTER.to_owned()),
        ("prompt of the revision before", pages::PROMPT_BEFORE.to_owned()),
        ("takes of a sweep", sweeps::MEMBERS.to_owned()),
        ("queue", read::select(&content::unsettled_tail())),
        ("claim: whose turn", next::IN_ORDER.to_owned()),
        ("claim: in flight", claim::in_flight_sql()),
        ("claim: late finals", claim::LATE_FINALS.to_owned()),
        ("claim: window", rate_limits::SENT_IN_WINDOW.to_owned()),
        ("committed", ledger::committed_sql(DAY)),
        (
            "committed by a session",
            ledger::committed_sql(Which::Session("")),
        ),
        ("committed in a reel", ledger::committed_sql(Which::Reel(""))),
        ("committed in a sweep", ledger::committed_sql(Which::Sweep(None))),
        ("lost since", ledger::lost_sql(DAY)),
        ("waiting money", ledger::waiting_sql(DAY)),
        ("waiting money of a reel", ledger::waiting_sql(Which::Reel(""))),
        ("billed in a session", ledger::BILLED.to_owned()),
        ("bills of a model", lessons::BILLS.to_owned()),
        ("newest bills of a model", drift::NEWEST_BILLS.to_owned()),
        ("samples", expected_waits::SAMPLES.to_owned()),
        ("take over", leases::take_over_sql()),
        ("anything to take over", leases::any_free_sql()),
        ("next lease end", leases::next_end_sql()),
        (
            "renew",
            "UPDATE takes SET lease_until = 1 WHERE owner = ?1".to_owned(),
        ),
        ("next sweep", sweeps::NEXT_NUMBER.to_owned()),
        ("next place", insert::next_place_sql()),
        ("take", read::select("WHERE t.id = ?1")),
        ("other take of a request", facts::OTHER_OF_REQUEST.to_owned()),
        ("take of a request", lookup::OF_REQUEST.to_owned()),
        ("waiting siblings", read::select(on_hold::SIBLINGS)),
        ("refusals of a prompt", read::select(&on_hold::refusals_tail())),
        ("repeat of a take", repeats::REPEAT_OF.to_owned()),
        ("on hold", read::select(on_hold::ON_HOLD)),
        ("accepted after", lookup::ACCEPTED_AFTER.to_owned()),
        ("nameless since", read::select(&lookup::nameless_tail())),
        ("twin being sent", lookup::TWIN_BEING_SENT.to_owned()),
        ("take of a video", lookup::OF_SHA256.to_owned()),
        ("take of a file", recovery::numbers::OF_FILE.to_owned()),
        ("take of a last frame", lookup::OF_LAST_FRAME.to_owned()),
    ]
}

/// Chains, children and bins are read by numbers that the query has itself: only those are walked.
#[test]
fn no_look_up_walks_the_takes() {
    let full = open();
    let connection = full.store.lock();
    for (name, sql) in [
        ("takes in chains", chain::IN_CHAINS.to_owned()),
        ("chain", chain::chain()),
        ("children", lookup::children_sql()),
        ("what the bins hold", read::select(remark::REJECTED)),
        ("what belongs into the bins", remark::BIN_CANDIDATES.to_owned()),
    ] {
        let plan = plan(&connection, &sql);
        let walked = plan.lines().filter(|step| step.trim_start().starts_with("SCAN"));
        let of_takes = walked.filter(|step| {
            let own = ["SCAN before", "SCAN after", "SCAN json_each", "SCAN CONSTANT ROW"];
            // A partial index has no other takes than those that are wanted.
            let parts = ["INDEX takes_rejected", "INDEX takes_binned"];
            !own.iter().any(|own| step.contains(own)) && !parts.iter().any(|part| step.contains(part))
        });
        assert_eq!(of_takes.count(), 0, "{name}:\n{plan}");
    }
}

#[test]
fn every_frequent_query_is_an_index_look_up() {
    let full = open();
    let connection = full.store.lock();
    for (name, sql) in hot_queries(&full.reel) {
        let plan = plan(&connection, &sql);
        assert!(plan.contains("SEARCH"), "{name}:\n{plan}");
        // A query of numbers alone reads no table itself.
        let scans = plan.replace("SCAN CONSTANT ROW", "");
        assert!(!scans.contains("SCAN"), "{name}:\n{plan}");
        // Only the queue is sorted: by the few takes that are not settled.
        let sorts = plan.contains("TEMP B-TREE");
        assert_eq!(sorts, name == "queue", "{name}:\n{plan}");
    }
    // Without a reel the log is walked from its newest end.
    let all = plan(
        &connection,
        &read::select(&pages::page_sql(&condition(&Filter::all()))),
    );
    assert!(
        all.contains("SCAN takes") && !all.contains("TEMP B-TREE"),
        "{all}"
    );
}

/// Every kind of term goes through the narrow rows of its reel and through nothing else: no request is read.
#[test]
fn no_filter_walks_the_takes() {
    let full = open();
    let connection = full.store.lock();
    let examples = crate::model::filter::KEYS.iter().flat_map(|key| key.examples);
    let words = [
        "kite",
        "ki",
        "saved",
        "42",
        "\"night drive\"",
        "today",
        "a b saved tag:hero",
    ];
    for line in words.iter().chain(examples) {
        let filter = Filter::parse(line).unwrap().in_reel(&full.reel.id);
        let sql = condition(&filter);
        for query in [
            pages::numbers_sql(&sql, Order::newest_first(OrderBy::Number)),
            format!("SELECT count(*) {sql}"),
            read::select(&pages::page_sql(&sql)),
        ] {
            let plan = plan(&connection, &query);
            let walks = plan
                .lines()
                .map(|step| step.trim_start_matches(['|', '-', '`', ' ']));
            let walks: Vec<&str> = walks.filter(|step| step.starts_with("SCAN")).collect();
            let narrow = |step: &&&str| {
                // The few that the index selected, or the texts of which there are few.
                let of_texts = [
                    "SCAN prompts_text VIRTUAL",
                    "SCAN remarks VIRTUAL",
                    "SCAN json_each",
                ];
                let few = [
                    "SCAN takes USING COVERING INDEX takes_tagged",
                    "SCAN prompts",
                    "SCAN reels",
                ];
                let is_short = line.split(' ').any(|word| word.len() < 3);
                let is_log = **step == "SCAN log" && line.starts_with("reel:");
                of_texts.iter().any(|start| step.starts_with(start))
                    || few
                        .iter()
                        .any(|known| *step == known && (*known != "SCAN prompts" || is_short))
                    || is_log
            };
            assert_eq!(
                walks.iter().filter(|step| !narrow(step)).count(),
                0,
                "{line}: {query}\n{plan}"
            );
            let is_reel = line.starts_with("reel:");
            assert!(
                is_reel || plan.contains("SEARCH log USING PRIMARY KEY (reel_id=?"),
                "{line}:\n{plan}"
            );
            assert!(
                is_reel || !plan.contains("TEMP B-TREE FOR ORDER"),
                "{line}:\n{plan}"
            );
        }
    }
}

/// SQLite counts the instructions that a query runs: with a hundred thousand takes the first page, the queue, the
/// claim and the samples run a few thousand, not millions.
#[test]
fn the_work_of_frequent_queries_does_not_grow_with_the_log() {
    let full = full_store();
    let connection = full.store.lock();
    let instructions = |name: &str, sql: &str, params: &[&dyn rusqlite::ToSql]| {
        let mut statement = connection.prepare(sql).unwrap();
        let mut rows = statement.query(params).unwrap();
        let mut count = 0;
        while rows.next().unwrap().is_some() {
            count += 1;
        }
        drop(rows);
        let ran = statement.get_status(StatementStatus::VmStep);
        assert!(ran < 40_000, "{name}: {ran} instructions for {count} rows");
        count
    };
    let page = |filter: &Filter| read::select(&pages::page_sql(&condition(filter)));
    let reel = &full.reel.id;
    assert_eq!(
        instructions("page", &page(&Filter::of_reel(reel)), &[reel, &50, &0]),
        50
    );
    assert_eq!(instructions("log", &page(&Filter::all()), &[&50, &0]), 50);
    assert_eq!(
        instructions("queue", &read::select(&content::unsettled_tail()), &[reel]),
        100
    );
    assert_eq!(instructions("in flight", &claim::in_flight_sql(), &[&"live"]), 1);
    let today = 1_730_000_000_000_i64 + 630_000 * 99_800;
    assert_eq!(
        instructions("committed", &ledger::committed_sql(DAY), &[&"live", &today]),
        1
    );
    let model: [&dyn rusqlite::ToSql; 3] = [&"live", &"seedance-2.0", &200];
    assert_eq!(instructions("samples", expected_waits::SAMPLES, &model), 200);
    assert_eq!(
        instructions(
            "take over",
            &leases::take_over_sql(),
            &[&"me", &"live", &1, &1, &"key", &1]
        ),
        0
    );
}

/// Every take is added up, but from one index, which holds no requests. Only days look the events up, by their index. The
/// waits are those of the newest takes.
#[test]
fn the_numbers_are_added_up_from_one_index() {
    let full = full_store();
    let connection = full.store.lock();
    let sums = By::ALL.map(|by| (by.word(), groups::sql(by)));
    let others = [
        ("failures", failures::sql()),
        ("estimates", estimates::SQL.to_owned()),
    ];
    for (name, sql) in sums.into_iter().chain(others) {
        let plan = plan(&connection, &sql);
        assert!(
            plan.contains("takes USING COVERING INDEX takes_numbers"),
            "{name}:\n{plan}"
        );
        let mut takes = plan.lines().filter(|step| step.contains(" takes "));
        let is_in_index = |step: &str| step.contains("USING COVERING INDEX takes_numbers");
        assert!(takes.all(is_in_index), "{name}:\n{plan}");
        let mut events = plan.lines().filter(|step| step.contains("events"));
        let are_looked_up = |step: &str| step.contains("USING COVERING INDEX events_of_take");
        assert!(events.all(are_looked_up), "{name}:\n{plan}");
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.query(("live", None::<&str>)).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        let for_each_take = u64::try_from(statement.get_status(StatementStatus::VmStep)).unwrap() / TAKES;
        assert!(
            for_each_take < 300,
            "{name}: {for_each_take} instructions for each take"
        );
    }
    let plan = plan(&connection, &waits::sql());
    assert!(
        plan.contains("SEARCH takes USING INDEX takes_saved") && !plan.contains("TEMP B-TREE"),
        "{plan}"
    );
}

#[test]
fn a_hundred_thousand_takes_are_counted_paged_and_sampled() {
    let full = full_store();
    let store = &full.store;
    let all = Filter::of_reel(&full.reel.id);
    assert_eq!(store.count(&all).unwrap(), TAKES);
    let last = store.takes(&all, TAKES - 3, 50).unwrap();
    assert_eq!(last.iter().map(|take| take.id.0).collect::<Vec<_>>(), [3, 2, 1]);
    let samples = store.samples(Backend::Live, Model::default()).unwrap();
    assert_eq!(samples.len(), 200);
    assert!(samples.iter().all(|sample| sample.ms == 89_999));
}

/// The store's own limit on its size makes the same error as a full disk.
#[test]
fn a_full_disk_is_said_and_nothing_is_half_written() {
    let full = open();
    let pages: i64 = full
        .store
        .lock()
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    full.store
        .lock()
        .pragma_update_and_check(None, "max_page_count", pages + 1, |_| Ok(()))
        .unwrap();
    let path = full.store.path().to_owned();
    let long = admission(&full.reel, &"A kite. ".repeat(10_000));
    assert_eq!(full.store.admit(&long), Err(StoreError::DiskFull(path)));
    assert_eq!(full.store.count(&Filter::all()).unwrap(), 0);
    assert_eq!(full.store.forms(&full.reel.id).latest().unwrap(), None);

    full.store
        .lock()
        .pragma_update_and_check(None, "max_page_count", pages + 1000, |_| Ok(()))
        .unwrap();
    assert_eq!(full.store.admit(&long).unwrap().len(), 1);
}

#[test]
fn the_connection_is_as_careful_as_money_asks() {
    let full = open();
    let connection = full.store.lock();
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!((number("synchronous"), number("foreign_keys")), (2, 1));
    assert_eq!(number("busy_timeout"), 10_000);
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    let orphan = "INSERT INTO events (take_id, at, to_state, detail) VALUES (99, 0, 'waiting', '')";
    assert!(connection.execute(orphan, []).is_err());
}

#[test]
fn a_store_is_sent_between_threads_and_shows_no_more_than_its_path() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let full = open();
    shared(&full.store);
    assert_eq!(
        format!("{:?}", full.store),
        format!("Store({:?})", full.store.path())
    );
}
