//! Chooses the columns of the log, for this run of the program.

use ratatui::layout::Rect;

use crate::config::LogColumn;
use crate::tui::canvas::{Canvas, Drawn, MAX_WIDTH, centred, rows};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, window};
use crate::tui::widgets::wrap;

/// The overlay.
pub struct Columns {
    /// Every column, and whether it is shown, in the order from left to right.
    rows: Vec<(LogColumn, bool)>,
    at: usize,
}

pub fn open(cx: &mut Cx) {
    cx.open(Columns {
        rows: every(&cx.log_columns),
        at: 0,
    });
}

/// What a column shows.
const fn about(column: LogColumn) -> &'static str {
    match column {
        LogColumn::Value => "what a sweep over something else than seeds gave the take",
        LogColumn::Cost => "the bill and how far it is off the estimate, or the estimate",
        LogColumn::Time => "from sending to saving, against what was expected",
        LogColumn::Note => "tags and note",
        LogColumn::Revision => "the revision of the form that the take was made with",
        LogColumn::Words => "the first words that the revision before does not have",
        LogColumn::Sweep => "the number of the sweep",
        LogColumn::Model => "the model",
        LogColumn::Sent => "when the take was sent, or else made",
        LogColumn::File => "the name of the video's file",
    }
}

/// The columns that are shown, and then the others.
fn every(shown: &[LogColumn]) -> Vec<(LogColumn, bool)> {
    let others = LogColumn::ALL
        .into_iter()
        .filter(|column| !shown.contains(column));
    let shown = shown.iter().map(|column| (*column, true));
    shown.chain(others.map(|column| (column, false))).collect()
}

impl Columns {
    /// Shows the columns that are switched on.
    fn apply(&self, cx: &mut Cx) {
        let shown = self.rows.iter().filter(|(_, is_shown)| *is_shown);
        cx.log_columns = shown.map(|(column, _)| *column).collect();
    }

    fn shift(&mut self, by: isize, cx: &mut Cx) {
        let to = stepped(self.at, by, self.rows.len());
        self.rows.swap(self.at, to);
        self.at = to;
        self.apply(cx);
    }

    /// The line of the settings file that has the same columns.
    fn setting(&self) -> String {
        let shown = self.rows.iter().filter(|(_, is_shown)| *is_shown);
        let words: Vec<String> = shown.map(|(column, _)| format!("\"{column}\"")).collect();
        format!("columns = [{}]", words.join(", "))
    }
}

impl Declare for Columns {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |columns: &mut Self, _, cx| {
            if let Some((_, is_shown)) = columns.rows.get_mut(columns.at) {
                *is_shown = !*is_shown;
            }
            columns.apply(cx);
        })
        .called(|columns, _| {
            let is_shown = columns
                .rows
                .get(columns.at)
                .is_some_and(|(_, is_shown)| *is_shown);
            if is_shown { "hide" } else { "show" }.to_owned()
        }),
        Command::on(&[Action::MoveUp], |columns, _, cx| columns.shift(-1, cx)),
        Command::on(&[Action::MoveDown], |columns, _, cx| columns.shift(1, cx)),
        Command::on(&[Action::ColumnsOfSettings], |columns: &mut Self, _, cx| {
            columns.rows = every(&cx.facts.log_columns.clone());
            columns.apply(cx);
        }),
        Command::on(MOVES, |columns: &mut Self, action, cx| {
            let by = distance(action, cx.pane_rows());
            columns.at = stepped(columns.at, by, columns.rows.len());
        }),
    ];
}

impl Component for Columns {
    fn context(&self) -> Context {
        Context::Columns
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Accept,
            Action::Leave,
            Action::MoveUp,
            Action::MoveDown,
            Action::ColumnsOfSettings,
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let room = usize::from(centred(area, MAX_WIDTH, area.height).width.saturating_sub(4));
        let keep = format!(
            "To keep them, write under [log] in config.toml: {}",
            self.setting()
        );
        let keep: Vec<String> = wrap::parts(&keep, room)
            .map(|part| part.trim_end().to_owned())
            .collect();
        let wanted = rows(self.rows.len() + 1 + keep.len() + 2);
        let place = centred(area, MAX_WIDTH, wanted);
        // The list matters more than how to keep it.
        let height = usize::from(place.height.saturating_sub(2)).min(self.rows.len());
        let first = window(self.rows.len(), Some(self.at), height);
        let foot = canvas.beyond(first, self.rows.len(), height);
        let inner = canvas.popup("Columns of the log", &foot, place);
        let shown = self.rows.iter().enumerate().skip(first).take(height);
        for (y, (at, (column, is_shown))) in shown.enumerate() {
            let (sign, role) = if *is_shown {
                ("[x]", Role::ValueOn)
            } else {
                ("[ ]", Role::Value)
            };
            let cells = [
                (role, format!("{sign} {:<9}", column.word())),
                (Role::Dim, about(*column).to_owned()),
            ];
            canvas.row(row(inner, y), at == self.at, true, &cells);
        }
        let below = usize::from(inner.height).saturating_sub(height + 1);
        for (y, text) in keep.into_iter().take(below).enumerate() {
            canvas.text(row(inner, height + 1 + y), Role::Dim, text);
        }
        Drawn::default()
    }
}
