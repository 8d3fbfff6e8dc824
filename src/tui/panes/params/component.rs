//! Parameters as a component: its commands, and the field that is being typed.

use crossterm::event::KeyEvent;
use jiff::SignedDuration;
use ratatui::layout::Rect;

use super::Parameter;
use super::draw::{Offer, ParamsPane};
use super::state::{ParamsState, Spot};
use crate::engine::references::Paths;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::component::{Command, Component, Cx, Declare, Possible, Request};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::Context;
use crate::tui::overlays::menu::{Choice, Menu};
use crate::tui::pane::PaneId;
use crate::tui::panes::prompt::not_edited;
use crate::tui::state::{MOVES, State, Tone, distance};

/// The pane, with what is selected and typed in it; the values are the form's.
#[derive(Default)]
pub struct Params {
    state: ParamsState,
}

impl Declare for Params {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Sweep], |_, _, cx| {
            cx.request(Request::GoTo(Target::Spot(Spot::Parameter(Parameter::Seeds))));
            cx.request(Request::Edit(PaneId::Params));
        })
        .anywhere(),
        Command::on(
            &[Action::ValueNext, Action::ValuePrevious],
            |params: &mut Self, action, cx| {
                let form = &mut cx.form.current;
                let change = match action {
                    Action::ValueNext => params.state.next(form),
                    _ => params.state.previous(form),
                };
                cx.param_changed(change.as_ref());
            },
        )
        .when(Self::can_step)
        .anywhere(),
        Command::on(&[Action::EditValue], |params: &mut Self, _, cx| params.edit(cx))
            .when(|_, _, state| a_parameter_is_selected(state))
            .called(|params, state| {
                let is_choice = state.focus == PaneId::Params && params.is_choice(state);
                if is_choice {
                    "choose"
                } else {
                    Action::EditValue.short()
                }
                .to_owned()
            })
            .anywhere(),
        Command::on(&[Action::RemoveItem], |params: &mut Self, _, cx| {
            cx.change_list(|form| params.state.remove(form));
        })
        .when(|params, _, state| {
            if state.focus == PaneId::Params {
                return params.a_reference_is_selected(state);
            }
            let how = state.by_key(Action::FocusParameters);
            Err(format!("no reference is selected{how}"))
        })
        .anywhere(),
        Command::on(
            &[Action::MoveUp, Action::MoveDown],
            |params: &mut Self, action, cx| {
                let by = if action == Action::MoveUp { -1 } else { 1 };
                cx.change_list(|form| params.state.move_item(form, by));
            },
        )
        .when(|params, _, state| params.a_reference_is_selected(state)),
        Command::on(MOVES, |params, action, cx| {
            let by = distance(action, cx.pane_rows());
            params.state.step(&cx.form.current, by);
        }),
        Command::on(&[Action::Accept], |params: &mut Self, _, cx| params.commit(cx)).during(Self::is_typing),
        Command::on(&[Action::Leave], |params: &mut Self, _, _| params.state.cancel())
            .during(Self::is_typing),
        Command::on(
            &[Action::Complete, Action::CompleteBack],
            |params: &mut Self, _, cx| {
                if let Some(typed) = params.state.typed_reference() {
                    cx.run(Effect::FindPaths(typed.to_owned()));
                }
            },
        )
        .during(Self::is_typing)
        .when(|params, action, state| match params.state.typed_reference() {
            Some(_) if action == Action::Complete => Ok(()),
            _ if params.is_typing() => Err("only paths of references are completed here".to_owned()),
            _ => Err(not_edited(state)),
        }),
    ];
}

fn a_parameter_is_selected(state: &State) -> Possible {
    if state.focus == PaneId::Params {
        return Ok(());
    }
    let how = state.by_key(Action::FocusParameters);
    Err(format!("no parameter is selected{how}"))
}

impl Params {
    fn is_typing(&self) -> bool {
        self.state.is_editing()
    }

    /// The selected parameter.
    fn param(&self, state: &State) -> Parameter {
        self.state.selected(&state.form.current).param()
    }

    fn is_choice(&self, state: &State) -> bool {
        self.param(state).choices(&state.form.current).is_some()
    }

    fn can_step(&self, _action: Action, state: &State) -> Possible {
        a_parameter_is_selected(state)?;
        if self.is_choice(state) {
            return Ok(());
        }
        let how = state.by_key(Action::EditValue);
        Err(format!("{} is typed, not chosen{how}", self.param(state).label()))
    }

    /// Whether a reference or frame is selected that could be removed.
    fn a_reference_is_selected(&self, state: &State) -> Possible {
        match self.state.selected(&state.form.current) {
            spot if spot.is_reference() => Ok(()),
            spot => Err(format!("{} is no reference", spot.param().label())),
        }
    }

