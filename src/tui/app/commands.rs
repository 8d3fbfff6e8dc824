//! What can be done now, and why not: key line, palette and the answer to a wrong key are folds over this.

use crate::model::{Take, TakeState};
use crate::tui::action::{Action, Group};
use crate::tui::keymap::Context;
use crate::tui::overlays::Overlay;

use crate::tui::panes::{PaneId, Param, Spot};

use super::{App, context_of};

/// One key of the key line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    pub key: String,
    pub text: String,
}

/// What each place shows first in its key line.
const fn preferred(context: Context) -> &'static [Action] {
    use Action as A;
    match context {
        Context::Prompt | Context::Global => &[
            A::EditPrompt,
            A::Generate,
            A::Fix,
            A::Findings,
            A::Timeline,
            A::Sweep,
            A::FreshScript,
            A::OpenEditor,
        ],
        Context::Parameters => &[
            A::ValuePrevious,
            A::ValueNext,
            A::EditValue,
            A::Generate,
            A::Sweep,
        ],
        Context::Queue => &[
            A::ResumeLine,
            A::DecideHeld,
            A::CheckAgain,
            A::MarkNotSent,
            A::Pause,
            A::Cancel,
            A::MoveUp,
            A::MoveDown,
            A::Open,
            A::Generate,
        ],
        Context::Log => &[
            A::Open,
            A::UseTake,
            A::RunAgain,
            A::Promote,
            A::Circle,
            A::Reject,
            A::Note,
            A::CopyPath,
            A::Filter,
            A::Generate,
        ],
        Context::Monitor => &[
            A::Circle,
            A::Reject,
            A::Promote,
            A::UseTake,
            A::Note,
            A::Open,
            A::CopyPath,
            A::Generate,
        ],
        Context::Editing => &[A::Leave, A::Complete],
        Context::Reader => &[A::Leave, A::Down, A::Up, A::PageDown, A::PageUp],
        Context::Confirm => &[A::Accept, A::Leave],
        Context::Quitting => &[A::QuitNow, A::QuitWhenDone, A::Leave],
        Context::Books => &[A::Adopt, A::AdoptAll, A::Down, A::Up, A::Leave],
        Context::Held => &[A::ChangeHeld, A::ReleaseHeld, A::CancelHeld, A::Leave],
        Context::Palette => &[A::Accept, A::Down, A::Up, A::Leave],
        Context::Field => &[A::Accept, A::Leave],
        Context::Menu => &[A::Accept, A::Down, A::Up, A::Leave],
        Context::Timeline => &[
            A::BorderEarlier,
            A::BorderLater,
            A::Up,
            A::Down,
            A::Undo,
            A::Leave,
        ],
    }
}

/// What every pane shows last.
const COMMON: [Action; 5] = [
    Action::FocusNext,
    Action::Zoom,
    Action::Palette,
    Action::Help,
    Action::Quit,
];

