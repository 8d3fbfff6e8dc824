//! Drawing: no size, text or focus breaks a screen, and the positions of what was drawn are reported.

use std::sync::Arc;

use crossterm::event::Event;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rushes::model::{
    Backend, FailureKind, Form, Seed, Take, TakeId, TakeState, Usd, Verdict, Wait, clock::ManualClock,
};
use rushes::store::{Claim, Claimed, Facts, Filter, Store};
use rushes::tui::app::{App, SCRIPT, Seen};
use rushes::tui::canvas::Canvas;
use rushes::tui::editor::Editor;
use rushes::tui::effect::{Effect, Frame, Message, Pictured};
use rushes::tui::glyphs::{ASCII, Glyphs, UNICODE};
use rushes::tui::keymap::Action;
use rushes::tui::panes::{Ctx, Drawn, Monitor, PaneId, Parameter, Spot, Target, status};
use rushes::tui::screen::Screen;
use rushes::tui::state::Tone;
use rushes::tui::theme::{ColorDepth, Theme};

use crate::fake_service::queue_live_takes;
use crate::picture_modes::pictured;
use crate::styled_text::text;
use crate::test_workbench::{event_of, live_app_alone};

const OWNER: &str = "a stand-in";
const WILD: &str = "\u{1b}]52;c;x\u{7}\u{202e}\u{9b}31m\r\nline";
/// Takes of these seeds, in these states.
const TAKES: [(u32, TakeState); 7] = [
    (2_147_483_647, TakeState::Saved),
    (7, TakeState::Failed),
    (100, TakeState::Processing),
    (42, TakeState::Queued),
    (3, TakeState::Unknown),
    (101, TakeState::Waiting),
    (102, TakeState::Waiting),
];

pub fn ansi() -> Theme {
    Theme::fallback(ColorDepth::Ansi16)
}

pub fn screen_of(theme: Theme, glyphs: &'static Glyphs) -> Screen {
    Screen::new(theme, glyphs, TimeZone::UTC)
}

