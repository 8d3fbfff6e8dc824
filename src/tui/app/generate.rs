//! Takes come into the line here. What costs the user's money is asked first, with count and amount.

use crate::engine::admit::Order;
use crate::model::text::counted;
use crate::model::{Draft, Resolution, TakeId, TakeState, Usd};
use crate::tui::effect::Effect;
use crate::tui::overlays::{Confirm, Intent, Overlay};
use crate::tui::panes::{PaneId, Param, Spot};
use crate::tui::reading::Reading;

use super::draft::draft_of;
use super::{App, Tone};

impl App {
    /// Generates what Parameters ask for.
    pub(super) fn generate(&mut self) -> Vec<Effect> {
        if let Some(rule) = self.draft.broken_rules().first() {
            let text = rule.to_string();
            match Param::of_rule(rule.field()) {
                Some(param) => {
                    self.focus(PaneId::Params);
                    self.params.select(Spot::Param(param));
                }
                None => self.focus(PaneId::Prompt),
            }
            self.tell(Tone::Error, format!("nothing was sent: {text}"));
            return Vec::new();
        }
        let order = self.order(self.draft.clone(), None);
        let (count, amount) = total(&order);
        if !self.is_live() {
            return vec![Effect::Admit(Box::new(order))];
        }
        let question = format!(
            "Generate {} for {amount} est. of your money?",
            counted(count, "take")
        );
        self.ask(question, Vec::new(), "generate", order);
        Vec::new()
    }

    /// Runs the selected take's request again, with its seed.
    pub(super) fn run_again(&mut self) -> Vec<Effect> {
        let Some((id, state, order)) = self.made_from_selected(|_| {}) else {
            return Vec::new();
        };
        let unknown = state == TakeState::Unknown;
        if !self.is_live() && !unknown {
            return vec![Effect::Admit(Box::new(order))];
        }
        let (_, amount) = total(&order);
        let details = if unknown {
            vec![format!("If take {id} did arrive after all, this may bill twice.")]
        } else {
            Vec::new()
        };
        let money = if self.is_live() {
            format!(" for {amount} est. of your money")
        } else {
            String::new()
        };
        self.ask(
            format!("Run take {id} again{money}?"),
            details,
            "run again",
            order,
        );
        Vec::new()
    }

    /// Makes a final take of the selected draft take.
    pub(super) fn promote(&mut self) -> Vec<Effect> {
        let made = self.made_from_selected(|draft| draft.resolution = Resolution::P720);
        let Some((id, _, order)) = made else {
            return Vec::new();
        };
        let (_, amount) = total(&order);
        let money = if self.is_live() {
            format!(" for {amount} est. of your money")
        } else {
            String::new()
        };
        let question = format!("Make a 720p take of take {id}{money}?");
        let details = vec!["Same request, same seed, not guaranteed the same clip.".to_owned()];
        self.ask(question, details, "promote", order);
        Vec::new()
    }

    /// The takes are in line, or why not.
    pub(super) fn admitted(&mut self, answer: Result<Vec<TakeId>, String>) -> Vec<Effect> {
        match answer {
            Ok(ids) => {
                let text = match ids[..] {
                    [only] => format!("take {only} is in line"),
                    _ => format!("{} are in line", counted(ids.len() as u64, "take")),
                };
                self.tell(Tone::Good, text);
                let mut effects = vec![Effect::Wake];
                effects.extend(self.refresh());
                effects
            }
            Err(error) => {
                self.trouble("No take was put in line", &error);
                Vec::new()
            }
        }
    }

    /// What is asked of the engine to make the takes of `draft`.
    pub(super) fn order(&self, draft: Draft, parent: Option<TakeId>) -> Order {
        Order {
            reel_id: self.facts.reel.id.clone(),
            backend: self.facts.backend,
            each: draft.price_of_one(&self.facts.prices),
            repeats: self.facts.repeats,
            draft,
            parent,
            cap: self.cap(),
            replaces: Vec::new(),
        }
    }

    /// What is wrong enough with a draft's script to stop a paid take, a line each.
    fn errors_of(&self, draft: &Draft) -> Vec<String> {
        if !self.is_live() {
            return Vec::new();
        }
        let reading = Reading::of(draft, &self.facts.lint_off, &self.files);
        let count = reading.errors().count();
        let mut lines: Vec<String> = reading
            .errors()
            .take(NAMED_ERRORS)
            .map(|finding| format!("✗ {}", finding.message))
            .collect();
        if count > NAMED_ERRORS {
            lines.push(format!("✗ and {} more errors", count - NAMED_ERRORS));
        }
        lines
    }

    /// An order of the selected take's request, changed by `change`, with it as parent.
    fn made_from_selected(&mut self, change: impl FnOnce(&mut Draft)) -> Option<(TakeId, TakeState, Order)> {
        let made = self.the_take().and_then(|take| {
            let draft = draft_of(take, &mut fastrand::Rng::new())?;
            Ok((take.id, take.state, draft))
        });
        match made {
            Ok((id, state, mut draft)) => {
                change(&mut draft);
                let order = self.order(draft, Some(id));
                Some((id, state, order))
            }
            Err(why) => {
                self.tell(Tone::Warning, why);
                None
            }
        }
    }

    /// Asks before takes that were held are replaced for money.
    pub(super) fn ask_to_replace(&mut self, order: Order) {
        let (count, amount) = total(&order);
        let question = format!(
            "Generate {} without sound for {amount} est. of your money?",
            counted(count, "take")
        );
        let details = vec!["The held ones are cancelled with it.".to_owned()];
        self.ask(question, details, "generate", order);
    }

    /// Asks before what spends money, or cannot be promised. Errors of the script stand first, and saying yes then
    /// is to override them on purpose.
    fn ask(&mut self, question: String, details: Vec<String>, yes: &'static str, order: Order) {
        let mut errors = self.errors_of(&order.draft);
        let yes = if errors.is_empty() {
            yes
        } else {
            "send it all the same"
        };
        errors.extend(details);
        let mut details = errors;
        if self.is_live() && order.repeats > 0 {
            let (_, amount) = total(&order);
            let worst = amount.times(order.repeats + 1);
            details.push(format!("Up to {worst} with {} repeats of each.", order.repeats));
        }
        if let Some(cap) = self.facts.cap_per_day.filter(|_| self.is_live()) {
            details.push(format!("Today {} of {cap}.", self.today));
        } else if self.is_live() {
            details.push(format!("Today {}, no cap set.", self.today));
        }
        let then = Intent::Admit(Box::new(order));
        self.open(Overlay::Confirm(Confirm {
            question,
            details,
            yes,
            then,
        }));
    }
}

/// Errors named in a question; the others are counted.
const NAMED_ERRORS: usize = 3;

/// Count and amount of an order.
fn total(order: &Order) -> (u32, Usd) {
    let count = order.draft.seed_list().map_or(0, |seeds| seeds.count());
    (count, order.each.times(count))
}
