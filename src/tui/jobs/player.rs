//! Plays takes off the loop: decodes what is due by the clock, sends its cells as a message, and goes on when the terminal
//! has accepted them.
//!
//! At most one picture is on its way, so a terminal that takes none stops the playing and nothing else. What comes too late
//! is passed over.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout};

use crate::media::{Cancel, Pace, Part, Playback, Quality, Step};
use crate::tui::effect::Message;
use crate::tui::playing::{FrameTaken, PlayEnd, PlayEnded, Played, PlayedTake, Playing};
use crate::tui::terminal::Meter;
use crate::tui::widgets::picture::DrawnPicture;

/// When the terminal takes longer than this for a picture, the playing goes on where it was.
const STALL: Duration = Duration::from_secs(1);
/// More pictures a second are not shown than one after each such time.
const MIN_BETWEEN: Duration = Duration::from_millis(33);

/// Plays in one terminal.
#[derive(Default)]
pub struct Player {
    newest: Mutex<Newest>,
    line: Arc<Mutex<Option<Line>>>,
}

/// What was found out about the terminal while something was played: how fast it takes bytes, and how finely pictures can be
/// drawn for it. The next playing begins with that.
#[derive(Clone)]
struct Line {
    pace: Pace,
    quality: Quality,
}

#[derive(Default)]
struct Newest {
    running: Option<Running>,
    /// The files that are played, or were played last.
    files: Vec<PathBuf>,
    /// Ends with the videos that it had open.
    task: Option<JoinHandle<Option<Playback>>>,
}

/// What is played now. When `taken` is dropped, it stops.
struct Running {
    playing: u64,
    taken: watch::Sender<Option<FrameTaken>>,
    cancel: Cancel,
}

impl Player {
    /// Plays this instead of what is played now.
    pub fn play(&self, playing: Playing, meter: Meter, messages: UnboundedSender<Message>) {
        let mut newest = self.newest();
        newest.stop();
        let (taken, receiver) = watch::channel(None);
        let cancel = Cancel::new();
        newest.running = Some(Running {
            playing: playing.number,
            taken,
            cancel: cancel.clone(),
        });
        newest.files = playing.parts.iter().map(|part| part.file.clone()).collect();
        let run = Run {
            playing,
            meter,
            messages,
            taken: receiver,
            cancel,
            line: Arc::clone(&self.line),
        };
        newest.task = Some(tokio::spawn(run.run(newest.task.take())));
    }

    /// The videos stay open at their pictures until others are played, or they are closed.
    pub fn stop(&self) {
        self.newest().stop();
    }

    /// Stops, and closes the videos.
    pub fn close(&self) {
        self.newest().close();
    }

    /// Closes the videos unless this is one of them, or they are played.
    pub fn close_others(&self, file: &Path) {
        let mut newest = self.newest();
        if !newest.plays() && !newest.files.iter().any(|open| open == file) {
            newest.close();
        }
    }

    /// The terminal has accepted a picture.
    pub fn taken(&self, taken: FrameTaken) {
        if let Some(running) = self.newest().running.as_ref()
            && running.playing == taken.playing
        {
            running.taken.send_replace(Some(taken));
        }
    }

    fn newest(&self) -> MutexGuard<'_, Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Newest {
    fn plays(&self) -> bool {
        let goes_on = self.task.as_ref().is_some_and(|task| !task.is_finished());
        self.running.is_some() && goes_on
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.cancel.cancel();
        }
    }

    /// What a task that has not ended yet has open is closed at its end.
    fn close(&mut self) {
        self.stop();
        self.files.clear();
        self.task = None;
    }
}

struct Run {
    playing: Playing,
    meter: Meter,
    messages: UnboundedSender<Message>,
    taken: watch::Receiver<Option<FrameTaken>>,
    cancel: Cancel,
    line: Arc<Mutex<Option<Line>>>,
}

impl Run {
    /// Plays once the one before has ended, and returns the videos.
    async fn run(mut self, before: Option<JoinHandle<Option<Playback>>>) -> Option<Playback> {
        let kept = match before {
            Some(task) => task.await.ok().flatten(),
            None => None,
        };
        let mut ended = PlayEnded {
            playing: self.playing.number,
            at: self.playing.span.at,
            how: PlayEnd::Stopped,
        };
        let line = self.line();
        let mut pace = line.pace.clone();
        let mut playback = self.open(kept, line.quality).await;
        if let Some(open) = playback.take() {
            (playback, ended.how) = self.play(open, &mut pace, &mut ended.at).await;
        }
        if let Some(playback) = &playback {
            let quality = playback.quality().clone();
            *self.line.lock().unwrap_or_else(PoisonError::into_inner) = Some(Line { pace, quality });
        }
        let _ = self.messages.send(Message::PlayEnded(ended));
        playback
    }

