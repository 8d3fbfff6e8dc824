//! Where effects are done: one worker, one after another, never on the task that draws. Each sends its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::engine::admit::Uploading;
use crate::engine::changes::Changes;
use crate::engine::references::{self, Local};
use crate::engine::{Published, expect};
use crate::media;
use crate::model::{Backend, Draft, Spending, Take, TakeId};
use crate::service::{Problem, Queue, Service, Starter, checks};
use crate::store::{Filter, Store, StoreError};

use super::app::Late;
use super::effect::{Effect, Frame, Message, Pictured, Snapshot, View, Whole};
use super::panes::MovieFacts;
use super::rescue::{self, Unsaved};
use super::saver::{Place, Saver};
use super::terminal::Clipboard;
use super::terminal::editor;
use super::terminal::late::{self, Lent};
use super::widgets::picture::PictureCells;

/// Longest wait for the effects still to be done on leaving: the store waits 10 s for another writer, and a draft
/// must not be lost to that.
const LAST_EFFECTS: Duration = Duration::from_secs(12);
/// Revisions listed; older ones stay in the store.
const LISTED_REVISIONS: u32 = 50;
/// Paths named when several may be meant.
const NAMED_PATHS: usize = 8;
/// Longest wait for the engine and its sandbox on leaving; the engine gives a submit 3 s to end.
const LAST_SUBMIT: Duration = Duration::from_secs(5);

/// What effects are done with.
#[derive(Clone)]
pub struct Tools {
    pub store: Store,
    pub clipboard: Arc<dyn Clipboard>,
    pub reel_id: String,
    pub reel_name: String,
    /// The reel's draft as the store held it at the start.
    pub draft: Option<Draft>,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    /// For text that neither the store nor its folder takes.
    pub state_folder: PathBuf,
    pub backend: Backend,
    /// The expectation where the store has none of its own.
    pub published: Published,
    /// Shared with the engine, so that both know what the user confirmed.
    pub spending: Spending,
    /// Changes takes, and wakes the engine.
    pub queue: Queue,
}

/// How far the engine's start is.
enum Engine {
    Starting,
    Runs(Arc<dyn Service>),
    Failed(Problem),
}

/// Takes effects and does them in order.
pub struct Effects {
    tools: Tools,
    engine: watch::Sender<Engine>,
    queue: UnboundedSender<Effect>,
    /// A reading of the settings about money is queued and has not begun: it answers whoever asks until then.
    money_queued: Arc<AtomicBool>,
    messages: UnboundedSender<Message>,
    worker: JoinHandle<()>,
    /// Tells of what other processes write.
    follower: JoinHandle<()>,
    saver: Saver,
}

impl Tools {
    fn place(&self) -> Place {
        Place {
            store: self.store.clone(),
            reel_id: self.reel_id.clone(),
            state_folder: self.state_folder.clone(),
        }
    }
}

impl Effects {
    /// Starts the worker; answers go to `messages`.
    #[must_use]
    pub fn start(tools: Tools, messages: UnboundedSender<Message>) -> Self {
        let (queue, effects) = unbounded_channel();
        let money_queued = Arc::new(AtomicBool::new(false));
        let doing = work(
            tools.clone(),
            effects,
            Arc::clone(&money_queued),
            messages.clone(),
        );
        let worker = tokio::spawn(doing);
        let follower = tokio::spawn(follow(Changes::of(tools.store.clone()), messages.clone()));
        let saver = Saver::start(tools.place(), tools.draft.clone(), messages.clone());
        Self {
            saver,
            tools,
            engine: watch::Sender::new(Engine::Starting),
            queue,
            money_queued,
            messages,
            worker,
            follower,
        }
    }

    /// Starts the engine and hands its news on.
    pub fn start_works(&self, starter: Starter) {
        let (engine, messages) = (self.engine.clone(), self.messages.clone());
        tokio::spawn(async move {
            match starter().await {
                Ok((works, mut events)) => {
                    engine.send_replace(Engine::Runs(works));
                    let _ = messages.send(Message::Started(Ok(())));
                    while let Some(event) = events.recv().await {
                        let _ = messages.send(Message::Works(event));
                    }
                }
                Err(error) => {
                    engine.send_replace(Engine::Failed(error.clone()));
                    let _ = messages.send(Message::Started(Err(error)));
                }
            }
        });
    }

