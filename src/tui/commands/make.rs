//! Commands that make takes. What costs the user's money is asked first, with count and amount.

use crate::engine::admit::{Order, Plan};
use crate::model::text::counted;
use crate::model::{Doubt, Form, Resolution, TakeId, TakeState, Usd};
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::canvas::Target;
use crate::tui::component::{Command, Cx, Declare, Possible, Request};
use crate::tui::effect::Effect;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::trouble;
use crate::tui::pane::PaneId;
use crate::tui::panes::params::state::Spot;
use crate::tui::reading::Reading;
use crate::tui::state::{State, Tone, form_of};

/// Errors named in a question; the others are counted.
const NAMED_ERRORS: usize = 3;

/// See the module.
pub struct Make;

impl Declare for Make {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Generate], |_, _, cx| generate(cx)),
        Command::on(&[Action::RunAgain], |_, _, cx| run_again(cx))
            .when(|_, _, state| state.the_take().map(drop)),
        Command::on(&[Action::Promote], |_, _, cx| promote(cx)).when(can_promote),
    ];
}

/// How takes came to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Generate,
    /// In the place of takes on hold, without sound.
    Replace,
    RunAgain {
        take: TakeId,
        /// Its outcome is not known.
        unknown: bool,
    },
    Promote(TakeId, Resolution),
}

impl Ask {
    /// What the yes is called.
    const fn verb(self) -> &'static str {
        match self {
            Self::Generate | Self::Replace => "generate",
            Self::RunAgain { .. } => "run again",
            Self::Promote(..) => "promote",
        }
    }

    /// The question before its amount, and after the takes.
    fn question(self, takes: &str, money: &str) -> String {
        match self {
            Self::Generate => format!("Generate {takes}{money}?"),
            Self::Replace => format!("Generate {takes} without sound{money}?"),
            Self::RunAgain { take, .. } => format!("Run take {take} again{money}?"),
            Self::Promote(take, to) => format!("Make a {to} take of take {take}{money}?"),
        }
    }

    /// What to know before answering.
    fn details(self) -> Option<String> {
        match self {
            Self::Generate | Self::RunAgain { unknown: false, .. } => None,
            Self::Replace => Some("The takes on hold are cancelled.".to_owned()),
            Self::RunAgain { take, .. } => Some(format!(
                "If take {take} did arrive after all, you may be billed twice."
            )),
            Self::Promote(..) => Some("Same request, same seed, not guaranteed the same clip.".to_owned()),
        }
    }
}

/// Generates what Parameters ask for.
fn generate(cx: &mut Cx) {
    if let Some(rule) = cx.form.current.broken_rules().first() {
        let param = rule.parameter();
        let at = if param.has_row() {
            Target::Spot(Spot::Parameter(param))
        } else {
            Target::Pane(PaneId::Prompt)
        };
        cx.request(Request::GoTo(at));
        return cx.tell(Tone::Error, format!("nothing was sent: {rule}"));
    }
    let order = order(cx, cx.form.current.clone(), None);
    submit(cx, Ask::Generate, order);
}

/// Runs the selected take's request again, with its seed.
fn run_again(cx: &mut Cx) {
    let Some((id, state, order)) = made_from_selected(cx, |_| {}) else {
        return;
    };
    let unknown = state == TakeState::Unknown;
    let asked = Ask::RunAgain { take: id, unknown };
    if unknown {
        ask(cx, asked, order);
    } else {
        submit(cx, asked, order);
    }
}

fn can_promote(_: &Make, _: Action, state: &State) -> Possible {
    let take = state.the_take()?;
    match take.model.promotes {
        Some(_) if take.resolution.is_draft() => Ok(()),
        Some(_) => Err(format!("take {} is {} already", take.id, take.resolution)),
        None => Err(format!("{} cannot promote a draft", take.model)),
    }
}

