//! The main loop: waits for signals, input, messages and deadlines in one select, and draws what changed.
//!
//! Nothing wakes it while nothing happens: a clock runs only while a timer is on screen.

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use crossterm::event::Event;
use futures::{Stream, StreamExt};
use ratatui::backend::Backend;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use crate::service::Starter;

use super::app::{App, Leaving, Seen};
use super::effect::{Effect, Message, TerminalEffect};
use super::expiry::{Expiry, NEWS_STAY, REST};
use super::graphics::cell_size;
use super::jobs::Jobs;
use super::terminal::editor::{Edited, EditorError};
use super::terminal::late::Lent;
use super::terminal::{Bracketed, Host, Quiet, Signal, lent_file};
use super::throttle::Throttle;

/// Events handled before a frame is drawn.
const MAX_BATCH: usize = 10_000;

/// Why the loop cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum LoopError {
    #[error("cannot draw on the terminal ({0}): start rushes again in another terminal")]
    Draw(Box<dyn std::error::Error + Send + Sync>),
    #[error("the terminal could not be set up again ({0}): start rushes again")]
    Enter(io::Error),
}

pub struct Loop<'a, B: Bracketed, H: Host, S> {
    pub terminal: Terminal<Quiet<B>>,
    pub host: H,
    pub signals: S,
    pub messages: UnboundedReceiver<Message>,
    pub jobs: &'a Jobs,
    /// The window title that was set last.
    pub title: String,
}

/// What woke the loop.
enum Woken {
    Signal(Signal),
    Input(Option<io::Result<Event>>),
    Message(Box<Message>),
    /// The terminal has accepted all that was written, or is gone.
    Taken(io::Result<()>),
    Due(Due),
    Frame,
}

/// What happens by itself when its time has come.
#[derive(Debug, Clone, Copy)]
enum Due {
    Tick,
    NewsExpired,
    /// The selection has rested.
    Rested,
}

