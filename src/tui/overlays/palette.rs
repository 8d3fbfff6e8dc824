//! The command palette: finds commands by the beginnings of their words.

use crossterm::event::KeyEvent;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, Drawn, centred, rows};
use crate::tui::component::{AppRequest, Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::text::{row, width, window};

/// Wide enough for the longest key and the longest description.
const MAX_WIDTH: u16 = 86;
/// Commands shown at once.
const MAX_COMMANDS: usize = 12;

/// How well a command matches what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the name.
    Name,
    /// The name begins like it.
    Beginning,
    /// The short name does.
    Short,
    /// Words of the name begin like it, or the description begins with it.
    Called,
    /// Words of the description begin like it.
    Described,
    /// Words of the name have its first letter and contain the others.
    Similar,
}

impl Fit {
    /// Whether Enter may run the command without another key.
    const fn is_sure(self) -> bool {
        matches!(self, Self::Name | Self::Beginning | Self::Short | Self::Called)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    field: TextField,
    /// The commands that are possible now.
    offered: Vec<Action>,
    /// The commands that were found, the best first; all of them while nothing is typed.
    found: Vec<Action>,
    /// The row of the command that Enter runs.
    at: Option<usize>,
}

impl Palette {
    pub fn new(offered: Vec<Action>) -> Self {
        Self {
            field: TextField::default(),
            found: offered.clone(),
            offered,
            at: None,
        }
    }

    fn find(&mut self) {
        let typed = words(self.field.text());
        self.at = None;
        if typed.is_empty() {
            self.found.clone_from(&self.offered);
            return;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut fitting: Vec<(Fit, Action)> = Vec::new();
        for action in &self.offered {
            fitting.extend(fit(&typed, *action, &mut matcher).map(|fit| (fit, *action)));
        }
        fitting.sort_unstable();
        let is_sure = fitting.first().is_some_and(|(fit, _)| fit.is_sure());
        self.at = is_sure.then_some(0);
        self.found = fitting.into_iter().map(|(_, action)| action).collect();
    }

    /// The command that Enter runs.
    fn chosen(&self) -> Option<Action> {
        self.found.get(self.at?).copied()
    }

    /// Selects another row; the first step down selects the first.
    fn step(&mut self, by: isize) {
        self.at = match self.at {
            _ if self.found.is_empty() => None,
            None if by < 0 => None,
            None => Some(stepped(0, by - 1, self.found.len())),
            Some(at) => Some(stepped(at, by, self.found.len())),
        };
    }
}

impl Declare for Palette {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |palette: &mut Self, _, cx| {
            if let Some(action) = palette.chosen() {
                cx.close();
                cx.request(AppRequest::Act(action));
            }
        })
        .when(|palette, _, _| match palette.chosen() {
            Some(_) => Ok(()),
            None => Err(
                "no command is selected: type the beginning of its name, or select one with the arrow keys"
                    .to_owned(),
            ),
        }),
        Command::on(MOVES, |palette, action, cx| {
            palette.step(distance(action, cx.pane_rows()));
        }),
    ];
}

