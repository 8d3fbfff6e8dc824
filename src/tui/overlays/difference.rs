//! Shows what differs between a take and the form, or between takes: the prompt word by word, parameters, references.

use ratatui::layout::Rect;

use super::page::{Page, Spans, draw_lines, scrolled, show_problem};
use crate::model::difference::{Change, Differences, prompts, shortened};
use crate::model::text::lines;
use crate::model::{Form, Request, Seed, Take, TakeId};
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{Chosen, MOVES, State, Tone, ids};
use crate::tui::theme::Role;
use crate::tui::widgets::wrap;

/// Words that stay on each side of a change.
const AROUND: usize = 12;
/// Characters of a value that are shown.
const MAX_VALUE: usize = 2_000;

/// A request with the name that the page gives it.
struct Side {
    name: String,
    request: Request,
}

/// The overlay.
pub struct DifferencePage {
    title: String,
    page: Page,
    /// The prompt, word by word; empty when it is the same.
    prompt: Vec<(Change, String)>,
    scroll: usize,
}

/// The takes that are compared: two marked ones, a marked one and the selected one, or one with the form. Of a sweep,
/// whose takes share a request, it is the first.
pub fn compared(state: &State) -> Result<Vec<TakeId>, String> {
    let acted = state.acted_on()?;
    let selected = state.selected().map(|take| take.id);
    match (acted.chosen, ids(&acted.takes)) {
        (Chosen::Marks, marked) if marked.len() > 2 => Err(format!(
            "a difference is between two takes, and {} are marked{}",
            marked.len(),
            state.by_key(Action::ClearMarks)
        )),
        (Chosen::Marks, mut marked) => {
            if marked.len() == 1 {
                marked.extend(selected.filter(|take| *take != marked[0]));
            }
            Ok(marked)
        }
        (_, mut takes) => {
            takes.truncate(1);
            Ok(takes)
        }
    }
}

/// Opens the page about one take and the form, or about two takes.
pub fn compare(cx: &mut Cx, takes: &Result<Vec<Take>, Problem>) {
    let compared = match takes.as_deref() {
        Ok([take]) => side(take).map(|old| {
            let new = of_form(cx, &old.request.form.prompt);
            (old, new)
        }),
        Ok([old, new]) => side(old).and_then(|old| Ok((old, side(new)?))),
        Ok(_) => return,
        Err(error) => return show_problem(cx, "The takes could not be compared", error),
    };
    match compared {
        Ok((old, new)) => cx.show(
            DifferencePage::of(&old, &new),
            Tone::Plain,
            "The takes were compared: stop typing to see what differs",
        ),
        Err(why) => cx.tell(Tone::Warning, why),
    }
}

/// The request of a take as it was sent.
fn side(take: &Take) -> Result<Side, String> {
    let mut random = fastrand::Rng::new();
    let (request, broken) = Request::readable_part(take.model, &take.body, &mut random);
    if !take.body.is_object() {
        let why = broken.first().map(ToString::to_string).unwrap_or_default();
        return Err(format!("the request of take {} cannot be read: {why}", take.id));
    }
    let form = Form {
        api_version: take.api_version,
        ..request.form
    };
    Ok(Side {
        name: name(take.id),
        request: Request { form, ..request },
    })
}

fn name(id: TakeId) -> String {
    format!("take {id}")
}

/// The form with its variables expanded: of its takes the one with the prompt of the take that it is compared with, else
/// the first. Its list of seeds need not be readable for that.
fn of_form(state: &State, prompt: &str) -> Side {
    let form = state.variants().and_then(|mut forms| {
        let same = forms.iter().position(|form| form.prompt == prompt);
        (!forms.is_empty()).then(|| forms.swap_remove(same.unwrap_or(0)))
    });
    let form = Form {
        seeds: state.form.current.seeds.clone(),
        ..form.unwrap_or_else(|| state.form.current.clone())
    };
    Side {
        name: "the form".to_owned(),
        request: Request {
            form,
            seed: Seed::default(),
        },
    }
}

