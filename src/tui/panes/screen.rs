//! The whole screen: status line, panes in their places, key line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{
    Ctx, Drawn, Form, KeyHint, KeyLine, Layout, LogPane, MonitorPane, Notice, PaneId, ParamsPane, PromptPane,
    QueuePane, StatusLine,
};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, paint, row};

/// Everything on screen but what lies over it, for one frame.
#[derive(Debug)]
pub struct Panes<'a> {
    pub status: StatusLine,
    pub prompt: PromptPane<'a>,
    pub params: ParamsPane<'a>,
    pub queue: QueuePane,
    pub log: LogPane<'a>,
    pub monitor: MonitorPane<'a>,
    /// News, in the rows above the keys.
    pub notice: Option<Notice>,
    pub keys: KeyLine,
    /// What the key does that still acts where the terminal is too small for panes.
    pub way_out: KeyHint,
}

impl Panes<'_> {
    /// Draws everything in its place. `ctx.focused` is set for each pane from `focus`.
    pub fn draw(&self, buffer: &mut Buffer, layout: &Layout, focus: PaneId, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        let screen = buffer.area;
        paint(buffer, screen, ctx.style(Role::Text));
        if layout.too_small {
            self.too_small(buffer, screen, ctx);
            return drawn;
        }
        self.status.draw(buffer, layout.status, ctx);
        for slot in &layout.slots {
            let ctx = ctx.focused(slot.id == focus);
            drawn.join(self.pane(buffer, slot.id, slot.form, slot.area, &ctx));
        }
        self.keys.draw(buffer, layout.keys, ctx);
        drawn.floor = layout.keys.y;
        if let Some(notice) = &self.notice {
            let above = Rect {
                y: screen.y,
                height: layout.keys.y - screen.y,
                ..screen
            };
            drawn.floor = notice.draw(buffer, above, drawn.caret, ctx);
        }
        drawn
    }

    fn pane(&self, buffer: &mut Buffer, id: PaneId, form: Form, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        match (id, form) {
            (PaneId::Prompt, Form::Full) => self.prompt.draw(buffer, area, ctx),
            (PaneId::Prompt, Form::Line) => self.prompt.draw_line(buffer, area, ctx),
            (PaneId::Params, Form::Full) => self.params.draw(buffer, area, ctx),
            (PaneId::Params, Form::Line) => self.params.draw_line(buffer, area, ctx),
            (PaneId::Queue, Form::Full) => self.queue.draw(buffer, area, ctx),
            (PaneId::Queue, Form::Line) => self.queue.draw_line(buffer, area, ctx),
            (PaneId::Log, Form::Full) => self.log.draw(buffer, area, ctx),
            (PaneId::Log, Form::Line) => self.log.draw_line(buffer, area, ctx),
            (PaneId::Monitor, Form::Full) => self.monitor.draw(buffer, area, ctx),
            (PaneId::Monitor, Form::Line) => self.monitor.draw_line(buffer, area, ctx),
        }
    }

    /// Drawn instead of the panes; takes in flight go on all the same.
    fn too_small(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
        let KeyHint { key, label, .. } = &self.way_out;
        let lines = [
            format!("{}{}{}: too small", area.width, ctx.glyphs.times, area.height),
            format!("rushes needs 40{}10.", ctx.glyphs.times),
            "Takes go on.".to_owned(),
            format!("{key} {label}"),
        ];
        for (y, text) in lines.into_iter().enumerate() {
            let role = if y == 0 { Role::Warn } else { Role::Text };
            let line = Line::from(ctx.span(role, text));
            draw_line(buffer, row(area, y), line, ctx.glyphs.ellipsis);
        }
    }
}
