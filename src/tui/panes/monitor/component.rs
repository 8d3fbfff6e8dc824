//! The Monitor: which picture it shows, its commands and its drawing.

use ratatui::layout::Rect;

use super::playback::{self, Player, Received};
use super::position::Position;
use super::stills::Strip;
use super::summary;
use crate::media::Speed;
use crate::model::{Take, TakeId};
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Frame, Message, Moment, Pictured, StillsWanted};
use crate::tui::keymap::{Action, Context};
use crate::tui::panes::log;
use crate::tui::panes::sound::SoundStrip;
use crate::tui::state::{MOVES, State};
use crate::tui::widgets::picture::DrawnPicture;

/// The pane and its picture; the take is the one selected in the log or the queue.
#[derive(Default)]
pub struct Monitor {
    /// The picture that was decoded last.
    pictured: Option<Pictured>,
    decoding: Option<Frame>,
    /// The take in which the user has gone to another picture than the first, and which.
    place: Option<(TakeId, Moment)>,
    pub(super) player: Player,
    pub(super) strip: Strip,
    pub(super) sound: SoundStrip,
}

impl Declare for Monitor {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(MOVES, |_, action, cx| log::step(action, cx)),
        Command::on(
            &[
                Action::FrameNext,
                Action::FramePrevious,
                Action::ShotNext,
                Action::ShotPrevious,
            ],
            |monitor: &mut Self, action, cx| monitor.go(action, cx),
        )
        .when(|monitor, action, state| monitor.position(state)?.target(action).map(drop))
        .anywhere(),
        Command::on(&[Action::Play], |monitor: &mut Self, action, cx| {
            monitor.play(action, cx);
        })
        .when(|monitor, _, state| monitor.can_play(state))
        .called(|monitor, state| monitor.called(Action::Play, state))
        .anywhere(),
        Command::on(&[Action::LoopShot], |monitor: &mut Self, action, cx| {
            monitor.play(action, cx);
        })
        .when(|monitor, _, state| monitor.can_play(state))
        .called(|monitor, state| monitor.called(Action::LoopShot, state))
        .anywhere(),
        Command::on(
            &[Action::PlaySlower, Action::PlayFaster],
            |monitor: &mut Self, action, cx| monitor.change_speed(action, cx),
        )
        .when(|monitor, action, _| monitor.next_speed(action).map(drop))
        .anywhere(),
    ];
}

impl Monitor {
    /// The request for the picture that is shown.
    pub fn frame(&self) -> Option<&Frame> {
        self.pictured.as_ref().map(|pictured| &pictured.frame)
    }

    /// The request for the stills that are shown.
    pub fn stills(&self) -> Option<&StillsWanted> {
        self.strip.asked()
    }

    /// Which picture of the take is shown.
    fn moment(&self, take: &Take) -> Moment {
        if let Some(at) = self.player.at(take.id) {
            return Moment::At(at);
        }
        let place = self.place.filter(|(id, _)| *id == take.id);
        place.map_or(Moment::At(0), |(_, moment)| moment)
    }

