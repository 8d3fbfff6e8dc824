//! Roles and their styles, read from `themes/*.toml` and brought down to what the terminal can show.
//!
//! The only module that knows colours. It knows no pane.

mod builtin;
mod color;
mod error;
mod file;
mod lower;
mod role;

use std::path::Path;

use ratatui::style::{Color, Modifier, Style};

pub use builtin::source;
pub use color::{ColorDepth, Rgb, contrast};
pub use error::{Place, ThemeError};
pub use role::Role;

use color::{Paint, cell};
use file::ThemeFile;
use lower::lower;

/// The theme that is used when nothing else is asked for.
pub const DEFAULT: &str = "ansi";
/// The theme that is used where no colour may be: modifiers only.
pub const MONO: &str = "mono";

/// A style for every role, at one colour depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    depth: ColorDepth,
    styles: Vec<Style>,
}

impl Theme {
    /// Loads the theme `name` for a terminal of `depth`. A file `{name}.toml` in `user_dir` wins over the
    /// built-in of that name and may inherit from it. Without colours the theme `mono` is loaded, whatever
    /// the name: a style made by colour alone would be lost.
    ///
    /// # Errors
    /// What is wrong with the theme or one it inherits from, with its place.
    pub fn load(name: &str, user_dir: Option<&Path>, depth: ColorDepth) -> Result<Self, ThemeError> {
        let name = if depth == ColorDepth::Never { MONO } else { name };
        let file = builtin::merged(name, user_dir)?;
        Self::of(name, &file, depth)
    }

    /// The default theme as built in, for when the user's cannot be read.
    pub fn fallback(depth: ColorDepth) -> Self {
        let name = if depth == ColorDepth::Never { MONO } else { DEFAULT };
        Self::load(name, None, depth).unwrap_or_else(|_| Self::plain(depth))
    }

    /// The names of all themes: built-in ones and those of `user_dir`, sorted, each once.
    pub fn names(user_dir: Option<&Path>) -> Vec<String> {
        builtin::names(user_dir)
    }

    /// The theme's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The depth it was made for.
    pub fn depth(&self) -> ColorDepth {
        self.depth
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The nearest colour to a picture's that the terminal may show; `None` without colours.
    pub fn cell(&self, rgb: Rgb) -> Option<Color> {
        cell(rgb, self.depth)
    }

    fn plain(depth: ColorDepth) -> Self {
        Self {
            name: "plain".into(),
            depth,
            styles: Vec::new(),
        }
    }

    fn of(name: &str, file: &ThemeFile, depth: ColorDepth) -> Result<Self, ThemeError> {
        let ground = resolve(file, Role::Text)?.1;
        let styles = Role::ALL
            .iter()
            .map(|role| Ok(lower(resolve(file, *role)?, ground, depth)))
            .collect::<Result<_, ThemeError>>()?;
        Ok(Self {
            name: name.to_owned(),
            depth,
            styles,
        })
    }
}

type Full = (Option<Paint>, Option<Paint>, Modifier);

/// What the file says of `role`, what it is said to be like, and at last what it falls back to.
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
            let place = circle
                .iter()
                .find_map(|role| file.roles.get(role))
                .map(|entry| entry.place.clone());
            return Err(ThemeError::Cycle {
                place: place.unwrap_or_else(|| Place::of("theme", "", 0)),
                what: "like",
                steps: circle
                    .iter()
                    .chain([&next])
                    .map(|role| role.name().to_owned())
                    .collect(),
            });
        }
        steps.push(next);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
