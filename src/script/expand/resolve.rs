//! Makes a template of a prompt: inserts the snippets and finds out which variables are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{ExpandError, MAX_DEPTH, MAX_SNIPPET_BYTES, Part, Snippets, Template, Variable};
use crate::model::template::{Node, nodes, nodes_of_alternative};

pub(super) fn template(prompt: &str, snippets: &Snippets) -> Result<Template, ExpandError> {
    let mut reader = Reader {
        snippets,
        texts: String::with_capacity(prompt.len()),
        variables: Vec::new(),
        by_name: BTreeMap::new(),
        path: Vec::new(),
        inserted: 0,
        picks: 0,
        is_plain: true,
        is_nested: false,
    };
    let parts = reader.parts(
        &nodes(prompt),
        &Text {
            text: prompt,
            call: None,
        },
    )?;
    Ok(Template {
        parts,
        texts: reader.texts,
        variables: reader.variables,
        is_plain: reader.is_plain,
        is_nested: reader.is_nested,
    })
}

/// The text being read.
struct Text<'t> {
    text: &'t str,
    /// For a snippet the call in the prompt that it was inserted by.
    call: Option<Range<usize>>,
}

impl Text<'_> {
    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Where these bytes come from in the prompt.
    fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.call.clone().unwrap_or_else(|| range.clone())
    }
}

struct Reader<'s> {
    snippets: &'s Snippets,
    texts: String,
    variables: Vec<Variable>,
    by_name: BTreeMap<String, usize>,
    /// The snippets being inserted, the outermost first.
    path: Vec<&'s str>,
    /// How many bytes of snippets were inserted.
    inserted: usize,
    /// How many variables are being read, one within another.
    picks: usize,
    is_plain: bool,
    is_nested: bool,
}

impl Reader<'_> {
    fn parts(&mut self, nodes: &[Node], text: &Text) -> Result<Vec<Part>, ExpandError> {
        let mut parts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Text(range) => parts.push(self.text(text, range, range)),
                Node::Escaped(range) => {
                    self.is_plain = false;
                    parts.push(self.text(text, &(range.end - 1..range.end), range));
                }
                Node::Call { name, span } => self.call(text, name, span, &mut parts)?,
                Node::Variable {
                    name,
                    span,
                    alternatives,
                } => {
                    self.is_plain = false;
                    parts.push(self.pick(text, name.as_ref(), span, alternatives)?);
                }
            }
        }
        Ok(parts)
    }

    /// These bytes as a part that stands for the bytes of `source`.
    fn text(&mut self, text: &Text, bytes: &Range<usize>, source: &Range<usize>) -> Part {
        let start = self.texts.len();
        self.texts.push_str(text.slice(bytes));
        Part::Text {
            text: start..self.texts.len(),
            source: text.source(source),
            is_exact: text.call.is_none() && bytes == source,
            is_escaped: bytes != source,
        }
    }

    /// Inserts a snippet; the call of one that does not exist is text.
    fn call(
        &mut self,
        text: &Text,
        name: &Range<usize>,
        span: &Range<usize>,
        parts: &mut Vec<Part>,
    ) -> Result<(), ExpandError> {
        let Some((name, snippet)) = self.snippets.get_key_value(text.slice(name)) else {
            parts.push(self.text(text, span, span));
            return Ok(());
        };
        self.is_plain = false;
        let source = text.source(span);
        if let Some(first) = self.path.iter().position(|outer| outer == name) {
            return Err(ExpandError::Cycle {
                path: self.path_to(name, first),
                span: source,
            });
        }
        if self.path.len() >= MAX_DEPTH {
            return Err(ExpandError::TooDeep {
                path: self.path_to(name, 0),
                span: source,
            });
        }
        self.inserted = self.inserted.saturating_add(snippet.len());
        if self.inserted > MAX_SNIPPET_BYTES {
            return Err(ExpandError::TooLong {
                snippet: name.clone(),
                span: source,
            });
        }
        self.path.push(name);
        let inner = Text {
            text: snippet,
            call: Some(source),
        };
        parts.append(&mut self.parts(&nodes(snippet), &inner)?);
        self.path.pop();
        Ok(())
    }

    /// `a → b → a`
    fn path_to(&self, name: &str, first: usize) -> String {
        let outer = self.path.iter().skip(first).copied();
        outer.chain([name]).collect::<Vec<_>>().join(" → ")
    }

    fn pick(
        &mut self,
        text: &Text,
        name: Option<&Range<usize>>,
        span: &Range<usize>,
        alternatives: &[Range<usize>],
    ) -> Result<Part, ExpandError> {
        let variable = self.variable(text, name, span, alternatives)?;
        self.is_nested |= self.picks > 0;
        self.picks += 1;
        let parts = alternatives.iter().map(|alternative| {
            let nodes = nodes_of_alternative(text.text, alternative.clone());
            self.parts(&nodes, text)
        });
        let alternatives = parts.collect::<Result<Vec<_>, _>>()?;
        self.picks -= 1;
        Ok(Part::Pick {
            variable,
            alternatives,
        })
    }

    /// The number of the variable, which is new unless one of this name was there before.
    fn variable(
        &mut self,
        text: &Text,
        name: Option<&Range<usize>>,
        span: &Range<usize>,
        alternatives: &[Range<usize>],
    ) -> Result<usize, ExpandError> {
        let number = self.variables.len();
        let source = text.source(span);
        let is_named = name.is_some();
        let name = name.map_or_else(|| (number + 1).to_string(), |name| text.slice(name).to_owned());
        let alternatives: Vec<String> = alternatives
            .iter()
            .map(|alternative| shown(text.text, alternative))
            .collect();
        if let Some(known) = self.by_name.get(&name).copied() {
            let is_same = self
                .variables
                .get(known)
                .is_some_and(|known| is_named && known.is_named && known.alternatives == alternatives);
            return if is_same {
                Ok(known)
            } else {
                Err(ExpandError::SameName { name, span: source })
            };
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = alternatives.iter().find(|alternative| !seen.insert(*alternative)) {
            return Err(ExpandError::Twice {
                name,
                alternative: twice.clone(),
                span: source,
            });
        }
        self.by_name.insert(name.clone(), number);
        self.variables.push(Variable {
            name,
            is_named,
            alternatives,
            span: source,
            snippet: self.path.last().map(|name| (*name).to_owned()),
        });
        Ok(number)
    }
}

/// An alternative as it is shown: without backslashes, with its calls as written.
fn shown(text: &str, alternative: &Range<usize>) -> String {
    let mut shown = String::with_capacity(alternative.len());
    for node in nodes_of_alternative(text, alternative.clone()) {
        let range = match node {
            Node::Text(range) => range,
            Node::Escaped(range) => range.end - 1..range.end,
            Node::Call { span, .. } | Node::Variable { span, .. } => span,
        };
        shown.push_str(text.get(range).unwrap_or_default());
    }
    shown
}
