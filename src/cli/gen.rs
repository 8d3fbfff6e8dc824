//! `rushes gen`: queues takes and waits until all are settled.

use std::io::IsTerminal;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::admit::{self, AdmitError, Order, Plan, Resources, Uploading};
use crate::engine::{Engine, Event, rebuild};
use crate::model::text::{counted, sentences, tame_json};
use crate::model::{Backend, Draft, FailureKind, Severity, Take, TakeId, TakeState, Usd};
use crate::store::StoreError;

use super::args::{Gen, Global};
use super::backend::{self, Choice, Ready};
use super::checks::{self, Checked};
use super::exit::{Exit, is_about_money};
use super::house::House;
use super::money::Room;
use super::{Failure, Leave, background, draft, interrupt, money, print};

/// An unclear outcome is waited for this long; then `rushes reconcile` or the next run goes on.
const UNCLEAR_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// A rendered film that cannot be saved is waited for this long; the next run tries again.
const DELIVERY_WAIT: SignedDuration = SignedDuration::from_secs(120);
/// What holds the line is looked at again after this long, before the call ends for it.
const SECOND_LOOK: Duration = Duration::from_secs(1);
/// A take that never reached the API is tried this often before it is taken out of the line.
const MOST_TRIES: u32 = 3;

pub(super) async fn run(global: &Global, args: &Gen) -> Result<Exit, Failure> {
    let house = House::open_and_offer(global)?;
    let draft = draft::of_options(&house, &args.request)?;
    let plan = Plan {
        max_price: args.max_price,
        ..draft::plan(
            &house,
            &draft,
            args.repeat.unwrap_or(house.settings.repeat_failed),
        )?
    };
    let checked = Checked::of(&draft, house.settings.lint_off);
    checked.must_be_usable()?;
    tell(&checked, &draft, args);
    if args.dry_run {
        dry_run(&house, &draft, plan, args.json)?;
        let who = backend::would_choose(global, &house).await;
        Room::of(&house, who, plan)?.must_hold(plan)?;
        return Ok(Exit::Ok);
    }
    let choice = backend::choose(global, &house).await?;
    if checked.errors() > 0 && !args.ignore_lint {
        refuse_on_live(&choice, &checked)?;
    }
    refuse_stopped(&house, choice.backend())?;
    let (plan, first) = agreed(&house, choice.backend(), plan, args.yes)?;
    let ready = backend::ready_for(choice, &house).await?;
    let takes = admit(&house, &ready, draft, plan, first).await?;
    let exit = wait_and_report(global, &house, &ready, &takes, args.json).await;
    if let Some(sandbox) = ready.sandbox {
        sandbox.stop().await;
    }
    exit
}

/// Errors and warnings of the script's checks on standard error; notes are for `rushes lint`.
fn tell(checked: &Checked, draft: &Draft, args: &Gen) {
    let name = match args.request.prompt.as_deref() {
        None => "draft",
        Some("-") => "<stdin>",
        Some(text) => text.strip_prefix('@').unwrap_or("prompt"),
    };
    let told = checked
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note);
    for paragraph in checks::all_shown(name, &draft.prompt, told) {
        print::note(&paragraph);
    }
}

/// Live money is not spent on a script with errors unless the user says so.
fn refuse_on_live(choice: &Choice, checked: &Checked) -> Result<(), Failure> {
    if choice.backend() == Backend::Sandbox {
        return Ok(());
    }
    let message = format!(
        "nothing was sent: the script has {}: mend it, or send it all the same with --ignore-lint",
        checked.counts()
    );
    Err(Failure::new(Exit::Usage, message))
}

/// A stop that needs the user's own word is not lifted by new takes.
fn refuse_stopped(house: &House, backend: Backend) -> Result<(), Failure> {
    let line = house.store.line(backend);
    let line = line.map_err(|error| Failure::new(Exit::Other, error))?;
    match line.stopped {
        Some((kind, why)) if kind.needs_resuming() => {
            let message = sentences(&[
                &format!("nothing was sent: the queue is stopped ({}): {why}", kind.title()),
                kind.advice(),
                "`rushes resume` lets the queue go on.",
            ]);
            Err(Failure::new(exit_of_kind(kind), message))
        }
        _ => Ok(()),
    }
}

