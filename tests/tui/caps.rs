//! The cap is applied before any question, and unreadable settings about money have to be confirmed.

use std::sync::Arc;

use crossterm::event::Event;
use rushes::engine::Wake;
use rushes::model::clock::SystemClock;
use rushes::model::price::Tariff;
use rushes::model::{
    Backend, Doubt, Expectation, Form, Model, MoneySource, Seed, Spending, Take, TakeState, Usd,
};
use rushes::service::{Kind, Problem, Queue};
use rushes::store::{Admission, Claim, Claimed, Refusal, Reserve, Store};
use rushes::tui::app::App;
use rushes::tui::effect::{Effect, Message};
use rushes::tui::jobs::{Jobs, Tools};
use rushes::tui::overlays::confirm::Confirm;
use rushes::tui::overlays::page::Page;
use rushes::tui::terminal::SystemClipboard;
use tokio::sync::mpsc::unbounded_channel;

use crate::takes::work;
use crate::test_workbench::{Desk, Options, event_of, live_app_alone, workbench};

fn live(dollars: &str) -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(Usd::parse(dollars).unwrap()),
        ..Options::default()
    }
}

pub async fn seeds(desk: &Desk, seeds: &str) {
    desk.type_seeds(seeds).await;
    desk.settle().await;
}

fn queued(desk: &Desk) -> Vec<Take> {
    desk.store.unsettled_takes(None).unwrap()
}

pub fn doubt() -> Doubt {
    Doubt {
        place: "/home/ada/config.toml:3".to_owned(),
        why: "/home/ada/config.toml:3:15: cap_per_day is 0,50".to_owned(),
        hides_the_cap: true,
    }
}

#[test]
fn only_as_many_takes_as_fit_are_offered_and_sent() {
    workbench(live("3.00"), |desk| async move {
        seeds(&desk, "7, 42, 100..103").await;
        desk.sees("4 of 6 fit under the day's cap of $3.00").await;
        desk.press("g");
        desk.sees("Generate 4 of 6 takes for about $2.82?").await;
        desk.sees("4 of 6 takes fit under the day's cap.").await;
        desk.sees("y send 4").await;
        desk.press("y");
        desk.until("four are queued", |desk| queued(desk).len() == 4)
            .await;
        let sent: Vec<u32> = queued(&desk).iter().map(|take| take.seed.number()).collect();
        assert_eq!(sent, [7, 42, 100, 101]);
        // Queued takes count too: now nothing fits.
        desk.settle().await;
        desk.press("g");
        desk.sees("Nothing was sent: the day's cap of $3.00 leaves $0.18")
            .await;
        desk.sees_no("for about $").await;
        desk.press("y");
        desk.settle().await;
        assert_eq!(queued(&desk).len(), 4);
    });
}

#[test]
fn a_cap_that_leaves_nothing_offers_no_yes() {
    workbench(live("0.50"), |desk| async move {
        desk.sees("over the day's cap of $0.50").await;
        desk.press("g");
        desk.sees("one take may cost $0.71").await;
        desk.sees_no("y generate").await;
        desk.press("y");
        desk.settle().await;
        assert_eq!(queued(&desk), []);
    });
}

#[test]
fn a_cap_that_is_lowered_is_shown_with_the_next_key_and_changes_an_open_question() {
    workbench(live("10"), |desk| async move {
        seeds(&desk, "1..6").await;
        desk.sees("of $10.00").await;
        desk.press("g");
        desk.sees("Generate 6 takes").await;
        desk.till.change(|money| money.caps.day = Usd::parse("2.00").ok());
        desk.press("f12");
        desk.sees("Generate 2 of 6 takes for about $1.41?").await;
        desk.sees("of $2.00").await;
        desk.till.change(|money| money.caps.day = Usd::parse("0.10").ok());
        desk.press("f12");
        desk.sees("Nothing was sent: the day's cap of $0.10").await;
        desk.press("y");
        desk.settle().await;
        assert_eq!(queued(&desk), []);
    });
}

