//! What became of saves, and the texts kept beside the draft: revisions, and what an earlier session could not save.

use crate::model::text::one_line;
use crate::service::Problem;
use crate::store::{Overwritten, Revision};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Choice, Menu, Overlay, Pick};
use crate::tui::rescue::{Decision, Found};

use super::{App, Notice, Tone};

/// Characters of a prompt shown in a list.
const BEGINNING: usize = 54;

impl App {
    /// The store took a draft, or has yet to.
    pub(super) fn draft_saved(
        &mut self,
        number: u64,
        answer: Result<Option<Overwritten>, Problem>,
    ) -> Vec<Effect> {
        match answer {
            Err(error) => {
                self.tell_of_save(Some(&error));
                return Vec::new();
            }
            Ok(overwritten) => {
                self.confirmed = number;
                self.tell_of_save(None);
                if let Some(Overwritten { version, .. }) = overwritten {
                    let list = self.key_of(Action::Revisions);
                    self.tell_until_seen(
                        Tone::Warning,
                        format!(
                            "another rushes changed this reel's draft: its text is kept as v{version}{list}"
                        ),
                    );
                }
            }
        }
        self.check_again_if_saved()
    }

    /// Reads the store again when it may hold another workbench's draft and has taken all of this one's.
    pub(super) fn check_again_if_saved(&mut self) -> Vec<Effect> {
        if self.confirmed < self.saves || !std::mem::take(&mut self.recheck) {
            return Vec::new();
        }
        self.refresh()
    }

    /// Offers the first text that an earlier session could not save.
    pub(super) fn unsaved_found(&mut self, answer: Result<Vec<Found>, Problem>) -> Vec<Effect> {
        let found = match answer {
            Ok(found) => found,
            Err(error) => {
                self.trouble("Text of an earlier session was not looked for", &error);
                return Vec::new();
            }
        };
        let Some(first) = found.into_iter().find(|found| found.draft != self.draft) else {
            return Vec::new();
        };
        let beginning = beginning(&first.draft.prompt);
        let row = |text: &str, decision| Choice {
            lead: String::new(),
            text: text.to_owned(),
            severity: None,
            pick: Pick::Unsaved(Box::new(first.clone()), decision),
        };
        let rows = vec![
            row(
                &format!("Use it, and keep the present text as a revision: \"{beginning}\""),
                Decision::Use,
            ),
            row(
                "Keep both: it becomes a revision, the present text stays",
                Decision::KeepBoth,
            ),
            row("Discard it", Decision::Discard),
        ];
        let title = "An earlier session could not save this text";
        let headline = Notice {
            text: format!("an earlier session could not save \"{beginning}\": leave the text to decide"),
            tone: Tone::Warning,
        };
        self.show(Overlay::Menu(Menu::new(title, rows)), headline);
        Vec::new()
    }

    /// What was decided is done; the next text is offered.
    pub(super) fn unsaved_decided(
        &mut self,
        found: Found,
        decision: Decision,
        answer: Result<Option<i64>, Problem>,
    ) -> Vec<Effect> {
        let version = match answer {
            Ok(version) => version.unwrap_or_default(),
            Err(error) => {
                self.trouble("The unsaved text stays in its file", &error);
                return Vec::new();
            }
        };
        let mut effects = vec![Effect::FindUnsaved];
        match decision {
            Decision::Use => {
                let back = self.by_key(Action::Undo);
                self.tell(Tone::Good, format!("the draft is now the unsaved text{back}"));
                effects.extend(self.put_draft(found.draft));
            }
            Decision::KeepBoth => {
                let list = self.key_of(Action::Revisions);
                self.tell(
                    Tone::Good,
                    format!("the unsaved text is kept as v{version}{list}"),
                );
            }
            Decision::Discard => self.tell(Tone::Plain, "the unsaved text is discarded"),
        }
        effects
    }

    /// Lists the revisions to choose from.
    pub(super) fn list_revisions(&mut self, answer: Result<Vec<Revision>, Problem>) -> Vec<Effect> {
        let revisions = match answer {
            Ok(revisions) => revisions,
            Err(error) => {
                self.trouble("The revisions could not be read", &error);
                return Vec::new();
            }
        };
        if revisions.is_empty() {
            self.tell(
                Tone::Plain,
                "there is no revision yet: generating makes the first",
            );
            return Vec::new();
        }
        let zone = self.facts.zone.clone();
        let row = |revision: Revision| Choice {
            lead: format!("v{}", revision.version),
            text: format!(
                "{}  {}",
                revision.at.to_zoned(zone.clone()).strftime("%m-%d %H:%M"),
                beginning(&revision.draft.prompt)
            ),
            severity: None,
            pick: Pick::Revision(Box::new(revision)),
        };
        let rows = revisions.into_iter().map(row).collect();
        let headline = Notice {
            text: "the revisions are listed: leave the text to see them".to_owned(),
            tone: Tone::Plain,
        };
        self.show(Overlay::Menu(Menu::new("Revisions", rows)), headline);
        Vec::new()
    }

    /// Loads a revision into the draft, as one step of undo.
    pub(super) fn load_revision(&mut self, revision: Revision) -> Vec<Effect> {
        let back = self.by_key(Action::Undo);
        self.tell(
            Tone::Good,
            format!("the draft is now v{}{back}", revision.version),
        );
        self.put_draft(revision.draft)
    }
}

/// The first words of a prompt.
fn beginning(prompt: &str) -> String {
    one_line(prompt.trim_start(), BEGINNING)
}
