//! Reads the values of a program: literals, names of literals, and a few calls that give their argument back.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::json_value::{computed, constant, size};
use super::tokens::Token;
use crate::model::foreign::MAX_BYTES;

/// How deep values may be nested.
const MAX_DEPTH: usize = 32;

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) listed: Vec<Value>,
    pub(super) named: Map<String, Value>,
}

/// The tokens of a program and what its names stand for.
pub(super) struct Values<'t> {
    tokens: &'t [Token],
    /// For each opening bracket, where its closing one stands.
    closing: Vec<Option<usize>>,
    assigned: BTreeMap<String, Value>,
    /// The names in the order in which they were first assigned.
    order: Vec<String>,
    /// How many bytes may still be copied where a name stands for a value.
    may_copy: usize,
}

impl<'t> Values<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        let mut closing = vec![None; tokens.len()];
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Mark('(' | '[' | '{') => open.push(at),
                Token::Mark(')' | ']' | '}') => {
                    if let Some(closed) = open.pop().and_then(|opened: usize| closing.get_mut(opened)) {
                        *closed = Some(at);
                    }
                }
                _ => {}
            }
        }
        Self {
            tokens,
            closing,
            assigned: BTreeMap::new(),
            order: Vec::new(),
            may_copy: MAX_BYTES,
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: Value) {
        if self.assigned.insert(name.to_owned(), value).is_none() {
            self.order.push(name.to_owned());
        }
    }

    /// `name["field"] = value`
    pub(super) fn assign_field(&mut self, name: &str, field: &str, value: Option<Value>) {
        if let Some(Value::Object(fields)) = self.assigned.get_mut(name) {
            fields.insert(field.to_owned(), value.unwrap_or_else(computed));
        }
    }

    /// The text that the name stands for.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.assigned.get(name)?.as_str()
    }

    /// Every dictionary that was assigned.
    pub(super) fn objects(&self) -> Vec<&Map<String, Value>> {
        let values = self.order.iter().filter_map(|name| self.assigned.get(name));
        values.filter_map(Value::as_object).collect()
    }

    fn token(&self, at: usize) -> Option<&'t Token> {
        self.tokens.get(at)
    }

    fn is_mark(&self, at: usize, mark: char) -> bool {
        self.token(at) == Some(&Token::Mark(mark))
    }

    /// The value that begins at `at`, and the place behind it; `None` for one that is computed.
    pub(super) fn value(&mut self, at: usize) -> Option<(Value, usize)> {
        self.nested(at, 0)
    }

    /// The arguments of the call whose bracket opens at `at`.
    pub(super) fn arguments(&mut self, at: usize) -> Arguments {
        self.arguments_within(at, 0)
    }

    fn arguments_within(&mut self, at: usize, depth: usize) -> Arguments {
        let mut arguments = Arguments::default();
        self.items(at, depth, |values, at| {
            if let (Some(Token::Name(name)), true) = (values.token(at), values.is_mark(at + 1, '=')) {
                let (value, end) = values.element(at + 2, depth);
                arguments.named.insert(name.clone(), value);
                return end;
            }
            let (value, end) = values.element(at, depth);
            arguments.listed.push(value);
            end
        });
        arguments
    }

    fn nested(&mut self, at: usize, depth: usize) -> Option<(Value, usize)> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (value, end) = match self.token(at)? {
            Token::Text(_) => self.text_at(at),
            Token::Number(digits) => (serde_json::from_str(digits).ok()?, at + 1),
            Token::Mark('-') => match self.token(at + 1)? {
                Token::Number(digits) => (serde_json::from_str(&format!("-{digits}")).ok()?, at + 2),
                _ => return None,
            },
            Token::Mark('[') => self.list(at, depth)?,
            Token::Mark('{') => self.dictionary(at, depth)?,
            Token::Mark('(') => match self.list(at, depth)? {
                // Brackets around one value without a comma are no tuple.
                (Value::Array(mut items), end) if items.len() == 1 && !self.is_mark(end - 2, ',') => {
                    (items.pop()?, end)
                }
                tuple => tuple,
            },
            Token::Name(name) => self.named(name, at, depth)?,
            Token::Mark(_) | Token::Line | Token::Computed => return None,
        };
        let end = self.without_strip(end);
        // A value ends where nothing can be computed with it.
        let is_whole = matches!(
            self.token(end),
            None | Some(Token::Line | Token::Mark(',' | ')' | ']' | '}' | ':' | ';'))
        );
        is_whole.then_some((value, end))
    }

    /// Texts that stand one after the other, or with a plus sign between them, are one.
    fn text_at(&self, mut at: usize) -> (Value, usize) {
        let mut all = String::new();
        while let Some(Token::Text(text)) = self.token(at) {
            all.push_str(text);
            at += 1;
            if self.is_mark(at, '+') && matches!(self.token(at + 1), Some(Token::Text(_))) {
                at += 1;
            }
        }
        (all.into(), at)
    }

    /// Past `.strip()`, which changes nothing that matters.
    fn without_strip(&self, at: usize) -> usize {
        let is_strip = self.is_mark(at, '.')
            && matches!(self.token(at + 1), Some(Token::Name(name)) if name == "strip")
            && self.is_mark(at + 2, '(')
            && self.is_mark(at + 3, ')');
        if is_strip { at + 4 } else { at }
    }

    /// A constant, a name that was assigned before, or a call that gives its argument back.
    fn named(&mut self, name: &str, at: usize, depth: usize) -> Option<(Value, usize)> {
        if let Some(constant) = constant(name) {
            return Some((constant, at + 1));
        }
        // `json.dumps`, `textwrap.dedent`
        let (mut name, mut at) = (name, at);
        while let (true, Some(Token::Name(method))) = (self.is_mark(at + 1, '.'), self.token(at + 2)) {
            (name, at) = (method, at + 2);
        }
        if self.is_mark(at + 1, '(') {
            if name == "dict" {
                let end = self.closing.get(at + 1).copied().flatten()?;
                let fields = self.arguments_within(at + 1, depth).named;
                return Some((Value::Object(fields), end + 1));
            }
            let gives_back = matches!(name, "dumps" | "dedent" | "str" | "strip") || name.contains("url_to");
            let end = self
                .closing
                .get(at + 1)
                .copied()
                .flatten()
                .filter(|_| gives_back)?;
            let (value, _) = self.nested(at + 2, depth + 1)?;
            return Some((value, end + 1));
        }
        let value = self.assigned.get(name)?;
        let size = size(value, self.may_copy)?;
        self.may_copy -= size;
        Some((value.clone(), at + 1))
    }

    /// The value of an item, or that it is computed; and where the item ends.
    fn element(&mut self, at: usize, depth: usize) -> (Value, usize) {
        if let Some(found) = self.nested(at, depth + 1) {
            return found;
        }
        let mut end = at;
        while let Some(token) = self.token(end) {
            match token {
                Token::Mark(',' | ')' | ']' | '}') => break,
                Token::Mark('(' | '[' | '{') => {
                    end = self
                        .closing
                        .get(end)
                        .copied()
                        .flatten()
                        .unwrap_or(self.tokens.len());
                }
                _ => {}
            }
            end += 1;
        }
        (computed(), end)
    }

    /// Reads what stands between the bracket at `at` and its closing one, item by item. Returns the place behind it;
    /// `None` when the bracket is never closed.
    fn items(
        &mut self,
        at: usize,
        depth: usize,
        mut item: impl FnMut(&mut Self, usize) -> usize,
    ) -> Option<usize> {
        let close = self
            .closing
            .get(at)
            .copied()
            .flatten()
            .filter(|_| depth <= MAX_DEPTH)?;
        let mut at = at + 1;
        while at < close {
            at = item(self, at).max(at + 1);
            while at < close && !self.is_mark(at, ',') {
                at += 1;
            }
            at += 1;
        }
        Some(close + 1)
    }

    fn list(&mut self, at: usize, depth: usize) -> Option<(Value, usize)> {
        let mut all = Vec::new();
        let end = self.items(at, depth, |values, at| {
            let (value, end) = values.element(at, depth);
            all.push(value);
            end
        })?;
        Some((Value::Array(all), end))
    }

    fn dictionary(&mut self, at: usize, depth: usize) -> Option<(Value, usize)> {
        let mut fields = Map::new();
        let end = self.items(at, depth, |values, at| match values.token(at) {
            Some(Token::Text(name) | Token::Name(name)) if values.is_mark(at + 1, ':') => {
                let (value, end) = values.element(at + 2, depth);
                fields.insert(name.clone(), value);
                end
            }
            _ => {
                let (_, end) = values.element(at, depth);
                fields.insert("**".to_owned(), computed());
                end
            }
        })?;
        Some((Value::Object(fields), end))
    }
}
