//! Draws the timeline as a bar to scale, with shots, gaps, overlaps and what exceeds the take.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Role, Theme};

/// A shot on the bar, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub number: u32,
    pub start: u32,
    pub end: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// In the order of the script.
    pub segments: Vec<Segment>,
    pub take_ms: u32,
    /// The time of the boundary being moved.
    pub border: Option<u32>,
}

impl Strip {
    /// Draws the bar on one row. A shot begins with a stroke and its number; time without a shot is a thin line, time with
    /// two is crossed, and time after the take's end is an error.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, glyphs: &Glyphs) {
        let area = area.intersection(buffer.area);
        let columns = usize::from(area.width);
        if columns == 0 || area.height == 0 {
            return;
        }
        for (column, (sign, role)) in self.cells(columns, glyphs).into_iter().enumerate() {
            let x = area.x + u16::try_from(column).unwrap_or(0);
            buffer[(x, area.y)].set_symbol(&sign).set_style(theme.style(role));
        }
    }

    fn whole_ms(&self) -> u32 {
        let last = self.segments.iter().map(|shot| shot.end).max();
        last.unwrap_or(0).max(self.take_ms).max(1)
    }

    fn column(&self, ms: u32, columns: usize) -> usize {
        let exact = u64::from(ms) * columns as u64 / u64::from(self.whole_ms());
        usize::try_from(exact).unwrap_or(columns).min(columns)
    }

    fn cells(&self, columns: usize, glyphs: &Glyphs) -> Vec<(String, Role)> {
        let end = self.column(self.take_ms, columns);
        let role = |column: usize, role: Role| if column >= end { Role::Error } else { role };
        let mut cover = vec![0_u32; columns];
        let mut cells: Vec<(String, Role)> = (0..columns)
            .map(|column| (glyphs.bar_rest.to_owned(), role(column, Role::GaugeRest)))
            .collect();
        let spans: Vec<(usize, usize, u32)> = self
            .segments
            .iter()
            .map(|shot| {
                let from = self.column(shot.start.min(shot.end), columns);
                let to = self.column(shot.end.max(shot.start), columns).max(from + 1);
                (from.min(columns - 1), to.min(columns), shot.number)
            })
            .collect();
        for (from, to, _) in &spans {
            for column in *from..*to {
                cover[column] += 1;
                cells[column] = match cover[column] {
                    1 => (glyphs.bar_full.to_owned(), role(column, Role::Gauge)),
                    _ => (glyphs.times.to_owned(), role(column, Role::Warn)),
                };
            }
        }
        for (from, to, number) in spans {
            cells[from] = (glyphs.vertical.to_owned(), role(from, Role::Accent));
            // The number is shown only where some of the bar stays visible.
            let digits = number.to_string();
            if from + digits.len() + 1 < to {
                for (n, digit) in digits.chars().enumerate() {
                    cells[from + 1 + n] = (digit.to_string(), role(from, Role::Text));
                }
            }
        }
        if let Some(border) = self.border {
            let at = self.column(border, columns).min(columns - 1);
            cells[at] = (glyphs.vertical.to_owned(), Role::Selection);
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::{ASCII, UNICODE};

    fn strip(shots: &[(u32, u32)], take_ms: u32) -> Strip {
        let segment = |(n, (start, end)): (usize, &(u32, u32))| Segment {
            number: u32::try_from(n).unwrap() + 1,
            start: *start,
            end: *end,
        };
        Strip {
            segments: shots.iter().enumerate().map(segment).collect(),
            take_ms,
            border: None,
        }
    }

    fn text(strip: &Strip, columns: usize) -> String {
        let cells = strip.cells(columns, &UNICODE);
        cells.into_iter().map(|(sign, _)| sign).collect()
    }

    #[test]
    fn shots_stand_to_scale() {
        let clean = strip(&[(0, 2000), (2000, 6000), (6000, 10_000)], 10_000);
        assert_eq!(text(&clean, 20), "│1━━│2━━━━━━│3━━━━━━");
        assert_eq!(text(&clean, 5), "││━│━");
    }

    #[test]
    fn gaps_overlaps_and_overrun_are_seen() {
        assert_eq!(
            text(&strip(&[(0, 4000), (6000, 10_000)], 10_000), 20),
            "│1━━━━━━────│2━━━━━━"
        );
        assert_eq!(
            text(&strip(&[(0, 6000), (4000, 10_000)], 10_000), 20),
            "│1━━━━━━│2××━━━━━━━━"
        );
        let over = strip(&[(0, 5000), (5000, 10_000)], 8000);
        let roles: Vec<Role> = over.cells(20, &ASCII).into_iter().map(|(_, role)| role).collect();
        assert!(roles[..16].iter().all(|role| *role != Role::Error));
        assert!(roles[16..].iter().all(|role| *role == Role::Error));
        assert_eq!(text(&strip(&[(0, 4000)], 8000), 8), "│1━━────");
    }

    #[test]
    fn any_times_at_any_width_are_drawn() {
        for columns in 1..40 {
            for shots in [
                &[(0, 0)][..],
                &[(9000, 100)],
                &[(u32::MAX, u32::MAX), (0, 1)],
                &[],
            ] {
                let mut strip = strip(shots, 4000);
                strip.border = Some(u32::MAX);
                assert_eq!(strip.cells(columns, &UNICODE).len(), columns);
            }
        }
    }
}
