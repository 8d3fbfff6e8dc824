//! Changes of the request form: by keys, by a take's request, by another workbench.

use super::{SCRIPT, State, Tone};
use crate::engine::references;
use crate::model::{Form, Invalid, Take};
use crate::service::Problem;
use crate::service::orders::form_of;
use crate::store::Overwritten;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::panes::params::state::ValueChange;

impl State {
    /// Updates the form when the prompt has changed. It is checked and saved by [`Self::catch_up`].
    pub fn prompt_changed(&mut self) {
        self.form.take_text();
    }

    /// Checks and saves the text that was typed since. Runs before anything that acts on the form, and else after the frame
    /// that shows the text.
    pub fn catch_up(&mut self) {
        if self.form.is_unread {
            self.save();
        }
    }

    /// Saves a changed value, with a warning when it breaks a rule.
    pub fn param_changed(&mut self, change: Option<&ValueChange>) {
        let Some(change) = change else { return };
        self.warn_of(change);
        self.save_and_estimate();
    }

    pub(super) fn warn_of(&mut self, change: &ValueChange) {
        let of_this = |rule: &Invalid| rule.parameter() == change.param;
        if let Some(rule) = self.form.current.broken_rules().into_iter().find(of_this) {
            self.tell(Tone::Warning, rule.to_string());
        }
    }

    /// Replaces the form, as one step of undo.
    pub fn put_form(&mut self, form: Form) {
        self.form.replace(form);
        self.save_and_estimate();
    }

    /// Puts another script in the place of this one, as one step of undo. The one before is kept as a revision too, because
    /// undo ends with the session.
    pub fn put_other_form(&mut self, form: Form) {
        let before = &self.form.current;
        let is_text = !before.prompt.trim().is_empty() && before.prompt != SCRIPT.trim_end();
        if is_text && before.prompt != form.prompt {
            let mut before = before.clone();
            references::anchor(&mut before);
            self.run(Effect::KeepForm(Box::new(before)));
        }
        self.put_form(form);
    }

    /// Loads a take's request into the form, changed by `change`. The error says which rules the request breaks.
    pub fn load(&mut self, take: &Take, change: impl FnOnce(&mut Form)) -> Result<(), String> {
        let mut form = form_of(take)?;
        change(&mut form);
        let undo = self.by_key(Action::Undo);
        self.tell(
            Tone::Good,
            format!("The form now holds take {}'s request{undo}", take.id),
        );
        self.put_other_form(form);
        Ok(())
    }

    /// Undoes the last replacement of the form, else the last change of the prompt.
    pub fn undo(&mut self) {
        if self.form.restore() {
            self.tell(Tone::Good, "The previous form is back");
            self.save_and_estimate();
        } else {
            self.form.editor.undo();
            self.prompt_changed();
        }
    }

    /// Saves the form, and prices and checks it anew.
    pub fn save_and_estimate(&mut self) {
        self.save();
        self.refresh();
    }

    fn save(&mut self) {
        let save = self.form.save();
        self.run(save);
        self.look_at(false);
    }

    /// Inspects every local file that the form names.
    pub fn look_at_files(&mut self) {
        self.look_at(true);
    }

    fn look_at(&mut self, all: bool) {
        self.effects.extend(self.form.look_at_files(all));
    }

    /// A form was saved, or could not be saved yet.
    pub fn form_saved(&mut self, number: u64, result: Result<Option<Overwritten>, Problem>) {
        match result {
            Err(error) => return self.news.tell_of_save(Some(&error)),
            Ok(overwritten) => {
                self.form.confirmed = number;
                self.news.tell_of_save(None);
                if let Some(Overwritten { version, .. }) = overwritten {
                    let list = self.key_of(Action::Revisions);
                    self.news.tell_until_seen(
                        Tone::Warning,
                        format!(
                            "This form was changed in another window. The other text is kept as v{version}{list}"
                        ),
                    );
                }
            }
        }
        self.check_again_if_saved();
    }

    /// Reloads the form when another workbench has changed it. `is_comparable` means that all saves were done when the store
    /// was read.
    pub(super) fn form_in_store(&mut self, form: Form, is_comparable: bool) {
        if form == self.form.saved {
            return;
        }
        self.form.recheck |= !is_comparable || self.form.is_touched;
        if !is_comparable {
            return;
        }
        if self.form.is_touched {
            // The next save keeps the other form as a revision.
            self.news.tell_until_seen(
                Tone::Warning,
                "This form was changed in another window. Yours is still here: keep typing to save it",
            );
            return;
        }
        self.form.saved.clone_from(&form);
        let undo = self.by_key(Action::Undo);
        self.news.tell_until_seen(
            Tone::Warning,
            format!("Form reloaded: it was changed in another window{undo}"),
        );
        self.run(Effect::FormSeen(Box::new(form.clone())));
        self.form.replace_from_elsewhere(form);
        self.form.read();
        self.look_at(false);
    }

    pub fn typing_ended(&mut self) {
        self.form.is_touched = false;
        self.news.typing_ended();
        self.check_again_if_saved();
        if std::mem::take(&mut self.is_typing) {
            self.quit_if_done();
        }
    }

    /// Reads the store again when it may hold another workbench's form and all saves are done.
    fn check_again_if_saved(&mut self) {
        if self.form.confirmed >= self.form.saves() && std::mem::take(&mut self.form.recheck) {
            self.refresh();
        }
    }
}
