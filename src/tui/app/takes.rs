//! What is done to single takes: verdicts, notes, their place in line, unknown outcomes.

use crate::model::{Take, Verdict};
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Mark};
use crate::tui::overlays::{Confirm, Entry, Intent, Overlay, Purpose};

use super::{App, Tone};

impl App {
    /// Circles or rejects the selected take; the same again takes it back.
    pub(super) fn judge(&mut self, verdict: Verdict) -> Vec<Effect> {
        self.mark(|take| {
            Mark::Verdict(if take.verdict == verdict {
                Verdict::None
            } else {
                verdict
            })
        })
    }

    /// Cancels, holds back or moves the selected waiting take.
    pub(super) fn in_line(&mut self, action: Action) -> Vec<Effect> {
        self.mark(|take| match action {
            Action::Cancel => Mark::Cancel,
            Action::MoveUp => Mark::Move(-1),
            Action::MoveDown => Mark::Move(1),
            _ => Mark::Pause(!take.paused),
        })
    }

    /// Begins a note on the selected take.
    pub(super) fn note(&mut self) -> Vec<Effect> {
        if let Ok(take) = self.the_take() {
            let entry = Entry::new(Purpose::Note(take.id), take.note.as_deref().unwrap_or_default());
            self.open(Overlay::Entry(entry));
        }
        Vec::new()
    }

    /// Asks before an unknown take is called never sent.
    pub(super) fn ask_not_sent(&mut self) -> Vec<Effect> {
        if let Ok(take) = self.the_take() {
            let id = take.id;
            self.open(Overlay::Confirm(Confirm {
                question: format!("Mark take {id} as never sent?"),
                details: vec![
                    "If the provider did receive it, its film and its bill will not be looked for.".into(),
                ],
                yes: "mark".to_owned(),
                then: Intent::MarkNotSent(id),
            }));
        }
        Vec::new()
    }

    /// Has the whole of the selected take read, to be opened when it is there.
    pub(super) fn open_take(&mut self) -> Vec<Effect> {
        self.the_take()
            .map(|take| vec![Effect::Open(take.id)])
            .unwrap_or_default()
    }

    /// A mark is in the store, or why not.
    pub(super) fn marked(&mut self, answer: Result<Box<Take>, Problem>) -> Vec<Effect> {
        match answer {
            Ok(_) => self.refresh(),
            Err(error) => {
                self.tell(Tone::Error, error.to_string());
                self.refresh()
            }
        }
    }

    fn mark(&mut self, mark: impl FnOnce(&Take) -> Mark) -> Vec<Effect> {
        match self.the_take() {
            Ok(take) => vec![Effect::Mark(take.id, mark(take))],
            Err(why) => {
                self.tell(Tone::Warning, why);
                Vec::new()
            }
        }
    }
}