#[test]
fn an_unreadable_cap_is_reported_and_confirmed_for_this_run() {
    workbench(live("10"), |desk| async move {
        desk.sees("of $10.00").await;
        desk.till.change(|money| money.doubt = Some(doubt()));
        desk.press("2");
        desk.sees("$0.00 of ?").await;
        desk.sees("settings unreadable: /home/ada/config.toml:3").await;
        desk.press("g");
        desk.sees("without a cap?").await;
        desk.sees("/home/ada/config.toml:3:15:").await;
        desk.sees("cap_per_day is 0,50").await;
        desk.press("n");
        desk.settle().await;
        assert_eq!(queued(&desk), []);
        desk.press("g");
        desk.sees("y generate without a cap").await;
        desk.press("y");
        desk.until("one is queued", |desk| queued(desk).len() == 1).await;
        desk.settle().await;
        // It was confirmed, so the next question has no cap.
        desk.press("g");
        desk.sees("no cap set").await;
        desk.press("n");
        // Another error is another question.
        desk.till.change(|money| {
            money.doubt = Some(Doubt {
                place: "config.toml:4".to_owned(),
                ..doubt()
            });
        });
        desk.press("f12");
        desk.settle().await;
        desk.press("g");
        desk.sees("without a cap?").await;
    });
}

#[test]
fn waiting_takes_continue_once_unreadable_settings_are_accepted() {
    workbench(live("10"), |desk| async move {
        desk.press("g");
        desk.sees("y generate").await;
        desk.press("y");
        desk.until("one is queued", |desk| queued(desk).len() == 1).await;
        desk.sees("1 waiting").await;
        desk.till.change(|money| money.doubt = Some(doubt()));
        desk.press("3");
        desk.sees("$0.00 of ?").await;
        desk.press("G");
        desk.sees("Send the waiting takes without a cap?").await;
        let woken = desk.log.all().iter().filter(|line| *line == "wake").count();
        desk.press("y");
        desk.until("the engine is woken", |desk| {
            desk.log.all().iter().filter(|line| *line == "wake").count() > woken
        })
        .await;
        desk.sees_no("of ?").await;
    });
}

#[test]
fn a_question_under_a_page_is_asked_again_when_the_page_is_closed() {
    let mut app = live_app_alone(Form {
        prompt: "A kite over the sea.".into(),
        ..Form::default()
    });
    let press = |app: &mut App, key| app.feed(&[Event::Key(event_of(key))]);
    let asked = |app: &App| {
        let top = app.overlays().last().unwrap();
        top.downcast::<Confirm>().unwrap().question.clone()
    };
    press(&mut app, "g");
    let before = asked(&app);
    app.receive(Message::Started(Err(Problem::new(
        Kind::Other,
        "the engine does not start",
        "try again",
    ))));
    assert!(app.overlays().last().unwrap().downcast::<Page>().is_some());
    let mut money = app.state().money.settings.clone();
    money.prices.replace(
        app.state().form.current.model,
        &[Tariff::of_million_tokens(
            Usd::parse("100").unwrap(),
            jiff::civil::date(2026, 11, 1),
        )],
    );
    app.receive(Message::Money(Box::new(money)));
    press(&mut app, "esc");
    assert_ne!(asked(&app), before, "the old amount");
}

#[test]
fn without_a_known_price_the_user_names_the_maximum_price_of_a_take() {
    workbench(live("1.00"), |desk| async move {
        desk.till.change(|money| {
            money.prices.replace(
                Model::default(),
                &[Tariff::of_million_tokens(
                    Usd::ZERO,
                    jiff::civil::date(2026, 11, 1),
                )],
            );
        });
        desk.press("2");
        desk.sees("price unknown").await;
        desk.press("g");
        desk.sees("The most that one take may cost").await;
        desk.write("1.20").await;
        desk.press("enter");
        desk.sees("Nothing was sent: the day's cap of $1.00").await;
        desk.press("g");
        desk.sees("The most that one take may cost").await;
        desk.write("0.40").await;
        desk.press("enter");
        desk.sees("Generate 1 take for at most $0.40?").await;
        desk.press("y");
        desk.until("one is queued", |desk| queued(desk).len() == 1).await;
        assert_eq!(queued(&desk)[0].reserve, Usd::parse("0.40").ok());
    });
}

