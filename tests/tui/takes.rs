//! Takes: sweeps, money, confirmation, the queue, verdicts, the exchange.

use jiff::SignedDuration;
use rushes::engine::Event as News;
use rushes::model::likeness::Likeness;
use rushes::model::{Backend, FailureKind, TakeId, TakeState, Usd, Verdict};
use rushes::store::{Claim, Claimed, Exchange, Facts, Probe};

use crate::test_workbench::{Desk, Options, workbench};

pub const OWNER: &str = "a stand-in";

fn live() -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(10_000_000)),
        ..Options::default()
    }
}

/// Queues a take of this seed, as `rushes gen` does.
pub fn admit(desk: &Desk, seed: u32) {
    let form = rushes::model::Form::default();
    let admission = rushes::store::Admission::of(
        &desk.reel_id,
        Backend::Sandbox,
        form,
        [rushes::model::Seed::new(seed).unwrap()],
        Usd::from_micros(100_000),
        Usd::from_micros(100_000),
    );
    desk.store.admit(&admission).unwrap();
}

/// A take that failed and is known only to its sidecar, because the database lost it.
pub fn lose_a_take(desk: &Desk) -> TakeId {
    admit(desk, 9);
    let id = work(desk, Backend::Sandbox, &[TakeState::Accepted, TakeState::Failed]);
    let reels = desk.store.path().with_file_name("reels");
    rushes::engine::sidecars::write(&desk.store, &reels, id).unwrap();
    let raw = rusqlite::Connection::open(desk.store.path()).unwrap();
    raw.execute_batch("DELETE FROM events; DELETE FROM exchanges; DELETE FROM takes")
        .unwrap();
    id
}

/// Claims the next waiting take and brings it through `states`.
pub fn work(desk: &Desk, backend: Backend, states: &[TakeState]) -> TakeId {
    let claim = Claim {
        owner: OWNER.into(),
        account: "0123456789abcdef".into(),
        backend,
        limit: 9,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(60),
    };
    let Claimed::Take(take) = desk.store.claim(&claim).unwrap() else {
        panic!("no take to claim")
    };
    for state in states {
        let facts = Facts {
            request_id: Some(format!("request-{}", take.id)),
            ..Facts::default()
        };
        desk.store
            .step(OWNER, take.id, *state, "by the test", &facts)
            .unwrap();
    }
    take.id
}

#[test]
fn live_money_is_asked_for_with_count_and_amount() {
    workbench(live(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.type_seeds("7, 42, 100..103").await;
        desk.press("g");
        desk.sees("Generate 6 takes for about $4.24?").await;
        desk.sees("Today $0.00 of $10.00").await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), []);
        desk.press("n");
        desk.sees_no("for about $").await;
        desk.press("g");
        desk.sees("for about $").await;
        desk.press("y");
        desk.until("six takes are queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 6
        })
        .await;
        let seeds: Vec<u32> = desk
            .store
            .unsettled_takes(None)
            .unwrap()
            .iter()
            .map(|take| take.seed.number())
            .collect();
        assert_eq!(seeds, [7, 42, 100, 101, 102, 103]);
    });
}

#[test]
fn a_value_that_breaks_a_rule_is_not_sent_and_its_field_is_shown() {
    workbench(Options::default(), |desk| async move {
        desk.type_seeds("9..3").await;
        desk.sees("runs backwards").await;
        desk.press("1 esc g");
        desk.sees("Nothing was sent: seed range 9..3 runs backwards")
            .await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), []);
    });
}

#[test]
fn waiting_takes_are_paused_moved_and_cancelled_and_others_say_why_not() {
    workbench(Options::default(), |desk| async move {
        desk.press("g g g");
        desk.until("three wait", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 3
        })
        .await;
        desk.press("3");
        desk.settle().await;
        desk.press("P");
        desk.until("the first is paused", |desk| {
            desk.store.take(TakeId(1)).unwrap().paused
        })
        .await;
        desk.press("J");
        desk.until("it moved down", |desk| {
            desk.store.unsettled_takes(None).unwrap()[1].id == TakeId(1)
        })
        .await;
        desk.settle().await;
        desk.press("x");
        desk.until("it is cancelled", |desk| {
            desk.store.take(TakeId(1)).unwrap().state == TakeState::Cancelled
        })
        .await;
        work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        desk.tell(News::Take(TakeId(2)));
        desk.settle().await;
        desk.press("home x");
        desk.sees("the provider cannot cancel").await;
    });
}