fn dry_run(house: &House, draft: &Draft, plan: Plan, json: bool) -> Result<(), Failure> {
    let seeds = draft
        .seed_list()
        .map_err(|invalid| Failure::new(Exit::Usage, invalid))?;
    let price = plan.each();
    for seed in seeds.draw(&mut fastrand::Rng::new()) {
        let request = draft.request(seed);
        let line = serde_json::json!({
            "model": request.form.model, "api_version": draft.api_version, "reel": house.reel.name,
            "seed": seed, "estimate_usd": price.map(|price| price.estimate),
            "estimate_max_usd": price.map(|price| price.most), "request": request.body(),
        });
        if json {
            print::json(&line)?;
        } else {
            let method = format!("POST /{}/{}", draft.api_version.wire(), request.form.model.slug());
            let body = serde_json::to_string_pretty(&request.body()).unwrap_or_default();
            let each = price.map_or_else(|| "price unknown".to_owned(), |price| price.words(price.shown()));
            print::line(&format!("{method}   {each}\n{}", tame_json(&body)))?;
        }
    }
    if !json {
        print::line(&format!("{}; nothing was sent", print::costs(plan)))?;
    }
    Ok(())
}

/// What the user agrees to spend: the plan, and how many of its takes when the cap does not leave room for all.
/// Play money needs no asking.
fn agreed(
    house: &House,
    backend: Backend,
    mut plan: Plan,
    yes: bool,
) -> Result<(Plan, Option<u32>), Failure> {
    if backend == Backend::Sandbox {
        return Ok((plan, None));
    }
    let may_ask = !yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut room = Room::of(house, backend, plan)?;
    if may_ask && room.needs_a_maximum(plan) {
        plan.max_price = Some(ask_for_a_maximum()?);
        room = Room::of(house, backend, plan)?;
    }
    if yes || room.fits == 0 || !may_ask {
        room.must_hold(plan)?;
    }
    if !yes {
        confirm(plan, &room, may_ask)?;
    }
    Ok((plan, (room.fits < plan.takes).then_some(room.fits)))
}

/// The price is not known, so that the user says how much one take may cost.
fn ask_for_a_maximum() -> Result<Usd, Failure> {
    print::ask("The price of this model is not known. The most that one take may cost, in US dollars:");
    let typed = typed();
    Usd::parse_maximum(&typed)
        .map_err(|error| Failure::new(Exit::Usage, format!("nothing was sent: {error}")))
}

/// Asks before live money is spent.
fn confirm(plan: Plan, room: &Room, may_ask: bool) -> Result<(), Failure> {
    let offered = Plan {
        takes: room.fits,
        ..plan
    };
    let takes = if room.fits < plan.takes {
        format!("{} of {} takes", room.fits, plan.takes)
    } else {
        counted(plan.takes, "take")
    };
    let (each, total) = plan.each().map_or_else(
        || ("an unknown price".to_owned(), "an unknown amount".to_owned()),
        |price| {
            let total = price.shown().times(offered.takes);
            (price.shown().to_string(), price.words(total))
        },
    );
    let repeats = print::with_repeats(offered);
    if !may_ask {
        let message = format!("{takes} would cost {total}{repeats}: add --yes to spend it");
        return Err(Failure::new(Exit::Usage, format!("nothing was sent: {message}")));
    }
    if let Some(why) = room.refusal(plan) {
        print::note(&why);
    }
    print::ask(&format!(
        "Generate {takes} at {each} each, {total} in all{repeats}, of your money? [y/N]"
    ));
    if matches!(&*typed(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "nothing was sent"))
}

/// A line of standard input; nothing when it cannot be read.
fn typed() -> String {
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_or_else(|_| String::new(), |_| answer.trim().to_owned())
}

