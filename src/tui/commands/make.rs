//! Commands that make takes. Where takes cost money, a question names their number and price first.

use crate::engine::admit::{Order, Plan};
use crate::model::text::{capitalized, counted, sentences};
use crate::model::{Doubt, Form, Model, Resolution, Seed, Take, TakeId, TakeState, Usd};
use crate::service::orders::{Terms, has_own_request};
use crate::service::probe;
use crate::service::promotion::How;
use crate::service::{Problem, money};
use crate::store::Standing;
use crate::tui::canvas::Target;
use crate::tui::component::{AppRequest, Command, Cx, Declare};
use crate::tui::effect::{Effect, EngineWork};
use crate::tui::keymap::Action;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::show_problem;
use crate::tui::panes::PaneId;
use crate::tui::panes::params::state::Spot;
use crate::tui::script_check::ScriptCheck;
use crate::tui::state::{State, Tone};

/// Errors listed in a question; the others are counted.
const NAMED_ERRORS: usize = 3;

pub struct Make;

impl Declare for Make {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Generate], |_, _, cx| generate(cx)),
        Command::on(&[Action::RunAgain, Action::RunSame], |_, action, cx| {
            run_again(action, cx);
        })
        .when(|_, _, state| has_own_request(state.the_take()?)),
    ];
}

/// Why takes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Generate,
    /// To replace takes on hold, without sound.
    Replace,
    /// A take's request once more.
    RunAgain {
        take: TakeId,
        /// Its outcome is unknown.
        unknown: bool,
        /// The seed, when it is that of the take.
        same: Option<Seed>,
    },
    /// A take of this resolution from a draft.
    Promote(TakeId, Resolution, How),
}

impl Ask {
    /// The label of the yes.
    const fn verb(self) -> &'static str {
        match self {
            Self::Generate | Self::Replace => "generate",
            Self::RunAgain { .. } => "run again",
            Self::Promote(..) => "promote",
        }
    }

    fn question(self, takes: &str, money: &str) -> String {
        match self {
            Self::Generate => format!("Generate {takes}{money}?"),
            Self::Replace => format!("Generate {takes} without sound{money}?"),
            Self::RunAgain { take, same: None, .. } => {
                format!("Run take {take} again with a new seed{money}?")
            }
            Self::RunAgain {
                take,
                same: Some(seed),
                ..
            } => format!("Run take {take} again with seed {seed}{money}?"),
            Self::Promote(take, to, _) => format!("Make a {to} take of take {take}{money}?"),
        }
    }

    /// What to know before answering.
    fn details(self, model: Model, state: &State) -> Vec<String> {
        match self {
            Self::Generate => Vec::new(),
            Self::Replace => vec!["The takes on hold are cancelled.".to_owned()],
            Self::RunAgain { take, unknown, same } => {
                let same = same.map(|_| {
                    let (backend, zone) = (state.facts.backend, &state.facts.zone);
                    probe::before_repeat(&state.probes, model, backend, zone)
                });
                let twice = format!("If take {take} did reach the provider, you may be billed twice.");
                same.into_iter().chain(unknown.then_some(twice)).collect()
            }
            Self::Promote(.., how) => {
                let (backend, zone) = (state.facts.backend, &state.facts.zone);
                vec![probe::kept(how, &state.probes, model, backend, zone)]
            }
        }
    }
}

fn generate(cx: &mut Cx) {
    if let Some(rule) = cx.form.current.broken_rules().first() {
        let param = rule.parameter();
        let at = if param.has_row() {
            Target::Spot(Spot::Parameter(param))
        } else {
            Target::Pane(PaneId::Prompt)
        };
        cx.request(AppRequest::GoTo(at));
        return cx.tell(Tone::Error, format!("Nothing was sent: {rule}"));
    }
    match cx.order() {
        Ok(order) => submit(cx, Ask::Generate, order),
        Err(problem) => cx.tell(Tone::Error, format!("Nothing was sent: {}", problem.why)),
    }
}

/// Runs the selected take's request again, with its seed or a new one.
fn run_again(action: Action, cx: &mut Cx) {
    let is_same = action == Action::RunSame;
    let made = made_from_selected(cx, if is_same { Terms::same } else { Terms::again });
    let Some((take, state, order)) = made else { return };
    let unknown = state == TakeState::Unknown;
    let same = order.seeds.first().copied().filter(|_| is_same);
    let asked = Ask::RunAgain { take, unknown, same };
    if unknown || is_same {
        ask(cx, asked, order);
    } else {
        submit(cx, asked, order);
    }
}

