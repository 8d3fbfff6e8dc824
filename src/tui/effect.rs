//! Side effects as data, and the messages that report their results.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::engine;
use crate::engine::admit::Order;
use crate::engine::bin::{Binned, Emptied};
use crate::engine::reconcile::{Comparison, Elsewhere};
use crate::engine::references::{Local, PathMatches};
use crate::engine::sidecars::orphans::Imported;
use crate::media::MovieInfo;
use crate::model::{CapScope, Doubt, Drift, Form, Lineage, MoneySettings, PriceTable, Take, TakeId, Usd};
use crate::script::expand::Snippets;
use crate::service::knock_out::KnockOut;
use crate::service::opening::Found;
use crate::service::sound::Heard;
use crate::service::{Change, Changed, Problem};
use crate::store::{
    By, Chains, Children, Exchange, Group, Member, Numbers, Overwritten, Probe, QueueState, Reel, ReelRow,
    Revision, SweepRow, TakeEvent, Unsettled,
};

use super::choosing::{KnockOutWork, Side, WallNews, WallWork};
use super::picture_way::PictureWay;
use super::playing::{FrameTaken, PlayEnded, Played, Playing};
use super::script_check::Files;
use super::state::{Listing, Money, RowId};
use super::terminal::clipboard::Sent;
use super::terminal::late::{Late, Lent};
use super::widgets::picture::DrawnPicture;

/// Work outside of the state, done by [`super::jobs`] or the loop. Each reports its result as a message.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Saves the form; the number counts the saves of this session.
    SaveForm(u64, Box<Form>),
    /// Keeps a form that is about to be replaced as a revision.
    KeepForm(Box<Form>),
    /// The user now sees this form of another workbench, so the next save replaces it.
    FormSeen(Box<Form>),
    /// Looks for text that an earlier session could not save.
    FindUnsaved,
    DecideUnsaved(Box<FoundText>, Decision),
    ListRevisions,
    /// Looks up the seeds of the sweeps that a list of seeds names.
    LookUpSeeds(String),
    /// Saves the first frame of a take as a file.
    FirstFrame(Box<Take>),
    /// Finds the last picture of a take, or saves it as a file.
    LastFrame(Box<Take>, jiff::Timestamp),
    /// Changes the reel's snippets.
    ChangeSnippet(SnippetChange),
    /// Lists the reels, or changes one of them.
    Reels(ReelChange),
    /// Writes the names of renamed reels into the files beside the videos.
    RenewSidecars,
    /// Reads takes whole. Where a single take is copied, it stands for its chain.
    FindTakes(Vec<TakeId>, Purpose),
    /// Writes the videos of takes into a new file.
    WriteCopy {
        how: Copying,
        takes: Vec<TakeId>,
        to: PathBuf,
    },
    /// Looks for a request in pasted text, or in the file that it names; of a bundle, for that of this take.
    FindRequest(String, Option<TakeId>),
    /// Looks whether text that was pasted into the prompt is the path of a file with a request.
    LookAtPasted(String),
    /// Finds the names that the reels of these further clips would get.
    NameClips {
        first: Box<Form>,
        rest: Vec<Form>,
    },
    /// Makes each of `rest` the form of a new reel, so that only `first` stays here.
    SaveClips {
        first: Box<Form>,
        rest: Vec<Form>,
    },
    /// Reads what is on screen from the store.
    Refresh(Box<StoreView>),
    /// Reads the settings about money, which may have changed.
    ReadMoney,
    /// Work of the engine.
    Engine(EngineWork),
    Change(TakeId, Change),
    /// Changes several takes; the text says of them what was done: `rejected`.
    ChangeSeveral(Vec<TakeId>, Change, String),
    /// Looks up which files the bin of the reel holds.
    LookIntoBin,
    /// Deletes the files of these rejected takes.
    EmptyBin(Vec<TakeId>),
    /// Finds the next saved take without a verdict behind this one in the log, and else the first.
    FindUnjudged {
        listing: Listing,
        after: Option<TakeId>,
    },
    /// Reads a take with its requests and responses.
    Open(TakeId),
    /// Measures the video of a draft that is to be promoted.
    LookAtDraft(Box<Take>, Local),
    /// Inspects the local files that the form names.
    LookAtFiles(Vec<Local>),
    /// Work with files that were lent to editors.
    Lent(LentWork),
    /// Finds the paths that begin with what was typed.
    FindPaths(String),
    ResumeQueue,
    /// The user accepts for this session that settings about money cannot be read.
    /// Sets a cap for this run of the program; `None` goes back to the settings.
    SetCap(CapScope, Option<Option<Usd>>),
    AcceptDoubt(Doubt),
    /// The user was told of bills that are off a price.
    DriftTold(Drift),
    /// Imports the takes that are known only from the files beside their videos.
    ImportOrphans,
    /// Adds up takes by this, with days of this zone.
    ReadNumbers(By, TimeZone),
    /// Work of a wall of takes.
    Wall(WallWork),
    /// Work of a knock-out.
    KnockOut(KnockOutWork),
    /// Decodes the picture of one of two takes; it arrives as every single picture does.
    SidePicture(Side, Frame),
    /// Decodes a picture of a take's video.
    Picture(Frame),
    /// Reads the stills of a take from the cache, or makes them.
    Stills(StillsWanted),
    /// Plays takes instead of what is played now.
    Play(Box<Playing>),
    StopPlaying,
    /// The videos of two takes at once, and what was played, are no longer needed.
    CloseVideos,
    /// The terminal has accepted a frame of what is played.
    FrameTaken(FrameTaken),
    /// Measures the sound of a take.
    Listen(Listening),
    /// Copies text to the clipboard; `what` names it for the user.
    Copy {
        what: &'static str,
        text: String,
    },
    /// Done by the loop between two frames.
    Terminal(TerminalEffect),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalEffect {
    Edit(String),
    Suspend,
    Redraw,
    Mouse(bool),
    Escape(String),
    /// Rings the bell and sends a desktop notification.
    Notify(String),
}

