//! A take is bought only after a question that was drawn whole: a key acts only on what the user could see.

use std::sync::Arc;

use crossterm::event::Event;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use rushes::engine::bin::Binned;
use rushes::model::{Backend, Form, SystemClock, Take, TakeId, Usd};
use rushes::store::Store;
use rushes::tui::app::{App, Leaving};
use rushes::tui::effect::{Copying, Effect, EngineWork, Message, Purpose};
use rushes::tui::keymap::Action;
use rushes::tui::overlays::confirm::Confirm;
use rushes::tui::screen::Screen;

use crate::fake_service::queue_live_takes;
use crate::test_workbench::{Desk, Options, event_of, live_app_alone, plain_screen, workbench};

fn live(size: (u16, u16)) -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(10_000_000)),
        size,
        ..Options::default()
    }
}

#[test]
fn nothing_but_quitting_acts_while_the_screen_says_too_small() {
    let ended = workbench(live((20, 5)), |desk| async move {
        desk.sees("too small").await;
        for keys in ["s", "7", "enter", "g", "y", "4", "n", "i", "x", ":", "e"] {
            desk.press(keys);
            desk.settle().await;
        }
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), [], "a take was bought");
        desk.glass.resize(140, 40);
        desk.send(Event::Resize(140, 40));
        desk.sees("A lighthouse").await;
        let text = desk.glass.text();
        assert!(
            !text.contains("Commands") && !text.contains("for about $"),
            "{text}"
        );
        assert_eq!(desk.log.all(), Vec::<String>::new());
        assert_eq!(desk.form(), Form::default(), "a key changed the form");
        desk.glass.resize(20, 5);
        desk.send(Event::Resize(20, 5));
        desk.sees("q quit").await;
        desk.press("q");
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

/// What a message asks comes while the user may be writing, and a `y` of a word is no answer.
#[test]
fn no_question_of_a_message_takes_the_keys_of_somebody_who_types() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let kite = Form {
        prompt: "A kite.".to_owned(),
        ..Form::default()
    };
    queue_live_takes(&store, "night-drive", &kite, &[7, 8]);
    let take = |id| Take {
        file: Some("/reels/bin/take.mp4".into()),
        ..store.take(TakeId(id)).unwrap()
    };
    let binned = Binned {
        take: take(1),
        video: "/reels/bin/take.mp4".into(),
        bytes: 9,
        is_missing: false,
    };
    let messages = [
        Message::FirstFrameSaved(Box::new(take(1)), Ok("/reels/first.png".to_owned())),
        Message::BinSeen(Ok(vec![binned])),
        Message::TakesFound(Purpose::Copy(Copying::Bundle), Ok(vec![take(1)])),
        Message::TakesFound(Purpose::Copy(Copying::Join), Ok(vec![take(1), take(2)])),
        Message::TakesFound(Purpose::Compare, Ok(vec![take(1), take(2)])),
    ];
    for message in messages {
        let named = format!("{message:?}");
        let mut app = live_app_alone(Form::default());
        app.feed(&[Event::Key(event_of("i"))]);
        let mut effects = app.receive(message);
        for key in ["v", "e", "r", "y"] {
            effects.extend(app.feed(&[Event::Key(event_of(key))]));
        }
        assert!(app.overlays().is_empty(), "{named}");
        let acts = |effect: &&Effect| {
            matches!(
                effect,
                Effect::Engine(_) | Effect::EmptyBin(_) | Effect::WriteCopy { .. }
            )
        };
        assert!(effects.iter().find(acts).is_none(), "{named}");
        app.feed(&[Event::Key(event_of("esc"))]);
        assert_eq!(app.overlays().len(), 1, "{named}");
    }
}

#[test]
fn a_question_counts_as_seen_once_the_terminal_has_taken_it() {
    workbench(live((140, 40)), |desk| async move {
        desk.sees("A lighthouse").await;
        desk.settle().await;
        desk.jam_with_the_next_frame();
        desk.press("g");
        desk.sees("for about $").await;
        desk.press("y");
        desk.settle().await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), [], "a take was bought");
        desk.reads(true);
        desk.settle().await;
        desk.press("y");
        desk.until("one is queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 1
        })
        .await;
        desk.settle().await;
        // Without a key in between, the frame that arrives late is the one that counts.
        desk.jam_with_the_next_frame();
        desk.press("g");
        desk.sees("for about $").await;
        desk.settle().await;
        desk.reads(true);
        desk.settle().await;
        desk.press("y");
        desk.until("two are queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 2
        })
        .await;
    });
}

