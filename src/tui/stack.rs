//! The components in the order in which they are asked: the topmost overlay, the pane in focus, then whatever can be done
//! from anywhere.

use super::action::Action;
use super::commands;
use super::component::{Commands, Component, Offered};
use super::pane::PaneId;
use super::panes;
use super::state::State;

/// See the module.
pub struct Stack {
    panes: [Box<dyn Component>; PaneId::ALL.len()],
    /// Commands of no pane.
    commands: Vec<Box<dyn Commands>>,
    overlays: Vec<Box<dyn Component>>,
}

/// Where a command was found.
#[derive(Clone, Copy)]
pub enum Place {
    Overlay,
    Pane(PaneId),
    /// Among the commands of no pane.
    Nowhere(usize),
}

impl Stack {
    /// Every pane, and no overlay.
    pub fn new() -> Self {
        Self {
            panes: panes::all(),
            commands: commands::all(),
            overlays: Vec::new(),
        }
    }

    pub fn overlays(&self) -> &[Box<dyn Component>] {
        &self.overlays
    }

    pub fn push(&mut self, overlay: Box<dyn Component>) {
        self.overlays.push(overlay);
    }

    pub fn pop(&mut self) -> Option<Box<dyn Component>> {
        self.overlays.pop()
    }

    pub fn pane(&self, pane: PaneId) -> &dyn Component {
        self.panes[pane as usize].as_ref()
    }

    pub fn pane_mut(&mut self, pane: PaneId) -> &mut dyn Component {
        self.panes[pane as usize].as_mut()
    }

    /// The component that has the keys: the topmost overlay, else the pane in focus.
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

    /// Where the command for an action is found: in the component that has the keys, then wherever it can be done from.
    pub fn find(&self, action: Action, state: &State) -> Option<(Place, Offered)> {
        let (place, top): (Place, &dyn Commands) = match self.overlays.last() {
            Some(overlay) => (Place::Overlay, overlay.as_ref()),
            None => (Place::Pane(state.focus), self.pane(state.focus)),
        };
        let panes = [state.focus].into_iter().chain(PaneId::ALL);
        let panes = panes.filter_map(|pane| {
            let offered = self.pane(pane).offer(action, state)?;
            offered.is_anywhere.then_some((Place::Pane(pane), offered))
        });
        let others = self.commands.iter().enumerate();
        let others = others.filter_map(|(n, set)| Some((Place::Nowhere(n), set.offer(action, state)?)));
        let top = top.offer(action, state).map(|offered| (place, offered));
        top.into_iter().chain(panes).chain(others).next()
    }

    /// The commands at a place where one was found.
    pub fn at(&mut self, place: Place, focus: PaneId) -> &mut dyn Commands {
        match place {
            Place::Overlay => self.top_mut(focus),
            Place::Pane(pane) => self.pane_mut(pane),
            Place::Nowhere(n) => self.commands[n].as_mut(),
        }
    }
}
