//! What the overlays for choosing takes, the wall and the knock-out, ask of the jobs, and what they get back.

use std::path::PathBuf;

use crate::model::{Take, TakeId, Verdict};
use crate::service::Problem;
use crate::service::knock_out::Between;
use crate::service::wall::Scrub;
use crate::store::{Choice, Decision, Order, Tally};

use super::picture_way::PictureWay;
use super::widgets::picture::DrawnPicture;

/// The most takes that wait for their small pictures; others are requested when those are there.
pub const MAX_WANTED: usize = 96;

/// Which takes are the rows of a wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WallSource {
    Sweep(i64),
    /// Those that were marked.
    Takes(Vec<TakeId>),
    /// The reel's takes that this filter lets through.
    Filter(String),
}

/// The part of a wall that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallView {
    pub source: WallSource,
    pub order: Order,
    pub offset: u64,
    pub limit: u64,
    /// The page is the one with this take instead.
    pub seek: Option<Seek>,
}

/// A take whose place is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    Take(TakeId),
    /// The next one without a verdict behind this one.
    UnjudgedAfter(TakeId),
}

/// Rows of a wall.
#[derive(Debug, Clone, PartialEq)]
pub struct WallPage {
    pub tally: Tally,
    /// The place of the first row of `takes`.
    pub offset: u64,
    pub takes: Vec<Take>,
    /// The place of the take that was sought, if it is there.
    pub found: Option<u64>,
}

/// How the small pictures of a row are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripLook {
    pub scrub: Scrub,
    /// The cells of one picture.
    pub columns: u16,
    pub rows: u16,
    pub way: PictureWay,
}

/// The pictures of one row, and of which file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripKey {
    pub take: TakeId,
    pub file: Option<PathBuf>,
    pub look: StripLook,
}

impl StripKey {
    pub fn of(take: &Take, look: StripLook) -> Self {
        Self {
            take: take.id,
            file: take.file.clone(),
            look,
        }
    }
}

/// The pictures of a row, or why there are none.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    pub key: StripKey,
    pub pictures: Result<Vec<DrawnPicture>, String>,
}

#[derive(Debug, Clone)]
pub enum WallWork {
    Read(Box<WallView>),
    /// Makes the pictures of these takes, in this order, and no others any more.
    Pictures(Vec<Take>, StripLook),
    /// No pictures are wanted any more.
    Cancel,
    /// Writes all rows as a sheet with this title into the new file.
    Export {
        source: WallSource,
        order: Order,
        title: String,
        scrub: Scrub,
        to: PathBuf,
    },
}

#[derive(Debug, Clone)]
pub enum WallNews {
    Read(Box<WallView>, Result<Box<WallPage>, Problem>),
    Pictures(Box<Strip>),
    /// Why small pictures cannot be kept.
    NotKept(String),
    /// The sheet was written; what was written, in words.
    Exported(Result<String, Problem>),
}

/// One of two takes that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

#[derive(Debug, Clone)]
pub enum KnockOutWork {
    Open(Between),
    Read(Vec<TakeId>),
    Decide {
        takes: Vec<TakeId>,
        pair: (TakeId, TakeId),
        choice: Choice,
    },
    /// Takes back the last of these decisions, which are all that are known, with the verdicts that followed.
    TakeBack {
        takes: Vec<TakeId>,
        known: Vec<Decision>,
    },
    /// Gives takes of the ranking that these decisions led to a verdict.
    Judge {
        takes: Vec<TakeId>,
        known: Vec<Decision>,
        judged: Vec<TakeId>,
        verdict: Verdict,
    },
    /// Makes these decisions history.
    BeginAnew {
        takes: Vec<TakeId>,
        known: Vec<Decision>,
    },
}
