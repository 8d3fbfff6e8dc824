//! What a change of state asks of the world, as data; and what the world answers.

use std::sync::Arc;

use crate::model::{Draft, Expectation, Request, Take, TakeId, Usd, Verdict};
use crate::store::{Admission, Event, Exchange, Line};

use super::terminal::clipboard::Sent;
use super::works::WorksEvent;

/// Something to be done outside of the state, in one place ([`super::effects`]). Each sends its end as a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    SaveDraft(Box<Draft>),
    /// Read what is on screen from the store.
    Refresh(Box<View>),
    /// See whether another process wrote to the store.
    Look,
    Admit(Box<Admission>),
    Mark(TakeId, Mark),
    /// Read the whole of a take.
    Open(TakeId),
    Wake,
    CheckAgain,
    MarkNotSent(TakeId),
    ResumeLine,
    /// To the clipboard; the first word says what it is.
    Copy {
        what: &'static str,
        text: String,
    },
    /// For the terminal, done by the loop between two frames.
    Terminal(TerminalEffect),
}

/// A small change of one take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Cancel,
    Pause(bool),
    Move(i32),
    Verdict(Verdict),
    Note(String),
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
}

/// The answer to [`Effect::Refresh`].
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub view: View,
    pub queue: Vec<Take>,
    /// The filter could not be read: why. The lists are then as without it.
    pub filter_error: Option<String>,
    pub count: u64,
    pub takes: Vec<Take>,
    pub line: Line,
    pub today: Usd,
    /// `None` while there are too few takes of one's own.
    pub expectation: Option<Expectation>,
    pub draft_version: Option<i64>,
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
    Works(WorksEvent),
    /// The engine works, or why it does not.
    Started(Result<(), String>),
    Snapshot(Result<Box<Snapshot>, String>),
    /// Whether another process wrote to the store since the last look.
    Looked(bool),
    Saved(Result<(), String>),
    Admitted(Result<Vec<TakeId>, String>),
    Marked(Result<Box<Take>, String>),
    Opened(Result<Arc<Whole>, String>),
    Resumed(Result<(), String>),
    Copied {
        what: &'static str,
        sent: Sent,
    },
    /// The external editor's text, or why there is none.
    Edited(Result<String, String>),
    /// A second passed while a timer is on screen.
    Tick,
}
