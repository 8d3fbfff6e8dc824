//! A take as text to copy: path, URL, curl, Python, JSON. The API key is never part of it.

use serde_json::Value;

use crate::model::take::TakeRecord;
use crate::model::{ApiVersion, Backend, Take};
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::state::Tone;
use crate::tui::terminal::clipboard::Sent;

/// Where the live API answers. (Segmind, API overview.)
const GATEWAY: &str = "https://api.segmind.com";

/// Sends a form of the selected take to the clipboard.
pub fn copy(action: Action, cx: &mut Cx) {
    if let Some((what, text)) = cx.the_take().ok().and_then(|take| form(action, take)) {
        cx.run(Effect::Copy { what, text });
    }
}

/// The clipboard was reached, or the terminal has to be asked.
pub fn copied(cx: &mut Cx, what: &str, sent: Sent) {
    // Nothing tells whether a terminal took it, so nothing is claimed.
    cx.tell(Tone::Good, format!("{what} sent to clipboard"));
    if let Sent::ByTerminal(sequence) = sent {
        cx.run_in_terminal(TerminalEffect::Escape(sequence));
    }
}

fn form(action: Action, take: &Take) -> Option<(&'static str, String)> {
    match action {
        Action::CopyPath => take
            .file
            .as_ref()
            .map(|file| ("path", file.display().to_string())),
        Action::CopyUrl => take.output_url.clone().map(|url| ("URL", url)),
        Action::CopyCurl => Some(("curl command", curl(take))),
        Action::CopyPython => Some(("Python", python(take))),
        Action::CopyJson => serde_json::to_string_pretty(&TakeRecord::from(take))
            .ok()
            .map(|json| ("JSON", json)),
        _ => None,
    }
}

/// The URL a take is sent to. (Segmind, Seedance 2.0 model page: v1; async v2 docs, submit: v2.)
fn address(take: &Take) -> String {
    let version = match take.api_version {
        ApiVersion::V1 => "v1",
        ApiVersion::V2 => "v2",
    };
    format!("{GATEWAY}/{version}/{}", take.model.slug())
}

/// Said above a request that was made on the sandbox: what is copied would not be free.
fn warning(take: &Take) -> &'static str {
    match take.backend {
        Backend::Sandbox => "# Made on the sandbox. Sent to this address it is a paid request.\n",
        Backend::Live => "# A paid request.\n",
    }
}

fn curl(take: &Take) -> String {
    let body = serde_json::to_string_pretty(&take.body).unwrap_or_default();
    format!(
        "{}curl -X POST {} \\\n  -H \"x-api-key: $SEGMIND_API_KEY\" \\\n  -H 'content-type: application/json' \\\n  -d {}\n",
        warning(take),
        address(take),
        shell_words::quote(&body)
    )
}

fn python(take: &Take) -> String {
    format!(
        "{}import os, requests\n\nbody = {}\nanswer = requests.post(\n    \"{}\",\n    \
         headers={{\"x-api-key\": os.environ[\"SEGMIND_API_KEY\"]}},\n    json=body,\n)\n\
         print(answer.status_code, answer.text)\n",
        warning(take),
        python_value(&take.body, 0),
        address(take)
    )
}

/// A JSON value as Python writes it; a JSON string is one of Python's as well.
fn python_value(value: &Value, depth: usize) -> String {
    let (pad, end) = ("    ".repeat(depth + 1), "    ".repeat(depth));
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Array(items) => {
            let items = items.iter().map(|item| python_value(item, depth + 1));
            let lines: String = items.map(|item| format!("{pad}{item},\n")).collect();
            format!("[\n{lines}{end}]")
        }
        Value::Object(fields) => {
            let line = |(name, value): (&String, &Value)| {
                let name = Value::String(name.clone());
                format!("{pad}{name}: {},\n", python_value(value, depth + 1))
            };
            let lines: String = fields.iter().map(line).collect();
            format!("{{\n{lines}{end}}}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_written_as_python_writes_it() {
        let body = json!({"prompt": "a \"kite\"\nlifts 起飞", "generate_audio": true, "seed": 7, "images": [], "urls": ["x"], "none": null});
        let text = python_value(&body, 0);
        let expected = "{\n    \"generate_audio\": True,\n    \"images\": [],\n    \"none\": None,\n    \
            \"prompt\": \"a \\\"kite\\\"\\nlifts 起飞\",\n    \"seed\": 7,\n    \"urls\": [\n        \"x\",\n    ],\n}";
        assert_eq!(sorted(&text), sorted(expected));
        assert!(text.starts_with("{\n    ") && text.ends_with(",\n}"));
    }

    /// The order of the fields is the body's own.
    fn sorted(text: &str) -> Vec<&str> {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines
    }
}
