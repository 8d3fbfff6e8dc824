//! The two pictures of a pair, at the same moment.

use crate::media::{Span, Speed};
use crate::model::{Take, TakeId};
use crate::tui::choosing::Side;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, Frame, Moment, Pictured};
use crate::tui::playing::{PlayEnded, Played, Playing, PlayingTake};
use crate::tui::widgets::picture::DrawnPicture;

/// So near to its end, a take is played from its start, in milliseconds.
const NEAR_END: u64 = 100;

/// Which moment both show, and what was decoded of each.
#[derive(Debug)]
pub struct Pair {
    moment: Moment,
    halves: [Half; 2],
    playing: Option<Now>,
}

/// What is played.
#[derive(Debug)]
struct Now {
    number: u64,
    /// Where it is, in milliseconds.
    at: u64,
    /// The newest picture of each take.
    cells: Vec<(TakeId, Result<DrawnPicture, String>)>,
}

#[derive(Debug, Default)]
struct Half {
    asked: Option<Frame>,
    shown: Option<Pictured>,
}

impl Pair {
    pub fn new() -> Self {
        Self {
            moment: Moment::At(0),
            halves: Default::default(),
            playing: None,
        }
    }

    /// When the picture is shown, in milliseconds from the start of both takes.
    pub fn at(&self) -> u64 {
        if let Some(now) = &self.playing {
            return now.at;
        }
        match self.moment {
            Moment::At(ms) | Moment::After(ms) | Moment::Before(ms) => ms,
        }
    }

    /// The picture of a take: what is played, or what was decoded however long ago, as long as it is on this side.
    pub fn shown(&self, side: Side, take: TakeId) -> Option<&Result<DrawnPicture, String>> {
        let mut played = self.playing.iter().flat_map(|now| &now.cells);
        let played = played.find(|(id, _)| *id == take).map(|(_, cells)| cells);
        played.or_else(|| {
            let shown = self.halves[side as usize].shown.as_ref();
            let shown = shown.filter(|pictured| pictured.frame.take == take);
            shown.map(|pictured| &pictured.picture)
        })
    }

    /// Goes to a moment.
    pub fn go(&mut self, moment: Moment, cx: &mut Cx) {
        self.stop(cx);
        self.moment = moment;
    }

    pub const fn plays(&self) -> bool {
        self.playing.is_some()
    }

    /// Stops the playing, if there is one, where it is.
    pub fn stop(&mut self, cx: &mut Cx) {
        if let Some(now) = self.playing.take() {
            self.moment = Moment::At(now.at);
            cx.run(Effect::StopPlaying);
        }
    }

    /// Plays the takes in step from where they are, each within the given cells.
    pub fn play(&mut self, takes: &[&Take], (columns, rows): (u16, u16), cx: &mut Cx) {
        let Some(shape) = cx.pictures.shape() else { return };
        let end = takes.iter().map(|take| u64::from(take.duration.ms())).max();
        let is_over = self.at() + NEAR_END >= end.unwrap_or(0);
        let at = if is_over { 0 } else { self.at() };
        let parts = [Side::Left, Side::Right].into_iter().zip(takes);
        let parts = parts.filter_map(|(side, take)| {
            let shown = self.shown(side, take.id);
            Some(PlayingTake {
                take: take.id,
                file: take.file.clone()?,
                bytes: take.bytes,
                columns,
                rows,
                shown: shown.and_then(|cells| cells.as_ref().ok()).cloned(),
            })
        });
        let parts: Vec<PlayingTake> = parts.collect();
        let shown = parts
            .iter()
            .filter_map(|part| Some((part.take, Ok(part.shown.clone()?))));
        let number = cx.next_playing();
        self.playing = Some(Now {
            number,
            at,
            cells: shown.collect(),
        });
        let playing = Playing {
            number,
            parts,
            span: Span {
                at,
                start: 0,
                // The files may be longer than was asked for.
                end: u64::MAX,
                repeats: false,
                speed: Speed::Normal,
            },
            shape,
            depth: cx.pictures.depth(),
            bytes_per_second: cx.pictures.bytes_per_second(),
        };
        cx.run(Effect::Play(Box::new(playing)));
    }

    /// Takes the next moment of what is played; `false` when it is of another playing.
    pub fn played(&mut self, played: &Played) -> bool {
        let now = self.playing.as_mut().filter(|now| now.number == played.playing);
        if let Some(now) = now {
            now.at = played.at;
            now.cells = played
                .parts
                .iter()
                .map(|part| (part.take, part.cells.clone()))
                .collect();
            return true;
        }
        false
    }

    /// The playing has ended; `false` when it was another one.
    pub fn play_ended(&mut self, ended: PlayEnded) -> bool {
        let is_ours = self
            .playing
            .as_ref()
            .is_some_and(|now| now.number == ended.playing);
        if is_ours {
            self.playing = None;
            self.moment = Moment::At(ended.at);
        }
        is_ours
    }

    /// Requests the pictures of the takes for the given cells, unless they are there or under way.
    pub fn ask(&mut self, takes: &[&Take], (columns, rows): (u16, u16), cx: &mut Cx) {
        let style = cx.pictures;
        let is_still = columns > 0 && rows > 0 && self.playing.is_none();
        let Some(way) = style.way().filter(|_| is_still) else {
            return;
        };
        for (side, take) in [Side::Left, Side::Right].into_iter().zip(takes) {
            let Some(file) = take.file.clone() else { continue };
            let frame = Frame {
                take: take.id,
                file,
                bytes: take.bytes,
                moment: self.moment,
                columns,
                rows,
                way,
            };
            let half = &mut self.halves[side as usize];
            let is_shown = half.shown.as_ref().is_some_and(|shown| shown.frame == frame);
            if is_shown || half.asked.as_ref() == Some(&frame) {
                continue;
            }
            half.asked = Some(frame.clone());
            cx.run(Effect::SidePicture(side, frame));
        }
    }

    /// Takes a picture that was requested. A step to the picture before or after ends at the time that the left one shows.
    pub fn receive(&mut self, pictured: &Pictured) {
        for (at, half) in self.halves.iter_mut().enumerate() {
            if half.asked.as_ref() != Some(&pictured.asked) {
                continue;
            }
            let is_step = !matches!(self.moment, Moment::At(_)) && pictured.asked.moment == self.moment;
            if at == 0 && is_step {
                // Where it cannot be decoded, both stay.
                self.moment = match (&pictured.picture, pictured.frame.moment) {
                    (Ok(_), moment) => moment,
                    (Err(_), Moment::At(ms) | Moment::After(ms) | Moment::Before(ms)) => Moment::At(ms),
                };
            }
            half.shown = Some(pictured.clone());
        }
    }
}
