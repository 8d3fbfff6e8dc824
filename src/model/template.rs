//! Finds variables, calls of snippets and escaped characters in a text. Its work grows in proportion to the length.

use std::borrow::Cow;
use std::ops::Range;

/// The longest name of a variable or snippet, in bytes.
const MAX_NAME: usize = 128;

/// A piece of a text, by its bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Node {
    /// Text that stands for itself.
    Text(Range<usize>),
    /// A backslash with the character that it makes literal.
    Escaped(Range<usize>),
    /// `{{name}}`
    Call { name: Range<usize>, span: Range<usize> },
    /// `{a|b}`
    Variable {
        name: Option<Range<usize>>,
        span: Range<usize>,
        /// Without the spaces around them.
        alternatives: Vec<Range<usize>>,
    },
}

/// The pieces of a whole text.
pub fn nodes(text: &str) -> Vec<Node> {
    pieces(text, 0..text.len(), false)
}

/// The pieces of one alternative of a variable.
pub fn nodes_of_alternative(text: &str, alternative: Range<usize>) -> Vec<Node> {
    pieces(text, alternative, true)
}

/// Whether nothing in the text could expand, whatever the snippets are.
pub fn is_plain(text: &str) -> bool {
    nodes(text).iter().all(|node| matches!(node, Node::Text(_)))
}

/// Whether a variable or snippet can have this name.
pub fn is_name(text: &str) -> bool {
    name(text) == Some(text.len())
}

/// Text that expands to `text`, whatever the snippets are; `text` itself where nothing in it could expand.
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if matches!(c, '{' | '}') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Cow::Owned(escaped)
}

fn pieces(text: &str, within: Range<usize>, in_variable: bool) -> Vec<Node> {
    let mut nodes = Vec::new();
    let (mut at, mut plain) = (within.start, within.start);
    while at < within.end {
        let node = match text.as_bytes().get(at) {
            Some(b'\\') => {
                let is_escape = is_escape(text, at, in_variable) && at + 1 < within.end;
                is_escape.then_some((Node::Escaped(at..at + 2), at + 2))
            }
            Some(b'{') => call(text, at)
                .or_else(|| variable(text, at).filter(|_| !in_variable))
                .filter(|(_, end)| *end <= within.end),
            _ => None,
        };
        match node {
            Some((node, end)) => {
                if plain < at {
                    nodes.push(Node::Text(plain..at));
                }
                nodes.push(node);
                (at, plain) = (end, end);
            }
            None => at += 1,
        }
    }
    if plain < within.end {
        nodes.push(Node::Text(plain..within.end));
    }
    nodes
}

/// Whether the backslash at `at` makes the next character literal. A bar outside of variables is literal anyway.
fn is_escape(text: &str, at: usize, in_variable: bool) -> bool {
    match text.as_bytes().get(at + 1) {
        Some(b'{' | b'}') => true,
        Some(b'|') => in_variable,
        _ => false,
    }
}

/// `{{name}}` and where it ends; spaces around the name are passed over.
fn call(text: &str, at: usize) -> Option<(Node, usize)> {
    let inside = at + 2;
    let rest = text.get(at..)?.strip_prefix("{{")?;
    let start = inside + blanks(rest);
    let name = start..start + name(text.get(start..)?)?;
    let rest = text.get(name.end..)?;
    let end = name.end + blanks(rest);
    let end = text.get(end..)?.starts_with("}}").then_some(end + 2)?;
    Some((Node::Call { name, span: at..end }, end))
}

/// A variable and where it ends. A brace within it that calls no snippet makes it text.
fn variable(text: &str, at: usize) -> Option<(Node, usize)> {
    let mut i = at + 1;
    let mut bars = Vec::new();
    loop {
        i = match text.as_bytes().get(i)? {
            b'\\' if is_escape(text, i, true) => i + 2,
            b'{' => call(text, i)?.1,
            b'}' => break,
            b'|' => {
                bars.push(i);
                i + 1
            }
            _ => i + 1,
        };
    }
    let first = *bars.first()?;
    let name = variable_name(text.get(at + 1..first)?).map(|name| at + 1 + name.start..at + 1 + name.end);
    // The equals sign follows the name, perhaps after spaces.
    let start = match &name {
        Some(name) => name.end + text.get(name.end..first)?.find('=')? + 1,
        None => at + 1,
    };
    let starts = std::iter::once(start).chain(bars.iter().map(|bar| bar + 1));
    let ends = bars.iter().copied().chain([i]);
    let alternatives = starts
        .zip(ends)
        .map(|(start, end)| trimmed(text, start..end))
        .collect();
    let span = at..i + 1;
    Some((
        Node::Variable {
            name,
            span: span.clone(),
            alternatives,
        },
        span.end,
    ))
}

/// The name before an equals sign at the beginning of the first alternative.
fn variable_name(first: &str) -> Option<Range<usize>> {
    let start = blanks(first);
    let end = start + name(first.get(start..)?)?;
    let rest = first.get(end..)?;
    rest.get(blanks(rest)..)?.starts_with('=').then_some(start..end)
}

/// The length of the name that a text begins with: letters, digits, `_` and `-`.
fn name(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let near = text.get(..text.floor_char_boundary(MAX_NAME + 4)).unwrap_or(text);
    let length = near.find(|c| !is_part(c)).unwrap_or(near.len());
    (1..=MAX_NAME).contains(&length).then_some(length)
}

/// How many spaces a text begins with, a few at most.
fn blanks(text: &str) -> usize {
    text.bytes().take(4).take_while(|byte| *byte == b' ').count()
}

/// The range without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}
