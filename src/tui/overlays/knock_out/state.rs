//! The state of two takes at once: what was decided, and what keys do about it.

use crate::model::text::counted;
use crate::model::{Take, TakeId, Verdict};
use crate::service::Problem;
use crate::service::knock_out::KnockOut;
use crate::service::ranking::{Ranking, Standing};
use crate::service::shots::of_take;
use crate::store::{Choice, Decision};
use crate::tui::choosing::KnockOutWork;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, Moment};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::{Aim, State, Tone};

use super::pair::Pair;

/// The overlay.
pub struct Compared {
    pub(super) knock_out: KnockOut,
    /// The decisions that the store had when it was read last.
    kept: Vec<Decision>,
    pub(super) pair: Pair,
    /// Decisions that are being written, and readings, that are under way.
    under_way: usize,
    /// It has to be read again when none is.
    is_stale: bool,
    /// The last reading failed, and the user was told.
    is_unreadable: bool,
    /// Lines of the ranking that are scrolled off.
    pub(super) scroll: usize,
}

impl Compared {
    pub(super) fn new(knock_out: KnockOut) -> Self {
        Self {
            kept: knock_out.decisions.clone(),
            knock_out,
            pair: Pair::new(),
            under_way: 0,
            is_stale: false,
            is_unreadable: false,
            scroll: 0,
        }
    }

    pub(super) fn standing(&self) -> Standing {
        self.knock_out.standing()
    }

    /// The takes that are shown now: two that are compared, one alone, or none while the ranking is shown.
    pub(super) fn sides(&self) -> Vec<&Take> {
        sides(&self.knock_out)
    }

    pub(super) fn is_ranked(&self) -> bool {
        matches!(self.standing(), Standing::Ranked(_))
    }

    pub(super) fn is_pair(&self) -> bool {
        !self.is_ranked()
    }

    /// What came of it; nothing while takes are left to be judged.
    pub(super) fn ranking(&self) -> Ranking {
        match self.standing() {
            Standing::Ranked(ranking) => ranking,
            Standing::Pair(..) | Standing::Alone(_) => Ranking::default(),
        }
    }

    /// The best of the ranking.
    pub(super) fn winner(&self) -> Option<&Take> {
        self.knock_out.take(self.ranking().winner()?)
    }

    pub(super) fn the_winner(&self) -> Result<&Take, String> {
        self.winner().ok_or_else(|| match self.ranking().places[..] {
            [] => "every take was rejected, so none has won".to_owned(),
            _ => "no take was kept before all others, so there is no winner".to_owned(),
        })
    }

    /// The takes of the ranking below the winner that are not rejected yet.
    pub(super) fn rest(&self) -> Vec<TakeId> {
        let ranking = self.ranking();
        let below = ranking.places.iter().skip(1).map(|place| place.take);
        let is_open = |id: &TakeId| {
            let take = self.knock_out.take(*id);
            take.is_some_and(|take| take.verdict != Verdict::Rejected)
        };
        below.filter(is_open).collect()
    }

    /// Whether the terminal shows what keys decide about now: the pair, or the winner of the ranking. If not, says so, because
    /// a key that came before that was about something else.
    fn was_seen(&self, cx: &mut Cx) -> bool {
        let now: Vec<TakeId> = match self.standing() {
            Standing::Ranked(ranking) => ranking.winner().into_iter().collect(),
            Standing::Pair(..) | Standing::Alone(_) => self.sides().iter().map(|take| take.id).collect(),
        };
        let was_seen = cx.seen.over.takes == now;
        if !was_seen {
            cx.tell(
                Tone::Plain,
                "The key was ignored: the next takes were not on the screen yet",
            );
        }
        was_seen
    }

