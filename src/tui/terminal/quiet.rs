//! A backend that writes only what changes: nothing for an unchanged frame, the cursor only when it moved, and no
//! synchronized update around a single row, which cannot tear.
//!
//! ratatui ends every frame with colour resets and a cursor command, and sets the two colours of a cell in two sequences:
//! bytes that a slow connection does not need.

use std::io::{self, Write};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, TestBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::encode::write_cells;
use super::modes;
use crate::tui::graphics::{Layer, Stage};

/// A backend with synchronized updates, which show a frame only when it is complete.
pub trait Bracketed: Backend {
    fn begin(&mut self) -> Result<(), Self::Error>;
    fn end(&mut self) -> Result<(), Self::Error>;

    /// Writes the cells that changed.
    fn write_cells(&mut self, cells: &[(u16, u16, &Cell)]) -> Result<(), Self::Error> {
        self.draw(cells.iter().copied())
    }

    /// Writes a sequence that draws no cells, such as a picture.
    fn write_sequence(&mut self, sequence: &str) -> Result<(), Self::Error>;

    /// What has to be written before the terminal is given back, instead of what was said before.
    fn set_farewell(&mut self, _sequence: String) {}
}

impl<W: Write> Bracketed for CrosstermBackend<W> {
    fn begin(&mut self) -> io::Result<()> {
        queue!(self, BeginSynchronizedUpdate)
    }
    fn end(&mut self) -> io::Result<()> {
        queue!(self, EndSynchronizedUpdate)
    }
    fn write_cells(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        write_cells(self, cells.iter().copied())
    }
    fn write_sequence(&mut self, sequence: &str) -> io::Result<()> {
        self.write_all(sequence.as_bytes())
    }
    fn set_farewell(&mut self, sequence: String) {
        modes::set_farewell(sequence);
    }
}

impl Bracketed for TestBackend {
    fn begin(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
    fn end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
    fn write_sequence(&mut self, _sequence: &str) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[derive(Debug)]
pub struct Quiet<B> {
    inner: B,
    /// `None` when unknown, as after a break.
    cursor_shown: Option<bool>,
    cursor_at: Option<Position>,
    frame: Frame,
    synchronised: bool,
    pictures: Layer,
}

/// What was written since the last flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Frame {
    Untouched,
    Open,
    Bracketed,
}

impl<B: Bracketed> Quiet<B> {
    pub fn new(inner: B, synchronised: bool) -> Self {
        Self {
            inner,
            cursor_shown: None,
            cursor_at: None,
            frame: Frame::Untouched,
            synchronised,
            pictures: Layer::default(),
        }
    }

    /// Where the pictures of pixels of a frame are put while it is drawn.
    pub fn stage(&self) -> Stage {
        self.pictures.stage()
    }

    pub const fn inner(&self) -> &B {
        &self.inner
    }

    /// Forgets the state of the cursor, because another program wrote to the terminal.
    pub const fn forget(&mut self) {
        self.cursor_shown = None;
        self.cursor_at = None;
    }

    /// Makes the terminal forget its pictures: clearing it removes them from the screen, and this frees the data that kitty keeps.
    fn forget_pictures(&mut self) -> Result<&mut B, B::Error> {
        let forgetting = self.pictures.clear();
        let out = self.open(Frame::Bracketed)?;
        if !forgetting.is_empty() {
            out.write_sequence(&forgetting)?;
            out.set_farewell(String::new());
        }
        Ok(out)
    }

    fn open(&mut self, wanted: Frame) -> Result<&mut B, B::Error> {
        let wanted = if self.synchronised { wanted } else { Frame::Open };
        if wanted == Frame::Bracketed && self.frame != Frame::Bracketed {
            self.inner.begin()?;
        }
        self.frame = self.frame.max(wanted);
        Ok(&mut self.inner)
    }
}

impl<B: Bracketed> Backend for Quiet<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<_> = content.collect();
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            return Ok(());
        };
        self.cursor_at = None;
        let frame = if first.1 == last.1 {
            Frame::Open
        } else {
            Frame::Bracketed
        };
        let painting = self.pictures.paint(cells);
        let farewell =
            (!painting.first.is_empty() || !painting.last.is_empty()).then(|| self.pictures.forgetting());
        let out = self.open(frame)?;
        for pixels in &painting.first {
            out.write_sequence(pixels.data())?;
        }
        out.write_cells(&painting.cells)?;
        for drawn in &painting.over {
            out.write_cells(&by_reference(&drawn.blanks))?;
            out.set_cursor_position(drawn.picture.area.as_position())?;
            out.write_sequence(drawn.picture.pixels.data())?;
            out.write_cells(&by_reference(&drawn.over))?;
        }
        if let Some(farewell) = farewell {
            out.write_sequence(&painting.last)?;
            out.set_farewell(farewell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        if self.cursor_shown.replace(false) == Some(false) {
            return Ok(());
        }
        self.open(Frame::Open)?.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        if self.cursor_shown.replace(true) != Some(true) {
            // When dropped, ratatui prints a failure of this, and panics where standard error is gone with the terminal.
            // The next frame reports the error, and the end of the session shows the cursor in any case.
            let _ = self.open(Frame::Open).and_then(Backend::show_cursor);
        }
        Ok(())
    }

    /// The remembered position, because the terminal's response would race with the input stream.
    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        Ok(self.cursor_at.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        let position = position.into();
        if self.cursor_at.replace(position) == Some(position) {
            return Ok(());
        }
        self.open(Frame::Open)?.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.forget();
        self.forget_pictures()?.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Self::Error> {
        self.cursor_at = None;
        self.forget_pictures()?.clear_region(region)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        match std::mem::replace(&mut self.frame, Frame::Untouched) {
            Frame::Untouched => return Ok(()),
            Frame::Open => {}
            Frame::Bracketed => self.inner.end()?,
        }
        self.inner.flush()
    }
}

fn by_reference(cells: &[(u16, u16, Cell)]) -> Vec<(u16, u16, &Cell)> {
    cells.iter().map(|(x, y, cell)| (*x, *y, cell)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::widgets::Paragraph;
    use ratatui::{Terminal, TerminalOptions, Viewport};
    use std::cell::RefCell;
    use std::rc::Rc;

    #[derive(Clone, Default)]
    struct Sink(Rc<RefCell<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_unchanged_frame_writes_nothing_and_one_of_several_rows_is_bracketed() {
        let sink = Sink::default();
        let backend = Quiet::new(CrosstermBackend::new(sink.clone()), true);
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 2));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        let mut draw = |text: &str, cursor: Option<(u16, u16)>| {
            sink.0.borrow_mut().clear();
            terminal
                .draw(|frame| {
                    frame.render_widget(Paragraph::new(text), frame.area());
                    if let Some(at) = cursor {
                        frame.set_cursor_position(at);
                    }
                })
                .unwrap();
            String::from_utf8(sink.0.borrow().clone()).unwrap()
        };
        let first = draw("take 7\nseed 42", None);
        assert!(
            first.starts_with("\x1b[?2026h") && first.ends_with("\x1b[?2026l"),
            "{first:?}"
        );
        assert_eq!(draw("take 7\nseed 42", None), "");
        let row = draw("take 8\nseed 42", None);
        assert!(
            row.contains('8') && !row.contains("\x1b[?2026h") && row.len() < 32,
            "{row:?}"
        );
        assert!(draw("take 8\nseed 42", Some((3, 0))).contains("\x1b[?25h"));
        assert_eq!(draw("take 8\nseed 42", Some((3, 0))), "");
    }
}
