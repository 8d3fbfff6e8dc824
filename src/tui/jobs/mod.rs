//! Work off the UI task. Each effect is begun in one place, [`Jobs::run`], and sends its end as a message. What reads or
//! changes the store is done in order by one worker; the rest runs beside it, so that a slow disk or a clipboard that
//! hangs holds nothing up. On leaving, ordered work is finished and the rest is dropped.

mod files;
mod pictures;
pub mod rescue;
pub mod saver;
mod store;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::effect::{Effect, Message};
use super::terminal::{Clipboard, editor};
use crate::engine::Published;
use crate::engine::admit::Uploading;
use crate::engine::changes::Changes;
use crate::model::{Backend, Form, Spending};
use crate::service::{Problem, Queue, Service, Starter};
use crate::store::Store;
use pictures::Pictures;
use rescue::{Place, Unsaved};
use saver::Saver;

/// Longest wait for the ordered work still to be done on leaving: the store waits 10 s for another writer, and a form
/// must not be lost to that.
const LAST_WORK: Duration = Duration::from_secs(12);
/// Longest wait for the engine and its sandbox on leaving; the engine gives a submit 3 s to end.
const LAST_SUBMIT: Duration = Duration::from_secs(5);

/// What jobs work with.
#[derive(Clone)]
pub struct Tools {
    pub store: Store,
    pub clipboard: Arc<dyn Clipboard>,
    pub reel_id: String,
    pub reel_name: String,
    /// The reel's form as the store held it at the start.
    pub form: Option<Form>,
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

/// Work on the store, done in order.
type Work = Box<dyn FnOnce(&Tools) -> Message + Send>;

/// Begins jobs and hands their ends on.
pub struct Jobs {
    tools: Tools,
    engine: watch::Sender<Engine>,
    ordered: UnboundedSender<Work>,
    /// A reading of the settings about money is queued and has not begun: it answers every request that comes until then.
    money_queued: Arc<AtomicBool>,
    messages: UnboundedSender<Message>,
    worker: JoinHandle<()>,
    /// Tells of what other processes write.
    follower: JoinHandle<()>,
    saver: Saver,
    pictures: Pictures,
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

impl Jobs {
    /// Starts the worker; answers go to `messages`.
    pub fn start(tools: Tools, messages: UnboundedSender<Message>) -> Self {
        let (ordered, work) = unbounded_channel();
        let worker = tokio::spawn(work_in_order(tools.clone(), work, messages.clone()));
        let follower = tokio::spawn(follow(Changes::of(tools.store.clone()), messages.clone()));
        let saver = Saver::start(tools.place(), tools.form.clone(), messages.clone());
        Self {
            saver,
            tools,
            engine: watch::Sender::new(Engine::Starting),
            ordered,
            money_queued: Arc::default(),
            messages,
            worker,
            follower,
            pictures: Pictures::default(),
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

    /// Begins what an effect asks for.
    pub fn run(&self, effect: Effect) {
        match effect {
            Effect::SaveForm(number, form) => self.saver.save(number, *form),
            Effect::FormSeen(form) => self.saver.know(*form),
            Effect::Refresh(view) => self.in_order(|tools| store::refresh(tools, *view)),
            Effect::Mark(id, mark) => self.in_order(move |tools| store::change(tools, id, mark)),
            Effect::Open(id) => self.in_order(move |tools| store::open(tools, id)),
            Effect::SaveClips { first, rest } => {
                self.in_order(move |tools| store::save_clips(tools, first, &rest));
            }
            Effect::ImportStrays => self.in_order(store::import_strays),
            Effect::ResumeLine => self.in_order(store::resume),
            Effect::FindUnsaved => self.in_order(store::find_unsaved),
            Effect::DecideUnsaved(found, decision) => {
                self.in_order(move |tools| store::decide_unsaved(tools, found, decision));
            }
            Effect::ListRevisions => self.in_order(store::revisions),
            Effect::LookAtMoney => self.look_at_money(),
            Effect::AcceptDoubt(doubt) => {
                self.tools.queue.accept(doubt);
                self.look_at_money();
            }
            Effect::Admit(order) => {
                let messages = self.messages.clone();
                let tell = Box::new(move |uploading: Uploading| {
                    let _ = messages.send(Message::Uploading(uploading.to_string()));
                });
                self.ask_works(move |works| works.submit(*order, tell), Message::Admitted);
            }
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
            Effect::Picture(frame) => self.pictures.decode(frame, self.messages.clone()),
            Effect::LookAtFiles(named) => files::look(named, &self.messages),
            Effect::FindPaths(typed) => self.beside(|| files::find_paths(typed)),
            Effect::LookAtLent { lent, then_edit } => {
                self.beside(move || files::look_at_lent(lent, then_edit));
            }
            Effect::MarkUnwritten(file) => drop(spawn_blocking(move || files::mark_unwritten(&file))),
            Effect::RemoveLent(file) => drop(spawn_blocking(move || editor::remove(&file))),
            Effect::Copy { what, text } => {
                let clipboard = Arc::clone(&self.tools.clipboard);
                self.beside(move || Message::Copied {
                    what,
                    sent: clipboard.send(&text),
                });
            }
            // The loop does these between two frames.
            Effect::Terminal(_) => {}
        }
    }

    fn in_order(&self, work: impl FnOnce(&Tools) -> Message + Send + 'static) {
        let _ = self.ordered.send(Box::new(work));
    }

    fn beside(&self, work: impl FnOnce() -> Message + Send + 'static) {
        let messages = self.messages.clone();
        spawn_blocking(move || {
            let _ = messages.send(work());
        });
    }

    /// Every key asks for this: however fast keys come, one reading waits at most.
    fn look_at_money(&self) {
        if !self.money_queued.swap(true, Ordering::SeqCst) {
            let queued = Arc::clone(&self.money_queued);
            self.in_order(move |tools| {
                queued.store(false, Ordering::SeqCst);
                Message::Money(Box::new(tools.spending.read()))
            });
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

    /// Does the ordered work that is left, then stops the engine; waits for neither for ever. Says where the text is
    /// that the store did not take.
    pub async fn finish(self) -> Option<Unsaved> {
        self.follower.abort();
        self.pictures.cancel();
        drop(self.ordered);
        let (done, unsaved) = futures::join!(timeout(LAST_WORK, self.worker), self.saver.finish(LAST_WORK));
        if done.is_err() {
            tracing::warn!("the last changes were not written in time");
        }
        let stopping = match &*self.engine.borrow() {
            Engine::Runs(works) => Some(works.stop()),
            Engine::Starting | Engine::Failed(_) => None,
        };
        if let Some(stopping) = stopping {
            // What is not done in time is in the store, and the next process continues it.
            let _ = timeout(LAST_SUBMIT, stopping).await;
        }
        unsaved
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

async fn work_in_order(tools: Tools, mut work: UnboundedReceiver<Work>, messages: UnboundedSender<Message>) {
    while let Some(one) = work.recv().await {
        let tools = tools.clone();
        if let Ok(message) = spawn_blocking(move || one(&tools)).await {
            let _ = messages.send(message);
        }
    }
}
