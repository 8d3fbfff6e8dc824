//! Reads a keymap file into the keymap, and reports every error with its place and what is accepted.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Chord, Context, Key, Keymap};
use crate::model::text::line_and_column;
use crate::tui::keymap::Action;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct KeymapError {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
}

/// A valid line of the file.
struct Patch {
    chords: Vec<Chord>,
    span: Range<usize>,
}

type Patches = BTreeMap<(Context, Action), Patch>;

impl Keymap {
    /// The defaults changed by the user's file, without the lines that have errors.
    pub fn patched(file: &str, text: &str) -> (Self, Vec<KeymapError>) {
        let mut keymap = Self::default();
        let errors = apply(&mut keymap, file, text);
        (keymap, errors)
    }
}

/// Changes `keymap` by `text`. A line with an error has no effect.
pub(super) fn apply(keymap: &mut Keymap, file: &str, text: &str) -> Vec<KeymapError> {
    let mut reader = Reader {
        file,
        text,
        errors: Vec::new(),
    };
    let mut patches = reader.patches();
    // Dropping a line can free a key for another line, so this repeats until nothing clashes.
    loop {
        let mut tried = keymap.clone();
        for (place, patch) in &patches {
            tried.bound.insert(*place, patch.chords.clone());
        }
        let Some((place, message)) = clash(&tried, &patches) else {
            *keymap = tried;
            return reader.sorted();
        };
        let Some(patch) = patches.remove(&place) else {
            return reader.sorted();
        };
        reader.error(patch.span, format!("{message}; this line has no effect"));
    }
}

/// The first clash of two chords that apply in the same place, at the line of the file.
fn clash(keymap: &Keymap, patches: &Patches) -> Option<((Context, Action), String)> {
    for (place @ (context, action), patch) in patches {
        for chord in &patch.chords {
            for ((other_context, other), other_chord) in others(keymap, *place) {
                let same_table = *context == other_context;
                let problem = if chord == other_chord && same_table {
                    "is also the key of"
                } else if chord.is_shadowed_by(other_chord) {
                    "could never be finished: its beginning is the key of"
                } else if other_chord.is_shadowed_by(chord) {
                    "would hide the longer key of"
                } else {
                    continue;
                };
                let message = format!(
                    "`{chord}` for {action} {problem} {other} (`{other_chord}` in [{}])",
                    other_context.name()
                );
                return Some((*place, message));
            }
        }
    }
    None
}

/// Every other chord that can be pressed where `place` applies.
fn others(keymap: &Keymap, place: (Context, Action)) -> impl Iterator<Item = ((Context, Action), &Chord)> {
    let meet = move |other: Context| other.layers().contains(&place.0) || place.0.layers().contains(&other);
    keymap
        .bound
        .iter()
        .filter(move |(other, _)| **other != place && meet(other.0))
        .flat_map(|(other, chords)| chords.iter().map(|chord| (*other, chord)))
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    errors: Vec<KeymapError>,
}

impl Reader<'_> {
    fn patches(&mut self) -> Patches {
        let (root, broken) = DeTable::parse_recoverable(self.text);
        if let Some(first) = broken.first() {
            let message = format!(
                "{}; the whole file has no effect until that is corrected",
                first.message()
            );
            self.error(first.span().unwrap_or_default(), message);
            return Patches::new();
        }
        let mut patches = Patches::new();
        for (name, value) in root.get_ref() {
            let Some(context) = Context::named(name.get_ref()) else {
                let known = Context::ALL.map(Context::name);
                let message = format!(
                    "there is no table {:?}{}; it is ignored",
                    name.get_ref(),
                    meant(name.get_ref(), &known)
                );
                self.error(name.span(), message);
                continue;
            };
            match value.get_ref() {
                DeValue::Table(lines) => self.table(context, lines, &mut patches),
                other => {
                    let message = format!("[{}] must be a table, not {}", context.name(), other.type_str());
                    self.error(value.span(), message);
                }
            }
        }
        patches
    }

    fn table(&mut self, context: Context, lines: &DeTable<'_>, patches: &mut Patches) {
        for (name, value) in lines {
            match name.get_ref().parse::<Action>() {
                Ok(action) => {
                    if let Some(chords) = self.chords(context, action, value) {
                        let span = name.span();
                        patches.insert((context, action), Patch { chords, span });
                    }
                }
                Err(error) => {
                    let known: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
                    self.error(
                        name.span(),
                        format!("{error}{}; it is ignored", meant(&error.0, &known)),
                    );
                }
            }
        }
    }

    /// The chords of a line; `None` when any is wrong, so that the default stays unchanged.
    fn chords(
        &mut self,
        context: Context,
        action: Action,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<Chord>> {
        let DeValue::Array(items) = value.get_ref() else {
            let found = value.get_ref().type_str();
            self.error(
                value.span(),
                format!("{action} takes a list of keys such as [\"g\"], not {found}; the default stays"),
            );
            return None;
        };
        let mut chords = Vec::new();
        for item in items {
            match chord(context, action, item.get_ref()) {
                Ok(chord) => chords.push(chord),
                Err(message) => {
                    self.error(item.span(), format!("{message}; the default of {action} stays"));
                    return None;
                }
            }
        }
        Some(chords)
    }

    fn error(&mut self, span: Range<usize>, message: String) {
        let (line, column) = line_and_column(self.text, span.start);
        self.errors.push(KeymapError {
            file: self.file.to_owned(),
            line,
            column,
            message,
        });
    }

    fn sorted(mut self) -> Vec<KeymapError> {
        self.errors.sort_by_key(|error| (error.line, error.column));
        self.errors
    }
}

fn chord(context: Context, action: Action, item: &DeValue<'_>) -> Result<Chord, String> {
    let text = item
        .as_str()
        .ok_or_else(|| format!("a key is written in quotes, not as {}", item.type_str()))?;
    let chord: Chord = text.parse().map_err(|error: super::NotAKey| error.to_string())?;
    let Some(first) = chord.keys().first() else {
        return Err(format!("{text:?} is empty"));
    };
    if let Some(key) = chord
        .keys()
        .iter()
        .find(|key| [Key::ctrl('c'), Key::ctrl('z')].contains(key))
    {
        return Err(format!("`{key}` is reserved: it leaves or suspends everywhere"));
    }
    let is_esc = |key: &Key| *key == Key::plain(crossterm::event::KeyCode::Esc);
    if chord.keys().iter().any(is_esc) && (action != Action::Leave || chord.keys().len() > 1) {
        return Err(format!(
            "`Esc` is reserved for {}: it leaves everywhere",
            Action::Leave
        ));
    }
    for key in chord.keys() {
        if let Some(same) = key.arrives_as() {
            return Err(format!(
                "`{key}` cannot be told from {same} in a terminal: choose another"
            ));
        }
    }
    if context.is_text() && first.typed().is_some() {
        return Err(format!(
            "`{first}` is text in [{}]: bind a key that types nothing",
            context.name()
        ));
    }
    Ok(chord)
}

/// "; did you mean x?" for a near miss, else what is accepted when that is short.
fn meant(given: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(given, name), name))
        .min();
    match nearest {
        Some((distance, name)) if distance <= 2.max(name.len() / 4) => format!("; did you mean {name}?"),
        _ if known.len() <= 16 => format!("; there are {}", known.join(", ")),
        _ => String::new(),
    }
}
