//! Pane 5: the selected take: its picture, its facts, where it comes from, what became of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::compact;
use super::wording::{self, state_word};
use crate::model::text::one_line;
use crate::model::{Take, TakeState, Verdict};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, Ctx, Drawn, Target};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Frame, Message, MovieFacts, Pictured};
use crate::tui::keymap::Context;
use crate::tui::pane::PaneId;
use crate::tui::state::{MOVES, State};
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{cut_start, draw_line, row, width, wrap};
use crate::tui::widgets::time;

/// Fewest rows that a picture is worth drawing in.
const LEAST_PICTURE: usize = 4;

/// The pane, with the picture that it shows; the take is the log's or the queue's.
#[derive(Default)]
pub struct Monitor {
    /// The picture that was decoded last.
    pictured: Option<Pictured>,
    /// The picture being decoded.
    decoding: Option<Frame>,
}

impl Monitor {
    /// The picture that is shown, as it was asked for.
    pub fn frame(&self) -> Option<&Frame> {
        self.pictured.as_ref().map(|pictured| &pictured.frame)
    }
}

impl Declare for Monitor {
    const COMMANDS: &'static [Command<Self>] =
        &[Command::on(MOVES, |_, action, cx| super::log::step(action, cx))];
}

impl Component for Monitor {
    fn context(&self) -> Context {
        Context::Monitor
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Circle,
            Action::Reject,
            Action::Promote,
            Action::UseTake,
            Action::Note,
            Action::Open,
            Action::CopyPath,
            Action::Generate,
        ]
    }

    fn receive(&mut self, message: &Message, _cx: &mut Cx) -> bool {
        let Message::Pictured(pictured) = message else {
            return false;
        };
        // Another size or take may have been asked for since.
        if self.decoding.as_ref() == Some(&pictured.frame) {
            self.pictured = Some((**pictured).clone());
        }
        true
    }

    /// Has the selected take's picture decoded when there is room for it and it is another.
    fn drawn(&mut self, picture: Option<(u16, u16)>, cx: &mut Cx) {
        let frame = |((columns, rows), take): ((u16, u16), &Take)| {
            let file = take.file.clone()?;
            let take = take.id;
            (columns > 0 && rows > 0).then_some(Frame {
                take,
                file,
                columns,
                rows,
            })
        };
        let wanted = picture.zip(cx.selected()).and_then(frame);
        if wanted.as_ref() == self.frame() || wanted == self.decoding {
            return;
        }
        if let Some(frame) = wanted {
            self.decoding = Some(frame.clone());
            cx.run(Effect::Picture(frame));
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        if area.height == 1 {
            draw_compact(canvas, area, state)
        } else {
            self.draw_full(canvas, area, state)
        }
    }
}

impl Monitor {
    /// Draws the pane in its box.
    fn draw_full(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Monitor));
        let (ctx, take) = (canvas.ctx, state.selected());
        let pane = PaneBox {
            title: PaneId::Monitor.title().to_owned(),
            note: Line::from(name(take, &ctx)),
            focused: ctx.focused,
            ..PaneBox::default()
        };
        let inner = pane.draw(canvas.buffer, area, ctx.theme, ctx.glyphs);
        let Some(take) = take else {
            let line = Line::from(ctx.span(Role::Placeholder, nothing(state)));
            draw_line(canvas.buffer, row(inner, 0), line, ctx.glyphs.ellipsis);
            return drawn;
        };
        let shown = self.pictured.as_ref();
        let shown = shown.filter(|pictured| pictured.frame.take == take.id);
        let movie = shown.and_then(|pictured| pictured.movie.as_ref());
        let lines = lines(take, movie, usize::from(inner.width), &ctx);
        let (above, below) = split(inner, lines.len());
        drawn.picture = Some((above.width, above.height));
        match shown.map(|pictured| &pictured.cells) {
            Some(Ok(cells)) => drop(cells.draw(canvas.buffer, above, ctx.theme, ctx.glyphs)),
            Some(Err(why)) => no_picture(canvas.buffer, above, why, &ctx),
            None if take.file.is_some() => no_picture(canvas.buffer, above, "reading the video", &ctx),
            None => {
                let why = format!("no picture ({})", state_word(take.state));
                no_picture(canvas.buffer, above, &why, &ctx);
            }
        }
        for (y, line) in lines.into_iter().enumerate().take(usize::from(below.height)) {
            draw_line(canvas.buffer, row(below, y), line, ctx.glyphs.ellipsis);
        }
        drawn
    }
}

