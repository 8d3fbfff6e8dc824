//! Agrees with the user on what is spent: the price is shown, and live money is asked for.

use std::io::IsTerminal;

use crate::engine::admit::Plan;
use crate::model::text::counted;
use crate::model::{Backend, Usd};
use crate::service::Home;
use crate::service::money::Room;

use super::super::{Failure, print};

/// What the user agrees to spend: the plan, and how many of its takes if they do not all fit under the cap. Play money is
/// not asked for.
pub(super) fn agreed(
    home: &Home,
    backend: Backend,
    mut plan: Plan,
    yes: bool,
) -> Result<(Plan, Option<u32>), Failure> {
    if backend == Backend::Sandbox {
        return Ok((plan, None));
    }
    let may_ask = !yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut room = Room::of(home, backend, plan)?;
    if may_ask && room.needs_a_maximum(plan) {
        plan.max_price = Some(ask_for_a_maximum()?);
        room = Room::of(home, backend, plan)?;
    }
    if yes || room.fits == 0 || !may_ask {
        room.must_hold(plan)?;
    }
    if !yes {
        confirm(plan, &room, may_ask)?;
    }
    Ok((plan, (room.fits < plan.takes).then_some(room.fits)))
}

/// The price is not known, so the user says how much one take may cost.
fn ask_for_a_maximum() -> Result<Usd, Failure> {
    print::ask("The price of this model is not known. The most that one take may cost, in US dollars:");
    let typed = typed();
    Usd::parse_maximum(&typed).map_err(|error| Failure::usage(format!("nothing was sent: {error}")))
}

/// Asks before live money is spent.
fn confirm(plan: Plan, room: &Room, may_ask: bool) -> Result<(), Failure> {
    let offered = Plan {
        takes: room.fits,
        ..plan
    };
    let takes = if room.fits < plan.takes {
        format!("{} of {} takes", room.fits, plan.takes)
    } else {
        counted(plan.takes, "take")
    };
    let (each, total) = plan.each().map_or_else(
        || ("an unknown price".to_owned(), "an unknown amount".to_owned()),
        |price| {
            let total = price.shown().times(offered.takes);
            (price.shown().to_string(), price.words(total))
        },
    );
    let repeats = print::with_repeats(offered);
    if !may_ask {
        let message = format!("{takes} would cost {total}{repeats}: add --yes to spend it");
        return Err(Failure::usage(format!("nothing was sent: {message}")));
    }
    if let Some(why) = room.refusal(plan) {
        print::note(&why);
    }
    print::ask(&format!(
        "Generate {takes} at {each} each, {total} in all{repeats}? [y/N]"
    ));
    if matches!(&*typed(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage("nothing was sent"))
}

/// A line of standard input; nothing when it cannot be read.
fn typed() -> String {
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_or_else(|_| String::new(), |_| answer.trim().to_owned())
}
