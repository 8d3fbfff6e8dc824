//! Prints for commands: takes as JSON or in columns, sentences, questions.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use crate::config::Notify;
use crate::engine::admit::Plan;
use crate::model::sweep_values::SweepValues;
use crate::model::take::TakeRecord;
use crate::model::text::{counted, json_line, lines, one_line, sentences, whole_seconds};
use crate::model::{Backend, FailureKind, Take, TakeState, Verdict};
use crate::service::home::environment;

use unicode_width::UnicodeWidthStr;

use super::Failure;

/// Text for people on standard output, without anything that controls their terminal.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    write(&format!("{}\n", shown(text)))
}

/// The text as it is, without a line break of its own.
pub(super) fn raw(text: &str) -> Result<(), Failure> {
    write(text)
}

/// JSON on standard output, one value on a line.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    write(&json_line(value).map_err(Failure::other)?)
}

/// Prints a sentence on standard error.
pub(super) fn complain(sentence: &str) {
    note(&format!("rushes: {sentence}"));
}

/// A paragraph on standard error.
pub(super) fn note(paragraph: &str) {
    // A closed terminal is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{}", shown(paragraph));
}

/// Rings the bell if standard error is a terminal, unless the settings say never. Whether its window has the focus is not
/// known here.
pub(super) fn ring(notify: Notify) {
    let mut out = std::io::stderr();
    if notify != Notify::Never && out.is_terminal() {
        let _ = out.write_all(b"\x07").and_then(|()| out.flush());
    }
}

/// A question on standard error; the answer is typed after it.
pub(super) fn ask(question: &str) {
    let mut out = std::io::stderr();
    let _ = write!(out, "{} ", shown(question)).and_then(|()| out.flush());
}

/// A line of standard input; nothing when it cannot be read.
pub(super) fn answer() -> String {
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_or_else(|_| String::new(), |_| answer.trim().to_owned())
}

/// The width of standard output, if that is a terminal.
pub(super) fn columns() -> Option<usize> {
    let size = std::io::stdout().is_terminal().then(crossterm::terminal::size)?;
    size.ok().map(|(columns, _)| usize::from(columns))
}

/// Removes control characters except line breaks and tabs.
fn shown(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(|part| lines(part, usize::MAX)).collect();
    parts.join("\t")
}

