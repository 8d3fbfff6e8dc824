//! Snapshots of the workbench's screens: the real program with the real sandbox, each scene reached by keys.
//!
//! Nothing in a snapshot depends on the day, the machine or the run: the desk's clock stands still unless a scene moves
//! it, seeds are typed, and what the sandbox draws by chance (ports, ids) is blotted out. Roles instead of colours are
//! shown beside the screen. `INSTA_UPDATE=always cargo test --test tui snapshots` updates them.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;
use jiff::SignedDuration;
use rushes::model::price::Tariff;
use rushes::model::{Backend, Form, Model, Take, TakeState, Usd};
use rushes::store::Filter;
use rushes::tui::glyphs;
use rushes::tui::screen::Screen;

use crate::caps::{doubt, seeds};
use crate::scripts::{LONG, with_prompt};
use crate::styled_text::{role_theme, styled, text};
use crate::takes::lose_a_take;
use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

pub const SMALL: (u16, u16) = (80, 24);
pub const MIDDLE: (u16, u16) = (120, 40);
pub const LARGE: (u16, u16) = (200, 60);

/// A workbench with this provider, on play money.
pub fn at(provider: Provider) -> Options {
    // A path of the same length on every machine, since what does not fit is cut.
    let folder = tempfile::Builder::new().prefix("rushes-").tempdir_in("/tmp");
    Options {
        backend: Backend::Live,
        size: MIDDLE,
        cap: Usd::parse("10").ok(),
        folder: Some(Arc::new(folder.unwrap())),
        screen: Screen::new(role_theme(), &glyphs::UNICODE, jiff::tz::TimeZone::UTC),
        provider: Some(provider),
        ..Options::default()
    }
}

/// Compares the screen at a size with its snapshot once it shows `words` and is at rest. A small screen, and one that
/// `keys` led to, is compared with its roles; of larger ones the words are enough.
async fn shoot(desk: &Desk, name: &str, size: (u16, u16), words: &str) {
    desk.resize(size.0, size.1);
    desk.sees(words).await;
    desk.until("all is drawn", |desk| desk.shows_all_at(size)).await;
    desk.rest().await;
    desk.sees_no("reading the video").await;
    desk.sees_no("reading the sound").await;
    let buffer = desk.glass.buffer();
    let shown = if size == LARGE {
        text(&buffer)
    } else {
        styled(&buffer, desk.glass.cursor())
    };
    insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), steady(&shown));
}

/// A scene at 80×24: keys that lead to it and back, and words that it shows.
async fn scene(desk: &Desk, name: &str, keys: &str, words: &str, back: &str) {
    desk.resize(SMALL.0, SMALL.1);
    for key in keys.split_whitespace() {
        // Keys that arrive together would count as pasted text.
        desk.press(key);
        desk.settle_for(Duration::from_millis(15)).await;
    }
    shoot(desk, name, SMALL, words).await;
    desk.press(back);
    desk.settle().await;
}

/// The same with random parts blotted out: the folder's name, the sandbox's port, the ids that it gives.
pub fn steady(shown: &str) -> String {
    let mut out = String::new();
    let mut rest = shown;
    while let Some(first) = rest.chars().next() {
        let blot = |lead: &str, is_chance: fn(char) -> bool, lengths: RangeInclusive<usize>| {
            let tail = rest.strip_prefix(lead)?;
            let length = tail.chars().take_while(|c| is_chance(*c)).count();
            lengths
                .contains(&length)
                .then(|| (lead.len() + length, format!("{lead}{}", "0".repeat(length))))
        };
        let blotted = blot("/tmp/rushes-", |c| c.is_ascii_alphanumeric(), 1..=6)
            .or_else(|| blot("drive-", |c| c.is_ascii_hexdigit(), 8..=8))
            .or_else(|| {
                let wrapped = blot("-", |c| c.is_ascii_hexdigit(), 8..=8);
                wrapped.filter(|(n, _)| rest[*n..].starts_with('/'))
            })
            .or_else(|| {
                let cut = blot("drive-", |c| c.is_ascii_hexdigit(), 1..=7);
                cut.filter(|(n, _)| rest[*n..].starts_with(" │"))
            })
            .or_else(|| {
                blot("…", char::is_alphanumeric, 1..=6).filter(|(n, _)| rest[*n..].starts_with("/reels"))
            })
            .or_else(|| blot("127.0.0.1:", |c| c.is_ascii_digit(), 1..=5))
            .or_else(|| blot("", |c| c.is_ascii_hexdigit(), 32..=32));
        let (length, text) = blotted.unwrap_or_else(|| {
            // A word goes whole, so that the end of a longer one is not taken for an id.
            let word = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let length = word.max(first.len_utf8());
            (length, rest[..length].to_owned())
        });
        out += &text;
        rest = &rest[length..];
    }
    out.lines().map(steady_times).collect::<Vec<_>>().join("\n")
}

