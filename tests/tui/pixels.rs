//! Pictures of pixels: what a terminal is sent, and that it keeps none that is not shown.

use std::cell::RefCell;
use std::collections::BTreeSet;

use ratatui::style::Color;
use rushes::config::{PictureMode, PictureSettings};
use rushes::tui::picture_style::PictureStyle;
use rushes::tui::theme::ColorDepth;

use crate::delivered::saved_sweep;
use crate::test_workbench::{Desk, Options, workbench};

const PLACEHOLDER: char = '\u{10EEEE}';

/// How pictures are drawn with this in the settings, in a terminal that nothing is known about.
fn set(mode: PictureMode) -> PictureStyle {
    let settings = PictureSettings {
        mode,
        bytes_per_second: 60_000,
        cache_mb: 0,
    };
    PictureStyle::of(&|_| None, false, ColorDepth::Truecolor).with(&settings, true)
}

fn options(mode: PictureMode) -> Options {
    Options {
        size: (120, 40),
        pictures: set(mode),
        ..Options::default()
    }
}

/// A terminal with kitty's graphics, fed with what was sent.
#[derive(Default)]
struct Kitty {
    known: RefCell<BTreeSet<u32>>,
}

impl Kitty {
    /// Reads what was sent since; returns how many pictures there were in it.
    fn read(&self, desk: &Desk) -> usize {
        let (mut count, mut known) = (0, self.known.borrow_mut());
        for command in desk.glass.sent().split("\x1b_G").skip(1) {
            let control = command.split([';', '\x1b']).next().unwrap();
            let of = |key: &str| {
                control
                    .split(',')
                    .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
            };
            match of("a") {
                Some("T") => {
                    count += 1;
                    assert!(
                        known.insert(of("i").unwrap().parse().unwrap()),
                        "sent twice: {control}"
                    );
                }
                Some("d") => {
                    known.remove(&of("i").unwrap().parse().unwrap());
                }
                Some(other) => panic!("{other}"),
                // The rest of a picture.
                None => assert!(of("m").is_some(), "{control}"),
            }
        }
        count
    }

    /// Waits until nothing happens any more; it then knows the pictures that are visible. Returns how many were sent.
    async fn settled(&self, desk: &Desk, what: &str) -> usize {
        desk.rest().await;
        let count = self.read(desk);
        assert_eq!(
            *self.known.borrow(),
            visible(desk),
            "{what}\n{}",
            desk.glass.text()
        );
        assert_eq!(
            desk.glass.farewell().matches("a=d,d=I").count(),
            self.known.borrow().len(),
            "{what}"
        );
        count
    }
}

