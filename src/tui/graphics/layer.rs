//! Which pictures of pixels the terminal shows, and what has to be written so that it shows those of the next frame.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::pixels::Pixels;

/// A picture where a component has drawn its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub pixels: Arc<Pixels>,
    pub area: Rect,
}

/// A cell at its column and row.
type CellAt<C> = (u16, u16, C);

/// A picture of the next frame, and what lies over it.
#[derive(Debug)]
struct Staged {
    picture: Placed,
    /// A cell of it with nothing in it.
    blank: Cell,
    over: Vec<CellAt<Cell>>,
}

/// Carries the pictures of a frame to the [`Layer`], because a backend is given only the cells that changed.
#[derive(Debug, Clone, Default)]
pub struct Stage(Rc<RefCell<Vec<Staged>>>);

impl Stage {
    /// Notes the pictures of a frame that is drawn; those that are covered wholly are left out.
    pub fn set(&self, pictures: Vec<Placed>, buffer: &Buffer) {
        let staged = pictures.into_iter().filter_map(|picture| {
            let places = picture.area.intersection(buffer.area).positions();
            let (own, over): (Vec<_>, Vec<_>) = places.partition(|at| picture.pixels.has(&buffer[*at]));
            let mut blank = buffer[*own.first()?].clone();
            blank.set_symbol(" ").fg = Color::Reset;
            let over = over.into_iter().map(|at| (at.x, at.y, buffer[at].clone()));
            let over = over.collect();
            Some(Staged { picture, blank, over })
        });
        *self.0.borrow_mut() = staged.collect();
    }
}

/// What is written for a frame, in this order.
#[derive(Debug, PartialEq, Eq)]
pub struct Painting<'a> {
    /// Makes pictures known, before the cells that show them.
    pub first: Vec<Arc<Pixels>>,
    pub cells: Vec<CellAt<&'a Cell>>,
    /// Pictures that are drawn over cells.
    pub over: Vec<Overdrawn>,
    /// Makes pictures forgotten that no cell shows any more.
    pub last: String,
}

/// A picture that is drawn over cells: blanks that erase what is there, then the picture, then what lies over it.
#[derive(Debug, PartialEq, Eq)]
pub struct Overdrawn {
    pub picture: Placed,
    pub blanks: Vec<CellAt<Cell>>,
    pub over: Vec<CellAt<Cell>>,
}

/// The pictures that the terminal shows.
#[derive(Debug, Default)]
pub struct Layer {
    stage: Stage,
    shown: Vec<Placed>,
}

impl Layer {
    /// Where the pictures of the next frame are put.
    pub fn stage(&self) -> Stage {
        self.stage.clone()
    }

    /// What has to be written for the next frame, of which these cells have changed.
    pub fn paint<'a>(&mut self, mut cells: Vec<CellAt<&'a Cell>>) -> Painting<'a> {
        let staged = self.stage.0.take();
        let knew = std::mem::replace(
            &mut self.shown,
            staged.iter().map(|staged| staged.picture.clone()).collect(),
        );
        let is_known = |pixels: &Pixels| knew.iter().any(|old| *old.pixels == *pixels);
        let (mut first, mut over) = (Vec::new(), Vec::new());
        for Staged {
            picture,
            blank,
            over: above,
        } in staged
        {
            let pixels = &picture.pixels;
            if pixels.has_placeholders() {
                if !is_known(pixels) {
                    first.push(Arc::clone(pixels));
                }
                continue;
            }
            let before = cells.len();
            cells.retain(|(.., cell)| !pixels.has(cell));
            if cells.len() == before && knew.contains(&picture) {
                continue;
            }
            let is_covered = |x: u16, y: u16| above.iter().any(|(column, row, _)| (*column, *row) == (x, y));
            let places = picture.area.positions().filter(|at| !is_covered(at.x, at.y));
            over.push(Overdrawn {
                blanks: places.map(|at| (at.x, at.y, blank.clone())).collect(),
                over: above,
                picture,
            });
        }
        let is_shown = |pixels: &Pixels| self.shown.iter().any(|new| *new.pixels == *pixels);
        let gone = knew.iter().filter(|old| !is_shown(&old.pixels));
        Painting {
            first,
            cells,
            over,
            last: forgetting(gone),
        }
    }

    /// What makes the terminal forget every picture that it was sent.
    pub fn forgetting(&self) -> String {
        forgetting(self.shown.iter())
    }

    /// The terminal shows none of them any more. Returns what makes it forget them too.
    pub fn clear(&mut self) -> String {
        let sequence = self.forgetting();
        self.shown.clear();
        sequence
    }
}

fn forgetting<'a>(pictures: impl Iterator<Item = &'a Placed>) -> String {
    let known = pictures.filter(|picture| picture.pixels.has_placeholders());
    known.map(|picture| picture.pixels.forgetting()).collect()
}

#[cfg(test)]
#[path = "layer_tests.rs"]
mod tests;
