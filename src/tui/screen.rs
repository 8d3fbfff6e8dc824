//! One frame of the whole screen, made of the state.

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::app::{App, Seen};
use super::glyphs::Glyphs;
use super::overlays;
use super::panes::PaneId;
use super::run::Draw;
use super::theme::{Role, Theme};

/// How things look.
#[derive(Debug, Clone)]
pub struct Screen {
    theme: Theme,
    glyphs: &'static Glyphs,
    zone: TimeZone,
}

impl Screen {
    /// Draws by this theme, with these signs and times as in `zone`.
    #[must_use]
    pub const fn new(theme: Theme, glyphs: &'static Glyphs, zone: TimeZone) -> Self {
        Self { theme, glyphs, zone }
    }
}

impl Draw for Screen {
    fn draw(&self, app: &App, frame: &mut Frame<'_>) -> Seen {
        let area = frame.area();
        let mut seen = Seen::default();
        if area.height < 4 {
            return seen;
        }
        let body = Rect {
            height: area.height - 2,
            ..area
        };
        let caret = app.prompt.draw(frame, body, &self.theme, app.editing);
        let keys: String = app
            .hints()
            .iter()
            .map(|h| format!("{} {}  ", h.key, h.text))
            .collect();
        let notice = app.notice.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        frame.render_widget(
            Line::from(Span::styled(notice, self.theme.style(Role::Warn))),
            Rect {
                y: area.height - 2,
                height: 1,
                ..area
            },
        );
        frame.render_widget(
            Line::from(Span::raw(keys)),
            Rect {
                y: area.height - 1,
                height: 1,
                ..area
            },
        );
        seen.panes.push((PaneId::Prompt, body));
        let over = overlays::draw(app, frame.buffer_mut(), area, &self.theme, self.glyphs);
        seen.reader_rows = over.rows;
        seen.reader_lines = over.lines;
        if let Some(at) = over.caret.or(caret.filter(|_| app.overlays.is_empty())) {
            frame.set_cursor_position(at);
        }
        let _ = &self.zone;
        seen
    }
}