    /// Has an effect done. Those of the terminal are the loop's own.
    pub fn run(&self, effect: Effect) {
        match effect {
            Effect::SaveDraft(number, draft) => self.saver.save(number, *draft),
            Effect::DraftSeen(draft) => self.saver.know(*draft),
            Effect::Copy { what, text } => self.copy(what, text),
            Effect::Picture(frame) => self.picture(frame),
            Effect::LookAtFiles(named) => self.look_at_files(named),
            Effect::FindPaths(typed) => self.find_paths(typed),
            Effect::LookAtLent { lent, then_edit } => self.look_at_lent(lent, then_edit),
            Effect::MarkUnwritten(file) => drop(spawn_blocking(move || mark_unwritten(&file))),
            Effect::RemoveLent(file) => drop(spawn_blocking(move || editor::remove(&file))),
            Effect::Admit(order) => {
                let messages = self.messages.clone();
                let tell = Box::new(move |uploading: Uploading| {
                    let _ = messages.send(Message::Uploading(uploading.to_string()));
                });
                self.ask_works(move |works| works.submit(*order, tell), Message::Admitted);
            }
            Effect::AcceptDoubt(doubt) => {
                self.tools.queue.accept(doubt);
                self.look_at_money();
            }
            Effect::LookAtMoney => self.look_at_money(),
            Effect::CheckAgain => self.with_works(Service::check_unknown),
            Effect::Compare { quiet } => self.ask_works(
                move |works| works.reconcile(quiet),
                move |answer| Message::Compared { quiet, answer },
            ),
            Effect::Adopt {
                reel_id,
                prices,
                chosen,
            } => self.ask_works(
                move |works| works.import(reel_id, prices, chosen),
                Message::Adopted,
            ),
            other => {
                let _ = self.queue.send(other);
            }
        }
    }

    /// Every key asks for this: however fast keys come, one reading waits at most.
    fn look_at_money(&self) {
        if !self.money_queued.swap(true, Ordering::SeqCst) {
            let _ = self.queue.send(Effect::LookAtMoney);
        }
    }

    fn with_works(&self, ask: impl FnOnce(&dyn Service)) {
        if let Engine::Runs(works) = &*self.engine.borrow() {
            ask(works.as_ref());
        }
    }

