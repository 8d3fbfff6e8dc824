//! What arrives besides keys: the engine's news and the ends of effects.

use crate::engine::Event;

use super::commands::{copy, make};
use super::component::Cx;
use super::effect::{Effect, Message};
use super::overlays::page::{Page, trouble};
use super::overlays::{exchange, findings, late, reconcile, revisions, strays, unsaved};
use super::panes::queue;
use super::state::Tone;
use super::theme::Role;

/// Changes the state by a message that no component has taken.
pub fn receive(cx: &mut Cx, message: Message) {
    match message {
        Message::Works(event) => news(cx, event),
        Message::Snapshot(answer) => {
            if let Err(error) = cx.take_snapshot(answer) {
                trouble(cx, "The store could not be read", &error);
            }
        }
        Message::Admitted(answer) => make::admitted(cx, answer),
        Message::Marked(answer) => cx.marked(answer),
        Message::EndedAtOnce(lent) => late::ended_at_once(cx, lent),
        Message::LentSeen { late, then_edit } => late::seen(cx, late, then_edit),
        Message::Copied { what, sent } => copy::copied(cx, what, sent),
        Message::FilesSeen(seen) => cx.files_seen(seen),
        Message::Uploading(text) => cx.tell(Tone::Plain, text),
        Message::ClipsSaved(first, answer) => findings::split(cx, *first, answer),
        Message::Opened(answer) => exchange::opened(cx, answer),
        Message::Started(Ok(())) => cx.run(Effect::Compare { quiet: true }),
        Message::Started(Err(error)) => trouble(cx, "No take can be sent", &error),
        Message::Compared { quiet, answer } => reconcile::compared(cx, quiet, answer),
        Message::Adopted(answer) => reconcile::imported(cx, answer),
        Message::Saved { number, answer } => cx.form_saved(number, answer),
        Message::UnsavedFound(answer) => unsaved::offer(cx, answer),
        Message::UnsavedDecided(found, decision, answer) => unsaved::decided(cx, found, decision, answer),
        Message::Revisions(answer) => revisions::list(cx, answer),
        Message::Resumed(answer) => queue::resumed(cx, answer),
        Message::Tick if cx.quits_when_done => cx.refresh(),
        Message::Tick => cx.run(Effect::LookAtMoney),
        Message::ChangedElsewhere => cx.refresh(),
        Message::Imported(answer) => strays::imported(cx, answer),
        Message::Money(settings) => cx.money.settings = *settings,
        // A component takes these.
        Message::Edited(_) | Message::EditedBadly(..) | Message::PathsFound(..) | Message::Pictured(_) => {}
    }
}

fn news(cx: &mut Cx, event: Event) {
    match event {
        Event::Take(_) => cx.refresh(),
        Event::Queue(backend) if backend == cx.facts.backend => cx.refresh(),
        Event::Queue(_) => {}
        Event::Progress { take, bytes, total } => {
            cx.takes.arriving.insert(take, (bytes, total));
        }
        Event::Balance(left) => cx.money.balance = Some(left),
        Event::Orphans(takes) => strays::offer(cx, takes),
        Event::Problem(text) => {
            cx.tell(Tone::Error, text.clone());
            cx.notify(text);
        }
    }
}

/// Shows what was wrong with the settings; nothing when all is well.
pub fn complain(cx: &mut Cx, complaints: &[String]) {
    if complaints.is_empty() {
        return;
    }
    let mut page = Page::new("Settings");
    page.push("", "Some lines have no effect:", Role::Warn);
    for complaint in complaints {
        page.push("", complaint, Role::Text);
    }
    cx.open(page);
}
