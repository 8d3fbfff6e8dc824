//! The wall: rows of small pictures that fill in, are judged, sorted, scrubbed and exported.

use crossterm::event::Event;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rushes::model::{Form, TakeId, Verdict};
use rushes::service::{Kind, Problem};
use rushes::store::Tally;
use rushes::tui::app::App;
use rushes::tui::choosing::{WallNews, WallPage, WallView, WallWork};
use rushes::tui::effect::{Effect, Message};
use rushes::tui::glyphs;
use rushes::tui::screen::Screen;
use rushes::tui::theme::{ColorDepth, Theme};

use crate::delivered::{deliver, queue, queue_of, render, save, save_without_video, saved_sweep};
use crate::test_workbench::{Desk, Options, app_alone, event_of, plain_screen, workbench};

fn verdict(desk: &Desk, id: TakeId) -> Verdict {
    desk.store.take(id).unwrap().verdict
}

/// The rows of half blocks on the screen.
fn blocks(desk: &Desk) -> usize {
    let text = desk.glass.text();
    text.chars().filter(|c| matches!(c, '▀' | '▄' | '█')).count()
        + desk
            .glass
            .buffer()
            .content
            .iter()
            .filter(|cell| cell.symbol() == " " && matches!(cell.bg, ratatui::style::Color::Rgb(..)))
            .count()
}

/// The line of the screen that holds `words`.
fn line(desk: &Desk, words: &str) -> String {
    let text = desk.glass.text();
    let found = text.lines().find(|line| line.contains(words));
    found.unwrap_or_default().to_owned()
}

/// The wall of the sweep that is at the top of the log.
async fn open(desk: &Desk, count: usize) {
    desk.press("4");
    desk.sees("sweep 1").await;
    desk.press("home w");
    desk.sees("Wall of sweep 1").await;
    desk.sees(&format!("of {count}")).await;
}

#[test]
fn the_wall_fills_in_while_takes_are_saved() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = queue(&desk, &[7, 8, 9]);
        open(&desk, 3).await;
        desk.sees("0 of 3 saved").await;
        desk.sees("shot 4").await;
        desk.sees("no picture yet: waiting").await;
        let first = render(&desk);
        assert_eq!(first, ids[0]);
        desk.sees("● processing 0:00").await;
        desk.tell(rushes::engine::Event::Progress {
            take: first,
            bytes: 30,
            total: Some(120),
        });
        desk.sees("processing 25%").await;
        assert_eq!(blocks(&desk), 0);
        save(&desk, first);
        desk.sees("1 of 3 saved").await;
        desk.until("the first row has its pictures", |desk| blocks(desk) > 100)
            .await;
        let one_row = blocks(&desk);
        deliver(&desk);
        deliver(&desk);
        desk.sees("Wall of sweep 1 · 3 takes").await;
        desk.until("all rows have theirs", |desk| blocks(desk) > one_row * 2)
            .await;
        desk.sees_no("reading the pictures").await;
    });
}

#[test]
fn a_verdict_goes_to_the_next_take_without_one_and_the_same_key_removes_it() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk, 3).await;
        desk.press("*");
        desk.sees("2 of 3").await;
        desk.sees("1 circled").await;
        desk.press("j");
        desk.sees("3 of 3").await;
        // Behind the last one, the first without a verdict is next.
        desk.press("-");
        desk.sees("1 rejected").await;
        desk.sees("2 of 3").await;
        assert_eq!(verdict(&desk, ids[0]), Verdict::Circled);
        assert_eq!(verdict(&desk, ids[2]), Verdict::Rejected);
        desk.press("-");
        desk.sees("Every saved take of the wall has a verdict").await;
        desk.settle().await;
        desk.press("-");
        desk.until("the verdict is gone", |desk| {
            verdict(desk, ids[1]) == Verdict::None
        })
        .await;
        desk.sees("1 rejected").await;
        desk.press("home a");
        desk.sees("2 of 3").await;
        // Two keys that arrive together hit two takes.
        desk.press("home * j");
        desk.settle().await;
        assert_eq!(verdict(&desk, ids[0]), Verdict::None);
    });
}

#[test]
fn sorted_by_verdict_the_pointer_stays_on_its_take() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        for (id, verdict) in [(ids[0], Verdict::Rejected), (ids[2], Verdict::Circled)] {
            desk.store.set_verdict(id, verdict).unwrap();
        }
        open(&desk, 3).await;
        desk.press("O");
        desk.sees("by verdict").await;
        desk.sees("3 of 3").await;
        let text = desk.glass.text();
        let place = |seed: &str| text.find(seed).unwrap();
        assert!(
            place(" s9 ") < place(" s8 ") && place(" s8 ") < place(" s7 "),
            "{text}"
        );
        assert!(line(&desk, " s7 ").contains('›'));
        desk.press("O");
        desk.sees_no("by verdict").await;
        desk.sees("1 of 3").await;
    });
}