/// Queues two live takes of $6.00 in another reel, of which one is sent. The user allowed at most $6.50 for each.
fn two_takes_one_sent(desk: &Desk) {
    let other = desk.store.reel("another").unwrap();
    let six = Usd::from_micros(6_000_000);
    let reserve = Reserve {
        most: Some(six),
        max_price: Some(Usd::from_micros(6_500_000)),
        ..Reserve::default()
    };
    let seeds = [1, 2].map(|seed| Seed::new(seed).unwrap());
    let admission = Admission::of(&other.id, Backend::Live, Form::default(), seeds, six, reserve);
    desk.store.admit(&admission).unwrap();
    work(desk, Backend::Live, &[TakeState::Accepted]);
}

fn with_two_takes(dollars: &str) -> Options {
    Options {
        prepare: Some(two_takes_one_sent),
        ..live(dollars)
    }
}

#[test]
fn the_queue_says_that_the_cap_blocks_the_next_take_until_it_is_raised() {
    workbench(with_two_takes("6.50"), |desk| async move {
        desk.press("3");
        desk.sees("✗ Waiting takes are not sent: the day's cap of $6.50 leaves")
            .await;
        desk.till.change(|money| money.caps.day = Usd::parse("12").ok());
        desk.press("f12");
        desk.sees_no("Waiting takes are not sent").await;
        desk.press("q");
        desk.sees("waiting takes are sent, and videos").await;
    });
}

#[test]
fn a_take_dearer_than_its_maximum_says_so_in_the_queue_and_before_quitting() {
    workbench(with_two_takes("100"), |desk| async move {
        desk.press("3");
        desk.sees_no("not sent").await;
        desk.till.change(|money| {
            money.prices.replace(
                Model::default(),
                &[Tariff::of_million_tokens(
                    Usd::parse("100").unwrap(),
                    jiff::civil::date(2026, 11, 1),
                )],
            );
        });
        desk.press("f12");
        let why = "Waiting takes are not sent: take 2 may cost";
        desk.sees(&format!("✗ {why}")).await;
        desk.sees("allowed at most $6.50").await;
        desk.press("q");
        desk.sees("1 take is still running. Quit?").await;
        desk.until("the question gives the reason", |desk| {
            let question = desk.glass.text();
            let at = question.find("Quit?").unwrap_or(question.len());
            question[at..].contains(why)
        })
        .await;
        desk.sees("Cancel it, or").await;
        // The engine finds the same.
        let money = desk.till.read();
        let claim = Claim {
            owner: "the test".to_owned(),
            account: "key".to_owned(),
            backend: Backend::Live,
            limit: 4,
            caps: rushes::store::Caps::default(),
            prices: Some(money.prices),
            lease: jiff::SignedDuration::from_secs(30),
        };
        let claimed = desk.store.claim(&claim).unwrap();
        assert!(
            matches!(claimed, Claimed::Refused(Refusal::TooDear { .. })),
            "{claimed:?}"
        );
    });
}

/// However fast keys come, at most one reading of the settings waits.
#[tokio::test]
async fn keys_that_arrive_together_read_the_settings_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let (messages, mut inbox) = unbounded_channel();
    let tools = Tools {
        words: Arc::default(),
        line: rushes::tui::terminal::Meter::default(),
        thumbnails: rushes::media::Thumbnails::new(folder.path(), 0),
        clipboard: Arc::new(SystemClipboard::of(&|_| None)),
        reel: store.reel("main").unwrap(),
        form: None,
        state_folder: folder.path().join("state"),
        published: Arc::new(|_, _| Expectation::around(100_000, "a guess")),
        queue: Queue {
            store,
            reels: folder.path().join("reels"),
            backend: Backend::Live,
            spending: Spending::fixed(None),
            wake: Wake::default(),
        },
    };
    let jobs = Jobs::start(tools, messages);
    for _ in 0..100 {
        jobs.run(Effect::ReadMoney);
    }
    jobs.finish().await;
    let mut read = 0;
    while let Ok(message) = inbox.try_recv() {
        read += u32::from(matches!(message, Message::Money(_)));
    }
    assert_eq!(read, 1);
}
