//! From the options of a request to a form.

use std::io::Read;

use crate::engine::admit::{self, Plan};
use crate::engine::references;
use crate::model::clean::clean;
use crate::model::form::is_local;
use crate::model::{Backend, Form, Invalid, Parameter};
use crate::service::Home;

use super::Failure;
use super::args::Request;
use super::exit::Exit;
use super::options::Parameters;

/// As [`of_options`], for a price: no prompt is needed, since it has no effect on it.
pub(super) fn for_price(home: &Home, options: &Request) -> Result<Form, Failure> {
    let saved = home.store.forms(&home.reel.id).edited().ok().flatten();
    let priced = match (&options.prompt, saved) {
        (None, None) => Request {
            prompt: Some("any".to_owned()),
            ..options.clone()
        },
        _ => options.clone(),
    };
    of_options(home, &priced)
}

/// The form that the options describe; without a prompt, the reel's form with the options on top.
pub(super) fn of_options(home: &Home, options: &Request) -> Result<Form, Failure> {
    let mut form = match &options.prompt {
        Some(source) => Form {
            prompt: prompt(source)?,
            ..Form::default()
        },
        None => saved(home)?,
    };
    options
        .parameters
        .apply(&mut form)
        .map_err(|invalid| usage(&invalid))?;
    let broken = form.broken_rules();
    if broken.is_empty() {
        return Ok(form);
    }
    Err(refused(&broken))
}

/// What the takes of a form come to.
pub(super) fn plan(home: &Home, form: &Form, repeats: u32) -> Result<Plan, Failure> {
    let prices = home.spending(Backend::Live).read().prices;
    let clip_ms = |clip: &str| {
        let local = is_local(clip).then_some(clip)?;
        references::look(form.model, Parameter::Videos, local)
            .ok()?
            .longest_ms
    };
    let plan = admit::plan(form, &prices, clip_ms).map_err(|broken| refused(&broken))?;
    Ok(Plan { repeats, ..plan })
}

/// Every rule that a form breaks, a line each.
fn refused(broken: &[Invalid]) -> Failure {
    let all: Vec<String> = broken.iter().map(ToString::to_string).collect();
    usage(&all.join("\nrushes: "))
}

/// A fresh form with this prompt and the options on top; it may break rules.
pub(super) fn of_text(prompt: String, options: &Parameters) -> Result<Form, Failure> {
    let mut form = Form {
        prompt,
        ..Form::default()
    };
    options
        .apply(&mut form)
        .map_err(|invalid| Failure::new(Exit::Usage, invalid))?;
    Ok(form)
}

fn usage(why: &impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("nothing was sent: {why}"))
}

fn saved(home: &Home) -> Result<Form, Failure> {
    home.store.forms(&home.reel.id).edited()?.ok_or_else(|| {
        let reel = &home.reel.name;
        Failure::new(
            Exit::Usage,
            format!("reel {reel:?} has no draft yet: give a prompt with --prompt"),
        )
    })
}

/// The prompt of this source, cleaned as the editor cleans what is pasted: the same text is the same request.
fn prompt(source: &str) -> Result<String, Failure> {
    let unreadable = |what: &str, error: std::io::Error| {
        Failure::new(
            Exit::Usage,
            format!("nothing was sent: cannot read the prompt from {what}: {error}"),
        )
    };
    let text = if source == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| unreadable("standard input", error))?;
        text
    } else if let Some(path) = source.strip_prefix('@') {
        std::fs::read_to_string(path).map_err(|error| unreadable(path, error))?
    } else {
        source.to_owned()
    };
    // Nothing is cut off that would be sent.
    Ok(clean(&text, usize::MAX))
}
