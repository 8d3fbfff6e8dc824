//! The page as a whole: its sections are read, folded and scrolled.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::sections::{Section, sections};
use crate::model::text::counted;
use crate::service::Problem;
use crate::tui::canvas::{Canvas, Drawn, rows};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::Whole;
use crate::tui::glyphs::Glyphs;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::page::{self, Spans, show_problem};
use crate::tui::state::{MOVES, State, Tone};
use crate::tui::theme::Role;
use crate::tui::widgets::text::width;

/// Columns before what stands under a heading.
const INDENT: usize = 3;

/// The whole exchange of a take was read, or could not be.
pub fn opened(cx: &mut Cx, result: Result<Arc<Whole>, Problem>) {
    match result {
        Ok(whole) => {
            let page = TakePage::of(&whole, cx);
            let headline = format!("Take {} is open: stop typing to read it", whole.take.id);
            cx.show(page, Tone::Plain, headline);
        }
        Err(error) => show_problem(cx, "The take could not be opened", &error),
    }
}

struct TakePage {
    title: String,
    sections: Vec<Section>,
    /// The section that is folded or unfolded next; its heading is marked.
    chosen: usize,
    /// Lines scrolled off at the top.
    scroll: usize,
}

impl TakePage {
    fn of(whole: &Whole, state: &State) -> Self {
        let take = &whole.take;
        Self {
            title: format!("Take {}  seed {}  {}", take.id, take.seed, take.state),
            sections: sections(whole, state.now, &state.facts.zone),
            chosen: 0,
            scroll: 0,
        }
    }

    /// Moves by a number of sections, at most to the first or last, and scrolls until its heading is visible.
    fn go(&mut self, by: isize, state: &State) {
        let last = self.sections.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
        let (line, room) = (self.line_of_chosen(state), usize::from(state.seen.over.rows));
        if line < self.scroll || line + 1 >= self.scroll + room {
            self.scroll = line;
        }
    }

    fn scroll(&mut self, action: Action, state: &State) {
        self.scroll = page::scrolled(self.scroll, action, state);
        match action {
            Action::Top => self.chosen = 0,
            Action::Bottom => self.chosen = self.sections.len().saturating_sub(1),
            _ => {}
        }
        // What is folded next is on the screen: else the first section that begins there, else the one that fills it.
        let (first, room) = (self.scroll, usize::from(state.seen.over.rows));
        let begins = |line: &u16| (first..first + room).contains(&usize::from(*line));
        let lines = &state.seen.over.sections;
        if !lines.get(self.chosen).is_some_and(begins) {
            let above = lines.iter().rposition(|line| usize::from(*line) <= first);
            self.chosen = lines.iter().position(begins).or(above).unwrap_or(self.chosen);
        }
    }

    fn fold(&mut self, is_open: bool, state: &State) {
        let line = self.line_of_chosen(state);
        if let Some(section) = self.sections.get_mut(self.chosen) {
            section.is_open = is_open;
        }
        self.scroll = self.scroll.min(line);
    }

    fn is_open(&self) -> bool {
        self.sections
            .get(self.chosen)
            .is_some_and(|section| section.is_open)
    }

    /// Where the heading of the chosen section was drawn last.
    fn line_of_chosen(&self, state: &State) -> usize {
        let line = state.seen.over.sections.get(self.chosen);
        line.map_or(self.scroll, |line| usize::from(*line))
    }

    /// All lines at this width, and at which of them the sections begin.
    fn lines(&self, columns: usize, glyphs: &Glyphs) -> (Vec<Spans>, Vec<u16>) {
        let all: Vec<_> = self.sections.iter().map(|section| section.rows(glyphs)).collect();
        let (mut lines, mut begins): (Vec<Spans>, Vec<u16>) = Default::default();
        for (at, (section, text)) in self.sections.iter().zip(&all).enumerate() {
            // Sections that are folded stand close together.
            let was_open = at
                .checked_sub(1)
                .is_some_and(|before| self.sections[before].is_open);
            if was_open || at > 0 && section.is_open {
                lines.push(Vec::new());
            }
            begins.push(rows(lines.len()));
            lines.push(section.heading(at == self.chosen, text.len(), glyphs));
            if section.is_open {
                let lead = text.iter().map(|row| width(&row.lead)).max().unwrap_or(0);
                lines.extend(
                    page::lines(text, lead, columns.saturating_sub(INDENT))
                        .into_iter()
                        .map(indented),
                );
            }
        }
        (lines, begins)
    }
}

fn indented(mut line: Spans) -> Spans {
    line.insert(0, (Role::Text, " ".repeat(INDENT)));
    line
}

impl Section {
    /// `›▸ submit: POST /v2/seedance-2.0  200 in 412 ms · 14 lines`.
    fn heading(&self, is_chosen: bool, lines: usize, glyphs: &Glyphs) -> Spans {
        let pointer = if is_chosen { glyphs.pointer } else { " " };
        let sign = if self.is_open {
            glyphs.unfolded
        } else {
            glyphs.folded
        };
        let mut spans = vec![
            (Role::Selection, pointer.to_owned()),
            (Role::Heading, format!("{sign} {}", self.title)),
        ];
        if !self.aside.is_empty() {
            spans.push((Role::Dim, format!("  {}", self.aside)));
        }
        if !self.is_open {
            let count = counted(lines as u64, "line");
            spans.push((Role::Dim, format!(" {} {count}", glyphs.dot)));
        }
        spans
    }
}

fn if_open(page: &TakePage, action: Action, _: &State) -> Possible {
    match (action, page.is_open()) {
        (Action::Unfold, true) => Err("the section is unfolded already".to_owned()),
        (Action::Fold, false) => Err("the section is folded already".to_owned()),
        _ => Ok(()),
    }
}

impl Declare for TakePage {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(MOVES, |page: &mut Self, action, cx| page.scroll(action, cx)),
        Command::on(&[Action::SectionNext], |page, _, cx| page.go(1, cx)),
        Command::on(&[Action::SectionPrevious], |page, _, cx| page.go(-1, cx)),
        Command::on(&[Action::FoldSection], |page: &mut Self, _, cx| {
            page.fold(!page.is_open(), cx);
        })
        .called(|page, _| {
            let word = if page.is_open() { "fold" } else { "unfold" };
            word.to_owned()
        }),
        Command::on(&[Action::Unfold], |page: &mut Self, _, cx| page.fold(true, cx)).when(if_open),
        Command::on(&[Action::Fold], |page: &mut Self, _, cx| page.fold(false, cx)).when(if_open),
    ];
}

impl Component for TakePage {
    fn context(&self) -> Context {
        Context::TakePage
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Leave,
            Action::SectionNext,
            Action::FoldSection,
            Action::Down,
            Action::Up,
            Action::PageDown,
            Action::PageUp,
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let (glyphs, mut begins) = (canvas.ctx.glyphs, Vec::new());
        let drawn = page::draw_lines(canvas, area, &self.title, self.scroll, |columns| {
            let (lines, at) = self.lines(columns, glyphs);
            begins = at;
            lines
        });
        Drawn {
            sections: begins,
            ..drawn
        }
    }
}
