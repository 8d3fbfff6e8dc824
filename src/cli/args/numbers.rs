//! The options of the commands about numbers and bookkeeping.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use crate::store::By;

#[derive(Debug, Clone, Args)]
#[command(after_help = STATS_HELP)]
pub struct Stats {
    /// What takes are added up by
    #[arg(long, value_name = "WHAT", default_value = "day")]
    pub by: ByName,
    /// Print one JSON object for each total and each group
    #[arg(long)]
    pub json: bool,
}

const STATS_HELP: &str = "All reels count unless --reel names one. A take is kept when it is saved and you circled it, or \
    when a take was promoted from it and you did not reject it. Takes of the sandbox are listed apart, and cost nothing.";

/// What takes are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByName {
    /// The local day on which a take was sent
    Day,
    Reel,
    Sweep,
    Model,
}

impl From<ByName> for By {
    fn from(name: ByName) -> Self {
        match name {
            ByName::Day => Self::Day,
            ByName::Reel => Self::Reel,
            ByName::Sweep => Self::Sweep,
            ByName::Model => Self::Model,
        }
    }
}

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
