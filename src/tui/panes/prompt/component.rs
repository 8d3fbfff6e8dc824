//! The component of the pane: its modes, commands and keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use super::complete::{self, Completing};
use super::draw::View;
use crate::model::clean::clean;
use crate::model::seconds::length;
use crate::model::{Form, Parameter};
use crate::script::{self, Shot};
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::editor::{KeyOutcome, MAX_CHARACTERS};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::{Action, Context, Key, PaneId};
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::show_problem;
use crate::tui::overlays::{findings, late, opened, snippets};
use crate::tui::state::{MOVES, State, Tone, distance, stepped};
use crate::tui::widgets::strip::{Segment, Strip};

/// A boundary moves by this much at a time, in milliseconds.
const STEP_MS: i64 = 500;
/// Shots of a blank script.
const MAX_SHOTS: u32 = 30;

/// What keys do in the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    Commands,
    /// They are typed into the text.
    Editing,
    /// They move the boundary with this index.
    Timeline(usize),
}

#[derive(Default)]
pub struct Prompt {
    mode: Mode,
    completing: Option<Completing>,
    /// The path of a file with a request, which was pasted while the prompt was edited.
    pasted: Option<String>,
}

impl Declare for Prompt {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::EditPrompt], |_, _, cx| cx.edit_prompt()).anywhere(),
        Command::on(&[Action::Fix], |_, _, cx| {
            if let Some(fix) = cx.form.check.first_fix().map(|(_, fix)| fix.clone()) {
                findings::apply(cx, &fix);
            }
        })
        .when(|_, _, state| match state.form.check.first_fix() {
            Some(_) => Ok(()),
            None => Err(findings::why_no_fix(state)),
        })
        .anywhere(),
        Command::on(&[Action::Findings], |_, _, cx| findings::list(cx))
            .when(|_, _, state| match state.form.check.findings[..] {
                [] => Err("nothing is wrong with the script".to_owned()),
                _ => Ok(()),
            })
            .anywhere(),
        Command::on(&[Action::Timeline], |prompt: &mut Self, _, cx| {
            prompt.open_timeline(cx);
        })
        .when(|_, _, state| {
            if state.form.check.is_timed() {
                return Ok(());
            }
            Err(format!("no shot has a time{}", state.by_key(Action::FreshScript)))
        })
        .anywhere(),
        Command::on(&[Action::BorderEarlier, Action::BorderLater], Self::move_border)
            .when(|prompt, _, state| match prompt.mode {
                Mode::Timeline(_) => Ok(()),
                _ => Err(format!(
                    "the timeline is not open{}",
                    state.by_key(Action::Timeline)
                )),
            })
            .anywhere(),
        Command::on(&[Action::EmptyForm], |_, _, cx| empty_form(cx)).anywhere(),
        Command::on(&[Action::FreshScript], |_, _, cx| ask_script(cx)).anywhere(),
        Command::on(&[Action::Snippets], |_, _, cx| snippets::list(cx)).anywhere(),
        Command::on(&[Action::OpenEditor], |_, _, cx| late::open_editor(cx)).anywhere(),
        Command::on(
            &[Action::Complete, Action::CompleteBack],
            |prompt: &mut Self, action, cx| {
                complete::complete(&mut prompt.completing, action, cx);
            },
        )
        .when(|prompt, _, state| match prompt.mode {
            Mode::Editing => Ok(()),
            _ => Err(not_edited(state)),
        })
        .anywhere(),
        Command::on(&[Action::LoadPasted], |prompt: &mut Self, _, cx| {
            if let Some(path) = prompt.pasted.take() {
                cx.run(Effect::FindRequest(path, None));
            }
        })
        .when(|prompt, _, state| match &prompt.pasted {
            Some(path) if state.form.current.prompt.contains(path) => Ok(()),
            _ => Err("no path of a file with a request was pasted into the prompt".to_owned()),
        })
        .anywhere(),
        Command::on(&[Action::Undo], |_, _, cx| cx.undo())
            .when(|_, _, state| {
                if state.form.is_replaced() {
                    return Ok(());
                }
                has_the_keys(state, "undone")
            })
            .anywhere(),
        Command::on(&[Action::Redo], |_, _, cx| {
            cx.form.editor.redo();
            cx.prompt_changed();
        })
        .when(|_, _, state| has_the_keys(state, "redone"))
        .anywhere(),
        Command::on(&[Action::Revisions], |_, _, cx| cx.run(Effect::ListRevisions)).anywhere(),
        Command::on(&[Action::Leave], |prompt: &mut Self, _, _| {
            prompt.mode = Mode::Commands;
        })
        .during(|prompt| prompt.mode != Mode::Commands),
        Command::on(MOVES, Self::go),
    ];
}

