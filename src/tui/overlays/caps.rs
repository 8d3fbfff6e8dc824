//! The caps, what is spent of them, and changing them for this run of the program.

use ratatui::layout::Rect;

use super::entry::Entry;
use super::page::show_problem;
use crate::model::{CapScope, Usd};
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn, MAX_WIDTH, centred, rows};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, EngineWork};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, Tone, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, width};
use crate::tui::widgets::{time, wrap};

/// The overlay.
#[derive(Default)]
pub struct Caps {
    at: usize,
}

/// Opens it, and asks for the balance.
pub fn open(cx: &mut Cx) {
    cx.run(Effect::Engine(EngineWork::AskBalance));
    cx.open(Caps::default());
}

/// Whether there is anything to limit.
pub fn can_open(state: &State) -> Possible {
    if state.is_live() {
        return Ok(());
    }
    Err("takes of the sandbox cost nothing, so no cap limits them".to_owned())
}

/// A cap was changed, or could not be.
pub fn changed(cx: &mut Cx, result: Result<String, Problem>) {
    match result {
        Ok(what) => cx.tell(Tone::Good, what),
        Err(error) => show_problem(cx, "The cap stays as it is", &error),
    }
    cx.refresh();
}

/// A limit as it is typed: an amount, or `none`.
fn limit(typed: &str) -> Result<Option<Usd>, String> {
    let typed = typed.trim();
    if typed.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    Usd::parse(typed).map(Some).map_err(|error| error.to_string())
}

fn in_words(limit: Option<Usd>) -> String {
    limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string())
}

impl Caps {
    fn scope(&self) -> CapScope {
        CapScope::ALL[self.at.min(CapScope::ALL.len() - 1)]
    }

    /// Asks for the limit of the selected cap.
    fn change(&self, cx: &mut Cx) {
        let scope = self.scope();
        let now = *cx.money.settings.caps.get(scope);
        let title = format!(
            "{} for this run, in US dollars, or none",
            crate::model::text::capitalized(scope.cap())
        );
        let typed = in_words(now).trim_start_matches('$').to_owned();
        let entry = Entry::new(title, "10.00", &typed, move |typed, cx| {
            if let Ok(limit) = limit(typed) {
                cx.run(Effect::SetCap(scope, Some(limit)));
            }
        });
        cx.open(entry.checked(|typed, _| limit(typed).map(drop)));
    }

    /// Each cap: its name, its limit, what is spent and left, and where it comes from.
    fn list(state: &State) -> Vec<[String; 4]> {
        let allowance = state.allowance();
        let of_this_run = &state.money.of_this_run;
        let line = |scope: CapScope| {
            let limit = *state.money.settings.caps.get(scope);
            let standing = allowance.standings().iter().find(|one| one.scope == scope);
            let used = match (scope, standing) {
                (CapScope::Sweep, Some(_)) => "for each".to_owned(),
                (_, Some(standing)) => format!(
                    "{} left, {} sent, {} queued",
                    standing.left(),
                    standing.spent,
                    standing.queued
                ),
                (_, None) => String::new(),
            };
            let origin = match of_this_run.get(scope) {
                Some(_) => "for this run",
                None => "as in the settings",
            };
            [scope.word().to_owned(), in_words(limit), used, origin.to_owned()]
        };
        CapScope::ALL.into_iter().map(line).collect()
    }

    /// What stands under the list: the balance, and the newest changes of this run.
    fn below(state: &State) -> Vec<String> {
        let balance = state.balance.map(|balance| balance.in_words(state.money.billed));
        let at = |time| time::of_day(time, state.now, &state.facts.zone);
        let changes = state.money.changes.iter();
        let changes = changes.map(|change| format!("{}  {}", at(change.at), change.what));
        balance.into_iter().chain(changes).collect()
    }
}

impl Declare for Caps {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |caps: &mut Self, _, cx| caps.change(cx))
            .called(|_, _| "change for this run".to_owned()),
        Command::on(&[Action::CapOfSettings], |caps: &mut Self, _, cx| {
            cx.run(Effect::SetCap(caps.scope(), None));
        })
        .when(|caps, _, state| match state.money.of_this_run.get(caps.scope()) {
            Some(_) => Ok(()),
            None => Err("this cap was not changed for this run".to_owned()),
        }),
        Command::on(MOVES, |caps: &mut Self, action, cx| {
            let by = distance(action, cx.pane_rows());
            caps.at = stepped(caps.at, by, CapScope::ALL.len());
        }),
    ];
}

impl Component for Caps {
    fn context(&self) -> Context {
        Context::Caps
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Accept,
            Action::CapOfSettings,
            Action::Leave,
            Action::Down,
            Action::Up,
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let list = Self::list(state);
        let widest = |column: usize| list.iter().map(|cells| width(&cells[column])).max().unwrap_or(0);
        let columns = usize::from(centred(area, MAX_WIDTH, area.height).width.saturating_sub(4));
        let below: Vec<String> = Self::below(state)
            .iter()
            .flat_map(|text| {
                wrap::parts(text, columns)
                    .map(|part| part.trim_end().to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        let place = centred(area, MAX_WIDTH, rows(list.len() + 1 + below.len() + 2));
        let inner = canvas.popup("Caps", "", place);
        for (y, [name, limit, used, origin]) in list.iter().enumerate() {
            let cells = [
                (Role::Text, format!("{name:<0$}  ", widest(0))),
                (Role::Money, format!("{limit:>0$}  ", widest(1))),
                (Role::Text, format!("{used:<0$}  ", widest(2))),
                (Role::Dim, origin.clone()),
            ];
            canvas.row(row(inner, y), y == self.at, true, &cells);
        }
        for (y, text) in below.into_iter().enumerate() {
            canvas.text(row(inner, list.len() + 1 + y), Role::Dim, text);
        }
        Drawn::default()
    }
}
