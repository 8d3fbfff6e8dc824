//! Agrees with the user on what is spent: the price is shown, and live money is asked for.

use std::io::IsTerminal;

use crate::engine::admit::{Order, Plan};
use crate::model::text::counted;
use crate::model::{Backend, Usd};
use crate::service::Home;
use crate::service::money::Room;

use super::super::{Failure, form, print};

/// What the user agrees to spend: the most that one take may cost, and how many of the takes if they do not all fit under
/// the cap. Play money is not asked for.
pub(super) fn agreed(
    home: &Home,
    backend: Backend,
    order: &Order,
    mut plan: Plan,
    yes: bool,
) -> Result<(Option<Usd>, Option<u32>), Failure> {
    if backend == Backend::Sandbox {
        return Ok((plan.max_price, None));
    }
    let may_ask = !yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut room = Room::of(home, backend, &order.reel_id, &plan)?;
    if may_ask && room.needs_a_maximum(&plan) {
        plan.max_price = Some(ask_for_a_maximum()?);
        room = Room::of(home, backend, &order.reel_id, &plan)?;
    }
    if yes || room.fits == 0 || !may_ask {
        room.must_hold(&plan)?;
    }
    if !yes {
        for remark in form::remarks(home, order, &plan)? {
            print::note(&remark);
        }
        confirm(&plan, &room, may_ask)?;
    }
    Ok((plan.max_price, (room.fits < plan.takes()).then_some(room.fits)))
}

/// The price is not known, so the user says how much one take may cost.
fn ask_for_a_maximum() -> Result<Usd, Failure> {
    print::ask("The price of this model is not known. The most that one take may cost, in US dollars:");
    let typed = print::answer();
    Usd::parse_maximum(&typed).map_err(|error| Failure::usage(format!("nothing was sent: {error}")))
}

/// Asks before live money is spent.
fn confirm(plan: &Plan, room: &Room, may_ask: bool) -> Result<(), Failure> {
    let takes = if room.fits < plan.takes() {
        format!("{} of {} takes", room.fits, plan.takes())
    } else {
        counted(plan.takes(), "take")
    };
    let total = plan
        .price_of(room.fits)
        .map_or_else(|| "an unknown amount".to_owned(), |price| price.in_words());
    let each = plan
        .price_of_one()
        .map_or_else(String::new, |price| format!(" at {} each", price.amount()));
    let repeats = print::with_repeats(plan, room.fits);
    if !may_ask {
        let message = format!("{takes} would cost {total}{repeats}: add --yes to spend it");
        return Err(Failure::usage(format!("nothing was sent: {message}")));
    }
    if let Some(why) = room.refusal(plan) {
        print::note(&why.to_string());
    }
    print::ask(&format!("Generate {takes}{each}, {total} in all{repeats}? [y/N]"));
    if matches!(&*print::answer(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage("nothing was sent"))
}
