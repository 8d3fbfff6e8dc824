//! The wall's state: which takes it has, which of them are read, and where the pointer is. Only the visible rows and a page of
//! neighbours on each side are held.

use std::collections::BTreeMap;

use crate::model::text::counted;
use crate::model::{Take, TakeId, TakeState, Verdict};
use crate::service::wall::{Scrub, columns};
use crate::service::{Change, Problem};
use crate::store::{Order, OrderBy, Tally};
use crate::tui::canvas::Tiles;
use crate::tui::choosing::{
    MAX_WANTED, Seek, Strip, StripKey, StripLook, WallPage, WallSource, WallView, WallWork,
};
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::state::{Aim, Tone, distance};

use super::tiles::first_of_page;

/// Rows that are read before the wall was drawn for the first time.
const FIRST_ROWS: u64 = 24;

/// The overlay.
pub struct Wall {
    pub(super) source: WallSource,
    pub(super) order: Order,
    /// What it was ordered by when it was opened.
    pub(super) natural: OrderBy,
    pub(super) scrub: Scrub,
    /// The place of the row that has the pointer, among all rows.
    pub(super) at: u64,
    /// The selected column.
    pub(super) column: u16,
    /// What was read; `None` before the first reading.
    pub(super) page: Option<WallPage>,
    /// The pictures of rows that are read.
    pub(super) strips: BTreeMap<TakeId, Strip>,
    /// The pictures that were requested last.
    pub(super) asked: Vec<StripKey>,
    /// How the wall was drawn last.
    pub(super) tiles: Option<Tiles>,
    /// What is being read.
    pub(super) reading: Option<WallView>,
    /// Where the pointer was when that was requested.
    asked_at: u64,
    /// The offset and the limit of the last reading.
    read_last: Option<(u64, u64)>,
    /// Why that has failed, if it has.
    pub(super) failure: Option<Problem>,
    /// It has to be read again afterwards, and which take is sought then.
    reads_again: bool,
    seeks_next: Option<Seek>,
}

impl Wall {
    /// The takes of the log stand in its order, others from the oldest to the newest.
    pub(super) fn new(source: WallSource, order_of_log: OrderBy) -> Self {
        let natural = match source {
            WallSource::Filter(_) => Order::newest_first(order_of_log),
            WallSource::Sweep(_) | WallSource::Takes(_) => Order::default(),
        };
        Self {
            source,
            order: natural,
            natural: natural.by,
            scrub: Scrub::default(),
            at: 0,
            column: 0,
            page: None,
            strips: BTreeMap::new(),
            asked: Vec::new(),
            tiles: None,
            reading: None,
            asked_at: 0,
            reads_again: false,
            seeks_next: None,
            read_last: None,
            failure: None,
        }
    }
}

impl Wall {
    /// `sweep 9`, `3 marked takes`, `the log`.
    pub(super) fn name(&self) -> String {
        match &self.source {
            WallSource::Sweep(number) => format!("sweep {number}"),
            WallSource::Takes(ids) => counted(ids.len() as u64, "marked take"),
            WallSource::Filter(text) if text.trim().is_empty() => "the log".to_owned(),
            WallSource::Filter(text) => format!("the log, /{}", text.trim()),
        }
    }

    pub(super) fn tally(&self) -> Tally {
        self.page.as_ref().map_or_else(Tally::default, |page| page.tally)
    }

    /// Where the page has the row at a place, if it is read.
    fn index(&self, at: u64) -> Option<usize> {
        let page = self.page.as_ref()?;
        let index = usize::try_from(at.checked_sub(page.offset)?).ok()?;
        (index < page.takes.len()).then_some(index)
    }

    /// The row at a place, if it is read.
    pub(super) fn row(&self, at: u64) -> Option<&Take> {
        let index = self.index(at)?;
        self.page.as_ref()?.takes.get(index)
    }

    /// The take that has the pointer.
    pub(super) fn take(&self) -> Option<&Take> {
        self.row(self.at)
    }

    /// The most columns that a row has which is read.
    pub(super) fn columns(&self) -> u16 {
        let takes = self.page.iter().flat_map(|page| &page.takes);
        let most = takes.map(|take| columns(take).len()).max().unwrap_or(1);
        u16::try_from(most).unwrap_or(u16::MAX).max(1)
    }

    /// The rows of a page as it was drawn last.
    fn down(&self) -> u16 {
        self.tiles.map_or(1, |tiles| tiles.down)
    }

