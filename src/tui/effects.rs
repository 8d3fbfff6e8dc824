//! Where effects are done: one worker, one after another, never on the task that draws. Each sends its end.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::model::{Backend, Draft, Expectation, Take, TakeId};
use crate::store::{Filter, Store, StoreError};

use super::effect::{Effect, Mark, Message, Snapshot, View, Whole};
use super::terminal::Clipboard;
use super::works::{Starter, Works};

/// Takes that the expectation of a wait rests on.
const SAMPLES: u32 = 40;

/// What effects are done with.
#[derive(Clone)]
pub struct Tools {
    pub store: Store,
    pub clipboard: Arc<dyn Clipboard>,
    pub reel_id: String,
    pub backend: Backend,
}

/// Takes effects and does them in order.
pub struct Effects {
    tools: Tools,
    works: Arc<OnceLock<Box<dyn Works>>>,
    queue: UnboundedSender<Effect>,
    messages: UnboundedSender<Message>,
    worker: JoinHandle<()>,
}

impl Effects {
    /// Starts the worker; answers go to `messages`.
    #[must_use]
    pub fn start(tools: Tools, messages: UnboundedSender<Message>) -> Self {
        let (queue, effects) = unbounded_channel();
        let worker = tokio::spawn(work(tools.clone(), effects, messages.clone()));
        Self {
            tools,
            works: Arc::new(OnceLock::new()),
            queue,
            messages,
            worker,
        }
    }

    /// Starts the engine and hands its news on.
    pub fn start_works(&self, starter: Starter) {
        let (works, messages) = (Arc::clone(&self.works), self.messages.clone());
        tokio::spawn(async move {
            match starter().await {
                Ok((started, mut events)) => {
                    let _ = works.set(started);
                    let _ = messages.send(Message::Started(Ok(())));
                    while let Some(event) = events.recv().await {
                        let _ = messages.send(Message::Works(event));
                    }
                }
                Err(error) => {
                    let _ = messages.send(Message::Started(Err(error)));
                }
            }
        });
    }

    /// Has an effect done. Those of the terminal are the loop's own.
    pub fn run(&self, effect: Effect) {
        match effect {
            Effect::Copy { what, text } => self.copy(what, text),
            Effect::Wake => self.with_works(Works::wake),
            Effect::CheckAgain => self.with_works(Works::check_again),
            Effect::MarkNotSent(id) => self.with_works(|works| works.mark_not_sent(id)),
            other => {
                let _ = self.queue.send(other);
            }
        }
    }

    fn with_works(&self, ask: impl FnOnce(&dyn Works)) {
        // Before it has started there is nothing to wake: it looks for work by itself.
        if let Some(works) = self.works.get() {
            ask(works.as_ref());
        }
    }

    /// A clipboard tool may hang, and must not hold up the store.
    fn copy(&self, what: &'static str, text: String) {
        let (clipboard, messages) = (Arc::clone(&self.tools.clipboard), self.messages.clone());
        spawn_blocking(move || {
            let sent = clipboard.send(&text);
            let _ = messages.send(Message::Copied { what, sent });
        });
    }

    /// Does what is still to be done, then stops the engine.
    pub async fn finish(self) {
        drop(self.queue);
        let _ = self.worker.await;
        if let Some(works) = self.works.get() {
            works.stop().await;
        }
    }
}

async fn work(tools: Tools, mut effects: UnboundedReceiver<Effect>, messages: UnboundedSender<Message>) {
    let mut waiting: VecDeque<Effect> = VecDeque::new();
    let mut version = None;
    loop {
        if waiting.is_empty() {
            match effects.recv().await {
                Some(effect) => waiting.push_back(effect),
                None => return,
            }
        }
        while let Ok(effect) = effects.try_recv() {
            waiting.push_back(effect);
        }
        let Some(effect) = waiting.pop_front() else {
            continue;
        };
        // While one draft is being written, newer ones gather: only the newest is written then.
        let is_save = |effect: &Effect| matches!(effect, Effect::SaveDraft(_));
        if is_save(&effect) && waiting.iter().any(is_save) {
            continue;
        }
        let tools = tools.clone();
        let Ok((answer, seen)) = spawn_blocking(move || do_one(&tools, effect, version)).await else {
            continue;
        };
        version = seen;
        if let Some(message) = answer {
            let _ = messages.send(message);
        }
    }
}

/// Does one effect against the store. The second value is the version of the store last looked at.
fn do_one(tools: &Tools, effect: Effect, version: Option<i64>) -> (Option<Message>, Option<i64>) {
    let store = &tools.store;
    let answer = match effect {
        Effect::SaveDraft(draft) => Message::Saved(save(tools, &draft).map_err(in_words)),
        Effect::Refresh(view) => Message::Snapshot(snapshot(tools, *view).map(Box::new).map_err(in_words)),
        Effect::Look => {
            let now = store.data_version().ok();
            return (Some(Message::Looked(version.is_some() && now != version)), now);
        }
        Effect::Admit(admission) => Message::Admitted(store.admit(&admission).map_err(in_words)),
        Effect::Mark(id, mark) => Message::Marked(set_mark(store, id, mark).map(Box::new).map_err(in_words)),
        Effect::Open(id) => Message::Opened(whole(store, id).map(Arc::new).map_err(in_words)),
        Effect::ResumeLine => Message::Resumed(store.resume_line(tools.backend).map_err(in_words)),
        Effect::Wake
        | Effect::CheckAgain
        | Effect::MarkNotSent(_)
        | Effect::Copy { .. }
        | Effect::Terminal(_) => return (None, version),
    };
    (Some(answer), version)
}

#[allow(clippy::needless_pass_by_value)] // as map_err wants it
fn in_words(error: StoreError) -> String {
    error.to_string()
}

fn save(tools: &Tools, draft: &Draft) -> Result<(), StoreError> {
    tools.store.save_draft(&tools.reel_id, draft)
}

fn set_mark(store: &Store, id: TakeId, mark: Mark) -> Result<Take, StoreError> {
    match mark {
        Mark::Cancel => return store.cancel(id),
        Mark::Pause(paused) => store.pause(id, paused)?,
        Mark::Move(by) => store.move_in_line(id, by)?,
        Mark::Verdict(verdict) => store.set_verdict(id, verdict)?,
        Mark::Note(note) => store.set_note(id, &note)?,
    }
    store.take(id)
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
    let samples = store.samples(tools.backend, like.model, like.resolution, like.duration, SAMPLES)?;
    Ok(Snapshot {
        queue: store.queue(Some(&tools.reel_id))?,
        filter_error,
        count: store.count(&filter)?,
        takes: store.takes(&filter, view.offset, view.limit)?,
        line: store.line(tools.backend)?,
        today: store.committed_since(tools.backend, view.midnight)?,
        expectation: Expectation::of_samples(&samples),
        draft_version: store.latest_version(&tools.reel_id)?,
        view,
    })
}
