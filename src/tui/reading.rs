//! What the workbench reads in the draft while it is written: shots and their times, and the first thing wrong.
//!
//! Pure: a draft in, words out.

use crate::model::{Draft, Invalid};
use crate::script::{self, Fit, Script};

use super::editor::Mark;
use super::panes::{Finding, Severity};
use super::theme::Role;

/// What stands under the prompt, and what is marked in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// `5 shots to 10 s of 10 s`.
    pub fit: String,
    pub finding: Option<Finding>,
    pub marks: Vec<Mark>,
}

/// Reads the draft's script.
#[must_use]
pub fn read(draft: &Draft) -> Reading {
    let script = script::read(&draft.prompt);
    let heading = |shot: &script::Shot| Mark {
        range: shot.heading.clone(),
        role: Role::Heading,
    };
    Reading {
        fit: fit(&script, draft),
        finding: finding(&script, draft),
        marks: script.shots.iter().map(heading).collect(),
    }
}

fn fit(script: &Script, draft: &Draft) -> String {
    let shots = match script.shots.len() {
        0 => return String::new(),
        1 => "1 shot".to_owned(),
        n => format!("{n} shots"),
    };
    match script.end_ms() {
        Some(end) => format!("{shots} to {} s of {} s", seconds(end), draft.duration),
        None => format!("{shots}, no times"),
    }
}

fn finding(script: &Script, draft: &Draft) -> Option<Finding> {
    let error = |text: String| {
        Some(Finding {
            severity: Severity::Error,
            text,
        })
    };
    if draft.prompt.trim().is_empty() {
        return error(Invalid::EmptyPrompt.to_string());
    }
    match script.fit(draft.duration) {
        Fit::Over(ms) => {
            let now = match script.smallest_duration() {
                Some(fits) => format!("set Duration {fits}"),
                None => "split it into two takes".to_owned(),
            };
            error(format!(
                "the last shot ends {} s after the take: {now}",
                seconds(ms)
            ))
        }
        Fit::Short(ms) => Some(Finding {
            severity: Severity::Warning,
            text: format!("the last {} s have no shot", seconds(ms)),
        }),
        Fit::NoShots | Fit::Untimed(_) | Fit::Fits => None,
    }
}

/// Milliseconds as seconds, with a place only where there is one.
fn seconds(ms: u32) -> String {
    if ms.is_multiple_of(1000) {
        (ms / 1000).to_string()
    } else {
        format!("{}.{}", ms / 1000, ms % 1000 / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Seconds;
    use crate::tui::app::SCRIPT;

    #[test]
    fn the_sample_fits_and_its_headings_are_marked() {
        let mut draft = Draft {
            prompt: SCRIPT.trim_end().to_owned(),
            ..Draft::default()
        };
        let reading = read(&draft);
        assert_eq!(reading.fit, "5 shots to 10 s of 10 s");
        assert_eq!((reading.finding, reading.marks.len()), (None, 5));
        draft.duration = Seconds::new(8).unwrap();
        let finding = read(&draft).finding.unwrap();
        assert_eq!(
            finding.text,
            "the last shot ends 2 s after the take: set Duration 10"
        );
    }
}
