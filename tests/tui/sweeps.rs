//! Sweeps in queue and log: folded, unfolded, and judged, cancelled and marked as one; tags, and the next take to judge.

use jiff::SignedDuration;
use rushes::model::{Backend, Form, Seed, TakeId, TakeState, Usd, Verdict};
use rushes::store::{Admission, Filter};

use crate::snapshots::at;
use crate::takes::work;
use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

/// Queues a sweep of these seeds, as `rushes gen` in another terminal does.
fn admit(desk: &Desk, seeds: &[u32]) -> Vec<TakeId> {
    let admission = Admission::of(
        &desk.reel_id,
        Backend::Sandbox,
        Form::default(),
        seeds.iter().map(|seed| Seed::new(*seed).unwrap()),
        Usd::from_micros(100_000),
        Usd::from_micros(100_000),
    );
    desk.store.admit(&admission).unwrap()
}

/// A sweep of which the first `saved` takes are saved.
pub fn sweep(desk: &Desk, seeds: &[u32], saved: usize) -> Vec<TakeId> {
    let ids = admit(desk, seeds);
    for _ in 0..saved {
        work(
            desk,
            Backend::Sandbox,
            &[TakeState::Accepted, TakeState::Rendered, TakeState::Saved],
        );
    }
    ids
}

fn verdicts(desk: &Desk, ids: &[TakeId]) -> Vec<Verdict> {
    ids.iter()
        .map(|id| desk.store.take(*id).unwrap().verdict)
        .collect()
}

#[test]
fn a_sweep_is_one_row_that_unfolds_and_folds() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 2);
        desk.press("4");
        desk.sees("▸ sweep 1 · 2 of 3 saved · free").await;
        desk.sees_no(" s8 ").await;
        desk.press("enter");
        desk.sees("▾ sweep 1").await;
        desk.sees(" s8 ").await;
        // From one of its takes, Left folds the sweep.
        desk.press("j j left");
        desk.sees("▸ sweep 1").await;
        desk.sees_no(" s8 ").await;
        desk.press("right");
        desk.sees(" s8 ").await;
        // What needs one take says what to select.
        desk.press("u");
        desk.sees("sweep 1 is selected: select one of its takes").await;
        // With a filter the log is flat.
        desk.press("/");
        desk.write("sweep:1").await;
        desk.sees_no("▾ sweep 1").await;
        desk.sees(" s8 ").await;
    });
}

/// The sweep stands on the last visible row of the queue.
#[test]
fn what_unfolds_at_the_end_of_the_queue_is_seen() {
    let small = Options {
        size: (80, 14),
        ..Options::default()
    };
    workbench(small, |desk| async move {
        desk.sees("1 Prompt").await;
        for sweep in 0..6 {
            let first = 100 + sweep * 10;
            admit(&desk, &[first, first + 1]);
        }
        desk.tell(rushes::engine::Event::Queue(Backend::Sandbox));
        desk.press("3");
        desk.sees("sweep 1 ").await;
        desk.press("end");
        desk.sees("sweep 6 ").await;
        desk.press("enter");
        desk.sees(" 150").await;
        desk.sees(" 151").await;
    });
}

#[test]
fn a_sweep_is_judged_as_one_and_its_circled_takes_are_spared() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = sweep(&desk, &[7, 8, 9, 10], 3);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.press("right");
        desk.sees("s10").await;
        // Newest first: the waiting one, then the third.
        desk.press("j j *");
        desk.until("the third take is circled", |desk| {
            verdicts(desk, &[TakeId(3)]) == [Verdict::Circled]
        })
        .await;
        desk.press("home -");
        desk.sees("Reject the 2 takes of sweep 1 that are not circled?")
            .await;
        desk.sees("1 take is circled, and not rejected").await;
        assert_eq!(verdicts(&desk, &ids[..2]), [Verdict::None; 2]);
        desk.press("y");
        desk.until("two are rejected", |desk| {
            verdicts(desk, &[TakeId(1), TakeId(2)]) == [Verdict::Rejected; 2]
        })
        .await;
        assert_eq!(verdicts(&desk, &ids[2..]), [Verdict::Circled, Verdict::None]);
        desk.sees("1 circled · 2 rejected").await;
    });
}

