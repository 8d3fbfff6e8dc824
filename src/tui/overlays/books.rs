//! Where the provider's books and the log differ, a line each; generations made elsewhere can be adopted from it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::engine::reconcile::{Comparison, Difference, Elsewhere};
use crate::model::text::counted;
use crate::model::text::one_line;
use crate::tui::app::Hint;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::text::{paint, row, window};

use super::draw::{Brush, DrawnOverlay, centred, hint_spans};

/// Widest list.
const WIDEST: u16 = 110;
/// Lines below the list: what the selected one says, its request, the sums, the keys.
const BELOW: u16 = 6;

/// What was compared, and which difference is selected.
#[derive(Debug, Clone)]
pub struct Books {
    pub comparison: Arc<Comparison>,
    pub at: usize,
}

impl Books {
    /// Begins at the first difference.
    #[must_use]
    pub const fn new(comparison: Arc<Comparison>) -> Self {
        Self { comparison, at: 0 }
    }

    /// The selected difference.
    #[must_use]
    pub fn selected(&self) -> Option<&Difference> {
        self.comparison.differences.get(self.at)
    }

    /// The selected generation, when it can be adopted.
    #[must_use]
    pub fn adoptable(&self) -> Option<&Elsewhere> {
        self.selected().and_then(Difference::importable)
    }

    /// Selects another difference.
    pub fn step(&mut self, by: isize) {
        let last = self.comparison.differences.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }

    /// What both sides count, and whether that is all.
    #[must_use]
    pub fn sums(&self) -> String {
        let c = &self.comparison;
        let agree = if c.agree() { "they agree: " } else { "" };
        let mut open = String::new();
        if c.unknown > 0 {
            open += &format!(", {} of unknown outcome", counted(c.unknown as u64, "take"));
        }
        if !c.whole {
            open += &format!(
                ", {} rows unreadable: what is missing there is not told",
                c.unreadable
            );
        }
        format!(
            "{agree}{} since {}, {} here, {} there{open}",
            counted(c.requests as u64, "request"),
            c.from,
            c.ours.precise(),
            c.theirs.precise()
        )
    }
}

/// Draws the list over `area`.
pub(super) fn draw(
    books: &Books,
    hints: &[Hint],
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
    glyphs: &Glyphs,
) -> DrawnOverlay {
    let mut brush = Brush {
        buffer,
        theme,
        glyphs,
    };
    let differences = &books.comparison.differences;
    let rows = u16::try_from(differences.len().max(1)).unwrap_or(u16::MAX);
    let place = centred(area, WIDEST, rows.saturating_add(BELOW + 2));
    let inner = brush.popup("The provider's books", "", place);
    let room = usize::from(inner.height.saturating_sub(BELOW));
    let first = window(differences.len(), Some(books.at), room);
    for (at, difference) in differences.iter().enumerate().skip(first).take(room) {
        let (line, is_selected) = (row(inner, at - first), at == books.at);
        let role = if is_selected {
            Role::Selection
        } else {
            role(difference)
        };
        if is_selected {
            paint(brush.buffer, line, theme.style(Role::Selection));
        }
        let lead = if is_selected { glyphs.pointer } else { " " };
        let text = format!("{lead} {:<9} {}", difference.word(), difference.sentence());
        let spans = vec![brush.span(role, text)];
        brush.line(line, spans);
    }
    if differences.is_empty() {
        let spans = vec![brush.span(Role::Ok, "nothing differs")];
        brush.line(row(inner, 0), spans);
    }
    let mut below = Vec::new();
    if let Some(difference) = books.selected() {
        below.push((Role::Dim, format!("request {}", difference.request_id())));
        if let Difference::Elsewhere(elsewhere) = difference {
            let created = elsewhere
                .row
                .created
                .map_or_else(String::new, |at| format!("{at:.0}  "));
            let prompt = elsewhere.prompt(300);
            below.push((Role::Text, one_line(&format!("{created}\"{prompt}\""), 400)));
        }
    }
    let end = usize::from(inner.height);
    let start = end.saturating_sub(usize::from(BELOW) - 1);
    for (at, (role, text)) in below.into_iter().enumerate() {
        let spans = vec![brush.span(role, text)];
        brush.line(row(inner, start + at), spans);
    }
    let spans = vec![brush.span(Role::Text, books.sums())];
    brush.line(row(inner, end.saturating_sub(2)), spans);
    let spans = hint_spans(&brush, hints);
    brush.line(row(inner, end.saturating_sub(1)), spans);
    DrawnOverlay {
        rows: u16::try_from(room).unwrap_or(u16::MAX),
        ..DrawnOverlay::default()
    }
}

const fn role(difference: &Difference) -> Role {
    match difference {
        Difference::Cost { .. } => Role::Text,
        Difference::Elsewhere(_) => Role::Accent,
        Difference::Missing { .. } | Difference::Bill { .. } | Difference::State { .. } => Role::Warn,
    }
}
