//! Choices: which alternative each variable takes, and every choice that there is.

use super::{Part, Template};

/// When variables stand within others, no more choices than this are counted.
const MAX_COUNTED: u64 = 1000;

/// Which alternative each variable takes. The default takes every first one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Choice(Vec<usize>);

/// Why a variable cannot take an alternative.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    #[error("the prompt has no variables: write one, such as {{red|black}}")]
    NoVariables,
    #[error("the prompt has no variable {given:?}, it has {known}: `{{coat=red|black}}` names one")]
    UnknownVariable { given: String, known: String },
    #[error("variable {variable} has no alternative {given:?}: it has {known}")]
    UnknownAlternative {
        variable: String,
        given: String,
        known: String,
    },
}

impl Choice {
    /// The alternative of this variable, both counted from 0 in the order of [`Template::variables`].
    pub fn get(&self, variable: usize) -> usize {
        self.0.get(variable).copied().unwrap_or(0)
    }

    /// The same choice with another alternative for one variable.
    pub fn with(mut self, variable: usize, alternative: usize) -> Self {
        if self.0.len() <= variable {
            self.0.resize(variable + 1, 0);
        }
        if let Some(chosen) = self.0.get_mut(variable) {
            *chosen = alternative;
        }
        // Equal choices look equal: the first alternative is left out at the end.
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

impl Template {
    /// `choice` with the named alternative for the named variable.
    ///
    /// # Errors
    /// [`ChoiceError`] with the variables or alternatives that there are.
    pub fn choose(&self, choice: Choice, variable: &str, alternative: &str) -> Result<Choice, ChoiceError> {
        let list = |all: Vec<&str>| all.join(", ");
        if self.variables().is_empty() {
            return Err(ChoiceError::NoVariables);
        }
        let mut all = self.variables().iter().enumerate();
        let Some((number, found)) = all.find(|(_, known)| known.name == variable) else {
            let names = self.variables().iter().map(|known| known.name.as_str());
            return Err(ChoiceError::UnknownVariable {
                given: variable.to_owned(),
                known: list(names.collect()),
            });
        };
        let at = found
            .alternatives
            .iter()
            .position(|known| known == alternative.trim());
        let at = at.ok_or_else(|| ChoiceError::UnknownAlternative {
            variable: variable.to_owned(),
            given: alternative.to_owned(),
            known: list(found.alternatives.iter().map(String::as_str).collect()),
        })?;
        Ok(choice.with(number, at))
    }

    /// Name and alternative of every variable that the text for this choice depends on.
    pub fn chosen(&self, choice: &Choice) -> Vec<(&str, &str)> {
        let known = |number: &usize| {
            let variable = self.variables().get(*number)?;
            let alternative = variable.alternatives.get(self.picked(*number, choice))?;
            Some((variable.name.as_str(), alternative.as_str()))
        };
        self.met(choice).iter().filter_map(known).collect()
    }

    /// How many choices [`Self::choices`] gives; `None` when they cannot be counted: they are more than a 64-bit number
    /// holds, or more than a thousand with variables that stand within others.
    pub fn combinations(&self) -> Option<u64> {
        if !self.is_nested {
            let counts = self
                .variables()
                .iter()
                .map(|variable| variable.alternatives.len() as u64);
            return counts.into_iter().try_fold(1_u64, u64::checked_mul);
        }
        let mut counted = 0;
        for _ in self.choices() {
            counted += 1;
            if counted > MAX_COUNTED {
                return None;
            }
        }
        Some(counted)
    }

    /// Every choice, the first variable slowest. A variable within an alternative that is not taken keeps its first
    /// alternative, so that no text comes twice.
    pub fn choices(&self) -> Choices<'_> {
        Choices {
            template: self,
            next: Some(Choice::default()),
        }
    }

    /// The variables that are met on the way through the text for this choice, each once.
    fn met(&self, choice: &Choice) -> Vec<usize> {
        let mut met = Vec::new();
        let mut is_met = vec![false; self.variables().len()];
        self.meet(&self.parts, choice, &mut met, &mut is_met);
        met
    }

    fn meet(&self, parts: &[Part], choice: &Choice, met: &mut Vec<usize>, is_met: &mut [bool]) {
        for part in parts {
            let Part::Pick {
                variable,
                alternatives,
            } = part
            else {
                continue;
            };
            if let Some(is_met) = is_met.get_mut(*variable)
                && !std::mem::replace(is_met, true)
            {
                met.push(*variable);
            }
            if let Some(parts) = alternatives.get(self.picked(*variable, choice)) {
                self.meet(parts, choice, met, is_met);
            }
        }
    }
}

/// Every choice of a template, in order.
pub struct Choices<'t> {
    template: &'t Template,
    next: Option<Choice>,
}

impl Iterator for Choices<'_> {
    type Item = Choice;

    fn next(&mut self) -> Option<Choice> {
        let choice = self.next.take()?;
        let met = self.template.met(&choice);
        let has_more = |variable: &usize| {
            let variables = self.template.variables();
            variables
                .get(*variable)
                .is_some_and(|known| choice.get(*variable) + 1 < known.alternatives.len())
        };
        // The last variable that can go on does; those before it stay, and all others begin again.
        if let Some(place) = met.iter().rposition(has_more) {
            let kept = met.iter().take(place);
            let next = kept.fold(Choice::default(), |next, variable| {
                next.with(*variable, choice.get(*variable))
            });
            self.next = met
                .get(place)
                .map(|variable| next.with(*variable, choice.get(*variable) + 1));
        }
        Some(choice)
    }
}
