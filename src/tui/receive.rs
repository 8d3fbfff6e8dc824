//! Handles messages: the engine's events and the results of effects.

use crate::engine::Event;

use super::commands::{copy, judge, make, promote};
use super::component::Cx;
use super::effect::{Effect, EngineWork, Message, Purpose};
use super::overlays::page::{Page, show_problem};
use super::overlays::{
    bin, caps, copies, difference, findings, knock_out, late, models, opened, orphans, reconcile, reels,
    revisions, snippets, take_page, unsaved, wall,
};
use super::panes::queue;
use super::state::{Balance, Tone};
use super::theme::Role;

/// Handles a message that no component has handled.
pub fn receive(cx: &mut Cx, message: Message) {
    match message {
        Message::Engine(event) => engine_event(cx, event),
        Message::Snapshot(result) => {
            if let Err(error) = cx.take_snapshot(result) {
                show_problem(cx, "The store could not be read", &error);
            }
        }
        Message::Admitted(result) => {
            cx.unfold_made(result.as_deref().unwrap_or_default());
            make::admitted(cx, result);
        }
        Message::Changed(change, result) => cx.take_changed(&change, result),
        Message::ChangedSeveral(done, what, problem) => cx.takes_changed(done, &what, problem.as_ref()),
        Message::BinSeen(result) => bin::ask(cx, result),
        Message::BinEmptied(result) => bin::emptied(cx, result),
        Message::Unjudged(result) => judge::found(cx, result),
        Message::EndedAtOnce(lent) => late::ended_at_once(cx, lent),
        Message::LentSeen { late, then_edit } => late::seen(cx, late, then_edit),
        Message::Copied { what, sent } => copy::copied(cx, what, sent),
        Message::DraftSeen(take, seen) => promote::draft_seen(cx, &take, seen),
        Message::FilesSeen(seen) => cx.form.files_seen(seen),
        Message::Uploading(text) => cx.tell(Tone::Plain, text),
        Message::ClipsSaved(first, result) => findings::split(cx, *first, result),
        Message::Opened(result) => take_page::opened(cx, result),
        Message::Started(Ok(())) => {
            cx.run(Effect::Engine(EngineWork::Reconcile { quiet: true }));
            cx.run(Effect::Engine(EngineWork::ReadCatalogue));
        }
        Message::Started(Err(error)) => show_problem(cx, "No take can be sent", &error),
        Message::Reconciled { quiet, result } => reconcile::reconciled(cx, quiet, result),
        Message::CatalogueRead(result) => models::catalogue_read(cx, result),
        Message::Imported(result) => reconcile::imported(cx, result),
        Message::Saved { number, result } => cx.form_saved(number, result),
        Message::UnsavedFound(result) => unsaved::offer(cx, result),
        Message::UnsavedDecided(found, decision, result) => unsaved::decided(cx, found, decision, result),
        Message::Revisions(result) => revisions::list(cx, result),
        Message::FirstFrameSaved(take, result) => promote::first_frame_saved(cx, &take, result),
        Message::LastFrameFound(take, result) => promote::last_frame_found(cx, take, result),
        Message::Kept(Ok(_)) => {}
        Message::Kept(Err(error)) => {
            show_problem(cx, "The previous script was not kept as a revision", &error);
        }
        Message::SnippetChanged(result) => snippets::changed(cx, result),
        Message::Reels(result) => reels::list(cx, result),
        Message::SidecarsRenewed(Ok(())) => {}
        Message::SidecarsRenewed(Err(error)) => {
            show_problem(
                cx,
                "The reel has its new name, but not in every file beside a video",
                &error,
            );
        }
        Message::TakesFound(Purpose::Copy(how), result) => copies::ask(cx, how, result),
        Message::TakesFound(Purpose::Compare, result) => difference::compare(cx, &result),
        Message::CopyWritten(how, result) => copies::copied(cx, how, result),
        Message::RequestFound(text, result) => opened::offer(cx, &text, result),
        Message::ClipsNamed { first, rest, names } => findings::ask_split(cx, first, rest, names),
        Message::Resumed(result) => queue::resumed(cx, result),
        Message::Tick if cx.quits_when_done => cx.refresh(),
        Message::Tick => cx.run(Effect::ReadMoney),
        Message::ChangedElsewhere => cx.refresh(),
        Message::OrphansImported(result) => orphans::imported(cx, result),
        Message::Money(settings) => {
            if cx.money.settings != *settings {
                cx.money.settings = *settings;
                // Why the next take is not sent follows from them.
                cx.refresh();
            }
        }
        Message::CapSet(result) => caps::changed(cx, result),
        Message::DriftNoted(Ok(())) => {}
        Message::DriftNoted(Err(error)) => {
            tracing::warn!("what was told of prices is not remembered: {error}");
        }
        Message::Wall(news) => wall::told(cx, news),
        Message::KnockOutOpened(result) => knock_out::opened(cx, result),
        Message::KnockOutDecided(_, decided) => knock_out::decided(cx, decided),
        // Components handle these.
        Message::Edited(_)
        | Message::EditedBadly(..)
        | Message::PathsFound(..)
        | Message::PathPasted(_)
        | Message::KnockOutRead(..)
        | Message::NumbersRead(..)
        | Message::Pictured(_)
        | Message::Played(_)
        | Message::Stills(_)
        | Message::PlayEnded(_)
        | Message::Heard(_)
        | Message::SeedsLookedUp(..) => {}
    }
}

fn engine_event(cx: &mut Cx, event: Event) {
    match event {
        Event::Take(_) => cx.refresh(),
        Event::Queue(backend) if backend == cx.facts.backend => cx.refresh(),
        Event::Queue(_) => {}
        Event::Progress { take, bytes, total } => {
            cx.takes.arriving.insert(take, (bytes, total));
        }
        Event::Balance(left) => {
            cx.balance = Some(Balance::reported(cx.balance, left, cx.money.billed));
        }
        Event::Orphans(takes) => orphans::offer(cx, takes),
        Event::Problem(text) => {
            cx.tell(Tone::Error, text.clone());
            cx.notify(text);
        }
    }
}

/// Opens a page about problems with the settings, if there are any.
pub fn complain(cx: &mut Cx, complaints: &[String]) {
    if complaints.is_empty() {
        return;
    }
    let mut page = Page::new("Settings");
    page.push("", "Problems found at the start:", Role::Warn);
    for complaint in complaints {
        page.push("", complaint, Role::Text);
    }
    cx.open(page);
}
