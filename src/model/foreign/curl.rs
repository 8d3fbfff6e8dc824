//! Reads a curl command: its address, its headers and its body. Nothing of it is run, and no file is read.

use serde_json::Value;

use super::{ForeignError, Found, Kind, address, json, key, listing};
use crate::model::text::one_line;

mod quoting;

/// Options without a value, as single letters.
const SWITCHES: &str = "sSkLivfgGINOJR#0123 46aBjlMnpqZ:";

/// Long options with a value that says nothing about the request.
const PASSED_OVER: [&str; 30] = [
    "cacert",
    "capath",
    "cert",
    "config",
    "connect-timeout",
    "connect-to",
    "cookie",
    "cookie-jar",
    "dump-header",
    "interface",
    "key",
    "limit-rate",
    "max-redirs",
    "max-time",
    "noproxy",
    "output",
    "output-dir",
    "proxy",
    "proxy-header",
    "proxy-user",
    "range",
    "referer",
    "request",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "trace-ascii",
    "user-agent",
    "write-out",
];

/// What was read of the command so far.
#[derive(Default)]
struct Command {
    address: Option<String>,
    data: Vec<String>,
    /// The data of `--json`, which is joined without a mark.
    json: String,
    keys: Vec<String>,
    unknown: Vec<String>,
    has_more: bool,
}

/// Reads the first curl command of the text.
pub(super) fn read(text: &str) -> Result<Found, ForeignError> {
    let words = shell_words::split(&quoting::plain(text)).map_err(|_| ForeignError::OpenQuote)?;
    let mut words = words
        .into_iter()
        .skip_while(|word| !listing::is_curl_word(word))
        .skip(1);
    let mut command = Command::default();
    while let Some(word) = words.next() {
        if matches!(word.as_str(), "|" | "||" | ";" | "&&" | "&") {
            break;
        }
        if listing::is_curl_word(&word) {
            command.has_more = true;
            break;
        }
        command.word(&word, &mut words)?;
    }
    command.found()
}

impl Command {
    /// Takes a word, and the next one where it is an option's value.
    fn word(&mut self, word: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), ForeignError> {
        if let Some(name) = word.strip_prefix("--") {
            return self.long(name, rest);
        }
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            if address::is_one(word) || self.address.is_none() && word.contains("segmind.com/") {
                self.address.get_or_insert_with(|| with_scheme(word));
            }
            return Ok(());
        };
        // Letters without a value may stand before one that has a value: `-sXPOST`.
        for (at, letter) in letters.char_indices() {
            if SWITCHES.contains(letter) {
                continue;
            }
            let value = letters
                .get(at + letter.len_utf8()..)
                .filter(|value| !value.is_empty());
            let value = value
                .map(str::to_owned)
                .or_else(|| rest.next())
                .unwrap_or_default();
            let name = match letter {
                'd' => "data",
                'H' => "header",
                'F' => "form",
                'T' => "upload-file",
                'u' => "user",
                _ => return Ok(()),
            };
            return self.option(name, value);
        }
        Ok(())
    }

    fn long(&mut self, name: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), ForeignError> {
        const WITH_VALUE: [&str; 14] = [
            "data",
            "data-ascii",
            "data-binary",
            "data-raw",
            "data-urlencode",
            "form",
            "form-string",
            "header",
            "json",
            "oauth2-bearer",
            "upload-file",
            "url",
            "url-query",
            "user",
        ];
        if WITH_VALUE.contains(&name) {
            let value = rest.next().unwrap_or_default();
            return self.option(name, value);
        }
        if PASSED_OVER.contains(&name) {
            rest.next();
        } else if !is_switch(name) {
            self.unknown.push(format!("--{name}"));
        }
        Ok(())
    }

    /// Takes an option with its value.
    fn option(&mut self, name: &str, value: String) -> Result<(), ForeignError> {
        let in_file = |value: &str| value.strip_prefix('@').map(|file| one_line(file, 200));
        match name {
            "data-raw" => self.data.push(value),
            "data" | "data-ascii" | "data-binary" | "json" => match in_file(&value) {
                Some(file) => return Err(ForeignError::BodyInFile { file }),
                None if name == "json" => self.json.push_str(&value),
                None => self.data.push(value),
            },
            "upload-file" => {
                let file = one_line(&value, 200);
                return Err(ForeignError::BodyInFile { file });
            }
            "form" | "form-string" | "data-urlencode" => {
                let option = format!("--{name}");
                return Err(ForeignError::FormFields { option });
            }
            "header" => {
                let header = value.split_once(':').filter(|(name, _)| key::is_key_name(name));
                self.keys.extend(header.and_then(|(_, value)| key::key_in(value)));
            }
            "user" => {
                let password = value
                    .split_once(':')
                    .map_or(value.as_str(), |(_, password)| password);
                self.keys.extend(key::key_in(password));
            }
            "oauth2-bearer" => self.keys.extend(key::key_in(&value)),
            "url" => self.address = Some(with_scheme(&value)),
            "url-query" => {
                let query = value.split_once('=').filter(|(name, _)| key::is_key_name(name));
                self.keys.extend(query.and_then(|(_, value)| key::key_in(value)));
            }
            _ => {}
        }
        Ok(())
    }

    fn found(self) -> Result<Found, ForeignError> {
        let body = if self.json.is_empty() {
            self.data.join("&")
        } else {
            self.json
        };
        if body.trim().is_empty() {
            return Err(ForeignError::NoBody);
        }
        let value: Value = serde_json::from_str(&body).map_err(|error| ForeignError::BodyNotJson {
            reason: json::reason(&error),
        })?;
        let mut found = json::find(value, Kind::Curl)?;
        found.keys.extend(self.keys);
        if let Some(address) = self.address {
            found.sent_to(address::read(&address));
        }
        if let Some(names) = super::fields::names(self.unknown.iter()) {
            found.remarks.push(format!(
                "rushes does not know the options {names} of curl: passed over."
            ));
        }
        if self.has_more {
            found
                .remarks
                .push("Another curl command follows: only the first was read.".to_owned());
        }
        Ok(found)
    }
}

/// The address as curl takes it, which may lack the scheme.
fn with_scheme(word: &str) -> String {
    if word.contains("://") {
        word.to_owned()
    } else {
        format!("https://{word}")
    }
}

/// Whether the long option is known to have no value.
fn is_switch(name: &str) -> bool {
    const ALL: [&str; 20] = [
        "silent",
        "show-error",
        "insecure",
        "location",
        "include",
        "verbose",
        "fail",
        "fail-with-body",
        "globoff",
        "get",
        "head",
        "no-buffer",
        "remote-name",
        "compressed",
        "http1.1",
        "http2",
        "ipv4",
        "ipv6",
        "progress-bar",
        "location-trusted",
    ];
    ALL.contains(&name) || name.starts_with("no-")
}
