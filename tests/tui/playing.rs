//! Playing in the Monitor: keys in, pictures and words out, on a clock that runs only while nobody has anything to do.

use std::time::Duration;

use rushes::config::{PictureMode, PictureSettings};
use rushes::model::{Backend, Form, TakeState};
use rushes::store::Facts;
use rushes::tui::app::SCRIPT;
use rushes::tui::glyphs::{self, UNICODE};
use rushes::tui::keymap::{Action, Context, Keymap};
use rushes::tui::picture_style::PictureStyle;
use rushes::tui::screen::Screen;

use crate::drawing::{ansi, draw, press, screen_of, with_picture};
use crate::fake_service::queue_live_takes;
use crate::snapshots::{MIDDLE, SMALL};
use crate::styled_text::{role_theme, styled, text};
use crate::takes::work;
use crate::test_workbench::{Desk, Options, REEL, workbench_out_of_time};

/// Pictures of half a second each, 14.5 s in all.
const CLIP: &str = "tests/clips/cut.mp4";

/// Two saved takes: one whose video is there, and a newer one whose video is gone.
fn prepare(desk: &Desk) {
    let form = Form {
        prompt: SCRIPT.to_owned(),
        ..Form::default()
    };
    for (seed, file) in [(7, CLIP), (42, "tests/clips/gone.mp4")] {
        queue_live_takes(&desk.store, REEL, &form, &[seed]);
        let states = [TakeState::Accepted, TakeState::Processing, TakeState::Rendered];
        let id = work(desk, Backend::Live, &states);
        let facts = Facts {
            file: Some(file.into()),
            ..Facts::default()
        };
        let saved = TakeState::Saved;
        desk.store
            .step("a stand-in", id, saved, "by the test", &facts)
            .unwrap();
    }
}

fn options() -> Options {
    Options {
        backend: Backend::Live,
        size: SMALL,
        prepare: Some(prepare),
        ..Options::default()
    }
}

/// Goes to the older take in the Log, beside which the Monitor shows its first picture.
async fn choose(desk: &Desk) {
    desk.sees("2 takes").await;
    desk.press("4");
    desk.settle().await;
    desk.press("j");
    desk.sees("take 1  seed 7").await;
    desk.rest().await;
    desk.sees("0:00.0").await;
}

async fn one(desk: &Desk, key: &str) {
    desk.press(key);
    desk.settle().await;
}

