//! Reads a faults file; an error has its place and says what is accepted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use toml::Spanned;

use super::fields::Field;
use super::rule::{Rule, When};
use crate::model::text::line_and_column;

use super::{Effect, Expiry, Faults, FaultsError, ResetPoint, Strike};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    fault: Vec<Spanned<RawFault>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFault {
    /// For the reader of the file and of the counts.
    #[serde(default)]
    name: String,
    method: Option<Spanned<String>>,
    path: Spanned<String>,
    nth: Option<Spanned<Numbers>>,
    first: Option<Spanned<u64>>,
    every: Option<Spanned<u64>>,
    probability: Option<Spanned<f64>>,
    status: Option<Spanned<u16>>,
    body: Option<Spanned<String>>,
    headers: Option<Spanned<BTreeMap<String, String>>>,
    content_type: Option<Spanned<String>>,
    reset: Option<Spanned<ResetPoint>>,
    truncate: Option<Spanned<u64>>,
    shorten: Option<Spanned<u64>>,
    empty: Option<Spanned<bool>>,
    slow: Option<Spanned<Slow>>,
    expire: Option<Spanned<Expiry>>,
    fail: Option<Spanned<String>>,
    set: Option<Spanned<BTreeMap<String, toml::Value>>>,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    carry_out: bool,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "nth must be a number such as 2, or a list such as [1, 3]"
)]
enum Numbers {
    One(u64),
    Several(Vec<u64>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Slow {
    bytes: usize,
    every_ms: u64,
}

/// What is wrong, and where in the text.
type Wrong = (Range<usize>, String);

/// Reads the faults file at `file`.
pub(in crate::sandbox) fn load(file: &Path) -> Result<Faults, FaultsError> {
    let text = std::fs::read_to_string(file).map_err(|error| FaultsError::Unreadable {
        file: file.to_owned(),
        message: error.to_string(),
    })?;
    parse(file, &text)
}

/// Reads the text of a faults file; `file` is its name in errors.
pub fn parse(file: &Path, text: &str) -> Result<Faults, FaultsError> {
    let located = |(span, message): Wrong| {
        let (line, column) = line_and_column(text, span.start);
        FaultsError::Wrong {
            file: file.to_owned(),
            line,
            column,
            message,
        }
    };
    let raw: RawFile = toml::from_str(text).map_err(|error| {
        located((
            error.span().unwrap_or(0..0),
            error.message().trim().replace('\n', " "),
        ))
    })?;
    let rules: Result<Vec<Rule>, Wrong> = raw
        .fault
        .into_iter()
        .map(|fault| {
            let span = fault.span();
            rule(span, fault.into_inner())
        })
        .collect();
    rules.map(|rules| Faults::new(raw.seed, rules)).map_err(located)
}

fn rule(table: Range<usize>, raw: RawFault) -> Result<Rule, Wrong> {
    if !raw.path.get_ref().starts_with('/') {
        return Err(wrong(
            &raw.path,
            "path must begin with /, such as \"/v2/*\" or \"/files/**\"",
        ));
    }
    let method = raw.method.as_ref().map(method).transpose()?;
    let when = when(&raw)?;
    let (name, path) = (raw.name.clone(), raw.path.get_ref().clone());
    let (delay, carry_out) = (Duration::from_millis(raw.delay_ms), raw.carry_out);
    let effect = effect(table, raw)?;
    Ok(Rule {
        name,
        method,
        path,
        when,
        strike: Strike {
            effect,
            delay,
            carry_out,
        },
    })
}

fn method(given: &Spanned<String>) -> Result<Method, Wrong> {
    let known = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    known
        .into_iter()
        .find(|method| method.as_str() == given.get_ref())
        .ok_or_else(|| wrong(given, "method must be one of GET, POST, HEAD, PUT, PATCH, DELETE"))
}

fn when(raw: &RawFault) -> Result<When, Wrong> {
    let mut all: Vec<(Range<usize>, When)> = Vec::new();
    if let Some(nth) = &raw.nth {
        let numbers = match nth.get_ref() {
            Numbers::One(number) => vec![*number],
            Numbers::Several(numbers) => numbers.clone(),
        };
        if numbers.is_empty() || numbers.contains(&0) {
            return Err(wrong(
                nth,
                "nth counts from 1: give a number such as 2, or a list such as [1, 3]",
            ));
        }
        all.push((nth.span(), When::Nth(numbers)));
    }
    all.extend(
        raw.first
            .as_ref()
            .map(|first| (first.span(), When::First(*first.get_ref()))),
    );
    if let Some(every) = &raw.every {
        if *every.get_ref() == 0 {
            return Err(wrong(every, "every must be 1 or more"));
        }
        all.push((every.span(), When::Every(*every.get_ref())));
    }
    if let Some(chance) = &raw.probability {
        if !(0.0..=1.0).contains(chance.get_ref()) {
            return Err(wrong(chance, "probability must be between 0.0 and 1.0"));
        }
        all.push((chance.span(), When::Chance(*chance.get_ref())));
    }
    let one = "only one of nth, first, every and probability may stand in a fault";
    single(all, one).map(|when| when.unwrap_or(When::Always))
}

fn effect(table: Range<usize>, raw: RawFault) -> Result<Effect, Wrong> {
    let delays = raw.delay_ms > 0;
    let mut all: Vec<(Range<usize>, Effect)> = Vec::new();
    if raw.status.is_none() {
        let needs_status = "needs a status beside it, such as status = 500";
        if let Some(body) = &raw.body {
            return Err(wrong(body, &format!("body {needs_status}")));
        }
        if let Some(headers) = &raw.headers {
            return Err(wrong(headers, &format!("headers {needs_status}")));
        }
        if let Some(given) = &raw.content_type {
            all.push((given.span(), Effect::ContentType(content_type(given)?)));
        }
    }
    if let Some(status) = &raw.status {
        all.push((status.span(), response_of(status, &raw)?));
    }
    if let Some(slow) = &raw.slow {
        if slow.get_ref().bytes == 0 {
            return Err(wrong(
                slow,
                "slow needs bytes of 1 or more, such as { bytes = 1024, every_ms = 50 }",
            ));
        }
        let every = Duration::from_millis(slow.get_ref().every_ms);
        all.push((
            slow.span(),
            Effect::Slow {
                bytes: slow.get_ref().bytes,
                every,
            },
        ));
    }
    all.extend(spanned(raw.reset, Effect::Reset));
    all.extend(spanned(raw.truncate, Effect::Truncate));
    all.extend(spanned(raw.shorten, Effect::Shorten));
    let empty = raw.empty.filter(|is_empty| *is_empty.get_ref());
    all.extend(spanned(empty, |_| Effect::Empty));
    all.extend(spanned(raw.expire, Effect::Expire));
    all.extend(spanned(raw.fail, Effect::Fail));
    if let Some(given) = raw.set {
        all.push((given.span(), set(&given)?));
    }
    match single(all, &format!("only one of {EFFECTS} may stand in a fault"))? {
        Some(effect) => Ok(effect),
        None if delays => Ok(Effect::Delay),
        None => Err((table, format!("a fault needs one of {EFFECTS} or delay_ms"))),
    }
}

fn spanned<T>(given: Option<Spanned<T>>, effect: impl Fn(T) -> Effect) -> Option<(Range<usize>, Effect)> {
    given.map(|given| (given.span(), effect(given.into_inner())))
}

const EFFECTS: &str = "status, reset, truncate, shorten, empty, content_type, slow, expire, fail, set";

fn response_of(status: &Spanned<u16>, raw: &RawFault) -> Result<Effect, Wrong> {
    let code = StatusCode::from_u16(*status.get_ref())
        .ok()
        .filter(|code| (200..600).contains(&code.as_u16()))
        .ok_or_else(|| wrong(status, "status must be an HTTP status from 200 to 599"))?;
    let mut headers = HeaderMap::new();
    if let Some(given) = &raw.headers {
        for (name, value) in given.get_ref() {
            let name = HeaderName::try_from(name.as_str());
            let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
                return Err(wrong(
                    given,
                    "headers must be names and values such as { Retry-After = \"2\" }",
                ));
            };
            headers.insert(name, value);
        }
    }
    if let Some(given) = &raw.content_type {
        headers.insert(header::CONTENT_TYPE, content_type(given)?);
    }
    Ok(Effect::Respond {
        status: code,
        body: raw.body.as_ref().map(|body| body.get_ref().clone()),
        headers,
    })
}

fn set(given: &Spanned<BTreeMap<String, toml::Value>>) -> Result<Effect, Wrong> {
    let fields = given.get_ref().iter();
    let fields: Option<Vec<_>> = fields
        .map(|(path, value)| Some((path.clone(), Field::of(value)?)))
        .collect();
    match fields.filter(|fields| !fields.is_empty()) {
        Some(fields) => Ok(Effect::Set(fields)),
        None => Err(wrong(
            given,
            "set must name fields and their new texts, numbers or truth values, such as { \"metrics.cost\" = -1 }",
        )),
    }
}

fn content_type(given: &Spanned<String>) -> Result<HeaderValue, Wrong> {
    HeaderValue::from_str(given.get_ref())
        .map_err(|_| wrong(given, "content_type must be a media type such as \"text/html\""))
}

/// The only item, none, or an error at the second.
fn single<T>(all: Vec<(Range<usize>, T)>, message: &str) -> Result<Option<T>, Wrong> {
    let mut in_order = all;
    in_order.sort_by_key(|(span, _)| span.start);
    let mut items = in_order.into_iter();
    let first = items.next();
    match items.next() {
        Some((span, _)) => Err((span, message.to_owned())),
        None => Ok(first.map(|(_, item)| item)),
    }
}

fn wrong<T>(at: &Spanned<T>, message: &str) -> Wrong {
    (at.span(), message.to_owned())
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
