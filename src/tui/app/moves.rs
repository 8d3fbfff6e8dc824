//! Moving about: panes, rows, pages, and out of what is open.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::action::Action;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::overlays::{Choice, Overlay, Pick, Purpose};

use super::{App, PaneId};

/// Rows of a page where the height of the pane is not known.
const ROWS: u16 = 10;

impl App {
    /// Moves in what has the keys: an overlay, or the pane.
    pub(super) fn go(&mut self, action: Action) -> Vec<Effect> {
        let page = i64::from(self.rows().max(2) - 1);
        let by = match action {
            Action::Up => -1,
            Action::Down => 1,
            Action::PageUp => -page,
            Action::PageDown => page,
            Action::Top => -i64::from(i32::MAX),
            _ => i64::from(i32::MAX),
        };
        let rows = isize::try_from(by).unwrap_or_default();
        match self.overlays.last_mut() {
            Some(Overlay::Page(open)) => {
                let most = usize::from(self.seen.reader_lines.saturating_sub(self.seen.reader_rows));
                open.scroll(rows, most);
                Vec::new()
            }
            Some(Overlay::Books(books)) => {
                books.step(rows);
                Vec::new()
            }
            Some(Overlay::Palette(palette)) => {
                palette.step(rows);
                Vec::new()
            }
            Some(Overlay::Menu(menu)) => {
                menu.step(rows);
                Vec::new()
            }
            Some(Overlay::Timeline(_)) => {
                self.step_border(rows);
                Vec::new()
            }
            Some(Overlay::Confirm(_) | Overlay::Quitting | Overlay::Held(_)) => {
                self.scroll_question(rows.signum());
                Vec::new()
            }
            Some(_) => Vec::new(),
            None => self.go_in_pane(action, by),
        }
    }

    fn go_in_pane(&mut self, action: Action, by: i64) -> Vec<Effect> {
        let rows = isize::try_from(by).unwrap_or_default();
        match self.focus {
            PaneId::Prompt => {
                self.scroll_prompt(action);
                Vec::new()
            }
            PaneId::Params => {
                self.params.step(&self.draft, rows);
                Vec::new()
            }
            PaneId::Queue => {
                let last = self.queue.takes.len().saturating_sub(1);
                self.queue.at = self.queue.at.saturating_add_signed(rows).min(last);
                Vec::new()
            }
            // The monitor shows the log's take, so moving there moves the log.
            PaneId::Log | PaneId::Monitor => self.select_in_log(self.log.at.saturating_add_signed(by)),
        }
    }

    /// Moves the caret of the prompt, which scrolls it.
    fn scroll_prompt(&mut self, action: Action) {
        let (code, modifiers) = match action {
            Action::Up => (KeyCode::Up, KeyModifiers::NONE),
            Action::Down => (KeyCode::Down, KeyModifiers::NONE),
            Action::PageUp => (KeyCode::PageUp, KeyModifiers::NONE),
            Action::PageDown => (KeyCode::PageDown, KeyModifiers::NONE),
            Action::Top => (KeyCode::Home, KeyModifiers::CONTROL),
            _ => (KeyCode::End, KeyModifiers::CONTROL),
        };
        self.prompt.handle(KeyEvent::new(code, modifiers));
    }

    /// Rows of what has the keys, as it was drawn last.
    fn rows(&self) -> u16 {
        let pane = self.seen.panes.iter().find(|(pane, _)| *pane == self.focus);
        match self.overlays.last() {
            Some(Overlay::Page(_) | Overlay::Books(_)) => self.seen.reader_rows,
            _ => pane.map_or(ROWS, |(_, area)| area.height.saturating_sub(2)),
        }
    }

    /// Gives the keys to a pane.
    pub(super) fn focus(&mut self, pane: PaneId) {
        self.editing = false;
        self.params.cancel();
        self.focus = pane;
    }

    /// The pane `by` further on, round and round.
    pub(super) fn focus_step(&mut self, by: usize) {
        let at = PaneId::ALL
            .iter()
            .position(|pane| *pane == self.focus)
            .unwrap_or(0);
        self.focus(PaneId::ALL[(at + by) % PaneId::ALL.len()]);
    }

    /// Leaves exactly one thing: the topmost overlay, editing, zoom, the log's filter.
    pub(super) fn leave(&mut self) -> Vec<Effect> {
        if let Some(overlay) = self.overlays.pop() {
            return self.left(overlay);
        }
        if self.editing {
            self.editing = false;
        } else if self.params.is_editing() {
            self.params.cancel();
        } else if self.zoomed {
            self.zoomed = false;
        } else if !self.log.filter.is_empty() {
            return self.set_filter("");
        }
        Vec::new()
    }

    /// What leaving an overlay undoes: a filter goes back to what it was.
    fn left(&mut self, overlay: Overlay) -> Vec<Effect> {
        match overlay {
            Overlay::Entry(entry) if entry.purpose == Purpose::Filter => self.set_filter(&entry.before),
            Overlay::Menu(menu) => {
                if let Some(Choice {
                    pick: Pick::Late(late, _),
                    ..
                }) = menu.chosen()
                {
                    self.leave_late(late);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Filters the log, from its top.
    pub(super) fn set_filter(&mut self, filter: &str) -> Vec<Effect> {
        if self.log.filter == filter {
            return Vec::new();
        }
        filter.clone_into(&mut self.log.filter);
        self.log.at = 0;
        self.refresh()
    }

    pub(super) fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        vec![Effect::Terminal(TerminalEffect::Mouse(self.mouse))]
    }
}
