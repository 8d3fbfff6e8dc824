//! Reads TOML files (settings, keymap, themes) so that every error says where it is, what was found, what is accepted, what
//! was probably meant, and what happens now.

use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::model::Complaint;
use crate::model::text::{line_and_column, one_line};

pub use super::entry::Entry;
use super::error::ConfigError;
pub use super::section::Section;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 128 * 1024;

/// What kind of mistake it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The text is not TOML: what was meant there is not known.
    Syntax,
    /// The value of this key, named with the tables around it, is missing or wrong.
    Value(String),
    /// There is no setting of this name.
    UnknownKey(String),
    /// Anything in a file of models.
    Model,
}

/// An error at a place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub mistake: Mistake,
    /// What is there.
    pub found: String,
    /// What may be there; empty if `found` says it all.
    pub accepted: String,
    /// The accepted word that comes nearest.
    pub meant: Option<String>,
    /// What the program does about it.
    pub now: String,
}

impl Located {
    /// What is wrong, and where.
    fn what(&self) -> String {
        let mut what = format!(
            "{}:{}:{}: {}",
            self.file.display(),
            self.line,
            self.column,
            self.found
        );
        if !self.accepted.is_empty() {
            what += &format!("; accepted: {}", self.accepted);
        }
        if let Some(meant) = &self.meant {
            what += &format!("; did you mean {meant:?}?");
        }
        what
    }

    /// What is wrong, and what to do.
    pub fn complaint(&self) -> Complaint {
        Complaint::new(self.what(), format!("correct line {} ({})", self.line, self.now))
    }
}

impl std::error::Error for Located {}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what(), self.now)
    }
}

/// The word of `accepted` that `given` is most likely a slip of.
pub fn nearest<'a>(given: &str, accepted: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let near = |word: &&str| strsim::damerau_levenshtein(&given, &word.to_lowercase());
    let (word, distance) = accepted
        .into_iter()
        .map(|word| (word, near(&word)))
        .min_by_key(|(_, d)| *d)?;
    // A third of the letters may be wrong, or two of a short word.
    (distance <= (word.chars().count() / 3).max(2) && distance < word.chars().count()).then_some(word)
}

/// A TOML file's text.
#[derive(Debug, Clone)]
pub struct Document {
    file: PathBuf,
    pub(super) text: String,
}

impl Document {
    /// The file's text; `None` when there is no such file.
    pub fn read(file: &Path) -> Result<Option<Self>, ConfigError> {
        let unreadable = |reason: &str| ConfigError::Unreadable {
            path: file.to_owned(),
            reason: reason.to_owned(),
        };
        let mut bytes = Vec::new();
        let read = std::fs::File::open(file).and_then(|f| f.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !file.is_symlink() => {
                return Ok(None);
            }
            Err(error) => return Err(unreadable(&error.kind().to_string())),
            Ok(_) if bytes.len() as u64 > MAX_BYTES => return Err(unreadable("it is larger than 128 KiB")),
            Ok(_) => {}
        }
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
        Ok(Some(Self::new(file, text)))
    }

    /// A document that is already in memory.
    pub fn new(file: &Path, text: String) -> Self {
        Self {
            file: file.to_owned(),
            text,
        }
    }

    /// Gives the whole document to `read`, and returns every error in the order of the file: those of the syntax, those
    /// that `read` finds, and the keys that it does not ask for.
    pub fn read_with(&self, read: impl FnOnce(&mut Section<'_>)) -> Vec<ConfigError> {
        let (table, broken) = DeTable::parse_recoverable(&self.text);
        let mut errors: Vec<Located> = broken.iter().map(|error| *self.syntax_error(error)).collect();
        let broken_lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        let (span, mut table) = (table.span(), table.into_inner());
        self.drop_lines(&mut table, &broken_lines);
        let mut section = Section::new(self, String::new(), span, table);
        read(&mut section);
        errors.extend(section.finish());
        errors.sort_by_key(|error| (error.line, error.column));
        errors
            .into_iter()
            .map(|error| ConfigError::from(Box::new(error)))
            .collect()
    }

    /// What was made of a line that cannot be parsed is a guess: it must be neither used nor reported.
    fn drop_lines(&self, table: &mut DeTable<'_>, lines: &[usize]) {
        let is_broken =
            |key: &Spanned<DeString<'_>>| lines.contains(&line_and_column(&self.text, key.span().start).0);
        let broken: Vec<_> = table.keys().filter(|key| is_broken(key)).cloned().collect();
        for key in broken {
            table.remove(key.get_ref().as_ref());
        }
        for (_, value) in table.iter_mut() {
            if let DeValue::Table(inner) = value.get_mut() {
                self.drop_lines(inner, lines);
            }
        }
    }

    fn syntax_error(&self, error: &toml::de::Error) -> Box<Located> {
        let span = error.span().unwrap_or(self.text.len()..self.text.len());
        let found = format!("this is not TOML: {}", one_line(error.message(), 160));
        self.at(&span, Mistake::Syntax, found, "the rest of the file is used")
    }

    /// A mistake at a place, without a word about what is accepted.
    pub(super) fn at(&self, span: &Range<usize>, mistake: Mistake, found: String, now: &str) -> Box<Located> {
        let (line, column) = line_and_column(&self.text, span.start);
        Box::new(Located {
            file: self.file.clone(),
            line,
            column,
            mistake,
            found,
            accepted: String::new(),
            meant: None,
            now: now.to_owned(),
        })
    }
}
