//! Pane 5: the selected take: its picture, its facts, where it comes from, what became of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Ctx, Drawn, PaneId, Target, compact, state_word, wording};
use crate::model::text::one_line;
use crate::model::{Take, TakeState, Verdict};
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::picture::PictureCells;
use crate::tui::widgets::text::{cut_start, draw_line, row, width, wrap};
use crate::tui::widgets::time;

/// Fewest rows that a picture is worth drawing in.
const LEAST_PICTURE: usize = 4;

/// What a film's header says.
#[derive(Debug, Clone, PartialEq)]
pub struct MovieFacts {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// Frames a second.
    pub fps: f64,
    pub video: String,
    pub audio: Option<String>,
}

/// The take that is shown.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    pub take: &'a Take,
    pub movie: Option<MovieFacts>,
}

/// The pane for one frame.
#[derive(Debug, Clone)]
pub struct MonitorPane<'a> {
    pub shown: Option<Shown<'a>>,
    /// The picture, or why there is none.
    pub picture: Result<&'a PictureCells, String>,
    /// What to do when there is no take.
    pub hint: String,
}

impl MonitorPane<'_> {
    /// Draws the pane in its box.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Monitor));
        let pane = PaneBox {
            title: PaneId::Monitor.title().to_owned(),
            note: Line::from(self.name(ctx)),
            focused: ctx.focused,
            ..PaneBox::default()
        };
        let inner = pane.draw(buffer, area, ctx.theme, ctx.glyphs);
        let Some(shown) = &self.shown else {
            let line = Line::from(ctx.span(Role::Placeholder, self.hint.clone()));
            draw_line(buffer, row(inner, 0), line, ctx.glyphs.ellipsis);
            return drawn;
        };
        let lines = lines(shown, usize::from(inner.width), ctx);
        let (above, below) = split(inner, lines.len());
        self.picture(buffer, above, ctx);
        for (y, line) in lines.into_iter().enumerate().take(usize::from(below.height)) {
            draw_line(buffer, row(below, y), line, ctx.glyphs.ellipsis);
        }
        drawn
    }

    /// Draws the pane on one line.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut parts = vec![self.name(ctx)];
        match &self.shown {
            Some(shown) => {
                let state = shown.take.state;
                let word = format!("{} {}", ctx.glyphs.state(state), state_word(state));
                parts.push(vec![ctx.span(Role::of_state(state), word)]);
                if let Some(trouble) = wording::trouble(shown.take) {
                    parts.push(vec![ctx.span(Role::Error, trouble)]);
                }
                parts.push(verdict(shown.take, ctx));
            }
            None => parts.push(vec![ctx.span(Role::Dim, self.hint.clone())]),
        }
        compact::draw(buffer, area, PaneId::Monitor, parts, ctx)
    }

    /// The cells that the picture has in `area`: what it should be shrunk to.
    #[must_use]
    pub fn picture_area(&self, area: Rect, ctx: &Ctx<'_>) -> Rect {
        let inner = Rect {
            x: area.x.saturating_add(2),
            y: area.y.saturating_add(1),
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        };
        let lines = self
            .shown
            .as_ref()
            .map_or(0, |shown| lines(shown, usize::from(inner.width), ctx).len());
        split(inner, lines).0
    }

    fn name(&self, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
        self.shown.as_ref().map_or_else(Vec::new, |shown| {
            vec![ctx.span(
                Role::Text,
                format!("take {}  seed {}", shown.take.id, shown.take.seed),
            )]
        })
    }

    fn picture(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        if area.is_empty() {
            return;
        }
        match &self.picture {
            Ok(cells) => {
                cells.draw(buffer, area, ctx.theme, ctx.glyphs);
            }
            Err(why) => {
                let text = ctx.glyphs.spell(&one_line(why, 300));
                let most = usize::from(area.height);
                let lines = wrap(&text, usize::from(area.width), most, ctx.glyphs.ellipsis);
                let top = (most - lines.len()) / 2;
                for (y, line) in lines.into_iter().enumerate() {
                    let left = (usize::from(area.width) - width(&line)) / 2;
                    let centred = format!("{}{line}", " ".repeat(left));
                    let line = Line::from(ctx.span(Role::Dim, centred));
                    draw_line(buffer, row(area, top + y), line, ctx.glyphs.ellipsis);
                }
            }
        }
    }
}

/// Everything said about the take, most telling first.
fn lines(shown: &Shown<'_>, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    let take = shown.take;
    let mut lines = Vec::new();
    lines.extend(state(take, room, ctx));
    lines.extend(facts(shown, ctx));
    let verdict = verdict(take, ctx);
    if !verdict.is_empty() {
        lines.push(Line::from(verdict));
    }
    lines.push(origin(take, ctx));
    if let Some(file) = &take.file {
        let path = one_line(&file.display().to_string(), 4_000);
        lines.push(Line::from(
            ctx.span(Role::Dim, cut_start(&path, room, ctx.glyphs.ellipsis)),
        ));
    }
    lines
}