/// A live workbench on the sample script, with a take in each state that matters. They are as the store gives them.
pub fn at_work() -> App {
    let form = Form {
        prompt: SCRIPT.to_owned(),
        seeds: "7, 42, 100..103".to_owned(),
        ..Form::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let start: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
    let clock = Arc::new(ManualClock::at(start));
    let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
    queue_live_takes(&store, "night-drive", &form, &TAKES.map(|(seed, _)| seed));
    for (_, end) in TAKES {
        if end != TakeState::Waiting {
            send(&store, end);
        }
    }
    clock.advance(SignedDuration::from_secs(118));
    settle(&store);
    store.set_verdict(TakeId(1), Verdict::Circled).unwrap();
    store.set_note(TakeId(1), "her look at 0:03 is right").unwrap();
    let mut app = live_app_alone(form);
    clock.advance(SignedDuration::from_secs(72));
    let state = app.state_mut();
    state.facts.clock = clock;
    state.look_at_clock();
    state.takes.queue.takes = store.unsettled_takes(None).unwrap();
    state
        .takes
        .log
        .show(store.takes(&Filter::default(), 0, 100).unwrap());
    app
}

/// Sends the next take and brings it to `end`, or to the first state on the way there.
fn send(store: &Store, end: TakeState) {
    let claim = Claim {
        owner: OWNER.into(),
        account: "0123456789abcdef".into(),
        backend: Backend::Live,
        limit: 9,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(600),
    };
    let Claimed::Take(take) = store.claim(&claim).unwrap() else {
        panic!("no take to claim")
    };
    let steps: &[TakeState] = match end {
        TakeState::Unknown => &[TakeState::Unknown],
        TakeState::Queued => &[TakeState::Accepted, TakeState::Queued],
        _ => &[TakeState::Accepted, TakeState::Processing],
    };
    for state in steps {
        let facts = Facts {
            request_id: Some(format!("request-{}", take.id)).filter(|_| *state == TakeState::Accepted),
            ..Facts::default()
        };
        store.step(OWNER, take.id, *state, "by the test", &facts).unwrap();
    }
}

/// Saves the first take, and fails the second.
fn settle(store: &Store) {
    let step = |id, state, facts: Facts| {
        store
            .step(OWNER, TakeId(id), state, "by the test", &facts)
            .unwrap();
    };
    let cost = Some(Usd::from_micros(702_500));
    step(
        1,
        TakeState::Rendered,
        Facts {
            cost,
            ..Facts::default()
        },
    );
    let saved = Facts {
        http_status: Some(200),
        file: Some("/home/ada/reels/night-drive/00001-s2147483647-480p-10s.mp4".into()),
        bytes: Some(3_149_000),
        sha256: Some("9f2c41aa".repeat(8)),
        ..Facts::default()
    };
    step(1, TakeState::Saved, saved);
    let refused = Facts {
        error: Some("The output audio was \x1b[31mrefused\x1b[0m by the safety check.".to_owned()),
        error_kind: Some(FailureKind::OutputAudio),
        ..Facts::default()
    };
    step(2, TakeState::Failed, refused);
}

/// Selects the saved take and draws it at a size; returns the request for its picture.
fn choose_saved(app: &mut App, width: u16, height: u16) -> Frame {
    let log = &mut app.state_mut().takes.log;
    log.at = log.count - 1;
    focus(app, PaneId::Log);
    let (_, seen, _) = draw(app, &screen_of(ansi(), &UNICODE), width, height);
    let effects = app.drawn(seen);
    let mut frames = effects.iter().filter_map(|effect| match effect {
        Effect::Picture(frame) => Some(frame.clone()),
        _ => None,
    });
    frames.next().unwrap_or_else(|| panic!("{effects:?}"))
}

/// The same with the saved take selected and its picture decoded.
pub fn with_picture() -> App {
    let mut app = at_work();
    let frame = choose_saved(&mut app, 140, 45);
    app.receive(Message::Pictured(Box::new(pictured(frame))));
    app
}

pub fn focus(app: &mut App, pane: PaneId) {
    let actions = [
        Action::FocusPrompt,
        Action::FocusParameters,
        Action::FocusQueue,
        Action::FocusLog,
        Action::FocusMonitor,
    ];
    app.act(actions[pane as usize]).unwrap();
}

/// Draws one pane with the keys, anywhere.
fn draw_pane(app: &App, pane: PaneId, buffer: &mut Buffer, area: Rect) -> Drawn {
    let theme = ansi();
    let mut canvas = Canvas {
        buffer,
        ctx: Ctx {
            focused: true,
            ..ctx(app, &theme)
        },
        hints: &[],
        pictures: Vec::new(),
    };
    app.pane(pane).draw(&mut canvas, area, app.state())
}

/// A frame of that size, and where its cursor is.
pub fn draw(app: &App, screen: &Screen, width: u16, height: u16) -> (Buffer, Seen, Option<Position>) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut seen = None;
    terminal
        .draw(|frame| seen = Some(screen.draw(app, frame)))
        .unwrap();
    let backend = terminal.backend();
    let cursor = backend.cursor_visible().then(|| backend.cursor_position());
    (backend.buffer().clone(), seen.unwrap(), cursor)
}

pub fn press(app: &mut App, keys: &str) {
    for key in keys.split_whitespace() {
        app.feed(&[Event::Key(event_of(key))]);
    }
}

/// Pictures are decoded in parallel, so an older one may arrive last.
#[test]
fn a_late_picture_does_not_replace_a_newer_one() {
    let mut app = at_work();
    let asked = [(120, 40), (200, 60)].map(|(width, height)| choose_saved(&mut app, width, height));
    for frame in asked.iter().rev() {
        app.receive(Message::Pictured(Box::new(pictured(frame.clone()))));
    }
    let monitor = app.pane(PaneId::Monitor).downcast::<Monitor>().unwrap();
    assert_eq!(monitor.frame(), Some(&asked[1]));
}

