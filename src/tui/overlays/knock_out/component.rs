//! Two takes at once as an overlay: its commands, and what it does about news.

use ratatui::layout::Rect;

use crate::model::Verdict;
use crate::model::text::counted;
use crate::service::Problem;
use crate::service::knock_out::{Between, KnockOut};
use crate::service::ranking::Standing;
use crate::service::wall::shape;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::choosing::KnockOutWork;
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Message};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlays::page::{scrolled, show_problem};
use crate::tui::picture_style::NO_MOTION;
use crate::tui::state::{Aim, Chosen, ListRow, MOVES, State, Tone, ids};

use super::draw;
use super::place::{is_stacked, seen_area};
use super::state::{Compared, goes_on};

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
    let compared = Compared::new(knock_out);
    let told = match (compared.knock_out.decisions.len() as u64, compared.is_ranked()) {
        (0, _) => None,
        (some, false) => Some(format!(
            "The knock-out goes on after {}",
            counted(some, "decision")
        )),
        (_, true) => Some(format!(
            "These takes were compared before{}",
            cx.key_in(Context::Ranking, Action::CompareAnew)
        )),
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
    /// What the key line calls the takes that are shown.
    fn called(&self, state: &State) -> [&'static str; 2] {
        let sides = self.sides();
        match sides[..] {
            [_] => ["it"; 2],
            [first, _] if is_stacked(seen_area(state), shape(first)) => ["upper", "lower"],
            _ => ["left", "right"],
        }
    }
}

impl Declare for Compared {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::KeepLeft], |compared: &mut Self, action, cx| {
            compared.decide(action, cx);
        })
        .during(Self::is_pair)
        .called(|compared, state| format!("keep {}", compared.called(state)[0])),
        Command::on(&[Action::KeepRight], |compared: &mut Self, action, cx| {
            compared.decide(action, cx);
        })
        .during(Self::is_pair)
        .when(|compared, _, _| match compared.standing() {
            Standing::Alone(_) => Err("only one take is left: keep it, or reject it".to_owned()),
            Standing::Pair(..) | Standing::Ranked(_) => Ok(()),
        })
        .called(|compared, state| format!("keep {}", compared.called(state)[1])),
        Command::on(&[Action::RejectBoth], |compared: &mut Self, action, cx| {
            compared.decide(action, cx);
        })
        .during(Self::is_pair)
        .called(|compared, _| match compared.standing() {
            Standing::Alone(_) => "reject it".to_owned(),
            Standing::Pair(..) | Standing::Ranked(_) => Action::RejectBoth.short().to_owned(),
        }),
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
                let label = match compared.standing() {
                    _ if compared.pair.plays() => "stop",
                    Standing::Pair(..) => "play both",
                    Standing::Alone(_) | Standing::Ranked(_) => Action::Play.short(),
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
        Command::on(&[Action::CompareAnew], |compared: &mut Self, _, cx| {
            compared.begin_anew(cx);
        })
        .during(Self::is_ranked),
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
                Action::TakeBack,
                Action::Play,
                Action::FramePrevious,
                Action::FrameNext,
                Action::ShotPrevious,
                Action::ShotNext,
                Action::Leave,
                Action::Help,
            ]
        } else {
            &[
                Action::Circle,
                Action::Reject,
                Action::Promote,
                Action::TakeBack,
                Action::CompareAnew,
                Action::Note,
                Action::Tags,
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
                decided(cx, result.clone());
                self.was_written(result.is_ok(), cx);
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
        if self.is_ranked() {
            self.clear_marks(cx);
        } else if !self.knock_out.decisions.is_empty() {
            let text = goes_on(&self.knock_out, cx);
            cx.tell(Tone::Plain, text);
        }
        if let Some((id, sweep)) = self.winner().map(|take| (take.id, take.sweep)) {
            let is_listed = matches!(cx.listed(), Some(ListRow::Take { take, .. }) if take.id == id);
            if !is_listed {
                cx.show_in_log(id, sweep);
            }
        }
    }

    fn absorb(&mut self, newer: &dyn Component) -> bool {
        // The key that asks for another one came before this one was shown.
        newer.downcast::<Self>().is_some()
    }

    fn drawn(&mut self, _picture: Option<(u16, u16)>, cx: &mut Cx) {
        // Another overlay may lie over this one.
        if let Some(room) = cx.seen.over.picture {
            self.ask(room, cx);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        match self.standing() {
            Standing::Ranked(ranking) => {
                draw::ranking(&self.knock_out, &ranking, self.scroll, (canvas, area))
            }
            Standing::Pair(..) | Standing::Alone(_) => {
                draw::sides(&self.knock_out, &self.pair, &self.sides(), (canvas, area), state)
            }
        }
    }
}