/// A closed pipe (`| head`) is no error.
fn write(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::other(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Takes as JSON, one a line.
pub(super) fn take_records(takes: Vec<Take>) -> Result<(), Failure> {
    let mut lines = String::new();
    for take in takes {
        lines += &json_line(&TakeRecord::from(take)).map_err(Failure::other)?;
    }
    write(&lines)
}

/// The names of columns, dim, on a terminal; nothing where another program reads.
fn heading(names: &str) -> Result<(), Failure> {
    if !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let is_plain = environment("TERM").is_none_or(|term| term == "dumb");
    let (dim, end) = if is_plain {
        ("", "")
    } else {
        ("\x1b[2m", "\x1b[22m")
    };
    raw(&format!("{dim}{}{end}\n", names.trim_end()))
}

/// The names of the columns of sweeps.
pub(super) fn heading_of_sweeps() -> Result<(), Failure> {
    heading(&format!(
        "{:>5}  {:<11}  {:<12}  {:<16}  {:<24}  cost",
        "sweep", "made", "varies", "takes", "verdicts"
    ))
}

/// Takes as rows, which say what tells the takes of a sweep apart; the first of a list below the names of the columns.
pub(super) fn take_rows(takes: &[Take], are_first: bool) -> Result<(), Failure> {
    let values = SweepValues::of(takes.iter());
    let values: Vec<String> = takes.iter().map(|take| values.of_take(take)).collect();
    let widest = values.iter().map(|value| value.width()).max().unwrap_or(0);
    // As wide as its name.
    let widest = if widest > 0 { widest.max(VALUE.len()) } else { 0 };
    if are_first && !takes.is_empty() {
        heading(&columns_of_take(widest))?;
    }
    let mut rows = takes.iter().zip(&values);
    rows.try_for_each(|(take, value)| line(&row(take, value, widest)))
}

/// What a plan costs: one take, all takes, and their repeats.
pub(super) fn costs(plan: &Plan) -> String {
    let takes = plan.takes();
    let Some(total) = plan.price_of(takes) else {
        return format!("{}, price unknown", counted(takes, "take"));
    };
    let total = format!("{}{}", total.in_words(), with_repeats(plan, takes));
    match plan.price_of_one() {
        Some(each) => format!("{takes} × {} = {total}", each.amount()),
        None => format!("{}: {total}", counted(takes, "take")),
    }
}

/// What the first `takes` of a plan may cost with their repeats; nothing without any.
pub(super) fn with_repeats(plan: &Plan, takes: u32) -> String {
    match (plan.repeats, plan.most_of(takes)) {
        (0, _) | (_, None) => String::new(),
        (n, Some(most)) => format!(", up to {most} with {} of each", counted(n, "repeat")),
    }
}

/// The name of the column of values.
const VALUE: &str = "value";

/// The names of the columns of [`row`].
fn columns_of_take(widest: usize) -> String {
    let value = match widest {
        0 => String::new(),
        widest => format!("  {VALUE:<widest$}"),
    };
    format!(
        "{:>5}  {:<11}  {:<11}{value}  {:<5}  {:>4}  {:<10}  {:>6}  {:<11} {:1}  file",
        "take", "made", "seed", "size", "", "state", "time", "cost", ""
    )
}

/// One row of the log, in columns. The value has a column of its own unless `widest` is 0.
fn row(take: &Take, value: &str, widest: usize) -> String {
    let local = take.created_at.to_zoned(jiff::tz::TimeZone::system());
    let local = local.strftime("%m-%d %H:%M");
    let total = take.took_ms();
    let total = total.map_or_else(|| "-".to_owned(), |ms| format!("{}s", whole_seconds(ms)));
    let value = match widest {
        0 => String::new(),
        widest => format!("  {value}{}", " ".repeat(widest - value.width().min(widest))),
    };
    let cost = match (take.backend, take.cost) {
        (Backend::Sandbox, _) => "free".to_owned(),
        (Backend::Live, Some(cost)) => cost.precise(),
        (Backend::Live, None) => take.price_in_words(),
    };
    let verdict = match take.verdict {
        Verdict::Circled => "*",
        Verdict::Rejected => "-",
        Verdict::None => " ",
    };
    let last = match (&take.file, take.emptied_at, take.error_kind) {
        (Some(file), ..) => file.display().to_string(),
        (None, Some(at), _) => format!("deleted from the bin {at:.0}"),
        (None, None, Some(kind)) => kind.title().to_owned(),
        (None, None, None) => String::new(),
    };
    format!(
        "{:>5}  {local}  s{:<10}{value}  {:<5}  {:>3}s  {:<10}  {total:>6}  {cost:<11} {verdict}  {last}",
        take.id,
        take.seed.number(),
        take.resolution.to_string(),
        take.duration.get(),
        take.state_in_words(),
    )
}

/// The take's error on one line.
fn error_of(take: &Take) -> String {
    let error = take.error.as_deref();
    error.map(|error| one_line(error, 400)).unwrap_or_default()
}

/// What is left to do about a take whose outcome stayed unknown although the history was asked. `proof_in` is how
/// long until the history proves it.
pub(super) fn still_unknown(take: &Take, proof_in: Option<Duration>) -> String {
    let next = match proof_in {
        Some(left) => format!(
            "In about {} min the history will prove whether it arrived: `rushes resume` waits for that",
            left.as_secs().div_ceil(60)
        ),
        None => "The history does not prove it: `rushes resume` keeps asking. If you know that it was not billed, mark it \
                 as not sent in the workbench"
            .to_owned(),
    };
    let error = error_of(take);
    let what = "it is unknown whether it arrived, and it may be billed. It is not sent again";
    sentences(&[&format!("take {}: {what}", take.id), &error, &next])
}

/// Why a take is not saved, and what now.
pub(super) fn why(take: &Take) -> String {
    let error = error_of(take);
    let advice = take.error_kind.map_or("", FailureKind::advice);
    let told = |what: &str, advice: &str| sentences(&[&format!("take {}: {what}", take.id), &error, advice]);
    match take.state {
        state if take.error_kind == Some(FailureKind::OtherKey) => told(state.word(), ""),
        TakeState::Unknown => told(
            "it is unknown whether it arrived, and it may be billed. It is not sent again; `rushes reconcile` asks \
             the history",
            "",
        ),
        TakeState::Cancelled => told("cancelled, not sent", advice),
        TakeState::Accepted | TakeState::Queued | TakeState::Processing | TakeState::Rendered => told(
            &format!("{} at the provider; `rushes resume` downloads it", take.state),
            "",
        ),
        TakeState::Waiting => match take.on_hold {
            Some(kind) => format!(
                "take {}: on hold, not sent: its prompt was refused twice ({}). {} `rushes resume --release-on-hold` \
                 sends it; the workbench's queue also cancels or changes it.",
                take.id,
                kind.title(),
                kind.advice()
            ),
            None => told("waiting", advice),
        },
        state => told(state.word(), advice),
    }
}
