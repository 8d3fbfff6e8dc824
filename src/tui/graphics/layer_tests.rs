//! Holds the layer against a terminal that is made of cells.

use super::*;
use crate::media::Picture;
use crate::tui::graphics::{Graphics, Protocol};

const COLUMNS: u16 = 14;
const ROWS: u16 = 8;

fn picture(protocol: Protocol, columns: u16, rows: u16) -> Arc<Pixels> {
    let picture = Picture {
        width: 40,
        height: 30,
        rgb: vec![80; 40 * 30 * 3],
    };
    let graphics = Graphics::new(protocol, false, Some((10, 12)));
    Arc::new(Pixels::new(&picture, columns, rows, graphics).unwrap())
}

/// A terminal that shows text or a part of a picture in each cell, as one with that protocol does.
struct Terminal {
    layer: Layer,
    before: Buffer,
    cells: Buffer,
    known: Vec<Arc<Pixels>>,
    /// Pictures that were sent.
    sent: usize,
}

impl Terminal {
    fn new() -> Self {
        let area = Rect::new(0, 0, COLUMNS, ROWS);
        Self {
            layer: Layer::default(),
            before: Buffer::empty(area),
            cells: Buffer::empty(area),
            known: Vec::new(),
            sent: 0,
        }
    }

    fn show(&mut self, next: Buffer, pictures: &[Placed]) {
        self.layer.stage().set(pictures.to_vec(), &next);
        let changed: Vec<_> = self.before.diff_iter(&next).collect();
        if !changed.is_empty() {
            let painting = self.layer.paint(changed);
            self.sent += painting.first.len() + painting.over.len();
            self.known.extend(painting.first);
            for (x, y, cell) in painting.cells {
                self.cells[(x, y)] = cell.clone();
            }
            for drawn in painting.over {
                let (area, pixels) = (drawn.picture.area, drawn.picture.pixels);
                for (x, y, cell) in drawn.blanks {
                    self.cells[(x, y)] = cell;
                }
                for at in area.positions() {
                    pixels.mark(&mut self.cells[at], at.x - area.x, at.y - area.y);
                }
                for (x, y, cell) in drawn.over {
                    self.cells[(x, y)] = cell;
                }
            }
            let last = painting.last;
            self.known.retain(|pixels| !last.contains(&pixels.forgetting()));
        }
        self.before = next;
    }

    /// It shows what was drawn, and knows those pictures of kitty's that are visible.
    fn check(&self, pictures: &[Placed], what: &str) {
        for (shown, drawn) in self.cells.content.iter().zip(&self.before.content) {
            assert_eq!(shown.symbol(), drawn.symbol(), "{what}");
            let of = |cell| pictures.iter().find(|picture| picture.pixels.has(cell));
            assert_eq!(of(shown), of(drawn), "{what}");
        }
        let is_visible = |picture: &&Placed| {
            let mut cells = self.before.content.iter();
            picture.pixels.has_placeholders() && cells.any(|cell| picture.pixels.has(cell))
        };
        let mut visible: Vec<_> = pictures
            .iter()
            .filter(is_visible)
            .map(|p| p.pixels.forgetting())
            .collect();
        let mut known: Vec<_> = self.known.iter().map(|pixels| pixels.forgetting()).collect();
        visible.sort();
        known.sort();
        assert_eq!(visible, known, "{what}");
        assert_eq!(self.layer.forgetting().len(), known.concat().len(), "{what}");
    }
}

/// Draws pictures, then boxes of text over them.
fn frame(pictures: &[Placed], boxes: &[(Rect, &str)]) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
    for Placed { pixels, area } in pictures {
        for at in area.positions() {
            pixels.mark(&mut buffer[at], at.x - area.x, at.y - area.y);
        }
    }
    for (area, symbol) in boxes {
        for at in area.intersection(buffer.area).positions() {
            buffer[at].reset();
            buffer[at].set_symbol(symbol);
        }
    }
    buffer
}

fn at(pixels: &Arc<Pixels>, x: u16, y: u16) -> Placed {
    Placed {
        area: Rect::new(x, y, pixels.columns(), pixels.rows()),
        pixels: Arc::clone(pixels),
    }
}

#[test]
fn a_picture_is_sent_once_and_again_where_what_covered_it_has_gone() {
    for (protocol, sent) in [
        (Protocol::Kitty, [1, 1, 1, 1, 2]),
        (Protocol::Sixel, [1, 1, 2, 2, 3]),
    ] {
        let mut terminal = Terminal::new();
        let picture = [at(&picture(protocol, 5, 4), 2, 1)];
        let part = [(Rect::new(0, 0, 4, 3), " ")];
        let all = [(Rect::new(0, 0, COLUMNS, ROWS), " ")];
        let boxes: [&[(Rect, &str)]; 5] = [&[], &part, &[], &all, &[]];
        let mut counts = Vec::new();
        for boxes in boxes {
            for _ in 0..2 {
                terminal.show(frame(&picture, boxes), &picture);
                terminal.check(&picture, &format!("{protocol:?} {boxes:?}"));
            }
            counts.push(terminal.sent);
        }
        assert_eq!(counts, sent, "{protocol:?}");
    }
}

#[test]
fn whatever_is_drawn_the_terminal_shows_it() {
    let seed = std::env::var("RUSHES_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("RUSHES_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for protocol in [Protocol::Kitty, Protocol::Iterm, Protocol::Sixel] {
        let all = [(5, 4), (4, 3), (3, 2)].map(|(columns, rows)| picture(protocol, columns, rows));
        let mut terminal = Terminal::new();
        for _ in 0..300 {
            // Two pictures lie beside each other, never over each other.
            let mut pictures = Vec::new();
            for half in [0, COLUMNS / 2] {
                if random.u8(..4) > 0 {
                    let pixels = random.choice(&all).unwrap();
                    let (x, y) = (
                        half + random.u16(..=COLUMNS / 2 - pixels.columns()),
                        random.u16(..=ROWS - pixels.rows()),
                    );
                    if !pictures.iter().any(|old: &Placed| old.pixels == *pixels) {
                        pictures.push(at(pixels, x, y));
                    }
                }
            }
            let mut boxes = Vec::new();
            for _ in 0..random.u8(..3) {
                let (x, y) = (random.u16(..COLUMNS), random.u16(..ROWS));
                let area = Rect::new(x, y, random.u16(1..9), random.u16(1..6));
                boxes.push((area, [" ", "x"][random.usize(..2)]));
            }
            if random.u8(..20) == 0 {
                // The terminal is cleared.
                let forgotten = terminal.layer.clear();
                terminal
                    .known
                    .retain(|pixels| !forgotten.contains(&pixels.forgetting()));
                terminal.before.reset();
                terminal.cells.reset();
            }
            terminal.show(frame(&pictures, &boxes), &pictures);
            terminal.check(&pictures, &format!("{protocol:?} {pictures:?} {boxes:?}"));
        }
    }
}
