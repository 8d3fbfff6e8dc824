//! A row of values with the chosen one in brackets: `[480p] 720p`.

use ratatui::text::Span;

use crate::tui::theme::{Role, Theme};

/// The spans of the row. The values keep their columns whichever is chosen.
pub fn spans(values: &[&str], chosen: Option<usize>, theme: &Theme) -> Vec<Span<'static>> {
    let mut spans = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let span = if chosen == Some(at) {
            Span::styled(format!("[{value}]"), theme.style(Role::ValueOn))
        } else {
            Span::styled(format!(" {value} "), theme.style(Role::Value))
        };
        spans.push(span);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ColorDepth;

    #[test]
    fn the_choice_is_bracketed_and_nothing_moves() {
        let theme = Theme::fallback(ColorDepth::Never);
        let text = |chosen| -> String {
            spans(&["480p", "720p"], chosen, &theme)
                .iter()
                .map(|s| s.content.as_ref())
                .collect()
        };
        assert_eq!(text(Some(0)), "[480p] 720p ");
        assert_eq!(text(Some(1)), " 480p [720p]");
        assert_eq!(text(None), " 480p  720p ");
    }
}
