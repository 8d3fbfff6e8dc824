//! Money, time and many hands on one file.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::model::{ApiVersion, Model};
use crate::sandbox::faults::{Expiry, Intent};
use crate::sandbox::intake;
use crate::sandbox::timing::Phases;

const PLAN: Phases = Phases {
    queue: Duration::from_secs(2),
    render: Duration::from_secs(10),
};

struct Desk {
    _folder: tempfile::TempDir,
    path: PathBuf,
    ledger: Ledger,
    start: Timestamp,
}

fn desk(opening: i64) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.db");
    let ledger = Ledger::open(&path, Usd::from_micros(opening)).unwrap();
    let start = "2026-10-01T10:00:00Z".parse().unwrap();
    Desk {
        _folder: folder,
        path,
        ledger,
        start,
    }
}

impl Desk {
    fn at(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }
}

fn order(duration: u8) -> intake::AcceptedBody {
    let body = json!({"prompt": "k", "resolution": "480p", "duration": duration});
    intake::read(Model::default(), ApiVersion::V2, &intake::fresh_id(), body).unwrap()
}

fn enter(ledger: &Ledger, now: Timestamp, intent: &Intent) -> (String, Accepted) {
    let order = order(10);
    let entry = NewJob {
        order: &order,
        plan: PLAN,
        intent,
    };
    let accepted = ledger.accept(now, &entry).unwrap();
    (order.request_id, accepted)
}

#[test]
fn the_price_is_held_back_then_billed() {
    let desk = desk(1_000_000);
    let (id, _) = enter(&desk.ledger, desk.at(0), &Intent::default());
    let price = order(10).charge;
    let state = |seconds| {
        desk.ledger
            .look_up(desk.at(seconds), &id, Lookup::Peek)
            .unwrap()
            .unwrap()
            .state
    };
    assert_eq!(
        [state(0), state(1), state(2), state(11)].map(JobState::word),
        ["QUEUED", "QUEUED", "PROCESSING", "PROCESSING"]
    );
    let open = desk.ledger.account(desk.at(11)).unwrap();
    assert_eq!((open.reserved, open.charged), (price, Usd::ZERO));
    let done = desk.ledger.account(desk.at(12)).unwrap();
    assert_eq!((done.reserved, done.charged), (Usd::ZERO, price));
    assert_eq!(open.balance(), done.balance());
    assert_eq!(state(12), JobState::Completed);
    let job = desk
        .ledger
        .look_up(desk.at(12), &id, Lookup::Peek)
        .unwrap()
        .unwrap();
    assert_eq!(
        (job.charge, job.reserved, job.remaining),
        (price, Usd::ZERO, Some(done.balance()))
    );
}

#[test]
fn a_failure_gives_the_money_back() {
    let desk = desk(1_000_000);
    let intent = Intent {
        fail: Some("no".into()),
        ..Intent::default()
    };
    let (id, _) = enter(&desk.ledger, desk.at(0), &intent);
    assert!(desk.ledger.account(desk.at(1)).unwrap().balance() < Usd::from_micros(1_000_000));
    assert_eq!(
        desk.ledger.account(desk.at(12)).unwrap().balance(),
        Usd::from_micros(1_000_000)
    );
    let job = desk
        .ledger
        .look_up(desk.at(12), &id, Lookup::Status)
        .unwrap()
        .unwrap();
    assert_eq!(
        (job.state, job.error.as_deref(), job.charge),
        (JobState::Failed, Some("no"), Usd::ZERO)
    );
}

#[test]
fn what_is_held_back_cannot_be_spent_twice() {
    let desk = desk(1_000_000);
    assert_eq!(
        enter(&desk.ledger, desk.at(0), &Intent::default()).1,
        Accepted::Yes
    );
    let (id, refused) = enter(&desk.ledger, desk.at(0), &Intent::default());
    let need = order(10).charge;
    let balance = Usd::from_micros(1_000_000) - need;
    assert_eq!(refused, Accepted::NotEnough { balance, need });
    assert!(
        desk.ledger
            .look_up(desk.at(0), &id, Lookup::Peek)
            .unwrap()
            .is_none()
    );
}

