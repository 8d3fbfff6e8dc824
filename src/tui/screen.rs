//! Draws a frame of the whole screen: status line, panes, overlays, news and key line.

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::app::{App, Seen};
use super::canvas::{Canvas, Ctx, KeyHint};
use super::glyphs::Glyphs;
use super::hints::way_out;
use super::panes::{layout, notice, status};
use super::theme::{Role, Theme};
use super::widgets::text::{paint, row};

#[derive(Debug, Clone)]
pub struct Screen {
    theme: Theme,
    glyphs: &'static Glyphs,
    zone: TimeZone,
}

impl Screen {
    pub const fn new(theme: Theme, glyphs: &'static Glyphs, zone: TimeZone) -> Self {
        Self { theme, glyphs, zone }
    }

    /// Draws a frame of the workbench and returns where things are.
    pub fn draw(&self, app: &App, frame: &mut Frame<'_>) -> Seen {
        let area = frame.area();
        let state = app.state();
        let layout = layout::layout(area, state.focus, app.is_zoomed(), state.takes.queue_rows().len());
        let hints = app.hints();
        let mut canvas = Canvas {
            buffer: frame.buffer_mut(),
            ctx: Ctx {
                theme: &self.theme,
                glyphs: self.glyphs,
                focused: false,
                now: state.now,
                zone: &self.zone,
                form: &state.form.current,
            },
            hints: &hints,
            pictures: Vec::new(),
        };
        let mut seen = Seen {
            overlays: app.overlays().len(),
            too_small: layout.too_small,
            panes: layout.slots.iter().map(|slot| (slot.id, slot.area)).collect(),
            ..Seen::default()
        };
        paint(canvas.buffer, area, canvas.ctx.style(Role::Text));
        if layout.too_small {
            too_small(app, &mut canvas, area);
            return seen;
        }
        status::draw_status(state, app.top().mode(), canvas.buffer, layout.status, &canvas.ctx);
        for (pane, area) in &seen.panes {
            canvas.ctx.focused = *pane == state.focus;
            seen.drawn.join(app.pane(*pane).draw(&mut canvas, *area, state));
        }
        canvas.ctx.focused = false;
        // The keys and the news stay visible.
        let mut above = Rect {
            height: layout.keys.y - area.y,
            ..area
        };
        if let Some(news) = state.news.notice(app.is_typing()) {
            let floor = notice::draw(news, &mut canvas, above, seen.drawn.caret);
            above.height = floor.saturating_sub(area.y);
        }
        seen.floor = above.bottom();
        for overlay in app.overlays() {
            seen.over = overlay.draw(&mut canvas, above, state);
        }
        let hints = KeyHint::as_shown(&hints, seen.over.shown);
        status::draw_keys(&hints, canvas.buffer, layout.keys, &canvas.ctx);
        seen.pictures = canvas.pictures;
        // Only the component that has the keys shows a caret.
        let below = seen.drawn.caret.filter(|_| app.overlays().is_empty());
        if let Some(at) = seen.over.caret.or(below) {
            frame.set_cursor_position(at);
        }
        seen
    }
}

/// Drawn instead of the panes.
fn too_small(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let (key, times) = (way_out(app.context(), app.state()), canvas.ctx.glyphs.times);
    let lines = [
        format!("{}{times}{}: too small", area.width, area.height),
        format!("rushes needs 40{times}10."),
        "Takes continue.".to_owned(),
        format!("{} {}", key.key, key.label),
    ];
    for (y, text) in lines.into_iter().enumerate() {
        let role = if y == 0 { Role::Warn } else { Role::Text };
        canvas.text(row(area, y), role, text);
    }
}
