//! Takes that have ended are told on screen and rung out.

use crate::model::text::counted;
use crate::model::{Take, TakeState};
use crate::tui::effect::Effect;

use super::{App, Tone};

impl App {
    /// Tells which takes have left the queue by themselves.
    pub(super) fn tell_of_ended(&mut self, ended: &[Take]) -> Vec<Effect> {
        match news(ended) {
            None => Vec::new(),
            Some((tone, text)) => {
                self.tell(tone, text.clone());
                self.notify(text)
            }
        }
    }
}

/// What to say of takes that have ended; nothing of those that the user has taken out of the queue.
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
