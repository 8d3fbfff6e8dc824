//! The field of the log's filter: what is typed is applied, completed, or refused where it is wrong.

use rushes::model::{Backend, TakeId, TakeState, Verdict};

use crate::test_workbench::*;

fn with_takes(desk: &Desk) {
    for seed in [11, 12, 13] {
        crate::takes::admit(desk, seed);
    }
    desk.tell(rushes::engine::Event::Take(TakeId(1)));
}

/// A mistake is told whole, with its place, at 80 columns too; what is shown stays what the last line without one shows.
#[test]
fn a_mistake_is_told_under_the_field_and_shows_nothing_more() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let options = Options {
            size: (columns, rows),
            ..Options::default()
        };
        workbench(options, |desk| async move {
            with_takes(&desk);
            desk.settle().await;
            desk.press(if columns == 80 { "4 /" } else { "4 z /" });
            desk.write("seed:12").await;
            desk.sees(" s12 ").await;
            desk.sees_no(" s13 ").await;
            desk.write(" has:circled").await;
            desk.settle().await;
            let screen = desk.glass.text();
            // The log is the leftmost pane.
            let pane = screen.lines().filter_map(|line| line.split('│').nth(1));
            let flat = pane.map(str::trim).collect::<Vec<_>>().join(" ");
            for part in [
                "At character 9",
                "(has:circled)",
                "is not a key of the filter",
                "verdict:circled",
                "in quotes",
            ] {
                assert!(flat.contains(part), "{part}\n{screen}");
            }
            for seed in [" s11 ", " s13 "] {
                assert!(!screen.contains(seed), "nothing more is shown:\n{screen}");
            }
            // Enter waits until it is mended.
            desk.press("enter");
            desk.settle().await;
            assert!(desk.glass.text().contains("FILTERING"), "{}", desk.glass.text());
            desk.press(&format!("{}enter", "backspace ".repeat(" has:circled".len())));
            desk.sees_no("FILTERING").await;
            desk.sees("/seed:12").await;
        });
    }
}

#[test]
fn keys_and_values_are_completed_by_tab() {
    workbench(Options::default(), |desk| async move {
        with_takes(&desk);
        desk.settle().await;
        desk.press("4 /");
        desk.settle().await;
        desk.sees("state: verdict:").await;
        desk.write("st").await;
        desk.press("tab");
        desk.sees("state needs a value").await;
        desk.press("tab");
        desk.sees("/state:waiting").await;
        desk.sees("[waiting] submitting").await;
        desk.sees("3 takes").await;
        desk.press("tab");
        desk.sees("/state:submitting").await;
        desk.sees("No take matches the filter").await;
        desk.press("backtab enter");
        desk.sees_no("FILTERING").await;
        desk.sees("/state:waiting").await;
    });
}

/// The keys may come before what the filter lets through is read: then the take that is selected still is another one.
#[test]
fn a_verdict_right_behind_a_filter_hits_no_take_that_the_filter_hides() {
    workbench(Options::default(), |desk| async move {
        for seed in [11, 12, 13] {
            crate::takes::admit(&desk, seed);
            let way = [TakeState::Accepted, TakeState::Rendered, TakeState::Saved];
            crate::takes::work(&desk, Backend::Sandbox, &way);
        }
        desk.tell(rushes::engine::Event::Take(TakeId(1)));
        desk.press("4");
        desk.sees("›").await;
        desk.sees(" s13 ").await;
        desk.press("/");
        desk.write("s1").await;
        desk.sees(" s13 ").await;
        desk.sees("3 takes").await;
        desk.settle().await;
        desk.press("1 enter *");
        desk.sees("1 take ").await;
        desk.settle().await;
        let verdict = |id| desk.store.take(TakeId(id)).unwrap().verdict;
        let others = [verdict(2), verdict(3)];
        assert_eq!(others, [Verdict::None; 2], "{}", desk.glass.text());
    });
}