/// Whether changes of the prompt can be `undone`, or `redone`.
fn has_the_keys(state: &State, what: &str) -> Possible {
    if state.focus == PaneId::Prompt {
        return Ok(());
    }
    let how = state.by_key(Action::FocusPrompt);
    Err(format!(
        "nothing can be {what} here, only changes of the prompt{how}"
    ))
}

/// Why nothing is completed.
pub fn not_edited(state: &State) -> String {
    let how = state.by_key(Action::EditPrompt);
    format!("the prompt is not being edited{how}")
}

impl Prompt {
    fn go(&mut self, action: Action, cx: &mut Cx) {
        if let Mode::Timeline(border) = &mut self.mode {
            let last = cx.form.check.script.shots.len().saturating_sub(1);
            *border = stepped(*border, distance(action, cx.pane_rows()), last + 1);
            return;
        }
        // Moving the caret scrolls the text.
        let (code, modifiers) = match action {
            Action::Up => (KeyCode::Up, KeyModifiers::NONE),
            Action::Down => (KeyCode::Down, KeyModifiers::NONE),
            Action::PageUp => (KeyCode::PageUp, KeyModifiers::NONE),
            Action::PageDown => (KeyCode::PageDown, KeyModifiers::NONE),
            Action::Top => (KeyCode::Home, KeyModifiers::CONTROL),
            _ => (KeyCode::End, KeyModifiers::CONTROL),
        };
        cx.form.editor.handle(KeyEvent::new(code, modifiers));
    }

    fn open_timeline(&mut self, cx: &mut Cx) {
        if cx.focus != PaneId::Prompt {
            cx.focus(PaneId::Prompt);
        }
        self.mode = Mode::Timeline(0);
    }

    /// Moves the selected boundary in the text.
    fn move_border(&mut self, action: Action, cx: &mut Cx) {
        let Mode::Timeline(border) = self.mode else { return };
        let by = match action {
            Action::BorderEarlier => -STEP_MS,
            _ => STEP_MS,
        };
        let form = &mut cx.form;
        let moved = script::move_boundary(&form.current.prompt, &form.check.script, border, by);
        if let Some(text) = moved {
            form.editor.set_text(&text);
            cx.prompt_changed();
        } else {
            cx.tell(
                Tone::Warning,
                "The boundary cannot move there: it needs a written time, and no shot may be shorter than 0.5 s",
            );
        }
    }

    /// The time of the boundary being moved, and its description.
    fn border(&self, state: &State) -> Option<(u32, String)> {
        let Mode::Timeline(at) = self.mode else {
            return None;
        };
        let shots = &state.form.check.script.shots;
        let before = shots.get(at)?;
        let after = shots.get(at + 1);
        let ms = before.end.or(after.and_then(|shot| shot.start)).unwrap_or(0);
        let name = |shot: &Shot| format!("shot {}", shot.number);
        let text = match after {
            Some(after) => format!("{} | {} at {}", name(before), name(after), length(ms)),
            None => format!("{} ends at {}", name(before), length(ms)),
        };
        Some((ms, text))
    }

    fn strip(&self, state: &State) -> Option<Strip> {
        let form = &state.form;
        let take_ms = u32::from(form.current.duration.get()) * 1000;
        let segment = |(shot, start, end): (Shot, u32, u32)| Segment {
            number: shot.number,
            start,
            end: shot.end.unwrap_or(end),
        };
        let shots = form.check.script.spread(take_ms);
        form.check.is_timed().then(|| Strip {
            segments: shots.into_iter().map(segment).collect(),
            take_ms,
            border: self.border(state).map(|(ms, _)| ms),
        })
    }
}

