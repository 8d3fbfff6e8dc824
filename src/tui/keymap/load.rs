//! Reads a keymap file into the keymap, and reports every error with its place and what is accepted.

use std::collections::BTreeMap;
use std::fmt;
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

/// Where an action has its keys.
type Place = (Context, Action);

type Patches = BTreeMap<Place, Patch>;

impl Keymap {
    /// The defaults changed by the user's file, without the lines that have errors.
    pub fn patched(file: &str, text: &str) -> (Self, Vec<KeymapError>) {
        let mut keymap = Self::default();
        let errors = apply(&mut keymap, file, text);
        (keymap, errors)
    }
}

/// Changes `keymap` by `text`. A line with an error has no effect. The user's line wins over a default: a default key that
/// clashes with it gives way, and one message for the line names the actions that have no key left.
pub(super) fn apply(keymap: &mut Keymap, file: &str, text: &str) -> Vec<KeymapError> {
    let mut reader = Reader {
        file,
        text,
        errors: Vec::new(),
    };
    let mut patches = reader.patches();
    // Dropping a line can free a key for another line, so this repeats until no two lines clash.
    loop {
        let mut tried = keymap.clone();
        for (place, patch) in &patches {
            tried.bound.insert(*place, patch.chords.clone());
        }
        let between_lines = clashes(&tried, &patches).find(|clash| patches.contains_key(&clash.other));
        let dropped = between_lines.and_then(|clash| {
            let message = format!("{clash}; this line has no effect");
            Some((patches.remove(&clash.place)?, message))
        });
        if let Some((patch, message)) = dropped {
            reader.error(patch.span, message);
            continue;
        }
        let mut lost: BTreeMap<Place, Vec<String>> = BTreeMap::new();
        for clash in clashes(&tried, &patches).collect::<Vec<_>>() {
            let Some(chords) = tried.bound.get_mut(&clash.other) else {
                continue;
            };
            chords.retain(|chord| *chord != clash.other_chord);
            if chords.is_empty() {
                let losses = lost.entry(clash.place).or_default();
                losses.push(format!("{} (`{}`)", clash.other.1, clash.other_chord));
            }
        }
        for (place, losses) in lost {
            let span = patches.get(&place).map_or(0..0, |patch| patch.span.clone());
            let losses = losses.join(", ");
            reader.error(span, format!("{} takes the only key of {losses}", place.1));
        }
        *keymap = tried;
        return reader.sorted();
    }
}

/// Two chords that apply in the same place and cannot both be pressed; the first is of a line of the file.
struct Clash {
    place: Place,
    chord: Chord,
    other: Place,
    other_chord: Chord,
    problem: &'static str,
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (action, (context, other)) = (self.place.1, self.other);
        let (chord, other_chord, problem) = (&self.chord, &self.other_chord, self.problem);
        write!(
            f,
            "`{chord}` for {action} {problem} {other} (`{other_chord}` in [{}])",
            context.name()
        )
    }
}

/// The clashes of the file's lines with each other and with the defaults.
fn clashes(keymap: &Keymap, patches: &Patches) -> impl Iterator<Item = Clash> {
    let chords = patches
        .iter()
        .flat_map(|(place, patch)| patch.chords.iter().map(|chord| (*place, chord)));
    chords.flat_map(move |(place, chord)| {
        others(keymap, place).filter_map(move |(other, other_chord)| {
            let problem = if chord == other_chord && place.0 == other.0 {
                "is also the key of"
            } else if chord.is_shadowed_by(other_chord) {
                "could never be finished: its beginning is the key of"
            } else if other_chord.is_shadowed_by(chord) {
                "would hide the longer key of"
            } else {
                return None;
            };
            Some(Clash {
                place,
                chord: chord.clone(),
                other,
                other_chord: other_chord.clone(),
                problem,
            })
        })
    })
}

/// Every other chord that can be pressed where `place` applies.
fn others(keymap: &Keymap, place: Place) -> impl Iterator<Item = (Place, &Chord)> {
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
