//! The wall as an overlay: its commands, and what it does about news.

use std::path::Path;

use ratatui::layout::Rect;

use crate::engine::bin::folder_of;
use crate::model::TakeId;
use crate::service::knock_out::Between;
use crate::store::OrderBy;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::choosing::{KnockOutWork, Seek, WallNews, WallSource, WallWork};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::{Aim, ListRow, MOVES, State, Tone};

use super::draw;
use super::state::Wall;

/// Whether there are takes to be shown.
pub fn can_open(state: &State) -> Possible {
    if !matches!(state.takes.aim, Aim::Selection) {
        return Err("takes are being chosen already".to_owned());
    }
    match state.takes.log.count {
        0 if state.takes.marks.is_empty() && state.selection().is_none() => Err(state.no_take_in_log()),
        _ => Ok(()),
    }
}

/// Opens the wall of the marked takes, else of the sweep that is selected or whose take is, else of the filtered log.
pub fn open(cx: &mut Cx) {
    let selected = cx.selected().map(|take| take.id);
    let sweep = match cx.selection() {
        Some(ListRow::Sweep { row, .. }) => Some(row.sweep.number),
        Some(ListRow::Take {
            take,
            is_inside: true,
        }) => take.sweep,
        _ => None,
    };
    let marks: Vec<TakeId> = cx.takes.marks.keys().copied().collect();
    let source = match sweep {
        _ if !marks.is_empty() => WallSource::Takes(marks),
        Some(number) => WallSource::Sweep(number),
        None => WallSource::Filter(cx.takes.log.listing.filter.clone()),
    };
    let mut wall = Wall::new(source, cx.takes.log.listing.order);
    wall.read(selected.map(Seek::Take), cx);
    wall.aim(cx);
    cx.open(wall);
}

/// Handles news that no wall has handled.
pub fn told(cx: &mut Cx, news: WallNews) {
    match news {
        WallNews::Exported(Ok(told)) => cx.tell(Tone::Good, told),
        WallNews::Exported(Err(error)) => show_problem(cx, "The contact sheet was not written", &error),
        WallNews::NotKept(text) => cx.tell(Tone::Warning, text),
        WallNews::Read(..) | WallNews::Pictures(_) => {}
    }
}

impl Wall {
    fn export(&self, cx: &mut Cx) {
        let folder = self.page.iter().flat_map(|page| &page.takes);
        let folder = folder
            .filter_map(|take| take.file.as_deref())
            .find_map(folder_of)
            .unwrap_or_else(|| Path::new(""));
        let name = match &self.source {
            WallSource::Sweep(number) => format!("sweep-{number}.png"),
            WallSource::Takes(ids) => {
                let numbers: Vec<String> = ids.iter().take(8).map(ToString::to_string).collect();
                format!("takes-{}.png", numbers.join("-"))
            }
            WallSource::Filter(_) => "wall.png".to_owned(),
        };
        let (source, order) = (self.source.clone(), self.order);
        let (title, scrub) = (self.name(), self.scrub);
        let proposed = folder.join(name).display().to_string();
        let asked = format!("Write a contact sheet of {title} to a new file");
        cx.open(Entry::new(asked, "a path", &proposed, move |path, cx| {
            if !path.trim().is_empty() {
                cx.tell(Tone::Plain, "The contact sheet is being written");
                cx.run(Effect::Wall(WallWork::Export {
                    source,
                    order,
                    title,
                    scrub,
                    to: path.trim().into(),
                }));
            }
        }));
    }

    /// The takes that are compared from here: the marked ones, else the row and its neighbour.
    fn between(&self, state: &State) -> Result<Between, String> {
        let marks: Vec<TakeId> = state.takes.marks.keys().copied().collect();
        if marks.len() > 1 {
            return Ok(Between::Takes(marks));
        }
        let take = state.the_take()?.id;
        let other = match marks[..] {
            [mark] if mark != take => Some(mark),
            _ => {
                let saved = |at: u64| {
                    Some(self.row(at)?)
                        .filter(|take| take.file.is_some())
                        .map(|take| take.id)
                };
                saved(self.at + 1).or_else(|| self.at.checked_sub(1).and_then(saved))
            }
        };
        let other = other.ok_or("no saved take stands beside this one: mark the takes to compare")?;
        Ok(Between::Takes(vec![take, other]))
    }
}

