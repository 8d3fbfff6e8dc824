//! Reconciling, importing and takes on hold in the workbench.

use jiff::SignedDuration;
use rushes::model::{Backend, FailureKind, Form, Resolution, Seed, Take, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts};

use crate::fake_service::{FOREIGN, QUIETLY};
use crate::test_workbench::{Desk, Options, workbench};

const OWNER: &str = "a stand-in";

fn small() -> Options {
    Options {
        size: (80, 24),
        ..Options::default()
    }
}

#[test]
fn differences_are_one_notice_at_the_start_and_importing_empties_the_list() {
    let options = Options {
        history_differs: true,
        ..small()
    };
    workbench(options, |desk| async move {
        desk.sees("The provider's history differs from the log in 2 places: B reconcile")
            .await;
        desk.press("B");
        desk.sees("Reconcile with the provider's history").await;
        desk.sees("$0.281: you can import it").await;
        desk.sees("A lighthouse at night.").await;
        desk.sees("a import").await;
        desk.press("j a");
        desk.sees("this row cannot be imported").await;
        desk.press("k a");
        desk.sees("Imported as take 1").await;
        desk.until("it is in the store", |desk| {
            desk.store
                .take_of_request(Backend::Sandbox, FOREIGN)
                .unwrap()
                .is_some_and(|take| take.state == TakeState::Rendered)
        })
        .await;
        desk.sees_no("A lighthouse at night.").await;
        desk.sees("the history does not show it").await;
        desk.press("esc");
        desk.sees_no("Reconcile with the provider's history").await;
    });
}

#[test]
fn a_history_that_agrees_is_quiet_until_asked_for() {
    workbench(small(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.until("they were compared", |desk| desk.log.holds(QUIETLY))
            .await;
        desk.settle().await;
        assert!(
            !desk.glass.text().contains("history differs"),
            "{}",
            desk.glass.text()
        );
        desk.press("B");
        desk.sees("No differences").await;
    });
}

/// Three takes, of which the first two are refused for their sound.
async fn with_takes_on_hold(desk: &Desk) {
    desk.sees("lighthouse").await;
    desk.type_seeds("1..4").await;
    desk.press("g");
    desk.until("they are queued", |desk| {
        desk.store.unsettled_takes(None).unwrap().len() == 4
    })
    .await;
    refuse_two(desk);
    desk.sees("2 takes on hold, refused twice (moderation: output audio): H decide")
        .await;
}

/// The next take of the queue, sent by another process.
fn claim(desk: &Desk) -> Take {
    let claim = Claim {
        owner: OWNER.into(),
        account: "0123456789abcdef".to_owned(),
        backend: Backend::Sandbox,
        limit: 9,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(60),
    };
    match desk.store.claim(&claim).unwrap() {
        Claimed::Take(take) => *take,
        other => panic!("no take to claim: {other:?}"),
    }
}

/// The next two are refused for their sound.
fn refuse_two(desk: &Desk) {
    for _ in 0..2 {
        let take = claim(desk);
        let facts = Facts {
            error_kind: Some(FailureKind::OutputAudio),
            ..Facts::default()
        };
        desk.store
            .step(OWNER, take.id, TakeState::Refused, "by the test", &facts)
            .unwrap();
        desk.tell(rushes::engine::Event::Take(take.id));
    }
}

#[test]
fn takes_on_hold_go_on_when_the_user_says_so() {
    workbench(small(), |desk| async move {
        with_takes_on_hold(&desk).await;
        desk.press("3");
        desk.sees("H decide").await;
        desk.press("H");
        desk.sees("refused twice").await;
        desk.sees("not sent. What now?").await;
        desk.sees("c rerun without audio").await;
        desk.press("esc");
        desk.sees_no("refused twice (").await;
        desk.press("H");
        desk.sees("refused twice (").await;
        desk.press("y");
        desk.until("they may be sent", |desk| {
            desk.store.queue(Backend::Sandbox).unsettled().unwrap().ready == 2
        })
        .await;
        desk.sees_no("on hold: moderation").await;
        desk.press("H");
        desk.sees("no take is on hold").await;
    });
}

