//! Takes held back for their prompt's refusals: the user lets them go on, cancels them, or makes the change that
//! helps.

use crate::model::{SeedList, Take};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Mark};
use crate::tui::overlays::{Ask, Held, Overlay, Remedy};
use crate::tui::panes::PaneId;

use super::draft::draft_of;
use super::{App, Tone};

impl App {
    /// This reel's takes that are held back.
    pub(super) fn held(&self) -> usize {
        self.queue.takes.iter().filter(|take| take.held.is_some()).count()
    }

    /// Says that takes were held back since there were `before` of them, why, and the key that decides.
    pub(super) fn tell_of_held(&mut self, before: usize) -> Vec<Effect> {
        let Some(held) = Held::first_of(&self.queue.takes).filter(|_| self.held() > before) else {
            return Vec::new();
        };
        let text = format!(
            "{} held, refused twice ({}){}",
            self.held(),
            held.kind.title(),
            self.by_key(Action::DecideHeld)
        );
        self.tell(Tone::Warning, text.clone());
        self.notify(text)
    }

    /// Asks what is to become of the held takes.
    pub(super) fn decide_held(&mut self) -> Vec<Effect> {
        if let Some(held) = Held::first_of(&self.queue.takes) {
            self.open(Overlay::Held(held));
        }
        Vec::new()
    }

    /// Sends the held takes all the same, or takes them out of the line.
    pub(super) fn settle_held(&mut self, goes_on: bool) -> Vec<Effect> {
        let Some(Overlay::Held(held)) = self.overlays.pop() else {
            return Vec::new();
        };
        let Some(first) = held.takes.first() else {
            return Vec::new();
        };
        let mark = if goes_on { Mark::Release } else { Mark::CancelHeld };
        vec![Effect::Mark(first.id, mark(held.ids()))]
    }

    /// Makes the change that helps.
    pub(super) fn change_held(&mut self) -> Vec<Effect> {
        let Some(Overlay::Held(held)) = self.overlays.pop() else {
            return Vec::new();
        };
        let Some(first) = held.takes.first().cloned() else {
            return Vec::new();
        };
        match held.remedy {
            Remedy::AudioOff => self.again_without_audio(&held, &first),
            Remedy::DropPicture | Remedy::EditPrompt => {
                let effects = self.load(&first, |draft| {
                    if held.remedy == Remedy::DropPicture {
                        draft.first_frame.clear();
                        draft.last_frame.clear();
                        draft.images.clear();
                    }
                    draft.seeds = seeds(&held.takes);
                });
                self.focus(PaneId::Prompt);
                self.editing = held.remedy == Remedy::EditPrompt;
                effects
            }
        }
    }

    /// The same takes without sound, asked for as any other: with their price, under the cap.
    fn again_without_audio(&mut self, held: &Held, first: &Take) -> Vec<Effect> {
        let mut draft = match draft_of(first, &mut fastrand::Rng::new()) {
            Ok(draft) => draft,
            Err(why) => {
                self.tell(Tone::Warning, why);
                return Vec::new();
            }
        };
        draft.generate_audio = false;
        draft.seeds = seeds(&held.takes);
        let mut order = self.order(draft, Some(first.id));
        order.replaces = held.ids();
        if !self.is_live() {
            return vec![Effect::Admit(Box::new(order))];
        }
        self.ask(Ask::Replace, order)
    }
}

/// Their seeds as one would type them.
fn seeds(takes: &[Take]) -> String {
    let seeds: Vec<String> = takes
        .iter()
        .map(|take| SeedList::only(take.seed).to_string())
        .collect();
    seeds.join(", ")
}
