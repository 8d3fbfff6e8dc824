//! The page about a take, with everything that was sent and received for it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::page::{Page, show_problem};
use crate::model::family::{came_from, led_to};
use crate::model::{Take, text};
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::Whole;
use crate::tui::state::Tone;
use crate::tui::theme::Role;

/// Characters of one response that are shown; the store keeps more.
const MAX_RESPONSE: usize = 16_000;

pub fn opened(cx: &mut Cx, result: Result<Arc<Whole>, Problem>) {
    match result {
        Ok(whole) => {
            let page = page(&whole, &cx.facts.zone);
            let headline = format!("Take {} is open: stop typing to read it", whole.take.id);
            cx.show(page, Tone::Plain, headline);
        }
        Err(error) => show_problem(cx, "The take could not be opened", &error),
    }
}

fn page(whole: &Whole, zone: &TimeZone) -> Page {
    let take = &whole.take;
    let mut page = Page::new(format!("Take {}  seed {}  {}", take.id, take.seed, take.state));
    error(&mut page, take);
    facts(&mut page, whole, zone);
    page.heading("Steps");
    for event in &whole.events {
        let from = event
            .from
            .map_or_else(String::new, |state| format!("{state} to "));
        let line = format!("{from}{}  {}", event.to, text::one_line(&event.detail, 200));
        page.push(&clock(event.at, zone), line.trim_end(), Role::of_state(event.to));
    }
    page.heading("Request");
    let body = serde_json::to_string_pretty(&take.body).unwrap_or_default();
    page.push("", &text::lines(&body, MAX_RESPONSE), Role::Text);
    for exchange in &whole.exchanges {
        let status = exchange
            .status
            .map_or_else(|| "no response".to_owned(), |status| status.to_string());
        page.heading(&format!(
            "{}: {} {}",
            exchange.stage,
            exchange.method,
            text::one_line(&exchange.path, 200)
        ));
        page.push(
            &clock(exchange.at, zone),
            &format!("{status} in {} ms", exchange.millis),
            Role::Dim,
        );
        if let Some(response) = &exchange.response {
            page.push("", &text::lines(&pretty(response), MAX_RESPONSE), Role::Text);
        }
    }
    page
}

fn error(page: &mut Page, take: &Take) {
    if take.error.is_none() && take.error_kind.is_none() {
        return;
    }
    let title = take.error_kind.map_or("failed", crate::model::FailureKind::title);
    page.push("", title, Role::Error);
    if let Some(error) = &take.error {
        page.push("", &text::lines(error, 2_000), Role::Error);
    }
    if let Some(kind) = take.error_kind {
        page.push("", kind.advice(), Role::Accent);
    }
}

fn facts(page: &mut Page, whole: &Whole, zone: &TimeZone) {
    let take = &whole.take;
    let seconds = take.stages();
    let shown = |seconds: Option<f64>| seconds.map(|s| format!("{s:.1} s"));
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
        ("Estimate", Some(take.estimate.precise())),
        ("Bill", take.cost.map(crate::model::Usd::precise)),
        ("Request id", take.request_id.clone()),
        ("HTTP status", take.http_status.map(|status| status.to_string())),
        ("In queue", shown(seconds.queue)),
        ("Rendering", shown(seconds.render)),
        ("Delivery", shown(seconds.deliver)),
        ("Total", shown(seconds.total)),
        ("File", take.file.as_ref().map(|file| file.display().to_string())),
        ("Deleted", take.emptied_at.map(|at| deleted(at, zone))),
        ("SHA-256", take.sha256.clone()),
        ("Comes from", came_from(take)),
        ("Led to", led_to(&whole.children)),
        ("Note", take.note.clone()),
    ];
    page.heading("Facts");
    for (name, value) in facts {
        if let Some(value) = value {
            page.push(name, &text::one_line(&value, 400), Role::Text);
        }
    }
}

fn deleted(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let at = at.strftime("%Y-%m-%d %H:%M");
    format!("from the bin on {at}; the take can be run again with the same seed")
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// JSON with line breaks; anything else unchanged.
fn pretty(response: &str) -> String {
    serde_json::from_str::<serde_json::Value>(response)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| response.to_owned())
}
