//! Keys, pastes and clicks become actions or text here.

use std::collections::BTreeSet;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Position;

use crate::model::Verdict;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::keymap::{Found, Key, key_labels};
use crate::tui::overlays::{Entry, Intent, Overlay, Palette, Purpose, help_page};
use crate::tui::widgets::field::Typed;

use crate::tui::panes::PaneId;

use super::{App, Leaving, Tone};

/// So many characters at once are pasted, not typed: as one piece of text where text goes.
const BURST_OF_TEXT: usize = 4;
/// So many different characters at once where keys are commands are a paste gone astray.
const BURST_OF_COMMANDS: usize = 32;
const DIFFERENT_COMMANDS: usize = 10;

impl App {
    /// Takes everything that arrived at once, in order.
    pub fn feed(&mut self, mut batch: &[Event]) -> Vec<Effect> {
        self.look_at_clock();
        let mut effects = Vec::new();
        while let Some(first) = batch.first() {
            let burst = typed_burst(batch);
            let text_goes_here = self.context().is_text() && self.pending.is_empty();
            if text_goes_here && burst.chars().count() >= BURST_OF_TEXT {
                batch = &batch[burst.chars().count()..];
                effects.extend(self.paste_burst(&burst));
            } else if !text_goes_here && is_stray_paste(&burst) {
                batch = &batch[burst.chars().count()..];
                self.refuse_paste();
            } else {
                batch = &batch[1..];
                effects.extend(self.event(first));
            }
        }
        effects
    }