/// The pictures that placeholders on the screen name.
fn visible(desk: &Desk) -> BTreeSet<u32> {
    let buffer = desk.glass.buffer();
    let cells = buffer
        .content
        .iter()
        .filter(|cell| cell.symbol().starts_with(PLACEHOLDER));
    cells
        .map(|cell| match cell.fg {
            Color::Rgb(red, green, blue) => u32::from_be_bytes([0, red, green, blue]),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Selects the newest of three saved takes, and sees pictures of it.
async fn with_a_take_selected(desk: &Desk) {
    desk.sees("lighthouse").await;
    saved_sweep(desk, &[1, 2, 3]);
    desk.press("4");
    desk.sees("sweep 1").await;
    desk.press("enter");
    desk.sees(" s3 ").await;
    desk.press("down");
    desk.sees("take 3  seed 3").await;
}

#[test]
fn a_terminal_with_kittys_graphics_has_the_pictures_that_are_shown_and_no_others() {
    workbench(options(PictureMode::Kitty), |desk| async move {
        let kitty = Kitty::default();
        with_a_take_selected(&desk).await;
        desk.until("a picture is shown", |desk| !visible(desk).is_empty())
            .await;
        let first = kitty.settled(&desk, "a take is selected").await;
        assert!(first >= 1);
        // Nothing changes, and a key that changes something else sends no picture.
        desk.press("v v");
        assert_eq!(kitty.settled(&desk, "marked and no longer").await, 0);
        let shown = visible(&desk);
        for (keys, back) in [("?", "esc"), ("w", "esc"), ("=", "esc"), (":", "esc")] {
            desk.press(keys);
            kitty.settled(&desk, keys).await;
            desk.press(back);
            kitty.settled(&desk, &format!("after {keys}")).await;
            assert_eq!(visible(&desk), shown, "after {keys}");
        }
        desk.press("down");
        desk.sees("take 2  seed 2").await;
        let next = kitty.settled(&desk, "another take").await;
        assert!(next >= 1 && visible(&desk).is_disjoint(&shown));
        desk.press("z 5");
        kitty.settled(&desk, "zoomed").await;
        desk.press("z");
        kitty.settled(&desk, "no longer zoomed").await;
        desk.resize(100, 30);
        kitty.settled(&desk, "another size").await;
        // What is drawn again from nothing includes the pictures.
        let count = visible(&desk).len();
        desk.press("ctrl-l");
        assert_eq!(kitty.settled(&desk, "redrawn").await, count);
        desk.press("space");
        desk.sees("▶").await;
        desk.press("space");
        desk.sees_no("▶").await;
        desk.until("the still is back", |desk| !visible(desk).is_empty())
            .await;
        kitty.settled(&desk, "played and stopped").await;
        desk.press("`");
        kitty.settled(&desk, "in sextants").await;
        assert!(visible(&desk).is_empty() && kitty.known.borrow().is_empty());
    });
}

#[test]
fn the_wall_is_drawn_with_kittys_graphics_and_moving_in_it_sends_none() {
    workbench(options(PictureMode::Kitty), |desk| async move {
        let kitty = Kitty::default();
        with_a_take_selected(&desk).await;
        desk.press("w");
        desk.until("three rows of four", |desk| visible(desk).len() == 12)
            .await;
        kitty.settled(&desk, "the wall").await;
        let before = desk.glass.bytes();
        desk.press("j k l h");
        assert_eq!(kitty.settled(&desk, "moved").await, 0);
        assert!(desk.glass.bytes() - before < 4 * 300);
        desk.press("]");
        desk.until("later moments", |desk| {
            kitty.known.borrow().is_disjoint(&visible(desk))
        })
        .await;
        assert_eq!(kitty.settled(&desk, "later moments").await, 12);
    });
}

#[test]
fn while_the_selection_moves_no_picture_is_sent() {
    workbench(options(PictureMode::Kitty), |desk| async move {
        let kitty = Kitty::default();
        with_a_take_selected(&desk).await;
        desk.until("a picture is shown", |desk| !visible(desk).is_empty())
            .await;
        kitty.settled(&desk, "a take is selected").await;
        // What was read of the take in the background, such as its sound, may come with a key.
        let before = desk.glass.bytes();
        for key in ["down", "down", "up", "up", "down"] {
            desk.press(key);
            desk.settle().await;
            assert_eq!(kitty.read(&desk), 0, "{key}");
        }
        let sent = desk.glass.bytes() - before;
        assert!(sent < 5 * 300, "{sent} bytes");
    });
}

/// How many pictures of these protocols were sent since it was asked last.
fn drawn(desk: &Desk) -> usize {
    let sent = desk.glass.sent();
    assert!(!sent.contains(PLACEHOLDER), "placeholders are kitty's");
    sent.matches("\x1bP").count() + sent.matches("\x1b]1337;File=").count()
}

#[test]
fn sixels_and_inline_images_are_sent_once_and_again_when_what_covered_them_goes() {
    for mode in [PictureMode::Sixel, PictureMode::Iterm] {
        workbench(options(mode), |desk| async move {
            let count = RefCell::new(0);
            with_a_take_selected(&desk).await;
            desk.until("a picture is sent", |desk| {
                *count.borrow_mut() += drawn(desk);
                *count.borrow() > 0
            })
            .await;
            desk.rest().await;
            let all = *count.borrow() + drawn(&desk);
            desk.press("v v");
            desk.rest().await;
            assert_eq!(drawn(&desk), 0, "{mode}: nothing of it changed");
            desk.press("?");
            desk.sees("Help").await;
            desk.rest().await;
            desk.press("esc");
            desk.sees_no("Help").await;
            desk.rest().await;
            let again = drawn(&desk);
            assert!(
                (1..=all).contains(&again),
                "{mode}: {again} of {all} were covered"
            );
            desk.press("ctrl-l");
            desk.rest().await;
            let shown = drawn(&desk);
            assert!((again..=all).contains(&shown), "{mode}: all of them, {shown}");
            desk.press("w");
            *count.borrow_mut() = 0;
            desk.until("the wall is drawn", |desk| {
                *count.borrow_mut() += drawn(desk);
                *count.borrow() >= 12
            })
            .await;
            assert_eq!(desk.glass.farewell(), "", "{mode}: nothing is left behind");
        });
    }
}
