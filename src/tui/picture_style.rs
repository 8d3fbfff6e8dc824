//! How pictures are drawn in this session: in pixels, with which glyphs, in how many colours, or not at all.

use super::graphics::{Graphics, Protocol, TerminalGraphics};
use super::picture_way::PictureWay;
use super::theme::ColorDepth;
use crate::config::{PictureMode, PictureSettings};
use crate::media::cells::{Depth, Shape};

/// The modes in the order of the key. Those of pixels only where the terminal is known to have them, or the settings name them.
const ROUND: [PictureMode; 9] = [
    PictureMode::Auto,
    PictureMode::Kitty,
    PictureMode::Iterm,
    PictureMode::Sixel,
    PictureMode::Sextant,
    PictureMode::Quadrant,
    PictureMode::Half,
    PictureMode::Ascii,
    PictureMode::Off,
];

/// What playing may send, in bytes a second, unless it is set.
const USUAL_BYTES: u32 = 60_000;

/// Why takes are not played where [`PictureStyle::moves`] says so.
pub const NO_MOTION: &str = "takes are not played, because the settings say motion = \"off\"";

/// The mode, and what the terminal is found to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureStyle {
    mode: PictureMode,
    /// That of the settings.
    set: PictureMode,
    likely: Shape,
    why: &'static str,
    depth: Depth,
    terminal: TerminalGraphics,
    /// Width and height of a cell in pixels, where the terminal reports it.
    cell: Option<(u16, u16)>,
    bytes_per_second: u32,
    moves: bool,
}

impl Default for PictureStyle {
    fn default() -> Self {
        Self {
            mode: PictureMode::Auto,
            set: PictureMode::Auto,
            likely: Shape::Half,
            why: "nothing is known about the terminal",
            depth: Depth::Truecolor,
            terminal: TerminalGraphics::default(),
            cell: None,
            bytes_per_second: USUAL_BYTES,
            moves: true,
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
            likely,
            why,
            depth,
            terminal: TerminalGraphics::of(env, is_ascii),
            ..Self::default()
        }
    }

    /// The same as the settings say; `moves` when takes may be played.
    #[must_use]
    pub const fn with(self, settings: &PictureSettings, moves: bool) -> Self {
        Self {
            mode: settings.mode,
            set: settings.mode,
            bytes_per_second: settings.bytes_per_second,
            moves,
            ..self
        }
    }

    /// Whether takes may be played; else pictures stand still.
    pub const fn moves(&self) -> bool {
        self.moves
    }

    /// What playing may send.
    pub const fn bytes_per_second(&self) -> u32 {
        self.bytes_per_second
    }

    /// Goes to the next mode.
    pub fn next(&mut self) {
        let at = ROUND.iter().position(|mode| *mode == self.mode).unwrap_or(0);
        let behind = ROUND.iter().cycle().skip(at + 1).take(ROUND.len());
        let next = behind.copied().find(|mode| self.is_offered(*mode));
        self.mode = next.unwrap_or_default();
    }

    /// Whether the key goes to this mode: to pixels only where they may be seen, and not twice.
    fn is_offered(&self, mode: PictureMode) -> bool {
        let Some(protocol) = protocol(mode) else {
            return true;
        };
        let is_known = self.terminal.known.is_some_and(|(known, _)| known == protocol);
        self.set == mode || (is_known && self.terminal.automatic() != Some(protocol))
    }

    /// Notes the size of a cell in pixels, which changes with the terminal's font.
    pub const fn set_cell(&mut self, cell: Option<(u16, u16)>) {
        self.cell = cell;
    }

    /// How still pictures are drawn in pixels; `None` when they are not.
    pub fn graphics(&self) -> Option<Graphics> {
        let protocol = match self.mode {
            _ if self.depth == Depth::None => None,
            PictureMode::Auto => self.terminal.automatic(),
            mode => protocol(mode),
        };
        Some(Graphics::new(protocol?, self.terminal.in_tmux, self.cell))
    }

    /// How still pictures are drawn; `None` when none are.
    pub fn way(&self) -> Option<PictureWay> {
        Some(PictureWay {
            shape: self.shape()?,
            depth: self.depth,
            graphics: self.graphics(),
        })
    }