    /// Notes the decision; what is shown follows at once.
    pub(super) fn decide(&mut self, action: Action, cx: &mut Cx) {
        if !self.was_seen(cx) {
            return;
        }
        let Some(pair) = self.standing().next() else {
            return;
        };
        let choice = match action {
            Action::KeepLeft => Choice::Left,
            Action::KeepRight => Choice::Right,
            _ => Choice::Neither,
        };
        self.pair.stop(cx);
        let takes = self.knock_out.ids();
        self.knock_out.decisions.push(Decision {
            at: cx.now,
            left: pair.0,
            right: pair.1,
            choice,
        });
        self.under_way += 1;
        let work = KnockOutWork::Decide { takes, pair, choice };
        cx.run(Effect::KnockOut(work));
        self.aim(cx);
    }

    /// Plays the takes in step, or stops.
    pub(super) fn play(&mut self, cx: &mut Cx) {
        if self.pair.plays() {
            return self.pair.stop(cx);
        }
        if let Some(room) = cx.seen.over.picture {
            self.pair.play(&sides(&self.knock_out), room, cx);
        }
    }

    /// Asks for the pictures of the takes that are shown.
    pub(super) fn ask(&mut self, room: (u16, u16), cx: &mut Cx) {
        self.pair.ask(&sides(&self.knock_out), room, cx);
    }

    /// Takes back the last decision, with the verdicts that followed from it.
    pub(super) fn take_back(&mut self, cx: &mut Cx) {
        if !self.was_seen(cx) {
            return;
        }
        let known = self.knock_out.decisions.clone();
        if self.knock_out.decisions.pop().is_some() {
            self.pair.stop(cx);
            self.under_way += 1;
            self.scroll = 0;
            let takes = self.knock_out.ids();
            cx.run(Effect::KnockOut(KnockOutWork::TakeBack { takes, known }));
            self.aim(cx);
        }
    }

    /// Reads the takes and the decisions again, as soon as nothing is under way.
    pub(super) fn read(&mut self, cx: &mut Cx) {
        self.is_stale = true;
        self.read_if_stale(cx);
    }

    fn read_if_stale(&mut self, cx: &mut Cx) {
        if self.is_stale && self.under_way == 0 {
            self.is_stale = false;
            self.under_way += 1;
            cx.run(Effect::KnockOut(KnockOutWork::Read(self.knock_out.ids())));
        }
    }

    /// Something was written, or was not: what is shown follows the store.
    pub(super) fn was_written(&mut self, is_kept: bool, cx: &mut Cx) {
        self.under_way = self.under_way.saturating_sub(1);
        if self.under_way == 0 && !is_kept {
            // Reading may fail too.
            self.knock_out.decisions.clone_from(&self.kept);
            self.aim(cx);
        }
        self.read(cx);
    }

    pub(super) fn was_read(&mut self, result: &Result<Box<KnockOut>, Problem>, cx: &mut Cx) {
        self.under_way = self.under_way.saturating_sub(1);
        match result {
            // What was decided meanwhile is not in it yet.
            Ok(knock_out) if self.under_way == 0 => {
                self.knock_out = (**knock_out).clone();
                self.kept.clone_from(&knock_out.decisions);
                self.is_unreadable = false;
                self.aim(cx);
            }
            Ok(_) => {}
            // It is read again when something changes, and that it fails is told once.
            Err(error) if !self.is_unreadable => {
                self.is_unreadable = true;
                show_problem(cx, "The takes that are compared could not be read", error);
            }
            Err(_) => {}
        }
        self.read_if_stale(cx);
    }

    /// Commands of the ranking act on the winner; while two are compared, on none.
    pub(super) fn aim(&self, cx: &mut Cx) {
        cx.takes.aim = match self.winner() {
            Some(winner) => Aim::Take(Box::new(winner.clone())),
            None => Aim::Reading,
        };
    }

    /// Where a key leads to.
    pub(super) fn target(&self, action: Action) -> Result<Moment, String> {
        let sides = self.sides();
        let take = sides.first().ok_or("no take is shown")?;
        let at = self.pair.at();
        let shots = of_take(take);
        let here = shots.iter().take_while(|shot| shot.start_ms <= at).count();
        let wanted = match action {
            Action::FrameNext => return Ok(Moment::After(at)),
            Action::FramePrevious => return Ok(Moment::Before(at)),
            Action::ShotNext => here,
            _ => here.checked_sub(2).ok_or("this is the first shot")?,
        };
        let shot = shots.get(wanted).ok_or("this is the last shot")?;
        Ok(Moment::At(shot.middle_ms()))
    }