    /// Whether the next take without a verdict is being looked up, so that the pointer is about to move.
    fn seeks(&self) -> bool {
        let is_next = |seek: Option<Seek>| matches!(seek, Some(Seek::UnjudgedAfter(_)));
        is_next(self.reading.as_ref().and_then(|view| view.seek)) || is_next(self.seeks_next)
    }

    /// Has commands act on the take that has the pointer.
    pub(super) fn aim(&self, cx: &mut Cx) {
        cx.takes.aim = match self.take().filter(|_| !self.seeks()) {
            Some(take) => Aim::Take(Box::new(take.clone())),
            None => Aim::Reading,
        };
    }

    /// The rows that are held: the visible page, and one before and one behind it.
    fn wanted(&self) -> (u64, u64) {
        self.tiles.map_or((0, FIRST_ROWS), |tiles| {
            let down = u64::from(tiles.down);
            let first = first_of_page(self.at, tiles.down, self.tally().takes);
            (first.saturating_sub(down), 3 * down)
        })
    }

    /// Reads the page around the pointer with a page of neighbours on each side; requests that come meanwhile are
    /// served by one more reading.
    pub(super) fn read(&mut self, seek: Option<Seek>, cx: &mut Cx) {
        if self.reading.is_some() {
            self.reads_again = true;
            self.seeks_next = seek.or(self.seeks_next);
            return;
        }
        let (offset, limit) = self.wanted();
        let view = WallView {
            source: self.source.clone(),
            order: self.order,
            offset,
            limit,
            seek: seek.or_else(|| self.take().map(|take| Seek::Take(take.id))),
        };
        self.asked_at = self.at;
        self.reading = Some(view.clone());
        cx.run(Effect::Wall(WallWork::Read(Box::new(view))));
    }

    pub(super) fn was_read(&mut self, view: &WallView, page: WallPage, cx: &mut Cx) {
        self.reading = None;
        self.failure = None;
        self.read_last = Some((page.offset, view.limit));
        let pointed = self.take().map(|take| take.id);
        let last = page.tally.takes.saturating_sub(1);
        if matches!(view.seek, Some(Seek::UnjudgedAfter(_))) && page.found.is_none() {
            cx.tell(Tone::Good, "Every saved take of the wall has a verdict");
        }
        let place = |id: TakeId| {
            let index = page.takes.iter().position(|take| take.id == id)?;
            Some(page.offset + index as u64)
        };
        // Who has moved meanwhile stays on the take that the pointer is on now.
        let has_moved = self.at != self.asked_at;
        let at = page.found.filter(|_| !has_moved).or_else(|| place(pointed?));
        if let (None, Some(id)) = (at, pointed)
            && view.seek != Some(Seek::Take(id))
        {
            // That take is on another page, unless it is gone: till then, the rows stay as they are.
            self.reads_again = false;
            let seek = self.seeks_next.take().unwrap_or(Seek::Take(id));
            self.read(Some(seek), cx);
            return self.aim(cx);
        }
        self.at = at.unwrap_or(self.at).min(last);
        self.page = Some(page);
        self.column = self.column.min(self.columns() - 1);
        let page = self.page.as_ref();
        self.strips
            .retain(|id, _| page.is_some_and(|page| page.takes.iter().any(|take| take.id == *id)));
        if std::mem::take(&mut self.reads_again) {
            let seek = self.seeks_next.take();
            self.read(seek, cx);
        } else {
            self.read_neighbours(cx);
        }
        self.aim(cx);
    }

    /// The rows could not be read. They are not read again before something has changed.
    pub(super) fn was_not_read(&mut self, view: &WallView, error: &Problem, cx: &mut Cx) {
        self.reading = None;
        self.read_last = Some((view.offset, view.limit));
        (self.reads_again, self.seeks_next) = (false, None);
        self.failure = Some(error.clone());
        cx.tell(
            Tone::Error,
            format!("The takes of the wall could not be read: {error}"),
        );
        self.aim(cx);
    }

    /// Reads the rows of the visible page if they are not all there.
    pub(super) fn read_neighbours(&mut self, cx: &mut Cx) {
        let is_new = self.read_last != Some(self.wanted());
        let Some(tiles) = self.tiles.filter(|_| self.reading.is_none() && is_new) else {
            return;
        };
        let count = self.tally().takes;
        let first = first_of_page(self.at, tiles.down, self.tally().takes);
        let last = (first + u64::from(tiles.down)).min(count).saturating_sub(1);
        if count > 0 && (self.row(first).is_none() || self.row(last).is_none()) {
            self.read(None, cx);
        }
    }

