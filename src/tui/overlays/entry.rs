//! A line of text to type: a note, the shots of a new script, a maximum price.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::text::row;

type Then = Box<dyn FnOnce(&str, &mut Cx)>;

pub struct Entry {
    title: String,
    /// Shown in the empty field.
    hint: &'static str,
    field: TextField,
    then: Option<Then>,
}

impl Entry {
    pub fn new(
        title: impl Into<String>,
        hint: &'static str,
        text: &str,
        then: impl FnOnce(&str, &mut Cx) + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            hint,
            field: TextField::prefilled(text),
            then: Some(Box::new(then)),
        }
    }
}

impl Declare for Entry {
    const COMMANDS: &'static [Command<Self>] = &[Command::on(&[Action::Accept], |entry, _, cx| {
        cx.close();
        if let Some(then) = entry.then.take() {
            then(entry.field.text(), cx);
        }
    })];
}

impl Component for Entry {
    fn context(&self) -> Context {
        Context::Field
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Accept, Action::Leave]
    }

    fn mode(&self) -> Option<&'static str> {
        Some("TYPING")
    }

    fn key(&mut self, key: KeyEvent, _cx: &mut Cx) -> bool {
        self.field.handle(key) != Typed::Ignored
    }

    fn paste(&mut self, text: &str, _cx: &mut Cx) -> bool {
        self.field.paste(text);
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let place = Rect {
            y: area.bottom().saturating_sub(3).max(area.y),
            height: area.height.min(3),
            ..area
        };
        let place = row(canvas.popup(&self.title, "", place), 0);
        let caret = canvas.field(&self.field, place);
        if self.field.text().is_empty() {
            let spans = vec![canvas.ctx.span(Role::Placeholder, self.hint)];
            canvas.line(place, spans);
        }
        Drawn {
            caret,
            ..Drawn::default()
        }
    }
}
