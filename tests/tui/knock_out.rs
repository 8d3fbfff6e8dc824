//! Two takes at once, and the knock-out of several: decisions that are kept, taken back, and go on later.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use rushes::model::{TakeId, Verdict};

use crate::delivered::{deliver, queue, saved_sweep};
use crate::test_workbench::{Desk, Options, workbench};
use crate::two_workbenches::two_workbenches;

pub fn verdict(desk: &Desk, id: TakeId) -> Verdict {
    desk.store.take(id).unwrap().verdict
}

/// The knock-out of the sweep that is at the top of the log.
pub async fn open(desk: &Desk) {
    desk.press("4");
    desk.sees("sweep 1").await;
    desk.press("home =");
}

#[test]
fn four_takes_are_ranked_by_three_decisions_and_one_is_taken_back() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9, 10]);
        open(&desk).await;
        desk.sees("Knock-out of 4 takes · decision 1 of at most 3").await;
        desk.sees("h  take 1").await;
        desk.sees("l  take 2").await;
        desk.sees_no("reading the video").await;
        desk.press("h");
        desk.sees("decision 2 of at most 3").await;
        desk.sees("l  take 3").await;
        desk.press("l");
        desk.sees("h  take 3").await;
        desk.sees("l  take 4").await;
        // The second decision was wrong.
        desk.press("U");
        desk.sees("decision 2 of at most 3").await;
        desk.sees("h  take 1").await;
        desk.press("h");
        desk.sees("decision 3 of at most 3").await;
        desk.sees("h  take 1").await;
        desk.sees("l  take 4").await;
        desk.press("l");
        desk.sees("Ranking of 4 takes").await;
        desk.sees("1.  take 4  s10").await;
        desk.sees("kept, not 1").await;
        desk.sees("2.  take 1").await;
        desk.sees("kept, not 2, 3; 4 was kept").await;
        // Nothing was decided between the two that lost to take 1.
        desk.sees("3 =  take 2").await;
        desk.sees("3 =  take 3").await;
        desk.sees("take 1 was kept, not 3").await;
        desk.until("three decisions are kept", |desk| {
            desk.store.decisions(&ids).unwrap().len() == 3
        })
        .await;
        desk.press("*");
        desk.until("the winner is circled", |desk| {
            verdict(desk, ids[3]) == Verdict::Circled
        })
        .await;
        desk.press("-");
        desk.sees("Reject 3 takes, and keep take 4?").await;
        desk.press("y");
        desk.until("the rest is rejected", |desk| {
            ids[..3].iter().all(|id| verdict(desk, *id) == Verdict::Rejected)
        })
        .await;
        desk.press("p");
        desk.sees("Promote take 4").await;
        desk.press("esc esc");
        desk.sees_no("Ranking").await;
        desk.rest().await;
        desk.sees("take 4  seed 10").await;
    });
}

#[test]
fn a_knock_out_goes_on_after_it_was_left_and_both_rejected_come_back() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9, 10]);
        open(&desk).await;
        desk.sees("decision 1 of at most 3").await;
        desk.press("x");
        desk.sees("h  take 3").await;
        desk.until("both are rejected", |desk| {
            ids[..2].iter().all(|id| verdict(desk, *id) == Verdict::Rejected)
        })
        .await;
        desk.press("esc");
        desk.sees("1 of 3 decisions made; = on the same takes goes on")
            .await;
        // The rejected ones are not in the sweep's saved takes any more, and it goes on all the same.
        desk.press("=");
        desk.sees("The knock-out goes on after 1 decision").await;
        desk.sees("h  take 3").await;
        desk.press("U");
        desk.sees("h  take 1").await;
        desk.until("they have no verdict again", |desk| {
            ids[..2].iter().all(|id| verdict(desk, *id) == Verdict::None)
        })
        .await;
        desk.press("U");
        desk.sees("nothing was decided yet").await;
        assert_eq!(desk.store.decisions(&ids).unwrap(), []);
    });
}