/// The order that `make` makes from the selected take, with that take's number and state.
fn made_from_selected(
    cx: &mut Cx,
    make: fn(Terms, &Take) -> Result<Order, String>,
) -> Option<(TakeId, TakeState, Order)> {
    let made = cx
        .the_take()
        .and_then(|take| Ok((take.id, take.state, make(cx.facts.terms(), take)?)));
    made.map_err(|why| cx.tell(Tone::Warning, why)).ok()
}

/// Takes were queued, or could not be.
pub fn admitted(cx: &mut Cx, result: Result<Vec<TakeId>, Problem>) {
    match result {
        Ok(ids) => {
            let text = match ids[..] {
                [only] => format!("Take {only} is queued"),
                _ => format!("{} are queued", counted(ids.len() as u64, "take")),
            };
            cx.tell(Tone::Good, text);
            cx.refresh();
        }
        Err(error) => show_problem(cx, "No take was queued", &error),
    }
}

/// Queues takes: at once where they are free, else after a question.
pub fn submit(cx: &mut Cx, asked: Ask, order: Order) {
    if cx.is_live() {
        ask(cx, asked, order);
    } else {
        cx.run(Effect::Engine(EngineWork::Admit(Box::new(order))));
    }
}

/// Asks before takes are made, and reads the settings about money again meanwhile.
pub fn ask(cx: &mut Cx, asked: Ask, order: Order) {
    put(cx, asked, order);
    cx.run(Effect::ReadMoney);
}

/// Told instead of the question of takes while something else is typed, whose keys would answer it.
const QUESTION_WAITS: &str = "Nothing is sent yet: stop typing to see the question";

/// Opens the question, or says that the cap leaves no room. Under a cap and without a known price, the user is first asked
/// for a maximum.
fn put(cx: &mut Cx, asked: Ask, order: Order) {
    if needs_maximum(cx, &order) {
        let entry = Entry::new(
            "The price is unknown. The most that one take may cost, in US dollars",
            "0.80",
            "",
            move |typed, cx| with_max_price(cx, asked, order, typed),
        );
        let entry = entry.checked(|typed, _| match Usd::parse_maximum(typed) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        });
        return cx.show(entry, Tone::Warning, QUESTION_WAITS);
    }
    match question(cx, asked, order) {
        Ok(confirm) => cx.show(confirm, Tone::Warning, QUESTION_WAITS),
        Err(why) => cx.tell(Tone::Error, format!("Nothing was sent: {why}")),
    }
}

/// Whether a cap is set and no upper price is known that could be compared with it.
pub fn needs_maximum(state: &State, order: &Order) -> bool {
    !state.allowance().is_without_caps() && plan(state, order).most_of_one().is_none()
}

fn with_max_price(cx: &mut Cx, asked: Ask, mut order: Order, typed: &str) {
    if let Ok(most) = Usd::parse_maximum(typed) {
        order.max_price = Some(most);
        put(cx, asked, order);
    }
}

fn plan(state: &State, order: &Order) -> Plan {
    state.plan(order)
}

/// Asks again when the amounts or the settings have changed while the question was open.
fn ask_anew(shown: &Confirm, cx: &mut Cx, asked: Ask, order: &Order) {
    let is_same = question(cx, asked, order.clone()).is_ok_and(|now| now.is_same(shown));
    if !is_same {
        cx.close();
        put(cx, asked, order.clone());
    }
}