    fn event(&mut self, event: &Event) -> Vec<Effect> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Paste(text) => self.paste(text),
            Event::Mouse(mouse) => self.click(*mouse),
            Event::FocusGained => {
                self.window_focused = true;
                self.refresh()
            }
            Event::FocusLost => {
                self.window_focused = false;
                Vec::new()
            }
            Event::Key(_) | Event::Resize(..) => Vec::new(),
        }
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Effect> {
        let key = Key::from(event);
        let context = self.context();
        self.notice = None;
        if key == Key::ctrl('c') {
            self.pending.clear();
            let open = !self.overlays.is_empty() || self.editing || self.params.is_editing();
            return self.act(if open { Action::Leave } else { Action::Quit });
        }
        if key == Key::ctrl('z') && !context.is_text() {
            return self.act(Action::Suspend);
        }
        self.pending.push(key);
        match self.keymap.find(context, &self.pending) {
            Found::Action(action) => {
                self.pending.clear();
                return self.act(action);
            }
            Found::Begun => {}
            Found::Nothing => {
                let keys = std::mem::take(&mut self.pending);
                let begun = keys.len() > 1;
                if begun && key == Key::plain(KeyCode::Esc) {
                    return Vec::new();
                }
                if context.is_text() && !begun {
                    return self.type_key(event);
                }
                let text = self.wrong_key(&key_labels(&keys));
                self.tell(Tone::Plain, text);
            }
        }
        Vec::new()
    }

    /// A key that is no command where text goes.
    fn type_key(&mut self, event: KeyEvent) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Entry(entry)) => {
                let typed = entry.field.handle(event);
                self.entry_changed(typed)
            }
            Some(Overlay::Palette(palette)) => {
                if palette.field.handle(event) == Typed::Changed {
                    palette.find();
                }
                Vec::new()
            }
            Some(_) => Vec::new(),
            None if self.editing => {
                self.prompt.handle(event);
                self.prompt_changed()
            }
            None => {
                self.params.key(event, &mut self.draft);
                Vec::new()
            }
        }
    }

    /// Pasted text is text, whatever it holds, and goes only where text goes.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.notice = None;
        self.pending.clear();
        match self.overlays.last_mut() {
            Some(Overlay::Entry(entry)) => {
                let typed = entry.field.paste(text);
                self.entry_changed(typed)
            }
            Some(Overlay::Palette(palette)) => {
                palette.field.paste(text);
                palette.find();
                Vec::new()
            }
            None if self.editing => {
                self.prompt.paste(text);
                self.prompt_changed()
            }
            None if self.params.is_editing() => {
                self.params.paste(text);
                Vec::new()
            }
            _ => {
                self.refuse_paste();
                Vec::new()
            }
        }
    }

    /// A burst of keys as a paste; an Enter that ends it in a one-line field is the user's.
    fn paste_burst(&mut self, burst: &str) -> Vec<Effect> {
        let one_line = !self.editing;
        match burst.strip_suffix('\n').filter(|_| one_line) {
            Some(line) => {
                let mut effects = self.paste(line);
                effects.extend(self.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)));
                effects
            }
            None => self.paste(burst),
        }
    }

    fn refuse_paste(&mut self) {
        let key = self
            .keymap
            .label(crate::tui::keymap::Context::Prompt, Action::EditPrompt);
        let how = key.map_or_else(String::new, |key| format!(": in the prompt, press {key} first"));
        self.tell(Tone::Warning, format!("pasted text was not taken as keys{how}"));
    }

    fn entry_changed(&mut self, typed: Typed) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Entry(entry)) if typed == Typed::Changed && entry.purpose == Purpose::Filter => {
                let filter = entry.field.text().to_owned();
                self.set_filter(&filter)
            }
            _ => Vec::new(),
        }
    }

    fn click(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        if !self.overlays.is_empty() {
            return Vec::new();
        }
        let at = Position::new(mouse.column, mouse.row);
        let under = self
            .seen
            .panes
            .iter()
            .find(|(_, area)| area.contains(at))
            .map(|(pane, _)| *pane);
        let Some(pane) = under else { return Vec::new() };
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => self.focus(pane),
            MouseEventKind::ScrollUp if pane == self.focus => return self.go(Action::Up),
            MouseEventKind::ScrollDown if pane == self.focus => return self.go(Action::Down),
            _ => {}
        }
        Vec::new()
    }

    /// Does one action, or says why it cannot be done.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        use Action as A;
        if let Err(why) = self.possible(action) {
            self.tell(Tone::Warning, format!("{}: {why}", action.short()));
            return Vec::new();
        }
        match action {
            A::EditPrompt | A::FocusPrompt => {
                self.focus(PaneId::Prompt);
                self.editing = true;
            }
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
            A::OpenEditor => return vec![Effect::Terminal(TerminalEffect::Edit(self.prompt.text()))],
            A::Undo => {
                self.prompt.undo();
                return self.prompt_changed();
            }
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
            A::CopyPath | A::CopyUrl | A::CopyCurl | A::CopyPython | A::CopyJson => return self.copy(action),
            A::ResumeLine => return vec![Effect::ResumeLine],
            A::Filter => self.open(Overlay::Entry(Entry::new(Purpose::Filter, &self.log.filter))),
            A::Palette => self.open(Overlay::Palette(Palette::new(self.commands()))),
            A::Help => self.open(Overlay::Page(help_page(&self.keymap, self.context()))),
            A::Zoom => self.zoomed = !self.zoomed,
            A::Redraw => return vec![Effect::Terminal(TerminalEffect::Redraw)],
            A::ToggleMouse => return self.toggle_mouse(),
            A::Suspend => return vec![Effect::Terminal(TerminalEffect::Suspend)],
            A::Quit if self.in_flight() > 0 => self.open(Overlay::Quitting),
            A::Quit | A::QuitNow => self.leaving = Some(Leaving::Quit),
            A::QuitWhenDone => {
                self.overlays.retain(|open| *open != Overlay::Quitting);
                self.quit_when_done = true;
                self.tell(Tone::Plain, "quits when no take is in flight");
                self.quit_if_done();
            }
        }
        Vec::new()
    }

    /// Says yes, runs the chosen command, or takes the typed line.
    fn accept(&mut self) -> Vec<Effect> {
        match self.overlays.pop() {
            Some(Overlay::Confirm(confirm)) => match confirm.then {
                Intent::Admit(admission) => vec![Effect::Admit(admission)],
                Intent::MarkNotSent(id) => vec![Effect::MarkNotSent(id)],
            },
            Some(Overlay::Palette(palette)) => palette
                .chosen()
                .map(|action| self.act(action))
                .unwrap_or_default(),
            Some(Overlay::Entry(entry)) => self.take_entry(&entry),
            None if self.params.is_editing() => self.commit_value(),
            _ => Vec::new(),
        }
    }

    fn take_entry(&mut self, entry: &Entry) -> Vec<Effect> {
        let text = entry.field.text();
        match entry.purpose {
            Purpose::Note(id) => vec![Effect::Mark(
                id,
                crate::tui::effect::Mark::Note(text.trim().to_owned()),
            )],
            Purpose::Filter => {
                self.focus(PaneId::Log);
                self.set_filter(text)
            }
        }
    }
}

/// The characters at the start of `batch` that were typed or pasted as keys, a character a key.
fn typed_burst(batch: &[Event]) -> String {
    let typed = batch.iter().map_while(|event| match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => match key.code {
            KeyCode::Enter if key.modifiers.is_empty() => Some('\n'),
            KeyCode::Tab if key.modifiers.is_empty() => Some('\t'),
            _ => Key::from(*key).typed(),
        },
        _ => None,
    });
    typed.collect()
}

fn is_stray_paste(burst: &str) -> bool {
    burst.chars().count() >= BURST_OF_COMMANDS
        && burst.chars().collect::<BTreeSet<_>>().len() >= DIFFERENT_COMMANDS
}
