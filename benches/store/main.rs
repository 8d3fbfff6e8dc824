//! Measures the database with a hundred thousand takes in it: the log, its filter, `ls`, the start, the upgrade.
//!
//! `cargo bench --bench store` makes an empty home and one with months of work, the same every time, and prints each
//! figure beside its goal. Linux only: memory is read from `/proc`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark that cannot be set up has to stop, and its figures are small"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fill::Home;
use jiff::SignedDuration;
use rushes::model::{Backend, TakeId, TakeState};
use rushes::store::{Claim, Claimed, Facts, Filter, Order, OrderBy};
use terminal::Terminal;

mod fill;
#[path = "../../tests/program/terminal.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod terminal;

const TAKES: u32 = 100_000;
/// What the workbench reads at once.
const PAGE: u64 = 200;
/// Lines that are typed, from the broadest to what nothing matches.
const LINES: [&str; 14] = [
    "k",
    "ki",
    "kite",
    "night drive",
    "convertible rain state:saved",
    "霓虹",
    "风筝灯塔",
    "zeppelin",
    "saved",
    "circled",
    "13896165",
    "tag:hero verdict:circled",
    "cost:>0.5 time:>120",
    "yesterday",
];

fn main() {
    let started = Instant::now();
    let empty = Home::with(0);
    let full = Home::with(TAKES);
    let bytes = fill::database(full.folder.path()).metadata().unwrap().len();
    println!(
        "{TAKES} takes in {} MB, made in {:.0} s; median (worst)",
        bytes / 1_000_000,
        started.elapsed().as_secs_f64()
    );
    pages(&full);
    filter(&full);
    writing(&full);
    list(&full);
    start(&empty, &full);
    upgrade(full);
}

/// Prints a figure in milliseconds beside its goal.
fn print(what: &str, mut times: Vec<Duration>, goal: &str) {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let (median, worst) = (ms(times[times.len() / 2]), ms(times[times.len() - 1]));
    println!("  {what:<44} {median:>8.2} ms ({worst:.2})   {goal}");
}

fn times<T>(runs: usize, mut work: impl FnMut() -> T) -> Vec<Duration> {
    let once = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    (0..runs).map(once).collect()
}

/// The folded log, as the workbench reads it without a filter.
fn pages(home: &Home) {
    let (store, reel) = (&home.store, &*home.reel_id);
    let all = Filter::of_reel(reel);
    let page = |offset: u64, limit: u64| {
        let groups = store.groups(reel, &BTreeSet::new(), offset, limit).unwrap();
        (
            groups,
            store.count_groups(reel).unwrap(),
            store.count(&all).unwrap(),
        )
    };
    print(
        "first page of the log, 50 rows",
        times(50, || page(0, 50)),
        "goal 5 ms",
    );
    print(
        "first page as it is read ahead, 200 rows",
        times(50, || page(0, PAGE)),
        "",
    );
    print(
        "middle page, 50 rows",
        times(50, || page(u64::from(TAKES / SWEEPS_AHEAD), 50)),
        "",
    );
}

/// A sweep has six takes: this is the middle of the log.
const SWEEPS_AHEAD: u32 = 12;

fn filter(home: &Home) {
    let mut worst = Duration::ZERO;
    for line in LINES {
        let filter = Filter::parse(line).unwrap().in_reel(&home.reel_id);
        let order = Order::newest_first(OrderBy::Number);
        let follow = Some(TakeId(i64::from(TAKES / 2)));
        let key = || home.store.filtered_page(&filter, order, follow, 0, PAGE).unwrap();
        let count = key().count;
        let all = times(15, key);
        worst = worst.max(*all.iter().max().unwrap());
        print(
            &format!("a key of the filter: {line}, {count}"),
            all,
            "goal 30 ms",
        );
    }
    println!("  the slowest of all keys {:.1} ms", worst.as_secs_f64() * 1000.0);
}

fn writing(home: &Home) {
    let mut random = fastrand::Rng::with_seed(1);
    let claim = Claim {
        owner: "bench".to_owned(),
        account: "0123456789abcdef".to_owned(),
        backend: Backend::Sandbox,
        limit: u32::MAX,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_mins(1),
    };
    let (mut claims, mut steps) = (Vec::new(), Vec::new());
    for _ in 0..30 {
        fill::admit(home, &mut random);
        let start = Instant::now();
        let claimed = home.store.claim(&claim).unwrap();
        claims.push(start.elapsed());
        let Claimed::Take(take) = claimed else {
            panic!("{claimed:?}")
        };
        let start = Instant::now();
        let refused = home
            .store
            .step("bench", take.id, TakeState::Refused, "", &Facts::default());
        steps.push(start.elapsed());
        refused.unwrap();
    }
    print("claim of a take, durable", claims, "");
    print("step of a take, durable", steps, "");
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushes"));
    command.args(arguments).env("RUSHES_HOME", home).env("HOME", home);
    command
}