    /// Has the engine do what may take long; a key may come before it has started.
    fn ask_works<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Service) -> BoxFuture<'static, Result<T, Problem>> + Send + 'static,
        answer: impl FnOnce(Result<T, Problem>) -> Message + Send + 'static,
    ) {
        let (mut engine, messages) = (self.engine.subscribe(), self.messages.clone());
        tokio::spawn(async move {
            let doing = match engine
                .wait_for(|engine| !matches!(engine, Engine::Starting))
                .await
                .as_deref()
            {
                Ok(Engine::Runs(works)) => Ok(ask(works.as_ref())),
                Ok(Engine::Failed(error)) => Err(error.clone()),
                Ok(Engine::Starting) | Err(_) => return,
            };
            let done = match doing {
                Ok(doing) => doing.await,
                Err(error) => Err(error),
            };
            let _ = messages.send(answer(done));
        });
    }

    /// Decoding takes a moment; the store must not wait for it.
    fn picture(&self, frame: Frame) {
        let messages = self.messages.clone();
        spawn_blocking(move || {
            let _ = messages.send(Message::Pictured(Box::new(pictured(frame))));
        });
    }

    /// A disk far away may be slow, and must not hold up what lies on others. A file named by several fields has to
    /// suit all.
    fn look_at_files(&self, named: Vec<Local>) {
        let mut files: BTreeMap<String, Vec<Local>> = BTreeMap::new();
        for local in named {
            files.entry(local.reference.clone()).or_default().push(local);
        }
        for files in files.into_values() {
            let messages = self.messages.clone();
            spawn_blocking(move || {
                let _ = messages.send(Message::FilesSeen(checks::look(&files)));
            });
        }
    }

    fn find_paths(&self, typed: String) {
        let messages = self.messages.clone();
        spawn_blocking(move || {
            let found = references::paths_like(&typed, NAMED_PATHS);
            let _ = messages.send(Message::PathsFound(typed, found));
        });
    }

    /// A look at small files, off the loop all the same.
    fn look_at_lent(&self, lent: Vec<Lent>, then_edit: bool) {
        let messages = self.messages.clone();
        spawn_blocking(move || {
            let late = |lent: Lent| lent.later_text().map(|text| Late { lent, text });
            let late = lent.into_iter().filter_map(late).collect();
            let _ = messages.send(Message::LentSeen { late, then_edit });
        });
    }

    /// A clipboard tool may hang, and must not hold up the store.
    fn copy(&self, what: &'static str, text: String) {
        let (clipboard, messages) = (Arc::clone(&self.tools.clipboard), self.messages.clone());
        spawn_blocking(move || {
            let sent = clipboard.send(&text);
            let _ = messages.send(Message::Copied { what, sent });
        });
    }

    /// Does what is still to be done, then stops the engine; waits for neither for ever. Says where the text is that
    /// the store did not take.
    pub async fn finish(self) -> Option<Unsaved> {
        self.follower.abort();
        drop(self.queue);
        let (done, unsaved) = futures::join!(
            timeout(LAST_EFFECTS, self.worker),
            self.saver.finish(LAST_EFFECTS)
        );
        if done.is_err() {
            tracing::warn!("the last changes were not written in time");
        }
        let stopping = match &*self.engine.borrow() {
            Engine::Runs(works) => Some(works.stop()),
            Engine::Starting | Engine::Failed(_) => None,
        };
        if let Some(stopping) = stopping {
            // Whatever is not done in time is in the store and is taken up by whoever comes next.
            let _ = timeout(LAST_SUBMIT, stopping).await;
        }
        unsaved
    }
}

fn mark_unwritten(file: &Path) {
    match std::fs::File::options().write(true).open(file) {
        Ok(file) => late::mark_unwritten(&file),
        Err(error) => tracing::warn!("{} is offered again at the next start: {error}", file.display()),
    }
}

/// Passes on that another process has written to the store.
async fn follow(mut changes: Changes, messages: UnboundedSender<Message>) {
    loop {
        changes.next().await;
        if messages.send(Message::ChangedElsewhere).is_err() {
            return;
        }
    }
}

async fn work(
    tools: Tools,
    mut effects: UnboundedReceiver<Effect>,
    money_queued: Arc<AtomicBool>,
    messages: UnboundedSender<Message>,
) {
    while let Some(effect) = effects.recv().await {
        if matches!(effect, Effect::LookAtMoney) {
            money_queued.store(false, Ordering::SeqCst);
        }
        let tools = tools.clone();
        if let Ok(Some(message)) = spawn_blocking(move || do_one(&tools, effect)).await {
            let _ = messages.send(message);
        }
    }
}

/// Does one effect against the store.
fn do_one(tools: &Tools, effect: Effect) -> Option<Message> {
    let store = &tools.store;
    Some(match effect {
        Effect::SaveClips { first, rest } => {
            Message::ClipsSaved(first, clips(tools, &rest).map_err(Problem::from))
        }
        Effect::Refresh(view) => {
            Message::Snapshot(snapshot(tools, *view).map(Box::new).map_err(Problem::from))
        }
        Effect::Mark(id, mark) => {
            Message::Marked(tools.queue.change(id, mark).map(Box::new).map_err(Problem::from))
        }
        Effect::Open(id) => Message::Opened(whole(store, id).map(Arc::new).map_err(Problem::from)),
        Effect::ImportStrays => Message::Imported(tools.queue.import_orphans().map_err(Problem::from)),
        Effect::LookAtMoney => Message::Money(Box::new(tools.spending.read())),
        Effect::ResumeLine => Message::Resumed(tools.queue.resume().map_err(Problem::from)),
        Effect::FindUnsaved => Message::UnsavedFound(rescue::find(&tools.place()).map_err(Problem::from)),
        Effect::DecideUnsaved(found, decision) => {
            let settled = rescue::settle(store, &tools.reel_id, &found, decision);
            Message::UnsavedDecided(found, decision, settled.map_err(Problem::from))
        }
        Effect::ListRevisions => {
            let revisions = store.forms(&tools.reel_id).revisions(LISTED_REVISIONS);
            Message::Revisions(revisions.map_err(Problem::from))
        }
        Effect::SaveDraft(..)
        | Effect::DraftSeen(_)
        | Effect::Admit(_)
        | Effect::Picture(_)
        | Effect::LookAtFiles(_)
        | Effect::FindPaths(_)
        | Effect::LookAtLent { .. }
        | Effect::MarkUnwritten(_)
        | Effect::RemoveLent(_)
        | Effect::AcceptDoubt(_)
        | Effect::CheckAgain
        | Effect::Compare { .. }
        | Effect::Adopt { .. }
        | Effect::Copy { .. }
        | Effect::Terminal(_) => return None,
    })
}

