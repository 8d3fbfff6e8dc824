//! Parameters on screen.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::param::Param;
use super::rows::{Row, rows};
use super::state::{ParamsState, Spot};
use crate::model::{AspectRatio, Backend, Draft, Model, Resolution, Usd};
use crate::tui::panes::{Ctx, Drawn, PaneId, Target, compact, wording};
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{cut_start, draw_line, fit, line_width, row, width, window};
use crate::tui::widgets::{time, toggle};

/// Columns of a field's name.
const LABEL: usize = 12;

/// What `generate` would do now, and for how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub backend: Backend,
    pub takes: u32,
    /// The price of one, as it would be live.
    pub each: Usd,
    /// The ends of the expected time, in milliseconds.
    pub wait: Option<(u64, u64)>,
    /// When the last one should be there.
    pub by: Option<Timestamp>,
    /// Why it would not be done, the cap for example.
    pub blocked: Option<String>,
}

/// The pane for one frame.
#[derive(Debug, Clone)]
pub struct ParamsPane<'a> {
    pub state: &'a ParamsState,
    pub offer: Option<Offer>,
}

impl ParamsPane<'_> {
    /// Draws the pane in its box.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Params));
        let width = usize::from(area.width.saturating_sub(4));
        let height = usize::from(area.height.saturating_sub(2));
        let adding = self.state.edit.as_ref().and_then(|edit| match edit.spot {
            Spot::Item(param, at) if at >= param.items(ctx.draft).len() => Some(param),
            _ => None,
        });
        let rows = rows(ctx.draft, width, adding, ctx.glyphs);
        let at_work = self
            .state
            .edit
            .as_ref()
            .map_or(self.state.selected(ctx.draft), |edit| edit.spot);
        let selected = rows.iter().position(|row| match at_work {
            Spot::Param(param) => row.holds(param),
            Spot::Item(param, at) => *row == Row::Item(param, at),
        });
        let start = window(rows.len(), selected, height);
        let (foot, foot_note) = self.foot(ctx);
        let pane = PaneBox {
            title: PaneId::Params.title().to_owned(),
            note: hidden(start, rows.len().saturating_sub(start + height), ctx),
            foot,
            foot_note,
            focused: ctx.focused,
        };
        let inner = pane.draw(buffer, area, ctx.theme, ctx.glyphs);
        let painter = Painter {
            state: self.state,
            at_work,
            ctx,
        };
        for (y, content) in rows.iter().skip(start).take(height).enumerate() {
            painter.row(buffer, row(inner, y), content, &mut drawn);
        }
        drawn
    }

    /// Draws the pane on one line.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut parts = vec![vec![ctx.span(Role::Text, in_short(ctx.draft))]];
        parts.push(vec![seeds_in_short(ctx)]);
        let (foot, price) = self.foot(ctx);
        parts.push(foot.spans);
        parts.push(price.spans);
        compact::draw(buffer, area, PaneId::Params, parts, ctx)
    }

    /// What blocks and the price, or the price alone.
    fn foot(&self, ctx: &Ctx<'_>) -> (Line<'static>, Line<'static>) {
        let price = self
            .offer
            .as_ref()
            .map(|offer| price(offer, ctx))
            .unwrap_or_default();
        let broken = ctx.draft.broken_rules().first().map(ToString::to_string);
        let capped = self.offer.as_ref().and_then(|offer| offer.blocked.clone());
        match broken.or(capped) {
            Some(reason) => {
                let text = ctx.glyphs.spell(&fit(&reason, 200, ctx.glyphs.ellipsis));
                let blocked = ctx.span(Role::Error, format!("{} {text}", ctx.glyphs.cross));
                (Line::from(blocked), price)
            }
            None => (price, Line::default()),
        }
    }
}

