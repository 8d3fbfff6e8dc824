//! A take as text to copy: path, address, curl, Python, JSON. A key is never part of it.

use crate::model::take::TakeRecord;
use crate::model::{ApiVersion, Take};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::terminal::clipboard::Sent;

use super::effect_terminal;
use super::{App, Tone};

/// Where the live API answers. (Segmind, API overview.)
const GATEWAY: &str = "https://api.segmind.com";

impl App {
    /// Sends a form of the selected take to the clipboard.
    pub(super) fn copy(&mut self, action: Action) -> Vec<Effect> {
        let made = self.the_take().ok().and_then(|take| form(action, take));
        let Some((what, text)) = made else {
            return Vec::new();
        };
        self.register.clone_from(&text);
        vec![Effect::Copy { what, text }]
    }

    /// The clipboard was reached, or the terminal has to be asked.
    pub(super) fn copied(&mut self, what: &'static str, sent: Sent) -> Vec<Effect> {
        // Nothing tells whether a terminal took it, so nothing is claimed.
        self.tell(Tone::Good, format!("{what} sent to clipboard"));
        match sent {
            Sent::Taken => Vec::new(),
            Sent::ByTerminal(sequence) => effect_terminal(sequence),
        }
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

/// The address a take is sent to. (Segmind, Seedance 2.0 model page: v1; async v2 docs, submit: v2.)
fn address(take: &Take) -> String {
    let version = match take.api_version {
        ApiVersion::V1 => "v1",
        ApiVersion::V2 => "v2",
    };
    format!("{GATEWAY}/{version}/{}", take.model.slug())
}

fn curl(take: &Take) -> String {
    let body = serde_json::to_string_pretty(&take.body).unwrap_or_default();
    format!(
        "curl -X POST {} \\\n  -H \"x-api-key: $SEGMIND_API_KEY\" \\\n  -H 'content-type: application/json' \\\n  -d {}\n",
        address(take),
        shell_words::quote(&body)
    )
}

fn python(take: &Take) -> String {
    let body = serde_json::to_string(&take.body).unwrap_or_default();
    // A JSON text is a Python text too, so the body is carried as one and read there.
    let literal = serde_json::to_string(&body).unwrap_or_default();
    format!(
        "import json, os, requests\n\nbody = json.loads({literal})\nanswer = requests.post(\n    \"{}\",\n    \
         headers={{\"x-api-key\": os.environ[\"SEGMIND_API_KEY\"]}},\n    json=body,\n)\n\
         print(answer.status_code, answer.text)\n",
        address(take)
    )
}
