//! What must not get between the user and the text: while something is typed, news is a line, and what would open over
//! it waits until typing ends.

use crate::service::Problem;
use crate::tui::effect::Effect;
use crate::tui::overlays::Overlay;

use super::{App, Notice, Tone};

/// What the user has yet to see.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    overlays: Vec<Overlay>,
    /// What the last of them is about.
    headline: Option<Notice>,
    /// Told again after each key, since a key takes a notice away.
    line: Option<Notice>,
    /// Why the newest text is not saved yet.
    unsaved: Option<Notice>,
}

impl App {
    /// Whether characters go into a text.
    pub(super) fn is_typing(&self) -> bool {
        self.context().is_text()
    }

    /// The line of news to be shown.
    #[must_use]
    pub fn news_line(&self) -> Option<&Notice> {
        let typing = self.is_typing().then_some(&self.waiting);
        self.notice
            .as_ref()
            .or_else(|| typing?.headline.as_ref())
            .or(self.waiting.unsaved.as_ref())
            .or_else(|| typing?.line.as_ref())
    }

    /// Opens what no key has just asked for: never over a text that is typed. Until then `headline` is shown.
    pub(super) fn show(&mut self, overlay: Overlay, headline: Notice) {
        if self.is_typing() {
            self.waiting.overlays.push(overlay);
            self.waiting.headline = Some(headline);
        } else {
            self.open(overlay);
        }
    }

    /// Whether such an overlay is open, or waits to be.
    pub(super) fn is_shown(&self, is_it: impl Fn(&Overlay) -> bool) -> bool {
        self.overlays.iter().chain(&self.waiting.overlays).any(is_it)
    }

    /// Tells what the next key must not take away.
    pub(super) fn tell_until_seen(&mut self, tone: Tone, text: impl Into<String>) {
        self.tell(tone, text);
        self.waiting.line.clone_from(&self.notice);
    }

    /// The newest text is saved, or not yet.
    pub(super) fn tell_of_save(&mut self, error: Option<&Problem>) {
        let text = error.map(|error| format!("your text is not saved yet, rushes keeps trying: {error}"));
        let was_unsaved = self.waiting.unsaved.take().is_some();
        self.waiting.unsaved = text.map(|text| Notice {
            text,
            tone: Tone::Error,
        });
        if was_unsaved && error.is_none() {
            self.tell(Tone::Good, "your text is saved");
        }
    }

    /// Opens and tells what has waited, once nothing is typed any more.
    pub(super) fn let_in(&mut self) -> Vec<Effect> {
        if self.is_typing() {
            return Vec::new();
        }
        self.touched = false;
        for overlay in std::mem::take(&mut self.waiting.overlays) {
            self.open(overlay);
        }
        self.waiting.headline = None;
        if let Some(line) = self.waiting.line.take()
            && self.notice.is_none()
        {
            self.put_notice(line);
        }
        self.check_again_if_saved()
    }
}