impl Component for Palette {
    fn context(&self) -> Context {
        Context::Palette
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Accept, Action::Down, Action::Up, Action::Leave]
    }

    fn mode(&self) -> Option<&'static str> {
        Some("COMMAND")
    }

    fn key(&mut self, key: KeyEvent, _cx: &mut Cx) -> bool {
        let typed = self.field.handle(key);
        if typed == Typed::Changed {
            self.find();
        }
        typed != Typed::Ignored
    }

    fn paste(&mut self, text: &str, _cx: &mut Cx) -> bool {
        self.field.paste(text);
        self.find();
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let shown = self.found.len().clamp(1, MAX_COMMANDS);
        let inner = canvas.popup("Commands", "", centred(area, MAX_WIDTH, rows(shown + 3)));
        let caret = canvas.field(&self.field, row(inner, 0));
        let room = usize::from(inner.height).saturating_sub(1);
        let first = window(self.found.len(), self.at, room);
        let key = |action| {
            state
                .keymap
                .label(state.focus.context(), action)
                .unwrap_or_default()
        };
        // The width of the longest key of all, so that no column moves while one types.
        let keys = self
            .offered
            .iter()
            .map(|action| width(&key(*action)))
            .max()
            .unwrap_or(0);
        for (at, action) in self.found.iter().enumerate().skip(first).take(room) {
            let cells = [
                (Role::Key, format!("{:<keys$} ", key(*action))),
                (Role::Text, action.about().to_owned()),
            ];
            canvas.row(row(inner, at - first + 1), self.at == Some(at), true, &cells);
        }
        if self.found.is_empty() {
            canvas.roles(
                row(inner, 1),
                &[(Role::Dim, "No command matches these words.".to_owned())],
            );
        }
        Drawn {
            caret,
            ..Drawn::default()
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let is_between = |c: char| !c.is_alphanumeric() && c != '$';
    text.split(is_between)
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// How well `action` matches the words that were typed.
fn fit(typed: &[String], action: Action, matcher: &mut Matcher) -> Option<Fit> {
    let (short, name, about) = (words(action.short()), words(action.name()), words(action.about()));
    if typed == short || typed == name {
        return Some(Fit::Name);
    }
    let is_beginning = |own: &[String]| own.join(" ").starts_with(&typed.join(" "));
    if is_beginning(&name) {
        return Some(Fit::Beginning);
    }
    if is_beginning(&short) {
        return Some(Fit::Short);
    }
    let begins = |own: &[&String]| {
        typed
            .iter()
            .all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
    };
    let called: Vec<&String> = short.iter().chain(&name).collect();
    let all: Vec<&String> = called.iter().copied().chain(&about).collect();
    let is_start = typed.len() > 1 && about.join(" ").starts_with(&typed.join(" "));
    if begins(&called) || is_start {
        return Some(Fit::Called);
    }
    if begins(&all) {
        return Some(Fit::Described);
    }
    let mut buffer = Vec::new();
    let mut is_similar = |word: &String| {
        let atom = Atom::new(
            word,
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Fuzzy,
            false,
        );
        called.iter().any(|own| {
            own.chars().next() == word.chars().next()
                && atom.score(Utf32Str::new(own, &mut buffer), matcher).is_some()
        })
    };
    typed.iter().all(&mut is_similar).then_some(Fit::Similar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_found_by_its_name() {
        for action in Action::ALL {
            let mut palette = Palette::new(Action::ALL.to_vec());
            palette.field.paste(action.name());
            palette.find();
            assert!(
                palette.found.iter().take(3).any(|found| found == action),
                "{action}: {:?}",
                palette.found
            );
        }
    }

    fn found(typed: &str) -> Palette {
        let mut palette = Palette::new(Action::ALL.to_vec());
        palette.field.paste(typed);
        palette.find();
        palette
    }

    #[test]
    fn a_few_letters_find_but_only_the_beginning_of_a_name_is_ready_to_run() {
        let palette = found("zm");
        assert_eq!(
            (palette.found.first(), palette.chosen()),
            (Some(&Action::Zoom), None)
        );
        assert_eq!(found("zo").chosen(), Some(Action::Zoom));
        assert_eq!(found("prom").chosen(), Some(Action::Promote));
        assert_eq!(found("open").chosen(), Some(Action::Open));
        assert_eq!(found("toggle mouse").chosen(), Some(Action::ToggleMouse));
        assert_eq!(found("show this pane").chosen(), Some(Action::Zoom));
        let mut nothing = found("qqqq");
        nothing.step(1);
        assert_eq!((nothing.found.len(), nothing.chosen()), (0, None));
    }

    #[test]
    fn words_that_no_command_is_called_choose_nothing() {
        for typed in ["", " ", "spool", "theme", "spend", "what", "film", "e t h"] {
            assert_eq!(found(typed).chosen(), None, "{typed:?}: {:?}", found(typed).found);
        }
    }

    #[test]
    fn an_arrow_chooses_among_what_was_found() {
        let mut palette = found("video");
        assert_eq!(palette.at, None);
        palette.step(-1);
        assert_eq!(palette.at, None);
        palette.step(1);
        assert_eq!(palette.at, Some(0));
        palette.step(99);
        assert_eq!(palette.at, Some(palette.found.len() - 1));
    }
}