    /// Gives takes a verdict that goes when the last decision is taken back.
    fn judge(&self, judged: Vec<TakeId>, verdict: Verdict) -> Effect {
        Effect::KnockOut(KnockOutWork::Judge {
            takes: self.knock_out.ids(),
            known: self.knock_out.decisions.clone(),
            judged,
            verdict,
        })
    }

    pub(super) fn circle(&mut self, cx: &mut Cx) {
        if !self.was_seen(cx) {
            return;
        }
        let Some(winner) = self.winner().map(|take| take.id) else {
            return;
        };
        self.under_way += 1;
        cx.run(self.judge(vec![winner], Verdict::Circled));
    }

    /// Rejects all but the winner, after a question.
    pub(super) fn reject_rest(&self, cx: &mut Cx) {
        let (rest, Some(winner)) = (self.rest(), self.winner()) else {
            return;
        };
        let circled = rest.iter().filter_map(|id| self.knock_out.take(*id));
        let circled = circled.filter(|take| take.verdict == Verdict::Circled).count();
        let question = format!(
            "Reject {}, and keep take {}?",
            counted(rest.len() as u64, "take"),
            winner.id
        );
        let mut details = vec![format!("Rejected: {}.", numbers(&rest))];
        match circled {
            0 => {}
            1 => details.push("One of them is circled now.".to_owned()),
            circled => details.push(format!("{circled} of them are circled now.")),
        }
        let work = self.judge(rest, Verdict::Rejected);
        cx.open(Confirm::new(question, details, "reject them", move |cx| {
            cx.run(work);
        }));
    }

    /// Compares the same takes from the start, after a question.
    pub(super) fn begin_anew(&self, cx: &mut Cx) {
        let takes = self.knock_out.ids();
        let question = format!("Compare {} from the start?", counted(takes.len() as u64, "take"));
        let details = vec![
            format!("Compared: {}.", numbers(&takes)),
            "Their verdicts stay. `rushes show` still prints the earlier decisions, but this ranking goes."
                .to_owned(),
        ];
        let known = self.knock_out.decisions.clone();
        let work = Effect::KnockOut(KnockOutWork::BeginAnew { takes, known });
        cx.open(Confirm::new(question, details, "compare them", move |cx| {
            cx.run(work);
        }));
    }

    /// Removes the marks of takes that are ranked now; they have done their work.
    pub(super) fn clear_marks(&self, cx: &mut Cx) {
        let before = cx.takes.marks.len();
        cx.takes.marks.retain(|id, _| self.knock_out.take(*id).is_none());
        let cleared = before - cx.takes.marks.len();
        if cleared > 0 {
            let marks = counted(cleared as u64, "mark");
            cx.tell(Tone::Plain, format!("{marks} removed: the takes are ranked"));
        }
    }
}

/// The takes that are to be judged next.
fn sides(knock_out: &KnockOut) -> Vec<&Take> {
    let next = match knock_out.standing() {
        Standing::Pair(left, right) => vec![left, right],
        Standing::Alone(take) => vec![take],
        Standing::Ranked(_) => Vec::new(),
    };
    next.into_iter().filter_map(|id| knock_out.take(id)).collect()
}

/// `3, 5, 8`.
fn numbers(takes: &[TakeId]) -> String {
    let numbers: Vec<String> = takes.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}

/// The line about where an unfinished comparison goes on.
pub(super) fn goes_on(knock_out: &KnockOut, state: &State) -> String {
    format!(
        "{} of {} decisions made; {} on the same takes goes on from there",
        knock_out.decisions.len(),
        knock_out.most_decisions(),
        state
            .keymap
            .label(Context::Global, Action::TwoAtOnce)
            .unwrap_or_else(|| "the same command".to_owned())
    )
}