#[test]
fn verdicts_notes_and_promotion_reach_the_store() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        desk.press("4");
        desk.sees("1 take ").await;
        desk.settle().await;
        desk.press("*");
        desk.until("it is circled", |desk| {
            desk.store.take(TakeId(1)).unwrap().verdict == Verdict::Circled
        })
        .await;
        desk.sees("* circled").await;
        desk.press("*");
        desk.until("it is not", |desk| {
            desk.store.take(TakeId(1)).unwrap().verdict == Verdict::None
        })
        .await;
        desk.press("n");
        desk.settle().await;
        desk.write("her look").await;
        desk.press("enter");
        desk.until("the note is kept", |desk| {
            desk.store.take(TakeId(1)).unwrap().note.as_deref() == Some("her look")
        })
        .await;
        desk.press("p");
        desk.sees("Promote take 1").await;
        desk.press("enter");
        desk.sees("may come out differently").await;
        desk.sees("y promote").await;
        desk.press("y");
        desk.until("a final take waits", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 2
        })
        .await;
        let (form, last) = (
            desk.store.take(TakeId(1)).unwrap(),
            desk.store.take(TakeId(2)).unwrap(),
        );
        assert_eq!((last.seed, last.parent), (form.seed, Some(form.id)));
        assert_eq!(last.body["resolution"], "720p");
        desk.sees("2 takes").await;
        desk.settle().await;
        desk.press("home p");
        desk.sees("take 2 is already 720p").await;
    });
}

#[test]
fn the_whole_exchange_of_a_take_can_be_read() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        let exchange = Exchange {
            at: "2026-11-22T14:00:01Z".parse().unwrap(),
            stage: "submit".into(),
            method: "POST".into(),
            path: "/v2/seedance-2.0".into(),
            status: Some(200),
            millis: 412,
            times: 1,
            response: Some("{\"status\":\"QUEUED\\u001b[31m\"}".into()),
        };
        desk.store.record(id, &exchange).unwrap();
        desk.tell(News::Take(id));
        desk.press("4");
        desk.settle().await;
        desk.press("enter");
        desk.sees("waiting to submitting").await;
        desk.press("end");
        desk.sees("submit: POST /v2/seedance-2.0").await;
        desk.sees("200 in 412 ms").await;
        desk.sees("status: QUEUED").await;
        assert!(!desk.glass.text().contains('\x1b'));
    });
}

#[test]
fn the_sections_of_a_takes_page_fold_and_what_folds_next_is_always_shown() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        let exchange = |response: String, times| Exchange {
            at: "2026-11-22T14:00:01Z".parse().unwrap(),
            stage: "history".into(),
            method: "GET".into(),
            path: "/history".into(),
            status: Some(200),
            millis: 9,
            response: Some(response),
            times,
        };
        let long: Vec<u32> = (100..160).collect();
        let long = serde_json::to_string(&long).unwrap();
        for each in [exchange("[1]".into(), 7), exchange(long, 1)] {
            desk.store.record(id, &each).unwrap();
        }
        desk.tell(News::Take(id));
        desk.press("4");
        desk.settle().await;
        desk.press("enter");
        desk.sees("›▾ Facts").await;
        desk.sees("Shot 1 | 0s-2s").await;

        // Folding leaves the heading, with the number of lines.
        desk.press("enter");
        desk.sees("›▸ Facts · ").await;
        desk.sees_no("SHA-256").await;
        desk.press("tab tab");
        desk.sees("›▾ Prompt").await;
        desk.press("left");
        desk.sees("›▸ Prompt · ").await;
        desk.press("backtab backtab right");
        desk.sees("›▾ Facts").await;
        desk.press("right");
        desk.sees("the section is unfolded already").await;

        // A long response is folded, and shown on demand; scrolling marks what is on the screen.
        desk.press("end");
        desk.sees("7 times until").await;
        desk.sees("▸ history: GET /history").await;
        desk.sees_no("- 130").await;
        desk.press("tab tab tab tab tab tab");
        desk.sees("›▸ history: GET /history").await;
        desk.press("enter");
        desk.sees("- 100").await;
        desk.press("pagedown");
        desk.sees("- 130").await;
        desk.press("home");
        desk.sees("›▾ Facts").await;
        desk.press("end");
        desk.sees("- 159").await;
        desk.press("left");
        desk.sees("›▸ history: GET /history").await;
    });
}