#[test]
fn all_rows_are_scrubbed_together() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8]);
        open(&desk, 2).await;
        desk.sees_no("reading the pictures").await;
        desk.settle().await;
        let middle = desk.glass.buffer();
        desk.press("]");
        desk.sees("[ end ]").await;
        desk.until("the pictures differ", |desk| {
            let now = desk.glass.buffer();
            let changed = now
                .content
                .iter()
                .zip(&middle.content)
                .filter(|(a, b)| a.bg != b.bg);
            changed.count() > 40
        })
        .await;
        desk.press("]");
        desk.sees("this is the end of every shot").await;
        desk.press("[ [");
        desk.sees("[ beginning ]").await;
        desk.press("]");
        desk.sees_no("[ beginning ]").await;
        desk.until("the pictures are as before", |desk| {
            let (now, width) = (desk.glass.buffer(), middle.area.width as usize);
            now.content[width..width * 12] == middle.content[width..width * 12]
        })
        .await;
    });
}

#[test]
fn the_wall_is_exported_as_a_sheet_that_overwrites_nothing() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8]);
        open(&desk, 2).await;
        desk.press("b");
        desk.sees("Write a contact sheet of sweep 1").await;
        desk.sees("sweep-1.png").await;
        desk.press("enter");
        desk.sees("sweep-1.png: ").await;
        let file = desk
            .store
            .path()
            .with_file_name("reels")
            .join("night-drive/sweep-1.png");
        let sheet = rushes::media::read_still(&file).unwrap();
        assert!(
            sheet.width > 4 * 320 && sheet.height > 2 * 180,
            "{}×{}",
            sheet.width,
            sheet.height
        );
        desk.press("b");
        desk.sees("Write a contact sheet of sweep 1").await;
        desk.press("enter");
        desk.sees("is there already, and it was not overwritten").await;
        assert_eq!(rushes::media::read_still(&file).unwrap(), sheet);
    });
}

#[test]
fn commands_act_on_the_row_and_leaving_selects_it_in_the_log() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk, 3).await;
        desk.press("j n");
        desk.sees("Note on take 2").await;
        desk.write("her look").await;
        desk.press("enter");
        desk.sees("\"her look\"").await;
        assert_eq!(desk.store.take(ids[1]).unwrap().note.as_deref(), Some("her look"));
        desk.press("o");
        desk.sees("Take 2  seed 8").await;
        desk.press("esc");
        desk.sees("Wall of sweep 1").await;
        desk.press("v j v esc");
        desk.sees_no("Wall of").await;
        desk.sees("2 marked").await;
        desk.rest().await;
        desk.sees("take 3  seed 9").await;
        // The wall of the marked takes.
        desk.press("w");
        desk.sees("Wall of 2 marked takes").await;
        desk.press("q");
        desk.sees_no("Wall of").await;
        // Without a sweep or marks, it is the log as it is filtered.
        desk.press("V /");
        desk.write("seed:8").await;
        desk.press("enter w");
        desk.sees("Wall of the log, /seed:8").await;
        desk.sees("1 of 1").await;
    });
}

#[test]
fn a_video_that_is_gone_or_damaged_is_named_in_its_row() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = queue(&desk, &[7, 8, 9]);
        for id in [render(&desk), render(&desk), render(&desk)] {
            let file = save(&desk, id);
            if id == ids[1] {
                std::fs::remove_file(&file).unwrap();
            } else if id == ids[2] {
                std::fs::write(&file, "no video").unwrap();
            }
        }
        open(&desk, 3).await;
        desk.sees("2.mp4 is not there: put it back there").await;
        desk.sees("3.mp4 is not the file that was saved").await;
        desk.until("the first has its pictures", |desk| blocks(desk) > 100)
            .await;
    });
}

