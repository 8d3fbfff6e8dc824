//! The picture of a card: a sky, a place, people, and a camera that moves.

use crate::media::Color;

use super::camera_path::{Camera, View, wave, whip};
use super::canvas::Canvas;
use super::figure::{Person, thing};
use super::framing::{Angle, Framing, Move, Size};
use super::layout::Layout;
use super::palette::Palette;
use super::picture_effects::{Warp, blur, warp};
use super::random::Dice;
use super::setting::{Place, place};
use super::skyline::{Ridge, Shape, Span};

mod backdrop;

use backdrop::Cloud;

/// One card's picture.
pub(super) struct Scene {
    layout: Layout,
    palette: Palette,
    place: Place,
    camera: Camera,
    size: Size,
    angle: Angle,
    is_pair: bool,
    /// Row of the horizon.
    horizon: i32,
    sun: (i32, i32),
    sun_radius: i32,
    /// The person's place.
    stand: i32,
    clouds: Vec<Cloud>,
    far: Ridge,
    mid: Ridge,
    near: Ridge,
    dice: Dice,
}

/// Moves that may stand in when the words name none.
const QUIET: [Move; 4] = [Move::PanLeft, Move::PanRight, Move::PushIn, Move::PullOut];
const USUAL: [Size; 4] = [Size::Medium, Size::Cowboy, Size::Full, Size::Wide];

/// How far the horizon of a Dutch angle is off: some 9 degrees, in 1/65536 of a radian.
const DUTCH: i32 = 10_300;

impl Scene {
    /// The scene of a card whose words are `words`, lasting `frames`.
    pub(super) fn new(
        layout: Layout,
        palette: Palette,
        (words, framing): (&str, Framing),
        frames: u32,
        mut dice: Dice,
    ) -> Self {
        let frames = i32::try_from(frames).unwrap_or(1).max(1);
        let height = layout.picture_height();
        let place = place(words, &mut dice);
        let pick = |dice: &mut Dice, most: usize| usize::try_from(dice.between(0, 4)).unwrap_or(0).min(most);
        let size = framing.size.unwrap_or(USUAL[pick(&mut dice, USUAL.len() - 1)]);
        let quiet = QUIET[pick(&mut dice, QUIET.len() - 1)];
        let camera = Camera {
            movement: framing.camera.unwrap_or(quiet),
            pace: if framing.camera.is_some() { 2 } else { 1 },
            frames,
        };
        let lift = match framing.angle {
            Angle::Low => 18,
            Angle::Eye | Angle::Dutch => 0,
            Angle::High => -24,
        };
        let horizon = layout.picture_top + height * (dice.between(56, 72) + lift) / 100;
        let is_left = dice.chance(1, 2);
        let third = layout.width * dice.between(30, 42) / 100;
        let stand = if is_left { third } else { layout.width - third };
        let sun_away = layout.width * dice.between(14, 40) / 100;
        let sun_x = if is_left {
            layout.width - sun_away
        } else {
            sun_away
        };
        let sun_y = horizon - height * dice.between(14, 46) / 100;
        let radius = layout.width.min(height) * dice.between(9, 20) / 100;
        let clouds = (0..dice.between(2, 6))
            .map(|_| Cloud::new(layout, horizon, &mut dice))
            .collect();
        let jump = if camera.movement == Move::Whip {
            whip(&layout)
        } else {
            0
        };
        let travel = frames * layout.scale * 2 + layout.width / 8 + jump;
        let ridges = place.ridges(&mut dice);
        let mut ridge = |(shape, drop, rise): (Shape, i32, i32), part: i32, window: i32| {
            let span = Span {
                width: layout.width,
                travel: travel / part,
                base: horizon + height * drop / 100,
                rise: height * rise / 100,
                window,
            };
            Ridge::new(shape, span, &mut dice)
        };
        let (far, mid) = (ridge(ridges[0], 4, 0), ridge(ridges[1], 2, layout.scale / 2));
        let near = ridge(ridges[2], 1, layout.scale);
        Self {
            layout,
            palette,
            place,
            camera,
            size,
            angle: framing.angle,
            is_pair: framing.is_pair,
            horizon,
            sun: (sun_x, sun_y),
            sun_radius: radius,
            stand,
            clouds,
            far,
            mid,
            near,
            dice,
        }
    }

