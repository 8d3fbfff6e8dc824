//! The numbers as an overlay: its commands, and what it does about news.

use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::Message;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::page::scrolled;
use crate::tui::state::{MOVES, State};

use super::draw;
use super::state::Numbers;

/// Opens the numbers by day.
pub fn open(cx: &mut Cx) {
    let numbers = Numbers::new(cx);
    cx.open(numbers);
}

impl Declare for Numbers {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Right], |numbers: &mut Self, _, cx| {
            numbers.add_up_by(numbers.by.next(), cx);
        })
        .called(|numbers, _| format!("by {}", numbers.by.next())),
        Command::on(&[Action::Left], |numbers: &mut Self, _, cx| {
            numbers.add_up_by(numbers.by.previous(), cx);
        })
        .called(|numbers, _| format!("by {}", numbers.by.previous())),
        Command::on(MOVES, |numbers: &mut Self, action, cx| {
            numbers.scroll = scrolled(numbers.scroll, action, cx);
        }),
    ];
}

impl Component for Numbers {
    fn context(&self) -> Context {
        Context::Numbers
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Right,
            Action::Left,
            Action::Leave,
            Action::Down,
            Action::Up,
        ]
    }

    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        match message {
            Message::NumbersRead(by, result) => {
                self.was_read(*by, result, cx);
                true
            }
            // Takes may have been saved, billed or judged.
            Message::Snapshot(Ok(_)) => {
                self.read(cx);
                false
            }
            _ => false,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        draw::draw(self, canvas, area, state)
    }
}
