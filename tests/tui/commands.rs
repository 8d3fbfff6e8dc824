//! Every offered action is done, in every place, and no other.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use crossterm::event::Event;
use rushes::model::clock::SystemClock;
use rushes::model::text::capitalized;
use rushes::model::{FailureKind, Form, Take, TakeState};
use rushes::service::knock_out::KnockOut;
use rushes::store::{Choice, Decision, Store, Tally};
use rushes::tui::app::App;
use rushes::tui::choosing::{WallNews, WallPage, WallWork};
use rushes::tui::effect::{Effect, Message, Whole};
use rushes::tui::keymap::{Action, Context, Group};

use crate::fake_service::{differences, queue_live_takes};
use crate::test_workbench::{event_of, live_app_alone};

/// A store with takes of two seeds, and the form they were made of.
fn store() -> (tempfile::TempDir, Store, Form) {
    let form = Form {
        prompt: "Shot 1 | 0s-4s\nA kite.\n\nShot 2 | 4s-14s\nA boat.".to_owned(),
        ..Form::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
    queue_live_takes(&store, "main", &form, &[7, 8]);
    (folder, store, form)
}

/// A workbench with these takes in the queue and the log, brought to a place.
fn app_in(place: Context, store: &Store, form: &Form, change: impl Fn(&mut [Take])) -> App {
    let mut takes = store.unsettled_takes(None).unwrap();
    change(&mut takes);
    let mut app = live_app_alone(form.clone());
    let state = app.state_mut();
    state.takes.log.show(takes.clone());
    state.takes.queue.takes = takes;
    state.takes.unsettled.sent = usize::from(place == Context::Quitting);
    let keys = match place {
        Context::Prompt => "",
        Context::Editing => "i",
        Context::Parameters => "2",
        Context::Queue => "3",
        Context::Log => "4",
        Context::Monitor => "5",
        Context::Reader => "?",
        Context::Confirm => "g",
        Context::Quitting => "q",
        Context::OnHold => "H",
        Context::Caps => "C",
        Context::Columns => "|",
        Context::Palette => ":",
        Context::Field => "N",
        Context::Planner => "s",
        Context::Menu => "f",
        Context::Timeline => "t",
        Context::Wall => "4 w",
        Context::Numbers => "$",
        Context::Reconcile | Context::Global | Context::Pair | Context::Ranking | Context::TakePage => "",
    };
    for key in keys.split_whitespace() {
        for effect in app.feed(&[Event::Key(event_of(key))]) {
            if let Effect::Wall(WallWork::Read(view)) = effect {
                let page = WallPage {
                    tally: Tally {
                        takes: 2,
                        ..Tally::default()
                    },
                    offset: 0,
                    takes: app.state().takes.queue.takes.clone(),
                    found: None,
                };
                app.receive(Message::Wall(WallNews::Read(view, Ok(Box::new(page)))));
            }
        }
    }
    if matches!(place, Context::Pair | Context::Ranking) {
        let takes = app.state().takes.queue.takes.clone();
        let decision = Decision {
            at: takes[0].created_at,
            left: takes[0].id,
            right: takes[1].id,
            choice: Choice::Left,
        };
        let decisions = (place == Context::Ranking).then_some(decision);
        let game = KnockOut {
            takes,
            decisions: decisions.into_iter().collect(),
        };
        app.receive(Message::KnockOutOpened(Ok(Box::new(game))));
    }
    if place == Context::TakePage {
        let take = app.state().takes.queue.takes[0].clone();
        let whole = Whole {
            take,
            exchanges: Vec::new(),
            events: Vec::new(),
            children: Vec::new(),
        };
        app.receive(Message::Opened(Ok(Arc::new(whole))));
    }
    if place == Context::Reconcile {
        let result = Ok(Some(Arc::new(differences(store))));
        app.receive(Message::Reconciled { quiet: false, result });
    }
    app
}

/// Every text that a command shows, in one list to read through: its name, label and description, then other labels and
/// the reasons why it is not possible.
#[test]
fn all_texts_of_the_commands() {
    let (_folder, store, form) = store();
    let places = Context::ALL.into_iter().filter(|place| *place != Context::Global);
    let on_hold = |takes: &mut [Take]| takes[0].on_hold = Some(FailureKind::OutputAudio);
    let settled = |takes: &mut [Take]| {
        for take in takes {
            take.state = TakeState::Saved;
        }
    };
    let mut apps: Vec<App> = places
        .map(|place| app_in(place, &store, &form, on_hold))
        .collect();
    apps.extend([Context::Queue, Context::Log].map(|place| app_in(place, &store, &form, settled)));
    let mut empty = live_app_alone(Form::default());
    apps.push(live_app_alone(Form::default()));
    empty.act(Action::FocusQueue).unwrap();
    apps.push(empty);
    let mut texts = String::new();
    for group in Group::ALL {
        writeln!(texts, "{}", group.title()).unwrap();
        for action in Action::ALL.iter().filter(|action| action.group() == group) {
            writeln!(texts, "  {action}: {}. {}", action.short(), action.about()).unwrap();
            let mut others = BTreeSet::new();
            for offered in apps.iter().filter_map(|app| app.offer(*action)) {
                if offered.label != action.short() {
                    others.insert(format!("label {}", offered.label));
                }
                others.extend(offered.possible.err().map(|why| format!("refused: {why}")));
            }
            for other in others {
                writeln!(texts, "    {other}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(texts);
}

#[test]
fn every_offered_action_is_done_and_no_other() {
    let (_folder, store, form) = store();
    let on_hold: fn(&mut [Take]) = |takes| takes[0].on_hold = Some(FailureKind::OutputAudio);
    let unknown: fn(&mut [Take]) = |takes| {
        for take in takes {
            take.on_hold = Some(FailureKind::InputText);
            take.state = TakeState::Unknown;
        }
    };
    let changes = [on_hold, unknown];
    let (mut done, mut refused) = (0, 0);
    for place in Context::ALL.into_iter().filter(|place| *place != Context::Global) {
        // What takes are like matters where they are acted on.
        let changes = match place {
            Context::Queue | Context::Log => &changes[..],
            _ => &changes[..1],
        };
        let all = changes
            .iter()
            .flat_map(|change| Action::ALL.iter().map(move |action| (change, *action)));
        for (change, action) in all {
            let mut app = app_in(place, &store, &form, change);
            assert_eq!(app.context(), place);
            let offered = app.offer(action).map(|offered| offered.possible);
            let (news, hints) = (app.state().news.shown(), app.hints());
            let acted = app.act(action);
            assert_eq!(
                acted.is_ok(),
                matches!(offered, Some(Ok(()))),
                "{action} in {}: offered {offered:?}, done {acted:?}",
                place.name()
            );
            if let Err(why) = acted {
                refused += 1;
                let told = app.state().news.notice(false).unwrap();
                assert_eq!(told.text, format!("{}: {why}", capitalized(action.short())));
                assert_ne!(app.state().news.shown(), news, "the reason is told");
                assert_eq!(app.context(), place, "{action} was refused and did something");
                assert_eq!(app.hints(), hints, "{action} was refused and did something");
                assert_eq!(app.state().form.current, form);
            } else {
                done += 1;
            }
        }
    }
    assert!(done > 500 && refused > 100, "{done} {refused}");
}

/// The key line names only what a key of this place does now.
#[test]
fn every_hint_is_a_key_that_acts() {
    let (_folder, store, form) = store();
    for place in Context::ALL.into_iter().filter(|place| *place != Context::Global) {
        let app = app_in(place, &store, &form, |_| {});
        if app.context() != place {
            // Nothing is on hold here.
            continue;
        }
        let top = app.top();
        for action in top.hints() {
            let offered = app.offer(*action);
            assert!(
                offered.is_some(),
                "{action} is a hint in {} and no command",
                place.name()
            );
            let has_key = !app.state().keymap.chords(place, *action).is_empty();
            assert!(has_key, "{action} is a hint in {} and has no key", place.name());
        }
        assert!(!app.hints().is_empty(), "{}", place.name());
    }
}

/// A key of a place is a command there, and what is no command of a place says so.
#[test]
fn every_default_key_is_a_command() {
    let (_folder, store, form) = store();
    for place in Context::ALL.into_iter().filter(|place| *place != Context::Global) {
        let app = app_in(place, &store, &form, |takes| {
            takes[0].on_hold = Some(FailureKind::OutputAudio);
        });
        for action in app.state().keymap.actions(place) {
            assert!(app.offer(action).is_some(), "{action} in {}", place.name());
        }
    }
}
