//! Keys, pastes and clicks become actions or text here.

use std::collections::BTreeSet;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Position;

use crate::tui::action::Action;
use crate::tui::editor::Outcome;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Context, Found, Key, key_labels};
use crate::tui::overlays::{Overlay, Purpose};
use crate::tui::widgets::field::Typed;

use crate::tui::panes::{PaneId, Target};

use super::{App, Tone};

/// So many characters at once are pasted, not typed: as one piece of text where text goes.
const BURST_OF_TEXT: usize = 4;
/// So many different characters at once where keys are commands are a paste gone astray.
const BURST_OF_COMMANDS: usize = 6;
const DIFFERENT_COMMANDS: usize = 4;

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
                let asked = self.asks();
                effects.extend(self.event(first));
                if !asked && self.asks() {
                    // What came with the key that raised a question cannot be its answer.
                    break;
                }
            }
        }
        effects.extend(self.let_in());
        // What a key closed may have hidden a question from the news about its money.
        self.ask_anew();
        if self.is_live() {
            // Another program may have changed the settings: what is shown and asked goes by those in force.
            effects.push(Effect::LookAtMoney);
        }
        effects
    }

    /// Whether a yes or no is asked for.
    fn asks(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Confirm(_)))
    }

    fn event(&mut self, event: &Event) -> Vec<Effect> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Paste(text) => self.paste(text),
            Event::Mouse(mouse) => self.click(*mouse),
            Event::FocusGained => {
                self.window_focused = Some(true);
                let mut effects = self.refresh();
                effects.extend(self.look_at_files());
                effects.extend(self.look_at_lent());
                effects
            }
            Event::FocusLost => {
                self.window_focused = Some(false);
                Vec::new()
            }
            Event::Key(_) | Event::Resize(..) => Vec::new(),
        }
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Effect> {
        let key = Key::from(event);
        let context = self.context();
        if self.redraws(context, key) {
            return self.act(Action::Redraw);
        }
        self.notice = None;
        if self.seen.too_small {
            return self.key_unseen(event);
        }
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
                if context.is_text()
                    && !begun
                    && let Some(effects) = self.type_key(event)
                {
                    return effects;
                }
                if let Some(after) = after_escape(event).filter(|_| !begun) {
                    let mut effects = self.act(Action::Leave);
                    effects.extend(self.key(after));
                    return effects;
                }
                let text = self.wrong_key(&key_labels(&keys));
                self.tell(Tone::Plain, text);
            }
        }
        Vec::new()
    }

    /// Whether the key draws all anew: it does so under every overlay, and where it is no text while text is typed.
    fn redraws(&self, context: Context, key: Key) -> bool {
        let redraw = Found::Action(Action::Redraw);
        let is_text = context.is_text() && key.typed().is_some();
        let is_free = [Found::Nothing, redraw].contains(&self.keymap.find(context, &[key]));
        !is_text && is_free && self.keymap.find(Context::Global, &[key]) == redraw
    }

    /// A key that is no command where text goes; `None` when it means nothing there either.
    pub(super) fn type_key(&mut self, event: KeyEvent) -> Option<Vec<Effect>> {
        match self.overlays.last_mut() {
            Some(Overlay::Entry(entry)) => {
                let typed = entry.field.handle(event);
                (typed != Typed::Ignored).then(|| self.entry_changed(typed))
            }
            Some(Overlay::Palette(palette)) => {
                let typed = palette.field.handle(event);
                if typed == Typed::Changed {
                    palette.find();
                }
                (typed != Typed::Ignored).then(Vec::new)
            }
            Some(_) => None,
            // What is undone in the prompt may be a fix of the draft as a whole.
            None if self.editing && Key::from(event) == Key::ctrl('z') => Some(self.undo()),
            None if self.editing => {
                let ignored = self.prompt.handle(event) == Outcome::Ignored;
                (!ignored).then(|| self.prompt_changed())
            }
            None => self.params.key(event).then(Vec::new),
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
        let key = self.keymap.label(Context::Prompt, Action::EditPrompt);
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
        let Some(target) = self.seen.drawn.at(Position::new(mouse.column, mouse.row)) else {
            return Vec::new();
        };
        let pane = match target {
            Target::Pane(pane) | Target::Take(pane, _) => pane,
            Target::Spot(_) => PaneId::Params,
        };
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => self.choose(pane, target),
            MouseEventKind::ScrollUp if pane == self.focus => self.go(Action::Up),
            MouseEventKind::ScrollDown if pane == self.focus => self.go(Action::Down),
            _ => Vec::new(),
        }
    }

    /// A click gives the keys to a pane and selects what lies there.
    fn choose(&mut self, pane: PaneId, target: Target) -> Vec<Effect> {
        self.focus(pane);
        match target {
            Target::Spot(spot) => self.params.select(spot),
            Target::Take(PaneId::Queue, id) => {
                let row = self.queue.takes.iter().position(|take| take.id == id);
                self.queue.at = row.unwrap_or(self.queue.at);
            }
            Target::Take(_, id) => {
                if let Some(row) = self.row_of(id) {
                    return self.select_in_log(row);
                }
            }
            Target::Pane(_) => {}
        }
        Vec::new()
    }
}

/// What was typed after Esc, when the two arrived as one: a terminal sends Alt as Esc before the key, and over a
/// slow line nothing tells them apart.
fn after_escape(event: KeyEvent) -> Option<KeyEvent> {
    let plain =
        matches!(event.code, KeyCode::Char(_)) && event.modifiers - KeyModifiers::SHIFT == KeyModifiers::ALT;
    plain.then(|| KeyEvent::new(event.code, event.modifiers - KeyModifiers::ALT))
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