#[test]
fn ascii_screens_are_ascii() {
    let mut app = at_work();
    app.state_mut().form.editor = Editor::new("Shot 1 | 0-2s");
    for id in PaneId::ALL {
        focus(&mut app, id);
        let (buffer, ..) = draw(&app, &screen_of(ansi(), &ASCII), 140, 45);
        let shown = text(&buffer);
        assert!(shown.is_ascii(), "{shown}");
    }
}

#[test]
fn drawing_changes_nothing() {
    let mut app = at_work();
    let editor = &mut app.state_mut().form.editor;
    *editor = Editor::new(&"line\n".repeat(60));
    editor.go_to(40, 3);
    let screen = screen_of(ansi(), &UNICODE);
    for (width, height) in [(80, 24), (140, 45)] {
        for id in PaneId::ALL {
            focus(&mut app, id);
            let once = draw(&app, &screen, width, height);
            assert_eq!(
                once,
                draw(&app, &screen, width, height),
                "{width}x{height} {id:?}"
            );
        }
    }
}

#[test]
fn every_size_can_be_drawn() {
    let empty = live_app_alone(Form::default());
    let mut full = with_picture();
    full.state_mut().form.editor.go_to(usize::MAX, usize::MAX);
    let mut typing = at_work();
    let form = &mut typing.state_mut().form.current;
    form.first_frame = "镜头/一二三.png".into();
    form.images = vec!["a.png".into(); 11];
    let screens = [
        screen_of(ansi(), &UNICODE),
        screen_of(Theme::load("mono", None, ColorDepth::Never).unwrap(), &ASCII),
        screen_of(Theme::load("night", None, ColorDepth::Ansi256).unwrap(), &UNICODE),
    ];
    let mut apps = [empty, full, typing];
    for height in 0..60 {
        for width in (0..200).filter(|w| w % 7 == height % 7 || *w < 4) {
            let id = PaneId::ALL[usize::from(width + height) % PaneId::ALL.len()];
            for (app, screen) in apps.iter_mut().zip(&screens) {
                focus(app, id);
                // Text is typed where it can be.
                press(app, ["i", "end enter", "", "/", ""][id as usize]);
                for _ in [false, true] {
                    app.act(Action::Zoom).unwrap();
                    let (buffer, seen, cursor) = draw(app, screen, width, height);
                    let inside = |at: Position| buffer.area.contains(at);
                    assert!(cursor.is_none_or(inside), "{width}x{height} {id:?}");
                    let hits_inside = seen
                        .drawn
                        .hits
                        .iter()
                        .all(|(area, _)| buffer.area.union(*area) == buffer.area);
                    assert!(hits_inside, "{width}x{height} {id:?}");
                }
            }
        }
    }
}

/// Panes must hold in any rectangle, not only those that the layout makes.
#[test]
fn every_pane_fits_in_any_area() {
    let mut app = with_picture();
    press(&mut app, "/ s e e d");
    let theme = ansi();
    let ctx = ctx(&app, &theme);
    let keys = app.hints();
    let screen = Rect::new(0, 0, 90, 30);
    for height in 0..30 {
        for width in (0..90).filter(|w| *w < 14 || w % 5 == height % 5) {
            let area = Rect::new(90 - width, 30 - height, width, height);
            let mut buffer = Buffer::empty(screen);
            let drawn = PaneId::ALL.map(|pane| draw_pane(&app, pane, &mut buffer, area));
            status::draw_status(app.state(), app.top().mode(), &mut buffer, area, &ctx);
            status::draw_keys(&keys, &mut buffer, area, &ctx);
            for drawn in drawn {
                assert!(drawn.caret.is_none_or(|at| area.contains(at)), "{width}x{height}");
            }
            let outside = |at: &Position| !area.contains(*at);
            let untouched = screen
                .positions()
                .filter(outside)
                .all(|at| buffer[at].symbol() == " ");
            assert!(untouched, "{width}x{height} drew outside its area");
        }
    }
}

fn ctx<'a>(app: &'a App, theme: &'a Theme) -> Ctx<'a> {
    Ctx {
        theme,
        glyphs: &UNICODE,
        focused: false,
        now: app.state().now,
        zone: &app.state().facts.zone,
        form: &app.state().form.current,
    }
}

