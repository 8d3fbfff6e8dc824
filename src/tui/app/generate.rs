//! Takes come into the line here. What costs the user's money is asked first, with count and amount.

use crate::engine::admit::{Order, Plan};
use crate::model::text::counted;
use crate::model::{Doubt, Draft, TakeId, TakeState, Usd};
use crate::service::Problem;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Ask, Confirm, Entry, Intent, Overlay, Purpose};
use crate::tui::panes::{PaneId, Spot};
use crate::tui::reading::Reading;

use super::draft::draft_of;
use super::{App, Tone};

impl App {
    /// Generates what Parameters ask for.
    pub(super) fn generate(&mut self) -> Vec<Effect> {
        if let Some(rule) = self.draft.broken_rules().first() {
            let text = rule.to_string();
            let param = rule.parameter();
            if param.has_row() {
                self.focus(PaneId::Params);
                self.params.select(Spot::Param(param));
            } else {
                self.focus(PaneId::Prompt);
            }
            self.tell(Tone::Error, format!("nothing was sent: {text}"));
            return Vec::new();
        }
        let order = self.order(self.draft.clone(), None);
        if !self.is_live() {
            return vec![Effect::Admit(Box::new(order))];
        }
        self.ask(Ask::Generate, order)
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
        self.ask(Ask::RunAgain { take: id, unknown }, order)
    }

    /// Makes a final take of the selected draft take.
    pub(super) fn promote(&mut self) -> Vec<Effect> {
        let made = self.made_from_selected(|draft| {
            if let Some(promotes) = draft.model.promotes {
                draft.resolution = promotes.same_seed_at;
            }
        });
        made.map_or_else(Vec::new, |(id, _, order)| self.ask(Ask::Promote(id), order))
    }

