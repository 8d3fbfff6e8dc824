//! From the options of a request to a draft.

use std::io::Read;

use crate::engine::admit::{self, Plan};
use crate::engine::references;
use crate::model::clean::clean;
use crate::model::form::is_local;
use crate::model::{Backend, Draft, Invalid, Parameter};
use crate::service::Home;

use super::Failure;
use super::args::Request;
use super::exit::Exit;
use super::options::Parameters;

/// As [`of_options`], for a price: no prompt is needed, since it has no effect on it.
pub(super) fn for_price(home: &Home, options: &Request) -> Result<Draft, Failure> {
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

/// The draft that the options describe; without a prompt, the reel's draft with the options on top.
pub(super) fn of_options(home: &Home, options: &Request) -> Result<Draft, Failure> {
    let mut draft = match &options.prompt {
        Some(source) => Draft {
            prompt: prompt(source)?,
            ..Draft::default()
        },
        None => saved(home)?,
    };
    options
        .parameters
        .apply(&mut draft)
        .map_err(|invalid| usage(&invalid))?;
    let broken = draft.broken_rules();
    if broken.is_empty() {
        return Ok(draft);
    }
    Err(refused(&broken))
}

/// What the takes of a draft come to.
pub(super) fn plan(home: &Home, draft: &Draft, repeats: u32) -> Result<Plan, Failure> {
    let prices = home.spending(Backend::Live).read().prices;
    let clip_ms = |clip: &str| {
        let local = is_local(clip).then_some(clip)?;
        references::look(draft.model, Parameter::Videos, local)
            .ok()?
            .longest_ms
    };
    let plan = admit::plan(draft, &prices, clip_ms).map_err(|broken| refused(&broken))?;
    Ok(Plan { repeats, ..plan })
}

/// Every rule that a draft breaks, a line each.
fn refused(broken: &[Invalid]) -> Failure {
    let all: Vec<String> = broken.iter().map(ToString::to_string).collect();
    usage(&all.join("\nrushes: "))
}

/// A fresh draft with this prompt and the options on top; it may break rules.
pub(super) fn of_text(prompt: String, options: &Parameters) -> Result<Draft, Failure> {
    let mut draft = Draft {
        prompt,
        ..Draft::default()
    };
    options
        .apply(&mut draft)
        .map_err(|invalid| Failure::new(Exit::Usage, invalid))?;
    Ok(draft)
}

fn usage(why: &impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("nothing was sent: {why}"))
}

fn saved(home: &Home) -> Result<Draft, Failure> {
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
