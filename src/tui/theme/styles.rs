//! The styles of roles, as a theme file or a built-in theme sets them.

use std::path::Path;

use ratatui::style::{Modifier, Style};

use super::builtin;
use super::color::{ColorDepth, Paint};
use super::error::{Place, ThemeError};
use super::file::{self, ThemeFile};
use super::lower::lower;
use super::role::Role;

pub const DEFAULT: &str = "ansi";
/// The theme without colours.
pub const MONO: &str = "mono";

/// A style for every role, at one colour depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: Vec<Style>,
}

impl Theme {
    /// Loads a theme for a terminal of `depth`. A file `{name}.toml` in `user_dir` overrides the built-in theme of that name
    /// and may inherit from it. Without colours, `mono` is loaded instead of any theme, whose colours would be lost.
    pub fn load(name: &str, user_dir: Option<&Path>, depth: ColorDepth) -> Result<Self, ThemeError> {
        let name = if depth == ColorDepth::Never { MONO } else { name };
        Self::of(&builtin::merged(name, user_dir)?, depth)
    }

    fn of(file: &ThemeFile, depth: ColorDepth) -> Result<Self, ThemeError> {
        let ground = resolve(file, Role::Text)?.1;
        let style = |role: &Role| Ok(lower(resolve(file, *role)?, ground, depth));
        let styles = Role::ALL.iter().map(style).collect::<Result<_, ThemeError>>()?;
        Ok(Self { styles })
    }

    /// The default theme, for when the user's cannot be read.
    pub fn fallback(depth: ColorDepth) -> Self {
        let name = if depth == ColorDepth::Never { MONO } else { DEFAULT };
        let styles = Vec::new();
        Self::load(name, None, depth).unwrap_or(Self { styles })
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

type Full = (Option<Paint>, Option<Paint>, Modifier);

/// The style of `role` in the file, completed by the role that it is like, or else by its fallback.
fn resolve(file: &ThemeFile, role: Role) -> Result<Full, ThemeError> {
    let mut steps = vec![role];
    let mut full: Full = (None, None, Modifier::empty());
    loop {
        let at = steps[steps.len() - 1];
        let entry = file.roles.get(&at);
        if let Some(entry) = entry {
            let paint = |word: &Option<file::Word>| {
                word.as_ref()
                    .map(|word| file::paint(word, &file.palette))
                    .transpose()
            };
            full.0 = full.0.or(paint(&entry.fg)?);
            full.1 = full.1.or(paint(&entry.bg)?);
            full.2 |= entry.modifier;
        }
        let next = match entry {
            Some(entry) => entry.like,
            None => Some(at.fallback()).filter(|next| *next != at),
        };
        let Some(next) = next else { return Ok(full) };
        if let Some(start) = steps.iter().position(|step| *step == next) {
            let circle = &steps[start..];
            let entry = circle.iter().find_map(|role| file.roles.get(role));
            let place = entry.map(|entry| entry.place.clone());
            let steps = circle.iter().chain([&next]).map(|role| role.name().to_owned());
            return Err(ThemeError::Cycle {
                place: place.unwrap_or_else(|| Place::of("theme", "", 0)),
                what: "like",
                steps: steps.collect(),
            });
        }
        steps.push(next);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
