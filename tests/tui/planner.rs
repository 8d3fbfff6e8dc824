//! The sweep planner: what is typed, what is shown, what is sent.

use rushes::model::{Backend, Seed, Take, TakeId, Usd, Verdict};

use crate::test_workbench::{Desk, Options, workbench};

fn live(dollars: &str) -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(Usd::parse(dollars).unwrap()),
        ..Options::default()
    }
}

fn queued(desk: &Desk) -> Vec<Take> {
    desk.store.unsettled_takes(None).unwrap()
}

fn seeds(takes: &[Take]) -> Vec<u32> {
    takes.iter().map(|take| take.seed.number()).collect()
}

/// Opens the planner and types this over its text.
async fn plan(desk: &Desk, typed: &str) {
    desk.sees("lighthouse").await;
    desk.press("s");
    desk.sees("SWEEP").await;
    desk.write(typed).await;
}

#[test]
fn typing_replaces_the_list_and_the_takes_shown_are_the_takes_sent() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "6 new").await;
        desk.sees("Generate 6 takes?").await;
        desk.sees("6 × $0.71 = $4.24 est.").await;
        desk.sees("First done by 14:02, last by 14:05.").await;
        let screen = desk.glass.text();
        desk.press("enter");
        desk.until("six takes are queued", |desk| queued(desk).len() == 6)
            .await;
        let takes = queued(&desk);
        for take in &takes {
            assert!(
                screen.contains(&format!("seed {:>10}", take.seed.number())),
                "{screen}"
            );
            assert_eq!(take.sweep, takes[0].sweep);
        }
        assert_eq!(desk.form().seeds, "1 new", "the form keeps its seeds");
    });
}

#[test]
fn a_lone_number_is_a_seed_and_neighbours_count_upwards() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "7").await;
        desk.sees("Generate 1 take?").await;
        desk.press("ctrl-u");
        desk.write("3 near 42, 7").await;
        desk.sees("Generate 4 takes?").await;
        desk.press("enter");
        desk.until("they are queued", |desk| queued(desk).len() == 4)
            .await;
        assert_eq!(seeds(&queued(&desk)), [42, 43, 44, 7]);
    });
}

#[test]
fn what_the_cap_leaves_is_sent_after_one_question() {
    workbench(live("3.00"), |desk| async move {
        plan(&desk, "6 new").await;
        desk.sees("Generate 4 of 6 takes for about $2.82?").await;
        desk.sees("4 of 6 takes fit under the day's cap.").await;
        desk.sees("over the cap").await;
        desk.sees("Enter send 4").await;
        desk.press("enter");
        desk.until("four are queued", |desk| queued(desk).len() == 4)
            .await;
        desk.settle().await;
        assert_eq!(queued(&desk).len(), 4);
        desk.sees_no("Generate 4").await;
    });
}

#[test]
fn a_cap_without_room_is_told_and_nothing_is_sent() {
    workbench(live("0.10"), |desk| async move {
        plan(&desk, "6 new").await;
        desk.sees("leaves $0.10").await;
        desk.press("enter");
        desk.sees("nothing was sent").await;
        assert_eq!(queued(&desk), []);
    });
}

/// Enter that comes before the amount was on the screen is no answer: the usual question follows.
#[test]
fn live_money_is_not_spent_on_a_plan_that_nobody_has_seen() {
    workbench(live("10"), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("s enter");
        desk.sees("Generate 6 takes for about $4.24?").await;
        desk.sees("y generate").await;
        assert_eq!(queued(&desk), []);
        desk.press("esc s");
        desk.sees("SWEEP").await;
        desk.press("7 enter");
        desk.sees("y generate").await;
        assert_eq!(queued(&desk), []);
        desk.press("y");
        desk.until("it is queued", |desk| queued(desk).len() == 1).await;
        assert_eq!(seeds(&queued(&desk)), [7]);
    });
}

/// While the planner is open, the settings about money change.
#[test]
fn the_plan_follows_the_settings() {
    workbench(live("10"), |desk| async move {
        plan(&desk, "6 new").await;
        desk.sees("Generate 6 takes for about $4.24?").await;
        desk.till
            .change(|money| money.caps.day = Some(Usd::parse("3.00").unwrap()));
        desk.press("down");
        desk.sees("Generate 4 of 6 takes for about $2.82?").await;
        assert_eq!(queued(&desk), []);
    });
}

#[test]
fn what_is_wrong_with_a_list_is_told_by_name() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "sweep 3").await;
        desk.sees("there is no sweep 3").await;
        desk.press("enter");
        desk.sees("nothing was sent: ").await;
        for (typed, told) in [
            ("9..3", "runs backwards"),
            ("colour=red,blue", "no variables"),
            ("duration=5,99", "99"),
            ("duration=", "does not say what to vary"),
            ("duration=5,5", "names \"5\" twice"),
            ("201 new", "200"),
        ] {
            desk.press("ctrl-u");
            desk.write(typed).await;
            desk.sees(told).await;
            desk.press("enter");
            desk.settle().await;
            assert_eq!(queued(&desk), [], "{typed}");
        }
        desk.press("esc");
        desk.sees_no("SWEEP").await;
    });
}