#[test]
fn space_plays_a_take_to_its_end_and_nothing_moves_afterwards() {
    workbench_out_of_time(options(), |desk| async move {
        choose(&desk).await;
        let frames = desk.frames();
        desk.press("space");
        desk.sees("▶ shot 1/5").await;
        desk.sees("▶ shot 3/5").await;
        desk.let_pass(Duration::from_secs(20)).await;
        desk.sees_no("▶").await;
        desk.sees("0:14.").await;
        let shown = desk.frames() - frames;
        assert!((28..=40).contains(&shown), "{shown} frames of 29 pictures");
        desk.rest().await;
        let before = (desk.frames(), desk.glass.bytes());
        desk.let_pass(Duration::from_hours(1)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
        // From its end, it begins again.
        desk.press("space");
        desk.sees("▶ shot 1/5  0:00").await;
        desk.press("space");
        desk.sees_no("▶").await;
    });
}

#[test]
fn keys_are_answered_while_it_plays() {
    workbench_out_of_time(options(), |desk| async move {
        choose(&desk).await;
        desk.press("space");
        desk.sees("▶ shot 1/5").await;
        desk.press("{");
        desk.sees("½×").await;
        desk.press("{");
        desk.sees("¼×").await;
        desk.press("{");
        desk.sees("this is the slowest").await;
        desk.press("}");
        desk.sees("½×").await;
        desk.sees("▶").await;
        desk.press(";");
        desk.sees("▶ loop").await;
        desk.let_pass(Duration::from_mins(2)).await;
        desk.sees("▶ loop").await;
        desk.press("U");
        desk.sees("Undo: ").await;
        desk.sees("▶ loop").await;
        desk.press(";");
        desk.sees_no("▶").await;
        one(&desk, ".").await;
        desk.sees_no("▶").await;
    });
}

#[test]
fn it_stops_when_it_is_no_longer_looked_at() {
    workbench_out_of_time(options(), |desk| async move {
        choose(&desk).await;
        for (away, back) in [("?", "esc"), ("k", "j"), ("1", "4"), ("`", "`")] {
            // Nothing is in view while pictures are off.
            if away == "`" {
                for _ in 0..4 {
                    one(&desk, "`").await;
                }
            }
            desk.press("space");
            desk.sees("▶").await;
            desk.press(away);
            desk.rest().await;
            desk.press(back);
            desk.rest().await;
            desk.sees("take 1  seed 7").await;
            desk.sees_no("▶").await;
        }
        one(&desk, "1").await;
        desk.press("space");
        desk.sees("no picture is visible here: 5 monitor").await;
    });
}

#[test]
fn a_terminal_that_does_not_read_stops_the_pictures_and_nothing_else() {
    workbench_out_of_time(options(), |desk| async move {
        choose(&desk).await;
        desk.press("space");
        desk.sees("▶ shot 2/5").await;
        desk.jam_with_the_next_frame();
        desk.let_pass(Duration::from_secs(5)).await;
        let before = (desk.frames(), desk.glass.bytes());
        desk.let_pass(Duration::from_hours(1)).await;
        assert_eq!((desk.frames(), desk.glass.bytes()), before);
        desk.reads(true);
        desk.press("{");
        desk.sees("½×").await;
        desk.sees("▶").await;
        desk.press("space");
        desk.sees_no("▶").await;
    });
}

#[test]
fn a_video_that_is_gone_is_said_in_its_place() {
    workbench_out_of_time(options(), |desk| async move {
        desk.sees("2 takes").await;
        desk.press("4");
        desk.sees("gone.mp4 is not").await;
        desk.rest().await;
        desk.press("space");
        desk.rest().await;
        desk.sees("gone.mp4 is not").await;
        desk.sees_no("▶").await;
    });
}

#[test]
fn without_motion_there_are_stills_only_and_space_says_so() {
    let mut app = with_picture();
    let settings = PictureSettings {
        mode: PictureMode::Auto,
        bytes_per_second: 60_000,
        cache_mb: 0,
    };
    app.state_mut().pictures = PictureStyle::default().with(&settings, false);
    let (_, seen, _) = draw(&app, &screen_of(ansi(), &UNICODE), 140, 45);
    app.drawn(seen);
    press(&mut app, "space");
    let shown = text(&draw(&app, &screen_of(ansi(), &UNICODE), 140, 45).0);
    assert!(
        shown.contains("takes are not played, because the settings say motion = \"off\""),
        "{shown}"
    );
}

#[test]
fn a_users_own_key_comes_before_playing() {
    let (keymap, errors) = Keymap::patched("keymap.toml", "[global]\nzoom = [\"space\"]\n");
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].to_string().contains("takes the only key of play"),
        "{}",
        errors[0]
    );
    assert_eq!(keymap.label(Context::Log, Action::Zoom).as_deref(), Some("Space"));
    assert_eq!(keymap.label(Context::Log, Action::Play), None);
}

/// What plays at each size, with the picture beside the log and the stills of the shots.
#[test]
fn screens_of_playing() {
    let options = Options {
        screen: Screen::new(role_theme(), &glyphs::UNICODE, jiff::tz::TimeZone::UTC),
        ..options()
    };
    workbench_out_of_time(options, |desk| async move {
        choose(&desk).await;
        for (focus, size) in [("4", SMALL), ("5", SMALL), ("5", MIDDLE), ("4", (200, 60))] {
            desk.resize(size.0, size.1);
            one(&desk, focus).await;
            desk.until("all is drawn", |desk| desk.shows_all_at(size)).await;
            desk.press("space");
            desk.sees("▶").await;
            desk.settle().await;
            let shown = styled(&desk.glass.buffer(), desk.glass.cursor());
            insta::assert_snapshot!(format!("playing_{focus}_{}x{}", size.0, size.1), shown);
            desk.press("space");
            desk.sees_no("▶").await;
            one(&desk, "[").await;
        }
    });
}