async fn admit(
    house: &House,
    ready: &Ready,
    draft: Draft,
    plan: Plan,
    first: Option<u32>,
) -> Result<Vec<TakeId>, Failure> {
    let order = Order {
        reel_id: house.reel.id.clone(),
        backend: ready.backend,
        draft,
        first,
        parent: None,
        max_price: plan.max_price,
        repeats: plan.repeats,
        accepts: None,
        replaces: Vec::new(),
    };
    rebuild::keep_numbers(&house.store, &house.paths.reels())
        .map_err(|error| Failure::new(Exit::Other, error))?;
    let tell = |uploading: Uploading| print::complain(&uploading.to_string());
    let resources = Resources {
        store: &house.store,
        client: &ready.client,
        spending: &house.spending(ready.backend),
        clock: &*house.clock,
    };
    let takes = admit::admit(&resources, order, &mut fastrand::Rng::new(), &tell)
        .await
        .map_err(|error| {
            let exit = match &error {
                AdmitError::Store(StoreError::CapReached { .. } | StoreError::PriceUnknown)
                | AdmitError::Money(_)
                | AdmitError::TooDear { .. } => Exit::Money,
                AdmitError::Store(_) => Exit::Other,
                AdmitError::Upload { error, .. } => exit_of_kind(error.kind),
                _ => Exit::Usage,
            };
            Failure::new(exit, format!("nothing was sent: {error}"))
        })?;
    // Whoever starts takes by hand has read why the line was stopped.
    house
        .store
        .lift_stop_for_new_takes(ready.backend)
        .map_err(|error| Failure::new(Exit::Other, error))?;
    Ok(takes)
}

fn exit_of_kind(kind: FailureKind) -> Exit {
    match kind {
        FailureKind::KeyMissing | FailureKind::KeyRejected => Exit::Key,
        kind if is_about_money(kind) => Exit::Money,
        FailureKind::Network => Exit::Unreachable,
        _ => Exit::Other,
    }
}

async fn wait_and_report(
    global: &Global,
    house: &House,
    ready: &Ready,
    ids: &[TakeId],
    json: bool,
) -> Result<Exit, Failure> {
    let (engine, events) = Engine::start(ready.engine(house));
    let mut waiting = Waiting {
        house,
        ready,
        ids,
        shown: Vec::new(),
        quiet: json,
    };
    let ended = tokio::select! {
        biased;
        why = interrupt() => Ok(Some(why)),
        done = waiting.until_left(events) => done.map(|()| None),
    };
    if matches!(ended, Ok(Some(Leave::HungUp))) {
        // A link that drops is no word of the user's: what was asked for goes on without it.
        engine.stop().await;
        if background::hand_over(global).await.is_err() {
            waiting.take_out_of_the_line()?;
        }
        return Ok(Exit::Interrupted);
    }
    // Whatever went wrong: nothing is left in the line behind the user's back, and the engine ends in order.
    let taken_out = waiting.take_out_of_the_line();
    engine.stop().await;
    // What came back into the line while the engine ended.
    let taken_out = taken_out.and_then(|()| waiting.take_out_of_the_line());
    let interrupted = ended?.is_some();
    taken_out?;
    let takes = waiting.read()?;
    for take in &takes {
        print::take(take, json)?;
    }
    print::ring(house.settings.notify);
    for take in takes.iter().filter(|take| take.state != TakeState::Saved) {
        print::complain(&print::why(take));
    }
    Ok(if interrupted {
        Exit::Interrupted
    } else {
        // A take that was repeated counts as its repeat came out.
        let repeated: Vec<TakeId> = waiting.repeated()?;
        Exit::of_takes(takes.iter().filter(|take| !repeated.contains(&take.id)))
    })
}

/// The takes of this call, watched until nothing more is to be waited for.
struct Waiting<'a> {
    house: &'a House,
    ready: &'a Ready,
    ids: &'a [TakeId],
    shown: Vec<(TakeId, TakeState)>,
    quiet: bool,
}

