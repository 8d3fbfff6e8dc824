//! The components in the order in which they handle actions: the topmost overlay, the focused pane, then commands that
//! can be run from anywhere.

use super::component::{Commands, Component, Offered};
use super::keymap::{Action, PaneId};
use super::state::State;
use super::{commands, panes};

pub struct Stack {
    panes: [Box<dyn Component>; PaneId::ALL.len()],
    /// Commands that belong to no pane.
    commands: Vec<Box<dyn Commands>>,
    pub overlays: Vec<Box<dyn Component>>,
}

/// Where a command was found.
#[derive(Clone, Copy)]
pub enum CommandPlace {
    Overlay,
    Pane(PaneId),
    /// The set of commands with this index, which belongs to no pane.
    Commands(usize),
}

impl Stack {
    pub fn new() -> Self {
        Self {
            panes: panes::all(),
            commands: commands::all(),
            overlays: Vec::new(),
        }
    }

    pub fn pane(&self, pane: PaneId) -> &dyn Component {
        self.panes[pane as usize].as_ref()
    }

    pub fn pane_mut(&mut self, pane: PaneId) -> &mut dyn Component {
        self.panes[pane as usize].as_mut()
    }

    /// The component that has the keys: the topmost overlay, else the focused pane.
    pub fn top(&self, focus: PaneId) -> &dyn Component {
        let overlay = self.overlays.last();
        overlay.map_or_else(|| self.pane(focus), Box::as_ref)
    }

    pub fn top_mut(&mut self, focus: PaneId) -> &mut dyn Component {
        let pane = &mut self.panes[focus as usize];
        self.overlays.last_mut().unwrap_or(pane).as_mut()
    }

    /// Every component, overlays first.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn Component>> {
        self.overlays.iter_mut().chain(&mut self.panes)
    }

    /// Finds the command for an action: in the component that has the keys, else among those possible from anywhere.
    pub fn find(&self, action: Action, state: &State) -> Option<(CommandPlace, Offered)> {
        let (place, top): (CommandPlace, &dyn Commands) = match self.overlays.last() {
            Some(overlay) => (CommandPlace::Overlay, overlay.as_ref()),
            None => (CommandPlace::Pane(state.focus), self.pane(state.focus)),
        };
        let panes = [state.focus].into_iter().chain(PaneId::ALL);
        let panes = panes.filter_map(|pane| {
            let offered = self.pane(pane).offer(action, state)?;
            offered.is_anywhere.then_some((CommandPlace::Pane(pane), offered))
        });
        let others = self.commands.iter().enumerate();
        let others =
            others.filter_map(|(n, set)| Some((CommandPlace::Commands(n), set.offer(action, state)?)));
        let top = top.offer(action, state).map(|offered| (place, offered));
        top.into_iter().chain(panes).chain(others).next()
    }

    pub fn at(&mut self, place: CommandPlace, focus: PaneId) -> &mut dyn Commands {
        match place {
            CommandPlace::Overlay => self.top_mut(focus),
            CommandPlace::Pane(pane) => self.pane_mut(pane),
            CommandPlace::Commands(n) => self.commands[n].as_mut(),
        }
    }
}