#[test]
fn both_takes_of_a_pair_show_the_same_moment() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8, 9]);
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home right");
        desk.sees(" s8 ").await;
        // The newest take, and its neighbour in the sweep.
        desk.press("j =");
        desk.sees("Two takes").await;
        desk.sees("h  take 2").await;
        desk.sees("l  take 3").await;
        desk.sees("shot 1 of 4  0:00.0 of 0:10.0").await;
        desk.press(".");
        desk.sees("0:00.5 of 0:10.0").await;
        desk.press("]");
        desk.sees("shot 2 of 4  0:03.0 of 0:10.0").await;
        desk.sees_no("reading the video").await;
        desk.settle().await;
        // The ground tells the second, and it is the same on both sides.
        let buffer = desk.glass.buffer();
        let ground = |x: u16| match buffer[(x, buffer.area.height / 2 + 6)].bg {
            ratatui::style::Color::Rgb(light, ..) => i16::from(light),
            other => panic!("{other:?}"),
        };
        assert!(
            (ground(20) - ground(110)).abs() < 4,
            "{} {}",
            ground(20),
            ground(110)
        );
        desk.press(",");
        desk.sees("0:02.5 of 0:10.0").await;
        desk.press("[");
        desk.sees("shot 1 of 4").await;
        desk.press("[");
        desk.sees("this is the first shot").await;
        // Both play in step, and stop where they are.
        desk.press("space");
        desk.sees("Space stop").await;
        desk.until("it has gone on", |desk| {
            let text = desk.glass.text();
            ["0:01.5", "0:02.0", "0:02.5", "0:03.0"]
                .iter()
                .any(|time| text.contains(&format!("{time} of 0:10.0")))
        })
        .await;
        desk.press("space");
        desk.sees("Space play both").await;
        desk.press("l");
        desk.sees("Ranking of 2 takes").await;
        desk.sees("1.  take 3").await;
    });
}

#[test]
fn too_few_takes_are_explained() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        queue(&desk, &[7, 8]);
        open(&desk).await;
        desk.sees("two saved takes are needed, and sweep 1 has none")
            .await;
        deliver(&desk);
        desk.sees("1 of 2 saved").await;
        desk.press("=");
        desk.sees("sweep 1 has one that is not rejected").await;
        desk.press("v =");
        desk.sees("of the 2 chosen takes one is saved").await;
    });
}

const IGNORED: &str = "The key was ignored: the next takes were not on the screen yet";

#[test]
fn a_key_decides_only_about_a_pair_that_was_shown() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9, 10]);
        open(&desk).await;
        desk.sees("decision 1 of at most 3").await;
        desk.settle().await;
        // Both keys arrive together, so nobody can have seen takes 3 and 4.
        desk.press("x x");
        desk.sees(IGNORED).await;
        desk.sees("h  take 3").await;
        let decided = |count: usize| {
            let ids = &ids;
            move |desk: &Desk| desk.store.decisions(ids).unwrap().len() == count
        };
        desk.until("one decision is kept", decided(1)).await;
        desk.settle().await;
        assert!(decided(1)(&desk), "the second key decided too");
        let open = |desk: &Desk| ids[2..].iter().all(|id| verdict(desk, *id) == Verdict::None);
        assert!(open(&desk), "a pair was rejected unseen");
        // Taken back and decided at once: that pair is not on the screen yet either.
        desk.press("U x");
        desk.sees(IGNORED).await;
        desk.sees("h  take 1").await;
        desk.until("the decision is taken back", decided(0)).await;
        desk.settle().await;
        assert!(decided(0)(&desk), "the second key decided");
        // The terminal is slow: it has not taken the frame with the next pair.
        desk.jam_with_the_next_frame();
        desk.press("h");
        desk.sees("l  take 3").await;
        desk.press("x");
        desk.settle().await;
        desk.until("one decision is kept", decided(1)).await;
        desk.reads(true);
        desk.sees(IGNORED).await;
        desk.settle().await;
        desk.press("h");
        desk.sees("l  take 4").await;
        desk.settle().await;
        // The winner of a ranking that nobody has seen is not circled.
        desk.press("h *");
        desk.sees("Ranking of 4 takes").await;
        desk.settle().await;
        assert_eq!(verdict(&desk, ids[0]), Verdict::None);
        desk.press("*");
        desk.until("the winner is circled", |desk| {
            verdict(desk, ids[0]) == Verdict::Circled
        })
        .await;
    });
}

