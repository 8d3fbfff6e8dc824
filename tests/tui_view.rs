//! The workbench's screens as drawn: what they look like, and that no size breaks them.
#![allow(clippy::unwrap_used)]

#[path = "tui_view/sample.rs"]
mod sample;
#[path = "tui_view/styled.rs"]
mod styled;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rushes::model::{Backend, Expectation, FailureKind, TakeId, TakeState, Verdict};
use rushes::tui::editor::Editor;
use rushes::tui::glyphs::ASCII;
use rushes::tui::panes::{
    LogPane, LogRow, Notice, PaneId, Param, QueuePane, QueueRow, Spot, Stopped, Target, layout,
};
use rushes::tui::theme::{ColorDepth, Role, Theme};
use sample::{Sample, refused, saved, take, theme};
use styled::{styled, text};

/// Each shipped theme at the depth it is made for.
const THEMES: [(&str, ColorDepth); 4] = [
    ("ansi", ColorDepth::Ansi16),
    ("mono", ColorDepth::Never),
    ("night", ColorDepth::Truecolor),
    ("paper", ColorDepth::Truecolor),
];

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 45)];

fn ansi() -> Theme {
    theme("ansi", ColorDepth::Ansi16)
}

#[test]
fn screens_look_as_they_did() {
    for (name, depth) in THEMES {
        let theme = theme(name, depth);
        for (width, height) in SIZES {
            for (state, sample) in [("empty", Sample::empty()), ("busy", Sample::busy())] {
                let (buffer, drawn) = sample.draw(width, height, PaneId::Prompt, false, &theme);
                let picture = styled(&buffer, drawn.caret);
                insta::assert_snapshot!(format!("{name}_{width}x{height}_{state}"), picture);
            }
        }
    }
}

/// Each pane with the keys at 80×24, in words only: the styles are in the screens above.
#[test]
fn every_pane_takes_the_room_when_it_has_the_keys() {
    let sample = Sample::busy();
    for id in PaneId::ALL {
        let (buffer, _) = sample.draw(80, 24, id, false, &ansi());
        insta::assert_snapshot!(format!("focus_{id:?}"), text(&buffer));
    }
}

#[test]
fn trouble_is_told_with_what_helps() {
    let mut sample = Sample::busy();
    sample.shown = refused(115, 7);
    sample.draft.first_frame = "stills/her look.png".into();
    sample.draft.images = vec!["refs/a\u{1b}[2J.png".into()];
    let mut panes = sample.panes();
    panes.queue.stopped = Some(Stopped {
        kind: FailureKind::Credits,
        message: "balance \u{1b}]0;x\u{7} too low".into(),
    });
    panes.status.stopped = Some(FailureKind::Credits);
    panes.notice = Some(Notice {
        text: "take 115 failed: moderation: output audio".into(),
        role: Role::Error,
    });
    let area = Rect::new(0, 0, 140, 45);
    let mut buffer = Buffer::empty(area);
    let theme = ansi();
    let places = layout(area, PaneId::Params, false, panes.queue.rows.len());
    panes.draw(&mut buffer, &places, PaneId::Params, &sample.ctx(&theme));
    insta::assert_snapshot!("trouble", text(&buffer));
}

#[test]
fn ascii_screens_are_ascii() {
    let mut sample = Sample::busy();
    sample.editor = Editor::new("Shot 1 | 0-2s");
    sample.glyphs = &ASCII;
    sample.shown.state = TakeState::Failed;
    let (buffer, _) = sample.draw(140, 45, PaneId::Prompt, false, &ansi());
    let shown = text(&buffer);
    assert!(shown.is_ascii(), "{shown}");
}

#[test]
fn drawing_changes_nothing() {
    let mut sample = Sample::busy();
    sample.editor = Editor::new(&"line\n".repeat(60));
    sample.editor.go_to(40, 3);
    let theme = ansi();
    for (width, height) in SIZES {
        for id in PaneId::ALL {
            let once = sample.draw(width, height, id, false, &theme);
            assert_eq!(
                once,
                sample.draw(width, height, id, false, &theme),
                "{width}x{height} {id:?}"
            );
        }
    }
}