impl<B, H, S> Loop<'_, B, H, S>
where
    B: Bracketed,
    B::Error: Send + Sync + 'static,
    H: Host,
    S: Stream<Item = Signal> + Unpin,
{
    /// Runs until the user quits, a signal ends it, or the terminal is gone. The engine is started when the first frame is
    /// on screen.
    pub async fn run(
        &mut self,
        app: &mut App,
        draw: &impl Fn(&App, &mut Frame<'_>) -> Seen,
        starter: Option<Starter>,
    ) -> Result<Leaving, LoopError> {
        let mut input = Some(self.host.input());
        let mut throttle = Throttle::default();
        let mut dirty = false;
        let mut next_second = None;
        let (mut news, mut rest) = (Expiry::after(NEWS_STAY), Expiry::after(REST));
        let mut gone = false;
        let begin = app.begin();
        self.hand_out(app, begin, &mut input).await?;
        self.frame(app, draw, &mut throttle)?;
        if let Some(starter) = starter {
            self.jobs.start_engine(starter);
        }
        loop {
            next_second = match next_second {
                _ if !app.state().shows_timers() => None,
                None => Some(Instant::now() + app.state().facts.tick),
                kept => kept,
            };
            if !self.host.is_behind()
                && let Some(effect) = app.frame_arrived()
            {
                self.jobs.run(effect);
            }
            let now = Instant::now();
            let due = [
                (next_second, Due::Tick),
                (news.deadline(app.state().news.shown(), now), Due::NewsExpired),
                (rest.deadline(app.state().moves(), now), Due::Rested),
            ];
            let due = due.into_iter().filter_map(|(at, due)| Some((at?, due)));
            let due = due.min_by_key(|(at, _)| *at);
            let frame = dirty.then(|| throttle.next(now));
            let woken = self.next(&mut input, frame, due).await;
            dirty |= !matches!(woken, Woken::Frame | Woken::Taken(_));
            let effects = match woken {
                Woken::Signal(Signal::Continue) => {
                    self.pause(app, &mut input, async |_| ()).await?;
                    Vec::new()
                }
                Woken::Signal(Signal::HangUp) | Woken::Input(None | Some(Err(_))) => {
                    return Ok(Leaving::HungUp);
                }
                Woken::Signal(signal) => return Ok(Leaving::Signalled(signal)),
                Woken::Input(Some(Ok(event))) => {
                    let (batch, ended) = gather(event, &mut input).await;
                    gone = ended;
                    app.feed(&batch)
                }
                Woken::Message(message) => self.receive(app, *message),
                Woken::Due(Due::Tick) => {
                    next_second = Some(Instant::now() + app.state().facts.tick);
                    app.receive(Message::Tick)
                }
                Woken::Due(Due::NewsExpired) => {
                    app.state_mut().news.clear();
                    Vec::new()
                }
                Woken::Due(Due::Rested) => {
                    app.state_mut().rested();
                    Vec::new()
                }
                Woken::Taken(Err(error)) => return Err(LoopError::Draw(Box::new(error))),
                Woken::Frame | Woken::Taken(Ok(())) => Vec::new(),
            };
            let leaving = self.hand_out(app, effects, &mut input).await?;
            let hung_up = gone.then_some(Leaving::HungUp);
            let leaving = leaving.or(app.state().leaving).or(hung_up);
            // A frame is drawn only when the terminal has accepted the one before, so that none pile up.
            if dirty
                && leaving.is_none()
                && !self.host.is_behind()
                && throttle.next(Instant::now()) <= Instant::now()
            {
                self.frame(app, draw, &mut throttle)?;
                dirty = false;
            }
            // A typed letter is shown before the text is checked and saved.
            let late = app.catch_up();
            dirty |= !late.is_empty();
            self.hand_out(app, late, &mut input).await?;
            if let Some(leaving) = leaving {
                return Ok(leaving);
            }
        }
    }

    async fn next(
        &mut self,
        input: &mut Option<H::Input>,
        frame: Option<Instant>,
        due: Option<(Instant, Due)>,
    ) -> Woken {
        let typed = async {
            match input {
                Some(input) => input.next().await,
                None => None,
            }
        };
        let behind = self.host.is_behind();
        let frame = frame.filter(|_| !behind);
        let timer = async {
            match due {
                Some((at, due)) => {
                    sleep_until(at).await;
                    due
                }
                None => std::future::pending().await,
            }
        };
        let painting = async {
            match frame {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(signal) = self.signals.next() => Woken::Signal(signal),
            event = typed => Woken::Input(event),
            Some(message) = self.messages.recv() => Woken::Message(Box::new(message)),
            taken = self.host.taken(), if behind => Woken::Taken(taken),
            due = timer => Woken::Due(due),
            () = painting => Woken::Frame,
        }
    }

    /// Handles a message and all that wait behind it.
    fn receive(&mut self, app: &mut App, first: Message) -> Vec<Effect> {
        let mut effects = app.receive(first);
        while let Ok(message) = self.messages.try_recv() {
            effects.extend(app.receive(message));
        }
        effects
    }

    fn frame(
        &mut self,
        app: &mut App,
        draw: &impl Fn(&App, &mut Frame<'_>) -> Seen,
        throttle: &mut Throttle,
    ) -> Result<(), LoopError> {
        self.look_at_cell_size(app);
        let mut seen = Seen::default();
        let stage = self.terminal.backend().stage();
        let drawn = self.terminal.draw(|frame| {
            seen = draw(app, frame);
            stage.set(std::mem::take(&mut seen.pictures), frame.buffer_mut());
        });
        drawn.map_err(|error| LoopError::Draw(Box::new(error)))?;
        throttle.drawn(Instant::now());
        let title = app.state().title();
        if title != self.title {
            drop(self.host.escape(&format!("\x1b]0;{title}\x1b\\")));
            self.title = title;
        }
        let effects = if self.host.is_behind() {
            app.drawn_on_its_way(seen)
        } else {
            app.drawn(seen)
        };
        for effect in effects {
            self.jobs.run(effect);
        }
        Ok(())
    }

    /// Pictures of pixels are made for the size of a cell, which changes with the terminal's font.
    fn look_at_cell_size(&mut self, app: &mut App) {
        let pictures = &mut app.state_mut().pictures;
        if pictures.graphics().is_some()
            && let Ok(size) = self.terminal.backend_mut().window_size()
        {
            pictures.set_cell(cell_size(size.columns_rows.into(), size.pixels.into()));
        }
    }

    /// Runs the terminal's effects here and starts the others as jobs.
    async fn hand_out(
        &mut self,
        app: &mut App,
        effects: Vec<Effect>,
        input: &mut Option<H::Input>,
    ) -> Result<Option<Leaving>, LoopError> {
        for effect in effects {
            let Effect::Terminal(effect) = effect else {
                self.jobs.run(effect);
                continue;
            };
            match effect {
                // A lost terminal is noticed by the next frame.
                TerminalEffect::Escape(sequence) => drop(self.host.escape(&sequence)),
                TerminalEffect::Notify(text) => {
                    let text = crate::model::text::one_line(&text, 200);
                    drop(self.host.escape(&format!("\x07\x1b]9;rushes: {text}\x1b\\")));
                }
                TerminalEffect::Mouse(on) => drop(self.host.set_mouse(on)),
                TerminalEffect::Redraw => self.wipe()?,
                TerminalEffect::Suspend => {
                    self.pause(app, input, async |this| this.host.suspend().await)
                        .await?;
                }
                TerminalEffect::Edit(text) => {
                    if let Some(leaving) = self.edit(app, &text, input).await? {
                        return Ok(Some(leaving));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Releases the terminal while `meanwhile` runs, then takes it again and draws all of it.
    async fn pause<T>(
        &mut self,
        app: &mut App,
        input: &mut Option<H::Input>,
        meanwhile: impl AsyncFnOnce(&mut Self) -> T,
    ) -> Result<T, LoopError> {
        *input = None;
        self.host.leave();
        let ended = meanwhile(self).await;
        self.host.enter().map_err(LoopError::Enter)?;
        self.title.clear();
        // The window may have lost the focus meanwhile, and the terminal reports only changes.
        app.state_mut().window_focused = None;
        *input = Some(self.host.input());
        self.wipe()?;
        Ok(ended)
    }

    /// Clears the screen, so that the next frame draws all of it.
    fn wipe(&mut self) -> Result<(), LoopError> {
        self.terminal.backend_mut().forget();
        self.terminal
            .clear()
            .map_err(|error| LoopError::Draw(Box::new(error)))
    }

    async fn edit(
        &mut self,
        app: &mut App,
        text: &str,
        input: &mut Option<H::Input>,
    ) -> Result<Option<Leaving>, LoopError> {
        let mut ended = None;
        let back = self
            .pause(app, input, async |this| {
                let (host, signals) = (&mut this.host, &mut this.signals);
                let mut editing = std::pin::pin!(host.edit(text));
                ended = loop {
                    tokio::select! {
                        biased;
                        Some(signal) = signals.next() => match signal {
                            Signal::HangUp => break Some(Err(Leaving::HungUp)),
                            Signal::Terminate => break Some(Err(Leaving::Signalled(signal))),
                            // Meant for the editor, which has the terminal.
                            Signal::Interrupt | Signal::Quit | Signal::Continue => {}
                        },
                        edited = &mut editing => break Some(Ok(edited)),
                    }
                };
            })
            .await;
        // The text is used even when the terminal could not be taken back.
        let leaving = match ended {
            Some(Ok(edited)) => {
                self.edited(app, edited);
                None
            }
            Some(Err(leaving)) => Some(leaving),
            None => None,
        };
        back.map(|()| leaving)
    }

    /// Puts the editor's text into the form and then removes its file.
    fn edited(&self, app: &mut App, edited: Result<Edited, EditorError>) {
        let (message, file) = match edited {
            Ok(edited) => {
                let (file, text) = (edited.file, edited.text);
                match (edited.at_once, edited.failure) {
                    (Some(program), _) => {
                        let known = text;
                        (Message::EndedAtOnce(Lent { program, file, known }), None)
                    }
                    (None, None) => (Message::Edited(Ok(text)), Some(file)),
                    (None, Some(error)) => (Message::EditedBadly(text, error), Some(file)),
                }
            }
            Err(error) => (Message::Edited(Err(error.to_string())), None),
        };
        for effect in app.receive(message) {
            self.jobs.run(effect);
        }
        if let Some(file) = file {
            lent_file::remove(&file);
        }
    }
}

/// An event and all that arrived with it, and whether the input ended there.
///
/// It polls with the task's own waker: crossterm's stream keeps the waker that found it empty until it has used it, so a
/// no-op waker would lose wake-ups.
async fn gather<I: Stream<Item = io::Result<Event>> + Unpin>(
    first: Event,
    input: &mut Option<I>,
) -> (Vec<Event>, bool) {
    let mut batch = vec![first];
    while let Some(input) = input.as_mut().filter(|_| batch.len() < MAX_BATCH) {
        let now = poll_fn(|cx| match input.poll_next_unpin(cx) {
            Poll::Ready(next) => Poll::Ready(Some(next)),
            Poll::Pending => Poll::Ready(None),
        });
        match now.await {
            Some(Some(Ok(event))) => batch.push(event),
            Some(_) => return (batch, true),
            None => break,
        }
    }
    (batch, false)
}