#[test]
fn the_rest_of_a_sweep_is_cancelled_after_a_question() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = sweep(&desk, &[7, 8, 9], 1);
        desk.press("3");
        desk.sees("▸ sweep 1").await;
        desk.press("x");
        desk.sees("Cancel 2 waiting takes of sweep 1?").await;
        desk.press("y");
        desk.until("both are cancelled", |desk| {
            let state = |id: i64| desk.store.take(TakeId(id)).unwrap().state;
            state(2) == TakeState::Cancelled && state(3) == TakeState::Cancelled
        })
        .await;
        assert_eq!(desk.store.take(ids[0]).unwrap().state, TakeState::Saved);
    });
}

#[test]
fn marked_takes_are_acted_on_together_and_tags_are_shown() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 3);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.press("right");
        desk.sees(" s8 ").await;
        desk.press("j v j v");
        desk.sees("+ 2 marked").await;
        desk.press("#");
        desk.sees("Tags to add to 2 marked takes").await;
        desk.write("hero, #b roll").await;
        desk.press("enter");
        desk.until("both are tagged", |desk| {
            let tags = |id: i64| desk.store.take(TakeId(id)).unwrap().tags;
            tags(3) == ["b roll", "hero"] && tags(2) == ["b roll", "hero"] && tags(1).is_empty()
        })
        .await;
        desk.sees("#hero").await;
        desk.sees_no("2 marked").await;
        // Of one take they are there to be changed.
        desk.press("#");
        desk.sees("b roll, hero").await;
        desk.press("esc v");
        desk.sees("+ 1 marked").await;
        desk.press("V");
        desk.sees_no("marked").await;
    });
}

#[test]
fn the_next_take_without_a_verdict_is_found_in_a_folded_sweep_and_beyond_the_end() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8], 2);
        sweep(&desk, &[20, 21], 2);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        for (id, at) in [(4, "take 4"), (3, "take 3"), (2, "take 2")] {
            desk.press("a");
            desk.sees(at).await;
            desk.press("*");
            desk.until("it is circled", |desk| {
                verdicts(desk, &[TakeId(id)]) == [Verdict::Circled]
            })
            .await;
        }
        desk.press("home a");
        desk.sees("take 1").await;
        desk.press("a");
        desk.settle().await;
        desk.press("*");
        desk.until("the last is circled", |desk| {
            verdicts(desk, &[TakeId(1)]) == [Verdict::Circled]
        })
        .await;
        desk.press("a");
        desk.sees("Every saved take in the log has a verdict").await;
    });
}

#[test]
fn with_the_setting_a_verdict_goes_to_the_next_take_without_one() {
    let options = Options {
        advance: true,
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 3);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.press("a");
        desk.sees("take 3  seed 9").await;
        desk.press("*");
        desk.sees("take 2  seed 8").await;
        desk.press("-");
        desk.sees("take 1  seed 7").await;
        desk.press("*");
        desk.sees("Every saved take in the log has a verdict").await;
        let ids = [1, 2, 3].map(TakeId);
        let all = [Verdict::Circled, Verdict::Rejected, Verdict::Circled];
        assert_eq!(verdicts(&desk, &ids), all);
        desk.sees("2 circled · 1 rejected").await;
        // Taking a verdict back is no reason to leave.
        desk.press("*");
        desk.until("it is taken back", |desk| {
            verdicts(desk, &[TakeId(1)]) == [Verdict::None]
        })
        .await;
        desk.settle().await;
        desk.sees("take 1  seed 7").await;
    });
}

