//! Actions become changes of state and effects here.

use crate::model::Verdict;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Mark, TerminalEffect};
use crate::tui::overlays::{Entry, Intent, Overlay, Palette, Purpose, help_page};
use crate::tui::panes::PaneId;

use super::{App, Leaving, Tone};

impl App {
    /// Does one action, or says why it cannot be done.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        use Action as A;
        if let Err(why) = self.possible(action) {
            self.tell(Tone::Warning, format!("{}: {why}", action.short()));
            return Vec::new();
        }
        if self.answers_unseen(action) {
            return Vec::new();
        }
        match action {
            A::EditPrompt => {
                self.focus(PaneId::Prompt);
                self.editing = true;
            }
            A::FocusPrompt => self.focus(PaneId::Prompt),
            A::FocusParameters => self.focus(PaneId::Params),
            A::FocusQueue => self.focus(PaneId::Queue),
            A::FocusLog => self.focus(PaneId::Log),
            A::FocusMonitor => self.focus(PaneId::Monitor),
            A::FocusNext => self.focus_step(1),
            A::FocusPrev => self.focus_step(PaneId::ALL.len() - 1),
            A::Up | A::Down | A::PageUp | A::PageDown | A::Top | A::Bottom => return self.go(action),
            A::Leave => return self.leave(),
            A::Accept => return self.accept(),
            A::Generate => return self.generate(),
            A::Sweep => return self.edit_seeds(),
            A::EditValue => return self.edit_value(),
            A::RemoveItem => return self.remove_item(),
            A::MoveUp if self.focus == PaneId::Params => return self.move_item(-1),
            A::MoveDown if self.focus == PaneId::Params => return self.move_item(1),
            A::ValueNext => return self.step_value(1),
            A::ValuePrevious => return self.step_value(-1),
            A::OpenEditor => return self.open_editor(),
            A::Undo => return self.undo(),
            A::Fix => return self.fix(),
            A::Findings => self.list_findings(),
            A::Revisions => return vec![Effect::ListRevisions],
            A::Timeline => self.open_timeline(),
            A::BorderEarlier | A::BorderLater => return self.move_border(action),
            A::FreshScript => self.ask_script(),
            A::Complete if self.params.is_editing() => return self.complete_path(),
            A::Complete => return self.complete(1),
            A::CompleteBack => return self.complete(-1),
            A::Redo => {
                self.prompt.redo();
                return self.prompt_changed();
            }
            A::Open => return self.open_take(),
            A::UseTake => return self.use_take(),
            A::RunAgain => return self.run_again(),
            A::Promote => return self.promote(),
            A::Circle => return self.judge(Verdict::Circled),
            A::Reject => return self.judge(Verdict::Rejected),
            A::Note => return self.note(),
            A::Cancel | A::Pause | A::MoveUp | A::MoveDown => return self.in_line(action),
            A::CheckAgain => {
                self.tell(Tone::Plain, "asking the provider's history");
                return vec![Effect::CheckAgain];
            }
            A::MarkNotSent => return self.ask_not_sent(),
            A::CompareBooks => return self.compare_books(),
            A::Adopt => return self.adopt(false),
            A::AdoptAll => return self.adopt(true),
            A::DecideHeld => return self.decide_held(),
            A::ReleaseHeld => return self.settle_held(true),
            A::CancelHeld => return self.settle_held(false),
            A::ChangeHeld => return self.change_held(),
            A::CopyPath | A::CopyUrl | A::CopyCurl | A::CopyPython | A::CopyJson => return self.copy(action),
            A::ResumeLine => return self.resume_line(),
            A::Filter => {
                self.focus(PaneId::Log);
                self.open(Overlay::Entry(Entry::new(Purpose::Filter, &self.log.filter)));
            }
            A::Palette => self.open(Overlay::Palette(Palette::new(self.commands()))),
            A::Help => self.open(Overlay::Page(help_page(&self.keymap, self.context()))),
            A::Zoom => self.zoomed = !self.zoomed,
            A::Redraw => return vec![Effect::Terminal(TerminalEffect::Redraw)],
            A::ToggleMouse => return self.toggle_mouse(),
            A::Suspend => return vec![Effect::Terminal(TerminalEffect::Suspend)],
            A::Quit if self.goes_on() > 0 => self.open(Overlay::Quitting),
            A::Quit | A::QuitNow => self.leaving = Some(Leaving::Quit),
            A::QuitWhenDone => {
                self.overlays.retain(|open| !matches!(open, Overlay::Quitting));
                self.quit_when_done = true;
                self.tell(Tone::Plain, "quits when no take is in flight or about to be");
                self.quit_if_done();
            }
        }
        Vec::new()
    }

    /// Says yes, runs the chosen command, or takes the typed line.
    fn accept(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Palette(palette)) = self.overlays.last()
            && palette.chosen().is_none()
        {
            self.tell(
                Tone::Plain,
                "No command is chosen: type the beginning of its name, or choose one with the arrow keys.",
            );
            return Vec::new();
        }
        match self.overlays.pop() {
            Some(Overlay::Confirm(confirm)) => match confirm.then {
                Intent::Admit(order, _) => vec![Effect::Admit(order)],
                Intent::Accept(doubt) => vec![Effect::AcceptDoubt(doubt)],
                Intent::MarkNotSent(id) => vec![Effect::Mark(id, Mark::NotSent)],
                Intent::ImportStrays => vec![Effect::ImportStrays],
            },
            Some(Overlay::Palette(palette)) => palette
                .chosen()
                .map(|action| self.act(action))
                .unwrap_or_default(),
            Some(Overlay::Entry(entry)) => self.take_entry(&entry),
            Some(Overlay::Menu(menu)) => self.pick(&menu),
            None if self.params.is_editing() => self.commit_value(),
            _ => Vec::new(),
        }
    }

    fn take_entry(&mut self, entry: &Entry) -> Vec<Effect> {
        let text = entry.field.text();
        match entry.purpose {
            Purpose::Note(id) => vec![Effect::Mark(id, Mark::Note(text.trim().to_owned()))],
            Purpose::Filter => self.set_filter(text),
            Purpose::Script => self.fresh_script(text),
            Purpose::MaxPrice => self.take_max_price(text),
        }
    }
}