#[test]
fn two_windows_that_decide_about_one_pair_make_one_decision() {
    two_workbenches(|a, b| async move {
        a.sees("lighthouse").await;
        b.sees("lighthouse").await;
        let ids = saved_sweep(&a, &[7, 8, 9, 10]);
        for desk in [&a, &b] {
            desk.press("4");
            desk.sees("4 of 4 saved").await;
            desk.press("home =");
            desk.sees("decision 1 of at most 3").await;
            desk.settle().await;
        }
        a.press("h");
        b.press("l");
        let slow = "another window has decided about these takes";
        a.until("one of them was too slow", |a| {
            a.glass.text().contains(slow) || b.glass.text().contains(slow)
        })
        .await;
        a.sees("l  take 3").await;
        b.sees("l  take 3").await;
        assert_eq!(a.store.decisions(&ids).unwrap().len(), 1);
        let winner = a.store.decisions(&ids).unwrap()[0].winner().unwrap();
        for desk in [&a, &b] {
            desk.sees(&format!("h  take {winner}")).await;
        }
        a.settle().await;
        b.settle().await;
        a.press("h");
        b.sees("l  take 4").await;
        a.settle().await;
        b.settle().await;
        // Both take the same decision back, and the one before it stays.
        a.press("U");
        b.press("U");
        a.sees("decision 2 of at most 3").await;
        b.sees("decision 2 of at most 3").await;
        a.settle().await;
        b.settle().await;
        assert_eq!(a.store.decisions(&ids).unwrap().len(), 1);
    });
}

/// Changes the store behind the back of everybody.
fn sql(desk: &Desk, text: &str) {
    let connection = rusqlite::Connection::open(desk.store.path()).unwrap();
    connection.execute_batch(text).unwrap();
}

#[test]
fn takes_that_cannot_be_read_are_told_once_and_a_decision_that_is_not_kept_is_undone() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9, 10]);
        open(&desk).await;
        desk.sees("decision 1 of at most 3").await;
        sql(&desk, "ALTER TABLE decisions RENAME TO hidden");
        desk.sees("The takes that are compared could not be read").await;
        desk.settle().await;
        desk.press("esc");
        desk.sees_no("could not be read").await;
        desk.sees("decision 1 of at most 3").await;
        desk.settle().await;
        desk.press("h");
        desk.sees("The decision was not kept").await;
        desk.settle().await;
        desk.press("esc");
        desk.sees_no("was not kept").await;
        desk.sees("decision 1 of at most 3").await;
        desk.sees("l  take 2").await;
        sql(&desk, "ALTER TABLE hidden RENAME TO decisions");
        desk.settle().await;
        desk.press("h");
        desk.sees("decision 2 of at most 3").await;
        desk.until("it is kept", |desk| {
            desk.store.decisions(&ids).unwrap().len() == 1
        })
        .await;
        desk.press("esc");
        desk.sees_no("Knock-out of 4 takes").await;
    });
}

#[test]
fn both_are_rejected_and_come_back_though_a_file_is_gone_or_one_was_judged_since() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        std::fs::remove_file(desk.store.take(ids[0]).unwrap().file.unwrap()).unwrap();
        open(&desk).await;
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("x");
        desk.sees("Take 1 is rejected, but").await;
        desk.until("both are rejected", |desk| {
            ids[..2].iter().all(|id| verdict(desk, *id) == Verdict::Rejected)
        })
        .await;
        desk.sees("h  take 3").await;
        assert!(!desk.glass.text().contains("was not kept"));
        let bin = |desk: &Desk| {
            let file = desk.store.take(ids[1]).unwrap().file.unwrap();
            file.is_file() && file.parent().unwrap().ends_with("bin")
        };
        desk.until("the other file is in the bin", bin).await;
        desk.store.set_verdict(ids[0], Verdict::Circled).unwrap();
        desk.settle().await;
        desk.press("U");
        desk.sees("decision 1 of at most 2").await;
        desk.until("its file is back", |desk| !bin(desk)).await;
        assert_eq!(verdict(&desk, ids[0]), Verdict::Circled);
        assert_eq!(verdict(&desk, ids[1]), Verdict::None);
    });
}

