//! Plans a sweep: which seeds, or one other thing to vary, with every take that is made and its price.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::confirm::Confirm;
use super::page::{Page, Spans};
use crate::engine::admit::Order;
use crate::model::text::{one_line, sentences};
use crate::model::{Form, Price, Seed, SeedList, Variant};
use crate::service::Problem;
use crate::service::sweep::{self, Variation};
use crate::store::NewSweep;
use crate::tui::canvas::{Canvas, Ctx, Drawn, MAX_WIDTH, Shown, centred, rows};
use crate::tui::commands::make::{self, Ask};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::text::{pad, row, width, window};
use crate::tui::widgets::time;
use crate::tui::widgets::wrap;

/// Shown where there is room.
const HELP: &str = "Seeds: 6 new · 7, 42 · 100..108 · 6 near 42 · sweep 3 · circled of sweep 3. \
                    With one seed: duration=5,8 · resolution=480p,720p · coat=red,black for {coat=red|black} in the prompt.";
/// From this height on the help is shown.
const HELP_HEIGHT: u16 = 18;
/// Lines of the selected take's prompt.
const PROMPT_LINES: usize = 4;

/// What the typed text makes.
enum Planned {
    /// The seeds of earlier sweeps are being looked up.
    LookingUp,
    /// Nothing, and why.
    Nothing(String),
    Takes(Box<Takes>),
}

/// Takes that can be sent.
struct Takes {
    order: Order,
    /// What the variables stand for that are not swept over.
    fixed: Option<String>,
    /// The question before they are sent, or why they cannot be sent as they are.
    asked: Result<Confirm, String>,
}

/// The overlay.
pub struct Planner {
    field: TextField,
    planned: Planned,
    /// The form that the takes are made of.
    form: Form,
    /// The selected take.
    at: usize,
}

/// Opens the planner with this text selected.
pub fn open(cx: &mut Cx, text: &str) {
    let mut planner = Planner {
        field: TextField::prefilled(text),
        planned: Planned::LookingUp,
        form: cx.form.current.clone(),
        at: 0,
    };
    planner.plan(cx);
    cx.open(planner);
}

impl Planner {
    fn typed(&self) -> &str {
        self.field.text().trim()
    }

    /// Plans what the typed text makes. New seeds are drawn now, so that what is shown is what is sent.
    fn plan(&mut self, cx: &mut Cx) {
        self.at = 0;
        self.form.clone_from(&cx.form.current);
        // What the last frame showed is out of date.
        cx.seen.over.shown = Shown::Cut;
        if self.typed().contains('=') {
            let variation = Variation::read(self.typed());
            let form = with_one_seed(&self.form);
            self.planned = match variation {
                Ok(variation) => planned(cx, form, Some(&variation), None),
                Err(problem) => Planned::Nothing(why(&problem)),
            };
            return;
        }
        self.planned = match self.typed().parse::<SeedList>() {
            Err(invalid) => Planned::Nothing(invalid.to_string()),
            Ok(list) if list.sweeps().next().is_some() => {
                cx.run(Effect::LookUpSeeds(self.typed().to_owned()));
                Planned::LookingUp
            }
            Ok(_) => planned(cx, self.with_seeds(self.typed()), None, None),
        };
    }

    fn with_seeds(&self, seeds: &str) -> Form {
        Form {
            seeds: seeds.to_owned(),
            ..self.form.clone()
        }
    }

    /// The seeds of the sweeps in the typed text were looked up.
    fn looked_up(&mut self, result: Result<&String, &Problem>, cx: &mut Cx) {
        cx.seen.over.shown = Shown::Cut;
        self.planned = match result {
            Ok(seeds) => planned(cx, self.with_seeds(seeds), None, sweep::pair(self.typed())),
            Err(problem) => Planned::Nothing(why(problem)),
        };
    }

    /// Sends the takes. Where they cost money, what was shown must have been seen as a whole; else the usual question
    /// comes first.
    fn send(&mut self, cx: &mut Cx) {
        let Planned::Takes(takes) = std::mem::replace(&mut self.planned, Planned::LookingUp) else {
            return;
        };
        let is_read = !cx.is_live() || cx.seen.over.shown == Shown::Whole;
        cx.close();
        match takes.asked {
            Ok(asked) if is_read => asked.answer(cx),
            _ => make::submit(cx, Ask::Generate, takes.order),
        }
    }

    fn can_send(&self, state: &State) -> Possible {
        let why = match &self.planned {
            Planned::LookingUp => return Err("the seeds are being looked up".to_owned()),
            Planned::Nothing(why) => why,
            Planned::Takes(takes) => match &takes.asked {
                Err(why) if !make::needs_maximum(state, &takes.order) => why,
                _ => return Ok(()),
            },
        };
        Err(format!("nothing was sent: {why}"))
    }

    /// The question before the takes are sent.
    fn confirm(&self) -> Option<&Confirm> {
        match &self.planned {
            Planned::Takes(takes) => takes.asked.as_ref().ok(),
            Planned::Nothing(_) | Planned::LookingUp => None,
        }
    }

