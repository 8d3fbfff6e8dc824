//! The state of the numbers: what was read last, and when it is read again.

use crate::service::Problem;
use crate::store::{By, Numbers as Figures};
use crate::tui::component::Cx;
use crate::tui::effect::Effect;

pub struct Numbers {
    /// What takes shall be added up by: what is read next, or what was read.
    pub by: By,
    /// What was read last, and what it is added up by; nothing before it was read.
    pub figures: Option<(By, Box<Figures>)>,
    /// Why it could not be read again.
    pub failure: Option<Problem>,
    is_reading: bool,
    /// Something has changed since the reading began.
    reads_again: bool,
    /// Rows of groups scrolled off at the top.
    pub scroll: usize,
}

impl Numbers {
    /// Grouped by day; starts the reading.
    pub fn new(cx: &mut Cx) -> Self {
        let mut numbers = Self {
            by: By::Day,
            figures: None,
            failure: None,
            is_reading: false,
            reads_again: false,
            scroll: 0,
        };
        numbers.read(cx);
        numbers
    }

    /// Reads the numbers; what changes meanwhile is read after that.
    pub fn read(&mut self, cx: &mut Cx) {
        if self.is_reading {
            self.reads_again = true;
            return;
        }
        self.is_reading = true;
        self.reads_again = false;
        let zone = cx.facts.zone.clone();
        cx.run(Effect::ReadNumbers(self.by, zone));
    }

    /// They were read, or could not be.
    pub fn was_read(&mut self, by: By, result: &Result<Box<Figures>, Problem>, cx: &mut Cx) {
        self.is_reading = false;
        match result {
            Ok(figures) => {
                self.figures = Some((by, figures.clone()));
                self.failure = None;
            }
            Err(error) => {
                self.failure = Some(error.clone());
                // What is shown stays, so a key goes on from there.
                if let (Some((shown, _)), false) = (&self.figures, self.reads_again) {
                    self.by = *shown;
                }
            }
        }
        if self.reads_again {
            self.read(cx);
        }
    }

    pub fn add_up_by(&mut self, by: By, cx: &mut Cx) {
        self.by = by;
        self.scroll = 0;
        self.read(cx);
    }
}
