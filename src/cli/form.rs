//! Makes a form from the options of a request.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::engine::admit::{Order, Plan};
use crate::engine::references;
use crate::model::clean::clean;
use crate::model::form::is_local;
use crate::model::{Backend, Form, Invalid, Parameter, Seconds};
use crate::script::{Script, read};
use crate::service::{Home, money, sweep};

use super::Failure;
use super::args::RequestArgs;
use super::options::Parameters;

/// The form of which the price is asked: as [`of_options`], but it needs no prompt, which has no effect on the price.
pub(super) fn for_price(home: &Home, options: &RequestArgs) -> Result<Form, Failure> {
    let mut options = options.clone();
    if options.prompt.is_none() && !matches!(home.store.forms(&home.reel.id).edited(), Ok(Some(_))) {
        options.prompt = Some("any".to_owned());
    }
    of_options(home, &options)
}

/// The form that the options describe; without a prompt, the reel's form with the options on top.
pub(super) fn of_options(home: &Home, options: &RequestArgs) -> Result<Form, Failure> {
    let mut form = match &options.prompt {
        Some(source) => Form {
            prompt: prompt(source)?,
            ..Form::default()
        },
        None => saved(home)?,
    };
    options.parameters.apply(&mut form).map_err(nothing_sent)?;
    if options.draft {
        form.make_draft().map_err(nothing_sent)?;
    }
    references::anchor(&mut form);
    sweep::look_up_seeds(&home.store, &mut form)?;
    let broken = form.broken_rules();
    if broken.is_empty() {
        return Ok(form);
    }
    Err(refused(&broken))
}

/// How many takes an order makes, and their prices.
pub(super) fn plan(home: &Home, order: &Order) -> Result<Plan, Failure> {
    let prices = home.spending(Backend::Live).read().prices;
    let lessons = home.store.lessons(&prices)?;
    let clip_ms = |clip: &str| {
        let local = is_local(clip).then_some(clip)?;
        let facts = references::look(order.form.model, Parameter::Videos, local);
        facts.ok()?.longest_ms
    };
    Ok(order.plan(&prices, &lessons, clip_ms))
}

/// What to know about an order and its price before it is sent, a sentence or two each.
pub(super) fn remarks(home: &Home, order: &Order, plan: &Plan) -> Result<Vec<String>, Failure> {
    let prices = home.spending(Backend::Live).read().prices;
    let lessons = home.store.lessons(&prices)?;
    let today = home.clock.now().to_zoned(TimeZone::system()).date();
    Ok(money::remarks(order, plan, (&prices, &lessons), today))
}

/// Every rule that a form breaks, a line each.
fn refused(broken: &[Invalid]) -> Failure {
    let all: Vec<String> = broken.iter().map(ToString::to_string).collect();
    nothing_sent(all.join("\nrushes: "))
}

/// A new form with this prompt and the options on top; it may break rules.
pub(super) fn of_text(prompt: String, options: &Parameters) -> Result<Form, Failure> {
    let mut form = Form {
        prompt,
        ..Form::default()
    };
    options.apply(&mut form).map_err(Failure::usage)?;
    Ok(form)
}

fn nothing_sent(why: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("nothing was sent: {why}"))
}

fn saved(home: &Home) -> Result<Form, Failure> {
    let reel = &home.reel;
    let saved = home.store.forms(&reel.id).edited()?;
    saved.ok_or_else(|| {
        let name = &reel.name;
        Failure::usage(format!(
            "reel {name:?} has no script yet: give a prompt with --prompt"
        ))
    })
}

/// Reads the prompt from its source, and cleans it as the editor cleans pasted text, so that the same text is the same
/// request.
fn prompt(source: &str) -> Result<String, Failure> {
    let unreadable = |what: &str, error: std::io::Error| {
        nothing_sent(format!("cannot read the prompt from {what}: {error}"))
    };
    let text = if source == "-" {
        std::io::read_to_string(std::io::stdin()).map_err(|error| unreadable("standard input", error))?
    } else if let Some(path) = source.strip_prefix('@') {
        std::fs::read_to_string(path).map_err(|error| unreadable(path, error))?
    } else if !source.contains(char::is_whitespace) && Path::new(source).is_file() {
        let question = format!("{source:?} is a file: give --prompt @{source} for the text in it");
        return Err(Failure::usage(question));
    } else {
        source.to_owned()
    };
    // Nothing that would be sent is cut off.
    Ok(clean(&text, usize::MAX))
}

/// Why a script gets its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// It was asked for, or is that of a new form.
    Given,
    /// It is the shortest that holds the script.
    Shortest,
    /// No take holds the script.
    Longest,
    /// The text states it.
    Stated,
}

/// The request for a text, and why it has its length: the one that is asked for, or else the one that fits the script.
pub(super) fn fitted(text: String, options: &Parameters) -> Result<(Form, Length), Failure> {
    let mut form = of_text(text, options)?;
    let fitting = (!options.gives(Parameter::Duration)).then(|| fitting(&form, &read(&form.prompt)));
    let Some(Some((length, why))) = fitting else {
        return Ok((form, Length::Given));
    };
    form.duration = length;
    Ok((form, why))
}

/// The shortest length that holds the script, the one that it states, or the longest for a longer one; `None` when neither
/// times nor text say anything.
fn fitting(form: &Form, script: &Script) -> Option<(Seconds, Length)> {
    let is_timed = script.end_ms().is_some();
    let fits = script.smallest_duration(form.model);
    let fits = fits.map(|length| {
        (
            length,
            if is_timed {
                Length::Shortest
            } else {
                Length::Stated
            },
        )
    });
    let longest = form
        .model
        .durations
        .last()
        .copied()
        .map(|length| (length, Length::Longest));
    let is_longer = script.end_ms().is_some_and(|end| end > form.model.max_ms()) && script.clips.len() == 1;
    fits.or(longest.filter(|_| is_longer))
}
