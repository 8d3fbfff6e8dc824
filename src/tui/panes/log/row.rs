//! A take of the log, and the texts that its row is made of.

use std::path::Path;

use crate::model::sweep_values::SweepValues;
use crate::model::text::whole_seconds;
use crate::model::{Backend, Take, Verdict};
use crate::tui::canvas::Ctx;
use crate::tui::glyphs::Glyphs;
use crate::tui::panes::wording;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::time;

pub struct Row<'a> {
    pub take: &'a Take,
    /// Why it failed, with the HTTP status when there was one.
    pub failure: Option<String>,
    /// From submit to the end.
    pub took_ms: Option<u64>,
    /// It is marked, or stands under its sweep.
    pub lead: &'static str,
    /// The number of its sweep, unless it stands under that.
    pub sweep: Option<i64>,
    pub value: String,
    /// The first words that differ from the revision before.
    pub words: String,
    /// Tags and note.
    pub remarks: String,
    /// How long a draft without a final can still be finished.
    pub finish: String,
}

impl<'a> Row<'a> {
    pub fn of(take: &'a Take, is_inside: bool, values: &SweepValues, state: &State, glyphs: &Glyphs) -> Self {
        Self {
            take,
            failure: wording::failure(take),
            took_ms: take.took_ms(),
            lead: if state.takes.marks.contains_key(&take.id) {
                glyphs.mark
            } else if is_inside {
                glyphs.vertical
            } else {
                ""
            },
            sweep: take.sweep.filter(|_| !is_inside),
            value: values.of_take(take),
            words: state.takes.words.get(&take.id).cloned().unwrap_or_default(),
            remarks: wording::remarks(take),
            finish: finish(take, state, glyphs),
        }
    }

    pub fn seed(&self) -> String {
        format!("s{}", self.take.seed.number())
    }

    /// `v12`.
    pub fn revision(&self) -> String {
        let version = self.take.revision;
        version.map_or_else(String::new, |version| format!("v{version}"))
    }

    /// When it was sent, or else created.
    pub fn at(&self, ctx: &Ctx<'_>) -> String {
        let at = self.take.times.submitted.unwrap_or(self.take.created_at);
        time::of_day(at, ctx.now, ctx.zone)
    }

    pub fn file(&self, ctx: &Ctx<'_>) -> String {
        if let Some(at) = wording::deleted_at(self.take, ctx.now, ctx.zone) {
            return format!("deleted {at}");
        }
        let name = self.take.file.as_deref().and_then(Path::file_name);
        name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// `118s (−9)`; a failed take has no time.
    pub fn took(&self, with_difference: bool, ctx: &Ctx<'_>) -> String {
        let Some(took) = self.took_ms.filter(|_| self.failure.is_none()) else {
            return String::new();
        };
        let seconds = format!("{}s", whole_seconds(took));
        // The median of what was expected when it was sent.
        let expected = self.take.wait.as_ref().map(|wait| wait.p50_ms);
        let Some(expected) = expected.filter(|_| with_difference) else {
            return format!("{seconds:>4}");
        };
        let difference = time::difference(took, expected, ctx.glyphs);
        format!("{seconds:>4} ({difference})")
    }

    /// `$0.703 (−0.1%)`, or `$0.70 est.`; a failed take costs nothing.
    pub fn cost(&self, with_difference: bool, ctx: &Ctx<'_>) -> String {
        let take = self.take;
        match (take.backend, take.cost) {
            _ if self.failure.is_some() => String::new(),
            (Backend::Sandbox, _) => "free".to_owned(),
            (Backend::Live, Some(cost)) if !with_difference => cost.precise(),
            (Backend::Live, Some(cost)) => match wording::off_by(cost, take.estimate, ctx.glyphs) {
                Some(off) => format!("{} ({off})", cost.precise()),
                None => cost.precise(),
            },
            (Backend::Live, None) if take.state.commits_money() => take.price_in_words(),
            (Backend::Live, None) => String::new(),
        }
    }

    pub const fn state_role(&self) -> Role {
        match self.take.emptied_at {
            Some(_) => Role::Rejected,
            None => Role::of_state(self.take.state),
        }
    }

    pub const fn verdict_role(&self) -> Role {
        match self.take.verdict {
            Verdict::Circled => Role::Circled,
            Verdict::Rejected => Role::Rejected,
            Verdict::None => Role::Text,
        }
    }
}

/// How long a draft without a final can still be finished.
fn finish(take: &Take, state: &State, glyphs: &Glyphs) -> String {
    let left = wording::finishable_in_short(take, state.now).filter(|_| !state.is_finished(take.id));
    left.map_or_else(String::new, |left| glyphs.spell(&left))
}