#[test]
fn a_filter_that_is_given_up_or_matches_nothing_gives_the_selection_back() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 3);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.press("enter");
        desk.sees(" s8 ").await;
        desk.press("down down");
        desk.sees("take 2  seed 8").await;
        for (filter, keys) in [("tag:none", "enter esc"), ("seed:9", "esc")] {
            desk.press("/");
            desk.write(filter).await;
            desk.sees_no("take 2  seed 8").await;
            desk.press(keys);
            desk.sees("take 2  seed 8").await;
        }
        // A take that matches an applied filter stays selected.
        desk.press("/");
        desk.write("seed:7").await;
        desk.press("enter");
        desk.sees_no(" s9 ").await;
        desk.sees("take 1  seed 7").await;
        desk.press("esc");
        desk.sees(" s9 ").await;
        desk.rest().await;
        desk.sees("take 1  seed 7").await;
    });
}

/// The takes of a sweep come a moment after the key that unfolds it.
#[test]
fn a_verdict_right_after_a_sweep_was_unfolded_is_not_about_another_sweep() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8], 2);
        sweep(&desk, &[7, 8], 2);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.sees("▸ sweep 2").await;
        let ids = [1, 2].map(TakeId);
        for _ in 0..5 {
            desk.press("home right down *");
            desk.sees("▾ sweep 2").await;
            desk.settle().await;
            assert_eq!(verdicts(&desk, &ids), [Verdict::None; 2]);
            desk.press("home left");
            desk.sees("▸ sweep 2").await;
        }
    });
}

#[test]
fn the_verdicts_of_single_takes_outlive_a_verdict_on_their_sweep() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 3);
        desk.store.set_verdict(TakeId(2), Verdict::Rejected).unwrap();
        desk.press("4");
        desk.sees("1 rejected").await;
        desk.press("*");
        let ids = [1, 2, 3].map(TakeId);
        let all = [Verdict::Circled, Verdict::Rejected, Verdict::Circled];
        desk.until("the others are circled", move |desk| verdicts(desk, &ids) == all)
            .await;
    });
}

/// Nobody waits between two keys: until the next take has been read, nothing is judged.
#[test]
fn a_verdict_that_follows_at_once_is_about_the_next_take_or_about_none() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        sweep(&desk, &[7, 8, 9], 3);
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        let ids = [1, 2, 3].map(TakeId);
        for next in [3, 2, 1] {
            let before = verdicts(&desk, &ids);
            desk.press("a");
            desk.press("*");
            desk.sees(&format!("take {next}")).await;
            desk.settle().await;
            let mut after = verdicts(&desk, &ids);
            let of_next = std::mem::replace(&mut after[next - 1], Verdict::None);
            assert_eq!(after, before, "another take was judged than take {next}");
            if of_next == Verdict::None {
                desk.press("*");
            }
            desk.until("it is circled", move |desk| {
                verdicts(desk, &[ids[next - 1]]) == [Verdict::Circled]
            })
            .await;
            desk.settle().await;
        }
    });
}

#[test]
fn rejected_takes_are_joined_and_bundled_only_when_they_are_alone() {
    for (rejected, first) in [(2, 3), (4, 1)] {
        workbench(Options::default(), |desk| async move {
            desk.sees("lighthouse").await;
            let ids = sweep(&desk, &[7, 8, 9, 10], 4);
            for id in &ids[..rejected] {
                desk.store.set_verdict(*id, Verdict::Rejected).unwrap();
            }
            desk.press("4");
            desk.sees(&format!("{rejected} rejected")).await;
            desk.settle().await;
            // The files of these takes are not there, so the first take that was chosen is named.
            let named = format!("take {first} has no video");
            for key in ["+", "b"] {
                desk.press(key);
                desk.sees(&named).await;
                desk.press("j k");
                desk.sees_no(&named).await;
            }
        });
    }
}

