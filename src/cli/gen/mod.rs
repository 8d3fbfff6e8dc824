//! `rushes gen`: queues takes and waits until all are settled.

mod agree;
mod dry_run;
mod wait;

use wait::Queued;
pub(super) use wait::Report;

use crate::engine::admit::{AdmitError, Order, Plan, Uploading};
use crate::model::{Backend, Form, Severity, TakeId};
use crate::service::backend::Choice;
use crate::service::money::Room;
use crate::service::orders::Terms;
use crate::service::sweep::{self, Variation};
use crate::service::{Home, Problem, Session, backend};
use crate::store::StoreError;

use super::args::{Gen, Global};
use super::checks::{self, CheckedForm};
use super::exit::Exit;
use super::{Failure, form, interrupt, open, print};

pub(super) async fn run(global: &Global, args: &Gen) -> Result<Exit, Failure> {
    let home = if args.dry_run {
        open::to_read_in(global, global.reel_to_plan())?
    } else {
        open::to_work_in(global, global.reel_or_new())?
    };
    let form = form::of_options(&home, &args.request)?;
    let variation = args.sweep.as_deref().map(Variation::read).transpose()?;
    let terms = Terms {
        reel_id: home.reel.id.clone(),
        backend: Backend::Sandbox,
        repeats: args.repeat.unwrap_or(home.settings.repeat_failed),
    };
    let snippets = home.store.snippets(&home.reel.id)?;
    let fixed = variation
        .as_ref()
        .and_then(|variation| sweep::fixed_variables(&form, &snippets, variation));
    let mut order = terms.of_form(form, &snippets, variation.as_ref())?;
    if let Some(fixed) = fixed {
        print::complain(&format!("in every take {fixed}"));
    }
    order.max_price = args.max_price;
    order.sweep.pair = args.request.parameters.seeds().and_then(sweep::pair);
    let plan = form::plan(&home, &order)?;
    let (checked, form) = checks::worst(&order, home.settings.lint_off);
    checked.must_be_usable()?;
    tell(&checked, form, args);
    if args.dry_run {
        dry_run::show(&home, &order, &plan, args.json)?;
        let who = backend::would_choose(&global.wanted(), &home).await;
        Room::of(&home, who, &order.reel_id, &plan)?.must_hold(&plan)?;
        return Ok(Exit::Ok);
    }
    let choice = backend::choose(&global.wanted(), &home).await?;
    if checked.errors() > 0 && !args.ignore_lint && choice.backend() == Backend::Live {
        let message = format!(
            "nothing was sent: the script has {}: fix it, or send it anyway with --ignore-lint",
            checked.counts()
        );
        return Err(Failure::usage(message));
    }
    let (exit, _) = send(
        global,
        &home,
        choice,
        order,
        plan,
        args.yes,
        Report::of(args.json),
    )
    .await?;
    Ok(exit)
}

/// Why the takes of an order were not sent, or not waited for.
pub(super) enum NotSent {
    /// The order excludes other twins than the known ones, and this one has come.
    Twin(TakeId),
    Failed(Failure),
}

impl From<Failure> for NotSent {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Problem> for NotSent {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem.into())
    }
}

impl From<AdmitError> for NotSent {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::Store(StoreError::TwinSince { twin, .. }) => Self::Twin(twin),
            other => Problem::from(other).into(),
        }
    }
}

impl From<NotSent> for Failure {
    fn from(why: NotSent) -> Self {
        match why {
            NotSent::Twin(twin) => Self::usage(format!(
                "nothing was sent: take {twin} sent the same request meanwhile"
            )),
            NotSent::Failed(failure) => failure,
        }
    }
}

/// Agrees with the user on what is spent, queues the takes of an order, and waits until all are settled. Returns them too.
pub(super) async fn send(
    global: &Global,
    home: &Home,
    choice: Choice,
    mut order: Order,
    plan: Plan,
    yes: bool,
    report: Report,
) -> Result<(Exit, Vec<TakeId>), NotSent> {
    home.queue(choice.backend()).must_accept_takes()?;
    order.backend = choice.backend();
    (order.max_price, order.first) = agree::agreed(home, choice.backend(), &order, plan, yes)?;
    let session = Session::begin(choice, home).await?;
    let exit = async {
        // From here on there may be takes in the queue, which an interrupted call cancels.
        let interrupted = interrupt();
        let takes = submit(&session, order).await?;
        let queued = Queued::ByThisCall(&takes);
        let exit = wait::wait_and_report(global, home, &session, queued, report, interrupted).await?;
        Ok((exit, takes))
    };
    let exit = exit.await;
    session.end().await;
    exit
}

/// Waits until a take that another call queued is settled. Nothing is queued, and that take is never cancelled: the wait ends
/// with a message when the take is paused, on hold or held up.
pub(super) async fn follow(
    global: &Global,
    home: &Home,
    choice: Choice,
    take: TakeId,
    report: Report,
) -> Result<Exit, Failure> {
    let session = Session::begin(choice, home).await?;
    let queued = Queued::ByAnother(take);
    let exit = wait::wait_and_report(global, home, &session, queued, report, interrupt()).await;
    session.end().await;
    exit
}

/// Prints errors and warnings of the script's checks on standard error; notes are for `rushes lint`.
fn tell(checked: &CheckedForm, form: &Form, args: &Gen) {
    let name = match args.request.prompt.as_deref() {
        None => "script",
        Some("-") => "<stdin>",
        Some(text) => text.strip_prefix('@').unwrap_or("prompt"),
    };
    let findings = checked.findings.iter();
    let told = findings.filter(|finding| finding.severity != Severity::Note);
    for paragraph in checks::all_shown(name, &form.prompt, told, checks::FixName::Label) {
        print::note(&paragraph);
    }
}

async fn submit(session: &Session, order: Order) -> Result<Vec<TakeId>, NotSent> {
    let tell = |uploading: Uploading| print::complain(&uploading.to_string());
    let (takes, still_stopped) = session.submit_by_hand(order, &tell).await?;
    // If the queue stays stopped, waiting ends, and what was queued is taken out again.
    if let Some(problem) = still_stopped {
        print::complain(&problem.to_string());
    }
    Ok(takes)
}
