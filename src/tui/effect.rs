//! What a change of state asks of the world, as data; and what the world responds.

use std::path::PathBuf;
use std::sync::Arc;

use crate::engine;
use crate::engine::admit::Order;
use crate::engine::reconcile::{Comparison, Elsewhere};
use crate::engine::references::{Local, Paths};
use crate::engine::sidecars::orphans::Imported;
use crate::model::{Doubt, Expectation, Form, MoneySettings, PriceTable, Request, Take, TakeId, Usd};
pub use crate::service::Change as Mark;
use crate::service::Problem;
use crate::store::{Event, Exchange, Overwritten, QueueState, Revision, Unsettled};

use super::reading::Files;
use super::terminal::clipboard::Sent;
use super::terminal::late::{Late, Lent};
use super::widgets::picture::PictureCells;

/// Something to be done outside of the state, by [`super::jobs`] or the loop. Each sends its end as a message.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Save the form; the number says which save of this session it is.
    SaveForm(u64, Box<Form>),
    /// The user sees this form of another workbench now, so that the next save follows upon it.
    FormSeen(Box<Form>),
    /// Look for text that an earlier session could not save.
    FindUnsaved,
    DecideUnsaved(Found, Decision),
    /// Read the newest revisions of the form.
    ListRevisions,
    /// Make each of `rest` the form of a new reel, so that `first` alone may stay here.
    SaveClips {
        first: Box<Form>,
        rest: Vec<Form>,
    },
    /// Read what is on screen from the store.
    Refresh(Box<View>),
    /// Read the settings about money, which may have changed.
    LookAtMoney,
    Admit(Box<Order>),
    Mark(TakeId, Mark),
    /// Read the whole of a take.
    Open(TakeId),
    /// See what the local files are that the form names.
    LookAtFiles(Vec<Local>),
    /// See whether an editor has saved into files that were lent to it; then open another editor, if so wished.
    LookAtLent {
        lent: Vec<Lent>,
        then_edit: bool,
    },
    /// What was written into a lent file is taken.
    MarkUnwritten(PathBuf),
    /// The user wants nothing of what is in a lent file.
    RemoveLent(PathBuf),
    /// Find the paths that a typed one may be the beginning of.
    FindPaths(String),
    CheckAgain,
    /// Hold the provider's books against the log; quietly only when that is due.
    Compare {
        quiet: bool,
    },
    /// Take generations made elsewhere into the log.
    Adopt {
        reel_id: String,
        prices: PriceTable,
        chosen: Vec<Elsewhere>,
    },
    ResumeLine,
    /// The user accepts for this run what is wrong with the settings about money.
    AcceptDoubt(Doubt),
    /// Import the takes that only the files beside the films tell of.
    ImportStrays,
    /// Decode the first picture of a take's film.
    Picture(Frame),
    /// To the clipboard; the first word says what it is.
    Copy {
        what: &'static str,
        text: String,
    },
    /// For the terminal, done by the loop between two frames.
    Terminal(TerminalEffect),
}

/// What only the loop can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalEffect {
    Edit(String),
    Suspend,
    Redraw,
    Mouse(bool),
    Escape(String),
    /// A sound and a line for a user who looks elsewhere.
    Notify(String),
}

/// A picture to be decoded, and how many pixels fit where it will be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub take: TakeId,
    pub file: PathBuf,
    pub columns: u16,
    pub rows: u16,
}

/// What a video's header says.
#[derive(Debug, Clone, PartialEq)]
pub struct MovieFacts {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// Frames a second.
    pub fps: f64,
    pub video: String,
    pub audio: Option<String>,
}

/// A decoded picture and what the film's header says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictured {
    pub frame: Frame,
    pub movie: Option<MovieFacts>,
    /// The picture, or why there is none.
    pub cells: Result<PictureCells, String>,
}

/// A text found at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub file: PathBuf,
    pub form: Form,
}