/// Makes each clip the draft of a reel that has none yet; gives the reels' names.
fn clips(tools: &Tools, clips: &[Draft]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    let mut n = 2;
    for clip in clips {
        let name = loop {
            let name = format!("{}-clip-{n}", tools.reel_name);
            n += 1;
            let reel = tools.store.reel(&name)?;
            if tools.store.forms(&reel.id).edited()?.is_none() {
                tools.store.forms(&reel.id).save(clip)?;
                break name;
            }
        };
        names.push(name);
    }
    Ok(names)
}

fn whole(store: &Store, id: TakeId) -> Result<Whole, StoreError> {
    Ok(Whole {
        take: store.take(id)?,
        exchanges: store.exchanges(id)?,
        events: store.events(id)?,
    })
}

fn snapshot(tools: &Tools, view: View) -> Result<Snapshot, StoreError> {
    let store = &tools.store;
    let (filter, filter_error) = match Filter::parse(&view.filter) {
        Ok(filter) => (filter.in_reel(&tools.reel_id), None),
        Err(error) => (Filter::of_reel(&tools.reel_id), Some(error.to_string())),
    };
    let like = &view.like;
    let draft_version = store.forms(&tools.reel_id).latest()?;
    let versioned = match draft_version {
        Some(version) => store.forms(&tools.reel_id).revision(version)?,
        None => None,
    };
    let queue = store.unsettled_takes(Some(&tools.reel_id))?;
    let left = |id: &&TakeId| !queue.iter().any(|take| take.id == **id);
    let ended: Result<Vec<Take>, StoreError> = view
        .queued
        .iter()
        .filter(left)
        .filter_map(|id| match store.take(*id) {
            // A damaged row was kept aside: nothing is known of how the take ended.
            Err(StoreError::NoSuchTake(_)) => None,
            take => Some(take),
        })
        .collect();
    Ok(Snapshot {
        ended: ended?,
        queue,
        filter_error,
        count: store.count(&filter)?,
        takes: store.takes(&filter, view.offset, view.limit)?,
        line: store.queue(tools.backend).state()?,
        unsettled: store.queue(tools.backend).unsettled()?,
        today: store.queue(tools.backend).committed_since(view.midnight)?,
        promised: store.queue(tools.backend).waiting_money()?,
        money: tools.spending.read(),
        next: store.queue(tools.backend).next_price()?,
        expectation: expect::expectation(
            store,
            &tools.published,
            tools.backend,
            like.form.model,
            like.form.resolution,
            like.form.duration,
        )?,
        draft: store.forms(&tools.reel_id).edited()?,
        draft_version,
        versioned,
        view,
    })
}

fn pictured(frame: Frame) -> Pictured {
    let movie = media::inspect(&frame.file).ok().map(|info| MovieFacts {
        width: info.width,
        height: info.height,
        fps: info.fps,
        video: info.video_codec,
        audio: info.audio_codec,
    });
    let cells = media::first_frame(&frame.file)
        .map_err(|error| error.to_string())
        .and_then(|picture| {
            let (width, height) =
                PictureCells::room(picture.width, picture.height, frame.columns, frame.rows);
            let small = media::shrink(&picture, width, height);
            PictureCells::new(small.width, small.height, small.rgb)
                .ok_or_else(|| "the picture is empty".to_owned())
        });
    Pictured { frame, movie, cells }
}