/// A change of a reel's snippets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnippetChange {
    /// Keeps this text under this name.
    Set {
        name: String,
        text: String,
    },
    Rename {
        from: String,
        to: String,
    },
    Remove {
        name: String,
    },
}

/// What is done about the reels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReelChange {
    /// They are only listed.
    List,
    New(String),
    Rename {
        old: String,
        new: String,
    },
    Archive(String),
    Restore(String),
}

/// Work of the engine, done as soon as it has started.
#[derive(Debug, Clone)]
pub enum EngineWork {
    Admit(Box<Order>),
    CheckAgain,
    /// Asks for the balance, unless it was asked for within the last minute.
    AskBalance,
    /// Compares the provider's history with the log; a quiet comparison is made only when one is due.
    Reconcile {
        quiet: bool,
    },
    /// Reads the provider's catalogue of models, if that is due.
    ReadCatalogue,
    /// Imports generations that were made elsewhere.
    Import {
        reel_id: String,
        prices: PriceTable,
        chosen: Vec<Elsewhere>,
    },
}

/// Work with files that were lent to editors.
#[derive(Debug, Clone)]
pub enum LentWork {
    /// Checks whether an editor has saved into files that were lent to it; then opens another editor, if asked to.
    Look { lent: Vec<Lent>, then_edit: bool },
    /// The text in a file was taken over.
    MarkUnwritten(PathBuf),
    /// The user discards what is in a file.
    Remove(PathBuf),
}

/// Why takes are read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Copy(Copying),
    /// To show what differs between them.
    Compare,
}

/// How the videos of several takes are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// Into one video.
    Join,
    /// Into an archive, with sidecars and prompts.
    Bundle,
}

impl Copying {
    /// What is said when it fails.
    pub const fn failed(self) -> &'static str {
        match self {
            Self::Join => "The videos were not joined",
            Self::Bundle => "The takes were not bundled",
        }
    }
}

/// A picture to be decoded, and the cells in which it will be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub take: TakeId,
    pub file: PathBuf,
    /// How many bytes were saved: a file of another size is not the take's.
    pub bytes: Option<u64>,
    pub moment: Moment,
    pub columns: u16,
    pub rows: u16,
    pub way: PictureWay,
}

/// Which picture of a video is meant; times are in milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The picture that is shown at that time.
    At(u64),
    /// The one after it, or the same at the end.
    After(u64),
    /// The one before it, or the same at the start.
    Before(u64),
}

/// A decoded picture and the header of its video.
#[derive(Debug, Clone, PartialEq)]
pub struct Pictured {
    /// What was requested.
    pub asked: Frame,
    /// The same with the time at which the picture is shown.
    pub frame: Frame,
    pub movie: Option<MovieInfo>,
    /// The picture, or why there is none.
    pub picture: Result<DrawnPicture, String>,
}

