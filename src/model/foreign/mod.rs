//! Reads a request into a form from text that comes from elsewhere: a curl command, JSON, or the Python that the
//! provider's playground shows.
//!
//! The text is not trusted. Nothing of it is run, no file that it names is read, and a key in it is dropped. What the form
//! cannot hold is told in remarks. `curl`, `json` and `python` find the request and where it is sent; `fields` puts it
//! into a form by the table of parameters.
//!
//! The prompt is taken as it stands, so a caller that expands variables escapes it first.

use serde_json::{Map, Value};

use super::form::Form;
use super::models::Model;

mod address;
mod curl;
mod fields;
mod json;
mod key;
mod listing;
mod python;

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// A request that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub form: Form,
    /// What the text was.
    pub kind: Kind,
    /// What was left out, guessed or changed, in sentences. They hold no key and nothing that steers a terminal.
    pub remarks: Vec<String>,
}

/// What a text from elsewhere was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Curl,
    Json,
    /// A take as rushes writes it: a sidecar, or `rushes show --json`.
    Take,
    Python,
}

impl Kind {
    /// As it stands in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Curl => "a curl command",
            Self::Json => "JSON",
            Self::Take => "a take of rushes",
            Self::Python => "Python",
        }
    }
}

/// Why no request was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    #[error("there is no text: give a curl command, JSON, or the Python of the playground")]
    Empty,
    #[error("the text is longer than {} MiB: give only the request", MAX_BYTES >> 20)]
    TooLong,
    #[error(
        "no request was found in it: give a curl command, JSON with a prompt, or the Python of the playground"
    )]
    NoRequest,
    #[error("it is not JSON (line {line}, column {column}: {reason}): copy the whole object anew")]
    NotJson {
        line: usize,
        column: usize,
        reason: String,
    },
    #[error("the request finishes a draft and has no prompt of its own: open the file of the draft instead")]
    Final,
    #[error("it holds {count} requests: keep only one")]
    Several { count: usize },
    #[error("a quotation mark is left open in the curl command: copy the whole command anew")]
    OpenQuote,
    #[error("the curl command sends no body: add one with -d")]
    NoBody,
    #[error("the curl command sends the file {file:?}, which is not read: open that file instead")]
    BodyInFile { file: String },
    #[error("the curl command sends form fields ({option}), and the API takes JSON: write the body with -d")]
    FormFields { option: String },
    #[error("the body of the curl command is not JSON ({reason}): write it as one JSON object")]
    BodyNotJson { reason: String },
}

/// A request on its way into a form.
struct Found {
    kind: Kind,
    body: Map<String, Value>,
    /// The slug, as the address or a field names it.
    model: Option<String>,
    /// `v1` or `v2`, if something says so.
    version: Option<String>,
    /// Values that were used as keys.
    keys: Vec<String>,
    remarks: Vec<String>,
}

impl Found {
    fn new(kind: Kind, body: Map<String, Value>) -> Self {
        Self {
            kind,
            body,
            model: None,
            version: None,
            keys: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Takes what an address says. It counts more than the fields of the body.
    fn sent_to(&mut self, address: address::Address) {
        self.model = address.model.or(self.model.take());
        self.version = address.version.or(self.version.take());
        self.keys.extend(address.keys);
        self.remarks.extend(address.remark);
    }
}

/// Reads a request from text of any of these kinds.
///
/// # Errors
/// [`ForeignError`] when there is no request, or several.
pub fn read(text: &str) -> Result<Foreign, ForeignError> {
    if text.len() > MAX_BYTES {
        return Err(ForeignError::TooLong);
    }
    let text = listing::plain(text);
    if text.is_empty() {
        return Err(ForeignError::Empty);
    }
    let (text, had_key) = key::without_known_keys(&text);
    let mut found = if text.starts_with(['{', '[']) {
        match json::read(&text) {
            Err(error @ ForeignError::NotJson { .. }) => python::read_literal(&text).map_err(|_| error)?,
            read => read?,
        }
    } else if listing::is_curl(&text) {
        curl::read(&text)?
    } else {
        python::read(&text)?
    };
    if !found.body.contains_key("prompt") && finishes_a_draft(&found.body) {
        return Err(ForeignError::Final);
    }
    if had_key {
        found.keys.push(key::REPLACED.to_owned());
    }
    Ok(fields::foreign(found))
}

fn finishes_a_draft(body: &Map<String, Value>) -> bool {
    Model::all().into_iter().any(|model| {
        let finish = model.finish.as_ref();
        finish.is_some_and(|finish| body.contains_key(&finish.id))
    })
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
