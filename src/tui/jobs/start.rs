//! Starts the job of each effect, and passes its result on as a message.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::pictures::Pictures;
use super::player::Player;
use super::rescue::Unsaved;
use super::saver::Saver;
use super::sounds::Sounds;
use super::stills::ShotStills;
use super::strips::Strips;
use super::{Tools, choosing, files, rescue, store};
use crate::engine::admit::Uploading;
use crate::engine::changes::Changes;
use crate::model::{Doubt, Form, TakeId};
use crate::service::{Change, Problem, Service, Starter, bin, checks, frames, knock_out, reels, sweep};
use crate::store::StoreError;
use crate::tui::choosing::{KnockOutWork, Side, WallNews, WallWork};
use crate::tui::effect::{Decision, Effect, EngineWork, FoundText, Frame, LentWork, Message};
use crate::tui::terminal::lent_file;

/// The store waits 10 s for another writer, and on leaving a form must not be lost to that.
const MAX_LAST_WORK: Duration = Duration::from_secs(12);
/// On leaving, the engine gives a submit 3 s to end.
const MAX_LAST_SUBMIT: Duration = Duration::from_secs(5);
/// Older revisions stay in the store.
const LISTED_REVISIONS: u32 = 50;

enum Engine {
    Starting,
    Running(Arc<dyn Service>),
    Failed(Problem),
}

/// Work on the store, done in order.
type Work = Box<dyn FnOnce(&Tools) -> Message + Send>;

/// Starts jobs and passes their results on.
pub struct Jobs {
    tools: Tools,
    engine: watch::Sender<Engine>,
    ordered: UnboundedSender<Work>,
    /// Whether the settings about money are queued to be read; that reading also serves later requests.
    money_queued: Arc<AtomicBool>,
    messages: UnboundedSender<Message>,
    worker: JoinHandle<()>,
    /// Reports what other processes write.
    follower: JoinHandle<()>,
    saver: Saver,
    pictures: Pictures,
    /// The two takes that are shown at once.
    sides: [Pictures; 2],
    strips: Strips,
    player: Player,
    sounds: Sounds,
    stills: ShotStills,
}

impl Jobs {
    /// Starts the worker, which reports to `messages`.
    pub fn start(tools: Tools, messages: UnboundedSender<Message>) -> Self {
        let (ordered, work) = unbounded_channel();
        let worker = tokio::spawn(work_in_order(tools.clone(), work, messages.clone()));
        let follower = tokio::spawn(follow(Changes::of(tools.store().clone()), messages.clone()));
        let saver = Saver::start(tools.place(), tools.form.clone(), messages.clone());
        Self {
            saver,
            strips: Strips::new(tools.thumbnails.clone()),
            tools,
            engine: watch::Sender::new(Engine::Starting),
            ordered,
            money_queued: Arc::default(),
            messages,
            worker,
            follower,
            pictures: Pictures::default(),
            sides: Default::default(),
            player: Player::default(),
            sounds: Sounds::default(),
            stills: ShotStills::default(),
        }
    }

    /// Starts the engine and passes its events on.
    pub fn start_engine(&self, starter: Starter) {
        let (engine, messages) = (self.engine.clone(), self.messages.clone());
        tokio::spawn(async move {
            match starter().await {
                Ok((service, mut events)) => {
                    engine.send_replace(Engine::Running(service));
                    let _ = messages.send(Message::Started(Ok(())));
                    while let Some(event) = events.recv().await {
                        let _ = messages.send(Message::Engine(event));
                    }
                }
                Err(error) => {
                    engine.send_replace(Engine::Failed(error.clone()));
                    let _ = messages.send(Message::Started(Err(error)));
                }
            }
        });
    }