impl Waiting<'_> {
    async fn until_left(&mut self, mut events: UnboundedReceiver<Event>) -> Result<(), Failure> {
        loop {
            let takes = self.read()?;
            self.show(&takes);
            if takes.iter().all(|take| self.is_left(take)) {
                return Ok(());
            }
            if self.line_is_held(&takes)? {
                // The settings may just be being saved: one glance decides nothing.
                tokio::time::sleep(SECOND_LOOK).await;
                if self.line_is_held(&self.read()?)? {
                    return Ok(());
                }
                continue;
            }
            // An event, or a moment later the clock, may have settled something.
            let event = tokio::time::timeout(Duration::from_secs(1), events.recv()).await;
            if let Ok(Some(Event::Trouble(sentence))) = event {
                print::complain(&sentence);
            }
        }
    }

    /// The takes asked for, each followed by its repeats.
    fn read(&self) -> Result<Vec<Take>, Failure> {
        let other = |error| Failure::new(Exit::Other, error);
        let store = &self.house.store;
        let mut takes = Vec::with_capacity(self.ids.len());
        for id in self.ids {
            let mut next = Some(*id);
            while let Some(id) = next {
                takes.push(store.take(id).map_err(other)?);
                next = store.repeat_of(id).map_err(other)?;
            }
        }
        Ok(takes)
    }

    /// Those that were repeated.
    fn repeated(&self) -> Result<Vec<TakeId>, Failure> {
        let mut repeated = Vec::new();
        for take in self.read()? {
            let repeat = self.house.store.repeat_of(take.id);
            let repeat = repeat.map_err(|error| Failure::new(Exit::Other, error))?;
            repeated.extend(repeat.map(|_| take.id));
        }
        Ok(repeated)
    }

    /// Whether this call is done with the take.
    fn is_left(&self, take: &Take) -> bool {
        let now = self.house.clock.now();
        let since = |time: Option<jiff::Timestamp>| now.duration_since(time.unwrap_or(take.created_at));
        match take.state {
            TakeState::Unknown => since(take.times.submitted) > UNCLEAR_WAIT,
            TakeState::Rendered => take.error_kind.is_some() && since(take.times.rendered) > DELIVERY_WAIT,
            TakeState::Waiting => take.held.is_some() || self.never_arrives(take),
            state => state.settled(),
        }
    }

    fn never_arrives(&self, take: &Take) -> bool {
        match take.error_kind {
            Some(FailureKind::Network) => self
                .house
                .store
                .times_submitted(take.id)
                .is_ok_and(|tries| tries >= MOST_TRIES),
            Some(FailureKind::Storage) => true,
            _ => false,
        }
    }

    /// Whether the line is stopped, or the cap holds it, and nothing of ours is on its way.
    fn line_is_held(&self, takes: &[Take]) -> Result<bool, Failure> {
        if takes
            .iter()
            .any(|take| !self.is_left(take) && take.state != TakeState::Waiting)
        {
            return Ok(false);
        }
        let other = |error| Failure::new(Exit::Other, error);
        let line = self.house.store.line(self.ready.backend).map_err(other)?;
        if line.stopped.is_some() {
            return Ok(true);
        }
        Ok(money::holds(self.house, self.ready.backend, takes)?.is_some())
    }

    /// What was not sent when the call ends is not sent later behind the user's back. What is held for its prompt's
    /// refusals stays: nothing sends it but the user's word.
    fn take_out_of_the_line(&self) -> Result<(), Failure> {
        let other = |error| Failure::new(Exit::Other, error);
        let stopped = self.house.store.line(self.ready.backend).map_err(other)?.stopped;
        let stopped = stopped.map(|(kind, why)| (kind, format!("the line is stopped. {why}")));
        let takes = self.read()?;
        let why = match stopped {
            None => money::holds(self.house, self.ready.backend, &takes)?,
            stopped => stopped,
        };
        for take in takes
            .iter()
            .filter(|take| take.state == TakeState::Waiting && take.held.is_none())
        {
            // What a 429 sent back is taken out for the stop, not for its own response.
            let has_own_reason = |kind: &FailureKind| *kind != FailureKind::Rate;
            if let (Some((kind, why)), None) = (&why, take.error_kind.filter(has_own_reason)) {
                let facts = crate::store::Facts {
                    error: Some(sentences(&["Not sent", why])),
                    error_kind: Some(*kind),
                    ..Default::default()
                };
                self.house.store.learn(take.id, &facts).map_err(other)?;
            }
            // Another process may just have claimed it: then it goes its way.
            match self.house.store.cancel(take.id) {
                Ok(_) | Err(StoreError::IllegalTransition { .. }) => {}
                Err(error) => return Err(other(error)),
            }
        }
        Ok(())
    }

    /// One line on standard error for each change of state, where somebody looks on.
    fn show(&mut self, takes: &[Take]) {
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        for take in takes {
            if !self.shown.contains(&(take.id, take.state)) {
                self.shown.push((take.id, take.state));
                print::note(&format!("take {}  seed {}  {}", take.id, take.seed, take.state));
            }
        }
    }
}