impl App {
    /// The key line: what can be done here, by the keys in force; the rest of a chord when one is begun.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let context = self.context();
        if !self.pending.is_empty() {
            let rest = self.keymap.continuations(context, &self.pending);
            let hint = |(key, action): (String, Action)| Hint {
                key,
                text: action.short().to_owned(),
            };
            return rest.into_iter().map(hint).collect();
        }
        let mut hints: Vec<Hint> = Vec::new();
        let common = if self.overlays.is_empty() && !self.context().is_text() {
            &COMMON[..]
        } else {
            &[]
        };
        for action in preferred(context).iter().chain(common) {
            if self.possible(*action).is_ok()
                && let Some(hint) = self.hint(context, *action)
                && !hints.contains(&hint)
            {
                hints.push(hint);
            }
        }
        hints
    }

    fn hint(&self, context: Context, action: Action) -> Option<Hint> {
        let chord = *self.keymap.chords(context, action).first()?;
        let is_choice = || self.focus == PaneId::Params && self.param().choices(&self.draft).is_some();
        let text = match action {
            Action::EditValue if is_choice() => "choose",
            _ => action.short(),
        };
        let one = |key: String| Hint {
            key,
            text: text.to_owned(),
        };
        match chord.keys() {
            [first, _, ..] if action.group() == Group::Copy => Some(Hint {
                key: first.to_string(),
                text: "copy…".to_owned(),
            }),
            _ => Some(one(chord.to_string())),
        }
    }

    /// What the focused pane can do now, for palette and help.
    #[must_use]
    pub fn commands(&self) -> Vec<Action> {
        let listed = |action: &Action| {
            action.group() != Group::Move
                || matches!(action, Action::FocusNext | Action::FocusPrev)
                || action.name().starts_with("focus_")
        };
        let all = Action::ALL.iter().copied().filter(listed);
        all.filter(|action| *action != Action::Palette && self.possible(*action).is_ok())
            .collect()
    }

    /// Whether `action` can be done now.
    ///
    /// # Errors
    /// Why not, for the user.
    pub fn possible(&self, action: Action) -> Result<(), String> {
        use Action as A;
        match action {
            A::ValueNext | A::ValuePrevious
                if self.focus == PaneId::Params && self.param().choices(&self.draft).is_none() =>
            {
                Err(format!(
                    "{} is typed, not chosen{}",
                    self.param().label(),
                    self.by_key(A::EditValue)
                ))
            }
            A::ValueNext | A::ValuePrevious | A::EditValue if self.focus != PaneId::Params => Err(format!(
                "no parameter is selected{}",
                self.by_key(A::FocusParameters)
            )),
            A::UseTake | A::RunAgain | A::Circle | A::Reject | A::Note | A::Open => {
                self.the_take().map(|_| ())
            }
            A::Fix if self.reading.first_fix().is_none() => Err(self.why_no_fix()),
            A::Findings if self.reading.findings.is_empty() => {
                Err("nothing is wrong with the script".to_owned())
            }
            A::Timeline if !self.reading.is_timed() => {
                Err(format!("no shot has a time{}", self.by_key(Action::FreshScript)))
            }
            A::BorderEarlier | A::BorderLater
                if !matches!(self.overlays.last(), Some(Overlay::Timeline(_))) =>
            {
                Err(format!(
                    "the timeline is not open{}",
                    self.by_key(Action::Timeline)
                ))
            }
            A::Complete if self.params.typed_reference().is_some() => Ok(()),
            A::Complete | A::CompleteBack if self.params.is_editing() => {
                Err("only paths of references are completed here".to_owned())
            }
            A::Complete | A::CompleteBack if !self.editing => Err(format!(
                "the prompt is not being edited{}",
                self.by_key(Action::EditPrompt)
            )),
            A::Undo if self.is_replaced() => Ok(()),
            A::Undo | A::Redo if self.focus != PaneId::Prompt => Err(format!(
                "only changes of the prompt{}",
                self.by_key(A::FocusPrompt)
            )),
            A::CopyCurl | A::CopyPython | A::CopyJson => self.the_take().map(|_| ()),
            A::Promote => self.the_take().and_then(|take| match take.model.promotes {
                Some(_) if take.resolution.is_draft() => Ok(()),
                Some(_) => Err(format!("take {} is {} already", take.id, take.resolution)),
                None => Err(format!("{} cannot promote a draft", take.model)),
            }),
            A::CopyPath => self.the_take().and_then(|take| match take.file {
                Some(_) => Ok(()),
                None => Err(format!("take {} has no file: it is {}", take.id, take.state)),
            }),
            A::CopyUrl => self.the_take().and_then(|take| match take.output_url {
                Some(_) => Ok(()),
                None => Err(format!("take {} has no address: it is {}", take.id, take.state)),
            }),
            A::RemoveItem | A::MoveUp | A::MoveDown if self.focus == PaneId::Params => self.the_reference(),
            A::RemoveItem => Err(format!(
                "no reference is selected{}",
                self.by_key(A::FocusParameters)
            )),
            A::Cancel | A::Pause | A::MoveUp | A::MoveDown => self.the_take().and_then(in_line),
            A::MarkNotSent => self.the_take().and_then(|take| match take.state {
                TakeState::Unknown => Ok(()),
                state => Err(format!("the outcome of take {} is clear: it is {state}", take.id)),
            }),
            A::CheckAgain
                if !self
                    .queue
                    .takes
                    .iter()
                    .any(|take| take.state == TakeState::Unknown) =>
            {
                Err("no take's outcome is unknown".to_owned())
            }
            A::Adopt | A::AdoptAll => self.adoptable(action),
            A::DecideHeld if !self.queue.takes.iter().any(|take| take.held.is_some()) => {
                Err("no take is held back".to_owned())
            }
            A::ReleaseHeld | A::CancelHeld | A::ChangeHeld
                if !matches!(self.overlays.last(), Some(Overlay::Held(_))) =>
            {
                Err(format!("nothing is asked{}", self.by_key(A::DecideHeld)))
            }
            A::ResumeLine if self.line.stopped.is_none() && self.doubt_that_holds().is_none() => {
                Err("the line is not stopped".to_owned())
            }
            A::Accept if self.overlays.is_empty() && !self.params.is_editing() => {
                Err("nothing is asked".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn adoptable(&self, action: Action) -> Result<(), String> {
        let Some(Overlay::Books(books)) = self.overlays.last() else {
            return Err(format!("no books are open{}", self.by_key(Action::CompareBooks)));
        };
        let found = match action {
            Action::AdoptAll => books.comparison.importable().next(),
            _ => books.adoptable(),
        };
        found
            .map(|_| ())
            .ok_or_else(|| "this is nothing made elsewhere that can be adopted".to_owned())
    }

    /// The selected parameter.
    fn param(&self) -> Param {
        self.params.selected(&self.draft).param()
    }

    /// Whether a reference or frame is selected that could be taken out.
    fn the_reference(&self) -> Result<(), String> {
        match self.params.selected(&self.draft) {
            spot if spot.is_reference() => Ok(()),
            Spot::Item(param, _) | Spot::Param(param) => Err(format!("{} is no reference", param.label())),
        }
    }

    /// The take that actions are about, or why there is none.
    pub(super) fn the_take(&self) -> Result<&Take, String> {
        let place = if self.focus == PaneId::Queue {
            "the queue is empty"
        } else {
            "the log shows no take"
        };
        self.selected()
            .ok_or_else(|| format!("{place}{}", self.by_key(Action::Generate)))
    }

    /// ": g generate", with the key in force; nothing when there is none.
    pub(super) fn by_key(&self, action: Action) -> String {
        let key = self.keymap.label(context_of(self.focus), action);
        key.map_or_else(String::new, |key| format!(": {key} {}", action.short()))
    }

    /// ": W revisions", wherever the keys go; nothing when there is no such key.
    pub(super) fn key_of(&self, action: Action) -> String {
        let key = self.keymap.label(Context::Global, action);
        key.map_or_else(String::new, |key| format!(": {key} {}", action.short()))
    }

    /// Why no fix is made without being chosen.
    fn why_no_fix(&self) -> String {
        if self
            .reading
            .findings
            .iter()
            .all(|finding| finding.fixes.is_empty())
        {
            return "nothing found that can be mended".to_owned();
        }
        format!("no fix is certain, choose one{}", self.by_key(Action::Findings))
    }

    /// What to say to a key that means nothing here.
    pub(super) fn wrong_key(&self, keys: &str) -> String {
        let context = self.context();
        let help = self
            .keymap
            .label(context, Action::Help)
            .map(|key| format!(" · {key} help"));
        let leave = || {
            self.keymap
                .label(context, Action::Leave)
                .map(|key| format!(" · {key} back"))
        };
        format!(
            "{keys} does nothing here{}",
            help.or_else(leave).unwrap_or_default()
        )
    }
}

fn in_line(take: &Take) -> Result<(), String> {
    let id = take.id;
    match take.state {
        TakeState::Waiting => Ok(()),
        state if state.settled() => Err(format!(
            "take {id} is {state}: only a waiting take can be held, moved or cancelled"
        )),
        state => Err(format!(
            "take {id} is {state}: the provider cannot cancel, so it goes on and may be billed"
        )),
    }
}
