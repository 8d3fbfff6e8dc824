//! The notice above the key line, and notices that wait until nothing is typed.

use crate::service::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warning,
    Error,
}

/// A message to the user, shown until the next key or until it expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
}

#[derive(Debug, Default)]
pub struct News {
    notice: Option<Notice>,
    /// The number of notices so far.
    told: u64,
    /// How many there were before the keys that are being handled, which arrived together.
    burst: Option<u64>,
    /// About the last overlay that waits until nothing is typed.
    headline: Option<Notice>,
    /// Shown again after each key while something is typed.
    repeated: Option<Notice>,
    /// Why the newest text is not saved yet.
    unsaved: Option<Notice>,
}

impl News {
    /// A refusal of one of the keys that are being handled stays when a later one of them succeeds.
    pub fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        if self.refuses() && matches!(tone, Tone::Plain | Tone::Good) {
            return;
        }
        let text = text.into();
        self.told += 1;
        self.notice = Some(Notice { text, tone });
    }

    /// Shows a notice that typing does not remove.
    pub fn tell_until_seen(&mut self, tone: Tone, text: impl Into<String>) {
        self.tell(tone, text);
        self.repeated.clone_from(&self.notice);
    }

    pub fn clear(&mut self) {
        self.notice = None;
    }

    /// Keys that arrived together are handled from now on.
    pub fn burst_begins(&mut self) {
        self.burst = Some(self.told);
    }

    pub fn burst_ends(&mut self) {
        self.burst = None;
    }

    /// A key removes what was told before, but for the refusal of a key that arrived together with it.
    pub fn clear_for_key(&mut self) {
        if !self.refuses() {
            self.clear();
        }
    }

    /// Whether the notice refuses one of the keys that are being handled.
    fn refuses(&self) -> bool {
        let is_of_burst = self.burst.is_some_and(|before| self.told > before);
        let is_refusal = |notice: &Notice| matches!(notice.tone, Tone::Warning | Tone::Error);
        is_of_burst && self.notice.as_ref().is_some_and(is_refusal)
    }

    /// Removes the notice if it has this text.
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

    /// Announces an overlay that waits until nothing is typed.
    pub fn announce(&mut self, headline: Notice) {
        self.headline = Some(headline);
    }

    pub fn typing_ended(&mut self) {
        self.headline = None;
        if let Some(repeated) = self.repeated.take()
            && self.notice.is_none()
        {
            self.tell(repeated.tone, repeated.text);
        }
    }

    /// The notice to be shown.
    pub fn notice(&self, is_typing: bool) -> Option<&Notice> {
        let typing = is_typing.then_some(self);
        let now = self.notice.as_ref().or_else(|| typing?.headline.as_ref());
        now.or(self.unsaved.as_ref())
            .or_else(|| typing?.repeated.as_ref())
    }
}
