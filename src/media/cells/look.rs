//! How a picture is to be drawn: with which glyphs, in how many colours, within how many bytes.

/// Which glyphs the cells are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Shape {
    /// Two pixels in a cell, one above the other.
    #[default]
    Half,
    /// Two by two pixels in a cell.
    Quadrant,
    /// Two by three pixels in a cell; the glyphs are of Unicode 13 (2020), which older fonts lack.
    Sextant,
    /// Letters by brightness, and coloured spaces where there are colours.
    Ascii,
}

impl Shape {
    /// Whether a font that has these glyphs has shades too.
    pub(super) fn has_shades(self) -> bool {
        self != Self::Ascii
    }
}

/// How many colours the cells may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Depth {
    /// No colours: always letters.
    None,
    /// The sixteen of the terminal, at xterm's values.
    Ansi16,
    /// The cube and the greys of xterm; never the first sixteen, which are the user's own.
    Ansi256,
    #[default]
    Truecolor,
}

/// How a picture is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Look {
    pub shape: Shape,
    pub depth: Depth,
    /// Fewer glyphs are tried for each cell: for playback.
    pub is_fast: bool,
    /// What a byte is worth against the likeness: 0 keeps every colour, larger values reuse more of them. See [`Look::THRIFT`].
    pub thrift: f32,
}

impl Look {
    /// Saves bytes where nothing of the picture is lost to the eye.
    pub const THRIFT: f32 = 0.1;
}
