//! Reduces a theme's styles to what the terminal can show.

use ratatui::style::{Color, Modifier, Style};

use super::color::{ColorDepth, Paint, Rgb, cell, contrast};

/// Reduces a theme's style to `depth`. `ground` is the theme's own background.
///
/// With sixteen colours the terminal's scheme is unknown, so greys and backgrounds are avoided: a grey becomes the
/// terminal's text colour (dimmed if it was weak), and a background other than the ground is reversed.
pub fn lower(
    style: (Option<Paint>, Option<Paint>, Modifier),
    ground: Option<Paint>,
    depth: ColorDepth,
) -> Style {
    let (fg, bg, modifier) = style;
    let base = Style::new().add_modifier(modifier);
    match depth {
        ColorDepth::Never => base,
        ColorDepth::Ansi16 => lower16(base, fg, bg.filter(|bg| Some(*bg) != ground), ground),
        ColorDepth::Ansi256 | ColorDepth::Truecolor => Style {
            fg: fg.map(|paint| shown(paint, depth)),
            bg: bg.map(|paint| shown(paint, depth)),
            ..base
        },
    }
}

fn shown(paint: Paint, depth: ColorDepth) -> Color {
    match paint {
        Paint::Reset => Color::Reset,
        Paint::Named(color) => color,
        Paint::Rgb(rgb) => cell(rgb, depth).unwrap_or(Color::Reset),
    }
}

fn lower16(base: Style, fg: Option<Paint>, bg: Option<Paint>, ground: Option<Paint>) -> Style {
    match (fg, bg) {
        (fg, Some(Paint::Rgb(back))) => {
            let style = base.add_modifier(Modifier::REVERSED);
            let hue = hue16(back).or_else(|| fg.and_then(Paint::rgb).and_then(hue16));
            style.fg(hue.unwrap_or(Color::Reset))
        }
        (Some(Paint::Rgb(rgb)), bg) => {
            let weak = ground
                .and_then(Paint::rgb)
                .is_some_and(|ground| contrast(rgb, ground) < 7.0);
            let style = bg.map_or(base, |paint| base.bg(shown(paint, ColorDepth::Ansi16)));
            match hue16(rgb) {
                Some(hue) => style.fg(hue),
                None if weak => style.fg(Color::Reset).add_modifier(Modifier::DIM),
                None => style.fg(Color::Reset),
            }
        }
        (fg, bg) => Style {
            fg: fg.map(|paint| shown(paint, ColorDepth::Ansi16)),
            bg: bg.map(|paint| shown(paint, ColorDepth::Ansi16)),
            ..base
        },
    }
}

/// The nearest of the six hues, `None` for a grey.
fn hue16([r, g, b]: Rgb) -> Option<Color> {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let spread = i32::from(most) - i32::from(least);
    if spread * 100 < i32::from(most) * 22 {
        return None;
    }
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    // Sixths of the colour circle, in degrees from red.
    let degrees = if r >= g && r >= b {
        (60 * (g - b) / spread).rem_euclid(360)
    } else if g >= b {
        120 + 60 * (b - r) / spread
    } else {
        240 + 60 * (r - g) / spread
    };
    Some(match degrees {
        0..=24 => Color::Red,
        25..=74 => Color::Yellow,
        75..=159 => Color::Green,
        160..=199 => Color::Cyan,
        200..=264 => Color::Blue,
        265..=334 => Color::Magenta,
        _ => Color::Red,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_sixteen_a_grey_is_the_terminals_text_and_a_background_reverses() {
        let ground = Some(Paint::Rgb([20, 20, 24]));
        let grey = lower(
            (Some(Paint::Rgb([120, 120, 125])), None, Modifier::empty()),
            ground,
            ColorDepth::Ansi16,
        );
        assert_eq!(grey, Style::new().fg(Color::Reset).add_modifier(Modifier::DIM));
        let bar = lower(
            (
                Some(Paint::Rgb([0, 0, 0])),
                Some(Paint::Rgb([220, 60, 60])),
                Modifier::BOLD,
            ),
            ground,
            ColorDepth::Ansi16,
        );
        assert_eq!(
            bar,
            Style::new()
                .fg(Color::Red)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED)
        );
    }
}
