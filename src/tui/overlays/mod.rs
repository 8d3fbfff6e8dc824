//! The overlays over the panes, kept on a stack from which Escape removes one at a time.

pub mod bin;
pub mod caps;
pub mod columns;
pub mod confirm;
pub mod copies;
pub mod difference;
pub mod entry;
pub mod findings;
pub mod help;
pub mod knock_out;
pub mod late;
pub mod menu;
pub mod models;
pub mod numbers;
pub mod on_hold;
pub mod opened;
pub mod orphans;
pub mod page;
pub mod palette;
pub mod planner;
pub mod question;
pub mod quitting;
pub mod reconcile;
pub mod reels;
pub mod revisions;
pub mod snippets;
pub mod take_page;
pub mod unsaved;
pub mod wall;

use super::component::{AppRequest, Command, Declare};
use super::effect::{Effect, ReelChange};
use super::keymap::Action;

/// The commands that open an overlay from anywhere.
pub struct Openers;

impl Declare for Openers {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Palette], |_, _, cx| cx.request(AppRequest::Palette)),
        Command::on(&[Action::Help], |_, _, cx| cx.request(AppRequest::Help)),
        Command::on(&[Action::Reconcile], |_, _, cx| reconcile::start(cx)),
        Command::on(&[Action::Reels], |_, _, cx| {
            cx.run(Effect::Reels(ReelChange::List));
        }),
        Command::on(&[Action::Models], |_, _, cx| models::list(cx)),
        Command::on(&[Action::Numbers], |_, _, cx| numbers::open(cx)),
        Command::on(&[Action::Wall], |_, _, cx| wall::open(cx)).when(|_, _, state| wall::can_open(state)),
        Command::on(&[Action::TwoAtOnce], |_, _, cx| knock_out::start(cx))
            .when(|_, _, state| knock_out::between(state).map(drop)),
        Command::on(&[Action::Caps], |_, _, cx| caps::open(cx)).when(|_, _, state| caps::can_open(state)),
        Command::on(&[Action::Columns], |_, _, cx| columns::open(cx)),
        Command::on(&[Action::EmptyBin], |_, _, cx| cx.run(Effect::LookIntoBin)),
    ];
}
