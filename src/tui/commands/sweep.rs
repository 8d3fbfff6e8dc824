//! Commands that open the sweep planner.

use crate::model::SeedList;
use crate::model::seeds::SweepSeeds;
use crate::tui::component::{Command, Declare};
use crate::tui::keymap::Action;
use crate::tui::overlays::planner;
use crate::tui::state::State;

/// A sweep as most are.
const SIX_NEW: &str = "6 new";

pub struct Sweep;

impl Declare for Sweep {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Sweep], |_, _, cx| {
            let seeds = proposed(cx);
            planner::open(cx, &seeds);
        }),
        Command::on(&[Action::SweepAgain], |_, _, cx| {
            if let Ok(sweep) = sweep_of_take(cx) {
                planner::open(cx, &SweepSeeds::Circled(sweep).to_string());
            }
        })
        .when(|_, _, state| sweep_of_take(state).map(drop)),
    ];
}

/// The seeds that the planner proposes: those of the form, and six new ones where the form makes a single new take, for
/// which nobody needs a plan.
fn proposed(state: &State) -> String {
    let seeds = &state.form.current.seeds;
    let is_one_new = seeds.parse() == Ok(SeedList::one_new());
    let makes_one = state.order().is_ok_and(|order| order.takes().count() == 1);
    if is_one_new && makes_one {
        return SIX_NEW.to_owned();
    }
    seeds.clone()
}

/// The sweep of the selected take.
fn sweep_of_take(state: &State) -> Result<i64, String> {
    if let Some(row) = state.selected_sweep() {
        return Ok(row.sweep.number);
    }
    let take = state.the_take()?;
    let none = || format!("take {} belongs to no sweep", take.id);
    take.sweep.ok_or_else(none)
}