/// A take whose sound is measured, as it was when that was requested.
#[derive(Debug, Clone, PartialEq)]
pub struct Listening {
    pub take: Box<Take>,
}

/// Small pictures of a take, one for each of its shots, and the cells in which each will be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillsWanted {
    pub take: TakeId,
    /// Of the file, under which they are kept; empty when it is not known.
    pub sha256: String,
    pub file: PathBuf,
    /// Milliseconds from the start of the video.
    pub moments: Vec<u64>,
    pub columns: u16,
    pub rows: u16,
    pub way: PictureWay,
}

/// The result of [`Effect::Stills`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stills {
    pub asked: StillsWanted,
    /// In the order of the moments, or why there are none.
    pub pictures: Result<Vec<DrawnPicture>, String>,
}

/// A text that an earlier session could not save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundText {
    pub file: PathBuf,
    pub form: Form,
}

/// What the user does with a found text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It becomes the text being edited; the current one is kept as a revision.
    Use,
    /// It is kept as a revision.
    KeepBoth,
    Discard,
}

/// The part of the store that is on screen, and the form's state when it was requested.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreView {
    pub listing: Listing,
    pub offset: u64,
    pub limit: u64,
    /// The page is the one around this row instead, if it matches the filter.
    pub follow: Option<RowId>,
    pub midnight: jiff::Timestamp,
    /// Where the user's days begin and end.
    pub zone: jiff::tz::TimeZone,
    /// How many saves of the form had been started.
    pub saves: u64,
    /// Whether all of them were done.
    pub all_saved: bool,
    /// The sweeps that are unfolded.
    pub open: BTreeSet<i64>,
    /// Takes whose sweeps are to be unfolded too.
    pub made: Vec<TakeId>,
    pub marked: Vec<TakeId>,
    /// The takes that were in the queue.
    pub queued: Vec<TakeId>,
}

/// The result of [`Effect::Refresh`].
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub view: StoreView,
    pub queue: Vec<Take>,
    /// Takes that have left the queue, as they are now.
    pub ended: Vec<Take>,
    /// How many takes match the filter, and how many groups they make.
    pub count: u64,
    pub group_count: u64,
    pub groups: Vec<Group>,
    /// The sweeps of takes in the queue.
    pub sweeps: BTreeMap<i64, SweepRow>,
    /// The sweeps of the takes that were made.
    pub opened: BTreeSet<i64>,
    pub marked: Vec<Member>,
    /// The first words of takes that differ from the revision before.
    pub words: BTreeMap<TakeId, String>,
    /// What is known of whether models give the same clip for the same seed.
    pub probes: Vec<Probe>,
    pub queue_state: QueueState,
    /// Over all reels.
    pub unsettled: Unsettled,
    pub money: Money,
    /// The reel as it is now; another process may have renamed or archived it.
    pub reel: Option<Reel>,
    /// The form in the store.
    pub form: Option<Form>,
    /// The newest revision, and its form.
    pub revision: Option<i64>,
    pub revised: Option<Form>,
    /// Those of the reel.
    pub snippets: Snippets,
    /// The takes that came from those of the page and the queue.
    pub children: Children,
    /// The chains that these belong to.
    pub chains: Chains,
}

/// A take with its requests, responses and state changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub take: Take,
    pub exchanges: Vec<Exchange>,
    pub events: Vec<TakeEvent>,
    /// The takes that came from it.
    pub children: Vec<(TakeId, Lineage)>,
}

