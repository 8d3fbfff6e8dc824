//! What is wrong with the script, as a list with the fixes; and a fix made.

use super::menu::{Choice, Menu};
use super::page::trouble;
use crate::model::Form;
use crate::model::text::line_and_column;
use crate::script::lint::{Fix, Fixed};
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::state::{State, Tone};

/// Lists the findings, each with its fixes.
pub fn list(cx: &mut Cx) {
    let mut rows = Vec::new();
    for finding in &cx.form.reading.findings {
        let (line, column) = line_and_column(&cx.form.current.prompt, finding.span.start);
        let lead = if finding.span.is_empty() {
            finding.severity.word().to_owned()
        } else {
            format!("{} {line}:{column}", finding.severity)
        };
        let start = finding.span.start;
        let place = Choice::new(format!("{} [{}]", finding.message, finding.rule), move |cx| {
            cx.form.editor.go_to_byte(start);
            cx.edit_prompt();
        });
        rows.push(place.lead(lead).weighs(finding.severity));
        rows.extend(finding.fixes.iter().map(|fix| {
            let (label, fix) = (fix.label(), fix.clone());
            Choice::new(label, move |cx| apply(cx, &fix)).lead("  fix")
        }));
    }
    cx.open(Menu::new("Findings", rows));
}

/// Why no fix is made without being chosen.
pub fn why_no_fix(state: &State) -> String {
    let findings = &state.form.reading.findings;
    if findings.iter().all(|finding| finding.fixes.is_empty()) {
        return "no finding has a fix".to_owned();
    }
    format!("no fix is certain, choose one{}", state.by_key(Action::Findings))
}

/// Makes one fix, as one step of undo.
pub fn apply(cx: &mut Cx, fix: &Fix) {
    match fix.apply(&cx.form.current) {
        Fixed::One(form) if form == cx.form.current => {
            cx.tell(Tone::Warning, format!("{}: nothing changed", fix.label()));
        }
        Fixed::One(form) => {
            let undo = cx.by_key(Action::Undo);
            cx.tell(Tone::Good, format!("{}{undo}", fix.label()));
            cx.put_form(form);
        }
        Fixed::Clips(clips) => split_into(cx, clips),
    }
}

/// The first clip stays here, each other becomes the form of a reel of its own.
fn split_into(cx: &mut Cx, clips: Vec<Form>) {
    let mut clips = clips.into_iter();
    let (Some(first), rest) = (clips.next(), clips.collect::<Vec<_>>()) else {
        return;
    };
    if rest.is_empty() {
        return cx.put_form(first);
    }
    // This form is shortened only when the others are safe.
    let first = Box::new(first);
    cx.run(Effect::SaveClips { first, rest });
}

/// The other clips are in reels of their own, or why not.
pub fn split(cx: &mut Cx, first: Form, answer: Result<Vec<String>, Problem>) {
    let reels = match answer {
        Ok(reels) => reels,
        Err(error) => return trouble(cx, "The script was not split", &error),
    };
    let undo = cx.by_key(Action::Undo).replacen(':', ";", 1);
    let text = format!(
        "Clip 1 of {} is here, the others are the drafts of {}: `rushes --reel NAME` opens one{undo}",
        reels.len() + 1,
        reels.join(", "),
    );
    cx.tell(Tone::Good, text);
    cx.put_form(first);
}
