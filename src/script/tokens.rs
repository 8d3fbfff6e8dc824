//! Splits a text into labels and time expressions.

use std::ops::Range;

use super::shot_label::{Label, label};
use super::source::{Source, is_colon};
use super::time_expression::{Time, Unit, range, time};

/// A part of a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Label(Label),
    Time(Time),
}

impl Token {
    pub(super) fn span(&self) -> &Range<usize> {
        match self {
            Self::Label(label) => &label.span,
            Self::Time(time) => &time.span,
        }
    }
}

/// Every token of the text, in order and without overlap.
pub(super) fn tokens(source: &Source) -> Vec<Token> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < source.text.len() {
        let token = label(source, i)
            .map(Token::Label)
            .or_else(|| time(source, i).map(Token::Time))
            .or_else(|| range_after_label(source, i, found.last()).map(Token::Time));
        i = token
            .as_ref()
            .map_or_else(|| source.after(i), |token| token.span().end);
        found.extend(token);
    }
    found
}

/// The range that follows a label's colon without a space: `Shot 1:0-6s`, which is no clock.
fn range_after_label(source: &Source, i: usize, last: Option<&Token>) -> Option<Time> {
    let Some(Token::Label(label)) = last else {
        return None;
    };
    let colon = source.eat(label.span.end, is_colon)?;
    range(source, i).filter(|time| colon == i && time.unit != Unit::Bare)
}