impl Component for Prompt {
    fn context(&self) -> Context {
        match self.mode {
            Mode::Commands => Context::Prompt,
            Mode::Editing => Context::Editing,
            Mode::Timeline(_) => Context::Timeline,
        }
    }

    fn hints(&self) -> &'static [Action] {
        match self.mode {
            Mode::Commands => &[
                Action::EditPrompt,
                Action::Generate,
                Action::Fix,
                Action::Findings,
                Action::Timeline,
                Action::Sweep,
                Action::FreshScript,
                Action::OpenEditor,
            ],
            Mode::Editing => &[Action::Leave, Action::Complete],
            Mode::Timeline(_) => &[
                Action::BorderEarlier,
                Action::BorderLater,
                Action::Up,
                Action::Down,
                Action::Undo,
                Action::Leave,
            ],
        }
    }

    fn mode(&self) -> Option<&'static str> {
        match self.mode {
            Mode::Commands => None,
            Mode::Editing => Some("EDITING"),
            Mode::Timeline(_) => Some("TIMELINE"),
        }
    }

    fn edit(&mut self, _cx: &mut Cx) {
        self.mode = Mode::Editing;
    }

    fn left(&mut self, _cx: &mut Cx) {
        self.mode = Mode::Commands;
    }

    fn key(&mut self, key: KeyEvent, cx: &mut Cx) -> bool {
        if self.mode != Mode::Editing {
            return false;
        }
        // The last change may have replaced the form as a whole.
        if Key::from(key) == Key::ctrl('z') {
            cx.undo();
            return true;
        }
        let is_ours = cx.form.editor.handle(key) != KeyOutcome::Ignored;
        cx.prompt_changed();
        is_ours
    }

    fn paste(&mut self, text: &str, cx: &mut Cx) -> bool {
        if self.mode == Mode::Commands && opened::may_be_request(text) {
            cx.run(Effect::FindRequest(text.to_owned(), None));
            return true;
        }
        if self.mode != Mode::Editing {
            return false;
        }
        let excess = cx.form.editor.excess(text);
        if excess > 0 {
            // A part of it would look like the whole.
            let told = format!(
                "Not pasted: it is {excess} characters too long; a prompt has at most {MAX_CHARACTERS}"
            );
            cx.tell(Tone::Warning, told);
            return true;
        }
        cx.form.editor.paste(text);
        cx.prompt_changed();
        // It stays text. If it is the path of a file with a request, a notice says how to load that.
        if opened::is_path(text) {
            cx.run(Effect::LookAtPasted(text.trim().to_owned()));
        }
        true
    }

    /// Takes over the external editor's text, even what it saved before it failed.
    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        match message {
            Message::Edited(Ok(text)) => {
                let all = clean(text, usize::MAX).chars().count();
                cx.form.editor.set_text(text);
                if all > MAX_CHARACTERS {
                    let told = format!(
                        "The text of {all} characters was cut: a prompt has at most {MAX_CHARACTERS}"
                    );
                    cx.tell(Tone::Warning, told);
                }
            }
            Message::Edited(Err(error)) => {
                show_problem(cx, "The editor returned no text", &Problem::because(error));
            }
            Message::EditedBadly(text, error) => {
                cx.form.editor.set_text(text);
                show_problem(cx, "The editor failed", &Problem::because(error));
            }
            Message::PathPasted(Some(path)) => {
                if self.mode == Mode::Editing {
                    self.pasted = Some(path.clone());
                    let how = cx.key_in(Context::Prompt, Action::LoadPasted);
                    let told =
                        "The path was inserted as text. After Esc the request of its file can be loaded";
                    cx.tell(Tone::Plain, format!("{told}{how}"));
                }
                return true;
            }
            _ => return false,
        }
        cx.prompt_changed();
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let border = self.border(state).map(|(_, text)| text);
        let view = View {
            form: &state.form,
            is_edited: self.mode == Mode::Editing,
            fit: border.unwrap_or_else(|| state.form.check.fit.clone()),
            strip: self.strip(state),
            // While text is typed, these keys are letters.
            keys: finding_keys(state)
                .filter(|_| self.mode != Mode::Editing)
                .unwrap_or_default(),
            ctx: canvas.ctx,
        };
        if area.height == 1 {
            view.draw_compact(canvas, area)
        } else {
            view.draw(canvas, area)
        }
    }
}