impl DifferencePage {
    fn of(old: &Side, new: &Side) -> Self {
        let (from, to) = (&old.request.form, &new.request.form);
        let differences = Differences::of_forms(from, to);
        let mut page = Page::new("");
        if let Some(badge) = differences.badge() {
            page.push("", &format!("! {badge}"), Role::Warn);
        }
        if differences.is_empty() {
            page.push("", "Nothing differs.", Role::Text);
        }
        let shown = |value: &str| match value {
            "" => "none".to_owned(),
            value => lines(value, MAX_VALUE),
        };
        let mut changed = |label: &str, old: &str, new: &str| {
            page.push(label, &format!("{} → {}", shown(old), shown(new)), Role::Text);
        };
        for change in &differences.parameters {
            changed(change.label, &change.old, &change.new);
        }
        for change in &differences.references {
            changed(
                &change.label,
                change.old.as_deref().unwrap_or_default(),
                change.new.as_deref().unwrap_or_default(),
            );
        }
        if let Some((old, new)) = &differences.seed {
            changed("Seed", old, new);
        }
        let spans = differences.prompt.then(|| prompts(&from.prompt, &to.prompt));
        let spans = shortened(&spans.unwrap_or_default(), AROUND, "…");
        let prompt = spans
            .into_iter()
            .map(|span| (span.change, lines(&span.text, usize::MAX)))
            .collect();
        Self {
            title: format!("From {} to {}", old.name, new.name),
            page,
            prompt,
            scroll: 0,
        }
    }

    fn lines(&self, columns: usize) -> Vec<Spans> {
        let mut lines = self.page.lines(columns);
        if !self.prompt.is_empty() {
            if !lines.is_empty() {
                lines.push(Spans::new());
            }
            lines.push(vec![(Role::Heading, "Prompt".to_owned())]);
            lines.extend(wrapped(&self.prompt, columns));
        }
        lines
    }
}

/// The spans in lines of a width. What was removed stands in `[-…-]` and what was added in `{+…+}`, so that it is told
/// without colours too.
fn wrapped(spans: &[(Change, String)], columns: usize) -> Vec<Spans> {
    let mut text = String::new();
    let mut roles: Vec<(usize, Role)> = Vec::new();
    for (change, part) in spans {
        let (open, close, role) = match change {
            Change::Equal => ("", "", Role::Text),
            Change::Removed => ("[-", "-]", Role::Error),
            Change::Added => ("{+", "+}", Role::Ok),
        };
        text.push_str(open);
        text.push_str(part);
        text.push_str(close);
        roles.push((text.len(), role));
    }
    let mut start = 0;
    let mut all = Vec::new();
    let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut offsets = Vec::with_capacity(lines.len());
    for line in &lines {
        offsets.push(start);
        start += line.len() + 1;
    }
    for part in wrap::rows(&lines, columns) {
        let (line, offset) = (&lines[part.line], offsets[part.line]);
        let mut spans = Spans::new();
        let mut at = part.start;
        while at < part.end {
            let place = roles.partition_point(|(end, _)| *end <= offset + at);
            let (end, role) = roles.get(place).copied().unwrap_or((usize::MAX, Role::Text));
            let until = end.saturating_sub(offset).min(part.end);
            spans.push((role, line[at..until].to_owned()));
            at = until;
        }
        all.push(spans);
    }
    all
}

impl Declare for DifferencePage {
    const COMMANDS: &'static [Command<Self>] = &[Command::on(MOVES, |page: &mut Self, action, cx| {
        page.scroll = scrolled(page.scroll, action, cx);
    })];
}

impl Component for DifferencePage {
    fn context(&self) -> Context {
        Context::Reader
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Leave, Action::Down, Action::Up]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        draw_lines(canvas, area, &self.title, self.scroll, |columns| {
            self.lines(columns)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_keeps_its_role_across_lines() {
        let spans = [
            (Change::Equal, "a ".to_owned()),
            (Change::Removed, "red".to_owned()),
            (Change::Added, "black\nand".to_owned()),
            (Change::Equal, " coat".to_owned()),
        ];
        let lines = wrapped(&spans, 40);
        let text = |line: &Spans| line.iter().map(|(_, text)| text.as_str()).collect::<String>();
        assert_eq!(
            lines.iter().map(text).collect::<Vec<_>>(),
            ["a [-red-]{+black", "and+} coat"]
        );
        assert_eq!(lines[0][1], (Role::Error, "[-red-]".to_owned()));
        assert_eq!(lines[1][0], (Role::Ok, "and+}".to_owned()));
    }
}
