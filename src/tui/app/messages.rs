//! What arrives besides keys: the engine's news and the ends of effects.

use std::sync::Arc;

use crate::config::Notify;
use crate::engine::Event;
use crate::service::Problem;
use crate::tui::effect::{Effect, Message, TerminalEffect, Whole};
use crate::tui::overlays::{Overlay, Page, exchange_page};
use crate::tui::theme::Role;

use super::{App, Notice, Tone};

/// One terminal escape sequence as the only effect.
pub(super) fn effect_terminal(sequence: String) -> Vec<Effect> {
    vec![Effect::Terminal(TerminalEffect::Escape(sequence))]
}

impl App {
    /// Changes the state by a message.
    pub fn receive(&mut self, message: Message) -> Vec<Effect> {
        self.look_at_clock();
        let mut effects = self.receive_one(message);
        effects.extend(self.let_in());
        effects
    }

    fn receive_one(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Works(event) => self.news(event),
            Message::Snapshot(answer) => self.take_snapshot(answer),
            Message::Admitted(answer) => self.admitted(answer),
            Message::Marked(answer) => self.marked(answer),
            Message::Edited(answer) => self.edited(answer),
            Message::EditedBadly(text, error) => self.edited_badly(&text, &error),
            Message::EndedAtOnce(lent) => self.ended_at_once(lent),
            Message::LentSeen { late, then_edit } => self.lent_seen(late, then_edit),
            Message::Copied { what, sent } => self.copied(what, sent),
            Message::FilesSeen(seen) => self.files_seen(seen),
            Message::PathsFound(typed, found) => self.paths_found(&typed, &found),
            Message::Uploading(text) => {
                self.tell(Tone::Plain, text);
                Vec::new()
            }
            Message::ClipsSaved(first, answer) => self.clips_saved(*first, answer),
            Message::Opened(answer) => self.opened(answer),
            Message::Pictured(pictured) => {
                // Another size or take may have been asked for since.
                if self.decoding.as_ref() == Some(&pictured.frame) {
                    self.pictured = Some(*pictured);
                }
                Vec::new()
            }
            Message::Started(Ok(())) => vec![Effect::Compare { quiet: true }],
            Message::Compared { quiet, answer } => self.compared(quiet, answer),
            Message::Adopted(answer) => self.adopted(answer),
            Message::Saved { number, answer } => self.draft_saved(number, answer),
            Message::UnsavedFound(answer) => self.unsaved_found(answer),
            Message::UnsavedDecided(found, decision, answer) => self.unsaved_decided(found, decision, answer),
            Message::Revisions(answer) => self.list_revisions(answer),
            Message::Started(Err(error)) => self.bad_news("No take can be sent", &error),
            Message::Resumed(Err(error)) => self.bad_news("The line could not be resumed", &error),
            Message::Resumed(Ok(())) => {
                self.tell(Tone::Good, "the line goes on");
                self.refresh()
            }
            Message::Tick if self.quit_when_done => self.refresh(),
            Message::Tick => vec![Effect::LookAtMoney],
            Message::ChangedElsewhere => self.refresh(),
            Message::Imported(answer) => self.imported(answer),
            Message::Money(money) => {
                self.money = *money;
                self.ask_anew();
                Vec::new()
            }
        }
    }

    fn news(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Take(_) => self.refresh(),
            Event::Queue(backend) if backend == self.facts.backend => self.refresh(),
            Event::Queue(_) => Vec::new(),
            Event::Progress { take, bytes, total } => {
                self.arriving.insert(take, (bytes, total));
                Vec::new()
            }
            Event::Balance(left) => {
                self.balance = Some(left);
                Vec::new()
            }
            Event::Orphans(takes) => self.offer_import(takes),
            Event::Problem(text) => {
                self.tell(Tone::Error, text.clone());
                self.notify(text)
            }
        }
    }

    /// Rings for a user who may look elsewhere: unless the window is known to have the keys, or the settings say
    /// otherwise.
    pub(super) fn notify(&self, text: String) -> Vec<Effect> {
        let rings = match self.facts.notify {
            Notify::Always => true,
            Notify::Never => false,
            Notify::Auto => self.window_focused != Some(true),
        };
        if !rings {
            return Vec::new();
        }
        vec![Effect::Terminal(TerminalEffect::Notify(text))]
    }

    fn opened(&mut self, answer: Result<Arc<Whole>, Problem>) -> Vec<Effect> {
        match answer {
            Ok(whole) => {
                let page = exchange_page(&whole, &self.facts.zone);
                let headline = Notice {
                    text: format!("take {} is open: leave the text to read it", whole.take.id),
                    tone: Tone::Plain,
                };
                self.show(Overlay::Page(page), headline);
            }
            Err(error) => self.trouble("The take could not be opened", &error),
        }
        Vec::new()
    }

    fn bad_news(&mut self, what: &str, error: &Problem) -> Vec<Effect> {
        self.trouble(what, error);
        Vec::new()
    }

    /// Opens a problem: what happened, why, what to do now.
    pub(super) fn trouble(&mut self, what: &str, error: &Problem) {
        let page = Page::problem(what, &error.cause(), &error.now);
        // The same trouble again is no second page.
        if !self.is_shown(|open| matches!(open, Overlay::Page(open) if open.rows == page.rows)) {
            let headline = Notice {
                text: format!("{what}: {error}"),
                tone: Tone::Error,
            };
            self.show(Overlay::Page(page), headline);
        }
    }

    /// Shows what was wrong with the settings; nothing when all is well.
    pub fn complain(&mut self, complaints: &[String]) {
        if complaints.is_empty() {
            return;
        }
        let mut page = Page::new("Settings");
        page.push("", "Some lines have no effect:", Role::Warn);
        for complaint in complaints {
            page.push("", complaint, Role::Text);
        }
        self.open(Overlay::Page(page));
    }
}
