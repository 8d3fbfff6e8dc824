//! The request form being edited: its prompt and parameters, its findings, undo and saving.

use std::collections::BTreeSet;

use super::{State, Tone};
use crate::model::rule::RuleSet;
use crate::model::{Form, Invalid, Request, SeedList, Take};
use crate::service::Problem;
use crate::store::Overwritten;
use crate::tui::action::Action;
use crate::tui::editor::Editor;
use crate::tui::effect::Effect;
use crate::tui::panes::params::Parameter;
use crate::tui::panes::params::state::ValueChange;
use crate::tui::script_check::{Files, ScriptCheck};

/// Replaced forms that can be restored.
const MAX_REPLACED: usize = 100;

pub struct EditedForm {
    pub current: Form,
    /// Holds the prompt of the form.
    pub editor: Editor,
    /// The script and findings of the form.
    pub check: ScriptCheck,
    /// The local files that the form names.
    pub files: Files,
    /// The newest revision, and its form.
    pub revision: Option<i64>,
    pub revised: Option<Form>,
    /// The files that are being inspected.
    pub(super) looking: BTreeSet<String>,
    /// The form that was last sent to be saved, and how many were.
    saved: Form,
    saves: u64,
    /// The number of the newest save that succeeded.
    confirmed: u64,
    /// The text was changed since typing began.
    is_touched: bool,
    /// The store may hold another workbench's form, and has to be read again after all saves.
    recheck: bool,
    replaced: Vec<Replaced>,
}

/// A form as a whole that replaced another.
struct Replaced {
    after: Form,
    before: Form,
    /// It came from another workbench.
    is_from_elsewhere: bool,
}

impl EditedForm {
    pub(super) fn new(form: Form, lint_off: RuleSet) -> Self {
        Self {
            editor: Editor::new(&form.prompt),
            check: ScriptCheck::of(&form, &lint_off, &Files::new()),
            files: Files::new(),
            revision: None,
            revised: None,
            looking: BTreeSet::new(),
            saved: form.clone(),
            saves: 0,
            confirmed: 0,
            is_touched: false,
            recheck: false,
            replaced: Vec::new(),
            current: form,
        }
    }

    /// How many saves were started.
    pub fn saves(&self) -> u64 {
        self.saves
    }

    /// Whether all of them have succeeded.
    pub fn is_saved(&self) -> bool {
        self.confirmed == self.saves
    }

    /// Whether the form differs from the newest revision.
    pub fn is_changed(&self) -> bool {
        self.revised.as_ref().is_some_and(|form| *form != self.current)
    }

    /// Whether the form is unchanged since it replaced another.
    pub fn is_replaced(&self) -> bool {
        self.replaced
            .last()
            .is_some_and(|last| last.after == self.current)
    }

    fn replace(&mut self, form: Form) {
        self.editor.set_text(&form.prompt);
        let after = Form {
            prompt: self.editor.text(),
            ..form
        };
        let before = std::mem::replace(&mut self.current, after.clone());
        self.replaced.push(Replaced {
            after,
            before,
            is_from_elsewhere: false,
        });
        if self.replaced.len() > MAX_REPLACED {
            self.replaced.remove(0);
        }
    }

    /// Replaces the form with another workbench's. Several of these in a row are one step of undo.
    fn replace_from_elsewhere(&mut self, form: Form) {
        let was_here = self
            .replaced
            .pop_if(|last| last.is_from_elsewhere && last.after == self.current)
            .map(|last| last.before);
        self.replace(form);
        if let Some(last) = self.replaced.last_mut() {
            last.is_from_elsewhere = true;
            if let Some(before) = was_here {
                last.before = before;
            }
        }
    }

    /// Undoes the last replacement, if the form is unchanged since.
    fn restore(&mut self) -> bool {
        if !self.is_replaced() {
            return false;
        }
        if let Some(Replaced { before, .. }) = self.replaced.pop() {
            self.editor.set_text(&before.prompt);
            self.current = before;
        }
        true
    }
}

impl State {
    /// Updates and saves the form when the prompt has changed.
    pub fn prompt_changed(&mut self) {
        let text = self.form.editor.text();
        if text != self.form.current.prompt {
            self.form.current.prompt = text;
            self.save();
        }
    }

    /// Saves a changed value, with a warning when it breaks a rule.
    pub fn param_changed(&mut self, change: Option<&ValueChange>) {
        if change.is_some() {
            self.warn_of(change);
            self.save_and_estimate();
            if change.is_some_and(|change| change.param == Parameter::Model) {
                // Another model accepts other files.
                self.look_at_files();
            }
        }
    }

    pub(super) fn warn_of(&mut self, change: Option<&ValueChange>) {
        let Some(change) = change else { return };
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

    /// Loads a take's request into the form, changed by `change`. The error says which rules the request breaks.
    pub fn load(&mut self, take: &Take, change: impl FnOnce(&mut Form)) -> Result<(), String> {
        let mut form = form_of(take, &mut fastrand::Rng::new())?;
        change(&mut form);
        let undo = self.by_key(Action::Undo);
        self.tell(
            Tone::Good,
            format!("The form now holds take {}'s request{undo}", take.id),
        );
        self.put_form(form);
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

    fn save_and_estimate(&mut self) {
        self.save();
        self.refresh();
    }

    fn save(&mut self) {
        self.read_form();
        self.form.saves += 1;
        self.form.is_touched = true;
        self.form.saved.clone_from(&self.form.current);
        let form = Box::new(self.form.current.clone());
        self.run(Effect::SaveForm(self.form.saves, form));
        self.look_at_new_files();
    }

    pub(super) fn read_form(&mut self) {
        let form = &mut self.form;
        form.check = ScriptCheck::of(&form.current, &self.facts.lint_off, &form.files);
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
        if !is_comparable {
            self.form.recheck = true;
            return;
        }
        if self.form.is_touched {
            // The next save keeps the other form as a revision.
            self.form.recheck = true;
            self.news.tell_until_seen(
                Tone::Warning,
                "This form was changed in another window. Yours is still here: type on to save it",
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
        self.read_form();
        self.look_at_new_files();
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
        if self.form.confirmed >= self.form.saves && std::mem::take(&mut self.form.recheck) {
            self.refresh();
        }
    }
}

/// The form that sends this take's request again, with its seed. The error says which of today's rules the request breaks.
pub fn form_of(take: &Take, random: &mut fastrand::Rng) -> Result<Form, String> {
    let request = Request::from_body(take.model, &take.body, random).map_err(|broken| {
        broken
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    Ok(Form {
        api_version: take.api_version,
        seeds: SeedList::only(take.seed).to_string(),
        ..request.form
    })
}