/// What arrives at the workbench besides keys.
#[derive(Debug, Clone)]
pub enum Message {
    Engine(engine::Event),
    /// The engine has started, or why it could not.
    Started(Result<(), Problem>),
    Snapshot(Result<Box<Snapshot>, Problem>),
    /// What was changed about a cap, or why it could not be.
    CapSet(Result<String, Problem>),
    /// It is remembered that the user was told of a price.
    DriftNoted(Result<(), Problem>),
    Money(Box<MoneySettings>),
    /// Another process has written to the store.
    ChangedElsewhere,
    /// A form was saved, and may have overwritten another workbench's; an error means that saving goes on.
    Saved {
        number: u64,
        result: Result<Option<Overwritten>, Problem>,
    },
    /// The texts, and the files that cannot be read.
    UnsavedFound(Result<(Vec<FoundText>, Vec<PathBuf>), Problem>),
    /// The decision about a text was carried out; the number is that of the revision it is kept as.
    UnsavedDecided(FoundText, Decision, Result<Option<i64>, Problem>),
    Revisions(Result<Vec<Revision>, Problem>),
    /// The list of seeds that was to be looked up, and the same with the seeds themselves.
    SeedsLookedUp(String, Result<String, Problem>),
    /// The first frame of a take, as a file.
    FirstFrameSaved(Box<Take>, Result<String, Problem>),
    /// The last picture of a take, as a URL or a file.
    LastFrameFound(TakeId, Result<String, Problem>),
    /// A snippet was changed, and what to tell the user of it.
    SnippetChanged(Result<String, Problem>),
    /// A form that was replaced was kept as a revision.
    Kept(Result<i64, Problem>),
    /// The reels, and what was done about one of them.
    Reels(Result<(Vec<ReelRow>, Option<String>), Problem>),
    SidecarsRenewed(Result<(), Problem>),
    TakesFound(Purpose, Result<Vec<Take>, Problem>),
    /// Takes were copied into a file; what was done in words.
    CopyWritten(Copying, Result<String, Problem>),
    /// The text in which it was looked for, and what was found.
    RequestFound(String, Result<Found, Problem>),
    /// What was pasted into the prompt, if it is the path of a file with a request.
    PathPasted(Option<String>),
    /// The clips of a script that may be split, and the names of the reels of all but the first.
    ClipsNamed {
        first: Box<Form>,
        rest: Vec<Form>,
        names: Result<Vec<String>, Problem>,
    },
    /// The first clip of a split script, and the names of the reels in which the others were saved.
    ClipsSaved(Box<Form>, Result<Vec<String>, Problem>),
    Admitted(Result<Vec<TakeId>, Problem>),
    Changed(Change, Result<Box<Changed>, Problem>),
    /// How many takes were changed, what was done, and why one was not changed.
    ChangedSeveral(usize, String, Option<Problem>),
    BinSeen(Result<Vec<Binned>, Problem>),
    BinEmptied(Result<Emptied, Problem>),
    /// A saved take without a verdict, with its sweep.
    Unjudged(Result<Option<(TakeId, Option<i64>)>, Problem>),
    FilesSeen(Files),
    DraftSeen(Box<Take>, Files),
    /// What was typed, and the paths that begin with it.
    PathsFound(String, PathMatches),
    /// A reference is being uploaded.
    Uploading(String),
    Opened(Result<Arc<Whole>, Problem>),
    Resumed(Result<(), Problem>),
    /// The comparison with the provider's history; `None` when a quiet one was not due.
    Reconciled {
        quiet: bool,
        result: Result<Option<Arc<Comparison>>, Problem>,
    },
    /// What changed in the provider's catalogue of models; `None` where nothing did, or when it was not due.
    CatalogueRead(Result<Option<String>, Problem>),
    Imported(Result<Vec<TakeId>, Problem>),
    /// What takes add up to, by this.
    NumbersRead(By, Result<Box<Numbers>, Problem>),
    OrphansImported(Result<Imported, Problem>),
    Pictured(Box<Pictured>),
    Wall(WallNews),
    /// A knock-out was opened.
    KnockOutOpened(Result<Box<KnockOut>, Problem>),
    /// The knock-out of these takes as it is now.
    KnockOutRead(Vec<TakeId>, Result<Box<KnockOut>, Problem>),
    /// A decision of the knock-out of these takes was noted or taken back; what the user should know about that.
    KnockOutDecided(Vec<TakeId>, Result<Option<String>, Problem>),
    Stills(Box<Stills>),
    /// The next moment of what is played.
    Played(Box<Played>),
    PlayEnded(PlayEnded),
    /// The sound of a take; `None` where it has none.
    Heard(Box<(Listening, Result<Option<Heard>, String>)>),
    Copied {
        what: &'static str,
        sent: Sent,
    },
    /// The external editor's text, or why there is none.
    Edited(Result<String, String>),
    /// The external editor saved this text and then failed, for this reason.
    EditedBadly(String, String),
    /// The external editor ended at once and changed nothing; it may still have the file open.
    EndedAtOnce(Lent),
    /// The texts that were written into lent files.
    LentSeen {
        late: Vec<Late>,
        then_edit: bool,
    },
    /// A second has passed while a timer is on screen, or takes are waited for.
    Tick,
}
