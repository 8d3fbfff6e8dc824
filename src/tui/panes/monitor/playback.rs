//! Playing in the Monitor: what is played, at which speed, and why it cannot be.

use super::position::Position;
use crate::media::cells::{Depth, Shape};
use crate::media::{Span, Speed};
use crate::model::TakeId;
use crate::tui::component::{Cx, Possible};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::Action;
use crate::tui::picture_style::NO_MOTION;
use crate::tui::playing::{PlayEnded, Playing, PlayingTake};
use crate::tui::state::State;
use crate::tui::widgets::picture::DrawnPicture;

/// The player's side of the Monitor.
#[derive(Default)]
pub(super) struct Player {
    pub(super) speed: Speed,
    running: Option<Running>,
    /// The last picture of what was played, until the same picture was decoded as a still.
    last: Option<(TakeId, Result<DrawnPicture, String>)>,
}

struct Running {
    number: u64,
    take: TakeId,
    size: (u16, u16),
    style: (Option<Shape>, Depth),
    span: Span,
    /// Where it is, in milliseconds.
    at: u64,
    cells: Option<Result<DrawnPicture, String>>,
}

/// Whether the take in the Monitor can be played: what is wrong with the take is seen when it is.
pub(super) fn possible(state: &State) -> Possible {
    if !state.pictures.moves() {
        return Err(NO_MOTION.to_owned());
    }
    if state.pictures.shape().is_none() {
        return Err(format!(
            "pictures are off{}",
            state.key_of(Action::NextPictureMode)
        ));
    }
    match state.seen.drawn.picture {
        Some((columns, rows)) if columns > 0 && rows > 0 => Ok(()),
        _ => Err(format!(
            "no picture is visible here{}",
            state.key_of(Action::FocusMonitor)
        )),
    }
}

impl Player {
    /// Whether the take is played.
    pub(super) fn plays(&self, take: TakeId) -> bool {
        self.running.as_ref().is_some_and(|running| running.take == take)
    }

    /// Whether a shot of it is played again and again.
    pub(super) fn repeats(&self, take: TakeId) -> bool {
        let running = self.running.as_ref().filter(|running| running.take == take);
        running.is_some_and(|running| running.span.repeats)
    }

    /// Where the playing of the take is, in milliseconds.
    pub(super) fn at(&self, take: TakeId) -> Option<u64> {
        let running = self.running.as_ref().filter(|running| running.take == take);
        running.map(|running| running.at)
    }

    /// The picture of the take that was played last, if it is newer than the still.
    pub(super) fn picture(&self, take: TakeId) -> Option<&Result<DrawnPicture, String>> {
        let running = self.running.as_ref().filter(|running| running.take == take);
        let running = running.and_then(|running| running.cells.as_ref());
        let last = self.last.as_ref().filter(|(id, _)| *id == take);
        running.or_else(|| last.map(|(_, cells)| cells))
    }

    /// A still has come, which is finer.
    pub(super) fn forget(&mut self) {
        self.last = None;
    }

    /// Plays the take from where it is, to its end or its shot again and again.
    pub(super) fn play(
        &mut self,
        here: &Position<'_>,
        repeats: bool,
        shown: Option<DrawnPicture>,
        cx: &mut Cx,
    ) {
        let shot = here.shots.get(here.shot()).filter(|_| repeats);
        let (start, end) = shot.map_or((0, here.length), |shot| (shot.start_ms, shot.end_ms));
        // At its last picture, it is played from its start.
        let is_over = here.at + here.picture * 3 / 2 >= end.min(here.length);
        let span = Span {
            at: if is_over { start } else { here.at },
            start,
            // The file may be longer than was asked for.
            end: if repeats { end } else { u64::MAX },
            repeats,
            speed: self.speed,
        };
        self.start(here, span, shown, cx);
    }

    fn start(&mut self, here: &Position<'_>, span: Span, shown: Option<DrawnPicture>, cx: &mut Cx) {
        let (Some(file), Some(shape), Some(size)) =
            (here.take.file.clone(), cx.pictures.shape(), cx.seen.drawn.picture)
        else {
            return;
        };
        let number = cx.next_playing();
        let (columns, rows) = size;
        let playing = Playing {
            number,
            parts: vec![PlayingTake {
                take: here.take.id,
                file,
                bytes: here.take.bytes,
                columns,
                rows,
                shown: shown.clone(),
            }],
            span,
            shape,
            depth: cx.pictures.depth(),
            bytes_per_second: cx.pictures.bytes_per_second(),
        };
        self.running = Some(Running {
            number,
            take: here.take.id,
            size,
            style: (cx.pictures.shape(), cx.pictures.depth()),
            span,
            at: span.at,
            cells: shown.map(Ok),
        });
        cx.run(Effect::Play(Box::new(playing)));
    }

    /// Goes on with what is played, in another size, shape or speed.
    pub(super) fn again(&mut self, here: &Position<'_>, cx: &mut Cx) {
        let Some(running) = self.running.take() else {
            return;
        };
        let span = Span {
            at: running.at,
            speed: self.speed,
            ..running.span
        };
        let is_same_size = Some(running.size) == cx.seen.drawn.picture;
        let shown = running.cells.and_then(Result::ok).filter(|_| is_same_size);
        self.start(here, span, shown, cx);
    }

    /// Stops; returns the take and where it was.
    pub(super) fn stop(&mut self, cx: &mut Cx) -> Option<(TakeId, u64)> {
        let running = self.running.take()?;
        cx.run(Effect::StopPlaying);
        Some(self.ended(running))
    }

    fn ended(&mut self, running: Running) -> (TakeId, u64) {
        self.last = running.cells.map(|cells| (running.take, cells));
        (running.take, running.at)
    }

    /// Takes what is reported of the playing; returns the take and where it was once it has ended.
    pub(super) fn receive(&mut self, message: &Message) -> Received {
        let Some(running) = &mut self.running else {
            return Received::NotOurs;
        };
        match message {
            Message::Played(played) if played.playing == running.number => {
                running.at = played.at;
                if let Some(part) = played.parts.first() {
                    running.cells = Some(part.cells.clone());
                }
                Received::Taken
            }
            Message::PlayEnded(PlayEnded { playing, at, .. }) if *playing == running.number => {
                running.at = *at;
                let running = self.running.take();
                running.map_or(Received::Taken, |running| {
                    let (take, at) = self.ended(running);
                    Received::Ended(take, at)
                })
            }
            _ => Received::NotOurs,
        }
    }

    /// Whether it has to go on in this other size, or in another way of drawing pictures.
    pub(super) fn is_drawn_otherwise(&self, size: (u16, u16), state: &State) -> bool {
        let style = (state.pictures.shape(), state.pictures.depth());
        let differs = |running: &Running| running.size != size || running.style != style;
        self.running.as_ref().is_some_and(differs)
    }

    /// The take that is played.
    pub(super) fn take(&self) -> Option<TakeId> {
        self.running.as_ref().map(|running| running.take)
    }
}

/// What a message was for the player.
pub(super) enum Received {
    NotOurs,
    Taken,
    /// The playing of this take has ended there.
    Ended(TakeId, u64),
}