#[test]
fn one_other_thing_is_varied_with_one_seed_and_each_take_has_its_price() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "duration=5,10").await;
        desk.sees("Generate 2 takes?").await;
        desk.sees("$0.35 est.").await;
        desk.sees("$0.71 est.").await;
        desk.press("enter");
        desk.until("both are queued", |desk| queued(desk).len() == 2)
            .await;
        let takes = queued(&desk);
        assert_eq!(takes[0].seed, takes[1].seed);
        assert_eq!(takes[0].body["duration"], 5);
        assert_eq!(takes[1].body["duration"], 10);
        let sweep = desk.store.sweep(takes[0].sweep.unwrap()).unwrap().unwrap();
        assert_eq!(sweep.varies, "duration");
    });
}

#[test]
fn a_variable_is_shown_expanded_and_both_forms_are_kept() {
    workbench(Options::default(), |desk| async move {
        desk.press("E i");
        desk.sees("EDITING").await;
        desk.write("A {coat=red|black} coat in the rain.").await;
        desk.press("esc");
        desk.until("it is saved", |desk| desk.form().prompt.ends_with("rain."))
            .await;
        desk.press("s");
        desk.sees("Generate 2 takes?").await;
        desk.sees("A red coat in the rain.").await;
        desk.press("down");
        desk.sees("A black coat in the rain.").await;
        desk.press("ctrl-u");
        desk.write("coat=black").await;
        desk.sees("Generate 1 take?").await;
        desk.press("enter");
        desk.until("it is queued", |desk| queued(desk).len() == 1).await;
        let take = &queued(&desk)[0];
        assert_eq!(take.body["prompt"], "A black coat in the rain.");
        let revision = take.revision.unwrap();
        let form = desk
            .store
            .forms(&desk.reel_id)
            .revision(revision)
            .unwrap()
            .unwrap();
        assert_eq!(form.prompt, "A {coat=red|black} coat in the rain.");
    });
}

#[test]
fn a_value_tells_the_takes_apart_at_80_columns_and_what_is_not_swept_is_said() {
    let options = Options {
        size: (80, 24),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.press("E i");
        desk.sees("EDITING").await;
        desk.write("A {coat=red|black} coat in the {snow|rain}.").await;
        desk.press("esc s");
        desk.sees("Generate 4 takes?").await;
        desk.sees_no("In every take").await;
        desk.press("ctrl-u");
        desk.write("coat=black,red").await;
        desk.sees("In every take variable 2 is \"snow\".").await;
        desk.press("enter");
        desk.until("they are queued", |desk| queued(desk).len() == 2)
            .await;
        for pane in ["3", "4"] {
            desk.press(pane);
            desk.until("each take has its value", |desk| {
                let screen = desk.glass.text();
                let rows = screen
                    .lines()
                    .filter(|row| row.starts_with("│ │") || row.starts_with("│›│"));
                let told = rows.map(|row| row.contains("  black  ") || row.contains("  red  "));
                told.collect::<Vec<bool>>() == [true, true]
            })
            .await;
        }
    });
}

#[test]
fn the_circled_seeds_are_swept_again_with_the_form_as_it_is() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "7, 8, 9").await;
        desk.press("enter");
        desk.until("they are queued", |desk| queued(desk).len() == 3)
            .await;
        let first = queued(&desk)[0].sweep.unwrap();
        desk.press("3");
        desk.settle().await;
        desk.press("S");
        desk.sees(&format!("no take of sweep {first} is circled")).await;
        desk.press("esc");
        for id in [1, 3] {
            desk.store.set_verdict(TakeId(id), Verdict::Circled).unwrap();
        }
        desk.press("S");
        desk.sees("Generate 2 takes?").await;
        desk.press("enter");
        desk.until("two more are queued", |desk| queued(desk).len() == 5)
            .await;
        let again = queued(&desk).split_off(3);
        assert_eq!(seeds(&again), [7, 9]);
        let sweep = desk.store.sweep(again[0].sweep.unwrap()).unwrap().unwrap();
        assert_eq!(sweep.pair, Some(first));
    });
}

#[test]
fn a_take_runs_again_with_a_new_seed_or_deliberately_with_its_own() {
    workbench(Options::default(), |desk| async move {
        plan(&desk, "7").await;
        desk.press("enter");
        desk.until("it is queued", |desk| queued(desk).len() == 1).await;
        desk.press("3");
        desk.settle().await;
        desk.press("r");
        desk.until("another is queued", |desk| queued(desk).len() == 2)
            .await;
        assert_ne!(queued(&desk)[1].seed, Seed::new(7).unwrap());
        desk.settle().await;
        desk.press("home R");
        desk.sees("Run take 1 again with seed 7?").await;
        desk.sees("may give another clip").await;
        assert_eq!(queued(&desk).len(), 2);
        desk.press("y");
        desk.until("a third is queued", |desk| queued(desk).len() == 3)
            .await;
        assert_eq!(queued(&desk)[2].seed, Seed::new(7).unwrap());
        assert_eq!(queued(&desk)[2].parent, Some(TakeId(1)));
    });
}

#[test]
fn every_row_can_be_reached_on_a_small_screen() {
    let small = Options {
        size: (80, 24),
        ..Options::default()
    };
    workbench(small, |desk| async move {
        plan(&desk, "1..40").await;
        desk.sees("Generate 40 takes?").await;
        desk.press("pagedown pagedown pagedown");
        desk.sees("40  seed 40").await;
        insta::assert_snapshot!("planner_80x24", desk.glass.text());
    });
}