    /// Takes the typed value into the form.
    fn commit(&mut self, cx: &mut Cx) {
        let is_seeds = self.state.typed_param() == Some(Parameter::Seeds);
        cx.change_list(|form| self.state.commit(form));
        if is_seeds && cx.form.current.seed_list().is_err() {
            // However often Enter is pressed: what is typed next belongs to the list until it can be read.
            self.state.go_on_typing(&cx.form.current);
        }
    }

    /// Paths were found: what they have in common is filled in, unless the user has typed on.
    fn paths_found(&mut self, typed: &str, found: &Paths, cx: &mut Cx) {
        if self.state.typed_reference() != Some(typed) {
            return;
        }
        if found.count == 0 {
            cx.tell(Tone::Plain, "no file has this name");
        } else if found.common.len() > typed.len() {
            self.state.retype(&found.common);
        } else if found.count > 1 {
            let name = |path: &String| {
                let at = path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
                path[at..].to_owned()
            };
            let names: Vec<String> = found.first.iter().map(name).collect();
            let more = if found.count > names.len() { ", …" } else { "" };
            cx.tell(Tone::Plain, format!("{}{more}", names.join(", ")));
        }
    }
}

/// Lists the values of a choice.
fn list_values(param: Parameter, cx: &mut Cx) {
    let Some((words, now)) = param.choices(&cx.form.current) else {
        return;
    };
    let unit = if param == Parameter::Duration { " s" } else { "" };
    let row = |(place, word): (usize, String)| {
        Choice::new(format!("{word}{unit}"), move |cx| {
            let change = ParamsState::default().choose(&mut cx.form.current, param, place);
            cx.param_changed(change.as_ref());
        })
    };
    let rows = words.into_iter().enumerate().map(row).collect();
    cx.open(Menu::new(param.label(), rows).at(now));
}

impl Component for Params {
    fn context(&self) -> Context {
        if self.is_typing() {
            Context::Field
        } else {
            Context::Parameters
        }
    }

    fn hints(&self) -> &'static [Action] {
        if self.is_typing() {
            return &[Action::Accept, Action::Leave];
        }
        &[
            Action::ValuePrevious,
            Action::ValueNext,
            Action::EditValue,
            Action::Generate,
            Action::Sweep,
        ]
    }

    fn mode(&self) -> Option<&'static str> {
        self.is_typing().then_some("TYPING")
    }

    /// Begins to type the selected parameter's value; the values of a choice are listed.
    fn edit(&mut self, cx: &mut Cx) {
        if !self.state.begin_edit(&cx.form.current) {
            list_values(self.param(cx), cx);
        }
    }

    fn left(&mut self, _cx: &mut Cx) {
        self.state.cancel();
    }

    fn key(&mut self, key: KeyEvent, _cx: &mut Cx) -> bool {
        self.state.key(key)
    }

    fn paste(&mut self, text: &str, _cx: &mut Cx) -> bool {
        self.state.paste(text);
        self.is_typing()
    }

    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        let Message::PathsFound(typed, found) = message else {
            return false;
        };
        self.paths_found(typed, found, cx);
        true
    }

    fn select(&mut self, target: Target, _cx: &mut Cx) {
        if let Target::Spot(spot) = target {
            self.state.select(spot);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let pane = ParamsPane {
            state: &self.state,
            files: &state.form.files,
            offer: offer(state),
        };
        if area.height == 1 {
            pane.draw_line(canvas.buffer, area, &canvas.ctx)
        } else {
            pane.draw(canvas.buffer, area, &canvas.ctx)
        }
    }
}

/// What `generate` would do now; nothing while the seeds cannot be read.
fn offer(state: &State) -> Option<Offer> {
    let takes = state.form.current.seed_list().ok()?.count();
    let plan = state.plan(&state.form.current);
    let blocked = state.cap().and_then(|cap| match state.fits(&plan) {
        _ if plan.price.is_none() => Some("price unknown: you name a maximum".to_owned()),
        fits if fits == takes => None,
        0 => Some(format!("over the day's cap of {}", cap.limit)),
        fits => Some(format!("{fits} of {takes} fit the day's cap of {}", cap.limit)),
    });
    let doubt = state.doubt();
    let doubt = doubt.map(|doubt| format!("settings unreadable: {}", doubt.place));
    let all = state.money.expectation.of_rounds(takes, state.facts.in_flight);
    Some(Offer {
        backend: state.facts.backend,
        takes,
        each: plan.price,
        wait: Some((all.p10_ms, all.p90_ms)),
        by: state.now.checked_add(whole_wait(state, takes)).ok(),
        blocked: doubt.or(blocked),
    })
}

/// How long until the last of `takes` more is there, when all go slowly.
fn whole_wait(state: &State, takes: u32) -> SignedDuration {
    let ahead = u32::try_from(state.takes.queue.takes.len()).unwrap_or(u32::MAX);
    let all = state
        .money
        .expectation
        .of_rounds(ahead.saturating_add(takes), state.facts.in_flight);
    SignedDuration::from_millis(i64::try_from(all.p90_ms).unwrap_or(i64::MAX))
}