#[test]
fn audio_off_replaces_the_takes_on_hold() {
    workbench(small(), |desk| async move {
        with_takes_on_hold(&desk).await;
        desk.press("H");
        desk.sees("c rerun without audio").await;
        desk.press("c");
        desk.until("new ones wait", |desk| {
            let left = desk.store.queue(Backend::Sandbox).unsettled().unwrap();
            (left.ready, left.on_hold) == (2, 0)
        })
        .await;
        let queue = desk.store.unsettled_takes(None).unwrap();
        let seeds: Vec<u32> = queue.iter().map(|take| take.seed.number()).collect();
        assert_eq!(seeds, [3, 4]);
        assert!(queue.iter().all(|take| take.body["generate_audio"] == false));
        let cancelled = rushes::store::Filter::parse("state:cancelled").unwrap();
        assert_eq!(desk.store.count(&cancelled).unwrap(), 2);
    });
}

#[test]
fn audio_off_of_takes_that_another_workbench_released_queues_nothing() {
    workbench(small(), |desk| async move {
        with_takes_on_hold(&desk).await;
        desk.press("H");
        desk.sees("c rerun without audio").await;
        // Another workbench has released them, and one was sent; this workbench does not know yet.
        let on_hold = desk.store.queue(Backend::Sandbox).takes_on_hold().unwrap();
        let ids: Vec<_> = on_hold.iter().map(|take| take.id).collect();
        desk.store.release_from_hold(&ids).unwrap();
        let sent = claim(&desk);
        desk.press("c");
        desk.sees("No take was queued").await;
        let queue = desk.store.unsettled_takes(None).unwrap();
        assert_eq!(queue.len(), 2);
        assert!(queue.iter().any(|take| take.id == sent.id));
        assert!(queue.iter().all(|take| take.body["generate_audio"] == true));
    });
}

/// Queues takes of one prompt, each with a size and a seed.
fn admit(desk: &Desk, takes: &[(Resolution, u32)]) {
    for (resolution, seed) in takes {
        let form = Form {
            prompt: "A kite over the bay.".to_owned(),
            resolution: *resolution,
            generate_audio: true,
            ..Form::default()
        };
        let admission = Admission::of(
            &desk.reel_id,
            Backend::Sandbox,
            form,
            [Seed::new(*seed).unwrap()],
            Usd::ZERO,
            Usd::ZERO,
        );
        desk.store.admit(&admission).unwrap();
    }
}

#[test]
fn audio_off_replaces_each_take_by_one_of_the_same_size() {
    workbench(small(), |desk| async move {
        desk.sees("lighthouse").await;
        let on_hold = [
            (Resolution::P480, 7),
            (Resolution::P720, 7),
            (Resolution::P480, 8),
            (Resolution::P480, 7),
        ];
        admit(&desk, &[(Resolution::P480, 1), (Resolution::P480, 2)]);
        admit(&desk, &on_hold);
        refuse_two(&desk);
        desk.sees("4 takes on hold, refused twice").await;
        // One of each seed in the first, then the other size, then the second of seed 7.
        for (left, placed) in [(2, 2), (1, 3), (0, 4)] {
            desk.press("H");
            desk.sees("c rerun without audio").await;
            desk.press("c");
            desk.until("new ones wait", |desk| {
                let now = desk.store.queue(Backend::Sandbox).unsettled().unwrap();
                (now.on_hold, now.ready) == (left, placed)
            })
            .await;
            desk.settle().await;
        }
        let queue = desk.store.unsettled_takes(None).unwrap();
        assert!(queue.iter().all(|take| take.body["generate_audio"] == false));
        let made: Vec<_> = queue
            .iter()
            .map(|take| (take.resolution, take.seed.number()))
            .collect();
        assert_eq!(
            made,
            [
                (Resolution::P480, 7),
                (Resolution::P480, 8),
                (Resolution::P720, 7),
                (Resolution::P480, 7)
            ]
        );
    });
}