#[test]
fn pictures_that_are_off_and_small_windows_are_clear() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8, 9]);
        open(&desk, 3).await;
        desk.press("` ` ` ` `");
        desk.sees("pictures are off: ` pictures").await;
        desk.press("`");
        desk.until("they are on again", |desk| blocks(desk) > 100).await;
        desk.resize(40, 10);
        desk.sees("1 of 3").await;
        desk.until("one row is there", |desk| blocks(desk) > 20).await;
        desk.press("j");
        desk.sees("2 of 3").await;
        desk.resize(20, 5);
        desk.sees("too small").await;
        desk.resize(80, 24);
        desk.sees("2 of 3").await;
    });
    let options = Options {
        screen: Screen::new(
            Theme::fallback(ColorDepth::Never),
            &glyphs::ASCII,
            jiff::tz::TimeZone::UTC,
        ),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8]);
        open(&desk, 2).await;
        desk.sees("shot 4").await;
        assert!(line(&desk, " s7").contains('>'));
    });
}

/// A take of one shot is shown by its beginning, middle and end.
#[test]
fn a_take_of_one_shot_has_three_columns() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let form = rushes::model::Form {
            prompt: "A kite.".to_owned(),
            ..rushes::model::Form::default()
        };
        queue_of(&desk, form, &[7, 8]);
        deliver(&desk);
        open(&desk, 2).await;
        desk.sees("shot 3").await;
        desk.sees_no("shot 4").await;
        desk.until("the pictures are there", |desk| blocks(desk) > 100)
            .await;
    });
}

#[test]
fn any_number_of_takes_is_reached_page_by_page() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let seeds: Vec<u32> = (1..=150).collect();
        queue(&desk, &seeds);
        open(&desk, 150).await;
        desk.press("end");
        desk.sees("150 of 150").await;
        desk.sees(" s150").await;
        desk.press("pageup");
        desk.sees_no(" s150").await;
        desk.press("home");
        desk.sees(" s1 ").await;
        // The selection of many pages at once ends at the right row.
        for _ in 0..40 {
            desk.press("j");
            desk.settle_for(std::time::Duration::from_millis(2)).await;
        }
        desk.sees("41 of 150").await;
        desk.until("its row has the pointer", |desk| {
            line(desk, " s41 ").contains('›')
        })
        .await;
    });
}

#[test]
fn a_key_judges_only_rows_that_were_shown() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let seeds: Vec<u32> = (1..=12).collect();
        let ids = queue(&desk, &seeds);
        for _ in &ids {
            let id = render(&desk);
            save_without_video(&desk, id);
        }
        open(&desk, 12).await;
        desk.sees("Wall of sweep 1 · 12 takes").await;
        desk.settle().await;
        let text = desk.glass.text();
        let shown = seeds.iter().filter(|seed| text.contains(&format!(" s{seed} ")));
        let shown = shown.count();
        assert!((2..12).contains(&shown), "{text}");
        // One more than there are rows on the page, all at once.
        desk.press(&"* ".repeat(shown + 3));
        desk.sees(&format!(
            "The key was ignored: take {} was not on the screen yet",
            shown + 1
        ))
        .await;
        desk.sees(&format!("{} of 12", shown + 1)).await;
        desk.until("those that were shown are circled", |desk| {
            ids[..shown]
                .iter()
                .all(|id| verdict(desk, *id) == Verdict::Circled)
        })
        .await;
        desk.settle().await;
        for id in &ids[shown..] {
            assert_eq!(verdict(&desk, *id), Verdict::None, "take {id}");
        }
        desk.press("-");
        desk.until("the next one is rejected", |desk| {
            verdict(desk, ids[shown]) == Verdict::Rejected
        })
        .await;
    });
}

#[test]
fn a_pointer_that_moved_while_the_wall_was_sorted_stays_on_its_take() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let seeds: Vec<u32> = (1..=150).collect();
        let ids = queue(&desk, &seeds);
        for id in &ids[60..] {
            desk.store.set_verdict(*id, Verdict::Circled).unwrap();
        }
        desk.store.set_verdict(ids[1], Verdict::Rejected).unwrap();
        open(&desk, 150).await;
        desk.sees("1 of 150").await;
        desk.settle().await;
        // The sorted rows around take 1 are without take 2, which the pointer is on when they arrive.
        desk.press("O j");
        desk.sees("150 of 150").await;
        desk.sees(" s2 ").await;
        desk.settle().await;
        assert!(line(&desk, " s2 ").contains('›'));
        desk.press("*");
        desk.until("that one is circled", |desk| {
            verdict(desk, ids[1]) == Verdict::Circled
        })
        .await;
    });
}

