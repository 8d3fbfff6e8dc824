//! Tells the user, on screen and by the terminal's bell, that takes have ended or were put on hold.

use super::{State, Tone};
use crate::model::text::counted;
use crate::model::{Drift, Take, TakeState};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;

impl State {
    pub(super) fn tell_of_ended(&mut self, ended: &[Take]) {
        if let Some((tone, text)) = news(ended) {
            self.tell(tone, text.clone());
            self.notify(text);
        }
    }

    /// Tells of a price from which several bills in a row are off, once.
    pub(super) fn tell_of_drift(&mut self) {
        let is_new = |drift: &Drift| {
            let is_same_row = |told: &Drift| {
                (told.model, told.resolution) == (drift.model, drift.resolution) && told.newest >= drift.first
            };
            !self.drifts_told.iter().any(is_same_row)
        };
        let Some(drift) = std::mem::take(&mut self.money.drifts).into_iter().find(is_new) else {
            return;
        };
        let text = format!("{} {}", drift.in_words(), drift.advice(self.today()));
        self.news.tell_until_seen(Tone::Warning, text);
        self.drifts_told.push(drift.clone());
        self.run(Effect::DriftTold(drift));
    }

    /// Tells that more takes are on hold than `before`, why, and which key decides about them.
    pub(super) fn tell_of_hold(&mut self, before: usize) {
        let count = self.takes.queue.on_hold();
        let first = self.takes.queue.takes.iter().find_map(|take| take.on_hold);
        if let Some(kind) = first.filter(|_| count > before) {
            let how = self.by_key(Action::DecideOnHold);
            let takes = counted(count as u64, "take");
            let text = format!("{takes} on hold, refused twice ({}){how}", kind.title());
            self.tell(Tone::Warning, text.clone());
            self.notify(text);
        }
    }
}

/// The news about takes that have ended, except those that the user cancelled.
fn news(ended: &[Take]) -> Option<(Tone, String)> {
    let counts = |take: &&Take| take.state.settled() && take.state != TakeState::Cancelled;
    let ended: Vec<&Take> = ended.iter().filter(counts).collect();
    let saved = ended.iter().filter(|take| take.state == TakeState::Saved).count();
    let others = ended.len() - saved;
    let tone = if others == 0 { Tone::Good } else { Tone::Error };
    let text = match (&ended[..], saved, others) {
        ([], ..) => return None,
        ([only], 1, _) => format!("Take {} is saved (seed {})", only.id, only.seed),
        ([only], ..) => without_video(only),
        (_, _, 0) => format!("{saved} takes are saved"),
        (_, 0, _) => format!("{} ended without a video", counted(others as u64, "take")),
        _ => format!(
            "{} saved, {} ended without a video",
            counted(saved as u64, "take"),
            counted(others as u64, "take")
        ),
    };
    Some((tone, text))
}

/// `Take 7 failed: moderation: output audio`.
fn without_video(take: &Take) -> String {
    let became = match take.state {
        TakeState::NotSent => "was never sent".to_owned(),
        state => state.to_string(),
    };
    // The reason why its outcome was unclear no longer matters.
    let why = take.error_kind.filter(|_| take.state != TakeState::NotSent);
    let why = why.map_or_else(String::new, |kind| format!(": {}", kind.title()));
    format!("Take {} {became}{why}", take.id)
}