/// The last line and the box offer the same keys, and none of them sends what was not read.
#[test]
fn a_question_that_goes_on_below_offers_its_answer_nowhere() {
    let small = Options {
        cap: Some(Usd::from_micros(2_000_000)),
        ..live((40, 10))
    };
    workbench(small, |desk| async move {
        desk.sees("2 Parameters").await;
        desk.press("s");
        desk.sees(" Sweep ").await;
        desk.write("1..6").await;
        // The planner has no room for its question, so Enter opens it.
        desk.sees("Enter ask first").await;
        assert!(!desk.glass.text().contains("send 2"), "{}", desk.glass.text());
        desk.press("enter");
        desk.sees("y read on").await;
        let said = |desk: &Desk| {
            (
                desk.glass.text().matches("y read on").count(),
                desk.glass.text().contains("y send 2"),
            )
        };
        desk.until("the box and the last line say the same", |desk| {
            said(desk) == (2, false)
        })
        .await;
        for _ in 0..20 {
            desk.press("y");
            desk.settle().await;
            if said(&desk) == (0, true) {
                break;
            }
            assert_eq!(
                desk.store.unsettled_takes(None).unwrap(),
                [],
                "{}",
                desk.glass.text()
            );
        }
        assert_eq!(
            desk.glass.text().matches("y send 2").count(),
            2,
            "{}",
            desk.glass.text()
        );
        desk.press("y");
        desk.queued(2).await;
    });
}

#[test]
fn text_typed_while_the_screen_is_too_small_stays_text() {
    workbench(live((140, 40)), |desk| async move {
        desk.sees("A lighthouse").await;
        desk.press("i");
        desk.write("quick").await;
        desk.glass.resize(20, 5);
        desk.send(Event::Resize(20, 5));
        desk.sees("too small").await;
        desk.write(" gy q").await;
        desk.glass.resize(140, 40);
        desk.send(Event::Resize(140, 40));
        desk.sees("quick gy qA lighthouse").await;
        assert_eq!(desk.store.unsettled_takes(None).unwrap(), []);
    });
}

/// Draws a frame of that size and tells the state what it showed.
fn frame(app: &mut App, screen: &Screen, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut seen = None;
    terminal
        .draw(|frame| seen = Some(screen.draw(app, frame)))
        .unwrap();
    let buffer = terminal.backend().buffer().clone();
    app.drawn(seen.unwrap());
    buffer.content.iter().map(Cell::symbol).collect()
}

/// Whether the words of `sentence` are on the screen in order, wherever they are wrapped.
fn shows(screen: &str, sentence: &str) -> bool {
    let mut rest = screen;
    sentence.split_whitespace().all(|word| {
        let found = rest.find(word);
        rest = &rest[found.map_or(0, |at| at + word.len())..];
        found.is_some()
    })
}

#[test]
fn a_question_that_was_not_drawn_whole_never_buys_a_take() {
    let wrong = Form {
        prompt: "Shot 1 | 0s-20s\nA kite.\n\nShot 2 | 10s-30s\nA boat in image 3.".into(),
        ..Form::default()
    };
    let right = Form {
        prompt: "A kite over the sea.".into(),
        ..Form::default()
    };
    let screen = plain_screen();
    for form in [right, wrong] {
        let mut app = live_app_alone(form);
        // Every size around the least that panes need, and some of all others.
        let heights = (0..=26_u16).filter(|height| height % 4 == 0 || (8..15).contains(height));
        for height in heights {
            let widths = (0..=90_u16).filter(|width| width % 6 == 0 || (37..44).contains(width));
            for width in widths {
                frame(&mut app, &screen, width, height);
                app.feed(&[Event::Key(event_of("g"))]);
                let mut bought = false;
                let mut read = String::new();
                // The first answer is given before any frame has shown the question.
                for press in 0..30 {
                    let text = if press == 0 {
                        String::new()
                    } else {
                        frame(&mut app, &screen, width, height)
                    };
                    read += &text;
                    let asked = app.overlay::<Confirm>();
                    let asked = asked.map(|asked| (asked.question.clone(), asked.details.clone()));
                    let effects = app.feed(&[Event::Key(event_of("y"))]);
                    if effects
                        .iter()
                        .any(|effect| matches!(effect, Effect::Engine(EngineWork::Admit(_))))
                    {
                        let (question, details) = asked.unwrap();
                        assert!(
                            shows(&text, &question),
                            "{width}x{height}: bought without {question:?}"
                        );
                        for detail in details {
                            assert!(
                                shows(&read, &detail),
                                "{width}x{height}: bought without {detail:?}"
                            );
                        }
                        bought = true;
                        break;
                    }
                }
                assert_eq!(bought, width >= 40 && height >= 10, "{width}x{height}");
                while !app.overlays().is_empty() {
                    app.act(Action::Leave).unwrap();
                }
            }
        }
    }
}