    pub fn run(&self, effect: Effect) {
        match effect {
            Effect::SaveForm(number, form) => self.saver.save(number, *form),
            Effect::KeepForm(form) => self.keep(form),
            Effect::FormSeen(form) => self.saver.know(*form),
            Effect::Refresh(view) => self.in_store(
                |tools| store::snapshot(tools, *view).map(Box::new),
                Message::Snapshot,
            ),
            Effect::Change(id, change) => self.change(id, change),
            Effect::ChangeSeveral(ids, change, what) => self.change_several(ids, change, what),
            Effect::LookIntoBin => self.beside_store(|tools| Message::BinSeen(store::look_into_bin(tools))),
            Effect::EmptyBin(takes) => self.empty_bin(takes),
            Effect::FindUnjudged { listing, after } => self.in_store(
                move |tools| store::unjudged(tools, &listing, after),
                Message::Unjudged,
            ),
            Effect::Open(id) => self.in_store(
                move |tools| store::whole(tools.store(), id).map(Arc::new),
                Message::Opened,
            ),
            Effect::Reels(change) => {
                self.in_order(move |tools| Message::Reels(store::reels(tools, change)));
            }
            Effect::RenewSidecars => self.renew_sidecars(),
            Effect::FindTakes(ids, purpose) => self.in_store(
                move |tools| store::takes(tools.store(), &ids, purpose),
                move |takes| Message::TakesFound(purpose, takes),
            ),
            Effect::WriteCopy { how, takes, to } => self.beside_store(move |tools| {
                let to = to.to_string_lossy();
                Message::CopyWritten(how, store::write_copy(tools, how, &takes, &to))
            }),
            Effect::FindRequest(text, take) => self.find_request(text, take),
            Effect::LookAtPasted(text) => self.look_at_pasted(text),
            Effect::NameClips { first, rest } => {
                let count = rest.len();
                self.in_store(
                    move |tools| store::clip_names(tools, count),
                    move |names| Message::ClipsNamed { first, rest, names },
                );
            }
            Effect::SaveClips { first, rest } => self.in_store(
                move |tools| store::save_clips(tools, &rest),
                |saved| Message::ClipsSaved(first, saved),
            ),
            Effect::ImportOrphans => {
                self.in_store(|tools| tools.queue.import_orphans(), Message::OrphansImported);
            }
            Effect::ResumeQueue => self.in_store(|tools| tools.queue.resume(), Message::Resumed),
            Effect::FindUnsaved => {
                self.in_store(|tools| rescue::find(&tools.place()), Message::UnsavedFound);
            }
            Effect::DecideUnsaved(found, decision) => self.decide_unsaved(*found, decision),
            Effect::ListRevisions => self.list_revisions(),
            Effect::FirstFrame(take) => self.beside(move || {
                let saved = frames::first_of(&take);
                Message::FirstFrameSaved(take, saved)
            }),
            Effect::LastFrame(take, now) => self.beside_store(move |tools| {
                let found = frames::last_of(&tools.queue, &take, now);
                Message::LastFrameFound(take.id, found)
            }),
            Effect::ChangeSnippet(change) => self.in_store(
                move |tools| store::change_snippet(tools, &change),
                Message::SnippetChanged,
            ),
            Effect::LookUpSeeds(list) => self.in_order(move |tools| {
                let result = sweep::looked_up(tools.store(), &list);
                Message::SeedsLookedUp(list, result)
            }),
            Effect::ReadMoney => self.read_money(),
            money @ (Effect::SetCap(..) | Effect::AcceptDoubt(_) | Effect::DriftTold(_)) => {
                self.for_money(money);
            }
            Effect::Engine(work) => self.in_engine(work),
            Effect::ReadNumbers(by, zone) => self.beside_store(move |tools| {
                let numbers = store::numbers(tools, by, zone).map(Box::new);
                Message::NumbersRead(by, numbers.map_err(Problem::from))
            }),
            Effect::Wall(work) => self.for_wall(work),
            Effect::KnockOut(work) => self.for_knock_out(work),
            Effect::SidePicture(side, frame) => self.show_side(side, frame),
            Effect::Listen(listening) => self.sounds.listen(listening, self.messages.clone()),
            Effect::LookAtDraft(take, clip) => {
                self.beside(move || Message::DraftSeen(take, checks::look(vec![clip])));
            }
            Effect::LookAtFiles(named) => files::look(named, &self.messages),
            Effect::FindPaths(typed) => self.beside(|| files::find_paths(typed)),
            Effect::Lent(work) => self.with_lent(work),
            Effect::Copy { what, text } => {
                let clipboard = Arc::clone(&self.tools.clipboard);
                self.beside(move || Message::Copied {
                    what,
                    sent: clipboard.send(&text),
                });
            }
            // The loop does these between two frames.
            Effect::Terminal(_) => {}
            shown => self.show(shown),
        }
    }

    /// What the user decides about money, or was told.
    fn for_money(&self, effect: Effect) {
        match effect {
            Effect::SetCap(scope, limit) => {
                self.in_store(move |tools| store::set_cap(tools, scope, limit), Message::CapSet);
            }
            Effect::AcceptDoubt(doubt) => self.accept(doubt),
            Effect::DriftTold(drift) => {
                self.in_store(move |tools| tools.store().drift_told(&drift), Message::DriftNoted);
            }
            _ => {}
        }
    }

