//! Copies a take as path, URL, curl command, Python or JSON, always without the API key.

use serde_json::Value;

use crate::model::take::TakeRecord;
use crate::model::{ApiVersion, Backend, Take};
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::keymap::Action;
use crate::tui::state::Tone;
use crate::tui::terminal::clipboard::Sent;

/// The live API. (Segmind, API overview.)
const GATEWAY: &str = "https://api.segmind.com";

/// Sends the selected take to the clipboard.
pub fn copy(action: Action, cx: &mut Cx) {
    if let Some((what, text)) = cx.the_take().ok().and_then(|take| as_text(action, take)) {
        cx.run(Effect::Copy { what, text });
    }
}

pub fn copied(cx: &mut Cx, what: &str, sent: Sent) {
    // A terminal never reports whether it copied the text.
    cx.tell(Tone::Good, format!("{what} was sent to the clipboard"));
    if let Sent::ByTerminal(sequence) = sent {
        cx.run_in_terminal(TerminalEffect::Escape(sequence));
    }
}

fn as_text(action: Action, take: &Take) -> Option<(&'static str, String)> {
    match action {
        Action::CopyPath => take
            .file
            .as_ref()
            .map(|file| ("The path", file.display().to_string())),
        Action::CopyUrl => take.output_url.clone().map(|url| ("The URL", url)),
        Action::CopyCurl => Some(("The curl command", curl(take))),
        Action::CopyPython => Some(("The Python code", python(take))),
        Action::CopyJson => serde_json::to_string_pretty(&TakeRecord::from(take))
            .ok()
            .map(|json| ("The JSON", json)),
        _ => None,
    }
}

/// The URL that a take is sent to. (Segmind, Seedance 2.0 model page: v1; async v2 docs, submit: v2.)
fn url(take: &Take) -> String {
    let version = match take.api_version {
        ApiVersion::V1 => "v1",
        ApiVersion::V2 => "v2",
    };
    format!("{GATEWAY}/{version}/{}", take.model.slug())
}

/// The comment above the copied request: unlike on the sandbox, sending it is not free.
fn warning(take: &Take) -> &'static str {
    match take.backend {
        Backend::Sandbox => "# Made on the sandbox. Sent to this URL, it is a paid request.\n",
        Backend::Live => "# A paid request.\n",
    }
}

fn curl(take: &Take) -> String {
    let body = serde_json::to_string_pretty(&take.body).unwrap_or_default();
    format!(
        "{}curl -X POST {} \\\n  -H \"x-api-key: $SEGMIND_API_KEY\" \\\n  -H 'content-type: application/json' \\\n  -d {}\n",
        warning(take),
        url(take),
        shell_words::quote(&body)
    )
}

fn python(take: &Take) -> String {
    format!(
        "{}import os, requests\n\nbody = {}\nresponse = requests.post(\n    \"{}\",\n    \
         headers={{\"x-api-key\": os.environ[\"SEGMIND_API_KEY\"]}},\n    json=body,\n)\n\
         print(response.status_code, response.text)\n",
        warning(take),
        python_value(&take.body, 0),
        url(take)
    )
}

/// A JSON value as a Python literal; JSON strings are valid in Python.
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
