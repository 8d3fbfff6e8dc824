//! Two takes at once as an overlay: its commands, and what it does about news.

use ratatui::layout::Rect;

use crate::model::text::counted;
use crate::model::{Take, TakeId, Verdict};
use crate::service::knock_out::{Between, KnockOut, Standing};
use crate::service::shots::of_take;
use crate::service::{Change, Problem};
use crate::store::{Choice, Decision};
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::choosing::KnockOutWork;
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Message, Moment};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::page::{scrolled, show_problem};
use crate::tui::picture_style::NO_MOTION;
use crate::tui::state::{Aim, Chosen, ListRow, MOVES, State, Tone, ids};

use super::draw;
use super::pair::Pair;

/// The overlay.
pub struct Compared {
    knock_out: KnockOut,
    /// The decisions that the store had when it was read last.
    kept: Vec<Decision>,
    pair: Pair,
    /// Decisions that are being written, and readings, that are under way.
    under_way: usize,
    /// It has to be read again when none is.
    is_stale: bool,
    /// It could not be read last time, which was told.
    is_unreadable: bool,
    /// Lines of the ranking that are scrolled off.
    scroll: usize,
}

/// The takes that `=` compares: the marked ones, those of the selected sweep, or the selected one and another one.
pub fn between(state: &State) -> Result<Between, String> {
    if !matches!(state.takes.aim, Aim::Selection) {
        return Err("takes are being chosen already".to_owned());
    }
    let acted = state.acted_on()?;
    let selected = state.selected().map(|take| take.id);
    Ok(match (acted.chosen, ids(&acted.takes)) {
        (Chosen::Marks, mut marks) => {
            if let [only] = marks[..] {
                let other = selected.filter(|id| *id != only);
                marks.push(other.ok_or("mark another take, or select one to compare the marked one with")?);
            }
            Between::Takes(marks)
        }
        (Chosen::Sweep(number), _) => Between::Sweep(number),
        (Chosen::Take(id), _) => Between::Neighbour(id),
    })
}

/// Reads the takes to compare.
pub fn start(cx: &mut Cx) {
    if let Ok(between) = between(cx) {
        cx.run(Effect::KnockOut(KnockOutWork::Open(between)));
    }
}

/// The takes were read: shows the next pair, or the ranking.
pub fn opened(cx: &mut Cx, result: Result<Box<KnockOut>, Problem>) {
    let knock_out = match result {
        Ok(knock_out) => *knock_out,
        Err(error) => {
            let mark = cx.key_in(Context::Log, Action::Mark);
            return cx.tell(Tone::Warning, format!("{error}{mark}"));
        }
    };
    let compared = Compared {
        kept: knock_out.decisions.clone(),
        knock_out,
        pair: Pair::new(),
        under_way: 0,
        is_stale: false,
        is_unreadable: false,
        scroll: 0,
    };
    let told = match (compared.knock_out.decisions.len() as u64, compared.standing()) {
        (0, _) => None,
        (some, Standing::Pair(..)) => Some(format!(
            "The knock-out goes on after {}",
            counted(some, "decision")
        )),
        (_, Standing::Ranked { .. }) => Some("These takes were compared before".to_owned()),
    };
    if let Some(text) = told {
        cx.tell(Tone::Plain, text);
    }
    cx.show(
        compared,
        Tone::Plain,
        "The takes were read: stop typing to compare them",
    );
}

/// A decision was noted or taken back, or was not.
pub fn decided(cx: &mut Cx, result: Result<Option<String>, Problem>) {
    match result {
        Ok(None) => {}
        Ok(Some(remark)) => cx.tell(Tone::Warning, remark),
        Err(error) => show_problem(cx, "The decision was not kept", &error),
    }
    cx.refresh();
}

impl Compared {
    fn standing(&self) -> Standing {
        self.knock_out.standing()
    }

    /// The two takes that are compared now.
    fn sides(&self) -> Option<[&Take; 2]> {
        let Standing::Pair(left, right) = self.standing() else {
            return None;
        };
        Some([self.knock_out.take(left)?, self.knock_out.take(right)?])
    }

