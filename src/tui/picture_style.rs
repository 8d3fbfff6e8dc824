//! How pictures are drawn in this session: with which glyphs, in how many colours, or not at all.

use super::theme::ColorDepth;
use crate::media::cells::{Depth, Shape};

/// A way of drawing pictures that the user can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// As fine as the terminal is likely to show.
    #[default]
    Auto,
    Shape(Shape),
    Off,
}

impl Mode {
    /// In the order of the key.
    const ALL: [Self; 6] = [
        Self::Auto,
        Self::Shape(Shape::Sextant),
        Self::Shape(Shape::Quadrant),
        Self::Shape(Shape::Half),
        Self::Shape(Shape::Ascii),
        Self::Off,
    ];
}

/// The mode, and what the terminal is found to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureStyle {
    mode: Mode,
    likely: Shape,
    why: &'static str,
    depth: Depth,
}

impl Default for PictureStyle {
    fn default() -> Self {
        Self {
            mode: Mode::Auto,
            likely: Shape::Half,
            why: "nothing is known about the terminal",
            depth: Depth::Truecolor,
        }
    }
}

impl PictureStyle {
    /// The style for the terminal that the environment describes. `is_ascii`: only ASCII characters may be used.
    pub fn of(env: &dyn Fn(&str) -> Option<String>, is_ascii: bool, depth: ColorDepth) -> Self {
        let (likely, why) = likely_shape(env, is_ascii);
        let depth = match depth {
            ColorDepth::Never => Depth::None,
            ColorDepth::Ansi16 => Depth::Ansi16,
            ColorDepth::Ansi256 => Depth::Ansi256,
            ColorDepth::Truecolor => Depth::Truecolor,
        };
        Self {
            mode: Mode::Auto,
            likely,
            why,
            depth,
        }
    }

    /// Goes to the next mode.
    pub fn next(&mut self) {
        let at = Mode::ALL.iter().position(|mode| *mode == self.mode);
        self.mode = Mode::ALL[at.map_or(0, |at| (at + 1) % Mode::ALL.len())];
    }

    /// The glyphs to draw with; `None` when no pictures are drawn.
    pub const fn shape(&self) -> Option<Shape> {
        match self.mode {
            Mode::Auto => Some(self.likely),
            Mode::Shape(shape) => Some(shape),
            Mode::Off => None,
        }
    }

    pub const fn depth(&self) -> Depth {
        self.depth
    }

    /// `Pictures: quadrants (chosen by rushes)`.
    pub fn words(&self) -> String {
        let drawn = |shape: Shape| match self.depth {
            Depth::None => "letters, because no colours are used",
            _ => shape_in_words(shape),
        };
        match self.mode {
            Mode::Auto => format!("Pictures: {} (chosen by rushes)", drawn(self.likely)),
            Mode::Shape(shape) => format!("Pictures: {}", drawn(shape)),
            Mode::Off => "Pictures: off".to_owned(),
        }
    }

    /// What is drawn with, and why, for `rushes doctor`.
    pub fn reason(&self) -> String {
        let colours = match self.depth {
            Depth::None => return "letters, because no colours are used".to_owned(),
            Depth::Ansi16 => "16 colours",
            Depth::Ansi256 => "256 colours",
            Depth::Truecolor => "truecolor",
        };
        format!("{} in {colours}: {}", shape_in_words(self.likely), self.why)
    }
}

const fn shape_in_words(shape: Shape) -> &'static str {
    match shape {
        Shape::Half => "half blocks",
        Shape::Quadrant => "quadrants",
        Shape::Sextant => "sextants",
        Shape::Ascii => "ASCII characters",
    }
}

/// Terminals that draw sextants themselves, whatever the font has, by how `TERM` begins.
const SEXTANT_TERMS: [&str; 7] = [
    "xterm-kitty",
    "xterm-ghostty",
    "foot",
    "alacritty",
    "wezterm",
    "contour",
    "rio",
];
/// The same by `TERM_PROGRAM`, which ssh does not forward.
const SEXTANT_PROGRAMS: [&str; 5] = ["WezTerm", "ghostty", "kitty", "iTerm.app", "rio"];
/// The first version of VTE (GNOME Terminal and others) that draws sextants itself: 0.62.
const SEXTANT_VTE: u32 = 6200;

/// The finest glyphs that the terminal is likely to have, and why. Sextants are of 2020: where the terminal does not draw
/// them itself, many fonts show boxes instead.
fn likely_shape(env: &dyn Fn(&str) -> Option<String>, is_ascii: bool) -> (Shape, &'static str) {
    let of = |name: &str| env(name).unwrap_or_default();
    let (term, program) = (of("TERM"), of("TERM_PROGRAM"));
    let vte = of("VTE_VERSION").parse::<u32>().unwrap_or(0);
    if is_ascii {
        (Shape::Ascii, "only ASCII characters are used")
    } else if term == "linux" {
        (Shape::Half, "the fonts of the Linux console have nothing finer")
    } else if SEXTANT_TERMS.iter().any(|known| term.starts_with(known))
        || SEXTANT_PROGRAMS.contains(&program.as_str())
        || vte >= SEXTANT_VTE
    {
        (Shape::Sextant, "this terminal draws sextants itself")
    } else {
        (
            Shape::Quadrant,
            "it is not known whether this terminal has sextants; ` in the workbench tries them",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(pairs: &'static [(&str, &str)], is_ascii: bool) -> Shape {
        let env = |name: &str| {
            let known = pairs.iter().find(|(key, _)| *key == name);
            known.map(|(_, value)| (*value).to_owned())
        };
        likely_shape(&env, is_ascii).0
    }

    #[test]
    fn sextants_only_where_the_terminal_draws_them() {
        assert_eq!(shape(&[("TERM", "xterm-kitty")], false), Shape::Sextant);
        assert_eq!(shape(&[("TERM", "foot-direct")], false), Shape::Sextant);
        let vte = |version| shape(version, false);
        assert_eq!(
            vte(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7200")]),
            Shape::Sextant
        );
        assert_eq!(
            vte(&[("TERM", "xterm-256color"), ("VTE_VERSION", "5202")]),
            Shape::Quadrant
        );
        assert_eq!(shape(&[("TERM", "screen")], false), Shape::Quadrant);
        assert_eq!(shape(&[], false), Shape::Quadrant);
        assert_eq!(shape(&[("TERM", "linux")], false), Shape::Half);
        assert_eq!(shape(&[("TERM", "xterm-kitty")], true), Shape::Ascii);
    }

    #[test]
    fn the_key_goes_round() {
        let mut style = PictureStyle::default();
        let mut shapes = Vec::new();
        for _ in Mode::ALL {
            shapes.push(style.shape());
            style.next();
        }
        let [sextant, quadrant, half, ascii] =
            [Shape::Sextant, Shape::Quadrant, Shape::Half, Shape::Ascii].map(Some);
        assert_eq!(shapes, [half, sextant, quadrant, half, ascii, None]);
        assert_eq!(style, PictureStyle::default());
    }
}
