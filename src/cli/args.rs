//! The command line: every command and option, with its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::engine::reconcile;
use crate::media::Speed;
use crate::model::Usd;
use crate::model::file_pattern::{FIELDS, NamedField};
use crate::service::promotion::How;

use super::options::Parameters;

/// A terminal workbench for Seedance 2.0: write a shot script, sweep seeds as 480p drafts, print the winner.
///
/// Without a command the workbench opens. Without a key it runs on the embedded sandbox: free, local, with
/// real playable files.
#[derive(Debug, Parser)]
#[command(name = "rushes", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that may stand before or after any command.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// Put configuration, data, state and cache into one folder
    #[arg(long, global = true, env = "RUSHES_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The reel (project) to work in
    #[arg(
        long,
        global = true,
        env = "RUSHES_REEL",
        value_name = "NAME",
        default_value = "main"
    )]
    pub reel: String,
    /// Send everything for the API to this origin, as `rushes sandbox` serves it
    #[arg(long, global = true, env = "RUSHES_API", value_name = "URL")]
    pub api: Option<String>,
    /// Use the sandbox even though a key is configured
    #[arg(long, global = true, conflicts_with = "live")]
    pub sandbox: bool,
    /// Use Segmind; fails when no key is configured
    #[arg(long, global = true)]
    pub live: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Queue takes and wait until all are settled
    Gen(Box<Gen>),
    /// Make a final take of a draft, and wait for it
    Promote(Promote),
    /// Begin the reel's form with a take's last frame
    Chain(Chain),
    /// List the log, newest first
    Ls(Ls),
    /// Show one take with its whole exchange
    Show(Show),
    /// Work until nothing is in flight
    Resume(Resume),
    /// Resolve unknown outcomes, then compare the ledger with the provider's history; sends no waiting takes
    Reconcile(Reconcile),
    /// Estimate price and time without sending
    Estimate(Box<Estimate>),
    /// Check a shot script against its request, and fix it
    Lint(Box<Lint>),
    /// Draw a script's animatic into a file: free, no take
    Animatic(Box<Animatic>),
    /// Print one picture of a take or a file in character cells, or write it as a PNG file
    Still(Still),
    /// Play a take or a video file in this terminal, without sound
    Play(Play),
    /// Run the sandbox, a stand-in for the API, as a server
    Sandbox(Sandbox),
    /// Load the request of a file into the reel's form: a take's video or sidecar, a bundle, curl, JSON, or Python
    Open(OpenFile),
    /// Join takes' videos into one file, without encoding them anew
    Concat(Copies),
    /// Write takes with their videos, sidecars and prompts into one archive
    Bundle(Copies),
    /// Copy a take's video with its request in the copy's metadata
    Embed(Embed),
    /// List, create, rename and archive reels
    Reels(Reels),
    /// List the files of rejected takes, or delete them
    Bin(Bin),
    /// Report what rushes finds on this machine
    Doctor(Doctor),
    /// Print every setting with its default, as a commented file
    Config,
    /// List the themes, or print one as a template
    Themes {
        /// The theme to print
        name: Option<String>,
    },
    /// Print the key bindings in effect
    Keys,
}