    fn takes(&self) -> usize {
        match &self.planned {
            Planned::Takes(takes) => takes.order.takes().count(),
            _ => 0,
        }
    }

    /// What stands above the list: the question with the amount, or why nothing can be sent.
    fn head(&self, state: &State, ctx: &Ctx<'_>) -> Page {
        let mut page = Page::new("");
        match &self.planned {
            Planned::LookingUp => page.push("", "Looking up the seeds", Role::Dim),
            Planned::Nothing(why) => page.push("", &format!("{} {why}", ctx.glyphs.cross), Role::Error),
            Planned::Takes(takes) => {
                match &takes.asked {
                    Ok(asked) => {
                        page.push("", &asked.question, Role::Accent);
                        for detail in &asked.details {
                            page.push("", detail, Role::Text);
                        }
                    }
                    Err(why) => page.push("", &format!("{} {why}", ctx.glyphs.cross), Role::Error),
                }
                if let Some(fixed) = &takes.fixed {
                    page.push("", &format!("In every take {fixed}."), Role::Text);
                }
                page.push("", &sums(state, &takes.order, ctx), Role::Money);
            }
        }
        page
    }

    /// A row for each take in the order in which they are sent: its number, seed, value and price.
    fn list(&self, state: &State) -> Vec<(Role, String)> {
        let Planned::Takes(takes) = &self.planned else {
            return Vec::new();
        };
        let (order, plan) = (&takes.order, state.plan(&takes.order));
        let fits = state.fits(&plan) as usize;
        let count = order.takes().count();
        let numbers = width(&count.to_string());
        let seeds = order.seeds.iter().map(|seed| width(&seed.to_string()));
        let seeds = seeds.max().unwrap_or(0);
        let value = |value: Option<&String>| value.map_or_else(String::new, |value| one_line(value, 40));
        let values = order
            .variants
            .iter()
            .map(|variant| width(&value(variant.value.as_ref())));
        let values = values.max().unwrap_or(0);
        let line = |(at, ((variant, seed), price)): (usize, ((&Variant, Seed), Option<Price>))| {
            let price = price.map_or_else(|| "price unknown".to_owned(), |price| price.in_words());
            let value = value(variant.value.as_ref());
            let gap = if values == 0 { "" } else { "  " };
            let over = if at < fits { "" } else { "  over the cap" };
            let text = format!(
                "{}  seed {}{gap}{}  {price}{over}",
                pad(&(at + 1).to_string(), numbers, true),
                pad(&seed.to_string(), seeds, true),
                pad(&value, values, false),
            );
            (if at < fits { Role::Text } else { Role::Dim }, text)
        };
        order.takes().zip(plan.each()).enumerate().map(line).collect()
    }

    /// The selected take's prompt as it is sent, when that is not what the form says.
    fn prompt(&self) -> Option<String> {
        let Planned::Takes(takes) = &self.planned else {
            return None;
        };
        let (variant, _) = takes.order.takes().nth(self.at)?;
        (variant.form.prompt != self.form.prompt).then(|| one_line(&variant.form.prompt, 600))
    }
}

/// The form with its own seed when it has one, else with a new one.
fn with_one_seed(form: &Form) -> Form {
    let has_one = form.seed_list().is_ok_and(|list| list.count() == 1);
    let seeds = if has_one {
        form.seeds.clone()
    } else {
        SeedList::one_new().to_string()
    };
    Form {
        seeds,
        ..form.clone()
    }
}

fn planned(state: &State, form: Form, variation: Option<&Variation>, pair: Option<i64>) -> Planned {
    let snippets = &state.form.snippets;
    let fixed = variation.and_then(|variation| sweep::fixed_variables(&form, snippets, variation));
    let order = state.facts.terms().of_form(form, snippets, variation);
    match order {
        Ok(order) => {
            let sweep = NewSweep { pair, ..order.sweep };
            let order = Order { sweep, ..order };
            Planned::Takes(Box::new(Takes {
                asked: asked(state, &order),
                order,
                fixed,
            }))
        }
        Err(problem) => Planned::Nothing(why(&problem)),
    }
}

/// The question before the takes are sent, or why they cannot be sent as they are.
fn asked(state: &State, order: &Order) -> Result<Confirm, String> {
    if make::needs_maximum(state, order) {
        return Err("The price is unknown. Enter asks for the most that one take may cost.".to_owned());
    }
    make::question(state, Ask::Generate, order.clone())
}

/// What is wrong and what to do, without what did not happen.
fn why(problem: &Problem) -> String {
    if problem.now.is_empty() {
        return problem.why.clone();
    }
    sentences(&[&problem.why, &problem.now])
}