/// What becomes of a found text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It becomes the text being edited; the present one is kept as a revision.
    Use,
    /// It is kept as a revision.
    KeepBoth,
    Discard,
}

/// What part of the store is on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The log's filter as typed.
    pub filter: String,
    pub offset: u64,
    pub limit: u64,
    pub midnight: jiff::Timestamp,
    /// The expectation is of takes like this one.
    pub like: Request,
    /// How often the form had been handed out to be saved by then.
    pub saves: u64,
    /// The takes that were in the queue.
    pub queued: Vec<TakeId>,
    /// Whether the store had taken each of them.
    pub all_saved: bool,
}

/// The answer to [`Effect::Refresh`].
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub view: View,
    pub queue: Vec<Take>,
    /// Takes that were in the queue and are no more, as they are now.
    pub ended: Vec<Take>,
    /// The filter could not be read: why. The lists are then as without it.
    pub filter_error: Option<String>,
    pub count: u64,
    pub takes: Vec<Take>,
    pub line: QueueState,
    /// Over all reels.
    pub unsettled: Unsettled,
    pub today: Usd,
    /// What the takes in line may cost.
    pub promised: Usd,
    /// The settings about money as they are now.
    pub money: MoneySettings,
    /// The most that the take whose turn it is may cost, over all reels.
    pub next: Option<Usd>,
    pub expectation: Expectation,
    /// The form as it is saved.
    pub form: Option<Form>,
    pub draft_version: Option<i64>,
    /// The form as it was then.
    pub versioned: Option<Form>,
}

/// A take with all that was asked and answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub take: Take,
    pub exchanges: Vec<Exchange>,
    pub events: Vec<Event>,
}

/// What arrives at the workbench besides keys.
#[derive(Debug, Clone)]
pub enum Message {
    Works(engine::Event),
    /// The engine works, or why it does not.
    Started(Result<(), Problem>),
    Snapshot(Result<Box<Snapshot>, Problem>),
    /// The settings about money as they are now.
    Money(Box<MoneySettings>),
    /// Another process has written to the store.
    ChangedElsewhere,
    /// A form was saved, over another workbench's text or not, or it was not saved yet.
    Saved {
        number: u64,
        answer: Result<Option<Overwritten>, Problem>,
    },
    UnsavedFound(Result<Vec<Found>, Problem>),
    /// What was decided about a text, and the revision that it is kept as.
    UnsavedDecided(Found, Decision, Result<Option<i64>, Problem>),
    Revisions(Result<Vec<Revision>, Problem>),
    /// The clips of a split script are saved: the first one, and the reels of the others.
    ClipsSaved(Box<Form>, Result<Vec<String>, Problem>),
    Admitted(Result<Vec<TakeId>, Problem>),
    Marked(Result<Box<Take>, Problem>),
    FilesSeen(Files),
    /// What was typed, and the paths that begin so.
    PathsFound(String, Paths),
    /// A reference is on its way to the provider.
    Uploading(String),
    Opened(Result<Arc<Whole>, Problem>),
    Resumed(Result<(), Problem>),
    /// The books were compared; nothing when that was not due.
    Compared {
        quiet: bool,
        answer: Result<Option<Arc<Comparison>>, Problem>,
    },
    Adopted(Result<Vec<TakeId>, Problem>),
    Imported(Result<Imported, Problem>),
    Pictured(Box<Pictured>),
    Copied {
        what: &'static str,
        sent: Sent,
    },
    /// The external editor's text, or why there is none.
    Edited(Result<String, String>),
    /// The external editor failed, but had saved this text before: the text and how it failed.
    EditedBadly(String, String),
    /// The external editor ended at once and changed nothing; it may still have the file.
    EndedAtOnce(Lent),
    /// Lent files were looked at: the texts that were written into them.
    LentSeen {
        late: Vec<Late>,
        then_edit: bool,
    },
    /// A second passed while a timer is on screen, or takes are waited for.
    Tick,
}