    /// Draws frame `t` of the card.
    pub(super) fn draw(&self, canvas: &mut Canvas, t: u32) {
        let t = i32::try_from(t).unwrap_or(0);
        let view = self.camera.view(&self.layout, t);
        let (top, bottom) = (self.layout.picture_top, self.layout.picture_bottom);
        canvas.clip(top, bottom);
        self.backdrop(canvas, t, view);
        if self.camera.movement == Move::DollyZoom {
            self.through_lens(canvas, view);
            self.people(canvas, t, view);
        } else {
            self.people(canvas, t, view);
            self.through_lens(canvas, view);
        }
        blur(canvas.picture(), (top, bottom), view.blur);
        canvas.clip(0, self.layout.height);
    }

    /// Turns and enlarges what is drawn, where the camera does so.
    fn through_lens(&self, canvas: &mut Canvas, view: View) {
        let (top, bottom) = (self.layout.picture_top, self.layout.picture_bottom);
        let (turn, lens) = if self.angle == Angle::Dutch {
            (view.turn + DUTCH, view.lens + 24)
        } else {
            (view.turn, view.lens)
        };
        if (turn, lens) == (0, 256) {
            return;
        }
        let height = self.layout.picture_height();
        let middle = if self.camera.movement == Move::CrashZoom {
            // The head, or what is shown in its place.
            (self.stand, top + height * 28 / 100)
        } else {
            (self.layout.width / 2, top + height / 2)
        };
        let zoom = lens;
        warp(canvas.picture(), (top, bottom), Warp { middle, zoom, turn });
    }

    /// Whether the person stands in the left half.
    pub(super) const fn stands_left(&self) -> bool {
        self.stand * 2 < self.layout.width
    }

    fn people(&self, canvas: &mut Canvas, t: i32, view: View) {
        let layout = &self.layout;
        let height = layout.picture_height();
        let breath = wave(t, 72) * layout.scale / 512;
        let aside = match self.camera.movement {
            Move::Track | Move::TrackLeft | Move::Static => 0,
            // The camera finds the person.
            Move::Whip => whip(layout) - view.x,
            Move::Orbit => wave(t, self.camera.frames.max(2)) * layout.width / 2560,
            _ => (-view.x / 3).clamp(-layout.width / 5, layout.width / 5),
        };
        let x = self.stand + aside;
        let (top, bottom) = (layout.picture_top, layout.picture_bottom);
        let colors = (self.palette.near, self.palette.accent);
        if self.size == Size::Detail {
            let radius = layout.width.min(height) * 34 / 100 * view.zoom / 256;
            let middle = (x, top + height * 52 / 100 + breath + view.y / 2 + view.rise / 2);
            thing(canvas, middle, radius, colors, self.sun.0 < x);
            return;
        }
        // In a narrow picture shoulders still have to fit.
        let most = if self.size == Size::ExtremeClose { 520 } else { 300 };
        let plain = (height * self.size.person() / 100).min(layout.width * most / 100);
        let tall = (plain * view.zoom / 256).max(layout.scale * 12);
        // Who comes nearer goes out of the picture with the feet, not with the head.
        let nearer = (tall - plain).max(0) * 9 / 10;
        let foot = match self.size {
            Size::Full => bottom - height * 6 / 100 + nearer,
            Size::Wide => bottom - height * 12 / 100 + nearer,
            Size::ExtremeWide => bottom - height * 18 / 100 + nearer,
            _ => top + height * 15 / 100 + tall,
        };
        // A walk, when the camera goes along.
        let step = if matches!(self.camera.movement, Move::Track | Move::TrackLeft) {
            wave(t, 14) * layout.scale / 200
        } else {
            0
        };
        let rim = (tall / 160).clamp(1, layout.scale * 2);
        let person = Person {
            x,
            foot: foot + breath + step + view.y + view.rise,
            height: tall,
            color: colors.0,
            rim: colors.1,
            rim_width: if self.sun.0 < x { -rim } else { rim },
        };
        if self.is_pair {
            let apart = (tall * 34 / 100).min(layout.width * 30 / 100);
            let side = if self.stands_left() { 1 } else { -1 };
            let other = Person {
                x: x + side * apart,
                height: tall * 94 / 100,
                foot: person.foot - breath * 2,
                color: shade(&self.palette),
                ..person
            };
            other.draw(canvas, top, bottom);
        }
        person.draw(canvas, top, bottom);
    }
}

fn shade(palette: &Palette) -> Color {
    palette.near.towards(palette.mid, 1, 4)
}
