//! The screen of a workbench under test, as text and cells.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, TestBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use rushes::tui::terminal::{Bracketed, Meter};

/// A backend that keeps what it shows and counts what a terminal would be sent.
#[derive(Clone)]
pub struct Glass {
    parts: Rc<RefCell<GlassParts>>,
    sent: Counter,
}

struct GlassParts {
    shown: TestBackend,
    wire: CrosstermBackend<Counter>,
    cursor: Position,
    cursor_is_shown: bool,
    farewell: String,
}

#[derive(Clone, Default)]
struct Counter(Meter, Rc<RefCell<Vec<u8>>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.add(bytes.len());
        self.1.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Glass {
    pub fn new(width: u16, height: u16) -> Self {
        let sent = Counter::default();
        let parts = GlassParts {
            shown: TestBackend::new(width, height),
            wire: CrosstermBackend::new(sent.clone()),
            cursor: Position::ORIGIN,
            cursor_is_shown: false,
            farewell: String::new(),
        };
        Self {
            parts: Rc::new(RefCell::new(parts)),
            sent,
        }
    }
    /// The screen as text, a line a row.
    pub fn text(&self) -> String {
        let parts = self.parts.borrow();
        let buffer = parts.shown.buffer();
        let row = |y| {
            (0..buffer.area.width)
                .map(|x| buffer[(x, y)].symbol())
                .collect::<String>()
        };
        (0..buffer.area.height).map(|y| row(y) + "\n").collect()
    }
    /// Everything on the screen, styles included.
    pub fn buffer(&self) -> Buffer {
        self.parts.borrow().shown.buffer().clone()
    }
    /// Where the cursor is; `None` while it is hidden.
    pub fn cursor(&self) -> Option<Position> {
        let parts = self.parts.borrow();
        parts.cursor_is_shown.then_some(parts.cursor)
    }
    pub fn bytes(&self) -> u64 {
        self.sent.0.total()
    }
    /// What a terminal was sent since this was asked last.
    pub fn sent(&self) -> String {
        let bytes = std::mem::take(&mut *self.sent.1.borrow_mut());
        String::from_utf8_lossy(&bytes).into_owned()
    }
    /// What is written before the terminal is given back.
    pub fn farewell(&self) -> String {
        self.parts.borrow().farewell.clone()
    }
    /// Counts what a terminal would be sent.
    pub fn meter(&self) -> Meter {
        self.sent.0.clone()
    }
    pub fn resize(&self, width: u16, height: u16) {
        self.parts.borrow_mut().shown.resize(width, height);
    }
}

/// Passes calls to both backends; only the screen's results are used.
impl Backend for Glass {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.write_cells(&content.collect::<Vec<_>>())
    }
    fn hide_cursor(&mut self) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        parts.cursor_is_shown = false;
        parts.wire.hide_cursor()
    }
    fn show_cursor(&mut self) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        parts.cursor_is_shown = true;
        parts.wire.show_cursor()
    }
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }
    fn set_cursor_position<P: Into<Position>>(&mut self, at: P) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        parts.cursor = at.into();
        let cursor = parts.cursor;
        parts.wire.set_cursor_position(cursor)
    }
    fn clear(&mut self) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        let Ok(()) = parts.shown.clear();
        parts.wire.clear()
    }
    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        let Ok(()) = parts.shown.clear_region(region);
        parts.wire.clear_region(region)
    }
    fn size(&self) -> io::Result<Size> {
        let Ok(size) = self.parts.borrow().shown.size();
        Ok(size)
    }
    fn window_size(&mut self) -> io::Result<WindowSize> {
        let Ok(size) = self.parts.borrow_mut().shown.window_size();
        Ok(size)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Bracketed for Glass {
    fn begin(&mut self) -> io::Result<()> {
        self.parts.borrow_mut().wire.begin()
    }
    fn end(&mut self) -> io::Result<()> {
        self.parts.borrow_mut().wire.end()
    }
    fn write_cells(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        let mut parts = self.parts.borrow_mut();
        let Ok(()) = parts.shown.draw(cells.iter().copied());
        parts.wire.write_cells(cells)
    }
    fn write_sequence(&mut self, sequence: &str) -> io::Result<()> {
        self.parts.borrow_mut().wire.write_sequence(sequence)
    }
    fn set_farewell(&mut self, sequence: String) {
        self.parts.borrow_mut().farewell = sequence;
    }
}