/// How long the sandbox took follows from the id that it gave.
fn steady_times(line: &str) -> String {
    for label in ["In queue  ", "Rendering  ", "Delivery  "] {
        let Some((head, tail)) = line.split_once(label) else {
            continue;
        };
        let (times, border) = tail
            .rsplit_once('│')
            .map_or((tail, ""), |(times, _)| (times, "│"));
        if times.contains(" s") {
            let width = times.chars().count();
            return format!("{head}{label}{:<width$}{border}", "0.0 s");
        }
    }
    line.to_owned()
}

fn takes(desk: &Desk) -> Vec<Take> {
    desk.store.takes(&Filter::default(), 0, 100).unwrap()
}

/// Generates a take of each seed and pays for it.
async fn generate(desk: &Desk, list: &str) {
    let before = takes(desk).len();
    desk.open_seeds().await;
    desk.sees("TYPING").await;
    desk.press("ctrl-u");
    desk.send(Event::Paste(list.to_owned()));
    desk.press("enter g");
    desk.sees("for about $").await;
    desk.press("y");
    desk.until("they are queued", |desk| takes(desk).len() > before)
        .await;
}

/// Waits until `count` takes are in one of `states`.
async fn come_to(desk: &Desk, count: usize, states: &[TakeState]) {
    desk.until(&format!("{count} are {states:?}"), |desk| {
        let there = takes(desk)
            .iter()
            .filter(|take| states.contains(&take.state))
            .count();
        there == count
    })
    .await;
}

fn pass(desk: &Desk, seconds: i64) {
    desk.clock.advance(SignedDuration::from_secs(seconds));
}

use TakeState::{Failed, Processing, Queued, Saved, Unknown, Waiting};

/// The third take fails at the provider.
pub const THIRD_FAILS: &str = include_str!("../common/third_fails.toml");

/// Two saved drafts, one of them circled, a failed one and a final; then two takes that render, two in the provider's
/// queue and two that wait.
async fn work(desk: &Desk) {
    desk.sees("lighthouse").await;
    generate(desk, "7, 42").await;
    come_to(desk, 2, &[Queued]).await;
    generate(desk, "100").await;
    come_to(desk, 3, &[Queued]).await;
    pass(desk, 118);
    come_to(desk, 2, &[Saved]).await;
    come_to(desk, 1, &[Failed]).await;
    desk.press("4");
    desk.sees("3 takes").await;
    desk.settle().await;
    desk.press("home j j * n");
    desk.sees("Note on take 2").await;
    desk.send(Event::Paste("her look at 0:03 is right".to_owned()));
    desk.press("enter p");
    desk.sees("Promote take 2").await;
    desk.press("enter");
    desk.sees("for about $").await;
    desk.press("y");
    come_to(desk, 1, &[Queued]).await;
    pass(desk, 211);
    come_to(desk, 3, &[Saved]).await;
    pass(desk, 600);
    generate(desk, "41, 42").await;
    come_to(desk, 2, &[Queued]).await;
    pass(desk, 24);
    come_to(desk, 2, &[Processing]).await;
    generate(desk, "43..46").await;
    come_to(desk, 2, &[Queued]).await;
    come_to(desk, 2, &[Waiting]).await;
    desk.press("esc 4");
    desk.settle().await;
    desk.press("end k");
    desk.settle().await;
}

#[test]
fn a_reel_at_work() {
    let provider = Provider {
        faults: THIRD_FAILS,
        ..Provider::default()
    };
    workbench(at(provider), |desk| async move {
        work(&desk).await;
        shoot(&desk, "busy", MIDDLE, "2 waiting").await;
        for (key, focus) in [
            ("1", "prompt"),
            ("2", "parameters"),
            ("3", "queue"),
            ("4", "log"),
            ("5", "monitor"),
        ] {
            desk.press(key);
            for size in [SMALL, MIDDLE, LARGE] {
                shoot(&desk, &format!("focus_{focus}"), size, "2 waiting").await;
            }
        }
        // The overlays.
        desk.press("4");
        scene(&desk, "help", "?", "Help", "esc").await;
        scene(&desk, "palette", ": c i r", "ircle", "esc").await;
        scene(&desk, "confirm_generate", "g", "for about $", "n").await;
        scene(&desk, "promote", "p", "Promote take", "esc").await;
        scene(&desk, "confirm_promote", "p enter", "for about $", "n").await;
        scene(&desk, "quitting", "q", "Quit?", "esc").await;
        scene(&desk, "exchange", "o", "Facts", "esc").await;
        scene(&desk, "note", "n", "Note on take", "esc").await;
        scene(&desk, "filter", "/ s e e d : 4 2", "seed:42", "esc").await;
        scene(&desk, "revisions", "W", "Revisions", "esc").await;
        scene(&desk, "copied", "end k y p", "path", "esc").await;
        scene(&desk, "impossible", "3 home j x", "cannot", "esc").await;
        desk.press("4");
        desk.settle().await;
        // The failed one.
        scene(&desk, "failed_take", "4 end k k k 5", "refused", "4").await;
        scene(&desk, "failed_exchange", "o", "refused", "esc").await;
    });
}