    /// What is known of the terminal, for what is played now.
    fn line(&self) -> Line {
        let (bytes, depth) = (self.playing.bytes_per_second, self.playing.depth);
        let known = self.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(line) => Line {
                pace: line.pace.again(bytes),
                quality: line.quality.again(depth),
            },
            None => Line {
                pace: Pace::new(bytes),
                quality: Quality::new(depth),
            },
        }
    }

    /// `None` when it was stopped.
    async fn open(&self, kept: Option<Playback>, quality: Quality) -> Option<Playback> {
        let shape = self.playing.shape;
        let parts = self.playing.parts.iter().map(|part| Part {
            file: part.file.clone(),
            bytes: part.bytes,
            columns: part.columns,
            rows: part.rows,
            shown: part
                .shown
                .as_ref()
                .and_then(|picture| picture.grid().cloned())
                .unwrap_or_default(),
        });
        let parts: Vec<Part> = parts.collect();
        if self.cancel.is_cancelled() {
            return kept;
        }
        let open = move || match kept {
            Some(kept) => kept.again(parts, shape, quality),
            None => Playback::open(parts, shape, quality),
        };
        spawn_blocking(open).await.ok()
    }

    /// Plays until it ends; `at` is where it is.
    async fn play(
        &mut self,
        mut playback: Playback,
        pace: &mut Pace,
        at: &mut u64,
    ) -> (Option<Playback>, PlayEnd) {
        let mut span = self.playing.span;
        if !playback.has_failed() {
            span.end = span.end.min(playback.length());
        }
        let between = playback.between();
        let start = Instant::now();
        // Time that is not played: until the first picture is there, and while the terminal takes none.
        let mut held = Duration::ZERO;
        let (mut frame, mut counted) = (0, self.meter.total());
        loop {
            let now = start.elapsed();
            let (ms, is_over) = span.due(now.saturating_sub(held));
            let allowance = pace.allowance(now);
            let cancel = self.cancel.clone();
            let step = spawn_blocking(move || {
                let step = playback.at(ms, allowance, &cancel);
                (playback, step)
            });
            let Ok((kept, step)) = step.await else {
                return (None, PlayEnd::Failed);
            };
            playback = kept;
            if self.cancel.is_cancelled() {
                return (Some(playback), PlayEnd::Stopped);
            }
            *at = ms;
            if let Some(step) = step {
                frame += 1;
                let sent = Instant::now();
                self.send(frame, ms, step);
                let Some(taken) = self.until_taken(frame).await else {
                    return (Some(playback), PlayEnd::Stopped);
                };
                let bytes = self.meter.total() - counted;
                counted += bytes;
                pace.sent(bytes, start.elapsed());
                if taken.was_behind {
                    pace.waited(bytes, sent.elapsed());
                } else {
                    pace.did_not_wait();
                }
                if frame == 1 {
                    held = start.elapsed();
                } else if sent.elapsed() > STALL {
                    held += sent.elapsed();
                }
            }
            if playback.has_failed() {
                return (Some(playback), PlayEnd::Failed);
            }
            if is_over {
                return (Some(playback), PlayEnd::Over);
            }
            let left = span.left(now.saturating_sub(held));
            let next = pace
                .ready_at()
                .max(now + span.speed.of(until_next(ms, between)).min(left));
            let next = if span.speed.of(between) < MIN_BETWEEN {
                next.max(now + MIN_BETWEEN)
            } else {
                next
            };
            if !self.sleep(next.saturating_sub(start.elapsed())).await {
                return (Some(playback), PlayEnd::Stopped);
            }
        }
    }

    fn send(&self, frame: u64, at: u64, step: Step) {
        let parts = self.playing.parts.iter().zip(step.parts);
        let parts = parts.map(|(part, cells)| PlayedTake {
            take: part.take,
            cells: cells.and_then(|(_, grid)| {
                DrawnPicture::of_cells(grid).ok_or_else(|| "there is no room for a picture".to_owned())
            }),
        });
        let _ = self.messages.send(Message::Played(Box::new(Played {
            playing: self.playing.number,
            frame,
            at,
            parts: parts.collect(),
        })));
    }

    /// Waits until the terminal has accepted the picture; `None` when the playing was stopped.
    async fn until_taken(&mut self, frame: u64) -> Option<FrameTaken> {
        let is_it = |taken: &Option<FrameTaken>| taken.is_some_and(|taken| taken.frame == frame);
        let taken = self.taken.wait_for(is_it).await.ok()?;
        *taken
    }

    /// Waits; `false` when the playing was stopped meanwhile.
    async fn sleep(&mut self, time: Duration) -> bool {
        // Nothing is on its way, so that only the end of the sender is news.
        timeout(time, self.taken.changed()).await.is_err()
    }
}

/// How much of the video is between `ms` and its next picture.
fn until_next(ms: u64, between: Duration) -> Duration {
    let shown = Duration::from_millis(ms).as_nanos() % between.as_nanos().max(1);
    let left = between.saturating_sub(Duration::from_nanos(u64::try_from(shown).unwrap_or(0)));
    // A time is rounded down to a millisecond.
    left.max(Duration::from_millis(1))
}

#[cfg(test)]
#[path = "player_tests.rs"]
mod tests;
