//! Snapshots of the wall and the knock-out at three sizes, with takes that are saved, rendered, failed and waiting.

use rushes::model::{TakeState, Verdict};
use rushes::store::Facts;
use rushes::tui::glyphs;
use rushes::tui::screen::Screen;

use crate::delivered::{queue, render, save};
use crate::snapshots::{LARGE, MIDDLE, SMALL};
use crate::styled_text::{role_theme, text};
use crate::takes::OWNER;
use crate::test_workbench::{Desk, Options, workbench};

fn options() -> Options {
    Options {
        size: MIDDLE,
        screen: Screen::new(role_theme(), &glyphs::UNICODE, jiff::tz::TimeZone::UTC),
        ..Options::default()
    }
}

/// Compares the screen at three sizes once it shows `words` and every picture.
async fn shoot(desk: &Desk, name: &str, words: &str) {
    for size in [SMALL, MIDDLE, LARGE] {
        desk.resize(size.0, size.1);
        desk.sees(words).await;
        desk.settle().await;
        desk.sees_no("reading the").await;
        desk.rest().await;
        let shown = text(&desk.glass.buffer());
        insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn a_wall_of_a_sweep() {
    workbench(options(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = queue(&desk, &[7, 8, 9, 10, 11, 12]);
        for _ in 0..3 {
            let id = render(&desk);
            save(&desk, id);
        }
        let failed = render(&desk);
        let refused = Facts::error(
            rushes::model::FailureKind::OutputAudio,
            "the sound was refused".to_owned(),
        );
        desk.store
            .step(OWNER, failed, TakeState::Failed, "by the test", &refused)
            .unwrap();
        render(&desk);
        desk.store.set_verdict(ids[0], Verdict::Circled).unwrap();
        desk.store.set_verdict(ids[1], Verdict::Rejected).unwrap();
        desk.store.set_note(ids[2], "her look at 0:03").unwrap();
        desk.press("4");
        desk.sees("3 of 6 saved").await;
        desk.press("home w");
        desk.sees("Wall of sweep 1").await;
        desk.sees("1 circled").await;
        desk.press("j");
        shoot(&desk, "wall", "2 of 6").await;
    });
}

#[test]
fn a_knock_out_of_four() {
    workbench(options(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = queue(&desk, &[7, 8, 9, 10]);
        for _ in &ids {
            let id = render(&desk);
            save(&desk, id);
        }
        desk.store.set_tags(ids[0], &["hero".to_owned()]).unwrap();
        desk.press("4");
        desk.sees("4 of 4 saved").await;
        desk.press("home");
        // Opened anew at each size: the pictures of another one are shown until those of this one are there.
        for size in [SMALL, MIDDLE, LARGE] {
            desk.press("esc");
            desk.resize(size.0, size.1);
            desk.settle().await;
            desk.press("=");
            desk.sees("decision 1 of at most 3").await;
            desk.sees_no("reading the").await;
            desk.rest().await;
            let shown = text(&desk.glass.buffer());
            insta::assert_snapshot!(format!("knock_out_{}x{}", size.0, size.1), shown);
        }
        for key in ["h", "l", "x"] {
            desk.press(key);
            desk.settle().await;
        }
        desk.sees("Ranking of 4 takes").await;
        desk.until("both are rejected", |desk| {
            let rejected =
                |id: &&rushes::model::TakeId| desk.store.take(**id).unwrap().verdict == Verdict::Rejected;
            ids.iter().filter(rejected).count() == 2
        })
        .await;
        shoot(&desk, "ranking", "Ranking of 4 takes").await;
    });
}
