//! Variables and snippets in a prompt: `{red|black} coat`, `{coat=red|black}`, `{{name}}`.
//!
//! A variable is a brace with at least one bar. Variables of one name always take the same alternative; one without a
//! name is named by its place among the variables, `1`, `2` and so on. A snippet may hold variables and snippets. Every
//! other brace is text, and so is the call of a snippet that does not exist. `\{` and `\}` are braces, `\|` is a bar
//! within a variable.
//!
//! [`Template::read`] reads a prompt once, and [`Template::expand`] gives the text for one [`Choice`]. Text that was
//! written before variables existed must not pass here, or only as [`escape`] returns it.

use std::collections::BTreeMap;
use std::ops::Range;

mod choice;
mod expanded;
mod resolve;

pub use crate::model::template::escape;
pub use choice::{Choice, ChoiceError, Choices};
pub use expanded::{Expanded, Piece};

/// The snippets of a reel: name and text.
pub type Snippets = BTreeMap<String, String>;

/// How deep snippets may be nested.
pub const MAX_DEPTH: usize = 16;

/// How many bytes all inserted snippets may have together.
pub const MAX_SNIPPET_BYTES: usize = 1 << 20;

/// A prompt that was read.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
    /// What the text parts are made of.
    texts: String,
    variables: Vec<Variable>,
    is_plain: bool,
    /// Whether a variable stands within another one, by a snippet.
    is_nested: bool,
}

/// A variable, wherever it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// As written, or its place among the variables, from 1.
    pub name: String,
    pub is_named: bool,
    /// Two or more, without the spaces around them; one may be empty. Calls of snippets stand in them as written.
    pub alternatives: Vec<String>,
    /// The bytes of its first occurrence in the prompt; those of the snippet's call when it comes from a snippet.
    pub span: Range<usize>,
    /// The snippet that holds it.
    pub snippet: Option<String>,
}

/// A piece of the template, with its snippets inserted.
#[derive(Debug, Clone)]
enum Part {
    Text {
        /// The bytes of the template's texts.
        text: Range<usize>,
        /// The bytes of the prompt that they come from.
        source: Range<usize>,
        /// Whether they stand there in just this way.
        is_exact: bool,
        /// It is a character that was escaped.
        is_escaped: bool,
    },
    Pick {
        variable: usize,
        alternatives: Vec<Vec<Part>>,
    },
}

/// Why a prompt cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    #[error("the snippets {path} go round in a circle: remove one of these calls")]
    Cycle { path: String, span: Range<usize> },
    #[error(
        "the snippets {path} are nested more than {MAX_DEPTH} deep: insert the text of one of them instead"
    )]
    TooDeep { path: String, span: Range<usize> },
    #[error("the prompt becomes too long with snippet {snippet}: all inserted snippets may have {} KiB together", MAX_SNIPPET_BYTES >> 10)]
    TooLong { snippet: String, span: Range<usize> },
    #[error(
        "two variables are named {name} and have different alternatives: rename one, or give both the same alternatives"
    )]
    SameName { name: String, span: Range<usize> },
    #[error(
        "variable {name} offers {alternative:?} twice, which would be paid for twice: remove one, or write \\{{ where a brace is meant"
    )]
    Twice {
        name: String,
        alternative: String,
        span: Range<usize>,
    },
}

impl ExpandError {
    /// The bytes of the prompt to point at.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Cycle { span, .. }
            | Self::TooDeep { span, .. }
            | Self::TooLong { span, .. }
            | Self::SameName { span, .. }
            | Self::Twice { span, .. } => span.clone(),
        }
    }
}

impl Template {
    /// Reads a prompt. Only the snippets that it calls are looked at, and its length does not count against
    /// [`MAX_SNIPPET_BYTES`].
    ///
    /// # Errors
    /// [`ExpandError`]; nothing of the prompt can be expanded then.
    pub fn read(prompt: &str, snippets: &Snippets) -> Result<Self, ExpandError> {
        resolve::template(prompt, snippets)
    }

    /// Every variable once, in the order of first occurrence.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Whether it has no variables, snippets or escaped braces: it expands to itself.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The text for this choice. A variable without a choice takes its first alternative, and one whose choice is too
    /// high takes its last.
    pub fn expand(&self, choice: &Choice) -> Expanded {
        let mut expanded = Expanded::default();
        self.put(&self.parts, choice, &mut expanded);
        expanded
    }

    fn put(&self, parts: &[Part], choice: &Choice, expanded: &mut Expanded) {
        for part in parts {
            match part {
                Part::Text {
                    text,
                    source,
                    is_exact,
                    is_escaped,
                } => {
                    expanded.escaped.extend(is_escaped.then_some(expanded.text.len()));
                    let text = self.texts.get(text.clone()).unwrap_or_default();
                    expanded.push(text, source.clone(), *is_exact);
                }
                Part::Pick {
                    variable,
                    alternatives,
                } => {
                    if let Some(parts) = alternatives.get(self.picked(*variable, choice)) {
                        self.put(parts, choice, expanded);
                    }
                }
            }
        }
    }

    /// Which alternative the variable takes.
    fn picked(&self, variable: usize, choice: &Choice) -> usize {
        let alternatives = self
            .variables
            .get(variable)
            .map_or(0, |variable| variable.alternatives.len());
        choice.get(variable).min(alternatives.saturating_sub(1))
    }
}

#[cfg(test)]
#[path = "expand_tests.rs"]
mod tests;
