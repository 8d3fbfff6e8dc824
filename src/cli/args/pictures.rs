//! The options of the commands that show pictures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::media::Speed;
use crate::tui::graphics::Protocol;

/// What the cells of a picture are made of.
#[derive(Debug, Clone, Args)]
pub struct CellArgs {
    /// How many colours; those of the terminal unless given, and none where the output is no terminal
    #[arg(long, value_name = "COLORS")]
    pub colors: Option<Colors>,
    /// What the cells are made of
    #[arg(long, value_name = "SHAPE", default_value = "auto")]
    pub shape: ShapeName,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = STILL_HELP)]
pub struct Still {
    /// The take's number, or a file: a video, or a PNG, JPEG or WebP picture
    #[arg(value_name = "TAKE|FILE")]
    pub of: PathBuf,
    /// Which picture of the video, by its time in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds, allow_hyphen_values = true)]
    pub at: Option<u64>,
    /// The cells that the picture may fill; the terminal's, or 80x22
    #[arg(long, value_name = "COLSxROWS", value_parser = cells)]
    pub size: Option<(u16, u16)>,
    #[command(flatten)]
    pub cells: CellArgs,
    /// Draw pixels with the graphics of the terminal, instead of cells
    #[arg(long, value_name = "PROTOCOL", default_value = "cells")]
    pub protocol: ProtocolName,
    /// Print at most N bytes, as close to the picture as they allow
    #[arg(long, value_name = "N", conflicts_with = "protocol")]
    pub max_bytes: Option<usize>,
    /// Write the picture in its full size into this new file, which is never overwritten
    #[arg(long, value_name = "FILE", conflicts_with_all = ["size", "colors", "shape", "max_bytes", "protocol"])]
    pub png: Option<PathBuf>,
}

const STILL_HELP: &str = "With `auto` the cells are sextants where the terminal is known to draw them, else quadrants; half blocks on \
    the Linux console, and ASCII where the locale is not UTF-8. Sextants are glyphs of 2020 that older fonts lack.\n\n\
    Kitty and Ghostty have the protocol `kitty`, iTerm2 and WezTerm `iterm`, foot, xterm and others `sixel`. Inside tmux they are \
    wrapped, and tmux passes them on only with `allow-passthrough on`.\n\n\
    A file whose name is a number needs a path: ./12";

#[derive(Debug, Clone, Args)]
#[command(after_help = PLAY_HELP)]
pub struct Play {
    /// The take's number, or a video file
    #[arg(value_name = "TAKE|FILE")]
    pub of: PathBuf,
    /// The most cells that the picture may fill; those of the terminal unless given
    #[arg(long, value_name = "COLSxROWS", value_parser = cells)]
    pub size: Option<(u16, u16)>,
    #[command(flatten)]
    pub cells: CellArgs,
    /// The most bytes to send a second; `bytes_per_second` of the settings unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1000..=100_000_000))]
    pub bytes_per_second: Option<u32>,
    /// Begin again at the end, until it is stopped
    #[arg(long = "loop")]
    pub repeats: bool,
    /// How fast
    #[arg(long, value_name = "SPEED", default_value = "1")]
    pub speed: SpeedName,
}

const PLAY_HELP: &str = "Keys: Space stops and plays, comma and period go by pictures, ; begins again at the end or not, \
    { and } halve and double the speed, q, Esc and Ctrl-C end it.\n\n\
    On a thin line it shows fewer pictures, then fewer colours, then only what changes most.\n\n\
    A file whose name is a number needs a path: ./12";

/// How fast `play` plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpeedName {
    #[value(name = "1/4", alias = "0.25")]
    Quarter,
    #[value(name = "1/2", alias = "0.5")]
    Half,
    #[value(name = "1")]
    Normal,
    #[value(name = "2")]
    Double,
}

impl From<SpeedName> for Speed {
    fn from(name: SpeedName) -> Self {
        match name {
            SpeedName::Quarter => Self::Quarter,
            SpeedName::Half => Self::Half,
            SpeedName::Normal => Self::Normal,
            SpeedName::Double => Self::Double,
        }
    }
}

#[derive(Debug, Clone, Args)]
#[command(after_help = WALL_HELP)]
pub struct Wall {
    /// The number of a sweep; several numbers are those of takes
    #[arg(value_name = "SWEEP|TAKE", required = true, num_args = 1..)]
    pub numbers: Vec<i64>,
    /// The number is that of a take, even if it is the only one
    #[arg(long)]
    pub takes: bool,
    /// Write a contact sheet into this new PNG file, which is never overwritten
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["size", "colors", "shape"])]
    pub output: Option<PathBuf>,
    /// Which moment of every shot is shown
    #[arg(long, value_name = "MOMENT", default_value = "middle")]
    pub moment: MomentName,
    /// The cells that the wall may fill from side to side; the rows are those of one take. The terminal's width, or 80
    #[arg(long, value_name = "COLSxROWS", value_parser = cells)]
    pub size: Option<(u16, u16)>,
    #[command(flatten)]
    pub cells: CellArgs,
}

const WALL_HELP: &str = "A take of one shot is shown by its beginning, middle and end. A take without a video says why.\n\n\
    Examples:\n  rushes wall 9                    print the takes of sweep 9\n  \
    rushes wall 9 -o sweep-9.png     write them as a contact sheet\n  \
    rushes wall 12 15 18             print these three takes";

/// Which moment of a shot `wall` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MomentName {
    Early,
    Middle,
    Late,
}

/// How many colours `still` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colors {
    Truecolor,
    #[value(name = "256")]
    Ansi256,
    #[value(name = "16")]
    Ansi16,
    None,
}

/// What the cells of `still` are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShapeName {
    Auto,
    Half,
    Quadrant,
    Sextant,
    Ascii,
}

/// With what `still` draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProtocolName {
    Cells,
    Kitty,
    Iterm,
    Sixel,
}

impl ProtocolName {
    /// How pixels are sent; `None` for cells.
    pub const fn pixels(self) -> Option<Protocol> {
        match self {
            Self::Cells => None,
            Self::Kitty => Some(Protocol::Kitty),
            Self::Iterm => Some(Protocol::Iterm),
            Self::Sixel => Some(Protocol::Sixel),
        }
    }
}

/// Reads a time in seconds, in milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked"
)]
fn milliseconds(text: &str) -> Result<u64, String> {
    let seconds: f64 = text.trim_end_matches('s').parse().unwrap_or(-1.0);
    if (0.0..=86_400.0).contains(&seconds) {
        Ok((seconds * 1000.0).round() as u64)
    } else {
        Err("a time is a number of seconds from 0 to the end of the video, such as 2 or 3.5".to_owned())
    }
}

/// Reads the size of a picture in cells.
fn cells(text: &str) -> Result<(u16, u16), String> {
    const MAX: u16 = 1000;
    let side = |text: &str| {
        text.trim()
            .parse::<u16>()
            .ok()
            .filter(|side| (1..=MAX).contains(side))
    };
    text.split_once(['x', '×'])
        .and_then(|(columns, rows)| side(columns).zip(side(rows)))
        .ok_or_else(|| format!("a size is columns x rows, such as 80x22, each from 1 to {MAX}"))
}
