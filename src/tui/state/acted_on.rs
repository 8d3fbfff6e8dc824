//! What a command acts on: the marked takes, else the takes of the sweep whose row is selected, else the selected take.

use super::State;
use super::rows::ListRow;
use super::takes::{Aim, Moving};
use crate::model::text::counted;
use crate::model::{Take, TakeId, TakeState, Usd};
use crate::store::{Member, SweepRow};
use crate::tui::keymap::{Action, PaneId};

/// How the takes were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    Marks,
    Sweep(i64),
    Take(TakeId),
}

/// The takes that a command acts on; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActedOn {
    pub chosen: Chosen,
    pub takes: Vec<Member>,
}

impl ActedOn {
    /// `take 5`, `sweep 9`, `3 marked takes`.
    pub fn name(&self) -> String {
        match self.chosen {
            Chosen::Marks => counted(self.takes.len() as u64, "marked take"),
            Chosen::Sweep(number) => format!("sweep {number}"),
            Chosen::Take(id) => format!("take {id}"),
        }
    }

    pub fn is_several(&self) -> bool {
        !matches!(self.chosen, Chosen::Take(_))
    }

    /// Those that `which` chooses.
    pub fn those(&self, which: impl Fn(&Member) -> bool) -> Vec<Member> {
        self.takes
            .iter()
            .filter(|member| which(member))
            .copied()
            .collect()
    }

    pub fn waiting(&self) -> Vec<Member> {
        self.those(|member| member.state == TakeState::Waiting)
    }

    pub fn saved(&self) -> Vec<Member> {
        self.those(|member| member.state == TakeState::Saved)
    }
}

/// The numbers of takes.
pub fn ids(members: &[Member]) -> Vec<TakeId> {
    members.iter().map(|member| member.id).collect()
}

/// What takes are estimated to cost, before any bill.
pub fn estimated(members: &[Member]) -> Usd {
    members
        .iter()
        .fold(Usd::ZERO, |sum, member| sum + member.estimate)
}

/// What lists show of a take.
pub fn member(take: &Take) -> Member {
    Member {
        id: take.id,
        state: take.state,
        verdict: take.verdict,
        backend: take.backend,
        estimate: take.estimate,
        cost: take.cost,
        is_paused: take.paused,
        is_repeated: false,
    }
}

/// Why nothing is done while another row is about to be selected.
pub const STILL_READ: &str = "the next take is still being read; press the key again";