#[test]
fn an_unknown_outcome_is_resolved_or_bought_again_deliberately() {
    workbench(live(), |desk| async move {
        desk.press("g");
        desk.sees("for about $").await;
        desk.press("y");
        desk.queued(1).await;
        desk.settle().await;
        desk.press("3");
        let id = work(&desk, Backend::Live, &[TakeState::Unknown]);
        desk.tell(News::Take(id));
        desk.settle().await;
        desk.press(":");
        desk.write("check again").await;
        desk.press("enter");
        desk.until("the history is asked", |desk| desk.log.holds("check again"))
            .await;
        desk.press("r");
        desk.sees("may be billed twice").await;
        desk.press("n X");
        desk.sees("Mark take 1 as never sent?").await;
        desk.press("y");
        desk.until("it is settled", |desk| {
            desk.store.take(id).unwrap().state == TakeState::NotSent
        })
        .await;
    });
}

#[test]
fn a_stopped_queue_is_resumed() {
    workbench(live(), |desk| async move {
        desk.press("G");
        desk.sees("the queue is not stopped").await;
        desk.store
            .queue(Backend::Live)
            .stop(FailureKind::Credits, "402")
            .unwrap();
        desk.tell(News::Queue(Backend::Live));
        desk.settle().await;
        desk.press("G");
        desk.sees("The queue was resumed").await;
        assert_eq!(desk.store.queue(Backend::Live).state().unwrap().stopped, None);
    });
}

#[test]
fn the_window_title_counts_the_takes_in_the_queue() {
    workbench(Options::default(), |desk| async move {
        desk.until("the reel is named", |desk| {
            desk.log.holds("]0;rushes: night-drive")
        })
        .await;
        desk.press("g g");
        desk.until("two are counted", |desk| {
            desk.log.holds("]0;rushes: night-drive (2)")
        })
        .await;
    });
}

#[test]
fn a_request_loaded_into_the_form_is_undone_as_a_whole() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        desk.type_seeds("5..9").await;
        desk.press("1 i ctrl-home");
        desk.write("Rain. ").await;
        desk.press("esc 4");
        desk.settle().await;
        desk.press("u");
        desk.sees("The form now holds take 1's request: U undo").await;
        desk.sees_no("Rain. A lighthouse").await;
        desk.press("U");
        desk.sees("The previous form is back").await;
        desk.sees("Rain. A lighthouse").await;
        desk.sees("5..9").await;
        desk.press("U");
        desk.sees("nothing can be undone here, only changes of the prompt")
            .await;
    });
}

#[test]
fn notices_wider_than_the_screen_can_be_read_to_the_end() {
    let narrow = Options {
        size: (80, 24),
        ..Options::default()
    };
    workbench(narrow, |desk| async move {
        let news = format!("{}the very end", "a word and another ".repeat(9));
        desk.tell(News::Problem(news));
        desk.sees("the very end").await;
        desk.press("esc");
        desk.sees_no("the very end").await;
    });
}

#[test]
fn copying_says_sent_and_leaves_the_key_out() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        desk.press("4");
        desk.settle().await;
        desk.press("y c");
        desk.sees("The curl command was sent to the clipboard").await;
        assert!(desk.log.holds("# Made on the sandbox."));
        assert!(desk.log.holds("$SEGMIND_API_KEY") && desk.log.holds("escape \"\\u{1b}]52;c;"));
        desk.press("y p");
        desk.sees("take 1 has no video: it is waiting").await;
    });
}

