//! Reads a theme file: its parent, its palette and its roles, each with its place.

use std::collections::BTreeMap;

use ratatui::style::Modifier;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::color::Paint;
use super::error::{Place, ThemeError, offer};
use super::role::Role;

/// A word of the file and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub place: Place,
}

/// A role as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleEntry {
    pub fg: Option<Word>,
    pub bg: Option<Word>,
    /// The role that has everything that is missing here.
    pub like: Option<Role>,
    pub modifier: Modifier,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThemeFile {
    pub inherits: Option<Word>,
    pub palette: BTreeMap<String, Word>,
    pub roles: BTreeMap<Role, RoleEntry>,
}

const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("crossed_out", Modifier::CROSSED_OUT),
];

const TOP: [&str; 3] = ["inherits", "palette", "roles"];
const ACCEPTED_COLOURS: &str =
    "#rrggbb, reset, one of the sixteen (red, bright_red, …) or a name of the palette";
const KEYS: [&str; 4] = ["fg", "bg", "like", "modifiers"];
/// Roles of earlier releases that are no longer used. Themes may still name them.
const RETIRED: [&str; 2] = ["added", "removed"];

impl ThemeFile {
    /// Reads the text of a theme; `file` is its name in messages.
    pub fn read(file: &str, text: &str) -> Result<Self, ThemeError> {
        let table = DeTable::parse(text).map_err(|error| ThemeError::Syntax {
            place: Place::of(file, text, error.span().map_or(0, |span| span.start)),
            problem: error.message().to_owned(),
        })?;
        let reader = Reader { file, text };
        let mut theme = Self::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "inherits" => theme.inherits = Some(reader.word("inherits", value)?),
                "palette" => theme.palette = reader.palette(value)?,
                "roles" => theme.roles = reader.roles(value)?,
                _ => return Err(reader.unknown("part of a theme", key, &TOP)),
            }
        }
        Ok(theme)
    }
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

impl Reader<'_> {
    fn place<T>(&self, spanned: &Spanned<T>) -> Place {
        Place::of(self.file, self.text, spanned.span().start)
    }

    fn unknown(&self, what: &'static str, key: &Key<'_>, accepted: &[&str]) -> ThemeError {
        unknown(self.place(key), what, key.get_ref(), accepted)
    }

    fn wrong_type(&self, what: &str, expected: &'static str, value: &Spanned<DeValue<'_>>) -> ThemeError {
        ThemeError::WrongType {
            place: self.place(value),
            what: what.to_owned(),
            expected,
            found: value.get_ref().type_str(),
        }
    }

    fn word(&self, what: &str, value: &Spanned<DeValue<'_>>) -> Result<Word, ThemeError> {
        let text = value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.wrong_type(what, "a string", value))?;
        Ok(Word {
            text: text.to_owned(),
            place: self.place(value),
        })
    }

    fn table<'v, 'i>(
        &self,
        what: &str,
        value: &'v Spanned<DeValue<'i>>,
    ) -> Result<&'v DeTable<'i>, ThemeError> {
        value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wrong_type(what, "a table", value))
    }

    fn palette(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, Word>, ThemeError> {
        let table = self.table("palette", value)?;
        table
            .iter()
            .map(|(name, color)| Ok((name.get_ref().to_string(), self.word(name.get_ref(), color)?)))
            .collect()
    }

    fn roles(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<Role, RoleEntry>, ThemeError> {
        let table = self.table("roles", value)?;
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        table
            .iter()
            .filter(|(name, _)| !RETIRED.contains(&name.get_ref().as_ref()))
            .map(|(name, value)| {
                let role = Role::named(name.get_ref()).ok_or_else(|| self.unknown("role", name, &names))?;
                Ok((role, self.entry(name.get_ref(), value)?))
            })
            .collect()
    }

    fn entry(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<RoleEntry, ThemeError> {
        let mut entry = RoleEntry {
            fg: None,
            bg: None,
            like: None,
            modifier: Modifier::empty(),
            place: self.place(value),
        };
        if value.get_ref().is_str() {
            entry.fg = Some(self.word(name, value)?);
            return Ok(entry);
        }
        let table = value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wrong_type(name, "a colour or a table", value))?;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "fg" => entry.fg = Some(self.word("fg", value)?),
                "bg" => entry.bg = Some(self.word("bg", value)?),
                "like" => entry.like = Some(self.role(value)?),
                "modifiers" => entry.modifier = self.modifiers(value)?,
                _ => return Err(self.unknown("part of a role", key, &KEYS)),
            }
        }
        Ok(entry)
    }

    fn role(&self, value: &Spanned<DeValue<'_>>) -> Result<Role, ThemeError> {
        let word = self.word("like", value)?;
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        Role::named(&word.text).ok_or_else(|| unknown(word.place, "role", &word.text, &names))
    }

    fn modifiers(&self, value: &Spanned<DeValue<'_>>) -> Result<Modifier, ThemeError> {
        let names = MODIFIERS.map(|(name, _)| name);
        let list = value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.wrong_type("modifiers", "an array of strings", value))?;
        let mut all = Modifier::empty();
        for item in list {
            let word = self.word("a modifier", item)?;
            let (_, modifier) = MODIFIERS
                .iter()
                .find(|(name, _)| *name == word.text)
                .ok_or_else(|| unknown(word.place.clone(), "modifier", &word.text, &names))?;
            all |= *modifier;
        }
        Ok(all)
    }
}

pub fn unknown(place: Place, what: &'static str, found: &str, accepted: &[&str]) -> ThemeError {
    ThemeError::Unknown {
        place,
        what,
        found: found.to_owned(),
        accepted: offer(&accepted.join(", "), found, accepted.iter().copied()),
    }
}

/// The paint that `word` means: a colour, or a name of `palette`, which may name another.
pub fn paint(word: &Word, palette: &BTreeMap<String, Word>) -> Result<Paint, ThemeError> {
    let mut steps = vec![word.text.clone()];
    let mut at = word;
    loop {
        // The palette comes first, so that a theme may give `red` a value of its own.
        match palette.get(&at.text) {
            Some(next) if next.text == at.text => break,
            Some(next) => {
                let circle = steps.contains(&next.text);
                steps.push(next.text.clone());
                if circle {
                    return Err(ThemeError::Cycle {
                        place: word.place.clone(),
                        what: "the palette",
                        steps,
                    });
                }
                at = next;
            }
            None => break,
        }
    }
    Paint::read(&at.text).ok_or_else(|| {
        let colors = super::color::NAMES.iter().map(|(name, ..)| *name);
        let names: Vec<&str> = palette.keys().map(String::as_str).chain(colors).collect();
        ThemeError::Unknown {
            place: at.place.clone(),
            what: "colour",
            found: at.text.clone(),
            accepted: offer(ACCEPTED_COLOURS, &at.text, names.into_iter()),
        }
    })
}