#[test]
fn a_first_start() {
    let options = Options {
        backend: Backend::Sandbox,
        ..at(Provider::default())
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        shoot(&desk, "empty", MIDDLE, "SANDBOX").await;
        shoot(&desk, "empty", SMALL, "SANDBOX").await;
        shoot(&desk, "too_small", (30, 8), "too small").await;
    });
}

#[test]
fn a_script_being_written() {
    workbench(at(Provider::default()), |desk| async move {
        desk.sees("lighthouse").await;
        scene(&desk, "editing", "i ctrl-home down", "EDITING", "esc").await;
        scene(&desk, "timeline", "t", "TIMELINE", "esc").await;
        scene(&desk, "timeline_moved", "t l l j", "TIMELINE", "U U esc").await;
        scene(&desk, "fresh_script", "N", "New script", "esc").await;
        scene(&desk, "values", "2 home enter", "CHOOSING", "esc").await;
        desk.press("1");
        with_prompt(&desk, LONG).await;
        scene(&desk, "finding", "1", "F Duration 15 s", "1").await;
        scene(&desk, "findings", "f", "Findings", "esc").await;
        with_prompt(&desk, "").await;
        scene(&desk, "empty_prompt", "1", "Write what the video shows", "1").await;
        with_prompt(&desk, "A kite over a grey beach.").await;
        desk.till.change(|money| money.doubt = Some(doubt()));
        scene(&desk, "confirm_doubt", "g", "without a cap?", "n").await;
        desk.till.change(|money| {
            money.doubt = None;
            money.prices.replace(
                Model::default(),
                &[Tariff::of_million_tokens(
                    Usd::ZERO,
                    jiff::civil::date(2026, 11, 1),
                )],
            );
        });
        scene(&desk, "max_price", "1 g", "The most that one take", "esc").await;
    });
}

#[test]
fn a_text_that_was_not_saved_and_a_problem() {
    let prepare = |desk: &Desk| {
        let form = Form {
            prompt: "A kite over the bay, seen from a boat.".to_owned(),
            ..Form::default()
        };
        let unsaved =
            serde_json::json!({"reel_id": desk.reel_id, "at": "2026-11-20T12:00:00Z", "form": form});
        let file = format!("unsaved-{}-1.json", desk.reel_id);
        std::fs::write(desk.store.path().with_file_name(file), unsaved.to_string()).unwrap();
    };
    let provider = Provider {
        faults: "[[fault]]\npath = \"/inference-request/**\"\nstatus = 500\n",
        ..Provider::default()
    };
    let options = Options {
        prepare: Some(prepare),
        ..at(provider)
    };
    workbench(options, |desk| async move {
        shoot(&desk, "unsaved", SMALL, "could not save this text").await;
        desk.press("esc");
        desk.settle().await;
        scene(&desk, "problem", "B", "could not be compared", "esc").await;
    });
}

/// The editor passes its file to a window, which saves after the workbench has its terminal back.
#[test]
fn a_text_that_an_editor_saved_late() {
    let options = Options {
        at_once: true,
        ..at(Provider::default())
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("e");
        desk.sees("ended at once").await;
        let log = desk.log.all();
        let file = log.iter().find_map(|line| line.strip_prefix("file ")).unwrap();
        std::fs::write(file, "A kite over a grey beach, seen from a boat.\n").unwrap();
        scene(&desk, "late", "e", "Use it?", "down down enter").await;
        desk.sees("The late text was discarded").await;
    });
}

/// The engine finds at its start that the database lost a take.
#[test]
fn a_take_that_only_its_file_knows() {
    let options = Options {
        backend: Backend::Sandbox,
        prepare: Some(|desk| {
            lose_a_take(desk);
        }),
        ..at(Provider::default())
    };
    workbench(options, |desk| async move {
        shoot(&desk, "orphans", SMALL, "Import 1 take").await;
        desk.press("y");
        desk.sees("1 take was imported").await;
    });
}

