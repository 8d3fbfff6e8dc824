//! Finds a request in Python as the provider's playground shows it: `data = {…}` that is posted, or the arguments of
//! `segmind.run(…)`. Nothing is run: only literals are read, and names of literals.

use serde_json::{Map, Value};

use super::{ForeignError, Found, Kind, address, json, key};
use crate::model::text::one_line;

mod json_value;
mod tokens;
mod values;

use tokens::Token;
use values::{Arguments, Values};

/// Methods that send a request.
const SENDERS: [&str; 5] = ["post", "run", "submit", "request", "subscribe"];

/// Arguments of these methods that are not part of the request.
const NOT_SENT: [&str; 9] = [
    "headers",
    "timeout",
    "poll_interval",
    "interval",
    "verify",
    "params",
    "stream",
    "files",
    "auth",
];

/// Reads a program.
pub(super) fn read(text: &str) -> Result<Found, ForeignError> {
    let tokens = tokens::tokens(text);
    let mut program = Program {
        values: Values::new(&tokens),
        calls: Vec::new(),
        keys: Vec::new(),
    };
    program.read(&tokens);
    program.found()
}

/// Reads one dictionary that is written as Python writes it, and nothing besides.
pub(super) fn read_literal(text: &str) -> Result<Found, ForeignError> {
    let tokens = tokens::tokens(text);
    let (value, end) = Values::new(&tokens).value(0).ok_or(ForeignError::NoRequest)?;
    let rest = tokens.get(end..).unwrap_or_default();
    let is_whole = rest.iter().all(|token| *token == Token::Line);
    if !is_whole || json_value::has_computed(&value) {
        return Err(ForeignError::NoRequest);
    }
    json::find(value, Kind::Python)
}

/// What the program assigns and sends.
struct Program<'t> {
    values: Values<'t>,
    calls: Vec<(String, Arguments)>,
    keys: Vec<String>,
}

impl Program<'_> {
    fn read(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let Token::Name(name) = token else { continue };
            match tokens.get(at + 1..).unwrap_or_default() {
                [Token::Mark('='), ..] => self.assign(name, at + 2),
                // A hint of the type stands between: `data: dict = {…}`.
                [Token::Mark(':'), Token::Name(_), Token::Mark('='), ..] => self.assign(name, at + 4),
                [
                    Token::Mark('['),
                    Token::Text(field),
                    Token::Mark(']'),
                    Token::Mark('='),
                    ..,
                ] => {
                    let value = self.values.value(at + 5).map(|(value, _)| value);
                    self.values.assign_field(name, field, value);
                }
                [Token::Mark('('), ..] if SENDERS.contains(&name.as_str()) => {
                    let arguments = self.values.arguments(at + 1);
                    self.calls.push((name.clone(), arguments));
                }
                _ => {}
            }
        }
    }

    /// Notes what is assigned to a name, or given as an argument of this name.
    fn assign(&mut self, name: &str, at: usize) {
        let Some((value, _)) = self.values.value(at) else {
            return;
        };
        match &value {
            Value::String(text) if key::is_key_name(name) => self.keys.extend(key::key_in(text)),
            Value::Object(fields) => {
                let named = fields.iter().filter(|(name, _)| key::is_key_name(name));
                let named = named.filter_map(|(_, value)| value.as_str());
                self.keys.extend(named.filter_map(key::key_in));
            }
            _ => {}
        }
        self.values.assign(name, value);
    }

    fn found(mut self) -> Result<Found, ForeignError> {
        let calls = std::mem::take(&mut self.calls);
        let sent = calls
            .into_iter()
            .find_map(|(name, arguments)| sent(&name, arguments));
        let mut found = match sent {
            Some(found) => found,
            None => self.assigned()?,
        };
        found.keys.append(&mut self.keys);
        // Without a call the address may still be assigned.
        if found.model.is_none() {
            const NAMES: [&str; 5] = ["url", "endpoint", "api_url", "base_url", "API_URL"];
            let address = NAMES.iter().find_map(|name| self.values.text(name));
            if let Some(address) = address {
                found.sent_to(address::read(address));
            }
        }
        Ok(found)
    }

    /// The first dictionary that is a request, best one with a prompt.
    fn assigned(&self) -> Result<Found, ForeignError> {
        let objects = self.values.objects();
        let with_prompt = objects.iter().find(|fields| fields.contains_key("prompt"));
        let mut candidates = with_prompt.into_iter().chain(&objects);
        let found = candidates.find_map(|fields| request((*fields).clone()));
        found.ok_or(ForeignError::NoRequest)
    }
}

/// The request that a call sends, if it is one.
fn sent(method: &str, arguments: Arguments) -> Option<Found> {
    let Arguments { listed, mut named } = arguments;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let first = listed
        .first()
        .and_then(text)
        .or_else(|| named.get("url").and_then(text));
    let mut headers = Vec::new();
    if let Some(Value::Object(fields)) = named.get("headers") {
        let keys = fields.iter().filter(|(name, _)| key::is_key_name(name));
        headers.extend(keys.filter_map(|(_, value)| key::key_in(value.as_str()?)));
    }
    let held = ["json", "data", "payload", "input", "arguments"]
        .iter()
        .find_map(|name| {
            let held = named.get(*name)?.clone();
            match held {
                Value::Object(fields) => request(fields),
                // `data=json.dumps(…)`, or JSON as text.
                Value::String(text) => request(serde_json::from_str(&text).ok()?),
                _ => None,
            }
        });
    let listed_one = || {
        let mut objects = listed.iter().filter_map(Value::as_object);
        objects.find_map(|fields| request(fields.clone()))
    };
    let by_name = |named: &mut Map<String, Value>| {
        if !named.contains_key("prompt") {
            return None;
        }
        named.retain(|name, _| !NOT_SENT.contains(&name.as_str()));
        request(std::mem::take(named))
    };
    let mut found = held.or_else(listed_one).or_else(|| by_name(&mut named))?;
    found.keys.append(&mut headers);
    match first {
        Some(text) if address::is_one(&text) => found.sent_to(address::read(&text)),
        Some(slug) if method != "post" => found.model = Some(slug),
        _ => {}
    }
    Some(found)
}

/// The request in a dictionary. What the program computes is told, and left out.
fn request(mut fields: Map<String, Value>) -> Option<Found> {
    let computed = without_computed(&mut fields, 0);
    let mut found = json::find(Value::Object(fields), Kind::Python).ok()?;
    if let Some(names) = super::fields::names(computed.iter()) {
        found.remarks.push(format!(
            "The program computes {names}, and it is not run: set this in the form yourself."
        ));
    }
    Some(found)
}

/// Removes the fields that are computed, and returns their names.
fn without_computed(fields: &mut Map<String, Value>, depth: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    fields.retain(|name, value| {
        let is_kept = !json_value::is_computed(value);
        if !is_kept {
            names.push(one_line(name, 60));
        }
        is_kept
    });
    if depth < 3 {
        for value in fields.values_mut() {
            if let Value::Object(inner) = value {
                names.extend(without_computed(inner, depth + 1));
            }
        }
    }
    names
}