#[test]
fn in_a_tall_window_every_row_gets_its_pictures() {
    let options = Options {
        size: (62, 204),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        let seeds: Vec<u32> = (1..=120).collect();
        let ids = queue(&desk, &seeds);
        for _ in &ids {
            let id = render(&desk);
            save_without_video(&desk, id);
        }
        open(&desk, 120).await;
        desk.sees(" s33 ").await;
        desk.sees_no("reading the pictures").await;
        desk.settle().await;
        desk.press("end");
        desk.sees(" s120 ").await;
        desk.sees_no("reading the pictures").await;
        desk.sees("120.mp4 is not there").await;
    });
}

/// What the wall asks to be read.
fn asks(effects: &[Effect]) -> Option<Box<WallView>> {
    effects.iter().find_map(|effect| match effect {
        Effect::Wall(WallWork::Read(view)) => Some(view.clone()),
        _ => None,
    })
}

/// The screen, and what follows from its being drawn.
fn drawn(app: &mut App) -> (String, Vec<Effect>) {
    let mut terminal = Terminal::new(TestBackend::new(140, 40)).unwrap();
    let mut seen = None;
    let screen = plain_screen();
    let frame = terminal
        .draw(|frame| seen = Some(screen.draw(app, frame)))
        .unwrap();
    let cells = frame.buffer.content.iter();
    let text = cells.map(ratatui::buffer::Cell::symbol).collect();
    (text, app.drawn(seen.unwrap()))
}

#[test]
fn rows_that_cannot_be_read_say_why_in_their_place_and_are_not_asked_for_again() {
    let mut app = app_alone(Form::default());
    app.state_mut().takes.log.count = 1;
    let effects = app.feed(&[Event::Key(event_of("4")), Event::Key(event_of("w"))]);
    let gone = |view: &WallView| {
        let error = Problem::new(Kind::Other, "the disk is gone", "plug it in");
        Message::Wall(WallNews::Read(Box::new(view.clone()), Err(error)))
    };
    let first = asks(&effects).unwrap();
    let mut more = app.receive(gone(&first));
    for _ in 0..3 {
        let (text, effects) = drawn(&mut app);
        assert!(
            text.contains("the takes could not be read: the disk is gone: plug it in"),
            "{text}"
        );
        more.extend(effects);
    }
    assert_eq!(asks(&more), None);
    assert_eq!(app.overlays().len(), 1);
    // The next reading tells that there are takes, and theirs fails.
    let mut app = app_alone(Form::default());
    app.state_mut().takes.log.count = 1;
    let effects = app.feed(&[Event::Key(event_of("4")), Event::Key(event_of("w"))]);
    let first = asks(&effects).unwrap();
    let page = WallPage {
        tally: Tally {
            takes: 50,
            ..Tally::default()
        },
        offset: 0,
        takes: Vec::new(),
        found: None,
    };
    let _ = app.receive(Message::Wall(WallNews::Read(first, Ok(Box::new(page)))));
    let (_, effects) = drawn(&mut app);
    let second = asks(&effects).unwrap();
    let mut more = app.receive(gone(&second));
    for _ in 0..3 {
        more.extend(drawn(&mut app).1);
    }
    assert_eq!(asks(&more), None);
    assert_eq!(app.overlays().len(), 1);
}

/// Without pictures there is no room to keep for them.
#[test]
fn without_pictures_the_wall_is_a_list_of_takes_with_their_facts() {
    let options = Options {
        size: (80, 24),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        let seeds: Vec<u32> = (7..19).collect();
        let ids = saved_sweep(&desk, &seeds);
        desk.store.set_tags(ids[1], &["hero".to_owned()]).unwrap();
        desk.store.set_note(ids[1], "her look at 0:03").unwrap();
        open(&desk, 12).await;
        desk.sees_no("reading the pictures").await;
        for _ in 0..6 {
            if desk.glass.text().contains("pictures are off") {
                break;
            }
            desk.press("`");
            desk.settle().await;
        }
        desk.sees("pictures are off: ` pictures").await;
        let text = desk.glass.text();
        let row = |words: &str| text.lines().position(|line| line.contains(words));
        for seed in 8..19 {
            let (above, here) = (row(&format!(" s{} ", seed - 1)), row(&format!(" s{seed} ")));
            assert_eq!(here, above.map(|above| above + 1), "{text}");
        }
        let line = line(&desk, " s8 ");
        for fact in ["480p 10s", "#hero", "her look at 0:03"] {
            assert!(line.contains(fact), "{line}");
        }
        // Every row is on the screen, so that each can be judged.
        desk.press("end *");
        desk.until("the last is circled", |desk| {
            verdict(desk, ids[11]) == Verdict::Circled
        })
        .await;
        desk.press("`");
        desk.settle().await;
        desk.until("pictures are there again", |desk| blocks(desk) > 50)
            .await;
    });
}
