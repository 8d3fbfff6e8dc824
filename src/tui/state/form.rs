//! The request form being edited: its prompt and parameters, its script, its files, undo and saving.

use std::collections::BTreeSet;

use crate::engine::references::{self, Local};
use crate::model::Form;
use crate::model::rule::RuleSet;
use crate::script::expand::Snippets;
use crate::tui::editor::Editor;
use crate::tui::effect::Effect;
use crate::tui::script_check::{Files, ScriptCheck};

/// Replaced forms that can be restored.
const MAX_REPLACED: usize = 100;

pub struct EditedForm {
    pub current: Form,
    /// Holds the prompt of the form.
    pub editor: Editor,
    /// The script and findings of the form.
    pub check: ScriptCheck,
    lint_off: RuleSet,
    /// The reel's snippets, as they were read last.
    pub snippets: Snippets,
    /// The local files that the form names.
    pub files: Files,
    /// The newest revision, and its form.
    pub revision: Option<i64>,
    pub revised: Option<Form>,
    /// The files that are being inspected.
    looking: BTreeSet<Local>,
    /// The form that was last sent to be saved, and how many were.
    pub(super) saved: Form,
    saves: u64,
    /// The number of the newest save that succeeded.
    pub(super) confirmed: u64,
    /// The text was changed since typing began.
    pub(super) is_touched: bool,
    /// The text was changed since it was checked and saved.
    pub(super) is_unread: bool,
    /// The store may hold another workbench's form, and has to be read again after all saves.
    pub(super) recheck: bool,
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
            check: ScriptCheck::of_template(&form, &Snippets::new(), &lint_off, &Files::new()),
            lint_off,
            files: Files::new(),
            snippets: Snippets::new(),
            revision: None,
            revised: None,
            looking: BTreeSet::new(),
            saved: form.clone(),
            saves: 0,
            confirmed: 0,
            is_touched: false,
            is_unread: false,
            recheck: false,
            replaced: Vec::new(),
            current: form,
        }
    }

    /// Takes over the editor's text. What was found in the old text stays at its place until the new one is read.
    pub(super) fn take_text(&mut self) {
        let text = self.editor.text();
        if text == self.current.prompt {
            return;
        }
        self.check.follow(&self.current.prompt, &text);
        self.current.prompt = text;
        self.is_unread = true;
    }

    /// Reads the script again, because the form or its files have changed.
    pub(super) fn read(&mut self) {
        self.is_unread = false;
        self.check = ScriptCheck::of_template(&self.current, &self.snippets, &self.lint_off, &self.files);
    }

    /// What saves the form as it is now.
    pub(super) fn save(&mut self) -> Effect {
        self.read();
        self.saves += 1;
        self.is_touched = true;
        self.saved.clone_from(&self.current);
        Effect::SaveForm(self.saves, Box::new(self.current.clone()))
    }

    /// What inspects the local files that the form names: all of them, or those that were not inspected yet. Each file is
    /// requested once at a time, so that keys do not pile up requests to a disk that does not respond.
    pub(super) fn look_at_files(&mut self, all: bool) -> Option<Effect> {
        let mut named = references::local(&self.current);
        named.retain(|local| !self.looking.contains(local) && (all || !self.files.contains_key(local)));
        self.looking.extend(named.iter().cloned());
        (!named.is_empty()).then_some(Effect::LookAtFiles(named))
    }

    /// The reel's snippets were read.
    pub(super) fn set_snippets(&mut self, snippets: Snippets) {
        if self.snippets != snippets {
            self.snippets = snippets;
            self.read();
        }
    }

    pub fn files_seen(&mut self, seen: Files) {
        self.looking.retain(|local| !seen.contains_key(local));
        self.files.extend(seen);
        self.read();
    }

    /// How many saves were started.
    pub fn saves(&self) -> u64 {
        self.saves
    }

    /// Whether all of them have succeeded.
    pub fn is_saved(&self) -> bool {
        self.confirmed == self.saves
    }

    /// Whether the form differs from the newest revision. Its seeds do not count: a planned sweep has its own. Neither does
    /// how earlier releases wrote the path of a file.
    pub fn is_changed(&self) -> bool {
        self.revised.as_ref().is_some_and(|revised| {
            let mut revised = revised.clone();
            let mut current = Form {
                seeds: revised.seeds.clone(),
                ..self.current.clone()
            };
            references::anchor(&mut revised);
            references::anchor(&mut current);
            revised != current
        })
    }

    /// Whether the form is unchanged since it replaced another.
    pub fn is_replaced(&self) -> bool {
        self.replaced
            .last()
            .is_some_and(|last| last.after == self.current)
    }

    pub(super) fn replace(&mut self, form: Form) {
        self.editor.set_text(&form.prompt);
        let after = Form {
            prompt: self.editor.text(),
            // Only the final of a draft names it, and that is made from the draft.
            draft_id: String::new(),
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
    pub(super) fn replace_from_elsewhere(&mut self, form: Form) {
        let is_same = |last: &mut Replaced| last.is_from_elsewhere && last.after == self.current;
        let was_here = self.replaced.pop_if(is_same).map(|last| last.before);
        self.replace(form);
        if let Some(last) = self.replaced.last_mut() {
            last.is_from_elsewhere = true;
            if let Some(before) = was_here {
                last.before = before;
            }
        }
    }

    /// Undoes the last replacement, if the form is unchanged since.
    pub(super) fn restore(&mut self) -> bool {
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
