//! What the page about a take says, in sections that can be folded.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{stages, tree};
use crate::model::family::{draft_in_words, family};
use crate::model::take::StageSeconds;
use crate::model::{FailureKind, Take, Verdict, Wait, text};
use crate::store::Exchange;
use crate::tui::effect::Whole;
use crate::tui::glyphs::{self, Glyphs};
use crate::tui::overlays::page::PageRow;
use crate::tui::theme::Role;

/// Characters of one response that are shown; the store keeps more.
const MAX_RESPONSE: usize = 16_000;
/// A response with more lines is folded at first.
const MAX_UNFOLDED: usize = 10;

/// A part of the page under a heading.
pub struct Section {
    pub title: String,
    /// After the title, also while it is folded.
    pub aside: String,
    body: Body,
    pub is_open: bool,
}

enum Body {
    Rows(Vec<PageRow>),
    /// Bars, which depend on the glyphs of the terminal.
    Stages(StageSeconds),
}

impl Section {
    fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            aside: String::new(),
            body: Body::Rows(Vec::new()),
            is_open: true,
        }
    }

    /// Adds a paragraph for each line of `text`.
    fn push(&mut self, lead: &str, text: &str, role: Role) {
        if let Body::Rows(rows) = &mut self.body {
            rows.extend(PageRow::paragraphs(lead, text, role));
        }
    }

    pub fn rows(&self, glyphs: &Glyphs) -> Cow<'_, [PageRow]> {
        match &self.body {
            Body::Rows(rows) => Cow::Borrowed(rows),
            Body::Stages(seconds) => Cow::Owned(stages::rows(*seconds, glyphs)),
        }
    }
}

/// Every section with something to say.
pub fn sections(whole: &Whole, now: Timestamp, zone: &TimeZone) -> Vec<Section> {
    let take = &whole.take;
    let times = Section {
        body: Body::Stages(take.stages()),
        ..Section::new("Times")
    };
    let mut all = vec![
        error(take),
        facts(whole, now, zone),
        times,
        steps(whole, zone),
        prompt(take),
        request(take),
    ];
    all.extend(whole.exchanges.iter().map(|exchange| exchanged(exchange, zone)));
    all.retain(|section| !section.rows(&glyphs::ASCII).is_empty());
    all
}

/// The prompt as it was sent, for a final that of its draft.
fn prompt(take: &Take) -> Section {
    let mut section = Section::new("Prompt");
    if let Some(prompt) = take.prompt() {
        section.push("", &text::lines(prompt, MAX_RESPONSE), Role::Text);
    }
    section
}

/// The request as it was sent, without the prompt, which has its own section.
fn request(take: &Take) -> Section {
    let mut section = Section::new("Request");
    let mut body = take.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove("prompt");
    }
    push_tree(&mut section, &body);
    section
}

fn steps(whole: &Whole, zone: &TimeZone) -> Section {
    let mut section = Section::new("Steps");
    for event in &whole.events {
        let from = event
            .from
            .map_or_else(String::new, |state| format!("{state} to "));
        let line = format!("{from}{}  {}", event.to, text::one_line(&event.detail, 200));
        section.push(&clock(event.at, zone), line.trim_end(), Role::of_state(event.to));
    }
    section
}

/// What was asked, and the response; a long one is folded.
fn exchanged(exchange: &Exchange, zone: &TimeZone) -> Section {
    let path = text::one_line(&exchange.path, 200);
    let mut section = Section::new(format!("{}: {} {path}", exchange.stage, exchange.method));
    let status = exchange
        .status
        .map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let at = clock(exchange.at, zone);
    section.aside = match exchange.times {
        0 | 1 => format!("{at}  {status} in {} ms", exchange.millis),
        times => format!("{times} times until {at}  {status} in {} ms", exchange.millis),
    };
    match &exchange.response {
        Some(response) => match serde_json::from_str(response) {
            Ok(value) => push_tree(&mut section, &value),
            Err(_) => section.push("", &text::lines(response, MAX_RESPONSE), Role::Text),
        },
        None => section.push("", "There was no response.", Role::Dim),
    }
    section.is_open = section.rows(&glyphs::ASCII).len() <= MAX_UNFOLDED;
    section
}

fn push_tree(section: &mut Section, value: &Value) {
    let lines = tree::tree(value).join("\n");
    section.push("", &text::lines(&lines, MAX_RESPONSE), Role::Text);
}

fn error(take: &Take) -> Section {
    let mut section = Section::new(text::capitalized(
        take.error_kind.map_or("failed", FailureKind::title),
    ));
    if let Some(error) = &take.error {
        section.push("", &text::lines(error, 2_000), Role::Error);
    }
    if let Some(kind) = take.error_kind {
        section.push("", kind.advice(), Role::Accent);
    }
    section
}

fn facts(whole: &Whole, now: Timestamp, zone: &TimeZone) -> Section {
    let take = &whole.take;
    let facts = [
        (
            "Model",
            Some(format!("{} {}", take.model, take.api_version.word())),
        ),
        (
            "Format",
            Some(format!(
                "{} {} {} s",
                take.resolution, take.aspect_ratio, take.duration
            )),
        ),
        ("Seed", Some(take.seed.number().to_string())),
        ("Sweep", take.sweep.map(|number| number.to_string())),
        ("Value", take.variant.clone()),
        ("Revision", take.revision.map(|version| format!("v{version}"))),
        (
            "Verdict",
            (take.verdict != Verdict::None).then(|| take.verdict.to_string()),
        ),
        ("Tags", Some(take.tags.join(", ")).filter(|tags| !tags.is_empty())),
        ("Note", take.note.clone()),
        (
            "Moderation",
            take.skips_moderation().then(|| "skipped".to_owned()),
        ),
        ("Estimate", Some(take.estimate_in_words())),
        ("Bill", take.bill_in_words()),
        ("Request id", take.request_id.clone()),
        ("HTTP status", take.http_status.map(|status| status.to_string())),
        ("Expected", take.wait.as_ref().map(Wait::in_words)),
        ("File", take.file.as_ref().map(|file| file.display().to_string())),
        ("Deleted", take.emptied_at.map(|at| deleted(at, zone))),
        ("SHA-256", take.sha256.clone()),
        ("Draft", draft_in_words(take, &whole.children, now, zone)),
        ("Family", family(take, &whole.children)),
    ];
    let mut section = Section::new("Facts");
    for (name, value) in facts {
        if let Some(value) = value {
            section.push(name, &text::one_line(&value, 400), Role::Text);
        }
    }
    section
}

fn deleted(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let at = at.strftime("%Y-%m-%d %H:%M");
    format!("from the bin on {at}; the take can be run again with the same seed")
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}