    pub(super) fn step(&mut self, action: Action, cx: &mut Cx) {
        // A page moves by all of its rows.
        let by = distance(action, self.down() + 1);
        let last = self.tally().takes.saturating_sub(1);
        let by = i64::try_from(by).unwrap_or_default();
        self.at = self.at.saturating_add_signed(by).min(last);
        self.read_neighbours(cx);
        self.aim(cx);
    }

    pub(super) fn step_column(&mut self, action: Action) {
        let last = self.columns() - 1;
        self.column = if action == Action::Left {
            self.column.saturating_sub(1)
        } else {
            (self.column + 1).min(last)
        };
    }

    /// Gives the row its verdict, or removes it by the same key, and goes to the next row without one. A row that the terminal
    /// does not show yet is not judged: the key came before it, and was about another one.
    pub(super) fn judge(&mut self, action: Action, cx: &mut Cx) {
        let wanted = if action == Action::Circle {
            Verdict::Circled
        } else {
            Verdict::Rejected
        };
        let at = self.at;
        let Some(take) = self.take_mut() else { return };
        let id = take.id;
        if !cx.seen.over.takes.contains(&id) {
            return cx.tell(
                Tone::Plain,
                format!("The key was ignored: take {id} was not on the screen yet"),
            );
        }
        let verdict = if take.verdict == wanted {
            Verdict::None
        } else {
            wanted
        };
        take.verdict = verdict;
        cx.run(Effect::Change(id, Change::Verdict(verdict)));
        if verdict != Verdict::None {
            self.advance(at, id, cx);
        }
        self.aim(cx);
    }

    fn take_mut(&mut self) -> Option<&mut Take> {
        let index = self.index(self.at)?;
        self.page.as_mut()?.takes.get_mut(index)
    }

    /// Goes to the next saved take without a verdict: at once where it is read, else it is looked up.
    pub(super) fn advance(&mut self, at: u64, id: TakeId, cx: &mut Cx) {
        let is_open = |take: &Take| take.state == TakeState::Saved && take.verdict == Verdict::None;
        let page = self.page.as_ref();
        let behind = page.and_then(|page| {
            let rows = (page.offset..).zip(&page.takes);
            let mut behind = rows.filter(|(place, _)| *place > at);
            behind.find(|(_, take)| is_open(take)).map(|(place, _)| place)
        });
        if let Some(place) = behind {
            self.at = place;
            self.read_neighbours(cx);
        } else {
            self.read(Some(Seek::UnjudgedAfter(id)), cx);
        }
    }

    fn look(tiles: Tiles, scrub: Scrub, cx: &Cx) -> Option<StripLook> {
        Some(StripLook {
            scrub,
            columns: tiles.columns,
            rows: tiles.rows,
            way: cx.pictures.way()?,
        })
    }

    /// Requests the pictures of the visible rows, then of their neighbours, as far as they are not there yet.
    pub(super) fn ask_for_pictures(&mut self, tiles: Tiles, cx: &mut Cx) {
        let Some(look) = Self::look(tiles, self.scrub, cx) else {
            return;
        };
        let Some(page) = &self.page else { return };
        let first = first_of_page(self.at, tiles.down, self.tally().takes);
        let shown = first..first + u64::from(tiles.down);
        let rows = (page.offset..).zip(&page.takes);
        let (seen, beside): (Vec<_>, Vec<_>) = rows.partition(|(place, _)| shown.contains(place));
        let has = |take: &Take| {
            let key = StripKey::of(take, look);
            let strip = self.strips.get(&take.id);
            take.file.is_none() || strip.is_some_and(|strip| strip.key == key)
        };
        let missing: Vec<&Take> = seen
            .into_iter()
            .chain(beside)
            .map(|(_, take)| take)
            .filter(|take| !has(take))
            .take(MAX_WANTED)
            .collect();
        let keys: Vec<StripKey> = missing.iter().map(|take| StripKey::of(take, look)).collect();
        if keys.iter().all(|key| self.asked.contains(key)) {
            return;
        }
        let takes = missing.into_iter().cloned().collect();
        self.asked = keys;
        cx.run(Effect::Wall(WallWork::Pictures(takes, look)));
    }
}
