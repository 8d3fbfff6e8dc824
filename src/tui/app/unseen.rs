//! Keys act only on what the user could see: nothing spends by a question that the last frame did not show whole, and
//! next to nothing acts while the terminal is too small for panes.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Context, Found, Key};
use crate::tui::overlays::{Overlay, Shown};

use super::{App, Tone};

impl App {
    /// Whether `action` would answer a question that the last frame did not show whole. The key then scrolls the
    /// question, or says why it does nothing.
    pub(super) fn answers_unseen(&mut self, action: Action) -> bool {
        let answers = match self.overlays.last() {
            Some(Overlay::Confirm(_)) => action == Action::Accept,
            Some(Overlay::Held(_)) => matches!(
                action,
                Action::ReleaseHeld | Action::CancelHeld | Action::ChangeHeld
            ),
            _ => false,
        };
        if !answers {
            return false;
        }
        match self.question_shown() {
            Shown::Whole => return false,
            Shown::Partly => self.scroll_question(1),
            Shown::Cut => self.tell(
                Tone::Warning,
                "Nothing was done: the question is not on screen as a whole. Enlarge the window, then answer again.",
            ),
        }
        true
    }

    /// How much the last frame showed of the question that is on top now.
    fn question_shown(&self) -> Shown {
        if self.seen.overlays == self.overlays.len() {
            self.seen.question
        } else {
            Shown::Cut
        }
    }

    /// Scrolls the question on top by so many pages.
    pub(super) fn scroll_question(&mut self, pages: isize) {
        let page = isize::try_from(self.seen.reader_rows.max(1)).unwrap_or(1);
        let most = usize::from(self.seen.reader_lines.saturating_sub(self.seen.reader_rows));
        let scrolled = self.question_scroll.saturating_add_signed(pages * page);
        self.question_scroll = scrolled.min(most);
    }

    /// A key while nothing is drawn but that the terminal is too small. Text that is being typed goes on; of the
    /// commands only those act that cannot do harm unseen.
    pub(super) fn key_unseen(&mut self, event: KeyEvent) -> Vec<Effect> {
        let key = Key::from(event);
        self.pending.clear();
        if self.context().is_text() {
            let closes = matches!(event.code, KeyCode::Enter | KeyCode::Esc) && !self.editing;
            return match key {
                _ if key == Key::ctrl('c') => self.leave(),
                _ if closes || event.code == KeyCode::Esc => Vec::new(),
                _ => match self.keymap.find(self.context(), &[key]) {
                    Found::Action(Action::Redraw) => self.act(Action::Redraw),
                    Found::Action(_) | Found::Begun => Vec::new(),
                    Found::Nothing => self.type_key(event).unwrap_or_default(),
                },
            };
        }
        let found = if key == Key::ctrl('c') {
            Found::Action(Action::Quit)
        } else if key == Key::ctrl('z') {
            Found::Action(Action::Suspend)
        } else {
            self.keymap.find(Context::Global, &[key])
        };
        match found {
            // No question could be read here, and takes go on without the workbench.
            Found::Action(Action::Quit) => self.act(Action::QuitNow),
            Found::Action(action @ (Action::Redraw | Action::Suspend)) => self.act(action),
            _ => Vec::new(),
        }
    }

    /// The key that quits while the terminal is too small for panes, and what it is called.
    #[must_use]
    pub fn way_out(&self) -> (String, &'static str) {
        if self.context().is_text() {
            return ("Ctrl-C".to_owned(), "stop typing");
        }
        let key = self.keymap.label(Context::Global, Action::Quit);
        (key.unwrap_or_else(|| "Ctrl-C".to_owned()), Action::Quit.short())
    }
}
