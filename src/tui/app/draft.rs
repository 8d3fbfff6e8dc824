//! Changes of the draft: prompt and parameters. Each is saved as it is made.

use crate::model::{Draft, Invalid, Request, Seed, SeedList, Take};
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Choice, Menu, Overlay, Pick};
use crate::tui::panes::{Change, PaneId, Param, Spot};

use super::{App, Tone};

/// Drafts kept to be taken back.
const MOST_REPLACED: usize = 100;

/// A draft that was put in the place of another.
pub(super) struct Replaced {
    after: Draft,
    before: Draft,
    /// Another workbench made it.
    is_from_elsewhere: bool,
}

impl App {
    /// The prompt may have changed: the draft follows and is saved.
    pub(super) fn prompt_changed(&mut self) -> Vec<Effect> {
        let text = self.prompt.text();
        if text == self.draft.prompt {
            return Vec::new();
        }
        self.draft.prompt = text;
        self.save()
    }

    /// Sets the selected parameter to its next or previous value.
    pub(super) fn step_value(&mut self, by: isize) -> Vec<Effect> {
        let change = if by > 0 {
            self.params.next(&mut self.draft)
        } else {
            self.params.previous(&mut self.draft)
        };
        self.param_changed(change.as_ref())
    }

    /// Begins to type the selected parameter's value; the values of a choice are listed.
    pub(super) fn edit_value(&mut self) -> Vec<Effect> {
        if !self.params.begin_edit(&self.draft) {
            self.list_values(self.params.selected(&self.draft).param());
        }
        Vec::new()
    }

    fn list_values(&mut self, param: Param) {
        let Some((words, now)) = param.choices(&self.draft) else {
            return;
        };
        let unit = if param == Param::Duration { " s" } else { "" };
        let row = |(place, word): (usize, String)| Choice {
            lead: String::new(),
            text: format!("{word}{unit}"),
            severity: None,
            pick: Pick::Value(param, place),
        };
        let mut menu = Menu::new(param.label(), words.into_iter().enumerate().map(row).collect());
        menu.at = now;
        self.open(Overlay::Menu(menu));
    }

    /// Begins to type the seeds.
    pub(super) fn edit_seeds(&mut self) -> Vec<Effect> {
        self.focus(PaneId::Params);
        self.params.select(Spot::Param(Param::Seeds));
        self.edit_value()
    }

    /// Takes the typed value into the draft.
    pub(super) fn commit_value(&mut self) -> Vec<Effect> {
        let is_seeds = self.params.typed_param() == Some(Param::Seeds);
        let effects = self.change_list(|app| app.params.commit(&mut app.draft));
        if is_seeds && self.draft.seed_list().is_err() {
            // However often Enter is pressed: what is typed next belongs to the list until it can be read.
            self.params.go_on_typing(&self.draft);
        }
        effects
    }

    /// A changed value is saved; one that breaks a rule is told so at once.
    pub(super) fn param_changed(&mut self, change: Option<&Change>) -> Vec<Effect> {
        if change.is_none() {
            return Vec::new();
        }
        self.warn_of(change);
        let mut effects = self.saved_and_estimated();
        if change.is_some_and(|change| change.param == Param::Model) {
            // Another model takes other files.
            effects.extend(self.look_at_files());
        }
        effects
    }

    /// Says when the changed value breaks a rule.
    pub(super) fn warn_of(&mut self, change: Option<&Change>) {
        let Some(change) = change else { return };
        let of_this = |rule: &Invalid| rule.parameter() == change.param;
        if let Some(rule) = self.draft.broken_rules().into_iter().find(of_this) {
            self.tell(Tone::Warning, rule.to_string());
        }
    }

    /// The external editor gave the prompt back.
    pub(super) fn edited(&mut self, answer: Result<String, String>) -> Vec<Effect> {
        match answer {
            Ok(text) => {
                self.prompt.set_text(&text);
                self.prompt_changed()
            }
            Err(error) => {
                self.trouble("The editor gave nothing back", &Problem::because(error));
                Vec::new()
            }
        }
    }

    /// What a failed editor had saved counts, and can be taken back.
    pub(super) fn edited_badly(&mut self, text: &str, error: &str) -> Vec<Effect> {
        self.prompt.set_text(text);
        self.trouble("The editor failed", &Problem::because(error));
        self.prompt_changed()
    }

