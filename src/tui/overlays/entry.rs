//! A line of text to type: a note, the shots of a new script, a maximum price.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, Drawn, rows};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::text::{row, wrap};

type Then = Box<dyn FnOnce(&str, &mut Cx)>;
type Check = fn(&str, &State) -> Possible;

/// Lines of what is wrong with the text.
const MISTAKE_LINES: usize = 2;

pub struct Entry {
    title: String,
    /// Shown in the empty field.
    hint: &'static str,
    field: TextField,
    check: Option<Check>,
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
            check: None,
            then: Some(Box::new(then)),
        }
    }

    /// Stays open, and says what is wrong, while `check` does not accept the text.
    pub fn checked(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    fn is_blank(&self) -> bool {
        self.field.text().trim().is_empty()
    }

    fn can_be_accepted(&self, state: &State) -> Possible {
        self.check.map_or(Ok(()), |check| check(self.field.text(), state))
    }
}

impl Declare for Entry {
    const COMMANDS: &'static [Command<Self>] =
        &[Command::on(&[Action::Accept], |entry: &mut Self, _, cx| {
            cx.close();
            if let Some(then) = entry.then.take() {
                then(entry.field.text(), cx);
            }
        })
        .when(|entry, _, state| {
            // What is wrong with a text is said under it.
            let told = |why| {
                if entry.is_blank() {
                    why
                } else {
                    "correct the text first".to_owned()
                }
            };
            entry.can_be_accepted(state).map_err(told)
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

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let wrong = self.can_be_accepted(state).err();
        let wrong = wrong.filter(|_| !self.is_blank());
        let wrong = wrong.map_or_else(Vec::new, |why| {
            let columns = usize::from(area.width.saturating_sub(4));
            wrap(&why, columns, MISTAKE_LINES, canvas.ctx.glyphs.ellipsis)
        });
        let height = area.height.min(rows(wrong.len() + 3));
        let place = Rect {
            y: area.bottom() - height,
            height,
            ..area
        };
        let inner = canvas.popup(&self.title, "", place);
        for (at, line) in wrong.into_iter().enumerate() {
            canvas.text(row(inner, 1 + at), Role::Error, line);
        }
        let place = row(inner, 0);
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