#[test]
fn a_queue_that_has_stopped() {
    let provider = Provider {
        balance: Some("1"),
        in_flight: Some(2),
        ..Provider::default()
    };
    workbench(at(provider), |desk| async move {
        desk.sees("lighthouse").await;
        generate(&desk, "7").await;
        come_to(&desk, 1, &[Queued]).await;
        generate(&desk, "42, 43").await;
        desk.until("the queue has stopped", |desk| {
            desk.store.queue(Backend::Live).state().unwrap().stopped.is_some()
        })
        .await;
        come_to(&desk, 2, &[Waiting]).await;
        desk.sees("The queue is stopped").await;
        desk.press("esc 3");
        desk.sees_no("The queue is stopped").await;
        shoot(&desk, "stopped", MIDDLE, "stopped").await;
        shoot(&desk, "stopped", SMALL, "stopped").await;
    });
}

#[test]
fn an_outcome_that_is_not_known() {
    let provider = Provider {
        faults: "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\nreset = \"after_body\"\n",
        ..Provider::default()
    };
    workbench(at(provider), |desk| async move {
        desk.sees("lighthouse").await;
        generate(&desk, "7").await;
        come_to(&desk, 1, &[Queued]).await;
        generate(&desk, "42").await;
        come_to(&desk, 1, &[Unknown]).await;
        desk.press("esc 3");
        // Both takes have to be in the list before its end is asked for.
        desk.sees("unknown: checking the history").await;
        desk.press("end");
        shoot(&desk, "unknown", MIDDLE, "no picture (unknown)").await;
        shoot(&desk, "unknown", SMALL, "1 unknown").await;
        scene(&desk, "confirm_not_sent", "X", "y ", "n").await;
    });
}

#[test]
fn a_cap_that_is_reached() {
    let options = Options {
        cap: Usd::parse("2").ok(),
        ..at(Provider::default())
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        seeds(&desk, "7, 42, 100..103").await;
        scene(&desk, "confirm_part", "g", "2 of 6", "n").await;
        generate(&desk, "7, 42").await;
        come_to(&desk, 2, &[Queued]).await;
        seeds(&desk, "43").await;
        desk.press("1 g");
        shoot(&desk, "over_the_cap", MIDDLE, "Nothing was sent").await;
        shoot(&desk, "over_the_cap", SMALL, "Nothing was sent").await;
    });
}

#[test]
fn takes_on_hold() {
    let provider = Provider {
        faults: r#"
[[fault]]
method = "POST"
path = "/v2/*"
status = 400
body = '{"error": "InputTextSensitiveContentDetected: The input text was refused."}'
"#,
        in_flight: Some(1),
        ..Provider::default()
    };
    workbench(at(provider), |desk| async move {
        desk.sees("lighthouse").await;
        generate(&desk, "7, 42..44").await;
        desk.press("3");
        desk.sees("2 takes on hold").await;
        shoot(&desk, "on_hold", MIDDLE, "2 takes on hold").await;
        scene(&desk, "on_hold_decide", "H", "What now?", "esc").await;
    });
}

#[test]
fn a_generation_made_elsewhere() {
    let provider = Provider {
        elsewhere: Some(("A kite over a grey beach.", 5)),
        ..Provider::default()
    };
    workbench(at(provider), |desk| async move {
        desk.sees("lighthouse").await;
        desk.settle().await;
        pass(&desk, 200);
        scene(&desk, "reconcile", "B", "A kite", "esc").await;
        desk.press("B");
        shoot(&desk, "reconcile", MIDDLE, "A kite").await;
    });
}

/// The style of each role in the shipped themes, at the depth that each is made for.
#[test]
fn the_shipped_themes() {
    use rushes::tui::theme::{ColorDepth, Role, Theme};
    for (name, depth) in [
        ("ansi", ColorDepth::Ansi16),
        ("mono", ColorDepth::Never),
        ("night", ColorDepth::Truecolor),
        ("paper", ColorDepth::Truecolor),
    ] {
        let theme = Theme::load(name, None, depth).unwrap();
        let row = |role: &Role| {
            let style = theme.style(*role);
            let colour =
                |colour: Option<ratatui::style::Color>| colour.map_or_else(String::new, |c| c.to_string());
            let (fg, bg) = (colour(style.fg), colour(style.bg));
            let line = format!("{:<15} {fg:<8} {bg:<8} {:?}", role.name(), style.add_modifier);
            line.trim_end().to_owned() + "\n"
        };
        insta::assert_snapshot!(
            format!("theme_{name}"),
            Role::ALL.iter().map(row).collect::<String>()
        );
    }
}

#[test]
fn random_parts_are_blotted_out() {
    let shown =
        "/tmp/rushes-aB3xyz/reels at 127.0.0.1:41234, 0123456789abcdef0123456789abcdef, sha256 9f2c41aa";
    let steady = steady(shown);
    assert_eq!(
        steady,
        format!(
            "/tmp/rushes-000000/reels at 127.0.0.1:00000, {}, sha256 9f2c41aa",
            "0".repeat(32)
        )
    );
}