    /// The takes are in line, or why not.
    pub(super) fn admitted(&mut self, answer: Result<Vec<TakeId>, Problem>) -> Vec<Effect> {
        match answer {
            Ok(ids) => {
                let text = match ids[..] {
                    [only] => format!("take {only} is in line"),
                    _ => format!("{} are in line", counted(ids.len() as u64, "take")),
                };
                self.tell(Tone::Good, text);
                self.refresh()
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
            repeats: self.facts.repeats,
            draft,
            first: None,
            parent,
            max_price: None,
            accepts: None,
            replaces: Vec::new(),
        }
    }

    /// Takes and price of a draft, by the prices in force.
    #[must_use]
    pub fn plan(&self, draft: &Draft) -> Plan {
        let clip_ms = |clip: &str| self.files.get(clip)?.as_ref().ok()?.longest_ms;
        Plan {
            takes: draft.seed_list().map_or(0, |seeds| seeds.count()),
            price: self.money.prices.price(&draft.priced(clip_ms)),
            max_price: None,
            repeats: self.facts.repeats,
        }
    }

    /// How many takes of a plan the cap leaves room for.
    #[must_use]
    pub fn fits(&self, plan: &Plan) -> u32 {
        self.cap()
            .map_or(plan.takes, |cap| plan.fits(&cap, self.today + self.promised))
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

    /// Asks before what spends money, or cannot be promised. Without a known price under a cap, the user is asked for
    /// a maximum first; what the cap leaves no room for is said instead. The settings are read anew meanwhile.
    pub(super) fn ask(&mut self, ask: Ask, order: Order) -> Vec<Effect> {
        self.put(ask, order);
        vec![Effect::LookAtMoney]
    }

    fn put(&mut self, ask: Ask, order: Order) {
        let plan = Plan {
            max_price: order.max_price,
            ..self.plan(&order.draft)
        };
        if self.is_live() && self.cap().is_some() && plan.most_of_one().is_none() {
            self.asking_price = Some((ask, order));
            self.open(Overlay::Entry(Entry::new(Purpose::MaxPrice, "")));
            return;
        }
        match self.question(ask, order, plan) {
            Ok(confirm) => self.open(Overlay::Confirm(confirm)),
            Err(why) => self.tell(Tone::Error, format!("nothing was sent: {why}")),
        }
    }

    /// The user named the most that one take may cost.
    pub(super) fn take_max_price(&mut self, typed: &str) -> Vec<Effect> {
        let Some((ask, mut order)) = self.asking_price.take() else {
            return Vec::new();
        };
        match Usd::parse_maximum(typed) {
            Ok(most) => {
                order.max_price = Some(most);
                self.put(ask, order);
            }
            Err(error) => self.tell(Tone::Error, format!("nothing was sent: {error}")),
        }
        Vec::new()
    }

    /// The question is about money that changed meanwhile: it is asked anew, or says why it cannot be any more.
    pub(super) fn ask_anew(&mut self) {
        let Some(Overlay::Confirm(asked)) = self.overlays.last() else {
            return;
        };
        let Intent::Admit(order, ask) = &asked.then else {
            return;
        };
        let (ask, order) = (
            *ask,
            Order {
                first: None,
                accepts: None,
                ..(**order).clone()
            },
        );
        let plan = Plan {
            max_price: order.max_price,
            ..self.plan(&order.draft)
        };
        let is_same = self.question(ask, order.clone(), plan).is_ok_and(|now| {
            (now.question, now.details, now.yes)
                == (asked.question.clone(), asked.details.clone(), asked.yes.clone())
        });
        if !is_same {
            self.overlays.pop();
            self.put(ask, order);
        }
    }

    /// The question before an order, by the settings about money as they are known now. Errors of the script stand
    /// first, and saying yes then is to override them on purpose.
    fn question(&self, ask: Ask, mut order: Order, plan: Plan) -> Result<Confirm, String> {
        let doubt = self.money.doubt.clone().filter(|_| self.is_live());
        let fits = self.fits(&plan);
        if fits == 0 {
            return Err(self.no_room(&plan));
        }
        let is_part = fits < plan.takes;
        let takes = if is_part {
            order.first = Some(fits);
            format!("{fits} of {} takes", plan.takes)
        } else {
            counted(plan.takes, "take")
        };
        let money = plan.each().map_or_else(
            || " for an unknown amount of your money".to_owned(),
            |price| format!(" for {} of your money", price.words(price.shown().times(fits))),
        );
        let money = if self.is_live() { money } else { String::new() };
        let no_cap = if doubt.as_ref().is_some_and(|doubt| doubt.hides_the_cap) {
            ", without a cap"
        } else {
            ""
        };
        let mut details = self.errors_of(&order.draft);
        let mut yes = if details.is_empty() {
            ask.verb()
        } else {
            "send it all the same".to_owned()
        };
        let question = match ask {
            Ask::Generate => format!("Generate {takes}{money}{no_cap}?"),
            Ask::Replace => format!("Generate {takes} without sound{money}{no_cap}?"),
            Ask::RunAgain { take, .. } => format!("Run take {take} again{money}{no_cap}?"),
            Ask::Promote(take) => format!("Make a 720p take of take {take}{money}{no_cap}?"),
        };
        details.extend(ask.details());
        if is_part {
            details.push(format!("{fits} of {} fit under the cap.", plan.takes));
            yes = format!("send {fits}");
        }
        if let Some(doubt) = doubt {
            details.extend(doubt_in_words(&doubt));
            yes = format!("{yes}{}", if no_cap.is_empty() { "" } else { " without a cap" });
            order.accepts = Some(doubt);
        }
        if self.is_live()
            && plan.repeats > 0
            && let Some(worst) = plan.most_of_one()
        {
            let worst = worst.times(fits);
            details.push(format!("Up to {worst} with {} repeats of each.", plan.repeats));
        }
        if self.is_live() {
            details.push(match self.cap() {
                Some(cap) => format!("Today {} of {}.", self.today, cap.limit),
                None => format!("Today {}, no cap set.", self.today),
            });
        }
        Ok(Confirm {
            question,
            details,
            yes,
            then: Intent::Admit(Box::new(order), ask),
        })
    }

    /// Why nothing of a plan fits under the cap, and what to do.
    fn no_room(&self, plan: &Plan) -> String {
        let (Some(cap), Some(most)) = (self.cap(), plan.most_of_one()) else {
            return "there is no take to send: put seeds into Parameters".to_owned();
        };
        cap.no_room(self.today + self.promised, most)
    }

    /// Asks before waiting takes go on although the settings about money cannot be read.
    pub(super) fn ask_to_accept(&mut self, doubt: Doubt) {
        let question = if doubt.hides_the_cap {
            "Send what waits, without a cap?"
        } else {
            "Send what waits at prices that cannot be read?"
        };
        self.open(Overlay::Confirm(Confirm {
            question: question.to_owned(),
            details: doubt_in_words(&doubt).into(),
            yes: "send".to_owned(),
            then: Intent::Accept(doubt),
        }));
    }
}

/// What is wrong, and what to do about it.
fn doubt_in_words(doubt: &Doubt) -> [String; 2] {
    let (what, then) = if doubt.hides_the_cap {
        ("cap", "no cap holds")
    } else {
        ("price", "the published price counts")
    };
    [
        format!("The {what} in the settings cannot be read. {}", doubt.why),
        format!("Esc, correct that line and ask again; or say yes: {then} until rushes is left."),
    ]
}

/// Errors named in a question; the others are counted.
const NAMED_ERRORS: usize = 3;