/// `6 × $0.71 = $4.24 est.  First done by 14:02, last by 14:09.`
fn sums(state: &State, order: &Order, ctx: &Ctx<'_>) -> String {
    let plan = state.plan(order);
    let all = plan.price_of(plan.takes());
    let all = all.map_or_else(|| "?".to_owned(), |price| price.in_words());
    let each = match plan.price_of_one() {
        Some(price) => format!("{} {} {} = ", plan.takes(), ctx.glyphs.times, price.amount()),
        None => String::new(),
    };
    let free = if state.is_live() { "" } else { "On live: " };
    let mut done = state.finish(order.takes().map(|(variant, _)| &variant.form));
    done.sort_unstable();
    let at = |time: &jiff::Timestamp| time::of_day(*time, *time, ctx.zone);
    let done = match &done[..] {
        [] => String::new(),
        [only] => format!("Done by {}.", at(only)),
        [first, .., last] if at(first) == at(last) => format!("Done by {}.", at(last)),
        [first, .., last] => format!("First done by {}, last by {}.", at(first), at(last)),
    };
    // The question above is about those that fit.
    let whole = if state.fits(&plan) < plan.takes() {
        format!("All {}: ", plan.takes())
    } else {
        String::new()
    };
    format!("{whole}{free}{each}{all}  {done}")
}

impl Declare for Planner {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |planner: &mut Self, _, cx| planner.send(cx))
            .when(|planner, _, state| planner.can_send(state))
            .called(|planner, _| match planner.confirm() {
                Some(asked) => asked.yes.clone(),
                None => Action::Accept.short().to_owned(),
            })
            .asks_unless_read(),
        Command::on(MOVES, |planner, action, cx| {
            let by = distance(action, cx.seen.over.rows);
            planner.at = stepped(planner.at, by, planner.takes());
        }),
    ];
}

impl Component for Planner {
    fn context(&self) -> Context {
        Context::Planner
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Accept, Action::Down, Action::Up, Action::Leave]
    }

    fn mode(&self) -> Option<&'static str> {
        Some("SWEEP")
    }

    fn key(&mut self, key: KeyEvent, cx: &mut Cx) -> bool {
        let typed = self.field.handle(key);
        if typed == Typed::Changed {
            self.plan(cx);
        }
        typed != Typed::Ignored
    }

    fn paste(&mut self, text: &str, cx: &mut Cx) -> bool {
        self.field.paste(text);
        self.plan(cx);
        true
    }

    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        let Message::SeedsLookedUp(typed, result) = message else {
            return false;
        };
        if typed == self.typed() {
            self.looked_up(result.as_ref(), cx);
        }
        // The Seed field may have asked for the same list.
        false
    }

    /// Plans anew when the form has changed, and asks anew when the amounts or the settings have.
    fn refresh(&mut self, cx: &mut Cx) {
        if cx.form.current != self.form {
            return self.plan(cx);
        }
        let Planned::Takes(takes) = &mut self.planned else {
            return;
        };
        let now = asked(cx, &takes.order);
        let is_same = match (&now, &takes.asked) {
            (Ok(now), Ok(shown)) => now.is_same(shown),
            (Err(now), Err(shown)) => now == shown,
            _ => false,
        };
        if !is_same {
            takes.asked = now;
            cx.seen.over.shown = Shown::Cut;
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let widest = centred(area, MAX_WIDTH, area.height);
        let columns = usize::from(widest.width.saturating_sub(4));
        let head: Vec<Spans> = self.head(state, &canvas.ctx).lines(columns);
        let list = self.list(state);
        let mut help = Page::new("");
        if area.height >= HELP_HEIGHT {
            help.push("", HELP, Role::Dim);
        }
        let help = help.lines(columns);
        let prompt = self.prompt().unwrap_or_default();
        let prompt: Vec<String> = wrap::parts(&prompt, columns).take(PROMPT_LINES).collect();
        let prompt = if prompt.concat().is_empty() {
            Vec::new()
        } else {
            prompt
        };
        // The field, what stands above the list, and a list of at least one take.
        let above = 1 + help.len() + head.len();
        let wanted = above + list.len() + prompt.len();
        let place = centred(area, MAX_WIDTH, rows(wanted + 2));
        let height = usize::from(place.height.saturating_sub(2));
        let below = height.saturating_sub(above);
        let prompt_rows = prompt.len().min(below.saturating_sub(list.len().min(3)));
        let room = below - prompt_rows;
        let first = window(list.len(), Some(self.at), room);
        let foot = canvas.beyond(first, list.len(), room);
        let inner = canvas.popup("Sweep", &foot, place);
        let caret = canvas.field(&self.field, row(inner, 0));
        for (at, line) in help.iter().chain(&head).enumerate() {
            canvas.roles(row(inner, 1 + at), line);
        }
        let shown = list.into_iter().enumerate().skip(first).take(room);
        for (y, (at, (role, text))) in shown.enumerate() {
            canvas.row(row(inner, above + y), at == self.at, true, &[(role, text)]);
        }
        for (y, line) in prompt.into_iter().take(prompt_rows).enumerate() {
            canvas.text(row(inner, above + room + y), Role::Dim, line);
        }
        // Takes that cost nothing need no question.
        let is_whole = !state.is_live() || height > above && columns > 0;
        Drawn {
            caret,
            rows: rows(room),
            shown: if is_whole { Shown::Whole } else { Shown::Cut },
            ..Drawn::default()
        }
    }
}
