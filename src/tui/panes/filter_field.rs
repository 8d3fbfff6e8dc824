//! The field in which the log's filter is typed: what of it is applied, the mistake or the help under it, completion.

use ratatui::layout::{Position, Rect};

use crate::model::filter::{self, Mistake, Query};
use crate::tui::canvas::Canvas;
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::text::{row, wrap};

pub struct FilterField {
    field: TextField,
    /// The filter that was there before.
    before: String,
    /// What is wrong with the line: then the last line without a mistake stays applied.
    mistake: Option<Mistake>,
    completing: Option<Completing>,
}

/// A completion that the same key can go on with.
struct Completing {
    candidates: Vec<String>,
    at: usize,
    /// The field as the completion left it.
    text: String,
    caret: usize,
}

impl FilterField {
    /// A field that begins with the filter that is applied.
    pub fn new(applied: &str) -> Self {
        Self {
            field: TextField::prefilled(applied),
            before: applied.to_owned(),
            mistake: None,
            completing: None,
        }
    }

    /// The filter that was applied before.
    pub fn before(&self) -> &str {
        &self.before
    }

    /// Whether the line can be left as it is.
    pub const fn can_be_read(&self) -> bool {
        self.mistake.is_none()
    }

    /// Changes the field. Returns what that did, and the line to apply if it is a new one without a mistake.
    pub fn change(&mut self, change: impl FnOnce(&mut TextField) -> Typed) -> (Typed, Option<&str>) {
        let typed = change(&mut self.field);
        if typed != Typed::Changed {
            return (typed, None);
        }
        self.mistake = Query::read(self.field.text()).err();
        (typed, self.mistake.is_none().then(|| self.field.text()))
    }

    /// Completes the word before the caret, or goes on to the next candidate; `by` is 1, or -1 to go back.
    pub fn complete(&mut self, by: isize) -> Option<&str> {
        let (text, caret) = (self.field.text(), self.field.caret());
        let goes_on = self
            .completing
            .take()
            .filter(|state| state.text == text && state.caret == caret && state.candidates.len() > 1);
        let (mut state, put) = if let Some(mut state) = goes_on {
            let count = state.candidates.len();
            let put = state.candidates[state.at].len();
            state.at = (state.at + count).saturating_add_signed(by) % count;
            (state, put)
        } else {
            let found = filter::complete(text, caret)?;
            let state = Completing {
                candidates: found.candidates,
                at: 0,
                text: String::new(),
                caret: 0,
            };
            (state, found.span.len())
        };
        let (_, applied) = self.change(|field| field.replace_before_caret(put, &state.candidates[state.at]));
        let applied = applied.is_some();
        (state.text, state.caret) = (self.field.text().to_owned(), self.field.caret());
        self.completing = Some(state);
        applied.then(|| self.field.text())
    }

    /// Draws the field on the first row of the area and what belongs under it; returns how many rows are used, and the
    /// place of the caret.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> (u16, Option<Position>) {
        let ctx = canvas.ctx;
        if area.height == 0 {
            return (0, None);
        }
        canvas.text(row(area, 0), Role::Match, "/");
        let place = Rect {
            x: area.x + 1.min(area.width),
            width: area.width.saturating_sub(1),
            height: 1,
            ..area
        };
        let (style, selection) = (ctx.style(Role::Match), ctx.style(Role::Selection));
        let wrong = self.mistake.as_ref();
        let wrong = wrong.map(|mistake| (mistake.span.clone(), ctx.style(Role::Error)));
        let caret = self
            .field
            .draw_marked(canvas.buffer, place, (style, selection), wrong);
        let mut used = 1;
        if let Some((role, text)) = self.below() {
            let most = usize::from(area.height - 1);
            for line in wrap(&text, usize::from(area.width), most, ctx.glyphs.ellipsis) {
                canvas.text(row(area, usize::from(used)), role, line);
                used += 1;
            }
        }
        (used, caret)
    }

    /// The candidates, the mistake, or the keys when nothing is typed.
    fn below(&self) -> Option<(Role, String)> {
        let text = self.field.text();
        let completing = self.completing.as_ref();
        if let Some(state) = completing.filter(|state| state.text == text && state.candidates.len() > 1) {
            return Some((Role::Dim, listed(state)));
        }
        if let Some(mistake) = &self.mistake {
            return Some((Role::Error, mistake.to_string()));
        }
        filter::help(text).map(|help| (Role::Dim, help))
    }
}

/// `waiting [submitting] unknown`.
fn listed(state: &Completing) -> String {
    let candidates = state.candidates.iter().enumerate();
    let words: Vec<String> = candidates
        .map(|(at, word)| {
            if at == state.at {
                format!("[{word}]")
            } else {
                word.clone()
            }
        })
        .collect();
    words.join(" ")
}