/// Makes a final take of the selected draft take.
fn promote(cx: &mut Cx) {
    let made = made_from_selected(cx, |form| {
        if let Some(promotes) = form.model.promotes {
            form.resolution = promotes.same_seed_at;
        }
    });
    if let Some((id, _, order)) = made {
        ask(cx, Ask::Promote(id, order.form.resolution), order);
    }
}

/// Takes are in the queue, or why not.
pub fn admitted(cx: &mut Cx, answer: Result<Vec<TakeId>, Problem>) {
    match answer {
        Ok(ids) => {
            let text = match ids[..] {
                [only] => format!("take {only} is in line"),
                _ => format!("{} are in line", counted(ids.len() as u64, "take")),
            };
            cx.tell(Tone::Good, text);
            cx.refresh();
        }
        Err(error) => trouble(cx, "No take was put in line", &error),
    }
}

/// What is asked of the engine to make the takes of `form`.
pub fn order(state: &State, form: Form, parent: Option<TakeId>) -> Order {
    Order {
        reel_id: state.facts.reel.id.clone(),
        backend: state.facts.backend,
        repeats: state.facts.repeats,
        form,
        first: None,
        parent,
        max_price: None,
        accepts: None,
        replaces: Vec::new(),
    }
}

/// An order of the selected take's request, changed by `change`, with it as parent.
fn made_from_selected(cx: &mut Cx, change: impl FnOnce(&mut Form)) -> Option<(TakeId, TakeState, Order)> {
    let made = cx.the_take().and_then(|take| {
        let form = form_of(take, &mut fastrand::Rng::new())?;
        Ok((take.id, take.state, form))
    });
    match made {
        Ok((id, state, mut form)) => {
            change(&mut form);
            Some((id, state, order(cx, form, Some(id))))
        }
        Err(why) => {
            cx.tell(Tone::Warning, why);
            None
        }
    }
}

/// Puts takes in the queue: at once where they cost nothing, else after a question.
pub fn submit(cx: &mut Cx, asked: Ask, order: Order) {
    if cx.is_live() {
        ask(cx, asked, order);
    } else {
        cx.run(Effect::Admit(Box::new(order)));
    }
}

/// Asks before what spends money, or cannot be promised. The settings are read anew meanwhile.
fn ask(cx: &mut Cx, asked: Ask, order: Order) {
    put(cx, asked, order);
    cx.run(Effect::LookAtMoney);
}

/// Opens the question. Without a known price under a cap, the user is asked for a maximum first; what the cap leaves no
/// room for is said instead.
fn put(cx: &mut Cx, asked: Ask, order: Order) {
    if cx.cap().is_some() && plan(cx, &order).most_of_one().is_none() {
        return cx.open(Entry::new(
            "The price is not known. Most that one take may cost, in US dollars",
            "0.80",
            "",
            move |typed, cx| with_max_price(cx, asked, order, typed),
        ));
    }
    match question(cx, asked, order) {
        Ok(confirm) => cx.open(confirm),
        Err(why) => cx.tell(Tone::Error, format!("nothing was sent: {why}")),
    }
}

/// The user named the most that one take may cost.
fn with_max_price(cx: &mut Cx, asked: Ask, mut order: Order, typed: &str) {
    match Usd::parse_maximum(typed) {
        Ok(most) => {
            order.max_price = Some(most);
            put(cx, asked, order);
        }
        Err(error) => cx.tell(Tone::Error, format!("nothing was sent: {error}")),
    }
}

fn plan(state: &State, order: &Order) -> Plan {
    Plan {
        max_price: order.max_price,
        ..state.plan(&order.form)
    }
}

/// The money changed while the question was open: it is asked anew, or says why it cannot be any more.
fn ask_anew(shown: &Confirm, cx: &mut Cx, asked: Ask, order: &Order) {
    let is_same = question(cx, asked, order.clone()).is_ok_and(|now| now.is_same(shown));
    if !is_same {
        cx.close();
        put(cx, asked, order.clone());
    }
}

