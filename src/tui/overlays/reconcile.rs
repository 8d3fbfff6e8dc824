//! Lists the differences between the provider's history and the log, and imports generations made elsewhere.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::page::show_problem;
use crate::engine::reconcile::{Comparison, Difference, Elsewhere};
use crate::model::TakeId;
use crate::model::text::{counted, one_line};
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn, MAX_WIDTH, centred, rows};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, EngineWork, Message};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, Tone, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, window};

/// Lines below the list: the selected difference, its request, the sums, the keys.
const BELOW: u16 = 6;
/// Shown while the history is read.
const READING: &str = "Reading the provider's history";

pub struct Reconcile {
    comparison: Arc<Comparison>,
    /// The selected difference.
    at: usize,
}

/// Starts a comparison.
pub fn start(cx: &mut Cx) {
    cx.tell(Tone::Plain, READING);
    cx.run(Effect::Engine(EngineWork::Reconcile { quiet: false }));
}

/// Shows the comparison. A quiet one shows only that there are differences, in one line.
pub fn reconciled(cx: &mut Cx, quiet: bool, result: Result<Option<Arc<Comparison>>, Problem>) {
    match result {
        Ok(None) => return,
        Ok(Some(comparison)) if quiet && comparison.differences.is_empty() => return,
        Ok(Some(comparison)) if quiet => tell_of_differences(cx, &comparison),
        Ok(Some(comparison)) => {
            cx.news.clear_if(READING);
            cx.show(
                Reconcile { comparison, at: 0 },
                Tone::Plain,
                "The comparison is ready: stop typing to read it",
            );
        }
        Err(error) if quiet => tracing::info!("the provider's history was not compared: {error}"),
        Err(error) => show_problem(cx, "The history could not be compared", &error),
    }
    cx.refresh();
}

fn tell_of_differences(cx: &mut Cx, comparison: &Comparison) {
    let places = counted(comparison.differences.len() as u64, "place");
    let how = cx.by_key(Action::Reconcile);
    cx.tell(
        Tone::Warning,
        format!("The provider's history differs from the log in {places}{how}"),
    );
}

pub fn imported(cx: &mut Cx, result: Result<Vec<TakeId>, Problem>) {
    match result {
        Ok(ids) if ids.len() == 1 => cx.tell(Tone::Good, format!("Imported as take {}", ids[0])),
        Ok(ids) => cx.tell(Tone::Good, format!("{} generations imported", ids.len())),
        Err(error) => show_problem(cx, "Not everything was imported", &error),
    }
    cx.refresh();
}

impl Reconcile {
    fn selected(&self) -> Option<&Difference> {
        self.comparison.differences.get(self.at)
    }

    fn step(&mut self, by: isize) {
        self.at = stepped(self.at, by, self.comparison.differences.len());
    }

    /// The generations that an action would import: the selected one, or all.
    fn importable(&self, action: Action) -> Vec<&Elsewhere> {
        match action {
            Action::ImportAll => self.comparison.importable().collect(),
            _ => self
                .selected()
                .and_then(Difference::importable)
                .into_iter()
                .collect(),
        }
    }

    fn can_import(&self, action: Action, _state: &State) -> Possible {
        if self.importable(action).is_empty() {
            return Err("this row cannot be imported".to_owned());
        }
        Ok(())
    }

    fn import(&mut self, action: Action, cx: &mut Cx) {
        let effect = Effect::Engine(EngineWork::Import {
            reel_id: cx.facts.reel.id.clone(),
            prices: cx.money.settings.prices.clone(),
            chosen: self.importable(action).into_iter().cloned().collect(),
        });
        cx.run(effect);
    }

    /// The totals of both sides, and what they do not include.
    fn sums(&self) -> String {
        let c = &self.comparison;
        let agree = if c.agree() { "In sync: " } else { "" };
        let mut sums = format!(
            "{agree}{} since {}. Log {}, provider {}.",
            counted(c.requests as u64, "request"),
            c.from,
            c.ours.precise(),
            c.theirs.precise()
        );
        if c.unknown > 0 {
            sums += &format!(" {} with unknown outcome.", counted(c.unknown as u64, "take"));
        }
        if !c.whole {
            sums += &format!(" {} rows unreadable (missing takes not checked).", c.unreadable);
        }
        sums
    }

    fn about_selected(&self) -> Vec<(Role, String)> {
        let Some(difference) = self.selected() else {
            return Vec::new();
        };
        let mut lines = vec![(Role::Dim, format!("request {}", difference.request_id()))];
        if let Difference::Elsewhere(elsewhere) = difference {
            let created = elsewhere.row.created;
            let created = created.map_or_else(String::new, |at| format!("{at:.0}  "));
            let prompt = elsewhere.prompt(300);
            lines.push((Role::Text, one_line(&format!("{created}\"{prompt}\""), 400)));
        }
        lines
    }
}

impl Declare for Reconcile {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Import, Action::ImportAll], Self::import).when(Self::can_import),
        Command::on(MOVES, |reconcile, action, cx| {
            reconcile.step(distance(action, cx.seen.over.rows));
        }),
    ];
}

impl Component for Reconcile {
    fn context(&self) -> Context {
        Context::Reconcile
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Import,
            Action::ImportAll,
            Action::CheckAgain,
            Action::Down,
            Action::Up,
            Action::Leave,
        ]
    }

    /// Compares again after an import.
    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        if matches!(message, Message::Imported(_)) {
            cx.run(Effect::Engine(EngineWork::Reconcile { quiet: false }));
        }
        false
    }

    fn absorb(&mut self, newer: &dyn Component) -> bool {
        let Some(newer) = newer.downcast::<Self>() else {
            return false;
        };
        self.comparison = Arc::clone(&newer.comparison);
        self.step(0);
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let differences = &self.comparison.differences;
        let wanted = rows(differences.len().max(1)).saturating_add(BELOW + 2);
        let inner = canvas.popup(
            "Reconcile with the provider's history",
            "",
            centred(area, MAX_WIDTH, wanted),
        );
        let room = usize::from(inner.height.saturating_sub(BELOW));
        let first = window(differences.len(), Some(self.at), room);
        for (at, difference) in differences.iter().enumerate().skip(first).take(room) {
            let text = format!("{:<9} {}", difference.word(), difference.sentence());
            let cells = [(role(difference), text)];
            canvas.row(row(inner, at - first), at == self.at, true, &cells);
        }
        if differences.is_empty() {
            canvas.roles(row(inner, 0), &[(Role::Ok, "No differences".to_owned())]);
        }
        let end = usize::from(inner.height);
        let start = end.saturating_sub(usize::from(BELOW) - 1);
        for (at, line) in self.about_selected().into_iter().enumerate() {
            canvas.roles(row(inner, start + at), &[line]);
        }
        canvas.roles(row(inner, end.saturating_sub(2)), &[(Role::Text, self.sums())]);
        let keys = canvas.keys(canvas.hints);
        canvas.line(row(inner, end.saturating_sub(1)), keys);
        Drawn {
            rows: rows(room),
            ..Drawn::default()
        }
    }
}

const fn role(difference: &Difference) -> Role {
    match difference {
        Difference::Cost { .. } => Role::Text,
        Difference::Elsewhere(_) => Role::Accent,
        Difference::Missing { .. } | Difference::Bill { .. } | Difference::State { .. } => Role::Warn,
    }
}