/// Draws the pane on one line.
fn draw_compact(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    let (ctx, take) = (canvas.ctx, state.selected());
    let mut parts = vec![name(take, &ctx)];
    if let Some(take) = take {
        let word = format!("{} {}", ctx.glyphs.state(take.state), state_word(take.state));
        parts.push(vec![ctx.span(Role::of_state(take.state), word)]);
        if let Some(trouble) = wording::trouble(take) {
            parts.push(vec![ctx.span(Role::Error, trouble)]);
        }
        parts.push(verdict(take, &ctx));
    } else {
        parts.push(vec![ctx.span(Role::Dim, nothing(state))]);
    }
    compact::draw(canvas.buffer, area, PaneId::Monitor, parts, &ctx)
}

fn nothing(state: &State) -> String {
    state.nothing_yet("no take is selected")
}

fn name(take: Option<&Take>, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let name = take.map(|take| format!("take {}  seed {}", take.id, take.seed));
    name.map(|name| ctx.span(Role::Text, name)).into_iter().collect()
}

/// Says in the middle of `area` why there is no picture.
fn no_picture(buffer: &mut Buffer, area: Rect, why: &str, ctx: &Ctx<'_>) {
    if area.is_empty() {
        return;
    }
    let text = ctx.glyphs.spell(&one_line(why, 300));
    let height = usize::from(area.height);
    let lines = wrap(&text, usize::from(area.width), height, ctx.glyphs.ellipsis);
    let top = (height - lines.len()) / 2;
    for (y, line) in lines.into_iter().enumerate() {
        let left = (usize::from(area.width) - width(&line)) / 2;
        let centred = format!("{}{line}", " ".repeat(left));
        let line = Line::from(ctx.span(Role::Dim, centred));
        draw_line(buffer, row(area, top + y), line, ctx.glyphs.ellipsis);
    }
}

/// Everything said about the take, most telling first.
fn lines(take: &Take, movie: Option<&MovieFacts>, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    let mut lines = state(take, room, ctx);
    lines.extend(facts(take, movie, ctx));
    let verdict = verdict(take, ctx);
    if !verdict.is_empty() {
        lines.push(Line::from(verdict));
    }
    lines.push(origin(take, ctx));
    if let Some(file) = &take.file {
        let path = one_line(&file.display().to_string(), 4_000);
        let path = cut_start(&path, room, ctx.glyphs.ellipsis);
        lines.push(Line::from(ctx.span(Role::Dim, path)));
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
    if let Some(until) = take.video_kept_until() {
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
fn facts(take: &Take, movie: Option<&MovieFacts>, ctx: &Ctx<'_>) -> Option<Line<'static>> {
    let mut words = Vec::new();
    if let Some(movie) = movie {
        words.push(format!("{}{}{}", movie.width, ctx.glyphs.times, movie.height));
        words.push(format!("{} fps", (movie.fps * 100.0).round() / 100.0));
        let sound = movie
            .audio
            .as_ref()
            .map_or_else(String::new, |codec| format!("+{codec}"));
        words.push(one_line(&format!("{}{sound}", movie.video), 40));
    }
    words.extend(take.bytes.map(wording::bytes));
    if let Some(hash) = &take.sha256 {
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

/// `from form v11, seed 42   after take 90`.
fn origin(take: &Take, ctx: &Ctx<'_>) -> Line<'static> {
    let mut words = vec![match take.draft_version {
        Some(version) => format!("from draft v{version}, seed {}", take.seed),
        None => format!("seed {}", take.seed),
    }];
    words.extend(take.parent.map(|parent| format!("after take {parent}")));
    Line::from(ctx.span(Role::Dim, words.join("   ")))
}
