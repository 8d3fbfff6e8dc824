//! Draws the rows of the Parameters pane: names, values, references, the field being typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Parameter;
use super::rows::Row;
use super::state::{ParamsState, Spot};
use crate::engine::references::Local;
use crate::model::parameters::Medium;
use crate::model::seconds::length;
use crate::model::text::{counted, one_line};
use crate::model::{AspectRatio, Form};
use crate::tui::canvas::{Ctx, Drawn, Target};
use crate::tui::panes::wording;
use crate::tui::script_check::Files;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{cut_start, draw_line, fit, line_width, width};
use crate::tui::widgets::toggle;

/// Lengths that are more than these are a number that is stepped through.
const LONG_LIST: usize = 10;
/// Columns of a label.
const LABEL: usize = 12;

pub(super) struct Painter<'a> {
    pub state: &'a ParamsState,
    pub files: &'a Files,
    /// What is selected or being typed.
    pub at_work: Spot,
    /// The form with what is being typed.
    pub typed: &'a Form,
    pub ctx: &'a Ctx<'a>,
}

impl Painter<'_> {
    pub fn row(&self, buffer: &mut Buffer, area: Rect, content: &Row, drawn: &mut Drawn) {
        match content {
            Row::Fields(params) if params[0].medium().is_some() => self.lists(buffer, area, params, drawn),
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

    /// Draws a label and its value, and a note at the right edge if the field is alone on its row.
    fn field(&self, buffer: &mut Buffer, area: Rect, param: Parameter, alone: bool, drawn: &mut Drawn) {
        drawn.hit(area, Target::Spot(Spot::Parameter(param)));
        self.name(buffer, area, Spot::Parameter(param), param.label());
        let value = after(area, LABEL);
        let note = self.note(param);
        let room = usize::from(value.width);
        // The note is dropped before the field becomes too narrow to use.
        let beside = Some(width(&note.content) + 2).filter(|wide| alone && *wide > 2 && wide + 12 <= room);
        let field = Rect {
            width: value.width - u16::try_from(beside.unwrap_or(0)).unwrap_or(0),
            ..value
        };
        let used = if self.typed(buffer, field, Spot::Parameter(param), drawn) {
            usize::from(field.width)
        } else {
            let line = Line::from(self.value(param, room));
            let used = line_width(&line);
            draw_line(buffer, value, line, self.ctx.glyphs.ellipsis);
            used
        };
        if alone && !note.content.is_empty() && used + 2 + width(&note.content) <= room {
            let place = after(value, room - width(&note.content));
            draw_line(buffer, place, Line::from(note), self.ctx.glyphs.ellipsis);
        }
    }

    /// Draws `References   images 0/9   videos 0/3   audios 0/3`, or only one list if it is alone on its row.
    fn lists(&self, buffer: &mut Buffer, area: Rect, params: &[Parameter], drawn: &mut Drawn) {
        let side_by_side = params.len() > 1;
        let mut x = area;
        if side_by_side {
            let place = Rect {
                width: area.width.min(11),
                ..area
            };
            let label = Line::from(self.ctx.span(Role::Label, "References"));
            draw_line(buffer, place, label, self.ctx.glyphs.ellipsis);
            x = after(area, LABEL + 1);
        }
        for param in params {
            let Some(medium) = param.medium() else {
                continue;
            };
            let most = medium.of(&self.ctx.form.model.references);
            let text = format!("{}s {}/{most}", medium.noun(), param.items(self.ctx.form).len());
            let place = Rect {
                width: x.width.min(13),
                ..x
            };
            drawn.hit(place, Target::Spot(Spot::Parameter(*param)));
            self.name(buffer, place, Spot::Parameter(*param), &text);
            x = after(x, 14);
        }
    }

    fn item(&self, buffer: &mut Buffer, area: Rect, param: Parameter, at: usize, drawn: &mut Drawn) {
        let spot = Spot::Item(param, at);
        drawn.hit(area, Target::Spot(spot));
        let noun = param.medium().map_or("", Medium::noun);
        let inner = after(area, 2);
        self.name(buffer, inner, spot, &format!("{noun} {}", at + 1));
        let value = after(inner, LABEL - 2);
        if self.typed(buffer, value, spot, drawn) {
            return;
        }
        let text = param.items(self.ctx.form).get(at).map_or("", String::as_str);
        let fact = self.fact(&Local::of(self.ctx.form, param, text));
        let room = usize::from(value.width).saturating_sub(2 + width(&fact.content));
        let place = after(value, room + 2);
        let span = self.reference(text, room);
        draw_line(buffer, value, Line::from(span), self.ctx.glyphs.ellipsis);
        draw_line(buffer, place, Line::from(fact), self.ctx.glyphs.ellipsis);
    }

    /// The size and length of a local file, or that it cannot be used; a finding says why.
    fn fact(&self, local: &Local) -> Span<'static> {
        let ctx = self.ctx;
        match self.files.get(local) {
            None => Span::default(),
            Some(Err(_)) => ctx.span(Role::Error, format!("{} unusable", ctx.glyphs.cross)),
            Some(Ok(facts)) => {
                let lasts = facts.millis.map(|ms| format!("{}  ", length(ms)));
                let size = wording::bytes(facts.bytes);
                ctx.span(Role::Dim, format!("{}{size}", lasts.unwrap_or_default()))
            }
        }
    }

    /// Draws a label, marked when it is selected.
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
        // The pointer is in the free column before the label, so that nothing moves.
        let free = Position::new(area.x.saturating_sub(1), area.y);
        if selected && self.ctx.focused && area.width > 0 && buffer.area.contains(free) {
            buffer[free]
                .set_symbol(self.ctx.glyphs.pointer)
                .set_style(self.ctx.style(Role::Accent));
        }
    }

    /// Draws the field being typed and its caret, if it is that of `spot`.
    fn typed(&self, buffer: &mut Buffer, area: Rect, spot: Spot, drawn: &mut Drawn) -> bool {
        let Some(edit) = self.state.edit.as_ref().filter(|edit| edit.spot == spot) else {
            return false;
        };
        let (style, selection) = (self.ctx.style(Role::ValueOn), self.ctx.style(Role::Selection));
        let caret = edit.field.draw(buffer, area, style, selection);
        drawn.caret = caret.filter(|_| self.ctx.focused);
        true
    }

    fn value(&self, param: Parameter, room: usize) -> Vec<Span<'static>> {
        let ctx = self.ctx;
        if let Some((words, chosen)) = param.choices(ctx.form) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut spans = toggle::spans(&words, Some(chosen), ctx.theme);
            if param == Parameter::Duration && words.len() > LONG_LIST {
                let ends = words.first().zip(words.last());
                let ends = ends.map(|(first, last)| format!("  {first} to {last}"));
                spans = vec![
                    ctx.span(Role::ValueOn, format!("[{}]", words[chosen])),
                    ctx.span(Role::Dim, ends.unwrap_or_default()),
                ];
            } else if line_width(&Line::from(spans.clone())) > room {
                let of = format!(" {} of {}", chosen + 1, words.len());
                spans = vec![
                    ctx.span(Role::ValueOn, format!("[{}]", words[chosen])),
                    ctx.span(Role::Dim, of),
                ];
            }
            if param == Parameter::Duration {
                spans.push(ctx.span(Role::Dim, " s"));
            }
            return spans;
        }
        let text = param.shown(ctx.form);
        if param == Parameter::Seeds {
            let shown = fit(&text, room.saturating_sub(12), ctx.glyphs.ellipsis);
            return vec![Span::raw(" "), ctx.span(Role::ValueOn, shown)];
        }
        vec![Span::raw(" "), self.reference(&text, room.saturating_sub(1))]
    }

    /// A path or URL, of which the end is shown.
    fn reference(&self, text: &str, room: usize) -> Span<'static> {
        let ellipsis = self.ctx.glyphs.ellipsis;
        if text.is_empty() {
            return self.ctx.span(Role::Dim, "-");
        }
        let clean = one_line(text, 4_000);
        self.ctx.span(Role::ValueOn, cut_start(&clean, room, ellipsis))
    }

    /// The note at the right edge of a row.
    fn note(&self, param: Parameter) -> Span<'static> {
        let ctx = self.ctx;
        match param {
            Parameter::Seeds => match self.typed.seed_list() {
                Ok(list) => ctx.span(Role::Text, counted(list.count(), "take")),
                Err(_) => ctx.span(Role::Error, format!("{} not a list", ctx.glyphs.cross)),
            },
            Parameter::Resolution if ctx.form.resolution.is_draft() => ctx.span(Role::Dim, "draft"),
            Parameter::Resolution => ctx.span(Role::Accent, "final"),
            Parameter::AspectRatio if ctx.form.aspect_ratio == AspectRatio::ADAPTIVE => {
                ctx.span(Role::Dim, param.entry().hint)
            }
            _ if self.at_work == Spot::Parameter(param) && ctx.focused => {
                ctx.span(Role::Dim, param.entry().hint)
            }
            _ => Span::default(),
        }
    }
}

/// The rest of `area` after `columns`.
fn after(area: Rect, columns: usize) -> Rect {
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}
