//! The picture of a card: a setting with a sky, people, and a camera that moves.

use crate::script::camera_vocabulary::{Angle, Movement, Size};

use super::camera_path::{Camera, View, wave, whip};
use super::canvas::Canvas;
use super::figure::{Person, thing};
use super::framing::Framing;
use super::layout::Layout;
use super::palette::Palette;
use super::picture_effects::{Warp, blur, warp};
use super::pixels::signed;
use super::random::Random;
use super::setting::{Setting, setting};
use super::skyline::{Shape, Skyline, Span};

mod backdrop;

use backdrop::Cloud;

/// The picture of one card.
pub(super) struct Scene {
    layout: Layout,
    palette: Palette,
    setting: Setting,
    camera: Camera,
    size: Size,
    angle: Option<Angle>,
    is_pair: bool,
    /// The row of the horizon.
    horizon: i32,
    sun: (i32, i32),
    sun_radius: i32,
    /// The column of the person.
    stand: i32,
    clouds: Vec<Cloud>,
    far: Skyline,
    mid: Skyline,
    near: Skyline,
    random: Random,
}

/// Movements that may be drawn when the words name none.
const QUIET: [Movement; 4] = [
    Movement::PanLeft,
    Movement::PanRight,
    Movement::PushIn,
    Movement::PullOut,
];
/// Sizes that may be drawn when the words name none.
const USUAL: [Size; 4] = [Size::Medium, Size::Cowboy, Size::Full, Size::Wide];

/// How far a Dutch angle turns the horizon: about 9 degrees, in 1/65536 of a radian.
const DUTCH: i32 = 10_300;

impl Scene {
    /// The scene of a card whose words are `words`, lasting `frames`.
    pub(super) fn new(
        layout: Layout,
        palette: Palette,
        (words, framing): (&str, Framing),
        frames: u32,
        mut random: Random,
    ) -> Self {
        let frames = signed(frames).max(1);
        let height = layout.picture_height();
        let setting = setting(words, &mut random);
        // These are drawn even where the words decide, so that the rest of the picture does not depend on the words.
        let (usual, quiet) = (USUAL[random.pick(4)], QUIET[random.pick(4)]);
        let camera = Camera {
            movement: framing.movement.unwrap_or(quiet),
            pace: if framing.movement.is_some() { 2 } else { 1 },
            frames,
        };
        let lift = match framing.angle {
            Some(Angle::Low) => 18,
            Some(Angle::High) => -24,
            _ => 0,
        };
        let horizon = layout.picture_top + height * (random.between(56, 72) + lift) / 100;
        let is_left = random.chance(1, 2);
        let third = layout.width * random.between(30, 42) / 100;
        let stand = if is_left { third } else { layout.width - third };
        let sun_away = layout.width * random.between(14, 40) / 100;
        let sun_x = if is_left {
            layout.width - sun_away
        } else {
            sun_away
        };
        let sun_y = horizon - height * random.between(14, 46) / 100;
        let radius = layout.width.min(height) * random.between(9, 20) / 100;
        let clouds = (0..random.between(2, 6))
            .map(|_| Cloud::new(layout, horizon, &mut random))
            .collect();
        let jump = if camera.movement == Movement::WhipPan {
            whip(&layout)
        } else {
            0
        };
        let travel = frames * layout.scale * 2 + layout.width / 8 + jump;
        let skylines = setting.skylines(&mut random);
        let mut skyline = |(shape, drop, rise): (Shape, i32, i32), part: i32, window: i32| {
            let span = Span {
                width: layout.width,
                travel: travel / part,
                base: horizon + height * drop / 100,
                rise: height * rise / 100,
                window,
            };
            Skyline::new(shape, span, &mut random)
        };
        let far = skyline(skylines[0], 4, 0);
        let mid = skyline(skylines[1], 2, layout.scale / 2);
        let near = skyline(skylines[2], 1, layout.scale);
        Self {
            layout,
            palette,
            setting,
            camera,
            size: framing.size.unwrap_or(usual),
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
            random,
        }
    }