#[test]
fn a_key_pressed_twice_opens_one_knock_out() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk).await;
        desk.press("=");
        desk.sees("decision 1 of at most 2").await;
        desk.settle().await;
        // What is on top follows the store.
        desk.store.set_tags(ids[0], &["hero".to_owned()]).unwrap();
        desk.press("h");
        desk.sees("decision 2 of at most 2").await;
        desk.sees("#hero").await;
        desk.press("esc");
        desk.sees_no("Knock-out of 3 takes").await;
    });
}

/// A terminal sends Esc and a key pressed at once as one.
#[test]
fn a_key_pressed_with_esc_acts_on_the_wall_below() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8, 9]);
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home w");
        desk.sees("Wall of sweep 1").await;
        desk.sees("1 of 3").await;
        desk.press("j =");
        desk.sees("Two takes").await;
        desk.sees("h  take 2").await;
        desk.settle().await;
        desk.send(Event::Key(KeyEvent::new(KeyCode::Char('v'), KeyModifiers::ALT)));
        desk.sees("Wall of sweep 1").await;
        desk.sees("+ 2 s8").await;
        desk.settle().await;
        let text = desk.glass.text();
        assert!(!text.contains("+ 1 s7") && !text.contains("+ 3 s9"), "{text}");
    });
}

/// A terminal in which two wide pictures are larger one above the other.
#[test]
fn takes_above_each_other_are_called_upper_and_lower() {
    let options = Options {
        size: (80, 60),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk).await;
        desk.sees("l  take 2").await;
        desk.sees("h keep upper").await;
        desk.sees("l keep lower").await;
        desk.settle().await;
        let text = desk.glass.text();
        let line = |words: &str| text.lines().position(|line| line.contains(words)).unwrap();
        assert!(line("h  take 1") < line("l  take 2"), "{text}");
        desk.press("j");
        desk.sees("h  take 2").await;
        desk.settle().await;
        desk.press("k");
        desk.sees("1.  take 2").await;
        desk.until("both decisions are kept", |desk| {
            desk.store.decisions(&ids).unwrap().len() == 2
        })
        .await;
        // Beside each other they are the left and the right one.
        desk.settle().await;
        desk.press("U");
        desk.sees("h keep upper").await;
        desk.resize(80, 24);
        desk.sees("h keep left").await;
        desk.sees("l keep right").await;
    });
}

/// How many files of the desk's takes this process has open.
#[cfg(target_os = "linux")]
fn open_videos(desk: &Desk) -> usize {
    let folder = desk.store.path().parent().unwrap().join("reels");
    let files = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let targets = files.filter_map(|file| std::fs::read_link(file.path()).ok());
    let is_video = |file: &std::path::PathBuf| {
        file.starts_with(&folder) && file.extension().is_some_and(|ending| ending == "mp4")
    };
    targets.filter(is_video).count()
}

#[test]
#[cfg(target_os = "linux")]
fn videos_are_closed_when_two_at_once_is_left_and_the_monitor_keeps_one() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8]);
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home =");
        desk.sees("l  take 2").await;
        desk.sees_no("reading the video").await;
        desk.until("both are open", |desk| open_videos(desk) == 2).await;
        desk.press("space");
        desk.sees("Space stop").await;
        desk.press("space");
        desk.sees("Space play both").await;
        desk.settle().await;
        assert_eq!(open_videos(&desk), 4, "to be played, and at a picture");
        desk.press("esc");
        desk.until("none is open", |desk| open_videos(desk) == 0).await;
        // The Monitor keeps the take open that it shows, also while it could be played again.
        desk.press("right");
        desk.sees(" s8 ").await;
        desk.press("j");
        desk.sees("take 2  seed 8").await;
        desk.until("its picture is there", |desk| open_videos(desk) == 1)
            .await;
        desk.rest().await;
        desk.press("space");
        desk.sees("▶").await;
        desk.press("space");
        desk.sees_no("▶").await;
        desk.settle().await;
        desk.press("j");
        desk.sees("take 1  seed 7").await;
        desk.rest().await;
        desk.until("one position is kept", |desk| open_videos(desk) == 1)
            .await;
    });
}
