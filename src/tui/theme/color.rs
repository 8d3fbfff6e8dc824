//! Colours, and their conversion to what a terminal can show.
#![allow(clippy::disallowed_methods)]

use ratatui::style::Color;

use crate::media::cells::Ink;

/// How many colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColorDepth {
    /// Only modifiers.
    Never,
    /// The sixteen of the terminal's own scheme.
    Ansi16,
    /// The fixed cube and greys of xterm.
    Ansi256,
    Truecolor,
}

impl ColorDepth {
    /// The depth that the environment says. ssh does not forward `COLORTERM`, so this is often 256; the setting `color`
    /// overrides it.
    pub fn detect(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let of = |name: &str| env(name).filter(|value| !value.is_empty());
        let term = of("TERM").unwrap_or_default();
        if of("NO_COLOR").is_some() || term == "dumb" {
            return Self::Never;
        }
        let colorterm = of("COLORTERM").unwrap_or_default();
        if matches!(colorterm.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Self::Truecolor
        } else if term.contains("256color") || is_multiplexed(&of, &term) {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }
}

/// Whether tmux or screen shows the colours: both understand 256, whatever their `TERM` says. Over ssh only `TERM` tells.
fn is_multiplexed(of: &dyn Fn(&str) -> Option<String>, term: &str) -> bool {
    of("TMUX").is_some() || ["tmux", "screen"].iter().any(|name| term.starts_with(name))
}

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// A colour as a theme file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// The terminal's own.
    Reset,
    /// One of the sixteen.
    Named(Color),
    Rgb(Rgb),
}

/// The sixteen: their names in theme files, and xterm's values of them, to measure distance by.
pub const NAMES: [(&str, Color, Rgb); 16] = [
    ("black", Color::Black, [0, 0, 0]),
    ("red", Color::Red, [205, 0, 0]),
    ("green", Color::Green, [0, 205, 0]),
    ("yellow", Color::Yellow, [205, 205, 0]),
    ("blue", Color::Blue, [0, 0, 238]),
    ("magenta", Color::Magenta, [205, 0, 205]),
    ("cyan", Color::Cyan, [0, 205, 205]),
    ("white", Color::Gray, [229, 229, 229]),
    ("bright_black", Color::DarkGray, [127, 127, 127]),
    ("bright_red", Color::LightRed, [255, 0, 0]),
    ("bright_green", Color::LightGreen, [0, 255, 0]),
    ("bright_yellow", Color::LightYellow, [255, 255, 0]),
    ("bright_blue", Color::LightBlue, [92, 92, 255]),
    ("bright_magenta", Color::LightMagenta, [255, 0, 255]),
    ("bright_cyan", Color::LightCyan, [0, 255, 255]),
    ("bright_white", Color::White, [255, 255, 255]),
];

impl Paint {
    /// Reads `reset`, a name of the sixteen, or `#rrggbb`.
    pub fn read(text: &str) -> Option<Self> {
        if text == "reset" {
            return Some(Self::Reset);
        }
        if let Some(digits) = text.strip_prefix('#') {
            let number = (digits.len() == 6 && digits.is_ascii())
                .then(|| u32::from_str_radix(digits, 16).ok())
                .flatten()?;
            let [_, r, g, b] = number.to_be_bytes();
            return Some(Self::Rgb([r, g, b]));
        }
        let named = NAMES.iter().find(|(name, ..)| *name == text);
        named.map(|(_, color, _)| Self::Named(*color))
    }

    pub fn rgb(self) -> Option<Rgb> {
        match self {
            Self::Rgb(rgb) => Some(rgb),
            Self::Reset | Self::Named(_) => None,
        }
    }
}

/// The nearest colour that `depth` allows; `None` where no colour may be used.
pub fn cell(rgb: Rgb, depth: ColorDepth) -> Option<Color> {
    match depth {
        ColorDepth::Never => None,
        ColorDepth::Ansi16 => Some(nearest16(rgb)),
        ColorDepth::Ansi256 => Some(Color::Indexed(nearest256(rgb))),
        ColorDepth::Truecolor => Some(Color::Rgb(rgb[0], rgb[1], rgb[2])),
    }
}

/// The colour of a picture's cell.
pub fn ink(ink: Ink) -> Color {
    match ink {
        Ink::Rgb([r, g, b]) => Color::Rgb(r, g, b),
        Ink::Index(index) => NAMES
            .get(usize::from(index))
            .map_or(Color::Indexed(index), |(_, color, _)| *color),
    }
}

fn nearest16(rgb: Rgb) -> Color {
    let nearest = NAMES.iter().min_by_key(|(.., known)| distance(rgb, *known));
    nearest.map_or(Color::Reset, |(_, color, _)| *color)
}

fn nearest256(rgb: Rgb) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| {
        let nearest = (0_u8..6).min_by_key(|i| STEPS[usize::from(*i)].abs_diff(value));
        nearest.unwrap_or_default()
    };
    let [r, g, b] = rgb.map(step);
    let cube = [r, g, b].map(|i| STEPS[usize::from(i)]);
    let mean = rgb.iter().map(|v| u16::from(*v)).sum::<u16>() / 3;
    let grey_step = u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let grey = [8 + 10 * grey_step; 3];
    if distance(rgb, grey) < distance(rgb, cube) {
        232 + grey_step
    } else {
        16 + 36 * r + 6 * g + b
    }
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    // Green weighs most in the eye, blue least.
    let weights = [3, 6, 1];
    (0..3)
        .map(|i| weights[i] * u32::from(a[i].abs_diff(b[i])).pow(2))
        .sum()
}

/// Contrast of two colours, 1 to 21 (WCAG 2, relative luminance).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|value| {
        let v = f64::from(value) / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn depth_comes_from_the_environment() {
        let cases: [(&[(&str, &str)], ColorDepth); 11] = [
            (&[], ColorDepth::Ansi16),
            (&[("TERM", "xterm-256color")], ColorDepth::Ansi256),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
                ColorDepth::Truecolor,
            ),
            (
                &[("TERM", "xterm"), ("NO_COLOR", "1"), ("COLORTERM", "24bit")],
                ColorDepth::Never,
            ),
            (&[("NO_COLOR", "")], ColorDepth::Ansi16),
            (&[("TERM", "dumb")], ColorDepth::Never),
            (&[("TERM", "xterm")], ColorDepth::Ansi16),
            (&[("TERM", "screen")], ColorDepth::Ansi256),
            (&[("TERM", "tmux")], ColorDepth::Ansi256),
            (
                &[("TERM", "linux"), ("TMUX", "/tmp/tmux-1/default,1,0")],
                ColorDepth::Ansi256,
            ),
            (
                &[("TERM", "screen"), ("NO_COLOR", "1"), ("TMUX", "/tmp/x,1,0")],
                ColorDepth::Never,
            ),
        ];
        for (pairs, depth) in cases {
            assert_eq!(ColorDepth::detect(&env(pairs)), depth, "{pairs:?}");
        }
    }

    #[test]
    fn colours_come_down_to_the_nearest() {
        assert_eq!(cell([255, 0, 0], ColorDepth::Ansi256), Some(Color::Indexed(196)));
        assert_eq!(cell([18, 18, 18], ColorDepth::Ansi256), Some(Color::Indexed(233)));
        assert_eq!(cell([250, 250, 250], ColorDepth::Ansi16), Some(Color::White));
        assert_eq!(cell([1, 2, 3], ColorDepth::Never), None);
    }

    #[test]
    fn black_on_white_is_the_whole_contrast() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }
}
