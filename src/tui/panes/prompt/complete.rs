//! Completes camera terms and references in the prompt; the same key again goes on to the next candidate.

use crate::model::Form;
use crate::script::camera_vocabulary;
use crate::tui::component::Cx;
use crate::tui::keymap::Action;
use crate::tui::state::Tone;

/// Words at the end of a line that may be the beginning of a phrase.
const MAX_WORDS: usize = 4;
/// Candidates listed in the notice.
const NAMED: usize = 6;

/// A completion that the same key can go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completing {
    candidates: Vec<Candidate>,
    at: usize,
    /// The length in bytes of the text that was inserted before the caret.
    put: usize,
    /// The version of the editor's text and its caret afterwards; if they differ, completion starts again.
    version: u64,
    caret: (usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    /// How many bytes of it were typed.
    typed: usize,
    text: String,
}

/// Completes the word before the caret, or goes on to the next candidate.
pub fn complete(completing: &mut Option<Completing>, action: Action, cx: &mut Cx) {
    let by = if action == Action::Complete { 1 } else { -1 };
    let editor = &mut cx.form.editor;
    let goes_on = completing
        .take()
        .filter(|state| state.version == editor.version() && state.caret == editor.caret());
    let mut state = if let Some(mut state) = goes_on {
        let count = state.candidates.len();
        state.at = (state.at + count).saturating_add_signed(by) % count;
        state
    } else {
        let candidates = candidates(&editor.before_caret(), &cx.form.current);
        let Some(first) = candidates.first() else {
            return cx.tell(
                Tone::Plain,
                "Nothing to complete: type the first letters of a camera term, or of image, video, audio",
            );
        };
        Completing {
            put: first.typed,
            candidates,
            at: 0,
            version: 0,
            caret: (0, 0),
        }
    };
    let now = &state.candidates[state.at];
    let editor = &mut cx.form.editor;
    editor.replace_before_caret(state.put, &now.text);
    state.put = now.text.len();
    state.version = editor.version();
    state.caret = editor.caret();
    cx.tell(Tone::Plain, listed(&state));
    *completing = Some(state);
    cx.prompt_changed();
}

/// The candidates for the end of `line`.
fn candidates(line: &str, form: &Form) -> Vec<Candidate> {
    let references = [
        ("image", form.images.len()),
        ("video", form.videos.len()),
        ("audio", form.audios.len()),
    ];
    let references = references
        .into_iter()
        .flat_map(|(kind, count)| (1..=count).map(move |n| format!("{kind} {n}")));
    let words = camera_vocabulary::offered().map(str::to_owned);
    let mut found: Vec<Candidate> = references
        .chain(words)
        .filter_map(|phrase| {
            let typed = beginning(line, &phrase)?;
            let text = in_the_case_of(&line[line.len() - typed..], &phrase);
            Some(Candidate { typed, text })
        })
        .collect();
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.typed));
    // Only those that begin at the same place can replace each other.
    let longest = found.first().map_or(0, |candidate| candidate.typed);
    found.retain(|candidate| candidate.typed == longest);
    found
}

/// How many bytes at the end of `line` are an incomplete beginning of `phrase`.
fn beginning(line: &str, phrase: &str) -> Option<usize> {
    let low = phrase.to_lowercase();
    let starts = line.char_indices().map(|(at, _)| at).filter(|at| {
        let before = line[..*at].chars().next_back();
        // In languages without spaces, a word may begin anywhere.
        before.is_none_or(|c| !c.is_alphanumeric() || !c.is_ascii())
    });
    let starts: Vec<usize> = starts.collect();
    starts
        .into_iter()
        .rev()
        .take(MAX_WORDS)
        .filter(|at| {
            let typed = line[*at..].to_lowercase();
            !typed.trim().is_empty() && typed != low && low.starts_with(&typed)
        })
        .map(|at| line.len() - at)
        .max()
}

/// `phrase`, with a capital if one was typed.
fn in_the_case_of(typed: &str, phrase: &str) -> String {
    let is_capital = typed.chars().next().is_some_and(char::is_uppercase);
    let mut rest = phrase.chars();
    match rest.next() {
        Some(first) if is_capital => first.to_uppercase().chain(rest).collect(),
        _ => phrase.to_owned(),
    }
}

/// `2 of 5: pan left, [pan right], …`.
fn listed(state: &Completing) -> String {
    let count = state.candidates.len();
    let first = state
        .at
        .saturating_sub(NAMED / 2)
        .min(count.saturating_sub(NAMED));
    let named: Vec<String> = (first..count.min(first + NAMED))
        .map(|n| {
            let text = &state.candidates[n].text;
            if n == state.at {
                format!("[{text}]")
            } else {
                text.clone()
            }
        })
        .collect();
    let more = if first + NAMED < count { ", …" } else { "" };
    format!("{} of {count}: {}{more}", state.at + 1, named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_begins_at_a_word_and_is_not_there_yet() {
        assert_eq!(beginning("Close-up, slow pu", "slow push in"), Some(7));
        assert_eq!(beginning("Slow pu", "slow push in"), Some(7));
        assert_eq!(beginning("a pu", "push in"), Some(2));
        assert_eq!(beginning("imp", "push in"), None);
        assert_eq!(beginning("push in", "push in"), None);
        assert_eq!(beginning("镜头特", "特写"), Some(3));
        assert_eq!(beginning("", "pan left"), None);
        assert_eq!(beginning("a ", "pan left"), None);
    }

    #[test]
    fn every_camera_phrase_is_completed_from_its_first_letters() {
        for phrase in camera_vocabulary::offered() {
            let last = phrase.char_indices().next_back().map_or(0, |(at, _)| at);
            assert_eq!(beginning(&phrase[..last], phrase), Some(last), "{phrase}");
        }
    }

    #[test]
    fn a_capital_stays() {
        assert_eq!(in_the_case_of("Wi", "wide shot"), "Wide shot");
        assert_eq!(in_the_case_of("do", "Dutch angle"), "Dutch angle");
    }
}
