//! What is played and what comes of it: the data that components and the player exchange.

use std::path::PathBuf;

use super::widgets::picture::DrawnPicture;
use crate::media::Span;
use crate::media::cells::{Depth, Shape};
use crate::model::TakeId;

/// One take, or two in step, that are to be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playing {
    /// Names the playing in what is reported of it; [`super::state::State::next_playing`] gives it.
    pub number: u64,
    pub parts: Vec<PlayingTake>,
    /// What is played of them. An end beyond that of the longest video means all of it.
    pub span: Span,
    /// With which glyphs pictures are drawn, and in how many colours at most.
    pub shape: Shape,
    pub depth: Depth,
    /// How many bytes a second may be sent, with everything that the workbench writes meanwhile.
    pub bytes_per_second: u32,
}

/// A take and the cells in which it is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayingTake {
    pub take: TakeId,
    pub file: PathBuf,
    /// How many bytes were saved: a file of another size is not the take's.
    pub bytes: Option<u64>,
    pub columns: u16,
    pub rows: u16,
    /// The picture that is shown there now, so that only what changes is sent.
    pub shown: Option<DrawnPicture>,
}

/// A moment of what is played. The next one comes when this one was drawn and the terminal has accepted it.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    pub playing: u64,
    /// Counts those of one playing.
    pub frame: u64,
    /// Milliseconds from the start of the videos.
    pub at: u64,
    pub parts: Vec<PlayedTake>,
}

/// What is shown of a take.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedTake {
    pub take: TakeId,
    /// The picture, or why there is none.
    pub cells: Result<DrawnPicture, String>,
}

/// Playing has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayEnded {
    pub playing: u64,
    /// Where, in milliseconds from the start of the videos.
    pub at: u64,
    pub how: PlayEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayEnd {
    /// It came to the end of its span.
    Over,
    /// It was stopped, or something else is played.
    Stopped,
    /// None of its videos can be shown; the last [`Played`] says why.
    Failed,
}

/// The terminal has accepted a frame of what is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTaken {
    pub playing: u64,
    pub frame: u64,
    /// It had to be waited for.
    pub was_behind: bool,
}