/// `rushes ls` as a process.
fn list(home: &Home) {
    let path = home.folder.path();
    let search = |word: &str| {
        let output = command(path, &["ls", word]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    print(
        "rushes ls zeppelin",
        times(9, || search("zeppelin")),
        "goal 100 ms",
    );
    print(
        "rushes ls 风筝灯塔",
        times(9, || search("风筝灯塔")),
        "goal 100 ms",
    );
    print(
        "rushes ls, the last 50",
        times(9, || command(path, &["ls"]).output().unwrap()),
        "",
    );
    let mut child = command(path, &["ls", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (started, mut lines, mut bytes, mut peak) = (Instant::now(), 0_u32, 0, 0);
    let mut output = BufReader::with_capacity(1 << 16, child.stdout.take().unwrap());
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).unwrap() > 0 {
        bytes += line.len();
        line.clear();
        if lines % 1000 == 0 {
            peak = peak.max(peak_kib(child.id()).unwrap_or(0));
        }
        lines += 1;
    }
    let took = started.elapsed();
    assert!(child.wait().unwrap().success());
    println!(
        "  rushes ls --json: {lines} takes, {} MB in {:.2} s: {:.0} takes a second   goal 50,000",
        bytes / 1_000_000,
        took.as_secs_f64(),
        f64::from(lines) / took.as_secs_f64()
    );
    println!(
        "  its peak memory {:.1} MiB   goal 30 MiB",
        f64::from(peak) / 1024.0
    );
}

/// The workbench's start with both databases, and its memory when the comparison with the provider is over.
fn start(empty: &Home, full: &Home) {
    let mut frames = [Vec::new(), Vec::new()];
    let mut peak = 0;
    for _ in 0..9 {
        for (home, times) in [empty, full].into_iter().zip(&mut frames) {
            let started = Instant::now();
            let mut screen = Terminal::start(home.folder.path(), 140, 45, &[]);
            screen.see("quit");
            times.push(started.elapsed());
            if std::ptr::eq(home, full) {
                screen.see("100");
                rest();
                peak = peak.max(peak_kib(screen.number()).unwrap_or(0));
            }
            screen.press("q");
            screen.end();
        }
    }
    let [before, after] = frames;
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    let more = median(&after) - median(&before);
    print("first frame, empty database", before, "");
    print("first frame, full database", after, "");
    println!("  the full one takes {more:.1} ms more   goal 5 ms");
    println!(
        "  the workbench's peak memory, compared with the provider, {:.1} MiB   goal 30 MiB",
        f64::from(peak) / 1024.0
    );
}

/// The workbench compares the log with the provider after its first frame.
fn rest() {
    let (_kept, never) = std::sync::mpsc::channel::<()>();
    let _ = never.recv_timeout(Duration::from_secs(2));
}

/// What the first start with a database from before the log had its index does: a copy, then the index.
fn upgrade(full: Home) {
    let Home { folder, store, .. } = full;
    drop(store);
    let path = fill::database(folder.path());
    let connection = rusqlite::Connection::open(&path).unwrap();
    let names: Vec<String> = connection
        .prepare("SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'view')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    connection.execute_batch(&names.join(";")).unwrap();
    connection
        .execute_batch(
            "DROP TABLE prompts_text; DROP TABLE prompts; DROP TABLE remarks; DROP TABLE log;
             DROP INDEX takes_tagged; DROP INDEX takes_nameless; DROP INDEX takes_seed;
             DROP INDEX takes_file_name;
             CREATE INDEX takes_log
                ON takes (reel_id, id, state, seed, resolution, model, backend, verdict, sweep);",
        )
        .unwrap();
    let start = Instant::now();
    std::fs::copy(&path, path.with_extension("copy")).unwrap();
    let index = include_str!("../../src/store/migrations/014_search.sql");
    connection
        .execute_batch(&format!("BEGIN; {index} COMMIT;"))
        .unwrap();
    println!(
        "  the index of an earlier database, with the copy that is kept: {:.1} s, once",
        start.elapsed().as_secs_f64()
    );
}

fn peak_kib(pid: u32) -> Option<u32> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
