//! The options of the commands about reels and their bins.

use clap::{Args, Subcommand};

use crate::model::file_pattern::{FIELDS, NamedField};

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
