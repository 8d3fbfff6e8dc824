//! The options of the commands for bookkeeping.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

#[derive(Debug, Clone, Args)]
#[command(after_help = EXPORT_HELP)]
#[command(group = ArgGroup::new("format").args(["csv", "json"]).required(true))]
pub struct Export {
    /// Words such as state:saved, 720p, verdict:circled, backend:live, as for `ls`; without any, every take
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Write a table with a row for each take
    #[arg(long)]
    pub csv: bool,
    /// Write one JSON object for each take, as `ls --json` prints it
    #[arg(long)]
    pub json: bool,
    /// The new file, which is never overwritten; standard output without it
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

const EXPORT_HELP: &str = "The oldest take comes first. All reels are exported unless --reel names one. Text that begins \
    as a formula does (with = + - or @) gets an apostrophe before it in CSV, so that no spreadsheet calculates it.";