/// The keys that fix the first finding, or list the others.
fn finding_keys(state: &State) -> Option<String> {
    let reading = &state.form.check;
    let shown = reading.findings.first()?;
    let label = |action| state.keymap.label(Context::Prompt, action);
    // The fix of another finding would look as if it were for the one that is shown.
    let fix = reading.first_fix().filter(|(finding, _)| *finding == shown);
    let fix = label(Action::Fix).zip(fix);
    let fix = fix.map(|(key, (_, fix))| format!("{key} {}", fix.label()));
    let count = reading.findings.len();
    let all = label(Action::Findings).filter(|_| count > 1);
    let all = all.map(|key| format!("{key} all {count}"));
    Some(fix.into_iter().chain(all).collect::<Vec<_>>().join("  "))
}

/// Empties the form, as one step of undo.
fn empty_form(cx: &mut Cx) {
    let empty = Form {
        model: cx.form.current.model,
        ..Form::default()
    };
    if cx.form.current == empty {
        return cx.tell(Tone::Plain, "The form is empty already");
    }
    let undo = cx.key_of(Action::Undo);
    cx.tell(Tone::Good, format!("The form is empty{undo}"));
    cx.put_other_form(empty);
}

/// Asks for the shots and seconds of a blank script.
fn ask_script(cx: &mut Cx) {
    let shots = (u32::from(cx.form.current.duration.get()) / 2).max(1);
    let text = format!("{shots} in {}", cx.form.current.duration);
    open_script(cx, &text);
}

fn open_script(cx: &mut Cx, text: &str) {
    cx.open(Entry::new(
        "New script: shots and seconds",
        "5 in 10",
        text,
        |text, cx| fresh_script(cx, text),
    ));
}

/// Replaces the script with a blank one as one step of undo, and leaves the caret in its first shot.
fn fresh_script(cx: &mut Cx, text: &str) {
    let seconds = cx.form.current.duration.get().into();
    let Some((shots, seconds)) = shots_and_seconds(text, seconds) else {
        open_script(cx, text);
        return cx.tell(
            Tone::Warning,
            format!(
                "Type shots and seconds, as in \"5 in 10\": 1 to {MAX_SHOTS} shots, 1 to 60 s, \
                 none shorter than 0.5 s"
            ),
        );
    };
    let mut form = Form {
        prompt: script::blank_script(shots, seconds),
        ..cx.form.current.clone()
    };
    let choice = Parameter::Duration.write(&mut form, &seconds.to_string());
    if choice.is_err() {
        // The script is longer or shorter than a take may be, which its findings tell.
        form.duration = cx.form.current.duration;
    }
    let undo = cx.key_of(Action::Undo);
    cx.tell(Tone::Good, format!("The script is new{undo}"));
    cx.put_other_form(form);
    cx.form.editor.go_to(1, 0);
    cx.edit_prompt();
}

/// `5 in 10`, `5 10`, `5/10`; `5` alone is for the `seconds` of the form.
fn shots_and_seconds(text: &str, seconds: u32) -> Option<(u32, u32)> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse::<u32>);
    let shots = numbers.next()?.ok()?;
    let seconds = numbers.next().transpose().ok()?.unwrap_or(seconds);
    let fits = (1..=MAX_SHOTS).contains(&shots) && (1..=60).contains(&seconds) && shots <= seconds * 2;
    (fits && numbers.next().is_none()).then_some((shots, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_and_seconds_are_read_as_people_write_them() {
        for (text, read) in [
            ("5 in 10", Some((5, 10))),
            (" 3/8s", Some((3, 8))),
            ("5", Some((5, 8))),
            ("17", None),
            ("", None),
            ("0 in 10", None),
            ("30 in 10", None),
            ("1 2 3", None),
            ("99999999999 in 4", None),
        ] {
            assert_eq!(shots_and_seconds(text, 8), read, "{text}");
        }
    }
}