#[test]
fn records_and_files_expire_and_history_does_not() {
    let desk = desk(100_000_000);
    let (id, _) = enter(&desk.ledger, desk.at(0), &Intent::default());
    let found = |seconds, look| {
        desk.ledger
            .look_up(desk.at(seconds), &id, look)
            .unwrap()
            .is_some()
    };
    let (hour, week) = (3600, 7 * 24 * 3600);
    assert!(!found(5, Lookup::Download), "no video before its completion");
    assert!(found(hour - 1, Lookup::Status) && !found(hour, Lookup::Status) && !found(hour, Lookup::Result));
    assert!(found(week, Lookup::Download) && !found(week + 12, Lookup::Download));
    assert!(found(week * 52, Lookup::Peek));
    desk.ledger.video_made(desk.at(12), &id, "aa", 3).unwrap();
    assert!(desk.ledger.expired_videos(desk.at(week)).unwrap().is_empty());
    assert_eq!(desk.ledger.expired_videos(desk.at(week + 12)).unwrap(), [id]);
}

#[test]
fn a_fault_can_make_record_or_video_vanish_from_the_start() {
    let desk = desk(100_000_000);
    let gone = |what| Intent {
        expire: Some(what),
        ..Intent::default()
    };
    let (record, _) = enter(&desk.ledger, desk.at(0), &gone(Expiry::Record));
    let (file, _) = enter(&desk.ledger, desk.at(0), &gone(Expiry::File));
    let found = |id: &str, look| desk.ledger.look_up(desk.at(60), id, look).unwrap().is_some();
    assert!(!found(&record, Lookup::Status) && found(&record, Lookup::Download));
    assert!(found(&file, Lookup::Status) && !found(&file, Lookup::Download));
}

#[test]
fn looks_are_counted_by_kind() {
    let desk = desk(100_000_000);
    let (id, _) = enter(&desk.ledger, desk.at(0), &Intent::default());
    for look in [Lookup::Status, Lookup::Result, Lookup::Peek] {
        desk.ledger.look_up(desk.at(5), &id, look).unwrap();
    }
    for look in [
        Lookup::Status,
        Lookup::Result,
        Lookup::Download,
        Lookup::Download,
        Lookup::About,
    ] {
        desk.ledger.look_up(desk.at(12), &id, look).unwrap();
    }
    let job = &desk.ledger.audit(desk.at(12)).unwrap().jobs[0];
    assert_eq!((job.status_reads, job.results, job.downloads), (2, 1, 2));
}

#[test]
fn many_books_on_one_file_never_overspend() {
    let desk = desk(5_000_000);
    let accepted: usize = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let ledger = Ledger::open(&desk.path, Usd::from_micros(77)).unwrap();
                    let enter = |_: &i32| enter(&ledger, desk.at(0), &Intent::default()).1 == Accepted::Yes;
                    (0..6).filter(enter).count()
                })
            })
            .collect();
        clerks.into_iter().map(|clerk| clerk.join().unwrap()).sum()
    });
    assert_eq!(accepted, 7, "five dollars buy seven drafts of ten seconds");
    let account = desk.ledger.account(desk.at(12)).unwrap();
    assert_eq!(account.charged, order(10).charge.times(7));
    assert!(account.balance() < order(10).charge);
}

#[test]
fn new_books_may_be_opened_by_many_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.db");
    std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| Ledger::open(&path, Usd::from_micros(5)).map(|_| ())))
            .collect();
        for opener in openers {
            opener.join().unwrap().unwrap();
        }
    });
}

#[test]
fn books_from_before_finals_are_migrated() {
    let desk = desk(100_000_000);
    let (id, _) = enter(&desk.ledger, desk.at(0), &Intent::default());
    Connection::open(&desk.path)
        .unwrap()
        .execute_batch("ALTER TABLE jobs DROP COLUMN draft; PRAGMA user_version = 1")
        .unwrap();
    let ledger = Ledger::open(&desk.path, Usd::ZERO).unwrap();
    let job = ledger.look_up(desk.at(0), &id, Lookup::Peek).unwrap().unwrap();
    assert_eq!(
        (job.draft.as_deref(), job.shot_id(), &job.shot),
        (None, id.as_str(), &job.body)
    );
    assert_eq!(
        ledger.account(desk.at(0)).unwrap().opening,
        Usd::from_micros(100_000_000)
    );
}

#[test]
fn books_of_a_newer_version_are_left_alone() {
    let desk = desk(5);
    Connection::open(&desk.path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let error = Ledger::open(&desk.path, Usd::ZERO).err().unwrap();
    assert!(error.to_string().contains("newer version (99)"), "{error}");
}
