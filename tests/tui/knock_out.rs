//! Two takes at once, and the knock-out of several: decisions that are kept, taken back, and go on later.

use rushes::model::{TakeId, Verdict};

use crate::delivered::{deliver, queue, saved_sweep};
use crate::test_workbench::{Desk, Options, workbench};

fn verdict(desk: &Desk, id: TakeId) -> Verdict {
    desk.store.take(id).unwrap().verdict
}

/// The comparison of the sweep that is at the top of the log.
async fn open(desk: &Desk) {
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
        desk.sees("preferred to 1").await;
        desk.sees("2.  take 1").await;
        desk.sees("preferred to 2, 3").await;
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
        desk.sees("Reject 3 takes, all but take 4?").await;
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
fn a_comparison_goes_on_after_it_was_left_and_both_rejected_come_back() {
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
        desk.sees("1 of 3 decided; = goes on there").await;
        // The rejected ones are not in the sweep's saved takes any more, and it goes on all the same.
        desk.press("=");
        desk.sees("The comparison goes on after 1 decision").await;
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
        desk.sees("shot 1 of 4  0.0 s of 10 s").await;
        desk.press(".");
        desk.sees("0.5 s of 10 s").await;
        desk.press("]");
        desk.sees("shot 2 of 4  3.0 s of 10 s").await;
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
        desk.sees("2.5 s of 10 s").await;
        desk.press("[");
        desk.sees("shot 1 of 4").await;
        desk.press("[");
        desk.sees("this is the first shot").await;
        // Both play in step, and stop where they are.
        desk.press("space");
        desk.sees("Space stop").await;
        desk.until("it has gone on", |desk| {
            let text = desk.glass.text();
            ["1.5 s", "2.0 s", "2.5 s", "3.0 s"]
                .iter()
                .any(|time| text.contains(&format!("{time} of 10 s")))
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
