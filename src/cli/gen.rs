//! `rushes gen`: queues takes and waits until all are settled.

use std::io::IsTerminal;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::admit::{self, AdmitError, Order, Plan, Uploading};
use crate::engine::{Engine, Event, files, rebuild};
use crate::model::text::{counted, tame_json};
use crate::model::{Draft, FailureKind, Severity, Take, TakeId, TakeState};
use crate::store::StoreError;

use super::args::{Gen, Global};
use super::backend::{self, Choice, Ready, cap};
use super::checks::{self, Checked};
use super::exit::Exit;
use super::house::House;
use super::{Failure, Leave, background, draft, interrupt, print};

/// An unclear outcome is waited for this long; then `rushes reconcile` or the next run goes on.
const UNCLEAR_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// A rendered film that cannot be saved is waited for this long; the next run tries again.
const DELIVERY_WAIT: SignedDuration = SignedDuration::from_secs(120);
/// A take that never reached the API is tried this often before it is taken out of the line.
const MOST_TRIES: u32 = 3;

pub(super) async fn run(global: &Global, args: &Gen) -> Result<Exit, Failure> {
    let house = House::open_and_offer(global)?;
    let draft = draft::of_options(&house, &args.request)?;
    let plan = draft::plan(&house, &draft)?;
    let repeats = args.repeat.unwrap_or(house.settings.repeat_failed);
    refuse_unreadable(&draft)?;
    let checked = Checked::of(&draft, house.settings.lint_off);
    tell(&checked, &draft, args);
    if args.dry_run {
        return dry_run(&house, &draft, plan, repeats, args.json);
    }
    if checked.errors() > 0 && !args.ignore_lint {
        refuse_on_live(global, &house, &checked).await?;
    }
    if !args.yes {
        confirm(global, &house, plan, repeats).await?;
    }
    let ready = backend::make_ready(global, &house).await?;
    let takes = admit(&house, &ready, draft, plan, repeats).await?;
    let exit = wait_and_report(global, &house, &ready, &takes, args.json).await;
    if let Some(sandbox) = ready.sandbox {
        sandbox.stop().await;
    }
    exit
}

/// A file that cannot be read is said before any price.
fn refuse_unreadable(draft: &Draft) -> Result<(), Failure> {
    let unreadable: Vec<String> = files::unusable(draft).iter().map(ToString::to_string).collect();
    if unreadable.is_empty() {
        return Ok(());
    }
    let message = format!("nothing was sent: {}", unreadable.join("\nrushes: "));
    Err(Failure::new(Exit::Usage, message))
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
async fn refuse_on_live(global: &Global, house: &House, checked: &Checked) -> Result<(), Failure> {
    if !matches!(backend::choose(global, house).await?, Choice::Live(..)) {
        return Ok(());
    }
    let message = format!(
        "nothing was sent: the script has {}: mend it, or send it all the same with --ignore-lint",
        checked.counts()
    );
    Err(Failure::new(Exit::Usage, message))
}

fn dry_run(house: &House, draft: &Draft, plan: Plan, repeats: u32, json: bool) -> Result<Exit, Failure> {
    let seeds = draft
        .seed_list()
        .map_err(|invalid| Failure::new(Exit::Usage, invalid))?;
    for seed in seeds.draw(&mut fastrand::Rng::new()) {
        let request = draft.request(seed);
        let line = serde_json::json!({
            "model": request.model, "api_version": draft.api_version, "reel": house.reel.name,
            "seed": seed, "estimate_usd": plan.each, "request": request.body(),
        });
        if json {
            print::json(&line)?;
        } else {
            let method = format!("POST /{}/{}", draft.api_version.wire(), request.model.slug());
            let body = serde_json::to_string_pretty(&request.body()).unwrap_or_default();
            print::line(&format!("{method}   {} est.\n{}", plan.each, tame_json(&body)))?;
        }
    }
    if !json {
        print::line(&format!("{}; nothing was sent", print::costs(plan, repeats)))?;
    }
    Ok(Exit::Ok)
}

/// Asks before live money is spent. Play money needs no asking.
async fn confirm(global: &Global, house: &House, plan: Plan, repeats: u32) -> Result<(), Failure> {
    if !matches!(backend::choose(global, house).await?, Choice::Live(..)) {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let message = format!(
            "{} would cost {} est.{}: add --yes to spend it",
            counted(plan.takes, "take"),
            plan.total,
            print::with_repeats(plan, repeats)
        );
        return Err(Failure::new(Exit::Usage, format!("nothing was sent: {message}")));
    }
    print::ask(&format!(
        "Generate {} at {} each, {} est. in all{}, of your money? [y/N]",
        counted(plan.takes, "take"),
        plan.each,
        plan.total,
        print::with_repeats(plan, repeats)
    ));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "nothing was sent"))
}

async fn admit(
    house: &House,
    ready: &Ready,
    draft: Draft,
    plan: Plan,
    repeats: u32,
) -> Result<Vec<TakeId>, Failure> {
    let order = Order {
        reel_id: house.reel.id.clone(),
        backend: ready.backend,
        draft,
        parent: None,
        each: plan.each,
        repeats,
        cap: cap(house, ready.backend),
        replaces: Vec::new(),
    };
    // Whoever starts takes by hand has read why the line was stopped.
    house
        .store
        .lift_stop(ready.backend)
        .map_err(|error| Failure::new(Exit::Other, error))?;
    rebuild::keep_numbers(&house.store, &house.paths.reels())
        .map_err(|error| Failure::new(Exit::Other, error))?;
    let tell = |uploading: Uploading| print::complain(&uploading.to_string());
    admit::admit(
        &house.store,
        &ready.client,
        order,
        &mut fastrand::Rng::new(),
        &tell,
    )
    .await
    .map_err(|error| {
        let exit = match &error {
            AdmitError::Store(StoreError::CapReached { .. }) => Exit::Money,
            AdmitError::Store(_) => Exit::Other,
            AdmitError::Upload { error, .. } => exit_of_kind(error.kind),
            _ => Exit::Usage,
        };
        Failure::new(exit, format!("nothing was sent: {error}"))
    })
}

fn exit_of_kind(kind: FailureKind) -> Exit {
    match kind {
        FailureKind::KeyMissing | FailureKind::KeyRejected => Exit::Key,
        FailureKind::Credits | FailureKind::SpendCap => Exit::Money,
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
            if takes.iter().all(|take| self.is_left(take)) || self.line_is_held(&takes)? {
                return Ok(());
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
        let Some(cap) = cap(self.house, self.ready.backend) else {
            return Ok(false);
        };
        let committed = self
            .house
            .store
            .committed_since(self.ready.backend, cap.since)
            .map_err(other)?;
        let next = takes
            .iter()
            .find(|take| take.state == TakeState::Waiting && take.held.is_none())
            .map(|take| take.estimate);
        Ok(next.is_some_and(|next| committed + next > cap.limit))
    }

    /// What was not sent when the call ends is not sent later behind the user's back. What is held for its prompt's
    /// refusals stays: nothing sends it but the user's word.
    fn take_out_of_the_line(&self) -> Result<(), Failure> {
        let other = |error| Failure::new(Exit::Other, error);
        let stopped = self.house.store.line(self.ready.backend).map_err(other)?.stopped;
        for take in self
            .read()?
            .iter()
            .filter(|take| take.state == TakeState::Waiting && take.held.is_none())
        {
            if let (Some((kind, why)), None) = (&stopped, take.error_kind) {
                let facts = crate::store::Facts {
                    error: Some(format!("Not sent: the line is stopped. {why}")),
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
