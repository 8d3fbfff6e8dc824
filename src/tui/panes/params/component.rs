//! The component of the Parameters pane: its commands and its reactions.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::Parameter;
use super::draw::{Blocked, Offer, View};
use super::state::{ParamsState, ValueChange, changing};
use crate::engine::admit::Plan;
use crate::engine::references::PathMatches;
use crate::model::Invalid;
use crate::model::parameters::SKIPS_MODERATION;
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::menu::{Choice, Menu};
use crate::tui::panes::prompt::not_edited;
use crate::tui::state::{MOVES, State, Tone, distance};

#[derive(Default)]
pub struct Params {
    state: ParamsState,
}

impl Declare for Params {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(
            &[Action::ValueNext, Action::ValuePrevious],
            |params: &mut Self, action, cx| {
                let by = if action == Action::ValueNext { 1 } else { -1 };
                let before = cx.form.current.skip_moderation;
                let change = params.state.turn(&mut cx.form.current, by);
                changed(change, before, cx);
            },
        )
        .when(Self::can_step)
        .anywhere(),
        Command::on(&[Action::EditValue], |params: &mut Self, _, cx| params.edit(cx))
            .when(|_, _, state| a_parameter_is_selected(state))
            .called(|params, state| {
                let is_choice = state.focus == PaneId::Parameters && params.is_choice(state);
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
            if state.focus == PaneId::Parameters {
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
            _ if params.is_typing() => Err("only paths of references can be completed here".to_owned()),
            _ => Err(not_edited(state)),
        }),
    ];
}

fn a_parameter_is_selected(state: &State) -> Possible {
    if state.focus == PaneId::Parameters {
        return Ok(());
    }
    let how = state.by_key(Action::FocusParameters);
    Err(format!("no parameter is selected{how}"))
}

impl Params {
    fn is_typing(&self) -> bool {
        self.state.edit.is_some()
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

    fn a_reference_is_selected(&self, state: &State) -> Possible {
        match self.state.selected(&state.form.current) {
            spot if spot.is_reference() => Ok(()),
            spot => Err(format!("{} is not a reference", spot.param().label())),
        }
    }

    /// Takes the typed value into the form.
    fn commit(&mut self, cx: &mut Cx) {
        let is_seeds = self.state.typed_param() == Some(Parameter::Seeds);
        cx.change_list(|form| self.state.commit(form));
        match cx.form.current.seed_list() {
            Err(Invalid::SweepToLookUp { .. }) if is_seeds => {
                let list = cx.form.current.seeds.clone();
                cx.run(Effect::LookUpSeeds(list));
            }
            // What is typed next belongs to the list until the list can be read.
            Err(_) if is_seeds => self.state.go_on_typing(&cx.form.current),
            _ => {}
        }
    }

    /// Fills in what the found paths have in common, unless the user has typed on.
    fn paths_found(&mut self, typed: &str, found: &PathMatches, cx: &mut Cx) {
        if self.state.typed_reference() != Some(typed) {
            return;
        }
        if found.count == 0 {
            cx.tell(Tone::Plain, "No file has a name that begins like this");
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

/// Puts the seeds themselves in the place of the sweeps that were typed.
fn seeds_found(result: &Result<String, Problem>, cx: &mut Cx) {
    match result {
        Ok(seeds) => {
            cx.form.current.seeds.clone_from(seeds);
            cx.save_and_estimate();
        }
        Err(problem) => cx.tell(Tone::Warning, problem.to_string()),
    }
}

/// A value was chosen. The moderation is skipped only after a question, which is asked once.
fn changed(change: Option<ValueChange>, skipped_before: bool, cx: &mut Cx) {
    if !cx.form.current.skip_moderation || skipped_before || cx.moderation_is_explained {
        return cx.param_changed(change.as_ref());
    }
    cx.form.current.skip_moderation = false;
    let details = [
        SKIPS_MODERATION,
        "It stays on in this form until you switch it off, and is kept with each take.",
    ];
    cx.open(Confirm::new(
        "Skip the provider's moderation?",
        details.map(str::to_owned).to_vec(),
        "skip it",
        move |cx| {
            cx.moderation_is_explained = true;
            cx.form.current.skip_moderation = true;
            cx.param_changed(change.as_ref());
        },
    ));
}

/// Lists the values of a choice.
fn list_values(param: Parameter, cx: &mut Cx) {
    let Some((words, now)) = param.choices(&cx.form.current) else {
        return;
    };
    let unit = if param == Parameter::Duration { " s" } else { "" };
    let row = |(place, word): (usize, String)| {
        Choice::new(format!("{word}{unit}"), move |cx| {
            let before = cx.form.current.skip_moderation;
            let change = changing(param, &mut cx.form.current, |form| param.choose(form, place));
            changed(change, before, cx);
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

    /// Starts typing the selected parameter's value, or lists the values of a choice.
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
        match message {
            Message::PathsFound(typed, found) => self.paths_found(typed, found, cx),
            Message::SeedsLookedUp(list, result) if *list == cx.form.current.seeds => seeds_found(result, cx),
            _ => return false,
        }
        true
    }

    fn select(&mut self, target: Target, _cx: &mut Cx) {
        if let Target::Spot(spot) = target {
            self.state.select(spot);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let view = View {
            state: &self.state,
            files: &state.form.files,
            offer: offer(state),
            ctx: canvas.ctx,
        };
        if area.height == 1 {
            view.draw_compact(canvas, area)
        } else {
            view.draw(canvas, area)
        }
    }
}

/// That not all takes of a plan fit under a cap.
fn over_the_cap(state: &State, plan: &Plan) -> Option<Blocked> {
    let allowance = state.allowance();
    if allowance.is_without_caps() {
        return None;
    }
    let takes = plan.takes();
    let blocked = |why, key| Some(Blocked { why, key });
    let Some(all) = plan.most_of(takes) else {
        return blocked("price unknown, maximum needed".to_owned(), String::new());
    };
    let standing = allowance.refusing(all)?;
    let (cap, limit) = (standing.scope.cap(), standing.limit);
    let why = match plan.fits(&allowance) {
        0 => format!("over {cap} of {limit}"),
        fits => format!("{fits} of {takes} fit under {cap} of {limit}"),
    };
    blocked(why, state.key_of(Action::Caps))
}

/// What generating would do now; `None` while the seeds cannot be read.
fn offer(state: &State) -> Option<Offer> {
    let order = state.order().ok()?;
    let plan = state.plan(&order);
    let takes = plan.takes();
    let blocked = over_the_cap(state, &plan);
    let doubt = state.money.doubt();
    let doubt = doubt.map(|doubt| Blocked {
        why: format!("settings unreadable: {}", doubt.place),
        key: String::new(),
    });
    let expected = state.expected_of(&state.form.current);
    let all = expected.of_rounds(takes, state.facts.in_flight);
    let done = state.finish(order.takes().map(|(variant, _)| &variant.form));
    Some(Offer {
        backend: state.facts.backend,
        takes,
        each: plan.price_of_one(),
        all: plan.price_of(takes),
        wait: (all.p50_ms, all.p90_ms),
        by: done.into_iter().max(),
        blocked: doubt.or(blocked),
    })
}