/// Where a text begins on the screen.
fn place_of(buffer: &Buffer, wanted: &str) -> Position {
    let row = |y: u16| {
        (0..buffer.area.width)
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
    };
    let found = (0..buffer.area.height).find_map(|y| {
        let line = row(y);
        let at = line.find(wanted)?;
        Some(Position::new(
            u16::try_from(line[..at].chars().count()).unwrap(),
            y,
        ))
    });
    found.unwrap_or_else(|| panic!("no {wanted:?} in\n{}", text(buffer)))
}

#[test]
fn the_cursor_is_where_keys_go() {
    let mut app = at_work();
    let screen = screen_of(ansi(), &UNICODE);
    press(&mut app, "i ctrl-home down down down right right right right");
    let (buffer, _, cursor) = draw(&app, &screen, 80, 24);
    let shot = place_of(&buffer, "Shot 1");
    assert_eq!(cursor, Some(Position::new(shot.x + 4, shot.y)));
    press(&mut app, "esc 4");
    assert_eq!(draw(&app, &screen, 80, 24).2, None);

    press(&mut app, "s home");
    let (buffer, _, cursor) = draw(&app, &screen, 80, 24);
    assert_eq!(cursor, Some(place_of(&buffer, "7, 42")));

    press(&mut app, "esc / s e e d");
    let (buffer, _, cursor) = draw(&app, &screen, 80, 24);
    let filter = place_of(&buffer, "/seed");
    assert_eq!(cursor, Some(Position::new(filter.x + 5, filter.y)));
}

#[test]
fn places_on_screen_tell_what_they_are() {
    let mut app = at_work();
    focus(&mut app, PaneId::Parameters);
    let (buffer, seen, _) = draw(&app, &screen_of(ansi(), &UNICODE), 80, 24);
    let target = |wanted: &str| seen.drawn.at(place_of(&buffer, wanted));
    assert_eq!(
        target("Duration"),
        Some(Target::Spot(Spot::Parameter(Parameter::Duration)))
    );
    assert_eq!(
        target("Last frame"),
        Some(Target::Spot(Spot::Parameter(Parameter::LastFrame)))
    );
    assert_eq!(
        target("videos 0/3"),
        Some(Target::Spot(Spot::Parameter(Parameter::Videos)))
    );
    assert_eq!(target("seed 100"), Some(Target::Take(PaneId::Queue, TakeId(3))));
    assert_eq!(target("4 Log"), Some(Target::Pane(PaneId::Log)));
}

/// The text of a pane's first row.
fn first_row(width: u16, draw: impl FnOnce(&mut Buffer, Rect)) -> String {
    let area = Rect::new(0, 0, width, 6);
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer, area);
    (0..width).map(|x| buffer[(x, 1)].symbol()).collect()
}

/// With the widths of real values: seeds as they are drawn, bills and times with their differences.
#[test]
fn a_narrow_log_keeps_what_a_take_is_and_what_became_of_it() {
    let mut app = at_work();
    let state = app.state_mut();
    let log = &mut state.takes.log;
    let take = Take {
        id: TakeId(1118),
        wait: Some(Wait {
            p50_ms: 127_000,
            p90_ms: 190_000,
            basis: String::new(),
        }),
        ..log.groups.last().unwrap().takes[0].clone()
    };
    log.show(vec![take]);
    let mut brackets = 0;
    for width in 40..=140 {
        let line = first_row(width, |buffer, area| {
            draw_pane(&app, PaneId::Log, buffer, area);
        });
        for part in ["1118", "s2147483647", "480p 10s", "saved", "*"] {
            assert!(line.contains(part), "{width}: no {part} in {line}");
        }
        let count = line.matches('(').count();
        assert!(count >= brackets, "{width}: {line}");
        brackets = count;
        if count > 0 {
            assert!(line.contains(" 118s") && line.contains(" $0.703"), "{line}");
        }
    }
    assert_eq!(brackets, 2);
    for width in 40..=140_u16 {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        draw_pane(&app, PaneId::Log, &mut buffer, area);
        let line: String = (0..width).map(|x| buffer[(x, 0)].symbol()).collect();
        assert!(
            line.contains("1118") && line.contains("saved") && line.contains(" *"),
            "{width}: {line}"
        );
        assert!(line.contains("s2147483647") || width < 50, "{width}: {line}");
    }
}