/// Removing many verdicts, or overwriting some, loses what was decided: it is asked, as rejecting several is.
#[test]
fn several_takes_lose_their_verdicts_only_after_a_question() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        let ids = sweep(&desk, &[7, 8, 9], 3);
        let [none, circled, rejected] = [Verdict::None, Verdict::Circled, Verdict::Rejected];
        for id in &ids {
            desk.store.set_verdict(*id, rejected).unwrap();
        }
        desk.press("4");
        desk.sees("▸ sweep 1").await;
        desk.sees("3 rejected").await;
        desk.press("home -");
        desk.sees("Remove the verdicts of 3 takes of sweep 1?").await;
        desk.sees("3 takes are rejected now.").await;
        desk.settle().await;
        desk.press("esc");
        desk.sees_no("Remove the verdicts").await;
        assert_eq!(verdicts(&desk, &ids), [rejected; 3]);
        desk.press("-");
        desk.sees("Remove the verdicts").await;
        desk.settle().await;
        desk.press("y");
        desk.until("none has a verdict", |desk| verdicts(desk, &ids) == [none; 3])
            .await;
        // What has none is circled without a question, and that is not undone by the same key without one.
        desk.sees_no("3 rejected").await;
        desk.press("*");
        desk.until("all are circled", |desk| verdicts(desk, &ids) == [circled; 3])
            .await;
        desk.sees("3 circled").await;
        desk.press("*");
        desk.sees("Remove the verdicts of 3 takes of sweep 1?").await;
        desk.press("esc");
        // Marked takes are overwritten only after a question.
        desk.store.set_verdict(ids[0], rejected).unwrap();
        desk.store.set_verdict(ids[1], none).unwrap();
        desk.tell(rushes::engine::Event::Take(ids[0]));
        desk.sees("1 circled · 1 rejected").await;
        desk.sees_no("Remove the verdicts").await;
        desk.press("v");
        desk.sees("+ 3 marked").await;
        desk.press("*");
        desk.sees("Circle 3 marked takes?").await;
        desk.sees("1 take is rejected now.").await;
        desk.settle().await;
        desk.press("y");
        desk.until("all are circled", |desk| verdicts(desk, &ids) == [circled; 3])
            .await;
    });
}

/// Lets the provider render and the engine save one more take.
async fn render_one(desk: &Desk) {
    let takes = |desk: &Desk| desk.store.takes(&Filter::default(), 0, 100).unwrap();
    let saved = |desk: &Desk| takes(desk).iter().filter(|take| take.file.is_some()).count();
    let before = saved(desk);
    desk.until("the provider has one", |desk| {
        let at_work = [TakeState::Queued, TakeState::Processing];
        takes(desk).iter().any(|take| at_work.contains(&take.state))
    })
    .await;
    desk.clock.advance(SignedDuration::from_secs(3));
    desk.until("it is saved", |desk| saved(desk) > before).await;
}

/// Not the last one in the queue, which has none for a long time.
#[test]
fn while_a_sweep_runs_the_monitor_shows_the_newest_take_that_has_a_picture() {
    let provider = Provider {
        in_flight: Some(1),
        is_fast: true,
        ..Provider::default()
    };
    let options = Options {
        backend: Backend::Sandbox,
        cap: None,
        size: (140, 40),
        ..at(provider)
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("s");
        desk.sees("Sweep").await;
        desk.write("101..104").await;
        desk.sees("Generate 4 takes?").await;
        desk.press("enter");
        desk.sees("1 in flight  3 waiting").await;
        for (id, seed) in [(1, 101), (2, 102)] {
            render_one(&desk).await;
            desk.sees(&format!("take {id}  seed {seed}")).await;
            desk.sees_no("reading the video").await;
            desk.sees("0:00.0 of 0:10.0").await;
        }
        // Also while the queue has the keys.
        desk.press("3");
        desk.rest().await;
        desk.sees("take 2  seed 102").await;
        render_one(&desk).await;
        desk.sees("take 3  seed 103").await;
        // A take that the user selects stays there.
        desk.press("4 end");
        desk.rest().await;
        desk.sees("take 1  seed 101").await;
        desk.press("3");
        desk.rest().await;
        render_one(&desk).await;
        desk.sees("No take is waiting or in flight").await;
        desk.rest().await;
        desk.sees("take 1  seed 101").await;
    });
}