#[test]
fn every_size_can_be_drawn() {
    let themes = [
        ansi(),
        theme("mono", ColorDepth::Never),
        theme("night", ColorDepth::Ansi256),
    ];
    let mut samples = [Sample::empty(), Sample::busy(), Sample::busy()];
    samples[1].editor.go_to(usize::MAX, usize::MAX);
    samples[2].shown = refused(115, 7);
    samples[2].filtering = true;
    samples[2].draft.first_frame = "镜头/一二三.png".into();
    samples[2].draft.images = vec!["a.png".into(); 11];
    samples[2].params.select(Spot::Item(Param::Images, 9));
    assert!(samples[2].params.begin_edit(&samples[2].draft));
    for height in 0..60 {
        for width in (0..200).filter(|w| w % 7 == height % 7 || *w < 4) {
            let id = PaneId::ALL[usize::from(width + height) % PaneId::ALL.len()];
            for (sample, theme) in samples.iter().zip(&themes) {
                for zoom in [false, true] {
                    let (buffer, drawn) = sample.draw(width, height, id, zoom, theme);
                    let inside = |at: Position| buffer.area.contains(at);
                    assert!(drawn.caret.is_none_or(inside), "{width}x{height} {id:?}");
                    let hits_inside = drawn
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
    let mut sample = Sample::busy();
    sample.filtering = true;
    let theme = ansi();
    let screen = Rect::new(0, 0, 90, 30);
    for height in 0..30 {
        for width in (0..90).filter(|w| *w < 14 || w % 5 == height % 5) {
            let area = Rect::new(90 - width, 30 - height, width, height);
            let panes = sample.panes();
            let ctx = sample.ctx(&theme).focused(true);
            let mut buffer = Buffer::empty(screen);
            let drawn = [
                panes.prompt.draw(&mut buffer, area, &ctx),
                panes.params.draw(&mut buffer, area, &ctx),
                panes.queue.draw(&mut buffer, area, &ctx),
                panes.log.draw(&mut buffer, area, &ctx),
                panes.monitor.draw(&mut buffer, area, &ctx),
                panes.prompt.draw_line(&mut buffer, area, &ctx),
                panes.params.draw_line(&mut buffer, area, &ctx),
                panes.queue.draw_line(&mut buffer, area, &ctx),
                panes.log.draw_line(&mut buffer, area, &ctx),
                panes.monitor.draw_line(&mut buffer, area, &ctx),
            ];
            panes.status.draw(&mut buffer, area, &ctx);
            panes.keys.draw(&mut buffer, area, &ctx);
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

#[test]
fn the_caret_is_where_keys_go() {
    let mut sample = Sample::busy();
    let theme = ansi();
    sample.editor.go_to(1, 4);
    let (_, drawn) = sample.draw(80, 24, PaneId::Prompt, false, &theme);
    assert_eq!(drawn.caret, Some(Position::new(6, 3)));
    assert_eq!(sample.draw(80, 24, PaneId::Log, false, &theme).1.caret, None);

    sample.params.select(Spot::Param(Param::Seeds));
    assert!(sample.params.begin_edit(&sample.draft));
    let key = KeyEvent::new(KeyCode::Home, KeyModifiers::NONE);
    sample.params.key(key);
    let (buffer, drawn) = sample.draw(80, 24, PaneId::Params, false, &theme);
    let caret = drawn.caret.unwrap();
    assert_eq!((buffer[caret].symbol(), caret.x), ("7", 14));

    sample.filtering = true;
    let (buffer, drawn) = sample.draw(80, 24, PaneId::Log, false, &theme);
    let caret = drawn.caret.unwrap();
    let before: String = (0..caret.x).map(|x| buffer[(x, caret.y)].symbol()).collect();
    assert!(before.ends_with("/seed:42"), "{before}");
}

#[test]
fn places_on_screen_tell_what_they_are() {
    let sample = Sample::busy();
    let (buffer, drawn) = sample.draw(80, 24, PaneId::Params, false, &ansi());
    let find = |wanted: &str| {
        let rows = 0..buffer.area.height;
        let row = |y| (0..80).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        rows.into_iter().find_map(|y| {
            let line = row(y);
            let at = line.find(wanted)?;
            Some(Position::new(
                u16::try_from(line[..at].chars().count()).unwrap(),
                y,
            ))
        })
    };
    let target = |wanted: &str| drawn.at(find(wanted).unwrap());
    assert_eq!(
        target("Duration"),
        Some(Target::Spot(Spot::Param(Param::Duration)))
    );
    assert_eq!(
        target("Last frame"),
        Some(Target::Spot(Spot::Param(Param::LastFrame)))
    );
    assert_eq!(
        target("videos 0/3"),
        Some(Target::Spot(Spot::Param(Param::Videos)))
    );
    assert_eq!(target("119"), Some(Target::Take(PaneId::Queue, TakeId(119))));
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
    let sample = Sample::busy();
    let theme = ansi();
    let ctx = sample.ctx(&theme);
    let mut take = saved(1118, 2_147_483_647, 390, 118, 702_500);
    take.verdict = Verdict::Circled;
    let pane = LogPane {
        rows: vec![LogRow::of(&take, Some(127_000))],
        selected: Some(0),
        total: 1,
        ..LogPane::default()
    };
    let mut brackets = 0;
    for width in 40..=140 {
        let line = first_row(width, |buffer, area| drop(pane.draw(buffer, area, &ctx)));
        for part in ["1118", "s2147483647", "480p 10s", "saved", "*"] {
            assert!(line.contains(part), "{width}: no {part} in {line}");
        }
        let count = line.matches('(').count();
        assert!(count >= brackets, "{width}: {line}");
        brackets = count;
        if count > 0 {
            assert!(
                line.contains("14:22 ") && line.contains(" 118s") && line.contains(" $0.703"),
                "{line}"
            );
        }
    }
    assert_eq!(brackets, 2);
    for width in 40..=140_u16 {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        pane.draw_line(&mut buffer, area, &ctx);
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
    let sample = Sample::busy();
    let theme = ansi();
    let ctx = sample.ctx(&theme);
    let take = take(1121, 2_147_483_647, TakeState::Processing, Some(72));
    let expected = Expectation {
        p10_ms: 95_000,
        p50_ms: 130_000,
        p90_ms: 170_000,
        basis: String::new(),
    };
    let pane = QueuePane {
        rows: vec![QueueRow::of(&take, Some(&expected))],
        selected: Some(0),
        ..QueuePane::default()
    };
    for width in 56..=140 {
        let line = first_row(width, |buffer, area| drop(pane.draw(buffer, area, &ctx)));
        for part in ["1121", "seed 2147483647", "480p 10s", "processing  1:12"] {
            assert!(line.contains(part), "{width}: no {part} in {line}");
        }
        assert!(line.contains("$0.70") || width < 64, "{width}: {line}");
    }
}

#[test]
fn the_mode_stands_whole_in_the_status_line_at_every_width() {
    let sample = Sample::busy();
    let theme = ansi();
    let ctx = sample.ctx(&theme);
    let mut status = sample.panes().status;
    status.reel = "a reel with a long name of its own".into();
    for (backend, badge) in [(Backend::Live, "LIVE"), (Backend::Sandbox, "SANDBOX")] {
        status.backend = backend;
        for mode in [
            "EDITING",
            "TYPING",
            "FILTERING",
            "CHOOSING",
            "COMMAND",
            "TIMELINE",
        ] {
            status.mode = Some(mode);
            for width in 40..=160_u16 {
                let area = Rect::new(0, 0, width, 1);
                let mut buffer = Buffer::empty(area);
                status.draw(&mut buffer, area, &ctx);
                let line: String = (0..width).map(|x| buffer[(x, 0)].symbol()).collect();
                assert!(line.contains(mode) && line.contains(badge), "{width}: {line}");
            }
        }
    }
}

/// The filter is typed in the log's lower border, which news would cover.
#[test]
fn news_stand_above_the_keys_and_never_over_the_row_that_is_typed_in() {
    let mut sample = Sample::busy();
    sample.filtering = true;
    let theme = ansi();
    for (width, height) in [(80, 24), (140, 45)] {
        let mut panes = sample.panes();
        panes.notice = Some(Notice {
            text: "take 121 is saved ".repeat(8),
            role: Role::Ok,
        });
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let places = layout(area, PaneId::Log, false, 5);
        let drawn = panes.draw(&mut buffer, &places, PaneId::Log, &sample.ctx(&theme));
        let shown = text(&buffer);
        assert!(shown.lines().last().unwrap().contains("? help"), "{shown}");
        assert!(
            shown.contains("/seed:42") && shown.contains("take 121 is saved take 121"),
            "{shown}"
        );
        assert!(drawn.floor < height - 1, "{shown}");
    }
}

#[test]
fn nothing_steers_the_terminal() {
    let mut sample = Sample::busy();
    let wild = "\u{1b}]52;c;x\u{7}\u{202e}\u{9b}31m\r\nline";
    sample.shown.note = Some(wild.into());
    sample.shown.error = Some(wild.into());
    sample.shown.state = TakeState::Failed;
    sample.draft.videos = vec![wild.into()];
    sample.draft.seeds = wild.into();
    for id in PaneId::ALL {
        let mut panes = sample.panes();
        panes.status.reel = wild.into();
        panes.queue.foot = wild.into();
        panes.monitor.picture = Err(wild.into());
        panes.log.filter.text = wild;
        panes.notice = Some(Notice {
            text: wild.into(),
            role: Role::Warn,
        });
        let area = Rect::new(0, 0, 140, 45);
        let mut buffer = Buffer::empty(area);
        let theme = ansi();
        let places = layout(area, id, false, 5);
        panes.draw(&mut buffer, &places, id, &sample.ctx(&theme));
        for cell in &buffer.content {
            let steers = cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}');
            assert!(!steers, "{id:?}: {:?}", cell.symbol());
        }
    }
}