#[test]
fn a_narrow_queue_keeps_what_a_take_is_and_what_it_does() {
    let mut app = at_work();
    let queue = &mut app.state_mut().takes.queue;
    queue.takes.retain(|take| take.state == TakeState::Processing);
    queue.takes[0].id = TakeId(1121);
    queue.takes[0].seed = Seed::new(2_147_483_647).unwrap();
    for width in 56..=140 {
        let line = first_row(width, |buffer, area| {
            draw_pane(&app, PaneId::Queue, buffer, area);
        });
        for part in ["1121", "seed 2147483647", "480p 10s", "processing  3:10"] {
            assert!(line.contains(part), "{width}: no {part} in {line}");
        }
        assert!(line.contains("$0.71") || width < 64, "{width}: {line}");
    }
}

#[test]
fn the_status_line_shows_the_whole_mode_at_every_width() {
    let mut app = at_work();
    let theme = ansi();
    app.state_mut().facts.reel.name = "a reel with a long name of its own".into();
    for (backend, badge) in [(Backend::Live, "LIVE"), (Backend::Sandbox, "SANDBOX")] {
        app.state_mut().facts.backend = backend;
        for mode in [
            "EDITING",
            "TYPING",
            "FILTERING",
            "CHOOSING",
            "COMMAND",
            "TIMELINE",
        ] {
            for width in 40..=160_u16 {
                let area = Rect::new(0, 0, width, 1);
                let mut buffer = Buffer::empty(area);
                status::draw_status(app.state(), Some(mode), &mut buffer, area, &ctx(&app, &theme));
                let line: String = (0..width).map(|x| buffer[(x, 0)].symbol()).collect();
                assert!(line.contains(mode) && line.contains(badge), "{width}: {line}");
            }
        }
    }
}

/// A notice covers neither the keys nor the row that is typed in.
#[test]
fn notices_stand_above_the_keys_and_never_over_the_row_being_edited() {
    let mut app = at_work();
    press(&mut app, "/ s e e d : 4 2");
    app.state_mut().tell(Tone::Good, "take 121 is saved ".repeat(8));
    for (width, height) in [(80, 24), (140, 45)] {
        let (buffer, seen, _) = draw(&app, &screen_of(ansi(), &UNICODE), width, height);
        let shown = text(&buffer);
        assert!(shown.lines().last().unwrap().contains("Esc back"), "{shown}");
        assert!(
            shown.contains("/seed:42") && shown.contains("take 121 is saved take 121"),
            "{shown}"
        );
        assert!(seen.floor < height - 1, "{shown}");
    }
}

#[test]
fn nothing_steers_the_terminal() {
    let mut app = at_work();
    let frame = choose_saved(&mut app, 140, 45);
    let wild = Pictured {
        picture: Err(WILD.into()),
        ..pictured(frame)
    };
    app.receive(Message::Pictured(Box::new(wild)));
    let state = app.state_mut();
    for take in state
        .takes
        .log
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.takes)
    {
        take.note = Some(WILD.into());
        take.error = Some(WILD.into());
        take.file = None;
    }
    state.takes.log.listing.filter = WILD.into();
    state.takes.queue_state.stopped = Some((FailureKind::Credits, WILD.into()));
    state.form.current.videos = vec![WILD.into()];
    state.form.current.seeds = WILD.into();
    state.facts.reel.name = WILD.into();
    state.tell(Tone::Warning, WILD);
    for id in PaneId::ALL {
        focus(&mut app, id);
        for at in 0..app.state().takes.log.count {
            app.state_mut().takes.log.at = at;
            let (buffer, ..) = draw(&app, &screen_of(ansi(), &UNICODE), 140, 45);
            for cell in &buffer.content {
                let steers = cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}');
                assert!(!steers, "{id:?}: {:?}", cell.symbol());
            }
        }
    }
}