    /// Plays takes, and reads their stills.
    fn show(&self, effect: Effect) {
        match effect {
            Effect::Picture(frame) => {
                self.player.close_others(&frame.file);
                self.pictures.decode(frame, self.messages.clone());
            }
            Effect::Play(playing) => {
                self.player
                    .play(*playing, self.tools.line.clone(), self.messages.clone());
            }
            Effect::StopPlaying => self.player.stop(),
            Effect::CloseVideos => {
                self.player.close();
                self.sides.iter().for_each(Pictures::close);
            }
            Effect::FrameTaken(taken) => self.player.taken(taken),
            Effect::Stills(wanted) => {
                self.stills
                    .read(wanted, self.tools.thumbnails.clone(), self.messages.clone());
            }
            _ => {}
        }
    }

    fn in_engine(&self, work: EngineWork) {
        match work {
            EngineWork::Admit(order) => {
                let messages = self.messages.clone();
                let tell = Box::new(move |uploading: Uploading| {
                    let _ = messages.send(Message::Uploading(uploading.to_string()));
                });
                self.ask_engine(move |service| service.submit(*order, tell), Message::Admitted);
            }
            EngineWork::CheckAgain => {
                if let Engine::Running(service) = &*self.engine.borrow() {
                    service.check_unknown();
                }
            }
            EngineWork::AskBalance => {
                if let Engine::Running(service) = &*self.engine.borrow() {
                    service.ask_balance();
                }
            }
            EngineWork::Reconcile { quiet } => self.ask_engine(
                move |service| service.reconcile(quiet),
                move |result| Message::Reconciled { quiet, result },
            ),
            EngineWork::ReadCatalogue => {
                self.ask_engine(|service| service.read_catalogue_if_due(), Message::CatalogueRead);
            }
            EngineWork::Import {
                reel_id,
                prices,
                chosen,
            } => self.ask_engine(
                move |service| service.import(reel_id, prices, chosen),
                Message::Imported,
            ),
        }
    }

    fn for_wall(&self, work: WallWork) {
        match work {
            WallWork::Read(view) => self.in_order(move |tools| {
                let page = choosing::read(tools, &view).map(Box::new);
                Message::Wall(WallNews::Read(view, page.map_err(Problem::from)))
            }),
            WallWork::Cancel => self.strips.cancel(),
            WallWork::Pictures(takes, look) => self.strips.want(takes, look, self.messages.clone()),
            WallWork::Export {
                source,
                order,
                title,
                scrub,
                to,
            } => self.beside_store(move |tools| {
                let to = to.to_string_lossy();
                let written = choosing::export(tools, (&source, order), &title, scrub, &to);
                Message::Wall(WallNews::Exported(written))
            }),
        }
    }

    fn for_knock_out(&self, work: KnockOutWork) {
        match work {
            KnockOutWork::Open(between) => self.in_order(move |tools| {
                Message::KnockOutOpened(knock_out::open(tools.store(), &between).map(Box::new))
            }),
            KnockOutWork::Read(takes) => self.in_order(move |tools| {
                let read = knock_out::read(tools.store(), &takes);
                Message::KnockOutRead(takes, read.map(Box::new).map_err(Problem::from))
            }),
            KnockOutWork::Decide { takes, pair, choice } => self.in_order(move |tools| {
                let decided = knock_out::decide(&tools.queue, &takes, pair, choice);
                Message::KnockOutDecided(takes, decided.map_err(Problem::from))
            }),
            KnockOutWork::TakeBack { takes, known } => self.in_order(move |tools| {
                let taken_back = knock_out::take_back(&tools.queue, &takes, &known);
                Message::KnockOutDecided(takes, taken_back.map_err(Problem::from))
            }),
            KnockOutWork::Judge {
                takes,
                known,
                judged,
                verdict,
            } => self.in_order(move |tools| {
                let judged = knock_out::judge(&tools.queue, &takes, &known, (&judged, verdict));
                Message::KnockOutDecided(takes, judged.map_err(Problem::from))
            }),
            KnockOutWork::BeginAnew { takes, known } => self.in_order(move |tools| {
                let began = knock_out::begin_anew(tools.store(), &takes, &known);
                Message::KnockOutDecided(takes, began.map_err(Problem::from))
            }),
        }
    }

    fn with_lent(&self, work: LentWork) {
        match work {
            LentWork::Look { lent, then_edit } => self.beside(move || files::look_at_lent(lent, then_edit)),
            LentWork::MarkUnwritten(file) => drop(spawn_blocking(move || files::mark_unwritten(&file))),
            LentWork::Remove(file) => drop(spawn_blocking(move || lent_file::remove(&file))),
        }
    }

    fn show_side(&self, side: Side, frame: Frame) {
        self.sides[side as usize].decode(frame, self.messages.clone());
    }

    fn decide_unsaved(&self, found: FoundText, decision: Decision) {
        let decided = found.clone();
        self.in_store(
            move |tools| rescue::settle(tools.store(), &tools.reel.id, &found, decision),
            move |settled| Message::UnsavedDecided(decided, decision, settled),
        );
    }