    fn is_pair(&self) -> bool {
        self.sides().is_some()
    }

    fn is_ranked(&self) -> bool {
        !self.is_pair()
    }

    /// The best of the ranking.
    fn winner(&self) -> Option<&Take> {
        match self.standing() {
            Standing::Ranked { ranking, .. } => self.knock_out.take(*ranking.first()?),
            Standing::Pair(..) => None,
        }
    }

    fn the_winner(&self) -> Result<&Take, String> {
        self.winner()
            .ok_or_else(|| "every take was rejected, so none has won".to_owned())
    }

    /// The takes of the ranking below the winner that are not rejected yet.
    fn rest(&self) -> Vec<TakeId> {
        let Standing::Ranked { ranking, .. } = self.standing() else {
            return Vec::new();
        };
        let below = ranking.into_iter().skip(1);
        let is_open = |id: &TakeId| {
            let take = self.knock_out.take(*id);
            take.is_some_and(|take| take.verdict != Verdict::Rejected)
        };
        below.filter(is_open).collect()
    }

    /// Whether the terminal shows what keys decide about now: the pair, or the winner of the ranking. If not, says so, because
    /// a key that came before that was about something else.
    fn was_seen(&self, cx: &mut Cx) -> bool {
        let now = match self.standing() {
            Standing::Pair(left, right) => vec![left, right],
            Standing::Ranked { ranking, .. } => ranking.into_iter().take(1).collect(),
        };
        let was_seen = cx.seen.over.takes == now;
        if !was_seen {
            cx.tell(
                Tone::Plain,
                "A key that came before the next takes were shown was ignored",
            );
        }
        was_seen
    }

    /// Notes the decision; what is shown follows at once.
    fn decide(&mut self, action: Action, cx: &mut Cx) {
        if !self.was_seen(cx) {
            return;
        }
        let Some([left, right]) = self.sides() else { return };
        let choice = match action {
            Action::KeepLeft => Choice::Left,
            Action::KeepRight => Choice::Right,
            _ => Choice::Neither,
        };
        let (pair, before) = ((left.id, right.id), (left.verdict, right.verdict));
        self.pair.stop(cx);
        let takes = self.knock_out.ids();
        self.knock_out.decisions.push(Decision {
            at: cx.now,
            left: pair.0,
            right: pair.1,
            choice,
            before,
        });
        self.under_way += 1;
        let work = KnockOutWork::Decide { takes, pair, choice };
        cx.run(Effect::KnockOut(work));
        self.aim(cx);
    }

    /// Plays both takes in step, or stops.
    fn play(&mut self, cx: &mut Cx) {
        if self.pair.plays() {
            return self.pair.stop(cx);
        }
        let Standing::Pair(left, right) = self.knock_out.standing() else {
            return;
        };
        let takes = self.knock_out.take(left).zip(self.knock_out.take(right));
        if let Some(((left, right), room)) = takes.zip(cx.seen.over.picture) {
            self.pair.play([left, right], room, cx);
        }
    }

