//! The line of news: what it says, and what waits until nothing is typed any more.

use crate::service::Problem;

/// How much a line of news weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warning,
    Error,
}

/// A piece of news. It leaves with the next key, or by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
}

/// What the user is told, and has yet to see.
#[derive(Debug, Default)]
pub struct News {
    notice: Option<Notice>,
    /// Pieces of news so far.
    told: u64,
    /// What the last overlay is about that waits until nothing is typed.
    headline: Option<Notice>,
    /// Told again after each key while something is typed, since a key takes a notice away.
    line: Option<Notice>,
    /// Why the newest text is not saved yet.
    unsaved: Option<Notice>,
}

impl News {
    pub fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.told += 1;
        self.notice = Some(Notice { text, tone });
    }

    /// Tells what the next key must not take away.
    pub fn tell_until_seen(&mut self, tone: Tone, text: impl Into<String>) {
        self.tell(tone, text);
        self.line.clone_from(&self.notice);
    }

    pub fn clear(&mut self) {
        self.notice = None;
    }

    /// Takes the notice away if it is this one.
    pub fn clear_if(&mut self, text: &str) {
        self.notice.take_if(|notice| notice.text == text);
    }

    pub fn is_empty(&self) -> bool {
        self.notice.is_none()
    }

    /// The number of the notice on screen, if there is one.
    pub fn shown(&self) -> Option<u64> {
        self.notice.as_ref().map(|_| self.told)
    }

    /// The newest text is saved, or not yet.
    pub fn tell_of_save(&mut self, error: Option<&Problem>) {
        let text = error.map(|error| format!("Your text is not saved yet; rushes keeps trying: {error}"));
        let was_unsaved = self.unsaved.take().is_some();
        self.unsaved = text.map(|text| Notice {
            text,
            tone: Tone::Error,
        });
        if was_unsaved && error.is_none() {
            self.tell(Tone::Good, "Your text is saved");
        }
    }

    /// An overlay waits until nothing is typed.
    pub fn announce(&mut self, headline: Notice) {
        self.headline = Some(headline);
    }

    /// Nothing is typed any more: tells what has waited.
    pub fn typing_ended(&mut self) {
        self.headline = None;
        if let Some(line) = self.line.take()
            && self.notice.is_none()
        {
            self.tell(line.tone, line.text);
        }
    }

    /// The notice to be shown, while something is typed or not.
    pub fn line(&self, is_typing: bool) -> Option<&Notice> {
        let typing = is_typing.then_some(self);
        self.notice
            .as_ref()
            .or_else(|| typing?.headline.as_ref())
            .or(self.unsaved.as_ref())
            .or_else(|| typing?.line.as_ref())
    }
}