impl Declare for Wall {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(MOVES, |wall: &mut Self, action, cx| wall.step(action, cx)),
        Command::on(&[Action::Left, Action::Right], |wall: &mut Self, action, _| {
            wall.step_column(action);
        }),
        Command::on(&[Action::ScrubEarlier], |wall: &mut Self, _, _| {
            wall.scrub = wall.scrub.earlier().unwrap_or(wall.scrub);
        })
        .when(|wall, _, _| match wall.scrub.earlier() {
            Some(_) => Ok(()),
            None => Err("this is the beginning of every shot".to_owned()),
        }),
        Command::on(&[Action::ScrubLater], |wall: &mut Self, _, _| {
            wall.scrub = wall.scrub.later().unwrap_or(wall.scrub);
        })
        .when(|wall, _, _| match wall.scrub.later() {
            Some(_) => Ok(()),
            None => Err("this is the end of every shot".to_owned()),
        }),
        Command::on(
            &[Action::Circle, Action::Reject],
            |wall: &mut Self, action, cx| {
                wall.judge(action, cx);
            },
        )
        .when(|_, _, state| state.the_take().map(drop)),
        Command::on(&[Action::NextUnjudged], |wall: &mut Self, _, cx| {
            if let Some(id) = wall.take().map(|take| take.id) {
                wall.advance(wall.at, id, cx);
                wall.aim(cx);
            }
        })
        .when(|_, _, state| state.the_take().map(drop)),
        Command::on(&[Action::SortByVerdict], |wall: &mut Self, _, cx| {
            wall.order.by = match wall.order.by {
                OrderBy::Verdict if wall.natural == OrderBy::Verdict => OrderBy::Number,
                OrderBy::Verdict => wall.natural,
                _ => OrderBy::Verdict,
            };
            wall.read(None, cx);
        }),
        Command::on(&[Action::ExportWall], |wall: &mut Self, _, cx| wall.export(cx)).when(|wall, _, _| {
            match wall.tally().takes {
                0 => Err("the wall has no takes".to_owned()),
                _ => Ok(()),
            }
        }),
        Command::on(&[Action::TwoAtOnce], |wall: &mut Self, _, cx| {
            if let Ok(between) = wall.between(cx) {
                cx.run(Effect::KnockOut(KnockOutWork::Open(between)));
            }
        })
        .when(|wall, _, state| wall.between(state).map(drop)),
    ];
}

impl Component for Wall {
    fn context(&self) -> Context {
        Context::Wall
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Circle,
            Action::Reject,
            Action::NextUnjudged,
            Action::TwoAtOnce,
            Action::ScrubEarlier,
            Action::ScrubLater,
            Action::SortByVerdict,
            Action::Open,
            Action::Promote,
            Action::Note,
            Action::Tags,
            Action::Mark,
            Action::ExportWall,
            Action::Leave,
            Action::Help,
        ]
    }

    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        match message {
            Message::Wall(WallNews::Read(view, result)) => {
                if self.reading.as_ref() != Some(&**view) {
                    return true;
                }
                match result {
                    Ok(page) => self.was_read(view, (**page).clone(), cx),
                    Err(error) => self.was_not_read(view, error, cx),
                }
                true
            }
            Message::Wall(WallNews::Pictures(strip)) => {
                self.strips.insert(strip.key.take, (**strip).clone());
                true
            }
            // Takes may have been saved or changed.
            Message::Snapshot(Ok(_)) => {
                self.read(None, cx);
                false
            }
            _ => false,
        }
    }

    fn refresh(&mut self, cx: &mut Cx) {
        self.aim(cx);
    }

    fn left(&mut self, cx: &mut Cx) {
        cx.takes.aim = Aim::Selection;
        cx.run(Effect::Wall(WallWork::Cancel));
        if let Some((id, sweep)) = self.take().map(|take| (take.id, take.sweep)) {
            cx.show_in_log(id, sweep);
        }
    }

    fn drawn(&mut self, _picture: Option<(u16, u16)>, cx: &mut Cx) {
        // Another overlay may lie over the wall.
        let Some(tiles) = cx.seen.over.tiles else { return };
        self.tiles = Some(tiles);
        self.read_neighbours(cx);
        self.ask_for_pictures(tiles, cx);
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        draw::draw(self, canvas, area, state)
    }
}