    /// The glyphs to play with, and to draw with where nothing is drawn in pixels; `None` when no pictures are drawn.
    pub const fn shape(&self) -> Option<Shape> {
        match self.mode {
            PictureMode::Auto
            | PictureMode::Kitty
            | PictureMode::Iterm
            | PictureMode::Sixel
            | PictureMode::Cells => Some(self.likely),
            PictureMode::Sextant => Some(Shape::Sextant),
            PictureMode::Quadrant => Some(Shape::Quadrant),
            PictureMode::Half => Some(Shape::Half),
            PictureMode::Ascii => Some(Shape::Ascii),
            PictureMode::Off => None,
        }
    }

    /// The glyphs for a picture that was asked for by a command, also when the workbench draws none.
    pub fn shape_on_request(&self) -> Shape {
        self.shape().unwrap_or(self.likely)
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
        if let Some(graphics) = self.graphics() {
            let by = if self.mode == PictureMode::Auto {
                " (chosen by rushes)"
            } else {
                ""
            };
            return format!("Pictures: {}{by}", graphics.protocol.words());
        }
        match (self.mode, self.shape()) {
            (PictureMode::Auto | PictureMode::Cells, _) => {
                format!("Pictures: {} (chosen by rushes)", drawn(self.likely))
            }
            (_, Some(shape)) => format!("Pictures: {}", drawn(shape)),
            (_, None) => "Pictures: off".to_owned(),
        }
    }

    /// What is drawn with, and why, for `rushes doctor`.
    pub fn reason(&self) -> String {
        let Some(shape) = self.shape() else {
            return "off: `mode` under [pictures] in the settings says so".to_owned();
        };
        let colours = match self.depth {
            Depth::None => return "letters, because no colours are used".to_owned(),
            Depth::Ansi16 => "16 colours",
            Depth::Ansi256 => "256 colours",
            Depth::Truecolor => "truecolor",
        };
        let is_set = self.set != PictureMode::Auto;
        if let Some(graphics) = self.graphics() {
            return format!(
                "{}: {}",
                graphics.protocol.words(),
                self.reason_of(graphics, is_set)
            );
        }
        let why = if is_set && self.mode != PictureMode::Cells {
            BY_THE_SETTINGS.to_owned()
        } else if is_set {
            self.why.to_owned()
        } else {
            format!("{}; {}", self.why, self.terminal.reason())
        };
        format!("{} in {colours}: {why}", shape_in_words(shape))
    }

    fn reason_of(&self, graphics: Graphics, is_set: bool) -> String {
        let mut why = if is_set {
            BY_THE_SETTINGS.to_owned()
        } else {
            self.terminal.reason()
        };
        if graphics.in_tmux {
            why += "; tmux passes them on only with its own setting `allow-passthrough on`";
        }
        let (width, height) = graphics.cell;
        why += &match self.cell {
            Some(_) => format!("; a cell has {width}×{height} pixels"),
            None => format!(
                "; the terminal does not say how many pixels a cell has: {width}×{height} are assumed"
            ),
        };
        why
    }
}

const BY_THE_SETTINGS: &str = "`mode` under [pictures] in the settings says so";