    fn take_back(&mut self, cx: &mut Cx) {
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
    fn read(&mut self, cx: &mut Cx) {
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

    /// A decision was noted or taken back, or was not: what is shown follows the store.
    fn was_decided(&mut self, result: Result<Option<String>, Problem>, cx: &mut Cx) {
        self.under_way = self.under_way.saturating_sub(1);
        if self.under_way == 0 && result.is_err() {
            // Reading may fail too.
            self.knock_out.decisions.clone_from(&self.kept);
            self.aim(cx);
        }
        decided(cx, result);
        self.read(cx);
    }

    fn was_read(&mut self, result: &Result<Box<KnockOut>, Problem>, cx: &mut Cx) {
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
    fn aim(&self, cx: &mut Cx) {
        cx.takes.aim = match self.winner() {
            Some(winner) => Aim::Take(Box::new(winner.clone())),
            None => Aim::Reading,
        };
    }

    /// Where a key leads to.
    fn target(&self, action: Action) -> Result<Moment, String> {
        let [left, _] = self.sides().ok_or("no pair is shown")?;
        let at = self.pair.at();
        let shots = of_take(left);
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

    fn circle(&self, cx: &mut Cx) {
        if !self.was_seen(cx) {
            return;
        }
        let Some(winner) = self.winner() else { return };
        cx.run(Effect::Change(winner.id, Change::Verdict(Verdict::Circled)));
    }

    /// Rejects all but the winner, after a question.
    fn reject_rest(&self, cx: &mut Cx) {
        let (rest, Some(winner)) = (self.rest(), self.winner()) else {
            return;
        };
        let numbers: Vec<String> = rest.iter().map(ToString::to_string).collect();
        let circled = rest.iter().filter_map(|id| self.knock_out.take(*id));
        let circled = circled.filter(|take| take.verdict == Verdict::Circled).count();
        let question = format!(
            "Reject {}, all but take {}?",
            counted(rest.len() as u64, "take"),
            winner.id
        );
        let mut details = vec![format!("They are: {}.", numbers.join(", "))];
        if circled > 0 {
            details.push(format!(
                "{} of them circled now.",
                counted(circled as u64, "take")
            ));
        }
        cx.open(Confirm::new(question, details, "reject them", move |cx| {
            cx.run(Effect::ChangeSeveral(
                rest,
                Change::Verdict(Verdict::Rejected),
                "rejected".to_owned(),
            ));
        }));
    }
}

impl Declare for Compared {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(
            &[Action::KeepLeft, Action::KeepRight, Action::RejectBoth],
            |compared: &mut Self, action, cx| compared.decide(action, cx),
        )
        .during(Self::is_pair),
        Command::on(
            &[
                Action::FrameNext,
                Action::FramePrevious,
                Action::ShotNext,
                Action::ShotPrevious,
            ],
            |compared: &mut Self, action, cx| {
                if let Ok(moment) = compared.target(action) {
                    compared.pair.go(moment, cx);
                }
            },
        )
        .during(Self::is_pair)
        .when(|compared, action, _| compared.target(action).map(drop)),
        Command::on(&[Action::Play], |compared: &mut Self, _, cx| compared.play(cx))
            .during(Self::is_pair)
            .when(|_, _, state| match state.pictures.shape() {
                _ if !state.pictures.moves() => Err(NO_MOTION.to_owned()),
                Some(_) => Ok(()),
                None => Err(format!(
                    "pictures are off{}",
                    state.key_in(Context::Pair, Action::NextPictureMode)
                )),
            })
            .called(|compared, _| {
                let label = if compared.pair.plays() {
                    "stop"
                } else {
                    "play both"
                };
                label.to_owned()
            }),
        Command::on(&[Action::TakeBack], |compared: &mut Self, _, cx| {
            compared.take_back(cx);
        })
        .when(|compared, _, _| match compared.knock_out.decisions[..] {
            [] => Err("nothing was decided yet".to_owned()),
            _ => Ok(()),
        }),
        Command::on(&[Action::Circle], |compared: &mut Self, _, cx| {
            compared.circle(cx);
        })
        .during(Self::is_ranked)
        .when(|compared, _, _| match compared.the_winner()?.verdict {
            Verdict::Circled => Err("the winner is circled already".to_owned()),
            _ => Ok(()),
        }),
        Command::on(&[Action::Reject], |compared: &mut Self, _, cx| {
            compared.reject_rest(cx);
        })
        .during(Self::is_ranked)
        .when(|compared, _, _| {
            let winner = compared.the_winner()?;
            if winner.verdict == Verdict::Rejected {
                return Err(format!(
                    "take {} has won and is rejected: circle it first",
                    winner.id
                ));
            }
            match compared.rest()[..] {
                [] => Err("every other take is rejected already".to_owned()),
                _ => Ok(()),
            }
        })
        .called(|_, _| "reject the rest".to_owned()),
        Command::on(MOVES, |compared: &mut Self, action, cx| {
            compared.scroll = scrolled(compared.scroll, action, cx);
        })
        .during(Self::is_ranked),
    ];
}

impl Component for Compared {
    fn context(&self) -> Context {
        if self.is_pair() {
            Context::Pair
        } else {
            Context::Ranking
        }
    }

    fn hints(&self) -> &'static [Action] {
        if self.is_pair() {
            &[
                Action::KeepLeft,
                Action::KeepRight,
                Action::RejectBoth,
                Action::Play,
                Action::FramePrevious,
                Action::FrameNext,
                Action::ShotPrevious,
                Action::ShotNext,
                Action::TakeBack,
                Action::Leave,
                Action::Help,
            ]
        } else {
            &[
                Action::Circle,
                Action::Reject,
                Action::Promote,
                Action::Note,
                Action::Tags,
                Action::TakeBack,
                Action::Leave,
                Action::Help,
            ]
        }
    }

    fn receive(&mut self, message: &Message, cx: &mut Cx) -> bool {
        match message {
            Message::Pictured(pictured) => {
                self.pair.receive(pictured);
                // It may be the Monitor's.
                false
            }
            Message::Played(played) => self.pair.played(played),
            Message::PlayEnded(ended) => self.pair.play_ended(*ended),
            Message::KnockOutDecided(takes, result) if *takes == self.knock_out.ids() => {
                self.was_decided(result.clone(), cx);
                true
            }
            Message::KnockOutRead(takes, result) if *takes == self.knock_out.ids() => {
                self.was_read(result, cx);
                true
            }
            // Verdicts, notes and files may have changed.
            Message::Changed(..) | Message::ChangedSeveral(..) | Message::ChangedElsewhere => {
                self.read(cx);
                false
            }
            _ => false,
        }
    }

    fn refresh(&mut self, cx: &mut Cx) {
        self.aim(cx);
    }

    fn left(&mut self, cx: &mut Cx) {
        self.pair.stop(cx);
        cx.run(Effect::CloseVideos);
        cx.takes.aim = Aim::Selection;
        if let Some((id, sweep)) = self.winner().map(|take| (take.id, take.sweep)) {
            let is_listed = matches!(cx.listed(), Some(ListRow::Take { take, .. }) if take.id == id);
            if !is_listed {
                cx.show_in_log(id, sweep);
            }
        } else if !self.knock_out.decisions.is_empty() {
            let text = format!(
                "{} of {} decided; {} goes on there, as long as the same takes are compared",
                self.knock_out.decisions.len(),
                self.knock_out.most_decisions(),
                cx.keymap
                    .label(Context::Global, Action::TwoAtOnce)
                    .unwrap_or_else(|| "the same command".to_owned())
            );
            cx.tell(Tone::Plain, text);
        }
    }

    fn absorb(&mut self, newer: &dyn Component) -> bool {
        // The key that asks for another one came before this one was shown.
        newer.downcast::<Self>().is_some()
    }

    fn drawn(&mut self, _picture: Option<(u16, u16)>, cx: &mut Cx) {
        // Another overlay may lie over this one.
        let Some(room) = cx.seen.over.picture else { return };
        let Standing::Pair(left, right) = self.knock_out.standing() else {
            return;
        };
        if let Some((left, right)) = self.knock_out.take(left).zip(self.knock_out.take(right)) {
            self.pair.ask([left, right], room, cx);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        match self.standing() {
            Standing::Pair(left, right) => match self.knock_out.take(left).zip(self.knock_out.take(right)) {
                Some((left, right)) => {
                    draw::pair(&self.knock_out, &self.pair, [left, right], (canvas, area), state)
                }
                None => Drawn::default(),
            },
            Standing::Ranked { ranking, rejected } => {
                draw::ranking(&self.knock_out, (&ranking, &rejected), self.scroll, canvas, area)
            }
        }
    }
}
