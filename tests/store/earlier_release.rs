//! A database that an earlier release wrote: it is opened, brought up to date, and everything in it is still there.
//!
//! `fixtures/schema-7.db` was written by rushes 0.1.0 when its schema was version 7. It has takes in every state, on hold,
//! paused, repeated, in sweeps, with verdicts and notes, on both backends; revisions of a form with and without takes;
//! a queue that is stopped; and rows that were damaged. `fixtures/schema-7.json` is what that release said about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rushes::model::clock::ManualClock;
use rushes::model::{Backend, Model, Resolution, Seconds, TakeId};
use rushes::store::{Filter, Store};
use serde_json::{Value, json};

use crate::test_store::start;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/store/fixtures")
        .join(name)
}

/// Everything that can be read from the store, as JSON.
pub fn told(store: &Store) -> Value {
    let reels: Vec<Value> = store
        .reels()
        .unwrap()
        .iter()
        .map(|reel| of_reel(store, &reel.id))
        .collect();
    let takes = store.takes(&Filter::all(), 0, 1000).unwrap();
    let takes: Vec<Value> = takes.iter().map(|take| of_take(store, take.id)).collect();
    let backends: Vec<Value> = [Backend::Sandbox, Backend::Live]
        .into_iter()
        .map(|backend| of_backend(store, backend))
        .collect();
    let filters: Vec<Value> = FILTERS
        .iter()
        .map(|text| {
            let filter = Filter::parse(text).unwrap();
            let found = store.takes(&filter, 0, 1000).unwrap();
            assert_eq!(store.count(&filter).unwrap(), found.len() as u64, "{text}");
            json!({ "filter": text, "takes": found.iter().map(|take| take.id).collect::<Vec<TakeId>>() })
        })
        .collect();
    let damaged: Vec<Value> = store
        .recovery()
        .rows_set_aside()
        .unwrap()
        .iter()
        .map(|row| {
            json!({
                "table": row.source, "take": row.take, "why": row.why, "restored": row.restored,
                "counted": row.counted,
            })
        })
        .collect();
    json!({
        "reels": reels, "takes": takes, "backends": backends, "filters": filters, "damaged": damaged,
        "setting": store.setting("theme").unwrap(),
        "upload": store.upload("https://workflows-api.segmind.com", &"a".repeat(64)).unwrap(),
        "last_take": store.recovery().last_number().unwrap(),
    })
}

const FILTERS: [&str; 11] = [
    "",
    "state:saved",
    "seed:7",
    "720p",
    "verdict:circled",
    "kite",
    "model:mini",
    "sweep:2",
    "failed",
    "backend:live",
    "take:3 kite",
];

fn of_reel(store: &Store, id: &str) -> Value {
    let reels = store.reels().unwrap();
    let reel = reels.iter().find(|reel| reel.id == id).unwrap();
    let revisions: Vec<Value> = store
        .forms(id)
        .revisions(1000)
        .unwrap()
        .iter()
        .map(|revision| json!({ "version": revision.version, "at": revision.at, "form": revision.form }))
        .collect();
    let queue: Vec<TakeId> = store
        .unsettled_takes(Some(id))
        .unwrap()
        .iter()
        .map(|take| take.id)
        .collect();
    json!({
        "id": reel.id, "name": reel.name, "folder": reel.folder, "created_at": reel.created_at,
        "form": store.forms(id).edited().unwrap(), "revisions": revisions, "latest": store.forms(id).latest().unwrap(),
        "queue": queue,
    })
}

/// The numbers of every take that was accepted, read a few at a time.
fn accepted(store: &Store, backend: Backend) -> Vec<TakeId> {
    let (mut last, mut all) = ((Timestamp::UNIX_EPOCH, TakeId(0)), Vec::new());
    loop {
        let page = store.accepted_after(backend, last, Timestamp::MAX, 3).unwrap();
        let Some(end) = page.last() else {
            all.sort();
            return all;
        };
        last = (end.at, end.take);
        all.extend(page.iter().map(|accepted| accepted.take));
    }
}

/// Takes away the sign of forms that their variables expand, and what a sweep varied. There are no variables in these, or
/// they are escaped, and no such sweeps.
fn remove_expands(value: &mut Value) {
    if let Some(fields) = value.as_object_mut()
        && fields.get("value") == Some(&Value::Null)
    {
        fields.shift_remove("value");
    }
    if let Some(expands) = value
        .as_object_mut()
        .and_then(|fields| fields.shift_remove("expands"))
    {
        assert_eq!(expands, Value::Bool(true));
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(remove_expands),
        Value::Array(values) => values.iter_mut().for_each(remove_expands),
        _ => {}
    }
}