/// `live: 6 × $0.70 = $4.22 est.  1:35–2:50, by 14:31`.
fn price(offer: &Offer, ctx: &Ctx<'_>) -> Line<'static> {
    let all = offer.each.times(offer.takes);
    let mut spans = match offer.backend {
        Backend::Live => vec![
            ctx.span(Role::Live, "live"),
            ctx.span(
                Role::Money,
                format!(
                    ": {} {} {} = {all} est.",
                    offer.takes, ctx.glyphs.times, offer.each
                ),
            ),
        ],
        Backend::Sandbox => vec![
            ctx.span(Role::Sandbox, "sandbox"),
            ctx.span(
                Role::Text,
                format!(": {}, free (live {all})", count(offer.takes, "take")),
            ),
        ],
    };
    if let Some(ends) = offer.wait {
        spans.push(ctx.span(Role::Dim, format!("  {}", wording::wait(ends, ctx.glyphs))));
    }
    if let Some(by) = offer.by {
        let at = time::of_day(by, by, ctx.zone);
        spans.push(ctx.span(Role::Dim, format!(", by {at}")));
    }
    Line::from(spans)
}

fn count(n: u32, noun: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{s}")
}

fn hidden(above: usize, below: usize, ctx: &Ctx<'_>) -> Line<'static> {
    let arrow = |n: usize, glyph: &str| {
        if n > 0 {
            format!("{glyph}{n}")
        } else {
            String::new()
        }
    };
    let words = [
        arrow(above, ctx.glyphs.more_above),
        arrow(below, ctx.glyphs.more_below),
    ];
    let text = words
        .iter()
        .filter(|w| !w.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    Line::from(ctx.span(Role::Dim, text))
}

fn in_short(draft: &Draft) -> String {
    let mut words = vec![
        draft.resolution.to_string(),
        format!("{}s", draft.duration),
        draft.aspect_ratio.to_string(),
    ];
    if draft.generate_audio {
        words.push("audio".to_owned());
    }
    if draft.model != Model::Standard {
        words.push(draft.model.label().to_owned());
    }
    let references = draft.images.len() + draft.videos.len() + draft.audios.len();
    if references > 0 {
        words.push(format!("{references} refs"));
    }
    words.join(" ")
}

fn seeds_in_short(ctx: &Ctx<'_>) -> Span<'static> {
    match ctx.draft.seed_list() {
        Ok(list) => ctx.span(Role::Text, count(list.count(), "seed")),
        Err(_) => ctx.span(Role::Error, format!("{} seeds", ctx.glyphs.cross)),
    }
}

struct Painter<'a> {
    state: &'a ParamsState,
    /// What is selected or being typed.
    at_work: Spot,
    ctx: &'a Ctx<'a>,
}

impl Painter<'_> {
    fn row(&self, buffer: &mut Buffer, area: Rect, content: &Row, drawn: &mut Drawn) {
        match content {
            Row::Fields(params) if params[0].list().is_some() => self.lists(buffer, area, params, drawn),
            Row::Fields(params) => {
                let share = area.width / u16::try_from(params.len()).unwrap_or(1).max(1);
                for (n, param) in (0_u16..).zip(params) {
                    let place = Rect {
                        x: area.x + n * share,
                        width: if params.len() == 1 {
                            area.width
                        } else {
                            share.saturating_sub(1)
                        },
                        ..area
                    };
                    self.field(buffer, place, *param, params.len() == 1, drawn);
                }
            }
            Row::Item(param, at) => self.item(buffer, area, *param, *at, drawn),
            Row::Broken(text) => {
                let line = Line::from(self.ctx.span(Role::Error, text.clone()));
                draw_line(buffer, area, line, self.ctx.glyphs.ellipsis);
            }
        }
    }

    /// A field: its name, its value, and alone on its row a note at the right edge.
    fn field(&self, buffer: &mut Buffer, area: Rect, param: Param, alone: bool, drawn: &mut Drawn) {
        drawn.hit(area, Target::Spot(Spot::Param(param)));
        self.name(buffer, area, Spot::Param(param), param.label());
        let value = after(area, LABEL);
        if let Some(caret) = self.typed(buffer, value, Spot::Param(param)) {
            drawn.caret = caret;
            return;
        }
        let line = Line::from(self.value(param, usize::from(value.width)));
        let used = line_width(&line);
        draw_line(buffer, value, line, self.ctx.glyphs.ellipsis);
        let note = self.note(param);
        let room = usize::from(value.width);
        if alone && !note.content.is_empty() && used + 2 + width(&note.content) <= room {
            let place = after(value, room - width(&note.content));
            draw_line(buffer, place, Line::from(note), self.ctx.glyphs.ellipsis);
        }
    }

    /// `References   images 0/9   videos 0/3   audios 0/3`; alone on its row just the one list.
    fn lists(&self, buffer: &mut Buffer, area: Rect, params: &[Param], drawn: &mut Drawn) {
        let side_by_side = params.len() > 1;
        let mut x = area;
        if side_by_side {
            let label = Line::from(self.ctx.span(Role::Label, "References"));
            draw_line(
                buffer,
                Rect {
                    width: area.width.min(11),
                    ..area
                },
                label,
                self.ctx.glyphs.ellipsis,
            );
            x = after(area, LABEL + 1);
        }
        for param in params {
            let Some((most, noun)) = param.list() else {
                continue;
            };
            let text = format!("{noun}s {}/{most}", param.items(self.ctx.draft).len());
            let place = Rect {
                width: x.width.min(13),
                ..x
            };
            drawn.hit(place, Target::Spot(Spot::Param(*param)));
            self.name(buffer, place, Spot::Param(*param), &text);
            x = after(x, 14);
        }
    }

    fn item(&self, buffer: &mut Buffer, area: Rect, param: Param, at: usize, drawn: &mut Drawn) {
        let spot = Spot::Item(param, at);
        drawn.hit(area, Target::Spot(spot));
        let noun = param.list().map_or("", |(_, noun)| noun);
        let inner = after(area, 2);
        self.name(buffer, inner, spot, &format!("{noun} {}", at + 1));
        let value = after(inner, LABEL - 2);
        if let Some(caret) = self.typed(buffer, value, spot) {
            drawn.caret = caret;
            return;
        }
        let text = param.items(self.ctx.draft).get(at).map_or("", String::as_str);
        let span = self.reference(text, usize::from(value.width));
        draw_line(buffer, value, Line::from(span), self.ctx.glyphs.ellipsis);
    }

    /// The name of a place, marked when it is selected.
    fn name(&self, buffer: &mut Buffer, area: Rect, spot: Spot, text: &str) {
        let selected = self.at_work == spot;
        let style = if selected {
            self.ctx.selection()
        } else {
            self.ctx.style(Role::Label)
        };
        draw_line(
            buffer,
            area,
            Line::styled(text.to_owned(), style),
            self.ctx.glyphs.ellipsis,
        );
        // The sign stands in the free column before the name, so that nothing moves.
        let free = Position::new(area.x.saturating_sub(1), area.y);
        if selected && self.ctx.focused && area.width > 0 && buffer.area.contains(free) {
            buffer[free]
                .set_symbol(self.ctx.glyphs.pointer)
                .set_style(self.ctx.style(Role::Accent));
        }
    }

    /// The field being typed, with its caret, when `spot` is that.
    fn typed(&self, buffer: &mut Buffer, area: Rect, spot: Spot) -> Option<Option<Position>> {
        let edit = self.state.edit.as_ref().filter(|edit| edit.spot == spot)?;
        let caret = edit.field.draw(buffer, area, self.ctx.style(Role::ValueOn));
        Some(caret.filter(|_| self.ctx.focused))
    }

    fn value(&self, param: Param, room: usize) -> Vec<Span<'static>> {
        let ctx = self.ctx;
        if let Some((words, chosen)) = param.options(ctx.draft) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut spans = toggle::spans(&words, Some(chosen), ctx.theme);
            if line_width(&Line::from(spans.clone())) > room {
                let of = format!(" {} of {}", chosen + 1, words.len());
                spans = vec![
                    ctx.span(Role::ValueOn, format!("[{}]", words[chosen])),
                    ctx.span(Role::Dim, of),
                ];
            }
            if param == Param::Duration {
                spans.push(ctx.span(Role::Dim, " s"));
            }
            return spans;
        }
        let text = param.text(ctx.draft);
        if param == Param::Seeds {
            let shown = fit(&text, room.saturating_sub(12), ctx.glyphs.ellipsis);
            return vec![Span::raw(" "), ctx.span(Role::ValueOn, shown)];
        }
        vec![Span::raw(" "), self.reference(&text, room.saturating_sub(1))]
    }

    /// A path or address: its end tells most.
    fn reference(&self, text: &str, room: usize) -> Span<'static> {
        let ellipsis = self.ctx.glyphs.ellipsis;
        if text.is_empty() {
            return self.ctx.span(Role::Dim, "-");
        }
        let clean = crate::model::text::one_line(text, 4_000);
        self.ctx.span(Role::ValueOn, cut_start(&clean, room, ellipsis))
    }

    /// What is said at the right edge of a row.
    fn note(&self, param: Param) -> Span<'static> {
        let ctx = self.ctx;
        match param {
            Param::Seeds => match ctx.draft.seed_list() {
                Ok(list) => ctx.span(Role::Text, count(list.count(), "take")),
                Err(_) => ctx.span(Role::Error, format!("{} not a list", ctx.glyphs.cross)),
            },
            Param::Resolution if ctx.draft.resolution == Resolution::P480 => ctx.span(Role::Dim, "draft"),
            Param::Resolution => ctx.span(Role::Accent, "final"),
            Param::Ratio if ctx.draft.aspect_ratio == AspectRatio::Adaptive => {
                ctx.span(Role::Dim, param.hint())
            }
            _ if self.at_work == Spot::Param(param) && ctx.focused => ctx.span(Role::Dim, param.hint()),
            _ => Span::default(),
        }
    }
}

/// What is left of `area` behind `columns`.
fn after(area: Rect, columns: usize) -> Rect {
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}