const fn protocol(mode: PictureMode) -> Option<Protocol> {
    match mode {
        PictureMode::Kitty => Some(Protocol::Kitty),
        PictureMode::Iterm => Some(Protocol::Iterm),
        PictureMode::Sixel => Some(Protocol::Sixel),
        _ => None,
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
        for _ in 0..6 {
            shapes.push(style.shape());
            style.next();
        }
        let [sextant, quadrant, half, ascii] =
            [Shape::Sextant, Shape::Quadrant, Shape::Half, Shape::Ascii].map(Some);
        assert_eq!(shapes, [half, sextant, quadrant, half, ascii, None]);
        assert_eq!(style, PictureStyle::default());
    }

    /// In kitty, here or over SSH, with this mode in the settings.
    fn in_kitty(over_ssh: bool, mode: PictureMode) -> PictureStyle {
        let env = |name: &str| match name {
            "TERM" => Some("xterm-kitty".to_owned()),
            "SSH_TTY" => over_ssh.then(|| "/dev/pts/1".to_owned()),
            _ => None,
        };
        let settings = PictureSettings {
            mode,
            bytes_per_second: 1000,
            cache_mb: 0,
        };
        PictureStyle::of(&env, false, ColorDepth::Truecolor).with(&settings, true)
    }

    #[test]
    fn the_key_goes_to_pixels_where_they_may_be_seen() {
        use PictureMode::{Ascii, Auto, Half, Kitty, Off, Quadrant, Sextant, Sixel};
        let round = |mut style: PictureStyle| {
            let mut modes = Vec::new();
            loop {
                modes.push(style.mode);
                style.next();
                if modes.contains(&style.mode) {
                    return modes;
                }
            }
        };
        let cells = [Sextant, Quadrant, Half, Ascii, Off];
        assert_eq!(round(in_kitty(false, Auto)), [&[Auto], &cells[..]].concat());
        assert_eq!(round(in_kitty(true, Auto)), [&[Auto, Kitty], &cells[..]].concat());
        assert_eq!(
            round(in_kitty(false, Sixel)),
            [&[Sixel], &cells[..], &[Auto]].concat()
        );
    }

    #[test]
    fn stills_are_drawn_in_pixels_where_the_settings_or_the_terminal_say_so_and_colours_are_used() {
        let protocol = |style: PictureStyle| style.graphics().map(|graphics| graphics.protocol);
        let kitty = Some(Protocol::Kitty);
        assert_eq!(protocol(in_kitty(false, PictureMode::Auto)), kitty);
        assert_eq!(protocol(in_kitty(true, PictureMode::Auto)), None);
        assert_eq!(protocol(in_kitty(true, PictureMode::Kitty)), kitty);
        assert_eq!(
            protocol(in_kitty(false, PictureMode::Sixel)),
            Some(Protocol::Sixel)
        );
        assert_eq!(protocol(in_kitty(false, PictureMode::Cells)), None);
        assert_eq!(protocol(in_kitty(false, PictureMode::Off)), None);
        let mut style = in_kitty(false, PictureMode::Kitty);
        assert_eq!(style.shape(), Some(Shape::Sextant), "what is played");
        style.depth = Depth::None;
        assert_eq!(protocol(style), None);
        assert!(style.reason().starts_with("letters"), "{}", style.reason());
    }

    #[test]
    fn doctor_says_which_and_why() {
        let mut local = in_kitty(false, PictureMode::Auto);
        assert_eq!(
            local.reason(),
            "kitty graphics: this terminal is kitty; the terminal does not say how many pixels a cell has: 8×16 are assumed"
        );
        local.set_cell(Some((9, 18)));
        assert!(
            local.reason().ends_with("kitty; a cell has 9×18 pixels"),
            "{}",
            local.reason()
        );
        assert_eq!(
            in_kitty(true, PictureMode::Auto).reason(),
            "sextants in truecolor: this terminal draws sextants itself; over SSH, kitty graphics only when the settings say so"
        );
        let set = in_kitty(true, PictureMode::Sixel).reason();
        assert!(
            set.starts_with("sixel graphics: `mode` under [pictures]"),
            "{set}"
        );
    }

    #[test]
    fn the_settings_choose_and_the_key_goes_on_from_there() {
        let settings = |mode| PictureSettings {
            mode,
            bytes_per_second: 1000,
            cache_mb: 0,
        };
        let style = |mode| PictureStyle::default().with(&settings(mode), false);
        for (mode, shape, next) in [
            (PictureMode::Cells, Some(Shape::Half), Some(Shape::Sextant)),
            (PictureMode::Quadrant, Some(Shape::Quadrant), Some(Shape::Half)),
            (PictureMode::Off, None, Some(Shape::Half)),
        ] {
            let mut style = style(mode);
            assert_eq!(
                (style.shape(), style.moves(), style.bytes_per_second()),
                (shape, false, 1000)
            );
            style.next();
            assert_eq!(style.shape(), next, "{mode}");
        }
        assert_eq!(style(PictureMode::Off).shape_on_request(), Shape::Half);
        assert!(style(PictureMode::Off).reason().starts_with("off: "));
        assert!(style(PictureMode::Sextant).reason().contains("says so"));
    }
}
