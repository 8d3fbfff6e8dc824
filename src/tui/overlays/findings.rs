//! The list of findings in the script with their fixes, and the making of a fix.

use super::confirm::Confirm;
use super::menu::{Choice, Menu};
use super::page::show_problem;
use crate::model::Form;
use crate::model::text::line_and_column;
use crate::script::lint::{Fix, Fixed};
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::state::{State, Tone};

pub fn list(cx: &mut Cx) {
    let mut rows = Vec::new();
    for finding in &cx.form.check.findings {
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
        rows.push(place.lead(lead).severity(finding.severity));
        rows.extend(finding.fixes.iter().map(|fix| {
            let (mut label, fix) = (fix.label(), fix.clone());
            if let Some(doubt) = fix.doubt_in_words(&cx.form.current.prompt, &cx.form.check.script) {
                label += &format!(", but {doubt}");
            }
            Choice::new(label, move |cx| apply(cx, &fix)).lead("  fix")
        }));
    }
    cx.open(Menu::new("Findings", rows));
}

/// Why no fix can be made without a choice.
pub fn why_no_fix(state: &State) -> String {
    let findings = &state.form.check.findings;
    if findings.iter().all(|finding| finding.fixes.is_empty()) {
        return "no finding has a fix".to_owned();
    }
    format!("every fix needs a choice{}", state.by_key(Action::Findings))
}

/// Makes one fix, as one step of undo.
pub fn apply(cx: &mut Cx, fix: &Fix) {
    match fix.apply(&cx.form.current) {
        Fixed::One(form) if form == cx.form.current => {
            cx.tell(Tone::Warning, format!("{}: nothing changed", fix.label()));
        }
        Fixed::One(form) => {
            let undo = cx.by_key(Action::Undo);
            cx.tell(Tone::Good, format!("Fixed: {}{undo}", fix.label()));
            cx.put_form(form);
        }
        Fixed::Clips(clips) => split_into(cx, clips),
    }
}

/// Keeps the first clip here and makes each other one the form of its own reel.
fn split_into(cx: &mut Cx, clips: Vec<Form>) {
    let mut clips = clips.into_iter();
    let (Some(first), rest) = (clips.next(), clips.collect::<Vec<_>>()) else {
        return;
    };
    if rest.is_empty() {
        return cx.put_form(first);
    }
    let first = Box::new(first);
    cx.run(Effect::NameClips { first, rest });
}

/// Asks before a script is split, and names the reels that its clips go to.
pub fn ask_split(cx: &mut Cx, first: Box<Form>, rest: Vec<Form>, names: Result<Vec<String>, Problem>) {
    let names = match names {
        Ok(names) => names,
        Err(error) => return show_problem(cx, "The script was not split", &error),
    };
    let count = rest.len() + 1;
    let others = match &names[..] {
        [one] => format!("clip 2 becomes the form of the new reel {one}"),
        many => format!("the others become the forms of the new reels {}", many.join(", ")),
    };
    let reel = cx.facts.reel.name.clone();
    let details = vec![
        format!("Clip 1 stays here in reel {reel}; {others}. Nothing is sent."),
        format!("The list of reels opens them{}.", cx.by_key(Action::Reels)),
    ];
    let question = format!("Split this script into {count} clips?");
    let ask = Confirm::new(question, details, "split", |cx| {
        // This form is shortened only when the others are saved.
        cx.run(Effect::SaveClips { first, rest });
    });
    cx.show(
        ask,
        Tone::Plain,
        "The script can be split: stop typing to see the question",
    );
}

/// The other clips were saved as the forms of these reels, or could not be.
pub fn split(cx: &mut Cx, first: Form, result: Result<Vec<String>, Problem>) {
    let reels = match result {
        Ok(reels) => reels,
        Err(error) => return show_problem(cx, "The script was not split", &error),
    };
    let undo = cx.by_key(Action::Undo).replacen(':', ";", 1);
    let list = cx.key_of(Action::Reels);
    let others = match &reels[..] {
        [one] => format!("the other is in the reel {one}"),
        many => format!("the others are in the reels {}", many.join(", ")),
    };
    let text = format!("Clip 1 of {} is here, {others}{list}{undo}", reels.len() + 1);
    cx.tell(Tone::Good, text);
    cx.put_form(first);
}
