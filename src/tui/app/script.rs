//! The script as it was read: findings and fixes, the timeline's borders, a fresh script, completion.

use crate::model::text::line_and_column;
use crate::script::lint::{Fix, Fixed};
use crate::script::{self, Shot};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Choice, Entry, Menu, Overlay, Pick, Purpose};
use crate::tui::panes::PaneId;
use crate::tui::reading::{Reading, seconds};

use super::{App, Tone};

/// A border moves by this much at a time, in milliseconds.
const STEP_MS: i64 = 500;
/// Most shots of a fresh script.
const MOST_SHOTS: u32 = 30;

impl App {
    /// The draft is another: it is read anew and saved.
    pub(super) fn save(&mut self) -> Vec<Effect> {
        self.read_draft();
        self.saves += 1;
        self.touched = true;
        self.saved.clone_from(&self.draft);
        let mut effects = vec![Effect::SaveDraft(self.saves, Box::new(self.draft.clone()))];
        effects.extend(self.look_at_new_files());
        effects
    }

    pub(super) fn read_draft(&mut self) {
        self.reading = Reading::of(&self.draft, &self.facts.lint_off, &self.files);
    }

    /// Mends the first finding that can be mended.
    pub(super) fn fix(&mut self) -> Vec<Effect> {
        match self.reading.first_fix().map(|(_, fix)| fix.clone()) {
            Some(fix) => self.mend(&fix),
            None => Vec::new(),
        }
    }

    /// Makes one fix, as one step of undo.
    pub(super) fn mend(&mut self, fix: &Fix) -> Vec<Effect> {
        match fix.apply(&self.draft) {
            Fixed::One(draft) if draft == self.draft => {
                self.tell(Tone::Warning, format!("{}: nothing changed", fix.label()));
                Vec::new()
            }
            Fixed::One(draft) => {
                let back = self.by_key(Action::Undo);
                self.tell(Tone::Good, format!("{}{back}", fix.label()));
                self.put_draft(draft)
            }
            Fixed::Clips(clips) => self.split_into(clips),
        }
    }

    /// The first clip stays here, each other becomes the draft of a reel of its own.
    fn split_into(&mut self, clips: Vec<crate::model::Draft>) -> Vec<Effect> {
        let mut clips = clips.into_iter();
        let (Some(first), rest) = (clips.next(), clips.collect::<Vec<_>>()) else {
            return Vec::new();
        };
        if rest.is_empty() {
            return self.put_draft(first);
        }
        // This draft is shortened only when the others are safe.
        vec![Effect::SaveClips {
            first: Box::new(first),
            rest,
        }]
    }

    /// The other clips are in reels of their own, or why not.
    pub(super) fn clips_saved(
        &mut self,
        first: crate::model::Draft,
        answer: Result<Vec<String>, crate::service::Problem>,
    ) -> Vec<Effect> {
        match answer {
            Ok(reels) => {
                let back = self.by_key(Action::Undo);
                self.tell(
                    Tone::Good,
                    format!(
                        "clip 1 of {} is here, the others are the drafts of {}: `rushes --reel NAME` opens one{}",
                        reels.len() + 1,
                        reels.join(", "),
                        back.replacen(':', ";", 1),
                    ),
                );
                self.put_draft(first)
            }
            Err(error) => {
                self.trouble("The script was not split", &error);
                Vec::new()
            }
        }
    }

    /// Lists what is wrong, each with its fixes.
    pub(super) fn list_findings(&mut self) {
        let mut rows = Vec::new();
        for finding in &self.reading.findings {
            let (line, column) = line_and_column(&self.draft.prompt, finding.span.start);
            let lead = if finding.span.is_empty() {
                finding.severity.word().to_owned()
            } else {
                format!("{} {line}:{column}", finding.severity)
            };
            rows.push(Choice {
                lead,
                text: format!("{} [{}]", finding.message, finding.rule),
                severity: Some(finding.severity),
                pick: Pick::Place(finding.span.start),
            });
            rows.extend(finding.fixes.iter().map(|fix| Choice {
                lead: "  fix".to_owned(),
                text: fix.label(),
                severity: None,
                pick: Pick::Fix(fix.clone()),
            }));
        }
        self.open(Overlay::Menu(Menu::new("Findings", rows)));
    }

