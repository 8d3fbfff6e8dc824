//! Pane 1: the script in its editor, under it what was found in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::rule::Severity;
use crate::tui::canvas::{Ctx, Drawn, Target};
use crate::tui::editor::MOST;
use crate::tui::pane::PaneId;
use crate::tui::panes::compact;
use crate::tui::state::EditedForm;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::strip::Strip;
use crate::tui::widgets::text::{draw_line, fit, line_width, row, wrap};

/// What stands in an empty prompt.
const PLACEHOLDER: &str = "Write what the film shows. A line such as \"Shot 1 | 0s–4s\" begins a shot.";

/// Fewest rows of text beside which the timeline has a row of its own.
const ROWS_BESIDE_STRIP: u16 = 4;

/// What is drawn of the form for one frame.
pub struct View<'a> {
    pub form: &'a EditedForm,
    /// Keys go into the text: the caret is shown.
    pub is_edited: bool,
    /// `4 shots to 14 s of 10 s`, or the border that is being moved.
    pub fit: String,
    /// The shots' times, when there are any.
    pub strip: Option<Strip>,
    /// The keys that fix the first finding, or list the others: `F Duration 15 s`, `f all 3`.
    pub keys: String,
}

impl View<'_> {
    /// Draws the pane in its box.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Prompt));
        let editor = &self.form.editor;
        let strip = self
            .strip
            .as_ref()
            .filter(|_| area.height >= ROWS_BESIDE_STRIP + 3);
        let rows = area.height.saturating_sub(2 + u16::from(strip.is_some()));
        let (above, below) = editor.hidden(area.width.saturating_sub(3), rows);
        let pane = PaneBox {
            title: PaneId::Prompt.title().to_owned(),
            note: self.note(above, below, ctx),
            foot: self.foot(area, strip.is_none(), ctx),
            foot_note: self.finding_keys(ctx),
            focused: ctx.focused,
        };
        let inner = pane.draw(buffer, area, ctx.theme, ctx.glyphs);
        // The column before the border is for the caret behind a full row.
        let text = Rect {
            width: inner.width + u16::from(inner.width > 0),
            height: rows,
            ..inner
        };
        if let Some(strip) = strip {
            self.timeline(strip, buffer, row(inner, usize::from(inner.height) - 1), ctx);
        }
        if editor.is_empty() {
            let lines = wrap(
                PLACEHOLDER,
                usize::from(inner.width),
                usize::from(inner.height),
                ctx.glyphs.ellipsis,
            );
            for (y, line) in (inner.y..).zip(lines) {
                let style = ctx.style(Role::Placeholder);
                buffer.set_stringn(
                    inner.x,
                    y,
                    ctx.glyphs.spell(&line),
                    usize::from(inner.width),
                    style,
                );
            }
        }
        let (is_edited, marks) = (ctx.focused && self.is_edited, &self.form.reading.marks);
        drawn.caret = editor.draw_marked(buffer, text, ctx.theme, is_edited, marks);
        drawn
    }

    /// Draws the pane on one line.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let text = self.form.editor.text();
        let first = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("empty");
        let mut parts = vec![
            self.version_words(ctx),
            self.findings(usize::from(area.width), true, ctx),
        ];
        if self.fit.is_empty() && self.form.reading.findings.is_empty() {
            parts.push(vec![ctx.span(
                Role::Dim,
                fit(first, usize::from(area.width), ctx.glyphs.ellipsis),
            )]);
        }
        compact::draw(buffer, area, PaneId::Prompt, parts, ctx)
    }

    fn note(&self, above: usize, below: usize, ctx: &Ctx<'_>) -> Line<'static> {
        let mut words: Vec<String> = Vec::new();
        if above > 0 {
            words.push(ctx.glyphs.above(above));
        }
        if below > 0 {
            words.push(ctx.glyphs.below(below));
        }
        let mut spans: Vec<Span<'static>> = Vec::new();
        if !words.is_empty() {
            spans.push(ctx.span(Role::Dim, words.join(" ")));
        }
        let version = self.version_words(ctx);
        if !spans.is_empty() && !version.is_empty() {
            spans.push(Span::raw("  "));
        }
        spans.extend(version);
        Line::from(spans)
    }

    fn version_words(&self, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
        let Some(version) = self.form.version else {
            return Vec::new();
        };
        let changed = if self.form.is_changed() { ", edited" } else { "" };
        vec![ctx.span(Role::Dim, format!("v{version}{changed}"))]
    }

    /// The bar, and beside it what it adds up to.
    fn timeline(&self, strip: &Strip, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        let words = Line::from(ctx.span(Role::Text, ctx.glyphs.spell(&self.fit)));
        let wide = u16::try_from(line_width(&words)).unwrap_or(area.width);
        let bar = Rect {
            width: area.width.saturating_sub(wide + 2),
            ..area
        };
        strip.draw(buffer, bar, ctx.theme, ctx.glyphs);
        let place = Rect {
            x: bar.right() + 2.min(area.right() - bar.right()),
            width: area.width.saturating_sub(bar.width + 2),
            ..area
        };
        draw_line(buffer, place, words, ctx.glyphs.ellipsis);
    }

    fn foot(&self, area: Rect, with_fit: bool, ctx: &Ctx<'_>) -> Line<'static> {
        // Corners, spaces and a piece of the rule; the keys on the right are to stay in sight.
        let keys = line_width(&self.finding_keys(ctx));
        let room = usize::from(area.width).saturating_sub(8 + keys);
        Line::from(self.findings(room, with_fit, ctx))
    }

    fn finding_keys(&self, ctx: &Ctx<'_>) -> Line<'static> {
        Line::from(ctx.span(Role::Key, ctx.glyphs.spell(&self.keys)))
    }

    /// The first finding in at most `room` columns; before it how the shots fit, unless that stands elsewhere.
    fn findings(&self, room: usize, with_fit: bool, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        if with_fit && !self.fit.is_empty() {
            spans.push(ctx.span(
                Role::Text,
                ctx.glyphs.spell(&fit(&self.fit, 60, ctx.glyphs.ellipsis)),
            ));
        }
        let full = self.form.editor.is_full();
        let full = full.then(|| (Severity::Error, format!("full: {MOST} characters, no more fit")));
        let first = self.form.reading.findings.first();
        let first = first.map(|finding| (finding.severity, finding.message.clone()));
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
            let text = ctx.glyphs.spell(&fit(&text, left, ctx.glyphs.ellipsis));
            spans.push(ctx.span(role, format!("{glyph} {text}")));
        }
        spans
    }
}
