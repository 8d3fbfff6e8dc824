//! Where only ASCII can be shown, every overlay is drawn in ASCII.

use rushes::model::Verdict;
use rushes::tui::glyphs;
use rushes::tui::picture_style::PictureStyle;
use rushes::tui::screen::Screen;
use rushes::tui::theme::{ColorDepth, Theme};

use crate::delivered::saved_sweep;
use crate::test_workbench::{Options, workbench};

#[test]
fn every_overlay_is_ascii_where_nothing_else_can_be_shown() {
    let options = Options {
        size: (120, 40),
        screen: Screen::new(
            Theme::fallback(ColorDepth::Never),
            &glyphs::ASCII,
            jiff::tz::TimeZone::UTC,
        ),
        pictures: PictureStyle::of(&|_| None, true, ColorDepth::Never),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9, 10]);
        desk.store.set_verdict(ids[0], Verdict::Circled).unwrap();
        desk.store.set_verdict(ids[1], Verdict::Rejected).unwrap();
        desk.press("4");
        desk.sees("4 of 4 saved").await;
        for (keys, words) in [
            ("?", "Help: log"),
            (": c", "COMMAND"),
            ("s", "6 takes"),
            ("s ctrl-u d u r a t i o n = 5 , 8", "2 takes"),
            ("L", "Reels"),
            ("I", "Snippets"),
            ("$", "[day]"),
            ("home w", "Wall of sweep 1"),
            ("home w O", "by verdict"),
            ("home =", "Knock-out of 3 takes"),
            ("home right down v down v =", "Two takes"),
            ("home right down o", "Facts"),
            ("home right down n", "Note on take"),
            ("home right down #", "Tags"),
            ("home right down p", "Promote take"),
            ("W", "Revisions"),
            ("N", "New script"),
            ("i ctrl-end x", "EDITING"),
        ] {
            for key in keys.split_whitespace() {
                desk.press(key);
                desk.settle().await;
            }
            desk.sees(words).await;
            desk.rest().await;
            let shown = desk.glass.text();
            assert!(shown.is_ascii(), "{keys}\n{shown}");
            for key in ["esc", "esc", "esc", "V", "4"] {
                desk.press(key);
                desk.settle().await;
            }
        }
    });
}
