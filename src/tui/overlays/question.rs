//! Questions on screen. An answer counts only when the frame before it showed the question whole.

use ratatui::layout::Rect;
use ratatui::text::Span;

use super::draw::{Brush, DrawnOverlay, Spans, WIDEST_BOX, centred, hint_spans, page_lines};
use super::{Confirm, Held, Page};
use crate::tui::action::Action;
use crate::tui::app::{App, Hint};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{line_width, row};

/// How much of the question on top a frame showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// No question was drawn, or not all of its first sentence, which names the amount.
    #[default]
    Cut,
    /// The first sentence and the answers were drawn. The rest has to be scrolled into sight.
    Partly,
    /// The question was drawn to its end.
    Whole,
}

impl Brush<'_> {
    pub(super) fn confirm(&mut self, confirm: &Confirm, app: &App, area: Rect) -> DrawnOverlay {
        let yes = |(at, hint): (usize, Hint)| Hint {
            text: if at == 0 { confirm.yes.clone() } else { hint.text },
            ..hint
        };
        let hints: Vec<Hint> = app.hints().into_iter().enumerate().map(yes).collect();
        self.question(
            &confirm.question,
            &confirm.details,
            &hints,
            app.question_scroll,
            area,
        )
    }

    pub(super) fn quitting(&mut self, app: &App, area: Rect) -> DrawnOverlay {
        let (question, details) = app.quitting();
        self.question(&question, &details, &app.hints(), app.question_scroll, area)
    }

    pub(super) fn held(&mut self, held: &Held, app: &App, area: Rect) -> DrawnOverlay {
        let named = |hint: Hint| Hint {
            text: if hint.text == Action::ChangeHeld.short() {
                held.remedy.short().to_owned()
            } else {
                hint.text
            },
            ..hint
        };
        let hints: Vec<Hint> = app.hints().into_iter().map(named).collect();
        let details = [held.kind.advice().to_owned(), held.remedy.about().to_owned()];
        self.question(&held.question(), &details, &hints, app.question_scroll, area)
    }

    /// The question stands above, the answers below; what does not fit between them scrolls.
    fn question(
        &mut self,
        question: &str,
        details: &[String],
        hints: &[Hint],
        scroll: usize,
        area: Rect,
    ) -> DrawnOverlay {
        let columns = usize::from(area.width.min(WIDEST_BOX).saturating_sub(4));
        let head = paragraphs(&[question.to_owned()], Role::Accent, columns);
        let details = paragraphs(details, Role::Text, columns);
        let answers = self.packed(hints, columns);
        let count = details.len();
        let wanted = head.len() + count + 1 + answers.len();
        let height = u16::try_from(wanted + 2).unwrap_or(u16::MAX);
        let place = centred(area, WIDEST_BOX, height);
        let room = usize::from(place.height.saturating_sub(2)).saturating_sub(head.len() + answers.len());
        let first = scroll.min(count.saturating_sub(room));
        let fits = usize::from(place.height) >= head.len() + answers.len() + 2 && columns > 0;
        let shown = match (fits, count.saturating_sub(first + room)) {
            (false, _) => Shown::Cut,
            (true, 0) => Shown::Whole,
            (true, _) if room == 0 => Shown::Cut,
            (true, _) => Shown::Partly,
        };
        let answers = match (shown, hints.first()) {
            (Shown::Whole, _) | (_, None) => answers,
            (Shown::Cut, _) => vec![vec![self.span(Role::Warn, "Enlarge the window to answer.")]],
            (Shown::Partly, Some(hint)) => {
                let more = Hint {
                    key: hint.key.clone(),
                    text: "read on".to_owned(),
                };
                self.packed(&[&[more], &hints[1..]].concat(), columns)
            }
        };
        let foot = self.beyond(first, count, room);
        let inner = self.popup("", &foot, place);
        let middle = details.into_iter().skip(first).take(room);
        for (at, line) in head.into_iter().chain(middle).enumerate() {
            let spans = line
                .iter()
                .map(|(role, text)| self.span(*role, text.clone()))
                .collect();
            self.line(row(inner, at), spans);
        }
        // The answers stay in sight however little room there is.
        let above = usize::from(inner.height).saturating_sub(answers.len());
        for (at, spans) in answers.into_iter().enumerate() {
            self.line(row(inner, above + at), spans);
        }
        DrawnOverlay {
            rows: u16::try_from(room).unwrap_or(u16::MAX),
            lines: u16::try_from(count).unwrap_or(u16::MAX),
            shown,
            ..DrawnOverlay::default()
        }
    }

    /// The answers on as many rows as they need.
    fn packed(&self, hints: &[Hint], columns: usize) -> Vec<Vec<Span<'static>>> {
        let mut rows: Vec<Vec<Span<'static>>> = Vec::new();
        for hint in hints {
            let spans = hint_spans(self, std::slice::from_ref(hint));
            // The spaces after a hint may hang over the edge.
            let wide = |spans: &[Span<'static>]| {
                let text: String = spans.iter().map(|span| span.content.as_ref()).collect();
                line_width(&text.trim_end().to_owned().into())
            };
            match rows.last_mut() {
                Some(last) if wide(&[last.as_slice(), &spans].concat()) <= columns => last.extend(spans),
                _ => rows.push(spans),
            }
        }
        rows
    }
}

fn paragraphs(texts: &[String], role: Role, columns: usize) -> Vec<Spans> {
    let mut page = Page::new("");
    for text in texts {
        page.push("", text, role);
    }
    page_lines(&page, columns)
}
