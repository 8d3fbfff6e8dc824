//! Finds theme files, built in or in the user's folder, and merges those that a theme inherits from.

use std::io::ErrorKind;
use std::path::Path;

use super::error::ThemeError;
use super::file::{ThemeFile, Word};

const BUILTIN: [(&str, &str); 4] = [
    ("ansi", include_str!("../../../themes/ansi.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
    ("night", include_str!("../../../themes/night.toml")),
    ("paper", include_str!("../../../themes/paper.toml")),
];

/// The text of a built-in theme, which is also a template for the user's own.
pub fn source(name: &str) -> Option<&'static str> {
    let theme = BUILTIN.iter().find(|(known, _)| *known == name);
    theme.map(|(_, text)| *text)
}

/// The names of all themes: the built-in ones and those of `user_dir`.
pub fn names(user_dir: Option<&Path>) -> Vec<String> {
    let entries = user_dir.and_then(|dir| std::fs::read_dir(dir).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let themes = paths.filter(|path| path.extension().is_some_and(|ext| ext == "toml"));
    let own = themes.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    let shipped = BUILTIN.iter().map(|(name, _)| (*name).to_owned());
    let mut all: Vec<String> = shipped.chain(own).collect();
    all.sort();
    all.dedup();
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    User,
    Builtin,
}

/// The theme with everything that it inherits.
pub fn merged(name: &str, user_dir: Option<&Path>) -> Result<ThemeFile, ThemeError> {
    let (mut theme, origin) = read(name, user_dir)?;
    let mut chain = vec![(name.to_owned(), origin)];
    while let Some(parent) = theme.inherits.take() {
        let (last, origin) = &chain[chain.len() - 1];
        // A user's `night` that inherits `night` inherits the built-in one.
        let own_name = parent.text == *last && *origin == Origin::User;
        let dir = if own_name { None } else { user_dir };
        let (file, from) = read(&parent.text, dir).map_err(|error| located(error, &parent))?;
        let seen = chain.contains(&(parent.text.clone(), from));
        chain.push((parent.text.clone(), from));
        if seen {
            return Err(ThemeError::Cycle {
                place: parent.place,
                what: "inherits",
                steps: chain.into_iter().map(|(name, _)| name).collect(),
            });
        }
        theme.inherits = file.inherits;
        for (name, word) in file.palette {
            theme.palette.entry(name).or_insert(word);
        }
        for (role, entry) in file.roles {
            theme.roles.entry(role).or_insert(entry);
        }
    }
    Ok(theme)
}

fn read(name: &str, user_dir: Option<&Path>) -> Result<(ThemeFile, Origin), ThemeError> {
    // A name must not be a path to a file outside of the folder.
    let is_name = !name.is_empty() && !name.contains(['/', '\\', '\0']) && !name.starts_with('.');
    if let Some(path) = user_dir
        .filter(|_| is_name)
        .map(|dir| dir.join(format!("{name}.toml")))
    {
        let file = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => return Ok((ThemeFile::read(&file, &text)?, Origin::User)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(ThemeError::Unreadable {
                    file,
                    reason: error.to_string(),
                });
            }
        }
    }
    let text = source(name).ok_or_else(|| ThemeError::NotFound {
        name: name.to_owned(),
        known: names(user_dir),
    })?;
    Ok((
        ThemeFile::read(&format!("{name}.toml (built in)"), text)?,
        Origin::Builtin,
    ))
}

/// Gives the error about a missing parent the place of the line that names it.
fn located(error: ThemeError, parent: &Word) -> ThemeError {
    match error {
        ThemeError::NotFound { name, known } => {
            let place = parent.place.clone();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            super::file::unknown(place, "theme", &name, &known)
        }
        other => other,
    }
}
