//! The whole screen: status line, panes in their places, key line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{
    Ctx, Drawn, Form, KeyLine, Layout, LogPane, MonitorPane, PaneId, ParamsPane, PromptPane, QueuePane,
    StatusLine,
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
    pub keys: KeyLine,
}

impl Panes<'_> {
    /// Draws everything in its place. `ctx.focused` is set for each pane from `focus`.
    pub fn draw(&self, buffer: &mut Buffer, layout: &Layout, focus: PaneId, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        let screen = buffer.area;
        paint(buffer, screen, ctx.style(Role::Text));
        if layout.too_small {
            too_small(buffer, screen, ctx);
            return drawn;
        }
        self.status.draw(buffer, layout.status, ctx);
        for slot in &layout.slots {
            let ctx = ctx.focused(slot.id == focus);
            drawn.join(self.pane(buffer, slot.id, slot.form, slot.area, &ctx));
        }
        self.keys.draw(buffer, layout.keys, ctx);
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
}

/// Said instead of panes; takes in flight go on all the same.
fn too_small(buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) {
    let lines = [
        format!("{}{}{}: too small", area.width, ctx.glyphs.times, area.height),
        format!("rushes needs 40{}10.", ctx.glyphs.times),
        "Takes go on meanwhile.".to_owned(),
    ];
    for (y, text) in lines.into_iter().enumerate() {
        let role = if y == 0 { Role::Warn } else { Role::Text };
        draw_line(
            buffer,
            row(area, y),
            Line::from(ctx.span(role, text)),
            ctx.glyphs.ellipsis,
        );
    }
}
