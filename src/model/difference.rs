//! What differs between two forms or requests: the prompt, the parameters, the references one by one, and the seed.
//!
//! [`prompts`] compares two prompts word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::form::Form;
use super::parameters::{Parameter, TABLE};
use super::seeds::SeedList;
use super::text::one_line;

mod words;

pub use words::{Change, Span, first_difference_words, prompts, shortened};

/// The most characters of a prompt's words where parameters follow.
const MAX_SHORT_WORDS: usize = 40;

/// A parameter that has another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    pub parameter: Parameter,
    /// The name of its row in the workbench.
    pub label: &'static str,
    /// In words, as the workbench shows them.
    pub old: String,
    pub new: String,
}

/// A reference that was added, removed or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceChange {
    pub parameter: Parameter,
    /// `First frame`, or the kind and the number of an item: `Images 2`. The number is the new one, or the old one of what
    /// was removed.
    pub label: String,
    /// A file or URL; `None` for one that was added.
    pub old: Option<String>,
    /// A file or URL; `None` for one that was removed.
    pub new: Option<String>,
}

/// Everything that differs between two forms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Whether the prompts differ; [`prompts`] says where.
    pub prompt: bool,
    /// In the order of the table.
    pub parameters: Vec<ValueChange>,
    pub references: Vec<ReferenceChange>,
    /// The seeds, or lists of seeds, if they differ.
    pub seed: Option<(String, String)>,
}

impl Differences {
    /// What differs between two forms.
    pub fn of_forms(old: &Form, new: &Form) -> Self {
        let values = TABLE.iter().map(|entry| entry.id).filter(|id| is_value(*id));
        let references = TABLE.iter().map(|entry| entry.id).filter(|id| id.is_reference());
        let (old_seeds, new_seeds) = (seeds(old), seeds(new));
        Self {
            prompt: old.prompt != new.prompt,
            parameters: values.filter_map(|id| value_change(id, old, new)).collect(),
            references: references
                .flat_map(|id| reference_changes(id, old, new))
                .collect(),
            seed: (old_seeds != new_seeds).then_some((old_seeds, new_seeds)),
        }
    }

    /// How many of these four differ: prompt, parameters, references and seed. When there are several, nobody can tell
    /// which of them made two clips differ.
    pub fn changed_things(&self) -> usize {
        self.things().iter().filter(|(_, is_changed)| *is_changed).count()
    }

    /// What differs between two forms on one line of at most `most` characters: the first words of the prompt, then
    /// parameters, references and seeds. Empty when nothing does.
    pub fn in_short(old: &Form, new: &Form, most: usize) -> String {
        let differences = Self::of_forms(old, new);
        let words = first_difference_words(&old.prompt, &new.prompt, MAX_SHORT_WORDS);
        let mut parts = vec![words];
        let changed = |label: &str, old: &str, new: &str| {
            let label = label.to_lowercase();
            match (old, new) {
                ("", new) => format!("{label} {new}"),
                (_, "") => format!("no {label}"),
                (old, new) => format!("{label} {old} → {new}"),
            }
        };
        let parameters = differences.parameters.iter();
        parts.extend(parameters.map(|change| changed(change.label, &change.old, &change.new)));
        let or_none = |reference: &Option<String>| reference.clone().unwrap_or_default();
        let references = differences.references.iter();
        parts.extend(
            references.map(|change| changed(&change.label, &or_none(&change.old), &or_none(&change.new))),
        );
        parts.extend(differences.seed.map(|(old, new)| changed("seeds", &old, &new)));
        parts.retain(|part| !part.is_empty());
        one_line(&parts.join(", "), most)
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.changed_things() == 0
    }

    /// The words for a badge when more than one thing changed: `2 things changed: prompt and seed`.
    pub fn badge(&self) -> Option<String> {
        let things = self.things();
        let names: Vec<&str> = things
            .iter()
            .filter(|thing| thing.1)
            .map(|thing| thing.0)
            .collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => Some(format!(
                "{} things changed: {} and {last}",
                names.len(),
                rest.join(", ")
            )),
            _ => None,
        }
    }

    fn things(&self) -> [(&'static str, bool); 4] {
        [
            ("prompt", self.prompt),
            ("parameters", !self.parameters.is_empty()),
            ("references", !self.references.is_empty()),
            ("seed", self.seed.is_some()),
        ]
    }
}

/// Whether it is compared as one value: everything but the prompt, the seed and the references.
fn is_value(id: Parameter) -> bool {
    !id.is_reference() && !matches!(id, Parameter::Prompt | Parameter::Seeds)
}

/// The seed field; lists that mean the same are equal however they are typed.
fn seeds(form: &Form) -> String {
    let list = form.seeds.parse::<SeedList>();
    list.map_or_else(|_| form.seeds.trim().to_owned(), |list| list.to_string())
}

fn value_change(parameter: Parameter, old: &Form, new: &Form) -> Option<ValueChange> {
    (parameter.json(old) != parameter.json(new)).then(|| ValueChange {
        parameter,
        label: parameter.label(),
        old: parameter.shown(old),
        new: parameter.shown(new),
    })
}

fn reference_changes(parameter: Parameter, old: &Form, new: &Form) -> Vec<ReferenceChange> {
    if parameter.medium().is_some() {
        return item_changes(parameter, parameter.items(old), parameter.items(new));
    }
    let (old, new) = (parameter.shown(old), parameter.shown(new));
    if old == new {
        return Vec::new();
    }
    let set = |frame: String| (!frame.is_empty()).then_some(frame);
    vec![ReferenceChange {
        parameter,
        label: parameter.label().to_owned(),
        old: set(old),
        new: set(new),
    }]
}

/// What was added to a list, removed from it or replaced in it. Items that only moved up or down are equal.
fn item_changes(parameter: Parameter, old: &[String], new: &[String]) -> Vec<ReferenceChange> {
    let change = |number: usize, old: Option<&String>, new: Option<&String>| ReferenceChange {
        parameter,
        label: format!("{} {}", parameter.label(), number + 1),
        old: old.cloned(),
        new: new.cloned(),
    };
    let mut changes = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (was, is) = (op.old_range(), op.new_range());
        for place in 0..was.len().max(is.len()) {
            let (from, to) = (was.start + place, is.start + place);
            let removed = old.get(from).filter(|_| from < was.end);
            let added = new.get(to).filter(|_| to < is.end);
            let number = if added.is_some() { to } else { from };
            changes.push(change(number, removed, added));
        }
    }
    changes
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
