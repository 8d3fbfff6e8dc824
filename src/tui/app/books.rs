//! The provider's books: compared when asked for, and quietly at the start; what was made elsewhere is adopted.

use std::sync::Arc;

use crate::engine::reconcile::{Comparison, Elsewhere};
use crate::model::TakeId;
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Books, Overlay};

use super::{App, Notice, Tone};

impl App {
    /// The user asks for the comparison.
    pub(super) fn compare_books(&mut self) -> Vec<Effect> {
        self.tell(Tone::Plain, "reading the provider's books");
        vec![Effect::Compare { quiet: false }]
    }

    /// The books were compared. Unasked for, only differences are told, in one line.
    pub(super) fn compared(
        &mut self,
        quiet: bool,
        answer: Result<Option<Arc<Comparison>>, Problem>,
    ) -> Vec<Effect> {
        match answer {
            Ok(None) => return Vec::new(),
            Ok(Some(comparison)) if quiet && comparison.differences.is_empty() => return Vec::new(),
            Ok(Some(comparison)) if quiet => self.tell_of_differences(&comparison),
            Ok(Some(comparison)) => {
                // What was just adopted is still to be read.
                if !self.overlays.iter().any(|open| matches!(open, Overlay::Books(_))) {
                    self.notice = None;
                }
                self.show_books(Books::new(comparison));
            }
            Err(error) if quiet => tracing::info!("the provider's books were not compared: {error}"),
            Err(error) => self.trouble("The books could not be compared", &error),
        }
        self.refresh()
    }

    /// In the place of those that are open already.
    fn show_books(&mut self, mut books: Books) {
        let open = self.overlays.iter_mut().find_map(|open| match open {
            Overlay::Books(open) => Some(open),
            _ => None,
        });
        if let Some(open) = open {
            books.at = open.at;
            books.step(0);
            *open = books;
            return;
        }
        let headline = Notice {
            text: "the books are open: leave the text to read them".to_owned(),
            tone: Tone::Plain,
        };
        self.show(Overlay::Books(books), headline);
    }

    fn tell_of_differences(&mut self, comparison: &Comparison) {
        let n = comparison.differences.len();
        if n == 0 {
            return;
        }
        let places = if n == 1 { "place" } else { "places" };
        let how = self.by_key(Action::CompareBooks);
        self.tell(
            Tone::Warning,
            format!("the provider's books differ from the log in {n} {places}{how}"),
        );
    }

    /// Adopts the selected generation, or all.
    pub(super) fn adopt(&mut self, all: bool) -> Vec<Effect> {
        let Some(Overlay::Books(books)) = self.overlays.last() else {
            return Vec::new();
        };
        let chosen: Vec<Elsewhere> = if all {
            books.comparison.importable().cloned().collect()
        } else {
            books.adoptable().cloned().into_iter().collect()
        };
        if chosen.is_empty() {
            return Vec::new();
        }
        vec![Effect::Adopt {
            reel_id: self.facts.reel.id.clone(),
            prices: self.money.prices.clone(),
            chosen,
        }]
    }

    /// They are in the log, or why not; the list is made anew.
    pub(super) fn adopted(&mut self, answer: Result<Vec<TakeId>, Problem>) -> Vec<Effect> {
        match answer {
            Ok(ids) => {
                let text = match ids[..] {
                    [only] => format!("adopted as take {only}"),
                    _ => format!("{} generations adopted", ids.len()),
                };
                self.tell(Tone::Good, text);
            }
            Err(error) => self.trouble("Not everything was adopted", &error),
        }
        let mut effects = Vec::new();
        if self.overlays.iter().any(|open| matches!(open, Overlay::Books(_))) {
            effects.push(Effect::Compare { quiet: false });
        }
        effects.extend(self.refresh());
        effects
    }
}
