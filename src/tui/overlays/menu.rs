//! A list to choose from: findings and their fixes, values, revisions, texts to decide about.

use ratatui::layout::Rect;

use crate::model::rule::Severity;
use crate::tui::canvas::{Canvas, Drawn, MAX_WIDTH, centred, rows};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State, distance, stepped};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{row, width, window};
use crate::tui::widgets::wrap;

type Then = Box<dyn FnOnce(&mut Cx)>;

/// A row of the list.
pub struct Choice {
    /// Shown in a column of its own; may be empty.
    lead: String,
    text: String,
    /// That of a finding.
    severity: Option<Severity>,
    then: Then,
}

impl Choice {
    pub fn new(text: impl Into<String>, then: impl FnOnce(&mut Cx) + 'static) -> Self {
        Self {
            lead: String::new(),
            text: text.into(),
            severity: None,
            then: Box::new(then),
        }
    }

    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    fn role(&self) -> Role {
        match self.severity {
            Some(Severity::Error) => Role::Error,
            Some(Severity::Warning) => Role::Warn,
            Some(Severity::Note) => Role::Dim,
            None => Role::Key,
        }
    }
}

pub struct Menu {
    title: String,
    rows: Vec<Choice>,
    at: usize,
    left: Option<Then>,
    /// The label of the key that takes the selected row.
    verb: &'static str,
}

impl Menu {
    pub fn new(title: impl Into<String>, rows: Vec<Choice>) -> Self {
        Self {
            title: title.into(),
            rows,
            at: 0,
            left: None,
            verb: "choose",
        }
    }

    /// Selects another row than the first.
    pub fn at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    /// Says `verb` of the key that takes the selected row, instead of `choose`.
    pub const fn to(mut self, verb: &'static str) -> Self {
        self.verb = verb;
        self
    }

    /// Calls `left` when the list is closed without a choice.
    pub fn or_else(mut self, left: impl FnOnce(&mut Cx) + 'static) -> Self {
        self.left = Some(Box::new(left));
        self
    }
}

impl Declare for Menu {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |menu: &mut Self, _, cx| {
            cx.close();
            if menu.at < menu.rows.len() {
                (menu.rows.swap_remove(menu.at).then)(cx);
            }
        })
        .called(|menu, _| menu.verb.to_owned()),
        Command::on(MOVES, |menu, action, cx| {
            menu.at = stepped(menu.at, distance(action, cx.pane_rows()), menu.rows.len());
        }),
    ];
}

impl Component for Menu {
    fn context(&self) -> Context {
        Context::Menu
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Accept, Action::Down, Action::Up, Action::Leave]
    }

    fn mode(&self) -> Option<&'static str> {
        Some("CHOOSING")
    }

    fn absorb(&mut self, newer: &dyn Component) -> bool {
        let texts = |menu: &Self| -> Vec<String> { menu.rows.iter().map(|row| row.text.clone()).collect() };
        newer
            .downcast::<Self>()
            .is_some_and(|newer| newer.title == self.title && texts(newer) == texts(self))
    }

    fn left(&mut self, cx: &mut Cx) {
        if let Some(left) = self.left.take() {
            left(cx);
        }
    }

    /// Draws the wrapped rows, scrolled so that the selected one is visible.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let lead = self.rows.iter().map(|row| width(&row.lead)).max().unwrap_or(0);
        let gap = usize::from(lead > 0);
        let beside = 4 + 2 + lead + gap;
        let texts = self.rows.iter().map(|row| canvas.ctx.glyphs.spell(&row.text));
        let texts: Vec<String> = texts.collect();
        let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let wanted = beside + widest.max(width(&self.title) + 2);
        let columns = rows(wanted).min(MAX_WIDTH);
        let room = usize::from(area.width.min(columns)).saturating_sub(beside);
        let lines = texts.iter().enumerate().flat_map(|(at, text)| {
            let parts = wrap::parts(text, room).enumerate();
            parts.map(move |(n, part)| (at, n, part))
        });
        let lines: Vec<(usize, usize, String)> = lines.collect();
        let place = centred(area, columns, rows(lines.len() + 2));
        let height = usize::from(place.height.saturating_sub(2));
        let chosen = lines.iter().rposition(|(at, ..)| *at == self.at);
        let first = window(lines.len(), chosen, height);
        let foot = canvas.beyond(first, lines.len(), height);
        let inner = canvas.popup(&self.title, &foot, place);
        for (y, (at, n, part)) in lines.into_iter().skip(first).take(height).enumerate() {
            let choice = &self.rows[at];
            let text = if n == 0 { choice.lead.as_str() } else { "" };
            let cells = [
                (choice.role(), format!("{text:<0$}", lead + gap)),
                (Role::Text, part.trim_end().to_owned()),
            ];
            canvas.row(row(inner, y), at == self.at, n == 0, &cells);
        }
        Drawn::default()
    }
}
