//! Tries every order of responses, crashes, lost leases, looks at the history and choices of the user on the real
//! decisions and the real transitions, breadth first: no take is bought twice, no accepted one is forgotten.
//!
//! The model has two engines and two takes with equal bodies, or one take and the user's "submit again". A hash of 64
//! bits identifies a state. The model assumes, as the constants do:
//! - Once a request's sender is gone, the request arrives or is lost before a history counts as certain.
//! - A living sender may wait longer than that. Then it lives until its response arrives, and no take with the same
//!   body is in the queue.
//! - No engine stops for minutes while others run: neither between claiming a take and sending it, nor between reading
//!   the history and recording that it does not know a take.

use std::collections::{HashMap, VecDeque};

use super::{Acquired, AfterLook, FirstStep, HistoryShows};
use crate::model::TakeState;
use crate::segmind::Class;

#[path = "model_world.rs"]
mod world;

use world::{World, start};

/// The decisions under test.
#[derive(Clone, Copy)]
struct Decisions {
    first_step: fn(TakeState, Acquired) -> FirstStep,
    after_failed_submit: fn(Class) -> TakeState,
    after_look: fn(HistoryShows) -> AfterLook,
    may_be_accepted_late: fn(TakeState) -> bool,
    may_be_unclear_late: fn(TakeState) -> bool,
}

const REAL: Decisions = Decisions {
    first_step: super::first_step,
    after_failed_submit: super::after_failed_submit,
    after_look: super::after_look,
    may_be_accepted_late: TakeState::may_be_accepted_late,
    may_be_unclear_late: TakeState::may_be_unclear_late,
};

/// What is wrong in a world, with the steps that lead to it.
#[derive(Debug)]
struct CounterExample {
    what: String,
    trace: Vec<String>,
}

/// Every world that can be reached, and how.
struct Explored {
    worlds: Vec<World>,
    came_from: Vec<Option<(usize, String)>>,
    /// For each world, those that lead to it without a crash or the user.
    led_by: Vec<Vec<usize>>,
}

impl Explored {
    fn trace(&self, to: usize) -> Vec<String> {
        let mut steps = Vec::new();
        let mut at = to;
        while let Some((before, step)) = &self.came_from[at] {
            steps.push(step.clone());
            at = *before;
        }
        steps.reverse();
        steps
    }

    fn example(&self, at: usize, what: String) -> CounterExample {
        CounterExample {
            what,
            trace: self.trace(at),
        }
    }
}

/// Explores breadth first, so that the first counter-example is a shortest one. Reports only what contains `wanted`.
fn explore(takes: usize, decisions: Decisions, wanted: &str) -> Result<Explored, CounterExample> {
    let first = start(takes);
    let mut explored = Explored {
        worlds: vec![first.clone()],
        came_from: vec![None],
        led_by: vec![Vec::new()],
    };
    let mut numbers = HashMap::from([(first.key(), 0)]);
    let mut open = VecDeque::from([0]);
    while let Some(at) = open.pop_front() {
        for step in explored.worlds[at].clone().steps(&decisions) {
            let number = *numbers.entry(step.to.key()).or_insert_with(|| {
                explored.worlds.push(step.to.clone());
                explored.came_from.push(Some((at, step.what.clone())));
                explored.led_by.push(Vec::new());
                open.push_back(explored.worlds.len() - 1);
                explored.worlds.len() - 1
            });
            if step.is_progress {
                explored.led_by[number].push(at);
            }
        }
        let wrong = explored.worlds[at].wrong().filter(|what| what.contains(wanted));
        if let Some(what) = wrong {
            return Err(explored.example(at, what));
        }
    }
    Ok(explored)
}

/// Checks that all takes can be settled from every world, without a crash and without the user.
fn can_always_be_settled(explored: &Explored) -> Result<(), CounterExample> {
    let mut can: Vec<bool> = explored.worlds.iter().map(World::is_settled).collect();
    let mut open: Vec<usize> = (0..can.len()).filter(|at| can[*at]).collect();
    while let Some(at) = open.pop() {
        for before in &explored.led_by[at] {
            if !std::mem::replace(&mut can[*before], true) {
                open.push(*before);
            }
        }
    }
    match can.iter().position(|can| !can) {
        None => Ok(()),
        Some(at) => Err(explored.example(at, "a take can never be settled".to_owned())),
    }
}

fn check(takes: usize, decisions: Decisions, wanted: &str) -> Result<usize, CounterExample> {
    let explored = explore(takes, decisions, wanted)?;
    can_always_be_settled(&explored)?;
    Ok(explored.worlds.len())
}

#[test]
fn no_order_of_events_buys_twice_or_forgets_a_take() {
    for takes in [1, 2] {
        match check(takes, REAL, "") {
            Ok(worlds) => println!("{takes} takes: {worlds} states, none of them wrong"),
            Err(found) => panic!("{}\n{}", found.what, found.trace.join("\n")),
        }
    }
}

/// The counter-example that the model finds for wrong decisions.
fn caught(decisions: Decisions, wanted: &str) -> CounterExample {
    let found = check(1, decisions, wanted).expect_err("the model finds the wrong decision");
    println!("{}:\n  {}", found.what, found.trace.join("\n  "));
    assert!(found.what.contains(wanted), "{found:?}");
    found
}

#[test]
fn the_model_finds_a_retry_after_a_reset() {
    let retry = |class| match class {
        Class::Ambiguous => TakeState::Waiting,
        other => super::after_failed_submit(other),
    };
    let found = caught(
        Decisions {
            after_failed_submit: retry,
            ..REAL
        },
        "bought 2 times",
    );
    assert!(found.trace.iter().any(|step| step.contains("lost")), "{found:?}");
}

#[test]
fn the_model_finds_that_a_take_of_a_dead_engine_is_sent_again() {
    let send = |state, _| super::first_step(state, Acquired::FromQueue);
    caught(
        Decisions {
            first_step: send,
            ..REAL
        },
        "bought 2 times",
    );
}

#[test]
fn the_model_finds_a_take_marked_not_sent_too_early() {
    let early = |shown: HistoryShows| {
        super::after_look(HistoryShows {
            late_enough: true,
            ..shown
        })
    };
    caught(
        Decisions {
            after_look: early,
            ..REAL
        },
        "forgotten",
    );
}

#[test]
fn the_model_finds_a_late_response_that_is_ignored() {
    caught(
        Decisions {
            may_be_accepted_late: |state| state.may_become(TakeState::Accepted),
            ..REAL
        },
        "forgotten",
    );
}

#[test]
fn the_model_finds_a_match_of_another_time_that_is_ignored() {
    let in_time_only = |shown: HistoryShows| {
        super::after_look(HistoryShows {
            out_of_time: false,
            ..shown
        })
    };
    caught(
        Decisions {
            after_look: in_time_only,
            ..REAL
        },
        "forgotten",
    );
}

#[test]
fn the_model_finds_a_lost_response_that_is_ignored_after_not_sent() {
    caught(
        Decisions {
            may_be_unclear_late: |_| false,
            ..REAL
        },
        "forgotten",
    );
}
