//! The request form being edited: its text and parameters, what was read in them, undo, and saving.

use std::collections::BTreeSet;

use super::{State, Tone};
use crate::model::rule::RuleSet;
use crate::model::{Form, Invalid, Request, Seed, SeedList, Take};
use crate::service::Problem;
use crate::store::Overwritten;
use crate::tui::action::Action;
use crate::tui::editor::Editor;
use crate::tui::effect::Effect;
use crate::tui::panes::params::Parameter;
use crate::tui::panes::params::state::Change;
use crate::tui::reading::{Files, Reading};

/// Forms kept to be taken back.
const MAX_REPLACED: usize = 100;

/// See the module.
pub struct EditedForm {
    pub current: Form,
    /// The prompt of the form.
    pub editor: Editor,
    /// The form as it was read last.
    pub reading: Reading,
    /// What is known of the local files that the form names.
    pub files: Files,
    /// The revision that the last takes were made of, and the form as it was then.
    pub version: Option<i64>,
    pub versioned: Option<Form>,
    /// The files that are being looked at.
    pub(super) looking: BTreeSet<String>,
    /// The form as it was handed out to be saved last, and how often that was done.
    saved: Form,
    saves: u64,
    /// The number of the newest save that the store took.
    confirmed: u64,
    /// Text was changed since typing began.
    is_touched: bool,
    /// The store is to be read again when it has taken all saves: it may hold another workbench's form.
    recheck: bool,
    /// Forms put in the place of others, each with the one before.
    replaced: Vec<Replaced>,
}

/// A form that was put in the place of another.
struct Replaced {
    after: Form,
    before: Form,
    /// Another workbench made it.
    is_from_elsewhere: bool,
}

impl EditedForm {
    pub(super) fn new(form: Form, lint_off: RuleSet) -> Self {
        Self {
            editor: Editor::new(&form.prompt),
            reading: Reading::of(&form, &lint_off, &Files::new()),
            files: Files::new(),
            version: None,
            versioned: None,
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

    /// How often the form was handed out to be saved.
    pub fn saves(&self) -> u64 {
        self.saves
    }

    /// Whether the store has taken every save.
    pub fn is_saved(&self) -> bool {
        self.confirmed == self.saves
    }

    /// Whether the form differs from the revision that the last takes were made of.
    pub fn is_changed(&self) -> bool {
        self.versioned.as_ref().is_some_and(|form| *form != self.current)
    }

    /// Any request of the form: takes like it tell how long it will take.
    pub fn probe(&self) -> Request {
        self.current.request(Seed::default())
    }

    /// Whether the form is still as it was when it was put in the place of another.
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

    /// Puts another workbench's form here. Its user types on, so this is one step back to what was here, and older
    /// steps stay in reach.
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

    /// Takes the last replacement back; whether there was one.
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
    /// The prompt may have changed: the form follows and is saved.
    pub fn prompt_changed(&mut self) {
        let text = self.form.editor.text();
        if text != self.form.current.prompt {
            self.form.current.prompt = text;
            self.save();
        }
    }

    /// A changed value is saved, with a warning when it breaks a rule.
    pub fn param_changed(&mut self, change: Option<&Change>) {
        if change.is_some() {
            self.warn_of(change);
            self.save_and_estimate();
            if change.is_some_and(|change| change.param == Parameter::Model) {
                // Another model takes other files.
                self.look_at_files();
            }
        }
    }

    /// Warns when the changed value breaks a rule.
    pub(super) fn warn_of(&mut self, change: Option<&Change>) {
        let Some(change) = change else { return };
        let of_this = |rule: &Invalid| rule.parameter() == change.param;
        if let Some(rule) = self.form.current.broken_rules().into_iter().find(of_this) {
            self.tell(Tone::Warning, rule.to_string());
        }
    }

    /// Puts another form in the place of this one, as one step of undo.
    pub fn put_form(&mut self, form: Form) {
        self.form.replace(form);
        self.save_and_estimate();
    }

    /// Loads a take's request into the form, changed by `change`; the error says what the request breaks.
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

    /// Takes back the last change: another form as a whole, else a change of the prompt.
    pub fn undo(&mut self) {
        if self.form.restore() {
            self.tell(Tone::Good, "The form is as it was before");
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
        form.reading = Reading::of(&form.current, &self.facts.lint_off, &form.files);
    }

    /// The store took a form, or has yet to.
    pub fn form_saved(&mut self, number: u64, answer: Result<Option<Overwritten>, Problem>) {
        match answer {
            Err(error) => return self.news.tell_of_save(Some(&error)),
            Ok(overwritten) => {
                self.form.confirmed = number;
                self.news.tell_of_save(None);
                if let Some(Overwritten { version, .. }) = overwritten {
                    let list = self.key_of(Action::Revisions);
                    self.news.tell_until_seen(
                        Tone::Warning,
                        format!(
                            "This form was changed in another window. That text is kept as v{version}{list}"
                        ),
                    );
                }
            }
        }
        self.check_again_if_saved();
    }

    /// The store holds this form; it can be compared when the store had taken every save.
    pub(super) fn form_in_store(&mut self, form: Form, is_comparable: bool) {
        if form == self.form.saved {
            return;
        }
        if !is_comparable {
            self.form.recheck = true;
            return;
        }
        if self.form.is_touched {
            // What is being typed stays: the next save keeps the other form as a revision.
            self.form.recheck = true;
            self.news.tell_until_seen(
                Tone::Warning,
                "This form was changed in another window. Yours stays here: type on to save it",
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

    /// Nothing is typed any more.
    pub fn typing_ended(&mut self) {
        self.form.is_touched = false;
        self.news.typing_ended();
        self.check_again_if_saved();
    }

    /// Reads the store again when it may hold another workbench's form and has taken all of this one's.
    fn check_again_if_saved(&mut self) {
        if self.form.confirmed >= self.form.saves && std::mem::take(&mut self.form.recheck) {
            self.refresh();
        }
    }
}

/// The form that would send this take's request again, with its seed.
///
/// # Errors
/// What the body breaks, when it was made by other rules than today's.
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