/// The question before an order. Errors of the script come first, so that a yes overrides them deliberately.
pub fn question(state: &State, asked: Ask, plain: Order) -> Result<Confirm, String> {
    let plan = plan(state, &plain);
    let mut order = plain.clone();
    let fits = state.fits(&plan);
    if fits == 0 {
        return Err(no_room(state, &plan));
    }
    let is_part = fits < plan.takes();
    let takes = if is_part {
        order.first = Some(fits);
        format!("{fits} of {} takes", plan.takes())
    } else {
        counted(plan.takes(), "take")
    };
    let mut money = match plan.price_of(fits) {
        _ if !state.is_live() => String::new(),
        Some(price) => format!(" for {}", price.about()),
        None => " for an unknown price".to_owned(),
    };
    let no_cap = state.money.doubt().is_some_and(|doubt| doubt.hides_the_cap);
    if no_cap {
        money += ", without a cap";
    }
    let mut details = order
        .variants
        .iter()
        .map(|variant| errors_of(state, &variant.form))
        .find(|errors| !errors.is_empty())
        .unwrap_or_default();
    let mut yes = if details.is_empty() {
        asked.verb()
    } else {
        "send anyway"
    }
    .to_owned();
    details.extend(asked.details(order.form.model, state));
    if is_part {
        let allowance = state.allowance();
        let by = plan.most_of(plan.takes()).and_then(|all| allowance.refusing(all));
        let cap = by.map_or("the cap", |standing| standing.scope.cap());
        details.push(format!("{fits} of {} takes fit under {cap}.", plan.takes()));
        yes = format!("send {fits}");
    }
    if let Some(doubt) = state.money.doubt() {
        details.extend(doubt_in_words(doubt));
        yes += if no_cap { " without a cap" } else { "" };
        order.accepts = Some(doubt.clone());
    }
    if state.is_live() {
        let known = (&state.money.settings.prices, &state.money.lessons);
        details.extend(money::remarks(&order, &plan, known, state.today()));
        details.extend(with_repeats(&plan, fits));
        details.push(standings(state));
    }
    let confirm = Confirm::new(asked.question(&takes, &money), details, yes, |cx| {
        cx.run(Effect::Engine(EngineWork::Admit(Box::new(order))));
    });
    Ok(confirm.or_again(move |shown, cx| ask_anew(shown, cx, asked, &plain)))
}

/// What the takes may cost when each is repeated after a failure.
fn with_repeats(plan: &Plan, takes: u32) -> Option<String> {
    let worst = plan.most_of(takes).filter(|_| plan.repeats > 0)?;
    let repeats = counted(plan.repeats, "repeat");
    Some(format!("Up to {worst} with {repeats} of each."))
}

/// What the caps leave: `Today $3.20 of $10.00, this reel $8.00 of $20.00.`
fn standings(state: &State) -> String {
    let allowance = state.allowance();
    let words: Vec<String> = allowance.standings().iter().map(Standing::in_words).collect();
    if words.is_empty() {
        return format!("Today {}, no cap set.", state.money.today);
    }
    sentences(&[&capitalized(&words.join(", "))])
}

/// Why no take of a plan fits under the caps, and what to do.
fn no_room(state: &State, plan: &Plan) -> String {
    let why = plan
        .most_of_one()
        .and_then(|most| state.allowance().no_room(most));
    why.map_or_else(
        || "there is no take to send: enter seeds in Parameters".to_owned(),
        |why| format!("{why}{}", state.cap_key()),
    )
}

/// The errors of a form's script, a line each.
fn errors_of(state: &State, form: &Form) -> Vec<String> {
    if !form.draft_id.is_empty() {
        // Nothing of a draft's script can be changed any more.
        return Vec::new();
    }
    let check = ScriptCheck::of(form, &state.facts.lint_off, &state.form.files);
    let count = check.errors().count();
    let named = check.errors().take(NAMED_ERRORS);
    let mut lines: Vec<String> = named.map(|finding| format!("✗ {}", finding.message)).collect();
    if count > NAMED_ERRORS {
        lines.push(format!("✗ and {} more errors", count - NAMED_ERRORS));
    }
    lines
}

/// Asks before waiting takes are sent although the settings about money cannot be read.
pub fn ask_to_accept(cx: &mut Cx, doubt: Doubt) {
    let question = if doubt.hides_the_cap {
        "Send the waiting takes without a cap?"
    } else {
        "Send the waiting takes at the published prices?"
    };
    let details = doubt_in_words(&doubt).into();
    cx.open(Confirm::new(question, details, "send", |cx| {
        cx.run(Effect::AcceptDoubt(doubt));
    }));
}

fn doubt_in_words(doubt: &Doubt) -> [String; 2] {
    let (what, then) = if doubt.hides_the_cap {
        ("cap", "there is no cap")
    } else {
        ("price", "the published price is used")
    };
    [
        format!("The {what} in the settings cannot be read. {}", doubt.why),
        format!("Press Esc and correct the settings; or answer yes, then {then} until you quit rushes."),
    ]
}