    /// Loads a take's request into the draft.
    pub(super) fn use_take(&mut self) -> Vec<Effect> {
        match self.the_take().cloned() {
            Ok(take) => self.load(&take, |_| {}),
            Err(why) => {
                self.tell(Tone::Warning, why);
                Vec::new()
            }
        }
    }

    /// Loads this take's request into the draft, changed by `change`.
    pub(super) fn load(&mut self, take: &Take, change: impl FnOnce(&mut Draft)) -> Vec<Effect> {
        let id = take.id;
        match draft_of(take, &mut fastrand::Rng::new()) {
            Ok(mut draft) => {
                change(&mut draft);
                let back = self.by_key(Action::Undo);
                self.tell(Tone::Good, format!("the draft is now take {id}'s request{back}"));
                self.put_draft(draft)
            }
            Err(why) => {
                self.trouble(&format!("Take {id} cannot be used"), &Problem::because(why));
                Vec::new()
            }
        }
    }

    /// Puts another draft in the place of this one, as one step of undo.
    pub(super) fn put_draft(&mut self, draft: Draft) -> Vec<Effect> {
        self.replace_draft(draft);
        self.saved_and_estimated()
    }

    fn replace_draft(&mut self, draft: Draft) {
        self.prompt.set_text(&draft.prompt);
        let after = Draft {
            prompt: self.prompt.text(),
            ..draft
        };
        let before = std::mem::replace(&mut self.draft, after.clone());
        self.replaced.push(Replaced {
            after,
            before,
            is_from_elsewhere: false,
        });
        if self.replaced.len() > MOST_REPLACED {
            self.replaced.remove(0);
        }
    }

    /// Another workbench changed this reel's draft: it is shown here too, and what stood here can be taken back. Text
    /// that is being typed stays: the next save keeps the other one as a revision.
    pub(super) fn draft_from_elsewhere(&mut self, draft: Draft) -> Vec<Effect> {
        if self.editing && self.touched {
            // Whatever stands there when editing ends.
            self.recheck = true;
            self.tell_until_seen(
                Tone::Warning,
                "another rushes changed this reel's draft; yours stays here, type on to save it",
            );
            return Vec::new();
        }
        self.saved.clone_from(&draft);
        let back = self.by_key(Action::Undo);
        self.tell_until_seen(
            Tone::Warning,
            format!("another rushes changed this reel's draft, and this is it{back}"),
        );
        let mut effects = vec![Effect::DraftSeen(Box::new(draft.clone()))];
        // The other workbench types on: it is one step back to what stood here, and older steps stay in reach.
        let stood_here = self
            .replaced
            .pop_if(|last| last.is_from_elsewhere && last.after == self.draft)
            .map(|last| last.before);
        self.replace_draft(draft);
        if let Some(last) = self.replaced.last_mut() {
            last.is_from_elsewhere = true;
            if let Some(before) = stood_here {
                last.before = before;
            }
        }
        self.read_draft();
        effects.extend(self.look_at_new_files());
        effects
    }

    /// Whether the draft is still as it was when it was put in the place of another.
    pub(super) fn is_replaced(&self) -> bool {
        self.replaced.last().is_some_and(|last| last.after == self.draft)
    }

    /// Takes back the last change: another draft as a whole, else a change of the prompt.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        if !self.is_replaced() {
            self.prompt.undo();
            return self.prompt_changed();
        }
        if let Some(Replaced { before, .. }) = self.replaced.pop() {
            self.prompt.set_text(&before.prompt);
            self.draft = before;
            self.tell(Tone::Good, "the draft is as it was before");
        }
        self.saved_and_estimated()
    }

    /// Any request of the draft: takes like it tell how long it will take.
    pub(super) fn probe(&self) -> Request {
        self.draft.request(Seed::default())
    }

    fn saved_and_estimated(&mut self) -> Vec<Effect> {
        let mut effects = self.save();
        effects.extend(self.refresh());
        effects
    }
}

/// The draft that would send this take's request again, with its seed.
///
/// # Errors
/// What the body breaks, when it was made by other rules than today's.
pub(super) fn draft_of(take: &Take, random: &mut fastrand::Rng) -> Result<Draft, String> {
    let request = Request::from_body(take.model, &take.body, random).map_err(|broken| {
        broken
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    Ok(Draft {
        api_version: take.api_version,
        seeds: SeedList::only(take.seed).to_string(),
        ..request.form
    })
}