    /// Draws frame `t` of the card.
    pub(super) fn draw(&self, canvas: &mut Canvas, t: u32) {
        let t = signed(t);
        let view = self.camera.view(&self.layout, t);
        let (top, bottom) = (self.layout.picture_top, self.layout.picture_bottom);
        canvas.clip(top, bottom);
        self.backdrop(canvas, t, view);
        if self.camera.movement == Movement::DollyZoom {
            self.through_lens(canvas, view);
            self.people(canvas, t, view);
        } else {
            self.people(canvas, t, view);
            self.through_lens(canvas, view);
        }
        blur(canvas.picture(), (top, bottom), view.blur);
        canvas.clip(0, self.layout.height);
    }

    /// Turns and enlarges what is drawn if the camera does so.
    fn through_lens(&self, canvas: &mut Canvas, view: View) {
        let (top, bottom) = (self.layout.picture_top, self.layout.picture_bottom);
        let (turn, lens) = if self.angle == Some(Angle::Dutch) {
            (view.turn + DUTCH, view.lens + 24)
        } else {
            (view.turn, view.lens)
        };
        if (turn, lens) == (0, 256) {
            return;
        }
        let height = self.layout.picture_height();
        let middle = if self.camera.movement == Movement::CrashZoom {
            // Where the head is, or the thing in its place.
            (self.stand, top + height * 28 / 100)
        } else {
            (self.layout.width / 2, top + height / 2)
        };
        let seen = Warp {
            middle,
            zoom: lens,
            turn,
        };
        warp(canvas.picture(), (top, bottom), seen);
    }

    /// Whether the person is in the left half.
    pub(super) const fn stands_left(&self) -> bool {
        self.stand * 2 < self.layout.width
    }

    fn people(&self, canvas: &mut Canvas, t: i32, view: View) {
        let layout = &self.layout;
        let height = layout.picture_height();
        let breath = wave(t, 72) * layout.scale / 512;
        let aside = match self.camera.movement {
            Movement::TrackRight | Movement::TrackLeft | Movement::Static => 0,
            // The whip pan ends at the person.
            Movement::WhipPan => whip(layout) - view.x,
            Movement::Orbit => wave(t, self.camera.frames.max(2)) * layout.width / 2560,
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
        // The shoulders still have to fit into a narrow picture.
        let widest = if self.size == Size::ExtremeClose { 520 } else { 300 };
        let plain = (height * person_height(self.size) / 100).min(layout.width * widest / 100);
        let tall = (plain * view.zoom / 256).max(layout.scale * 12);
        // A person who comes nearer leaves the picture with the feet, not with the head.
        let nearer = (tall - plain).max(0) * 9 / 10;
        let foot = match self.size {
            Size::Full => bottom - height * 6 / 100 + nearer,
            Size::Wide => bottom - height * 12 / 100 + nearer,
            Size::ExtremeWide => bottom - height * 18 / 100 + nearer,
            _ => top + height * 15 / 100 + tall,
        };
        // The person walks when the camera tracks.
        let step = if matches!(self.camera.movement, Movement::TrackRight | Movement::TrackLeft) {
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
                color: self.palette.near.towards(self.palette.mid, 1, 4),
                ..person
            };
            other.draw(canvas, top, bottom);
        }
        person.draw(canvas, top, bottom);
    }
}

/// A person's height in hundredths of the picture's.
const fn person_height(size: Size) -> i32 {
    match size {
        Size::ExtremeClose => 560,
        Size::Close => 310,
        Size::MediumClose => 220,
        Size::Medium => 160,
        Size::Cowboy => 125,
        Size::Full => 86,
        Size::Wide => 46,
        Size::ExtremeWide => 17,
        Size::Detail => 0,
    }
}
