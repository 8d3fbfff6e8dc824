//! How takes are printed: one JSON object a line, or a line for people.

use std::io::{IsTerminal, Write};

use crate::config::Notify;
use crate::engine::admit::Plan;
use crate::model::take::TakeRecord;
use crate::model::text::{counted, lines, one_line, tame_json};
use crate::model::{Backend, Take, TakeState, Verdict};

use super::Failure;
use super::exit::Exit;

/// Text for people on standard output, without anything that their terminal could obey.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    write(&format!("{}\n", shown(text)))
}

/// The text as it is, without a line break of its own.
pub(super) fn raw(text: &str) -> Result<(), Failure> {
    write(text)
}

/// JSON on standard output, a value a line.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(value).map_err(|error| Failure::new(Exit::Other, error))?;
    write(&format!("{}\n", tame_json(&json)))
}

/// A sentence on standard error.
pub(super) fn complain(sentence: &str) {
    note(&format!("rushes: {sentence}"));
}

/// A paragraph on standard error that says by itself what it is about.
pub(super) fn note(paragraph: &str) {
    // A terminal that is gone is no reason to fall over what it is told.
    let _ = writeln!(std::io::stderr(), "{}", shown(paragraph));
}

/// Rings the bell of the terminal that standard error is, unless the settings say never. Nothing tells here whether
/// its window has the keys.
pub(super) fn ring(notify: Notify) {
    let mut out = std::io::stderr();
    if notify != Notify::Never && out.is_terminal() {
        let _ = out.write_all(b"\x07").and_then(|()| out.flush());
    }
}

/// A question on standard error; the answer is typed behind it.
pub(super) fn ask(question: &str) {
    let mut out = std::io::stderr();
    let _ = write!(out, "{} ", shown(question)).and_then(|()| out.flush());
}

/// Line breaks and tabs stay; the rest of what is not text goes.
fn shown(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(|part| lines(part, usize::MAX)).collect();
    parts.join("\t")
}

/// A reader who left (`| head`) is no error.
fn write(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(
            Exit::Other,
            format!("cannot write to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// A take as JSON or as a row.
pub(super) fn take(take: &Take, json: bool) -> Result<(), Failure> {
    if json {
        return self::json(&TakeRecord::from(take));
    }
    line(&row(take))
}

/// What a plan costs: one, all, and its repeats.
pub(super) fn costs(plan: Plan, repeats: u32) -> String {
    let (takes, each, total) = (plan.takes, plan.each, plan.total);
    format!("{takes} × {each} = {total} est.{}", with_repeats(plan, repeats))
}

/// What a plan may cost with its repeats; nothing without any.
pub(super) fn with_repeats(plan: Plan, repeats: u32) -> String {
    match repeats {
        0 => String::new(),
        n => format!(", up to {} with {} of each", plan.worst(n), counted(n, "repeat")),
    }
}

/// One row of the log, in columns.
fn row(take: &Take) -> String {
    let local = take
        .created_at
        .to_zoned(jiff::tz::TimeZone::system())
        .strftime("%m-%d %H:%M");
    let total = take
        .times
        .stages()
        .total
        .map_or_else(|| "-".to_owned(), |s| format!("{s:.0}s"));
    let cost = match (take.backend, take.cost) {
        (Backend::Sandbox, _) => "free".to_owned(),
        (Backend::Live, Some(cost)) => cost.precise(),
        (Backend::Live, None) => format!("{} est.", take.estimate),
    };
    let verdict = match take.verdict {
        Verdict::Circled => "*",
        Verdict::Rejected => "-",
        Verdict::None => " ",
    };
    let last = match (&take.file, take.error_kind) {
        (Some(file), _) => file.display().to_string(),
        (None, Some(kind)) => kind.title().to_owned(),
        (None, None) => String::new(),
    };
    format!(
        "{:>5}  {local}  s{:<10}  {}  {:>3}s  {:<10}  {total:>6}  {cost:<11} {verdict}  {last}",
        take.id,
        take.seed.number(),
        take.resolution,
        take.duration.get(),
        take.state.word(),
    )
}

/// Why a take is not saved, and what now.
pub(super) fn why(take: &Take) -> String {
    let error = take
        .error
        .as_deref()
        .map(|e| one_line(e, 400))
        .unwrap_or_default();
    let advice = take.error_kind.map_or("", crate::model::FailureKind::advice);
    match take.state {
        state if take.error_kind == Some(crate::model::FailureKind::OtherKey) => {
            format!("take {}: {state}. {error}", take.id)
        }
        TakeState::Unknown => format!(
            "take {}: it is unknown whether it arrived, and it may be billed. It is not sent again; \
             `rushes reconcile` asks the history. {error}",
            take.id
        ),
        TakeState::Cancelled => format!(
            "take {}: taken out of the line, not sent. {error} {advice}",
            take.id
        ),
        TakeState::Accepted | TakeState::Queued | TakeState::Processing | TakeState::Rendered => {
            format!(
                "take {}: {} at the provider; `rushes resume` brings it home. {error}",
                take.id, take.state
            )
        }
        TakeState::Waiting => match take.held {
            Some(kind) => format!(
                "take {}: held back, not sent: its prompt was refused twice ({}). {} `rushes resume --release-held` \
                 sends it; the workbench's queue also cancels or changes it.",
                take.id,
                kind.title(),
                kind.advice()
            ),
            None => format!("take {}: waiting. {error} {advice}", take.id),
        },
        state => format!("take {}: {state}. {error} {advice}", take.id),
    }
}
