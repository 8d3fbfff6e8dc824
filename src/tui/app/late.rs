//! Text that an editor saves after it gave the terminal back: it is offered, never lost.

use crate::model::text::one_line;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::overlays::{Choice, Menu, Overlay, Pick};
use crate::tui::rescue::Decision;
use crate::tui::terminal::late::Lent;

use super::{App, Tone};

/// Characters of a late text that its question shows.
const SHOWN: usize = 60;

/// A text that was written into a lent file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub lent: Lent,
    pub text: String,
}

impl App {
    /// Opens the editor, once it is known that no earlier one has saved a text meanwhile.
    pub(super) fn open_editor(&mut self) -> Vec<Effect> {
        if self.lent.is_empty() {
            return vec![Effect::Terminal(TerminalEffect::Edit(self.prompt.text()))];
        }
        vec![Effect::LookAtLent {
            lent: self.lent.clone(),
            then_edit: true,
        }]
    }

    /// Has the lent files looked at, if there are any.
    pub(super) fn look_at_lent(&self) -> Vec<Effect> {
        if self.lent.is_empty() {
            return Vec::new();
        }
        vec![Effect::LookAtLent {
            lent: self.lent.clone(),
            then_edit: false,
        }]
    }

    /// The editor ended at once and had changed nothing: it may have handed its file on to a window.
    pub(super) fn ended_at_once(&mut self, lent: Lent) -> Vec<Effect> {
        let key = self.by_key(crate::tui::action::Action::OpenEditor);
        let (program, file) = (&lent.program, lent.file.display());
        let text = format!(
            "{program} ended at once and changed nothing. If it still has {file} open, what you save there is offered \
             later{key}. For an editor that waits, set EDITOR or VISUAL, such as \"code --wait\"."
        );
        self.tell(Tone::Warning, text);
        self.lent.push(lent);
        Vec::new()
    }

    /// Files were looked at: the first text that is new is offered.
    pub(super) fn lent_seen(&mut self, mut late: Vec<Late>, then_edit: bool) -> Vec<Effect> {
        late.retain(|late| late.text != self.prompt.text());
        let is_asked = self.overlays.iter().any(
            |open| matches!(open, Overlay::Menu(menu) if menu.rows.iter().any(|row| matches!(row.pick, Pick::Late(..)))),
        );
        match late.into_iter().next() {
            // Nothing opens over what is being typed or asked: the next look offers it.
            Some(_) if is_asked || self.context().is_text() => Vec::new(),
            Some(late) => {
                self.offer(&late);
                Vec::new()
            }
            None if then_edit => vec![Effect::Terminal(TerminalEffect::Edit(self.prompt.text()))],
            None => Vec::new(),
        }
    }

    fn offer(&mut self, late: &Late) {
        let back = self.by_key(crate::tui::action::Action::Undo);
        let beginning = one_line(late.text.trim_start(), SHOWN);
        let title = format!("{} saved a text after it had ended. Use it?", late.lent.program);
        let row = |text: String, decision| Choice {
            lead: String::new(),
            text,
            severity: None,
            pick: Pick::Late(Box::new(late.clone()), decision),
        };
        let rows = vec![
            row(
                format!("Use it in the place of the prompt{back}: \"{beginning}\""),
                Decision::Use,
            ),
            row(
                "Leave it in its file: the next start offers it again".to_owned(),
                Decision::KeepBoth,
            ),
            row("Discard it and remove its file".to_owned(), Decision::Discard),
        ];
        self.open(Overlay::Menu(Menu::new(title, rows)));
    }

    /// What the user wants done with a late text.
    pub(super) fn decide_late(&mut self, late: &Late, decision: Decision) -> Vec<Effect> {
        match decision {
            Decision::Use => self.use_late(late),
            Decision::KeepBoth => {
                self.leave_late(late);
                Vec::new()
            }
            Decision::Discard => {
                self.lent.retain(|lent| lent.file != late.lent.file);
                self.tell(Tone::Plain, "the late text is discarded, and its file is removed");
                vec![Effect::RemoveLent(late.lent.file.clone())]
            }
        }
    }

    /// The user takes a late text. Its file stays lent: the editor may save again.
    fn use_late(&mut self, late: &Late) -> Vec<Effect> {
        self.know(late);
        self.prompt.set_text(&late.text);
        let mut effects = self.prompt_changed();
        effects.push(Effect::MarkUnwritten(late.lent.file.clone()));
        effects
    }

    /// The user does not want a late text now: it stays in its file.
    pub(super) fn leave_late(&mut self, late: &Late) {
        self.know(late);
        let file = late.lent.file.display();
        self.tell(
            Tone::Plain,
            format!("The text stays in {file}, and the next start offers it again."),
        );
    }

    /// What a file holds is known now: only what is written into it later is offered again.
    fn know(&mut self, late: &Late) {
        for lent in self.lent.iter_mut().filter(|lent| lent.file == late.lent.file) {
            lent.known.clone_from(&late.text);
        }
    }
}
