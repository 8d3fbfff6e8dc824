//! The two pictures of a pair, at the same moment.

use crate::model::{Take, TakeId};
use crate::tui::choosing::Side;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, Frame, Moment, Pictured};

/// Which moment both show, and what was decoded of each.
#[derive(Debug)]
pub struct Pair {
    pub moment: Moment,
    halves: [Half; 2],
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
        }
    }

    /// When the picture is shown, in milliseconds from the start of both takes.
    pub const fn at(&self) -> u64 {
        match self.moment {
            Moment::At(ms) | Moment::After(ms) | Moment::Before(ms) => ms,
        }
    }

    /// What was decoded of a take, however long ago, as long as it is on this side.
    pub fn shown(&self, side: Side, take: TakeId) -> Option<&Pictured> {
        let shown = self.halves[side as usize].shown.as_ref();
        shown.filter(|pictured| pictured.frame.take == take)
    }

    /// Requests the pictures of both in so many cells, unless they are there or under way.
    pub fn ask(&mut self, takes: [&Take; 2], (columns, rows): (u16, u16), cx: &mut Cx) {
        let style = cx.pictures;
        let Some(shape) = style.shape().filter(|_| columns > 0 && rows > 0) else {
            return;
        };
        for (side, take) in [Side::Left, Side::Right].into_iter().zip(takes) {
            let Some(file) = take.file.clone() else { continue };
            let frame = Frame {
                take: take.id,
                file,
                moment: self.moment,
                columns,
                rows,
                shape,
                depth: style.depth(),
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
                self.moment = match (&pictured.cells, pictured.frame.moment) {
                    (Ok(_), moment) => moment,
                    (Err(_), Moment::At(ms) | Moment::After(ms) | Moment::Before(ms)) => Moment::At(ms),
                };
            }
            half.shown = Some(pictured.clone());
        }
    }
}
