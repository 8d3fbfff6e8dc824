//! Tables and values of a TOML document as they are asked for, key by key.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::text::one_line;

use super::located::{Document, Located, nearest};

/// A table of a document. Keys are asked for by name; what nobody asks for is an error.
pub struct Section<'d> {
    document: &'d Document,
    /// With a dot at its end, empty for the whole document.
    name: String,
    span: Range<usize>,
    table: DeTable<'d>,
    asked: Vec<String>,
    errors: Vec<Located>,
}

impl<'d> Section<'d> {
    pub(super) fn new(document: &'d Document, name: String, span: Range<usize>, table: DeTable<'d>) -> Self {
        Self {
            document,
            name,
            span,
            table,
            asked: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn take(&mut self, key: &str) -> Option<Entry<'d>> {
        self.asked.push(key.to_owned());
        let value = self.table.remove(key)?;
        Some(Entry {
            document: self.document,
            key: format!("{}{key}", self.name),
            value,
        })
    }

    /// Reads `key` with `read`, such as [`Entry::flag`]; an error leaves `target` as it was. Whether the key
    /// was there and in order.
    pub fn set<T>(
        &mut self,
        key: &str,
        target: &mut T,
        read: impl FnOnce(&Entry<'d>) -> Result<T, Box<Located>>,
    ) -> bool {
        let read = self.take(key).map(|entry| read(&entry));
        match read {
            None => false,
            Some(Ok(value)) => {
                *target = value;
                true
            }
            Some(Err(error)) => {
                self.errors.push(*error);
                false
            }
        }
    }

    /// Adds the error that `key` is missing, unless it is there but wrong and has its error already.
    pub fn lacks(&mut self, key: &str, accepted: &str) {
        let needle = format!("{}{key} is ", self.name);
        if !self.errors.iter().any(|error| error.found.starts_with(&needle)) {
            let found = format!("{}{key} is missing", self.name);
            let error = self.document.at(
                &self.span,
                found,
                accepted.to_owned(),
                None,
                "the default is used",
            );
            self.errors.push(*error);
        }
    }

    /// Reads the table `key` with `read`.
    pub fn table(&mut self, key: &str, read: impl FnOnce(&mut Section<'d>)) {
        let Some(entry) = self.take(key) else { return };
        let (name, span) = (format!("{}.", entry.key), entry.value.span());
        if !entry.value.get_ref().is_table() {
            self.errors
                .push(*entry.wrong(&format!("a table [{}]", entry.key)));
        } else if let DeValue::Table(table) = entry.value.into_inner() {
            let mut section = Section::new(self.document, name, span, table);
            read(&mut section);
            self.errors.extend(section.finish());
        }
    }

    /// Reads every key that was not asked for yet with `read`, which is given the key too. For tables whose
    /// keys are the user's to choose, such as a keymap's.
    pub fn each(&mut self, mut read: impl FnMut(&str, &Entry<'d>) -> Result<(), Box<Located>>) {
        let keys: Vec<String> = self
            .table
            .keys()
            .map(|key| key.get_ref().clone().into_owned())
            .collect();
        for key in keys {
            if let Some(Err(error)) = self.take(&key).map(|entry| read(&key, &entry)) {
                self.errors.push(*error);
            }
        }
    }

    /// The errors, with one for each key that nobody asked for.
    pub(super) fn finish(mut self) -> Vec<Located> {
        for key in self.table.keys() {
            let given: &str = key.get_ref();
            let found = format!(
                "there is no setting {:?}",
                one_line(&format!("{}{given}", self.name), 60)
            );
            let meant = nearest(given, self.asked.iter().map(String::as_str));
            let accepted = if meant.is_some() {
                String::new()
            } else {
                list(&self.asked)
            };
            let error = self
                .document
                .at(&key.span(), found, accepted, meant, "it is passed over");
            self.errors.push(*error);
        }
        self.errors
    }
}

/// A value with its place.
#[derive(Debug)]
pub struct Entry<'d> {
    document: &'d Document,
    /// With the names of the tables around it.
    key: String,
    value: Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    /// The error for a value that is something else than `accepted`.
    #[must_use]
    pub fn wrong(&self, accepted: &str) -> Box<Located> {
        self.wrong_word(accepted, None)
    }

    /// As [`Entry::wrong`], with the word that was probably meant.
    #[must_use]
    pub fn wrong_word(&self, accepted: &str, meant: Option<&str>) -> Box<Located> {
        let source = self.document.text.get(self.value.span()).unwrap_or_default();
        let found = format!("{} is {}", self.key, one_line(source, 60));
        self.document.at(
            &self.value.span(),
            found,
            accepted.to_owned(),
            meant,
            "the default is used",
        )
    }

    /// The error for a value that cannot be used for a reason of its own; does not repeat the value.
    #[must_use]
    pub fn unfit(&self, reason: &str) -> Box<Located> {
        let found = format!("{}: {reason}", self.key);
        self.document.at(
            &self.value.span(),
            found,
            String::new(),
            None,
            "the default is used",
        )
    }

    /// The elements of an array, or the value itself when it is none: for settings that take one or several.
    #[must_use]
    pub fn items(&self) -> Vec<Self> {
        let one = |value: &Spanned<DeValue<'d>>| Self {
            document: self.document,
            key: self.key.clone(),
            value: value.clone(),
        };
        match self.value.get_ref() {
            DeValue::Array(items) => items.iter().map(one).collect(),
            _ => vec![one(&self.value)],
        }
    }

    /// A string, not empty.
    ///
    /// # Errors
    /// For anything else.
    pub fn text(&self) -> Result<String, Box<Located>> {
        match self
            .value
            .get_ref()
            .as_str()
            .filter(|text| !text.trim().is_empty())
        {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong("a text in quotation marks")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// For anything else.
    pub fn flag(&self) -> Result<bool, Box<Located>> {
        self.value.get_ref().as_bool().ok_or_else(|| {
            let meant = match self.value.get_ref().as_str() {
                Some("yes" | "on" | "true") => Some("true"),
                Some("no" | "off" | "false") => Some("false"),
                _ => None,
            };
            self.wrong_word("true or false", meant)
        })
    }

    /// A whole number of `range`.
    ///
    /// # Errors
    /// For anything else.
    pub fn whole(&self, range: RangeInclusive<u64>) -> Result<u64, Box<Located>> {
        let integer = self.value.get_ref().as_integer();
        integer
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                self.wrong(&format!(
                    "a whole number from {} to {}",
                    range.start(),
                    range.end()
                ))
            })
    }

    /// A number of `range`, with or without decimals.
    ///
    /// # Errors
    /// For anything else.
    pub fn number(&self, range: RangeInclusive<f64>) -> Result<f64, Box<Located>> {
        self.number_text()
            .and_then(|text| text.parse::<f64>().ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(&format!("a number from {} to {}", range.start(), range.end())))
    }

    /// One of `words`; a word of digits may stand without quotation marks.
    ///
    /// # Errors
    /// For anything else, with the word that comes nearest.
    pub fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Box<Located>> {
        let given = self
            .value
            .get_ref()
            .as_str()
            .map(str::to_owned)
            .or_else(|| self.number_text());
        let given = given.unwrap_or_default();
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == given) {
            return Ok(*value);
        }
        let accepted: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Err(self.wrong_word(&list(&accepted), nearest(&given, accepted.iter().copied())))
    }

    /// The digits of a number as written, so that no decimal is lost.
    #[must_use]
    pub fn number_text(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str().to_owned()),
            DeValue::Float(float) => Some(float.as_str().to_owned()),
            _ => None,
        }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &DeValue<'_> {
        self.value.get_ref()
    }
}

fn list(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// As a keymap is read: keys of the user's choice, one or several values each.
    #[test]
    fn free_keys_and_lists_have_their_places_too() {
        let text = "submit = \"ctrl-s\"\nquit = [\"q\", \"ctrl-q\", 7]\n\"\" = true\n".to_owned();
        let mut read = Vec::new();
        let errors = Document::new(Path::new("keymap.toml"), text).read_with(|section| {
            section.each(|action, entry| {
                for item in entry.items() {
                    read.push((action.to_owned(), item.text()?));
                }
                Ok(())
            });
        });
        read.sort();
        let pair = |action: &str, key: &str| (action.to_owned(), key.to_owned());
        assert_eq!(
            read,
            [
                pair("quit", "ctrl-q"),
                pair("quit", "q"),
                pair("submit", "ctrl-s")
            ]
        );
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(
            errors[0].starts_with("keymap.toml:2:24: quit is 7; accepted: a text"),
            "{errors:?}"
        );
        assert!(errors[1].starts_with("keymap.toml:3:6:"), "{errors:?}");
        assert_eq!(errors.len(), 2);
    }
}
