//! Tells on screen, and by the terminal's bell, that takes have ended or were put on hold.

use super::{State, Tone};
use crate::model::text::counted;
use crate::model::{Take, TakeState};
use crate::tui::action::Action;

impl State {
    /// Tells which takes have left the queue by themselves.
    pub(super) fn tell_of_ended(&mut self, ended: &[Take]) {
        if let Some((tone, text)) = news(ended) {
            self.tell(tone, text.clone());
            self.notify(text);
        }
    }

    /// Tells that takes were put on hold since there were `before` of them, why, and the key that decides.
    pub(super) fn tell_of_hold(&mut self, before: usize) {
        let count = self.takes.queue.on_hold();
        let first = self.takes.queue.takes.iter().find_map(|take| take.held);
        if let Some(kind) = first.filter(|_| count > before) {
            let how = self.by_key(Action::DecideOnHold);
            let text = format!("{count} held, refused twice ({}){how}", kind.title());
            self.tell(Tone::Warning, text.clone());
            self.notify(text);
        }
    }
}

/// What to say of takes that have ended; nothing of those that the user has cancelled.
fn news(ended: &[Take]) -> Option<(Tone, String)> {
    let ended: Vec<&Take> = ended
        .iter()
        .filter(|take| take.state.settled() && take.state != TakeState::Cancelled)
        .collect();
    let saved = ended.iter().filter(|take| take.state == TakeState::Saved).count();
    let others = ended.len() - saved;
    let tone = if others == 0 { Tone::Good } else { Tone::Error };
    let text = match (&ended[..], saved, others) {
        ([], ..) => return None,
        ([only], 1, _) => format!("take {} is saved (seed {})", only.id, only.seed),
        ([only], ..) => without_film(only),
        (_, _, 0) => format!("{saved} takes are saved"),
        (_, 0, _) => format!("{} ended without a film", counted(others as u64, "take")),
        _ => format!(
            "{} saved, {} ended without a film",
            counted(saved as u64, "take"),
            counted(others as u64, "take")
        ),
    };
    Some((tone, text))
}

/// `take 7 failed: moderation: output audio`.
fn without_film(take: &Take) -> String {
    let became = match take.state {
        TakeState::NotSent => "was never sent".to_owned(),
        state => state.to_string(),
    };
    let why = take
        .error_kind
        .map_or_else(String::new, |kind| format!(": {}", kind.title()));
    format!("take {} {became}{why}", take.id)
}
