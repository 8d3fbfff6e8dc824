//! Draws the prompt pane: the script in its editor, the timeline and the first finding.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::rule::Severity;
use crate::tui::canvas::{Canvas, Ctx, Drawn};
use crate::tui::editor::MAX_CHARACTERS;
use crate::tui::panes::{PaneId, compact};
use crate::tui::state::EditedForm;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::strip::Strip;
use crate::tui::widgets::text::{fit, line_width, row, wrap};

/// Shown in an empty prompt.
const PLACEHOLDER: &str = "Write what the video shows. A line such as \"Shot 1 | 0s–4s\" begins a shot.";

/// The timeline has a row of its own when the text has this many rows.
const MIN_ROWS_BESIDE_STRIP: u16 = 4;

/// What is drawn in one frame.
pub struct View<'a> {
    pub form: &'a EditedForm,
    /// Keys are typed into the text, so the caret is shown.
    pub is_edited: bool,
    /// `4 shots to 14 s of 10 s`, or the boundary that is being moved.
    pub fit: String,
    /// The timeline, if any shot has a time.
    pub strip: Option<Strip>,
    /// The keys that fix the first finding, or list the others: `F Duration 15 s`, `f all 3`.
    pub keys: String,
    pub ctx: Ctx<'a>,
}

impl View<'_> {
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> Drawn {
        let (ctx, editor) = (&self.ctx, &self.form.editor);
        let strip = self
            .strip
            .as_ref()
            .filter(|_| area.height >= MIN_ROWS_BESIDE_STRIP + 3);
        let rows = area.height.saturating_sub(2 + u16::from(strip.is_some()));
        let (above, below) = editor.hidden(area.width.saturating_sub(3), rows);
        let words = PaneBox {
            note: self.note(above, below),
            foot: self.foot(area, strip.is_none()),
            foot_note: self.finding_keys(),
            ..PaneBox::default()
        };
        let (mut drawn, inner) = canvas.pane(PaneId::Prompt, area, words);
        // The column before the border is for the caret after a full row.
        let text = Rect {
            width: inner.width + u16::from(inner.width > 0),
            height: rows,
            ..inner
        };
        if let Some(strip) = strip {
            self.timeline(strip, canvas, row(inner, usize::from(inner.height) - 1));
        }
        if editor.is_empty() {
            let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
            let lines = wrap(PLACEHOLDER, columns, height, ctx.glyphs.ellipsis);
            for (y, line) in lines.into_iter().enumerate() {
                canvas.text(row(inner, y), Role::Placeholder, line);
            }
        }
        let (is_edited, marks) = (ctx.focused && self.is_edited, &self.form.check.marks);
        drawn.caret = editor.draw(canvas.buffer, text, ctx.theme, is_edited, marks);
        drawn
    }

    pub fn draw_compact(&self, canvas: &mut Canvas<'_>, area: Rect) -> Drawn {
        let ctx = &self.ctx;
        let text = self.form.editor.text();
        let first = text.lines().find(|line| !line.trim().is_empty());
        let revision = vec![ctx.span(Role::Dim, self.revision())];
        let mut parts = vec![revision, self.findings(usize::from(area.width), true)];
        if self.fit.is_empty() && self.form.check.findings.is_empty() {
            let first = fit(
                first.unwrap_or("empty"),
                usize::from(area.width),
                ctx.glyphs.ellipsis,
            );
            parts.push(vec![ctx.span(Role::Dim, first)]);
        }
        compact::draw(canvas, area, PaneId::Prompt, parts)
    }

    fn note(&self, above: usize, below: usize) -> Line<'static> {
        let mut words = vec![self.ctx.glyphs.beyond(above, below), self.revision()];
        words.retain(|word| !word.is_empty());
        Line::from(self.ctx.span(Role::Dim, words.join("  ")))
    }

    fn revision(&self) -> String {
        let differs = if self.form.is_changed() {
            "differs from "
        } else {
            ""
        };
        let revision = self.form.revision;
        revision.map_or_else(String::new, |revision| format!("{differs}v{revision}"))
    }

    /// Draws the timeline, and the sum of its times beside it.
    fn timeline(&self, strip: &Strip, canvas: &mut Canvas<'_>, area: Rect) {
        let words = Line::from(self.ctx.span(Role::Text, self.fit.as_str()));
        let wide = u16::try_from(line_width(&words)).unwrap_or(area.width);
        let bar = Rect {
            width: area.width.saturating_sub(wide + 2),
            ..area
        };
        strip.draw(canvas.buffer, bar, self.ctx.theme, self.ctx.glyphs);
        let place = Rect {
            x: bar.right() + 2.min(area.right() - bar.right()),
            width: area.width.saturating_sub(bar.width + 2),
            ..area
        };
        canvas.line(place, words);
    }

    fn foot(&self, area: Rect, with_fit: bool) -> Line<'static> {
        // Corners, spaces and a piece of the rule; the keys on the right have to stay visible.
        let keys = line_width(&self.finding_keys());
        let room = usize::from(area.width).saturating_sub(8 + keys);
        Line::from(self.findings(room, with_fit))
    }

    fn finding_keys(&self) -> Line<'static> {
        Line::from(self.ctx.span(Role::Key, self.keys.as_str()))
    }

    /// The first finding in at most `room` columns, after how the shots fit if `with_fit`.
    fn findings(&self, room: usize, with_fit: bool) -> Vec<Span<'static>> {
        let (ctx, mut spans) = (&self.ctx, Vec::new());
        if with_fit && !self.fit.is_empty() {
            spans.push(ctx.span(Role::Text, fit(&self.fit, 60, ctx.glyphs.ellipsis)));
        }
        let full = self.form.editor.is_full();
        let full = full.then(|| {
            (
                Severity::Error,
                format!("full: the maximum is {MAX_CHARACTERS} characters"),
            )
        });
        let broken = self.form.check.broken.clone();
        let full = full.or(broken.map(|why| (Severity::Error, why)));
        let first = self.form.check.findings.first();
        let first = first.map(|finding| (finding.severity, finding.message.to_string()));
        if let Some((severity, text)) = full.or(first) {
            if !spans.is_empty() {
                spans.push(Span::raw("   "));
            }
            let (role, glyph) = match severity {
                Severity::Error => (Role::Error, ctx.glyphs.cross),
                Severity::Warning => (Role::Warn, ctx.glyphs.warn),
                Severity::Note => (Role::Dim, "i"),
            };
            let left = room.saturating_sub(line_width(&Line::from(spans.clone())) + 2);
            let text = fit(&text, left, ctx.glyphs.ellipsis);
            spans.push(ctx.span(role, format!("{glyph} {text}")));
        }
        spans
    }
}
