//! Measures the store with ten thousand and a hundred thousand takes in it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot be set up has to stop"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::SignedDuration;
use rushes::model::{Backend, Form, Seed, SystemClock, Take, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts, Filter, Reel, Store};

const OWNER: &str = "bench";

struct Filled {
    _folder: tempfile::TempDir,
    store: Store,
    reel: Reel,
}

/// A store with this many takes, with a prompt of a usual length; every tenth take has failed.
fn filled(takes: u32) -> Filled {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let store = Store::open(&path, Arc::new(SystemClock)).unwrap();
    let reel = store.reel("neon").unwrap();
    admit(&store, &reel, 1);
    copy_first(&path, takes);
    Filled {
        _folder: folder,
        store,
        reel,
    }
}

/// Filling a store by its own calls, each one durable, would take minutes.
fn copy_first(path: &Path, takes: u32) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "BEGIN;
             UPDATE takes SET state = 'saved';
             WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {takes})
             INSERT INTO takes (id, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed,
                                prompt, draft_version, state, position,
                                estimate, body)
             SELECT i, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt,
                    draft_version,
                    iif(i % 10 = 0, 'failed', 'saved'), i, estimate, body
             FROM n, takes WHERE id = 1;
             INSERT INTO events (take_id, at, from_state, to_state, detail)
             SELECT takes.id, takes.id * 60000 + column1 * 1000, NULL, column2, '' FROM takes,
                    (VALUES (0, 'waiting'), (1, 'submitting'), (2, 'accepted'), (3, 'processing'),
                            (4, 'rendered'), (5, 'saved'))
             WHERE takes.id > 1;
             COMMIT;"
        ))
        .unwrap();
}

fn admit(store: &Store, reel: &Reel, takes: u32) {
    let form = Form {
        prompt: "A night drive in a red convertible. Shot 1 | 0s–2s Medium shot, static camera. ".repeat(8),
        ..Form::default()
    };
    let seeds = (0..takes).map(|seed| Seed::new(seed).unwrap());
    store
        .admit(&Admission::of(
            &reel.id,
            Backend::Sandbox,
            form,
            seeds,
            Usd::from_micros(703_080),
            Usd::from_micros(703_080),
        ))
        .unwrap();
}

fn claim(store: &Store) -> Take {
    let claim = Claim {
        owner: OWNER.to_owned(),
        account: "0123456789abcdef".to_owned(),
        backend: Backend::Sandbox,
        limit: u32::MAX,
        cap: None,
        prices: None,
        lease: SignedDuration::from_mins(1),
    };
    match store.claim(&claim).unwrap() {
        Claimed::Take(take) => *take,
        other => panic!("{other:?}"),
    }
}

fn reading(criterion: &mut Criterion) {
    for takes in [10_000, 100_000] {
        let filled = filled(takes);
        let mut group = criterion.benchmark_group(format!("{takes} takes"));
        let page = |line: &str| Filter::parse(line).unwrap().in_reel(&filled.reel.id);
        for (name, line) in [
            ("first page of 50", ""),
            ("first page, failed ones", "failed"),
            ("first page, words", "convertible night"),
            ("first page, no such seed", "seed:9"),
            ("first page, no such word", "zeppelin"),
        ] {
            let filter = page(line);
            group.bench_function(name, |b| {
                b.iter(|| black_box(filled.store.takes(&filter, 0, 50).unwrap()));
            });
        }
        let all = page("");
        let middle = u64::from(takes) / 2;
        group.bench_function("middle page of 50", |b| {
            b.iter(|| black_box(filled.store.takes(&all, middle, 50).unwrap()));
        });
        group.bench_function("count", |b| {
            b.iter(|| black_box(filled.store.count(&all).unwrap()));
        });
        group.finish();
    }
}

fn writing(criterion: &mut Criterion) {
    let filled = filled(100_000);
    let Filled { store, reel, .. } = &filled;
    let mut group = criterion.benchmark_group("100000 takes, durable");
    group.sample_size(50);
    group.bench_function("claim", |b| {
        b.iter_batched(
            || admit(store, reel, 1),
            |()| black_box(claim(store)),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("step", |b| {
        let step = |take: Take| store.step(OWNER, take.id, TakeState::Refused, "", &Facts::default());
        let next = || {
            admit(store, reel, 1);
            claim(store)
        };
        b.iter_batched(
            next,
            |take| black_box(step(take).unwrap()),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, reading, writing);
criterion_main!(benches);