    fn change_several(&self, ids: Vec<TakeId>, change: Change, what: String) {
        self.in_order(move |tools| {
            let (done, problem) = tools.queue.change_several(&ids, &change);
            Message::ChangedSeveral(done, what, problem)
        });
    }

    fn change(&self, id: TakeId, change: Change) {
        let made = change.clone();
        self.in_store(
            move |tools| tools.queue.change(id, change).map(Box::new),
            move |result| Message::Changed(made, result),
        );
    }

    fn in_store<T>(
        &self,
        work: impl FnOnce(&Tools) -> Result<T, StoreError> + Send + 'static,
        message: impl FnOnce(Result<T, Problem>) -> Message + Send + 'static,
    ) {
        self.in_order(move |tools| message(work(tools).map_err(Problem::from)));
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

    /// As [`Jobs::beside`], for work that needs the store and takes long.
    fn beside_store(&self, work: impl FnOnce(&Tools) -> Message + Send + 'static) {
        let tools = self.tools.clone();
        self.beside(move || work(&tools));
    }

    fn empty_bin(&self, takes: Vec<TakeId>) {
        self.beside_store(move |tools| {
            let queue = &tools.queue;
            Message::BinEmptied(bin::empty(&queue.store, &queue.reels, &takes))
        });
    }

    fn renew_sidecars(&self) {
        self.beside_store(|tools| {
            let queue = &tools.queue;
            Message::SidecarsRenewed(reels::renew_sidecars(&queue.store, &queue.reels))
        });
    }

    fn find_request(&self, text: String, take: Option<TakeId>) {
        self.beside_store(move |tools| {
            let found = store::find_request(tools, &text, take);
            Message::RequestFound(text, found)
        });
    }

    fn look_at_pasted(&self, text: String) {
        self.beside(move || {
            let is_path = store::names_request(&text);
            Message::PathPasted(is_path.then_some(text))
        });
    }

    fn list_revisions(&self) {
        self.in_store(
            |tools| tools.store().forms(&tools.reel.id).revisions(LISTED_REVISIONS),
            Message::Revisions,
        );
    }

    fn keep(&self, form: Box<Form>) {
        self.in_store(
            move |tools| tools.store().forms(&tools.reel.id).keep(&form),
            Message::Kept,
        );
    }

    fn accept(&self, doubt: Doubt) {
        self.tools.queue.accept(doubt);
        self.read_money();
    }

    /// Every key asks for this: however fast keys come, at most one reading waits.
    fn read_money(&self) {
        if !self.money_queued.swap(true, Ordering::SeqCst) {
            let queued = Arc::clone(&self.money_queued);
            self.in_order(move |tools| {
                queued.store(false, Ordering::SeqCst);
                Message::Money(Box::new(tools.queue.spending.read()))
            });
        }
    }

    /// Calls the engine as soon as it has started, and reports the result.
    fn ask_engine<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Service) -> BoxFuture<'static, Result<T, Problem>> + Send + 'static,
        message: impl FnOnce(Result<T, Problem>) -> Message + Send + 'static,
    ) {
        let (mut engine, messages) = (self.engine.subscribe(), self.messages.clone());
        tokio::spawn(async move {
            let doing = match engine
                .wait_for(|engine| !matches!(engine, Engine::Starting))
                .await
                .as_deref()
            {
                Ok(Engine::Running(service)) => Ok(ask(service.as_ref())),
                Ok(Engine::Failed(error)) => Err(error.clone()),
                Ok(Engine::Starting) | Err(_) => return,
            };
            let done = match doing {
                Ok(doing) => doing.await,
                Err(error) => Err(error),
            };
            let _ = messages.send(message(done));
        });
    }

    /// Finishes the ordered work, then stops the engine, each within a limit. Returns where the text is that the store
    /// did not take.
    pub async fn finish(self) -> Option<Unsaved> {
        self.follower.abort();
        self.pictures.close();
        self.sides.iter().for_each(Pictures::close);
        self.strips.cancel();
        self.player.close();
        self.sounds.cancel();
        self.stills.cancel();
        drop(self.ordered);
        let (done, unsaved) = futures::join!(
            timeout(MAX_LAST_WORK, self.worker),
            self.saver.finish(MAX_LAST_WORK)
        );
        if done.is_err() {
            tracing::warn!("the last changes were not written in time");
        }
        let stopping = match &*self.engine.borrow() {
            Engine::Running(service) => Some(service.stop()),
            Engine::Starting | Engine::Failed(_) => None,
        };
        if let Some(stopping) = stopping {
            // What is not done in time is in the store, and the next process continues it.
            let _ = timeout(MAX_LAST_SUBMIT, stopping).await;
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