/// The question before an order, by the settings about money as they are known now. Errors of the script come first, and
/// saying yes then is to override them on purpose.
fn question(state: &State, asked: Ask, plain: Order) -> Result<Confirm, String> {
    let plan = plan(state, &plain);
    let mut order = plain.clone();
    let fits = state.fits(&plan);
    if fits == 0 {
        return Err(no_room(state, &plan));
    }
    let is_part = fits < plan.takes;
    let takes = if is_part {
        order.first = Some(fits);
        format!("{fits} of {} takes", plan.takes)
    } else {
        counted(plan.takes, "take")
    };
    let mut money = match plan.each() {
        _ if !state.is_live() => String::new(),
        Some(price) => format!(" for {} of your money", price.words(price.shown().times(fits))),
        None => " for an unknown amount of your money".to_owned(),
    };
    let no_cap = state.doubt().is_some_and(|doubt| doubt.hides_the_cap);
    if no_cap {
        money += ", without a cap";
    }
    let mut details = errors_of(state, &order.form);
    let mut yes = if details.is_empty() {
        asked.verb()
    } else {
        "send it all the same"
    }
    .to_owned();
    details.extend(asked.details());
    if is_part {
        details.push(format!("{fits} of {} fit under the cap.", plan.takes));
        yes = format!("send {fits}");
    }
    if let Some(doubt) = state.doubt() {
        details.extend(doubt_in_words(doubt));
        yes += if no_cap { " without a cap" } else { "" };
        order.accepts = Some(doubt.clone());
    }
    if state.is_live() {
        details.extend(with_repeats(&plan, fits));
        details.push(match state.cap() {
            Some(cap) => format!("Today {} of {}.", state.money.today, cap.limit),
            None => format!("Today {}, no cap set.", state.money.today),
        });
    }
    let confirm = Confirm::new(asked.question(&takes, &money), details, yes, |cx| {
        cx.run(Effect::Admit(Box::new(order)));
    });
    Ok(confirm.or_again(move |shown, cx| ask_anew(shown, cx, asked, &plain)))
}

/// What it may cost when every take is repeated after a failure.
fn with_repeats(plan: &Plan, takes: u32) -> Option<String> {
    let worst = plan.most_of_one().filter(|_| plan.repeats > 0)?.times(takes);
    Some(format!("Up to {worst} with {} repeats of each.", plan.repeats))
}

/// Why nothing of a plan fits under the cap, and what to do.
fn no_room(state: &State, plan: &Plan) -> String {
    let (Some(cap), Some(most)) = (state.cap(), plan.most_of_one()) else {
        return "there is no take to send: put seeds into Parameters".to_owned();
    };
    cap.no_room(state.money.today + state.money.promised, most)
}

/// What is wrong enough with a form's script to stop a paid take, a line each.
fn errors_of(state: &State, form: &Form) -> Vec<String> {
    if !state.is_live() {
        return Vec::new();
    }
    let reading = Reading::of(form, &state.facts.lint_off, &state.form.files);
    let count = reading.errors().count();
    let named = reading.errors().take(NAMED_ERRORS);
    let mut lines: Vec<String> = named.map(|finding| format!("✗ {}", finding.message)).collect();
    if count > NAMED_ERRORS {
        lines.push(format!("✗ and {} more errors", count - NAMED_ERRORS));
    }
    lines
}

/// Asks before waiting takes go on although the settings about money cannot be read.
pub fn ask_to_accept(cx: &mut Cx, doubt: Doubt) {
    let question = if doubt.hides_the_cap {
        "Send what waits, without a cap?"
    } else {
        "Send what waits at prices that cannot be read?"
    };
    let details = doubt_in_words(&doubt).into();
    cx.open(Confirm::new(question, details, "send", |cx| {
        cx.run(Effect::AcceptDoubt(doubt));
    }));
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