    /// Does what the chosen row of a list is for.
    pub(super) fn pick(&mut self, menu: &Menu) -> Vec<Effect> {
        match menu.chosen().map(|choice| choice.pick.clone()) {
            Some(Pick::Place(byte)) => {
                self.focus(PaneId::Prompt);
                self.editing = true;
                self.prompt.go_to_byte(byte);
                Vec::new()
            }
            Some(Pick::Fix(fix)) => self.mend(&fix),
            Some(Pick::Value(param, place)) => {
                let change = self.params.choose(&mut self.draft, param, place);
                self.param_changed(change.as_ref())
            }
            Some(Pick::Revision(revision)) => self.load_revision(*revision),
            Some(Pick::Late(late, decision)) => self.decide_late(&late, decision),
            Some(Pick::Unsaved(found, decision)) => vec![Effect::DecideUnsaved(*found, decision)],
            None => Vec::new(),
        }
    }

    /// Begins to move borders, at the one behind the shot of the caret.
    pub(super) fn open_timeline(&mut self) {
        self.focus(PaneId::Prompt);
        self.open(Overlay::Timeline(0));
    }

    /// Chooses another border.
    pub(super) fn step_border(&mut self, by: isize) {
        let last = self.reading.script.shots.len().saturating_sub(1);
        if let Some(Overlay::Timeline(border)) = self.overlays.last_mut() {
            *border = border.saturating_add_signed(by).min(last);
        }
    }

    /// Moves the chosen border; the text follows.
    pub(super) fn move_border(&mut self, action: Action) -> Vec<Effect> {
        let Some(Overlay::Timeline(border)) = self.overlays.last() else {
            return Vec::new();
        };
        let by = if action == Action::BorderEarlier {
            -STEP_MS
        } else {
            STEP_MS
        };
        if let Some(text) = script::move_boundary(&self.draft.prompt, &self.reading.script, *border, by) {
            self.prompt.set_text(&text);
            self.prompt_changed()
        } else {
            self.tell(
                Tone::Warning,
                "the border cannot move there: no shot may be shorter than 0.5 s, and it needs a written time",
            );
            Vec::new()
        }
    }

    /// The border being moved: its time, and what lies on either side.
    #[must_use]
    pub fn border(&self) -> Option<(u32, String)> {
        let Some(Overlay::Timeline(at)) = self.overlays.last() else {
            return None;
        };
        let shots = &self.reading.script.shots;
        let before = shots.get(*at)?;
        let after = shots.get(at + 1);
        let ms = before.end.or(after.and_then(|shot| shot.start)).unwrap_or(0);
        let name = |shot: &Shot| format!("shot {}", shot.number);
        let text = match after {
            Some(after) => format!("{} | {} at {} s", name(before), name(after), seconds(ms)),
            None => format!("{} ends at {} s", name(before), seconds(ms)),
        };
        Some((ms, text))
    }

    /// Asks for shots and seconds of a new script.
    pub(super) fn ask_script(&mut self) {
        let shots = (u32::from(self.draft.duration.get()) / 2).max(1);
        let text = format!("{shots} in {}", self.draft.duration);
        self.open(Overlay::Entry(Entry::new(Purpose::Script, &text)));
    }

    /// Puts a script of so many shots where the caret is; in an empty prompt it is the prompt.
    pub(super) fn fresh_script(&mut self, text: &str) -> Vec<Effect> {
        let Some((shots, seconds)) = shots_and_seconds(text) else {
            self.open(Overlay::Entry(Entry::new(Purpose::Script, text)));
            self.tell(
                Tone::Warning,
                format!(
                    "write shots and seconds, as in \"5 in 10\": 1 to {MOST_SHOTS} shots, 1 to 60 s, \
                     none shorter than 0.5 s"
                ),
            );
            return Vec::new();
        };
        let script = script::blank_script(shots, seconds);
        self.focus(PaneId::Prompt);
        self.editing = true;
        let at_start = self.prompt.before_caret().is_empty();
        let lead = if at_start { "" } else { "\n\n" };
        self.prompt.paste(&format!("{lead}{script}"));
        self.prompt_changed()
    }
}

/// `5 in 10`, `5 10`, `5/10`.
fn shots_and_seconds(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse::<u32>);
    let (shots, seconds) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let fits = (1..=MOST_SHOTS).contains(&shots) && (1..=60).contains(&seconds) && shots <= seconds * 2;
    (fits && numbers.next().is_none()).then_some((shots, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_and_seconds_are_read_as_people_write_them() {
        for (text, read) in [
            ("5 in 10", Some((5, 10))),
            (" 3/8s", Some((3, 8))),
            ("5", None),
            ("0 in 10", None),
            ("30 in 10", None),
            ("1 2 3", None),
            ("99999999999 in 4", None),
        ] {
            assert_eq!(shots_and_seconds(text), read, "{text}");
        }
    }
}
