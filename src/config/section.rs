//! Reads the tables of a TOML document key by key.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::model::invalid::accepted;
use crate::model::text::one_line;

use super::entry::Entry;
use super::located::{Document, Located, Mistake, nearest};

/// A table of a document. Keys are asked for by name; a key that is not asked for is an error.
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

    /// Reads `key` with `read`, such as [`Entry::flag`]; an error leaves `target` as it was. Returns whether the key
    /// was there and valid.
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

    /// Reads every element of the list `key` with `read`; wrong ones are ignored, each with its error. A list in which nothing
    /// is right leaves `target` as it was.
    pub fn set_each<T, C: FromIterator<T>>(
        &mut self,
        key: &str,
        target: &mut C,
        read: impl Fn(&Entry<'d>) -> Result<T, Box<Located>>,
    ) {
        let Some(entry) = self.take(key) else { return };
        let (mut good, items) = (Vec::new(), entry.items());
        let is_empty = items.is_empty();
        for item in items {
            match read(&item) {
                Ok(value) => good.push(value),
                Err(error) => self.errors.push(Located {
                    now: "it is ignored".to_owned(),
                    ..*error
                }),
            }
        }
        if is_empty || !good.is_empty() {
            *target = good.into_iter().collect();
        }
    }

    /// Adds the error that `key` is missing, unless it already has an error.
    pub fn lacks(&mut self, key: &str, accepted: &str) {
        let needle = format!("{}{key} is ", self.name);
        if !self.errors.iter().any(|error| error.found.starts_with(&needle)) {
            let found = format!("{}{key} is missing", self.name);
            let mistake = Mistake::Value(format!("{}{key}", self.name));
            let mut error = self
                .document
                .at(&self.span, mistake, found, "the default is used");
            accepted.clone_into(&mut error.accepted);
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

    /// The errors, with one for each key that was not asked for.
    pub(super) fn finish(mut self) -> Vec<Located> {
        for key in self.table.keys() {
            let given: &str = key.get_ref();
            let found = format!(
                "there is no setting {:?}",
                one_line(&format!("{}{given}", self.name), 60)
            );
            let mistake = Mistake::UnknownKey(format!("{}{given}", self.name));
            let mut error = self.document.at(&key.span(), mistake, found, "it is ignored");
            match nearest(given, self.asked.iter().map(String::as_str)) {
                Some(meant) => error.meant = Some(meant.to_owned()),
                None => error.accepted = accepted(self.asked.iter().cloned()),
            }
            self.errors.push(*error);
        }
        self.errors
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
