//! The path of a knock-out: taken back with the verdicts that followed, begun anew, and shown again.

use rushes::model::{TakeId, Verdict};

use crate::delivered::saved_sweep;
use crate::knock_out::{open, verdict};
use crate::test_workbench::{Desk, Options, workbench};

#[test]
fn taking_back_a_decision_takes_back_the_verdicts_that_followed_and_files_follow() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        let verdicts = |desk: &Desk| -> Vec<Verdict> { ids.iter().map(|id| verdict(desk, *id)).collect() };
        let binned = |desk: &Desk| {
            let file = |id: &&TakeId| desk.store.take(**id).unwrap().file.unwrap();
            let in_bin = |id: &&TakeId| file(id).parent().unwrap().ends_with("bin");
            ids.iter().filter(in_bin).count()
        };
        let [none, circled, rejected] = [Verdict::None, Verdict::Circled, Verdict::Rejected];
        open(&desk).await;
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("h");
        desk.sees("l  take 3").await;
        desk.settle().await;
        desk.press("h");
        desk.sees("Ranking of 3 takes").await;
        desk.settle().await;
        desk.press("*");
        desk.until("take 1 is circled", |desk| verdict(desk, ids[0]) == circled)
            .await;
        desk.press("-");
        desk.sees("Reject 2 takes, and keep take 1?").await;
        desk.settle().await;
        desk.press("y");
        desk.until("the rest is rejected", |desk| {
            verdicts(desk) == [circled, rejected, rejected]
        })
        .await;
        desk.until("their files are in the bin", |desk| binned(desk) == 2)
            .await;
        desk.settle().await;
        // Take 3 is better after all.
        desk.press("U");
        desk.sees("l  take 3").await;
        desk.until("no take has a verdict", |desk| verdicts(desk) == [none; 3])
            .await;
        desk.until("the files are back", |desk| binned(desk) == 0).await;
        desk.settle().await;
        desk.press("l");
        desk.sees("1.  take 3").await;
        desk.settle().await;
        desk.press("*");
        desk.until("take 3 alone is circled", |desk| {
            verdicts(desk) == [none, none, circled]
        })
        .await;
        // Also later.
        desk.settle().await;
        desk.press("esc");
        desk.sees_no("Ranking").await;
        desk.press("k");
        desk.rest().await;
        desk.press("home =");
        desk.sees("Ranking of 3 takes").await;
        desk.settle().await;
        desk.press("U");
        desk.sees("decision 2 of at most 2").await;
        desk.until("the verdict is gone", |desk| verdicts(desk) == [none; 3])
            .await;
    });
}

/// Of three takes, the first two are dropped: nobody has looked at the third one.
#[test]
fn a_take_that_nobody_has_looked_at_does_not_win() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk).await;
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("x");
        desk.sees("h  take 3").await;
        desk.sees("nothing is left to compare it with: keep it or reject it")
            .await;
        desk.sees("h keep it").await;
        desk.sees("x reject it").await;
        desk.settle().await;
        assert!(!desk.glass.text().contains("l keep"), "{}", desk.glass.text());
        desk.sees("Space play").await;
        desk.press("space");
        desk.sees("Space stop").await;
        desk.press("space");
        desk.sees("Space play").await;
        desk.press("l");
        desk.sees("only one take is left: keep it, or reject it").await;
        desk.press("h");
        desk.sees("1.  take 3").await;
        desk.sees("take 3 was kept, compared with none").await;
        desk.settle().await;
        desk.press("U");
        desk.sees("compared with none").await;
        desk.settle().await;
        desk.press("x");
        desk.sees("Ranking of 3 takes").await;
        desk.until("all are rejected", |desk| {
            ids.iter().all(|id| verdict(desk, *id) == Verdict::Rejected)
        })
        .await;
        desk.settle().await;
        desk.press("*");
        desk.sees("every take was rejected, so none has won").await;
    });
}

#[test]
fn a_finished_knock_out_is_begun_anew_and_the_earlier_one_stays_as_history() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8]);
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home v");
        desk.sees("+ 2 marked").await;
        desk.press("=");
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("h");
        desk.sees("1.  take 1").await;
        desk.settle().await;
        desk.press("=");
        desk.sees("Compare 2 takes from the start?").await;
        desk.settle().await;
        desk.press("y");
        desk.sees("Two takes").await;
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("l");
        desk.sees("1.  take 2").await;
        desk.until("the earlier decision is history", |desk| {
            let now = desk.store.decisions(&ids).unwrap().len();
            now == 1 && desk.store.decisions_about(ids[0]).unwrap().len() == 2
        })
        .await;
        desk.settle().await;
        // The marks have done their work.
        desk.press("esc");
        desk.sees("2 marks removed: the takes are ranked").await;
        desk.sees_no("2 marked").await;
        desk.rest().await;
        desk.press("home =");
        desk.sees("These takes were compared before: = compare anew")
            .await;
        desk.sees("1.  take 2").await;
    });
}

#[test]
fn marks_stay_while_a_knock_out_is_not_finished() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        saved_sweep(&desk, &[7, 8, 9]);
        desk.press("4");
        desk.sees("sweep 1").await;
        desk.press("home v =");
        desk.sees("l  take 2").await;
        desk.settle().await;
        desk.press("h");
        desk.sees("l  take 3").await;
        desk.settle().await;
        desk.press("esc");
        desk.sees("1 of 2 decisions made; = on the same takes goes on")
            .await;
        desk.sees("+ 3 marked").await;
        desk.press("=");
        desk.sees("l  take 3").await;
    });
}

/// The ranking of a sweep is shown again, though its losers are rejected and only the winner is left.
#[test]
fn a_finished_sweep_shows_its_ranking_again() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = saved_sweep(&desk, &[7, 8, 9]);
        open(&desk).await;
        desk.sees("l  take 2").await;
        for (key, shown) in [("h", "l  take 3"), ("h", "Ranking of 3 takes"), ("-", "Reject 2")] {
            desk.settle().await;
            desk.press(key);
            desk.sees(shown).await;
        }
        desk.sees("Reject 2 takes, and keep take 1?").await;
        desk.settle().await;
        desk.press("y");
        desk.until("the rest is rejected", |desk| {
            ids[1..].iter().all(|id| verdict(desk, *id) == Verdict::Rejected)
        })
        .await;
        desk.settle().await;
        desk.press("esc");
        desk.sees_no("Ranking").await;
        desk.settle().await;
        desk.press("home =");
        desk.sees("Ranking of 3 takes").await;
        desk.sees("2 =  take 2  s8  -").await;
    });
}
