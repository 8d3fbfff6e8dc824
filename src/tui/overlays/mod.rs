//! The overlays over the panes, kept on a stack from which Escape removes one at a time.

pub mod bin;
pub mod confirm;
pub mod copies;
pub mod difference;
pub mod entry;
pub mod exchange;
pub mod findings;
pub mod help;
pub mod late;
pub mod menu;
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
pub mod unsaved;

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
        Command::on(&[Action::EmptyBin], |_, _, cx| cx.run(Effect::LookIntoBin)),
    ];
}
