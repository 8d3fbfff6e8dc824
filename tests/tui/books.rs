//! The provider's books and held takes in the workbench.

use jiff::SignedDuration;
use rushes::model::{Backend, FailureKind, TakeState};
use rushes::store::{Claim, Claimed, Facts};

use crate::bench::{Desk, Options, workbench};
use crate::works::FOREIGN;

const OWNER: &str = "a stand-in";

fn small() -> Options {
    Options {
        size: (80, 24),
        ..Options::default()
    }
}

#[test]
fn differences_are_one_notice_at_the_start_and_adopting_empties_the_list() {
    let options = Options {
        books_differ: true,
        ..small()
    };
    workbench(options, |desk| async move {
        desk.sees("the provider's books differ from the log in 2 places: B books")
            .await;
        desk.press("B");
        desk.sees("The provider's books").await;
        desk.sees("$0.281: adopt it or leave it").await;
        desk.sees("A lighthouse at night.").await;
        desk.sees("a adopt").await;
        desk.press("j a");
        desk.sees("nothing made elsewhere").await;
        desk.press("k a");
        desk.sees("adopted as take 1").await;
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
        desk.sees_no("The provider's books").await;
    });
}

#[test]
fn books_that_agree_are_quiet_until_asked_for() {
    workbench(small(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.settle().await;
        desk.sees_no("books differ").await;
        desk.press("B");
        desk.sees("nothing differs").await;
    });
}

/// Three takes, of which the first two are refused for their sound.
async fn with_held(desk: &Desk) {
    desk.sees("lighthouse").await;
    desk.press("s");
    desk.settle().await;
    desk.press("ctrl-u");
    desk.write("1..4").await;
    desk.press("enter g");
    desk.until("they are in line", |desk| {
        desk.store.queue(None).unwrap().len() == 4
    })
    .await;
    for _ in 0..2 {
        let claim = Claim {
            owner: OWNER.into(),
            account: "0123456789abcdef".to_owned(),
            backend: Backend::Sandbox,
            limit: 9,
            cap: None,
            lease: SignedDuration::from_secs(60),
        };
        let Claimed::Take(take) = desk.store.claim(&claim).unwrap() else {
            panic!("no take to claim")
        };
        let facts = Facts {
            error_kind: Some(FailureKind::OutputAudio),
            ..Facts::default()
        };
        desk.store
            .step(OWNER, take.id, TakeState::Refused, "by the test", &facts)
            .unwrap();
        desk.tell(rushes::engine::Event::Take(take.id));
    }
    desk.sees("2 held, refused twice (moderation: output audio): H decide")
        .await;
}

#[test]
fn held_takes_go_on_when_the_user_says_so() {
    workbench(small(), |desk| async move {
        with_held(&desk).await;
        desk.press("3");
        desk.sees("H decide").await;
        desk.press("H");
        desk.sees("refused twice").await;
        desk.sees("wait held back, not sent. What now?").await;
        desk.sees("c audio off, again").await;
        desk.press("esc");
        desk.sees_no("refused twice (").await;
        desk.press("H y");
        desk.until("they may be sent", |desk| {
            desk.store.unsettled(Backend::Sandbox).unwrap().ready == 2
        })
        .await;
        desk.sees_no("held: moderation").await;
        desk.press("H");
        desk.sees("no take is held back").await;
    });
}

#[test]
fn audio_off_puts_new_takes_in_the_place_of_the_held_ones() {
    workbench(small(), |desk| async move {
        with_held(&desk).await;
        desk.press("H c");
        desk.until("new ones wait", |desk| {
            let left = desk.store.unsettled(Backend::Sandbox).unwrap();
            (left.ready, left.held) == (2, 0)
        })
        .await;
        let queue = desk.store.queue(None).unwrap();
        let seeds: Vec<u32> = queue.iter().map(|take| take.seed.number()).collect();
        assert_eq!(seeds, [3, 4]);
        assert!(queue.iter().all(|take| take.body["generate_audio"] == false));
        let cancelled = rushes::store::Filter::parse("state:cancelled").unwrap();
        assert_eq!(desk.store.count(&cancelled).unwrap(), 2);
    });
}