impl State {
    /// The row that commands act on: that of the topmost overlay if it has one, else the selected one.
    pub fn selection(&self) -> Option<ListRow<'_>> {
        match &self.takes.aim {
            Aim::Selection => self.listed(),
            Aim::Take(take) => Some(ListRow::Take {
                take,
                is_inside: false,
            }),
            Aim::Reading => None,
        }
    }

    /// The row that has the selection: in the queue when it has the keys, else in the log.
    pub fn listed(&self) -> Option<ListRow<'_>> {
        match self.focus {
            PaneId::Queue => self.takes.queue_row(),
            _ => self.takes.log.selection(),
        }
    }

    /// The row that the Monitor shows: the selected one once it has rested. While the queue has the keys and is empty, it is
    /// that of the log.
    pub fn monitored(&self) -> Option<ListRow<'_>> {
        let from = self.takes.moving.and_then(|moving| moving.from);
        let still = from.and_then(|id| match self.focus {
            PaneId::Queue => self.takes.queue_rows().into_iter().find(|row| row.id() == id),
            _ => self.takes.log.rows().find(|row| row.id() == id),
        });
        still
            .or_else(|| self.newest_picture())
            .or_else(|| self.listed())
            .or_else(|| self.takes.log.selection())
    }

    /// The take that the Monitor shows in place of the selected one.
    pub fn shown_instead(&self) -> Option<TakeId> {
        Some(self.newest_picture()?.take()?.id)
    }

    /// The newest take that has a picture, while takes are made, the selected one has none and the user has not selected it.
    fn newest_picture(&self) -> Option<ListRow<'_>> {
        let follows = !self.takes.is_chosen && !matches!(self.focus, PaneId::Log | PaneId::Monitor);
        let selected = self.listed().and_then(|row| row.take());
        let has_none = selected.is_some_and(|take| take.file.is_none());
        if !follows || !has_none || self.takes.queue.takes.is_empty() {
            return None;
        }
        let pictured = self.takes.log.rows().filter_map(|row| {
            let take = row.take().filter(|take| take.file.is_some())?;
            Some((take.times.settled, take.id, row))
        });
        let newest = pictured.max_by_key(|(settled, id, _)| (*settled, *id));
        newest.map(|(.., row)| row)
    }

    /// The selection is about to move; the Monitor follows when it rests.
    pub(super) fn moved(&mut self) {
        self.takes.is_chosen = true;
        let from = self.listed().map(|row| row.id());
        let moving = self.takes.moving.get_or_insert(Moving { from, moves: 0 });
        moving.moves += 1;
    }

    /// How often the selection has moved since it rested; `None` while it rests.
    pub fn moves(&self) -> Option<u64> {
        self.takes.moving.map(|moving| moving.moves)
    }

    /// The Monitor follows the selection.
    pub fn rested(&mut self) {
        self.takes.moving = None;
    }

    /// The selected take; `None` on the row of a sweep.
    pub fn selected(&self) -> Option<&Take> {
        self.selection()?.take()
    }

    /// The sweep whose row is selected.
    pub fn selected_sweep(&self) -> Option<&SweepRow> {
        self.selection()?.sweep()
    }

    /// Nothing is done to the selected row while another one is about to be selected.
    fn must_rest(&self) -> Result<(), String> {
        let is_moving = match self.takes.aim {
            Aim::Selection => self.takes.is_moving(),
            Aim::Take(_) => false,
            Aim::Reading => true,
        };
        if is_moving {
            return Err(STILL_READ.to_owned());
        }
        Ok(())
    }

    /// The selected take, or why there is none.
    pub fn the_take(&self) -> Result<&Take, String> {
        self.must_rest()?;
        match self.selection() {
            Some(ListRow::Take { take, .. }) => Ok(take),
            Some(ListRow::Sweep { row, is_open }) => {
                let number = row.sweep.number;
                let how = if is_open { "select" } else { "unfold it and select" };
                Err(format!("sweep {number} is selected: {how} one of its takes"))
            }
            None => {
                if self.focus == PaneId::Queue {
                    return Err(format!("the queue is empty{}", self.by_key(Action::Generate)));
                }
                Err(self.no_take_in_log())
            }
        }
    }

    /// Why the log shows no take, and what to do.
    pub fn no_take_in_log(&self) -> String {
        if self.takes.log.listing.is_whole() {
            format!("the log shows no take{}", self.by_key(Action::Generate))
        } else {
            format!(
                "the filter hides every take{}, Esc clears it",
                self.key_of(Action::Filter)
            )
        }
    }

    /// What a command acts on that can act on several takes, or why there is nothing.
    pub fn acted_on(&self) -> Result<ActedOn, String> {
        if !self.takes.marks.is_empty() && matches!(self.takes.aim, Aim::Selection) {
            return Ok(ActedOn {
                chosen: Chosen::Marks,
                takes: self.takes.marks.values().copied().collect(),
            });
        }
        self.must_rest()?;
        if let Some(row) = self.selected_sweep().filter(|row| !row.members.is_empty()) {
            return Ok(ActedOn {
                chosen: Chosen::Sweep(row.sweep.number),
                takes: row
                    .members
                    .iter()
                    .filter(|member| !member.is_repeated)
                    .copied()
                    .collect(),
            });
        }
        let take = self.the_take()?;
        Ok(ActedOn {
            chosen: Chosen::Take(take.id),
            takes: vec![member(take)],
        })
    }
}