/// The options of a request. What is not given is as in a new form: 480p, 10 s, 16:9, sound, one new seed.
#[derive(Debug, Clone, Default, Args)]
pub struct RequestArgs {
    /// The prompt: text, @FILE, or - for standard input; without it, the reel's form is used as it stands
    #[arg(long, short, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub prompt: Option<String>,
    #[command(flatten)]
    pub parameters: Parameters,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Gen {
    #[command(flatten)]
    pub request: RequestArgs,
    /// Do not ask before spending
    #[arg(long, short)]
    pub yes: bool,
    /// Print one JSON object for each take, when all are settled
    #[arg(long)]
    pub json: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Repeat a take that the provider failed to render up to N times, 0 to 3; never one refused for its content
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=3))]
    pub repeat: Option<u32>,
    /// The most that one take may cost, in US dollars; needed where a cap is set and the price is not known
    #[arg(long, value_name = "USD", value_parser = Usd::parse_maximum)]
    pub max_price: Option<Usd>,
    /// Vary one thing with one seed: duration, aspect, resolution, model, audio, or a variable of the prompt
    #[arg(long, value_name = "FIELD=VALUE,VALUE")]
    pub sweep: Option<String>,
    /// Send to Segmind even though the script's checks found errors
    #[arg(long)]
    pub ignore_lint: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Promote {
    /// The draft's number
    #[arg(value_parser = take_number)]
    pub take: i64,
    /// What is kept: `seed` (the request and its seed), `first-frame` (also its first frame), `video` (the draft guides
    /// the motion as video 1); without it, the best that the model offers
    #[arg(long, value_name = "HOW")]
    pub how: Option<How>,
    /// Another resolution than the model's usual one
    #[arg(long, value_name = "RESOLUTION")]
    pub resolution: Option<String>,
    /// Do not ask before spending
    #[arg(long, short)]
    pub yes: bool,
    /// One JSON object, when the take is settled
    #[arg(long)]
    pub json: bool,
    /// The most that the take may cost, in US dollars; needed where a cap is set and the price is not known
    #[arg(long, value_name = "USD", value_parser = Usd::parse_maximum)]
    pub max_price: Option<Usd>,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Chain {
    /// The take's number
    #[arg(value_parser = take_number)]
    pub take: i64,
}

#[derive(Debug, Clone, Default, Args)]
#[command(after_help = LINT_HELP)]
pub struct Lint {
    /// The script: a file, or - for standard input
    #[arg(required_unless_present = "rules")]
    pub file: Option<PathBuf>,
    /// Print one JSON object; offsets are bytes, columns characters
    #[arg(long, conflicts_with = "split")]
    pub json: bool,
    /// Make the fixes that edit the text; from standard input, print the fixed text
    #[arg(long)]
    pub fix: bool,
    /// Write a script longer than the longest take as clips: FILE-1.txt, FILE-2.txt and so on
    #[arg(long, conflicts_with = "fix")]
    pub split: bool,
    /// Let --split overwrite files
    #[arg(long, requires = "split")]
    pub force: bool,
    /// List the rules with their names and severities
    #[arg(long)]
    pub rules: bool,
    #[command(flatten)]
    pub parameters: Parameters,
}

const LINT_HELP: &str = "The script is checked against the request that the options describe, by default that of \
    a new form: 480p, 10 s, 16:9, sound.\n\nExit code 2 when there are errors. Rules are switched off by name in \
    the settings: [lint] off = [\"gap\"].";

#[derive(Debug, Clone, Args)]
pub struct Animatic {
    /// The script: a file, or - for standard input
    pub file: PathBuf,
    /// Where to write the video
    #[arg(long, short, value_name = "OUT.mp4")]
    pub out: PathBuf,
    /// Overwrite OUT.mp4 when it is there
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub parameters: Parameters,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Estimate {
    #[command(flatten)]
    pub request: RequestArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Ls {
    /// Words such as seed:42, state:saved, 720p, verdict:circled, sweep:9, tag:hero, 'tag:"b roll"', or text of the prompt
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Print one JSON object for each take or sweep; all of them unless filtered
    #[arg(long)]
    pub json: bool,
    /// List the takes of every reel
    #[arg(long)]
    pub all_reels: bool,
    /// List sweeps instead of takes: those with a take that matches
    #[arg(long)]
    pub sweeps: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Show {
    /// The take's number
    #[arg(value_parser = take_number)]
    pub take: i64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Resume {
    /// Continue in the background, detached from this terminal
    #[arg(long)]
    pub background: bool,
    /// Also send the takes that are on hold after two refusals of their prompt
    #[arg(long, alias = "release-held", conflicts_with_all = ["background", "detached"])]
    pub release_on_hold: bool,
    /// The process that `--background` starts
    #[arg(long, hide = true, conflicts_with = "background")]
    pub detached: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Reconcile {
    /// Print one JSON object for each difference and each import, and a summary
    #[arg(long)]
    pub json: bool,
    /// How many days to compare, today included: 1 to 31
    #[arg(long, value_name = "N", default_value_t = reconcile::MAX_DAYS,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(reconcile::MAX_DAYS)))]
    pub days: u32,
    /// Import generations made elsewhere, by their request ids or all of them, or takes that only the files beside
    /// the videos record; buys nothing
    #[arg(long, alias = "adopt", value_name = "all|files|REQUEST_ID", num_args = 1..)]
    pub import: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub struct Sandbox {
    /// The port on the loopback; 0 for any free one
    #[arg(long, value_name = "N", default_value_t = 8787)]
    pub port: u16,
    /// How fast takes render: 1 is about 6 s for a draft, 10 is ten times as fast, `real` is the provider's pace
    #[arg(long, value_name = "X", default_value = "1")]
    pub speed: String,
    /// The folder for its ledger and videos
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Scripted failures, as a TOML file: docs/sandbox.md describes the format
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Answer v1 with JSON instead of the video itself
    #[arg(long)]
    pub v1_json: bool,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = STILL_HELP)]
pub struct Still {
    /// The take's number, or a file: a video, or a PNG, JPEG or WebP picture
    #[arg(value_name = "TAKE|FILE")]
    pub of: PathBuf,
    /// Which picture of the video, by its time in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    pub at: Option<u64>,
    /// The cells that the picture may fill; the terminal's, or 80x22
    #[arg(long, value_name = "COLSxROWS", value_parser = cells)]
    pub size: Option<(u16, u16)>,
    /// How many colours; those of the terminal unless given, and none where the output is no terminal
    #[arg(long, value_name = "COLORS")]
    pub colors: Option<Colors>,
    /// What the cells are made of
    #[arg(long, value_name = "SHAPE", default_value = "auto")]
    pub shape: ShapeName,
    /// Print at most so many bytes, as like the picture as they allow
    #[arg(long, value_name = "N")]
    pub max_bytes: Option<usize>,
    /// Write the picture in its full size into this new file, which is never overwritten
    #[arg(long, value_name = "FILE", conflicts_with_all = ["size", "colors", "shape", "max_bytes"])]
    pub png: Option<PathBuf>,
}

const STILL_HELP: &str = "With `auto` the cells are sextants where the terminal is known to draw them, else quadrants; half blocks on \
    the Linux console, and ASCII where the locale is not UTF-8. Sextants are glyphs of 2020 that older fonts lack.\n\n\
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
    /// The most colours; those of the terminal unless given
    #[arg(long, value_name = "COLORS")]
    pub colors: Option<Colors>,
    /// What the cells are made of
    #[arg(long, value_name = "SHAPE", default_value = "auto")]
    pub shape: ShapeName,
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

#[derive(Debug, Clone, Args)]
pub struct OpenFile {
    /// The file; nothing in it is run, and a key in it is dropped
    pub file: PathBuf,
    /// The take of a bundle whose request is loaded; without it, the first
    #[arg(long, value_name = "N", value_parser = take_number)]
    pub take: Option<i64>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Copies {
    /// The takes, by their numbers, in this order
    #[arg(required = true, value_name = "TAKE", value_parser = take_number)]
    pub takes: Vec<i64>,
    /// The new file, which is never overwritten
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Embed {
    /// The take's number
    #[arg(value_parser = take_number)]
    pub take: i64,
    /// The new file, which is never overwritten
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Reels {
    #[command(subcommand)]
    pub command: Option<ReelsCommand>,
    /// Print one JSON object for each reel
    #[arg(long, global = true)]
    pub json: bool,
    /// List archived reels too
    #[arg(long, global = true)]
    pub all: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum ReelsCommand {
    /// List the reels with their takes and what was paid for them, the newest first
    List,
    /// Create a reel
    New {
        /// The name of the new reel
        name: String,
    },
    /// Give a reel another name; its folder and its videos keep theirs
    Rename {
        /// The reel's current name
        old: String,
        /// The reel's new name
        new: String,
    },
    /// Archive a reel: it is no longer listed and takes no new takes; nothing is deleted
    Archive {
        /// The reel
        name: String,
    },
    /// Bring an archived reel back: it is listed and takes new takes again
    Restore {
        /// The archived reel
        name: String,
    },
    /// Set how the videos that a reel saves from now on are named; saved videos keep their names
    #[command(after_help = names_help())]
    Names {
        /// The reel
        name: String,
        /// The names of the videos, without the ending .mp4: text with fields in braces
        #[arg(required_unless_present = "default")]
        pattern: Option<String>,
        /// Remove the reel's own pattern, so that the setting `file_names` holds for it again
        #[arg(long, conflicts_with = "pattern")]
        default: bool,
    },
}

/// The fields of a pattern, and an example.
fn names_help() -> String {
    let fields: Vec<String> = FIELDS.iter().map(NamedField::explained).collect();
    let help = format!(
        "Fields: {}.\n\nFor example: rushes reels names 'night drive' '{{date}}-{{n}}-{{res}}'",
        fields.join(", ")
    );
    // `{n}` would be a new line in a help text, so a style that changes nothing stands within its braces.
    help.replace("{n}", "{\x1b[0mn}")
}

#[derive(Debug, Clone, Args)]
pub struct Bin {
    #[command(subcommand)]
    pub command: Option<BinCommand>,
    /// One JSON object: for each file when listing, for all when emptying
    #[arg(long, global = true)]
    pub json: bool,
    /// The bins of every reel
    #[arg(long, global = true)]
    pub all_reels: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum BinCommand {
    /// List the rejected takes whose files are in the bin, oldest first
    List,
    /// Delete these files for good; the takes and their requests stay in the log
    Empty {
        /// Do not ask before deleting
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Debug, Clone, Default, Args)]
pub struct Doctor {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
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
        Err("a time is a number of seconds from 0, such as 2 or 3.5".to_owned())
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

/// Reads the number of a take.
fn take_number(text: &str) -> Result<i64, String> {
    text.parse()
        .map_err(|_| "a take is named by its number, such as 12".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nothing_is_no_maximum_price() {
        let parsed = |price: &str| Cli::try_parse_from(["rushes", "gen", "--max-price", price]).map(drop);
        assert!(parsed("0.01").is_ok());
        for price in ["0", "$0.00", "ten"] {
            assert!(parsed(price).is_err(), "{price}");
        }
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in [["rushes", "--reel", "x", "ls"], ["rushes", "ls", "--reel", "x"]] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.global.reel, "x");
        }
    }
}