#[test]
fn the_log_is_filtered_while_the_filter_is_typed_and_escape_restores_it() {
    workbench(Options::default(), |desk| async move {
        desk.type_seeds("7, 42").await;
        desk.press("g");
        desk.until("two wait", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 2
        })
        .await;
        desk.press("4 z");
        desk.settle().await;
        desk.press("/");
        desk.settle().await;
        desk.write("seed:42").await;
        desk.press("enter");
        desk.settle().await;
        desk.press("y j");
        desk.until("the one that is left is copied", |desk| {
            desk.log.holds("\"seed\": 42")
        })
        .await;
        assert!(!desk.log.holds("\"seed\": 7"));
    });
}

/// The file beside the video has the user's verdict and note too.
#[test]
fn verdicts_and_notes_reach_the_file_beside_the_video() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        let reels = desk.store.path().with_file_name("reels");
        let path =
            rushes::engine::sidecars::path(&desk.store, &reels, &desk.store.take(id).unwrap()).unwrap();
        let says = |words: &'static str| {
            let path = path.clone();
            move |_: &Desk| std::fs::read_to_string(&path).is_ok_and(|text| text.contains(words))
        };
        desk.settle().await;
        desk.press("4");
        desk.settle().await;
        desk.press("*");
        desk.until("the file says circled", says("\"verdict\": \"circled\""))
            .await;
        desk.press("n");
        desk.settle().await;
        desk.write("her look").await;
        desk.press("enter");
        desk.until("the file has the note", says("\"note\": \"her look\""))
            .await;
    });
}

#[test]
fn cancelling_pausing_and_moving_a_take_is_confirmed() {
    workbench(Options::default(), |desk| async move {
        for count in 1..=3 {
            desk.press("g");
            desk.until("it waits", |desk| {
                desk.store.unsettled_takes(None).unwrap().len() == count
            })
            .await;
            desk.settle().await;
        }
        desk.press("3 home P");
        desk.sees("Take 1 is paused").await;
        desk.sees("2 waiting").await;
        desk.sees("1 paused").await;
        desk.press("4");
        desk.settle().await;
        let log = desk.glass.text();
        assert!(log.contains("paused"), "{log}");
        desk.press("3 P");
        desk.sees("Take 1 waits to be sent again").await;
        desk.press("J");
        desk.sees("Take 1 was moved down").await;
        desk.press("K");
        desk.sees("Take 1 was moved up").await;
        desk.settle().await;
        desk.press("K");
        desk.sees("Take 1 is already the first that waits").await;
        desk.press("x");
        desk.sees("Take 1 is cancelled").await;
    });
}

#[test]
fn a_filter_that_hides_every_take_is_named_as_the_reason() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.until("it waits", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 1
        })
        .await;
        desk.settle().await;
        desk.press("4 /");
        desk.write("nowhere").await;
        desk.press("enter");
        desk.settle().await;
        desk.press("a");
        desk.sees("the filter hides every take").await;
    });
}

/// What probes have found is told before money is spent on the same seed again, and in the Monitor.
#[test]
fn a_known_seed_is_told_before_a_take_is_run_again_or_promoted() {
    workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        let saved = [TakeState::Accepted, TakeState::Rendered, TakeState::Saved];
        let id = work(&desk, Backend::Sandbox, &saved);
        desk.press("4");
        desk.sees("no picture (saved)").await;
        desk.rest().await;
        desk.press("R");
        desk.sees("It is free, and may give another clip.").await;
        desk.press("n");
        let probe = Probe {
            take: id,
            other: TakeId(9),
            model: desk.store.take(id).unwrap().model.slug().to_owned(),
            backend: Backend::Sandbox,
            made_at: "2026-11-21T12:00:00Z".parse().unwrap(),
            at: "2026-11-21T12:00:00Z".parse().unwrap(),
            is_repeat: true,
            likeness: Likeness {
                frames: (96, 96),
                sizes: ((864, 496), (864, 496)),
                equal_frames: 96,
                psnr_mean_db: None,
                psnr_min_db: None,
            },
        };
        desk.store.keep_probe(&probe).unwrap();
        // A verdict reads the store again.
        desk.press("*");
        desk.sees("the same clip as take 9 (2026-11-21)").await;
        desk.settle().await;
        desk.press("R");
        desk.sees("the same seed gave the same clip on").await;
        desk.sees("2026-11-21 (1 of 1)").await;
        desk.press("n");
        desk.settle().await;
        desk.press("p");
        desk.sees("At the draft's own size the same seed").await;
    });
}