    /// Where the take is that is shown, or why nothing is.
    pub(super) fn position<'a>(&self, state: &'a State) -> Result<Position<'a>, String> {
        let take = state.monitored().and_then(|row| row.take());
        let take = take.ok_or_else(|| "no take is selected".to_owned())?;
        if take.file.is_none() {
            return Err(take.why_no_video());
        }
        let (Moment::At(at) | Moment::After(at) | Moment::Before(at)) = self.moment(take);
        let movie = self
            .pictured_of(take)
            .and_then(|pictured| pictured.movie.as_ref());
        Ok(Position::of(take, at, movie))
    }

    fn go(&mut self, action: Action, cx: &mut Cx) {
        let target = self
            .position(cx)
            .and_then(|here| Ok((here.take.id, here.target(action)?)));
        if let Ok(place) = target {
            self.player.stop(cx);
            self.place = Some(place);
        }
    }

    /// Plays or stops; the shot again and again, or the take.
    fn play(&mut self, action: Action, cx: &mut Cx) {
        let Some(take) = self.position(cx).ok().map(|here| here.take.clone()) else {
            return;
        };
        let repeats = action == Action::LoopShot;
        let is_other = repeats && !self.player.repeats(take.id);
        let stopped = self.player.stop(cx);
        if let Some((id, at)) = stopped {
            self.place = Some((id, Moment::At(at)));
        }
        if stopped.is_none_or(|(id, _)| id != take.id) || is_other {
            let shown = self.picture(&take).and_then(|picture| picture.clone().ok());
            let Ok(here) = self.position(cx).map(|here| Position { take: &take, ..here }) else {
                return;
            };
            self.player.play(&here, repeats, shown, cx);
        }
    }

    fn can_play(&self, state: &State) -> Result<(), String> {
        let take = self.position(state)?.take;
        if let Some(Err(why)) = self.picture(take) {
            return Err(why.clone());
        }
        playback::possible(state)
    }

    /// What a key of playing does now, in a word.
    fn called(&self, action: Action, state: &State) -> String {
        let does = self.position(state).is_ok_and(|here| {
            let take = here.take.id;
            let repeats = self.player.repeats(take);
            self.player.plays(take) && (action == Action::Play || repeats)
        });
        if does { "stop" } else { action.short() }.to_owned()
    }

    fn next_speed(&self, action: Action) -> Result<Speed, String> {
        let speed = self.player.speed;
        match action {
            Action::PlaySlower => speed.slower().ok_or("this is the slowest"),
            _ => speed.faster().ok_or("this is the fastest"),
        }
        .map_err(str::to_owned)
    }

    fn change_speed(&mut self, action: Action, cx: &mut Cx) {
        if let Ok(speed) = self.next_speed(action) {
            self.player.speed = speed;
            self.play_again(cx);
        }
    }

    /// What is played goes on in another way.
    fn play_again(&mut self, cx: &mut Cx) {
        let take = cx.monitored().and_then(|row| row.take()).cloned();
        if let Some(take) = take.filter(|take| self.player.plays(take.id)) {
            let at = self.player.at(take.id).unwrap_or(0);
            self.player.again(&Position::of(&take, at, None), cx);
        }
    }

    /// Stops what is played when it is no longer to be seen, and plays it in its new size.
    fn keep_in_view(&mut self, size: Option<(u16, u16)>, cx: &mut Cx) {
        let Some(played) = self.player.take() else {
            return;
        };
        let take = cx.monitored().and_then(|row| row.take());
        let is_there = take.is_some_and(|take| take.id == played && take.file.is_some());
        let is_seen = playback::possible(cx).is_ok() && cx.seen.overlays == 0;
        if !is_there || !is_seen {
            if let Some((id, at)) = self.player.stop(cx) {
                self.place = Some((id, Moment::At(at)));
            }
        } else if size.is_some_and(|size| self.player.is_drawn_otherwise(size, cx)) {
            self.play_again(cx);
        }
    }

    /// What was decoded of the take. The same picture stays while the file moves, and goes with it.
    pub(super) fn pictured_of(&self, take: &Take) -> Option<&Pictured> {
        self.pictured.as_ref().filter(|pictured| {
            let is_there = take
                .file
                .as_ref()
                .is_some_and(|file| pictured.picture.is_ok() || pictured.frame.file == *file);
            pictured.frame.take == take.id && is_there
        })
    }

    /// The picture of the take, or why there is none.
    pub(super) fn picture(&self, take: &Take) -> Option<&Result<DrawnPicture, String>> {
        let still = || self.pictured_of(take).map(|pictured| &pictured.picture);
        self.player
            .picture(take.id)
            .filter(|_| take.file.is_some())
            .or_else(still)
    }
}

impl Component for Monitor {
    fn context(&self) -> Context {
        Context::Monitor
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Play,
            Action::Circle,
            Action::Reject,
            Action::Promote,
            Action::UseTake,
            Action::Note,
            Action::Tags,
            Action::NextUnjudged,
            Action::Open,
            Action::CopyPath,
            Action::Generate,
        ]
    }

    fn receive(&mut self, message: &Message, _cx: &mut Cx) -> bool {
        match self.player.receive(message) {
            Received::NotOurs => {}
            Received::Taken => return true,
            Received::Ended(take, at) => {
                self.place = Some((take, Moment::At(at)));
                return true;
            }
        }
        if self.strip.receive(message) {
            return true;
        }
        let Message::Pictured(pictured) = message else {
            return self.sound.receive(message);
        };
        // Another size or take may have been requested since.
        if self.decoding.as_ref() == Some(&pictured.asked) {
            let place = (pictured.frame.take, pictured.frame.moment);
            if self.place.is_some_and(|(id, _)| id == place.0) {
                self.place = Some(place);
            }
            self.player.forget();
            self.pictured = Some((**pictured).clone());
        }
        true
    }

    /// Requests the selected take's picture and stills when there is room for them and they are not shown yet.
    fn drawn(&mut self, picture: Option<(u16, u16)>, cx: &mut Cx) {
        self.keep_in_view(picture, cx);
        let Some(take) = cx.monitored().and_then(|row| row.take()).cloned() else {
            return;
        };
        if let Some(size) = cx.seen.drawn.stills {
            let shots = self.position(cx).map(|here| here.shots);
            self.strip.want(&take, &shots.unwrap_or_default(), size, cx);
        }
        if self.player.plays(take.id) {
            return;
        }
        let style = cx.pictures;
        let frame = |(columns, rows): (u16, u16)| {
            let file = take.file.clone()?;
            let way = style.way()?;
            (columns > 0 && rows > 0).then_some(Frame {
                take: take.id,
                file,
                bytes: take.bytes,
                moment: self.moment(&take),
                columns,
                rows,
                way,
            })
        };
        let wanted = picture.and_then(frame);
        // The picture comes first.
        if cx.seen.drawn.sound && wanted.as_ref() == self.frame() {
            self.sound.want(cx);
        }
        if wanted.as_ref() == self.frame() || wanted == self.decoding {
            return;
        }
        if let Some(frame) = wanted {
            self.decoding = Some(frame.clone());
            cx.run(Effect::Picture(frame));
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        if area.height == 1 {
            summary::draw_compact(canvas, area, state)
        } else {
            self.draw_full(canvas, area, state)
        }
    }
}