/// A sidecar without what later releases added, which must be empty or follow from the rest.
fn as_it_was(sidecar: impl serde::Serialize) -> Value {
    let mut sidecar = serde_json::to_value(sidecar).unwrap();
    let has_parent = !sidecar["parent"].is_null();
    let has_sweep = !sidecar["rebuild"]["sweep"].is_null();
    let empty = || Value::Null;
    let added = [
        ("", "variant", empty()),
        ("", "last_frame_file", empty()),
        ("", "tags", json!([])),
        ("", "draft_id", empty()),
        ("", "draft_expires", empty()),
        (
            "",
            "lineage",
            if has_parent { json!("promoted") } else { empty() },
        ),
        (
            "rebuild",
            "varies",
            if has_sweep { json!("seed") } else { empty() },
        ),
        ("rebuild", "pair", empty()),
        ("rebuild", "variant", empty()),
        ("rebuild", "emptied_at", empty()),
    ];
    for (place, name, expected) in added {
        let place = if place.is_empty() {
            &mut sidecar
        } else {
            &mut sidecar[place]
        };
        if let Some(found) = place.as_object_mut().and_then(|fields| fields.shift_remove(name)) {
            assert_eq!(found, expected, "{name}");
        }
    }
    sidecar
}

fn of_take(store: &Store, id: TakeId) -> Value {
    let take = store.take(id).unwrap();
    let reserve = store.reserve(id).unwrap();
    let owners: Vec<Option<String>> = store
        .events(id)
        .unwrap()
        .into_iter()
        .map(|event| event.owner)
        .collect();
    json!({
        "sidecar": as_it_was(store.sidecar(id).unwrap()),
        "account": take.account, "http_status": take.http_status, "paused": take.paused, "on_hold": take.on_hold,
        "repeats": take.repeats, "repeat": store.repeat_of(id).unwrap(), "not_before": take.not_before,
        "last_frame_url": take.last_frame_url, "verdict": take.verdict, "note": take.note,
        "file": take.file, "owners": owners, "times_submitted": store.times_submitted(id).unwrap(),
        "reserve": { "most": reserve.most, "clip_frames": reserve.clip_frames, "max_price": reserve.max_price },
    })
}

fn of_backend(store: &Store, backend: Backend) -> Value {
    let ids = |takes: Vec<rushes::model::Take>| takes.iter().map(|take| take.id).collect::<Vec<TakeId>>();
    let epoch = Timestamp::UNIX_EPOCH;
    let state = store.queue(backend).state().unwrap();
    let unsettled = store.queue(backend).unsettled().unwrap();
    json!({
        "backend": backend,
        "stopped": state.stopped, "not_before": state.not_before,
        "on_hold": ids(store.queue(backend).takes_on_hold().unwrap()),
        "unsettled": [unsettled.sent, unsettled.unknown, unsettled.ready, unsettled.on_hold],
        "committed": store.queue(backend).committed_since(epoch).unwrap(),
        "committed_today": store.queue(backend).committed_since(start()).unwrap(),
        "waiting": store.queue(backend).waiting_money().unwrap(),
        "accepted": accepted(store, backend),
        "nameless": ids(store.nameless_since(backend, epoch).unwrap()),
        "samples": times_like(store, backend),
    })
}

/// How long the saved drafts of 4 s needed.
fn times_like(store: &Store, backend: Backend) -> Vec<u64> {
    let four = Seconds::new(4).unwrap();
    let samples = store.samples(backend, Model::default()).unwrap();
    let alike = samples
        .iter()
        .filter(|sample| (sample.class.resolution, sample.class.duration) == (Resolution::P480, four));
    alike.map(|sample| sample.ms).collect()
}

#[test]
fn everything_that_an_earlier_release_kept_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    std::fs::copy(fixture("schema-7.db"), &path).unwrap();
    let now = start()
        .saturating_add(jiff::SignedDuration::from_hours(30))
        .unwrap();
    let store = Store::open(&path, Arc::new(ManualClock::at(now))).unwrap();
    let expected = std::fs::read_to_string(fixture("schema-7.json")).unwrap();
    let mut told = told(&store);
    remove_expands(&mut told);
    let told = serde_json::to_string_pretty(&told).unwrap();
    for (line, (told, expected)) in told.lines().zip(expected.lines()).enumerate() {
        assert_eq!(told, expected, "line {} of schema-7.json", line + 1);
    }
    assert_eq!(told.lines().count(), expected.lines().count());
}
