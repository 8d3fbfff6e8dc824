//! The command line: every command and option, with its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::engine::reconcile;
use crate::model::Usd;
use crate::service::promotion::How;

use super::options::Parameters;

mod numbers;
mod pictures;
mod reels;

pub use numbers::{ByName, Export, Stats};
pub use pictures::{CellArgs, Colors, MomentName, Play, ShapeName, Still, Wall};
pub use reels::{Bin, BinCommand, Reels, ReelsCommand};

/// A terminal workbench for Seedance: write a shot script, sweep seeds as 480p drafts, print the winner.
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
    /// The reel (project) to work in; without it, `main`, or what you renamed it to
    #[arg(long, global = true, env = "RUSHES_REEL", value_name = "NAME")]
    pub reel: Option<String>,
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
    /// Run a saved take's request once more with its seed, and say whether the clip is the same
    Probe(Probe),
    /// Begin the reel's form with a take's last frame
    Chain(Chain),
    /// List the log, newest first
    Ls(Ls),
    /// Show one take with its whole exchange
    Show(Show),
    /// Add up what was spent, kept, failed and waited for
    Stats(Stats),
    /// Write takes as CSV or JSON, for a bookkeeper
    Export(Export),
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
    /// Print takes as rows of small pictures, a column for each shot, or write them as a contact sheet
    Wall(Wall),
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
    /// List what each model offers and costs, and who says so
    Models(Models),
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
    /// Make a draft that can be finished later as the very same shot; the model must have such drafts, as seedance-2.5 has
    #[arg(long)]
    pub draft: bool,
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
    /// What is kept: `finish` (everything: the very same shot), `seed` (the request and its seed), `first-frame` (also its
    /// first frame), `video` (the draft guides the motion as video 1); without it, the best that the model offers
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
#[command(after_help = PROBE_HELP)]
pub struct Probe {
    /// The number of a saved take
    #[arg(value_parser = take_number, required_unless_present = "list")]
    pub take: Option<i64>,
    /// Compare it with this saved take instead; nothing is sent
    #[arg(long, value_name = "TAKE2", value_parser = take_number, conflicts_with = "list")]
    pub against: Option<i64>,
    /// List the results of earlier probes, the newest first
    #[arg(long, conflicts_with = "take")]
    pub list: bool,
    /// Do not ask before spending
    #[arg(long, short)]
    pub yes: bool,
    /// One JSON object for each result
    #[arg(long)]
    pub json: bool,
    /// The most that the take may cost, in US dollars; needed where a cap is set and the price is not known
    #[arg(long, value_name = "USD", value_parser = Usd::parse_maximum)]
    pub max_price: Option<Usd>,
}

const PROBE_HELP: &str = "A take of the same request that is there already is compared first, and nothing is paid then: so a \
    probe that was interrupted can be finished.\n\nsame: all frames are equal. near: no frame differs visibly (PSNR of at least \
    35 dB on average and 30 dB for each frame). different: everything else.";

#[derive(Debug, Clone, Default, Args)]
pub struct Chain {
    /// The take's number
    #[arg(value_parser = take_number)]
    pub take: i64,
}

#[derive(Debug, Clone, Default, Args)]
#[command(after_help = LINT_HELP)]
pub struct Lint {
    /// Scripts: files, or - for standard input, which is also read when it is not a terminal
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print one JSON object for each script; offsets are bytes, columns characters
    #[arg(long, conflicts_with = "split")]
    pub json: bool,
    /// Make the certain fixes of the text, or those that are named; from standard input, print the fixed text
    #[arg(long, value_name = "FIXES", num_args = 0.., require_equals = true, value_delimiter = ',')]
    pub fix: Option<Vec<String>>,
    /// Show what --fix changes as a diff; without --fix, write nothing
    #[arg(long, conflicts_with_all = ["json", "split"])]
    pub diff: bool,
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
    a new form: 480p, 16:9, sound. Without --duration, its length is the shortest that holds the script, or the one that the \
    text states.\n\nFIXES are citations, close-gaps, newlines, renumber, shift, squeeze, start-at-zero, stretch and swap-times, \
    with commas between them.\n\nExit code 2 when there are errors. Rules are switched off by name in \
    the settings: [lint] off = [\"gap\"].";

#[derive(Debug, Clone, Args)]
pub struct Animatic {
    /// The script: a file, or - for standard input; without --duration, the video has the length that fits it
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
    /// Words such as state:saved, seed:42, 720p, cost:>0.5, day:today, tag:"b roll", or text of the prompt or the note
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
    /// What the same request with the same seed gives once more, for trying `rushes probe`
    #[arg(long, value_name = "HOW", default_value = "same")]
    pub same_seed: SameSeedName,
    /// Answer v1 with JSON instead of the video itself
    #[arg(long)]
    pub v1_json: bool,
}

/// What the sandbox gives for the same seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SameSeedName {
    Same,
    Near,
    Different,
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

#[derive(Debug, Clone, Default, Args)]
pub struct Doctor {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Default, Args)]
#[command(after_help = MODELS_HELP)]
pub struct Models {
    /// Read the provider's public catalogue first, and say what changed; no key is sent
    #[arg(long)]
    pub refresh: bool,
    /// Print one JSON object for each model
    #[arg(long)]
    pub json: bool,
}

const MODELS_HELP: &str = "What is built in comes first, then what the provider's catalogue says, then the user's models.toml \
    beside the settings. With --api, the catalogue of that server is read and not kept.";

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
            assert_eq!(cli.global.reel.as_deref(), Some("x"));
        }
    }
}