/// The picture's rows above, the facts' below; no picture where there is no room for one.
fn split(inner: Rect, lines: usize) -> (Rect, Rect) {
    let height = usize::from(inner.height);
    let above = height.saturating_sub(lines);
    let above = if above < LEAST_PICTURE { 0 } else { above };
    let rows = u16::try_from(above).unwrap_or(0).min(inner.height);
    let top = Rect {
        height: rows,
        ..inner
    };
    let below = Rect {
        y: inner.y + rows,
        height: inner.height - rows,
        ..inner
    };
    (top, below)
}

/// Where the take stands, and when it failed what was said and what helps. Nothing for a saved one.
fn state(take: &Take, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    if take.state == TakeState::Saved {
        // A film kept although something is odd about it.
        let remark = take.error.as_ref().map(|error| one_line(error, 300));
        let remark = remark.map(|text| wrap(&text, room, 2, ctx.glyphs.ellipsis));
        let lines = remark.into_iter().flatten();
        return lines.map(|line| Line::from(ctx.span(Role::Warn, line))).collect();
    }
    let role = Role::of_state(take.state);
    let mut head = format!("{} {}", ctx.glyphs.state(take.state), state_word(take.state));
    if let Some(trouble) = wording::trouble(take).filter(|text| !text.is_empty()) {
        head += &format!(": {trouble}");
    }
    if take.state == TakeState::Unknown {
        head += ": it may have been sent; the history will tell";
    }
    if let Some(until) = take.film_kept_until() {
        let left = wording::days(time::between(ctx.now, until));
        head += &format!(": the provider keeps the film for {left}");
    }
    if let Some(kind) = take.held {
        head += &format!(": held back, its prompt was refused twice ({})", kind.title());
    }
    let mut lines: Vec<Line<'static>> = wrap(&head, room, 2, ctx.glyphs.ellipsis)
        .into_iter()
        .map(|line| Line::from(ctx.span(role, line)))
        .collect();
    if let Some(error) = &take.error {
        let text = one_line(error, 600);
        let said = wrap(&text, room, 3, ctx.glyphs.ellipsis);
        lines.extend(
            said.into_iter()
                .map(|line| Line::from(ctx.span(Role::Text, line))),
        );
    }
    if let Some(kind) = take.error_kind {
        let advice = wrap(kind.advice(), room, 2, ctx.glyphs.ellipsis);
        lines.extend(
            advice
                .into_iter()
                .map(|line| Line::from(ctx.span(Role::Accent, line))),
        );
    }
    lines
}

/// `864×496  24 fps  h264+aac  3.1 MB  sha256 9f2c…`.
fn facts(shown: &Shown<'_>, ctx: &Ctx<'_>) -> Option<Line<'static>> {
    let mut words = Vec::new();
    if let Some(movie) = &shown.movie {
        words.push(format!("{}{}{}", movie.width, ctx.glyphs.times, movie.height));
        words.push(format!("{} fps", (movie.fps * 100.0).round() / 100.0));
        let sound = movie
            .audio
            .as_ref()
            .map_or_else(String::new, |codec| format!("+{codec}"));
        words.push(one_line(&format!("{}{sound}", movie.video), 40));
    }
    words.extend(shown.take.bytes.map(wording::bytes));
    if let Some(hash) = &shown.take.sha256 {
        let head: String = hash.chars().take(8).collect();
        words.push(format!("sha256 {head}{}", ctx.glyphs.ellipsis));
    }
    (!words.is_empty()).then(|| Line::from(ctx.span(Role::Text, words.join("  "))))
}

fn verdict(take: &Take, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let sign = ctx.glyphs.verdict(take.verdict);
    let mut spans = match take.verdict {
        Verdict::Circled => vec![ctx.span(Role::Circled, format!("{sign} circled"))],
        Verdict::Rejected => vec![ctx.span(Role::Rejected, format!("{sign} rejected"))],
        Verdict::None => Vec::new(),
    };
    if let Some(note) = take.note.as_ref().filter(|note| !note.trim().is_empty()) {
        let gap = if spans.is_empty() { "" } else { "   " };
        spans.push(ctx.span(Role::Text, format!("{gap}\"{}\"", one_line(note, 300))));
    }
    spans
}

/// `from draft v11, seed 42   after take 90`.
fn origin(take: &Take, ctx: &Ctx<'_>) -> Line<'static> {
    let mut words = vec![match take.draft_version {
        Some(version) => format!("from draft v{version}, seed {}", take.seed),
        None => format!("seed {}", take.seed),
    }];
    words.extend(take.parent.map(|parent| format!("after take {parent}")));
    Line::from(ctx.span(Role::Dim, words.join("   ")))
}
