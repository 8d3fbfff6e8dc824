//! Draws the sound of a take: how loud it is where, with the cuts of its script, in one row of cells or several.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::media::{SILENT_BELOW_DBFS, Stretch, Wave};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Role, Theme};

/// A cell that is filled from below by no eighth, one, and so on.
const BLOCKS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The same where only ASCII is shown.
const ASCII: [&str; 9] = [" ", ".", ":", "-", "=", "+", "*", "%", "#"];
/// Eighths of a cell.
const FULL: usize = 8;

/// The sound, and when shots begin, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct WaveStrip<'a> {
    pub wave: &'a Wave,
    pub cuts: &'a [u64],
}

impl WaveStrip<'_> {
    /// Draws it over the whole of `area`. Silence is a thin line, a cut is a stroke, and what clips has the colour of errors;
    /// all of them are told in words elsewhere.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, glyphs: &Glyphs) {
        let area = area.intersection(buffer.area);
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let signs = if glyphs.half_blocks { BLOCKS } else { ASCII };
        let mut cuts = vec![false; columns];
        for at in self.cuts {
            if let Some(cut) = cuts.get_mut(self.column(*at, columns)) {
                *cut = true;
            }
        }
        for (x, (column, is_cut)) in area.columns().zip(cuts.into_iter().enumerate()) {
            let (height, role) = self.cell(column, columns, rows * FULL);
            for (y, cell) in x.rows().enumerate() {
                let below = (rows - 1 - y) * FULL;
                let filled = height.saturating_sub(below).min(FULL);
                let (sign, role) = if is_cut {
                    (glyphs.vertical, Role::Border)
                } else {
                    (signs.get(filled).copied().unwrap_or(" "), role)
                };
                buffer[(cell.x, cell.y)]
                    .set_symbol(sign)
                    .set_style(theme.style(role));
            }
        }
    }

    /// The column that a moment falls into.
    fn column(&self, ms: u64, columns: usize) -> usize {
        let exact = u128::from(ms) * columns as u128 / u128::from(self.wave.duration_ms.max(1));
        usize::try_from(exact).unwrap_or(usize::MAX)
    }

    /// How high a column is, of at most `most`, and its colour.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a height of few steps, and not negative"
    )]
    fn cell(&self, column: usize, columns: usize, most: usize) -> (usize, Role) {
        let all = &self.wave.columns;
        let from = column * all.len() / columns;
        let until = ((column + 1) * all.len() / columns).max(from + 1).min(all.len());
        let loud = all.get(from..until).unwrap_or_default().iter();
        let loud = loud.map(|part| part.rms_dbfs).fold(f64::NEG_INFINITY, f64::max);
        if loud < SILENT_BELOW_DBFS {
            return (1, Role::GaugeRest);
        }
        let share = (loud - SILENT_BELOW_DBFS) / -SILENT_BELOW_DBFS;
        let height = (share.clamp(0.0, 1.0) * most as f64).round() as usize;
        let clips = self.wave.clipping.iter().any(|stretch| {
            let Stretch { start_ms, end_ms } = *stretch;
            (self.column(start_ms, columns)..=self.column(end_ms, columns)).contains(&column)
        });
        let role = if clips { Role::Error } else { Role::Gauge };
        (height.max(1), role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Column, FLOOR_DBFS};
    use crate::tui::glyphs::{ASCII as PLAIN, UNICODE};
    use crate::tui::theme::ColorDepth;

    fn wave(levels: &[f64]) -> Wave {
        let column = |rms_dbfs: &f64| Column {
            min: 0.0,
            max: 0.0,
            rms_dbfs: *rms_dbfs,
        };
        Wave {
            duration_ms: 8000,
            columns: levels.iter().map(column).collect(),
            peak_dbfs: 0.0,
            loudness_lufs: Some(-20.0),
            silences: Vec::new(),
            clipping: vec![Stretch {
                start_ms: 7100,
                end_ms: 7200,
            }],
        }
    }

    fn drawn(
        wave: &Wave,
        cuts: &[u64],
        (columns, rows): (u16, u16),
        glyphs: &Glyphs,
    ) -> (Vec<String>, Buffer) {
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        WaveStrip { wave, cuts }.draw(&mut buffer, area, &Theme::fallback(ColorDepth::Ansi16), glyphs);
        let row = |y: u16| (0..columns).map(|x| buffer[(x, y)].symbol().to_owned()).collect();
        ((0..rows).map(row).collect(), buffer)
    }

    #[test]
    fn loud_parts_are_high_and_cuts_are_strokes() {
        let levels = [FLOOR_DBFS, -43.75, -37.5, -25.0, -25.0, -12.5, -6.25, 0.0];
        let wave = wave(&levels);
        assert_eq!(drawn(&wave, &[], (8, 1), &UNICODE).0, ["▁▁▂▄▄▆▇█"]);
        assert_eq!(
            drawn(&wave, &[4000], (8, 2), &UNICODE).0,
            ["    │▄▆█", "▁▂▄█│███"]
        );
        assert_eq!(drawn(&wave, &[4000], (8, 1), &PLAIN).0, ["..:=|*%#"]);
        // Narrower: the loudest of what falls together. Wider: a part fills several columns.
        assert_eq!(drawn(&wave, &[], (4, 1), &UNICODE).0, ["▁▄▆█"]);
        assert_eq!(drawn(&wave, &[], (16, 1), &UNICODE).0, ["▁▁▁▁▂▂▄▄▄▄▆▆▇▇██"]);
    }

    #[test]
    fn nothing_is_drawn_beyond_the_place_at_any_size() {
        let empty = wave(&[]);
        for columns in 0..12 {
            for rows in 0..4 {
                for wave in [&empty, &wave(&[-10.0; 7])] {
                    let (lines, _) = drawn(wave, &[0, 7999, 8000, u64::MAX], (columns, rows), &UNICODE);
                    assert!(
                        lines
                            .iter()
                            .all(|line| line.chars().count() == usize::from(columns))
                    );
                }
            }
        }
    }
}
